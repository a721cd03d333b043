"""How a run is written: each step with its general formula, the values put in and the result.

:mod:`.run` holds what was computed; here it becomes the blocks of a :class:`~rechenweg.working.document.Document`.
Nothing is left to chance where arrays are large: a few elements are written out, the number of the others is stated,
and a matrix of a printable size is shown whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from itertools import groupby, islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rechenweg.nn.activations import Activation
from rechenweg.nn.layer import Layer
from rechenweg.nn.linear import Linear
from rechenweg.nn.losses import Loss
from rechenweg.nn.network import Node
from rechenweg.numbers import FUNCTIONS, Array, Exact, exact, formula, result, symbol, with_values
from rechenweg.numbers.exact import bottom_up, call
from rechenweg.numbers.notation import Call, Layout, Matrix, Op, Row, prime, read_latex, to_latex
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Cell, Document, Equation, Heading, Prose, Rel, Table
from rechenweg.working.names import element_name, remade
from rechenweg.working.writers.chains import extent

if TYPE_CHECKING:
    from rechenweg.working.run import Quantity, Working

MOST_ROWS = 8
"""Elements of a quantity that are written out; the number of the others is stated."""
FIRST_ROWS = 3
"""Elements written out where there are too many."""
LARGEST_SIDE = 12
WIDEST_MATRIX = 64.0
"""A matrix with more rows or columns, or wider (in characters), is not printed …"""
WIDEST_CELL = 12.0
"""… and one with a wider cell is rounded: the closed forms stand with the elements."""
MOST_MATRICES = 4

LONGEST_RESULT = 30.0
"""A closed form that is wider (in characters) is written as a rounded number after ≈."""
HEAVIEST = 300
"""… and so is one of more operations than this, which would take long to bring into closed form."""
MOST_REMEMBERED = 4096
MOST_DIGITS = 10**15
"""A fraction with a larger numerator or denominator is rounded."""
SIGNIFICANT_DIGITS = 4

GIVEN = T("given", "gegeben")
ROUNDED = T(
    "≈ stands where the closed form would be too long to read: the number was computed exactly and is rounded to "
    "four digits only here.",
    "≈ steht, wo die geschlossene Form zu lang zum Lesen wäre: Die Zahl wurde exakt berechnet und ist nur hier auf "
    "vier Stellen gerundet.",
)

Chain = tuple[Layout | Rel, ...]
Rows = list[tuple[Chain, T | None]]


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is written.

    Attributes:
        values: put values in; ``False`` leaves the general formulas.
        most: elements of a quantity written out at most.
        decimals: short decimals instead of fractions.
    """

    values: bool = True
    most: int = MOST_ROWS
    decimals: bool = False


# --- one element ------------------------------------------------------------------------------------------------------


def chain(
    element: Exact,
    definition: Exact,
    *,
    values: bool = True,
    given: bool = False,
    decimals: bool = False,
    label: str | None = None,
) -> Chain:
    """name = general formula = values put in = result, leaving out links that repeat the one before.

    Args:
        element: the number under its own name.
        definition: the arithmetic that made it.
        values: also put values in.
        given: it was put in; only its value is written.
        decimals: short decimals instead of fractions.
        label: LaTeX name, if not that of `element`.
    """
    links: list[Layout | Rel] = [read_latex(label or element.label)]
    known = not element.has_symbols
    further: list[Layout | Rel] = []
    if not given and definition.op not in ("number", "nothing"):
        further.append(read_latex(definition.label) if definition.op in ("named", "symbol") else formula(definition))
        if values and known and definition.op not in ("named", "symbol"):
            further.append(put_in(definition, decimals=decimals))
    if values and known:
        further.append(closing(element, decimals=decimals))
    elif definition.op in ("number", "nothing") and not given:
        further.append(result(definition, decimals=decimals))
    return tuple(_different([*links, *further]))


def _different(links: Iterable[Layout | Rel]) -> list[Layout | Rel]:
    """The links without those that repeat the one before."""
    found: list[Layout | Rel] = []
    for link in links:
        if not found or link != found[-1]:
            found.append(link)
    return found


def closing(number: Exact, *, decimals: bool = False) -> Layout | Rel:
    """The result: in closed form, or rounded after ≈ where that would be too long to read."""
    closed = _closed(number, decimals)
    return closed if closed is not None else Rel("≈", formula(rounded(number)))


