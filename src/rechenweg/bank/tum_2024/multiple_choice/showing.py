"""What the experiments behind the statements share: comparing exact arrays, and writing down what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from rechenweg.numbers import Array, Exact, Verdict, equal, exact, result
from rechenweg.numbers.notation import Layout, Matrix, Num, Op, Row, Sup
from rechenweg.questions.kinds.choice import Evidence
from rechenweg.text import T
from rechenweg.working.document import Block, Cell, Document, Table


def finding(holds: bool, *blocks: Block | T) -> Evidence:
    """What an experiment found, and whether the statement holds by it."""
    return Evidence(bool(holds), Document.of(*blocks))


def same(a: Array, b: Array) -> bool:
    """Whether two exact arrays are equal, number by number.

    >>> same(exact([1, "1/2"]), exact(["2/2", "0.5"])), same(exact([1]), exact([1, 1]))
    (True, False)
    """
    if a.shape != b.shape:
        return False
    return all(equal(x, y) is Verdict.EQUAL for x, y in zip(a.flat, b.flat, strict=True))


def matrix(values: Any) -> Layout:
    """A matrix, a vector as a row, or a number, for people to read; fractions stay fractions.

    Args:
        values: array of exact numbers with at most two axes that are longer than 1; axes of length 1 are left out.
    """
    array = np.asarray(values, dtype=object)
    if array.size == 1:
        return result(exact(array.item()))
    squeezed = array.reshape([n for n in array.shape if n != 1] or [1])
    rows = squeezed.reshape(1, -1) if squeezed.ndim == 1 else squeezed
    return Matrix(tuple(tuple(result(exact(v)) for v in row) for row in rows))


def rounded(values: Any, digits: int = 3) -> Layout:
    """The same with rounded values, for what stands after "≈"; never used to decide anything."""
    array = np.asarray(values, dtype=object)
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    return Matrix(tuple(tuple(about(v, digits) for v in row) for row in rows))


def about(number: Exact, digits: int = 3) -> Layout:
    """One rounded value.

    >>> from rechenweg.numbers.notation import to_text
    >>> to_text(about(-exact(2).log())), to_text(about(exact("0.000012345")))
    ('−0.693', '1.23 · 10⁻⁵')
    """
    return about_float(number.approx(), digits)


def about_float(value: float, digits: int = 3) -> Layout:
    """One rounded value; what would be rounded away is written with a power of ten."""
    if 0 < abs(value) < 10.0**-digits:
        mantissa, exponent = f"{abs(value):.2e}".split("e")
        power = Row((Op("−", prefix=True), Num(str(-int(exponent)))))
        size: Layout = Row((Num(mantissa), Op("·"), Sup(Num("10"), power)))
    else:
        size = Num(f"{abs(value):.{digits}f}")
    return Row((Op("−", prefix=True), size)) if value < 0 else size


def shape(lengths: Iterable[int]) -> str:
    """A shape in words.

    >>> shape((1, 3, 8, 8))
    '(1, 3, 8, 8)'
    """
    return f"({', '.join(map(str, lengths))})"


def table(header: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> Table:
    """A table of what was tried and what came out."""
    return Table(tuple(header), tuple(tuple(row) for row in rows))
