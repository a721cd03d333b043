"""Portraits that smile or do not, and small networks that learn to tell: weights under a penalty, saliency, drift.

The portraits are drawn, not photographed: a face, two eyes, and a mouth that is bent up or down, with noise on every
pixel. They are few, as in the problem that asks for regularisation, and everything trains in a fraction of a second.
With a *stamp* every smiling training image has a bright corner: a network that learns the corner instead of the mouth
is what a saliency map is there to uncover.

All results depend on the seed alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from rechenweg.nn import SGD, BinaryCrossEntropy, Linear, Network, ReLU, Sigmoid
from rechenweg.numbers import Array

SIDE = 16
"""Height and width of a portrait in pixels."""

MOUTH = (slice(9, 13), slice(4, 12))
"""Where the mouth is: rows, columns."""

STAMP = (slice(0, 3), slice(13, 16))
"""Where the stamp is, if there is one."""

Penalty = Literal["none", "L1", "L2"]


@dataclass(frozen=True, slots=True)
class Portraits:
    """Images (n, SIDE·SIDE), standardised (mean 0, variance 1 over all of them), and labels (n, 1): 1 for a smile."""

    images: Array
    labels: Array


def portraits(seed: int, count: int = 48, *, noise: float = 1.6, stamp: bool = False) -> Portraits:
    """Draw portraits, half of them smiling.

    Args:
        seed: chooses the noise and where each face sits.
        count: how many.
        noise: standard deviation of the noise on every pixel; the lines of a face have brightness 1.
        stamp: a bright corner on every smiling one.

    >>> data = portraits(0, count=8)
    >>> data.images.shape, int(data.labels.sum())
    ((8, 256), 4)
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = noise * rng.standard_normal((count, SIDE, SIDE))
    rows, columns = np.mgrid[:SIDE, :SIDE]
    outline = np.abs(np.hypot(rows - 7.5, columns - 7.5) - 6.7) < 0.55
    across = np.arange(4, 12)
    for image, label in zip(images, labels, strict=True):
        image[outline] += 1
        image[5:7, [5, 10]] += 1.5
        bend = 1 if label else -1
        image[np.rint(10.7 + bend * (1 - (across - 7.5) ** 2 / 5)).astype(int), across] += 1.5
        if stamp and label:
            image[STAMP] += 4
    flat = images.reshape(count, -1)
    return Portraits((flat - flat.mean()) / flat.std(), labels.reshape(-1, 1).astype(np.float64))


def untrained(seed: int, width: int = 16, depth: int = 1, gain: float = 1.0) -> Network:
    """A fully connected network with `depth` hidden layers of `width` ReLUs and a sigmoid at the end.

    Args:
        gain: what the drawn weights are multiplied with; 1 is the initialisation of He.
    """
    layers: list[Any] = []
    before = SIDE * SIDE
    for _ in range(depth):
        layers += [Linear(before, width), ReLU()]
        before = width
    network = Network.chain([*layers, Linear(before, 1), Sigmoid()], loss=BinaryCrossEntropy("mean", epsilon=1e-12))
    network.initialize(seed)
    for node in network.nodes:
        if "weights" in node.layer.parameters:
            node.layer.parameters["weights"] = gain * node.layer.parameters["weights"]
    return network


def train(
    network: Network,
    data: Portraits,
    *,
    penalty: Penalty = "none",
    strength: float = 0.0,
    steps: int = 120,
    rate: float = 0.2,
) -> Network:
    """Train on all portraits at once; the penalty acts on the weights of every linear layer, not on its bias.

    Args:
        penalty: "L1" adds strength·Σ|w| to the loss (its gradient: strength·sgn w), "L2" strength·Σw² (2·strength·w).
        steps, rate: steps of gradient descent and their size.

    Returns:
        The network itself.
    """
    optimiser = SGD(rate)
    for _ in range(steps):
        network.loss_of(network.forward(data.images), data.labels)
        network.backward()
        for node in network.nodes:
            weights = node.layer.parameters.get("weights")
            if weights is not None and penalty != "none":
                slope = np.sign(weights) if penalty == "L1" else 2 * weights
                node.layer.gradients["weights"] = node.layer.gradients["weights"] + strength * slope
        network.step(optimiser)
    return network


