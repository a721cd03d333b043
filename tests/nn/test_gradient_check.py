"""The gradient check finds what is broken, names it, and lets kinks be kinks."""

from __future__ import annotations

import numpy as np
import pytest

from rechenweg.errors import NetworkError
from rechenweg.nn import (
    ELU,
    Add,
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
    MaxPool1d,
    MaxPool2d,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    gradient_check,
)
from rechenweg.numbers import Array, exact

RNG = np.random.default_rng

LAYERS: dict[str, tuple[Layer, tuple[int, ...]]] = {
    "linear": (Linear(3, 2), (4, 3)),
    "linear, last row": (Linear(3, 2, bias_as_last_row=True), (4, 3)),
    "conv1d": (Conv1d(2, 3, 3, stride=2, padding=1), (2, 2, 6)),
    "conv2d": (Conv2d(2, 2, 2, stride=3), (1, 2, 5, 6)),
    "max": (MaxPool2d(2, stride=1), (1, 2, 4, 4)),
    "average": (AvgPool2d(2, padding=1), (1, 2, 4, 4)),
    "flatten": (Flatten(), (2, 2, 2)),
    "sigmoid": (Sigmoid(), (2, 3)),
    "tanh": (Tanh(), (2, 3)),
    "relu": (ReLU(), (2, 3)),
    "leaky": (LeakyReLU(), (2, 3)),
    "elu": (ELU("1/2"), (2, 3)),
    "softmax": (Softmax(), (2, 3)),
}


@pytest.mark.parametrize("case", LAYERS)
def test_all_entries_of_every_layer_agree(case: str) -> None:
    layer, shape = LAYERS[case]
    report = gradient_check(layer.copy().initialize(0), RNG(1).standard_normal(shape))
    entries = int(np.prod(shape)) + sum(int(np.prod(s)) for s in layer.parameter_shapes.values())
    assert report.ok and report.agreed == entries, str(report)


def test_a_network_with_its_loss_agrees() -> None:
    network = Network.chain(
        [Conv2d(1, 2, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(8, 3), Softmax()], loss=CrossEntropy("mean")
    ).initialize(0)
    report = gradient_check(network, RNG(1).standard_normal((2, 1, 6, 6)), target=np.eye(3)[[0, 2]])
    assert report.ok and not report.kinks and report.agreed == 72 + 18 + 2 + 24 + 3


def test_exact_networks_are_checked_in_floats() -> None:
    network = Network.chain([Linear(weights=[["1/2"]]), Sigmoid()], loss=BinaryCrossEntropy())
    assert gradient_check(network, exact([[3]]), target=exact([["1/3"]])).agreed == 2


class ForgetsTheTwo(Tanh):
    """A deliberately wrong derivative: half of what it should be."""

    def backward(self, error_tensor: Array) -> Array:
        return super().backward(error_tensor) / 2


def test_a_broken_layer_is_named_with_entry_values_and_ratio() -> None:
    network = Network("x")
    network.add("a", Linear(weights=[[0.5], [1.0]], names={"weights": "w"}), "x")
    network.add("h", ForgetsTheTwo(), "a")
    report = gradient_check(network, [[0.0, 0.0]])
    assert not report.ok
    assert [(entry.name, entry.index) for entry in report.errors] == [("x", (0, 0)), ("x", (0, 1))]
    assert report.agreed == 2  # ∂L/∂w = e·x = 0 whatever the layer does
    first = str(report.errors[0])
    assert first.startswith("x[0, 0]: backward gives ") and first.endswith("(ratio 0.5)")
    assert str(report).splitlines()[0] == "2 entries agree, 2 wrong, 0 at a kink"


def test_relu_at_zero_is_a_kink_not_an_error() -> None:
    report = gradient_check(ReLU(), [[1.0, 0.0]])
    assert report.ok and report.agreed == 1
    assert [entry.index for entry in report.kinks] == [(0, 1)]
    assert 'at a kink of layer "h" (ReLU) at [0, 1]' in str(report)


def test_a_weight_that_moves_a_unit_over_its_kink_is_told_apart_from_one_that_does_not() -> None:
    network = Network("x")
    network.add("a", Linear(weights=[[1.0, 2.0]], names={"weights": "w"}, bias=[-1.0, 0.0]), "x")  # a = (0, 2)
    network.add("h", ReLU(), "a")
    report = gradient_check(network, [[1.0]])
    assert report.ok
    assert {(entry.name, entry.index) for entry in report.kinks} == {("x", (0, 0)), ("w", (0, 0)), ("b", (0,))}


def test_kinks_that_cancel_are_still_recognised() -> None:
    """relu(x) − relu(−x) = x has slope 1 at 0 on both sides; ReLU′(0) = 0 makes backward say 0."""
    network = Network("x")
    network.add("p", ReLU(), "x")
    network.add("n", Linear(weights=[[-1.0]]), "x")
    network.add("q", ReLU(), "n")
    network.add("m", Linear(weights=[[-1.0]]), "q")
    network.add("y", Add(), "p", "m")
    report = gradient_check(network, [[0.0]])
    assert report.ok
    at_x = next(entry for entry in report.kinks if entry.name == "x")
    assert at_x.backward == 0 and abs(at_x.quotient) > 0.1


@pytest.mark.parametrize("layer", [MaxPool1d(2), MaxPool1d(2, ties="shared")])
def test_equal_maxima_are_a_kink(layer: Layer) -> None:
    report = gradient_check(layer, [[[1.0, 1.0, 3.0, 2.0]]])
    assert report.ok and report.agreed + len(report.kinks) == 4
    assert all(entry.index[2] < 2 for entry in report.kinks)


def test_elu_with_alpha_1_has_no_kink() -> None:
    assert gradient_check(ELU(1), [0.0], tolerance=1e-4).kinks == ()
    assert len(gradient_check(ELU(2), [0.0]).kinks) == 1


def test_a_sample_of_the_entries() -> None:
    report = gradient_check(Linear(10, 10).initialize(0), RNG(0).standard_normal((3, 10)), sample=5)
    assert report.agreed == 15


def test_the_subject_is_left_as_it_was() -> None:
    layer = Linear(weights=[[1.0]])
    x = np.array([[2.0]])
    gradient_check(layer, x)
    assert layer.gradients == {} and layer.parameters["weights"].item() == 1 and x.item() == 2 and layer.label is None


def test_what_it_refuses() -> None:
    with pytest.raises(NetworkError, match=r"a target, but no loss function; set network\.loss"):
        gradient_check(ReLU(), [1.0], target=[1.0])
    with pytest.raises(NetworkError, match='expected a loss that is one number, found reduction "none"'):
        gradient_check(Network.chain([ReLU()], loss=L2Loss("none")), [1.0], target=[1.0])
