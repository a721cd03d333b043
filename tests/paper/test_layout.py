"""The printed paper and its worked solution."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rechenweg.paper import (
    MAX_BOX,
    Box,
    CodeBox,
    Copy,
    PaperError,
    PaperProblem,
    PaperQuestion,
    Slot,
    Slots,
    Step,
    Tick,
    Ticks,
    compile_pdf,
    credit_steps,
    render,
)
from rechenweg.text import LANGUAGES, Language, T

from .reading import Page, read
from .sample import ANONYMOUS_EXAM, COPY, NAMED_EXAM, PROBLEMS

TEXT_BOTTOM = 297 - 22
"""Where the text area ends, in mm from the top."""

MARKS_FROM = 297 - 12
"""Below this only the corner marks stand."""


def paper(
    *, exam=ANONYMOUS_EXAM, problems=PROBLEMS, copy=COPY, language: Language = "en", solution=False
) -> list[Page]:
    return read(compile_pdf(render(exam, problems, copy, language, solution)))


def one_problem(*questions: PaperQuestion, intro: str = "") -> tuple[PaperProblem, ...]:
    credits = sum((question.credits for question in questions), Fraction())
    return (PaperProblem(1, T("Try", "Versuch"), credits, questions, intro),)


def credit_boxes(page: Page) -> list[tuple[float, float]]:
    """Left and top of every credit box: a square of 3.3 mm, its pen 0.2 mm to each side."""
    squares = [box for box in page.drawn if all(abs(side - 3.7) < 0.15 for side in (box[2] - box[0], box[3] - box[1]))]
    return sorted((left, top) for left, top, _, _ in squares)


def page_of(pages: list[Page], words: str) -> int:
    """The only page on which `words` stand."""
    (number,) = (number for number, page in enumerate(pages, start=1) if words in page.text)
    return number


# ---- the cover ----


def test_the_cover_names_the_exam_and_its_machinery():
    cover = paper()[0].text
    for words in (
        "School of Worked Examples",
        "Networks by Hand",
        "Endterm",
        "Exam sample-1",
        "Date Tuesday, 11 February 2025",
        "Examiner Prof. Dr. Ada Beispiel",
        "Time 10:30 – 12:00",
        "Paper number 0042-7",
        "P 1 P 2 P 3",
        "Working instructions",
        "You can reach 13.5 credits in 90 minutes.",
        "Left room from",
        "Early submission at",
        "Page 1 / 8",
    ):
        assert words in cover
    assert re.search(r"\bI\b.*\bII\b", cover)  # a row of sums for each correction


def test_an_anonymous_paper_does_not_name_the_candidate():
    assert not [page for page in paper() if COPY.name in page.text or COPY.number in page.text]


def test_a_german_cover_is_german_with_decimal_commas():
    cover = paper(language="de")[0].text
    for words in (
        "Netze von Hand",
        "Dienstag, 11. Februar 2025",
        "10:30 – 12:00 Uhr",
        "In 90 Minuten sind 13,5 Punkte zu erreichen.",
        "Raum verlassen von",
        "Seite 1 / 8",
        "Prüfer",
    ):
        assert words in cover


def test_the_cover_counts_the_pages_of_the_finished_paper():
    pages = paper()
    assert f"This paper has {len(pages)} pages and 3 problems." in pages[0].text
    assert all(f"Page {number} / {len(pages)}" in page.text for number, page in enumerate(pages, start=1))


def test_a_named_paper_asks_for_fields_and_shows_the_table_of_points():
    cover = paper(exam=NAMED_EXAM)[0].text
    for words in (
        "Full name Grete Lehmann",
        "Matriculation number 03712345",
        "Course of studies",
        "Semester of the exercises",
        "E-mail",
        "Optional; it has no effect on the mark.",
        "Duration 90 minutes",
        "Signature",
        "Achieved",
        "Exercise bonus",
        "Points 4 4.5 5 (6) 13.5",
    ):
        assert words in cover
    assert "Punkte 4 4,5 5 (6) 13,5" in paper(exam=NAMED_EXAM, language="de")[0].text
    assert "Left room" not in cover and "P 1" not in cover and "Paper number" not in cover


def test_a_field_for_a_sticker_may_stay_empty():
    options = replace(ANONYMOUS_EXAM.options, sticker="empty")
    cover = paper(exam=replace(ANONYMOUS_EXAM, options=options))[0].text
    assert "Place the sticker here" in cover and "Paper number" not in cover


@pytest.mark.parametrize(
    "name",
    [
        "#evil",
        "*x* _y_ `z`",
        "$ \\ \\\\ $x$",
        "] #panic() [",
        '"quoted" <label> @reference',
        "-- 'a' ,, // no /* comment */ ``",
        "= heading",
        "Łukasz Żółć-Nguyễn Şükrü",
        "Παπαδόπουλος Ηλίας",
        "Иванова Алёна",
    ],
)
def test_a_name_is_printed_as_it_is(name):
    assert name in paper(exam=NAMED_EXAM, problems=(), copy=replace(COPY, name=name))[0].text


def test_a_name_of_sixty_characters_is_wrapped():
    name = "Maximiliana-Theodora Freifrau von und zu Hohenstein-Rabenfels"
    cover = paper(exam=NAMED_EXAM, problems=(), copy=replace(COPY, name=name))[0]
    assert name.replace("-", "") in cover.text.replace("-", "")  # pdfium drops a hyphen at the end of a line
    assert max(right for _, _, right, _ in cover.drawn) < 203  # the corner marks
    assert len(paper(exam=NAMED_EXAM, problems=(), copy=replace(COPY, name=name))) == len(
        paper(exam=NAMED_EXAM, problems=())
    )


@pytest.mark.parametrize("name", ["כהן דוד", "محمد عبد الله"])
def test_a_name_from_right_to_left_keeps_its_letters(name):
    cover = paper(exam=NAMED_EXAM, problems=(), copy=replace(COPY, name=name))[0].text
    # extraction may give presentation forms or visual order, so letters are only counted
    letters = sum("\u0590" <= letter <= "\u06ff" or "\ufb1d" <= letter <= "\ufeff" for letter in cover)
    assert letters >= len(name.replace(" ", "")) - 2  # a ligature joins two


def test_a_code_that_no_scanner_could_read_is_refused():
    with pytest.raises(PaperError, match=r"Copy: code: expected capital letters.*found 'a b'"):
        Copy("a b")
    with pytest.raises(PaperError, match=r"PaperMeta: exam_id: expected lower-case letters.*found 'Exam 1'"):
        replace(ANONYMOUS_EXAM, exam_id="Exam 1")


# ---- questions ----


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exam", [ANONYMOUS_EXAM, NAMED_EXAM])
def test_every_question_is_printed_once_in_order(exam, language):
    text = " ".join(page.text for page in paper(exam=exam, language=language)[1:])
    places = []
    for problem in PROBLEMS:
        word = {"en": "Problem", "de": "Aufgabe"}[language]
        places.append(text.index(f"{word} {problem.number} {problem.title.in_(language)}"))
        for question in problem.questions:
            (place,) = (
                match.start() for match in re.finditer(rf"\b{re.escape(question.number)}\b(?! credits| P)", text)
            )
            places.append(place)
    assert places == sorted(places)
    for words in ("It has no weights.", "convolution, 5 × 5, 6 kernels", "(1)", "(4)", "def __init__(self, factor):"):
        assert words in text


def test_credits_are_named_in_the_exams_own_word():
    assert "1.5 credits" in paper()[2].text
    assert "1,5 Punkte" in paper(language="de")[2].text
    assert "1,5 P." in paper(exam=NAMED_EXAM, language="de")[2].text
    assert "(4.5 points)" in paper(exam=NAMED_EXAM)[2].text


def test_credit_boxes_run_from_nothing_to_all_in_halves():
    assert credit_steps(Fraction(2)) == (0, Fraction(1, 2), 1, Fraction(3, 2), 2)
    asked = one_problem(PaperQuestion("1.1", Fraction(2), "Why?", (Box(),)))
    text = paper(problems=asked)[1].text
    assert "0 ½ 1 1½ 2" in text
    assert "½" not in paper(exam=NAMED_EXAM, problems=asked)[1].text


@pytest.mark.parametrize("credits", [Fraction(n, 2) for n in (1, 2, 5, 9, 16)])
def test_there_is_one_credit_box_for_each_step(credits):
    def boxes(exam) -> int:
        return len(
            credit_boxes(paper(exam=exam, problems=one_problem(PaperQuestion("1.1", credits, "Why?", (Box(),))))[1])
        )

    assert boxes(ANONYMOUS_EXAM) == 2 * credits + 1
    assert boxes(NAMED_EXAM) == 0


def test_all_or_nothing_has_two_credit_boxes():
    ticks = Ticks((Tick("a", "yes"), Tick("b", "no")))
    question = PaperQuestion("1.1", Fraction(3, 2), "Which?", (ticks,), steps=(Fraction(), Fraction(3, 2)))
    page = paper(problems=one_problem(question))[1]
    assert len(credit_boxes(page)) == 2
    assert "0 1½" in page.text


def test_credit_boxes_stand_in_the_outer_margin():
    pages = paper(
        problems=one_problem(*(PaperQuestion(f"1.{n}", Fraction(1), "Why?", (Box(150),)) for n in range(1, 3)))
    )
    for number in (2, 3):
        boxes = [left for left, _ in credit_boxes(pages[number - 1])]
        assert len(boxes) == 3
        assert all(left > 180 for left in boxes) if number % 2 else all(left < 30 for left in boxes)


def test_credits_that_no_half_step_reaches_are_refused():
    with pytest.raises(PaperError, match=r"question 4\.1: expected credits in halves, not below 0, found 1/3"):
        PaperQuestion("4.1", Fraction(1, 3), "Why?")


def test_marking_is_explained_once_and_only_where_boxes_are_ticked():
    words = "Filling the box takes the cross back."
    pages = paper(problems=(*PROBLEMS, replace(PROBLEMS[0], number=4)))
    assert page_of(pages, words) == 2
    assert not [page for page in paper(problems=PROBLEMS[1:]) if words in page.text]
    assert not [page for page in paper(exam=NAMED_EXAM) if words in page.text]


def test_long_options_wrap_and_break_over_pages_only_between_two():
    sentence = "A statement that goes on and on about gradients, weights and what becomes of them. "
    options = tuple(Tick(letter, f"Begin-{letter} " + sentence * 9 + f"end-{letter}") for letter in "abcdefgh")
    pages = paper(problems=one_problem(PaperQuestion("1.1", Fraction(2), "Which hold?", (Ticks(options),))))
    places = [page_of(pages, f"Begin-{letter}") for letter in "abcdefgh"]
    assert places == [page_of(pages, f"end-{letter}") for letter in "abcdefgh"]
    assert len(set(places)) > 1
    inside = [box for page in pages[1:3] for box in page.drawn if 20 < box[1] < MARKS_FROM]
    assert min(left for left, _, _, _ in inside) > 15 and max(right for _, _, right, _ in inside) < 195


# ---- pages ----


questions = st.lists(
    st.tuples(
        st.integers(1, 12),  # half credits
        st.integers(1, 120),  # words of the question
        st.one_of(st.none(), st.floats(10, MAX_BOX), st.just("code"), st.just("ticks")),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25)
@given(questions, st.booleans(), st.booleans(), st.integers(0, 200))
def test_a_question_and_its_box_share_a_page_and_no_box_leaves_it(drawn, boxed, flowing, words_before):
    asked = []
    for n, (half_credits, words, kind) in enumerate(drawn, start=1):
        if kind == "code":
            answer = CodeBox(5, f"first = {n}\n" + "more = 0\n" * 4 + f"last{n} = 0")
        elif kind == "ticks":
            answer = Ticks(tuple(Tick(letter, f"Choice{n}{letter} " + "word " * 20) for letter in "abcd"))
        else:
            answer = Box(kind, results=(Slot(f"Value{n} ="),))
        asked.append(PaperQuestion(f"1.{n}", Fraction(half_credits, 2), f"Start{n} " + "word " * words, (answer,)))
    options = replace(ANONYMOUS_EXAM.options, boxed_answers=boxed, problem_on_new_page=not flowing)
    problems = one_problem(*asked, intro="Given. " * words_before)
    if flowing:
        problems = tuple(replace(problems[0], questions=(question,), intro="Given.") for question in asked)
    pages = paper(exam=replace(ANONYMOUS_EXAM, options=options), problems=problems)
    for n, (_, _, kind) in enumerate(drawn, start=1):
        ends = {"code": f"last{n} = 0", "ticks": f"Choice{n}d"}.get(str(kind), f"Value{n} =")
        assert page_of(pages, f"Start{n} ") == page_of(pages, ends)
    for page in pages:
        inside = [bottom for _, top, _, bottom in page.drawn if top < MARKS_FROM]
        assert max(inside) < TEXT_BOTTOM + 1.5
        assert "Problem 1 Try" not in page.text or re.search(r"Start\d|Given", page.text)  # no heading alone


@pytest.mark.parametrize("exam", [ANONYMOUS_EXAM, NAMED_EXAM])
@pytest.mark.parametrize("before", range(30, 161, 10))
def test_text_lines_and_labelled_boxes_of_a_question_share_a_page(exam, before):
    filler = PaperQuestion("1.1", Fraction(1), "Before.", (Box(float(before)),))
    slots = Slots(tuple(Slot(f"Line{n} =") for n in range(6)))
    boxes = tuple(Box(20, label=f"Label{n}") for n in range(3))
    asked = PaperQuestion("1.2", Fraction(1), "Start. " + "word " * 150, (slots, *boxes))
    pages = paper(exam=exam, problems=one_problem(filler, asked))
    places = {n for n, page in enumerate(pages) if any(w in page.text for w in ("Start.", "word", "Line", "Label"))}
    assert len(places) == 1


def test_two_columns_of_credit_boxes_never_meet():
    asked = [
        PaperQuestion(f"1.{n}", Fraction(5), "Tick.", (Ticks((Tick("a", "yes"), Tick("b", "no"))),))
        for n in range(1, 6)
    ]
    pages = paper(problems=one_problem(*asked))
    assert sum(len(credit_boxes(page)) for page in pages) == 5 * 11
    for page in pages:
        tops = [top for _, top in credit_boxes(page)]
        assert all(below - above > 4 for above, below in pairwise(tops))


def test_code_longer_than_a_page_goes_on_on_the_next():
    source = "\n".join(f"line_{n} = {n}" for n in range(60))
    pages = paper(problems=one_problem(PaperQuestion("1.1", Fraction(6), "Complete.", (CodeBox(4, source),))))
    assert page_of(pages, "line_0 =") == page_of(pages, "Complete.") == 2
    assert page_of(pages, "line_59 =") == 3


def test_a_box_higher_than_a_page_is_refused():
    with pytest.raises(PaperError, match="Box: height: expected 5 to 160 mm, found 300"):
        Box(300)


@pytest.mark.parametrize(("spare", "graph", "count"), [(0, 0, 2), (1, 0, 4), (2, 1, 6), (0, 1, 4), (2, 2, 6)])
def test_a_paper_ends_with_spare_and_graph_pages_on_whole_sheets(spare, graph, count):
    options = replace(ANONYMOUS_EXAM.options, spare_pages=spare, graph_pages=graph)
    asked = one_problem(PaperQuestion("1.1", Fraction(1), "Why?", (Box(),)))
    pages = paper(exam=replace(ANONYMOUS_EXAM, options=options), problems=asked)
    assert len(pages) == count
    assert [number for number, page in enumerate(pages, 1) if "Graph paper" in page.text] == list(
        range(count - graph + 1, count + 1)
    )
    assert sum("Extra space" in page.text for page in pages) == count - 2 - graph


def test_a_paper_may_end_on_the_front_of_a_sheet():
    options = replace(ANONYMOUS_EXAM.options, spare_pages=1, graph_pages=0, whole_sheets=False)
    asked = one_problem(PaperQuestion("1.1", Fraction(1), "Why?", (Box(),)))
    assert len(paper(exam=replace(ANONYMOUS_EXAM, options=options), problems=asked)) == 3


def test_problems_may_follow_one_another_on_a_page():
    options = replace(ANONYMOUS_EXAM.options, problem_on_new_page=False)
    pages = paper(exam=replace(ANONYMOUS_EXAM, options=options), problems=PROBLEMS[:2])
    assert page_of(pages, "Which hold?") == page_of(pages, "One step of learning") == 2


# ---- the worked solution ----


@pytest.mark.parametrize("exam", [ANONYMOUS_EXAM, NAMED_EXAM])
def test_the_solution_says_what_was_expected_and_why(exam):
    pages = paper(exam=exam, solution=True)
    text = " ".join(page.text for page in pages)
    for words in (
        "To be ticked. It applies max(0, 𝑥) and nothing else.",
        "Not to be ticked. It is 1 for every 𝑥 > 0.",
        "Withdrawn: this box counts for nobody.",
        "The gradient points to where the loss grows fastest.",
        "(1) C (2) A (3) D (4) B",
        "456",
        "return self.factor * x",
    ):
        assert words in text
    word = "credit" if exam is ANONYMOUS_EXAM else "P."
    assert f"1 {word}" in text and f"½ {word}" in text


def test_the_solution_is_german_where_the_page_speaks():
    text = " ".join(page.text for page in paper(language="de", solution=True))
    assert "Lösung" in text and "Anzukreuzen." in text and "Nicht anzukreuzen." in text and "½ Punkt" in text


def test_the_solution_cannot_be_taken_for_a_paper():
    pages = paper(solution=True)
    assert "Worked solution" in pages[0].text
    assert all("Solution · 0042-7 · version 17" in page.text for page in pages[1:])
    assert not [page for page in pages for _, top, _, _ in page.drawn if top > MARKS_FROM]  # no corner marks
    text = " ".join(page.text for page in pages)
    assert "Extra space" not in text and "Left room" not in text and "P 1" not in text
    assert "pages and" not in text  # the paper's number of pages is not the solution's


def test_the_paper_does_not_hold_the_solution():
    text = " ".join(page.text for page in paper())
    source = render(ANONYMOUS_EXAM, PROBLEMS, COPY, "en")
    for words in ("It applies", "To be ticked", "fastest", "456", "return self", "Withdrawn"):
        assert words not in text
        assert words not in source


def test_a_long_worked_solution_goes_on_on_the_next_page():
    steps = tuple(Step(f"Step number {n}: " + "so it goes. " * 30, Fraction(1, 2)) for n in range(30))
    pages = paper(problems=one_problem(PaperQuestion("1.1", Fraction(15), "Why?", (Box(),), steps)), solution=True)
    text = " ".join(page.text for page in pages)
    assert all(f"Step number {n}:" in text for n in range(30))
    assert len(pages) > 3


# ---- what cannot be set ----


def test_markup_that_typst_cannot_read_is_an_error_that_names_the_question():
    broken = one_problem(
        PaperQuestion("1.1", Fraction(1), "Fine.", (Box(),)),
        PaperQuestion("1.2", Fraction(1), "#nonsense(1)", (Box(),)),
    )
    with pytest.raises(
        PaperError, match=r"^question 1\.2: expected markup that Typst can set, found: unknown variable"
    ):
        compile_pdf(render(ANONYMOUS_EXAM, broken, COPY, "en"))


def test_markup_cannot_read_files():
    with pytest.raises(PaperError, match=r"question 1\.1: .*file not found"):
        paper(problems=one_problem(PaperQuestion("1.1", Fraction(1), '#read("/etc/hostname")', (Box(),))))


def test_the_same_input_gives_the_same_bytes():
    first, second = (compile_pdf(render(NAMED_EXAM, PROBLEMS, COPY, "de")) for _ in range(2))
    assert first == second
