"""tum-2024, problem 3: a 1-D convolution, max pooling and a fully connected layer, forwards and backwards."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import numpy as np

from rechenweg.nn import Conv1d, Flatten, L2Loss, Linear, MaxPool1d, Network
from rechenweg.numbers import Array, exact, named
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.steps import Steps
from rechenweg.questions.kinds.values import MatrixValue, Number, Shape, Vector
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Figure, Prose, join
from rechenweg.working.drawing import Drawing
from rechenweg.working.figures import graph_figure
from rechenweg.working.matrix import as_matrix
from rechenweg.working.run import Working, chain, work
from rechenweg.working.shapes import shapes


def network(kernel: Array, weights: Array) -> Network:
    """Conv1d(1→1) → MaxPool1d(2, stride 1) → fully connected → (y − y*)², without biases."""
    net = Network("x", loss=L2Loss(), target_name="y^*")
    net.add("z", Conv1d(weights=kernel.reshape(1, 1, -1), names={"weights": "c"}), "x")
    net.add("m", MaxPool1d(2, stride=1), "z")
    net.add("f", Flatten(), "m")
    net.add("y", Linear(weights=weights.reshape(-1, 1), names={"weights": "w"}), "f")
    return net


@dataclass
class Numbers(Setting):
    """The numbers of a version. `long` is the input length of 3.1; the given gradients restart 3.5 to 3.7."""

    x: tuple[int, ...]
    c: tuple[str, ...]
    w: tuple[int, ...]
    target: int
    long: int
    given_y: int
    given_m: tuple[int, ...]
    given_z: tuple[int, ...]
    asked: int

    @cached_property
    def net(self) -> Network:
        """The network with this version's weights."""
        return network(exact(list(self.c)), exact(list(self.w)))

    @cached_property
    def run(self) -> Working:
        """The run, with the gradients put in that the problem hands out for 3.5 to 3.7: one run says everything.

        Each quantity still knows how it is computed from those before it (:attr:`.Quantity.computed`, `formulas`).
        """
        given = {"dL/dy": [self.given_y], "dL/dm": list(self.given_m), "dL/dz": list(self.given_z)}
        return work(self.net, [[list(self.x)]], [[self.target]], given=given)

    @cached_property
    def forward(self) -> dict[str, Array]:
        """Every value of the forward pass and the loss ("L"), without names: all that the rejection rules look at."""
        net = self.net
        loss = net.loss_of(net.forward(exact([[list(self.x)]])), exact([[self.target]]))
        return {**{name: array.reshape(-1) for name, array in net.values.items()}, "L": np.array([loss], dtype=object)}


def written(run: Working, name: str, asked: int | None = None) -> Equation:
    """How a gradient is computed, element by element (or only the element `asked`), whatever was put in for it."""
    quantity = run[name]
    pairs = list(zip(quantity.labels, quantity.formulas.reshape(-1), strict=True))
    chosen = pairs if asked is None else [pairs[asked]]
    return Equation(tuple(chain(named(label, made), made, decimals=True) for label, made in chosen))


def vector(values: Any) -> str:
    """Values as a LaTeX row vector, decimals as they were given."""
    return "[" + ";".join(str(v) for v in values) + "]"


class Sizes(Question):
    """Lengths of the outputs, inputs of the last layer."""

    number, credits = "3.1", "1"
    per_count: ClassVar[Mapping[int, str] | None] = {1: "1/2", 3: "1"}

    def text(self, s: Numbers) -> T:
        return T(
            f"Feed a vector with {s.long} entries into the network. How long is what the convolution returns, how long "
            "what the pooling returns, and how many inputs $n$ does the fully connected layer need?",
            f"In das Netz geht ein Vektor mit {s.long} Einträgen. Wie lang ist die Ausgabe der Faltung, wie lang die "
            f"des "
            "Poolings, und wie viele Eingänge $n$ braucht die vollvernetzte Schicht?",
        )

    @staticmethod
    def lengths(s: Numbers) -> tuple[int, int, int]:
        """Lengths after convolution, pooling and flattening, from the layers themselves."""
        conv, pool = s.net.layer("z"), s.net.layer("m")
        z = conv.output_shape((1, 1, s.long))
        m = pool.output_shape(z)
        return z[-1], m[-1], s.net.layer("f").output_shape(m)[-1]

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        share = Fraction(1, 3)
        labels = (T("Conv1d", "Conv1d"), T("MaxPool1d", "MaxPool1d"), T("$n$", "$n$"))
        return tuple(
            Shape(key, share, (length,), label)
            for key, length, label in zip(("conv", "pool", "n"), self.lengths(s), labels, strict=True)
        )

    def solution(self, s: Numbers) -> Document:
        net = network(exact(list(s.c)), exact([1] * self.lengths(s)[2]))
        table = shapes(net, (1, 1, s.long))
        lengths = tuple((read_latex(f"n_{name}"), *table[name].shape_chains()[0]) for name in ("z", "m", "f"))
        return Document.of(
            Prose(
                T(
                    "A window of $k$ entries with stride $s$ fits in here, without padding ($p = 0$):",
                    "So oft passt ein Fenster aus $k$ Einträgen mit Schrittweite $s$ hinein, ohne Padding ($p = 0$):",
                )
            ),
            Equation(lengths),
            Callout.of_credit(1, T("½ for at least one of the three", "½ für mindestens eine der drei")),
            *table.document(detail=False),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step.of(1, "all three; ½ for at least one", "alle drei; ½ für mindestens eine"),)


