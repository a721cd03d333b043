"""Signs and equality: proved, or called undecided. Never guessed, and never by a float."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from rechenweg.errors import NotDefined, Undecidable
from rechenweg.numbers import Exact, Verdict, apply, derivative, equal, exact, named, sign, softmax, symbol, tidy, where
from rechenweg.numbers.exact import call
from rechenweg.numbers.fingerprint import fingerprint
from rechenweg.numbers.intervals import interval
from tests.numbers.expressions import DIGITS, Formula, formulas, oracle, points

x, y, z = symbol("x"), symbol("y"), symbol("z")
e = exact(1).exp()


def root(n: object) -> Exact:
    made: Exact = exact(n).sqrt()
    return made


def sigma(number: Exact) -> Exact:
    made: Exact = apply("sigmoid", number)
    return made


def decimals(number: Exact, digits: int) -> Exact:
    """The first decimals of a number, as a fraction."""
    with mpmath.workdps(digits + 5):
        made: Exact = exact(number.interval(8 * digits).mid().str(digits, radius=False))
    return made


# --- signs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [15, 40, 150, 600, 1100])
def test_sign_of_a_number_that_is_almost_zero(digits: int) -> None:
    """Far beyond what a float holds: e, √2 and ln 3 cut off after so many digits."""
    for number in (e, root(2), exact(3).log()):
        cut = decimals(number, digits)
        assert sign(number - cut) == -sign(cut - number) != 0
        assert sign(number - cut - exact(10) ** -(digits - 2)) == -1
        assert sign(number - cut + exact(10) ** -(digits - 2)) == 1


@pytest.mark.parametrize(
    "zero",
    [
        root(2) * root(3) - root(6),
        (root(2) + 1) * (root(2) - 1) - 1,
        exact(8).log() - 3 * exact(2).log(),
        exact("2/3").log() - exact(2).log() + exact(3).log(),
        (e + 1) ** 2 - e**2 - 2 * e - 1,
        sigma(exact(2)) + sigma(exact(-2)) - 1,
        exact("1/2").tanh() - (2 * sigma(exact(1)) - 1),
        sum(softmax(exact([1, 2, 3]))) - 1,
        exact(2) ** exact("1/3") * exact(4) ** exact("1/3") - 2,
        apply("relu", 2 - e),
    ],
    ids=str,
)
def test_zero_is_proved(zero: Exact) -> None:
    assert sign(zero) == 0


def test_zero_that_is_not_proved_is_undecided() -> None:
    """√2 + √3 = √(5 + 2√6), but our proof does not see it; then it must say so and not guess."""
    assert sympy.sqrtdenest(sympy.sqrt(5 + 2 * sympy.sqrt(6))) == sympy.sqrt(2) + sympy.sqrt(3)
    with pytest.raises(Undecidable) as caught:
        sign(root(2) + root(3) - (5 + 2 * root(6)).sqrt())
    assert str(caught.value) == "the sign of √2 + √3 − √(5 + 2 · √6) stayed undecided at 4096 bits"


def test_sign_needs_a_value() -> None:
    with pytest.raises(Undecidable, match="the symbol x has no value"):
        sign(x + 1)
    with pytest.raises(NotDefined, match=r"a denominator, √2 · √2 − 2, is 0: division by zero"):
        sign(1 / (root(2) * root(2) - 2))
    assert sign(named("x", exact(-3)) + 1) == -1


@given(formulas(symbols=()))
def test_sign_is_that_of_the_oracle(formula: Formula) -> None:
    value = oracle(formula, {})
    assume(value is not None)
    try:
        ours = sign(formula.number)
    except (Undecidable, NotDefined):
        assert abs(value) < mpmath.mpf(10) ** (10 - DIGITS) or formula.number.interval(4096).is_finite() is False
        return
    if ours == 0:
        assert abs(value) < mpmath.mpf(10) ** (10 - DIGITS)
    else:
        assert value * ours > -(mpmath.mpf(10) ** (10 - DIGITS))


def test_sorting_decides_exactly() -> None:
    """√2 + 1 = 2.414…, √7 = 2.645…, ln 15 = 2.708…, e = 2.718281828459045235…"""
    numbers = [exact(3), e, root(7), exact("2.718281828459045"), exact(15).log(), root(2) + 1]
    ordered = sorted(numbers)
    assert ordered == [root(2) + 1, root(7), exact(15).log(), exact("2.718281828459045"), e, exact(3)]
    assert max(numbers) is numbers[0]
    assert min(numbers) is numbers[5]


# --- equality ---------------------------------------------------------------------------------------------------------

EQUAL = [
    (sigma(x) * (1 - sigma(x)), (-x).exp() / (1 + (-x).exp()) ** 2),
    (x.tanh(), 2 * sigma(2 * x) - 1),
    (1 - x.tanh() ** 2, 4 / (x.exp() + (-x).exp()) ** 2),
    ((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3),
    (1 / (1 / x + 1 / y), x * y / (x + y)),
    ((x * y).log(), x.log() + y.log()),
    ((x / y).log(), x.log() - y.log()),
    ((1 - x - y).log() * 2, ((1 - x - y) ** 2).log()),
    (x**y, (y * x.log()).exp()),
    ((1 + x).sqrt() * (1 + x).sqrt(), 1 + x),
    (-(y * x.log()) - (1 - y) * (1 - x).log(), y * (1 / x).log() + (1 - y) * (1 / (1 - x)).log()),
    (call("sin", x) ** 2 + call("cos", x) ** 2, exact(1)),
    # piece by piece
    (abs(x), (x**2).sqrt()),
    ((x + abs(x)) / 2, apply("relu", x)),
    (apply("relu", x), where(x > 0, x, exact(0))),
    (apply("relu", x), call("max", x, exact(0))),
    (apply("relu", x) - apply("relu", -x), x),
    (call("max", x, y), (x + y + abs(x - y)) / 2),
    (apply("elu", x, "0.3"), where(x > 0, x, exact("0.3") * (x.exp() - 1))),
    (derivative("leaky_relu", x, "0.1"), where(x > 0, exact(1), exact("0.1"))),
    (abs(x - 100), where(x > 100, x - 100, 100 - x)),
]


@pytest.mark.parametrize(("a", "b"), EQUAL, ids=[f"{a} = {b}" for a, b in EQUAL])
def test_equal_formulas(a: Exact, b: Exact) -> None:
    assert equal(a, b) is Verdict.EQUAL
    assert equal(b, a, seed=7) is Verdict.EQUAL
    assert equal(a, b + exact("1e-30")) is Verdict.DIFFERENT


DIFFERENT = [
    (x, -x),
    (x, y),
    (sigma(x), x.tanh()),
    ((x**2).sqrt(), x),  # equal for positive x only
    ((x**2).sqrt(), -x),
    (abs(x), x),
    (abs(x * y), x * y),
    (apply("relu", x - 100), exact(0)),  # equal below 100
    (abs(x - 100), 100 - x),
    (apply("relu", x - y - 5000), exact(0)),
    ((((x - 5000) ** 2).sqrt()), 5000 - x),
    (derivative("relu", x), where(x >= 0, exact(1), exact(0))),  # equal but at 0
    (x.log(), (x**2).log() / 2 + exact("1e-200")),
    (x, x + exact("1e-90")),  # beyond 256 bits
    (x.exp() ** 2, (2 * x).exp() + exact("1e-900")),
    (call("sin", x) ** 2 + call("cos", x) ** 2, 1 + exact("1e-3000")),
    (x // 1, x),
    (exact("1.0000000000000000000000000000000000000000000000000000000000001"), exact(1)),
    (e, exact("2.71828182845904523536028747135266249775724709369995957496696763")),
    (root(2) + root(3), exact("3.14626436994197234232913506571557044551247712918732870100")),
]


@pytest.mark.parametrize(("a", "b"), DIFFERENT, ids=[f"{a} ≠ {b}"[:60] for a, b in DIFFERENT])
def test_different_formulas(a: Exact, b: Exact) -> None:
    for seed in range(5):
        assert equal(a, b, seed=seed) is Verdict.DIFFERENT
    assert equal(b, a) is Verdict.DIFFERENT


UNDECIDED = [
    (root(2) + root(3), (5 + 2 * root(6)).sqrt()),
    ((x // 1) + ((x + "1/2") // 1), (2 * x) // 1),  # Hermite's identity: true, but endlessly many steps
    (((1 + x**2) ** 2).sqrt(), 1 + x**2),  # true, but no point on the other side of 1 + x² = 0 can be tried
]


@pytest.mark.parametrize(("a", "b"), UNDECIDED, ids=[f"{a} ? {b}" for a, b in UNDECIDED])
def test_what_cannot_be_proved_is_undecided(a: Exact, b: Exact) -> None:
    assert equal(a, b) is Verdict.UNDECIDED


def test_what_has_no_value_equals_nothing() -> None:
    assert equal(1 / (x - x), x) is Verdict.DIFFERENT
    assert equal((1 - e).log(), e) is Verdict.DIFFERENT
    assert equal((1 - e).log(), (2 - e).sqrt()) is Verdict.UNDECIDED


def test_symbols_of_the_same_name_are_the_same() -> None:
    assert equal(symbol("w_2") + 1, 1 + symbol("w_2")) is Verdict.EQUAL
    assert equal(symbol("w_2"), symbol("w_3")) is Verdict.DIFFERENT
    assert equal(named("a", x + 1) * 2, 2 * x + 2) is Verdict.EQUAL


@pytest.mark.parametrize(
    ("ours", "sympys"),
    [
        ("sigmoid", "1/(1+exp(-x))"),
        ("tanh", "tanh(x)"),
        ("exp", "exp(x)"),
        ("log", "log(x)"),
        ("sqrt", "sqrt(x)"),
        ("sin", "sin(x)"),
        ("cos", "cos(x)"),
    ],
)
def test_derivatives_are_those_of_sympy(ours: str, sympys: str) -> None:
    """SymPy differentiates; its formula, taken over node by node, equals our derivative."""
    slope = sympy.diff(sympy.sympify(sympys), sympy.Symbol("x"))
    assert equal(derivative(ours, x), _from_sympy(slope)) is Verdict.EQUAL


def _from_sympy(node: sympy.Expr) -> Exact:
    if node.is_Symbol:
        return symbol(str(node))
    if node.is_Rational:
        made: Exact = exact(Fraction(int(node.p), int(node.q)))
        return made
    args = [_from_sympy(a) for a in node.args]
    if isinstance(node, sympy.exp):
        return args[0].exp()
    if node.is_Function:
        return call(type(node).__name__, *args)
    if node.is_Pow:
        return args[0] ** args[1]
    total = args[0]
    for other in args[1:]:
        total = total + other if node.is_Add else total * other
    return total


@given(formulas(functions=("neg", "exp", "log", "sqrt", "sigmoid", "tanh")))
def test_a_smooth_formula_equals_itself_written_otherwise(formula: Formula) -> None:
    try:
        other = tidy((formula.number * 2 - formula.number) / 1)
    except (NotDefined, Undecidable):
        assume(False)
        raise
    assert equal(formula.number, other) is not Verdict.DIFFERENT


@given(formulas(), formulas(), st.integers(0, 3))
def test_no_false_verdict(a: Formula, b: Formula, seed: int) -> None:
    """The oracle at points of its own never contradicts a verdict."""
    verdict = equal(a.number, b.number, seed=seed)
    for i in range(12):
        at = {"x": Fraction(3 * i - 17, 7), "y": Fraction(29 - 5 * i, 11)}
        ours, theirs = oracle(a, at), oracle(b, at)
        if ours is not None and theirs is not None and abs(ours - theirs) > mpmath.mpf(10) ** -20:
            assert verdict is not Verdict.EQUAL


@given(formulas(), points)
def test_what_holds_on_one_side_only_is_not_equal(formula: Formula, at: dict[str, Fraction]) -> None:
    value = oracle(formula, at)
    assume(value is not None and abs(value) > mpmath.mpf(10) ** -10)
    number = formula.number
    if value < 0:
        pairs = [((number**2).sqrt(), number), (abs(number), number), (apply("relu", number), number)]
    else:
        pairs = [((number**2).sqrt(), -number), (abs(number), -number), (apply("relu", number), exact(0))]
    for a, b in pairs:
        assert equal(a, b) is not Verdict.EQUAL


def test_no_number_passes_for_a_symbol() -> None:
    """The fingerprint of x is a number below 2²⁵⁶; who knew it could write x − x + that number for x."""
    value, _ = fingerprint(x) or (0, None)
    assert fingerprint(x - x + exact(value)) == fingerprint(x)
    code = """
