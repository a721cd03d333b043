"""A linear layer as a matrix: ``M @ flatten(x) == flatten(layer(x))``, and backwards with the transposed matrix.

Nothing is known here about convolutions. The layer is applied to all basis vectors at once, and what comes out are the
columns; in a convolution each entry so is the very weight, name and value, that stands there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn import AvgPool1d, AvgPool2d, Conv1d, Conv2d, Flatten, Linear
from rechenweg.nn.layer import Layer
from rechenweg.numbers import Array, Exact, exact, named, symbol, unnamed
from rechenweg.numbers.exact import NOTHING
from rechenweg.numbers.notation import Layout, Op, Row, read_latex
from rechenweg.text import T
from rechenweg.working.document import Document, Equation, Prose, Rel
from rechenweg.working.names import element_names
from rechenweg.working.steps import LARGEST_SIDE, closing, matrix_of
from rechenweg.working.taking import array_of, as_exact, laid_out

LINEAR: tuple[type[Layer], ...] = (AvgPool1d, AvgPool2d, Conv1d, Conv2d, Flatten, Linear)

LONGEST_ROW = 20
"""Columns of a matrix that is printed."""


def as_matrix(layer: Layer, input_shape: tuple[int, ...], symbolic: bool = True) -> Array:
    """The matrix of a linear layer, for one sample.

    Args:
        layer: a convolution, an average pooling, a linear layer, without a bias. Its weights need no values.
        input_shape: shape of its input; leading axes of length 1 (batch, channels) may be left out.
        symbolic: entries bear the names of the weights (and their values, where they have any); else plain values.

    Returns:
        (outputs, inputs), exact numbers; outputs and inputs are counted channel by channel, row by row.

    Raises:
        NetworkError: a layer that is not linear, or has a bias (which makes it affine); no values though
            ``symbolic=False``.
        ShapeError: an input that does not fit, or more than one sample.

    >>> matrix = as_matrix(Conv1d(1, 1, 3, bias=False, names={"weights": "c"}), (5,))
    >>> for row in matrix: print(*row)
    c₁ c₂ c₃ 0 0
    0 c₁ c₂ c₃ 0
    0 0 c₁ c₂ c₃
    """
    if not isinstance(layer, LINEAR):
        raise NetworkError(f"{layer.where}: expected a linear layer (convolution, average pooling, linear, flatten)")
    if "bias" in layer.parameter_shapes or getattr(layer, "bias_as_last_row", False):
        raise NetworkError(
            f"{layer.where}: expected a layer without a bias, for only that is a matrix; pass bias=False"
        )
    shape = _with_batch(layer, tuple(input_shape))
    twin = layer.copy()
    if "weights" in layer.parameter_shapes:
        twin.parameters = {"weights": _weights(layer, symbolic)}
    count, one = int(np.prod(shape)), exact(1)
    basis = np.full((count, count), NOTHING, dtype=object)
    basis[np.diag_indices(count)] = one
    columns = twin.forward(basis.reshape(count, *shape[1:])).reshape(count, -1)
    matrix = np.empty(columns.shape[::-1], dtype=object)
    for index in np.ndindex(*matrix.shape):
        matrix[index] = _entry(columns[index[::-1]], one)
    return matrix


def _entry(value: Any, one: Exact) -> Exact:
    """The weight in "weight · 1", with its name; what is no product with the basis vector's 1 is a plain number."""
    if isinstance(value, Exact) and value.op == "*":
        left, right = value.args
        if left is one or right is one:
            weight: Exact = right if left is one else left
            return weight
    plain: Exact = exact(exact(value).fraction())
    return plain


def _weights(layer: Layer, symbolic: bool) -> Array:
    shape = layer.parameter_shapes["weights"]
    values = layer.parameters.get("weights")
    if values is None and not symbolic:
        raise NetworkError(f"{layer.where}: no weights yet; pass weights=…, or symbolic=True for the names alone")
    names = element_names(layer.names["weights"], shape)
    if values is None:
        weights = [symbol(name) for name in names]
    elif symbolic:
        pairs = zip(names, as_exact(values).reshape(-1), strict=True)
        weights = [value if value.op in ("symbol", "named") else named(name, value) for name, value in pairs]
    else:
        weights = [unnamed(value) for value in as_exact(values).reshape(-1)]
    return array_of(weights, shape)


