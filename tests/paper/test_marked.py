"""The page that tells a candidate the reason of every mark."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from rechenweg.exams import exam
from rechenweg.marking.answers import Answers
from rechenweg.marking.marking import mark
from rechenweg.marking.simulated import BEHAVIOURS, simulate
from rechenweg.paper import Copy, MarkedProblem, MarkedQuestion, PaperError, Step, compile_pdf, render_marked
from rechenweg.paper.assemble import marked_sheet
from rechenweg.text import T

from .reading import read
from .sample import NAMED_EXAM, marked


def text(sheet, language="en") -> str:
    return " ".join(page.text for page in read(compile_pdf(render_marked(NAMED_EXAM, sheet, language))))


def test_it_shows_sums_answers_and_reasons():
    page = text(marked(simulated=False))
    for words in (
        "Marked work",
        "Candidate Grete Lehmann",
        "03712345",
        "0042-7, version 17",
        "Problem 1 2 Bonus Total",
        "Possible 4 4.5 (6) 8.5",
        "Reached 2 0.5 3 5.5",
        "To be marked 0 2 2",
        "5.5 of 8.5 points",
        "Still to be marked by a person: 2 points.",
        "Statement d of question 1.1 was withdrawn",
        "1.1 fully credited 2 / 2",
        "1.2 no credit 0 / 2",
        "2.1 partly credited 0.5 / 1.5",
        "2.2 to be marked – / 2",
        "+0.5",
        "the bias 𝑏 = −1 was added with a wrong sign",
        "Free text is read by a person.",
        "No answer.",
    ):
        assert words in page


def test_german_pages_have_decimal_commas():
    page = text(marked(simulated=False), "de")
    for words in (
        "Bewertete Arbeit",
        "5,5 von 8,5 Punkten",
        "noch zu bewerten – / 2",
        "+0,5",
        "Noch von einem Menschen",
    ):
        assert words in page


def test_simulated_answers_are_labelled_on_every_page():
    sheet = marked(simulated=True)
    long = replace(sheet, problems=sheet.problems * 6)
    pages = read(compile_pdf(render_marked(NAMED_EXAM, long, "en")))
    assert len(pages) > 2
    assert all("Simulated: these answers were generated, no person gave them." in page.text for page in pages)
    assert "Simulated" not in text(marked(simulated=False))
    assert "Simuliert" in text(sheet, "de")


def test_nothing_is_open_once_everything_is_marked():
    question = MarkedQuestion("1.1", Fraction(2), Fraction(2), answer="yes", expected="yes", reasons=(Step("Right."),))
    sheet = replace(
        marked(simulated=False),
        problems=(MarkedProblem(1, T("A", "A"), (question,)),),
        bonus=None,
        remarks=(),
        grade="1,3",
    )
    page = text(sheet)
    assert "2 of 2 points · Grade 1,3" in page
    assert "marked by a person" not in page and "To be marked" not in page and "Bonus" not in page


def test_a_long_answer_goes_on_on_the_next_page():
    answer = " ".join(f"Sentence{n} of an answer that never ends." for n in range(300))
    question = MarkedQuestion("1.1", None, Fraction(9), "to be marked", answer=answer)
    sheet = replace(marked(simulated=False), problems=(MarkedProblem(1, T("A", "A"), (question,)),))
    page = text(sheet)
    assert all(f"Sentence{n} " in page for n in range(300))


def test_sums_follow_from_the_questions():
    first, second = marked(simulated=False).problems
    assert (first.reached, first.maximum, first.open) == (2, 4, 0)
    assert (second.reached, second.maximum, second.open) == (Fraction(1, 2), Fraction(9, 2), 2)


def test_only_the_open_part_of_a_question_is_still_to_be_marked():
    half = Fraction(1, 2)
    question = MarkedQuestion("1.1", Fraction(0), 3 * half, "to be marked", open=half)
    problem = MarkedProblem(1, T("A", "A"), (question,))
    assert problem.open == half
    page = text(replace(marked(simulated=False), problems=(problem,)), "de")
    assert "noch zu bewerten: 0,5 0 / 1,5" in page and "Noch von einem Menschen zu bewerten: 0,5 Punkte" in page


def test_the_marked_page_leaves_open_what_the_mark_leaves_open():
    e = exam("tum-2024")
    marks = mark(e, Answers(e.id, "x", 0, simulate(e, "x", 0, BEHAVIOURS[0])["answers"], "x.json"))
    sheet = marked_sheet(e, marks, Copy("A"), "en")
    assert sum(p.open for p in sheet.problems) == marks.open
    for problem in sheet.problems:
        assert problem.reached == marks.by_problem[problem.number]


def test_a_mark_needs_a_credit():
    with pytest.raises(PaperError, match=r"question 1\.1: expected a credit because it is marked, found none"):
        MarkedQuestion("1.1", None, Fraction(1))
