"""fau-2021, problem 3: a classifier of two classes, its loss, and what a high accuracy can hide."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np

from rechenweg.nn import BinaryCrossEntropy
from rechenweg.numbers import Array, Exact, exact, formula, named, result, symbol
from rechenweg.numbers.notation import Num, read_latex
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.naming import Name
from rechenweg.questions.kinds.values import Formula, Number, put_in
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose, Table
from rechenweg.working.run import chain


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is told apart, in words.

    Attributes:
        task: what the classifier is for.
        classes: what labels 0 and 1 mean.
        rare: the label of the class that hardly occurs.
        place: where the images come from; elsewhere: where the rare class is met more often.
    """

    id: str
    task: T
    classes: tuple[T, T]
    rare: int
    place: T
    elsewhere: T


SCENARIOS = (
    Scenario(
        "masks",
        T(
            "Alice and Bob want to tell from a photo of a face whether its owner wears a mask (an FFP2 mask, say).",
            "Alice und Bob wollen am Foto eines Gesichts erkennen, ob jemand eine Maske trägt (etwa eine FFP2-Maske).",
        ),
        (T("no mask", "ohne Maske"), T("mask", "mit Maske")),
        0,
        T("in a shopping mall", "in einem Einkaufszentrum"),
        T("outdoors, in parks or on old photos", "im Freien, in Parks oder auf älteren Fotos"),
    ),
    Scenario(
        "helmets",
        T(
            "Alice and Bob want to tell from a photo of a cyclist's head whether a helmet is on it.",
            "Alice und Bob wollen auf dem Foto einer Person, die Rad fährt, erkennen, ob sie einen Helm trägt.",
        ),
        (T("no helmet", "ohne Helm"), T("helmet", "mit Helm")),
        0,
        T("at a road race", "bei einem Straßenrennen"),
        T("on the way to school or to the bakery", "auf dem Schulweg oder auf dem Weg zum Bäcker"),
    ),
    Scenario(
        "belts",
        T(
            "Alice and Bob want to tell from a picture through the windscreen whether the driver's seat belt is "
            "fastened.",
            "Alice und Bob wollen am Bild durch die Windschutzscheibe erkennen, ob der Gurt am Steuer angelegt ist.",
        ),
        (T("no belt", "ohne Gurt"), T("belt", "mit Gurt")),
        0,
        T("on a motorway", "auf einer Autobahn"),
        T("in car parks and yards", "auf Parkplätzen und Höfen"),
    ),
    Scenario(
        "cracks",
        T(
            "Alice and Bob want to tell from a photo of a tile whether it is cracked.",
            "Alice und Bob wollen am Foto einer Fliese erkennen, ob sie gesprungen ist.",
        ),
        (T("intact", "heil"), T("cracked", "gesprungen")),
        1,
        T("at the end of a production line", "am Ende einer Fertigungslinie"),
        T("in the bin for rejects", "in der Kiste mit dem Ausschuss"),
    ),
)


@dataclass
class Numbers(Setting):
    """A scenario and its confusion matrix: `counts`, rows by predicted label 1, 0, columns by true label 1, 0."""

    scenario: str
    counts: tuple[tuple[int, int], tuple[int, int]]

    @cached_property
    def told(self) -> Scenario:
        """The scenario in words."""
        return next(sc for sc in SCENARIOS if sc.id == self.scenario)

    @property
    def total(self) -> int:
        """How many samples there are."""
        return sum(map(sum, self.counts))

    @cached_property
    def samples(self) -> tuple[Array, Array]:
        """True and predicted labels of all samples, (n,) each: what the confusion matrix was counted from."""
        cells = [
            (y, p, n) for p, row in zip((1, 0), self.counts, strict=True) for y, n in zip((1, 0), row, strict=True)
        ]
        counts = [n for *_, n in cells]
        return np.repeat([y for y, *_ in cells], counts), np.repeat([p for _, p, _ in cells], counts)

    @cached_property
    def accuracy(self) -> Fraction:
        """The share of samples whose predicted label is the true one."""
        labels, predicted = self.samples
        return Fraction(int((labels == predicted).sum()), labels.size)

    def share(self, label: int) -> Fraction:
        """The share of samples with this true label."""
        labels, _ = self.samples
        return Fraction(int((labels == label).sum()), labels.size)

    def recall(self, label: int) -> Fraction:
        """Of the samples with this true label, the share that was recognised."""
        labels, predicted = self.samples
        return Fraction(int(((labels == label) & (predicted == label)).sum()), int((labels == label).sum()))


