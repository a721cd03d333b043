"""tum-2024, problem 6: the exponential linear unit and its relatives: curve, derivative, merits."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from rechenweg.numbers import FUNCTIONS, Exact, apply, exact, formula, result, symbol, tidy
from rechenweg.numbers.notation import Cases, read_latex, to_latex
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.asking import Axes
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.values import Formula, put_in
from rechenweg.questions.kinds.written import Sketch, Text
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Figure, Prose, Rel
from rechenweg.working.figures import Curve, plot_figure

X = symbol("x")
ZERO = exact(0)


@dataclass
class Numbers(Setting):
    r"""f(x) = βx for x ≥ 0 and α(e^{kx} − 1) for x < 0.

    Attributes:
        name: the function's LaTeX name.
        letter: LaTeX name of its free parameter, here called α; it is positive.
        rate: k; slope: β.
    """

    name: str
    letter: str
    rate: str
    slope: str

    @cached_property
    def alpha(self) -> Exact:
        """The free parameter."""
        return symbol(self.letter)

    @cached_property
    def called(self) -> str:
        """f(x), in LaTeX."""
        return f"{self.name}(x)"

    @cached_property
    def inner(self) -> Exact:
        """kx."""
        rate = exact(self.rate)
        return X if rate == 1 else tidy(rate * X)

    @cached_property
    def upper(self) -> Exact:
        """The branch for x ≥ 0."""
        slope = exact(self.slope)
        return X if slope == 1 else tidy(slope * X)

    @cached_property
    def lower(self) -> Exact:
        """The branch for x < 0: that of ELU, at kx."""
        value = FUNCTIONS["elu"].value
        assert value is not None
        return value(self.inner, self.alpha).args[-1]

    @cached_property
    def upper_slope(self) -> Exact:
        """f′ for x > 0: a line's slope is what one step to the right adds."""
        return tidy(put_in(self.upper, {"x": exact(1)}) - put_in(self.upper, {"x": ZERO}))

    @cached_property
    def lower_slope(self) -> Exact:
        """f′ for x < 0 by the chain rule: ELU′(kx)·k, with ELU′ from the table of functions."""
        outer = FUNCTIONS["elu"].derivative(self.inner, self.alpha).args[-1]
        rate = exact(self.rate)
        return outer if rate == 1 else rate * outer

    @cached_property
    def itself(self) -> Exact:
        """f(x) as a symbol."""
        return symbol(self.called)

    @cached_property
    def through_itself(self) -> Exact:
        """f′ for x < 0 in terms of f: k·f(x) and a constant, which is what is left of f′ − k·f at x = 0."""
        at_zero = put_in(self.lower_slope, {"x": ZERO}) - exact(self.rate) * put_in(self.lower, {"x": ZERO})
        constant = tidy(at_zero)
        rate = exact(self.rate)
        return self.itself + constant if rate == 1 else rate * self.itself + constant

    @cached_property
    def words(self) -> Vocabulary:
        """What answers may speak of."""
        return Vocabulary({"x": X, self.letter: self.alpha})

    @cached_property
    def words_with_itself(self) -> Vocabulary:
        """The same, and the function itself."""
        return Vocabulary({"x": X, self.letter: self.alpha, self.called: self.itself, self.name: self.itself})

    @cached_property
    def regions(self) -> tuple[tuple[str, T, T], ...]:
        """Key, name and behaviour of each region, from the branches and their slopes."""
        slope, at_zero = _math(self.upper_slope), _math(tidy(put_in(self.lower_slope, {"x": ZERO})))
        limit = _math(tidy(-self.alpha))
        near = _math(tidy(put_in(self.lower_slope, {"x": ZERO}) * X))
        return (
            (
                "positive",
                T("positive $x$:", "positive $x$:"),
                T("a straight line of slope ${slope}$.", "eine Gerade mit der Steigung ${slope}$.").format(slope=slope),
            ),
            (
                "large negative",
                T("$x$ far below 0:", "$x$ weit unter 0:"),
                T(
                    "it saturates: the values approach ${limit}$ from above, the slope approaches 0.",
                    "sie sättigt: Die Werte nähern sich ${limit}$ von oben, die Steigung nähert sich 0.",
                ).format(limit=limit),
            ),
            (
                "small negative",
                T("$x$ just below 0:", "$x$ knapp unter 0:"),
                T(
                    "nearly linear, about ${near}$, of slope ${slope}$ at 0; negative values and a gradient that is "
                    "not 0.",
                    "nahezu linear, ungefähr ${near}$, mit der Steigung ${slope}$ bei 0; negative Werte und ein "
                    "Gradient, der nicht 0 ist.",
                ).format(near=near, slope=at_zero),
            ),
        )

    def curve(self, alpha: float, low: float, high: float) -> list[tuple[float, float]]:
        """Points of the curve from `low` < 0 to `high` > 0, close enough to be joined by straight lines."""
        rate, slope = float(Fraction(self.rate)), float(Fraction(self.slope))
        below = np.linspace(low, 0, 60)
        values = apply("elu", rate * below, alpha)
        return [*zip(below.tolist(), values.tolist(), strict=True), (high, slope * high)]

    def definition(self) -> Equation:
        """f(x) = …, by cases."""
        at_zero, below = read_latex(r"x \geq 0"), read_latex("x < 0")
        return Equation.of(
            read_latex(self.called), Cases(((formula(self.upper), at_zero), (formula(self.lower), below)))
        )


