"""Random formulas for property tests, each built twice: as our exact number, and over mpmath, which is the oracle."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from hypothesis import strategies as st

from rechenweg.numbers import Exact, apply, exact, symbol

DIGITS = 60
"""Decimal digits that the oracle computes with."""


class NoValue(ArithmeticError):
    """The oracle finds that the formula has no real value."""


@dataclass(frozen=True)
class Formula:
    """A formula in both forms: `number` is ours, `value(at)` the oracle's for values of the symbols."""

    number: Exact
    value: Callable[[Mapping[str, Fraction]], Any]

    def __repr__(self) -> str:
        return repr(self.number)


def oracle(formula: Formula, at: Mapping[str, Fraction]) -> Any:
    """The oracle's value, or ``None`` where there is no real (or no moderate) one."""
    with mpmath.workdps(DIGITS):
        try:
            return formula.value(at)
        except (NoValue, ZeroDivisionError, OverflowError):
            return None


def _real(value: Any) -> Any:
    if isinstance(value, mpmath.mpc) or not mpmath.isfinite(value) or abs(value) > mpmath.mpf(10) ** 12:
        raise NoValue
    return mpmath.mpf(value)


def _log(x: Any) -> Any:
    if x <= 0:
        raise NoValue
    return mpmath.log(x)


def _sqrt(x: Any) -> Any:
    if x < 0:
        raise NoValue
    return mpmath.sqrt(x)


FUNCTIONS: dict[str, tuple[Callable[[Exact], Exact], Callable[[Any], Any]]] = {
    "neg": (operator.neg, operator.neg),
    "exp": (lambda x: x.exp(), lambda x: mpmath.exp(x) if x < 30 else _real(mpmath.inf)),
    "log": (lambda x: x.log(), _log),
    "sqrt": (lambda x: x.sqrt(), _sqrt),
    "abs": (abs, abs),
    "sigmoid": (lambda x: apply("sigmoid", x), lambda x: 1 / (1 + mpmath.exp(-x))),
    "tanh": (lambda x: x.tanh(), mpmath.tanh),
    "relu": (lambda x: apply("relu", x), lambda x: max(x, 0)),
}
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def _mp(value: Fraction) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


def _number(value: Fraction) -> Formula:
    return Formula(exact(value), lambda at: _mp(value))


def _symbol(name: str) -> Formula:
    return Formula(symbol(name), lambda at: _mp(at[name]))


def _unary(name: str, x: Formula) -> Formula:
    ours, theirs = FUNCTIONS[name]
    return Formula(ours(x.number), lambda at: _real(theirs(x.value(at))))


def _binary(op: str, a: Formula, b: Formula) -> Formula:
    return Formula(OPERATORS[op](a.number, b.number), lambda at: _real(OPERATORS[op](a.value(at), b.value(at))))


def _power(x: Formula, n: int) -> Formula:
    return Formula(x.number**n, lambda at: _real(x.value(at) ** n))


def _attempt(build: Callable[..., Formula], *args: Any) -> Formula:
    """A formula that cannot be built (1/0, ln −1) gives way to its first operand."""
    try:
        return build(*args)
    except ZeroDivisionError:
        return next(a for a in args if isinstance(a, Formula))


fractions = st.builds(Fraction, st.integers(-6, 6), st.sampled_from((1, 1, 1, 2, 3, 4, 10)))


def formulas(
    symbols: tuple[str, ...] = ("x", "y"), functions: tuple[str, ...] = tuple(FUNCTIONS)
) -> st.SearchStrategy[Formula]:
    """Formulas in the given symbols and functions; without symbols closed ones."""
    leaves = st.one_of(fractions.map(_number), *([st.sampled_from(symbols).map(_symbol)] if symbols else []))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda name, x: _attempt(_unary, name, x), st.sampled_from(functions), inner),
            st.builds(lambda op, a, b: _attempt(_binary, op, a, b), st.sampled_from(tuple(OPERATORS)), inner, inner),
            st.builds(lambda x, n: _attempt(_power, x, n), inner, st.integers(-2, 3)),
        ),
        max_leaves=10,
    )


points = st.fixed_dictionaries({name: fractions.map(lambda v: v + Fraction(1, 7)) for name in ("x", "y")})
"""Values of the symbols; a seventh is added, so that few of them are special."""
