r"""What a formula may be worth, and how such values go together: numbers, matrices, vectors and transposed vectors.

A vector (one axis) has no direction by itself: it is a column on the right of a matrix and a row on its left, as in
NumPy, since courses write both W x + b and x W + b. Transposed (:class:`Row`) it is a row for certain: xᵀy is a number,
x yᵀ a matrix. Sums need equal shapes; a number goes with any array, and a vector with each row of a matrix (a bias).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rechenweg.numbers.arrays import Array
from rechenweg.numbers.exact import Exact, call
from rechenweg.numbers.reading.mistakes import TooLargeError, UnfittingShapesError

MOST_PRODUCTS = 20_000
"""Products of two numbers in all matrix products of one formula."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A transposed vector; `entries` has one axis."""

    entries: Array


Value = Exact | Array | Row
Written = Exact | Array
"""A value as it is handed out: a row is an array with one axis."""


def handed_out(value: Value) -> Written:
    """A row without its direction; everything else as it is."""
    return value.entries if isinstance(value, Row) else value


def shape(value: Value) -> str:
    """The shape as a message names it.

    >>> from rechenweg.numbers import exact
    >>> shape(exact(1)), shape(exact([1, 2])), shape(Row(exact([1, 2])))
    ('a number', '(2,)', '(1, 2)')
    """
    if isinstance(value, Exact):
        return "a number"
    return f"(1, {value.entries.size})" if isinstance(value, Row) else str(value.shape)


def transpose(value: Value) -> Value:
    """Rows for columns; a number stays."""
    if isinstance(value, Row):
        return value.entries
    if isinstance(value, Exact):
        return value
    return Row(value) if value.ndim == 1 else value.T


def _unfitting(verb: str, a: Value, b: Value) -> UnfittingShapesError:
    return UnfittingShapesError(f"cannot {verb} {shape(a)} and {shape(b)}")


def elementwise(verb: str, operation: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
    """A sum, a difference or an elementwise product; the shapes must agree."""
    if isinstance(a, Exact) or isinstance(b, Exact):
        if isinstance(a, Row):
            return Row(operation(a.entries, b))
        result: Value = Row(operation(a, b.entries)) if isinstance(b, Row) else operation(a, b)
        return result
    if isinstance(a, Row) and isinstance(b, Row) and a.entries.shape == b.entries.shape:
        return Row(operation(a.entries, b.entries))
    if isinstance(a, Row) or isinstance(b, Row):
        raise _unfitting(verb, a, b)
    bias = a.ndim == 2 and b.ndim == 1 and a.shape[1] == b.shape[0]
    if a.shape != b.shape and not bias:
        raise _unfitting(verb, a, b)
    total: Value = operation(a, b)
    return total


def multiply(a: Value, b: Value) -> Value:
    """The product in the order written: scaling by a number, else the matrix product."""
    if isinstance(a, Exact) or isinstance(b, Exact):
        return elementwise("multiply", lambda p, q: p * q, a, b)
    if isinstance(b, Row):
        if isinstance(a, Row):
            raise _unfitting("multiply", a, b)
        left = a.reshape(-1, 1) if a.ndim == 1 else a
        return _product(a, left, b, b.entries.reshape(1, -1))
    if isinstance(a, Row):
        product = _product(a, a.entries, b, b)
        return Row(product) if isinstance(product, np.ndarray) else product
    if a.ndim == 1 and b.ndim == 2 and b.shape[0] == 1 and a.shape[0] != 1:  # a column times a matrix of one row
        return _product(a, a.reshape(-1, 1), b, b)
    return _product(a, a, b, b)


def _product(a: Value, left: Array, b: Value, right: Array) -> Value:
    if left.ndim > 2 or right.ndim > 2 or left.shape[-1] != right.shape[0]:
        raise _unfitting("multiply", a, b)
    product: Value = left @ right
    return product


def cost(a: Value, b: Value) -> int:
    """Products of two numbers that the product of two values takes, at most."""
    size_a = 1 if isinstance(a, Exact) else handed_out(a).size  # type: ignore[union-attr]
    size_b = 1 if isinstance(b, Exact) else handed_out(b).size  # type: ignore[union-attr]
    return max(size_a, size_b) if 1 in (size_a, size_b) else size_a * max(1, size_b // _rows(b))


def _rows(b: Value) -> int:
    return 1 if isinstance(b, (Exact, Row)) else max(1, b.shape[0])


def check_cost(spent: int) -> None:
    """Raise when a formula multiplies too many numbers."""
    if spent > MOST_PRODUCTS:
        raise TooLargeError(f"its matrix products need more than {MOST_PRODUCTS:,} products of numbers")


def squares(value: Value) -> Exact:
    """The sum of the squares of all entries."""
    return _sum([x * x for x in entries(value)])


def norm(value: Value, kind: str) -> Exact:
    """The norm of a vector or a matrix: "1" (sum of absolute values), "2" or "F" (root of the sum of squares), "∞"."""
    if kind == "1":
        return _sum([abs(x) for x in entries(value)])
    if kind == "∞":
        return call("max", *(abs(x) for x in entries(value)))
    if isinstance(value, Exact):
        return abs(value)
    return squares(value).sqrt()


def entries(value: Value) -> list[Exact]:
    """All numbers in a value."""
    array = handed_out(value)
    return [array] if isinstance(array, Exact) else list(array.reshape(-1))


def _sum(numbers: list[Exact]) -> Exact:
    total = numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total


def map_value(function: Callable[[Exact], Exact], value: Value) -> Value:
    """A function of every entry."""
    if isinstance(value, Exact):
        return function(value)
    if isinstance(value, Row):
        return Row(_mapped(function, value.entries))
    return _mapped(function, value)


def _mapped(function: Callable[[Exact], Exact], array: Array) -> Array:
    made = np.empty(array.shape, dtype=object)
    made.reshape(-1)[:] = [function(x) for x in array.reshape(-1)]
    return made
