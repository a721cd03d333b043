"""An exam: its cover, its rules, its problems and their credit; and what is inconsistent about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from rechenweg.errors import InputError
from rechenweg.questions.question import LARGEST_VERSION, Problem, Question
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import credit_text


@dataclass(frozen=True)
class Exam:
    """An exam as its lecturer set it.

    Attributes:
        id: ``tum-2024``.
        title, institution, examiner, date, begins, minutes: as on the cover.
        credit_word: what its points are called: "points" or "credits".
        cover: the working instructions; ``{pages} {problems} {total} {minutes} {bonus}`` are filled in.
        rules: how it is marked.
        problems: from the bank.
        table: credit per problem as printed on the cover; building the exam compares it with the questions.
        total: as printed on the cover.
        headings: credit as printed in a problem's heading, where it differs from the table.
        bonus: the most that exercises may add.
        look: whose machinery the pages have: "anonymous" (sticker, two corrections, credit boxes) or "named".
        notes: what was changed during or after the exam: clarified, reworded, withdrawn.
    """

    id: str
    title: T
    institution: T
    examiner: str
    date: dt.date
    minutes: int
    problems: tuple[Problem, ...]
    table: Mapping[int, Fraction]
    total: Fraction
    credit_word: Literal["points", "credits"] = "points"
    begins: dt.time | None = None
    subtitle: T | None = None
    cover: tuple[T, ...] = ()
    rules: Rules = field(default_factory=Rules)
    headings: Mapping[int, Fraction] = field(default_factory=dict)
    bonus: Fraction | None = None
    look: Literal["anonymous", "named"] = "named"
    notes: tuple[T, ...] = ()

    @cached_property
    def questions(self) -> Mapping[str, tuple[Problem, Question]]:
        """Every question by its number, with its problem."""
        return {q.number: (p, q) for p in self.problems for q in p.questions}

    def version(self, number: int) -> dict[int, Any]:
        """The settings of one version by problem; version 0 is the paper as it was.

        Raises:
            InputError: the number is out of range.
        """
        if not 0 <= number <= LARGEST_VERSION:
            raise InputError(f"{self.id}: version", f"a whole number from 0 to {LARGEST_VERSION}", str(number))
        return {p.number: p.version(number) for p in self.problems}

    def warnings(self) -> tuple[T, ...]:
        """What does not fit together: credit of questions, table, headings and total."""
        found: list[T] = []
        for problem in self.problems:
            printed = self.table.get(problem.number)
            if printed != problem.credits:
                found.append(
                    _differs(problem.number, "cover table", "Tabelle des Deckblatts", printed, problem.credits)
                )
            heading = self.headings.get(problem.number)
            if heading is not None and heading != problem.credits:
                found.append(_differs(problem.number, "heading", "Überschrift", heading, problem.credits))
            for question in problem.questions:
                if question.maximum % self.rules.unit:
                    credit, unit = credit_text(question.maximum), credit_text(self.rules.unit)
                    found.append(
                        T(
                            f"Question {question.number}: {credit} is no multiple of {unit}.",
                            f"Frage {question.number}: {credit} ist kein Vielfaches von {unit}.",
                        )
                    )
        for number in set(self.table) - {p.number for p in self.problems}:
            found.append(
                T(
                    f"Problem {number} is in the table but not in the exam.",
                    f"Aufgabe {number} steht in der Tabelle, aber nicht in der Klausur.",
                )
            )
        summed = sum((p.credits for p in self.problems), Fraction(0))
        if summed != self.total:
            total, sum_of_problems = credit_text(self.total), credit_text(summed)
            found.append(
                T(
                    f"The cover states a total of {total}; the problems add up to {sum_of_problems}.",
                    f"Das Deckblatt nennt insgesamt {total}; die Aufgaben ergeben zusammen {sum_of_problems}.",
                )
            )
        numbers = [q.number for p in self.problems for q in p.questions]
        for twice in sorted({n for n in numbers if numbers.count(n) > 1}):
            found.append(T(f"Question {twice} occurs more than once.", f"Frage {twice} kommt mehrfach vor."))
        return tuple(found)


def _differs(number: int, place_en: str, place_de: str, printed: Fraction | None, computed: Fraction) -> T:
    shown = "—" if printed is None else credit_text(printed)
    return T(
        f"Problem {number}: its {place_en} says {shown}, its questions add up to {credit_text(computed)}.",
        f"Aufgabe {number}: {place_de} nennt {shown}, ihre Fragen ergeben {credit_text(computed)}.",
    )