def mean_outputs(s: Numbers) -> tuple[Exact, Exact]:
    """Means over the inputs −2, −1, 0, 1, 2 for α = 1: of the function, and of a ReLU with the same positive part."""
    inputs = [exact(v) for v in (-2, -1, 0, 1, 2)]
    ours = [put_in(s.upper if x >= 0 else s.lower, {s.letter: exact(1), "x": x}) for x in inputs]
    relu = [value if x > 0 else ZERO for x, value in zip(inputs, ours, strict=True)]
    first, second = (tidy(sum(values[1:], values[0]) / len(values)) for values in (ours, relu))
    return first, second


class Curves(Question):
    """The sketch and three regions."""

    number, credits = "6.1", "3"

    def text(self, s: Numbers) -> T:
        return T(
            r"Sketch the curve of ${called}$; it must show what ${letter} > 0$ does. Then say how the function behaves "
            r"where $x$ is positive, where "
            r"$x$ is far below 0, and where $x$ is just below 0.",
            r"Skizzieren Sie den Verlauf von ${called}$; zu sehen sein muss, was ${letter} > 0$ bewirkt. Sagen Sie "
            r"dann, wie sich die Funktion "
            r"verhält, wo $x$ positiv ist, wo $x$ weit unter 0 liegt und wo $x$ knapp unter 0 liegt.",
        ).format(called=s.called, letter=s.letter)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        sketch = Sketch(
            "sketch",
            Fraction(3, 2),
            T(
                "A line for $x \\geq 0$; below it the curve bends from the origin to the level $-{letter}$, which is "
                "marked.",
                "Eine Gerade für $x \\geq 0$; darunter biegt die Kurve vom Ursprung zum Niveau $-{letter}$ ab, das "
                "markiert ist.",
            ).format(letter=s.letter),
            self.scheme(s)[:2],
            Axes(),
        )
        texts = (
            Text(key, Fraction(1, 2), behaviour, (Step(Fraction(1, 2), behaviour),), lines=2, label=name)
            for key, name, behaviour in s.regions
        )
        return (sketch, *texts)

    def solution(self, s: Numbers) -> Document:
        limit = f"-{s.letter}"
        figure = plot_figure(
            [
                Curve(s.curve(1.0, -4, 3), label=f"{s.letter} = 1"),
                Curve(s.curve(2.0, -4, 3), label=f"{s.letter} = 2", dash="dashed"),
                Curve([(-4.0, -1.0), (0.0, -1.0)], dash="dotted", width="hair"),
            ],
            x=(-4, 3),
            y=(-2.3, 3),
            x_label="x",
            y_label=s.called,
            x_ticks=[-3, -2, -1, 1, 2],
            y_ticks=[(-1.0, limit), 1, 2],
        )
        described = T(
            "The curve of the function: a line through the origin for positive x, and below 0 a bend towards the level "
            "−1 (for parameter 1) or −2 (for "
            "parameter 2).",
            "Der Verlauf der Funktion: für positive x eine Gerade durch den Ursprung, unter 0 eine Biegung zum Niveau "
            "−1 (für den Parameter 1) oder −2 "
            "(für den Parameter 2).",
        )
        caption = T(
            "The level $-{letter}$ is marked for ${letter} = 1$.",
            "Das Niveau $-{letter}$ ist für ${letter} = 1$ markiert.",
        ).format(letter=s.letter)
        blocks: list[Block] = [
            Figure(figure, caption, described),
            Callout.of_credit(1, T("curve", "Kurve")),
            Callout.of_credit("1/2", T(f"${s.letter}$ marked", f"${s.letter}$ eingetragen")),
        ]
        for _, name, behaviour in s.regions:
            blocks += [Prose(name + " " + behaviour), Callout.of_credit("1/2")]
        return Document(tuple(blocks))

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "the curve", "die Kurve"),
            Step.of("1/2", f"the effect of ${s.letter}$ can be seen", f"die Wirkung von ${s.letter}$ ist zu sehen"),
            *(Step(Fraction(1, 2), name + " " + behaviour) for _, name, behaviour in s.regions),
        )


