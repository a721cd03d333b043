"""The segment with skips of tum-2024, 4.6, and the derivatives through it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rechenweg.nn import Add, Linear, Network, ReLU
from rechenweg.numbers import Exact, exact, named, symbol, tidy
from rechenweg.numbers.exact import bottom_up, call
from rechenweg.questions.kinds.values import put_in
from rechenweg.working.run import Working, gradient, work


@dataclass(frozen=True, slots=True)
class Segment:
    """A network of scalars: `before` weights up to y, then `blocks` blocks of `inside` weights, each with a skip.

    Attributes:
        letter, start: of the weights, LaTeX, and the number of the first: w_0, w_1, …
        asked: which of the weights before y the derivative is taken with respect to, counted from 0.
        source: LaTeX name of the input.
    """

    letter: str
    start: int
    before: int
    inside: int
    blocks: int
    asked: int
    source: str

    @property
    def weights(self) -> tuple[str, ...]:
        """Names of all weights, in order."""
        count = self.before + self.inside * self.blocks
        return tuple(f"{self.letter}_{self.start + i}" for i in range(count))

    @property
    def weight(self) -> str:
        """The weight with respect to which the derivative is taken."""
        return self.weights[self.asked]

    def network(self) -> Network:
        """The network, with free symbols as weights; its output z takes the place of the loss."""
        net = Network(self.source, loss_name="z")
        names = iter(self.weights)

        def add_weights(prefix: str, last: str, count: int) -> None:
            for i in range(count):
                name = next(names)
                weights = np.array([[symbol(name)]], dtype=object)
                end = i == count - 1
                net.add(last if end else f"{prefix}_{i + 1}", Linear(weights=weights, names={"weights": name}))
                if not end:
                    net.add(rf"\tilde {prefix}_{i + 1}", ReLU())

        add_weights("h", "y", self.before)
        skipped = "y"
        for block in range(self.blocks):
            prefix, last = ("g", "G(y)") if not block else ("k", "K(u)")
            add_weights(prefix, last, self.inside)
            skipped = net.add("z" if block == self.blocks - 1 else "u", Add(), last, skipped)
        return net


@lru_cache(maxsize=64)
def run_of(before: int, inside: int, blocks: int) -> Working:
    """A segment with weights w_0, w_1, … and input x, run forwards and backwards over free symbols, ∂z/∂z = 1."""
    return work(Segment("w", 0, before, inside, blocks, 0, "x").network(), None, given={"dz/dz": 1})


def active(number: Exact) -> Exact:
    """The number with every ReLU taken as active: its input is positive, so ReLU(u) = u and ReLU′(u) = 1.

    >>> from rechenweg.numbers import apply, derivative
    >>> u = symbol("u")
    >>> print(active(apply("relu", u) + derivative("relu", u)))
    u + 1
    """
    made: dict[int, Exact] = {}
    for node in bottom_up(number):
        parts = [made[id(part)] for part in node.args]
        if node.op == "relu":
            made[id(node)] = parts[0]
        elif node.op == "relu'":
            made[id(node)] = exact(1)
        elif node.op == "named":
            made[id(node)] = named(node.label, parts[0])
        else:
            made[id(node)] = call(node.op, *parts, label=node.label) if parts else node
    return made[id(number)]


@lru_cache(maxsize=512)
def _slope(before: int, inside: int, blocks: int, by: str) -> Exact:
    return tidy(active(run_of(before, inside, blocks).closed(gradient(by, "z"))))


def renamed(number: Exact, segment: Segment) -> Exact:
    """A number of :func:`run_of` in the segment's own letters."""
    names = {f"w_{i}": symbol(name) for i, name in enumerate(segment.weights)}
    return put_in(number, {**names, "x": symbol(segment.source)})


def slope_of(segment: Segment, by_weight: bool = True) -> Exact:
    """∂z/∂(the weight asked for), else ∂z/∂y, in the weights and the input, all ReLUs active."""
    by = f"w_{segment.asked}" if by_weight else "y"
    return renamed(_slope(segment.before, segment.inside, segment.blocks, by), segment)


def slope_without_blocks(segment: Segment) -> Exact:
    """∂y/∂(the weight asked for): what is left of ∂z/∂(that weight) where all weights of the blocks are 0."""
    return tidy(put_in(slope_of(segment), {name: exact(0) for name in segment.weights[segment.before :]}))
