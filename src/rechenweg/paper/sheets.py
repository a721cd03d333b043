"""What stands on the pages, as data: an exam's paper, a candidate's copy of it, a marked page, the two lists.

Everything here is frozen and says nothing about fonts or measures of the page; :mod:`rechenweg.paper.layout` and its
neighbours turn it into Typst. Two kinds of text occur:

- :class:`~rechenweg.text.T`: prose in both languages with the small markup of :mod:`rechenweg.working.prose`.
  Cover, titles and rules are such texts.
- :data:`Markup`: Typst markup in the language of the print, as :func:`rechenweg.working.writers.typst.write`
  returns it. Questions, answers and reasons arrive so, because they may hold figures, formulas and tables.

Names of people are plain strings; they are never read as markup.

A difference between two universities' papers is a field of :class:`PaperOptions`, never a second layout.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from rechenweg.errors import RechenwegError
from rechenweg.text import T

Markup = str
"""Typst markup in one language."""

MAX_BOX = 160.0
"""Height of the tallest answer box, in mm: 8 cm remain on its page for the text of the question."""

QUESTION_WIDTH = 68
"""Room for a question's text, in the writers' characters of half the type size (their `width`)."""

SOLUTION_WIDTH = 80
"""Room for a step without credit; one with credit has CREDIT_ROOM less."""

CREDIT_ROOM = 11
"""Room that the credit of a step takes, in the same characters."""

STEP = Fraction(1, 2)
"""Credits are given in halves."""


class PaperError(RechenwegError, ValueError):
    """A paper that cannot be printed: what was expected, what came, and in which question."""


# ---- the cover ----


@dataclass(frozen=True, slots=True)
class CreditWord:
    """What a course calls its points: one, several, the short form beside a question, several after "of"."""

    one: T
    many: T
    short: T | None = None
    of_many: T | None = None


POINTS = CreditWord(T("point", "Punkt"), T("points", "Punkte"), T("P.", "P."), T("points", "Punkten"))
CREDITS = CreditWord(T("credit", "Punkt"), T("credits", "Punkte"), of_many=T("credits", "Punkten"))


@dataclass(frozen=True, slots=True)
class Field:
    """Something that the candidate enters on the cover.

    label: what is asked for.
    note: why, or whether it may stay empty; printed small below the line.
    tick: a box to tick stands before the label, no line after it.
    filled: the line already holds the copy's name or registration number.
    """

    label: T
    note: T | None = None
    tick: bool = False
    filled: Literal["name", "number"] | None = None


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """What differs between the papers of two courses.

    sticker: the field that ties paper and registration number: none, empty (a sticker will be put there), or the
        copy's code printed into it.
    sticker_notes: explained beside that field.
    corrections: rows of the table of sums P 1 … P n, one per correction (I, II); 0 leaves the table out.
    credit_boxes: a column of boxes in half-credit steps beside every answer, in the outer margin.
    point_table: problems, their points and an empty row for what was achieved, with the bonus in parentheses.
    fields: what the candidate enters; declaration: what the candidate signs, None for no signature.
    left_room: the line for leaving the room and early submission.
    boxed_answers: answers go into boxes; otherwise into the open space below each question.
    tick_pictures: marking, taking back and marking again drawn as three pictures before the first ticks.
    problem_on_new_page: every problem begins a page.
    spare_pages, graph_pages: how many at the end.
    whole_sheets: one more spare page if the paper would end on the front of a sheet.
    """

    sticker: Literal["none", "empty", "printed"] = "none"
    sticker_notes: tuple[T, ...] = ()
    corrections: int = 0
    credit_boxes: bool = False
    point_table: bool = False
    fields: tuple[Field, ...] = ()
    declaration: T | None = None
    left_room: bool = False
    boxed_answers: bool = True
    tick_pictures: bool = False
    problem_on_new_page: bool = True
    spare_pages: int = 0
    graph_pages: int = 0
    whole_sheets: bool = True

    def __post_init__(self) -> None:
        for name in ("corrections", "spare_pages", "graph_pages"):
            count = getattr(self, name)
            if not 0 <= count <= 20:
                raise PaperError(f"PaperOptions: {name}: expected 0 to 20, found {count}")


ANONYMOUS = PaperOptions(
    sticker="printed",
    sticker_notes=(
        T(
            "The code ties this paper to a registration number; no name stands on the paper.",
            "Der Code verknüpft diese Arbeit mit einer Matrikelnummer; auf der Arbeit steht kein Name.",
        ),
        T(
            "The same number stands beside the signature field of the attendance list. Please compare the two.",
            "Dieselbe Nummer steht in der Anwesenheitsliste neben dem Feld für die Unterschrift. "
            "Bitte vergleichen Sie beide.",
        ),
    ),
    corrections=2,
    credit_boxes=True,
    left_room=True,
    tick_pictures=True,
    spare_pages=2,
    graph_pages=1,
)
"""The machinery of an anonymous paper that is corrected twice (tum-2024)."""

NAMED = PaperOptions(
    point_table=True,
    fields=(
        Field(T("Full name", "Vor- und Nachname"), T("Required.", "Pflichtangabe."), filled="name"),
        Field(T("Matriculation number", "Matrikelnummer"), T("Required.", "Pflichtangabe."), filled="number"),
        Field(T("Course of studies", "Studiengang"), T("Required.", "Pflichtangabe.")),
        Field(
            T("Semester of the exercises", "Semester der Übungen"),
            T(
                "Only if you took them in an earlier semester: your bonus is carried over.",
                "Nur falls Sie sie in einem früheren Semester besucht haben: Ihr Bonus wird übernommen.",
            ),
        ),
        Field(
            T(
                "You may write to me about events and open positions.",
                "Sie dürfen mir zu Veranstaltungen und offenen Stellen schreiben.",
            ),
            T("Optional; it has no effect on the mark.", "Freiwillig; ohne Einfluss auf die Note."),
            tick=True,
        ),
        Field(T("E-mail", "E-Mail"), T("Optional.", "Freiwillig.")),
    ),
    declaration=T(
        "I have read the rules above, and what I entered is true.",
        "Ich habe die Regeln oben gelesen, und meine Angaben sind wahr.",
    ),
    boxed_answers=False,
    spare_pages=1,
    graph_pages=1,
)
"""The machinery of a paper with the candidate's name and a table of points (fau-2021)."""