def percent(share: Fraction) -> str:
    """A share as a percentage for a text, as LaTeX: ``98.1 \\%``; rounded to a tenth and marked ≈ if it is not exact.

    >>> percent(Fraction(981, 1000)), percent(Fraction(1, 3))
    ('98.1 \\\\%', '\\\\approx 33.3 \\\\%')
    """
    tenths = share * 1000
    shown = f"{round(tenths) / 10:g} \\%"
    return shown if tenths.denominator == 1 else rf"\approx {shown}"


def fraction(share: Fraction) -> str:
    """A share as a LaTeX fraction, not reduced to a whole number where it is one."""
    return rf"\frac{{{share.numerator}}}{{{share.denominator}}}" if share.denominator != 1 else str(share.numerator)


SIGMOID = (
    "sigmoid", "Sigmoidfunktion", "Sigmoide", r"\sigma", "σ", "sigma", "logistic", "logistic sigmoid", "logistische",
)  # fmt: skip
OTHERS = (
    "softmax", "relu", "leaky relu", "tanh", "elu", "selu", "linear", "identity", "Identität", "softplus", "sign",
)  # fmt: skip
"""Names that candidates give, right and wrong."""


class LastActivation(Question):
    number, credits = "3.1", "2"

    def text(self, s: Numbers) -> T:
        return T(
            r"Name the activation function with which $f$ has to end so that it returns a $\hat y$ of this kind, and "
            "give the reason for your choice.",
            r"Nennen Sie die Aktivierungsfunktion, mit der $f$ enden muss, damit ein solches $\hat y$ herauskommt, "
            "und begründen Sie Ihre Wahl.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Name(
                "activation",
                Fraction(1),
                SIGMOID,
                OTHERS,
                T("activation function:", "Aktivierungsfunktion:"),
                T("sigmoid", "Sigmoid"),
                ("function", "activation", "Funktion", "Aktivierung", "Aktivierungsfunktion"),
            ),
            Text(
                "reason",
                Fraction(1),
                T(
                    "The output has to be one number between 0 and 1. The sigmoid maps every real number into that "
                    "interval; a softmax over a single output would always be 1.",
                    "Die Ausgabe muss eine einzige Zahl zwischen 0 und 1 sein. Sigmoid bildet jede reelle Zahl in "
                    "dieses Intervall ab; ein Softmax über nur einen Ausgang wäre immer 1.",
                ),
                (Step.of(1, "range (0, 1) and one scalar output", "Wertebereich (0, 1) und eine skalare Ausgabe"),),
                label=T("why", "Begründung"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    r"The **sigmoid** $\sigma(x) = \frac{1}{1 + e^{-x}}$.",
                    r"**Sigmoid**, $\sigma(x) = \frac{1}{1 + e^{-x}}$.",
                )
            ),
            Callout.of_credit(1, T("sigmoid", "Sigmoid")),
            Prose(
                T(
                    r"Since $e^{-x}$ is positive, $0 < \sigma(x) < 1$ for every real $x$, and one input gives one "
                    r"output: just what $\hat y$ asks for. A ReLU has no upper end, $\tanh$ also becomes negative, "
                    r"and a softmax over the one output would be $\frac{e^x}{e^x} = 1$ whatever the image shows.",
                    r"Weil $e^{-x}$ positiv ist, gilt $0 < \sigma(x) < 1$ für jedes reelle $x$, und ein Eingang "
                    r"ergibt einen Ausgang: genau das verlangt $\hat y$. ReLU ist nach oben unbeschränkt, $\tanh$ "
                    r"wird auch negativ, und ein Softmax über den einen Ausgang wäre $\frac{e^x}{e^x} = 1$, was immer "
                    "das Bild zeigt.",
                )
            ),
            Callout.of_credit(1, T("values between 0 and 1, a scalar", "Werte zwischen 0 und 1, ein Skalar")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "sigmoid", "Sigmoid"),
            Step.of(
                1,
                "values between 0 and 1, and a scalar (softmax does not fit)",
                "Werte zwischen 0 und 1, und ein Skalar (Softmax passt nicht)",
            ),
        )


