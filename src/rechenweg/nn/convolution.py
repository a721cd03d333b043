"""Convolution over one and two spatial axes, with stride and padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, ClassVar, Literal

import numpy as np

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn.kinds import as_array, certain
from rechenweg.nn.layer import Layer, Shape, Window
from rechenweg.nn.linear import _bias
from rechenweg.numbers import Array, contract, fold, patches, total
from rechenweg.text import T

Sizes = int | Sequence[int]
Padding = int | Sequence[int | tuple[int, int]] | Literal["valid", "same"]

AXES: dict[int, tuple[str, ...]] = {1: ("length",), 2: ("height", "width")}
"""Names of the spatial axes, for messages."""


def windows_along(length: Any, kernel: Any, stride: Any, padding: tuple[Any, Any]) -> Any:
    """How many windows fit along an axis: ⌊(n + 2p − k)/s⌋ + 1.

    Plain arithmetic only: with exact named numbers put in, the result carries the formula.

    >>> windows_along(32, 5, 3, (2, 2))
    11
    """
    before, after = padding
    padded = length + 2 * before if before is after or before == after else length + before + after
    return (padded - kernel) // stride + 1


class _Convolution(Layer):
    """What Conv1d and Conv2d share; the number of spatial axes is all that differs."""

    title: ClassVar[T] = T("Convolution", "Faltung")
    spatial: ClassVar[int]
    quantity: ClassVar[str] = "z"
    default_names: ClassVar[dict[str, str]] = {"weights": "K", "bias": "b"}

    def __init__(
        self,
        in_channels: int | None = None,
        out_channels: int | None = None,
        kernel: Sizes | None = None,
        *,
        stride: Sizes = 1,
        padding: Padding = 0,
        weights: Any = None,
        bias: Any = None,
        flipped: bool = False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(names)
        kind = type(self).__name__
        sizes = None if kernel is None else per_axis(kernel, self.spatial, f"{kind}: kernel")
        if weights is not None:
            self.parameters["weights"] = as_array(weights)
            shape = self.parameters["weights"].shape
            if len(shape) != 2 + self.spatial:
                wanted = ", ".join(("out", "in", *AXES[self.spatial]))
                raise ShapeError(f"{kind}: expected weights of shape ({wanted}), found shape {shape}")
            given = (out_channels or shape[0], in_channels or shape[1], *(sizes or shape[2:]))
            if given != shape:
                raise ShapeError(f"{kind}: expected weights of shape {given}, found shape {shape}")
            out_channels, in_channels, sizes = shape[0], shape[1], shape[2:]
        if in_channels is None or out_channels is None or sizes is None:
            raise NetworkError(f"{kind}: expected in_channels, out_channels and kernel, or weights")
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel = sizes
        self.stride = per_axis(stride, self.spatial, f"{kind}: stride")
        self.padding = padding_per_side(padding, sizes, kind)
        self.same = padding == "same"
        self.flipped = flipped
        self.has_bias = weights is None if bias is None else bias is not False
        if self.has_bias and (weights is not None or bias not in (None, True)):
            self.parameters["bias"] = _bias(bias, out_channels, self.parameters.get("weights"), kind)

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        """``weights`` (out, in, *kernel) and ``bias`` (out,)."""
        shapes: dict[str, Shape] = {"weights": (self.out_channels, self.in_channels, *self.kernel)}
        return shapes | ({"bias": (self.out_channels,)} if self.has_bias else {})

    @property
    def window(self) -> Window:
        """Kernel, stride, padding."""
        return self.kernel, self.stride, self.padding

    def output_shape(self, shape: Shape) -> Shape:
        """(batch, in, *spatial) → (batch, out, *windows)."""
        if len(shape) != 2 + self.spatial or certain(shape[1] != self.in_channels):
            plural = "s" * (self.in_channels != 1)
            axes = ", ".join(AXES[self.spatial])
            raise self.misfit(f"input (batch, {self.in_channels} channel{plural}, {axes})", shape)
        return (shape[0], self.out_channels, *windows_over(self, shape, self.window))

    def forward(self, x: Array) -> Array:
        """Each window of `x` times the kernel, summed, plus the bias."""
        (x,) = self.accept(x)
        out, kernel = self._letters
        columns = patches(x, self.kernel, self.stride, self.padding)
        output = contract(f"oc{kernel},nc{out}{kernel}->no{out}", self._turned(self.parameters["weights"]), columns)
        if "bias" in self.parameters:
            output = output + self.parameters["bias"].reshape(-1, *(1,) * self.spatial)
        return output

    def backward(self, error_tensor: Array) -> Array:
        """∂L/∂K: the error tensor times the windows; ∂L/∂x: error times kernel, each window added back to its place."""
        errors = self.recall(error_tensor)
        (x,) = self.inputs
        out, kernel = self._letters
        columns = patches(x, self.kernel, self.stride, self.padding)
        gradient = contract(f"no{out},nc{out}{kernel}->oc{kernel}", errors, columns)
        self.gradients = {"weights": self._turned(gradient)}
        if "bias" in self.parameters:
            self.gradients["bias"] = total(errors, (0, *range(2, errors.ndim)))
        weights = self._turned(self.parameters["weights"])
        spread = contract(f"no{out},oc{kernel}->nc{out}{kernel}", errors, weights)
        return fold(spread, x.shape, self.stride, self.padding)

    @property
    def _letters(self) -> tuple[str, str]:
        """Subscripts of the output's and the kernel's spatial axes."""
        return "yx"[-self.spatial :], "hw"[-self.spatial :]

    def _turned(self, weights: Array) -> Array:
        """The kernel as it slides: turned over for a true convolution. Turning is its own inverse and adjoint."""
        return np.flip(weights, tuple(range(-self.spatial, 0))) if self.flipped else weights

    @property
    def conventions(self) -> dict[str, T]:
        """Whether the kernel is turned over, and what "same" means."""
        if self.flipped:
            text = T(
                "true convolution: the kernel is turned over (flipped) before it slides",
                "echte Faltung: der Kern wird vor dem Gleiten umgedreht",
            )
        else:
            text = T(
                "cross-correlation: the kernel slides as it stands, not flipped",
                "Kreuzkorrelation: der Kern gleitet, wie er dasteht, ungespiegelt",
            )
        same = T(
            'zeros, "same": kernel − 1 in all per axis, an odd one at the end',
            "Nullen, „same“: je Achse zusammen Kern − 1, eine überzählige am Ende",
        )
        return {"convolution": text} | ({"padding": same} if self.same else {})

    def _fans(self) -> tuple[int, int]:
        return self.in_channels * prod(self.kernel), self.out_channels * prod(self.kernel)


class Conv1d(_Convolution):
    """Convolution along one axis, as the field uses the word: cross-correlation, unless `flipped`.

    Sizes are given, or read off the weights.

    Args:
        in_channels, out_channels: channels of input and output.
        kernel: length of the kernel.
        stride: step from window to window.
        padding: zeros on each side; a pair (before, after) per axis; "valid": none; "same": kernel − 1 in
            all, so that with stride 1 the output is as long as the input.
        weights: values, of shape (out, in, kernel).
        bias: values of shape (out,), or whether there is a bias. By default there is one, unless weights are
            passed without one.
        flipped: turn the kernel over before it slides (the convolution of mathematics).
        names: LaTeX names of ``"weights"`` and ``"bias"``.

    Shapes: (batch, in, n) → (batch, out, ⌊(n + 2p − k)/s⌋ + 1).

    >>> from rechenweg.numbers import exact
    >>> layer = Conv1d(weights=[[["1/2", "3/2", "1/2"]]])
    >>> for z in layer.forward(exact([[[2, 3, 1, 2, -1]]]))[0, 0]: print(z)
    1/2 · 2 + 3/2 · 3 + 1/2 · 1 = 6
    1/2 · 3 + 3/2 · 1 + 1/2 · 2 = 4
    1/2 · 1 + 3/2 · 2 + 1/2 · (−1) = 3
    >>> Conv1d(2, 4, 3, padding="same").output_shape((8, 2, 10))
    (8, 4, 10)
    >>> Conv1d(2, 4, 3).output_shape((1, 3, 7))
    Traceback (most recent call last):
    rechenweg.errors.ShapeError: Conv1d: expected input (batch, 2 channels, length), found shape (1, 3, 7)
    """

    spatial: ClassVar[int] = 1


class Conv2d(_Convolution):
    """Convolution along two axes; arguments as for :class:`Conv1d`, sizes a number or a pair (height, width).

    Shapes: (batch, in, h, w) → (batch, out, ⌊(h + 2p − k)/s⌋ + 1, ⌊(w + 2p − k)/s⌋ + 1);
    weights (out, in, kernel height, kernel width).

    >>> layer = Conv2d(4, 8, kernel=5, stride=3, padding=2)
    >>> layer.output_shape((10, 4, 30, 30))
    (10, 8, 10, 10)
    >>> layer.parameter_shapes
    {'weights': (8, 4, 5, 5), 'bias': (8,)}
    """

    spatial: ClassVar[int] = 2


# --- what windows need, here and in pooling -----------------------------------------------------------------


def per_axis(value: Sizes, spatial: int, what: str) -> tuple[int, ...]:
    """One positive number per spatial axis, from a number or a sequence of them."""
    sizes = (value,) * spatial if isinstance(value, int) else tuple(value)
    if len(sizes) != spatial or any(size < 1 for size in sizes):
        raise ShapeError(f"{what}: expected {spatial} positive number{'s' * (spatial > 1)}, found {value}")
    return sizes


def padding_per_side(padding: Padding, kernel: tuple[int, ...], where: str) -> tuple[tuple[int, int], ...]:
    """(before, after) per spatial axis, from any of the ways to write a padding.

    >>> padding_per_side("same", (3, 4), "Conv2d")
    ((1, 1), (1, 2))
    """
    if isinstance(padding, str):
        known = {
            "valid": tuple((0, 0) for _ in kernel),
            "same": tuple(((k - 1) // 2, k // 2) for k in kernel),
        }
        sides = known.get(padding, ())
    else:
        given = (padding,) * len(kernel) if isinstance(padding, int) else padding
        sides = tuple((side, side) if isinstance(side, int) else side for side in given)
    if len(sides) != len(kernel) or any(n < 0 for side in sides for n in side):
        ways = 'a number, one per axis, (before, after) per axis, "valid" or "same"'
        raise ShapeError(f"{where}: expected padding as {ways}, found {padding!r}")
    return sides


def windows_over(layer: Layer, shape: Shape, window: Window) -> Shape:
    """How many windows fit along each spatial axis of an input of `shape`; at least one must."""
    kernel, stride, padding = window
    for axis, (length, k, (before, after)) in enumerate(zip(shape[2:], kernel, padding, strict=True)):
        if certain(length + before + after < k):
            name = AXES[len(kernel)][axis]
            raise layer.misfit(
                f"a {name} of at least {k - before - after} (kernel {k}, padding {before} + {after})", shape
            )
    return tuple(windows_along(*along) for along in zip(shape[2:], kernel, stride, padding, strict=True))
