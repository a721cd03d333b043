"""What every layer is: parameters, a forward pass, a backward pass, and the shape of its output.

A layer is written once, as array code, and runs over float arrays (it trains) and over object arrays of exact
numbers (it writes itself out). It never asks which of the two it holds. The families stand in files of their
own: :mod:`.linear`, :mod:`.convolution`, :mod:`.pooling`, :mod:`.activations`, :mod:`.structure`; :mod:`.network`
wires them.

A new layer subclasses :class:`Layer` and writes three methods::

    class Double(Layer):
        def forward(self, x):
            (x,) = self.accept(x)                    # checks, and keeps x in self.inputs
            return 2 * x

        def backward(self, error_tensor):
            return 2 * self.recall(error_tensor)     # checks that forward came first, and the shape

        def output_shape(self, shape):
            return shape
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import DTypeLike

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn.kinds import as_array, of_one_kind
from rechenweg.numbers import Array
from rechenweg.text import T

Shape = tuple[Any, ...]
"""Lengths along the axes: whole numbers, or exact named numbers when the formula of a shape is wanted."""

Window = tuple[tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]
"""Kernel, stride, padding (before, after), each with one entry per spatial axis."""

Scheme = Literal["he", "xavier"]

TOPICS: dict[str, T] = {
    "linear layer": T("linear layer", "lineare Schicht"),
    "convolution": T("convolution", "Faltung"),
    "padding": T("padding", "Padding"),
    "max pooling": T("ties in max pooling", "Gleichstand beim Max-Pooling"),
    "average pooling": T("average pooling", "Mittelwert-Pooling"),
    "kinks": T("derivative at a kink", "Ableitung am Knick"),
    "flatten": T("flatten", "Flatten"),
    "loss over a batch": T("loss over a batch", "Fehler über einen Batch"),
    "cross-entropy": T("cross-entropy", "Kreuzentropie"),
}
"""The headings of :attr:`Layer.conventions`, in both languages."""


class Layer(ABC):
    """Base of all layers.

    Args:
        names: LaTeX names of the parameters for written workings, e.g. ``{"weights": "w_1", "bias": "b_1"}``;
            those not given keep the defaults of the layer.

    Attributes:
        parameters: what is trained, by key (``"weights"``, ``"bias"``).
        gradients: ∂L/∂parameter under the same keys, filled by :meth:`backward`.
        names: LaTeX name of each parameter.
        inputs: the arrays of the last forward pass.
        output: what the last forward pass made of them, as it is used from there on; kept by a network, and by
            layers whose derivative is written with it.
        label: name of the layer's output in a network, for error messages; ``None`` outside of one.
    """

    quantity: ClassVar[str] = "h"
    """What the output is called when a network names it by itself."""
    title: ClassVar[T] = T("", "")
    """The kind of layer in words, for written workings; empty: the name of the class."""
    default_names: ClassVar[dict[str, str]] = {}

    forward: Callable[..., Array]
    """``forward(*inputs)``: the output; the inputs are kept for :meth:`backward`."""
    output_shape: Callable[..., Shape]
    """``output_shape(*shapes)``: shape of the output, by plain arithmetic (``+ - * //``) on the lengths
    given, so that exact named numbers put in come out with the formula. Raises :class:`ShapeError` for inputs
    that do not fit."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.label: str | None = None
        unknown = set(names or ()) - set(self.default_names)
        if unknown:
            raise NetworkError(
                f"{self.where}: expected names for {', '.join(self.default_names) or 'no parameters'}, "
                f"found {', '.join(sorted(unknown))}"
            )
        self.parameters: dict[str, Array] = {}
        self.gradients: dict[str, Array] = {}
        self.own_names: dict[str, str] = dict(names or {})
        self.names: dict[str, str] = {**self.default_names, **self.own_names}
        self.inputs: tuple[Array, ...] = ()
        self.output: Array | None = None
        self._output_shape: Shape = ()

    @abstractmethod
    def backward(self, error_tensor: Array) -> Array | tuple[Array, ...]:
        """From ∂L/∂output to ∂L/∂input (a tuple of them for several inputs); fills :attr:`gradients` on the way.

        Args:
            error_tensor: ∂L/∂output, of the output's shape.

        Raises:
            NetworkError: no forward pass came before.
            ShapeError: the error tensor has not the output's shape.
        """

    # --- what a layer tells about itself --------------------------------------------------------------------

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        """Shape of every parameter, whether it has values yet or not."""
        return {}

    @property
    def window(self) -> Window | None:
        """Kernel, stride and padding of a layer that slides a window over its input; ``None`` for others."""
        return None

    @property
    def conventions(self) -> dict[str, T]:
        """The conventions in force where courses differ, by topic (a key of :data:`TOPICS`)."""
        return {}

    def branches(self) -> Array | None:
        """Which side of its kinks each element of the last forward pass was on; ``None`` for a smooth layer.

        The gradient check compares it around a point: where it changes, no difference quotient can be
        trusted.
        """
        return None

    @property
    def where(self) -> str:
        """The layer as an error message names it: ``layer "z" (Conv1d)``, or ``Conv1d`` outside of a network."""
        kind = type(self).__name__
        return kind if self.label is None else f'layer "{self.label}" ({kind})'

    def __repr__(self) -> str:
        shapes = ", ".join(f"{key} {shape}" for key, shape in self.parameter_shapes.items())
        return f"{type(self).__name__}({shapes})"

    # --- values ---------------------------------------------------------------------------------------------

    def initialize(self, rng: np.random.Generator | int, scheme: Scheme = "he", dtype: DTypeLike = np.float64) -> Self:
        """Draw float weights to train from; biases start at 0.

        Args:
            rng: generator, or a seed for one.
            scheme: variance of the weights: "he" 2/fan_in (He et al. 2015), "xavier" 2/(fan_in + fan_out)
                (Glorot and Bengio 2010).
            dtype: float type of the arrays.

        Returns:
            The layer itself.
        """
        rng = np.random.default_rng(rng)
        for key, shape in self.parameter_shapes.items():
            if key == "bias":
                self.parameters[key] = np.zeros(shape, dtype)
            else:
                fan_in, fan_out = self._fans()
                variance = 2 / fan_in if scheme == "he" else 2 / (fan_in + fan_out)
                self.parameters[key] = (sqrt(variance) * rng.standard_normal(shape)).astype(dtype)
        return self

    def _fans(self) -> tuple[int, int]:
        """How many inputs an output sees, and how many outputs an input reaches."""
        raise NotImplementedError(f"{type(self).__name__} has parameters but does not tell its fans")

    def copy(self) -> Self:
        """The same layer with parameters of its own, and without the memory of a run."""
        twin = copy.copy(self)
        twin.parameters = {key: array.copy() for key, array in self.parameters.items()}
        twin.gradients = {}
        twin.inputs, twin.output = (), None
        return twin

    # --- the checks at the border ---------------------------------------------------------------------------

    def accept(self, *inputs: Any) -> tuple[Array, ...]:
        """Check the inputs of a forward pass, keep them in :attr:`inputs` and return them as arrays.

        Raises:
            ShapeError: shapes that do not fit; both are named.
            ExactnessError: floats and exact numbers together.
            NetworkError: a parameter has no values yet.
        """
        for key, shape in self.parameter_shapes.items():
            if key not in self.parameters:
                raise NetworkError(f"{self.where}: no {key} yet; pass {key}=… or call initialize(rng)")
            if self.parameters[key].shape != shape:
                found = self.parameters[key].shape
                raise ShapeError(f"{self.where}: expected {key} of shape {shape}, found shape {found}")
        arrays = tuple(as_array(x) for x in inputs)
        self._output_shape = self.output_shape(*(x.shape for x in arrays))
        kept = {"input": arrays[0]} if len(arrays) == 1 else {f"input {i}": x for i, x in enumerate(arrays, 1)}
        met = of_one_kind(self.where, **kept, **self.parameters)
        self.parameters = {key: met[key] for key in self.parameters}
        self.inputs = tuple(met[key] for key in kept)
        return self.inputs

    def recall(self, error_tensor: Any) -> Array:
        """Check the error tensor of a backward pass and return it as an array."""
        if not self.inputs:
            raise NetworkError(f"{self.where}: backward before forward; call forward(input_tensor) first")
        error_tensor = as_array(error_tensor)
        if error_tensor.shape != self._output_shape:
            raise ShapeError(
                f"{self.where}: expected an error tensor of the output's shape {self._output_shape}, "
                f"found shape {error_tensor.shape}"
            )
        return of_one_kind(self.where, input=self.inputs[0], **{"error tensor": error_tensor})["error tensor"]

    def misfit(self, expected: str, *shapes: Shape) -> ShapeError:
        """The error for inputs of wrong shape, naming what was expected and what came."""
        came = " and ".join(_written(shape) for shape in shapes)
        return ShapeError(f"{self.where}: expected {expected}, found shape{'s' * (len(shapes) > 1)} {came}")


def _written(shape: Shape) -> str:
    return f"({', '.join(str(n) for n in shape)}{',' * (len(shape) == 1)})"
