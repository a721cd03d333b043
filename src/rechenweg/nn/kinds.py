"""Arrays as users give them, and from one kind of number to the other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from rechenweg.errors import ExactnessError
from rechenweg.numbers import Array, Condition, Exact, exact, is_exact, like


def as_array(values: Any) -> Array:
    """What a user gives, as an array: floats as floats; strings, fractions and exact numbers exactly.

    >>> print(as_array(["0.5", 3])[0])
    1/2
    >>> as_array([0.5, 3]).dtype
    dtype('float64')
    """
    array = np.asarray(values)
    if array.dtype.kind not in "OUS" or (array.dtype == object and all(isinstance(v, Exact) for v in array.flat)):
        return array
    taken: Array = exact(array)
    return taken


def of_one_kind(where: str, **arrays: Array) -> dict[str, Array]:
    """All arrays exact if one of them is: whole numbers become exact, a float raises.

    >>> of_one_kind("Add", input=np.ones(2), weights=exact([1, 2]))
    Traceback (most recent call last):
    rechenweg.errors.ExactnessError: Add: input holds floats, weights exact numbers; ...
    """
    exact_ones = [name for name, array in arrays.items() if is_exact(array)]
    if not exact_ones or len(exact_ones) == len(arrays):
        return arrays
    for name, array in arrays.items():
        if array.dtype.kind not in "Oiub":
            raise ExactnessError(
                f"{where}: {name} holds floats, {exact_ones[0]} exact numbers; make both exact, or both floats"
            )
    return {name: array if is_exact(array) else exact(array) for name, array in arrays.items()}


def exactly(array: Array) -> Array:
    """The array in exact numbers; a float becomes the dyadic fraction that it is."""
    if is_exact(array):
        return array
    try:
        fractions = [Fraction(value) for value in array.reshape(-1).tolist()]
    except (ValueError, OverflowError) as error:
        raise ExactnessError("NaN and infinity cannot be taken exactly") from error
    made = np.empty(array.shape, dtype=object)
    made.reshape(-1)[:] = [exact(value) for value in fractions]
    return made


def as_floats(array: Array) -> Array:
    """The array in float64; exact numbers are rounded."""
    if not is_exact(array):
        return array.astype(np.float64)
    return np.array([exact(value).approx() for value in array.reshape(-1)], np.float64).reshape(array.shape)


def zeros(shape: Sequence[int], other: Array) -> Array:
    """Zeros of the kind of number that `other` holds.

    >>> zeros((2,), np.ones(3, np.float32))
    array([0., 0.], dtype=float32)
    >>> print(zeros((2,), exact([1]))[0])
    0
    """
    return np.asarray(like(np.zeros(shape, int), other)).astype(other.dtype)


def certain(outcome: Any) -> bool:
    """Whether a comparison certainly holds: one that hangs on an exact symbol without a value does not."""
    return not isinstance(outcome, Condition) and bool(outcome)
