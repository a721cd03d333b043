"""Max and average pooling over one and two spatial axes."""

from __future__ import annotations

from math import prod
from typing import ClassVar, Literal

import numpy as np

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn.convolution import AXES, Padding, Sizes, padding_per_side, per_axis, windows_over
from rechenweg.nn.layer import Layer, Shape, Window
from rechenweg.numbers import Array, fold, patches, total, window_max
from rechenweg.text import T


class _Pooling(Layer):
    """What all pooling layers share: windows that slide over each channel by itself."""

    spatial: ClassVar[int]

    def __init__(self, kernel: Sizes, *, stride: Sizes | None = None, padding: Padding = 0) -> None:
        super().__init__()
        kind = type(self).__name__
        self.kernel = per_axis(kernel, self.spatial, f"{kind}: kernel")
        self.stride = self.kernel if stride is None else per_axis(stride, self.spatial, f"{kind}: stride")
        self.padding = padding_per_side(padding, self.kernel, kind)
        if any(max(sides) >= k for sides, k in zip(self.padding, self.kernel, strict=True)):
            raise ShapeError(f"{kind}: expected a padding smaller than the kernel {self.kernel}, found {padding}")

    @property
    def window(self) -> Window:
        """Kernel, stride, padding."""
        return self.kernel, self.stride, self.padding

    def output_shape(self, shape: Shape) -> Shape:
        """(batch, channels, *spatial) → (batch, channels, *windows)."""
        if len(shape) != 2 + self.spatial:
            raise self.misfit(f"input (batch, channels, {', '.join(AXES[self.spatial])})", shape)
        return (*shape[:2], *windows_over(self, shape, self.window))

    @property
    def _kernel_axes(self) -> tuple[int, ...]:
        return tuple(range(-self.spatial, 0))

    def _per_window(self, errors: Array) -> Array:
        """An error tensor with an axis of length 1 for each axis of the kernel."""
        return errors.reshape(*errors.shape, *(1,) * self.spatial)


class _MaxPooling(_Pooling):
    title: ClassVar[T] = T("Max pooling", "Max-Pooling")
    quantity: ClassVar[str] = "m"

    def __init__(
        self,
        kernel: Sizes,
        *,
        stride: Sizes | None = None,
        padding: Padding = 0,
        ties: Literal["first", "shared"] = "first",
    ) -> None:
        super().__init__(kernel, stride=stride, padding=padding)
        if ties not in ("first", "shared"):
            raise NetworkError(f'{type(self).__name__}: expected ties "first" or "shared", found {ties!r}')
        self.ties: Literal["first", "shared"] = ties
        self._mask: Array | None = None

    def forward(self, x: Array) -> Array:
        """The largest number of each window."""
        (x,) = self.accept(x)
        windows = patches(x, self.kernel, self.stride, self.padding, fill="lowest")  # what is padded never wins
        output, self._mask = window_max(windows, self._kernel_axes, ties=self.ties)
        return output

    def backward(self, error_tensor: Array) -> Array:
        """Each error goes to the position that held the maximum; positions that won in no window get 0."""
        errors = self.recall(error_tensor)
        assert self._mask is not None
        return fold(self._per_window(errors) * self._mask, self.inputs[0].shape, self.stride, self.padding)

    def branches(self) -> Array | None:
        """Position of the maximum within each window, of the output's shape."""
        if self._mask is None:
            return None
        flat = self._mask.reshape(*self._mask.shape[: -self.spatial], -1)
        return np.asarray(flat.argmax(axis=-1))

    @property
    def conventions(self) -> dict[str, T]:
        """Who gets the gradient where several elements are equally large."""
        if self.ties == "first":
            return {"max pooling": T("the first of equal maxima", "das erste von gleich großen Maxima")}
        return {"max pooling": T("equal maxima share the gradient", "gleich große Maxima teilen sich den Gradienten")}


class _AveragePooling(_Pooling):
    title: ClassVar[T] = T("Average pooling", "Mittelwert-Pooling")
    quantity: ClassVar[str] = "m"

    def forward(self, x: Array) -> Array:
        """The mean of each window."""
        (x,) = self.accept(x)
        windows = patches(x, self.kernel, self.stride, self.padding)
        mean: Array = total(windows, self._kernel_axes) / prod(self.kernel)
        return mean

    def backward(self, error_tensor: Array) -> Array:
        """Each error goes in equal parts to all positions of its window."""
        parts = self._per_window(self.recall(error_tensor)) / prod(self.kernel)
        spread = np.broadcast_to(parts, (*parts.shape[: -self.spatial], *self.kernel))
        return fold(spread, self.inputs[0].shape, self.stride, self.padding)

    @property
    def conventions(self) -> dict[str, T]:
        """Whether padding counts."""
        if not any(map(any, self.padding)):
            return {}
        return {
            "average pooling": T(
                "the sum is divided by the size of the kernel; padded zeros count (PyTorch)",
                "die Summe wird durch die Größe des Kerns geteilt; aufgefüllte Nullen zählen mit (PyTorch)",
            )
        }


class MaxPool1d(_MaxPooling):
    """The largest number of each window along one axis.

    Args:
        kernel: length of the window.
        stride: step from window to window; the kernel by default.
        padding: as for :class:`~rechenweg.nn.Conv1d`, smaller than the kernel; padded positions never win.
        ties: who gets the gradient of several equal maxima: the "first" (PyTorch), or all "shared" in equal
            parts.

    Shapes: (batch, channels, n) → (batch, channels, ⌊(n + 2p − k)/s⌋ + 1).

    >>> layer = MaxPool1d(2, stride=1)
    >>> layer.forward(np.array([[[6.0, 4.0, 3.0]]]))
    array([[[6., 4.]]])
    >>> layer.backward(np.array([[[2.0, 1.0]]]))
    array([[[2., 1., 0.]]])
    """

    spatial: ClassVar[int] = 1


class MaxPool2d(_MaxPooling):
    """The largest number of each window along two axes; arguments as for :class:`MaxPool1d`, sizes a number or a pair.

    Shapes: (batch, channels, h, w) → (batch, channels, ⌊(h + 2p − k)/s⌋ + 1, ⌊(w + 2p − k)/s⌋ + 1).

    >>> MaxPool2d(2).output_shape((1, 6, 28, 28))
    (1, 6, 14, 14)
    """

    spatial: ClassVar[int] = 2


class AvgPool1d(_AveragePooling):
    """The mean of each window along one axis.

    Args:
        kernel: length of the window.
        stride: step from window to window; the kernel by default.
        padding: as for :class:`~rechenweg.nn.Conv1d`, smaller than the kernel; padded zeros count into the
            mean.

    Shapes: (batch, channels, n) → (batch, channels, ⌊(n + 2p − k)/s⌋ + 1).

    >>> AvgPool1d(2).forward(np.array([[[6.0, 4.0, 3.0, 1.0]]]))
    array([[[5., 2.]]])
    """

    spatial: ClassVar[int] = 1


class AvgPool2d(_AveragePooling):
    """The mean of each window along two axes; arguments as for :class:`AvgPool1d`, sizes a number or a pair.

    Shapes: (batch, channels, h, w) → (batch, channels, ⌊(h + 2p − k)/s⌋ + 1, ⌊(w + 2p − k)/s⌋ + 1).

    >>> AvgPool2d((2, 1)).forward(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
    array([[[[2., 3.]]]])
    """

    spatial: ClassVar[int] = 2
