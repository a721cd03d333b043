"""The number itself: exact arithmetic in NumPy's hands, no float let in, nothing so large or deep that it hangs."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import ExactnessError, NotDefined, RechenwegError, Undecidable
from rechenweg.numbers import Condition, Exact, apply, case, exact, named, sign, symbol, text, tidy, unnamed
from rechenweg.numbers.exact import NOTHING, branches

x = symbol("x")
e = exact(1).exp()
fractions = st.fractions(-5, 5, max_denominator=12)


def value(number: Any) -> Any:
    """What a number or an array of them is, as Python fractions."""
    if isinstance(number, Exact):
        return number.fraction()
    return np.vectorize(value, otypes=[object])(number)


# --- taking numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (3, Fraction(3)),
        (True, Fraction(1)),
        (np.int8(-7), Fraction(-7)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("0.981"), Fraction(981, 1000)),
        (fmpq(2, 7), Fraction(2, 7)),
        ("0.5", Fraction(1, 2)),
        (" -1/3 ", Fraction(-1, 3)),
        ("+4/6", Fraction(2, 3)),
        (".25", Fraction(1, 4)),
        ("3.", Fraction(3)),
        ("2e-3", Fraction(1, 500)),
        ("-1.5E2", Fraction(-150)),
        (exact(2), Fraction(2)),
    ],
)
def test_numbers_are_taken_exactly(given: Any, meant: Fraction) -> None:
    assert exact(given).fraction() == meant


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0.1, "the float 0.1 cannot be taken exactly; write it as a string or a fraction"),
        (np.float32(0.5), "the float 0.5 cannot be taken exactly; write it as a string or a fraction"),
        (math.nan, "the float nan cannot be taken exactly; write it as a string or a fraction"),
        ([1, 0.5], "the float 0.5 cannot be taken exactly; write it as a string or a fraction"),
        (np.ones(2), "the float 1.0 cannot be taken exactly; write it as a string or a fraction"),
        ("nan", "'nan' is not a number that can be taken exactly"),
        (Decimal("Infinity"), "'Infinity' is not a number that can be taken exactly"),
        ("", "'' is not a number that can be taken exactly"),
        (".", "'.' is not a number that can be taken exactly"),
        ("1_000", "'1_000' is not a number that can be taken exactly"),
        ("0,5", "'0,5' is not a number that can be taken exactly"),
        ("1/2/3", "'1/2/3' is not a number that can be taken exactly"),
        ("٣", "'٣' is not a number that can be taken exactly"),
        ("x" * 100, f"'{'x' * 37}…' is not a number that can be taken exactly"),
        (None, "a NoneType cannot be taken as an exact number"),
        ([[1, 2], [3]], "a list cannot be taken as an exact number"),
        (torch.ones(1), "a Tensor cannot be taken as an exact number"),
        ("1/0", "1/0 is not defined: division by zero"),
    ],
)
def test_what_is_no_exact_number_is_refused(given: Any, message: str) -> None:
    with pytest.raises(RechenwegError) as caught:
        exact(given)
    assert str(caught.value) == message


def test_arrays_keep_their_shape() -> None:
    assert exact([[1, "1/2"], [0, "-3"]]).shape == (2, 2)
    assert exact(np.zeros((0, 3), dtype=int)).shape == (0, 3)
    assert value(exact(np.arange(6).reshape(2, 3))[1, 2]) == 5


# --- arithmetic -------------------------------------------------------------------------------------------------------

OPERATORS: list[Callable[[Any, Any], Any]] = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
]  # fmt: skip
COMPARISONS: list[Callable[[Any, Any], Any]] = [
    operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne,
]  # fmt: skip


@given(fractions, fractions, st.sampled_from(OPERATORS))
def test_arithmetic_is_that_of_fractions(a: Fraction, b: Fraction, op: Callable[[Any, Any], Any]) -> None:
    if b == 0 and op not in (operator.add, operator.sub, operator.mul):
        with pytest.raises(NotDefined):
            op(exact(a), exact(b))
        return
    assert op(exact(a), exact(b)).fraction() == op(a, b)
    assert op(exact(a), b).fraction() == op(a, exact(b)).fraction() == op(a, b)


@given(fractions, st.integers(-3, 5))
def test_powers_are_those_of_fractions(a: Fraction, n: int) -> None:
    if a == 0 and n < 0:
        with pytest.raises(NotDefined):
            exact(a) ** n
    else:
        assert (exact(a) ** n).fraction() == a**n


@given(fractions, fractions, st.sampled_from(COMPARISONS))
def test_comparisons_are_those_of_fractions(a: Fraction, b: Fraction, op: Callable[[Any, Any], Any]) -> None:
    assert op(exact(a), exact(b)) is op(exact(a), b) is op(a, exact(b)) is op(a, b)


@given(fractions)
def test_unary(a: Fraction) -> None:
    assert (-exact(a)).fraction() == -a
    assert abs(exact(a)).fraction() == abs(a)
    assert (+exact(a)).fraction() == a
    assert bool(exact(a)) is bool(a)


def test_roots_of_squares_are_fractions() -> None:
    assert exact("9/16").sqrt().fraction() == Fraction(3, 4)
    assert (exact("8/27") ** exact("-2/3")).fraction() == Fraction(9, 4)
    assert exact(2).sqrt().rational is None


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: x / 0, "x divided by 0 is not defined: division by zero"),
        (lambda: 1 / exact(0), "1 divided by 0 is not defined: division by zero"),
        (lambda: e / (exact(0).exp() - 1), "e divided by e⁰ − 1 is not defined: division by zero"),
        (lambda: x // 0, "x divided by 0 is not defined: division by zero"),
        (lambda: x % 0, "x divided by 0 is not defined: division by zero"),
        (lambda: exact([1, 2]) / np.array([1, 0]), "2 divided by 0 is not defined: division by zero"),
        (lambda: exact(0) ** -1, "0^(-1) is not defined: division by zero"),
        (lambda: exact(-8) ** exact("1/3"), "(-8)^(1/3) is not defined: a fractional power of a negative number"),
        (lambda: exact(0).log(), "ln(0) is not defined: the logarithm needs a positive number"),
        (lambda: exact("-1/2").log(), "ln(-1/2) is not defined: the logarithm needs a positive number"),
        (lambda: np.sqrt(exact([4, -1])), "√(-1) is not defined: the root needs a number that is not negative"),
    ],
)
def test_what_has_no_value_is_refused_in_one_line(act: Callable[[], Any], message: str) -> None:
    with pytest.raises(NotDefined) as caught:
        act()
    assert str(caught.value) == message


# --- floats stay out --------------------------------------------------------------------------------------------------

FLOATS: list[Any] = [
    0.5, math.nan, math.inf, 0.0, 1j, np.float64(0.5), np.float32(0.5), np.float16(0.5), np.longdouble(0.5),
    np.complex64(1j), np.array(0.5), np.full(2, 0.5), np.full((1, 2), 0.5, np.float32),
    torch.tensor(0.5), torch.ones(2),
]  # fmt: skip


@pytest.mark.parametrize("number", [exact("1/2"), e, x, NOTHING, exact([1, 2])], ids=["1/2", "e", "x", "0", "array"])
@pytest.mark.parametrize("came", FLOATS, ids=[f"{type(f).__name__} {f}" for f in FLOATS])
def test_a_float_never_meets_an_exact_number(number: Any, came: Any) -> None:
    for op in (*OPERATORS, operator.pow, *COMPARISONS):
        for a, b in ((number, came), (came, number)):
            if op in (operator.eq, operator.ne) and isinstance(came, torch.Tensor):
                continue  # PyTorch and Python answer False for what they do not know
            with pytest.raises((ExactnessError, TypeError)) as caught:
                op(a, b)
            if not isinstance(came, torch.Tensor):
                assert isinstance(caught.value, ExactnessError)


def test_the_message_names_both() -> None:
    with pytest.raises(ExactnessError) as caught:
        0.5 * symbol("w_2", 3)
    assert str(caught.value) == 'the float 0.5 met the exact number w₂; write it exactly, e.g. exact("0.5")'


def test_an_exact_number_never_becomes_a_float() -> None:
    for act in (float, math.sqrt, complex, lambda n: np.array([n], dtype=float), lambda n: np.array([n]).astype(float)):
        with pytest.raises(ExactnessError, match=r"2 is exact and does not become a float by itself; use \.approx\(\)"):
            act(exact(2))


def test_whole_numbers_count() -> None:
    assert int(exact("6/2")) == 3
    assert list(range(exact(3))) == [0, 1, 2]
    assert np.zeros(exact(2)).shape == (2,)
    with pytest.raises(ExactnessError, match="1/2 is no whole number"):
        int(exact("1/2"))
    assert (exact(2).sqrt() * exact(2).sqrt()).fraction() == 2
    with pytest.raises(ExactnessError, match="e is not rational"):
        e.fraction()


# --- in NumPy's hands -------------------------------------------------------------------------------------------------


def ints(*shape: int) -> Any:
    return (np.arange(math.prod(shape)) * 7 % 11 - 5).reshape(shape)


@pytest.mark.parametrize(
    "act",
    [
        lambda a, b: a @ b,
        lambda a, b: np.einsum("ij,jk->ik", a, b),
        lambda a, b: np.einsum("ij,jk->", a, b),
        lambda a, b: np.tensordot(a, b, axes=([1], [0])),
        lambda a, b: np.tensordot(a, a, axes=([0, 1], [0, 1])),
        lambda a, b: np.pad(a, ((1, 0), (2, 1))),
        lambda a, b: np.pad(a, 1) * np.pad(a, 1),
        lambda a, b: np.where(a > 0, a, a * 2),
        lambda a, b: np.where(a == 0, 1, a),
        lambda a, b: a.max(axis=0),
        lambda a, b: a.min(),
        lambda a, b: np.maximum(a, 0),
        lambda a, b: a.argmax(axis=1),
        lambda a, b: np.sort(a.ravel()),
        lambda a, b: np.lib.stride_tricks.sliding_window_view(a, (2, 2)).sum(axis=(2, 3)),
        lambda a, b: np.lib.stride_tricks.sliding_window_view(np.pad(a, 1), (2, 2)).max(axis=(2, 3)),
        lambda a, b: a.sum(axis=0) - a.mean(axis=0),
        lambda a, b: np.concatenate([a.T, b[:, :3]]),
        lambda a, b: np.add.at(c := a.copy(), ([0, 0], [1, 1]), 3) or c,
        lambda a, b: np.cumsum(a, axis=1),
        lambda a, b: (a > 0) * a,
        lambda a, b: a[a > 0],
        lambda a, b: np.abs(a) + np.negative(a) + np.square(a) + a**2 + np.sign(a),
        lambda a, b: sum(a),
        lambda a, b: np.outer(a[0], b[0]) / 3,
        lambda a, b: np.dot(a[0], b[:, 1]),
    ],
)
def test_object_arrays_go_through_numpy(act: Callable[[Any, Any], Any]) -> None:
    """The same calls on arrays of Python's fractions are the oracle."""
    a, b = ints(3, 4), ints(4, 5)
    fraction = np.vectorize(Fraction, otypes=[object])
    ours, theirs = act(exact(a), exact(b)), act(fraction(a), fraction(b))
    assert np.shape(ours) == np.shape(theirs)
    mine = np.vectorize(lambda v: v.fraction() if isinstance(v, Exact) else v, otypes=[object])(ours)
    assert (mine == theirs).all()


