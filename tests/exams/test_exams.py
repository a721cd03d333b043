"""Both papers as exams: credits, rules, and what is inconsistent about them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from rechenweg.errors import InputError
from rechenweg.exams import EXAMS, exam
from rechenweg.text import LANGUAGES

# the covers' tables, from PAPERS.md
COVERS = {
    "fau-2021": ["8", "10", "7", "12", "19/2", "6", "15/2"],
    "tum-2024": ["18", "20", "11", "15", "7", "9", "7", "8"],
}


@pytest.mark.parametrize("identifier", EXAMS)
def test_questions_add_up_to_what_the_cover_says(identifier: str) -> None:
    e = exam(identifier)
    assert [p.credits for p in e.problems] == [Fraction(c) for c in COVERS[identifier]]
    assert sum(p.credits for p in e.problems) == e.total


def test_only_the_heading_of_problem_5_of_fau_2021_is_inconsistent() -> None:
    assert [w.en for w in exam("fau-2021").warnings()] == [
        "Problem 5: its heading says 12, its questions add up to 9½."
    ]
    assert exam("tum-2024").warnings() == ()


def test_a_wrong_table_a_wrong_total_and_a_missing_problem_are_told() -> None:
    e = exam("tum-2024")
    wrong = replace(e, table={**e.table, 3: Fraction(12), 9: Fraction(1)}, total=Fraction(96))
    assert [w.en for w in wrong.warnings()] == [
        "Problem 3: its cover table says 12, its questions add up to 11.",
        "Problem 9 is in the table but not in the exam.",
        "The cover states a total of 96; the problems add up to 95.",
    ]


def test_credit_in_steps_that_no_corrector_can_give_is_told() -> None:
    e = exam("tum-2024")
    strict = replace(e, rules=replace(e.rules, unit=Fraction(2)))
    assert "Question 2.2: 3 is no multiple of 2." in [w.en for w in strict.warnings()]


def test_unknown_exams_and_versions_are_refused() -> None:
    with pytest.raises(InputError, match="exam: expected one of fau-2021, tum-2024, found mit-2020"):
        exam("mit-2020")
    with pytest.raises(InputError, match="tum-2024: version: expected a whole number from 0 to 1000000000, found -1"):
        exam("tum-2024").version(-1)


@pytest.mark.parametrize("identifier", EXAMS)
def test_every_text_of_the_cover_is_there_in_both_languages_and_fills_in(identifier: str) -> None:
    e = exam(identifier)
    for text in (*e.cover, *e.notes, *e.rules.stated(), e.title, e.institution):
        for language in LANGUAGES:
            assert text.in_(language).strip()
    # one heading and one body per language: English left in the German text would read the same
    assert all(t.en != t.de for t in (*e.cover, *e.notes, *e.rules.stated()))


@pytest.mark.parametrize("identifier", EXAMS)
def test_the_same_version_is_the_same_exam(identifier: str) -> None:
    e = exam(identifier)
    first, again = e.version(77), e.version(77)
    for problem in e.problems:
        for question in problem.questions:
            assert question.perfect(first[problem.number]) == question.perfect(again[problem.number])
            assert question.text(first[problem.number]) == question.text(again[problem.number])
