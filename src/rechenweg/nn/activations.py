"""Activation functions as layers. The functions and their derivatives stand in :mod:`rechenweg.numbers.functions`."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rechenweg.errors import NetworkError
from rechenweg.nn.layer import Layer, Shape
from rechenweg.numbers import Array, apply, derivative, exact, like, softmax, total
from rechenweg.text import T


class Activation(Layer):
    """A function applied to each element by itself.

    Args:
        symbol: LaTeX name of the function in written workings, e.g. ``\\sigma_1``; by default that of the
            function.

    Attributes:
        function: its name in :data:`rechenweg.numbers.FUNCTIONS`.
        options: parameters of the function, e.g. (α,), as the user gave them.
    """

    quantity: ClassVar[str] = "a"
    function: ClassVar[str]

    def __init__(self, *, symbol: str | None = None) -> None:
        super().__init__()
        self.symbol = symbol
        self.options: tuple[Any, ...] = ()

    def output_shape(self, shape: Shape) -> Shape:
        """The input's."""
        return shape

    def forward(self, x: Array) -> Array:
        """f(x), element by element."""
        (x,) = self.accept(x)
        output: Array = apply(self.function, x, *self.options, label=self.symbol)
        return output

    def backward(self, error_tensor: Array) -> Array:
        """The error times f′(x), element by element."""
        errors = self.recall(error_tensor)
        gradient: Array = errors * derivative(self.function, self.inputs[0], *self.options, label=self.symbol)
        return gradient


class Sigmoid(Activation):
    """σ(x) = 1/(1 + e⁻ˣ).

    >>> from rechenweg.numbers import exact
    >>> print(Sigmoid(symbol=r"\\sigma_2").forward(exact([0]))[0])
    σ₂(0) = 1/2
    """

    title: ClassVar[T] = T("Sigmoid", "Sigmoid")
    function: ClassVar[str] = "sigmoid"


class Tanh(Activation):
    """The hyperbolic tangent.

    >>> Tanh().forward(np.zeros(2))
    array([0., 0.])
    """

    title: ClassVar[T] = T("Hyperbolic tangent", "Tangens hyperbolicus")
    function: ClassVar[str] = "tanh"


class _Kinked(Activation):
    """An activation whose slope jumps at 0."""

    at_kink: ClassVar[T]

    def branches(self) -> Array | None:
        """The sign of each element."""
        return np.sign(self.inputs[0]) if self.inputs else None

    @property
    def conventions(self) -> dict[str, T]:
        """The derivative at 0."""
        return {"kinks": self.at_kink}


class ReLU(_Kinked):
    """max(0, x); ReLU′(0) = 0.

    >>> layer = ReLU()
    >>> layer.forward(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    >>> layer.backward(np.array([1.0, 1.0, 1.0]))
    array([0., 0., 1.])
    """

    title: ClassVar[T] = T("ReLU", "ReLU")
    function: ClassVar[str] = "relu"
    at_kink: ClassVar[T] = T.same(r"$\operatorname{ReLU}'(0) = 0$")


class _WithAlpha(_Kinked):
    def __init__(self, alpha: Any, *, symbol: str | None = None) -> None:
        super().__init__(symbol=symbol)
        try:
            if not isinstance(alpha, (float, np.floating)):
                exact(alpha)
        except TypeError as error:
            raise NetworkError(f"{type(self).__name__}: expected a number for alpha, found {alpha!r}") from error
        self.alpha = alpha
        self.options = (alpha,)


class LeakyReLU(_WithAlpha):
    """x where x > 0, else αx; the derivative at 0 is α.

    Args:
        alpha: slope of the left side: int, float, or exactly as a string, a fraction or an exact number
            (needed in an exact run; a symbol is welcome).
        symbol: LaTeX name of the function in written workings.

    >>> LeakyReLU(0.1).forward(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    """

    title: ClassVar[T] = T("Leaky ReLU", "Leaky ReLU")
    function: ClassVar[str] = "leaky_relu"
    at_kink: ClassVar[T] = T.same(r"$\operatorname{LReLU}'(0) = \alpha$")

    def __init__(self, alpha: Any = "0.01", *, symbol: str | None = None) -> None:
        super().__init__(alpha, symbol=symbol)


class ELU(_WithAlpha):
    """x where x > 0, else α(eˣ − 1); the derivative at 0 is α. Source: Clevert et al. 2016.

    Args:
        alpha: limit of the left side, with its sign turned; as for :class:`LeakyReLU`.
        symbol: LaTeX name of the function in written workings.

    >>> ELU(1).forward(np.array([-1.0, 3.0])).round(3)
    array([-0.632,  3.   ])
    """

    title: ClassVar[T] = T("ELU", "ELU")
    function: ClassVar[str] = "elu"
    at_kink: ClassVar[T] = T.same(r"$\operatorname{ELU}'(0) = \alpha$")

    def __init__(self, alpha: Any = 1, *, symbol: str | None = None) -> None:
        super().__init__(alpha, symbol=symbol)

    def branches(self) -> Array | None:
        """The sign of each element; with α = 1 there is no kink."""
        return None if like(self.alpha, np.ones(1)) == 1 else super().branches()


class Softmax(Layer):
    """e^x divided by its sum over the last axis.

    The derivative is written with the output ŷ: ∂L/∂x_i = ŷ_i·(e_i − Σ_j e_j·ŷ_j).

    Args:
        axis: the axis that sums to 1.

    Shapes: unchanged.

    >>> Softmax().forward(np.zeros((1, 4)))
    array([[0.25, 0.25, 0.25, 0.25]])
    """

    title: ClassVar[T] = T("Softmax", "Softmax")
    quantity: ClassVar[str] = "a"

    def __init__(self, axis: int = -1) -> None:
        super().__init__()
        self.axis = axis

    def output_shape(self, shape: Shape) -> Shape:
        """The input's."""
        if not -len(shape) <= self.axis < len(shape):
            raise self.misfit(f"input with an axis {self.axis}", shape)
        return shape

    def forward(self, x: Array) -> Array:
        """eˣ/Σeˣ; a network may afterwards put the named output into `self.output`."""
        (x,) = self.accept(x)
        self.output = softmax(x, self.axis)
        return self.output

    def backward(self, error_tensor: Array) -> Array:
        """ŷ·(e − Σ e·ŷ)."""
        errors = self.recall(error_tensor)
        assert self.output is not None
        gradient: Array = self.output * (errors - total(errors * self.output, self.axis, keepdims=True))
        return gradient