def _with_batch(layer: Layer, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape with a batch of 1 in front, and with as many further axes of length 1 as the layer wants."""
    for extra in range(4):
        full = (1,) * extra + shape
        if full[:1] != (1,):
            continue
        try:
            layer.output_shape(full)
        except ShapeError:
            continue
        if len(full) > 1:
            return full
    layer.output_shape(shape)  # raises with both shapes, if it is that
    raise ShapeError(f"{layer.where}: expected the shape of one sample, found {shape}")


def matrix_document(
    layer: Layer,
    input_shape: tuple[int, ...],
    *,
    inputs: Any = None,
    names: tuple[str, str, str] = ("M", "x", "z"),
    decimals: bool = False,
) -> Document:
    """The layer as a product of matrix and vector, written out: M · x = z.

    Args:
        layer, input_shape: as for :func:`as_matrix`.
        inputs: values of the input; with them (and weights with values) a second line has the values put in.
        names: LaTeX names of the matrix, the input and the output.
        decimals: short decimals instead of fractions.
    """
    matrix = as_matrix(layer, input_shape)
    size, x_name, z_name = matrix.shape, names[1], names[2]
    head = Prose(
        T(
            f"As a matrix the layer has {size[0]} rows, one per output, and {size[1]} columns, one per input:",
            f"Als Matrix hat die Schicht {size[0]} Zeilen, eine je Ausgang, und {size[1]} Spalten, eine je Eingang:",
        )
    )
    shape = _with_batch(layer, tuple(input_shape))
    x = [read_latex(name) for name in element_names(x_name, shape)]
    z = [read_latex(name) for name in element_names(z_name, layer.output_shape(shape))]
    if size[0] > LARGEST_SIDE or size[1] > LONGEST_ROW:
        return Document.of(head, *_rows(matrix, x, z))
    rows: list[tuple[Layout | Rel, ...]] = []
    entries = matrix_of([[_named(number) for number in row] for row in matrix])
    product = Row((read_latex(names[0]), Op("·"), read_latex(x_name)))
    rows.append((product, _times(entries, x), _column(z)))
    if inputs is not None:
        values = laid_out("inputs", as_exact(inputs), shape).reshape(-1)
        known = as_matrix(layer, input_shape, symbolic=False)
        put_in = matrix_of([[_value(number, decimals) for number in row] for row in known])
        results = [_value(number, decimals) for number in known @ values]
        rows.append((product, _times(put_in, [_value(number, decimals) for number in values]), _column(results)))
    return Document.of(head, Equation(tuple(rows)))


def _rows(matrix: Array, x: list[Layout], z: list[Layout]) -> list[Equation | Prose]:
    """The first rows written out as sums, where the matrix is too large to be printed."""
    rows: list[tuple[Layout | Rel, ...]] = []
    for name, line in list(zip(z, matrix, strict=True))[:3]:
        items: list[Layout] = []
        for entry, element in zip(line, x, strict=True):
            if entry.op != "number" or entry.rational != 0:
                items += [Op("+")] * bool(items) + [_named(entry), Op("·"), element]
        rows.append((name, Row(tuple(items))))
    found: list[Equation | Prose] = [Equation(tuple(rows))]
    left = len(z) - len(rows)
    if left:
        words = T(
            "and {n} more rows; products with 0 are left out.",
            "und {n} weitere Zeilen; Produkte mit 0 sind weggelassen.",
        )
        found.append(Prose(words.format(n=left)))
    return found


def _times(matrix: Layout, column: list[Layout]) -> Layout:
    return Row((matrix, Op("·"), _column(column)))


def _column(cells: list[Layout]) -> Layout:
    return matrix_of([cell] for cell in cells)


def _named(number: Exact) -> Layout:
    return read_latex(number.label) if number.op in ("named", "symbol") else _value(number, False)


def _value(number: Exact, decimals: bool) -> Layout:
    link = closing(number, decimals=decimals)
    return link.value if isinstance(link, Rel) else link
