"""Intervals (python-flint ``arb``) that certainly hold a number's value; all decisions rest on them.

python-flint keeps one working precision for all threads, so everything that computes with intervals does so within
:func:`precision`, one thread at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock

from flint import arb, ctx

from rechenweg.errors import Undecidable
from rechenweg.numbers.exact import Exact
from rechenweg.numbers.operations import OPERATIONS, SIGNS
from rechenweg.numbers.walking import bottom_up

_ONE_THREAD = RLock()


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Compute with so many bits; no other thread does meanwhile."""
    with _ONE_THREAD, ctx.workprec(bits):
        yield


def interval(number: Exact, bits: int = 128, at: Mapping[str, arb] | None = None) -> arb:
    """An interval around the value; not finite where the value does not exist or overflows.

    Args:
        at: values of the free symbols by name.

    Raises:
        Undecidable: a free symbol has no value in `at`.
    """
    with precision(bits):
        return evaluate(bottom_up(number, unknown_below), at or {})


def unknown_below(number: Exact) -> tuple[Exact, ...]:
    """What an evaluation has to look at: nothing beneath a fraction."""
    return () if number.rational is not None else number.args


def evaluate(order: Iterable[Exact], at: Mapping[str, arb]) -> arb:
    """The last of `order`, in which every number stands after those that it is made of.

    At several points a number is evaluated quicker with its order looked up once. Call it within :func:`precision`.
    """
    value: dict[int, arb] = {}
    result = arb(0)
    for node in order:
        if node.rational is not None:
            result = arb(node.rational)
        elif node.op == "symbol":
            if node.label not in at:
                raise Undecidable(f"the symbol {node.label} has no value")
            result = at[node.label]
        elif node.op == "named":
            result = value[id(node.args[0])]
        elif node.op == "case":
            result = _case(node.label, [value[id(a)] for a in node.args])
        else:
            result = OPERATIONS[node.op].interval(*[value[id(a)] for a in node.args])
        value[id(node)] = result
    return result


def _case(relations: tuple[str, ...], values: list[arb]) -> arb:
    """The branches that may apply, united: a condition that the intervals cannot decide keeps both sides alive."""
    possible: list[arb] = []
    for i, relation in enumerate(relations):
        left, right, branch = values[3 * i : 3 * i + 3]
        holds = _holds(relation, left - right)
        if holds is not False:
            possible.append(branch)
        if holds is True:
            break
    else:
        possible.append(values[-1])
    united = possible[0]
    for branch in possible[1:]:
        united = united.union(branch)
    return united


def _holds(relation: str, difference: arb) -> bool | None:
    """Whether the relation holds for every value of the difference, for none, or (``None``) for some."""
    signs = [
        sign
        for sign, may_be in ((-1, not difference >= 0), (0, difference.contains(0)), (1, not difference <= 0))
        if may_be
    ]
    holding = [sign in SIGNS[relation] for sign in signs]
    return True if all(holding) else None if any(holding) else False
