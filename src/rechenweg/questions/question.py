"""Questions and problems as small programs.

A :class:`Problem` draws the numbers of a version (its :class:`Setting`) from a seed; each of its :class:`Question`
classes makes text, figure, answer fields and worked solution out of them. Version 0 is the paper as it was set.
A problem is one file in :mod:`rechenweg.bank`; nothing about it stands anywhere else.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from rechenweg.errors import QuestionError
from rechenweg.questions.asking import Ask, Slots, Space
from rechenweg.questions.field import Field, Raw
from rechenweg.questions.marks import Mark, QuestionMark
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import Block, Document

LARGEST_VERSION = 10**9
"""Versions are numbered from 0 (the paper as it was) up to this."""

MOST_DRAWS = 400
"""Draws after which a problem without an admissible version is given up."""


class Setting:
    """The numbers of one version of a problem; subclasses add them as attributes.

    `version` and `problem` make the drawing of shuffles repeatable. Subclasses may use ``cached_property`` for the
    computed run of their network, so that marking never works out more than it needs.
    """

    version: int = 0
    problem: str = ""

    def rng(self, key: str) -> random.Random:
        """A generator of random numbers that is the same for every run of this version."""
        return random.Random(f"{self.problem}/{self.version}/{key}")

    @property
    def is_paper(self) -> bool:
        """Whether this is the paper as it was."""
        return self.version == 0

    def distinguishing(self) -> Any:
        """What makes this version differ from others; compared by ``rechenweg check``."""
        return sorted((k, str(v)) for k, v in vars(self).items() if k in getattr(self, "__annotations__", {}))


@dataclass(frozen=True, slots=True)
class Rejection:
    """A stated rule by which drawn numbers are rejected, e.g. "a tie in the max pooling"."""

    reason: T
    applies: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the credit scheme: what it is given for. Correctors see it, the solution prints it."""

    credit: Fraction
    text: T

    @classmethod
    def of(cls, credit: str | int, en: str, de: str) -> Step:
        """``Step.of("1/2", "chain rule", "Kettenregel")``."""
        return cls(Fraction(credit), T(en, de))


class Question(ABC):
    """One sub-problem. Subclass it in the bank; `s` is always the version's setting.

    Class attributes:
        number: "3.2".
        credits: the credit it can earn, as text: "1", "3/2".
        per_count: optional; maps the number of right fields to credit ("1 for all three, ½ for at least one").
            Without it the credits of the fields add up.
    """

    number: ClassVar[str]
    credits: ClassVar[str]
    per_count: ClassVar[Mapping[int, str] | None] = None

    @cached_property
    def maximum(self) -> Fraction:
        """The credit that this question can earn."""
        return Fraction(self.credits)

    @abstractmethod
    def text(self, s: Any) -> T:
        """What is asked."""

    @abstractmethod
    def fields(self, s: Any) -> tuple[Field, ...]:
        """The answer fields with their computed answers. Kept light: marking calls this for every candidate."""

    @abstractmethod
    def solution(self, s: Any) -> Document:
        """The worked solution."""

    def given(self, s: Any) -> tuple[Block, ...]:
        """Figures, tables and formulas that stand below the text."""
        return ()

    def scheme(self, s: Any) -> tuple[Step, ...]:
        """The credit of each step, for correctors and for the printed solution."""
        return ()

    def asks(self, s: Any) -> tuple[Ask, ...]:
        """What is printed to answer in; by default what each field asks for, lines put together."""
        asks: list[Ask] = []
        for field in self.fields(s):
            ask = field.ask()
            if isinstance(ask, Slots) and asks and isinstance(asks[-1], Slots):
                asks[-1] = Slots(asks[-1].slots + ask.slots)
            else:
                asks.append(ask)
        lines = self.working_lines(s)
        return (Space(lines), *asks) if lines else tuple(asks)

    def working_lines(self, s: Any) -> int:
        """Lines of free space for the path to the answer, above the lines for the answer itself."""
        return 0

    # --- answers ------------------------------------------------------------------------------------------------

    def perfect(self, s: Any) -> Raw:
        """The right answer as an answer file holds it."""
        return self._join({f.key: f.perfect() for f in self.fields(s)})

    def split(self, raw: Raw, fields: tuple[Field, ...]) -> tuple[dict[str, Raw], tuple[str, ...]]:
        """A raw answer by field, and the keys in it that no field has."""
        if len(fields) == 1 and fields[0].key == "":
            return {"": raw}, ()
        if raw is None:
            return {}, ()
        if not isinstance(raw, Mapping):
            return {fields[0].key: raw}, ()
        known = {f.key for f in fields}
        return {k: v for k, v in raw.items() if k in known}, tuple(k for k in raw if k not in known)

    def mark(self, s: Any, raw: Raw, rules: Rules) -> QuestionMark:
        """The mark for a raw answer."""
        fields = self.fields(s)
        answers, _ = self.split(raw, fields)
        marks = tuple(field.mark(answers.get(field.key), rules) for field in fields)
        return self.add_up(s, marks, answers, rules)

    def add_up(self, s: Any, marks: tuple[Mark, ...], answers: Mapping[str, Raw], rules: Rules) -> QuestionMark:
        """The question's mark from the marks of its fields."""
        reason = None
        if self.per_count is not None:
            right = sum(m.credit == m.maximum for m in marks)
            earned = Fraction(max((Fraction(c) for n, c in self.per_count.items() if right >= n), default=0))
            reason = T(f"{right} of {len(marks)} right", f"{right} von {len(marks)} richtig")
        else:
            earned = sum((m.credit for m in marks if m.credit is not None), Fraction(0))
        unsettled = sum((m.maximum for m in marks if m.credit is None), Fraction(0))
        return QuestionMark(self.number, self.maximum, min(earned, self.maximum), unsettled, marks, reason)

    @staticmethod
    def _join(answers: dict[str, Raw]) -> Raw:
        return answers[""] if set(answers) == {""} else answers


