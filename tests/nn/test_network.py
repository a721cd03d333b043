"""Wiring, naming, the tap, and what a network says when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rechenweg.errors import ExactnessError, NetworkError, NotDefined, RechenwegError, ShapeError
from rechenweg.nn import (
    ELU,
    SGD,
    TOPICS,
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
    TapKind,
)
from rechenweg.nn.losses import Reduction
from rechenweg.numbers import Array, exact, named, symbol
from rechenweg.numbers import text as written


def diamond() -> Network:
    """y = 2x + 3x + x, which uses x three times."""
    network = Network("x", loss=L2Loss())
    network.add("a", Linear(weights=[[2.0]], names={"weights": "u"}), "x")
    network.add("b", Linear(weights=[[3.0]], names={"weights": "v"}), "x")
    network.add("y", Add(), "a", "b", "x")
    return network


# --- wiring -----------------------------------------------------------------------------------------------------------


def test_gradients_of_a_quantity_used_several_times_are_added() -> None:
    network = diamond()
    assert network.forward([[1.0]]).item() == 6
    assert network.backward(np.array([[1.0]])).item() == 6  # type: ignore[union-attr]


def test_they_are_added_in_the_order_of_use() -> None:
    network = diamond().exact()
    given = {"a": symbol("p"), "b": symbol("q"), "y": symbol("r")}

    def tap(kind: TapKind, name: str, array: Any) -> Any:
        return np.array([[given[name]]], object) if kind == "gradient" and name in given else array

    network.forward([[1]], tap=tap)
    gradient = network.backward([[1]], tap=tap)
    assert str(gradient[0, 0]).startswith("p · 2 + q · 3 + r")  # type: ignore[index]


def test_one_quantity_may_be_both_inputs_of_a_layer() -> None:
    network = Network("x")
    network.add("y", Add(), "x", "x")
    assert network.forward([3.0]).item() == 6
    assert network.backward([1.0]).item() == 2  # type: ignore[union-attr]


def test_several_inputs_and_one_that_nothing_depends_on() -> None:
    network = Network("x", "y", "z")
    network.add("s", Add(), "x", "y")
    assert_array_equal(network.forward([1.0], [2.0], [[5.0, 6.0]]), [3.0])
    gradients = network.backward([7.0])
    assert [g.tolist() for g in gradients] == [[7.0], [7.0], [[0.0, 0.0]]]


def test_the_output_may_be_a_quantity_in_the_middle() -> None:
    network = diamond()
    network.output = "a"
    assert network.forward([[1.0]]).item() == 2
    assert network.backward([[1.0]]).item() == 2  # type: ignore[union-attr]
    assert set(network.gradients()) == {"u"}
    assert set(network.error_tensors) == {"a", "x"}


def test_gradients_of_an_earlier_pass_do_not_linger() -> None:
    network = diamond()
    network.forward([[1.0]])
    network.backward([[1.0]])
    network.output = "a"
    network.backward([[1.0]])
    assert set(network.gradients()) == {"u"}
    assert network.copy().gradients() == {}
    network.forward([[1.0]])
    assert network.gradients() == {}


def test_a_chain_names_by_itself() -> None:
    network = Network.chain(
        [Conv1d(1, 2, 2), ReLU(), MaxPool1d(2), Flatten(), Linear(4, 3), ReLU(), Linear(3, 1)], loss=L2Loss()
    )
    assert network.quantities == ("x", "z_1", "a_1", "m", "f", "z_2", "a_2", r"\hat y")
    network.initialize(0)
    assert list(network.parameters()) == ["K", "b_1", "W_1", "b_2", "W_2", "b_3"]


def test_given_names_are_kept_and_others_keep_clear_of_them() -> None:
    network = Network("x")
    network.add("a", Linear(1, 1, names={"weights": "W_1", "bias": "b"}), "x")
    network.add("c", Linear(1, 1), "a")
    network.add("d", Linear(1, 1), "c")
    assert network.parameter_names() == {
        "a": {"weights": "W_1", "bias": "b"},
        "c": {"weights": "W_2", "bias": "b_1"},
        "d": {"weights": "W_3", "bias": "b_2"},
    }


def test_a_copy_trains_without_touching_the_original() -> None:
    network = diamond()
    twin = network.copy()
    twin.train_step([[1.0]], [[0.0]], SGD(0.1))
    assert network.parameters()["u"].item() == 2
    assert network.values == {}
    assert twin.parameters()["u"].item() == pytest.approx(2 - 0.1 * 12)


def test_the_loss_restarts_from_a_given_error_tensor() -> None:
    network = diamond()
    network.forward([[1.0]])
    network.backward([[5.0]])  # no loss_of before
    assert network.gradients()["u"].item() == 5


# --- the tap ----------------------------------------------------------------------------------------------------------


def test_the_tap_sees_everything_in_the_order_of_the_run() -> None:
    network = Network("x", loss=L2Loss())
    network.add("a", Linear(weights=[[2.0]], bias=[1.0], names={"weights": "w", "bias": "b"}), "x")
    network.add("y", ReLU(), "a")
    seen: list[tuple[str, str]] = []

    def tap(kind: TapKind, name: str, array: Any) -> Any:
        seen.append((kind, name))
        return array

    network.target_name = "t"
    network.loss_of(network.forward([[1.0]], tap=tap), [[1.0]], tap=tap)
    network.backward(tap=tap)
    assert seen == [
        ("input", "x"),
        ("parameter", "w"),
        ("parameter", "b"),
        ("value", "a"),
        ("value", "y"),
        ("target", "t"),
        ("loss", "L"),
        ("gradient", "y"),
        ("gradient", "a"),
        ("parameter gradient", "w"),
        ("parameter gradient", "b"),
        ("gradient", "x"),
    ]


def test_what_the_tap_returns_is_used_from_there_on() -> None:
    network = Network("x", loss=L2Loss())
    network.add("a", Linear(weights=[[2.0]], names={"weights": "w"}), "x")
    network.add("y", Linear(weights=[[10.0]], names={"weights": "v"}), "a")
    instead = {("input", "x"): 3.0, ("parameter", "w"): 5.0, ("value", "a"): 7.0, ("gradient", "a"): 11.0,
               ("parameter gradient", "v"): 13.0, ("loss", "L"): 17.0, ("target", "y^*"): 60.0}  # fmt: skip

    def tap(kind: TapKind, name: str, array: Any) -> Any:
        return np.full_like(array, instead[kind, name]) if (kind, name) in instead else array

    prediction = network.forward([[1.0]], tap=tap)
    assert prediction.item() == 7 * 10
    assert network.loss_of(prediction, [[0.0]], tap=tap) == 17
    gradient = network.backward(tap=tap)
    assert network.error_tensors["y"].item() == 2 * (70 - 60)
    assert gradient.item() == 11 * 5  # type: ignore[union-attr]  # by the parameter as it was used
    assert {name: g.item() for name, g in network.gradients().items()} == {"w": 11 * 3, "v": 13}
    assert network.parameters()["w"].item() == 2  # the network keeps its own


def test_a_derivative_written_with_the_output_uses_the_tapped_output() -> None:
    network = Network.chain([Softmax()], loss=CrossEntropy())

    def tap(kind: TapKind, name: str, array: Any) -> Any:
        return np.array([[0.25, 0.75]]) if kind == "value" else array

    network.forward([[0.0, 0.0]], tap=tap)
    # ŷ·(e − Σ e·ŷ) with ŷ = (¼, ¾), e = (1, 0)
    assert_array_equal(network.backward([[1.0, 0.0]]), [[0.25 * 0.75, -0.75 * 0.25]])


def test_a_tap_can_name_zeros_that_nobody_gave() -> None:
    """A bias that was only asked for, and the gradient of an input that nothing depends on, are exact numbers too."""
    network = Network("x", "u")
    network.add("y", Linear(weights=[["1/2"]], bias=True), "x")

    def tap(kind: TapKind, name: str, array: Any) -> Any:
        return np.array([[named(name, n) for n in array.reshape(-1)]], object).reshape(array.shape)

    assert str(network.forward([[3]], ["1/7"], tap=tap)[0, 0]).startswith("y = x · W + b")
    assert [str(g.item()) for g in network.backward([[1]], tap=tap)] == ["x = y · W = 1 · 1/2 = 1/2", "u = 0"]


# --- conventions ------------------------------------------------------------------------------------------------------


def test_conventions_in_force_are_stated_in_both_languages() -> None:
    layers: list[Layer] = [
        Linear(1, 1),
        Linear(1, 1, layout="out,in"),
        Linear(1, 1, bias_as_last_row=True),
        Conv2d(1, 1, 3, padding="same"),
        Conv1d(1, 1, 3, flipped=True),
        MaxPool1d(2),
        MaxPool2d(2, ties="shared"),
        AvgPool1d(2, padding=1),
        Flatten(),
        ReLU(),
        LeakyReLU(),
        ELU(),
    ]
    losses = [L2Loss(), L2Loss("mean"), L2Loss("none"), BinaryCrossEntropy(), CrossEntropy(epsilon="1/1000")]
    stated: dict[str, list[str]] = {}
    for part in (*layers, *losses):
        assert part.conventions, part
        for topic, text in part.conventions.items():
            assert text.en and text.de and topic in TOPICS
            stated.setdefault(topic, []).append(text.en)
    assert set(stated) == set(TOPICS)
    assert len(set(stated["linear layer"])) == 3
    assert len(set(stated["convolution"])) == 2
    assert len(set(stated["max pooling"])) == 2
    assert len(set(stated["loss over a batch"])) == 3
    assert "1/1000" in stated["cross-entropy"][-1]


def test_a_network_gathers_them_and_tells_layers_apart() -> None:
    network = Network("x", loss=L2Loss("mean"))
    network.add("a", Linear(1, 1), "x")
    network.add("b", Linear(1, 1), "a")
    assert network.conventions["linear layer"] == Linear(1, 1).conventions["linear layer"]
    assert network.conventions["loss over a batch"].en == "mean over all elements"
    network.add("c", Linear(1, 1, layout="out,in"), "b")
    assert network.conventions["linear layer"].en.endswith("(PyTorch) ($c$)")
    assert "($a, b$); " in network.conventions["linear layer"].en


# --- what goes wrong --------------------------------------------------------------------------------------------------


class Broken(Layer):
    """A user's layer that trips over its own code."""

    def forward(self, x: Array) -> Array:
        raise IndexError("list index out of range")

    def backward(self, error_tensor: Array) -> Array:
        return error_tensor

    def output_shape(self, shape: Any) -> Any:
        return shape