def put_in(definition: Exact, *, decimals: bool = False) -> Layout | Rel:
    """The formula with values put in; those too long to read are rounded, and the link then begins with ≈."""
    if all(_is_short(leaf) for leaf in _leaves(definition)):
        return with_values(definition, decimals=decimals)
    is_rounded = False

    def readable(leaf: Exact) -> Exact:
        nonlocal is_rounded
        if _closed(leaf, decimals) is None:
            is_rounded = True
            return rounded(leaf)
        return exact(0) if leaf.rational is None and is_zero(leaf) else leaf

    layout = with_values(remade(definition, readable), decimals=decimals)
    return Rel("≈", layout) if is_rounded else layout


def _leaves(number: Exact) -> Iterator[Exact]:
    """The named numbers that a formula is made from."""
    stack = [number]
    while stack:
        node = stack.pop()
        if node.op == "named":
            yield node
        else:
            stack += node.args


R = TypeVar("R")


def _remembered(function: Callable[[Exact, bool], R]) -> Callable[[Exact, bool], R]:
    """Results by identity: the same irrational number occurs in many formulas, and to tidy it takes its time.

    The number is kept beside its result, so that no other one gets its id.
    """
    known: dict[tuple[int, bool], tuple[Exact, R]] = {}

    @wraps(function)
    def remembering(number: Exact, decimals: bool) -> R:
        key = (id(number), decimals)
        if key not in known:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[key] = (number, function(number, decimals))
        return known[key][1]

    return remembering


def rounded(number: Exact) -> Exact:
    """The number rounded to four digits, only to be written.

    >>> print(rounded(exact("-1/3")), rounded(exact(1) / 12345678))
    −0.3333 8.1 · 10⁻⁸
    """
    return _rounded(number, False)


@_remembered
def _rounded(number: Exact, decimals: bool) -> Exact:
    value = number.approx()
    digits = f"{abs(value):.{SIGNIFICANT_DIGITS}g}"
    mantissa, _, exponent = digits.partition("e")
    written = rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
    return -symbol(written) if value < 0 else symbol(written)


def _closed(number: Exact, decimals: bool) -> Layout | None:
    """The closed form if it is short enough to be read."""
    if number.rational is not None:
        return result(number, decimals=decimals) if _is_short(number) else None
    return _closed_form(number, decimals)


@_remembered
def _closed_form(number: Exact, decimals: bool) -> Layout | None:
    if is_zero(number):
        return result(exact(0))
    if weight(number) > HEAVIEST:
        return None
    layout = result(number, decimals=decimals)
    return layout if extent(layout) <= LONGEST_RESULT else None


def _is_short(number: Exact) -> bool:
    value = number.rational
    return value is not None and abs(value.p) < MOST_DIGITS and value.q < MOST_DIGITS


def is_zero(number: Exact) -> bool:
    """Whether a number is plainly 0: a product with 0, or a sum of such, behind however many names."""
    zero: dict[int, bool] = {}
    for node in bottom_up(number, _unknown):
        parts = [zero[id(part)] for part in _unknown(node)]
        if node.rational is not None:
            zero[id(node)] = bool(node.rational == 0)
        elif node.op in ("named", "neg", "+", "-"):
            zero[id(node)] = all(parts)
        else:
            zero[id(node)] = (node.op == "*" and any(parts)) or (node.op == "/" and parts[0])
    return zero[id(number)]


def weight(number: Exact) -> int:
    """How many operations stand in a number, names looked through; what is rational counts as one."""
    weights: dict[int, int] = {}
    for node in bottom_up(number, _unknown):
        weights[id(node)] = min(1 + sum(weights[id(part)] for part in _unknown(node)), 10**9)
    return weights[id(number)]


def _unknown(number: Exact) -> tuple[Exact, ...]:
    return () if number.rational is not None else number.args


# --- one quantity -----------------------------------------------------------------------------------------------------


def equation(quantity: Quantity, style: Style) -> Equation:
    """A quantity written out in one equation, a row for each element."""
    rows, more, whole = _written_out(quantity, style)
    if more:
        rows[-1] = (rows[-1][0], more)
    return _equation(rows + whole)


