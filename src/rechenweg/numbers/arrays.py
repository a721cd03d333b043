"""The handful of array primitives that layers are written with, each with one meaning for every kind of number.

Everything else in a layer is plain array code (``+ * @ reshape transpose``), which NumPy runs over floats and over
object arrays of exact numbers alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import prod
from typing import Any, Literal

import numpy as np

from rechenweg.errors import ExactnessError, ShapeError
from rechenweg.numbers.exact import NOTHING, Condition, Exact, call, case, compare, exact
from rechenweg.numbers.functions import as_float

Array = np.ndarray[Any, Any]


def is_exact(x: Any) -> bool:
    """Whether `x` is an exact number or an array of them.

    >>> is_exact(exact([1, 2])), is_exact(np.ones(2))
    (True, False)
    """
    return isinstance(x, Exact) or (isinstance(x, np.ndarray) and x.dtype == object)


def like(value: Any, x: Any) -> Any:
    """`value` (a number or an array) in the kind of number that `x` holds, and over floats in its precision.

    >>> print(like("0.3", exact([1])), like("0.3", np.ones(1)))
    3/10 0.3
    """
    if is_exact(x):
        return exact(value)
    if not isinstance(value, (list, tuple, np.ndarray)):
        return as_float(value)
    array = np.asarray(value)
    if array.dtype.kind in "OUS":
        array = np.array([as_float(v) for v in array.reshape(-1)]).reshape(array.shape)
    return array.astype(x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else array


def patches(
    x: Array,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[tuple[int, int]],
    fill: Literal["zero", "lowest"] = "zero",
) -> Array:
    """The windows that a kernel sees, as a view where nothing is padded.

    Args:
        x: (batch, channels, *spatial).
        kernel, stride: one number per spatial dimension.
        padding: (before, after) per spatial dimension.
        fill: what is padded: "zero", or the "lowest" there is, which is never a maximum (−∞; over exact numbers
            ``None``, which :func:`window_max` leaves out).

    Returns:
        (batch, channels, *out, *kernel) with out = ⌊(n + before + after − kernel)/stride⌋ + 1.

    Raises:
        ShapeError: the kernel is larger than the padded input, so that there is no window.

    >>> patches(np.arange(5).reshape(1, 1, 5), (3,), (2,), ((0, 0),))[0, 0]
    array([[0, 1, 2],
           [2, 3, 4]])
    """
    dims = len(kernel)
    if any(before or after for before, after in padding):
        filler: Any = 0 if fill == "zero" else None if x.dtype == object else -np.inf
        x = np.pad(x, ((0, 0), (0, 0), *padding), constant_values=filler)
    if any(k > n for k, n in zip(kernel, x.shape[2:], strict=True)):
        raise ShapeError(
            f"expected a kernel that fits into the padded input {x.shape[2:]}, found kernel {tuple(kernel)}"
        )
    windows = np.lib.stride_tricks.sliding_window_view(x, tuple(kernel), axis=tuple(range(2, 2 + dims)))
    return windows[(slice(None), slice(None), *(slice(None, None, s) for s in stride))]


def fold(columns: Array, shape: Sequence[int], stride: Sequence[int], padding: Sequence[tuple[int, int]]) -> Array:
    """The adjoint of :func:`patches`: every window added back where it was taken.

    Args:
        columns: (batch, channels, *out, *kernel).
        shape: shape of the tensor that the windows were taken from, (batch, channels, *spatial).

    Returns:
        An array of `shape`; positions that no window saw are 0.

    >>> fold(np.ones((1, 1, 2, 3)), (1, 1, 5), (2,), ((0, 0),))[0, 0]
    array([1., 1., 2., 1., 1.])
    """
    dims = len(shape) - 2
    out, kernel = columns.shape[2 : 2 + dims], columns.shape[2 + dims :]
    padded = [n + before + after for n, (before, after) in zip(shape[2:], padding, strict=True)]
    image = _zeros((*shape[:2], *padded), columns)
    for offset in np.ndindex(*kernel):
        place = tuple(slice(o, o + s * n, s) for o, s, n in zip(offset, stride, out, strict=True))
        image[(slice(None), slice(None), *place)] += columns[(..., *offset)]
    inside = tuple(slice(before, before + n) for n, (before, _) in zip(shape[2:], padding, strict=True))
    return image[(slice(None), slice(None), *inside)]


def _zeros(shape: Sequence[int], like: Array) -> Array:
    zeros = np.zeros(shape, dtype=like.dtype)
    if like.dtype == object:
        zeros.fill(NOTHING)
    return zeros


def window_max(windows: Array, axes: Sequence[int], ties: Literal["first", "shared"] = "first") -> tuple[Array, Array]:
    """The maximum over `axes` and the mask that sends a gradient back to where it came from.

    Args:
        windows: any array; `axes` are its last axes (the kernel). ``None`` among exact numbers is padding.
        ties: "first": the first of several equal maxima takes the gradient (PyTorch); "shared": all in equal parts.

    Returns:
        The maxima, and a mask of the shape of `windows` whose entries sum to 1 over `axes`. Where free symbols decide
        about the maximum, the entries of the mask are case distinctions.

    >>> top, mask = window_max(np.array([[2.0, 5.0, 5.0]]), (-1,), ties="shared")
    >>> top, mask
    (array([5.]), array([[0. , 0.5, 0.5]]))
    """
    lead, size = windows.shape[: -len(axes)], prod(windows.shape[-len(axes) :])
    flat = windows.reshape(*lead, size)
    if flat.dtype == object:
        top, mask = np.empty(lead, dtype=object), np.empty(flat.shape, dtype=object)
        for index in np.ndindex(*lead):
            there = [i for i, v in enumerate(flat[index]) if v is not None]
            mask[index] = False
            top[index], mask[index][there] = _maximum([exact(flat[index][i]) for i in there], ties)
        return top, mask.reshape(windows.shape)
    first = flat.argmax(axis=-1)[..., None]
    top = np.take_along_axis(flat, first, axis=-1)
    if ties == "first":
        best = np.zeros(flat.shape, dtype=bool)
        np.put_along_axis(best, first, True, axis=-1)
    else:
        equal = (flat == top).astype(flat.dtype)
        best = equal / equal.sum(axis=-1, keepdims=True)
    return top[..., 0], best.reshape(windows.shape)


def _maximum(values: list[Exact], ties: str) -> tuple[Exact, list[Any]]:
    """The maximum of one window and its part of the mask: True and False where one element takes all."""
    top = call("max", *values) if len(values) > 1 else values[0]
    if any(v.has_symbols for v in values):
        return top, _symbolic_mask(values, ties)
    best = [0]
    for i, value in enumerate(values[1:], 1):
        if compare(value, ">", values[best[0]]):
            best = [i]
        elif ties == "shared" and compare(value, "=", values[best[0]]):
            best.append(i)
    part: Any = exact(Fraction(1, len(best))) if len(best) > 1 else True
    return top, [part if i in best else False for i in range(len(values))]


def _symbolic_mask(values: list[Exact], ties: str) -> list[Any]:
    if ties == "shared":
        raise ExactnessError("equal maxima cannot be shared while the maximum depends on a symbol without a value")
    mask: list[Any] = []
    for i, value in enumerate(values):  # the first maximum is larger than all before it, not smaller than all after it
        takes = exact(1)
        for j in reversed([j for j in range(len(values)) if j != i]):
            takes = case([(compare(value, ">" if j < i else "≥", values[j]), takes)], NOTHING)
        mask.append(takes)
    return mask


def where(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; a condition on a free symbol becomes a case distinction.

    >>> from rechenweg.numbers import symbol
    >>> x = symbol("x")
    >>> print(where(x > 0, x, exact(0)))
    {x if x > 0; 0 otherwise}
    """
    if isinstance(condition, Condition):
        return case([(condition, exact(a))], exact(b))
    if is_exact(a) or is_exact(b) or is_exact(condition):
        condition, a, b = np.broadcast_arrays(condition, exact(a), exact(b))
        made = np.empty(condition.shape, dtype=object)
        for index in np.ndindex(*condition.shape):
            made[index] = case([(condition[index], a[index])], b[index])
        return made[()]
    return np.where(condition, a, b)


