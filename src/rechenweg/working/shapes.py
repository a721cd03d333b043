"""The shape table: layer by layer the output's shape with its formula, parameters, receptive field, multiply–adds.

Nothing here knows a formula by heart. Lengths, kernel, stride and padding go through the layer's own
:meth:`~rechenweg.nn.Layer.output_shape` as exact *named* numbers, and the formula is read off what comes out:
⌊(n + 2·p − k)/s⌋ + 1 = ⌊(30 + 2·2 − 5)/3⌋ + 1 = 10. The same holds for counts and receptive fields. Weights need no
values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn import Add, Flatten, Linear, Network, Softmax
from rechenweg.nn.activations import Activation
from rechenweg.nn.layer import Layer, Shape
from rechenweg.numbers import Exact, exact, formula, result, symbol, with_values
from rechenweg.numbers.exact import call
from rechenweg.numbers.notation import Layout, Op, Row, read_latex
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Cell, Document, Equation, Heading, Rel, Table
from rechenweg.working.names import same_name
from rechenweg.working.steps import Chain, sides, title

Sizes = tuple[int, ...]
Numbers = tuple[tuple[str, Exact], ...]
"""Numbers that carry their formula, each with the letter of its axis."""

AXES: dict[int, str] = {1: "n", 2: "hw", 3: "dhw"}
"""A letter for each spatial axis; where the axes agree in everything, ``n`` stands for all of them."""

NOTE = T(
    "The receptive field grows by $(k - 1) \\cdot j$ at each window, where $j$ is the product of the strides before "
    "it; where paths meet, the largest field counts. It ends at the border of the input, and behind a fully connected "
    "layer it is the whole input. MACs (a product and an addition) count each use of a weight, for one sample; biases, "
    "activations and pooling are left out.",
    "Das rezeptive Feld wächst mit jedem Fenster um $(k - 1) \\cdot j$; $j$ ist das Produkt der Schrittweiten davor. "
    "Wo Wege zusammenlaufen, zählt das größte Feld. Es endet am Rand der Eingabe; hinter einer vollvernetzten Schicht "
    "ist es die ganze Eingabe. MACs (ein Produkt und eine Addition) zählen jede Verwendung eines Gewichts, für ein "
    "Beispiel; Bias, Aktivierungen und Pooling bleiben außer Betracht.",
)


@dataclass(frozen=True, slots=True)
class Field:
    """What one position of a quantity sees of the input, per spatial axis.

    Attributes:
        start, size: the positions ``start … start + size − 1`` of the input are seen by the output's position 0;
            padding counts, so `start` may be negative.
        jump: by how much this moves from one position to the next.
        whole: every position sees everything (behind a fully connected layer).
    """

    start: Sizes
    size: Sizes
    jump: Sizes
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ShapeRow:
    r"""One quantity of a network.

    Attributes:
        name: LaTeX.
        layer: what computes it; ``None`` for an input.
        inputs, input_shapes: the quantities it is computed from and their shapes.
        output_shape: its shape, batch first.
        lengths: of each axis whose length is computed, its letter and the number that carries the formula.
        weight_shapes: shape of each parameter, by its LaTeX name.
        parameters: how many; the formula is that of `parameter_count`.
        receptive_field: how much of the network's input one element sees, per spatial axis, at most the whole input;
            ``None`` where no rule is known for a layer on the way.
        field: the receptive field without the limit of the image, with its stride over the input.
        field_sizes: the numbers that carry the formula r = r_in + (k − 1)·j_in, with their axis as for `lengths`.
        multiply_adds: products (each with an addition) for one sample; the formula is that of `product_count`.
    """

    name: str
    layer: Layer | None
    inputs: tuple[str, ...]
    input_shapes: tuple[Sizes, ...]
    output_shape: Sizes
    lengths: Numbers = ()
    weight_shapes: tuple[tuple[str, Sizes], ...] = ()
    parameter_count: Exact | None = None
    receptive_field: Sizes | None = None
    field: Field | None = None
    field_sizes: Numbers = ()
    product_count: Exact | None = None

    @property
    def parameters(self) -> int:
        """How many parameters there are."""
        return int(self.parameter_count) if self.parameter_count is not None else 0

    @property
    def multiply_adds(self) -> int:
        """How many products a forward pass takes for one sample."""
        return int(self.product_count) if self.product_count is not None else 0

    @property
    def sees_all(self) -> bool:
        """Whether each element sees the whole input, through a fully connected layer."""
        return self.field is not None and self.field.whole

    def shape_chains(self) -> tuple[Chain, ...]:
        """The formula of each computed length: ⌊(n + 2·p − k)/s⌋ + 1 = … = 10."""
        return tuple(_written(number) for _, number in self.lengths)

    def parameter_chain(self) -> Chain:
        """3·3·3·8 + 8 = 224."""
        return _written(self.parameter_count) if self.parameter_count is not None else ()

    def field_chains(self) -> tuple[Chain, ...]:
        """The formula of each receptive field: r + (k − 1)·j = 5 + (5 − 1)·1 = 9."""
        return tuple(_written(number) for _, number in self.field_sizes)

    def product_chain(self) -> Chain:
        """28·28·5·5·1·6 = 117600."""
        return _written(self.product_count) if self.product_count is not None else ()


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """The shape table of a network. Made by :func:`shapes`; iterate, or ask for a row by its quantity's name.

    Attributes:
        rows: one for each input and each layer, in order.
    """

    rows: tuple[ShapeRow, ...]

    def __iter__(self) -> Iterator[ShapeRow]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> ShapeRow:
        for row in self.rows:
            if same_name(row.name) == same_name(name):
                return row
        raise NetworkError(f'no quantity "{name}" in this table; there are {", ".join(row.name for row in self.rows)}')

    @property
    def parameters(self) -> int:
        """Of all layers together."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Of all layers together, for one sample."""
        return sum(row.multiply_adds for row in self.rows)

    def document(self, *, detail: bool = True) -> Document:
        """The table, and with `detail` the formulas behind it."""
        blocks: list[Block] = [_table(self)]
        if detail:
            blocks += _details(self)
        return Document(tuple(blocks))