LABEL, PREDICTION = symbol("y"), symbol("f(x)")


@lru_cache(maxsize=1)
def cross_entropy() -> Exact:
    """The binary cross-entropy of one sample, from the library's loss run over symbols."""
    loss: Exact = BinaryCrossEntropy().forward(_one(PREDICTION), _one(LABEL))
    return loss


def _one(number: Exact) -> Array:
    array = np.empty((1,), dtype=object)
    array[0] = number
    return array


class LossFormula(Question):
    number, credits = "3.2", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "Give the formula of a loss function $L$ that suits this task, for a batch that holds a single image. "
            "Write it in terms of $y$ and $f(x)$.",
            "Geben Sie die Formel einer Verlustfunktion $L$ an, die zu dieser Aufgabe passt, und zwar für einen Batch "
            "aus einem einzigen Bild. Drücken Sie sie durch $y$ und $f(x)$ aus.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Formula(
                "",
                Fraction(2),
                cross_entropy(),
                "L",
                vocabulary=LOSS_WORDS,
                only=BOTH_LABELS,
                up_to_factor=True,
                others_open=True,
                right=r"-y \ln f(x) - (1 - y) \ln(1 - f(x))",
                wrong=(
                    r"-y \ln f(x)",
                    r"y \ln f(x) + (1 - y) \ln(1 - f(x))",
                    "f(x) - y",
                    r"-f(x) \ln y - (1 - f(x)) \ln(1 - y)",
                ),
            ),
        )

    def working_lines(self, s: Numbers) -> int:
        return 2

    def solution(self, s: Numbers) -> Document:
        loss = cross_entropy()
        name = read_latex("L")
        by_label = [(y, put_in(loss, {"y": exact(y)})) for y in (1, 0)]
        cases = tuple((name, result(value)) for _, value in by_label)
        notes = tuple(T.same(f"$y = {y}$") for y, _ in by_label)
        return Document.of(
            Prose(
                T(
                    "The binary cross-entropy: the cross-entropy of the two classes, whose probabilities are $f(x)$ "
                    "and $1 - f(x)$.",
                    "Die binäre Kreuzentropie: die Kreuzentropie der beiden Klassen mit den Wahrscheinlichkeiten "
                    "$f(x)$ und $1 - f(x)$.",
                )
            ),
            Equation.of(name, formula(loss)),
            Callout.of_credit(
                2,
                T("binary cross-entropy", "binäre Kreuzentropie"),
            ),
            Prose(
                T(
                    "Only one of the two terms is there for a given label, and it grows without bound as the "
                    "probability of the true class goes to 0:",
                    "Je nach Label bleibt nur einer der beiden Summanden, und er wächst über alle Grenzen, wenn die "
                    "Wahrscheinlichkeit der wahren Klasse gegen 0 geht:",
                )
            ),
            Equation(cases, notes),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                2,
                "binary cross-entropy or the cross-entropy of two classes",
                "binäre Kreuzentropie oder Kreuzentropie zweier Klassen",
            ),
        )


LOSS_WORDS = Vocabulary({"y": LABEL, "f(x)": PREDICTION, "f": PREDICTION, r"\hat y": PREDICTION})
BOTH_LABELS = {"y": (exact(0), exact(1))}
"""A label is 0 or 1: losses that agree for both are the same loss, whatever they do in between."""