def total(x: Array, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Any:
    """The sum over `axis` (all axes by default), over exact numbers written out term by term, row by row.

    >>> print(total(exact([[1, 2], [3, 4]])))
    1 + 2 + 3 + 4 = 10
    """
    if x.dtype != object:
        return np.sum(x, axis=axis, keepdims=keepdims)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    summed = [a % x.ndim for a in axes]
    kept = [a for a in range(x.ndim) if a not in summed]
    sums = _row_sums(x.transpose(*kept, *summed), len(kept))
    return sums.reshape([1 if a in summed else n for a, n in enumerate(x.shape)]) if keepdims else sums[()]


def _row_sums(x: Array, kept: int) -> Array:
    """Sums over all but the first `kept` axes, row by row; NumPy would go as the array lies in memory."""
    rows = x.reshape(*x.shape[:kept], prod(x.shape[kept:]))
    sums = _zeros(rows.shape[:-1], rows)
    for i in range(rows.shape[-1]):
        sums = np.asarray(sums + rows[..., i], dtype=object)
    return sums


def softmax(x: Array, axis: int = -1) -> Array:
    """e^x divided by its sum over `axis`; over floats shifted by the maximum, which changes nothing but the range.

    >>> print(softmax(exact([0, 0]))[0])
    e⁰/(e⁰ + e⁰) = 1/2
    """
    if x.dtype != object:
        x = x - x.max(axis=axis, keepdims=True)
    powers: Array = np.exp(x)
    normalised: Array = powers / total(powers, axis, keepdims=True)
    return normalised


def contract(subscripts: str, *arrays: Array) -> Array:
    """``einsum`` with ``->``; exact products are written in the order of the operands.

    Sums run over the letters in the order in which they first appear.

    >>> print(contract("i,i->", exact([2, 3]), exact([4, 5])))
    2 · 4 + 3 · 5 = 23
    """
    if not any(a.dtype == object for a in arrays):
        contracted: Array = np.einsum(subscripts, *arrays, optimize=len(arrays) > 1)
        return contracted
    inputs, output = subscripts.split("->")
    letters = inputs.split(",")
    summed = [letter for letter in dict.fromkeys(inputs.replace(",", "")) if letter not in output]
    order = [*output, *summed]
    factors = (_spread(a, own, order) for a, own in zip(arrays, letters, strict=True))
    return _row_sums(reduce(np.multiply, factors), len(output))[()]


def _spread(array: Array, letters: str, order: Sequence[str]) -> Array:
    """The axes of an array in the given order, those that it lacks with length 1."""
    if array.dtype.kind in "fc":
        raise ExactnessError(f"a float array of shape {array.shape} met exact numbers; make it exact first")
    ordered = np.asarray(array, dtype=object).transpose(
        [letters.index(letter) for letter in order if letter in letters]
    )
    return ordered[tuple(slice(None) if letter in letters else np.newaxis for letter in order)]