def test_functions_go_through_numpy() -> None:
    array = exact(["1/2", 2])
    for function in (np.exp, np.log, np.sqrt, np.tanh):
        ours = np.array([v.approx() for v in function(array)])
        assert np.allclose(ours, function(np.array([0.5, 2.0])), rtol=1e-15, atol=0)


# --- nothing leaves no trace ------------------------------------------------------------------------------------------


def test_zero_of_padding_and_of_sums_is_not_written() -> None:
    w = np.array([symbol(f"w_{i}", i) for i in (1, 2, 3)])
    row = np.pad(np.array([symbol("x_1", 4), symbol("x_2", 5)]), (1, 1))
    assert [str(v).split(" = ")[0] for v in (w @ row[:3], w @ row[1:])] == ["w₂ · x₁ + w₃ · x₂", "w₁ · x₁ + w₂ · x₂"]
    assert str(sum([x, x])) == "x + x"
    assert (0 + x) is (x + 0) is (x - 0) is (x * True) is (np.True_ * x) is x
    assert str(0 - x) == "−x"
    for nothing in (0 * x, x * np.int64(0), x * False, np.False_ * x, NOTHING * x, 0 / x, -NOTHING, NOTHING + 0):
        assert nothing is NOTHING


def test_a_zero_that_was_written_stays() -> None:
    assert str(exact(0) * 3 + 2) == "0 · 3 + 2 = 2"