class Accuracy(Question):
    number, credits = "3.3", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "On the pictures that they took {place}, $f$ produces the confusion matrix below. What is its accuracy?",
            "Auf den Bildern, die sie {place} aufgenommen haben, liefert $f$ die Konfusionsmatrix unten. Wie groß ist "
            "die Genauigkeit (accuracy)?",
        ).format(place=s.told.place)

    def given(self, s: Numbers) -> tuple[Block, ...]:
        rows = (
            (read_latex(rf"\hat y = {p}"), *(Num(str(n)) for n in row)) for p, row in zip((1, 0), s.counts, strict=True)
        )
        return (Table((T("", ""), read_latex("y = 1"), read_latex("y = 0")), tuple(rows), align="lrr"),)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (Number("", Fraction(1), exact(s.accuracy), r"\operatorname{ACC}", decimals=True),)

    def solution(self, s: Numbers) -> Document:
        (tp, fp), (fn, tn) = (
            tuple(symbol(rf"\mathrm{{{name}}}", n) for name, n in zip(names, row, strict=True))
            for names, row in zip((("TP", "FP"), ("FN", "TN")), s.counts, strict=True)
        )
        accuracy = (tp + tn) / (tp + fp + fn + tn)
        links = chain(named(r"\operatorname{ACC}", accuracy), accuracy)
        return Document.of(
            Prose(
                T(
                    "Right are the samples on the diagonal, where $\\hat y = y$; the accuracy is their share of all "
                    "samples.",
                    "Richtig sind die Fälle auf der Diagonalen, mit $\\hat y = y$; die Genauigkeit ist ihr Anteil an "
                    "allen Fällen.",
                )
            ),
            Equation((links,)),
            Prose(T.same(f"${percent(s.accuracy)}$")),
            Callout.of_credit(1, T("fraction or decimal", "Bruch oder Dezimalzahl")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "the value, as a fraction, a decimal or a percentage",
                "der Wert, als Bruch, Dezimalzahl oder in Prozent",
            ),
        )


