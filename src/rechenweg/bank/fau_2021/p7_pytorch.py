"""fau-2021, problem 7: a small convolutional network in PyTorch, its shapes and its forward pass."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations

from rechenweg.errors import ShapeError
from rechenweg.nn import Add, Conv2d, Flatten, Linear, Network, ReLU
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.asking import Ask, Blank, Cells
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.naming import Name
from rechenweg.questions.kinds.values import Shape
from rechenweg.questions.kinds.written import CodeAnswer
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Code, Document, Equation, Figure, Prose, Table
from rechenweg.working.figures import NodeKind, Text, feature_maps_figure, graph_figure
from rechenweg.working.shapes import shapes

CLASSES = 10
"""How many classes the network is worked out with; the number stays open in the code and enters no answer."""

HIDDEN = "hidden_channels"


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution of the constructor: kernel, stride, padding (the same in both directions)."""

    kernel: int
    stride: int
    padding: int


@dataclass
class Numbers(Setting):
    """A network of three convolutions.

    Attributes:
        batch, channels, side: shape of the input: (batch, channels, side, side).
        hidden: `hidden_channels`.
        multiple: the last convolution has so many times `hidden` output channels.
        convolutions: in the order in which they are used.
        letters: their letters, in the same order; the constructor lists them by letter.
    """

    batch: int
    channels: int
    side: int
    hidden: int
    multiple: int
    convolutions: tuple[Convolution, Convolution, Convolution]
    letters: str

    @property
    def names(self) -> tuple[str, ...]:
        """The convolutions' variable names, in the order in which they are used."""
        return tuple(f"conv{letter}" for letter in self.letters)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """(batch, channels, height, width)."""
        return self.batch, self.channels, self.side, self.side

    @property
    def channel_steps(self) -> tuple[tuple[int, int], ...]:
        """Input and output channels of each convolution, in the order in which they are used."""
        return (self.channels, self.hidden), (self.hidden, self.hidden), (self.hidden, self.multiple * self.hidden)

    @cached_property
    def layers(self) -> tuple[Conv2d, ...]:
        """The convolutions, without values."""
        return tuple(
            Conv2d(*steps, c.kernel, stride=c.stride, padding=c.padding)
            for steps, c in zip(self.channel_steps, self.convolutions, strict=True)
        )

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every quantity."""
        return _body(self.layers).output_shapes(self.input_shape)

    @property
    def features(self) -> int:
        """How many numbers per image enter the fully connected layer."""
        return self.shapes["f"][-1]

    @cached_property
    def net(self) -> Network:
        """The whole network, without values."""
        net = _body(self.layers)
        net.add(r"\hat y", Linear(self.features, CLASSES, names={"weights": "W", "bias": "b"}))
        return net


def _body(layers: tuple[Conv2d, ...]) -> Network:
    """The network up to the fully connected layer; R, T, S as in the figure."""
    first, second, third = (layer.copy() for layer in layers)
    net = Network("x")
    net.add("z_1", first, "x")
    net.add("R", ReLU())
    net.add("z_2", second)
    net.add("a", ReLU())
    net.add("T", Add(), "a", "R")
    net.add("z_3", third)
    net.add("S", ReLU())
    net.add("f", Flatten())
    return net


# --- what is printed --------------------------------------------------------------------------------------------------


def constructor(s: Numbers) -> str:
    """The model up to its forward method, as code."""
    words = {s.channels: "input_channels", s.hidden: HIDDEN, s.multiple * s.hidden: f"{s.multiple} * {HIDDEN}"}
    lines = [
        "import torch",
        "from torch import nn",
        "from torch.nn.functional import relu",
        "",
        "",
        "class Model(nn.Module):",
        "    def __init__(self, input_channels, hidden_channels, num_classes):",
        "        super().__init__()",
    ]
    for name, (inputs, outputs), c in sorted(
        zip(s.names, s.channel_steps, s.convolutions, strict=True), key=lambda row: row[0]
    ):
        start = f"        self.{name} = nn.Conv2d("
        options = (
            [f"kernel_size={c.kernel}"]
            + [f"padding={c.padding}"] * bool(c.padding)
            + [f"stride={c.stride}"] * (c.stride > 1)
        )
        lines += [
            f"{start}in_channels={words[inputs]},",
            f"{' ' * len(start)}out_channels={words[outputs]},",
            f"{' ' * len(start)}{', '.join(options)}).cuda()",
        ]
    lines.append(f"        self.fc = nn.Linear(in_features={s.features}, out_features=num_classes).cuda()")
    return "\n".join(lines) + "\n"


def forward_given(s: Numbers) -> str:
    """What stands of the forward method already."""
    head = f"    def forward(self, x):\n        print(x.shape)  # {s.input_shape}\n"
    return f"{head}        # your code\n\n        return y\n"


def forward_written(s: Numbers) -> str:
    """The forward method as the solution prints it and the tests run it."""
    first, second, third = s.names
    return (
        f"    def forward(self, x):\n        print(x.shape)  # {s.input_shape}\n        x = x.cuda()  # to where the "
        f"weights are\n        r = relu(self.{first}(x))\n        t = relu(self.{second}(r)) + r\n        s = "
        f"relu(self.{third}(t))\n        y = self.fc(torch.flatten(s, 1))  # the batch stays\n        return y\n"
    )


def architecture(s: Numbers) -> Figure:
    """The network as a graph that gives away neither names nor sizes."""
    labels: dict[str, Text] = {"Conv2d": r"\mathrm{Conv2D}", "ReLU": r"\mathrm{ReLU}", "Flatten": r"\mathrm{Flatten}"}
    labels["Linear"] = T("fully connected", "vollvernetzt")
    net = s.net
    nodes: list[tuple[str, Text, NodeKind]] = [("x", "x", "quantity")]
    edges: list[tuple[str, str] | tuple[str, str, Text]] = []
    for node in net.nodes:
        kind = type(node.layer).__name__
        nodes.append((node.name, "+", "circle") if kind == "Add" else (node.name, labels[kind], "tall"))
        for quantity in node.inputs:
            edges.append(
                (quantity, node.name, quantity) if quantity in MARKED and kind != "Add" else (quantity, node.name)
            )
    nodes.append(("end", net.output, "quantity"))
    edges.append((net.output, "end"))
    alt = T(
        "convolution, ReLU (R), convolution, ReLU, plus R (T), convolution, ReLU (S), flatten, fully connected layer",
        "Faltung, ReLU (R), Faltung, ReLU, plus R (T), Faltung, ReLU (S), Flatten, vollvernetzte Schicht",
    )
    return Figure(graph_figure(nodes, edges), None, alt)


MARKED = ("R", "T", "S")


def written(shape: tuple[int, ...]) -> str:
    """A shape as LaTeX: ``(10, 3, 32, 32)``."""
    return "(" + ", ".join(map(str, shape)) + ")"


# --- the questions ----------------------------------------------------------------------------------------------------

HALF = Fraction(1, 2)


class Shapes(Question):
    number, credits = "7.1", "9/2"

    def text(self, s: Numbers) -> T:
        return T(
            "Make sure that the image sizes fit: complete the two tables. First put the convolutions that the "
            "constructor defines in the order in which the network uses them. Then give the shape of the weights of "
            "each, without bias, as (number of kernels, channels, height, width), and the shape of the images at R, "
            f"T and S, as (batch size, channels, height, width). `input_channels` is {s.channels} and "
            f"`hidden_channels` is {s.hidden}.",
            "Prüfen Sie, ob die Bildgrößen zueinander passen: Ergänzen Sie die beiden Tabellen. Bringen Sie zuerst "
            "die Faltungen, die der Konstruktor anlegt, in die Reihenfolge, in der das Netz sie verwendet. Geben Sie "
            "dann für jede die Form der Gewichte an, ohne Bias, als (Anzahl der Kerne, Kanäle, Höhe, Breite), und "
            "die Form der Bilder an den Stellen R, T und S als (Batchgröße, Kanäle, Höhe, Breite). `input_channels` "
            f"ist {s.channels}, `hidden_channels` ist {s.hidden}.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        found: list[Field] = []
        for place, (name, layer) in enumerate(zip(s.names, s.layers, strict=True), 1):
            others = tuple(spelled for other in s.names if other != name for spelled in _spellings(other))
            found.append(
                Name(
                    f"conv{place}",
                    HALF,
                    _spellings(name),
                    others,
                    T.same(f"{place}. Conv2D:"),
                    T.same(f"`{name}`"),
                    wide="short",
                )
            )
            found.append(
                Shape(
                    f"weights{place}",
                    HALF,
                    layer.parameter_shapes["weights"],
                    T(f"{place}. weights:", f"{place}. Gewichte:"),
                )
            )
        found += [Shape(key, HALF, s.shapes[key], key) for key in MARKED]
        return tuple(found)

    def asks(self, s: Numbers) -> tuple[Ask, ...]:
        convolutions = tuple((T.same(f"{i}. Conv2D"), Blank(f"conv{i}"), Blank(f"weights{i}")) for i in (1, 2, 3))
        images = (
            (T("input", "Eingabe"), read_latex(written(s.input_shape))),
            *((read_latex(key), Blank(key)) for key in MARKED),
        )
        return (
            Cells(
                (
                    T("convolution", "Faltung"),
                    T("variable", "Variable"),
                    T("shape of the weights", "Form der Gewichte"),
                ),
                convolutions,
            ),
            Cells((T("result at", "Ergebnis bei"), T("shape of the images", "Form der Bilder")), images),
        )

    def solution(self, s: Numbers) -> Document:
        table = shapes(s.net, s.input_shape)
        weights = [
            (T.same(f"{place}. Conv2D"), T.same(f"`{name}`"), read_latex(written(layer.parameter_shapes["weights"])))
            for place, (name, layer) in enumerate(zip(s.names, s.layers, strict=True), 1)
        ]
        images = tuple((read_latex(key), read_latex(written(s.shapes[key]))) for key in MARKED)
        sides = tuple(
            (read_latex(f"n_{key}"), *table[f"z_{place}"].shape_chains()[0]) for place, key in enumerate(MARKED, 1)
        )
        first, second, third = s.names
        factors = r" \cdot ".join(map(str, s.shapes["S"][1:]))
        return Document.of(
            Prose(
                T(
                    f"Only `{first}` takes images with {s.channels} channel{'s' * (s.channels > 1)}. The sum at T "
                    f"needs two summands of one shape, so `{second}` comes next, which changes neither channels nor "
                    f"size; `{third}` is left. Weights are always (output channels, input channels, kernel height, "
                    "kernel width).",
                    f"Nur `{first}` nimmt Bilder mit {s.channels} {'Kanälen' if s.channels > 1 else 'Kanal'}. Die "
                    f"Summe bei T braucht zwei Summanden derselben Form, also folgt `{second}`, das weder Kanäle noch "
                    f"Größe ändert; `{third}` bleibt übrig. Gewichte haben immer die Form (Ausgangskanäle, "
                    "Eingangskanäle, Kernhöhe, Kernbreite).",
                )
            ),
            Table((T("convolution", "Faltung"), T("variable", "Variable"), T("weights", "Gewichte")), tuple(weights)),
            *(Callout.of_credit("3/2", what) for what in (T("order", "Reihenfolge"), T("weights", "Gewichte"))),
            Prose(
                T(
                    r"Along each side $\lfloor (n + 2p - k) / s \rfloor + 1$ positions of a kernel fit, with kernel "
                    "$k$, padding $p$, stride $s$. ReLU and the sum leave shapes as they are.",
                    r"Entlang jeder Seite passen $\lfloor (n + 2p - k) / s \rfloor + 1$ Positionen eines Kerns, mit "
                    "Kern $k$, Padding $p$, Schrittweite $s$. ReLU und die Summe lassen die Form, wie sie ist.",
                )
            ),
            Equation(sides),
            Table((T("result at", "Ergebnis bei"), T("images", "Bilder")), images),
            Callout.of_credit("3/2", T("½ each", "je ½")),
            Prose(
                T(
                    f"Check: flattened, S has ${factors} = {s.features}$ numbers per image, as the fully connected "
                    "layer expects.",
                    f"Probe: Flach hat S ${factors} = {s.features}$ Zahlen je Bild, wie die vollvernetzte Schicht es "
                    "erwartet.",
                )
            ),
            maps_figure(s),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of("3/2", "order of the convolutions, ½ each", "Reihenfolge der Faltungen, je ½"),
            Step.of("3/2", "shapes of the weights, ½ each", "Formen der Gewichte, je ½"),
            Step.of("3/2", "shapes at R, T, S, ½ each", "Formen bei R, T, S, je ½"),
        )


def _spellings(name: str) -> tuple[str, ...]:
    """How a convolution may be named: convA, self.convA, A."""
    return name, f"self.{name}", name[-1]


def maps_figure(s: Numbers) -> Figure:
    """The feature maps with their sizes."""
    images: list[tuple[Text, tuple[int, ...]]] = [(T("input", "Eingabe"), s.input_shape)]
    images += [(key, s.shapes[key]) for key in MARKED]
    stages = [(label, channels, height, width) for label, (_, channels, height, width) in images]
    stages += [(T("flat", "flach"), s.features, 1, 1), (r"\hat y", CLASSES, 1, 1)]
    operations = [T.same(f"`{name}`") for name in s.names] + [T("flatten", "Flatten"), T.same("`fc`")]
    alt = T("the feature maps from the input to the output", "die Merkmalskarten von der Eingabe bis zur Ausgabe")
    caption = T(
        f"The feature maps, with {CLASSES} classes for instance",
        f"Die Merkmalskarten, zum Beispiel mit {CLASSES} Klassen",
    )
    return Figure(feature_maps_figure(stages, operations), caption, alt)


class Forward(Question):
    number, credits = "7.2", "3"

    def text(self, s: Numbers) -> T:
        return T(
            "Write the network's forward pass in Python with PyTorch. The input `x` lies in the memory of the CPU.",
            "Schreiben Sie den Vorwärtslauf des Netzes in Python mit PyTorch. Die Eingabe `x` liegt im Speicher der "
            "CPU.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            CodeAnswer("", Fraction(3), T.same(forward_written(s)), FORWARD_SCHEME, source=forward_given(s), lines=9),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Code(forward_written(s)),
            *(Callout.of_credit(step.credit, step.text) for step in FORWARD_SCHEME),
            Prose(
                T(
                    "As good: `x.to(self.fc.weight.device)` for `x.cuda()`, and `s.reshape(x.shape[0], -1)` for "
                    "`torch.flatten(s, 1)`.",
                    "Ebenso gut: `x.to(self.fc.weight.device)` statt `x.cuda()` und `s.reshape(x.shape[0], -1)` statt "
                    "`torch.flatten(s, 1)`.",
                )
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return FORWARD_SCHEME


FORWARD_SCHEME = (
    Step.of("1/2", "input to the device of the weights", "Eingabe auf das Gerät der Gewichte"),
    Step.of("1/2", "order of the convolutions", "Reihenfolge der Faltungen"),
    Step.of("1/2", "ReLU after each of them", "ReLU nach jeder davon"),
    Step.of("1/2", "R added after the second ReLU", "R nach dem zweiten ReLU addiert"),
    Step.of("1/2", "flattened, the batch kept", "flach gemacht, Batch bleibt"),
    Step.of("1/2", "`fc` without ReLU, returned", "`fc` ohne ReLU, zurückgegeben"),
)


# --- versions ---------------------------------------------------------------------------------------------------------


def _ambiguous(s: Numbers) -> bool:
    """Whether the convolutions fit together in another order as well."""
    return sum(_fits(s, order) for order in permutations(s.layers)) != 1


def _fits(s: Numbers, order: tuple[Conv2d, ...]) -> bool:
    try:
        features: int = _body(order).output_shapes(s.input_shape)["f"][-1]
    except ShapeError:
        return False
    return features == s.features


def _unwieldy(s: Numbers) -> bool:
    return s.shapes["S"][-1] < 4 or s.features > 4000


class PyTorch(Problem):
    """Problem 7 of fau-2021."""

    paper, number = "fau-2021", 7
    title = T("PyTorch", "PyTorch")
    questions = (Shapes(), Forward())
    rejections = (
        Rejection(
            T("the convolutions also fit in another order", "die Faltungen passen auch in anderer Reihenfolge"),
            _ambiguous,
        ),
        Rejection(
            T(
                "the constructor already lists the convolutions in order",
                "der Konstruktor nennt die Faltungen schon der Reihe nach",
            ),
            lambda s: s.letters == "ABC",
        ),
        Rejection(
            T("images that get too small, or too many features", "zu kleine Bilder oder zu viele Merkmale"), _unwieldy
        ),
    )

    def original(self) -> Numbers:
        """The network of the paper."""
        convolutions = (Convolution(3, 1, 0), Convolution(3, 1, 1), Convolution(5, 3, 2))
        return Numbers(10, 3, 32, 4, 2, convolutions, "CBA")

    def draw(self, rng: random.Random) -> Numbers:
        """Other sizes, other kernels; the second convolution keeps the size, as the skip connection needs it."""
        first = Convolution(rng.choice((3, 5, 7)), rng.choice((1, 1, 2)), rng.choice((0, 0, 1)))
        second = Convolution(*rng.choice(((3, 1, 1), (5, 1, 2))))
        third = Convolution(rng.choice((3, 5)), rng.choice((2, 3)), rng.choice((0, 1, 2)))
        return Numbers(
            batch=rng.choice((2, 4, 5, 8, 10, 16, 20)),
            channels=rng.choice((1, 3)),
            side=rng.choice((24, 28, 30, 32, 36, 40, 48)),
            hidden=rng.choice((2, 4, 5, 6, 8, 10, 12)),
            multiple=rng.choice((2, 3, 4)),
            convolutions=(first, second, third),
            letters="".join(rng.sample("ABC", 3)),
        )

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The figure, and the constructor."""
        return (
            Prose(
                T(
                    "The network in the figure is to be written in PyTorch: several convolutions of different stride "
                    "and padding, each followed by a ReLU. Their sizes stand in the constructor of `Model` below. "
                    "Remember that a convolution in PyTorch pads nothing unless it is told to; `padding=p` puts p "
                    "zeros on each side, in height and in width, before the kernel slides.",
                    "Das Netz aus der Abbildung soll in PyTorch geschrieben werden: mehrere Faltungen mit "
                    "verschiedenen Schrittweiten und verschiedenem Padding, nach jeder ein ReLU. Ihre Größen stehen "
                    "unten im Konstruktor von `Model`. Zur Erinnerung: Eine Faltung in PyTorch füllt von sich aus "
                    "nichts auf; `padding=p` setzt in Höhe und Breite auf jede Seite p Nullen, bevor der Kern gleitet.",
                )
            ),
            architecture(s),
            Code(constructor(s)),
        )


problem = PyTorch()
