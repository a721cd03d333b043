"""The scalar network with a skip connection of problem 4: its structures, its formulas, its figure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from rechenweg.nn import Activation, Add, BinaryCrossEntropy, L2Loss, Linear, Network, Sigmoid, Tanh
from rechenweg.numbers import Array, Exact, exact, named, symbol, tidy
from rechenweg.numbers.operations import OPERATIONS
from rechenweg.numbers.reading import Vocabulary
from rechenweg.text import T
from rechenweg.working.document import Figure
from rechenweg.working.figures import NodeKind, Text, graph_figure
from rechenweg.working.run import Working, gradient, opened, work

TARGET, PREDICTION = "y", r"\hat y"


def settled(values: Array) -> Array:
    """The values of activations, those that are fractions although their argument is none as such: σ(ln 2) = 2/3."""
    made = np.empty(values.shape, dtype=object)
    made.reshape(-1)[:] = [_settled(number) if isinstance(number, Exact) else number for number in values.reshape(-1)]
    return made if values.dtype == object else values


def _settled(number: Exact) -> Exact:
    expand = OPERATIONS[number.op].expand
    if number.rational is not None or number.has_symbols or expand is None:
        return number
    return Exact(number.op, number.args, tidy(expand(*number.args)).rational, number.label)


class _Sigmoid(Sigmoid):
    def forward(self, x: Array) -> Array:
        return settled(super().forward(x))


class _Tanh(Tanh):
    def forward(self, x: Array) -> Array:
        return settled(super().forward(x))


ACTIVATIONS: dict[str, type[Activation]] = {"sigmoid": _Sigmoid, "tanh": _Tanh}
LOSSES = {"squared": L2Loss, "cross-entropy": BinaryCrossEntropy}


@dataclass(frozen=True, slots=True)
class Structure:
    """What the versions' networks differ in.

    Attributes:
        first, second: the activations σ₁ and σ₂.
        bias_inside: whether b₁ is added before σ₁; else it is added before σ₂.
        skip_first: whether x joins σ₁'s output before the multiplication with w₂; else after it.
        loss: "squared" or "cross-entropy".
    """

    first: str
    second: str
    bias_inside: bool
    skip_first: bool
    loss: str

    def network(self, w_1: Exact, w_2: Exact, b_1: Exact) -> Network:
        """The network with these parameters; o is what enters σ₂."""
        net = Network("x", loss=LOSSES[self.loss](), target_name=TARGET)
        inner, outer = ({"bias": "b_1"}, {}) if self.bias_inside else ({}, {"bias": "b_1"})
        net.add("a", _times(w_1, b_1, {"weights": "w_1", **inner}), "x")
        net.add("h", ACTIVATIONS[self.first](symbol=r"\sigma_1"), "a")
        times = _times(w_2, b_1, {"weights": "w_2", **outer})
        if self.skip_first:
            net.add("s", Add(), "x", "h")
            net.add("o", times, "s")
        else:
            net.add("m", times, "h")
            net.add("o", Add(), "x", "m")
        net.add(PREDICTION, ACTIVATIONS[self.second](symbol=r"\sigma_2"), "o")
        return net

    @property
    def labels(self) -> tuple[int, int]:
        """The two labels, as far apart as the outputs of σ₂ reach."""
        return (0, 1) if self.second == "sigmoid" else (-1, 1)


def _times(weight: Exact, bias: Exact, names: dict[str, str]) -> Linear:
    """w·□, or w·□ + b if the bias has a name here."""
    return Linear(weights=[[weight]], bias=[bias] if "bias" in names else None, layout="out,in", names=names)


@dataclass(frozen=True)
class General:
    """The network run over symbols: every formula that the problem asks for."""

    structure: Structure

    @cached_property
    def run(self) -> Working:
        """Forwards and backwards with nothing but symbols."""
        net = self.structure.network(symbol("w_1"), symbol("w_2"), symbol("b_1"))
        return work(net, scalar(symbol("x")), scalar(symbol(TARGET)))

    def definition(self, name: str) -> Exact:
        """The arithmetic that makes a quantity, in the names of those before it."""
        made: Exact = self.run[name].formulas.reshape(-1)[0]
        return made

    @cached_property
    def prediction(self) -> Exact:
        """f(x) in x, weights and bias."""
        return opened(self.run[PREDICTION].scalar)

    @cached_property
    def without_skip(self) -> Exact:
        """The same with x left out of the sum: a typical slip."""
        w_1, w_2, b_1 = symbol("w_1"), symbol("w_2"), symbol("b_1")
        net = Network("x", target_name=TARGET)
        inner = {"weights": "w_1", "bias": "b_1"} if self.structure.bias_inside else {"weights": "w_1"}
        outer = {"weights": "w_2"} if self.structure.bias_inside else {"weights": "w_2", "bias": "b_1"}
        net.add("a", _times(w_1, b_1, inner))
        net.add("h", ACTIVATIONS[self.structure.first](symbol=r"\sigma_1"))
        net.add("o", _times(w_2, b_1, outer))
        net.add(PREDICTION, ACTIVATIONS[self.structure.second](symbol=r"\sigma_2"))
        found: Exact = net.forward(scalar(symbol("x"))).reshape(-1)[0]
        return found

    def derivative(self, name: str) -> Exact:
        """∂L/∂name in ∂L/∂o (and ∂L/∂ŷ), the activations' arguments and values."""
        return opened(
            self.definition(f"dL/d{name}"), keep=(gradient(PREDICTION), gradient("o"), "a", "h", "s", "o", PREDICTION)
        )

    @cached_property
    def words(self) -> Vocabulary:
        """What answers may speak of: every quantity and every derivative of the run, and the two activations."""
        symbols: dict[str, Any] = {name: quantity.scalar for name, quantity in self.run.quantities.items()}
        functions = {r"\sigma_1": self.structure.first, r"\sigma_2": self.structure.second}
        return Vocabulary({**symbols, "f(x)": self.run[PREDICTION].scalar}, functions)

    @cached_property
    def plain_words(self) -> Vocabulary:
        """What the formula of f may be written with."""
        leaves = {name: symbol(name) for name in ("x", "w_1", "w_2", "b_1")}
        return Vocabulary(leaves, dict(self.words.functions))


