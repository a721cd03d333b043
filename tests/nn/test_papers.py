"""The networks of both papers' computed problems: printed values exactly, and all gradients equal to PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from rechenweg.nn import (
    Add,
    Conv1d,
    Conv2d,
    CrossEntropy,
    Flatten,
    L2Loss,
    Linear,
    MaxPool1d,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    TapKind,
)
from rechenweg.nn.kinds import as_floats
from rechenweg.numbers import Verdict, equal, exact, named, tidy


def fau() -> Network:
    """ŷ = σ₂(x + w₂·σ₁(b₁ + w₁x)), L = (ŷ − y)², with the numbers of fau-2021, problem 4."""
    network = Network("x", loss=L2Loss())
    first = Linear(weights=[["0.5"]], bias=["-0.5"], layout="out,in", names={"weights": "w_1", "bias": "b_1"})
    network.add("a", first, "x")
    network.add("h", Sigmoid(symbol=r"\sigma_1"), "a")
    network.add("p", Linear(weights=[[-2]], layout="out,in", names={"weights": "w_2"}), "h")
    network.add("o", Add(), "x", "p")
    network.add(r"\hat y", Sigmoid(symbol=r"\sigma_2"), "o")
    return network


def tum() -> Network:
    """Conv1d → MaxPool1d → fully connected, L = (y − y*)², with the numbers of tum-2024, problem 3."""
    return Network.chain(
        [
            Conv1d(weights=[[["0.5", "1.5", "0.5"]]], names={"weights": "c"}),
            MaxPool1d(2, stride=1),
            Flatten(),
            Linear(weights=[[-1], [3]], names={"weights": "w"}),
        ],
        names=["z", "m", "f", "y"],
        loss=L2Loss(),
    )


def tap(kind: TapKind, name: str, array: Any) -> Any:
    """Give every quantity its name, as `working` does."""
    label = rf"\frac{{\partial L}}{{\partial {name}}}" if "gradient" in kind else name
    if not isinstance(array, np.ndarray):
        return named(label, array)
    made = np.empty(array.shape, object)
    for index in np.ndindex(*array.shape):
        made[index] = named(label, array[index])
    return made


def run(network: Network, x: Any, target: Any, tap: Any = None) -> Any:
    loss = network.loss_of(network.forward(x, tap=tap), target, tap=tap)
    network.backward(tap=tap)
    return loss


def test_fau_has_the_printed_values_and_gradients() -> None:
    network = fau()
    loss = run(network, [[1]], [[1]])
    assert str(tidy(loss)) == "1/4"  # printed solution 4.3: 0.25
    # by hand: ∂L/∂ŷ = 2(½ − 1) = −1; σ′(0) = ¼, so ∂L/∂o = −¼; ∂L/∂w₂ = −¼·½; ∂L/∂h = −¼·(−2) = ½; ∂L/∂a = ½·¼;
    # ∂L/∂w₁ = ∂L/∂b₁ = ⅛ since x = 1; ∂L/∂x = −¼ + ⅛·½
    errors = {name: str(tidy(e.item())) for name, e in network.error_tensors.items()}
    assert errors == {r"\hat y": "−1", "o": "−1/4", "p": "−1/4", "h": "1/2", "a": "1/8", "x": "−3/16"}
    assert {name: str(tidy(g.item())) for name, g in network.gradients().items()} == {
        "w_1": "1/8",
        "b_1": "1/8",
        "w_2": "−1/8",
    }


def test_fau_writes_each_gradient_with_the_one_before_it() -> None:
    written: dict[str, str] = {}

    def note(kind: TapKind, name: str, array: Any) -> Any:
        number = array.item() if isinstance(array, np.ndarray) else array
        written[f"∂{name}" if "gradient" in kind else name] = str(number).split(" = ")[0]
        return tap(kind, name, array)

    network = fau()
    run(network, [[1]], [[1]], note)
    assert written["a"] == "w₁ · x + b₁"
    assert written["o"] == "x + p"
    assert written[r"\hat y"] == "σ₂(o)"
    assert written["L"] == "(ŷ − y)²"
    assert written[r"∂\hat y"] == "2 · (ŷ − y)"
    assert written["∂o"] == "∂L/∂ŷ · σ₂′(o)"
    assert written["∂w_2"] == "∂L/∂p · h"
    assert written["∂h"] == "∂L/∂p · w₂"
    assert written["∂a"] == "∂L/∂h · σ₁′(a)"
    assert written["∂w_1"] == "∂L/∂a · x"
    assert written["∂x"] == "∂L/∂a · w₁ + ∂L/∂o"  # in the order in which x is used: by a, then by o


def test_fau_equals_pytorch_away_from_the_nice_numbers() -> None:
    network = fau()
    run(network, [["0.3"]], [["0.9"]])
    t = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True)
         for k, v in {"x": 0.3, "w_1": 0.5, "b_1": -0.5, "w_2": -2.0}.items()}  # fmt: skip
    y = torch.sigmoid(t["x"] + t["w_2"] * torch.sigmoid(t["b_1"] + t["w_1"] * t["x"]))
    ((y - 0.9) ** 2).backward()
    ours = {**network.gradients(), "x": network.error_tensors["x"]}
    for name, tensor in t.items():
        assert tensor.grad is not None
        assert as_floats(ours[name]).item() == pytest.approx(tensor.grad.item(), rel=1e-12, abs=0)


def test_tum_has_the_printed_values_and_gradients() -> None:
    network = tum()
    loss = run(network, [[[2, 3, 1, 2, -1]]], [[2]])
    assert loss == 16
    assert [int(z) for z in network.values["z"][0, 0]] == [6, 4, 3]
    assert [int(m) for m in network.values["m"][0, 0]] == [6, 4]
    assert network.values["y"][0, 0] == 6
    assert [int(e) for e in network.error_tensors["z"][0, 0]] == [-8, 24, 0]

    x = torch.tensor([[[2.0, 3, 1, 2, -1]]], dtype=torch.float64, requires_grad=True)
    c = torch.tensor([[[0.5, 1.5, 0.5]]], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([[-1.0], [3]], dtype=torch.float64, requires_grad=True)
    ((F.max_pool1d(F.conv1d(x, c), 2, 1).flatten(1) @ w - 2) ** 2).sum().backward()
    for ours, theirs in ((network.error_tensors["x"], x), (network.gradients()["c"], c), (network.gradients()["w"], w)):
        assert theirs.grad is not None
        assert as_floats(ours).tolist() == theirs.grad.tolist()


def test_tum_restarts_from_given_values_through_the_tap() -> None:
    """3.5 hands out dL/dy = 2, 3.6 dL/dm = [2, 1], 3.7 dL/dz = [1, 2, 3]."""
    given = {"y": exact([[2]]), "m": exact([[[2, 1]]]), "z": exact([[[1, 2, 3]]])}
    reached: dict[str, Any] = {}

    def restart(kind: TapKind, name: str, array: Any) -> Any:
        if kind == "gradient":
            reached[name] = array
            return given.get(name, array)
        return array

    network = tum()
    run(network, [[[2, 3, 1, 2, -1]]], [[2]], restart)
    assert [int(e) for e in reached["m"][0, 0]] == [-2, 6]
    assert [int(e) for e in reached["z"][0, 0]] == [2, 1, 0]
    # dL/dc₂ = 1·x₂ + 2·x₃ + 3·x₄ = 3 + 2 + 6
    assert int(network.gradients()["c"][0, 0, 1]) == 11


def test_the_convolutional_part_of_fau_problem_7_has_the_printed_shapes() -> None:
    h = 4
    network = Network("x")
    network.add("c", Conv2d(3, h, 3), "x")
    network.add("R", ReLU(), "c")
    network.add("d", Conv2d(h, h, 3, padding=1), "R")
    network.add("e", ReLU(), "d")
    network.add("T", Add(), "e", "R")
    network.add("g", Conv2d(h, 2 * h, 5, padding=2, stride=3), "T")
    network.add("S", ReLU(), "g")
    network.add("f", Flatten(), "S")
    network.add(r"\hat y", Linear(800, 5), "f")
    shapes = network.output_shapes((10, 3, 32, 32))
    assert shapes["R"] == (10, 4, 30, 30)
    assert shapes["T"] == (10, 4, 30, 30)
    assert shapes["S"] == (10, 8, 10, 10)
    assert shapes["f"] == (10, 800)
    network.initialize(0)
    x = np.random.default_rng(0).standard_normal((10, 3, 32, 32))
    network.forward(x)
    assert {name: value.shape for name, value in network.values.items()} == shapes


def test_softmax_with_cross_entropy_gives_prediction_minus_target_exactly() -> None:
    network = Network.chain([Softmax()], loss=CrossEntropy())
    target = exact([[0, 1, 0]])
    run(network, [["1", "2", "-1/2"]], target)
    difference = network.values[r"\hat y"] - target
    for gradient, expected in zip(network.error_tensors["x"][0], difference[0], strict=True):
        assert equal(gradient, expected) is Verdict.EQUAL
