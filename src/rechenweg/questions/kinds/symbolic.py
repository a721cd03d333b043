"""Shapes in symbols: ``(B, 3N)``."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from rechenweg.numbers import formula
from rechenweg.numbers.notation import Layout, to_latex
from rechenweg.numbers.reading import NO_SYMBOLS, Vocabulary, read_vector
from rechenweg.questions.field import Raw
from rechenweg.questions.kinds.values import Vector, row_layout


@dataclass(frozen=True)
class SymbolicShape(Vector):
    """A shape in symbols: ``(B, 3N)``, ``B × 3N``, ``["B", "3N"]``; value: object array (axes,).

    Without a comma ``×`` parts the axes, as in shapes of numbers; beside commas it multiplies.

    Attributes:
        vocabulary: the symbols that may be used.
    """

    vocabulary: Vocabulary = NO_SYMBOLS
    kind: ClassVar[str] = "symbolic shape"

    def perfect(self) -> Raw:
        return [to_latex(formula(v)) for v in self.value]

    def read(self, raw: Raw) -> Any:
        if isinstance(raw, int):
            raw = [raw]
        if isinstance(raw, str) and not re.search(r"[,;]", raw):
            raw = re.sub(r"\s*(?:×|\\times(?![A-Za-z])|\bx\b)\s*", ", ", raw)
        return read_vector(raw, self.vocabulary)

    def layout(self, value: Any) -> Layout:
        return row_layout([formula(v) for v in value])

    def slip(self, rng: random.Random) -> Raw:
        axes = self.perfect()
        return rng.choice((axes[::-1], [*axes, "1"], [f"{axes[0]} + 1", *axes[1:]]))