@lru_cache(maxsize=64)
def general(structure: Structure) -> General:
    """The general run of a structure; there are few of them."""
    return General(structure)


def scalar(number: Exact) -> Array:
    """A number as a batch of one value, (1, 1)."""
    array = np.empty((1, 1), dtype=object)
    array[0, 0] = number
    return array


@lru_cache(maxsize=256)
def loss_of(kind: str, g: General, target: int) -> Exact:
    """A loss of f(x) as one quantity, the label known."""
    value: Exact = LOSSES[kind]().forward(scalar(named("f(x)", g.prediction)), scalar(symbol(TARGET, target)))
    return value


def bare(value: Exact) -> Exact:
    """The same in f(x) as a free symbol, the label's value put in."""

    def free(node: Exact) -> Exact:
        if node.op == "named":
            return symbol("f(x)") if node.label == "f(x)" else node
        return Exact(node.op, tuple(map(free, node.args)), None, node.label) if node.args else node

    return tidy(free(value))


LOSS_FORMULAS = {
    "squared": r"L(y, \hat y) = (\hat y - y)^2",
    "cross-entropy": r"L(y, \hat y) = -y \ln \hat y - (1 - y) \ln(1 - \hat y)",
}
LOSS_NAMES = {
    "squared": T("the squared distance", "dem quadratischen Abstand"),
    "cross-entropy": T("the binary cross-entropy", "der binären Kreuzentropie"),
}
NAMES = {
    "sigmoid": T("the sigmoid function", "die Sigmoidfunktion"),
    "tanh": T("the hyperbolic tangent", "der Tangens hyperbolicus"),
}
SHAPES = {
    "sigmoid": (r"\sigma_{i}(z) = \frac{{1}}{{1 + e^{{-z}}}}", r"\sigma_{i}'(z) = \sigma_{i}(z) (1 - \sigma_{i}(z))"),
    "tanh": (r"\sigma_{i}(z) = \tanh z", r"\sigma_{i}'(z) = 1 - \sigma_{i}(z)^2"),
}


def operations_figure(net: Network, marked: tuple[str, ...]) -> Figure:
    """The network as a graph of elementary operations; arrows carry the quantities in `marked`."""
    nodes: list[tuple[str, Text, NodeKind]] = [(name, name, "quantity") for name in net.inputs]
    edges: list[tuple[str, str] | tuple[str, str, Text]] = []
    ends = {name: name for name in net.inputs}  # the operation that each quantity leaves from

    def wire(quantity: str, target: str) -> None:
        source = ends[quantity]
        edges.append((source, target, quantity) if quantity in marked else (source, target))

    for node in net.nodes:
        own = node.layer.names
        last = node.name
        if isinstance(node.layer, Linear):
            nodes += [(f"{last}*", r"\times", "box"), (own["weights"], own["weights"], "parameter")]
            wire(node.inputs[0], f"{last}*")
            edges.append((own["weights"], f"{last}*"))
            ends[last] = f"{last}*"
            if node.layer.has_bias:
                nodes += [(f"{last}+", "+", "box"), (own["bias"], own["bias"], "parameter")]
                edges += [(f"{last}*", f"{last}+"), (own["bias"], f"{last}+")]
                ends[last] = f"{last}+"
            continue
        label = "+" if isinstance(node.layer, Add) else getattr(node.layer, "symbol", None) or type(node.layer).__name__
        nodes.append((f"{last}=", label, "box"))
        for quantity in node.inputs:
            wire(quantity, f"{last}=")
        ends[last] = f"{last}="
    nodes.append(("end", net.output, "quantity"))
    edges.append((ends[net.output], "end"))
    alt = T(
        f"a graph of multiplications, additions and activations from {', '.join(net.inputs)} to the output",
        f"ein Graph aus Multiplikationen, Additionen und Aktivierungen von {', '.join(net.inputs)} bis zur Ausgabe",
    )
    return Figure(graph_figure(nodes, edges), None, alt)


def number(written: str) -> Exact:
    """A number of this problem: ``"-0.5"``, ``"5/3"``, or a multiple of a logarithm, ``"-1/2 ln 3"``.

    >>> print(number("-1/2 ln 3"))
    −ln(3)/2
    """
    factor, ln, argument = written.partition("ln")
    value: Exact = exact(factor.strip() or "1")
    return tidy(value * exact(argument).log()) if ln else value
