"""A quick way to see that two formulas are equal: their values at one random point of a prime field.

``+ − · /`` and whole powers are computed modulo a prime of 256 bits, every symbol standing for a random residue, fixed
while the program runs; a function's value (``σ(…)``, ``√…``, ``ln …``) is a further random residue that belongs to the
function and to the fingerprint of its argument. Two formulas that differ as rational functions of their symbols and
function values agree with a chance of at most degree/2²⁵⁵ (Schwartz 1980, Zippel 1979), so that agreement is equality
for all that examinations need. Disagreement says nothing: ``e^{a+b}`` and ``e^a·e^b`` have different fingerprints.
Hence this only ever shortens the way to "equal"; :mod:`.deciding` goes the long way round otherwise.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from rechenweg.numbers.exact import Exact
from rechenweg.numbers.walking import bottom_up

PRIME = 2**256 - 189
"""The largest prime below 2²⁵⁶."""

Fingerprint: TypeAlias = tuple[int, frozenset[int]]
"""The value modulo PRIME, and the residues of the symbols and function values in it."""


# Nobody knows it beforehand, so nobody can write a number that passes for a symbol: "x − x + (residue of x)".
_SALT = secrets.token_bytes(16)


@lru_cache(maxsize=65536)
def _residue(key: str) -> int:
    return int.from_bytes(hashlib.sha256(_SALT + key.encode()).digest()) % PRIME


def _parts(node: Exact) -> Sequence[Exact]:
    return () if node.rational is not None else node.args


def fingerprint(number: Exact) -> Fingerprint | None:
    """The fingerprint of a formula; ``None`` where it has none (a case distinction, a division by 0).

    >>> from rechenweg.numbers import exact, symbol
    >>> x = symbol("x")
    >>> fingerprint((x + 1) ** 2) == fingerprint(x * x + 2 * x + 1), fingerprint(x) == fingerprint(-x)
    (True, False)
    """
    values: dict[int, int] = {}
    atoms: set[int] = set()
    for node in bottom_up(number, _parts):
        value = _value(node, values, atoms)
        if value is None:
            return None
        values[id(node)] = value
    return values[id(number)], frozenset(atoms)


def _value(node: Exact, values: dict[int, int], atoms: set[int]) -> int | None:
    if node.rational is not None:
        bottom = int(node.rational.q) % PRIME
        return int(node.rational.p) * pow(bottom, -1, PRIME) % PRIME if bottom else None
    op = node.op
    if op == "symbol":
        atom = _residue(node.label)
        atoms.add(atom)
        return atom
    if op == "case":
        return None
    args = [values[id(a)] for a in node.args]
    if op == "named":
        return args[0]
    if op == "+":
        return (args[0] + args[1]) % PRIME
    if op == "-":
        return (args[0] - args[1]) % PRIME
    if op == "*":
        return args[0] * args[1] % PRIME
    if op == "neg":
        return -args[0] % PRIME
    if op == "/":
        return args[0] * pow(args[1], -1, PRIME) % PRIME if args[1] else None
    if op == "^":
        exponent = node.args[1].rational
        if exponent is not None and exponent.q == 1:
            power = int(exponent.p)
            return pow(args[0], power, PRIME) if power >= 0 or args[0] else None
    atom = _residue(f"{op}({','.join(map(str, args))})")
    atoms.add(atom)
    return atom


def surely_equal(a: Exact, b: Exact) -> bool:
    """Whether the fingerprints agree, and are made of the same symbols and function values.

    The latter keeps out formulas such as x + ln(−1) − ln(−1), which have no value although all that is wrong with them
    cancels.
    """
    first = fingerprint(a)
    return first is not None and first == fingerprint(b)
