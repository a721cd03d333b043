"""fau-2021, problem 4: a scalar network with a skip connection, forwards, backwards, and turned against itself."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from rechenweg.bank.fau_2021.residual import (
    ACTIVATIONS,
    LOSS_FORMULAS,
    LOSS_NAMES,
    LOSSES,
    NAMES,
    PREDICTION,
    SHAPES,
    TARGET,
    General,
    Structure,
    bare,
    general,
    loss_of,
    number,
    operations_figure,
    scalar,
)
from rechenweg.nn import Network
from rechenweg.numbers import Exact, exact, formula, named, result, symbol
from rechenweg.numbers.exact import chain as operands
from rechenweg.numbers.notation import Layout, read_latex, to_latex
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.naming import Name
from rechenweg.questions.kinds.values import Formula, Number
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose
from rechenweg.working.run import Working, chain, gradient, opened, work


@dataclass
class Numbers(Setting):
    """The network's structure, and the numbers of 4.3 as text (see :func:`number`); `y` is its label."""

    structure: Structure
    x: str
    w_1: str
    w_2: str
    b_1: str
    y: int

    @property
    def general(self) -> General:
        """The formulas of this structure."""
        return general(self.structure)

    @cached_property
    def net(self) -> Network:
        """The network with this version's numbers."""
        return self.structure.network(number(self.w_1), number(self.w_2), number(self.b_1))

    @cached_property
    def run(self) -> Working:
        """The forward run of 4.3, written out."""
        return work(self.net, scalar(number(self.x)), scalar(exact(self.y)), backward=False)

    @cached_property
    def loss(self) -> Exact:
        """The loss of 4.3."""
        net = self.net
        value: Exact = net.loss_of(net.forward(scalar(number(self.x))), scalar(exact(self.y)))
        return value

    @property
    def other_label(self) -> int:
        """The label that the adversarial example of 4.5 is to be given."""
        low, high = self.structure.labels
        return low + high - self.y


# --- the questions ----------------------------------------------------------------------------------------------------


RESNET = (
    "ResNet", "ResNets", "Residual", "Residual Network", "Residual Networks", "Residual Net", "Residual Neural Network",
    "Residualnetz", "Residuales Netz", "Residualblock", "Deep Residual",
)  # fmt: skip
OTHERS = (
    "U-Net", "Autoencoder", "LSTM", "RNN", "GRU", "Elman", "Inception", "GoogLeNet", "VGG", "AlexNet", "LeNet", "GAN",
    "DenseNet", "Transformer", "CNN", "MLP", "Perceptron", "Perzeptron",
)  # fmt: skip
NOT_THE_INPUT = (
    "w", "weights", "Gewichte", "w_1", "w_2", "b_1", "parameters", "Parameter", "theta", "bias", "y", "label", "f(x)",
    "f", "yhat", "ŷ", "loss", "o",
)  # fmt: skip
"""Names that candidates give, right and wrong."""