def add(layer: Layer, *inputs: str) -> Callable[[], Any]:
    return lambda: Network("x", "y").add("z", layer, *inputs)


def forward(layer: Layer, *inputs: Any) -> Callable[[], Any]:
    def act() -> None:
        network = Network(*(f"x_{i}" for i in range(len(inputs))))
        network.add("z", layer, *network.inputs)
        network.forward(*inputs)

    return act


def backward(layer: Layer, x: Any, error_tensor: Any) -> Callable[[], Any]:
    def act() -> None:
        network = Network("x")
        network.add("z", layer, "x")
        network.forward(x)
        network.backward(error_tensor)

    return act


def used_twice() -> None:
    network, layer = Network("x"), ReLU()
    network.add("a", layer)
    network.add("b", layer)


def same_parameter_name() -> None:
    network = Network("x")
    network.add("a", Linear(1, 1, names={"weights": "w"}))
    network.add("b", Linear(1, 1, names={"weights": "w"}))


def set_output() -> None:
    diamond().output = "q"


def mixed_loss() -> None:
    network = Network.chain([ReLU()], loss=L2Loss())
    network.loss_of(network.forward([1.0]), ["1/2"])


def log_of_zero() -> None:
    network = Network.chain([ReLU()], loss=CrossEntropy())
    network.loss_of(network.forward(exact([[0]])), [[1]])


