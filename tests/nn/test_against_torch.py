"""Every layer and loss, forward and each gradient by name, against PyTorch in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.testing import assert_array_equal

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
    MaxPool1d,
    MaxPool2d,
    MSELoss,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)

RNG = np.random.default_rng


def close(name: str, ours: Any, theirs: torch.Tensor | np.ndarray) -> None:
    expected = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    assert np.shape(ours) == expected.shape, name
    if expected.size:
        error = np.abs(ours - expected).max() / max(1.0, np.abs(expected).max())
        assert error <= 1e-12, f"{name}: relative error {error}"


Oracle = Callable[..., torch.Tensor]


def positional(function: Oracle, **options: Any) -> Oracle:
    return lambda x, weights, bias=None: function(x, weights, bias, **options)


CASES: dict[str, tuple[Layer, Oracle, tuple[tuple[int, ...], ...]]] = {
    "linear": (Linear(4, 3), lambda x, weights, bias: x @ weights + bias, ((5, 4),)),
    "linear, batch 1": (Linear(1, 1), lambda x, weights, bias: x @ weights + bias, ((1, 1),)),
    "linear, no bias": (Linear(4, 3, bias=False), lambda x, weights: x @ weights, ((5, 4),)),
    "linear, out,in": (Linear(4, 3, layout="out,in"), positional(F.linear), ((5, 4),)),
    "linear, further axes": (Linear(4, 3), lambda x, weights, bias: x @ weights + bias, ((2, 3, 4),)),
    "linear, one vector": (Linear(4, 3, layout="out,in"), positional(F.linear), ((4,),)),
    "linear, bias as last row": (
        Linear(4, 3, bias_as_last_row=True),
        lambda x, weights: torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], 1) @ weights,
        ((5, 4),),
    ),
    "conv1d": (Conv1d(2, 3, 3), positional(F.conv1d), ((4, 2, 9),)),
    "conv1d, stride > kernel": (Conv1d(2, 3, 2, stride=3), positional(F.conv1d, stride=3), ((4, 2, 9),)),
    "conv1d, same, odd": (Conv1d(2, 3, 5, padding="same"), positional(F.conv1d, padding="same"), ((1, 2, 7),)),
    "conv1d, same, even": (Conv1d(2, 3, 4, padding="same"), positional(F.conv1d, padding="same"), ((1, 2, 7),)),
    "conv1d, one window": (Conv1d(1, 1, 5), positional(F.conv1d), ((1, 1, 5),)),
    "conv1d, flipped": (
        Conv1d(2, 3, 3, flipped=True),
        lambda x, weights, bias: F.conv1d(x, weights.flip(-1), bias),
        ((4, 2, 9),),
    ),
    "conv1d, padded on one side": (
        Conv1d(2, 3, 3, padding=[(2, 0)], bias=False),
        lambda x, weights: F.conv1d(F.pad(x, (2, 0)), weights),
        ((4, 2, 9),),
    ),
    "conv2d": (Conv2d(3, 4, 3), positional(F.conv2d), ((2, 3, 7, 5),)),
    "conv2d, fau-2021 convA": (
        Conv2d(4, 8, 5, stride=3, padding=2),
        positional(F.conv2d, stride=3, padding=2),
        ((2, 4, 30, 30),),
    ),
    "conv2d, no two axes alike": (
        Conv2d(2, 3, (2, 3), stride=(3, 1), padding=(1, 2)),
        positional(F.conv2d, stride=(3, 1), padding=(1, 2)),
        ((2, 2, 8, 5),),
    ),
    "conv2d, 1×1": (Conv2d(3, 2, 1, bias=False), positional(F.conv2d), ((2, 3, 4, 5),)),
    "conv2d, same, even": (Conv2d(1, 2, (2, 4), padding="same"), positional(F.conv2d, padding="same"), ((1, 1, 5, 6),)),
    "conv2d, flipped": (
        Conv2d(2, 3, (2, 3), flipped=True),
        lambda x, weights, bias: F.conv2d(x, weights.flip(-1, -2), bias),
        ((2, 2, 8, 5),),
    ),
    "max pooling 1d": (MaxPool1d(2), lambda x: F.max_pool1d(x, 2), ((2, 3, 7),)),
    "max pooling 1d, overlapping": (MaxPool1d(3, stride=1), lambda x: F.max_pool1d(x, 3, 1), ((2, 3, 7),)),
    "max pooling 1d, stride > kernel": (MaxPool1d(2, stride=3), lambda x: F.max_pool1d(x, 2, 3), ((2, 3, 7),)),
    "max pooling 2d": (MaxPool2d(2), lambda x: F.max_pool2d(x, 2), ((2, 3, 7, 6),)),
    "max pooling 2d, padded": (
        MaxPool2d(3, stride=2, padding=1),
        lambda x: F.max_pool2d(x - 10, 3, 2, 1) + 10,  # below 0, where a padded zero would win
        ((2, 3, 7, 6),),
    ),
    "max pooling 2d, shapes": (
        MaxPool2d((2, 3), stride=(1, 2)),
        lambda x: F.max_pool2d(x, (2, 3), (1, 2)),
        ((1, 1, 5, 8),),
    ),
    "average pooling 1d": (AvgPool1d(3, stride=2), lambda x: F.avg_pool1d(x, 3, 2), ((2, 3, 8),)),
    "average pooling 2d": (AvgPool2d(2), lambda x: F.avg_pool2d(x, 2), ((2, 3, 7, 6),)),
    "average pooling 2d, padded": (
        AvgPool2d(3, stride=2, padding=1),
        lambda x: F.avg_pool2d(x, 3, 2, 1),
        ((2, 3, 7, 6),),
    ),
    "average pooling 2d, stride > kernel": (
        AvgPool2d(1, stride=2),
        lambda x: F.avg_pool2d(x, 1, 2),
        ((2, 3, 7, 6),),
    ),
    "flatten": (Flatten(), lambda x: x.flatten(1), ((2, 3, 4, 5),)),
    "flatten, flat already": (Flatten(), lambda x: x.flatten(1), ((2, 3),)),
    "add": (Add(), lambda a, b: a + b, ((2, 3), (2, 3))),
    "add, three": (Add(), lambda a, b, c: a + b + c, ((2, 3), (2, 3), (2, 3))),
    "sigmoid": (Sigmoid(), torch.sigmoid, ((3, 4),)),
    "tanh": (Tanh(), torch.tanh, ((3, 4),)),
    "relu": (ReLU(), torch.relu, ((3, 4),)),
    "leaky relu": (LeakyReLU("0.2"), lambda x: F.leaky_relu(x, 0.2), ((3, 4),)),
    "elu": (ELU(), F.elu, ((3, 4),)),
    "elu, alpha": (ELU(0.3), lambda x: F.elu(x, 0.3), ((3, 4),)),
    "softmax": (Softmax(), lambda x: torch.softmax(x, -1), ((3, 4),)),
    "softmax, other axis": (Softmax(axis=1), lambda x: torch.softmax(x, 1), ((2, 3, 4),)),
}


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("case", CASES)
def test_layer_equals_pytorch(case: str) -> None:
    layer, oracle, shapes = CASES[case]
    rng = RNG(len(case))
    layer = layer.copy().initialize(rng)
    for key, array in layer.parameters.items():
        layer.parameters[key] = rng.standard_normal(array.shape)  # a bias of 0 would test nothing
    inputs = [rng.standard_normal(shape) for shape in shapes]
    theirs = [torch.tensor(x, requires_grad=True) for x in inputs]
    parameters = {key: torch.tensor(array, requires_grad=True) for key, array in layer.parameters.items()}

    output = layer.forward(*inputs)
    expected = oracle(*theirs, **parameters)
    close("output", output, expected)
    assert layer.output_shape(*shapes) == output.shape

    errors = rng.standard_normal(output.shape)
    back = layer.backward(errors)
    expected.backward(torch.tensor(errors))
    for i, (ours, x) in enumerate(zip(back if isinstance(back, tuple) else (back,), theirs, strict=True)):
        assert x.grad is not None
        close(f"dL/dx{i}", ours, x.grad)
    assert layer.gradients.keys() == layer.parameter_shapes.keys()
    for key, parameter in parameters.items():
        assert parameter.grad is not None
        close(f"dL/d{key}", layer.gradients[key], parameter.grad)


def test_padding_of_max_pooling_never_wins_among_negative_numbers() -> None:
    x = -1 - RNG(0).random((2, 3, 7, 6))
    layer = MaxPool2d(3, stride=2, padding=1)
    theirs = torch.tensor(x, requires_grad=True)
    expected = F.max_pool2d(theirs, 3, 2, 1)
    assert_array_equal(layer.forward(x), expected.detach().numpy())
    assert layer.forward(x).max() < 0
    expected.sum().backward()
    assert theirs.grad is not None
    assert_array_equal(layer.backward(np.ones(expected.shape)), theirs.grad.numpy())


def test_ties_and_kinks_fall_as_in_pytorch() -> None:
    x = np.array([[[1.0, 2.0, 2.0, 0.0, 2.0, 0.0, 0.0]]])
    for layer, oracle in (
        (MaxPool1d(3, stride=1), lambda t: F.max_pool1d(t, 3, 1)),
        (MaxPool1d(3, stride=2, padding=1), lambda t: F.max_pool1d(t, 3, 2, 1)),
        (ReLU(), torch.relu),
        (LeakyReLU(0.2), lambda t: F.leaky_relu(t, 0.2)),
        (ELU(2), lambda t: F.elu(t, 2.0)),
    ):
        theirs = torch.tensor(x, requires_grad=True)
        expected = oracle(theirs)
        expected.sum().backward()
        assert theirs.grad is not None
        close(f"{layer!r}", layer.forward(x), expected)
        close(f"{layer!r} backward", layer.backward(np.ones(expected.shape)), theirs.grad)


def test_padding_takes_no_gradient_even_where_all_numbers_are_equal() -> None:
    layer = MaxPool2d(3, stride=2, padding=1)
    errors = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    layer.forward(np.ones((1, 1, 4, 4)))
    assert layer.backward(errors).sum() == errors.sum()


def test_shared_ties_split_the_gradient_evenly() -> None:
    layer = MaxPool1d(3, ties="shared")
    layer.forward(np.array([[[2.0, 1.0, 2.0]]]))
    assert_array_equal(layer.backward(np.array([[[3.0]]])), [[[1.5, 0.0, 1.5]]])


REDUCTIONS = ("sum", "mean", "none")


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_losses_equal_pytorch(reduction: Any) -> None:
    rng = RNG(3)
    probabilities = torch.softmax(torch.tensor(rng.standard_normal((5, 3))), 1).numpy()
    one_hot = np.eye(3)[[0, 2, 1, 1, 0]]

    def cross_entropy(p: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return F.nll_loss(p.log(), y.argmax(1), reduction=reduction)

    for name, loss, oracle, prediction, target in (
        ("L2", L2Loss(reduction), F.mse_loss, rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
        ("MSE", MSELoss(reduction), F.mse_loss, rng.standard_normal((5, 3)), rng.standard_normal((5, 3))),
        ("BCE", BinaryCrossEntropy(reduction), F.binary_cross_entropy, probabilities, rng.random((5, 3))),
        ("CE", CrossEntropy(reduction), cross_entropy, probabilities, one_hot),
    ):
        p = torch.tensor(prediction, requires_grad=True)
        y = torch.tensor(target)
        expected = oracle(p, y) if oracle is cross_entropy else oracle(p, y, reduction=reduction)
        close(name, loss.forward(prediction, target), expected)
        expected.sum().backward()
        assert p.grad is not None
        close(f"d{name}", loss.backward(), p.grad)


def test_the_defaults_of_l2_and_mse_are_sum_and_mean() -> None:
    prediction, target = np.array([[1.0, 2.0]]), np.zeros((1, 2))
    assert L2Loss().forward(prediction, target) == 5
    assert MSELoss().forward(prediction, target) == 2.5


def test_epsilon_keeps_the_logarithm_from_zero() -> None:
    epsilon = np.finfo(float).eps
    assert CrossEntropy(epsilon=epsilon).forward(np.array([[0.0, 1.0]]), np.array([[1, 0]])) == -np.log(epsilon)
    loss = BinaryCrossEntropy(epsilon=epsilon)
    assert np.isfinite(loss.forward(np.array([0.0, 1.0]), np.array([1.0, 0.0])))
    assert np.isfinite(loss.backward()).all()


def lenet() -> Network:
    return Network.chain(
        [
            Conv2d(1, 6, 5),
            Tanh(),
            MaxPool2d(2),
            Conv2d(6, 16, 5),
            ReLU(),
            AvgPool2d(2),
            Flatten(),
            Linear(400, 20),
            ELU(),
            Linear(20, 10, layout="out,in"),
            Softmax(),
        ],
        loss=CrossEntropy("mean"),
    ).initialize(7)


def test_a_training_step_of_a_convolutional_network_equals_pytorch() -> None:
    network = lenet()
    rng = RNG(5)
    x, target = rng.standard_normal((3, 1, 32, 32)), np.eye(10)[[3, 1, 4]]
    p = {name: torch.tensor(array, requires_grad=True) for name, array in network.parameters().items()}
    assert list(p) == ["K_1", "b_1", "K_2", "b_2", "W_1", "b_3", "W_2", "b_4"]
    t: dict[str, torch.Tensor] = {"x": torch.tensor(x, requires_grad=True)}
    t["z_1"] = F.conv2d(t["x"], p["K_1"], p["b_1"])
    t["a_1"] = torch.tanh(t["z_1"])
    t["m_1"] = F.max_pool2d(t["a_1"], 2)
    t["z_2"] = F.conv2d(t["m_1"], p["K_2"], p["b_2"])
    t["a_2"] = torch.relu(t["z_2"])
    t["m_2"] = F.avg_pool2d(t["a_2"], 2)
    t["f"] = t["m_2"].flatten(1)
    t["z_3"] = t["f"] @ p["W_1"] + p["b_3"]
    t["a_3"] = F.elu(t["z_3"])
    t["z_4"] = F.linear(t["a_3"], p["W_2"], p["b_4"])
    t[r"\hat y"] = torch.softmax(t["z_4"], 1)
    assert network.quantities == tuple(t)
    for tensor in t.values():
        tensor.retain_grad()
    expected = -(torch.tensor(target) * t[r"\hat y"].log()).sum() / 3
    expected.backward()

    loss = network.train_step(x, target, SGD(0.1))
    close("L", loss, expected)
    for name, tensor in t.items():
        close(name, network.values[name], tensor)
        assert tensor.grad is not None
        close(f"dL/d{name}", network.error_tensors[name], tensor.grad)
    for name, parameter in p.items():
        assert parameter.grad is not None
        close(f"dL/d{name}", network.gradients()[name], parameter.grad)
        close(f"{name} after the step", network.parameters()[name], parameter - 0.1 * parameter.grad)


def test_float32_stays_float32() -> None:
    network = lenet()
    network.initialize(7, dtype=np.float32)
    x, target = RNG(5).standard_normal((3, 1, 32, 32)).astype(np.float32), np.eye(10, dtype=np.float32)[[3, 1, 4]]
    network.train_step(x, target, SGD("0.1"))
    for arrays in (network.values, network.error_tensors, network.parameters(), network.gradients()):
        assert {name: array.dtype for name, array in arrays.items() if array.dtype != np.float32} == {}


def test_initialisation_has_the_stated_variance_and_biases_of_zero() -> None:
    # deviation of an empirical standard deviation of n numbers: about 1/√(2n) = 0.2 %
    he = Conv2d(10, 50, (5, 4)).initialize(0).parameters
    assert he["weights"].std() == pytest.approx(np.sqrt(2 / 200), rel=0.05) and not he["bias"].any()
    xavier = Linear(300, 500, bias_as_last_row=True).initialize(0, scheme="xavier").parameters["weights"]
    assert xavier[:-1].std() == pytest.approx(np.sqrt(2 / 800), rel=0.05) and not xavier[-1].any()


def test_training_brings_the_loss_down() -> None:
    """XOR, which no linear layer alone can learn."""
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    network = Network.chain([Linear(2, 8), Tanh(), Linear(8, 1), Sigmoid()], loss=BinaryCrossEntropy("mean"))
    network.initialize(1, scheme="xavier")
    for _ in range(500):
        network.train_step(x, y, SGD(1.0))
    assert_array_equal(network.forward(x).round(), y)
