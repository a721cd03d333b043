"""What the questions of tum-2024, problem 2, share: the numbers of a version, and questions answered in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rechenweg.bank.tum_2024.short_questions.layers import Layers
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Prose


@dataclass
class Numbers(Setting):
    """What a version is about.

    Attributes:
        accuracies: of the classifiers A and B in 2.1, in percent.
        sequence: which kind of sequence 2.2 speaks of, a place in ``sequences.SEQUENCES``.
        functions: keys of the functions (a), (b) in 2.3.
        layers: the layers of 2.6.
    """

    accuracies: tuple[int, int]
    sequence: int
    functions: tuple[str, str]
    layers: Layers


Line = tuple[T, Step]
"""A sentence of the model answer, and what it earns."""


class TextQuestion(Question):
    """A question that is answered in words: its model answer, sentence by sentence, with the credit of each."""

    lines: ClassVar[int] = 5
    asked_for: ClassVar[int | None] = None

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        """The model answer."""
        raise NotImplementedError

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """What has been computed to go with it, the same in every version."""
        return ()

    def shown(self, s: Numbers) -> tuple[Block, ...]:
        """What has been computed to go with it."""
        return self.computed

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        first, *rest = (sentence for sentence, _ in self.answer(s))
        for sentence in rest:
            first = first + " " + sentence
        return (Text("", self.maximum, first, self.scheme(s), lines=self.lines, asked_for=self.asked_for),)

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return tuple(step for _, step in self.answer(s))

    def solution(self, s: Numbers) -> Document:
        blocks: list[Block] = []
        for sentence, step in self.answer(s):
            blocks += [Prose(sentence), Callout.of_credit(step.credit, step.text)]
        return Document((*blocks, *self.shown(s)))