class Forward(Question):
    """The forward pass and the loss."""

    number, credits = "3.2", "3"

    def text(self, s: Numbers) -> T:
        return T(
            f"From here on the input is $x = {vector(s.x)}$, the kernel $c = {vector(s.c)}$, the fully connected layer "
            f"has the "
            f"weights $w = {vector(s.w)}$, and the label is $y^* = {s.target}$. Run the network forwards: give the "
            f"convolution's "
            "output $z$, the pooling's output $m$, the prediction $y$ and the loss $L$.",
            f"Ab hier ist die Eingabe $x = {vector(s.x)}$, der Kern $c = {vector(s.c)}$, die vollvernetzte Schicht hat "
            f"die "
            f"Gewichte $w = {vector(s.w)}$, das Label ist $y^* = {s.target}$. Rechnen Sie das Netz vorwärts: Geben Sie "
            f"die "
            "Ausgabe $z$ der Faltung, die Ausgabe $m$ des Poolings, die Vorhersage $y$ und den Verlust $L$ an.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Vector("z", Fraction(1), s.run.plain("z"), "z", decimals=True),
            Vector("m", Fraction(1, 2), s.run.plain("m"), "m", decimals=True),
            Number("y", Fraction(1), s.run.scalar("y"), "y", decimals=True),
            Number("loss", Fraction(1, 2), s.run.scalar("L"), "L", decimals=True),
        )

    def working_lines(self, s: Numbers) -> int:
        return 6

    def solution(self, s: Numbers) -> Document:
        return join(
            s.run.part(name, decimals=True) + Document.of(Callout.of_credit(step.credit))
            for name, step in zip(("z", "m", "y", "L"), self.scheme(s), strict=True)
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "$z$", "$z$"),
            Step.of("1/2", "$m$", "$m$"),
            Step.of(1, "$y$", "$y$"),
            Step.of("1/2", "loss", "Verlust"),
        )


