"""Networks that the tests of this folder run, with inputs and a target for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from rechenweg.nn import (
    ELU,
    Add,
    AvgPool1d,
    AvgPool2d,
    BinaryCrossEntropy,
    Conv1d,
    Conv2d,
    CrossEntropy,
    Flatten,
    L2Loss,
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
from rechenweg.numbers import exact


class Case(NamedTuple):
    """A network and what it is run on."""

    network: Network
    inputs: Any
    target: Any


def residual(w1: str = "1/2", w2: str = "-2", b1: str = "-1/2") -> Network:
    """fau-2021, problem 4: ŷ = σ₂(x + w₂·σ₁(b₁ + w₁x)), L = (ŷ − y)²."""
    net = Network("x", loss=L2Loss())
    first = Linear(weights=[[w1]], bias=[b1], layout="out,in", names={"weights": "w_1", "bias": "b_1"})
    net.add("a", first, "x")
    net.add("h", Sigmoid(symbol=r"\sigma_1"))
    net.add("s", Linear(weights=[[w2]], layout="out,in", names={"weights": "w_2"}))
    net.add("o", Add(), "x", "s")
    net.add(r"\hat y", Sigmoid(symbol=r"\sigma_2"))
    return net


def convolution() -> Network:
    """tum-2024, problem 3: Conv1d → MaxPool1d(2, stride 1) → fully connected, L = (y − y*)²."""
    net = Network("x", loss=L2Loss(), target_name="y^*")
    net.add("z", Conv1d(weights=[[["0.5", "1.5", "0.5"]]], names={"weights": "c"}), "x")
    net.add("m", MaxPool1d(2, stride=1))
    net.add("f", Flatten())
    net.add("y", Linear(weights=exact([[-1], [3]]), names={"weights": "w"}))
    return net


def _image() -> Case:
    net = Network("x", loss=CrossEntropy(), target_name="t")
    kernels = [[[[1, 0, -1], [2, 1, -2], [1, 0, -1]]], [[[0, "1/2", 0], [-1, 0, 1], [0, "-1/2", 1]]]]
    net.add("z", Conv2d(weights=exact(kernels), bias=exact([1, "-1/2"]), padding=1, stride=2, names={"weights": "k"}))
    net.add("a", ReLU())
    net.add("p", MaxPool2d(2, stride=1))
    net.add("f", Flatten())
    weights = exact([[1, -1], [0, "1/3"], ["1/2", 1], [1, 0], ["-1/4", 0], [0, 1], [1, 1], [0, 0]])
    net.add("u", Linear(weights=weights, bias=exact([0, 1])))
    net.add(r"\hat y", Softmax())
    image = [[1, 2, 0, 1, 2], [0, 1, 3, -1, 0], [2, -2, 1, 0, 1], [1, 1, 0, 2, -1], [0, 1, 1, -2, 1]]
    return Case(net, image, [0, 1])


def _perceptron() -> Case:
    first = Linear(weights=exact([[1, "-1/2", 0], [2, 1, -1]]), bias=exact([1, 0]), layout="out,in")
    second = Linear(weights=exact([[1, 0, "-1/3"], [2, -1, 1]]), bias=exact([0, 1, "1/5"]))
    net = Network.chain([first, Tanh(), second, Softmax()], loss=CrossEntropy("mean"))
    return Case(net, [[1, 2, "1/2"], [-1, 0, 3]], [[0, 1, 0], [1, 0, 0]])


def _skips() -> Case:
    net = Network("x", loss=MSELoss())
    net.add(
        "a", Linear(weights=exact([[1, -2], [3, "1/2"]]), bias=exact([0, -1]), names={"weights": "A", "bias": "a_0"})
    )
    net.add("e", ELU("1/2"))
    net.add("s", Add(), "x", "e")
    net.add("b", Linear(weights=exact([["1/4", 1], [-1, 2]]), names={"weights": "B"}))
    net.add("r", LeakyReLU("0.1"))
    net.add(r"\hat y", Add(), "r", "s", "x")
    return Case(net, [[1, "-1/2"], [2, 1]], [[0, 1], ["1/2", 0]])


def _average() -> Case:
    net = Network("x", loss=BinaryCrossEntropy())
    net.add("z", Conv1d(weights=exact([[[1, -1]], [[2, "1/2"]]]), stride=2, padding=1))
    net.add("m", AvgPool1d(2, stride=1))
    net.add("f", Flatten())
    net.add("o", Linear(weights=exact([[1], ["-1/2"], ["1/3"], [1], [-2], [0]]), bias=exact([1])))
    net.add(r"\hat y", Sigmoid())
    return Case(net, [[[1, 2, -1, 0, 3, 1]]], 1)


def _two_inputs() -> Case:
    net = Network("u", "v", loss=L2Loss("mean"))
    net.add("a", AvgPool2d((2, 1)), "u")
    net.add("b", Conv2d(weights=exact([[[[1, 2], [0, -1]]]]), padding=((0, 0), (1, 1)), stride=(1, 2)), "v")
    net.add("c", Add(), "a", "b")
    return Case(net, {"u": [[1, 2], [3, 4]], "v": [[1, 0], [2, 5]]}, [[1, "1/2"]])


CASES: dict[str, Callable[[], Case]] = {
    "residual": lambda: Case(residual(), 1, 1),
    "residual with irrational values": lambda: Case(residual("1/3", "-1", "2"), 2, 0),
    "convolution": lambda: Case(convolution(), [2, 3, 1, 2, -1], 2),
    "image": _image,
    "perceptron": _perceptron,
    "skips": _skips,
    "average": _average,
    "two inputs": _two_inputs,
}
