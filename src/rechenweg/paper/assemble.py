"""From exams and marks to pages: what a question asks becomes boxes, lines and cells; marks become a marked page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from rechenweg.exams import exam as exam_by_id
from rechenweg.exams.candidates import Assignment
from rechenweg.exams.exam import Exam
from rechenweg.marking.marking import ExamMark
from rechenweg.numbers.notation import to_typst
from rechenweg.paper import sheets
from rechenweg.paper.sheets import ANONYMOUS, CREDITS, NAMED, POINTS, Copy, PaperMeta, PaperProblem, PaperQuestion
from rechenweg.questions import asking
from rechenweg.questions.kinds.choice import ChoiceQuestion
from rechenweg.questions.marks import Mark, QuestionMark, Shown
from rechenweg.questions.question import Problem, Question
from rechenweg.text import Language, T
from rechenweg.working.document import Block, Code, Document, Figure, Prose
from rechenweg.working.figures import blank_axes
from rechenweg.working.writers import typst

_LINE = 8.0
"""Height of a line of handwriting in mm."""

_WIDTHS = {"short": 14.0, "wide": 34.0, "line": 110.0}


def meta(exam: Exam) -> PaperMeta:
    """The exam as its cover tells it."""
    return PaperMeta(
        exam_id=exam.id,
        title=exam.title,
        subtitle=exam.subtitle,
        institution=exam.institution,
        examiner=exam.examiner,
        date=exam.date,
        begins=exam.begins,
        duration_minutes=exam.minutes,
        total=exam.total,
        bonus=exam.bonus,
        credit_word=CREDITS if exam.credit_word == "credits" else POINTS,
        rules=exam.cover,
        options=ANONYMOUS if exam.look == "anonymous" else NAMED,
    )


def copy_for(assignment: Assignment) -> Copy:
    """A candidate's copy."""
    return Copy(assignment.code, assignment.version, assignment.candidate.name, assignment.candidate.number)


def problems(exam: Exam, version: int, language: Language, solution: bool) -> tuple[PaperProblem, ...]:
    """All problems of a version as they are printed; worked solutions only where they are wanted."""
    drawn = _version(exam.id, version)
    return tuple(printed_problem(exam, p, drawn[p.number], language, solution) for p in exam.problems)


@lru_cache(maxsize=2)
def _version(exam_id: str, version: int) -> dict[int, Any]:
    """The numbers of a version, drawn and run once for a paper and its solution."""
    return exam_by_id(exam_id).version(version)


def printed_problem(exam: Exam, problem: Problem, s: Any, language: Language, solution: bool) -> PaperProblem:
    """One problem as it is printed, with the numbers of `s`."""
    questions = tuple(_question(exam, q, s, language, solution) for q in problem.questions)
    introduction = _blocks(problem.introduction(s), language)
    return PaperProblem(problem.number, problem.title, problem.credits, questions, introduction)


def _question(exam: Exam, question: Question, s: Any, language: Language, solution: bool) -> PaperQuestion:
    body = _blocks((Prose(question.text(s)), *question.given(s)), language, sheets.QUESTION_WIDTH)
    expected = {}
    if solution:
        for field in question.fields(s):
            expected.update(field.expected_by_slot())
    answers = tuple(_answer(exam, question, ask, language, expected if solution else None) for ask in question.asks(s))
    steps: tuple[sheets.Step, ...] = ()
    if solution and not any(isinstance(answer, sheets.Ticks) for answer in answers):
        steps = (sheets.Step(typst.write(question.solution(s), language, sheets.SOLUTION_WIDTH)),)
    return PaperQuestion(question.number, question.maximum, body, answers, steps, _credit_steps(exam, question))


def _credit_steps(exam: Exam, question: Question) -> tuple[Fraction, ...] | None:
    """What a corrector may give, where that is all or nothing."""
    if isinstance(question, ChoiceQuestion) and (question.single or exam.rules.choice == "all or nothing"):
        return (Fraction(), question.maximum)
    return None


def _blocks(blocks: Iterable[Block], language: Language, width: int | None = None) -> str:
    return typst.write(Document(tuple(blocks)), language, width)


