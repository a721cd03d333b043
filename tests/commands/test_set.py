"""`rechenweg set`: everything that an exam needs on paper, all of it or nothing, the same for the same seed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from rechenweg.commands import printing
from rechenweg.commands.printing import Job, file_name, read_versions
from rechenweg.errors import InputError, RechenwegError
from rechenweg.exams.candidates import VERSIONS
from rechenweg.paper.compile import Document

from .conftest import pdf_text, run

NUMBERS = ("03710004", "03710009")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_printed(printed: Path) -> None:
    assert set(everything(printed)) == {
        "attendance-list.pdf",
        "stickers.pdf",
        "versions.csv",
        *(f"papers/{n}.pdf" for n in NUMBERS),
        *(f"solutions/{n}.pdf" for n in NUMBERS),
    }


def test_who_has_which_version(printed: Path) -> None:
    with (printed / "versions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["number"], r["name"]) for r in rows] == [("03710004", "Jörg Dörfler"), ("03710009", "Milica Ivanović")]
    assert len({r["version"] for r in rows}) == len({r["code"] for r in rows}) == 2
    assert all(1 <= int(r["version"]) <= VERSIONS for r in rows)
    read = read_versions(printed)
    assert [(a.candidate.name, str(a.version), a.code) for a in read.values()] == [
        (r["name"], r["version"], r["code"]) for r in rows
    ]


def test_the_lists_name_every_candidate_with_its_code(printed: Path) -> None:
    attendance, stickers = pdf_text(printed / "attendance-list.pdf"), pdf_text(printed / "stickers.pdf")
    for assignment in read_versions(printed).values():
        assert assignment.candidate.number in attendance and assignment.candidate.name in attendance
        assert re.sub(r"\W", "", assignment.code) in re.sub(r"\W", "", stickers)  # a code may be broken at its hyphen


def test_a_solution_has_the_working_and_the_paper_has_not(printed: Path) -> None:
    paper, solution = (pdf_text(printed / folder / "03710004.pdf") for folder in ("papers", "solutions"))
    assert "Welcher bekannten Architektur ähnelt dieses Netz?" in paper
    assert "Die Kettenregel, vom Fehler zurück zur Eingabe" in solution
    assert "Kettenregel, vom Fehler" not in paper


def test_two_candidates_have_different_numbers(printed: Path) -> None:
    one, two = (pdf_text(printed / "solutions" / f"{n}.pdf") for n in NUMBERS)
    assert one != two


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_versions(
    people: Path, printed: Path, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    for folder, seed in ((again, 7), (other, 8)):
        arguments = [
            "set",
            "fau-2021",
            "--candidates",
            people,
            "--out",
            folder,
            "--seed",
            seed,
            "-l",
            "de",
            "--no-solutions",
        ]
        assert run(*arguments, "--workers", 1).status == 0
    first = {path: content for path, content in everything(printed).items() if not path.startswith("solutions")}
    assert everything(again) == first
    assert everything(other)["versions.csv"] != first["versions.csv"]


def test_a_job_that_fails_leaves_nothing(people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(job: Job) -> Iterable[Document]:
        if not job.lists:
            raise RechenwegError("no admissible version")
        yield Document("attendance-list.pdf", "A list.")

    monkeypatch.setattr(printing, "documents", failing)
    result = run("set", "fau-2021", "--candidates", people, "--out", tmp_path / "new" / "set", "--workers", 1)
    assert (result.status, result.message) == (2, "rechenweg: no admissible version")
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_fails_keeps_what_was_there(people: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "attendance-list.pdf").write_text("of an earlier run", encoding="utf-8")

    def failing(job: Job) -> Iterable[Document]:
        yield Document("attendance-list.pdf", "A list.")
        raise RechenwegError("no admissible version")

    monkeypatch.setattr(printing, "documents", failing)
    assert run("set", "fau-2021", "--candidates", people, "--out", tmp_path, "--workers", 1).status == 2
    assert everything(tmp_path) == {"attendance-list.pdf": b"of an earlier run"}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (None, "expected the folder of `rechenweg set` with versions.csv, found none"),
        ("number,name,version,code\n1,A,seven,X\n", "line 2: expected number, name, version and code, found"),
        ("number,name\n1,A\n", "line 2: expected number, name, version and code, found"),
    ],
)
def test_a_folder_that_set_did_not_make(table: str | None, message: str, tmp_path: Path) -> None:
    if table is not None:
        (tmp_path / "versions.csv").write_text(table, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_versions(tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("number", "name"), [("03712345", "03712345"), ("a/b", "a_2f_b"), ("..", "_2e_."), ("ä", "_e4_"), ("a_b", "a_5f_b")]
)
def test_a_number_as_a_file_name(number: str, name: str) -> None:
    assert file_name(number) == name


def test_numbers_that_differ_have_file_names_that_differ() -> None:
    numbers: list[Any] = ["a/b", "a_2f_b", "a_b", "a b", "A/b", ".x", "_2e_x", "x.", "-x"]
    assert len({file_name(n) for n in numbers}) == len(numbers)
