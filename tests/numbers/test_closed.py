"""Closed forms: the value stays, the writing is the simplest, and nothing is claimed that holds only sometimes."""

from __future__ import annotations

import mpmath
import pytest
from flint import arb
from hypothesis import assume, given

from rechenweg.errors import ExactnessError, NotDefined, Undecidable
from rechenweg.numbers import Exact, apply, derivative, exact, named, sign, softmax, symbol, text, tidy, where
from rechenweg.numbers.exact import call
from tests.numbers.expressions import DIGITS, Formula, formulas, oracle, points

x, y, z = symbol("x"), symbol("y"), symbol("z")
e, ln2 = exact(1).exp(), exact(2).log()


def root(n: int) -> Exact:
    made: Exact = exact(n).sqrt()
    return made


def tidied(number: Exact) -> Exact:
    """The closed form; formulas that turn out to have no value do not count."""
    try:
        return tidy(number)
    except (NotDefined, Undecidable):
        assume(False)
        raise


@pytest.mark.parametrize(
    ("number", "written"),
    [
        # fractions, like terms, like powers
        (exact("1/2") + exact("1/3"), "5/6"),
        (x - x, "0"),
        (3 * ln2 - ln2 - (ln2 + 1), "ln(2) − 1"),
        (x / 2 + x / 3, "5 · x/6"),
        (x * x * x / x, "x²"),
        ((2 * x) / (4 * y * 3), "x/(6 · y)"),
        ((x + 1) / (1 + x), "1"),
        (x * (y + z) - (z + y) * x, "0"),
        # the order stays; a sum begins with a positive term
        (z + y + x, "z + y + x"),
        (-x + 1, "1 − x"),
        (-(x - y), "y − x"),
        (-x - y, "−x − y"),
        # nothing is multiplied out
        (2 * (x + y), "2 · (x + y)"),
        ((x + y) * (x - y), "(x + y) · (x − y)"),
        # unless terms cancel then
        (x * (y + z) - x * y, "x · z"),
        (x * (y + z) + x * y, "x · (y + z) + x · y"),
        ((1 - (e + e**2) * exact(-2).exp()) * exact(2).exp() / (e + e**2), "−e/(e + e²)"),
        ((e + e**-1) * e**2 / (1 + e), "(e³ + e)/(1 + e)"),
        # roots
        (root(8), "2 · √2"),
        (root(2) * root(3), "√6"),
        (1 / root(2), "√2/2"),
        (root(2) * root(2), "2"),
        (exact(8) ** exact("2/3"), "4"),
        (exact("4/9").sqrt(), "2/3"),
        (x.sqrt() * x.sqrt(), "x"),
        (x * x.sqrt(), "x^(3/2)"),
        ((4 * x * y).sqrt(), "2 · √(x · y)"),
        # e and ln
        (e * exact(-3).exp() * root(8), "2 · √2 · e⁻²"),
        (exact(3).log().exp(), "3"),
        ((2 * x.log()).exp(), "x²"),
        ((x + y.log()).exp(), "y · eˣ"),
        ((x.exp() * y.exp()).log(), "x + y"),
        (x.exp() ** y, "e^(x · y)"),
        (-(exact("0.35").log()), "−ln(7/20)"),
        (exact(1).log(), "0"),
        # functions stay closed or are settled
        (derivative("sigmoid", exact("1/2")), "σ(1/2) · (1 − σ(1/2))"),
        (apply("sigmoid", ln2 - ln2), "1/2"),
        (apply("sigmoid", ln2), "2/3"),
        (apply("sigmoid", exact(3).log() - 2 * ln2), "3/7"),
        (apply("tanh", exact(3).log() / 2), "1/2"),
        (apply("sigmoid", ln2 / 3), "σ(ln(2)/3)"),
        (apply("tanh", 10**9 * ln2), "tanh(1000000000 · ln(2))"),
        (apply("relu", e - 3), "0"),
        (apply("relu", 3 - e), "3 − e"),
        (abs(e - 3), "3 − e"),
        (call("max", e, exact(3), root(7)), "3"),
        (call("min", e, exact(3), root(7)), "√7"),
        ((2 * e) // 1, "5"),
        (softmax(exact([1, 2]))[0], "e/(e + e²)"),
        (named("z", named("a", ln2) + 1), "ln(2) + 1"),
    ],
    ids=str,
)
def test_closed_form(number: Exact, written: str) -> None:
    assert text(number) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ((x**2).sqrt(), "√(x²)"),  # not x: x may be negative
        ((x**4).sqrt(), "√(x⁴)"),
        ((x * y).sqrt(), "√(x · y)"),  # not √x·√y: both may be negative
        (((x * y).sqrt()) ** 2, "x · y"),
        ((x**2).log(), "ln(x²)"),  # not 2·ln(x)
        ((x**3).sqrt(), "x^(3/2)"),  # where x³ ≥ 0, x ≥ 0
        (abs(x), "|x|"),
        ((1 - e) ** 2, "(1 − e)²"),
        (((1 - e) ** 2).sqrt(), "√((1 − e)²)"),
    ],
    ids=str,
)
def test_what_holds_only_for_some_values_is_left_alone(number: Exact, written: str) -> None:
    assert text(number) == written


