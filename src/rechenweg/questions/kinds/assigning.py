"""Matching and ordering."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from rechenweg.errors import ReadingError
from rechenweg.questions.asking import Slot, Slots
from rechenweg.questions.field import RIGHT, Field, Raw, TooManyAnswers, single_spaced
from rechenweg.questions.marks import Mark, Shown
from rechenweg.questions.rules import Rules
from rechenweg.text import T


@dataclass(frozen=True)
class Matching(Field):
    """Items to be matched with letters: ``{"1": "C", "2": "D"}`` or ``"1: C, 2: D"``.

    Attributes:
        pairs: the right letter of each item.
        letters: the letters on offer.
    """

    pairs: Mapping[str, str]
    letters: tuple[str, ...]
    kind: ClassVar[str] = "matching"

    def ask(self) -> Slots:
        return Slots(tuple(Slot(item, T.same(f"({item})"), "short") for item in self.pairs))

    def perfect(self) -> Raw:
        return dict(self.pairs)

    def slip(self, rng: random.Random) -> Raw:
        wrong = dict(self.pairs)
        first, second = rng.sample(list(wrong), 2)
        wrong[first], wrong[second] = wrong[second], wrong[first]
        return wrong

    def expected(self) -> T:
        return self._shown(self.pairs)

    def expected_by_slot(self) -> dict[str, Shown]:
        return {item: T.same(letter) for item, letter in self.pairs.items()}

    @staticmethod
    def _shown(pairs: Mapping[str, str]) -> T:
        return T.same(", ".join(f"({k}) {v}" for k, v in pairs.items()))

    def read(self, raw: Raw) -> dict[str, str]:
        if isinstance(raw, str):
            pairs = re.findall(r"\(?(\w+)\)?[ ]?[.:=→-]?[ ]?([A-Za-z])\b", single_spaced(raw))
            if len(dict(pairs)) < len(set(pairs)):
                raise TooManyAnswers(raw[:60])
            raw = dict(pairs)
        if not isinstance(raw, Mapping):
            raise ReadingError('expected pairs such as {"1": "C"}')
        answer = {str(k): str(v).strip().upper() for k, v in raw.items()}
        for item, letter in answer.items():
            if item not in self.pairs:
                raise ReadingError(f'"{item[:20]}" is none of {", ".join(self.pairs)}')
            if letter and letter not in self.letters:
                raise ReadingError(f'expected one of {", ".join(self.letters)} for {item}, found "{letter[:20]}"')
        given = [letter for letter in answer.values() if letter]
        if len(set(self.pairs.values())) == len(self.pairs) and len(set(given)) < len(given):
            raise TooManyAnswers(", ".join(f"({k}) {v}" for k, v in answer.items()))
        return answer

    def judge(self, answer: dict[str, str], rules: Rules) -> Mark:
        wrong = [item for item, letter in self.pairs.items() if answer.get(item) != letter]
        share = self.credits / len(self.pairs)
        if not wrong:
            return self._marked(self.credits, RIGHT, self._shown(answer))
        named = ", ".join(wrong)
        earned = share * (len(self.pairs) - len(wrong))
        earned -= earned % rules.unit  # never more than was earned, in steps that a corrector may give
        return self._marked(
            earned,
            T(f"wrong: {named}", f"falsch: {named}"),
            self._shown(answer),
        )


@dataclass(frozen=True)
class Order(Field):
    """Letters to be put in order: ``"DCAEB"``, ``"D → C → A"``, ``["D", "C"]``."""

    order: tuple[str, ...]
    kind: ClassVar[str] = "order"

    def ask(self) -> Slots:
        return Slots((Slot(self.key, T("order:", "Reihenfolge:"), "wide"),))

    def perfect(self) -> Raw:
        return " → ".join(self.order)

    def slip(self, rng: random.Random) -> Raw:
        wrong = list(self.order)
        i = rng.randrange(len(wrong) - 1)
        wrong[i], wrong[i + 1] = wrong[i + 1], wrong[i]
        return " → ".join(wrong)

    def expected(self) -> T:
        return T.same(" → ".join(self.order))

    def read(self, raw: Raw) -> tuple[str, ...]:
        if not isinstance(raw, (str, list)):
            raise ReadingError('expected letters in order such as "D, C, A"')
        letters = tuple(re.findall(r"[A-Za-z]", raw.upper())) if isinstance(raw, str) else tuple(map(str, raw))
        if sorted(letters) != sorted(self.order):
            raise ReadingError(f"expected each of {', '.join(sorted(self.order))} once")
        return letters

    def judge(self, answer: tuple[str, ...], rules: Rules) -> Mark:
        right = answer == self.order
        reason = RIGHT if right else T("wrong order", "falsche Reihenfolge")
        return self._marked(self.credits if right else Fraction(0), reason, T.same(" → ".join(answer)))
