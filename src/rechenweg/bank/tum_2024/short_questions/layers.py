"""Linear layers one after the other, over matrices of free symbols: what 2.6 of tum-2024 is computed on and marked by.

The answer comes from the layers themselves: the merged weight is where the layers take the unit vectors, the merged
bias is where they take the zero vector. A candidate's formula is read with the matrices multiplied in the order
written, so a product in the wrong order is a wrong product.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from rechenweg.errors import ReadingError
from rechenweg.nn import Linear, Network
from rechenweg.numbers import Array, Exact, Verdict
from rechenweg.numbers.exact import bottom_up
from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.numbers.reading import Vocabulary, read_chain
from rechenweg.numbers.reading.values import Written
from rechenweg.questions.asking import Ask, Space
from rechenweg.questions.field import Field, Raw, no_answer, quoted
from rechenweg.questions.kinds.values import Formula, compare_formulas
from rechenweg.questions.marks import Mark
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.run import symbols

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Layers:
    """Linear layers one after the other.

    Attributes:
        names: weight and bias of each layer, in the order in which they are applied.
        x: the input.
        column: each layer computes W·x + b for a column x; else x·W + b for a row x.
        sizes: lengths of the input, of what lies between, and of the output.
        sizes_told: whether the question tells them.

    >>> two = Layers((("A", "a"), ("B", "b")), "x", True, (2, 3, 2))
    >>> two.nested, two.apart
    ('B (A x + a) + b', 'B A x + B a + b')
    >>> replace(two, column=False).grouped
    'x (A B) + (a B + b)'
    """

    names: tuple[tuple[str, str], ...]
    x: str
    column: bool
    sizes: tuple[int, ...]
    sizes_told: bool = True

    def times(self, later: str, earlier: str) -> str:
        """The product of a later layer's matrix with something earlier, in LaTeX, in the order of the convention."""
        return f"{later} {earlier}" if self.column else f"{earlier} {later}"

    @property
    def weight(self) -> str:
        """The merged weight in the layers' names, in LaTeX."""
        made = self.names[0][0]
        for weight, _ in self.names[1:]:
            made = self.times(weight, made)
        return made

    @property
    def bias(self) -> str:
        """The merged bias in the layers' names, in LaTeX."""
        terms = [self.names[0][1]]
        for weight, bias in self.names[1:]:
            terms = [*(self.times(weight, term) for term in terms), bias]
        return " + ".join(terms)

    @property
    def nested(self) -> str:
        """The layers put into one another, in LaTeX."""
        made = self.x
        for i, (weight, bias) in enumerate(self.names):
            made = f"{self.times(weight, f'({made})' if i else made)} + {bias}"
        return made

    @property
    def apart(self) -> str:
        """The same multiplied out."""
        return f"{self.times(self.weight, self.x)} + {self.bias}"

    @property
    def grouped(self) -> str:
        """The same as one layer."""
        return f"{self.times(f'({self.weight})', self.x)} + ({self.bias})"


@lru_cache(maxsize=512)
def network(layers: Layers) -> Network:
    """The layers over free symbols."""
    made = Network(layers.x)
    for i, (weight, bias) in enumerate(layers.names):
        before, after = layers.sizes[i], layers.sizes[i + 1]
        made.add(
            "y" if i == len(layers.names) - 1 else f"h_{i + 1}",
            Linear(
                weights=symbols(weight, after, before) if layers.column else symbols(weight, before, after),
                bias=symbols(bias, after),
                layout="out,in" if layers.column else "in,out",
                names={"weights": weight, "bias": bias},
            ),
        )
    return made


@lru_cache(maxsize=512)
def merged(layers: Layers) -> tuple[Array, Array]:
    """Weight and bias of the one layer that does the same."""
    first, *rest = (node.layer for node in network(layers).nodes)
    units, zero = first.parameters["weights"], first.parameters["bias"][None]
    units = units.T if layers.column else units  # row i: where unit vector i is taken, without the bias
    for layer in rest:
        weights = layer.parameters["weights"]
        zero = layer.forward(zero)
        units = Linear(weights=weights, layout="out,in" if layers.column else "in,out").forward(units)
    return (units.T if layers.column else units), zero[0]


@lru_cache(maxsize=512)
def output(layers: Layers) -> Array:
    """What the layers make of a free input, layer put into layer."""
    (made,) = network(layers).forward(symbols(layers.x, layers.sizes[0])[None])
    return np.asarray(made)


@lru_cache(maxsize=512)
def vocabulary(layers: Layers) -> Vocabulary:
    """The matrices, the biases and the input."""
    known: dict[str, Any] = {layers.x: symbols(layers.x, layers.sizes[0])}
    for node, (weight, bias) in zip(network(layers).nodes, layers.names, strict=True):
        known[weight], known[bias] = node.layer.parameters["weights"], node.layer.parameters["bias"]
    return Vocabulary(known)


