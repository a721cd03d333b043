"""What the parser does with values: every operation with its limits, and errors that point at the sign."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from flint import fmpq

from rechenweg.errors import ExactnessError, ReadingError
from rechenweg.numbers.exact import LARGEST_EXPONENT, Exact, call, exact
from rechenweg.numbers.reading.matching import Reader
from rechenweg.numbers.reading.mistakes import (
    ArgumentsError,
    DivisionByZeroError,
    TooLargeError,
    UndefinedValueError,
    UnfittingShapesError,
    WrongKindError,
    mistake,
)
from rechenweg.numbers.reading.values import (
    Row,
    Value,
    check_cost,
    cost,
    elementwise,
    entries,
    map_value,
    multiply,
    shape,
)
from rechenweg.numbers.reading.vocabulary import Function

LARGEST_BITS = 4 * LARGEST_EXPONENT
"""Binary digits of a numerator or denominator that a power may have: ``9**9**9`` is refused before it is computed."""

LARGEST_EXPONENT_OF_E = 1_000_000
"""e to a larger power is refused."""

DEEPEST_RESULT = 150
"""Operations inside one another in what was read; deeper ones could not be worked with later."""

_PARAMETRIC = ("leaky_relu", "elu")
_PARAMETER = r"\alpha"
"""The parameter of these functions, unless a second argument gives it."""

_BASES = {"log10": exact(10), "log2": exact(2)}
_TOO_LARGE = "the number becomes too large to be written out"


class Arithmetic(Reader):
    """Operations on values; `at` is the token that an error points at."""

    def fitting(self, at: int, operation: Callable[..., Value], *arguments: Any) -> Value:
        """An operation on arrays, with its error pointing at a token."""
        try:
            return operation(*arguments)
        except (UnfittingShapesError, TooLargeError) as error:
            raise self.error(type(error), str(error), at) from None

    def added(self, left: Value, right: Value, at: int, kind: str) -> Value:
        """The sum or, for ``-``, the difference."""
        if isinstance(left, Exact) and isinstance(right, Exact):
            return self.sized(left + right if kind == "+" else left - right, at)
        if kind == "+":
            return self.fitting(at, elementwise, "add", lambda a, b: a + b, left, right)
        return self.fitting(at, elementwise, "subtract", lambda a, b: a - b, left, right)

    def times(self, left: Value, right: Value, at: int) -> Value:
        """The product in the order written."""
        if isinstance(left, Exact) and isinstance(right, Exact):
            return self.sized(left * right, at)
        self.spent += cost(left, right)
        try:
            check_cost(self.spent)
        except TooLargeError as error:
            raise self.error(TooLargeError, str(error), at) from None
        return self.fitting(at, multiply, left, right)

    def quotient(self, left: Value, right: Value, at: int) -> Value:
        """A number or an array divided by a number."""
        if not isinstance(right, Exact):
            raise self.error(WrongKindError, f"cannot divide by an array of shape {shape(right)}", at)
        if right.rational is not None and right.rational == 0:
            raise self.error(DivisionByZeroError, "a division by 0 has no value", at)
        if isinstance(left, Exact):
            return self.sized(left / right, at)
        return map_value(lambda x: x / right, left)

    def sized(self, number: Exact, at: int) -> Exact:
        """The number, unless it is too large; short formulas cannot make it so."""
        if self.long and number.rational is not None:
            bits = max(number.rational.p.bit_length(), number.rational.q.bit_length())
            if bits > LARGEST_BITS:
                raise self.error(TooLargeError, _TOO_LARGE, at)
        return number

    def exponential(self, exponent: Value, at: int) -> Value:
        """e to a power."""
        for x in entries(exponent):
            if x.rational is not None and abs(x.rational) > LARGEST_EXPONENT_OF_E:
                raise self._too_large_exponent(LARGEST_EXPONENT_OF_E, at)
        return map_value(lambda x: x.exp(), exponent)

    def _too_large_exponent(self, largest: int, at: int) -> ReadingError:
        return self.error(TooLargeError, f"expected exponents of at most {largest:,}", at)

    def to_the(self, base: Exact, exponent: Value, at: int) -> Exact:
        """A power, refused before it is computed when it would be too large."""
        if not isinstance(exponent, Exact):
            raise self.error(WrongKindError, f"expected a number as exponent, found an array {shape(exponent)}", at)
        b, e = base.rational, exponent.rational
        if e is not None and max(abs(e.p), e.q) > LARGEST_EXPONENT:
            raise self._too_large_exponent(LARGEST_EXPONENT, at)
        if b is not None and e is not None:
            if b == 0 and e < 0:
                raise self.error(DivisionByZeroError, "0 to a negative power has no value", at)
            if b < 0 and e.q != 1:
                raise self.error(UndefinedValueError, "a negative number has no power with a fraction as exponent", at)
            size = max(b.p.bit_length(), b.q.bit_length())
            if size > 1 and size * abs(e.p) > LARGEST_BITS:
                raise self.error(TooLargeError, "the power is too large to be written out", at)
        return base**exponent

    def root(self, x: Value, degree: Value, at: int) -> Value:
        """The root of a given degree."""
        degree_of = degree.rational if isinstance(degree, Exact) else None
        if degree_of is None or degree_of.q != 1 or degree_of < 1:
            raise self.error(ArgumentsError, "expected a positive whole number as the degree of a root", at)
        return map_value(lambda entry: self.to_the(entry, exact(fmpq(1) / degree_of), at), x)

    def called(self, function: Function, arguments: tuple[Value, ...], at: int, label: str | None = None) -> Value:
        """A function of its arguments, printed later under `label`."""
        if function in ("max", "min"):
            return self._extreme(str(function), arguments, at)
        parameters: list[Exact] = []
        if isinstance(function, str) and function.removesuffix("'") in _PARAMETRIC:
            given = arguments[1] if len(arguments) > 1 else self.words.symbols.get(_PARAMETER)
            if not isinstance(given, Exact):
                raise self.error(ArgumentsError, f"{self.written(at)} needs its α: write it as second argument", at)
            parameters.append(given)
        allowed = 1 + len(parameters)
        if len(arguments) > allowed:
            takes = "one argument" if allowed == 1 else f"{allowed} arguments"
            raise self.error(ArgumentsError, f"{self.written(at)} takes {takes}, found {len(arguments)}", at)
        if function == "exp":
            return self.exponential(arguments[0], at)
        try:
            if not isinstance(function, str):
                return map_value(function, arguments[0])
            if function in _BASES:
                return map_value(lambda x: x.log() / _BASES[function].log(), arguments[0])
            return map_value(lambda x: call(function, x, *parameters, label=label), arguments[0])
        except ZeroDivisionError as error:  # a logarithm or a root that does not exist
            raise self.error(UndefinedValueError, str(error), at) from None
        except ExactnessError:
            raise self.error(TooLargeError, _TOO_LARGE, at) from None

    def needs_parameter(self, function: Function) -> bool:
        """Whether the function's parameter must be written as its second argument."""
        parametric = isinstance(function, str) and function.removesuffix("'") in _PARAMETRIC
        return parametric and _PARAMETER not in self.words.symbols

    def _extreme(self, name: str, arguments: tuple[Value, ...], at: int) -> Value:
        if len(arguments) < 2:
            raise self.error(ArgumentsError, f"{self.written(at)} takes two or more arguments, found one", at)
        numbers = [a for a in arguments if isinstance(a, Exact)]
        if len(numbers) == len(arguments):
            return call(name, *numbers)
        of_two = np.frompyfunc(lambda a, b: call(name, a, b), 2, 1)
        return self.fitting(at, reduce, lambda a, b: elementwise("compare", of_two, a, b), arguments)


def check_depth(source: str, position: int, value: Value) -> None:
    """Refuse what later recursion could not walk through; a long sum counts as one operation."""
    if isinstance(value, Row):
        value = value.entries
    level = [value] if isinstance(value, Exact) else list(value.reshape(-1))
    for _ in range(DEEPEST_RESULT):
        below: dict[int, Exact] = {}
        for node in level:
            while node.op == "+":
                below[id(node.args[1])] = node.args[1]
                node = node.args[0]
            below.update((id(part), part) for part in node.args)
        if not below:
            return
        level = list(below.values())
    raise mistake(TooLargeError, source, position, f"more than {DEEPEST_RESULT} operations inside one another")