def no_loss() -> None:
    network = Network.chain([ReLU()])
    network.forward([1.0])
    network.backward()


def no_loss_yet() -> None:
    network = Network.chain([ReLU()], loss=L2Loss())
    network.forward([1.0])
    network.backward()


MESSAGES: list[tuple[type[RechenwegError], Callable[[], Any], str]] = [
    (ShapeError, lambda: Conv1d(2, 4, 3).output_shape((1, 3, 7)),
     "Conv1d: expected input (batch, 2 channels, length), found shape (1, 3, 7)"),
    (ShapeError, forward(Conv1d(2, 4, 3).initialize(0), np.zeros((1, 3, 7))),
     'layer "z" (Conv1d): expected input (batch, 2 channels, length), found shape (1, 3, 7)'),
    (ShapeError, forward(Conv2d(1, 4, 3).initialize(0), np.zeros((3, 7))),
     'layer "z" (Conv2d): expected input (batch, 1 channel, height, width), found shape (3, 7)'),
    (ShapeError, forward(Conv2d(1, 4, 5, padding=1).initialize(0), np.zeros((1, 1, 7, 2))),
     'layer "z" (Conv2d): expected a width of at least 3 (kernel 5, padding 1 + 1), found shape (1, 1, 7, 2)'),
    (ShapeError, forward(MaxPool2d(2), np.zeros((3, 7))),
     'layer "z" (MaxPool2d): expected input (batch, channels, height, width), found shape (3, 7)'),
    (ShapeError, forward(AvgPool2d(2), np.zeros((1, 1, 1, 7))),
     'layer "z" (AvgPool2d): expected a height of at least 2 (kernel 2, padding 0 + 0), found shape (1, 1, 1, 7)'),
    (ShapeError, forward(Linear(4, 2).initialize(0), np.zeros((1, 3))),
     'layer "z" (Linear): expected input (batch, 4), found shape (1, 3)'),
    (ShapeError, forward(Linear(4, 2).initialize(0), np.array(1.0)),
     'layer "z" (Linear): expected input (batch, 4), found shape ()'),
    (ShapeError, forward(Flatten(), np.zeros(3)), 'layer "z" (Flatten): expected input (batch, …), found shape (3,)'),
    (ShapeError, forward(Add(), np.zeros((1, 3)), np.zeros((1, 2))),
     'layer "z" (Add): expected inputs of one shape, found shapes (1, 3) and (1, 2)'),
    (ShapeError, forward(Softmax(axis=2), np.zeros((1, 3))),
     'layer "z" (Softmax): expected input with an axis 2, found shape (1, 3)'),
    (ShapeError, backward(Linear(2, 2).initialize(0), np.zeros((1, 2)), np.zeros((2, 2))),
     "Network: expected an error tensor of the output's shape (1, 2), found shape (2, 2)"),
    (ShapeError, lambda: (layer := ReLU()).forward(np.zeros(2)) is layer.backward(np.zeros(3)),
     "ReLU: expected an error tensor of the output's shape (2,), found shape (3,)"),
    (ShapeError, lambda: L2Loss().forward(np.zeros((1, 1)), np.zeros(1)),
     "L2Loss: expected a target of the prediction's shape (1, 1), found shape (1,)"),
    (ShapeError, lambda: Linear(weights=[1.0]), "Linear: expected weights of shape (in, out), found shape (1,)"),
    (ShapeError, lambda: Linear(3, 1, weights=[[1.0]]), "Linear: expected weights for 3 → 1, found shape (1, 1)"),
    (ShapeError, lambda: Linear(weights=[[1.0]], bias=[1.0, 2.0]),
     "Linear: expected bias of shape (1,), found shape (2,)"),
    (ShapeError, lambda: Conv1d(weights=[[1.0]]),
     "Conv1d: expected weights of shape (out, in, length), found shape (1, 1)"),
    (ShapeError, lambda: Conv1d(2, 1, 3, weights=np.zeros((1, 1, 3))),
     "Conv1d: expected weights of shape (1, 2, 3), found shape (1, 1, 3)"),
    (ShapeError, lambda: Conv2d(1, 1, (3, 0)), "Conv2d: kernel: expected 2 positive numbers, found (3, 0)"),
    (ShapeError, lambda: Conv1d(1, 1, 3, padding="full"),  # type: ignore[arg-type]
     'Conv1d: expected padding as a number, one per axis, (before, after) per axis, "valid" or "same", found \'full\''),
    (ShapeError, lambda: MaxPool1d(2, padding=2),
     "MaxPool1d: expected a padding smaller than the kernel (2,), found 2"),
    (NetworkError, lambda: MaxPool1d(2, ties="last"),  # type: ignore[arg-type]
     'MaxPool1d: expected ties "first" or "shared", found \'last\''),
    (NetworkError, lambda: Conv1d(1, 1), "Conv1d: expected in_channels, out_channels and kernel, or weights"),
    (NetworkError, lambda: Linear(3), "Linear: expected in_features and out_features, or weights"),
    (NetworkError, lambda: Linear(3, 1, names={"weight": "w"}),
     "Linear: expected names for weights, bias, found weight"),
    (NetworkError, lambda: LeakyReLU("steep"), "LeakyReLU: expected a number for alpha, found 'steep'"),
    (NetworkError, lambda: L2Loss("max"),  # type: ignore[arg-type]
     'L2Loss: expected reduction "sum", "mean" or "none", found \'max\''),
    (NetworkError, lambda: ReLU().backward(np.zeros(2)),
     "ReLU: backward before forward; call forward(input_tensor) first"),
    (NetworkError, lambda: diamond().backward([[1.0]]),
     "Network: backward before forward; call forward(input_tensor) first"),
    (NetworkError, lambda: L2Loss().backward(),
     "L2Loss: backward before forward; call forward(prediction, target) first"),
    (NetworkError, no_loss_yet,
     "L2Loss: backward before forward; call forward(prediction, target) first"),
    (NetworkError, no_loss, "Network: expected an error tensor, or a loss function in network.loss"),
    (NetworkError, forward(Linear(4, 2), np.zeros((1, 4))),
     'layer "z" (Linear): no weights yet; pass weights=… or call initialize(rng)'),
    (NetworkError, forward(Broken(), np.zeros(1)), 'layer "z" (Broken): IndexError: list index out of range'),
    (NetworkError, lambda: diamond().forward(1.0, 2.0), "Network: expected 1 input (x), found 2"),
    (NetworkError, lambda: Network("x").forward(1.0), "Network: expected at least one layer, found none"),
    (NetworkError, lambda: Network("x", "x"), "Network: expected different names for the inputs, found x, x"),
    (NetworkError, add(ReLU(), "q"), 'layer "z": expected inputs among x, y, found q'),
    (NetworkError, lambda: Network("x").add("x", ReLU()),
     'layer "x": expected a new name, found that of another quantity'),
    (NetworkError, lambda: Network("x").add("a", Sigmoid),  # type: ignore[arg-type]
     'layer "a": expected a Layer, found ABCMeta'),
    (NetworkError, used_twice, 'layer "b": expected a layer object of its own, found that of layer "a" '
     "(it keeps the values of one pass)"),
    (NetworkError, same_parameter_name, 'layer "b": expected new names for parameters, found w again'),
    (NetworkError, set_output, "Network: expected an output among x, a, b, y, found q"),
    (NetworkError, lambda: Network.chain([ReLU()], names=["a", "b"]), "Network.chain: expected 1 names, found 2"),
    (NotDefined, log_of_zero, "CrossEntropy: ln(0) is not defined: the logarithm needs a positive number"),
    (ExactnessError, forward(Linear(weights=[["1/2"]]), np.array([[0.5]])),
     'layer "z" (Linear): input holds floats, weights exact numbers; make both exact, or both floats'),
    (ExactnessError, forward(Linear(weights=[[0.5]]), exact([["1/2"]])),
     'layer "z" (Linear): weights holds floats, input exact numbers; make both exact, or both floats'),
    (ExactnessError, forward(Linear(weights=[["1/2"]], bias=[0.5]), exact([["1/2"]])),
     'layer "z" (Linear): bias holds floats, input exact numbers; make both exact, or both floats'),
    (ExactnessError, forward(Add(), exact([1]), np.array([0.5])),
     'layer "z" (Add): input 2 holds floats, input 1 exact numbers; make both exact, or both floats'),
    (ExactnessError, backward(Tanh(), exact([1]), [0.5]),
     'layer "z" (Tanh): error tensor holds floats, input exact numbers; make both exact, or both floats'),
    (ExactnessError, mixed_loss,
     "L2Loss: prediction holds floats, target exact numbers; make both exact, or both floats"),
    (ExactnessError, forward(LeakyReLU(0.1), exact([1])),
     'layer "z" (LeakyReLU): the float 0.1 cannot be taken exactly; write it as a string or a fraction'),
    (ExactnessError, lambda: Network.chain([Linear(weights=[[float("nan")]])]).exact(),
     "NaN and infinity cannot be taken exactly"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "act", "message"), MESSAGES, ids=[message for _, _, message in MESSAGES])
