"""A run of a network, written out: every quantity named, forward and backward.

:func:`work` runs a network over exact numbers and listens at its one hook (``tap``). Each quantity that passes is
kept twice: the arithmetic that made it (its *formula*, in the names of the quantities before it) and its values under
its own name, which the next layer then computes with. Hence ``∂L/∂o = ∂L/∂ŷ · σ₂′(o)``: each gradient in terms of the
one before.

The same hook puts values in: what a problem hands out ("given dL/dm = [2, 1]"), or what a candidate computed,
replaces the computed values, and everything after it follows.

How it is written is the matter of :mod:`.steps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rechenweg.errors import ExactnessError, NetworkError, ShapeError
from rechenweg.nn import Flatten, Linear, Network, Node
from rechenweg.nn.layer import TOPICS
from rechenweg.numbers import Array, Exact, exact, named, symbol, unnamed
from rechenweg.numbers.exact import bottom_up
from rechenweg.text import T
from rechenweg.working import steps
from rechenweg.working.document import Block, Document, Equation
from rechenweg.working.names import element_name, element_names, gradient, gradients, in_full, same_name
from rechenweg.working.steps import MOST_ROWS, Style, chain
from rechenweg.working.taking import array_of, as_exact, fitted, laid_out, plain, symbols

__all__ = [
    "Kind",
    "Quantity",
    "Working",
    "as_exact",
    "chain",
    "element_name",
    "gradient",
    "opened",
    "symbols",
    "work",
]

Kind = Literal["input", "parameter", "value", "target", "loss", "gradient", "parameter gradient"]


@dataclass(frozen=True, slots=True)
class Quantity:
    r"""One quantity of a run, or one element of it.

    Attributes:
        name: LaTeX, e.g. ``z``, ``\hat y``, ``\frac{\partial L}{\partial z}``.
        of: of a gradient the quantity that it is taken by, of all others the name itself.
        kind: what it is.
        labels: LaTeX name of each element, row by row.
        formulas: object array, each element with the arithmetic that made it, also where a value was put in.
        values: object array, the elements as the next layer computes with them: under their own names, or under the
            names of another quantity where nothing but the place changed (what a sum passes back).
        put_in: places of the elements that were put in instead of computed, counted from 0 row by row.
        node: the node that computed it (of a gradient: the node whose output or parameter it is taken by).
        relaid: it was only laid out anew (flatten), and its elements keep the names that they had.
    """

    name: str
    of: str
    kind: Kind
    labels: tuple[str, ...]
    formulas: Array
    values: Array
    put_in: frozenset[int] = frozenset()
    node: Node | None = None
    relaid: bool = False

    @property
    def given(self) -> bool:
        """Whether values were put in instead of computed."""
        return bool(self.put_in)

    @property
    def squeezed(self) -> Array:
        """The values without axes of length 1."""
        return self.values.reshape([n for n in self.values.shape if n != 1])

    @property
    def scalar(self) -> Exact:
        """The value of a quantity with one element."""
        if self.values.size != 1:
            raise ShapeError(f"{self.name}: expected one element, found shape {self.values.shape}")
        only: Exact = self.values.reshape(-1)[0]
        return only

    @property
    def computed(self) -> Array:
        """The plain values as computed from what came before, also where others were put in after that."""
        return plain(self.formulas.reshape(self.squeezed.shape))

    def element(self, place: int) -> Quantity:
        """The element at `place`, counted from 0 row by row, as a quantity of its own."""
        formulas, values = self.formulas.reshape(-1), self.values.reshape(-1)
        label, here = self.labels[place], slice(place, place + 1)
        put_in = frozenset({0}) if place in self.put_in else frozenset()
        return Quantity(
            label, self.of, self.kind, (label,), formulas[here], values[here], put_in, self.node, self.relaid
        )

    def equation(self, *, values: bool = True, most: int = MOST_ROWS, decimals: bool = False) -> Equation:
        """The elements written out, one row each: name = formula = values put in = result.

        Args:
            values: also put values in; ``False`` leaves the general formula.
            most: elements written out at most; how many more there are is noted, and all are shown as a matrix.
            decimals: short decimals instead of fractions.
        """
        return steps.equation(self, Style(values, most, decimals))


@dataclass
class Working:
    """A run written out. Made by :func:`work`; go through :attr:`quantities` or ask for one by name.

    Attributes:
        network: the network that ran, a copy of the one passed.
        quantities: every quantity by name, in the order in which it was computed.
        conventions: the conventions in force, topic and text.
        given: the values put in, by name.
    """

    network: Network
    quantities: dict[str, Quantity] = field(default_factory=dict)
    conventions: tuple[tuple[T, T], ...] = ()
    given: dict[str, Any] = field(default_factory=dict)
    _arguments: tuple[Any, ...] = field(default=(), repr=False)
    _found: dict[str, Quantity] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Quantity:
        """A quantity or one element of it, by its LaTeX name; a derivative also as ``dL/dz``.

        Raises:
            NetworkError: there is none; the message names those that there are.
        """
        found = self._look_up(name)
        if found is None:
            raise NetworkError(f'no quantity "{name}" in this working; there are {self._known()}')
        return found

    def __contains__(self, name: str) -> bool:
        return self._look_up(name) is not None

    def _look_up(self, name: str) -> Quantity | None:
        name = in_full(name, self.network.loss_name)
        if name in self.quantities:
            return self.quantities[name]
        if not self._found:
            for quantity in self.quantities.values():
                if len(quantity.labels) > 1 and not quantity.relaid:
                    for place, label in enumerate(quantity.labels):
                        self._found.setdefault(same_name(label), quantity.element(place))
            self._found |= {same_name(own): quantity for own, quantity in self.quantities.items()}
        return self._found.get(same_name(name))

    def _known(self) -> str:
        """The names of all quantities, derivatives in short."""
        short = {"gradient": f"d{self.network.loss_name}/d", "parameter gradient": f"d{self.network.loss_name}/d"}
        return ", ".join(short.get(quantity.kind, "") + quantity.of for quantity in self.quantities.values())

    def values(self, name: str) -> Array:
        """The values of a quantity, without axes of length 1 (but never without any axis)."""
        squeezed = self[name].squeezed
        return squeezed if squeezed.ndim else squeezed.reshape(1)

    def scalar(self, name: str) -> Exact:
        """The value of a quantity with one element, without its name."""
        return unnamed(self[name].scalar)

    def plain(self, name: str) -> Array:
        """As :meth:`values`, without the names: what is compared with an answer."""
        return plain(self.values(name))

    def closed(self, name: str, *, keep: Iterable[str] = ()) -> Any:
        r"""The general formula of a quantity in terms of inputs, parameters and target alone.

        Args:
            name: the quantity.
            keep: further quantities that stay as they are, e.g. ``["dL/do"]``.

        Returns:
            The number whose formula it is; for a quantity with several elements an array of them, without axes of
            length 1.

        >>> from rechenweg.nn import Linear, Sigmoid
        >>> net = Network.chain([Linear(weights=[[2]], names={"weights": "w"}), Sigmoid()])
        >>> print(work(net, 3).closed(r"\hat y"))
        σ(x · w) = σ(3 · 2) = σ(6)
        """
        kept = [q for q in self.quantities.values() if q.kind in ("input", "parameter", "target")]
        labels = {label for quantity in (*kept, *(self[k] for k in keep)) for label in quantity.labels}
        quantity = self[name]
        made = np.empty(quantity.formulas.size, dtype=object)
        made[:] = [opened(number, labels) for number in quantity.formulas.reshape(-1)]
        return made[0] if made.size == 1 else made.reshape(quantity.squeezed.shape)

    def steps(self, kinds: Iterable[Kind]) -> tuple[Quantity, ...]:
        """The quantities of the given kinds, in order."""
        wanted = set(kinds)
        return tuple(q for q in self.quantities.values() if q.kind in wanted)

    def follow(self, given: Mapping[str, Any]) -> Working:
        """The same run with (further) values put in: what follows from a candidate's value, right or wrong.

        >>> from rechenweg.nn import L2Loss, Linear
        >>> net = Network.chain([Linear(weights=[[3]])], loss=L2Loss())
        >>> print(work(net, 2, 5).follow({r"\\hat y": 7})["L"].scalar)
        L = (ŷ − y)² = (7 − 5)² = 4
        """
        inputs, target, backward = self._arguments
        return work(self.network, inputs, target, given={**self.given, **given}, backward=backward)

    # --- written ------------------------------------------------------------------------------------------------------

    def document(self, *, values: bool = True, most: int = MOST_ROWS, decimals: bool = False) -> Document:
        """The whole working: what is given, forward, loss, backward, the conventions in force.

        Args:
            values: also put values in; ``False`` leaves the general formulas.
            most: elements of a quantity written out at most; the count of the others is stated.
            decimals: short decimals instead of fractions.
        """
        return steps.document(self, Style(values, most, decimals))

    def conventions_document(self) -> Document:
        """The conventions in force as a table; nothing where there are none."""
        return steps.conventions_document(self.conventions)

    def part(
        self,
        *names: str,
        values: bool = True,
        decimals: bool = False,
        most: int = MOST_ROWS,
        slopes: bool = False,
    ) -> Document:
        """Only the quantities named, written out, an equation each.

        Args:
            slopes: say before a gradient what the derivative of the activation is that it passed.
            values, decimals, most: as for :meth:`document`.
        """
        style = Style(values, most, decimals)
        blocks: list[Block] = []
        for name in names:
            quantity = self[name]
            if quantity.relaid and len(names) > 1 and not quantity.given:
                continue  # the quantity that it lays out anew says the same
            blocks += steps.blocks(self, [quantity], style, slopes=slopes)
        return Document(tuple(blocks))


def work(
    network: Network,
    inputs: Mapping[str, Any] | Any,
    target: Any = None,
    *,
    given: Mapping[str, Any] | None = None,
    backward: bool = True,
) -> Working:
    """Run a network over exact numbers and write everything down.

    Args:
        network: its parameters may be exact numbers, whole numbers, or symbols. It is left as it is.
        inputs: values by input name, or the values alone for a network with one input. Leading axes of length 1
            (batch, channels) may be left out. ``None`` leaves a scalar, or the input of a linear layer, free: a
            symbol without a value; :func:`symbols` makes them in any shape.
        target: what the loss compares with; without it only the forward pass runs, unless the derivative by the
            output is given. ``None`` for an element leaves it free.
        given: values put in by name (``"z"``, ``"dL/dm"``, ``"w_2"``), in place of what would be computed. An element
            that is ``None`` stays as computed.
        backward: whether to run backward.

    Raises:
        ShapeError: shapes that do not fit, both named.
        ExactnessError: a float, among the values or the parameters.
        NetworkError: unknown inputs or names of given values; what layers say, with the layer's name.
        Undecidable: a comparison that cannot be settled, with the layer's name.

    >>> from rechenweg.nn import L2Loss, Linear
    >>> net = Network.chain([Linear(weights=[[3]], names={"weights": "w"})], loss=L2Loss())
    >>> print(work(net, 2, 5)["dL/dw"].scalar)
    ∂L/∂w = ∂L/∂ŷ · x = 2 · 2 = 4
    """
    return _Recorder(network, given or {}).run(inputs, target, backward)


class _Recorder:
    """Listens at the network's hook, names what passes and puts given values in."""

    def __init__(self, network: Network, given: Mapping[str, Any]) -> None:
        for node in network.nodes:
            for key, array in node.layer.parameters.items():
                if array.dtype.kind in "fc":
                    raise ExactnessError(
                        f'{node.layer.where}: {key} holds floats; pass it exactly, e.g. {key}=exact([["0.5"]]), or '
                        "take network.exact(), in which 0.1 becomes the binary fraction that it is"
                    )
        self.network = network.copy()
        self.loss = network.loss_name
        self.given = dict(given)
        self.spelled = {same_name(in_full(name, self.loss)): name for name in given}  # those not yet put in
        self.working = Working(self.network, given=dict(given))
        self.nodes = {node.name: node for node in network.nodes}
        names = network.parameter_names()
        self.nodes |= {own: node for node in network.nodes for own in names[node.name].values()}
        self.consumers: dict[str, list[Node]] = {name: [] for name in network.quantities}
        for node in network.nodes:
            for name in node.inputs:
                self.consumers[name].append(node)
        self.relaid: dict[str, str] = {}  # flattened vector → the quantity whose names it keeps

    def run(self, inputs: Any, target: Any, backward: bool) -> Working:
        network = self.network
        self.working._arguments = (inputs, target, backward)
        values = inputs if isinstance(inputs, Mapping) else {network.inputs[0]: inputs}
        if set(values) != set(network.inputs):
            raise NetworkError(
                f"inputs: expected {', '.join(network.inputs)}, found {', '.join(map(str, values)) or 'none'}"
            )
        arrays = [self._taken(f"input {name}", values[name], self._free(name)) for name in network.inputs]
        prediction = network.forward(*fitted(network, arrays), tap=self.tap)
        upstream = gradient(network.output, self.loss)
        if target is not None:
            if network.loss is None:
                raise NetworkError("target: expected none, for the network has no loss function; set network.loss")
            free = np.array([symbol(s) for s in element_names(network.target_name, prediction.shape)], dtype=object)
            wanted = laid_out("target", self._taken("target", target, free), prediction.shape)
            network.loss_of(prediction, wanted, tap=self.tap)
            if backward:
                network.backward(tap=self.tap)
        elif backward and same_name(upstream) in self.spelled:
            asked = self.spelled[same_name(upstream)]
            start = laid_out(f"given {asked}", self._taken(f"given {asked}", self.given[asked], None), prediction.shape)
            network.backward(start, tap=self.tap)
        if self.spelled:
            names = ", ".join(self.spelled.values())
            raise NetworkError(f"given: no quantity {names}; there are {self.working._known()}")
        self.working.conventions = tuple(
            (TOPICS.get(topic, T.same(topic)), text) for topic, text in network.conventions.items()
        )
        return self.working

    def _free(self, name: str) -> Array:
        """Free symbols for an input that got no values: as many as its linear layer wants, else one."""
        features = [node.layer.in_features for node in self.consumers[name] if isinstance(node.layer, Linear)]
        return symbols(name, *features[:1])

    def _taken(self, where: str, values: Any, otherwise: Array | None) -> Array:
        try:
            return as_exact(values, otherwise)
        except (ExactnessError, NetworkError, ShapeError) as error:
            error.args = (f"{where}: {error}",)
            raise

    # --- the hook -----------------------------------------------------------------------------------------------------

    def tap(self, kind: Kind, name: str, array: Any) -> Array:
        """Name every element of a quantity that passes, and put a given value in its place."""
        array = np.asarray(array, dtype=object)
        node = self.nodes.get(name)
        if kind == "value" and node is not None:
            self._note_relaid(node)
        own, labels = self._names(kind, name, array.shape)
        computed = [number if isinstance(number, Exact) else exact(number) for number in array.reshape(-1)]
        put_in, used = self._put_in(own, labels, array.shape, computed)
        if kind in ("input", "parameter", "target"):  # who brings names along keeps them
            elements = [
                number if number.op in ("symbol", "named") else named(label, number)
                for label, number in zip(labels, used, strict=True)
            ]
            labels = tuple(number.label for number in elements)
            definitions = [number.args[0] if number.op == "named" else number for number in computed]
        elif kind == "gradient" and not put_in and self._is_passed_on(name, array):
            elements, definitions = used, computed
        else:
            pairs = list(zip(labels, used, strict=True))
            elements = [number if _is_called(number, label) else named(label, number) for label, number in pairs]
            pairs = list(zip(labels, computed, strict=True))
            definitions = [number.args[0] if _is_called(number, label) else number for label, number in pairs]
            if kind == "gradient":
                put_in |= self._given_as_laid_out(name)
        values = array_of(elements, array.shape)
        quantity = Quantity(
            own, name, kind, labels, array_of(definitions, array.shape), values, put_in, node, name in self.relaid
        )
        self.working.quantities[own] = quantity
        return values

    def _names(self, kind: Kind, name: str, shape: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        """Of the quantity, and of its elements."""
        if kind in ("gradient", "parameter gradient"):
            return gradient(name, self.loss), gradients(self.working.quantities[name].labels, self.loss)
        if name in self.relaid:
            return name, self.working.quantities[self.relaid[name]].labels
        return name, element_names(name, shape)

    def _put_in(
        self, own: str, labels: tuple[str, ...], shape: tuple[int, ...], computed: list[Exact]
    ) -> tuple[frozenset[int], list[Exact]]:
        """The places where values are given for a quantity or some of its elements, and the elements with them."""
        if not self.spelled:
            return frozenset(), computed
        used, places = list(computed), set()
        asked = self.spelled.pop(same_name(own), None)
        if asked is not None:
            where, values = f"given {asked}", self.given[asked]
            used = list(laid_out(where, self._taken(where, values, array_of(computed, shape)), shape).reshape(-1))
            places = {place for place, value in enumerate(np.asarray(values, dtype=object).flat) if value is not None}
        for place, label in enumerate(labels) if self.spelled else ():
            asked = self.spelled.pop(same_name(label), None)
            if asked is not None:
                value = self._taken(f"given {asked}", self.given[asked], None)
                used[place] = laid_out(f"given {asked}", value, ()).item()
                places.add(place)
        return frozenset(places), used

    def _note_relaid(self, node: Node) -> None:
        """What is only laid out anew, for nobody else, keeps the names of its elements: m₁ stays m₁."""
        if isinstance(node.layer, Flatten) and self.consumers[node.inputs[0]] == [node]:
            self.relaid[node.name] = node.inputs[0]

    def _is_passed_on(self, name: str, array: Array) -> bool:
        """Whether a gradient is, unchanged, that of the one node behind it: a sum passes its own on."""
        consumers = self.consumers.get(name, [])
        if len(consumers) != 1:
            return False
        behind = self.working.quantities.get(gradient(consumers[0].name, self.loss))
        return behind is not None and behind.values is array

    def _given_as_laid_out(self, name: str) -> frozenset[int]:
        """The places at which a gradient was put in for the vector that `name` was laid out as."""
        consumers = self.consumers.get(name, [])
        if len(consumers) != 1 or consumers[0].name not in self.relaid:
            return frozenset()
        return self.working.quantities[gradient(consumers[0].name, self.loss)].put_in


def _is_called(number: Exact, label: str) -> bool:
    return number.op == "named" and bool(number.label == label)


def opened(number: Exact, keep: Iterable[str] = ()) -> Exact:
    """The number in terms of its leaves: names of intermediate quantities are replaced by what made them.

    Args:
        keep: names that stay. Free symbols and named plain numbers (what was given) always stay.

    >>> from rechenweg.numbers import formula
    >>> x = symbol("x")
    >>> print(formula(opened(named("a", x + 1) * 2)) == formula((x + 1) * 2))
    True
    """
    kept = set(keep)

    def stays(node: Exact) -> bool:
        return node.op == "named" and (node.label in kept or node.args[0].op == "number")

    made: dict[int, Exact] = {}
    for node in bottom_up(number, lambda node: () if stays(node) else node.args):
        if stays(node) or not node.args:
            made[id(node)] = node
        elif node.op == "named":
            made[id(node)] = made[id(node.args[0])]
        else:
            made[id(node)] = Exact(node.op, tuple(made[id(part)] for part in node.args), node.rational, node.label)
    return made[id(number)]
