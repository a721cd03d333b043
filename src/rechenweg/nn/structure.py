"""Layers that compute nothing new: they lay out or join what comes."""

from __future__ import annotations

from functools import reduce
from operator import add, mul
from typing import ClassVar

from rechenweg.nn.kinds import certain
from rechenweg.nn.layer import Layer, Shape
from rechenweg.numbers import Array
from rechenweg.text import T


class Flatten(Layer):
    """Each sample as one vector, channel by channel, row by row.

    Shapes: (batch, a, b, …) → (batch, a·b·…).

    >>> Flatten().output_shape((10, 8, 10, 10))
    (10, 800)
    """

    title: ClassVar[T] = T("Flatten", "Flatten")
    quantity: ClassVar[str] = "f"

    def output_shape(self, shape: Shape) -> Shape:
        """(batch, product of the rest)."""
        if len(shape) < 2:
            raise self.misfit("input (batch, …)", shape)
        return (shape[0], reduce(mul, shape[1:]))

    def forward(self, x: Array) -> Array:
        """The same numbers in one row per sample."""
        (x,) = self.accept(x)
        return x.reshape(self._output_shape)

    def backward(self, error_tensor: Array) -> Array:
        """The same numbers in the input's shape."""
        return self.recall(error_tensor).reshape(self.inputs[0].shape)

    @property
    def conventions(self) -> dict[str, T]:
        """The order of the numbers."""
        return {
            "flatten": T(
                "channel by channel, then row by row; the batch stays",
                "Kanal für Kanal, darin Zeile für Zeile; der Batch bleibt",
            )
        }


class Add(Layer):
    """The sum of two or more inputs of one shape, e.g. of a branch and its skip connection.

    >>> import numpy as np
    >>> layer = Add()
    >>> layer.forward(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([4., 6.])
    >>> layer.backward(np.array([5.0, 6.0]))
    (array([5., 6.]), array([5., 6.]))
    """

    title: ClassVar[T] = T("Sum", "Summe")
    quantity: ClassVar[str] = "s"

    def output_shape(self, *shapes: Shape) -> Shape:
        """That of each input."""
        first = shapes[0] if shapes else ()
        if len(shapes) < 2:
            raise self.misfit("two or more inputs", *shapes)
        for shape in shapes[1:]:
            if len(shape) != len(first) or any(certain(a != b) for a, b in zip(shape, first, strict=True)):
                raise self.misfit("inputs of one shape", *shapes)
        return first

    def forward(self, *inputs: Array) -> Array:
        """The inputs added in the order given."""
        return reduce(add, self.accept(*inputs))

    def backward(self, error_tensor: Array) -> tuple[Array, ...]:
        """The error, to every input."""
        return (self.recall(error_tensor),) * len(self.inputs)
