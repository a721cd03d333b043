"""Each function and its derivative: PyTorch over floats, SymPy for the formulas, and exact against float."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import ExactnessError
from rechenweg.numbers import FUNCTIONS, Exact, Verdict, apply, derivative, equal, exact, symbol, text
from rechenweg.numbers.intervals import precision
from rechenweg.numbers.operations import OPERATIONS

TORCH: dict[str, Any] = {
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "sin": torch.sin,
    "cos": torch.cos,
    "abs": torch.abs,
    "sgn": torch.sign,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda x: torch.nn.functional.leaky_relu(x, 0.1),
    "elu": lambda x: torch.nn.functional.elu(x, 0.3),
}
PARAMETERS = {"leaky_relu": ("0.1",), "elu": ("0.3",)}
POSITIVE = {"log", "sqrt"}
KINKED = {"abs", "sgn", "relu", "leaky_relu", "elu"}

GRID = np.concatenate([
    np.linspace(-6, 6, 49), [-0.0, 1e-300, -1e-300, 1e-16, -1e-16, 1e-8, -1e-8, 30.0, -30.0, 700.0, -700.0],
])  # fmt: skip
EXTREME = np.array([np.inf, -np.inf, 1e308, -1e308, 5e-324, -5e-324, np.nan])


def torchs(name: str, x: np.ndarray[Any, Any]) -> tuple[Any, Any]:
    """PyTorch's value and slope."""
    tensor = torch.tensor(x, requires_grad=True)
    value = TORCH[name](tensor)
    value.sum().backward()
    return value.detach().numpy(), tensor.grad.numpy()  # type: ignore[union-attr]


def within(name: str, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.abs(x[x != 0]) if name in POSITIVE else x


def test_every_function_has_an_oracle() -> None:
    assert set(TORCH) == set(FUNCTIONS)
    for name in FUNCTIONS:
        assert {name, name + "'"} <= set(OPERATIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_floats_agree_with_pytorch(name: str) -> None:
    x = within(name, GRID)
    value, slope = torchs(name, x)
    params = PARAMETERS.get(name, ())
    assert np.allclose(apply(name, x, *params), value, rtol=1e-15, atol=1e-300)
    # PyTorch computes some slopes from the value (1 − tanh²), which cancels; hence a tolerance of their rounding
    assert np.allclose(derivative(name, x, *params), slope, rtol=1e-14, atol=3e-16)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"sin", "cos"}))
def test_floats_at_the_ends_agree_with_pytorch(name: str) -> None:
    x = within(name, EXTREME)
    params = PARAMETERS.get(name, ())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        value, slope = torchs(name, x)
        ours, our_slope = apply(name, x, *params), derivative(name, x, *params)
    known = ~np.isnan(x)
    assert np.array_equal(ours[known], value[known])
    assert np.isnan(ours[~known]).all()
    assert np.allclose(our_slope[known], slope[known], rtol=1e-14, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "abs", "sgn"])
def test_large_numbers_cause_no_overflow(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x in (np.array([1e4, -1e4, 1e308, -1e308]), np.array([1e4, -1e4, 3e38], dtype=np.float32)):
            apply(name, x, *PARAMETERS.get(name, ()))
            derivative(name, x, *PARAMETERS.get(name, ()))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_dtype_stays(name: str) -> None:
    params = PARAMETERS.get(name, ())
    for dtype in (np.float32, np.float64):
        for x in (np.linspace(0.5, 2, 5, dtype=dtype), np.ones((2, 0, 3), dtype=dtype)):
            for function in (apply, derivative):
                made = function(name, x, *params)
                assert made.dtype == dtype
                assert made.shape == x.shape
    assert derivative(name, np.array([1, 2]), *params).dtype == np.float64


@pytest.mark.parametrize("name", FUNCTIONS)
def test_exact_values_are_the_float_values(name: str) -> None:
    """To 1e-15 relative; mpmath is the judge where they differ by more than a rounding."""
    params = PARAMETERS.get(name, ())
    for x in (Fraction(n, 8) for n in range(-40, 41, 3)):
        if name in POSITIVE and x <= 0:
            continue
        for function in (apply, derivative):
            ours = function(name, exact(x), *params).approx()
            floats = float(function(name, np.array([float(x)]), *params)[0])
            assert abs(ours - floats) <= 1e-15 * abs(ours) or abs(ours - floats) < 1e-300


@given(st.fractions(-40, 40, max_denominator=10**6))
def test_sigmoid_and_tanh_keep_their_digits_in_the_tails(x: Fraction) -> None:
    """1 − tanh(20)² and 1 − σ(40) have no digit left in floats; written otherwise they have them all."""
    with mpmath.workdps(60):
        at = mpmath.mpf(x.numerator) / x.denominator
        true = {
            ("sigmoid", apply): 1 / (1 + mpmath.exp(-at)),
            ("sigmoid", derivative): mpmath.exp(-at) / (1 + mpmath.exp(-at)) ** 2,
            ("tanh", derivative): mpmath.sech(at) ** 2,
        }
        for (name, function), value in true.items():
            floats = float(function(name, np.array([float(x)]))[0])
            spread = 1e-14 + abs(float(x)) * 3e-16  # the rounding of x itself counts in a power of e
            assert abs(floats - value) <= spread * value
            assert abs(function(name, exact(x)).approx() - value) <= mpmath.mpf("1.2e-16") * value


# --- kinks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "at_zero"), [("relu", 0), ("leaky_relu", "0.1"), ("elu", "0.3"), ("abs", 0), ("sgn", 0)]
)
def test_slope_at_the_kink_is_the_documented_convention(name: str, at_zero: Any) -> None:
    """The same for exact numbers, floats and PyTorch."""
    params = PARAMETERS.get(name, ())
    assert equal(derivative(name, exact(0), *params), exact(at_zero)) is Verdict.EQUAL
    ours = derivative(name, np.array([0.0, -0.0]), *params)
    assert np.array_equal(ours, torchs(name, np.array([0.0, -0.0]))[1])
    assert float(ours[0]) == float(exact(at_zero).approx())