class Architecture(Question):
    number, credits = "4.1", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "Which well-known architecture does this network resemble?",
            "Welcher bekannten Architektur ähnelt dieses Netz?",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Name(
                "",
                Fraction(1),
                RESNET,
                OTHERS,
                T("architecture:", "Architektur:"),
                T("ResNet (residual network)", "ResNet (Residual Network)"),
                ("network", "architecture", "block", "module", "Netz", "Netzwerk", "Architektur", "Modul"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        joins = (
            T(
                "is added to the output $h$ of the first activation",
                "wird zur Ausgabe $h$ der ersten Aktivierung addiert",
            )
            if s.structure.skip_first
            else T(
                "is added to what the branch with $w_1$ and $w_2$ makes of it",
                "wird zu dem addiert, was der Zweig mit $w_1$ und $w_2$ aus ihm macht",
            )
        )
        return Document.of(
            Prose(
                T(
                    "A **ResNet**: the input $x$ skips a part of the network and ",
                    "Ein **ResNet**: Die Eingabe $x$ überspringt einen Teil des Netzes und ",
                )
                + joins
                + T(", as in a residual block.", ", wie in einem Residualblock.")
            ),
            Callout.of_credit(1),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step.of(1, "ResNet or residual block", "ResNet oder Residualblock"),)


class NetworkFormula(Question):
    number, credits = "4.2", "3/2"

    def text(self, s: Numbers) -> T:
        return T(
            r"Write $f(x) = \hat y$ as one formula in $x$, $w_1$, $w_2$, $b_1$, $\sigma_1$ and $\sigma_2$.",
            r"Schreiben Sie $f(x) = \hat y$ als eine Formel in $x$, $w_1$, $w_2$, $b_1$, $\sigma_1$ und $\sigma_2$.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        g = s.general
        inside: Exact = g.prediction.args[0]
        return (
            Formula(
                "",
                Fraction(3, 2),
                g.prediction,
                r"f(x) = \hat y",
                vocabulary=g.plain_words,
                partly=(
                    (g.without_skip, Fraction(1), T("the skip connection is missing", "die Skip-Verbindung fehlt")),
                    (inside, Fraction(1), T("the last activation is missing", "die letzte Aktivierung fehlt")),
                ),
                wrong=(to_latex(formula(g.without_skip)), to_latex(formula(inside))),
            ),
        )

    def working_lines(self, s: Numbers) -> int:
        return 2

    def solution(self, s: Numbers) -> Document:
        g = s.general
        names = [name for name in ("a", "h", "s", "o") if name in g.run]
        steps = tuple(chain(g.run[name].scalar, opened(g.definition(name), keep=names)) for name in names)
        return Document.of(
            Prose(
                T(
                    "Along the arrows, up to what enters $\\sigma_2$:",
                    "Den Pfeilen entlang, bis zu dem, was in $\\sigma_2$ eingeht:",
                )
            ),
            Equation(steps),
            Callout.of_credit(
                1, T("inner part, weight and skip connection", "innerer Teil, Gewicht und Skip-Verbindung")
            ),
            Prose(T("One put into the other:", "Ineinander eingesetzt:")),
            Equation.of(read_latex("f(x)"), read_latex(PREDICTION), formula(g.prediction)),
            Callout.of_credit("1/2", T("$\\sigma_2$ around it", "$\\sigma_2$ darum")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of("1/2", r"$\sigma_1$ and what enters it", r"$\sigma_1$ und was darin eingeht"),
            Step.of("1/2", "$w_2$, and $x$ added", "$w_2$, und $x$ addiert"),
            Step.of("1/2", r"$\sigma_2$ around it", r"$\sigma_2$ darum"),
        )


def _given(s: Numbers) -> str:
    values = (
        ("x", number(s.x)),
        ("y", exact(s.y)),
        ("w_1", number(s.w_1)),
        ("w_2", number(s.w_2)),
        ("b_1", number(s.b_1)),
    )
    return ", ".join(f"${name} = {to_latex(result(value, decimals=True))}$" for name, value in values)


class Loss(Question):
    number, credits = "4.3", "1"

    def text(self, s: Numbers) -> T:
        exact_form = (
            T("", "")
            if s.is_paper
            else T(
                " Exponentials and logarithms may stay as they are.",
                " Exponentialausdrücke und Logarithmen dürfen stehen bleiben.",
            )
        )
        return T("What is the loss for ", "Wie groß ist der Verlust für ") + _given(s) + "?" + exact_form

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (Number("", Fraction(1), s.loss, "L", decimals=True),)

    def working_lines(self, s: Numbers) -> int:
        return 4

    def solution(self, s: Numbers) -> Document:
        names = [name for name in ("a", "h", "s", "m", "o", PREDICTION, "L") if name in s.run]
        k = s.w_1.partition("ln")[2].strip()
        inverse = T(
            rf"Since $e^{{\ln {k}}} = {k}$, the value of $\sigma_1$ is a fraction.",
            rf"Weil $e^{{\ln {k}}} = {k}$ ist, ist der Wert von $\sigma_1$ ein Bruch.",
        )
        hint = Document.of(inverse) if k else Document()
        return (
            hint
            + s.run.part(*names, decimals=True)
            + Document.of(Callout.of_credit(1, T("value of the loss", "Wert des Verlusts")))
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step.of(1, "the value, in any exact form", "der Wert, in einer beliebigen exakten Form"),)


ASKED = (PREDICTION, "o", "w_2", "b_1", "w_1", "x")
"""The derivatives asked for, in the order of the paper."""

KEYS = {PREDICTION: "dL/dyhat", "o": "dL/do", "w_2": "dL/dw2", "b_1": "dL/db1", "w_1": "dL/dw1", "x": "dL/dx"}
"""Their keys in answer files."""

WORTH = {name: Fraction(2 if name == "x" else 1) for name in ASKED}
"""Their credit; x reaches the loss along two paths."""


class Derivatives(Question):
    number, credits = "4.4", "7"

    def text(self, s: Numbers) -> T:
        return T(
            "Derive the partial derivatives of the loss below, as **general formulas**: the numbers of Question 4.3 "
            r"are not to be put in. Besides $x$, $y$, weights and bias you may use $\hat y$, $o$ and the names $a$, "
            r"$h$ of the figure, $\sigma_1$, $\sigma_2$, $\sigma_1'$, $\sigma_2'$, and every derivative that you have "
            "derived before.",
            "Leiten Sie die folgenden partiellen Ableitungen des Verlusts her, und zwar als **allgemeine Formeln**: "
            r"Die Zahlen aus Frage 4.3 werden nicht eingesetzt. Außer $x$, $y$, Gewichten und Bias dürfen Sie $\hat "
            r"y$, $o$ und die Namen $a$, $h$ aus der Abbildung verwenden, $\sigma_1$, $\sigma_2$, $\sigma_1'$, "
            r"$\sigma_2'$ und jede Ableitung, die Sie vorher hergeleitet haben.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        g = s.general
        return tuple(self._field(g, name) for name in ASKED)

    @staticmethod
    @lru_cache(maxsize=512)
    def _field(g: General, name: str) -> Formula:
        value = g.derivative(name)
        # only derivatives asked for before may be used: no field is answered by naming itself
        before = {gradient(n) for n in ASKED[: ASKED.index(name)]}
        known = {k: v for k, v in g.words.symbols.items() if r"\partial" not in k or k in before}
        words = Vocabulary(known, g.words.functions)
        partly: tuple[tuple[Exact, Fraction, T], ...] = ()
        wrong: tuple[str, ...] = ()
        if name == "x":
            paths = operands(g.definition("dL/dx"), "+")
            missing = T(
                "one of the two paths from $x$ to the loss is missing",
                "einer der beiden Wege von $x$ zum Verlust fehlt",
            )
            partly = tuple((path, WORTH["x"] / 2, missing) for path in paths)
            wrong = tuple(to_latex(formula(opened(path, keep=(gradient("o"), "a")))) for path in paths)
        elif name == "o":
            wrong = (to_latex(read_latex(gradient(PREDICTION) + r" \sigma_2(o)")),)
        elif name == "w_1":
            wrong = (
                to_latex(formula(g.derivative("x"))),
                to_latex(formula(opened(g.definition("dL/da"), keep=(gradient("o"), "a")))),
            )
        return Formula(KEYS[name], WORTH[name], value, gradient(name), vocabulary=words, partly=partly, wrong=wrong)

    def solution(self, s: Numbers) -> Document:
        g, structure = s.general, s.structure
        blocks: list[Block] = [
            Prose(T("The activations and their derivatives:", "Die Aktivierungen und ihre Ableitungen:")),
            Equation(
                tuple(
                    tuple(read_latex(side) for side in written.format(i=i).split(" = "))
                    for i, kind in ((1, structure.first), (2, structure.second))
                    for written in SHAPES[kind]
                )
            ),
            Prose(
                T(
                    "The chain rule, from the loss back to the input; each derivative uses those before it:",
                    "Die Kettenregel, vom Fehler zurück zur Eingabe; jede Ableitung verwendet die vor ihr:",
                )
            ),
        ]
        for quantity in self._in_order(g):
            if quantity == "x":
                blocks.append(
                    Prose(
                        T(
                            "$x$ reaches the loss along two paths, through the skip connection and through $a$; their "
                            "contributions add up:",
                            "$x$ erreicht den Verlust auf zwei Wegen, über die Skip-Verbindung und über $a$; ihre "
                            "Beiträge addieren sich:",
                        )
                    )
                )
            blocks.append(Equation((self._row(g, quantity),)))
            if quantity == "x":
                paths = T("1 for each path", "je 1 pro Weg")
                blocks.append(Callout.of_credit(WORTH["x"], paths))
            elif quantity in WORTH:
                blocks.append(Callout.of_credit(WORTH[quantity]))
        return Document(tuple(blocks))

    @staticmethod
    def _in_order(g: General) -> tuple[str, ...]:
        """The quantities whose derivatives are worked out, in the order in which the backward pass meets them."""
        found = [q.name for q in g.run.steps(("gradient", "parameter gradient"))]
        names = [name for known in found for name in (*ASKED, "a", "h", "s", "m") if gradient(name) == known]
        # a summand's derivative is that of the sum: nothing to work out unless it is asked for
        return tuple(name for name in names if name in ASKED or g.definition(f"dL/d{name}").op != "named")

    @staticmethod
    def _row(g: General, name: str) -> tuple[Layout, ...]:
        """∂L/∂name = in the derivative before it = in ∂L/∂o and the figure's names."""
        row = (read_latex(gradient(name)), formula(_first(g.definition(f"dL/d{name}"))))
        in_names = formula(g.derivative(name))
        return row if in_names in row or name in (PREDICTION, "o") else (*row, in_names)

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        steps = [Step(WORTH[name], T.same(f"${gradient(name)}$")) for name in ASKED[:-1]]
        last = T(f"${gradient('x')}$: 1 for each of the two paths", f"${gradient('x')}$: je 1 für die beiden Wege")
        return (*steps, Step(WORTH["x"], last))


def _first(definition: Exact) -> Exact:
    """What a formula is written from: a name stays as it is, instead of what it stands for."""
    return symbol(definition.label) if definition.op == "named" else definition


class Adversarial(Question):
    number, credits = "4.5", "3/2"

    def text(self, s: Numbers) -> T:
        return T(
            "The network $f$ is trained now. Someone wants to change $x$ into an adversarial example, which $f$ "
            f"takes for the label $y = {s.other_label}$. Give a loss function $L_\\mathrm{{adv}}$ that is minimised "
            "for this, and name the variable over which it is minimised. No image other than $x$ may be used.",
            "Das Netz $f$ ist nun trainiert. Jemand möchte $x$ so verändern, dass ein Adversarial Example entsteht, "
            f"das $f$ dem Label $y = {s.other_label}$ zuordnet. Geben Sie eine Verlustfunktion $L_\\mathrm{{adv}}$ an, "
            "die dafür minimiert wird, und nennen Sie die Variable, über die minimiert wird. Andere Bilder als $x$ "
            "dürfen nicht verwendet werden.",
        )

    @staticmethod
    @lru_cache(maxsize=128)
    def _loss(g: General, target: int) -> tuple[Exact, Vocabulary]:
        """L_adv with f(x) as one quantity, and what answers may speak of: a weighted penalty λ·R may be added."""
        value = loss_of(g.structure.loss, g, target)
        prediction = named("f(x)", g.prediction)
        symbols = {name: symbol(name) for name in ("x", "x_0", "w_1", "w_2", "b_1")}
        symbols |= {name: prediction for name in ("f(x)", "f", PREDICTION)}
        symbols |= {TARGET: symbol(TARGET, target), r"\lambda": exact(0)}
        return value, Vocabulary(symbols, {**g.words.functions, "R": lambda z: z * z})

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        value, words = self._loss(s.general, s.other_label)
        against = self._loss(s.general, s.y)[0]
        also: tuple[Exact, ...] = ()
        if s.structure.labels == (0, 1):  # either loss drives f(x) to the other label
            also = tuple(loss_of(kind, s.general, s.other_label) for kind in LOSSES if kind != s.structure.loss)
        return (
            Formula(
                "loss",
                Fraction(1),
                value,
                r"L_\mathrm{adv}",
                vocabulary=words,
                up_to_factor=True,
                also=also,
                others_open=True,
                wrong=(to_latex(result(bare(against))), f"-({to_latex(formula(value))})"),
            ),
            Name(
                "variable",
                Fraction(1, 2),
                ("x", "input", "Eingabe", "image", "Bild", "pixels", "Pixel", "pixels of x", "Pixel von x"),
                NOT_THE_INPUT,
                T("variable:", "Variable:"),
                T("$x$, the input", "$x$, die Eingabe"),
                ("input", "image", "variable", "Eingabe", "Bild", "parameters", "Parameter"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        value, _ = self._loss(s.general, s.other_label)
        links = [read_latex(r"L_\mathrm{adv}"), formula(value), result(bare(value))]
        return Document.of(
            Prose(
                T(
                    f"The training loss, with the label that the network is to be fooled into, $y = {s.other_label}$:",
                    "Der Verlust des Trainings, mit dem Label, auf das das Netz hereinfallen soll, $y = "
                    f"{s.other_label}$:",
                )
            ),
            Equation.of(*links),
            Callout.of_credit(1, T("loss", "Verlustfunktion")),
            Prose(
                T(
                    r"Minimised over $x$, while weights and bias stay as they were trained: $x_{t+1} = x_t - \eta "
                    r"\frac{\partial L_\mathrm{adv}}{\partial x_t}$.",
                    "Minimiert wird über $x$; Gewichte und Bias bleiben, wie sie trainiert wurden: $x_{t+1} = x_t - "
                    r"\eta \frac{\partial L_\mathrm{adv}}{\partial x_t}$.",
                )
            ),
            Callout.of_credit("1/2", T("$x$ is the variable", "$x$ ist die Variable")),
            Prose(
                T(
                    r"A penalty $\lambda R(x)$ that keeps $x$ close to real images, as in DeepDream, may be added.",
                    r"Ein Strafterm $\lambda R(x)$, der $x$ in der Nähe wirklicher Bilder hält, darf wie bei "
                    "DeepDream hinzukommen.",
                )
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "loss towards the wrong label; a penalty may be added",
                "Verlust zum falschen Label hin; ein Strafterm darf hinzukommen",
            ),
            Step.of("1/2", "$x$ is optimised", "optimiert wird $x$"),
        )


# --- versions ---------------------------------------------------------------------------------------------------------


def _dead_branch(s: Numbers) -> bool:
    return number(s.w_2).rational == 0


def _unwieldy(s: Numbers) -> bool:
    w_2 = number(s.w_2).fraction()
    return abs(w_2) > 8 or w_2.denominator > 4


def _no_loss(s: Numbers) -> bool:
    return s.loss.rational == 0


class Backpropagation(Problem):
    """Problem 4 of fau-2021."""

    paper, number = "fau-2021", 4
    title = T("Backpropagation", "Rückwärtsrechnung")
    questions = (Architecture(), NetworkFormula(), Loss(), Derivatives(), Adversarial())
    rejections = (
        Rejection(
            T("a weight of 0 that switches the branch off", "ein Gewicht 0, das den Zweig abschaltet"), _dead_branch
        ),
        Rejection(
            T("a weight that is unwieldy without a calculator", "ein Gewicht, das ohne Taschenrechner unhandlich ist"),
            _unwieldy,
        ),
        Rejection(T("a loss of 0", "ein Verlust von 0"), _no_loss),
    )

    def original(self) -> Numbers:
        """The network and the numbers of the paper."""
        structure = Structure("sigmoid", "sigmoid", bias_inside=True, skip_first=False, loss="squared")
        return Numbers(structure, x="1", w_1="0.5", w_2="-2", b_1="-0.5", y=1)

    def draw(self, rng: random.Random) -> Numbers:
        """A structure, and numbers for which σ₁'s value is a fraction and σ₂'s argument a small number.

        σ₁'s argument a is 0 (σ: 1/2) or ± ln k (σ: k/(k + 1), tanh: (k² − 1)/(k² + 1)); w₂ follows from the o wanted.
        """
        second = rng.choice(("sigmoid", "tanh"))
        structure = Structure(
            rng.choice(("sigmoid", "tanh")),
            second,
            rng.random() < 0.5,
            rng.random() < 0.5,
            rng.choice(("squared", "cross-entropy")) if second == "sigmoid" else "squared",
        )
        x = rng.choice((-2, -1, 1, 2))
        at_zero = structure.first == "sigmoid" and structure.bias_inside and rng.random() < 0.6
        k, side = rng.choice((2, 3)), rng.choice((-1, 1))
        bias = Fraction(0)
        if at_zero:
            slope = rng.choice((Fraction(-1), Fraction(-1, 2), Fraction(1, 2), Fraction(1), Fraction(3, 2)))
            w_1, b_1, h = str(slope), str(-slope * x), Fraction(1, 2)
        else:
            h = _value(structure.first, k, side)
            if structure.bias_inside:
                slope = Fraction(rng.choice((-2, -1, 1, 2)))
                w_1, b_1 = f"{slope} ln {k}", f"{side - slope * x} ln {k}"
            else:
                bias = rng.choice((Fraction(-1), Fraction(-1, 2), Fraction(1, 2), Fraction(1)))
                w_1, b_1 = f"{Fraction(side, x)} ln {k}", str(bias)
        o = rng.choice((Fraction(0), Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-1, 2)))
        joined = x + h if structure.skip_first else h
        wanted = o - bias if structure.skip_first else o - bias - x
        w_2 = wanted / joined if joined else Fraction(0)
        return Numbers(structure, str(x), w_1, str(w_2), b_1, rng.choice(structure.labels))

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The network as a figure, and its loss."""
        structure = s.structure
        low, high = structure.labels
        same = structure.first == structure.second
        kinds = (
            T(r"$\sigma_1$ and $\sigma_2$ are both ", r"$\sigma_1$ und $\sigma_2$ sind beide ") + NAMES[structure.first]
            if same
            else T(r"$\sigma_1$ is ", r"$\sigma_1$ ist ")
            + NAMES[structure.first]
            + T(r" and $\sigma_2$ is ", r", $\sigma_2$ ist ")
            + NAMES[structure.second]
        )
        text = T(
            r"The figure shows a network $f$ that makes a prediction $\hat y = f(x) \in \mathbb{R}$ from an input $x "
            r"\in \mathbb{R}$. Each box is an operation: a multiplication ($\times$), an addition ($+$) or an "
            r"activation ($\sigma_1$, $\sigma_2$). The network has the weights $w_1, w_2 \in \mathbb{R}$ and the bias "
            r"$b_1 \in \mathbb{R}$; ",
            r"Die Abbildung zeigt ein Netz $f$, das aus einer Eingabe $x \in \mathbb{R}$ eine Vorhersage $\hat y = "
            r"f(x) \in \mathbb{R}$ macht. Jeder Kasten ist eine Operation: eine Multiplikation ($\times$), eine "
            r"Addition ($+$) oder eine Aktivierung ($\sigma_1$, $\sigma_2$). Das Netz hat die Gewichte $w_1, w_2 \in "
            r"\mathbb{R}$ und den Bias $b_1 \in \mathbb{R}$; ",
        )
        rest = T(
            ". The letters on the arrows name the numbers that flow there. For a label "
            rf"$y \in \{{{low}, {high}\}}$ the network is trained with ",
            ". Die Buchstaben an den Pfeilen benennen die Zahlen, die dort fließen. Trainiert wird das Netz für ein "
            "Label "
            rf"$y \in \{{{low}, {high}\}}$ mit ",
        )
        loss = LOSS_NAMES[structure.loss] + f" ${LOSS_FORMULAS[structure.loss]}$."
        return (
            Prose(text + kinds + rest + loss),
            operations_figure(s.general.run.network, ("a", "h", "o")),
        )


def _value(activation: str, k: int, side: int) -> Fraction:
    """The activation's value at side·ln k, as the library computes it."""
    layer = ACTIVATIONS[activation]()
    value: Exact = layer.forward(scalar(side * exact(k).log())).reshape(-1)[0]
    return value.fraction()


problem = Backpropagation()