def blocks(working: Working, quantities: Iterable[Quantity], style: Style, *, slopes: bool = False) -> list[Block]:
    """Quantities written out below each other; with `slopes` each f′ before the gradient that it is used for."""
    found: list[Block] = []
    rows: Rows = []
    for quantity in quantities:
        if slopes:
            rows += slope_rows(working, quantity, style)
        first, more, whole = _written_out(quantity, style)
        rows += first
        if more:
            found += [_equation(rows), Prose(more + (T("; all of them:", "; alle zusammen:") if whole else "."))]
            rows = []
        rows += whole
    return [*found, _equation(rows)] if rows else found


def _equation(rows: Rows) -> Equation:
    return Equation(tuple(row for row, _ in rows), tuple(note for _, note in rows))


def _written_out(quantity: Quantity, style: Style) -> tuple[Rows, T | None, Rows]:
    """Rows for single elements, how many more there are, rows for all values together."""
    values = _value_rows(quantity, style)
    if quantity.kind in ("input", "parameter", "target") and values:
        return values, None, []
    if len(quantity.put_in) == len(quantity.labels):
        rows = values if style.values and values else [((read_latex(quantity.name),), None)]
        return [(rows[0][0], GIVEN), *rows[1:]], None, []
    if quantity.relaid and quantity.kind == "value":
        names = matrix_of([[read_latex(label) for label in quantity.labels]])
        if extent(names) <= WIDEST_MATRIX:
            links = [link for row, _ in values[:1] for link in row[1:]]
            return [((read_latex(quantity.name), names, *links), None)], None, []
    rows, more = _element_rows(quantity, style)
    large = quantity.squeezed.ndim >= 2 or more is not None
    return rows, more, values if large and style.values else []


def _element_rows(quantity: Quantity, style: Style) -> tuple[Rows, T | None]:
    """name = formula = values = result of each element, or of the first few and in words how many more there are."""
    count = len(quantity.labels)
    shown = count if count <= style.most else min(FIRST_ROWS, style.most)
    rows: Rows = []
    elements = zip(quantity.labels, quantity.values.reshape(-1), quantity.formulas.reshape(-1), strict=True)
    for place, (label, element, definition) in enumerate(islice(elements, shown)):
        given = place in quantity.put_in
        links = chain(element, definition, values=style.values, given=given, decimals=style.decimals, label=label)
        rows.append((links, GIVEN if given else None))
    left = count - shown
    if left == 1:
        return rows, T("and one more element", "und ein weiteres Element")
    return rows, T(f"and {left} more elements", f"und {left} weitere Elemente") if left else None


def _value_rows(quantity: Quantity, style: Style) -> Rows:
    """The values alone: a number, a row of numbers, a matrix, one matrix for each channel; without values nothing."""
    values = quantity.squeezed
    if any(number.has_symbols for number in values.reshape(-1)):
        return []
    if values.ndim == 0:
        return [((read_latex(quantity.name), closing(values.item(), decimals=style.decimals)), None)]
    leading = values.shape[:-2]
    rows: Rows = []
    for index in np.ndindex(*leading):
        if len(rows) == MOST_MATRICES:
            left = int(np.prod(leading)) - MOST_MATRICES
            rows[-1] = (rows[-1][0], T(f"and {left} more of this size", f"und {left} weitere dieser Größe"))
            break
        matrix = matrix_layout(values[index], decimals=style.decimals)
        name = read_latex(element_name(quantity.name, index) if leading else quantity.name)
        if matrix is None:
            shape = " × ".join(str(n) for n in values.shape)
            note = T(f"{shape} numbers, too many to be printed", f"{shape} Zahlen, zu viele für den Druck")
            return [((name,), note)] if quantity.kind in ("input", "parameter", "target") else []
        rows.append(((name, matrix), None))
    return rows


def matrix_layout(values: Array, *, decimals: bool = False) -> Layout | Rel | None:
    """A vector or a matrix of numbers as it is printed; ``None`` where it is too large for a page."""
    grid = values.reshape(1, -1) if values.ndim == 1 else values
    if grid.shape[0] > LARGEST_SIDE or grid.shape[1] > max(LARGEST_SIDE, 16 * (grid.shape[0] == 1)):
        return None
    closed = [[_closed(number, decimals) for number in line] for line in grid]
    exactly = [[cell for cell in line if cell is not None] for line in closed]
    if all(len(line) == grid.shape[1] for line in exactly):
        matrix = matrix_of(exactly)
        if extent(matrix) <= WIDEST_MATRIX and max(extent(cell) for line in exactly for cell in line) <= WIDEST_CELL:
            return matrix
    matrix = matrix_of([[formula(_short(number, decimals)) for number in line] for line in grid])
    return Rel("≈", matrix) if extent(matrix) <= WIDEST_MATRIX else None


