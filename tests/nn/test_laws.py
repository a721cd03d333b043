"""Laws that hold for any sizes: adjointness, formula of shapes, exact runs equal to float runs."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rechenweg.errors import ShapeError
from rechenweg.nn import (
    ELU,
    SGD,
    Add,
    AvgPool1d,
    AvgPool2d,
    BinaryCrossEntropy,
    Conv1d,
    Conv2d,
    CrossEntropy,
    Flatten,
    L2Loss,
    Layer,
    LeakyReLU,
    Linear,
    Loss,
    MaxPool1d,
    MaxPool2d,
    MSELoss,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    windows_along,
)
from rechenweg.nn.kinds import as_floats
from rechenweg.numbers import exact, is_exact, symbol

Sizes = tuple[int, int, int, int]


@st.composite
def sliding(draw: st.DrawFn) -> Sizes:
    """length, kernel, stride, padding that leave at least one window."""
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    padding = draw(st.integers(0, kernel - 1))
    return draw(st.integers(max(1, kernel - 2 * padding), 9)), kernel, stride, padding


def integers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Floats without rounding: sums of their products are exact, so both sides of a law can be compared with ==."""
    return rng.integers(-4, 5, shape).astype(float)


def adjoint(layer: Layer, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    x, y = integers(rng, shape), integers(rng, layer.output_shape(shape))
    forward, back = layer.forward(x), layer.backward(y)
    assert isinstance(back, np.ndarray)
    assert (forward * y).sum() == (x * back).sum()


@given(sliding(), sliding(), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_backward_is_the_adjoint_of_forward_for_convolution_and_average_pooling(a: Sizes, b: Sizes, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k, s, p = a
    flipped = bool(rng.integers(2))
    weights = integers(rng, (2, 3, k))
    adjoint(Conv1d(weights=weights, stride=s, padding=p, flipped=flipped), (2, 3, n), rng)
    h, w = n, b[0]
    kernel, stride, padding = zip(a[1:], b[1:], strict=True)
    weights = integers(rng, (2, 1, *kernel))
    adjoint(Conv2d(weights=weights, stride=stride, padding=padding, flipped=flipped), (2, 1, h, w), rng)
    # a mean over k numbers is k times smaller than their sum: k² · x keeps it free of rounding
    pool = AvgPool2d(kernel, stride=stride, padding=padding)
    x, y = integers(rng, (1, 2, h, w)) * (kernel[0] * kernel[1]), integers(rng, pool.output_shape((1, 2, h, w)))
    y = y * (kernel[0] * kernel[1])
    assert (pool.forward(x) * y).sum() == (x * pool.backward(y)).sum()


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.sampled_from(["in,out", "out,in"]))
@settings(max_examples=20, deadline=None)
def test_backward_is_the_adjoint_of_forward_for_linear(batch: int, i: int, o: int, layout: Any) -> None:
    rng = np.random.default_rng(i + 7 * o)
    weights = integers(rng, (i, o) if layout == "in,out" else (o, i))
    adjoint(Linear(weights=weights, layout=layout), (batch, i), rng)
    adjoint(Flatten(), (batch, i, o), rng)


@given(sliding())
@settings(max_examples=60, deadline=None)
def test_number_of_windows(sizes: Sizes) -> None:
    n, k, s, p = sizes
    starts = [i for i in range(-p, n + p) if (i + p) % s == 0 and i + k <= n + p]
    assert windows_along(n, k, s, (p, p)) == len(starts) == floor(Fraction(n + 2 * p - k, s)) + 1
    pool = MaxPool1d(k, stride=s, padding=p)
    assert pool.forward(np.zeros((1, 1, n))).shape == pool.output_shape((1, 1, n)) == (1, 1, len(starts))


def test_same_keeps_the_length_for_every_kernel() -> None:
    for k in range(1, 7):
        assert Conv1d(1, 1, k, padding="same").output_shape((1, 1, 9)) == (1, 1, 9)


# --- one code, two kinds of number -----------------------------------------------------------------------------------

EXACT_LAYERS: dict[str, tuple[Layer, tuple[tuple[int, ...], ...]]] = {
    "linear": (Linear(3, 2), ((2, 3),)),
    "linear, out,in": (Linear(3, 2, layout="out,in"), ((2, 3),)),
    "linear, last row": (Linear(3, 2, bias_as_last_row=True), ((2, 3),)),
    "conv1d": (Conv1d(2, 2, 3, stride=2, padding="same"), ((2, 2, 5),)),
    "conv2d": (Conv2d(2, 2, (2, 3), stride=(2, 1), padding=1), ((2, 2, 4, 3),)),
    "conv2d, flipped": (Conv2d(1, 2, 2, flipped=True), ((1, 1, 3, 3),)),
    "max pooling": (MaxPool2d(2, stride=1), ((2, 1, 3, 4),)),
    "max pooling, padded": (MaxPool2d(3, stride=2, padding=1), ((2, 1, 3, 4),)),
    "max pooling, shared": (MaxPool1d(2, ties="shared"), ((2, 1, 6),)),
    "average pooling": (AvgPool1d(3, stride=2, padding=1), ((2, 2, 5),)),
    "average pooling 2d": (AvgPool2d(2), ((1, 2, 4, 5),)),
    "flatten": (Flatten(), ((2, 2, 3),)),
    "add": (Add(), ((2, 3), (2, 3), (2, 3))),
    "sigmoid": (Sigmoid(symbol=r"\sigma_1"), ((2, 3),)),
    "tanh": (Tanh(), ((2, 3),)),
    "relu": (ReLU(), ((2, 3),)),
    "leaky relu": (LeakyReLU("1/5"), ((2, 3),)),
    "elu": (ELU("3/2"), ((2, 3),)),
    "softmax": (Softmax(), ((2, 3),)),
}


def fractions(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Different numbers everywhere: no tie whose gradient the rounding to floats would decide."""
    made = np.empty(int(np.prod(shape)), object)
    made[:] = [Fraction(int(n), 7) for n in rng.permutation(np.arange(made.size) * 2 - made.size)]
    return exact(made.reshape(shape))


def near(name: str, numbers: Any, floats: Any) -> None:
    assert is_exact(numbers), f"{name} leaked out of the exact numbers"
    rounded = as_floats(np.asarray(numbers, dtype=object))
    assert rounded.shape == np.shape(floats), name
    assert np.abs(rounded - floats).max() <= 1e-12 * max(1.0, np.abs(floats).max()), name


@pytest.mark.parametrize("case", EXACT_LAYERS)
def test_an_exact_run_equals_the_float_run(case: str) -> None:
    template, shapes = EXACT_LAYERS[case]
    rng = np.random.default_rng(len(case))
    ours, floats = template.copy(), template.copy()
    for key, shape in ours.parameter_shapes.items():
        ours.parameters[key] = fractions(rng, shape)
        floats.parameters[key] = as_floats(ours.parameters[key])
    inputs = [fractions(rng, shape) for shape in shapes]
    near("output", ours.forward(*inputs), output := floats.forward(*map(as_floats, inputs)))
    errors = fractions(rng, output.shape)
    backs, float_backs = ours.backward(errors), floats.backward(as_floats(errors))
    for i, _ in enumerate(shapes):
        near(f"dL/dx{i}", backs[i] if isinstance(backs, tuple) else backs,
             float_backs[i] if isinstance(float_backs, tuple) else float_backs)  # fmt: skip
    for key in ours.parameters:
        near(f"dL/d{key}", ours.gradients[key], floats.gradients[key])


@pytest.mark.parametrize("reduction", ["sum", "mean", "none"])
@pytest.mark.parametrize("kind", [L2Loss, MSELoss, BinaryCrossEntropy, CrossEntropy])
def test_an_exact_loss_equals_the_float_loss(kind: type[Loss], reduction: Any) -> None:
    prediction = exact([["1/4", "3/4"], ["2/3", "1/3"]])
    target = exact([[1, 0], ["1/5", "4/5"]])
    ours, floats = kind(reduction), kind(reduction)
    value = ours.forward(prediction, target)
    near("L", value, floats.forward(as_floats(prediction), as_floats(target)))
    near("dL", ours.backward(), floats.backward())


def test_a_mean_over_one_is_written_without_a_division() -> None:
    loss = MSELoss()
    assert str(loss.forward(exact([["1/2"]]), exact([[1]]))) == "(1/2 − 1)² = 1/4"
    assert str(loss.backward()[0, 0]) == "2 · (1/2 − 1) = −1"


def test_whole_numbers_join_exact_ones_exactly() -> None:
    layer = Linear(weights=[["1/2"], [0]], bias=[1])
    output = layer.forward(np.array([[3, 0]]))
    assert str(output[0, 0]) == "3 · 1/2 + 0 · 0 + 1 = 5/2"  # a 0 that was given is written, unlike padding


def test_padding_leaves_no_trace_in_the_written_working() -> None:
    layer = Conv1d(weights=[[["1/2", 3, 5]]], padding=1)
    output = layer.forward(exact([[[2, 7]]]))
    assert [str(z) for z in output[0, 0]] == ["3 · 2 + 5 · 7 = 41", "1/2 · 2 + 3 · 7 = 22"]


def test_exact_and_float_networks_turn_into_each_other() -> None:
    network = Network.chain([Linear(2, 3), ReLU(), Linear(3, 1)]).initialize(0)
    there_and_back = network.exact().floats()
    for name, array in network.parameters().items():
        assert_array_equal(there_and_back.parameters()[name], array)
        assert is_exact(network.exact().parameters()[name])


def test_a_training_step_in_exact_numbers() -> None:
    network = Network.chain([Linear(weights=[["1/2"]])], loss=L2Loss())
    # y = 1/2·3 = 3/2, L = (3/2 − 1)² = 1/4, ∂L/∂w = 2·1/2·3 = 3, w − 1/10·3 = 1/5
    assert network.train_step([[3]], [[1]], SGD("0.1")) == exact("1/4")
    assert network.parameters()["W"][0, 0] == exact("1/5")


@pytest.mark.parametrize("given", [["0.5"], np.array(["0.5"]), np.array([Fraction(1, 2)], object), exact(["0.5"])])
def test_what_is_given_exactly_is_taken_exactly(given: Any) -> None:
    output = ReLU().forward(given)
    assert is_exact(output) and output[0] == exact("1/2")


def test_named_lengths_come_out_with_the_formula_of_the_shape() -> None:
    n, h, w = symbol("n"), symbol("h", 32), symbol("w", 30)  # the batch may be any
    batch, channels, height, width = Conv2d(3, 8, 5, stride=3, padding=2).output_shape((n, 3, h, w))
    assert batch is n and channels == 8
    assert str(height).startswith("⌊(h + 4 − 5)/3⌋ + 1")
    assert str(width).endswith("= 10")
    named_lengths = (n, symbol("c", 8), symbol("h", 11), symbol("w", 10))
    assert str(Flatten().output_shape(named_lengths)[1]) == "c · h · w = 8 · 11 · 10 = 880"


def test_numpy_integers_in_a_shape_are_checked_too() -> None:
    with pytest.raises(ShapeError, match=r"expected input \(batch, 3\), found shape \(1, 4\)"):
        Linear(3, 1).output_shape((np.int64(1), np.int64(4)))
