"""``rechenweg mark``: from answer files to a table of results and a page per candidate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from rechenweg.commands.output import folder_to_fill, progress, write_whole
from rechenweg.commands.printing import file_name, read_versions
from rechenweg.errors import InputError
from rechenweg.exams import exam as exam_by_id
from rechenweg.exams.candidates import Assignment
from rechenweg.exams.exam import Exam
from rechenweg.marking.answers import Answers, read_answers
from rechenweg.marking.marking import CHUNK, ExamMark, mark_all
from rechenweg.paper.assemble import marked_sheet, meta
from rechenweg.paper.compile import Document, print_all
from rechenweg.paper.marked import render_marked
from rechenweg.paper.sheets import Copy
from rechenweg.text import Language, T


def mark_answers(
    exam: Exam,
    paths: Iterable[Path],
    out: Path,
    papers: Path | None,
    pages: bool,
    language: Language,
    workers: int | None,
    *,
    quiet: bool = False,
) -> list[ExamMark]:
    """Mark answer files; write `out` (CSV) and, in a folder of the same name, a page per candidate."""
    if not out.suffix or out.is_dir():
        raise InputError(
            str(out), "a file to write to, such as results.csv", "a folder" if out.is_dir() else "no file type"
        )
    answers = read_answers(paths, exam)
    if not answers:
        raise InputError("answers", "at least one answer file", "none")
    assigned = read_versions(papers) if papers is not None else {}
    if papers is not None:
        check_versions(answers, assigned)
    with progress(f"{exam.id}: marking", len(answers)) as bar:
        marks = []
        for mark in _marked(exam, answers, workers, reasons=pages):
            marks.append(mark)
            bar.advance()
    if pages:
        jobs = [PageJob(exam.id, language, mark, assigned.get(mark.candidate)) for mark in marks]
        folder = out.with_suffix("")
        with folder_to_fill(folder), progress(f"{exam.id}: marked pages", len(jobs)) as bar:
            print_all(jobs, page, folder, workers=workers, progress=bar.reach)
    write_whole(out, results_table(exam, marks))
    if not quiet:
        Console().print(summary(exam, marks, language))
    return marks


def _marked(exam: Exam, answers: list[Answers], workers: int | None, *, reasons: bool) -> Iterable[ExamMark]:
    count = min(workers or cpu_count() or 1, -(-len(answers) // CHUNK))
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn")) if count > 1 else nullcontext()
    with pool as executor:
        yield from mark_all(exam, answers, executor, reasons=reasons)


def check_versions(answers: Iterable[Answers], assigned: Mapping[str, Assignment]) -> None:
    """Every candidate must have been given the version that the answers are for."""
    for one in answers:
        given = assigned.get(one.candidate)
        if given is None:
            raise InputError(f'{one.where}: "candidate"', "a candidate who was given a paper", one.candidate)
        if given.version != one.version:
            raise InputError(
                f'{one.where}: "version"', f"{given.version}, which {one.candidate} was given", str(one.version)
            )


@dataclass(frozen=True)
class PageJob:
    """One candidate's marked page."""

    exam: str
    language: Language
    mark: ExamMark
    assignment: Assignment | None


def page(job: PageJob) -> Iterable[Document]:
    """The marked page of one candidate; runs in a worker."""
    exam = exam_by_id(job.exam)
    name = job.assignment.candidate.name if job.assignment else ""
    code = job.assignment.code if job.assignment else f"V{job.mark.version}"
    copy = Copy(code, job.mark.version, name, job.mark.candidate)
    sheet = marked_sheet(exam, job.mark, copy, job.language)
    yield Document(f"{file_name(job.mark.candidate)}.pdf", render_marked(meta(exam), sheet, job.language))


def decimal(value: Fraction) -> str:
    """A credit for a table that machines read: 12, 12.5.

    >>> decimal(Fraction(25, 2)), decimal(Fraction(3))
    ('12.5', '3')
    """
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def results_table(exam: Exam, marks: Iterable[ExamMark]) -> str:
    """One line per candidate: credit per question and problem, total, and what is still open."""
    table = io.StringIO()
    writer = csv.writer(table)
    questions = list(exam.questions)
    head = ["candidate", "version", "simulated", "total", "open"]
    writer.writerow([*head, *(f"P{p.number}" for p in exam.problems), *questions])
    for mark in marks:
        by_number = {q.number: q for q in mark.questions}
        writer.writerow(
            [
                mark.candidate,
                mark.version,
                "yes" if mark.simulated else "no",
                decimal(mark.total),
                decimal(mark.open),
                *(decimal(mark.by_problem[p.number]) for p in exam.problems),
                *(decimal(by_number[n].credit) + ("?" if by_number[n].is_open else "") for n in questions),
            ]
        )
    return table.getvalue()


def summary(exam: Exam, marks: Iterable[ExamMark], language: Language, most: int = 20) -> Table:
    """The table that is printed after marking."""
    marks = list(marks)
    title = f"{exam.id}" + (
        T(" (simulated candidates)", " (simulierte Kandidaten)").in_(language)
        if all(m.simulated for m in marks)
        else ""
    )
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column(T("candidate", "Kandidat").in_(language))
    table.add_column(T("version", "Version").in_(language), justify="right")
    for problem in exam.problems:
        table.add_column(f"P{problem.number}", justify="right")
    table.add_column(T("total", "Summe").in_(language), justify="right")
    table.add_column(T("open", "offen").in_(language), justify="right")
    comma = str.maketrans(".", ",") if language == "de" else {}
    for mark in marks[:most]:
        credits = [decimal(c).translate(comma) for c in (*mark.by_problem.values(), mark.total, mark.open)]
        table.add_row(mark.candidate, str(mark.version), *credits)
    if len(marks) > most:
        table.caption = T(f"and {len(marks) - most} more", f"und {len(marks) - most} weitere").in_(language)
    return table