def test_zero_to_the_zero_is_one_as_in_polynomials() -> None:
    assert (exact(0) ** 0).rational == 1
    assert text(x**0) == "1"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: 1 / (x - x), "a denominator, x − x, is 0: division by zero"),
        (lambda: 1 / (root(2) * root(2) - 2), "a denominator, √2 · √2 − 2, is 0: division by zero"),
        (
            lambda: 1 / ((root(2) + root(3)) ** 2 - 5 - 2 * root(6)),
            "a denominator, (√2 + √3)² − 5 − 2 · √6, is 0: division by zero",
        ),
        (lambda: (x - x) ** -1, "a denominator, 0, is 0: division by zero"),
        (lambda: (1 - e).log(), "ln(1 − e) is not defined: the logarithm needs a positive number"),
        (lambda: (root(2) * root(2) - 2).log(), "ln(0) is not defined: the logarithm needs a positive number"),
        (lambda: (2 - e).sqrt(), "(2 − e)^(1/2) is not defined: a fractional power of a negative number"),
        (lambda: (-(x.exp())).sqrt(), "(−eˣ)^(1/2) is not defined: a fractional power of a negative number"),
        (lambda: (2 - e) ** e, "(2 − e)^(e) is not defined: a fractional power of a negative number"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_refused(make: object, message: str) -> None:
    with pytest.raises(NotDefined) as caught:
        tidy(make())  # type: ignore[operator]
    assert str(caught.value) == message


def test_a_power_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(ExactnessError, match=r"the power 2\^1000000000 is too large to be written out"):
        tidy((2 * x) ** 10**9)
    assert text(x**10**9) == "x¹⁰⁰⁰⁰⁰⁰⁰⁰⁰"


def test_case_distinctions_are_settled_as_soon_as_they_can_be() -> None:
    assert text(where(x > 0, x + x, exact(0))) == "{2 · x if x > 0; 0 otherwise}"
    put_in = named("x", root(2))
    assert text(where(put_in > 1, put_in * put_in, exact(0))) == "2"


@given(formulas(symbols=()))
def test_closed_number_keeps_its_value(formula: Formula) -> None:
    value = oracle(formula, {})
    assume(value is not None)
    number = tidied(formula.number)
    assert number.interval(256).overlaps(formula.number.interval(256))
    with mpmath.workdps(DIGITS):
        ours = mpmath.mpf(number.interval(256).mid().str(DIGITS, radius=False))
        assert abs(ours - value) <= mpmath.mpf(10) ** (20 - DIGITS) * max(1, abs(value))


@given(formulas(), points)
def test_formula_keeps_its_values_and_gets_no_new_symbols(formula: Formula, at: dict[str, object]) -> None:
    number = tidied(formula.number)
    assert number.free_symbols() <= formula.number.free_symbols()
    assume(oracle(formula, at) is not None)  # type: ignore[arg-type]
    values = {name: arb(str(value.numerator)) / value.denominator for name, value in at.items()}  # type: ignore[attr-defined]
    before, after = formula.number.interval(256, values), number.interval(256, values)
    assert after.is_finite() or not before.is_finite()
    assert before.overlaps(after)


@given(formulas())
def test_tidying_twice_writes_the_same(formula: Formula) -> None:
    once = tidied(formula.number)
    assert text(once) == text(tidy(once))


@given(formulas(symbols=()))
def test_a_number_minus_itself_is_zero(formula: Formula) -> None:
    tidied(formula.number)
    assert tidy(formula.number - formula.number).rational == 0


@given(formulas(symbols=()))
def test_no_root_and_no_logarithm_of_a_negative_number(formula: Formula) -> None:
    tidied(formula.number)
    assume(oracle(formula, {}) is not None)
    negative = -(formula.number**2) - exact("1/7")
    for undefined in (Exact.sqrt, Exact.log, lambda number: number ** exact("2/3")):
        with pytest.raises(NotDefined):
            tidy(undefined(negative))
        with pytest.raises(NotDefined):
            sign(undefined(negative))