class Imbalance(Question):
    number, credits = "3.4", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "Seeing the result of Question 3.3, Bob considers the job done. Alice is not convinced. What could be "
            "worrying her? Propose **two** things that the two can do about it.",
            "Angesichts des Ergebnisses von Frage 3.3 hält Bob die Sache für erledigt. Alice ist nicht überzeugt. Was "
            "könnte sie stören? Schlagen Sie **zwei** Dinge vor, die die beiden dagegen tun können.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "doubt",
                Fraction(1),
                T(
                    "The classes are badly imbalanced: nearly all samples belong to one class, so the accuracy says "
                    "next to nothing about the other one.",
                    "Die Klassen sind sehr ungleich verteilt: Fast alle Fälle gehören zu einer Klasse, also sagt die "
                    "Genauigkeit über die andere fast nichts aus.",
                ),
                (Step.of(1, "imbalanced classes", "ungleich verteilte Klassen"),),
                lines=3,
                label=T("doubt", "Zweifel"),
            ),
            Text(
                "remedies",
                Fraction(1),
                T(
                    "Sample the rare class more often (or the frequent one less); give the rare class a larger weight "
                    "in the loss.",
                    "Die seltene Klasse häufiger ziehen (oder die häufige seltener); die seltene Klasse im Verlust "
                    "stärker gewichten.",
                ),
                (
                    Step.of("1/2", "each remedy, two at most", "je Maßnahme, höchstens zwei"),
                    Step.of("1/2", "second remedy", "zweite Maßnahme"),
                ),
                lines=4,
                asked_for=2,
                label=T("two remedies", "zwei Abhilfen"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        rare, common = s.told.rare, 1 - s.told.rare
        facts = {
            "rare": s.told.classes[rare],
            "common": s.told.classes[common],
            "share": percent(s.share(rare)),
            "always": percent(s.share(common)),
            "accuracy": percent(s.accuracy),
            "found": fraction(s.recall(rare)),
            "percent": percent(s.recall(rare)),
            "elsewhere": s.told.elsewhere,
            "place": s.told.place,
        }
        return Document.of(
            Prose(
                T(
                    "The classes are **imbalanced**: only ${share}$ of the samples are “{rare}”. A classifier that "
                    "answers “{common}” without looking at the image reaches ${always}$; the ${accuracy}$ of this one "
                    "are no proof that it has learned anything. Of the class “{rare}” it recognises ${found}$, that "
                    "is ${percent}$.",
                    "Die Klassen sind **ungleich verteilt** (unbalanciert): Nur ${share}$ der Fälle sind „{rare}“. "
                    "Ein Klassifikator, der ohne einen Blick auf das Bild immer „{common}“ antwortet, erreicht "
                    "${always}$; die ${accuracy}$ beweisen also nicht, dass dieser etwas gelernt hat. Von der Klasse "
                    "„{rare}“ erkennt er ${found}$, das sind ${percent}$.",
                ).format(**facts)
            ),
            Callout.of_credit(1, T("imbalanced classes", "ungleich verteilte Klassen")),
            Prose(T("Two of the following:", "Zwei der folgenden Maßnahmen:")),
            Prose(
                T(
                    "• sample evenly: draw the class “{rare}” more often, or the class “{common}” less often",
                    "• ausgewogen ziehen: die Klasse „{rare}“ öfter (Oversampling) oder die Klasse „{common}“ "
                    "seltener (Undersampling)",
                ).format(**facts)
            ),
            Callout.of_credit("1/2", T("first remedy", "erste Maßnahme")),
            Prose(
                T(
                    "• weight the loss: an error on the class “{rare}” counts more",
                    "• den Verlust gewichten: Ein Irrtum bei der Klasse „{rare}“ zählt mehr",
                ).format(**facts)
            ),
            Callout.of_credit("1/2", T("second remedy", "zweite Maßnahme")),
            Prose(
                T(
                    "• collect more samples of the class “{rare}”: not {place}, but {elsewhere}",
                    "• mehr Fälle der Klasse „{rare}“ sammeln: nicht {place}, sondern {elsewhere}",
                ).format(**facts)
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "the classes are imbalanced", "die Klassen sind ungleich verteilt"),
            Step.of(
                1,
                "½ each for two remedies: over- or undersampling, weighting the loss, data from elsewhere",
                "je ½ für zwei Maßnahmen: Over- oder Undersampling, Gewichtung des Verlusts, Daten von anderswo",
            ),
        )


def _honest(s: Numbers) -> bool:
    """Whether the accuracy would not mislead anyone."""
    return s.recall(s.told.rare) > Fraction(1, 3) or s.accuracy < Fraction(19, 20)


def _by_guessing(s: Numbers) -> bool:
    """Whether accuracy and class share differ so much that always guessing the frequent class is no match."""
    return s.accuracy - s.share(1 - s.told.rare) > Fraction(1, 100)


class Basics(Problem):
    """Problem 3 of fau-2021."""

    paper, number = "fau-2021", 3
    title = T("Basics", "Grundlagen")
    questions = (LastActivation(), LossFormula(), Accuracy(), Imbalance())
    rejections = (
        Rejection(T("an accuracy that hides nothing", "eine Genauigkeit, die nichts verdeckt"), _honest),
        Rejection(
            T(
                "clearly better than always guessing the frequent class",
                "deutlich besser als immer die häufige Klasse zu raten",
            ),
            _by_guessing,
        ),
    )

    def original(self) -> Numbers:
        """The numbers of the paper."""
        return Numbers(scenario="masks", counts=((980, 18), (1, 1)))

    def draw(self, rng: random.Random) -> Numbers:
        """A round number of samples, hardly any of one class, most of those not recognised."""
        scenario = rng.choice(SCENARIOS)
        total = rng.choice((200, 250, 400, 500, 800, 1000, 1250, 2000))
        rare = max(3, total * rng.randint(8, 45) // 1000)
        recognised = rng.randint(1, max(1, rare // 3))
        mistaken = rng.randint(1, max(1, total // 150))
        missed, right = rare - recognised, total - rare - mistaken
        counts = (
            ((right, missed), (mistaken, recognised))
            if scenario.rare == 0
            else ((recognised, mistaken), (missed, right))
        )
        return Numbers(scenario.id, counts)

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The task and the notation."""
        return (
            Prose(
                s.told.task
                + T(
                    r" Bob trains a deep convolutional network $f$ on {total} labelled images. For an image $x \in "
                    r"\mathbb{{R}}^{{H \times W}}$ ($H$ high, $W$ wide) the network returns $\hat y = f(x)$, one real "
                    r"number between 0 and 1. The label $y \in \{{0, 1\}}$ is 1 for “{one}” and 0 for “{zero}”.",
                    r" Bob trainiert ein tiefes Faltungsnetz $f$ auf {total} Bildern mit Label. Zu einem Bild $x \in "
                    r"\mathbb{{R}}^{{H \times W}}$ (Höhe $H$, Breite $W$) liefert das Netz $\hat y = f(x)$, eine "
                    r"reelle Zahl zwischen 0 und 1. Das Label $y \in \{{0, 1\}}$ ist 1 für „{one}“ und 0 für „{zero}“.",
                ).format(total=s.total, zero=s.told.classes[0], one=s.told.classes[1])
            ),
        )


problem = Basics()
