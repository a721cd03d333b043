"""Signs and equality of exact numbers, none of them decided with a float.

* :func:`sign`: below, at or above zero. Intervals (``arb``) of growing precision decide everything but zero itself;
  zero is proved by expanding into a quotient of polynomials in independent quantities (e, ln p, √p, the symbols).
* :func:`equal`: two formulas. Fractions exactly; equal fingerprints are equal formulas; a difference that stays away
  from 0 at one admissible point is proved different; an expansion that cancels is proved equal; else agreement at
  random points, on both sides of every kink.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import TypeAlias

from flint import arb, fmpq

from rechenweg.errors import ExactnessError, NotDefined, Undecidable
from rechenweg.numbers.closed import Parts, tidy
from rechenweg.numbers.exact import Exact, bottom_up, branches, call, exact
from rechenweg.numbers.fingerprint import surely_equal
from rechenweg.numbers.intervals import evaluate, precision, unknown_below
from rechenweg.numbers.operations import OPERATIONS
from rechenweg.numbers.proving import proves_zero

PRECISIONS = (64, 256, 1024, 4096)
"""Bits tried one after the other before a sign is called undecidable."""

POINTS = 6
"""Random points at which two formulas must agree to 256 bits before they count as equal without a proof …"""

FINEST = 1 << 14
"""… and bits to which they must agree at one of them: a difference of 10⁻⁴⁰⁰⁰ is a difference."""

MOST_POINTS = 48
"""Random points tried where a formula is not defined everywhere."""

MOST_KINKS = 12
"""Kinks (|x|, max, cases) beyond which agreement at points proves nothing."""


class Verdict(Enum):
    """The outcome of comparing two formulas."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


def sign(number: Exact) -> int:
    """−1, 0 or 1.

    Raises:
        Undecidable: the number has free symbols, or intervals of 4096 bits still hold 0 and no proof of 0 was found.
        NotDefined: the number has no value.

    >>> from rechenweg.numbers import exact
    >>> sign(exact(1).exp() - exact("2.718281828459045"))
    1
    """
    if number.rational is not None:
        return (number.rational > 0) - (number.rational < 0)
    order = bottom_up(number, unknown_below)
    for bits in PRECISIONS:
        with precision(bits):
            value = evaluate(order, {})
        if value > 0:
            return 1
        if value < 0:
            return -1
        if not value.is_finite() and bits == PRECISIONS[0]:
            tidied = tidy(number)  # raises where a denominator is 0
            if tidied.rational is not None:
                return sign(tidied)
        if bits == PRECISIONS[1] and proves_zero(number):
            return 0
    from rechenweg.numbers.printing import brief

    raise Undecidable(f"the sign of {brief(number)} stayed undecided at {PRECISIONS[-1]} bits")


def settled(op: str, *numbers: Exact) -> Exact:
    """What max, min, abs, floor or ceil of numbers without free symbols comes down to.

    >>> from rechenweg.numbers import exact
    >>> e = exact(1).exp()
    >>> print(settled("max", e, exact(3)), settled("floor", e))
    3 2
    """
    if op == "abs":
        return -numbers[0] if sign(numbers[0]) < 0 else numbers[0]
    if op in ("max", "min"):
        best = numbers[0]
        for other in numbers[1:]:
            if sign(other - best) == (1 if op == "max" else -1):
                best = other
        return best
    for bits in PRECISIONS:
        value = numbers[0].interval(bits)
        whole = (value.floor() if op == "floor" else value.ceil()).unique_fmpz()
        if whole is not None:
            rounded: Exact = exact(int(whole))
            return rounded
    raise Undecidable(f"which whole number is the {op} of a number stayed undecided at {PRECISIONS[-1]} bits")