class AsMatrix(Question):
    """The convolution as a matrix."""

    number, credits = "3.3", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "Write the convolution as a matrix that is multiplied with the column vector $x$.",
            "Schreiben Sie die Faltung als Matrix, die mit dem Spaltenvektor $x$ multipliziert wird.",
        )

    def matrix(self, s: Numbers) -> Array:
        """(outputs, inputs), computed from the layer."""
        return as_matrix(s.net.layer("z"), (1, 1, len(s.x)), symbolic=False)

    def field(self, s: Numbers) -> MatrixValue:
        """The matrix to write down."""
        return MatrixValue(
            "",
            Fraction(2),
            self.matrix(s),
            "M",
            decimals=True,
            transpose_accepted=True,
            shape_credit=Fraction(1),
            blanks_cost=Fraction(1, 2),
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (self.field(s),)

    def solution(self, s: Numbers) -> Document:
        field = self.field(s)
        return Document.of(
            Prose(
                T(
                    "Row $i$ holds the kernel where window $i$ lies, and zeros elsewhere:",
                    "Zeile $i$ enthält den Kern dort, wo das Fenster $i$ liegt, sonst Nullen:",
                )
            ),
            Equation.of(read_latex("M"), field.layout(field.value)),
            Callout.of_credit(1, T("shape", "Form")),
            Callout.of_credit(1, T("entries; −½ without the zeros", "Einträge; −½ ohne die Nullen")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "shape", "Form"),
            Step.of(
                1,
                "entries; −½ without the zeros; the transpose is as good",
                "Einträge; −½ ohne die Nullen; transponiert gilt auch",
            ),
        )


class LossGradient(Question):
    """The derivative of the loss."""

    number, credits = "3.4", "1"

    def text(self, s: Numbers) -> T:
        return T(
            r"Derive $\frac{dL}{dy}$ for $L = (y - y^*)^2$, and give its value here.",
            r"Leiten Sie $\frac{dL}{dy}$ für $L = (y - y^*)^2$ her und geben Sie den Wert hier an.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        value = Number("value", Fraction(1, 2), s.run["dL/dy"].computed.item(), r"\frac{dL}{dy}", decimals=True)
        return (Steps("steps", Fraction(1, 2), lambda: s.run, ("dL/dy",)), value)

    def solution(self, s: Numbers) -> Document:
        return Document.of(written(s.run, "dL/dy")) + HALF_EACH

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return HALVES


class PoolGradient(Question):
    """Back through the fully connected layer."""

    number, credits = "3.5", "1"

    def text(self, s: Numbers) -> T:
        return T(
            rf"Let $m = [m_1; m_2]$ be the pooling's output. Whatever you found above, take $\frac{{dL}}{{dy}} = "
            rf"{s.given_y}$ as given and "
            r"calculate $\frac{dL}{dm}$.",
            rf"Sei $m = [m_1; m_2]$ die Ausgabe des Poolings. Nehmen Sie, was immer oben herauskam, $\frac{{dL}}{{dy}} "
            rf"= {s.given_y}$ als "
            r"gegeben und berechnen Sie $\frac{dL}{dm}$.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        run = s.run
        value = Vector("value", Fraction(1, 2), run["dL/dm"].computed, r"\frac{dL}{dm}", decimals=True)
        return (Steps("steps", Fraction(1, 2), lambda: run, ("dL/df",)), value)

    def solution(self, s: Numbers) -> Document:
        return s.run.part("dL/dy", decimals=True) + Document.of(written(s.run, "dL/df")) + HALF_EACH

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return HALVES


class ConvolutionGradient(Question):
    """Back through the max pooling."""

    number, credits = "3.6", "2"

    def text(self, s: Numbers) -> T:
        return T(
            rf"Let $z = [z_1; z_2; z_3]$ be the convolution's output. Take $\frac{{dL}}{{dm}} = {vector(s.given_m)}$ "
            rf"as given and calculate "
            r"$\frac{dL}{dz}$.",
            rf"Sei $z = [z_1; z_2; z_3]$ die Ausgabe der Faltung. Nehmen Sie $\frac{{dL}}{{dm}} = {vector(s.given_m)}$ "
            rf"als gegeben und "
            r"berechnen Sie $\frac{dL}{dz}$.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        run = s.run
        value = Vector("value", Fraction(1), run["dL/dz"].computed, r"\frac{dL}{dz}", decimals=True)
        return (Steps("steps", Fraction(1), lambda: run, ("dL/dz",)), value)

    def solution(self, s: Numbers) -> Document:
        return (
            Document.of(
                Prose(
                    T(
                        "Each maximum sends its gradient back to where it came from; what was no maximum gets nothing.",
                        "Jedes Maximum schickt seinen Gradienten dorthin zurück, woher es kam; was kein Maximum war, "
                        "bekommt nichts.",
                    )
                )
            )
            + s.run.part("z", "m", decimals=True)
            + Document.of(
                written(s.run, "dL/dz"),
                Callout.of_credit(1, T("chain rule", "Kettenregel")),
                Callout.of_credit(1, T("values", "Werte")),
            )
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "chain rule, ½ for each maximum", "Kettenregel, ½ je Maximum"),
            Step.of(
                1, "values, ½ each; −½ for a value without its steps", "Werte, je ½; −½ für einen Wert ohne Rechenweg"
            ),
        )


class KernelGradient(Question):
    """One weight of the kernel."""

    number, credits = "3.7", "1"

    def text(self, s: Numbers) -> T:
        return T(
            rf"Take $\frac{{dL}}{{dz}} = {vector(s.given_z)}$ as given and calculate $\frac{{dL}}{{dc_{s.asked}}}$.",
            rf"Nehmen Sie $\frac{{dL}}{{dz}} = {vector(s.given_z)}$ als gegeben und berechnen Sie "
            rf"$\frac{{dL}}{{dc_{s.asked}}}$.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        run = s.run
        name = rf"\frac{{dL}}{{dc_{s.asked}}}"
        value = Number("value", Fraction(1, 2), run.plain("dL/dc")[s.asked - 1], name, decimals=True)
        return (Steps("steps", Fraction(1, 2), lambda: run, ("dL/dc",), s.asked - 1), value)

    def solution(self, s: Numbers) -> Document:
        return Document.of(written(s.run, "dL/dc", s.asked - 1)) + HALF_EACH

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return HALVES


HALVES = (
    Step.of("1/2", "chain rule", "Kettenregel"),
    Step.of("1/2", "value; −½ for a value without its steps", "Wert; −½ für einen Wert ohne Rechenweg"),
)
HALF_EACH = Document.of(
    Callout.of_credit("1/2", T("chain rule", "Kettenregel")), Callout.of_credit("1/2", T("value", "Wert"))
)


def _tie(s: Numbers) -> bool:
    z = s.forward["z"]
    return any(z[i] == z[i + 1] for i in range(2))


def _trivial(s: Numbers) -> bool:
    y, loss = s.forward["y"][0], s.forward["L"][0]
    return 0 in (y, loss, *s.forward["z"])


def _ugly(s: Numbers) -> bool:
    y, loss = s.forward["y"][0], s.forward["L"][0]
    return bool(max(abs(y.fraction()), loss.fraction() / 10) > 20)


class Backpropagation(Problem):
    """Problem 3 of tum-2024."""

    paper, number = "tum-2024", 3
    title = T("Backpropagation", "Rückwärtsrechnung")
    questions = (
        Sizes(), Forward(), AsMatrix(), LossGradient(), PoolGradient(), ConvolutionGradient(), KernelGradient(),
    )  # fmt: skip
    rejections = (
        Rejection(T("a tie in the max pooling", "Gleichstand im Max-Pooling"), _tie),
        Rejection(T("a zero that makes the rest trivial", "eine Null, die den Rest trivial macht"), _trivial),
        Rejection(T("numbers too large for a paper", "Zahlen, zu groß für eine Klausur"), _ugly),
    )

    def original(self) -> Numbers:
        """The numbers of the paper."""
        return Numbers(
            x=(2, 3, 1, 2, -1), c=("0.5", "1.5", "0.5"), w=(-1, 3), target=2, long=7,
            given_y=2, given_m=(2, 1), given_z=(1, 2, 3), asked=2,
        )  # fmt: skip

    def draw(self, rng: random.Random) -> Numbers:
        """Small whole inputs, a kernel in halves, gradients that differ from each other."""
        halves = ("-1.5", "-1", "-0.5", "0.5", "1", "1.5", "2")
        return Numbers(
            x=tuple(rng.choice((-3, -2, -1, 1, 2, 3, 4)) for _ in range(5)),
            c=tuple(rng.sample(halves, 3)),
            w=tuple(rng.sample((-3, -2, -1, 1, 2, 3), 2)),
            target=rng.randint(-3, 4),
            long=rng.randint(6, 12),
            given_y=rng.choice((-3, -2, 2, 3, 4)),
            given_m=tuple(rng.sample((-3, -2, -1, 1, 2, 3), 2)),
            given_z=tuple(rng.sample((-2, -1, 1, 2, 3, 4), 3)),
            asked=rng.randint(1, 3),
        )

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The network as a figure."""
        return (
            Prose(
                T(
                    "A small network reads a vector $x$: a convolution with the kernel $c = [c_1; c_2; c_3]$ (stride "
                    "1, no padding), max "
                    "pooling over 2 entries with stride 1, and a fully connected layer with the weights $w$. There are "
                    "no biases. The "
                    "loss of a prediction $y$ with label $y^*$ is $L = (y - y^*)^2$.",
                    "Ein kleines Netz liest einen Vektor $x$: eine Faltung mit dem Kern $c = [c_1; c_2; c_3]$ "
                    "(Schrittweite 1, kein "
                    "Padding), Max-Pooling über 2 Einträge mit Schrittweite 1 und eine vollvernetzte Schicht mit den "
                    "Gewichten $w$. "
                    "Einen Bias gibt es nicht. Der Verlust einer Vorhersage $y$ mit dem Label $y^*$ ist $L = (y - "
                    "y^*)^2$.",
                )
            ),
            Figure(_figure(), None, FIGURE),
        )


FIGURE = T(
    "The network from left to right: x, convolution, z, max pooling, m, fully connected layer, y, loss L, which the "
    "label enters.",
    "Das Netz von links nach rechts: x, Faltung, z, Max-Pooling, m, vollvernetzte Schicht, y, Verlust L, in den das "
    "Label eingeht.",
)


@lru_cache(maxsize=1)
def _figure() -> Drawing:
    return graph_figure(
        [
            ("x", "x", "quantity"),
            ("conv", T.same("Conv1d")),
            ("c", "c", "parameter"),
            ("pool", T.same("MaxPool1d")),
            ("full", T("fully connected", "vollvernetzt")),
            ("w", "w", "parameter"),
            ("loss", T("loss", "Verlust")),
            ("label", "y^*", "parameter"),
            ("L", "L", "quantity"),
        ],
        [
            ("x", "conv"), ("c", "conv"), ("conv", "pool", "z"), ("pool", "full", "m"), ("w", "full"),
            ("full", "loss", "y"), ("label", "loss"), ("loss", "L"),
        ],
    )  # fmt: skip


problem = Backpropagation()
