"""The fully connected layer, under the conventions that courses use for its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import DTypeLike

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn.kinds import as_array, certain, zeros
from rechenweg.nn.layer import Layer, Scheme, Shape
from rechenweg.numbers import Array, contract, total
from rechenweg.text import T


class Linear(Layer):
    """Fully connected layer: x·W + b.

    Sizes are given, or read off the weights.

    Args:
        in_features, out_features: lengths of an input and an output vector.
        weights: values, of shape (in, out); (in + 1, out) with `bias_as_last_row`; (out, in) with layout
            "out,in".
        bias: values of shape (out,), or whether there is a bias. By default there is one, unless weights are
            passed without one.
        layout: "in,out": x·W + b; "out,in": W·x + b, PyTorch's x·Wᵀ + b. Products are written in this order.
        bias_as_last_row: the bias is the last row of the weights, which an appended 1 in the input meets.
        names: LaTeX names of ``"weights"`` and ``"bias"``.

    Shapes: (…, in) → (…, out).

    >>> from rechenweg.numbers import exact
    >>> layer = Linear(weights=[["1/2"], [-2]], bias=["1/3"])
    >>> print(layer.forward(exact([[1, 3]]))[0, 0])
    1 · 1/2 + 3 · (−2) + 1/3 = −31/6
    >>> layer.backward(exact([[2]])).shape, layer.gradients["weights"].shape
    ((1, 2), (2, 1))
    """

    title: ClassVar[T] = T("Linear layer", "Lineare Schicht")
    quantity: ClassVar[str] = "z"
    default_names: ClassVar[dict[str, str]] = {"weights": "W", "bias": "b"}

    def __init__(
        self,
        in_features: int | None = None,
        out_features: int | None = None,
        *,
        weights: Any = None,
        bias: Any = None,
        layout: Literal["in,out", "out,in"] = "in,out",
        bias_as_last_row: bool = False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(names)
        if layout not in ("in,out", "out,in"):
            raise NetworkError(f'Linear: expected layout "in,out" or "out,in", found {layout!r}')
        if bias_as_last_row and (layout != "in,out" or isinstance(bias, (list, tuple, np.ndarray))):
            raise NetworkError('Linear: bias_as_last_row needs layout "in,out" and no bias of its own')
        self.layout = layout
        self.bias_as_last_row = bias_as_last_row
        if weights is not None:
            self.parameters["weights"] = as_array(weights)
            shape = self.parameters["weights"].shape
            if len(shape) != 2:
                raise ShapeError(
                    f"Linear: expected weights of shape ({layout.replace(',', ', ')}), found shape {shape}"
                )
            rows, columns = shape
            found = (rows - bias_as_last_row, columns) if layout == "in,out" else (columns, rows)
            if (in_features or found[0], out_features or found[1]) != found:
                raise ShapeError(f"Linear: expected weights for {in_features} → {out_features}, found shape {shape}")
            in_features, out_features = found
        if in_features is None or out_features is None:
            raise NetworkError("Linear: expected in_features and out_features, or weights")
        self.in_features, self.out_features = in_features, out_features
        self.has_bias = weights is None if bias is None else bias is not False
        if self.has_bias and not bias_as_last_row and (weights is not None or bias not in (None, True)):
            self.parameters["bias"] = _bias(bias, out_features, self.parameters.get("weights"), "Linear")

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        """``weights`` and, if it stands apart, ``bias``."""
        if self.bias_as_last_row:
            return {"weights": (self.in_features + 1, self.out_features)}
        sizes = (self.in_features, self.out_features)
        shapes: dict[str, Shape] = {"weights": sizes if self.layout == "in,out" else sizes[::-1]}
        return shapes | ({"bias": (self.out_features,)} if self.has_bias else {})

    def output_shape(self, shape: Shape) -> Shape:
        """(…, in) → (…, out)."""
        if not shape or certain(shape[-1] != self.in_features):
            raise self.misfit(f"input (batch, {self.in_features})", shape)
        return (*shape[:-1], self.out_features)

    def forward(self, x: Array) -> Array:
        """x·W + b for each row of `x`."""
        (x,) = self.accept(x)
        weights = self.parameters["weights"]
        rows = x.reshape(-1, self.in_features)
        if self.bias_as_last_row:
            output = contract("ni,io->no", rows, weights[:-1]) + weights[-1]
        elif self.layout == "in,out":
            output = contract("ni,io->no", rows, weights)
        else:
            output = contract("oi,ni->no", weights, rows)
        if "bias" in self.parameters:
            output = output + self.parameters["bias"]
        shaped: Array = output.reshape(*x.shape[:-1], self.out_features)
        return shaped

    def backward(self, error_tensor: Array) -> Array:
        """∂L/∂x = e·Wᵀ, ∂L/∂W = xᵀ·e, ∂L/∂b = Σ e over the batch."""
        errors = self.recall(error_tensor).reshape(-1, self.out_features)
        (x,) = self.inputs
        rows = x.reshape(-1, self.in_features)
        weights = self.parameters["weights"]
        if self.layout == "in,out":
            gradient = contract("no,ni->io", errors, rows)
            upstream = contract("no,io->ni", errors, weights[: self.in_features])
        else:
            gradient = contract("no,ni->oi", errors, rows)
            upstream = contract("no,oi->ni", errors, weights)
        if self.bias_as_last_row:
            gradient = np.concatenate([gradient, total(errors, 0, keepdims=True)])
        self.gradients = {"weights": gradient}
        if "bias" in self.parameters:
            self.gradients["bias"] = total(errors, 0)
        return upstream.reshape(x.shape)

    @property
    def conventions(self) -> dict[str, T]:
        """How the weights are laid out and where the bias is."""
        if self.bias_as_last_row:
            text = T(
                r"$x \cdot W$ with a 1 appended to $x$; the bias is the last row of $W$",
                r"$x \cdot W$, an $x$ ist eine 1 angehängt; der Bias ist die letzte Zeile von $W$",
            )
        elif self.layout == "in,out":
            text = T(
                r"$x \cdot W + b$, one column of $W$ per output",
                r"$x \cdot W + b$, eine Spalte von $W$ je Ausgang",
            )
        else:
            text = T(
                r"$W \cdot x + b$, one row of $W$ per output (PyTorch)",
                r"$W \cdot x + b$, eine Zeile von $W$ je Ausgang (PyTorch)",
            )
        return {"linear layer": text}

    def initialize(self, rng: np.random.Generator | int, scheme: Scheme = "he", dtype: DTypeLike = np.float64) -> Self:
        """Draw float weights to train from; the bias starts at 0, also where it is the last row."""
        super().initialize(rng, scheme, dtype)
        if self.bias_as_last_row:
            self.parameters["weights"][-1] = 0
        return self

    def _fans(self) -> tuple[int, int]:
        return self.in_features, self.out_features


def _bias(bias: Any, size: int, weights: Array | None, where: str) -> Array:
    """The bias as an array of shape (size,); zeros of the weights' kind where it was only asked for."""
    if bias is True:
        assert weights is not None
        return zeros((size,), weights)
    values = as_array(bias)
    if values.shape != (size,):
        raise ShapeError(f"{where}: expected bias of shape ({size},), found shape {values.shape}")
    return values