def shapes(network: Network, *input_shapes: Shape) -> ShapeTable:
    r"""The shape table of a network.

    Args:
        network: its weights need no values.
        input_shapes: shape of each input, batch first, e.g. ``(10, 3, 32, 32)``.

    Raises:
        ShapeError: an input that does not fit, with the layer's name and both shapes.
        NetworkError: another number of shapes than the network has inputs.

    >>> from rechenweg.nn import Conv2d, Flatten, Linear
    >>> net = Network.chain([Conv2d(3, 8, 3), Flatten(), Linear(7200, 10)])
    >>> table = shapes(net, (10, 3, 32, 32))
    >>> table["z"].output_shape, table["z"].parameters, table["z"].receptive_field
    ((10, 8, 30, 30), 224, (3, 3))
    >>> print(table["z"].parameter_count, table["z"].lengths[0][1], sep="; ")
    3 · 3 · 3 · 8 + 8 = 224; ⌊(n + 2 · p − k)/s⌋ + 1 = ⌊(32 + 2 · 0 − 3)/1⌋ + 1 = 30
    """
    for name, shape in zip(network.inputs, input_shapes, strict=False):
        if not shape or any(not isinstance(length, int) or length < 1 for length in shape):
            raise ShapeError(f"input {name}: expected a shape of positive whole numbers, found {shape}")
    found = network.output_shapes(*input_shapes)
    images = {found[name][2:] if len(found[name]) > 2 else found[name][1:] for name in network.inputs}
    image = images.pop() if len(images) == 1 else None
    fields: dict[str, Field | None] = {}
    rows: list[ShapeRow] = []
    for name in network.inputs:
        one = (1,) * len(image) if image is not None else None
        fields[name] = Field((0,) * len(one), one, one) if one is not None else None
        rows.append(ShapeRow(name, None, (), (), found[name], receptive_field=one, field=fields[name]))
    names = network.parameter_names()
    for node in network.nodes:
        before = tuple(found[name] for name in node.inputs)
        field, sizes = _seen(node.layer, node.inputs, before, [fields[name] for name in node.inputs], image)
        fields[node.name] = field
        rows.append(
            ShapeRow(
                node.name,
                node.layer,
                node.inputs,
                before,
                found[node.name],
                _lengths(node.layer, before),
                tuple((names[node.name][key], shape) for key, shape in node.layer.parameter_shapes.items()),
                _parameter_count(node.layer),
                tuple(map(min, field.size, image)) if field is not None and image is not None else None,
                field,
                sizes,
                _product_count(node.layer, found[node.name]),
            )
        )
    return ShapeTable(tuple(rows))


