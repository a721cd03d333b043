"""Marks with reasons: a pure function of answers, questions and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from rechenweg.exams import exam as exam_by_id
from rechenweg.exams.exam import Exam
from rechenweg.marking.answers import Answers
from rechenweg.questions.marks import QuestionMark


@dataclass(frozen=True, slots=True)
class ExamMark:
    """What one candidate earned in an exam.

    Attributes:
        questions: the mark of every question, in the order of the paper.
        by_problem: credit earned per problem, as far as it is decided.
        total: their sum. open: credit that a person still has to decide.
    """

    exam: str
    candidate: str
    version: int
    questions: tuple[QuestionMark, ...]
    by_problem: Mapping[int, Fraction]
    total: Fraction
    open: Fraction
    simulated: bool = False

    def without_reasons(self) -> ExamMark:
        """The credit alone: a hundredth of the size, for tables of results."""
        bare = tuple(replace(q, marks=(), reason=None) for q in self.questions)
        return replace(self, questions=bare)


def mark(exam: Exam, answers: Answers) -> ExamMark:
    """Mark one candidate's answers."""
    settings: dict[int, Any] = {}
    marks: list[QuestionMark] = []
    by_problem: dict[int, Fraction] = {p.number: Fraction(0) for p in exam.problems}
    for number, (problem, question) in exam.questions.items():
        if problem.number not in settings:
            settings[problem.number] = problem.version(answers.version)
        question_mark = question.mark(settings[problem.number], answers.answers.get(number), exam.rules)
        marks.append(question_mark)
        by_problem[problem.number] += question_mark.credit
    return ExamMark(
        exam.id,
        answers.candidate,
        answers.version,
        tuple(marks),
        by_problem,
        sum(by_problem.values(), Fraction(0)),
        sum((m.open for m in marks), Fraction(0)),
        answers.simulated,
    )


CHUNK = 25
"""Candidates that a worker takes at a time."""


def mark_all(
    exam: Exam, answers: Iterable[Answers], executor: Executor | None = None, *, reasons: bool = True
) -> Iterator[ExamMark]:
    """Mark many candidates in order; with an executor (processes, or a cluster's) in parallel.

    Args:
        reasons: whether the reasons come back with the credit.
    """
    waiting = list(answers)
    chunks = [waiting[i : i + CHUNK] for i in range(0, len(waiting), CHUNK)]
    work = partial(_mark_chunk, exam.id, reasons=reasons)
    for marks in map(work, chunks) if executor is None else executor.map(work, chunks):
        yield from marks


def _mark_chunk(exam_id: str, answers: list[Answers], *, reasons: bool) -> list[ExamMark]:
    exam = exam_by_id(exam_id)
    marks = (mark(exam, one) for one in answers)
    return [m if reasons else m.without_reasons() for m in marks]