def _answer(
    exam: Exam, question: Question, ask: asking.Ask, language: Language, expected: Mapping[str, Shown] | None
) -> sheets.Answer:
    """What is printed to answer in; with `expected` (the solution) what should stand there."""
    if isinstance(ask, asking.Ticks):
        return sheets.Ticks(
            tuple(
                sheets.Tick(
                    option.letter,
                    shown(option.text, language),
                    option.right if expected is not None else None,
                    shown(option.reason, language) if expected is not None else None,
                    (question.number, option.id) in exam.rules.withdrawn,
                )
                for option in ask.options
            )
        )
    if isinstance(ask, asking.Slots):
        slots = tuple(
            sheets.Slot(_slot_label(slot, language), _filled(slot.key, expected, language), width=_WIDTHS[slot.width])
            for slot in ask.slots
        )
        return sheets.Slots(slots, columns=_columns(ask, language))
    if isinstance(ask, asking.Cells):
        rows = tuple(
            tuple(
                sheets.Blank(_filled(c.key, expected, language)) if isinstance(c, asking.Blank) else shown(c, language)
                for c in row
            )
            for row in ask.rows
        )
        return sheets.Table(rows, tuple(shown(c, language) for c in ask.header))
    if isinstance(ask, asking.Space):
        height = min(max(ask.lines * _LINE, 12.0), sheets.MAX_BOX)
        label = shown(ask.label, language) if ask.label is not None else None
        return sheets.Box(height, "squared" if ask.squared else "blank", label=label)
    if isinstance(ask, asking.CodeSpace):
        return sheets.CodeBox(ask.lines, ask.source)
    return sheets.Sketch(_axes(ask, language))


def _filled(key: str, expected: Mapping[str, Shown] | None, language: Language) -> str | None:
    return None if expected is None or key not in expected else shown(expected[key], language)


def _columns(slots: asking.Slots, language: Language) -> int:
    """As many columns as labels and lines allow."""
    longest = max((len(s.label.in_(language)) for s in slots.slots if isinstance(s.label, T)), default=0)
    if longest > 14 or any(s.width == "line" for s in slots.slots):
        return 1
    return min(len(slots.slots), 4)


def _slot_label(slot: asking.Slot, language: Language) -> str:
    label = shown(slot.label, language)
    return f"{label} $=$" if not isinstance(slot.label, T) else label


def _axes(axes: asking.Axes, language: Language) -> str:
    drawing = blank_axes(axes.x, axes.y, x_label=axes.x_label, y_label=axes.y_label)
    return _blocks((Figure(drawing, None, T("Axes to draw in.", "Achsen zum Zeichnen.")),), language)


@lru_cache(maxsize=8192)
def shown(content: Shown, language: Language) -> str:
    """Prose, a formula or code as Typst markup."""
    if isinstance(content, Code):
        return typst.write(Document((content,)), language)
    if isinstance(content, T):
        return typst.cell(content, language)
    return f"${to_typst(content, language)}$"


# --- the marked work ------------------------------------------------------------------------------------------------


def marked_sheet(exam: Exam, mark: ExamMark, copy: Copy, language: Language) -> sheets.MarkedSheet:
    """One candidate's marked work, every mark with its reason."""
    by_number = {m.number: m for m in mark.questions}
    marked = tuple(
        sheets.MarkedProblem(
            problem.number,
            problem.title,
            tuple(_marked_question(by_number[q.number], language) for q in problem.questions),
        )
        for problem in exam.problems
    )
    # notes speak of the paper as it was; a drawn version has other statements in other places
    remarks = tuple(shown(note, language) for note in exam.notes) if mark.version == 0 else ()
    return sheets.MarkedSheet(copy, marked, remarks=remarks, simulated=mark.simulated)


def _marked_question(mark: QuestionMark, language: Language) -> sheets.MarkedQuestion:
    several = len(mark.marks) > 1
    reasons = [_reason(m, several, mark.reason is None, language) for m in mark.marks]
    if mark.reason is not None:
        reasons.append(sheets.Step(shown(mark.reason, language), mark.credit))
    return sheets.MarkedQuestion(
        mark.number,
        None if _undecided(mark) else mark.credit,
        mark.maximum,
        "to be marked" if mark.is_open else "marked",
        _together([(m.key, m.given) for m in mark.marks], several, language),
        _together([(m.key, m.expected) for m in mark.marks], several, language),
        tuple(reasons),
        mark.open,
    )


def _undecided(mark: QuestionMark) -> bool:
    """Whether nothing of a question is marked yet."""
    all_open = bool(mark.marks) and all(m.is_open for m in mark.marks)
    return mark.is_open and not mark.credit and (all_open or mark.open >= mark.maximum)


def _reason(mark: Mark, several: bool, with_credit: bool, language: Language) -> sheets.Step:
    text = shown(mark.reason, language)
    if several:
        text = f"{typst.cell(mark.key, language)}: {text}"
    return sheets.Step(text, mark.credit if with_credit else None)


def _together(parts: list[tuple[str, Shown | None]], several: bool, language: Language) -> str | None:
    written = [
        f"{typst.cell(key, language)}: {shown(part, language)}" if several else shown(part, language)
        for key, part in parts
        if part is not None
    ]
    return " \\\n".join(written) if written else None
