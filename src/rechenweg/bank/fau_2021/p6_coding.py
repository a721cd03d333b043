"""fau-2021, problem 6: an activation with a negative side as a layer, in NumPy."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from rechenweg.numbers import Exact, case, exact, formula, symbol
from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.written import CodeAnswer
from rechenweg.questions.question import Problem, Question, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Code, Document, Equation, Prose

SKELETON = """class {name}:
    def __init__(self, alpha):
        # your code

    def forward(self, input_tensor):
        # your code

    def backward(self, error_tensor):
        # your code
"""

SOLUTION = """import numpy as np


class {name}:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        self.input_tensor = input_tensor  # backward needs it
        below = np.minimum(input_tensor, 0)  # exp must not overflow
        negative = {negative}
        return np.where(input_tensor > 0, input_tensor, negative)

    def backward(self, error_tensor):
        below = np.minimum(self.input_tensor, 0)
        slope = {slope}
        slope = np.where(self.input_tensor > 0, 1, slope)
        return error_tensor * slope
"""
"""What is printed as the solution; the tests run it against the library's layer and against PyTorch."""

LEAKY = """import numpy as np


class LeakyReLU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, input_tensor):
        self.input_tensor = input_tensor  # backward needs it
        negative = self.alpha * input_tensor
        return np.where(input_tensor > 0, input_tensor, negative)

    def backward(self, error_tensor):
        slope = np.where(self.input_tensor > 0, 1, self.alpha)
        return error_tensor * slope
"""


@dataclass(frozen=True, slots=True)
class Layer:
    """An activation to be written.

    Attributes:
        name: of the class.
        value, slope: f(x) and f′(x) below 0, as exact functions of x and α; above 0 they are x and 1.
        code: the solution, a program.
    """

    name: str
    value: Callable[[Exact, Exact], Exact]
    slope: Callable[[Exact, Exact], Exact]
    code: str

    def function(self) -> Exact:
        """f(x) as a case distinction."""
        x, alpha = symbol("x"), symbol(r"\alpha")
        return case([(x > 0, x)], self.value(x, alpha))

    def derivative(self) -> Exact:
        """f′(x) as a case distinction."""
        x, alpha = symbol("x"), symbol(r"\alpha")
        return case([(x > 0, exact(1))], self.slope(x, alpha))

    def pieces(self) -> list[str]:
        """The solution in three pieces, one for each method; joined by empty lines they are the program."""
        head, *methods = self.code.split("\n\n    def ")
        return [head, *("    def " + method for method in methods)]

    def called(self, prime: str = "") -> Layout:
        """The left side of its definition."""
        return read_latex(rf"\operatorname{{{self.name}}}{prime}(x)")


LAYERS = (
    Layer(
        "ELU",
        lambda x, alpha: alpha * (x.exp() - 1),
        lambda x, alpha: alpha * x.exp(),
        SOLUTION.format(name="ELU", negative="self.alpha * (np.exp(below) - 1)", slope="self.alpha * np.exp(below)"),
    ),
    Layer(
        "CELU",
        lambda x, alpha: alpha * ((x / alpha).exp() - 1),
        lambda x, alpha: (x / alpha).exp(),
        SOLUTION.format(
            name="CELU", negative="self.alpha * (np.exp(below / self.alpha) - 1)", slope="np.exp(below / self.alpha)"
        ),
    ),
    Layer(
        "LeakyReLU",
        lambda x, alpha: alpha * x,
        lambda x, alpha: alpha,
        LEAKY,
    ),
)

