"""The rules by which answers are marked, as data; an exam states them, every kind of question obeys them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rechenweg.text import T

ChoiceRule = Literal["all or nothing", "per option"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How an exam marks.

    Attributes:
        choice: "all or nothing": the credit needs every box right (both papers); "per option": each box its share.
        documented: results without steps lose the credit of their method ("the solution approach must be documented").
        surplus_void: more answers than asked for, or contradicting ones, are not marked (fau-2021).
        unit: the smallest step of credit that a corrector may give.
        withdrawn: statements that count for nobody, as (question number, statement id).
    """

    choice: ChoiceRule = "all or nothing"
    documented: bool = False
    surplus_void: bool = True
    unit: Fraction = Fraction(1, 2)
    withdrawn: frozenset[tuple[str, str]] = frozenset()

    def stated(self) -> tuple[T, ...]:
        """The rules in words, for the cover and the marked page."""
        said = [
            T(
                "Multiple choice: a question earns its credit only if every box is right.",
                "Multiple Choice: Eine Frage zählt nur, wenn jedes Kästchen richtig ist.",
            )
            if self.choice == "all or nothing"
            else T(
                "Multiple choice: every box that is right earns its share.",
                "Multiple Choice: Jedes richtige Kästchen zählt anteilig.",
            )
        ]
        if self.documented:
            said.append(
                T(
                    "A result is worth its full credit only together with the path that leads to it.",
                    "Ein Ergebnis zählt nur zusammen mit dem Weg, der zu ihm führt, voll.",
                )
            )
        if self.surplus_void:
            said.append(
                T(
                    "More answers than asked for, or answers that contradict each other, are not marked.",
                    "Mehr Antworten als verlangt oder einander widersprechende Antworten werden nicht gewertet.",
                )
            )
        return tuple(said)