def test_message(kind: type[RechenwegError], act: Callable[[], Any], message: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert str(caught.value) == message
    assert type(caught.value) is kind


def test_the_target_is_not_called_like_a_quantity() -> None:
    network = Network("x", loss=L2Loss())
    assert network.target_name == "y"
    network.add("y", Linear(weights=[[2.0]]))
    assert network.target_name == network.copy().target_name == "y^*"
    assert Network("y", target_name="y").target_name == "y"
    network.target_name = "t"
    assert network.copy().target_name == "t"


@pytest.mark.parametrize("loss", [L2Loss, MSELoss, BinaryCrossEntropy, CrossEntropy])
@pytest.mark.parametrize("reduction", ["sum", "mean", "none"])
def test_a_loss_needs_no_batch_axis(loss: type[Loss], reduction: Reduction) -> None:
    prediction, target = np.array([0.25, 0.75]), np.array([0.0, 1.0])
    with_batch, without, exactly = (loss(reduction=reduction) for _ in range(3))
    expected = with_batch.forward(prediction[None], target[None])
    found = without.forward(prediction, target)
    np.testing.assert_allclose(np.ravel(found), np.ravel(expected))
    np.testing.assert_allclose(without.backward(), with_batch.backward()[0])
    value = np.ravel(np.asarray(exactly.forward(exact(["1/4", "3/4"]), exact([0, 1]))))
    np.testing.assert_allclose([v.approx() for v in value], np.ravel(expected))
    np.testing.assert_allclose([v.approx() for v in exactly.backward()], without.backward())


@pytest.mark.parametrize("loss", [L2Loss, MSELoss, BinaryCrossEntropy])
@pytest.mark.parametrize("reduction", ["sum", "mean", "none"])
def test_a_loss_takes_a_single_number(loss: type[Loss], reduction: Reduction) -> None:
    floats, exactly = loss(reduction=reduction), loss(reduction=reduction)
    value = exactly.forward(exact("1/4"), exact(1))
    assert value.approx() == pytest.approx(floats.forward(0.25, 1.0))
    assert exactly.backward().shape == floats.backward().shape == ()
    assert exactly.backward().item().approx() == pytest.approx(float(floats.backward()))


def test_cross_entropy_needs_classes() -> None:
    with pytest.raises(ShapeError, match=r"CrossEntropy: expected an axis of classes, found shape \(\)"):
        CrossEntropy().forward(0.25, 1.0)


def test_softmax_and_cross_entropy_of_one_sample_exactly() -> None:
    layers = [Linear(weights=[["1", "0"], ["0", "1"]], bias=["0", "0"]), Softmax()]
    network = Network.chain(layers, names=["z", "p"], loss=CrossEntropy())
    network.loss_of(network.forward(exact([1, 2])), exact([0, 1]))
    network.backward()
    assert [written(error) for error in network.error_tensors["z"]] == ["e/(e + e²)", "−e/(e + e²)"]
