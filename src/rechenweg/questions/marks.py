"""A mark: what an answer earned, and why. Every mark has a reason (DESIGN.md, law 3)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rechenweg.numbers.notation import Layout
from rechenweg.text import T
from rechenweg.working.document import Code

Shown = T | Layout | Code
"""What is shown of an answer: prose, a formula, or code."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one answer field earned.

    Attributes:
        key: the field, ``""`` where a question has only one.
        maximum: the credit that the field can earn.
        credit: the credit earned; ``None`` while a person still has to mark it. Machines never guess.
        reason: why, as a corrector would write it beside the answer.
        given, expected: the answer as it was understood, and the one computed.
    """

    key: str
    maximum: Fraction
    credit: Fraction | None
    reason: T
    given: Shown | None = None
    expected: Shown | None = None

    @property
    def is_open(self) -> bool:
        """Whether a person still has to mark this."""
        return self.credit is None


@dataclass(frozen=True, slots=True)
class QuestionMark:
    """What a question earned: the marks of its fields under the question's way of adding them up."""

    number: str
    maximum: Fraction
    credit: Fraction
    open: Fraction
    marks: tuple[Mark, ...]
    reason: T | None = None

    @property
    def is_open(self) -> bool:
        """Whether part of this question still has to be marked by a person."""
        return self.open > 0