class Derivative(Question):
    """The derivative, also through the function itself."""

    number, credits = "6.2", "3"

    def text(self, s: Numbers) -> T:
        return T(
            "Calculate the derivative of ${called}$ for $x > 0$ and for $x < 0$. For $x < 0$ also write it with the "
            "help of ${called}$ itself, without "
            "an exponential function.",
            "Berechnen Sie die Ableitung von ${called}$ für $x > 0$ und für $x < 0$. Schreiben Sie sie für $x < 0$ "
            "außerdem mit Hilfe von ${called}$ "
            "selbst, ohne Exponentialfunktion.",
        ).format(called=s.called)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        letter, itself = s.letter, s.called
        prime = f"{s.name}'(x)"
        return (
            Formula(
                "x>0",
                Fraction(1),
                s.upper_slope,
                _labelled("x > 0", prime),
                vocabulary=s.words,
                wrong=("x", "0"),
            ),
            Formula(
                "x<0",
                Fraction(1),
                s.lower_slope,
                _labelled("x < 0", prime),
                vocabulary=s.words,
                shown=result(s.lower_slope),
                wrong=(f"e^x - {letter}", f"{letter} (e^x - 2)", "0"),
            ),
            Formula(
                "itself",
                Fraction(1),
                s.through_itself,
                _labelled("x < 0", prime),
                vocabulary=s.words_with_itself,
                shown=result(s.through_itself),
                wrong=(f"{itself} - {letter}", itself, f"{letter} {itself}"),
            ),
        )

    def working_lines(self, s: Numbers) -> int:
        return 4

    def solution(self, s: Numbers) -> Document:
        prime, lower = read_latex(f"{s.name}'(x)"), s.lower_slope
        chained = (prime, formula(lower)) if formula(lower) == result(lower) else (prime, formula(lower), result(lower))
        rate = exact(s.rate)
        own = result(s.through_itself)
        added = tidy(s.through_itself - rate * s.itself)
        opened = rate * s.lower + added if rate != 1 else s.lower + added
        return Document.of(
            Prose(T("For $x > 0$ a straight line:", "Für $x > 0$ eine Gerade:")),
            Equation.of(prime, result(s.upper_slope)),
            Callout.of_credit(1),
            Prose(T("For $x < 0$ by the chain rule:", "Für $x < 0$ mit der Kettenregel:")),
            Equation((chained,)),
            Callout.of_credit(1),
            Prose(
                T(
                    "Up to a constant this is a multiple of the branch itself: put the branch in and see that they "
                    "agree,",
                    "Bis auf eine Konstante ist das ein Vielfaches des Zweigs selbst: Setzt man den Zweig ein, stimmt "
                    "beides überein,",
                )
            ),
            Equation.of(prime, own, formula(opened), result(lower)),
            Callout.of_credit(1),
            Callout(
                "note",
                T(
                    "At $x = 0$ the slopes from both sides agree only if ${left} = {right}$; otherwise the function "
                    "has a kink there.",
                    "Bei $x = 0$ sind die Steigungen von beiden Seiten nur gleich, wenn ${left} = {right}$; sonst hat "
                    "die Funktion dort einen Knick.",
                ).format(left=_math(tidy(put_in(lower, {"x": ZERO}))), right=_math(s.upper_slope)),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "$x > 0$", "$x > 0$"),
            Step.of(1, "$x < 0$", "$x < 0$"),
            Step.of(1, "through the function itself", "durch die Funktion selbst"),
        )


