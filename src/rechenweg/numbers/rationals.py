"""Fractions: taking them exactly, their powers, roots and prime factors, and how large they may grow.

Fractions are python-flint's ``fmpq``. Everything here is about plain values; the number that remembers its arithmetic
is :mod:`.exact` next door.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import fmpq, fmpz

from rechenweg.errors import ExactnessError, NotDefined

LARGEST_BITS = 1 << 18
"""Fractions that need more bits are refused, before they are computed: ``9**9**9`` would fill the memory."""

LARGEST_EXPONENT = 4096
"""Largest exponent of ten in a number that is read, and most characters in it."""

_WRITTEN = re.compile(r"([+-]?)(?:(\d+)/(\d+)|(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?)", re.ASCII)


def rational(value: Any) -> fmpq:
    """The value as a fraction; raises :class:`ExactnessError` for floats and for what is no number.

    >>> rational("-0.125"), rational("2e-3"), rational(Fraction(1, 3))
    (-1/8, 1/500, 1/3)
    """
    if isinstance(value, (int, np.integer, np.bool_)):
        whole = int(value)
        if whole.bit_length() > LARGEST_BITS:
            raise _too_large(whole.bit_length())
        return fmpq(whole)
    if isinstance(value, (fmpq, fmpz)):
        return kept_small(fmpq(value))
    if isinstance(value, Fraction):
        return kept_small(fmpq(value.numerator, value.denominator))
    if isinstance(value, (str, Decimal)):
        return _read(str(value))
    if isinstance(value, (float, np.floating)):
        raise ExactnessError(f"the float {float(value)!r} cannot be taken exactly; write it as a string or a fraction")
    raise ExactnessError(f"a {type(value).__name__} cannot be taken as an exact number")


def _read(text: str) -> fmpq:
    text = text.strip()
    if len(text) > LARGEST_EXPONENT:
        raise ExactnessError(f"a number of {len(text)} characters is too long; at most {LARGEST_EXPONENT} are read")
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ExactnessError(f"{_short(text)!r} is not a number that can be taken exactly")
    sign, top, bottom, whole, decimals, exponent = found.groups(default="")
    if top:
        if not int(bottom):
            raise NotDefined(f"{_short(text)} is not defined: division by zero")
        value = fmpq(int(top), int(bottom))
    else:
        shift = int(exponent or 0) - len(decimals)
        if abs(shift) > LARGEST_EXPONENT:
            raise ExactnessError(f"{_short(text)!r}: exponents of ten go up to {LARGEST_EXPONENT}")
        value = fmpq(int(whole + decimals)) * fmpq(10) ** shift
    return -value if sign == "-" else value


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"


def kept_small(value: fmpq) -> fmpq:
    """The value itself; raises :class:`ExactnessError` if it has outgrown :data:`LARGEST_BITS`."""
    if value.height_bits() > LARGEST_BITS:
        raise _too_large(value.height_bits())
    return value


def _too_large(bits: int) -> ExactnessError:
    return ExactnessError(f"a number of {bits} bits came up; at most {LARGEST_BITS} are computed with")


def power(base: fmpq, exponent: fmpq) -> fmpq | None:
    """base^exponent, or ``None`` where it is irrational; 0⁰ is 1, as in polynomials.

    Raises:
        NotDefined: a fractional power of a negative number, a negative power of 0.
        ExactnessError: the result would be too large.

    >>> power(fmpq(8, 27), fmpq(-2, 3))
    9/4
    """
    if base < 0 and exponent.q != 1:
        raise NotDefined(f"({base})^({exponent}) is not defined: a fractional power of a negative number")
    if base == 0 and exponent < 0:
        raise NotDefined(f"0^({exponent}) is not defined: division by zero")
    if exponent.q != 1:
        whole = root(base, int(exponent.q))
        return None if whole is None else power(whole, fmpq(exponent.p))
    n, bits = int(exponent.p), base.height_bits()
    if bits == 1:  # 0, 1 or −1
        return fmpq(1) if n == 0 or (base == -1 and n % 2 == 0) else base
    if abs(n) * bits > LARGEST_BITS:
        raise ExactnessError(f"the power {_short(str(base))}^{_short(str(n))} is too large to be written out")
    return base**n


def root(value: fmpq, degree: int) -> fmpq | None:
    """The `degree`-th root of a fraction that is not negative, or ``None`` where it is irrational.

    >>> root(fmpq(4, 9), 2), root(fmpq(2), 2)
    (2/3, None)
    """
    top, bottom = _whole_root(int(value.p), degree), _whole_root(int(value.q), degree)
    return None if top is None or bottom is None else fmpq(top, bottom)


@lru_cache(maxsize=4096)
def _whole_root(n: int, degree: int) -> int | None:
    if n < 2:
        return n
    if n.bit_length() <= degree:  # the root lies between 1 and 2
        return None
    found = int(fmpz(n).root(degree))
    return found if found**degree == n else None


def prime_powers(value: fmpq) -> list[tuple[int, int]]:
    """The prime factors of a positive fraction with their exponents, small ones first.

    What is left of a large number without its small factors counts as one factor: splitting it could take for ever.

    >>> prime_powers(fmpq(12, 5))
    [(2, 2), (3, 1), (5, -1)]
    """
    return _prime_powers(int(value.p), int(value.q))


@lru_cache(maxsize=4096)
def _prime_powers(top: int, bottom: int) -> list[tuple[int, int]]:
    found = []
    for whole, direction in ((top, 1), (bottom, -1)):
        n = fmpz(whole)
        factors = n.factor() if whole.bit_length() <= 64 else n.factor(trial_limit=1000)
        found += [(int(prime), int(times) * direction) for prime, times in factors]
    return sorted(found)
