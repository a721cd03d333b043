"""``rechenweg set``: papers, worked solutions, stickers and the attendance list of a cohort."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rechenweg.commands.output import console, folder_to_fill, progress, write_whole
from rechenweg.errors import InputError
from rechenweg.exams import exam as exam_by_id
from rechenweg.exams.candidates import Assignment, Candidate, assign, read_candidates
from rechenweg.exams.exam import Exam
from rechenweg.paper.assemble import copy_for, meta, problems
from rechenweg.paper.compile import Document, print_all
from rechenweg.paper.layout import render
from rechenweg.paper.lists import attendance_list, sticker_sheets
from rechenweg.text import Language

VERSIONS_FILE = "versions.csv"


@dataclass(frozen=True)
class Job:
    """One candidate's paper and solution, or (`assignments`) the lists of all."""

    exam: str
    language: Language
    assignments: tuple[Assignment, ...]
    lists: bool = False
    solution: bool = True


def documents(job: Job) -> Iterable[Document]:
    """The documents of a job; runs in a worker."""
    exam = exam_by_id(job.exam)
    about = meta(exam)
    if job.lists:
        copies = [copy_for(a) for a in job.assignments]
        yield Document("attendance-list.pdf", attendance_list(about, copies, job.language))
        yield Document("stickers.pdf", sticker_sheets(about, copies, job.language))
        return
    (assignment,) = job.assignments
    copy, name = copy_for(assignment), file_name(assignment.candidate.number)
    paper = problems(exam, assignment.version, job.language, solution=False)
    yield Document(f"papers/{name}.pdf", render(about, paper, copy, job.language))
    if job.solution:
        solved = problems(exam, assignment.version, job.language, solution=True)
        yield Document(f"solutions/{name}.pdf", render(about, solved, copy, job.language, solution=True))


def file_name(number: str) -> str:
    """A registration number as the name of a file: whatever is no letter or digit is written as its code.

    >>> file_name("03712345"), file_name("a/b")
    ('03712345', 'a_2f_b')
    """
    return re.sub(r"[^A-Za-z0-9.-]|^[.-]", lambda m: f"_{ord(m.group()):x}_", number)


def set_papers(
    exam: Exam,
    candidates_file: Path,
    out: Path,
    seed: int,
    solutions: bool,
    language: Language,
    workers: int | None,
    *,
    quiet: bool = False,
) -> list[Assignment]:
    """Print everything for a cohort below `out`; either all files appear or none."""
    candidates = read_candidates(candidates_file)
    assignments = assign(exam.id, candidates, seed)
    if not quiet:
        for warning in exam.warnings():
            console.print(f"[yellow]![/] {warning.in_(language)}")
    jobs = [Job(exam.id, language, tuple(assignments), lists=True)]
    jobs += [Job(exam.id, language, (a,), solution=solutions) for a in assignments]
    with folder_to_fill(out), progress(f"{exam.id}: papers", len(jobs)) as bar:
        paths = print_all(jobs, documents, out, workers=workers, progress=bar.reach)
        write_whole(out / VERSIONS_FILE, _versions_table(assignments))
    if not quiet:
        console.print(f"{len(paths)} files in {out}: {len(assignments)} papers, versions in {VERSIONS_FILE}")
    return assignments


def _versions_table(assignments: Iterable[Assignment]) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("number", "name", "version", "code"))
    for a in assignments:
        writer.writerow((a.candidate.number, a.candidate.name, a.version, a.code))
    return table.getvalue()


def read_versions(folder: Path) -> dict[str, Assignment]:
    """Who has which version, as `set` left it in its folder.

    Raises:
        InputError: no such file, or not as `set` writes it.
    """
    path = folder / VERSIONS_FILE
    if not path.is_file():
        raise InputError(str(folder), f"the folder of `rechenweg set` with {VERSIONS_FILE}", "none")
    found: dict[str, Assignment] = {}
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(path), "the table that `rechenweg set` wrote, in UTF-8", str(error)) from error
    for line, row in enumerate(rows, start=2):
        try:
            found[row["number"]] = Assignment(Candidate(row["number"], row["name"]), int(row["version"]), row["code"])
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}, line {line}", "number, name, version and code", str(row)[:80]) from error
    return found