def matrix_of(cells: Iterable[Iterable[Layout]]) -> Matrix:
    """Cells row by row, in brackets."""
    return Matrix(tuple(map(tuple, cells)))


def _short(number: Exact, decimals: bool) -> Exact:
    value = number.rational
    return exact(value) if value is not None and value.q == 1 and abs(value.p) < 10**6 else rounded(number)


# --- what a layer is called -------------------------------------------------------------------------------------------


def title(layer: Layer | Loss) -> T:
    """The kind of a layer in words, and its function's symbol if it has one of its own."""
    own = getattr(layer, "symbol", None)
    words = layer.title or T.same(f"`{type(layer).__name__}`")
    return words + f" ${own}$" if own else words


def settings(layer: Layer) -> tuple[T, ...]:
    """What the layer was built with: sizes, kernel, stride, padding, α; each as words with their number."""
    found: list[T] = []
    if isinstance(layer, Linear) and (layer.in_features, layer.out_features) != (1, 1):
        found.append(T.same(f"{layer.in_features} → {layer.out_features}"))
    channels = (getattr(layer, "in_channels", 1), getattr(layer, "out_channels", 1))
    if channels != (1, 1):
        found.append(T("channels ", "Kanäle ") + f"{channels[0]} → {channels[1]}")
    if layer.window is not None:
        kernel, stride, padding = layer.window
        found.append(T("kernel ", "Kern ") + sides(kernel))
        found.append(T("stride ", "Schrittweite ") + sides(stride))
        found.append(T("padding ", "Padding ") + sides(padding))
    for value in getattr(layer, "options", ()):
        shown = to_latex(result(exact(value))) if not isinstance(value, float) else f"{value:g}"
        found.append(T.same(rf"$\alpha = {shown}$"))
    return tuple(found)


def sides(sizes: Sequence[int] | Sequence[tuple[int, int]]) -> str:
    """Sizes per axis: one number where all axes agree, ``1 + 2`` for a padding that differs at both ends.

    >>> sides((3, 3)), sides((3, 5)), sides(((1, 1), (1, 2)))
    ('3', '3 × 5', '1 × (1 + 2)')
    """
    ends = [size if isinstance(size, tuple) else (size, size) for size in sizes]
    written = [str(before) if before == after else f"{before} + {after}" for before, after in ends]
    if len(set(written)) == 1:
        return written[0]
    return " × ".join(f"({size})" if "+" in size else size for size in written)


def described(layer: Layer) -> T:
    """Title and settings: "Convolution: kernel 3, stride 1, padding 0"."""
    words = title(layer)
    for place, setting in enumerate(settings(layer)):
        words = words + (": " if place == 0 else ", ") + setting
    return words


# --- derivatives of activations ---------------------------------------------------------------------------------------


def slope_rows(working: Working, quantity: Quantity, style: Style) -> Rows:
    """What f′ is, for each activation whose f′ the formula of a gradient holds; from the table of functions."""
    if quantity.kind != "gradient" or quantity.given:
        return []
    passed = [node.layer for node in _behind(working, quantity) if isinstance(node.layer, Activation)]
    return [(_slope(layer, working.quantities[quantity.of], style), None) for layer in passed]


def _slope(layer: Activation, x: Quantity, style: Style) -> Chain:
    function = FUNCTIONS[layer.function]
    fixed = [exact(option) for option in layer.options]
    head = prime(read_latex(layer.symbol or function.notation))
    if x.values.size == 1:
        at, argument = x.scalar, symbol(x.labels[0])
    else:
        letters = "ijklmn"[: x.squeezed.ndim]
        at = argument = symbol(element_name(x.name, tuple(letters)))
    general = _relabelled(function.derivative(argument, *fixed), layer.function, layer.symbol)
    links: list[Layout | Rel] = [Call(head, (formula(argument),)), formula(general)]
    if style.values and x.values.size == 1 and not at.has_symbols:
        here = _relabelled(function.derivative(at, *fixed), layer.function, layer.symbol)
        value = closing(call(layer.function + "'", at, *fixed, label=layer.symbol), decimals=style.decimals)
        links += [put_in(here, decimals=style.decimals), value]
    return tuple(_different(links))


