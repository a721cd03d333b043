"""``rechenweg papers`` and ``check``: what is in the bank, and whether its questions are right.

A problem is checked where it stands: in the bank (``fau-2021/4``) or in a file of the user's own (``FILE.py``).
"""

from __future__ import annotations

import json
import random
import runpy
import statistics
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from itertools import repeat
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rechenweg.commands.output import WIDEST, plain, progress
from rechenweg.errors import InputError, RechenwegError
from rechenweg.exams import EXAMS, exam
from rechenweg.exams.exam import Exam
from rechenweg.paper.assemble import meta, printed_problem
from rechenweg.paper.compile import compile_pdf
from rechenweg.paper.layout import render
from rechenweg.paper.sheets import Copy
from rechenweg.questions.kinds.choice import ChoiceQuestion
from rechenweg.questions.question import Problem
from rechenweg.questions.rules import Rules
from rechenweg.text import LANGUAGES, Language, T
from rechenweg.working.document import Callout, Document, Prose, credit_text
from rechenweg.working.loading import SECONDS, time_limit
from rechenweg.working.writers import write

PAPER_COLUMNS: tuple[tuple[T, Any], ...] = (
    (T("problem", "Aufgabe"), "right"),
    (T("title", "Titel"), "left"),
    (T("questions", "Fragen"), "left"),
    (T("points", "Punkte"), "right"),
    (T("kinds of answer", "Arten der Antwort"), "left"),
)


def kinds_of(problem: Problem) -> list[str]:
    """The kinds of answer that a problem asks for, in order of appearance."""
    s = problem.version(0)
    return list(dict.fromkeys(f.kind for q in problem.questions for f in q.fields(s)))


def described(e: Exam, language: Language) -> dict[str, Any]:
    """An exam as data."""
    return {
        "exam": e.id,
        "title": e.title.in_(language),
        "total": str(e.total),
        "bonus": None if e.bonus is None else str(e.bonus),
        "problems": [
            {
                "number": p.number,
                "title": p.title.in_(language),
                "points": str(p.credits),
                "questions": [{"number": q.number, "points": str(q.maximum)} for q in p.questions],
                "kinds": kinds_of(p),
            }
            for p in e.problems
        ],
        "warnings": [w.in_(language) for w in e.warnings()],
    }


# --- check ----------------------------------------------------------------------------------------------------------


ENOUGH = 200
"""Distinct versions that a problem with computed answers must have."""

MOST_TRIED = 2000
"""Versions among which they must be found."""

LOOKED_AT = 3
"""Versions that are also printed, besides the paper's own."""

MOST_TOLD = 10
"""Findings that are told of a problem."""