METHODS = (
    (Step.of("1/2", "constructor: `alpha` is kept", "Konstruktor: `alpha` wird behalten"),),
    (
        Step.of(
            1,
            "forward: positive and negative inputs told apart",
            "forward: positive und negative Eingaben unterschieden",
        ),
        Step.of(1, "forward: the right formula", "forward: die richtige Formel"),
        Step.of(1, "forward: what backward needs is kept", "forward: was backward braucht, wird behalten"),
    ),
    (
        Step.of(
            "1/2",
            "backward: positive and negative inputs told apart",
            "backward: positive und negative Eingaben unterschieden",
        ),
        Step.of(1, "backward: the right derivative", "backward: die richtige Ableitung"),
        Step.of(1, "backward: chain rule, times `error_tensor`", "backward: Kettenregel, mal `error_tensor`"),
    ),
)
"""What credit is given for, method by method."""

SCHEME = tuple(step for steps in METHODS for step in steps)


@dataclass
class Numbers(Setting):
    """Which layer is to be written."""

    layer: str

    @property
    def wanted(self) -> Layer:
        """The layer."""
        return next(layer for layer in LAYERS if layer.name == self.layer)


class WriteLayer(Question):
    number, credits = "6.1", "6"

    def text(self, s: Numbers) -> T:
        name = s.wanted.name
        return T(
            f"Write a layer `{name}` that fits into the framework of Exercises 1 to 3. Use NumPy and basic Python "
            "only. The class needs a "
            r"constructor `__init__` that takes the parameter `alpha` ($\alpha$ below), a method "
            "`forward(input_tensor)` and a method `backward(error_tensor)`. Names of NumPy functions need not be "
            "exact: where one has slipped your mind, say what yours does.",
            f"Schreiben Sie eine Schicht `{name}`, die in das Framework der Übungen 1 bis 3 passt. Verwenden Sie nur "
            "NumPy und einfaches "
            r"Python. Die Klasse braucht einen Konstruktor `__init__`, der den Parameter `alpha` (unten $\alpha$) "
            "nimmt, eine Methode `forward(input_tensor)` und eine Methode `backward(error_tensor)`. Namen von "
            "NumPy-Funktionen müssen nicht genau stimmen: Fällt Ihnen einer nicht ein, sagen Sie, was Ihre Funktion "
            "tut.",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        return (Equation.of(s.wanted.called(), formula(s.wanted.function())),)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        layer = s.wanted
        source = SKELETON.format(name=layer.name)
        return (CodeAnswer("", Fraction(6), T.same(layer.code), SCHEME, source=source, lines=16),)

    def solution(self, s: Numbers) -> Document:
        layer = s.wanted
        code: list[Block] = []
        for piece, steps in zip(layer.pieces(), METHODS, strict=True):
            code += [Code(piece), *(Callout.of_credit(step.credit, step.text) for step in steps)]
        return Document.of(
            Prose(T("The derivative, branch by branch:", "Die Ableitung, Zweig für Zweig:")),
            Equation.of(layer.called("'"), formula(layer.derivative())),
            Prose(
                T(
                    r"At $x = 0$ either branch will do. By the chain rule $\frac{\partial L}{\partial x}$ is the "
                    "incoming error times this derivative, element by element, at the input of the forward pass: so "
                    "the layer has to remember it.",
                    r"Bei $x = 0$ ist jeder der beiden Zweige recht. Nach der Kettenregel ist $\frac{\partial "
                    r"L}{\partial x}$ der ankommende Fehler mal dieser Ableitung, Element für Element, an der Eingabe "
                    "des Vorwärtslaufs: Die Schicht muss sie sich also merken.",
                )
            ),
            *code,
            Prose(T("Other solutions are as good.", "Andere Lösungen sind ebenso gut.")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return SCHEME


class Coding(Problem):
    """Problem 6 of fau-2021."""

    paper, number = "fau-2021", 6
    title = T("Coding", "Programmieren")
    questions = (WriteLayer(),)

    def original(self) -> Numbers:
        """The layer of the paper."""
        return Numbers("ELU")

    def draw(self, rng: random.Random) -> Numbers:
        """One of the layers with a straight positive and a bent negative side."""
        return Numbers(rng.choice(LAYERS).name)


problem = Coding()