@pytest.mark.parametrize("alpha", ["1", "0.3", "2", "-1/2"])
def test_elu_slope_at_zero_is_alpha(alpha: str) -> None:
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.elu(x, float(Fraction(alpha))).backward()
    assert derivative("elu", exact(0), alpha).fraction() == Fraction(alpha)
    assert float(x.grad) == float(Fraction(alpha))  # type: ignore[arg-type]


# --- exact values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "x", "value", "slope"),
    [
        ("exp", 0, "1", "1"),
        ("exp", 2, "e²", "e²"),
        ("log", 1, "0", "1"),
        ("log", "2/5", "ln(2/5)", "5/2"),
        ("sqrt", "9/4", "3/2", "1/3"),
        ("sqrt", 2, "√2", "√2/4"),
        ("sigmoid", 0, "1/2", "1/4"),
        ("sigmoid", 1, "σ(1)", "σ(1) · (1 − σ(1))"),
        ("tanh", 0, "0", "1"),
        ("tanh", 1, "tanh(1)", "1 − tanh(1)²"),
        ("sin", 0, "0", "1"),
        ("cos", 0, "1", "0"),
        ("abs", "-5/2", "5/2", "−1"),
        ("sgn", -3, "−1", "0"),
        ("relu", "7/2", "7/2", "1"),
        ("relu", -1, "0", "0"),
        ("leaky_relu", -4, "−2/5", "1/10"),
        ("elu", -1, "3 · (e⁻¹ − 1)/10", "3 · e⁻¹/10"),
        ("elu", 2, "2", "1"),
    ],
)
def test_closed_forms(name: str, x: Any, value: str, slope: str) -> None:
    params = PARAMETERS.get(name, ())
    assert text(apply(name, exact(x), *params)) == value
    assert text(derivative(name, exact(x), *params)) == slope


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"sgn"}))
def test_derivative_is_the_limit_of_difference_quotients(name: str) -> None:
    """Over 600-bit intervals the quotient with step 10⁻⁶⁰ agrees to about 60 digits, on both sides of a kink."""
    params = [exact(p) for p in PARAMETERS.get(name, ())]
    step = exact("1e-60")
    for place in (exact("3/4"), exact("-3/4")):
        if name in POSITIVE and place < 0:
            continue
        with precision(600):
            quotient = (apply(name, place + step, *params) - apply(name, place - step, *params)) / (2 * step)
            error = (quotient - derivative(name, place, *params)).interval(600)
            assert abs(error) < 1e-55


@given(st.fractions(-8, 8, max_denominator=60), st.sampled_from(sorted(FUNCTIONS)))
def test_value_and_expansion_are_the_same(x: Fraction, name: str) -> None:
    """The rule for intervals and the rule in simpler operations describe one function."""
    if name in POSITIVE and x <= 0:
        return
    params = [exact(p) for p in PARAMETERS.get(name, ())]
    for op in (name, name + "'"):
        expand = OPERATIONS[op].expand
        if expand is not None:
            direct = apply(name, exact(x), *params) if op == name else derivative(name, exact(x), *params)
            assert direct.interval(128).overlaps(expand(exact(x), *params).interval(128))


# --- arguments --------------------------------------------------------------------------------------------------------


def test_labels_and_parameters() -> None:
    x = symbol("x")
    assert str(apply("sigmoid", x, label=r"\sigma_1")) == "σ₁(x)"
    assert str(derivative("sigmoid", x, label=r"\sigma_1")) == "σ₁′(x)"
    array = apply("elu", np.array([[x, exact(1)]]), symbol("a"))
    assert array.shape == (1, 2)
    assert isinstance(array[0, 0], Exact)
    assert array[0, 0].free_symbols() == {"x", "a"}
    assert str(apply("relu", 3.0)) == "3.0"


def test_a_float_parameter_does_not_meet_an_exact_number() -> None:
    with pytest.raises(ExactnessError, match=r"the float 0\.1 cannot be taken exactly"):
        apply("leaky_relu", exact([1, -1]), 0.1)
    assert apply("leaky_relu", np.array([-1.0]), 0.1) == apply("leaky_relu", np.array([-1.0]), "0.1") == -0.1