_EXAM_ID = re.compile(r"[a-z0-9][a-z0-9.-]*")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]*")


@dataclass(frozen=True, slots=True)
class PaperMeta:
    """An exam, as far as its cover and its page headers tell.

    exam_id: lower-case letters, digits, hyphens and dots; it goes into the code of every page.
    rules: the working instructions. `{pages}`, `{problems}`, `{total}`, `{bonus}` and `{minutes}` are filled in;
        the number of pages is the one of the finished copy.
    begins: wall-clock time; the end follows from the duration.
    total: credits of all problems together; bonus: the most that exercises may add.
    """

    exam_id: str
    title: T
    institution: T
    examiner: str
    date: dt.date
    duration_minutes: int
    total: Fraction
    begins: dt.time | None = None
    subtitle: T | None = None
    bonus: Fraction | None = None
    credit_word: CreditWord = CREDITS
    rules: tuple[T, ...] = ()
    options: PaperOptions = field(default_factory=PaperOptions)

    def __post_init__(self) -> None:
        if not _EXAM_ID.fullmatch(self.exam_id):
            raise PaperError(
                f"PaperMeta: exam_id: expected lower-case letters, digits, hyphens and dots, found {self.exam_id!r}"
            )


# ---- questions and what is printed below them to be answered ----


@dataclass(frozen=True, slots=True)
class Slot:
    """One labelled place for a short answer: ``z = ______``.

    label, unit: before and after the line (a label includes its own "=").
    width: of the line in mm. expected: printed on it in the solution.
    """

    label: Markup
    expected: Markup | None = None
    unit: Markup = ""
    width: float = 34.0


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a written answer.

    height: in mm, at most MAX_BOX; None takes it from the credits of the question.
    paper: what is printed into the room. results: lines at its foot for the values reached.
    label: what belongs here, printed small into its corner.
    """

    height: float | None = None
    paper: Literal["blank", "ruled", "squared"] = "blank"
    results: tuple[Slot, ...] = ()
    label: Markup | None = None

    def __post_init__(self) -> None:
        if self.height is not None and not 5 <= self.height <= MAX_BOX:
            raise PaperError(f"Box: height: expected 5 to {MAX_BOX:g} mm, found {self.height:g}")


@dataclass(frozen=True, slots=True)
class Tick:
    """One statement with a box to cross.

    right: whether the box should be crossed; reason: why; both only appear in the solution.
    withdrawn: the box counts for nobody.
    """

    letter: str
    body: Markup
    right: bool | None = None
    reason: Markup | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Ticks:
    """Statements with boxes, set in `columns` columns."""

    options: tuple[Tick, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Slots:
    """Labelled places for short answers, set in `columns` columns (a vector, a matching, a set of values)."""

    slots: tuple[Slot, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that the candidate fills."""

    expected: Markup | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with cells to fill in; a cell is printed markup or a :class:`Blank`. `header` may be empty."""

    rows: tuple[tuple[Markup | Blank, ...], ...]
    header: tuple[Markup, ...] = ()

    def __post_init__(self) -> None:
        _same_length("Table", self.rows, len(self.header) or None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix in brackets with entries to fill in, after a label such as ``$W =$``."""

    rows: tuple[tuple[Markup | Blank, ...], ...]
    label: Markup = ""

    def __post_init__(self) -> None:
        _same_length("Matrix", self.rows, None)


@dataclass(frozen=True, slots=True)
class CodeBox:
    """Lines for code: `prefilled` stands on the first of them, at least `lines` stay empty."""

    lines: int
    prefilled: str = ""
    language: str = "python"


