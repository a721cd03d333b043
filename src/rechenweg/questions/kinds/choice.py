"""Multiple choice: statements to tick, drawn from a pool, each with its reason.

Whether a statement holds is computed where it can be: its `evidence` is a small experiment on the library that returns
what it found. Only what is a definition or a matter of the field's usage is stated with its reason alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, ClassVar

from rechenweg.errors import QuestionError, ReadingError
from rechenweg.questions.asking import Option, Ticks
from rechenweg.questions.field import RIGHT, Field, Raw, TooManyAnswers
from rechenweg.questions.marks import Mark
from rechenweg.questions.question import Question
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Prose

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an experiment behind a statement found: whether the statement holds, and the finding in words."""

    holds: bool
    finding: Document


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to tick or to leave.

    Attributes:
        id: short and stable; withdrawals and re-keying name it.
        text: the statement.
        reason: why it holds or does not, as it stands in the solution.
        holds: whether it is true; ``None`` if `evidence` computes that.
        evidence: the experiment behind it.
    """

    id: str
    text: T
    reason: T
    holds: bool | None = None
    evidence: Callable[[], Evidence] | None = None
    paper_only: bool = False

    def __post_init__(self) -> None:
        if self.holds is None and self.evidence is None:
            raise QuestionError(f"statement {self.id!r}: expected `holds` or `evidence`, found neither")

    @property
    def truth(self) -> bool:
        """Whether it holds: what its evidence finds, else what is stated."""
        if self.evidence is None:
            return bool(self.holds)
        return found(self.evidence).holds


@cache
def found(evidence: Callable[[], Evidence]) -> Evidence:
    """Run an experiment once."""
    return evidence()


@dataclass(frozen=True)
class Choice(Field):
    """Options to tick. Raw answers: a list of letters (``["a", "c"]``, ``[]`` for none) or text (``"a, c"``).

    `question` is the number under which statements are withdrawn.
    """

    options: tuple[Option, ...]
    question: str = ""
    single: bool = False
    kind: ClassVar[str] = "choice"
    computed: ClassVar[bool] = False

    def ask(self) -> Ticks:
        return Ticks(self.options, self.single)

    def perfect(self) -> Raw:
        return [o.letter for o in self.options if o.right]

    def slip(self, rng: random.Random) -> Raw:
        ticked = set(self.perfect())
        if self.single:
            return [rng.choice([o.letter for o in self.options if o.letter not in ticked])]
        for letter in rng.sample([o.letter for o in self.options], rng.choice((1, 1, 2))):
            ticked ^= {letter}
        return sorted(ticked)

    def expected(self) -> T:
        return self._letters(self.perfect())

    @staticmethod
    def _letters(letters: list[str]) -> T:
        return T.same(", ".join(sorted(letters))) if letters else T("none", "keine")

    def mark(self, raw: Raw, rules: Rules) -> Mark:
        # nothing ticked is an answer where none may be right
        return super().mark("none" if raw == [] and not self.single else raw, rules)

    def read(self, raw: Raw) -> list[str]:
        if isinstance(raw, str):
            words = raw.replace(",", " ").replace(";", " ").lower().split()
            raw = [] if words in (["none"], ["keine"], ["-"]) else words
        if not isinstance(raw, list) or not all(isinstance(r, str) for r in raw):
            raise ReadingError('expected a list of letters such as ["a", "c"]')
        known = [o.letter for o in self.options]
        for letter in raw:
            if letter.strip().lower() not in known:
                raise ReadingError(f'expected letters from "{known[0]}" to "{known[-1]}", found "{letter[:20]}"')
        ticked = sorted({letter.strip().lower() for letter in raw})
        if self.single and len(ticked) > 1:
            raise TooManyAnswers(", ".join(ticked))
        return ticked

    def judge(self, answer: list[str], rules: Rules) -> Mark:
        withdrawn = [o.letter for o in self.options if (self.question, o.id) in rules.withdrawn]
        counted = [o for o in self.options if o.letter not in withdrawn]
        wrong = [o for o in counted if o.right != (o.letter in answer)]
        given = self._letters(answer)
        if not wrong:
            return self._marked(self.credits, self._reason(RIGHT, withdrawn), given)
        named = ", ".join(o.letter for o in wrong)
        reason = T(
            f"{len(wrong)} of {len(counted)} boxes wrong: {named}",
            f"{len(wrong)} von {len(counted)} Kästchen falsch: {named}",
        )
        earned = Fraction(0)
        if rules.choice == "per option" and not self.single:
            earned = self.credits * (len(counted) - len(wrong)) / len(counted)
        return self._marked(earned, self._reason(reason, withdrawn), given)

    @staticmethod
    def _reason(reason: T, withdrawn: list[str]) -> T:
        if not withdrawn:
            return reason
        return reason + T(f" ({', '.join(withdrawn)} withdrawn)", f" ({', '.join(withdrawn)} zurückgezogen)")


class ChoiceQuestion(Question):
    """A multiple-choice question over a pool of statements.

    Class attributes:
        stem: the question.
        pool: all statements; `paper_statements` are those of version 0, in its order. Statements of the pool that are
            marked `paper_only` appear in no drawn version (withdrawn ones).
        shown: how many a drawn version shows (default: as many as the paper).
        single: exactly one is to be ticked.
        tick_if: tick what is true (default) or what is false ("which are wrong?").
        none_allowed: whether all boxes may stay empty.
    """

    stem: ClassVar[T]
    pool: ClassVar[tuple[Statement, ...]]
    paper_statements: ClassVar[tuple[str, ...]]
    shown: ClassVar[int | None] = None
    single: ClassVar[bool] = False
    tick_if: ClassVar[bool] = True
    none_allowed: ClassVar[bool] = False

    def text(self, s: Any) -> T:
        return self.stem

    def statements(self, s: Any) -> tuple[Statement, ...]:
        """The statements of this version, in the order in which they are printed."""
        by_id = {st.id: st for st in self.pool}
        if s.is_paper:
            return tuple(by_id[i] for i in self.paper_statements)
        rng = s.rng(self.number)
        pool = [st for st in self.pool if not st.paper_only]
        right = [st for st in pool if st.truth == self.tick_if]
        wrong = [st for st in pool if st.truth != self.tick_if]
        size = self.shown or len(self.paper_statements)
        if self.single:
            chosen = [rng.choice(right), *rng.sample(wrong, size - 1)]
        else:
            while True:
                chosen = rng.sample(pool, size)
                if self.none_allowed or any(st.truth == self.tick_if for st in chosen):
                    break
        rng.shuffle(chosen)
        return tuple(chosen)

    def options(self, s: Any) -> tuple[Option, ...]:
        """The statements as boxes."""
        return tuple(
            Option(LETTERS[i], st.text, st.truth == self.tick_if, st.reason, st.id)
            for i, st in enumerate(self.statements(s))
        )

    def fields(self, s: Any) -> tuple[Field, ...]:
        return (Choice("", self.maximum, self.options(s), self.number, self.single),)

    def solution(self, s: Any) -> Document:
        blocks: list[Block] = []
        for option in self.options(s):
            box = "☒" if option.right else "☐"
            blocks.append(Prose(T.same(f"{box} {option.letter}) ") + option.reason))
        return Document((*blocks, Callout("credit", T("all boxes right", "alle Kästchen richtig"), self.maximum)))
