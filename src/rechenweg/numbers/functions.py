"""The elementwise functions of deep learning, each with its meaning on every kind of number and its derivative.

One line of :data:`FUNCTIONS` is all that a function has: its value and slope over floats, its value and derivative in
simpler exact operations, and the name under which it is printed. The layers, the step writer, the gradient check and
the reader of candidates' formulas all read this table.

The subgradient at a kink is a convention (DESIGN.md): ReLU′(0) = 0, leaky ReLU′(0) = α, ELU′(0) = α, |·|′(0) = 0, as
in PyTorch: all of them test x > 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from flint import arb, fmpq

from rechenweg.errors import NotDefined
from rechenweg.numbers.exact import Exact, bottom_up, call, case, exact, symbol
from rechenweg.numbers.intervals import evaluate
from rechenweg.numbers.operations import OPERATIONS, Operation
from rechenweg.numbers.rationals import root


@dataclass(frozen=True, slots=True)
class Function:
    """An elementwise function f(x; parameters).

    Attributes:
        name: key in the table; the derivative is the operation ``name + "'"``.
        notation: LaTeX under which it prints unless a layer gives it a label.
        floats, slope: f and f′ over float arrays; of the array's dtype, without overflow where the result has none.
        derivative: f′ in simpler exact operations.
        value: f in simpler exact operations; ``None`` where it is elementary.
        interval: f over intervals; by default that of `value`.
        rational: f over fractions, ``None`` where irrational; by default that of `value`.
    """

    name: str
    notation: str
    floats: Callable[..., Any]
    slope: Callable[..., Any]
    derivative: Callable[..., Exact]
    value: Callable[..., Exact] | None = None
    interval: Callable[..., arb] | None = None
    rational: Callable[..., fmpq | None] | None = None


def _sigmoid_floats(x: Any) -> Any:
    small = np.exp(-np.abs(x))  # never e to a large positive power
    return np.where(x >= 0, 1, small) / (1 + small)


def _sigmoid_slope(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return small / (1 + small) ** 2


def _tanh_slope(x: Any) -> Any:
    small = np.exp(-np.abs(x))  # 1 − tanh² would cancel
    return (2 * small / (1 + small**2)) ** 2


def _at(place: int, value: int | str) -> Callable[[fmpq], fmpq | None]:
    """A function that is rational at one rational place only (Lindemann, for e and its like)."""
    known: fmpq = exact(value).rational
    return lambda x: known if x == place else None


def _log_rational(x: fmpq) -> fmpq | None:
    if x <= 0:
        raise NotDefined(f"ln({x}) is not defined: the logarithm needs a positive number")
    return fmpq(0) if x == 1 else None


def _sqrt_rational(x: fmpq) -> fmpq | None:
    if x < 0:
        raise NotDefined(f"√({x}) is not defined: the root needs a number that is not negative")
    return root(x, 2)


def _sigmoid(x: Exact) -> Exact:
    return call("sigmoid", x)


_0, _1 = exact(0), exact(1)

FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in (
        Function("exp", r"\exp", np.exp, np.exp, lambda x: x.exp(), interval=arb.exp, rational=_at(0, 1)),
        Function("log", r"\ln", np.log, lambda x: 1 / x, lambda x: 1 / x, interval=arb.log, rational=_log_rational),
        Function(
            "sqrt", r"\sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x),
            lambda x: 1 / (2 * x.sqrt()), interval=arb.sqrt, rational=_sqrt_rational,
        ),
        Function("sin", r"\sin", np.sin, np.cos, lambda x: call("cos", x), interval=arb.sin, rational=_at(0, 0)),
        Function(
            "cos", r"\cos", np.cos, lambda x: -np.sin(x),
            lambda x: -call("sin", x), interval=arb.cos, rational=_at(0, 1),
        ),
        Function("abs", r"\operatorname{abs}", np.abs, np.sign, lambda x: call("sgn", x), interval=abs, rational=abs),
        Function(
            "sgn", r"\operatorname{sgn}", np.sign, np.zeros_like,
            lambda x: _0, value=lambda x: case([(x > 0, _1), (x < 0, -_1)], _0),
        ),
        Function(
            "sigmoid", r"\sigma", _sigmoid_floats, _sigmoid_slope,
            lambda x: _sigmoid(x) * (1 - _sigmoid(x)), value=lambda x: 1 / (1 + (-x).exp()), rational=_at(0, "1/2"),
        ),
        Function(
            "tanh", r"\tanh", np.tanh, _tanh_slope,
            lambda x: 1 - x.tanh() ** 2, value=lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()),
            interval=arb.tanh, rational=_at(0, 0),
        ),
        Function(
            "relu", r"\operatorname{ReLU}", lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(x.dtype),
            lambda x: case([(x > 0, _1)], _0), value=lambda x: case([(x > 0, x)], _0),
        ),
        Function(
            "leaky_relu", r"\operatorname{LReLU}",
            lambda x, a: np.where(x > 0, x, a * x), lambda x, a: np.where(x > 0, 1, x.dtype.type(a)),
            lambda x, a: case([(x > 0, _1)], a), value=lambda x, a: case([(x > 0, x)], a * x),
        ),
        Function(
            "elu", r"\operatorname{ELU}",
            lambda x, a: np.where(x > 0, x, a * np.expm1(np.minimum(x, 0))),
            lambda x, a: np.where(x > 0, 1, a * np.exp(np.minimum(x, 0))),
            lambda x, a: case([(x > 0, _1)], a * x.exp()), value=lambda x, a: case([(x > 0, x)], a * (x.exp() - 1)),
        ),
    )
}  # fmt: skip
"""Every function by name. Sources: ELU, Clevert et al. 2016; leaky ReLU, Maas et al. 2013."""


def _by_value(expand: Callable[..., Exact]) -> tuple[Callable[..., fmpq | None], Callable[..., arb]]:
    """What a function is on fractions and on intervals, as it follows from its exact value."""

    def rational(*args: fmpq) -> fmpq | None:
        return expand(*(exact(a) for a in args)).rational

    @cache
    def formula(count: int) -> list[Exact]:
        return bottom_up(expand(*(symbol(str(i)) for i in range(count))))

    def interval(*args: arb) -> arb:
        return evaluate(formula(len(args)), {str(i): a for i, a in enumerate(args)})

    return rational, interval


def _enter(function: Function) -> None:
    """Make one operation on exact numbers of the function and one of its derivative."""
    rational, interval = function.rational, function.interval
    if function.value is not None:
        by_value = _by_value(function.value)
        rational, interval = rational or by_value[0], interval or by_value[1]
    assert rational is not None, function.name
    assert interval is not None, function.name
    OPERATIONS[function.name] = Operation(rational, interval, function.value)
    OPERATIONS[function.name + "'"] = Operation(*_by_value(function.derivative), function.derivative)


for _function in FUNCTIONS.values():
    _enter(_function)


def apply(name: str, x: Any, *params: Any, label: str | None = None) -> Any:
    """The function `name` of every element of `x`.

    Args:
        x: float array or object array of exact numbers, any shape; or one number.
        params: the function's parameters, e.g. α of ELU.
        label: LaTeX name under which exact numbers print it.

    >>> print(apply("sigmoid", exact(0), label=r"\\sigma_2"))
    σ₂(0) = 1/2
    >>> float(apply("elu", np.float64(-1.0), 1.0).round(3))
    -0.632
    """
    return _elementwise(name, FUNCTIONS[name].floats, x, params, label)


def derivative(name: str, x: Any, *params: Any, label: str | None = None) -> Any:
    """The derivative of the function `name` at every element of `x`; arguments as for :func:`apply`.

    >>> print(derivative("relu", exact(3)))
    ReLU′(3) = 1
    """
    return _elementwise(name + "'", FUNCTIONS[name].slope, x, params, label)


def _elementwise(op: str, floats: Callable[..., Any], x: Any, params: tuple[Any, ...], label: str | None) -> Any:
    if isinstance(x, Exact):
        return call(op, x, *(exact(p) for p in params), label=label)
    x = np.asarray(x)
    if x.dtype != object:
        return floats(x if x.dtype.kind == "f" else x.astype(np.float64), *(as_float(p) for p in params))
    fixed = [exact(p) for p in params]
    made = np.empty(x.shape, dtype=object)
    made.reshape(-1)[:] = [call(op, exact(v), *fixed, label=label) for v in x.reshape(-1)]
    return made


def as_float(value: Any) -> float:
    """A parameter, however it was given, for float arrays."""
    return exact(value).approx() if isinstance(value, (str, Exact)) else float(value)
