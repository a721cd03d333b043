"""Functions of one number, to be judged as activations (tum-2024, 2.3).

Whether a function is a straight line, and whether it is flat between its jumps, is found out with exact difference
quotients; only its formula stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rechenweg.numbers import Condition, Exact, apply, case, exact, formula, symbol
from rechenweg.numbers.exact import call
from rechenweg.numbers.notation import read_latex
from rechenweg.text import T
from rechenweg.working.document import Block, Equation, Prose

POINTS = exact(["-9/4", "-5/4", "-3/4", "-1/4", "1/4", "3/4", "5/4", "9/4"])
"""Places where none of the functions below jumps or has a kink."""

STEP = exact("1/100")


@dataclass(frozen=True, slots=True)
class Function:
    """A function, with its derivative where it is given to the candidate.

    Attributes:
        key: names it in a version's numbers.
        of: the function.
        slope: its derivative away from jumps and kinks.
        defined: formulas that say what the less common functions in it mean.
        note: the same in words.
    """

    key: str
    of: Callable[[Exact], Exact]
    slope: Callable[[Exact], Exact] | None = None
    defined: tuple[Equation, ...] = ()
    note: T | None = None

    def blocks(self, letter: str) -> tuple[Block, ...]:
        """The function as the question shows it."""
        rows = [(read_latex(rf"\text{{({letter})}} \quad y"), formula(self.of(symbol("x")), decimals=True))]
        if self.slope is not None:
            rows.append((read_latex("y'"), formula(self.slope(symbol("x")))))
        shown: tuple[Block, ...] = (Equation(tuple(rows)), *self.defined)
        return shown if self.note is None else (*shown, Prose(self.note))


@cache
def slopes(function: Function) -> list[Exact]:
    """Difference quotients at POINTS."""
    return [(function.of(x + STEP) - function.of(x)) / STEP for x in POINTS]


@cache
def is_flat(function: Function) -> bool:
    """Whether its slope is 0 at every one of POINTS."""
    return all(slope == 0 for slope in slopes(function))


@cache
def is_straight(function: Function) -> bool:
    """Whether its slope is the same at all POINTS, and not 0."""
    first, *others = slopes(function)
    return bool(first != 0) and all(slope == first for slope in others)


def suits(function: Function) -> bool:
    """Whether it can be used as an activation with backpropagation: it bends, and lets a gradient pass."""
    return not is_flat(function) and not is_straight(function)


def _sgn_cases() -> Equation:
    x = symbol("x")
    zero = exact(0)
    values = case([(_condition(">", x), exact(1)), (_condition("=", x), zero)], exact(-1))
    return Equation.of(read_latex(r"\operatorname{sgn}(x)"), formula(values))


def _condition(relation: str, x: Exact) -> Condition:
    return Condition(relation, x, exact(0))


_SGN = (_sgn_cases(),)
_FLOOR = T(
    "($\\lfloor x \\rfloor$ is the largest whole number that is not larger than $x$.)",
    "($\\lfloor x \\rfloor$ ist die größte ganze Zahl, die nicht größer als $x$ ist.)",
)


def _sgn(x: Exact) -> Exact:
    return call("sgn", x)


def _floor(x: Exact) -> Exact:
    return call("floor", x)


SUITED: tuple[Function, ...] = (
    Function("cos", lambda x: apply("cos", x), lambda x: -apply("sin", x)),
    Function("sin", lambda x: apply("sin", x), lambda x: apply("cos", x)),
    Function("sin of 2x", lambda x: apply("sin", 2 * x), lambda x: 2 * apply("cos", 2 * x)),
    Function("bell", lambda x: (-(x**2)).exp(), lambda x: -2 * x * (-(x**2)).exp()),
    Function("softplus", lambda x: (1 + x.exp()).log(), lambda x: apply("sigmoid", x)),
    Function("square", lambda x: x**2, lambda x: 2 * x),
    Function("abs", abs, _sgn, _SGN),
    Function(
        "softsign",
        lambda x: x / (1 + abs(x)),
        lambda x: 1 / (1 + abs(x)) ** 2,
    ),
    Function(
        "SiLU",
        lambda x: x * apply("sigmoid", x),
        lambda x: apply("sigmoid", x) + x * apply("sigmoid", x) * (1 - apply("sigmoid", x)),
    ),
)
"""They bend and have a derivative that is not 0 almost everywhere."""

UNSUITED: tuple[Function, ...] = (
    Function("half sgn", lambda x: exact("0.5") * _sgn(x), None, _SGN),
    Function("2 sgn", lambda x: 2 * _sgn(x), None, _SGN),
    Function("raised sgn", lambda x: _sgn(x) + 1, None, _SGN),
    Function("1 - sgn", lambda x: 1 - _sgn(x), None, _SGN),
    Function("floor", _floor, None, (), _FLOOR),
    Function("2 floor", lambda x: 2 * _floor(x), None, (), _FLOOR),
    Function("raised floor", lambda x: _floor(x) + 3, None, (), _FLOOR),
    Function("2x", lambda x: 2 * x),
    Function("line", lambda x: 3 * x - 1),
    Function("falling line", lambda x: 4 - 2 * x),
)
"""Flat between their jumps, or straight lines."""

BY_KEY = {function.key: function for function in (*SUITED, *UNSUITED)}
