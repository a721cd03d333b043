"""tum-2024, problem 5: a 3 × 3 kernel run over a 4 × 4 image by hand, what it does, and its gradients."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from rechenweg.nn import Conv2d, Network
from rechenweg.numbers import Array, exact
from rechenweg.numbers.notation import Layout, Matrix, read_latex
from rechenweg.numbers.printing import result
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.values import MatrixValue
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.marks import Mark
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose
from rechenweg.working.run import Working, gradient, work

Rows = tuple[tuple[int, ...], ...]

EFFECTS: dict[Rows, tuple[T, T]] = {
    ((0, -1, 0), (-1, 5, -1), (0, -1, 0)): (
        T("It sharpens the image: edges stand out.", "Er schärft das Bild: Kanten treten hervor."),
        T(
            "Its entries add up to 1, so that flat areas stay as they are; the negative neighbours raise every "
            "difference.",
            "Seine Einträge ergeben zusammen 1, gleichmäßige Flächen bleiben also; die negativen Nachbarn heben jeden "
            "Unterschied.",
        ),
    ),
    ((0, -1, 0), (-1, 4, -1), (0, -1, 0)): (
        T("It finds edges in every direction (Laplace kernel).", "Er findet Kanten in jeder Richtung (Laplace-Kern)."),
        T(
            "Its entries add up to 0: flat areas become 0, only differences are left.",
            "Seine Einträge ergeben zusammen 0: Gleichmäßige Flächen werden 0, nur Unterschiede bleiben.",
        ),
    ),
    ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)): (
        T("It finds vertical edges (Sobel kernel).", "Er findet senkrechte Kanten (Sobel-Kern)."),
        T(
            "It subtracts the left neighbours from the right ones: a derivative in horizontal direction.",
            "Er zieht die linken Nachbarn von den rechten ab: eine Ableitung in waagrechter Richtung.",
        ),
    ),
    ((-1, -2, -1), (0, 0, 0), (1, 2, 1)): (
        T("It finds horizontal edges (Sobel kernel).", "Er findet waagrechte Kanten (Sobel-Kern)."),
        T(
            "It subtracts the upper neighbours from the lower ones: a derivative in vertical direction.",
            "Er zieht die oberen Nachbarn von den unteren ab: eine Ableitung in senkrechter Richtung.",
        ),
    ),
    ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)): (
        T("It makes a relief of the image (emboss).", "Er macht aus dem Bild ein Relief (Prägung)."),
        T(
            "Along the diagonal it subtracts one side from the other and adds the pixel itself: lit from one corner.",
            "Entlang der Diagonale zieht er eine Seite von der anderen ab und addiert das Pixel selbst: Licht aus "
            "einer Ecke.",
        ),
    ),
}
"""Kernels whose effect has a name: the effect, and why."""


@dataclass
class Numbers(Setting):
    """Image, kernel and the gradient that arrives at the output."""

    image: Rows
    kernel: Rows
    upstream: Rows

    @cached_property
    def quickly(self) -> tuple[Array, Array]:
        """Output and gradient of the kernel over floats, which hold these whole numbers exactly; for rejections."""
        layer = Conv2d(weights=np.array([[self.kernel]], dtype=float))
        output = layer.forward(np.array([[self.image]], dtype=float))
        layer.backward(np.array([[self.upstream]], dtype=float))
        return output, layer.gradients["weights"]

    @cached_property
    def run(self) -> Working:
        """Forward over the image, backward from the given gradient."""
        net = Network("X")
        net.add("Y", Conv2d(weights=exact([[self.kernel]]), names={"weights": "K"}), "X")
        return work(net, exact([[self.image]]), given={"dL/dY": exact([[self.upstream]])})


def matrix(rows: Any) -> Layout:
    """Numbers as a matrix."""
    return Matrix(tuple(tuple(result(exact(v)) for v in row) for row in rows))


class Forward(Question):
    """The convolution."""

    number, credits = "5.1", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "Run the kernel $K$ over the image $X$ with stride 1 and without padding; the kernel is not flipped. What "
            "comes out?",
            "Führen Sie den Kern $K$ mit Schrittweite 1 und ohne Padding über das Bild $X$; der Kern wird nicht "
            "gespiegelt. Was kommt heraus?",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        return (
            Equation.of(read_latex("X"), matrix(s.image)),
            Equation.of(read_latex("K"), matrix(s.kernel)),
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (MatrixValue("", self.maximum, s.run.plain("Y"), "Y", per_slip=Fraction(1, 2)),)

    def working_lines(self, s: Numbers) -> int:
        return 6

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            s.run["Y"].equation(),
            Callout.of_credit(2, T("½ for each entry", "½ je Eintrag")),
        )  # fmt: skip

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step.of(2, "½ for each entry", "½ je Eintrag"),)


class Effect(Question):
    """What the kernel does to an image."""

    number, credits = "5.2", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "This kernel is a well-known one. What does an image look like after it?",
            "Dieser Kern ist ein bekannter. Wie sieht ein Bild nach ihm aus?",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        effect, reason = EFFECTS[s.kernel]
        return (Text("", self.maximum, effect + " " + reason, (Step(Fraction(1), effect),), lines=2),)

    def solution(self, s: Numbers) -> Document:
        effect, reason = EFFECTS[s.kernel]
        return Document.of(Prose(effect + " " + reason), Callout.of_credit(1))

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step(Fraction(1), EFFECTS[s.kernel][0]),)


@dataclass(frozen=True)
class InputOrKernel(MatrixValue):
    """The gradient with respect to the input; the course also accepted the one of the kernel, a mistake of reading.

    Attributes:
        kernel_gradient: (kernel height, kernel width).
    """

    kernel_gradient: Array | None = None

    def judge(self, answer: Any, rules: Rules) -> Mark:
        mark = super().judge(answer, rules)
        assert self.kernel_gradient is not None
        if answer.shape == self.kernel_gradient.shape:
            other = MatrixValue(self.key, self.credits, self.kernel_gradient, per_slip=self.per_slip).judge(
                answer, rules
            )
            reason = other.reason + T(
                "; the gradient of the *kernel* was calculated, which is accepted",
                "; berechnet wurde der Gradient des *Kerns*, was akzeptiert wird",
            )
            return Mark(self.key, self.credits, other.credit, reason, mark.given, self.layout(self.kernel_gradient))
        return mark


class InputGradient(Question):
    """The gradient of the input; that of the kernel was accepted as well."""

    number, credits = "5.3", "4"

    def text(self, s: Numbers) -> T:
        return T(
            r"At the output of this convolution arrives the gradient $\frac{\partial L}{\partial Y}$. What is the "
            r"gradient "
            r"$\frac{\partial L}{\partial X}$ of the input?",
            r"Am Ausgang dieser Faltung kommt der Gradient $\frac{\partial L}{\partial Y}$ an. Wie lautet der Gradient "
            r"$\frac{\partial L}{\partial X}$ der Eingabe?",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        return (Equation.of(read_latex(gradient("Y")), matrix(s.upstream)),)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            InputOrKernel(
                "",
                self.maximum,
                s.run.plain("dL/dX"),
                gradient("X"),
                per_slip=Fraction(1, 2),
                kernel_gradient=s.run.plain("dL/dK"),
            ),
        )

    def working_lines(self, s: Numbers) -> int:
        return 8

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "Every output sends its gradient, times the kernel, back to the window it was computed from; what "
                    "arrives at a pixel is added.",
                    "Jede Ausgabe schickt ihren Gradienten, mal dem Kern, an das Fenster zurück, aus dem sie entstand; "
                    "was an einem Pixel "
                    "ankommt, wird addiert.",
                )
            ),
            s.run["dL/dX"].equation(most=6),
            Callout.of_credit(4, T("−½ for each wrong entry", "−½ je falschem Eintrag")),
            Prose(
                T(
                    r"The course accepted the gradient of the kernel, too: $\frac{\partial L}{\partial K}$ is",
                    r"Der Kurs akzeptierte auch den Gradienten des Kerns: $\frac{\partial L}{\partial K}$ ist",
                )
            ),
            Equation.of(read_latex(gradient("K")), matrix(s.run.plain("dL/dK"))),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                4,
                "−½ for each wrong entry; the kernel's gradient counts too",
                "−½ je falschem Eintrag; der Gradient des Kerns zählt auch",
            ),
        )


def _rows(values: Any) -> Rows:
    return tuple(tuple(int(v) for v in row) for row in values)


def _flat_output(s: Numbers) -> bool:
    output, _ = s.quickly
    return len(np.unique(output)) < 3 or bool((output == 0).any())


def _large(s: Numbers) -> bool:
    return bool((np.abs(s.quickly[0]) > 30).any())


def _no_kernel_gradient(s: Numbers) -> bool:
    return bool((s.quickly[1] == 0).all())


class Kernel(Problem):
    """Problem 5 of tum-2024."""

    paper, number = "tum-2024", 5
    title = T("Convolution kernel", "Faltungskern")
    questions = (Forward(), Effect(), InputGradient())
    rejections = (
        Rejection(
            T("an output with zeros or hardly any difference", "eine Ausgabe mit Nullen oder kaum Unterschieden"),
            _flat_output,
        ),
        Rejection(T("numbers too large to calculate by hand", "Zahlen, zu groß zum Rechnen von Hand"), _large),
        Rejection(
            T("a kernel gradient of zeros only", "ein Kerngradient nur aus Nullen"),
            _no_kernel_gradient,
        ),
    )

    def original(self) -> Numbers:
        """The numbers of the paper."""
        return Numbers(
            image=((1, 2, -1, -3), (-1, 3, 0, 2), (1, 1, 1, -2), (0, 2, 0, -3)),
            kernel=next(iter(EFFECTS)),
            upstream=((3, -1), (1, 2)),
        )

    def draw(self, rng: random.Random) -> Numbers:
        """A small image, a kernel whose effect has a name, a gradient without zeros."""
        return Numbers(
            image=_rows([[rng.randint(-3, 3) for _ in range(4)] for _ in range(4)]),
            kernel=rng.choice(list(EFFECTS)),
            upstream=_rows([[rng.choice((-2, -1, 1, 2, 3)) for _ in range(2)] for _ in range(2)]),
        )


problem = Kernel()
