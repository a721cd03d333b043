"""``rechenweg proof`` and ``evidence``: a printed key against the computed answers; experiments behind statements."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rechenweg.commands.output import WIDEST, plain
from rechenweg.errors import InputError
from rechenweg.exams import EXAMS, exam
from rechenweg.exams.exam import Exam
from rechenweg.marking.proofs import Finding, Ground, State, proof_read, read_key
from rechenweg.questions.kinds.choice import ChoiceQuestion, Statement, found
from rechenweg.questions.marks import Shown
from rechenweg.text import Language, T
from rechenweg.working.document import Code
from rechenweg.working.writers import write


def proof(e: Exam, key: Path, language: Language, as_json: bool) -> bool:
    """Compare a printed key with the computed answers; whether they agree everywhere."""
    findings = proof_read(e, read_key(key, e))
    if as_json:
        print(json.dumps([_finding_data(f, language) for f in findings], ensure_ascii=False, indent=2))
    else:
        _print_findings(e, findings, language)
    return not any(f.state == "differs" for f in findings)


STATES: dict[State, T] = {
    "agrees": T("agrees", "stimmt überein"),
    "differs": T("differs", "weicht ab"),
    "filled": T("not in the key: filled in", "fehlt im Schlüssel: ergänzt"),
    "for people": T("for people to compare", "von Menschen zu vergleichen"),
}
COLOURS = {"agrees": "green", "differs": "red", "filled": "cyan", "for people": "dim"}
LONGEST_CELL = 60


def one_line(content: Shown | None, language: Language) -> str:
    """The same on one line, words shortened, formulas never."""
    text = " ".join(plain(content, language).split())
    return textwrap.shorten(text, LONGEST_CELL, placeholder=" …") if isinstance(content, T | Code) else text


def _finding_data(f: Finding, language: Language) -> dict[str, Any]:
    return {
        "question": f.question,
        "field": f.field,
        "state": f.state,
        "key": plain(f.printed, language),
        "computed": plain(f.computed, language),
        "remark": plain(f.remark, language),
        "grounds": [
            {
                "letter": g.letter,
                "ticked": g.ticked,
                "statement": g.statement,
                "holds": g.holds,
                "experiment": g.by_experiment,
                "reason": plain(g.reason, language),
            }
            for g in f.grounds
        ],
    }


def _print_findings(e: Exam, findings: list[Finding], language: Language) -> None:
    console = Console()
    table = Table(title=e.id, title_justify="left")
    for heading in (
        T("question", "Frage"), T("field", "Feld"), T("printed key", "gedruckter Schlüssel"),
        T("computed", "berechnet"), T("finding", "Befund"),
    ):  # fmt: skip
        table.add_column(heading.in_(language), overflow="fold")
    for f in findings:
        remark = plain(f.remark, language)
        found = STATES[f.state].in_(language) + (f": {remark}" if remark else "")
        table.add_row(
            f.question,
            Text(f.field),
            Text(one_line(f.printed, language)),
            Text(one_line(f.computed, language)),
            Text(found, style=COLOURS[f.state]),
        )
    console.print(table)
    for f in findings:
        if f.grounds:
            _print_grounds(e, f, language, console)
    counts = Counter(f.state for f in findings)
    said = (f"{STATES[state].in_(language)} {counts[state]}" for state in STATES if counts[state])
    console.print(Text(" · ".join(said)))


def _print_grounds(e: Exam, f: Finding, language: Language, console: Console) -> None:
    """Why a choice question was filled in as it was, a line for each statement."""
    place = f"{e.id}/{f.question}"
    title = T(
        f"{place}, filled in: {plain(f.computed, 'en')}. Its evidence, which `rechenweg evidence {place}` runs:",
        f"{place}, ergänzt: {plain(f.computed, 'de')}. Die Belege, ausgeführt von `rechenweg evidence {place}`:",
    )
    console.print(Text(plain(title, language)))
    grounds = Table.grid(padding=(0, 1))
    for g in f.grounds:
        grounds.add_row(
            Text(f"  {'☒' if g.ticked else '☐'} {g.letter})"),
            Text(T("true", "wahr").in_(language) if g.holds else T("false", "falsch").in_(language)),
            Text(_grounded(g, language)),
        )
    console.print(grounds)
    console.print()


def _grounded(g: Ground, language: Language) -> str:
    how = T(" (experiment)", " (Experiment)") if g.by_experiment else T(" (definition)", " (Definition)")
    return f"{g.statement}: " + " ".join(plain(g.reason, language).split()) + how.in_(language)


# --- evidence -------------------------------------------------------------------------------------------------------


def evidence(reference: str | None, language: Language) -> None:
    """Run the experiments behind statements and print what they find."""
    console = Console()
    shown = 0
    for number, statement in _statements(reference):
        if statement.evidence is None:
            continue
        result = found(statement.evidence)
        mark = "✓" if result.holds else "✗"
        title = Text.assemble((f"{number}/{statement.id}", "bold"), f" {mark} ", plain(statement.text, language))
        console.print(title)
        console.print(Text(write(result.finding, "text", language, min(console.width, WIDEST))), soft_wrap=True)
        console.print()
        shown += 1
    if not shown:
        raise InputError("evidence", "a statement with an experiment behind it", reference or "none")


def _statements(reference: str | None) -> Iterable[tuple[str, Statement]]:
    identifier, _, rest = (reference or "").partition("/")
    number, _, statement_id = rest.partition("/")
    any_found = False
    for one in EXAMS if not identifier else (identifier,):
        for q_number, (_, question) in exam(one).questions.items():
            if isinstance(question, ChoiceQuestion) and number in ("", q_number):
                for statement in question.pool:
                    if statement_id in ("", statement.id):
                        any_found = True
                        yield f"{one}/{q_number}", statement
    if not any_found:
        raise InputError("evidence", "exam/question or exam/question/statement of a choice question", reference or "")