def _relabelled(number: Exact, op: str, label: str | None) -> Exact:
    """The number with all calls of a function under the layer's own symbol (σ₁ instead of σ)."""
    if label is None:
        return number
    return remade(number, lambda node: node, lambda node: label if node.op == op else node.label)


# --- the whole run ----------------------------------------------------------------------------------------------------


def document(working: Working, style: Style) -> Document:
    """What is given, forward, loss, backward, the conventions in force."""
    blocks = [*_given(working, style), *_forward(working, style), *_backward(working, style)]
    if any(_is_rounded(block) for block in blocks):
        blocks.append(Callout("note", ROUNDED))
    return Document(tuple(blocks)) + conventions_document(working.conventions)


def conventions_document(conventions: Iterable[tuple[T, T]]) -> Document:
    """Conventions, topic and text, as a table under a heading."""
    rows: list[tuple[Cell, ...]] = [(topic, words) for topic, words in conventions]
    if not rows:
        return Document()
    return Document.of(Heading(T("Conventions in force", "Geltende Konventionen"), 2), Table((), tuple(rows)))


def _is_rounded(block: Block) -> bool:
    return isinstance(block, Equation) and any(isinstance(link, Rel) for row in block.rows for link in row)


def _given(working: Working, style: Style) -> Iterable[Block]:
    """Single numbers in one paragraph, vectors and matrices below each other."""
    single: list[str] = []
    rows: Rows = []
    for quantity in working.steps(("input", "parameter", "target")) if style.values else ():
        if quantity.values.size == 1 and not quantity.scalar.has_symbols:
            value = closing(quantity.scalar, decimals=style.decimals)
            sign, layout = (value.sign, value.value) if isinstance(value, Rel) else ("=", value)
            single.append(f"${to_latex(Row((read_latex(quantity.labels[0]), Op(sign), layout)))}$")
        else:
            rows += _value_rows(quantity, style)
    if single or rows:
        yield Heading(T("Given", "Gegeben"), 2)
    if single:
        yield Prose(T.same(", ".join(single)))
    if rows:
        yield _equation(rows)


def _forward(working: Working, style: Style) -> Iterable[Block]:
    found = [quantity for quantity in working.steps(("value", "loss")) if _is_step(working, quantity)]
    if found:
        yield Heading(T("Forward pass", "Vorwärtsrechnung"), 2)
    for quantity in found:
        loss = working.network.loss
        if quantity.node is not None:
            yield Heading(described(quantity.node.layer), 3)
        elif loss is not None:
            yield Heading(title(loss), 3)
        yield from blocks(working, [quantity], style)


def _is_step(working: Working, quantity: Quantity) -> bool:
    """Whether there is something to be said: a vector that was laid out as a vector is the same to the reader."""
    if not quantity.relaid or quantity.given:
        return True
    if quantity.kind != "value" or quantity.node is None:
        return False
    before = working.quantities[quantity.node.inputs[0]]
    return bool(quantity.squeezed.ndim != before.squeezed.ndim)


def _backward(working: Working, style: Style) -> Iterable[Block]:
    """Gradients, together under the layer that the error passes on its way to them."""
    found = [q for q in working.steps(("gradient", "parameter gradient")) if _is_step(working, q)]
    if found:
        yield Heading(T("Backward pass", "Rückwärtsrechnung"), 2)
    for _, group in groupby(found, key=lambda quantity: [node.name for node in _behind(working, quantity)]):
        quantities = list(group)
        yield Heading(_through(working, quantities[0]), 3)
        yield from blocks(working, quantities, style, slopes=True)


def _behind(working: Working, quantity: Quantity) -> list[Node]:
    """The nodes that a gradient comes back through: those that use the quantity; of a parameter its own."""
    if quantity.kind == "parameter gradient":
        return [quantity.node] if quantity.node is not None else []
    nodes: list[Node] = []
    for node in working.network.nodes:
        if quantity.of in node.inputs:
            laid_out = working.quantities[node.name]
            nodes += _behind(working, replace(quantity, of=node.name)) if laid_out.relaid else [node]
    return nodes


def _through(working: Working, quantity: Quantity) -> T:
    layers: list[Layer | Loss] = [node.layer for node in _behind(working, quantity)]
    if not layers and working.network.loss is not None:
        layers = [working.network.loss]
    words = T("", "")
    for place, layer in enumerate(layers):
        joint = T("", "") if place == 0 else T(" and ", " und ") if place == len(layers) - 1 else T(", ", ", ")
        words = words + joint + title(layer)
    return words
