r"""How quantities of a run and their elements are called.

Names are LaTeX throughout (``\hat y``, ``w_2``); a derivative is asked for as ``dL/dw_2``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from rechenweg.errors import NotationError
from rechenweg.numbers import Exact
from rechenweg.numbers.exact import bottom_up
from rechenweg.numbers.notation import read_latex, to_latex


def gradient(name: str, of: str = "L") -> str:
    r"""The name of a derivative of the loss.

    >>> gradient("w_2")
    '\\frac{\\partial L}{\\partial w_2}'
    """
    return rf"\frac{{\partial {of}}}{{\partial {name}}}"


def in_full(name: str, loss: str = "L") -> str:
    r"""A name as the workings use it: ``dL/dz`` is short for the derivative, in whatever way the loss is named.

    >>> in_full("dL/dz"), in_full(r"d\mathcal L/dz", r"\mathcal L"), in_full("z")
    ('\\frac{\\partial L}{\\partial z}', '\\frac{\\partial \\mathcal L}{\\partial z}', 'z')
    """
    for head in (f"d{loss}/d", "dL/d"):
        if name.startswith(head) and len(name) > len(head):
            return gradient(name[len(head) :], loss)
    return name


@lru_cache(maxsize=4096)
def same_name(name: str) -> str:
    r"""One spelling for all spellings of a name, for looking it up: ``\hat{y}`` and ``\hat y``, ``z_{2}`` and ``z_2``.

    >>> same_name(r"\hat{y}_{1}") == same_name(r"\hat y_1")
    True
    """
    try:
        return to_latex(read_latex(name))
    except NotationError:
        return name


_SUBSCRIPT = re.compile(r"^(.*)_(?:\{([^{}]*)\}|(\\?\w+?))$")


def element_name(name: str, index: Sequence[int | str]) -> str:
    r"""The name of an element: ``z`` at (0, 1) is ``z_{1,2}``; a subscript that the name has comes first.

    index: counted from 0; a letter stands as it is.

    >>> element_name("z", (1,)), element_name("w_2", (0, 1)), element_name(r"\hat y", ("i",))
    ('z_{2}', 'w_{2;1,2}', '\\hat y_{i}')
    """
    if not index:
        return name
    places = ",".join(str(i + 1) if isinstance(i, int) else i for i in index)
    own = _SUBSCRIPT.match(name)
    return f"{own[1]}_{{{own[2] or own[3]};{places}}}" if own else f"{name}_{{{places}}}"


@lru_cache(maxsize=4096)
def element_names(name: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """The names of all elements of an array; axes of length 1 (batch, channel) are not counted.

    >>> element_names("z", (1, 2, 2))
    ('z_{1,1}', 'z_{1,2}', 'z_{2,1}', 'z_{2,2}')
    """
    long_axes = [axis for axis, length in enumerate(shape) if length != 1]
    return tuple(element_name(name, [index[axis] for axis in long_axes]) for index in np.ndindex(*shape))


@lru_cache(maxsize=4096)
def gradients(names: tuple[str, ...], of: str = "L") -> tuple[str, ...]:
    """The names of the derivatives by each of the quantities."""
    return tuple(gradient(name, of) for name in names)


def remade(
    number: Exact, leaf: Callable[[Exact], Exact], label: Callable[[Exact], Any] = lambda node: node.label
) -> Exact:
    """The same arithmetic over other leaves: each named number is replaced by ``leaf(named number)``.

    Args:
        label: what becomes of the label of an operation.

    What does not change stays the same object.
    """
    made: dict[int, Exact] = {}
    for node in bottom_up(number, _above_names):
        args = tuple(made[id(part)] for part in _above_names(node))
        if node.op == "named":
            made[id(node)] = leaf(node)
        elif not args:
            made[id(node)] = node
        else:
            called = label(node)
            same = called == node.label and all(a is b for a, b in zip(args, node.args, strict=True))
            known = None if any(a.rational is None for a in args) else node.rational
            made[id(node)] = node if same else Exact(node.op, args, known, called)
    return made[id(number)]


def _above_names(number: Exact) -> tuple[Exact, ...]:
    return () if number.op == "named" else number.args