class Problem(ABC):
    """A problem of an exam: its questions share the numbers of one version.

    Class attributes:
        paper: identifier of the exam it comes from.
        number, title: as in the exam.
        questions: its questions in order.
        rejections: the rules by which drawn numbers are rejected.
    """

    paper: ClassVar[str]
    number: ClassVar[int]
    title: ClassVar[T]
    questions: ClassVar[tuple[Question, ...]]
    rejections: ClassVar[tuple[Rejection, ...]] = ()

    def original(self) -> Any:
        """The numbers of the paper as it was."""
        return Setting()

    def draw(self, rng: random.Random) -> Any:
        """Numbers of a new version; those that a rejection rule names are drawn again."""
        return Setting()

    def introduction(self, s: Any) -> tuple[Block, ...]:
        """What stands before the first question."""
        return ()

    @cached_property
    def credits(self) -> Fraction:
        """The credit of all questions together."""
        return sum((q.maximum for q in self.questions), Fraction(0))

    @property
    def id(self) -> str:
        """``tum-2024/3``."""
        return f"{self.paper}/{self.number}"

    def version(self, number: int) -> Any:
        """The setting of version `number`; the same number always gives the same setting.

        Raises:
            QuestionError: no admissible version was found in MOST_DRAWS draws.
        """
        if number == 0:
            return self._labelled(self.original(), 0)
        for setting, rejected in self.draws(number):
            if rejected is None:
                return setting
        raise QuestionError(f"{self.id}: no admissible version {number} in {MOST_DRAWS} draws")

    def draws(self, number: int) -> Iterator[tuple[Any, Rejection | None]]:
        """The draws of version `number` in order, each with the rule that rejects it."""
        rng = random.Random(f"{self.id}/{number}")
        for _ in range(MOST_DRAWS):
            setting = self._labelled(self.draw(rng), number)
            yield setting, next((r for r in self.rejections if r.applies(setting)), None)

    def _labelled(self, setting: Any, number: int) -> Any:
        object.__setattr__(setting, "version", number)
        object.__setattr__(setting, "problem", self.id)
        return setting

    @cached_property
    def by_number(self) -> Mapping[str, Question]:
        """The questions by their number."""
        return {q.number: q for q in self.questions}
