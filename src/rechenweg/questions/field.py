"""An answer field: something asked for, its computed answer, and how an answer to it is read and marked.

Each kind of field is one class in :mod:`rechenweg.questions.kinds`, and nothing about a kind stands anywhere else:
paper, answer files, marking and simulated candidates all go through the methods below.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from rechenweg.errors import ReadingError
from rechenweg.questions.asking import Ask
from rechenweg.questions.marks import Mark, Shown
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.prose import escape

Raw = Any
"""An answer as it stands in an answer file: a JSON value."""


LONGEST_ANSWER = 10_000
"""Characters and entries of an answer that a machine still reads."""


class TooManyAnswers(ReadingError):
    """More answers than were asked for."""


def no_answer(raw: Raw) -> bool:
    """Whether nothing was answered."""
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, (list, dict)) and not raw)


@dataclass(frozen=True)
class Field(ABC):
    """Base of all kinds.

    Attributes:
        key: name in answer files; ``""`` when the question has only this field.
        credits: the credit it can earn.
    """

    key: str
    credits: Fraction
    kind: ClassVar[str]
    computed: ClassVar[bool] = True
    """Whether the answer is computed from the version's numbers (then versions must differ in it)."""

    @abstractmethod
    def ask(self) -> Ask:
        """What the candidate is given to answer in."""

    @abstractmethod
    def perfect(self) -> Raw:
        """The right answer, as an answer file would hold it."""

    @abstractmethod
    def slip(self, rng: random.Random) -> Raw:
        """A wrong answer such as candidates give, for simulated candidates."""

    @abstractmethod
    def expected(self) -> Shown:
        """The right answer as it is shown to people."""

    def expected_by_slot(self) -> dict[str, Shown]:
        """What should stand on each line or in each cell that :meth:`ask` gives, for the printed solution."""
        return {self.key: self.expected()}

    def mark(self, raw: Raw, rules: Rules) -> Mark:
        """The mark for a raw answer. A pure function; never raises on anything that a candidate can write."""
        if no_answer(raw):
            return self._marked(Fraction(0), T("no answer", "keine Antwort"), None)
        if _size(raw) > LONGEST_ANSWER:
            return self._open(
                T("too long for a machine; a person decides", "zu lang für eine Maschine; ein Mensch entscheidet"), raw
            )
        try:
            answer = self.read(raw)
        except TooManyAnswers as error:
            if not rules.surplus_void:
                return self._open(
                    T("several answers; a person decides", "mehrere Antworten; ein Mensch entscheidet"), raw
                )
            return self._marked(
                Fraction(0),
                T(f"more answers than asked for: {error}", f"mehr Antworten als verlangt: {error}"),
                quoted(raw),
            )
        except ReadingError as error:
            if error.final:
                return self._marked(Fraction(0), T(f"cannot be read: {error}", f"nicht lesbar: {error}"), quoted(raw))
            # what a machine cannot read may still be right
            return self._open(
                T(f"to be read by a person ({error})", f"von einem Menschen zu lesen (maschinell: {error})"), raw
            )
        return self.judge(answer, rules)

    @abstractmethod
    def read(self, raw: Raw) -> Any:
        """Understand a raw answer; raises :class:`ReadingError` saying what is wrong with it."""

    @abstractmethod
    def judge(self, answer: Any, rules: Rules) -> Mark:
        """The mark for an answer that was understood."""

    def _marked(self, credit: Fraction, reason: T, given: Shown | None) -> Mark:
        return Mark(self.key, self.credits, credit, reason, given, self.expected())

    def _open(self, reason: T, raw: Raw) -> Mark:
        return Mark(self.key, self.credits, None, reason, quoted(raw), self.expected())


def _size(raw: Raw) -> int:
    """Characters and entries of an answer, counted no further than LONGEST_ANSWER."""
    total, stack = 0, [raw]
    while stack and total <= LONGEST_ANSWER:
        value = stack.pop()
        total += len(value) if isinstance(value, str) else 1
        if isinstance(value, Mapping):
            stack += [*value, *value.values()]
        elif isinstance(value, list):
            stack += value
    return total


def single_spaced(text: str) -> str:
    """Lines without blanks at their ends and with single blanks inside; empty lines are dropped."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def quoted(raw: Raw, longest: int = 400) -> T:
    """A raw answer for people to read, shortened, its markup made harmless."""
    words = raw if isinstance(raw, str) else ", ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
    words = words if len(words) <= longest else words[:longest] + " …"
    return T.same(escape(words))


RIGHT = T("right", "richtig")