def weight_field(layers: Layers, credits: Fraction) -> Formula:
    """The merged weight as an answer field."""
    wrong = (" ".join(reversed(layers.weight.split())), " + ".join(w for w, _ in layers.names), layers.names[-1][0])
    return Formula(
        "weight",
        credits,
        merged(layers)[0],
        T("new weight:", "neues Gewicht:"),
        vocabulary=vocabulary(layers),
        shown=read_latex(layers.weight),
        wrong=wrong,
        right=layers.weight,
    )


def bias_field(layers: Layers, credits: Fraction) -> Formula:
    """The merged bias as an answer field."""
    turned = replace(layers, column=not layers.column).bias  # the products the wrong way round
    wrong = (" + ".join(b for _, b in layers.names), layers.bias.rpartition(" + ")[0], turned)
    return Formula(
        "bias",
        credits,
        merged(layers)[1],
        T("new bias:", "neuer Bias:"),
        vocabulary=vocabulary(layers),
        shown=read_latex(layers.bias),
        wrong=wrong,
        right=layers.bias,
    )


@dataclass(frozen=True)
class Merging(Field):
    """The calculation that merges the layers: ``"B(A x + a) + b = B A x + B a + b"``, in one chain or several lines.

    Proved by machine if two members of its equations equal the layers' output for a free input, one with the layers
    still inside one another (a bias multiplied together with the input) and one with input and biases apart. A
    calculation in other symbols, or in words, is left to a person.
    """

    layers: Layers
    lines: int = 4
    kind: ClassVar[str] = "steps"

    def ask(self) -> Ask:
        """Free space."""
        return Space(self.lines)

    def perfect(self) -> Raw:
        """Both forms as one equation."""
        return f"{self.layers.nested} = {self.layers.apart}"

    def slip(self, rng: random.Random) -> Raw:
        """A result without the calculation, or none."""
        return rng.choice((self.layers.apart, ""))

    def expected(self) -> Layout:
        """Both forms as one equation."""
        return read_latex(f"{self.layers.nested} = {self.layers.apart}")

    def read(self, raw: Raw) -> list[Written]:
        """The members of all equations that can be read; what cannot, stays for people."""
        if isinstance(raw, list) and all(isinstance(line, str) for line in raw):
            raw = "\n".join(raw)
        if not isinstance(raw, str):
            raise ReadingError(f"expected equations, found {type(raw).__name__}")
        words = vocabulary(self.layers)
        found: list[Written] = []
        for line in raw.replace("\n", ";").split(";")[:MOST_LINES]:
            try:
                found += read_chain(line, words)
            except ReadingError:
                continue
        return found

    def mark(self, raw: Raw, rules: Rules) -> Mark:
        """As for every field; what was read is shown as it was written."""
        mark = super().mark(raw, rules)
        return replace(mark, given=quoted(raw)) if mark.given is None and not no_answer(raw) else mark

    def judge(self, answer: list[Written], rules: Rules) -> Mark:
        """Full credit for both forms; nothing else is decided by machine."""
        whole = output(self.layers)
        right = [value for value in answer if compare_formulas(value, whole) is Verdict.EQUAL]
        if {self._is_nested(value) for value in right} == {True, False}:
            return self._marked(self.credits, T("the calculation is complete", "die Rechnung ist vollständig"), None)
        reason = T("the calculation is to be read by a person", "die Rechnung ist von einem Menschen zu lesen")
        return Mark(self.key, self.credits, None, reason, None, self.expected())

    def _is_nested(self, value: Written) -> bool:
        """Whether a bias is multiplied together with the input somewhere."""
        nodes = network(self.layers).nodes
        inputs = frozenset(s.label for s in symbols(self.layers.x, self.layers.sizes[0]))
        biases = frozenset(s.label for node in nodes for s in node.layer.parameters["bias"])

        def mixes(number: Exact) -> bool:
            free = number.free_symbols()
            return bool(free & inputs) and bool(free & biases)

        entries = [value] if isinstance(value, Exact) else list(value.reshape(-1))
        products = (node for entry in entries for node in bottom_up(entry) if node.op == "*")
        return any(mixes(factor) for product in products for factor in product.args)


LETTERS = ("A", "B", "C", "K", "M", "P", "Q", "R")
INPUTS = ("x", "v", "z")


def draw(rng: random.Random) -> Layers:
    """Two or three layers, under either convention, with names and sizes of their own."""
    count = rng.choice((2, 2, 3))
    if rng.random() < 0.5:
        letter = rng.choice(("W", *LETTERS))
        small = "b" if letter == "W" else letter.lower()
        names = tuple((f"{letter}_{i}", f"{small}_{i}") for i in range(1, count + 1))
    else:
        names = tuple((letter, letter.lower()) for letter in rng.sample(LETTERS, count))
    sizes = tuple(rng.choice((2, 3, 4) if count == 2 else (2, 3)) for _ in range(count + 1))
    return Layers(names, rng.choice(INPUTS), rng.random() < 0.5, sizes)