# --- shapes -----------------------------------------------------------------------------------------------------------


def _lengths(layer: Layer, inputs: tuple[Sizes, ...]) -> Numbers:
    """The lengths that the layer computes, each with its formula; what only passes through is left out."""
    if layer.window is not None:
        return _window_lengths(layer, inputs[0])
    letters = {2: "n", 3: "cn", 4: "chw"}.get(len(inputs[0]), "")
    axes = [letters[i] if len(letters) == len(inputs[0]) - 1 else f"n_{i + 1}" for i in range(len(inputs[0]) - 1)]
    named = [(shape[0], *(symbol(n, length) for n, length in zip(axes, shape[1:], strict=True))) for shape in inputs]
    made = layer.output_shape(*named)
    return tuple(("n", n) for n in made if isinstance(n, Exact) and n.op != "named")


def _window_lengths(layer: Layer, shape: Sizes) -> Numbers:
    assert layer.window is not None
    kernel, stride, padding = layer.window
    settings = list(zip(shape[2:], kernel, stride, padding, strict=True))
    alike = len(set(settings)) == 1
    named: list[tuple[Exact, Exact, Exact, tuple[Exact, Exact]]] = []
    for (length, k, s, (before, after)), axis in zip(settings, AXES[len(kernel)], strict=True):
        own = "" if alike else f"_{axis}"
        p = symbol(f"p{own}", before)
        pads = (p, p)
        if before != after:
            first, second = (f"p_{{{own[1:]}{i}}}" for i in (1, 2))
            pads = (symbol(first, before), symbol(second, after))
        named.append((symbol("n" if alike else axis, length), symbol(f"k{own}", k), symbol(f"s{own}", s), pads))
    lengths, kernels, strides, pads_ = zip(*named, strict=True)
    twin: Any = copy(layer)  # its sizes become named numbers, and so the formula of its output shape can be read off
    twin.kernel, twin.stride, twin.padding = kernels, strides, pads_
    made = twin.output_shape((*shape[:2], *lengths))[2:]
    return (("n", made[0]),) if alike else tuple(zip(AXES[len(kernel)], made, strict=True))


# --- counts -----------------------------------------------------------------------------------------------------------


def _parameter_count(layer: Layer) -> Exact | None:
    """All parameters added up, each as the product of its lengths: 3·3·3·8 + 8."""
    counts = [_product(_factors(layer, shape)) for shape in layer.parameter_shapes.values()]
    return reduce(add, counts) if counts else None


def _factors(layer: Layer, shape: Shape) -> list[Exact]:
    """The lengths of a parameter in the order in which one counts: kernel, inputs, outputs."""
    if isinstance(layer, Linear) and len(shape) == 2:
        inputs, bias = exact(layer.in_features), exact(1)
        return [inputs + bias if layer.bias_as_last_row else inputs, exact(layer.out_features)]
    if layer.window is not None and len(shape) > 2:
        return [exact(n) for n in (*shape[2:], shape[1], shape[0])]
    return [exact(n) for n in shape]


