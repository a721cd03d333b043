"""Taking values: numbers, lists and arrays as users write them, as exact arrays of the shape that is wanted."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn import Network
from rechenweg.numbers import Array, Exact, exact, symbol, unnamed
from rechenweg.working.names import element_names


def array_of(elements: list[Exact], shape: tuple[int, ...]) -> Array:
    """An object array of the elements, row by row."""
    made = np.empty(len(elements), dtype=object)
    made[:] = elements
    return made.reshape(shape)


def plain(array: Array) -> Array:
    """The numbers without their names."""
    return array_of([unnamed(number) for number in array.reshape(-1)], array.shape)


def as_exact(values: Any, otherwise: Array | None = None) -> Array:
    """Values as an exact array.

    Args:
        values: a number, an array or nested lists of them.
        otherwise: what stands for ``None``, of the same number of elements: computed values, free symbols.

    Raises:
        ExactnessError: a float, or what is no number.
        NetworkError: ``None`` without `otherwise`.
    """
    if values is None and otherwise is not None:
        return otherwise
    if isinstance(values, Exact):
        array = np.empty((), dtype=object)
        array[()] = values
        return array
    try:
        array = np.asarray(values, dtype=object)
    except ValueError as error:
        raise ShapeError("expected rows of one length, found rows of different lengths") from error
    elements: list[Exact] = []
    for place, value in enumerate(array.reshape(-1)):
        if value is None:
            if otherwise is None or otherwise.size != array.size:
                raise NetworkError("expected a number for every element, found None")
            value = otherwise.reshape(-1)[place]
        elif isinstance(value, (list, tuple)):
            raise ShapeError("expected rows of one length, found rows of different lengths")
        elements.append(value if isinstance(value, Exact) else exact(value))
    return array_of(elements, array.shape)


def laid_out(where: str, values: Array, shape: tuple[int, ...]) -> Array:
    """The values in `shape`, which may differ from theirs by axes of length 1 only.

    Raises:
        ShapeError: both shapes are named.
    """
    if values.shape == shape:
        return values
    if [n for n in values.shape if n != 1] != [n for n in shape if n != 1]:
        raise ShapeError(f"{where}: expected shape {shape}, found shape {values.shape}")
    return values.reshape(shape)


def fitted(network: Network, arrays: list[Array]) -> list[Array]:
    """The inputs with as many axes of length 1 in front (batch, channels) as the network wants.

    Raises:
        ShapeError: no number of them helps; the message names the shapes as they came.
    """
    try:
        network.output_shapes(*(array.shape for array in arrays))
        return arrays
    except ShapeError:
        for extra in sorted(product(range(4), repeat=len(arrays)), key=sum):
            shapes = [(1,) * n + array.shape for n, array in zip(extra, arrays, strict=True)]
            try:
                network.output_shapes(*shapes)
            except ShapeError:
                continue
            return [array.reshape(shape) for array, shape in zip(arrays, shapes, strict=True)]
        raise


def symbols(name: str, *shape: int) -> Array:
    """An array of free symbols: ``symbols("x", 2)`` is (x₁, x₂); without a shape the symbol alone.

    Axes of length 1 are not counted in the names.

    >>> [str(s) for s in symbols("x", 1, 2)[0]]
    ['x₁', 'x₂']
    """
    return array_of([symbol(element) for element in element_names(name, shape)], shape)