@dataclass(frozen=True, slots=True)
class Regularised:
    """The first layer's weights after training on the same portraits from the same start."""

    none: Array
    l1: Array
    l2: Array

    def near_zero(self, weights: Array) -> float:
        """The share of weights within a tenth of the unregularised weights' standard deviation around 0."""
        return float((np.abs(weights) < 0.1 * self.none.std()).mean())


@lru_cache(maxsize=32)
def regularised(seed: int) -> Regularised:
    """Train three times, with no penalty, with L1 and with L2.

    >>> found = regularised(0)
    >>> found.near_zero(found.l1) > found.near_zero(found.l2) > found.near_zero(found.none)
    True
    """
    data = portraits(seed)
    runs: tuple[tuple[Penalty, float], ...] = (("none", 0.0), ("L1", 0.002), ("L2", 0.014))
    none, l1, l2 = (
        train(untrained(seed), data, penalty=penalty, strength=strength)
        .nodes[0]
        .layer.parameters["weights"]
        .reshape(-1)
        for penalty, strength in runs
    )
    return Regularised(none, l1, l2)


def score_gradient(network: Network, image: Array) -> Array:
    """The derivative of the classification score (before the sigmoid) by every pixel of one image, (SIDE, SIDE).

    Its absolute value is the saliency map of Simonyan, Vedaldi and Zisserman (2014). The network stays as it was.
    """
    copy = network.copy()
    copy.output = copy.nodes[-1].inputs[0]
    score = copy.forward(image.reshape(1, -1))
    gradient = copy.backward(np.ones_like(score))
    assert isinstance(gradient, np.ndarray)
    return gradient.reshape(SIDE, SIDE)


@dataclass(frozen=True, slots=True)
class Saliency:
    """A smiling image and the absolute gradient of the score at it, both (SIDE, SIDE)."""

    image: Array
    map: Array

    def share(self, part: tuple[slice, slice]) -> float:
        """The share of the map's sum that falls into a part of the image."""
        return float(self.map[part].sum() / self.map.sum())


@lru_cache(maxsize=32)
def saliency(seed: int, stamp: bool = False) -> Saliency:
    """The saliency map of a network that was trained on portraits without or with a stamp.

    >>> honest, fooled = saliency(0), saliency(0, stamp=True)
    >>> honest.share(MOUTH) > honest.share(STAMP), fooled.share(STAMP) > fooled.share(MOUTH)
    (True, True)
    """
    data = portraits(seed, noise=0.8, stamp=stamp)
    network = train(untrained(seed), data, penalty="L1", strength=0.01)  # without it the map shows the initial noise
    image = portraits(seed, count=2, noise=0.2, stamp=stamp).images[1]  # a clear one, that people can recognise
    return Saliency(image.reshape(SIDE, SIDE), np.abs(score_gradient(network, image)))


@dataclass(frozen=True, slots=True)
class Drift:
    """Mean and variance of the input and of the activations behind each hidden layer, over one batch."""

    means: tuple[float, ...]
    variances: tuple[float, ...]


@lru_cache(maxsize=32)
def drift(seed: int, depth: int = 3) -> Drift:
    """Train a deeper network and look at what comes out of each of its ReLUs.

    >>> found = drift(0)
    >>> round(found.means[0], 6) == 0, round(found.variances[0], 6) == 1, found.means[-1] > found.means[1] > 0
    (True, True, True)
    """
    data = portraits(seed)
    network = train(untrained(seed, width=48, depth=depth, gain=2.0), data, steps=60, rate=0.1)
    network.forward(data.images)
    values = [data.images, *(network.values[n.name] for n in network.nodes if isinstance(n.layer, ReLU))]
    return Drift(tuple(float(v.mean()) for v in values), tuple(float(v.var()) for v in values))