def _product_count(layer: Layer, output: Sizes) -> Exact | None:
    """Each weight is used once for every position of the output; ``None`` for a layer without weights."""
    weights = layer.parameter_shapes.get("weights")
    if weights is None:
        return None
    positions = output[2:] if layer.window is not None else output[1:-1]
    factors = _factors(layer, weights)
    if isinstance(layer, Linear):
        factors[0] = exact(layer.in_features)  # a bias is added, not multiplied
    return _product([*map(exact, positions), *factors])


def _product(factors: list[Exact]) -> Exact:
    return reduce(mul, factors)


# --- receptive fields -------------------------------------------------------------------------------------------------


def _seen(
    layer: Layer, names: tuple[str, ...], shapes: tuple[Sizes, ...], fields: list[Field | None], image: Sizes | None
) -> tuple[Field | None, Numbers]:
    """The receptive field behind a layer, and for each axis the number that carries its formula."""
    known = [field for field in fields if field is not None]
    if image is None or len(known) < len(fields):
        return None, ()
    if any(field.whole for field in known):
        return _everything(image), ()
    if layer.window is not None:
        return _behind_window(layer, names[0], known[0])
    if isinstance(layer, (Linear, Softmax)):
        if len(shapes[0]) == 2:
            return _everything(image), ()
        (field,) = known  # along the last axis everything is mixed, along the others nothing
        last = Field((*field.start[:-1], 0), (*field.size[:-1], image[-1]), (*field.jump[:-1], 0))
        return last, ()
    if isinstance(layer, Add):
        return _joined(known)
    return (known[0], ()) if isinstance(layer, (Activation, Flatten)) else (None, ())


def _everything(image: Sizes) -> Field:
    return Field((0,) * len(image), image, (0,) * len(image), whole=True)


def _behind_window(layer: Layer, name: str, field: Field) -> tuple[Field | None, Numbers]:
    """r + (k − 1)·j, and the strides multiplied up."""
    assert layer.window is not None
    kernel, stride, padding = layer.window
    if len(kernel) != len(field.size):
        return None, ()
    start = tuple(a - before * j for a, (before, _), j in zip(field.start, padding, field.jump, strict=True))
    alike = len(set(zip(field.size, kernel, field.jump, strict=True))) == 1
    sizes: list[Exact] = []
    for r, k, j, axis in zip(field.size, kernel, field.jump, AXES[len(kernel)], strict=True):
        of, own = (name, "k") if alike else (f"{name};{axis}", f"k_{axis}")
        sizes.append(symbol(f"r_{{{of}}}", r) + (symbol(own, k) - 1) * symbol(f"j_{{{of}}}", j))
    jump = tuple(map(mul, field.jump, stride))
    shown = (("", sizes[0]),) if alike else tuple(zip(AXES[len(kernel)], sizes, strict=True))
    return Field(start, tuple(map(int, sizes)), jump), shown


def _joined(fields: list[Field]) -> tuple[Field | None, Numbers]:
    """Behind a sum: whatever one of its inputs sees. Where they are centred alike, that is the largest."""
    if len({field.jump for field in fields}) > 1:
        return None, ()
    axes = range(len(fields[0].size))
    start = tuple(min(field.start[i] for field in fields) for i in axes)
    size = tuple(max(field.start[i] + field.size[i] for field in fields) - start[i] for i in axes)
    if len({field.size for field in fields}) == 1 or size != tuple(max(f.size[i] for f in fields) for i in axes):
        return Field(start, size, fields[0].jump), ()
    largest = [call("max", *(exact(field.size[i]) for field in fields)) for i in axes]
    square = all(len(set(field.size)) == 1 for field in fields)
    shown = (("", largest[0]),) if square else tuple(zip(AXES[len(size)], largest, strict=True))
    return Field(start, size, fields[0].jump), shown


# --- written ----------------------------------------------------------------------------------------------------------