def nearest_float(number: Exact, at: Mapping[str, arb] | None = None) -> float:
    """The float nearest to the value, ±inf beyond the range of floats; NaN where no interval shows the value."""
    if number.rational is not None:
        try:
            return int(number.rational.p) / int(number.rational.q)
        except OverflowError:
            return math.inf if number.rational > 0 else -math.inf
    order = bottom_up(number, unknown_below)
    value = arb(0)
    for bits in PRECISIONS:
        with precision(bits):
            value = evaluate(order, at or {})
        if value.rel_accuracy_bits() > 54:
            break
    else:
        if value.contains(0) and not number.has_symbols and proves_zero(number):
            return 0.0
    return float(value) if value.is_finite() else math.nan


def equal(a: Exact, b: Exact, *, seed: int = 0) -> Verdict:
    """Whether two formulas have the same value wherever both are defined.

    Args:
        a, b: numbers, perhaps with free symbols; symbols of the same name are the same quantity.
        seed: chooses the random points, so that a verdict can be repeated.

    Returns:
        EQUAL: equal fingerprints (:mod:`.fingerprint`, error below 2⁻²⁴⁰); or proved by expansion; or, with free
        symbols, agreement at :data:`POINTS` random points to 256 bits and at one of them to :data:`FINEST` bits,
        where there are kinks on both sides of each.
        DIFFERENT: proved at one point, or only one of the two has a value.
        UNDECIDED: neither.

    >>> from rechenweg.numbers import symbol
    >>> x = symbol("x")
    >>> equal((x + 1) ** 2, x * x + 2 * x + 1).value, equal(x, -x).value
    ('equal', 'different')
    """
    if a.rational is not None and b.rational is not None:
        return Verdict.EQUAL if a.rational == b.rational else Verdict.DIFFERENT
    if surely_equal(a, b):
        return Verdict.EQUAL
    difference = a - b
    try:
        if difference.has_symbols:
            return _equal_at_points(difference, random.Random(seed))
        return Verdict.EQUAL if sign(difference) == 0 else Verdict.DIFFERENT
    except Undecidable:
        return Verdict.UNDECIDED
    except NotDefined:
        return Verdict.UNDECIDED if _is_defined(a) == _is_defined(b) else Verdict.DIFFERENT


def _is_defined(number: Exact) -> bool:
    try:
        tidy(number)
    except NotDefined:
        return False
    return True


# --- agreement at points ----------------------------------------------------------------------------------------------

_Point: TypeAlias = dict[str, fmpq]


def _equal_at_points(difference: Exact, draw: random.Random) -> Verdict:
    order = bottom_up(difference, unknown_below)
    symbols = sorted(node.label for node in order if node.op == "symbol")
    agreed: list[_Point] = []
    for point in islice(_points(symbols, draw), MOST_POINTS):
        outcome = _vanishes(order, point, 256)
        if outcome is False:
            return Verdict.DIFFERENT
        if outcome:
            agreed.append(point)
            if len(agreed) == 1 and proves_zero(difference):
                return Verdict.EQUAL
            if len(agreed) == POINTS:
                break
    else:
        return Verdict.EQUAL if not agreed and proves_zero(difference) else Verdict.UNDECIDED
    if _vanishes(order, agreed[0], FINEST) is False:
        return Verdict.DIFFERENT
    kinks = _kinks(order)
    if kinks is None or len(kinks) > MOST_KINKS:
        return Verdict.UNDECIDED
    if not kinks and all(node.op in _SMOOTH for node in order if node.has_symbols):
        return Verdict.EQUAL
    return _equal_around_kinks(order, symbols, kinks, draw)


def _points(symbols: list[str], draw: random.Random) -> Iterator[_Point]:
    """Points of several kinds, since formulas may be defined for positive numbers or probabilities or integers only."""

    def fraction(scale: fmpq | int = 1) -> fmpq:
        return fmpq(draw.randint(1, 2**20), 2**20) * scale

    while True:
        mixed = {name: fraction(4) * draw.choice((-1, 1)) for name in symbols}
        yield mixed
        yield {name: -x for name, x in mixed.items()}
        yield {name: fraction(4) for name in symbols}
        yield {name: fraction(fmpq(1, len(symbols) + 1)) for name in symbols}
        yield {name: fmpq(draw.randint(1, 9)) for name in symbols}
        yield {name: fraction(fmpq(2) ** draw.randint(-8, 16)) * draw.choice((-1, 1)) for name in symbols}