def test_masks_let_pass_or_stop() -> None:
    array = np.array([x, exact(2), exact(3)])
    kept = array * np.array([True, False, True])
    assert kept[0] is x
    assert kept[1] is NOTHING
    assert kept[2] is array[2]


# --- symbols, names, cases --------------------------------------------------------------------------------------------


def test_a_name_is_kept_and_the_value_known() -> None:
    w = symbol("w_2", "1/2")
    assert (w * 3).fraction() == Fraction(3, 2)
    assert w.free_symbols() == frozenset()
    assert unnamed(named("a", named("b", w.args[0]))) is w.args[0]
    assert (named("a", x + 1) * symbol("y")).free_symbols() == {"x", "y"}


def test_a_comparison_with_a_free_symbol_is_a_condition() -> None:
    condition = x > 0
    assert isinstance(condition, Condition)
    for act in (lambda: bool(condition), lambda: bool(x), lambda: max(x, exact(1)), lambda: x in [exact(1)]):
        with pytest.raises(Undecidable, match="depends on a symbol without a value"):
            act()
    with pytest.raises(Undecidable) as caught:
        bool(x + 1 >= symbol("y"))
    assert str(caught.value) == "whether x + 1 ≥ y depends on a symbol without a value"
    assert (x == "text") is False
    assert (x == None) is False  # noqa: E711
    assert x in [exact(1), x][1:]