@dataclass
class Checked:
    """What drawing many versions of a problem showed."""

    problem: str
    versions: int
    distinct: int = 0
    computed: bool = True
    draws: int = 0
    rejected: Counter[T] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.troubles

    def percentile(self, share: float) -> float:
        """Run time in ms below which `share` of the versions stay."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def check_problem(place: str, versions: int) -> Checked:
    """Draw versions 1 to `versions` of a problem and look at each.

    Its perfect answer must earn everything that a machine can give, a slip must not; fields, scheme and worked solution
    must add up to its credit; and it must print, as a paper and as a solution, in both languages.

    Args:
        place: ``fau-2021/4``, or a file of the user's own.
    """
    problem = problem_at(place)
    report = Checked(place, versions)
    seen: set[str] = set()
    report.computed = any(f.computed for q in problem.questions for f in q.fields(problem.version(0)))
    _look_at(problem, 0, report, looks=True)
    for version in range(1, versions + 1):
        for _, rejection in problem.draws(version):
            report.draws += 1
            if rejection is None:
                break
            report.rejected[rejection.reason] += 1
        started = time.perf_counter()
        s = problem.version(version)
        for question in problem.questions:
            question.text(s)
            question.fields(s)
            question.solution(s)
        report.milliseconds.append(1000 * (time.perf_counter() - started))
        seen.add(str(s.distinguishing()))
        _look_at(problem, version, report, looks=version <= LOOKED_AT)
    report.distinct = len(seen)
    if report.computed:
        further = iter(range(versions + 1, MOST_TRIED + 1))
        while len(seen) < ENOUGH and (version := next(further, 0)):
            seen.add(str(problem.version(version).distinguishing()))
        if len(seen) < ENOUGH:
            tried = max(versions, MOST_TRIED)
            report.troubles.append(f"only {len(seen)} distinct versions in {tried}, at least {ENOUGH} are needed")
    return report


def _look_at(problem: Problem, version: int, report: Checked, looks: bool) -> None:
    """Note what is wrong with one version; with `looks` also with how it adds up and prints."""
    rules, s = Rules(documented=True), problem.version(version)
    for question in problem.questions:
        place = f"version {version}, {question.number}"
        mark = question.mark(s, question.perfect(s), rules)
        if mark.credit + mark.open != mark.maximum:
            report.troubles.append(f"{place}: the perfect answer earns {mark.credit} of {mark.maximum}")
        rng = random.Random(version)
        fields = question.fields(s)
        for one in fields:
            slipped = one.mark(one.slip(rng), rules)
            if slipped.credit is not None and slipped.credit >= slipped.maximum > 0:
                report.troubles.append(f"{place}{f' {one.key}' if one.key else ''}: a slip earns everything")
        if looks:
            parts = {"fields": [f.credits for f in fields], "scheme": [step.credit for step in question.scheme(s)]}
            if not isinstance(question, ChoiceQuestion):
                callouts = [block for block in question.solution(s) if isinstance(block, Callout)]
                parts["solution"] = [c.credit for c in callouts if c.credit is not None]
            whole = credit_text(question.maximum)
            for what, credits in parts.items():
                summed = credit_text(sum(credits, Fraction(0)))
                if credits and summed != whole:
                    report.troubles.append(f"{place}: the credit of its {what} adds up to {summed}, not to {whole}")
    if looks:
        try:
            _print(problem, s)
        except RechenwegError as error:
            report.troubles.append(f"version {version}: cannot be printed: {error}")


def _print(problem: Problem, s: Any) -> None:
    """Paper and solution of one problem in both languages, thrown away."""
    e = replace(exam(problem.paper if problem.paper in EXAMS else EXAMS[0]), problems=(problem,))
    for language in LANGUAGES:
        for solution in (False, True):
            pages = (printed_problem(e, problem, s, language, solution),)
            compile_pdf(render(meta(e), pages, Copy("CHECK", s.version), language, solution=solution))


@cache
def problem_at(place: str) -> Problem:
    """The problem at a place: ``fau-2021/4``, or the `problem` of a file of the user's own.

    Raises:
        InputError: there is none; the file raises or does not end.
    """
    if place.endswith(".py"):
        return _own_problem(Path(place))
    identifier, _, number = place.partition("/")
    return next(p for p in exam(identifier).problems if str(p.number) == number)


def _own_problem(path: Path) -> Problem:
    if not path.is_file():
        raise InputError(str(path), "a Python file", "no such file")
    try:
        with time_limit(SECONDS, str(path)):
            found = runpy.run_path(str(path), run_name="__rechenweg__").get("problem")
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = lines[-1] if lines else getattr(error, "lineno", None)
        message = f"{type(error).__name__}: {error}"
        raise InputError(
            f"{path}, line {line}" if line else str(path), "a problem", " ".join(message.split())
        ) from error
    if not isinstance(found, Problem):
        raise InputError(
            str(path), "`problem = …`, a Problem", "none" if found is None else f"a {type(found).__name__}"
        )
    return found


def check(selection: list[str], versions: int, language: Language, as_json: bool, workers: int | None) -> bool:
    """Check the problems selected and print what was found; whether all is well."""
    chosen = list(dict.fromkeys(place for place, _ in _selected(selection)))
    count = min(workers or cpu_count() or 1, len(chosen))
    with (
        progress(T("checking versions", "Versionen prüfen").in_(language), len(chosen)) as bar,
        ProcessPoolExecutor(count, mp_context=get_context("spawn")) if count > 1 else nullcontext() as pool,
    ):
        reports = []
        for report in (pool.map if pool else map)(check_problem, chosen, repeat(versions)):
            reports.append(report)
            bar.advance()
    if as_json:
        print(json.dumps([_report_data(r, language) for r in reports], ensure_ascii=False, indent=2))
    else:
        console = Console()
        console.print(_report_table(reports, language))
        for report in reports:
            if report.rejected:
                said = "; ".join(f"{reason.in_(language)}: {n}" for reason, n in report.rejected.most_common())
                console.print(Text(f"{report.problem}, " + T("rejected: ", "verworfen: ").in_(language) + said))
        for report in reports:
            for trouble in report.troubles[:MOST_TOLD]:
                console.print(Text.assemble((report.problem, "red"), f": {trouble}"))
            if len(report.troubles) > MOST_TOLD:
                console.print(f"{report.problem}: … {len(report.troubles) - MOST_TOLD}")
    return all(r.ok for r in reports)


def _selected(selection: list[str]) -> Iterator[tuple[str, str]]:
    """The places selected, each with the number of a question, or "" for all of a problem."""
    for item in selection or EXAMS:
        if item.endswith(".py"):
            problem_at(item)
            yield item, ""
            continue
        identifier, _, number = item.partition("/")
        e = exam(identifier)
        wanted, point, _ = number.partition(".")
        matching = [p for p in e.problems if not wanted or str(p.number) == wanted]
        if not matching or (point and number not in e.questions):
            example = f"{e.id}/{next(iter(e.questions))}"
            raise InputError("question", f"FILE.py, an exam, exam/problem or exam/question ({example} …)", item)
        yield from ((p.id, number if point else "") for p in matching)


def show(selection: list[str], version: int, language: Language) -> str:
    """Questions of one version as text, each with its worked solution."""
    parts: list[str] = []
    width = min(Console().width, WIDEST)
    for place, number in _selected(selection):
        problem = problem_at(place)
        s = problem.version(version)
        introduction = problem.introduction(s)
        parts.append(
            f"{place}: {problem.title.in_(language)} (" + T("version ", "Version ").in_(language) + f"{version})"
        )
        if introduction:
            parts.append(write(Document(introduction), "text", language, width))
        for question in problem.questions:
            if number in ("", question.number):
                parts.append(f"── {question.number} ── {credit_text(question.maximum)}")
                parts.append(write(Document((Prose(question.text(s)), *question.given(s))), "text", language, width))
                if isinstance(question, ChoiceQuestion):
                    parts.append("\n".join(f"☐ {o.letter}) {plain(o.text, language)}" for o in question.options(s)))
                parts.append("──── " + T("solution", "Lösung").in_(language))
                parts.append(write(question.solution(s), "text", language, width))
    return "\n\n".join(parts)


def _report_data(report: Checked, language: Language) -> dict[str, Any]:
    return {
        "problem": report.problem,
        "versions": report.versions,
        "distinct": report.distinct,
        "draws": report.draws,
        "rejected": {reason.in_(language): n for reason, n in report.rejected.items()},
        "median_ms": round(statistics.median(report.milliseconds), 3),
        "p99_ms": round(report.percentile(0.99), 3),
        "troubles": report.troubles,
    }


def _report_table(reports: list[Checked], language: Language) -> Table:
    table = Table()
    for heading, justify in (
        (T("problem", "Aufgabe"), "left"),
        (T("versions", "Versionen"), "right"),
        (T("distinct", "verschieden"), "right"),
        (T("draws rejected", "Ziehungen verworfen"), "right"),
        (T("median ms", "Median ms"), "right"),
        (T("99 % ms", "99 % ms"), "right"),
        (T("found", "gefunden"), "left"),
    ):
        table.add_column(heading.in_(language), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for r in reports:
        table.add_row(
            r.problem,
            str(r.versions),
            str(r.distinct) if r.computed else f"{r.distinct} " + T("(shuffled)", "(gemischt)").in_(language),
            f"{sum(r.rejected.values())} / {r.draws}",
            f"{statistics.median(r.milliseconds):.2f}",
            f"{r.percentile(0.99):.2f}",
            "[green]✓[/]" if r.ok else f"[red]{len(r.troubles)}[/]",
        )
    return table
