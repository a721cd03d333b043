"""Walking through a number, without recursion: sums of a hundred thousand terms and deeply nested functions occur."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rechenweg.numbers.exact import Exact


def below(number: Exact) -> tuple[Exact, ...]:
    """The numbers that a number was made from."""
    return number.args


def bottom_up(number: Exact, below: Callable[[Exact], Sequence[Exact]] = below) -> list[Exact]:
    """Every number beneath and `number` itself last, each once and after those that it was made from.

    >>> from rechenweg.numbers import symbol
    >>> x = symbol("x")
    >>> [str(node) for node in bottom_up(x * x + 1)]
    ['x', 'x · x', '1', 'x · x + 1']
    """
    order: list[Exact] = []
    seen: set[int] = set()
    stack: list[tuple[Exact, bool]] = [(number, False)]
    while stack:
        node, complete = stack.pop()
        if complete:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            parts = below(node)
            if parts:
                stack.append((node, True))
                stack += [(part, False) for part in reversed(parts)]
            else:
                order.append(node)
    return order


def chain(number: Exact, op: str) -> list[Exact]:
    """The operands of an operation that was applied again and again, in order: terms of a sum, factors of a product.

    >>> from rechenweg.numbers import symbol
    >>> [str(t) for t in chain(symbol("a") + symbol("b") + symbol("c"), "+")]
    ['a', 'b', 'c']
    """
    found: list[Exact] = []
    while number.op == op:
        found.append(number.args[1])
        number = number.args[0]
    return [number, *reversed(found)]