class Merits(Question):
    """Advantages and a disadvantage."""

    number, credits = "6.3", "3"

    def text(self, s: Numbers) -> T:
        return T(
            r"Compare ${called}$ with $\operatorname{{ReLU}}(x)$: what are two advantages, and what is one "
            r"disadvantage?",
            r"Vergleichen Sie ${called}$ mit $\operatorname{{ReLU}}(x)$: Nennen Sie zwei Vorteile und einen Nachteil.",
        ).format(called=s.called)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "advantages",
                Fraction(2),
                T(
                    "The gradient does not vanish for negative inputs, so no unit dies. Negative outputs bring the "
                    "mean of the activations closer to 0.",
                    "Der Gradient verschwindet für negative Eingaben nicht, also stirbt kein Neuron. Negative Ausgaben "
                    "bringen den Mittelwert der "
                    "Aktivierungen näher an 0.",
                ),
                self.scheme(s)[:2],
                lines=4,
                asked_for=2,
                label=T("advantages", "Vorteile"),
            ),
            Text(
                "disadvantage",
                Fraction(1),
                T("The exponential function costs more time.", "Die Exponentialfunktion kostet mehr Rechenzeit."),
                self.scheme(s)[2:],
                lines=2,
                asked_for=1,
                label=T("disadvantage", "Nachteil"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        slope = tidy(put_in(s.lower_slope, {"x": exact(-2), s.letter: exact(1)}))
        means = mean_outputs(s)
        scaled = s.slope != "1"
        return Document.of(
            Prose(
                T(
                    "**No dead units.** For $x < 0$ the gradient of ReLU is 0: a unit that only gets negative inputs "
                    "never learns again. Here it is positive; "
                    "for ${letter} = 1$, e.g.,",
                    "**Keine toten Neuronen.** Für $x < 0$ ist der Gradient von ReLU 0: Ein Neuron, das nur negative "
                    "Eingaben bekommt, lernt nie wieder. Hier "
                    "ist er positiv; für ${letter} = 1$ etwa gilt",
                ).format(letter=s.letter)
            ),
            Equation.of(read_latex(f"{s.name}'(-2)"), result(slope), _about(slope)),
            Callout.of_credit(1),
            Prose(
                T(
                    "**Mean closer to 0.** Negative outputs balance positive ones. Over the inputs −2, −1, 0, 1, 2 "
                    "(again ${letter} = 1$) the means of ${called}$ "
                    "and of {other} are",
                    "**Mittelwert näher an 0.** Negative Ausgaben gleichen positive aus. Über die Eingaben −2, −1, 0, "
                    "1, 2 (wieder ${letter} = 1$) sind die "
                    "Mittelwerte von ${called}$ und von {other}",
                ).format(
                    letter=s.letter,
                    called=s.called,
                    other=T("a ReLU with the same positive part", "einem ReLU mit demselben positiven Teil")
                    if scaled
                    else T.same(r"$\operatorname{ReLU}(x)$"),
                )
            ),
            Equation(
                (
                    (read_latex(r"\operatorname{mean}_1"), result(means[0]), _about(means[0])),
                    (read_latex(r"\operatorname{mean}_2"), result(means[1])),
                )
            ),
            Callout.of_credit(
                1,
                T(
                    "also: it saturates, so it is robust to noise; where it has no kink, smooth",
                    "auch: Sättigung, also robust gegen Rauschen; wo kein Knick ist, glatt",
                ),
            ),
            Prose(
                T(
                    "**More expensive.** ReLU needs one comparison; here an exponential function must be evaluated, "
                    "and there is a parameter ${letter}$ to "
                    "choose.",
                    "**Teurer.** ReLU braucht einen Vergleich; hier ist eine Exponentialfunktion auszuwerten, und ein "
                    "Parameter ${letter}$ ist zu wählen.",
                ).format(letter=s.letter)
            ),
            Callout.of_credit(1),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "first advantage: no dead units", "erster Vorteil: keine toten Neuronen"),
            Step.of(
                1,
                "second advantage: mean closer to 0, smooth, or robust to noise",
                "zweiter Vorteil: Mittelwert näher an 0, glatt oder robust gegen Rauschen",
            ),
            Step.of(
                1, "disadvantage: the exponential function is expensive", "Nachteil: die Exponentialfunktion ist teuer"
            ),
        )


def _math(number: Exact) -> str:
    """The closed form in LaTeX, to stand in prose."""
    return to_latex(result(number))


def _labelled(condition: str, prime: str) -> T:
    return T.same(f"${condition}$: ${prime} =$")


def _about(number: Exact) -> Rel:
    return Rel("≈", read_latex(f"{number.approx():.3f}"))


def _plain_elu(s: Numbers) -> bool:
    return s.rate == s.slope == "1"


def _mean_no_closer(s: Numbers) -> bool:
    ours, relu = mean_outputs(s)
    return abs(ours.approx()) >= relu.approx()


class ActivationFunction(Problem):
    """Problem 6 of tum-2024."""

    paper, number = "tum-2024", 6
    title = T("Activation function", "Aktivierungsfunktion")
    questions = (Curves(), Derivative(), Merits())
    rejections = (
        Rejection(T("the ELU of the paper again", "wieder die ELU der Klausur"), _plain_elu),
        Rejection(
            T("negative outputs that outweigh the positive ones", "negative Ausgaben, die die positiven überwiegen"),
            _mean_no_closer,
        ),
    )

    def original(self) -> Numbers:
        """The function of the paper."""
        return Numbers(name=r"\operatorname{ELU}", letter=r"\alpha", rate="1", slope="1")

    def draw(self, rng: random.Random) -> Numbers:
        """Another rate and slope, other letters."""
        return Numbers(
            name=rng.choice("fghq"),
            letter=rng.choice((r"\alpha", r"\gamma", r"\lambda", r"\tau", "a", "c", "s", "m")),
            rate=rng.choice(("1", "2", "3", "4", "1/2", "1/3", "3/2", "1/4")),
            slope=rng.choice(("1", "2", "3", "1/2", "1/3", "3/2", "1/4", "5")),
        )

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The definition."""
        if s.is_paper:
            told = T(
                r"The *exponential linear unit* (ELU) has been in use as an activation function since 2015. With a "
                r"parameter $\alpha > 0$ it is defined as",
                r"Die *Exponential Linear Unit* (ELU) ist seit 2015 als Aktivierungsfunktion in Gebrauch. Mit einem "
                r"Parameter $\alpha > 0$ ist sie definiert "
                "durch",
            )
        else:
            told = T(
                "A relative of the exponential linear unit (ELU) shall serve as an activation function. With a "
                "parameter ${letter} > 0$ it is defined as",
                "Eine Verwandte der Exponential Linear Unit (ELU) soll als Aktivierungsfunktion dienen. Mit einem "
                "Parameter ${letter} > 0$ ist sie definiert "
                "durch",
            ).format(letter=s.letter)
        return (Prose(told), s.definition())


problem = ActivationFunction()