@dataclass(frozen=True, slots=True)
class Sketch:
    """Axes to draw into; in the solution `expected`, the same axes with the curve, takes their place."""

    axes: Markup
    expected: Markup | None = None


Answer = Box | Ticks | Slots | Table | Matrix | CodeBox | Sketch


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a worked solution or a reason for a mark, with the credit that it carries (None: none of its own)."""

    body: Markup
    credits: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A sub-problem as printed.

    number: "3.2". answers: what stands below the text, in order; empty if nothing is to be written here.
    solution: the worked solution, printed in place of boxes and beside ticks in the solution print.
    steps: the credits that can be given, for the credit boxes; None for all halves up to `credits`.
    """

    number: str
    credits: Fraction
    body: Markup
    answers: tuple[Answer, ...] = ()
    solution: tuple[Step, ...] = ()
    steps: tuple[Fraction, ...] | None = None

    def __post_init__(self) -> None:
        if self.credits < 0 or self.credits % STEP:
            raise PaperError(f"question {self.number}: expected credits in halves, not below 0, found {self.credits}")

    @property
    def credit_steps(self) -> tuple[Fraction, ...]:
        """The labels of its credit boxes."""
        return credit_steps(self.credits) if self.steps is None else self.steps


@dataclass(frozen=True, slots=True)
class PaperProblem:
    """A problem: its sub-problems under one title, with what they share as `intro`."""

    number: int
    title: T
    credits: Fraction
    questions: tuple[PaperQuestion, ...]
    intro: Markup = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """One candidate's copy of the paper.

    code: unique among the copies of an exam: capital letters, digits, hyphens, dots; on the sticker, on every page.
    """

    code: str
    version: int = 0
    name: str = ""
    number: str = ""
    seat: str = ""

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise PaperError(f"Copy: code: expected capital letters, digits, hyphens and dots, found {self.code!r}")
        if self.version < 0:
            raise PaperError(f"Copy {self.code}: version: expected a whole number from 0, found {self.version}")


# ---- the marked work ----


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """How one answer was marked.

    credit: reached so far; None as long as nothing of it is marked.
    state: "to be marked" while a person still has to decide.
    open: the credits on which a person still has to decide; None for all that is not reached while to be marked.
    answer: what was answered (None: nothing); expected: what was expected; reasons: one for every decision.
    """

    number: str
    credit: Fraction | None
    maximum: Fraction
    state: Literal["marked", "to be marked"] = "marked"
    answer: Markup | None = None
    expected: Markup | None = None
    reasons: tuple[Step, ...] = ()
    open: Fraction | None = None

    @property
    def waiting(self) -> Fraction:
        """Credits on which a person still has to decide."""
        if self.open is not None:
            return self.open
        return self.maximum - (self.credit or 0) if self.state == "to be marked" else Fraction()

    def __post_init__(self) -> None:
        if self.state == "marked" and self.credit is None:
            raise PaperError(f"question {self.number}: expected a credit because it is marked, found none")


@dataclass(frozen=True, slots=True)
class MarkedProblem:
    """The marks of one problem."""

    number: int
    title: T
    questions: tuple[MarkedQuestion, ...]

    @property
    def maximum(self) -> Fraction:
        """Credits that could be reached."""
        return sum((question.maximum for question in self.questions), Fraction())

    @property
    def reached(self) -> Fraction:
        """Credits reached so far."""
        return sum((question.credit or Fraction() for question in self.questions), Fraction())

    @property
    def open(self) -> Fraction:
        """Credits on which a person still has to decide."""
        return sum((question.waiting for question in self.questions), Fraction())


@dataclass(frozen=True, slots=True)
class MarkedSheet:
    """One candidate's marked work: sums, then every question with the reason of its mark.

    bonus: credits that the exercises add; simulated: the answers are not a person's, and every page says so.
    remarks: general decisions to be told (statements withdrawn after the exam, …).
    """

    copy: Copy
    problems: tuple[MarkedProblem, ...]
    bonus: Fraction | None = None
    grade: str | None = None
    remarks: tuple[Markup, ...] = ()
    simulated: bool = False


# ---- lists ----


def credit_steps(credits: Fraction) -> tuple[Fraction, ...]:
    """The labels of a question's credit boxes: from 0 in halves up to `credits`.

    >>> [str(step) for step in credit_steps(Fraction(2))]
    ['0', '1/2', '1', '3/2', '2']
    """
    return tuple(STEP * n for n in range(int(credits / STEP) + 1))


def _same_length(what: str, rows: tuple[tuple[Markup | Blank, ...], ...], columns: int | None) -> None:
    for number, row in enumerate(rows, start=1):
        expected = columns if columns is not None else len(rows[0])
        if len(row) != expected:
            raise PaperError(f"{what}: row {number}: expected {expected} cells, found {len(row)}")
