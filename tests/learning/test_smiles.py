"""Small networks on drawn portraits: penalties against PyTorch, and maps that look where they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rechenweg.learning.smiles import (
    MOUTH,
    SIDE,
    STAMP,
    Penalty,
    drift,
    portraits,
    regularised,
    saliency,
    score_gradient,
    train,
    untrained,
)
from rechenweg.nn import Network, ReLU


def as_torch(network: Network) -> Any:
    torch = pytest.importorskip("torch")
    modules: list[Any] = []
    for node in network.nodes[:-1]:
        if isinstance(node.layer, ReLU):
            modules.append(torch.nn.ReLU())
            continue
        weights, bias = node.layer.parameters["weights"], node.layer.parameters["bias"]
        module = torch.nn.Linear(*weights.shape).double()
        module.weight.data, module.bias.data = torch.tensor(weights.T.copy()), torch.tensor(bias.copy())
        modules.append(module)
    return torch.nn.Sequential(*modules)


@pytest.mark.parametrize("penalty", ["none", "L1", "L2"])
def test_training_against_torch(penalty: Penalty) -> None:
    """The same 20 steps by autograd, the penalty as part of the loss."""
    torch = pytest.importorskip("torch")
    data, strength, rate = portraits(3, count=16), 0.01, 0.2
    model = as_torch(untrained(3, depth=2))
    linear = [module for module in model if hasattr(module, "weight")]
    x, y = torch.tensor(data.images), torch.tensor(data.labels)
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    for _ in range(20):
        norm = {
            "none": lambda w: 0 * w.sum(), "L1": lambda w: w.abs().sum(), "L2": lambda w: (w**2).sum(),
        }[penalty]  # fmt: skip
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x), y)
        loss = loss + strength * sum(norm(module.weight) for module in linear)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    ours = train(untrained(3, depth=2), data, penalty=penalty, strength=strength, steps=20, rate=rate)
    weights = [node.layer.parameters["weights"] for node in ours.nodes if node.layer.parameters]
    for mine, module in zip(weights, linear, strict=True):
        # ours adds 1e-12 inside the logarithm, PyTorch computes it from the logits
        assert mine == pytest.approx(module.weight.detach().numpy().T, rel=1e-8, abs=1e-11)


def test_score_gradient_against_torch() -> None:
    torch = pytest.importorskip("torch")
    network = train(untrained(1), portraits(1), steps=10)
    before = network.forward(portraits(1).images)
    image = portraits(2, count=2).images[1]
    x = torch.tensor(image, requires_grad=True)
    as_torch(network)(x).sum().backward()
    assert score_gradient(network, image).reshape(-1) == pytest.approx(x.grad.numpy(), rel=1e-12)
    assert np.array_equal(network.forward(portraits(1).images), before)  # the network stayed as it was


def test_training_depends_on_the_seed_alone() -> None:
    first = regularised(5)
    regularised.cache_clear()
    again = regularised(5)
    for name in ("none", "l1", "l2"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.none, regularised(6).none)


def test_portraits_are_balanced_and_standardised() -> None:
    data = portraits(0, count=20)
    assert data.images.shape == (20, SIDE * SIDE)
    assert data.labels.sum() == 10
    assert abs(data.images.mean()) < 1e-12
    assert abs(data.images.std() - 1) < 1e-12


@pytest.mark.parametrize("seed", range(24))
def test_saliency_finds_the_mouth_and_the_stamp(seed: int) -> None:
    honest, fooled = saliency(seed), saliency(seed, stamp=True)
    assert honest.share(MOUTH) > 0.5 > 10 * honest.share(STAMP)
    assert fooled.share(STAMP) > 0.5 > 2 * fooled.share(MOUTH)


def test_networks_fit_the_few_portraits_and_do_worse_on_new_ones() -> None:
    """What the problem tells of: good on training data, poor on others."""
    trained = train(untrained(0), portraits(0))
    fits, holds = (
        float(((trained.forward(data.images) > 0.5) == data.labels).mean())
        for data in (portraits(0), portraits(1000, count=400))
    )
    assert fits == 1.0
    assert holds < 0.95


def test_drift_of_a_deeper_network_has_one_entry_per_layer() -> None:
    assert len(drift(0, depth=5).means) == 6
