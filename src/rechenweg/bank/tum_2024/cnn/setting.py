"""What the questions of tum-2024, problem 4, share: the numbers of a version."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from rechenweg.bank.tum_2024.cnn.lenet import Architecture
from rechenweg.bank.tum_2024.cnn.segment import Segment
from rechenweg.nn import CrossEntropy
from rechenweg.numbers import Array, exact
from rechenweg.questions.question import Setting

MODELS = "ABC"


@dataclass
class Numbers(Setting):
    """The network, the digit, the models' probabilities in hundredths (3 rows of 10), the segment with skips."""

    architecture: Architecture
    digit: int
    rows: tuple[tuple[int, ...], ...]
    segment: Segment
    split: str

    @cached_property
    def losses(self) -> Array:
        """The cross-entropy of each model, (models,); classes of probability 0 contribute nothing to it."""
        target = exact([[1]])
        made = [CrossEntropy("none").forward(exact([[Fraction(row[self.digit], 100)]]), target)[0] for row in self.rows]
        return np.array(made, dtype=object)

    @cached_property
    def predicted(self) -> tuple[int, ...]:
        """Each model's most probable digit."""
        return tuple(int(np.argmax(row)) for row in self.rows)

    @property
    def right(self) -> tuple[bool, ...]:
        """Whether each model's most probable digit is the true one."""
        return tuple(digit == self.digit for digit in self.predicted)

    @cached_property
    def worst(self) -> int:
        """The model with the largest loss, counted from 0."""
        sizes = [float(loss.approx()) for loss in self.losses.tolist()]
        return sizes.index(max(sizes))

    @property
    def large(self) -> int:
        """The side of the images in 4.4: a 5 × 5 convolution with stride 2 brings it down to the usual one."""
        return 2 * self.architecture.image + 4
