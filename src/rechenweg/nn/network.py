"""Networks: layers wired to a graph in which every quantity has a name.

A network runs its layers forward in the order in which they were added, and backward in the opposite order.
Its one hook is the *tap*: a function that sees every array when it comes into being, with its name, and
returns what is used from there on. Through it :mod:`rechenweg.working` names quantities, puts given values in
and follows a wrong one, without a layer knowing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import DTypeLike

from rechenweg.errors import NetworkError, RechenwegError, ShapeError
from rechenweg.nn.kinds import as_array, as_floats, exactly, zeros
from rechenweg.nn.layer import Layer, Scheme, Shape
from rechenweg.nn.losses import Loss
from rechenweg.nn.optimisers import SGD
from rechenweg.numbers import Array, exact, is_exact
from rechenweg.text import T

TapKind = Literal["input", "parameter", "value", "target", "loss", "gradient", "parameter gradient"]

Tap = Callable[[TapKind, str, Any], Any]
"""``tap(kind, name, array) -> array``; what it returns is used from there on.

In the order of a run: "input" (each input), then for each node "parameter" (each parameter before its use)
and "value" (the node's output); "target" and "loss"; then backwards for each node "gradient" (∂L/∂output,
complete, by the output's name) and "parameter gradient" (by the parameter's name), and at last "gradient" of
each input.
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A layer in a network: the quantity that it computes, and the quantities that it computes it from."""

    name: str
    layer: Layer
    inputs: tuple[str, ...]


class Network:
    """Layers wired to a graph with named quantities.

    Args:
        inputs: LaTeX names of the inputs.
        loss: the loss function, needed for :meth:`loss_of` and training.
        target_name: LaTeX name of the target; by default y, or y^* where a quantity is called y already.
        loss_name: LaTeX name of the loss.

    Attributes:
        values: every quantity of the last forward pass, by name.
        error_tensors: ∂L/∂quantity of the last backward pass, by name.

    >>> from rechenweg.nn import Add, L2Loss, Linear
    >>> network = Network("x", loss=L2Loss())
    >>> layer = Linear(weights=[[2.0]], bias=[1.0], names={"weights": "w_1", "bias": "b_1"})
    >>> a = network.add("a", layer, "x")
    >>> network.add(r"\\hat y", Add(), "x", a)
    '\\\\hat y'
    >>> y = network.forward([[3.0]])
    >>> float(y[0, 0]), float(network.loss_of(y, [[8.0]]))
    (10.0, 4.0)
    >>> float(network.backward()[0, 0])
    12.0
    >>> {name: gradient.item() for name, gradient in network.gradients().items()}
    {'w_1': 12.0, 'b_1': 4.0}
    """

    def __init__(
        self, *inputs: str, loss: Loss | None = None, target_name: str | None = None, loss_name: str = "L"
    ) -> None:
        if len(set(inputs)) != len(inputs):
            raise NetworkError(f"Network: expected different names for the inputs, found {', '.join(inputs)}")
        self.inputs: tuple[str, ...] = inputs or ("x",)
        self.loss = loss
        self._target_name = target_name
        self.loss_name = loss_name
        self.values: dict[str, Array] = {}
        self.error_tensors: dict[str, Array] = {}
        self._nodes: list[Node] = []
        self._output: str | None = None
        self._exact = False  # whether the last forward pass was
        self._tapped: dict[str, dict[str, Array]] = {}

    # --- wiring ---------------------------------------------------------------------------------------------

    def add(self, name: str, layer: Layer, *inputs: str) -> str:
        """Add a layer that computes the quantity `name` from the quantities `inputs` (by default the one added last).

        Returns:
            `name`, to wire further layers to.

        Raises:
            NetworkError: a name given twice, an unknown input, a layer object used twice.
        """
        known = self.quantities
        if name in known:
            raise NetworkError(f'layer "{name}": expected a new name, found that of another quantity')
        for quantity in inputs:
            if quantity not in known:
                raise NetworkError(f'layer "{name}": expected inputs among {", ".join(known)}, found {quantity}')
        if not isinstance(layer, Layer):
            raise NetworkError(f'layer "{name}": expected a Layer, found {type(layer).__name__}')
        for node in self._nodes:
            if node.layer is layer:
                raise NetworkError(
                    f'layer "{name}": expected a layer object of its own, found that of layer "{node.name}" '
                    "(it keeps the values of one pass)"
                )
        taken = {own for node in self._nodes for own in node.layer.own_names.values()} | {*known, name}
        for own in layer.own_names.values():
            if own in taken:
                raise NetworkError(f'layer "{name}": expected new names for parameters, found {own} again')
        layer.label = name
        self._nodes.append(Node(name, layer, inputs or known[-1:]))
        return name

    @classmethod
    def chain(
        cls,
        layers: Iterable[Layer],
        *,
        names: Sequence[str] | None = None,
        input_name: str = "x",
        output_name: str = r"\hat y",
        loss: Loss | None = None,
    ) -> Self:
        """Layers one after the other.

        Args:
            layers: in order.
            names: names of their outputs; by default z for sums, a for activations, m for pooling and so
                on, counted where there are several, and `output_name` for the last.
            input_name: name of the input.
            output_name: name of the output, unless `names` are given.
            loss: the loss function.

        >>> from rechenweg.nn import Linear, ReLU, Softmax
        >>> Network.chain([Linear(4, 3), ReLU(), Linear(3, 2), Softmax()]).quantities
        ('x', 'z_1', 'a', 'z_2', '\\\\hat y')
        """
        layers = list(layers)
        if names is None:
            names = [*counted([layer.quantity for layer in layers[:-1]]), *[output_name] * bool(layers)]
        if len(names) != len(layers):
            raise NetworkError(f"Network.chain: expected {len(layers)} names, found {len(names)}")
        network = cls(input_name, loss=loss)
        for name, layer in zip(names, layers, strict=True):
            network.add(name, layer)
        return network

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The layers in the order of a forward pass."""
        return tuple(self._nodes)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of the inputs and of all outputs of layers, in order."""
        return (*self.inputs, *(node.name for node in self._nodes))

    @property
    def output(self) -> str:
        """Name of the quantity that the network returns: the last one, unless set."""
        if self._output is not None:
            return self._output
        if not self._nodes:
            raise NetworkError("Network: expected at least one layer, found none")
        return self._nodes[-1].name

    @output.setter
    def output(self, name: str) -> None:
        if name not in self.quantities:
            raise NetworkError(f"Network: expected an output among {', '.join(self.quantities)}, found {name}")
        self._output = name

    @property
    def target_name(self) -> str:
        """Name of the target: the one that was given, else y, or y^* where a quantity is called y already.

        >>> Network("x").target_name, Network("y").target_name, Network("y", target_name="t").target_name
        ('y', 'y^*', 't')
        """
        if self._target_name is not None:
            return self._target_name
        return "y^*" if "y" in self.quantities else "y"

    @target_name.setter
    def target_name(self, name: str) -> None:
        self._target_name = name

    def layer(self, name: str) -> Layer:
        """The layer that computes the quantity `name`."""
        for node in self._nodes:
            if node.name == name:
                return node.layer
        raise NetworkError(f"Network: expected a layer among {', '.join(n.name for n in self._nodes)}, found {name}")

    def parameter_names(self) -> dict[str, dict[str, str]]:
        """LaTeX names of all parameters, by node and key; names that layers share by default are counted: W_1, W_2."""
        places = [(node, key) for node in self._nodes for key in node.layer.parameter_shapes]
        own = {name for node in self._nodes for name in node.layer.own_names.values()} | set(self.quantities)
        by_default = [node.layer.names[key] for node, key in places if key not in node.layer.own_names]
        fresh = iter(counted(by_default, own))
        names: dict[str, dict[str, str]] = {node.name: {} for node in self._nodes}
        for node, key in places:
            names[node.name][key] = node.layer.own_names[key] if key in node.layer.own_names else next(fresh)
        return names

    # --- running --------------------------------------------------------------------------------------------

    def forward(self, *inputs: Any, tap: Tap | None = None) -> Array:
        """Run all layers.

        Args:
            inputs: one array (or nested list) per input, in the order of :attr:`inputs`.
            tap: see :data:`Tap`.

        Returns:
            The value of :attr:`output`.

        Raises:
            ShapeError, ExactnessError, NetworkError: with the layer's name in front.
        """
        if len(inputs) != len(self.inputs):
            wanted = f"{len(self.inputs)} input{'s' * (len(self.inputs) != 1)} ({', '.join(self.inputs)})"
            raise NetworkError(f"Network: expected {wanted}, found {len(inputs)}")
        output = self.output
        names = self.parameter_names() if tap else {}
        self.values, self.error_tensors, self._tapped = {}, {}, {}
        arrays = [as_array(x) for x in inputs]
        parameters = (p for node in self._nodes for p in node.layer.parameters.values())
        self._exact = any(map(is_exact, arrays)) or any(map(is_exact, parameters))
        for name, array in zip(self.inputs, arrays, strict=True):
            x = self._joined_in(array)
            self.values[name] = tap("input", name, x) if tap else x
        for node in self._nodes:
            layer = node.layer
            layer.gradients = {}
            layer.parameters = {key: self._joined_in(array) for key, array in layer.parameters.items()}
            if tap:
                self._tapped[node.name] = {
                    key: tap("parameter", names[node.name][key], array) for key, array in layer.parameters.items()
                }
            with self._running(node):
                value = layer.forward(*(self.values[name] for name in node.inputs))
            if tap:
                value = tap("value", node.name, value)
            layer.output = value  # a derivative written with the output uses it as the tap left it
            self.values[node.name] = value
        return self.values[output]

    def loss_of(self, prediction: Any, target: Any, tap: Tap | None = None) -> Any:
        """The loss of a prediction: a number, or an array with reduction "none"."""
        if self.loss is None:
            raise NetworkError("Network: no loss function; set network.loss")
        target = self._joined_in(as_array(target))
        if tap:
            target = tap("target", self.target_name, target)
        with _located(type(self.loss).__name__):
            loss = self.loss.forward(prediction, target)
        return tap("loss", self.loss_name, loss) if tap else loss

    def backward(self, error_tensor: Any = None, tap: Tap | None = None) -> Array | tuple[Array, ...]:
        """Run all layers backwards; fills each layer's gradients and :attr:`error_tensors`.

        The gradient of a quantity that several layers use is the sum of what they send back, in the order in
        which they use it. Layers that the output does not depend on get no gradients.

        Args:
            error_tensor: ∂L/∂output; by default that of the loss.
            tap: see :data:`Tap`.

        Returns:
            ∂L/∂input; a tuple of them for several inputs.
        """
        if not self.values:
            raise NetworkError("Network: backward before forward; call forward(input_tensor) first")
        if error_tensor is None:
            if self.loss is None:
                raise NetworkError("Network: expected an error tensor, or a loss function in network.loss")
            with _located(type(self.loss).__name__):
                error_tensor = self.loss.backward()
        error_tensor = self._joined_in(as_array(error_tensor))
        expected = self.values[self.output].shape
        if error_tensor.shape != expected:
            raise ShapeError(
                f"Network: expected an error tensor of the output's shape {expected}, found shape {error_tensor.shape}"
            )
        names = self.parameter_names() if tap else {}
        self.error_tensors = {}
        sent: dict[str, list[Array]] = {name: [] for name in self.quantities}
        sent[self.output].append(error_tensor)

        def complete(name: str) -> Array:
            # Collected from the last consumer to the first; the loss, the very last, came first.
            first, *rest = reversed(sent[name])
            for part in rest:
                first = first + part
            self.error_tensors[name] = tap("gradient", name, first) if tap else first
            return self.error_tensors[name]

        for node in reversed(self._nodes):
            node.layer.gradients = {}
            if not sent[node.name]:
                continue
            errors = complete(node.name)
            with self._running(node):
                back = node.layer.backward(errors)
            if tap:
                node.layer.gradients = {
                    key: tap("parameter gradient", names[node.name][key], gradient)
                    for key, gradient in node.layer.gradients.items()
                }
            backs = back if isinstance(back, tuple) else (back,)
            for name, part in reversed(list(zip(node.inputs, backs, strict=True))):
                sent[name].append(part)
        for name in self.inputs:
            if not sent[name]:  # nothing depends on it
                sent[name].append(zeros(self.values[name].shape, self.values[name]))
            complete(name)
        gradients = tuple(self.error_tensors[name] for name in self.inputs)
        return gradients if len(gradients) > 1 else gradients[0]

    @contextmanager
    def _running(self, node: Node) -> Iterator[None]:
        """The layer with its parameters as the tap left them; whatever goes wrong bears the layer's name."""
        own = node.layer.parameters
        tapped = self._tapped.get(node.name)
        if tapped is not None:
            node.layer.parameters = tapped
        try:
            with _located(node.layer.where):
                yield
        finally:
            if tapped is not None:
                node.layer.parameters = own

    def _joined_in(self, array: Array) -> Array:
        """The array; one of whole numbers becomes exact in an exact run."""
        joined: Array = exact(array) if self._exact and array.dtype.kind in "iub" else array
        return joined

    # --- training -------------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Array]:
        """All parameters by name."""
        names = self.parameter_names()
        return {names[n.name][key]: array for n in self._nodes for key, array in n.layer.parameters.items()}

    def gradients(self) -> dict[str, Array]:
        """∂L/∂parameter of the last backward pass, by the parameter's name."""
        names = self.parameter_names()
        return {names[n.name][key]: array for n in self._nodes for key, array in n.layer.gradients.items()}

    def initialize(self, rng: np.random.Generator | int, scheme: Scheme = "he", dtype: DTypeLike = np.float64) -> Self:
        """Draw float weights for every layer; see :meth:`Layer.initialize`."""
        rng = np.random.default_rng(rng)
        for node in self._nodes:
            node.layer.initialize(rng, scheme, dtype)
        return self

    def step(self, optimiser: SGD) -> None:
        """One step of the optimiser for every parameter that the last backward pass gave a gradient."""
        for node in self._nodes:
            layer = node.layer
            for key, gradient in layer.gradients.items():
                layer.parameters[key] = optimiser.calculate_update(layer.parameters[key], gradient)

    def train_step(self, x: Any, target: Any, optimiser: SGD) -> Any:
        """Forward, loss, backward, step.

        Args:
            x: the input; a tuple of them for a network with several.
            target: the target.
            optimiser: the optimiser.

        Returns:
            The loss before the step.

        >>> from rechenweg.nn import SGD, L2Loss, Linear
        >>> network = Network.chain([Linear(weights=[[1.0]])], loss=L2Loss())
        >>> [float(network.train_step([[1.0]], [[3.0]], SGD(0.25))) for _ in range(3)]
        [4.0, 1.0, 0.25]
        """
        prediction = self.forward(*(x if isinstance(x, tuple) else (x,)))
        loss = self.loss_of(prediction, target)
        self.backward()
        self.step(optimiser)
        return loss

    # --- copies and facts -----------------------------------------------------------------------------------

    def copy(self) -> Self:
        """The same network with parameters of its own, and without the memory of a run."""
        twin = type(self)(*self.inputs, target_name=self._target_name, loss_name=self.loss_name)
        twin.loss = self.loss.copy() if self.loss else None
        for node in self._nodes:
            twin.add(node.name, node.layer.copy(), *node.inputs)
        twin._output = self._output
        return twin

    def exact(self) -> Self:
        """A copy with exact parameters; floats become the dyadic fractions that they are (0.5 → 1/2).

        >>> from rechenweg.nn import Linear
        >>> network = Network.chain([Linear(weights=[[0.5]])]).exact()
        >>> print(network.forward(["1/3"])[0])
        1/3 · 1/2 = 1/6
        """
        return self._with_parameters(exactly)

    def floats(self) -> Self:
        """A copy with float64 parameters.

        >>> from rechenweg.nn import Linear
        >>> Network.chain([Linear(weights=[["1/2"]])]).floats().forward([3.0])
        array([1.5])
        """
        return self._with_parameters(as_floats)

    def _with_parameters(self, convert: Callable[[Array], Array]) -> Self:
        twin = self.copy()
        for node in twin._nodes:
            node.layer.parameters = {key: convert(array) for key, array in node.layer.parameters.items()}
        return twin

    def output_shapes(self, *shapes: Shape) -> dict[str, Shape]:
        """Shape of every quantity, from the shapes of the inputs; lengths may be exact named numbers.

        >>> from rechenweg.nn import Conv1d, Flatten, Linear
        >>> Network.chain([Conv1d(1, 1, 3), Flatten(), Linear(5, 1)]).output_shapes((1, 1, 7))
        {'x': (1, 1, 7), 'z': (1, 1, 5), 'f': (1, 5), '\\\\hat y': (1, 1)}
        """
        if len(shapes) != len(self.inputs):
            raise NetworkError(f"Network: expected {len(self.inputs)} shapes, found {len(shapes)}")
        found = dict(zip(self.inputs, shapes, strict=True))
        for node in self._nodes:
            found[node.name] = node.layer.output_shape(*(found[name] for name in node.inputs))
        return found

    @property
    def conventions(self) -> dict[str, T]:
        """All conventions in force, by topic; where layers differ, each text with the names of its layers."""
        gathered: dict[str, dict[T, list[str]]] = {}
        for node in self._nodes:
            for topic, text in node.layer.conventions.items():
                gathered.setdefault(topic, {}).setdefault(text, []).append(node.name)
        if self.loss:
            for topic, text in self.loss.conventions.items():
                gathered.setdefault(topic, {}).setdefault(text, []).append(self.loss_name)
        return {topic: _joined(texts) for topic, texts in gathered.items()}

    def __repr__(self) -> str:
        lines = [f"{node.name} = {node.layer!r} of {', '.join(node.inputs)}" for node in self._nodes]
        return "\n".join((f"Network({', '.join(self.inputs)})", *lines))


def counted(letters: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """The letters, with a number where one occurs several times or is taken.

    >>> counted(["z", "a", "z"], taken=["z_1"])
    ['z_2', 'a', 'z_3']
    """
    taken = set(taken)
    often = Counter(letters)
    found: list[str] = []
    for letter in letters:
        name, number = letter, 0
        while name in taken or (number == 0 and often[letter] > 1):
            number += 1
            name = f"{letter}_{number}" if number < 10 else f"{letter}_{{{number}}}"
        taken.add(name)
        found.append(name)
    return found


def _joined(texts: dict[T, list[str]]) -> T:
    if len(texts) == 1:
        return next(iter(texts))
    first, *rest = (text + f" (${', '.join(names)}$)" for text, names in texts.items())
    for text in rest:
        first = first + "; " + text
    return first


@contextmanager
def _located(where: str) -> Iterator[None]:
    """Put the place in front of the message of whatever goes wrong inside, once."""
    try:
        yield
    except RechenwegError as error:
        if not str(error).startswith(f"{where}:"):
            error.args = (f"{where}: {error}",)
        raise
    except Exception as error:  # a slip in a user's own layer, a division by an exact 0
        raise NetworkError(f"{where}: {type(error).__name__}: {error}") from error