def test_symbols_in_conditions_are_found() -> None:
    a, b, c, d = (symbol(name) for name in "abcd")
    number = case([(a > b, c)], d)
    assert number.free_symbols() == {"a", "b", "c", "d"}
    ((condition, value_there),) = branches(number)
    assert (condition.relation, condition.left, condition.right, value_there) == (">", a, b, c)
    assert case([(False, a), (True, b)], c) is b
    assert case([(False, a)], c) is c


def test_no_hash_since_equal_numbers_are_written_in_many_ways() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(exact(1))


# --- kept small -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: exact(9) ** exact(9) ** exact(9), "the power 9^387420489 is too large to be written out"),
        (lambda: exact(9) ** exact(9) ** exact(9) ** exact(9), "the power 9^387420489 is too large to be written out"),
        (lambda: exact("1/3") ** -(10**12), "the power 1/3^-1000000000000 is too large to be written out"),
        (lambda: exact("1" * 10**6), "a number of 1000000 characters is too long; at most 4096 are read"),
        (lambda: exact(1 << 10**6), "a number of 1000001 bits came up; at most 262144 are computed with"),
        (lambda: exact("1e999999999999"), "'1e999999999999': exponents of ten go up to 4096"),
        (lambda: exact(Decimal("1e-5000")), "'1E-5000': exponents of ten go up to 4096"),
        (lambda: _squared(exact(3), 60), "a number of 415489 bits came up; at most 262144 are computed with"),
        (lambda: tidy(exact(2) ** exact("1000001/2")), "the power 2^500000 is too large to be written out"),
    ],
)
def test_what_would_fill_the_memory_is_refused_at_once(act: Callable[[], Any], message: str) -> None:
    with pytest.raises(ExactnessError) as caught:
        act()
    assert str(caught.value) == message


def _squared(number: Exact, times: int) -> Exact:
    for _ in range(times):
        number = number * number
    return number


def test_a_tower_of_exponentials_stays_a_formula() -> None:
    tower = exact(100).exp().exp().exp()
    assert text(tower) == "e^(e^(e¹⁰⁰))"
    assert not tower.interval(128).is_finite()
    assert math.isnan(tower.approx())
    with pytest.raises(Undecidable):
        sign(tower - 1)


def test_powers_of_one_may_be_as_high_as_one_likes() -> None:
    assert (exact(-1) ** (10**12 + 1)).fraction() == -1
    assert (exact(1) ** -(10**12)).fraction() == 1


# --- long and deep ----------------------------------------------------------------------------------------------------


def deep_and_long() -> dict[str, Exact]:
    sums = sum(symbol(f"a_{{{i}}}") for i in range(30_000))
    differences, right, product, nested, shared = x, x, exact(1), exact("1/2"), x
    for i in range(10_000):
        differences = differences - exact(i + 2).sqrt()
        right = symbol("b") + right
        product = product * symbol(f"p_{{{i % 50}}}")
    for _ in range(500):
        nested = apply("sigmoid", nested)
    for _ in range(200):
        shared = shared * (1 - shared)
    tower = exact("1/2")
    for _ in range(500):
        tower = (1 - 2 * tower).exp() / 3
    long = {"sum": sums, "difference": differences, "right": right, "product": product}
    return long | {"nested": nested, "tower": tower, "shared": shared}


@pytest.mark.parametrize(("name", "number"), deep_and_long().items())
def test_long_and_deep_numbers_do_not_break_recursion(name: str, number: Exact) -> None:
    """30,000 terms, 10,000 factors, σ(σ(…)) and e^(… e^(…)) 500 deep, a formula of 2²⁰⁰ pieces if written out."""
    at = {symbol_name: arb(1) / 3 for symbol_name in number.free_symbols()}
    assert number.interval(64, at).is_finite()
    assert tidy(number).op in ("+", "-", "*", "/", "sigmoid")
    assert len(repr(number)) < 100
    assert len(str(number)) < 200_000
    again = pickle.loads(pickle.dumps(number))
    assert again.interval(64, at).overlaps(number.interval(64, at))
    assert copy.deepcopy(number) is copy.copy(number) is number


def test_pickling_keeps_the_arithmetic() -> None:
    number = named("z", symbol("w", "1/2") * 3 + np.pad(exact([1]), 1)[0] + case([(x > 0, e)], NOTHING))
    again = pickle.loads(pickle.dumps(number))
    assert str(again) == str(number)
    array = pickle.loads(pickle.dumps(exact([[1, "1/2"]])))
    assert value(array).tolist() == [[1, Fraction(1, 2)]]


def test_repr_is_short_and_one_line() -> None:
    assert repr(symbol("w_2", 3) + 1) == "<Exact w₂ + 1>"
    assert repr(named("a", sum(x for _ in range(1000)))) == "<Exact a>"
    assert len(repr(exact(10) ** 1000)) < 80
