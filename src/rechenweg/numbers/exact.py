"""The exact number that carries the arithmetic that made it.

An :class:`Exact` is what every answer of Rechenweg is computed on. It is a node of an expression: an operation and
the numbers it was applied to. While everything beneath is rational it also knows its value as a fraction
(python-flint ``fmpq``); once e, a logarithm, a root or a free symbol appears, the expression *is* the value, and
signs and comparisons are decided by interval arithmetic (``arb``), never by a float.

NumPy object arrays of it go through ``@``, ``einsum``, ``pad``, ``where``, ``max`` and sliding windows unchanged, so a
layer written for float arrays writes itself out when it is run over exact ones.

Neighbours: :mod:`.rationals` and :mod:`.operations` say what the operations mean, :mod:`.functions` adds sigmoid, ReLU
and the like; :mod:`.intervals` and :mod:`.deciding` settle signs and equality, :mod:`.closed` finds closed forms,
:mod:`.printing` writes, :mod:`.arrays` has the array primitives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

import numpy as np
from flint import arb, fmpq

from rechenweg.errors import ExactnessError, NotDefined, Undecidable
from rechenweg.numbers.operations import OPERATIONS as OPERATIONS  # "as": exported from here as well
from rechenweg.numbers.operations import SIGNS
from rechenweg.numbers.rationals import LARGEST_EXPONENT as LARGEST_EXPONENT
from rechenweg.numbers.rationals import kept_small, rational
from rechenweg.numbers.walking import bottom_up as bottom_up
from rechenweg.numbers.walking import chain as chain

Result = TypeVar("Result")


class Exact:
    """An exact number together with the arithmetic that made it. Make one with :func:`exact` or :func:`symbol`.

    Immutable. Equal values may be written in many ways, so it has no hash. A comparison that depends on a free symbol
    is a :class:`Condition`. Python's and NumPy's 0 (of ``np.pad``, of a sum's start, of a mask) leaves no trace.

    Attributes:
        op: the operation: a key of :data:`OPERATIONS`, or ``"number"``, ``"nothing"``, ``"symbol"``, ``"named"``,
            ``"case"``.
        args: the numbers it was applied to; for a case (left, right, value) of each branch and the value otherwise.
        rational: the value as ``fmpq``; ``None`` when it is irrational, has free symbols, or is rational in a way
            that only :func:`~rechenweg.numbers.closed.tidy` sees (√2·√2).
        label: name of a symbol (LaTeX); name to print a function under (``\\sigma_1``); relations of a case.
        has_symbols: whether a symbol without a value stands in it.

    >>> x = symbol("x", 2)
    >>> print(3 * x + exact("1/2"))
    3 · x + 1/2 = 3 · 2 + 1/2 = 13/2
    >>> 0.5 * x
    Traceback (most recent call last):
    rechenweg.errors.ExactnessError: the float 0.5 met the exact number x; write it exactly, e.g. exact("0.5")
    """

    __slots__ = ("args", "has_symbols", "label", "op", "rational")

    def __init__(self, op: str, args: tuple[Exact, ...], value: fmpq | None, label: Any = None) -> None:
        self.op = op
        self.args = args
        self.rational: fmpq | None = value
        self.label = label
        self.has_symbols: bool = value is None and (op == "symbol" or True in [a.has_symbols for a in args])

    def __add__(self, other: Any) -> Exact:
        return _joined(_plus, self, other)

    def __radd__(self, other: Any) -> Exact:
        return _joined(_plus, other, self)

    def __sub__(self, other: Any) -> Exact:
        return _joined(_minus, self, other)

    def __rsub__(self, other: Any) -> Exact:
        return _joined(_minus, other, self)

    def __mul__(self, other: Any) -> Exact:
        return self if _is_true(other) else _joined(_times, self, other)  # a mask lets a number pass

    def __rmul__(self, other: Any) -> Exact:
        return self if _is_true(other) else _joined(_times, other, self)

    def __truediv__(self, other: Any) -> Exact:
        return _joined(_over, self, other)

    def __rtruediv__(self, other: Any) -> Exact:
        return _joined(_over, other, self)

    def __floordiv__(self, other: Any) -> Exact:
        return _joined(lambda a, b: call("floor", _over(a, b)), self, other)

    def __rfloordiv__(self, other: Any) -> Exact:
        return _joined(lambda a, b: call("floor", _over(a, b)), other, self)

    def __mod__(self, other: Any) -> Exact:
        return _joined(lambda a, b: a - b * (a // b), self, other)

    def __rmod__(self, other: Any) -> Exact:
        return _joined(lambda a, b: a - b * (a // b), other, self)

    def __pow__(self, other: Any) -> Exact:
        return _joined(lambda a, b: call("^", a, b), self, other)

    def __rpow__(self, other: Any) -> Exact:
        return _joined(lambda a, b: call("^", a, b), other, self)

    def __neg__(self) -> Exact:
        return self if self.op == "nothing" else call("neg", self)

    def __pos__(self) -> Exact:
        return self

    def __abs__(self) -> Exact:
        return call("abs", self)

    # NumPy looks these up by name in object arrays: np.exp(a) calls a[i].exp().
    def exp(self) -> Exact:
        """e to the power of this number."""
        return call("exp", self)

    def log(self) -> Exact:
        """The natural logarithm; the number must be positive."""
        return call("log", self)

    def sqrt(self) -> Exact:
        """The square root; the number must not be negative."""
        return call("sqrt", self)

    def tanh(self) -> Exact:
        """The hyperbolic tangent."""
        return call("tanh", self)

    # Comparisons are bools, or a Condition where they depend on a free symbol.
    def __lt__(self, other: Any) -> Any:
        return _joined(lambda a, b: compare(a, "<", b), self, other)

    def __le__(self, other: Any) -> Any:
        return _joined(lambda a, b: compare(a, "≤", b), self, other)

    def __gt__(self, other: Any) -> Any:
        return _joined(lambda a, b: compare(a, ">", b), self, other)

    def __ge__(self, other: Any) -> Any:
        return _joined(lambda a, b: compare(a, "≥", b), self, other)

    def __eq__(self, other: object) -> Any:
        return _joined(lambda a, b: compare(a, "=", b), self, other) if _is_number(other) else NotImplemented

    def __ne__(self, other: object) -> Any:
        return _joined(lambda a, b: compare(a, "≠", b), self, other) if _is_number(other) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __float__(self) -> NoReturn:
        raise ExactnessError(f"{_brief(self)} is exact and does not become a float by itself; use .approx()")

    def __int__(self) -> int:
        if self.rational is None or self.rational.q != 1:
            raise ExactnessError(f"{_brief(self)} is no whole number")
        return int(self.rational.p)

    __index__ = __int__

    def fraction(self) -> Fraction:
        """The value as :class:`fractions.Fraction`; raises :class:`ExactnessError` when it is irrational."""
        from rechenweg.numbers.closed import tidy

        value = tidy(self).rational
        if value is None:
            raise ExactnessError(f"{_brief(self)} is not rational")
        return Fraction(int(value.p), int(value.q))

    def interval(self, precision: int = 128, at: Mapping[str, arb] | None = None) -> arb:
        """An interval that certainly holds the value, see :func:`rechenweg.numbers.intervals.interval`."""
        from rechenweg.numbers.intervals import interval

        return interval(self, precision, at)

    def approx(self, at: Mapping[str, arb] | None = None) -> float:
        """The nearest float, for plots and for what stands after "≈"; never used in a decision."""
        from rechenweg.numbers.deciding import nearest_float

        return nearest_float(self, at)

    def free_symbols(self) -> frozenset[str]:
        """Names of the symbols without a value in this number."""
        if not self.has_symbols:
            return frozenset()
        return frozenset(node.label for node in bottom_up(self) if node.op == "symbol")

    def __str__(self) -> str:
        from rechenweg.numbers.printing import written

        return written(self)

    def __repr__(self) -> str:
        return f"<Exact {_brief(self)}>"

    def __format__(self, specification: str) -> str:
        from rechenweg.numbers.printing import formatted

        return formatted(self, specification)

    # Immutable, so a copy is the number itself; pickled as a list, since sums of thousands of terms nest deeply.
    def __copy__(self) -> Exact:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Exact:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        order = bottom_up(self)
        place = {id(node): i for i, node in enumerate(order)}
        return _unpickled, ([(n.op, [place[id(a)] for a in n.args], n.rational, n.label) for n in order],)


NOTHING = Exact("nothing", (), fmpq(0))
"""The zero of padding and of empty sums: products and sums with it are left out of the written working."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A comparison that depends on a free symbol, e.g. ``x > 0``; it has no truth value of its own."""

    relation: str
    left: Exact
    right: Exact

    def __bool__(self) -> NoReturn:
        holds = f"{_brief(self.left)} {self.relation} {_brief(self.right)}"
        raise Undecidable(f"whether {holds} depends on a symbol without a value")


# --- making numbers -------------------------------------------------------------------------------------------------


def exact(value: Any) -> Any:
    """Take a number, or an array of numbers, exactly.

    Args:
        value: ``int``, ``Fraction``, ``Decimal``, ``fmpq``, a string such as ``"0.5"``, ``"-1/3"``, ``"2e-3"``, an
            :class:`Exact`, or a (nested) list or array of these.

    Returns:
        An :class:`Exact`, or a NumPy object array of them.

    Raises:
        ExactnessError: a float (it is not what was written: 0.1 is not 1/10), or a string that is no number.

    >>> print(exact("0.981"))
    981/1000
    >>> exact([[1, "1/2"]]).shape
    (1, 2)
    """
    if isinstance(value, Exact):
        return value
    if isinstance(value, (list, tuple, np.ndarray)):
        array = np.asarray(value, dtype=object)
        made = np.empty(array.shape, dtype=object)
        made.reshape(-1)[:] = [
            v if isinstance(v, Exact) else Exact("number", (), rational(v)) for v in array.reshape(-1)
        ]
        return made
    return Exact("number", (), rational(value))


def symbol(name: str, value: Any = None) -> Exact:
    """A number with a name (LaTeX, e.g. ``w_2``), and perhaps a value.

    Without a value it is free: formulas hold for all of its values.

    >>> print(symbol("w_2") * 3)
    w₂ · 3
    """
    return Exact("symbol", (), None, name) if value is None else named(name, exact(value))


def named(name: str, number: Exact) -> Exact:
    """The same number under a name: later formulas show the name, its value stays known."""
    return Exact("named", (number,), number.rational, name)


def unnamed(number: Exact) -> Exact:
    """The number behind its name."""
    while number.op == "named":
        number = number.args[0]
    return number


def call(op: str, *args: Exact, label: str | None = None) -> Exact:
    """Apply the operation `op` of :data:`OPERATIONS`, printed under `label`."""
    values = [a.rational for a in args]
    value = None if None in values else OPERATIONS[op].rational(*values)
    return Exact(op, args, value if value is None else kept_small(value), label)


def case(branches: Iterable[tuple[Condition | bool, Exact]], otherwise: Exact) -> Exact:
    """The value of the first branch whose condition holds, else `otherwise`.

    Conditions that are decided are resolved at once; the rest stays as a case distinction.
    """
    relations: list[str] = []
    args: list[Exact] = []
    for condition, value in branches:
        if isinstance(condition, Condition):
            relations.append(condition.relation)
            args += (condition.left, condition.right, value)
        elif condition:
            otherwise = value
            break
    return Exact("case", (*args, otherwise), None, tuple(relations)) if relations else otherwise


def branches(number: Exact) -> Iterator[tuple[Condition, Exact]]:
    """The branches of a case distinction; its last argument is the value otherwise."""
    for i, relation in enumerate(number.label):
        left, right, value = number.args[3 * i : 3 * i + 3]
        yield Condition(relation, left, right), value


def compare(left: Exact, relation: str, right: Exact) -> bool | Condition:
    """Whether the relation (a key of :data:`SIGNS`) holds; a :class:`Condition` where free symbols stand in it."""
    if left.rational is not None and right.rational is not None:
        difference = left.rational - right.rational
        return (difference > 0) - (difference < 0) in SIGNS[relation]
    if left.has_symbols or right.has_symbols:
        return Condition(relation, left, right)
    from rechenweg.numbers.deciding import sign

    return sign(left - right) in SIGNS[relation]


def _joined(rule: Callable[[Exact, Exact], Result], a: Any, b: Any) -> Result:
    """Apply a rule to two operands, one of which may be a Python or NumPy number."""
    if not isinstance(a, Exact):
        a = _operand(a, b)
    elif not isinstance(b, Exact):
        b = _operand(b, a)
    return NotImplemented if a is NotImplemented or b is NotImplemented else rule(a, b)


def _operand(value: Any, other: Exact) -> Any:
    """The operand beside `other` as an exact number; NotImplemented where NumPy has to take over."""
    if isinstance(value, np.ndarray):
        if value.ndim:
            return NotImplemented  # NumPy comes back element by element
        value = value[()]
    if isinstance(value, (float, complex, np.inexact)):
        came = repr(value.item() if isinstance(value, np.generic) else value)
        raise ExactnessError(
            f'the float {came} met the exact number {_brief(other)}; write it exactly, e.g. exact("0.5")'
        )
    return NOTHING if isinstance(value, (int, np.integer, np.bool_)) and not value else exact(value)


def _is_true(value: object) -> bool:
    return isinstance(value, (bool, np.bool_)) and bool(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (Exact, int, float, complex, Fraction, fmpq, np.generic, np.ndarray))


def _plus(a: Exact, b: Exact) -> Exact:
    return a if b.op == "nothing" else b if a.op == "nothing" else call("+", a, b)


def _minus(a: Exact, b: Exact) -> Exact:
    return a if b.op == "nothing" else -b if a.op == "nothing" else call("-", a, b)


def _times(a: Exact, b: Exact) -> Exact:
    return NOTHING if a.op == "nothing" or b.op == "nothing" else call("*", a, b)


def _over(a: Exact, b: Exact) -> Exact:
    if b.rational is not None and b.rational == 0:
        raise NotDefined(f"{_brief(a)} divided by {_brief(b)} is not defined: division by zero")
    return a if a.op == "nothing" else call("/", a, b)


def _unpickled(rows: list[tuple[str, list[int], fmpq | None, Any]]) -> Exact:
    made: list[Exact] = []
    for op, places, value, label in rows:
        made.append(Exact(op, tuple(made[i] for i in places), value, label))
    return made[-1]


def _brief(number: Any) -> str:
    from rechenweg.numbers.printing import brief

    return brief(number)
