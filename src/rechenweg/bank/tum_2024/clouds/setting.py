"""What the questions of tum-2024, problem 8, share: the numbers of a version."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from rechenweg.numbers import Array, exact
from rechenweg.questions.question import Setting

TRIPLES = ((3, 4, 5), (4, 3, 5), (5, 12, 13), (12, 5, 13), (8, 15, 17), (15, 8, 17))
"""(a, b, c) with a² + b² = c²: cos = a/c and sin = b/c give a rotation in fractions."""


@dataclass
class Numbers(Setting):
    """Clouds in a batch, points in a cloud, what they show; rotation and shear of the solution's example."""

    batch: int
    points: int
    thing: str
    triple: tuple[int, int, int]
    axis: int
    shear: str

    @property
    def plane(self) -> tuple[int, int]:
        """The coordinates that turn: all but the axis."""
        first, second = (i for i in range(3) if i != self.axis)
        return first, second

    @property
    def rotation(self) -> Array:
        """A rotation about one coordinate axis, (3, 3), in fractions."""
        a, b, c = self.triple
        first, second = self.plane
        turned: Array = exact(np.eye(3, dtype=int))
        turned[first, first] = turned[second, second] = exact(Fraction(a, c))
        turned[first, second], turned[second, first] = exact(Fraction(-b, c)), exact(Fraction(b, c))
        return turned

    @property
    def skewed(self) -> Array:
        """The same rotation after a shear, (3, 3): no longer orthogonal."""
        sheared = exact(np.eye(3, dtype=int))
        sheared[self.plane] = exact(self.shear)
        skewed: Array = sheared @ self.rotation
        return skewed
