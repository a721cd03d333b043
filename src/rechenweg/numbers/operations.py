"""What the operations mean: on fractions, on intervals, and in terms of simpler operations.

One table, :data:`OPERATIONS`. The arithmetic is entered here, sigmoid, ReLU and their like by :mod:`.functions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from flint import arb, fmpq

from rechenweg.errors import NotDefined
from rechenweg.numbers.rationals import power

if TYPE_CHECKING:
    from rechenweg.numbers.exact import Exact

SIGNS: dict[str, tuple[int, ...]] = {"<": (-1,), "≤": (-1, 0), "=": (0,), "≠": (-1, 1), "≥": (0, 1), ">": (1,)}
"""The comparisons: ``a < b`` where a − b has one of these signs."""


@dataclass(frozen=True, slots=True)
class Operation:
    """The meaning of an operation.

    Attributes:
        rational: on fractions; ``None`` where the result is irrational. Raises NotDefined where there is none.
        interval: on intervals; contains every value, and is not finite where there may be none.
        expand: in simpler operations (sigmoid with exp); ``None`` where it is elementary.
    """

    rational: Callable[..., fmpq | None]
    interval: Callable[..., arb]
    expand: Callable[..., Exact] | None = None


def _quotient(a: fmpq, b: fmpq) -> fmpq:
    if b == 0:
        raise NotDefined(f"{a}/0 is not defined: division by zero")
    return a / b


def _arb_power(base: arb, exponent: arb) -> arb:
    """Whole exponents by multiplication, so that a negative base is fine; others by exp and log."""
    whole = exponent.unique_fmpz() if exponent.is_exact() else None
    return base**exponent if whole is None else base**whole


OPERATIONS: dict[str, Operation] = {
    "+": Operation(lambda a, b: a + b, lambda a, b: a + b),
    "-": Operation(lambda a, b: a - b, lambda a, b: a - b),
    "*": Operation(lambda a, b: a * b, lambda a, b: a * b),
    "/": Operation(_quotient, lambda a, b: a / b),
    "^": Operation(power, _arb_power),
    "neg": Operation(lambda a: -a, lambda a: -a),
    "floor": Operation(lambda a: fmpq(a.floor()), lambda a: a.floor()),
    "ceil": Operation(lambda a: fmpq(a.ceil()), lambda a: a.ceil()),
    "max": Operation(lambda *v: max(v), lambda *v: reduce(arb.max, v)),
    "min": Operation(lambda *v: min(v), lambda *v: reduce(arb.min, v)),
}
"""Every operation by name."""
