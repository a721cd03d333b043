"""Optimisers: from a gradient to new weights."""

from __future__ import annotations

from typing import Any

from rechenweg.numbers import Array, like


class SGD:
    """Gradient descent with a fixed learning rate: w − η·∂L/∂w.

    Args:
        learning_rate: η; for exact weights a string, a fraction or an exact number.

    >>> import numpy as np
    >>> SGD(0.1).calculate_update(np.array([1.0]), np.array([2.0]))
    array([0.8])
    >>> from rechenweg.numbers import exact
    >>> print(SGD("0.1").calculate_update(exact([1]), exact([2]))[0])
    1 − 1/10 · 2 = 4/5
    """

    def __init__(self, learning_rate: Any) -> None:
        self.learning_rate = learning_rate

    def calculate_update(self, weights: Array, gradient: Array) -> Array:
        """The weights after one step; those given stay as they are."""
        updated: Array = weights - like(self.learning_rate, weights) * gradient
        return updated
