"""`rechenweg mark`: the table of results and the marked pages of two answer files written by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from rechenweg.commands.printing import read_versions

from .conftest import EXAMPLES, pdf_text, refused, run

NUMBERS = ("03710004", "03710009")


@pytest.fixture(scope="module")
def rows(marked: Path) -> dict[str, dict[str, str]]:
    with marked.open(encoding="utf-8", newline="") as file:
        return {row["candidate"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def pages(marked: Path) -> dict[str, str]:
    return {number: pdf_text(marked.with_suffix("") / f"{number}.pdf") for number in NUMBERS}


def test_nothing_else_is_written(marked: Path) -> None:
    files = {str(p.relative_to(marked.parent)) for p in marked.parent.rglob("*") if p.is_file()}
    assert files == {"results.csv", *(f"results/{n}.pdf" for n in NUMBERS)}


def test_the_columns(rows: dict[str, dict[str, str]]) -> None:
    columns = list(rows["03710004"])
    assert columns[:5] == ["candidate", "version", "simulated", "total", "open"]
    assert columns[5:12] == [f"P{n}" for n in range(1, 8)] and columns[12] == "1.1" and columns[-1] == "7.2"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        # 4: half of 4.4's last derivative and all of ∂L/∂w₁ are lost; 7.1: two of nine shapes are wrong
        (
            "03710004",
            {"version": "0", "simulated": "no", "P1": "7", "1.6": "0", "1.7": "1", "2.4": "1", "3.2": "2", "3.3": "1",
             "4.1": "1", "4.2": "1.5", "4.3": "1", "4.4": "5", "4.5": "1.5", "P4": "10", "7.1": "3.5"},
        ),
        # 1.3 and 3.3 contradict themselves; 4.3's LaTeX is not closed; 4.2 lacks the skip connection
        (
            "03710009",
            {"version": "0", "simulated": "no", "P1": "3", "1.3": "0", "1.6": "1", "2.4": "1", "3.3": "0", "4.1": "0",
             "4.2": "1", "4.3": "0?", "4.4": "2", "4.5": "0", "P4": "3", "7.1": "1.5"},
        ),
    ],
)  # fmt: skip
def test_what_was_earned(number: str, expected: dict[str, str], rows: dict[str, dict[str, str]]) -> None:
    assert {column: rows[number][column] for column in expected} == expected


@pytest.mark.parametrize("number", NUMBERS)
def test_sums_are_sums(number: str, rows: dict[str, dict[str, str]]) -> None:
    row = rows[number]
    questions = {n: float(c.rstrip("?")) for n, c in row.items() if "." in n}
    for problem in range(1, 8):
        assert float(row[f"P{problem}"]) == sum(c for n, c in questions.items() if n.startswith(f"{problem}."))
    assert float(row["total"]) == sum(questions.values())


def test_texts_and_code_are_left_to_people(rows: dict[str, dict[str, str]]) -> None:
    row = rows["03710004"]
    assert [n for n, c in row.items() if c.endswith("?")] == [
        "2.1", "2.2", "2.3", "2.5", "2.6", "2.7", "3.1", "3.4", "5.1", "5.2", "5.3", "5.4", "5.5", "6.1", "7.2",
    ]  # fmt: skip
    # 2: 1 + 1 + 2 + 1 + 2 + 1, 3.1 and 3.4: 1 + 2, 5: 1 + ½ + 2 + 1 + ½, 6.1: 6, 7.2: 3
    assert row["open"] == "25" and row["6.1"] == "0?"


def test_the_pages_carry_the_reasons(pages: dict[str, str]) -> None:
    one, two = pages["03710004"], pages["03710009"]
    assert "30 of 60 points" in one and "9.5 of 60 points" in two
    assert "1 of 5 boxes wrong: d" in one
    assert "one of the two paths from" in one and "wrong: 3, 4" in one and "wrong in dimension 1, 2" in one
    assert "more answers than asked for: a, c" in two
    assert "more answers than asked for: 981/1000, 98/100" in two
    assert 'to be read by a person (character 9 of "\\frac{1}{4": "{" is never closed)' in two
    assert "the skip connection is missing" in two and "another name is meant" in two
    assert "to be marked by a person" in one and "Simulated" not in one + two


def test_with_the_papers_the_page_names_the_candidate(printed: Path, tmp_path: Path) -> None:
    assignment = read_versions(printed)["03710004"]
    file = tmp_path / "in.json"
    content = {"exam": "fau-2021", "candidate": "03710004", "version": assignment.version, "answers": {"4.1": "ResNet"}}
    file.write_text(json.dumps(content), encoding="utf-8")
    arguments = ["mark", "fau-2021", file, "--papers", printed, "--workers", 1, "-l", "de"]
    assert run(*arguments, "--out", tmp_path / "r.csv").status == 0
    text = pdf_text(tmp_path / "r" / "03710004.pdf")
    assert "Jörg Dörfler" in text and assignment.code in text and str(assignment.version) in text and "1 von 60" in text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"candidate": "4711"}, '"candidate": expected a candidate who was given a paper, found 4711'),
        ({"version": 5}, "which 03710004 was given, found 5"),
    ],
)
def test_answers_to_a_paper_that_was_not_given(
    changes: dict[str, object], message: str, printed: Path, tmp_path: Path
) -> None:
    file = tmp_path / "in.json"
    file.write_text(
        json.dumps({"exam": "fau-2021", "candidate": "03710004", "version": 1, "answers": {}} | changes),
        encoding="utf-8",
    )
    assert message in refused("mark", "fau-2021", file, "--papers", printed, "--out", tmp_path / "r.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["in.json"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("NaN", '"NaN" is no number'),
        ("1/0", "a division by 0 has no value"),
        ("9**9**9", "expected exponents of at most 4,096"),
        ("\\frac{1}{4", '"{" is never closed'),
        ("1" * 1_500_000, "too long for a machine; a person decides"),
        ("(" * 100_000, "too long for a machine; a person decides"),
        ({"a": 1}, "expected one value"),
        (True, "expected one value"),
    ],
)
def test_an_answer_that_makes_no_sense_is_marked_with_its_reason(raw: object, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    content = {"exam": "fau-2021", "candidate": "1", "version": 0, "answers": {"4.3": raw}}
    file.write_text(json.dumps(content), encoding="utf-8")
    result = run("mark", "fau-2021", file, "--out", tmp_path / "r.csv", "--workers", 1)
    assert result.status == 0, result.err
    text = pdf_text(tmp_path / "r" / "1.pdf")
    assert reason in text


def test_no_pages_if_none_are_wanted(tmp_path: Path) -> None:
    result = run("mark", "fau-2021", EXAMPLES / "answers", "--out", tmp_path / "r.csv", "--no-pages", "--workers", 1)
    assert result.status == 0 and [p.name for p in tmp_path.iterdir()] == ["r.csv"]