from rechenweg.numbers import symbol
from rechenweg.numbers.fingerprint import fingerprint
print(fingerprint(symbol("x"))[0])"""
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert int(other) != value


# --- intervals --------------------------------------------------------------------------------------------------------


@given(formulas(), st.fractions(-3, 3, max_denominator=20), st.fractions(-3, 3, max_denominator=20))
def test_intervals_hold_the_value(formula: Formula, a: Fraction, b: Fraction) -> None:
    at = {"x": a, "y": b}
    value = oracle(formula, at)
    assume(value is not None)
    found = interval(formula.number, 128, {name: arb(v.numerator) / v.denominator for name, v in at.items()})
    assume(found.is_finite())
    with mpmath.workdps(DIGITS):
        middle, radius = mpmath.mpf(found.mid().str(50, radius=False)), mpmath.mpf(found.rad().str(10, radius=False))
        assert abs(middle - value) <= 2 * radius + mpmath.mpf(10) ** -30 * (1 + abs(value))


def test_a_branch_that_may_apply_is_within_the_interval() -> None:
    """ReLU of an interval around 0 holds 0 and the positive part, whatever x is."""
    found = interval(apply("relu", x), 64, {"x": arb(0, 1)})
    assert found.contains(0)
    assert found.contains(1)
    assert interval(apply("relu", x), 64, {"x": arb(2)}) == 2


def test_threads_do_not_disturb_each_other() -> None:
    """python-flint has one precision for all threads; without a lock a thread computes with another's."""
    number = sum((exact(n).sqrt() for n in range(2, 40)), exact(0))

    def radius(bits: int) -> bool:
        return bool(number.interval(bits).rad() < arb(2) ** (16 - bits))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(radius, [53, 300, 1000, 4000] * 60))


# --- floats -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "nearest"),
    [
        (exact("1/3"), 1 / 3),
        (e, 2.718281828459045),
        (root(2) - root(2), 0.0),
        (root(2) * root(2) - 2, 0.0),
        (root(2) + exact("1e-60") - root(2), 1e-60),
        (exact(10) ** 400, float("inf")),
        (-(exact(10) ** 400), float("-inf")),
        (exact(10) ** -400, 0.0),
        (exact(1000).exp(), float("inf")),
    ],
    ids=str,
)
def test_nearest_float(number: Exact, nearest: float) -> None:
    assert number.approx() == nearest


def test_nearest_float_at_a_point() -> None:
    assert (x**2).approx({"x": arb(3)}) == 9.0
    with pytest.raises(Undecidable, match="the symbol x has no value"):
        (x**2).approx()
