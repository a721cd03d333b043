"""The network of tum-2024, problem 4: LeNet and its variations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from rechenweg.nn import Conv2d, Flatten, Linear, MaxPool2d, Network
from rechenweg.working.shapes import ShapeTable, shapes

CONV1, POOL1, CONV2, POOL2, FLAT, F1, F2, OUTPUT = (
    rf"\mathrm{{{name}}}" for name in ("conv1", "maxpool1", "conv2", "maxpool2", "flatten", "f1", "f2", "output")
)


@dataclass(frozen=True, slots=True)
class Architecture:
    """LeNet and its variations: image side, kernel and stride of conv1, pooling windows, kernel of conv2."""

    image: int
    first: int
    stride: int
    pool: int
    second: int

    def maps(self, image: int) -> tuple[int, int, int]:
        """Channels, height and width behind maxpool2 for an image of this side."""
        _, channels, height, width = self._convolutions().output_shapes((1, 1, image, image))[POOL2]
        return channels, height, width

    def reaching_f1(self, image: int) -> int:
        """How many numbers of an image of this side arrive at f1."""
        return math.prod(self.maps(image))

    def _convolutions(self) -> Network:
        net = Network("x")
        net.add(CONV1, Conv2d(1, 6, self.first, stride=self.stride), "x")
        net.add(POOL1, MaxPool2d(self.pool, stride=self.pool))
        net.add(CONV2, Conv2d(6, 16, self.second))
        net.add(POOL2, MaxPool2d(self.pool, stride=self.pool))
        net.add(FLAT, Flatten())
        return net

    def network(self) -> Network:
        """conv1 → maxpool1 → conv2 → maxpool2 → flatten → f1 → f2 → output; weights have no values."""
        net = self._convolutions()
        net.add(F1, Linear(self.reaching_f1(self.image), 120))
        net.add(F2, Linear(120, 84))
        net.add(OUTPUT, Linear(84, 10))
        return net


@lru_cache(maxsize=4096)
def table_of(architecture: Architecture) -> ShapeTable:
    """Shapes, parameters and receptive fields of the network."""
    return shapes(architecture.network(), (1, 1, architecture.image, architecture.image))