def row_of(chained: Chain) -> Layout:
    """A chain as one formula, for a table's cell."""
    items: list[Layout] = []
    for place, link in enumerate(chained):
        sign, layout = (link.sign, link.value) if isinstance(link, Rel) else ("=", link)
        items += [Op(sign), layout] if place else [layout]
    return Row(tuple(items))


def _written(number: Exact) -> Chain:
    """formula = values put in = result."""
    links: list[Layout] = []
    for link in (formula(number), with_values(number), result(number)):
        if not links or link != links[-1]:
            links.append(link)
    return tuple(links)


def times(sizes: Sizes) -> str:
    """3 × 3, also where there is one axis only."""
    return " × ".join(map(str, sizes))


def _table(table: ShapeTable) -> Table:
    header = (
        "",
        T("Layer", "Schicht"),
        T("Output shape", "Form der Ausgabe"),
        T("Parameters", "Parameter"),
        T("Receptive field", "Rezeptives Feld"),
        T("MACs", "MACs"),
    )
    rows: list[tuple[Cell, ...]] = [_cells(row) for row in table.rows]
    total = T("**in all**", "**zusammen**")
    rows.append(("", total, "", str(table.parameters), "", str(table.multiply_adds)))
    return Table(header, tuple(rows), align="lllrcr")


def _cells(row: ShapeRow) -> tuple[Cell, ...]:
    shape = f"({', '.join(map(str, row.output_shape))})"
    if row.layer is None:
        return read_latex(row.name), T("Input", "Eingabe"), shape, "", "", ""
    counts, products = (str(n) if n else "–" for n in (row.parameters, row.multiply_adds))
    return read_latex(row.name), _layer_cell(row.layer), shape, counts, _field_cell(row), products


def _layer_cell(layer: Layer) -> T:
    """The kind of layer, with the letters that its formulas use: Convolution (k=5, s=3, p=2)."""
    if layer.window is None:
        return title(layer)
    kernel, stride, padding = layer.window
    letters = f"k={sides(kernel)}, s={sides(stride)}, p={sides(padding)}"
    return title(layer) + f" ({letters})"


def _field_cell(row: ShapeRow) -> Cell:
    if row.receptive_field is None or row.field is None:
        return "–"
    size = times(row.receptive_field)
    if row.sees_all:
        return T(f"{size} (all)", f"{size} (alles)")
    if row.receptive_field != row.field.size:
        return T(f"{size} (of {times(row.field.size)})", f"{size} (von {times(row.field.size)})")
    return size


def _details(table: ShapeTable) -> Iterator[Block]:
    for heading, rows in (
        (T("Lengths", "Längen"), _equations(table, "n", lambda row: row.lengths)),
        (T("Parameters", "Parameter"), _counts(table, "P", lambda row: row.parameter_count)),
        (T("Receptive fields", "Rezeptive Felder"), _equations(table, "r", lambda row: row.field_sizes)),
        (
            T("Multiply–accumulates (MACs) for one sample", "Multiplikationen mit Addition (MACs) für ein Beispiel"),
            _counts(table, "M", lambda row: row.product_count),
        ),
    ):
        if rows:
            yield Heading(heading, 4)
            yield Equation(tuple(rows))
    yield Callout("note", NOTE)


def _equations(table: ShapeTable, letter: str, numbers: Callable[[ShapeRow], Numbers]) -> list[Chain]:
    rows: list[Chain] = []
    for row in table:
        for axis, number in numbers(row):
            own = f"{letter}_{{{row.name}}}"
            if letter == "n":
                own = f"{axis}_{{{row.name}}}"
            elif axis:
                own = f"{letter}_{{{row.name};{axis}}}"
            rows.append((read_latex(own), *_written(number)))
    return rows


def _counts(table: ShapeTable, letter: str, count: Callable[[ShapeRow], Exact | None]) -> list[Chain]:
    named = ((read_latex(f"{letter}_{{{row.name}}}"), count(row)) for row in table)
    return [(name, *_written(number)) for name, number in named if number is not None]
