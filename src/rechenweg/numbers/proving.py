"""Proofs that a number is 0: multiplied out, over independent quantities, nothing is left.

The number becomes a quotient of polynomials in e, logarithms and roots of primes, the symbols and functions of them.
If the numerator cancels, that is a proof; if it does not, nothing is said, since the quantities may depend on each
other (sin² + cos² = 1). :mod:`.deciding` uses it where intervals cannot help.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import TypeAlias

from flint import fmpq

from rechenweg.errors import ExactnessError, Undecidable
from rechenweg.numbers.closed import Parts, Product, Sum
from rechenweg.numbers.exact import Exact
from rechenweg.numbers.operations import OPERATIONS
from rechenweg.numbers.rationals import prime_powers

LARGEST_EXPANSION = 3000
"""Products of two terms beyond which one multiplication is given up …"""

LONGEST_PROOF = 100_000
"""… and beyond which the whole proof is."""

_Power: TypeAlias = int | Fraction  # python-flint's fractions hash slowly
_Monomial: TypeAlias = frozenset[tuple[Hashable, _Power]]
_Polynomial: TypeAlias = dict[_Monomial, fmpq]
_Quotient: TypeAlias = tuple[_Polynomial, _Polynomial]

_NO_FACTORS: _Monomial = frozenset()
_UNIT: _Polynomial = {_NO_FACTORS: fmpq(1)}


class _TooLarge(Exception):
    """The expansion outgrew its limits."""


def proves_zero(number: Exact) -> bool:
    """Whether the number expands to 0 as a quotient of polynomials in e, logarithms, roots and symbols.

    ``True`` is a proof. ``False`` says only that this expansion does not show it.

    >>> from rechenweg.numbers import apply, symbol
    >>> x = symbol("x")
    >>> proves_zero(apply("sigmoid", x) * (1 + (-x).exp()) - 1)
    True
    """
    try:
        top, _ = _Expansion().of(number)
    except (_TooLarge, ExactnessError, Undecidable, RecursionError):
        return False
    return not top


class _Expansion:
    """Multiplies out what :class:`~rechenweg.numbers.closed.Parts` took apart."""

    def __init__(self) -> None:
        self.parts = Parts()
        self.known: dict[int, _Quotient] = {}
        self.spent = 0

    def of(self, number: Exact) -> _Quotient:
        return self.product(self.parts.of(number))

    def product(self, product: Product) -> _Quotient:
        if product.coefficient == 0:
            return {}, _UNIT
        top, bottom = {self.exponential(product.exponent): product.coefficient}, _UNIT
        for key, (base, power) in product.powers.items():
            if base.rational is not None:
                top = self.times(top, _single(("root", int(base.rational.p)), _plain(power)))
                continue
            n, d = self.base(key, base) if power.q == 1 else (_single(key, _plain(power)), _UNIT)
            if power < 0 and power.q == 1:
                n, d = d, n
            times = abs(int(power.p)) if power.q == 1 else 1
            if times > 64:
                raise _TooLarge
            for _ in range(times):
                top, bottom = self.times(top, n), self.times(bottom, d)
        return top, bottom

    def base(self, key: int, base: Exact) -> _Quotient:
        if key not in self.known:
            self.known[key] = self.quotient(key, base)
        return self.known[key]

    def quotient(self, key: int, base: Exact) -> _Quotient:
        if key in self.parts.sums:
            return self.sum(self.parts.sums[key])
        if base.op == "log":
            return self.logarithm(key, self.parts.of(base.args[0])), _UNIT
        expand = OPERATIONS[base.op].expand if base.op in OPERATIONS else None
        if expand is not None:
            expanded = self.parts.of(expand(*base.args))
            if self.parts.key(expanded) != key:
                return self.product(expanded)
        return _single(key, 1), _UNIT

    def sum(self, total: Sum) -> _Quotient:
        top: _Polynomial = {}
        bottom = _UNIT
        for coefficient, term in total.values():
            n, d = self.product(term)
            n = {monomial: coefficient * c for monomial, c in n.items()}
            if d == bottom:
                top = _plus(top, n)
            else:
                top, bottom = _plus(self.times(top, d), self.times(n, bottom)), self.times(bottom, d)
        return top, bottom

    def exponential(self, exponent: Sum) -> _Monomial:
        if not exponent:
            return _NO_FACTORS
        top, bottom = self.sum(exponent)
        if bottom == _UNIT:
            return frozenset((("e", monomial), _plain(c)) for monomial, c in top.items())
        return frozenset((("e", key), _plain(c)) for key, (c, _) in exponent.items())

    def logarithm(self, key: int, product: Product) -> _Polynomial:
        """ln |c·Π u^p·e^s| is ln |c| + Σ p·ln |u| + s; where ln u exists it is ln |u|, so the bars may be left out."""
        result: _Polynomial = {}
        pieces: list[tuple[Hashable, fmpq]] = [
            (("ln", prime), fmpq(times)) for prime, times in prime_powers(abs(product.coefficient))
        ]
        for base_key, (base, power) in product.powers.items():
            name = ("ln of", base_key) if base.rational is None else ("ln", int(base.rational.p))
            pieces.append((name, power))
        for piece, c in pieces:
            result = _plus(result, {frozenset(((piece, 1),)): c})
        if product.exponent:
            top, bottom = self.sum(product.exponent)
            if bottom != _UNIT:
                return _single(key, 1)
            result = _plus(result, top)
        return result

    def times(self, a: _Polynomial, b: _Polynomial) -> _Polynomial:
        if a is _UNIT or b is _UNIT:
            return b if a is _UNIT else a
        self.spent += len(a) * len(b)
        if len(a) * len(b) > LARGEST_EXPANSION or self.spent > LONGEST_PROOF:
            raise _TooLarge
        result: _Polynomial = {}
        for m1, c1 in a.items():
            for m2, c2 in b.items():
                monomial, whole = _joined(m1, m2)
                _collect(result, monomial, c1 * c2 * whole)
        return result


def _single(name: Hashable, power: _Power) -> _Polynomial:
    return {frozenset(((name, power),)): fmpq(1)}


def _plain(value: fmpq) -> _Power:
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def _joined(a: _Monomial, b: _Monomial) -> tuple[_Monomial, fmpq]:
    """The product of two monomials, and what becomes whole: √p·√p is p."""
    whole = fmpq(1)
    if not a or not b:
        return a or b, whole
    powers = dict(a)
    for name, power in b:
        power = power + powers.get(name, 0)
        if isinstance(name, tuple) and name[0] == "root" and power >= 1:
            whole *= name[1]
            power -= 1
        if power == 0:
            powers.pop(name, None)
        else:
            powers[name] = power
    return frozenset(powers.items()), whole


def _plus(a: _Polynomial, b: _Polynomial) -> _Polynomial:
    result = dict(a)
    for monomial, coefficient in b.items():
        _collect(result, monomial, coefficient)
    return result


def _collect(polynomial: _Polynomial, monomial: _Monomial, coefficient: fmpq) -> None:
    coefficient = coefficient + polynomial.get(monomial, fmpq(0))
    if coefficient == 0:
        polynomial.pop(monomial, None)
    else:
        polynomial[monomial] = coefficient