def _vanishes(order: list[Exact], point: _Point, bits: int) -> bool | None:
    """Whether the number is 0 at the point, as far as `bits` tell; ``None`` where it is not defined or too vague."""
    with precision(bits):
        value = evaluate(order, {name: arb(x) for name, x in point.items()})
        if not value.is_finite():
            return None
        if not value.contains(0):
            return False
        return True if value.rad() < arb(2) ** -(bits // 2) else None


_SMOOTH = frozenset(("symbol", "named", "+", "-", "*", "/", "neg", "exp", "sin", "cos", "sigmoid", "tanh"))
"""Where only these stand, formulas that agree on a small piece agree everywhere (they are analytic)."""


def _kinks(order: list[Exact]) -> list[Exact] | None:
    """The quantities at whose sign the formula changes; ``None`` where there are endlessly many places (⌊x⌋)."""
    found: list[Exact] = []
    for node in order:
        if not node.has_symbols or node.op in _SMOOTH:
            continue
        if node.op in ("floor", "ceil"):
            return None
        if node.op == "abs":
            found.append(node.args[0])
        elif node.op in ("max", "min"):
            found += [a - b for i, a in enumerate(node.args) for b in node.args[:i]]
        elif node.op in ("sqrt", "log", "^"):  # √(u²) and ln(u²) have a kink at u = 0
            found += [
                base for base, times in Parts().of(node.args[0]).powers.values() if times.q == 1 and times.p % 2 == 0
            ]
        else:
            expand = OPERATIONS[node.op].expand if node.op in OPERATIONS else None
            expanded = expand(*node.args) if expand else node
            found += [c.left - c.right for c, _ in branches(expanded)] if expanded.op == "case" else []
    return [kink for kink in found if kink.has_symbols]


def _equal_around_kinks(order: list[Exact], symbols: list[str], kinks: list[Exact], draw: random.Random) -> Verdict:
    """Compare on both sides of every kink, far from it, close to it and, where it can be solved for, on it."""
    wanted = {(i, side) for i in range(len(kinks)) for side in (-1, 1)}
    orders = [bottom_up(kink, unknown_below) for kink in kinks]
    for base in islice(_points(symbols, draw), 5 * POINTS):
        for point in (base, *(p for kink in kinks for p in _around(kink, base, draw))):
            outcome = _vanishes(order, point, 256)
            if outcome is False:
                return Verdict.DIFFERENT
            if outcome:
                wanted -= {(i, _side(kink, point)) for i, kink in enumerate(orders)}
    return Verdict.UNDECIDED if wanted else Verdict.EQUAL


def _side(order: list[Exact], point: _Point) -> int:
    with precision(256):
        value = evaluate(order, {name: arb(x) for name, x in point.items()})
        return (value > 0) - (value < 0)


def _around(kink: Exact, point: _Point, draw: random.Random) -> Iterator[_Point]:
    """Points on the kink and beside it: along one symbol, from `point`, if it is linear in that symbol."""
    name = draw.choice(sorted(kink.free_symbols()))
    try:
        start = _put_in(kink, point).rational
        step = _put_in(kink, point | {name: point[name] + 1}).rational
    except (NotDefined, ExactnessError):
        return
    if start is None or step is None or start == step:
        return
    place = point[name] - start / (step - start)
    for offset in (0, -1, 1, fmpq(-1, 2**30), fmpq(1, 2**30)):
        yield point | {name: place + offset}


def _put_in(number: Exact, point: _Point) -> Exact:
    made: dict[int, Exact] = {}
    for node in bottom_up(number, unknown_below):
        if node.rational is not None or node.op == "case":
            made[id(node)] = node
        elif node.op == "symbol":
            made[id(node)] = exact(point[node.label])
        elif node.op == "named":
            made[id(node)] = made[id(node.args[0])]
        else:
            made[id(node)] = call(node.op, *(made[id(a)] for a in node.args))
    return made[id(number)]
