"""fau-2021, problem 2: seven short answers on architectures, recurrent networks, segmentation metrics and training."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from rechenweg.nn import AvgPool2d, Linear, Network
from rechenweg.numbers import Array, exact, named, unnamed
from rechenweg.numbers.notation import Layout, Matrix, Num, read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.assigning import Matching
from rechenweg.questions.kinds.values import MatrixValue, Number
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Figure, Listing, Prose
from rechenweg.working.figures import grid_figure, hourglass_figure, recurrent_figure, side_by_side
from rechenweg.working.run import chain, work

METRICS: dict[str, tuple[T, str]] = {
    "pixel": (
        T("pixel accuracy", "Pixelgenauigkeit"),
        r"\frac{\sum_i p_{ii}}{\sum_i \sum_j p_{ij}}",
    ),
    "frequency": (
        T("frequency-weighted intersection over union", "häufigkeitsgewichtete Intersection over Union"),
        r"\frac{1}{\sum_i \sum_j p_{ij}} \sum_i \frac{p_{ii} \sum_j p_{ij}}{\sum_j p_{ij} + \sum_j p_{ji} - p_{ii}}",
    ),
    "mean-accuracy": (
        T("mean pixel accuracy of the classes", "mittlere Pixelgenauigkeit der Klassen"),
        r"\frac{1}{k + 1} \sum_i \frac{p_{ii}}{\sum_j p_{ij}}",
    ),
    "mean-iou": (
        T("mean intersection over union", "mittlere Intersection over Union"),
        r"\frac{1}{k + 1} \sum_i \frac{p_{ii}}{\sum_j p_{ij} + \sum_j p_{ji} - p_{ii}}",
    ),
}
"""Segmentation metrics (Long et al. 2015): name and formula over the confusion matrix p, truth i, prediction j."""


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """p[i, j]: pixels of class i that were taken for class j, as exact numbers named p_{i,j}."""
    counts = np.zeros((classes, classes), dtype=object)
    for i, j in zip(truth.reshape(-1), predicted.reshape(-1), strict=True):
        counts[i, j] += 1
    for i, j in np.ndindex(classes, classes):
        counts[i, j] = named(f"p_{{{i}{j}}}", exact(counts[i, j]))
    return counts


def metric(name: str, p: Array) -> Any:
    """A metric of a confusion matrix, exactly."""
    rows, columns, hits = p.sum(axis=1), p.sum(axis=0), np.diagonal(p)
    unions = rows + columns - hits
    if name == "pixel":
        return hits.sum() / p.sum()
    if name == "mean-accuracy":
        return (hits / rows).sum() / len(p)
    if name == "mean-iou":
        return (hits / unions).sum() / len(p)
    return (hits * rows / unions).sum() / p.sum()


@dataclass
class Pixels(Setting):
    """Drawn label maps, the order of formulas and names, and an error tensor with its stride.

    `computing` versions ask 2.4 and 2.5 as calculations instead of in words.
    """

    formulas: tuple[str, ...]
    names: tuple[str, ...]
    truth: tuple[tuple[int, ...], ...]
    predicted: tuple[tuple[int, ...], ...]
    asked: tuple[str, ...]
    error: tuple[tuple[int, ...], ...]
    stride: int
    size: int
    computing: bool

    @cached_property
    def p(self) -> Array:
        """The confusion matrix of the two label maps."""
        return confusion(np.array(self.truth), np.array(self.predicted), 2)


class Parts(Question):
    number, credits = "2.1", "1"

    def text(self, s: Pixels) -> T:
        return T(
            "What are the two halves A and B of this network called?",
            "Wie heißen die beiden Hälften A und B dieses Netzes?",
        )

    def given(self, s: Pixels) -> tuple[Block, ...]:
        alt = T(
            "Feature maps that shrink towards the middle (part A) and grow again after it (part B).",
            "Merkmalskarten, die zur Mitte hin kleiner (Teil A) und danach wieder größer werden (Teil B).",
        )
        return (Figure(hourglass_figure(), None, alt),)

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (Step.of("1/2", "A: encoder", "A: Encoder"), Step.of("1/2", "B: decoder", "B: Decoder"))

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        return (
            Text(
                "",
                self.maximum,
                T("A is the encoder, B the decoder.", "A ist der Encoder, B der Decoder."),
                self.scheme(s),
                lines=2,
            ),
        )

    def solution(self, s: Pixels) -> Document:
        return _written(self, s)


class SkipConnections(Question):
    number, credits = "2.2", "1"

    def text(self, s: Pixels) -> T:
        return T(
            "Autoencoders and the U-Net, well known from segmentation, are both built of such parts. What does the U-Net have that an "
            "autoencoder has not?",
            "Autoencoder und das aus der Segmentierung bekannte U-Net bestehen beide aus solchen Teilen. Was hat das U-Net, das ein "
            "Autoencoder nicht hat?",
        )

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (Step.of(1, "skip connections from A to B", "Skip-Verbindungen von A nach B"),)

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        sample = T(
            "Skip connections: feature maps of the encoder are handed to the decoder stage of the same size, past the bottleneck.",
            "Skip-Verbindungen: Merkmalskarten des Encoders werden am Engpass vorbei an die Decoderstufe gleicher Größe gereicht.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=3),)

    def solution(self, s: Pixels) -> Document:
        return _written(self, s)


class SharedWeights(Question):
    number, credits = "2.3", "2"

    def text(self, s: Pixels) -> T:
        return T(
            "In an Elman network two fully connected layers compute the hidden state and the output. Truncated backpropagation through time "
            "goes back through the time steps. Why must an optimiser not change the weights of the hidden layer at every step on the way "
            "(1 point)? What is done instead (1 point)?",
            "In einem Elman-Netz berechnen zwei vollvernetzte Schichten den verborgenen Zustand und die Ausgabe. Truncated Backpropagation "
            "Through Time läuft rückwärts durch die Zeitschritte. Warum darf ein Optimierer die Gewichte der verborgenen Schicht unterwegs "
            "nicht bei jedem Schritt ändern (1 Punkt)? Was tut man stattdessen (1 Punkt)?",
        )

    def given(self, s: Pixels) -> tuple[Block, ...]:
        alt = T(
            "An Elman cell unrolled over time; every step uses the same weights.",
            "Eine über die Zeit abgerollte Elman-Zelle; jeder Schritt benutzt dieselben Gewichte.",
        )
        return (Figure(recurrent_figure(), None, alt),)

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (
            Step.of(1, "the steps share their weights; changed ones no longer fit the forward pass", "die Schritte teilen sich die Gewichte; geänderte passen nicht mehr zur Vorwärtsrechnung"),
            Step.of(1, "add the gradients up, update once at the end", "Gradienten aufsummieren, einmal am Ende aktualisieren"),
        )  # fmt: skip

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        sample = T(
            "All time steps share one set of weights. If it changes on the way back, the earlier steps are differentiated with weights that "
            "the forward pass never used, so the result is the gradient of no function. Instead the gradients of all steps are added and "
            "the weights updated once, after the backward pass.",
            "Alle Zeitschritte teilen sich dieselben Gewichte. Ändern sie sich auf dem Rückweg, so werden die früheren Schritte mit Gewichten "
            "abgeleitet, die die Vorwärtsrechnung nie benutzt hat; das Ergebnis ist der Gradient keiner Funktion. Stattdessen werden die "
            "Gradienten aller Schritte addiert und die Gewichte nach der Rückwärtsrechnung einmal aktualisiert.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=5),)

    def solution(self, s: Pixels) -> Document:
        return _written(self, s) + self.experiment()

    @staticmethod
    def experiment() -> Document:
        """Two time steps h₂ = w·(w·x), L = h₂²: the gradient with one weight, and with a weight changed on the way."""

        def part(weight_later: str) -> Any:
            # the second step runs backwards first; by then the first one may see another weight
            net = Network("x", loss_name="L")
            net.add("h_1", Linear(weights=exact([[2]]), names={"weights": "w"}), "x")
            net.add("h_2", Linear(weights=exact([[2]]), names={"weights": "w'"}), "h_1")
            forward = work(net, [[1]], backward=False)
            error = 2 * unnamed(forward["h_2"].scalar)
            second = error * unnamed(forward["h_1"].scalar)
            first = error * exact(weight_later) * exact(1)
            return second + first

        right, wrong = part("2"), part("1")
        return Document.of(
            Prose(
                T(
                    f"Evidence: two steps $h_2 = w (w x)$, $L = h_2^2$ at $w = 2$, $x = 1$. With one weight the two contributions add up to "
                    f"${right:latex}$, and indeed $4 w^3 = 32$. If $w$ becomes 1 after the last step was done, they add up to ${wrong:latex}$.",
                    f"Beleg: zwei Schritte $h_2 = w (w x)$, $L = h_2^2$ bei $w = 2$, $x = 1$. Mit einem Gewicht ergeben die beiden Beiträge "
                    f"${right:latex}$, und wirklich ist $4 w^3 = 32$. Wird $w$ nach dem letzten Schritt zu 1, so ergeben sie ${wrong:latex}$.",
                )
            )
        )


class Metrics(Question):
    number, credits = "2.4", "2"

    def text(self, s: Pixels) -> T:
        if s.computing:
            first, second = (METRICS[name][0] for name in s.asked)
            return T(
                f"A segmentation into background (0) and object (1): left the truth, right the prediction. Calculate the {first.en} and the "
                f"{second.en}.",
                f"Eine Segmentierung in Hintergrund (0) und Objekt (1): links die Wahrheit, rechts die Vorhersage. Berechnen Sie: "
                f"{first.de}; {second.de}.",
            )
        return T(
            "Let $p_{ij}$ be the number of pixels of class $i$ that a segmentation took for class $j$, with classes $0$ to $k$. Which formula "
            "is which metric? Give the letter for each.",
            "Sei $p_{ij}$ die Zahl der Pixel der Klasse $i$, die eine Segmentierung für Klasse $j$ hielt, bei Klassen $0$ bis $k$. Welche Formel "
            "ist welche Metrik? Geben Sie jeweils den Buchstaben an.",
        )

    def given(self, s: Pixels) -> tuple[Block, ...]:
        if s.computing:
            maps = [
                grid_figure(
                    [[str(v) for v in row] for row in rows],
                    shaded=[(i, j) for i, row in enumerate(rows) for j, v in enumerate(row) if v],
                    title=title,
                )
                for title, rows in ((T("truth", "Wahrheit"), s.truth), (T("prediction", "Vorhersage"), s.predicted))
            ]
            return (Figure(side_by_side(maps), None, T("Two label maps.", "Zwei Karten von Labels.")),)
        formulas = tuple(
            Equation(((read_latex(METRICS[f][1]),),), (T.same(f"({i})"),)) for i, f in enumerate(s.formulas, start=1)
        )
        names = tuple(T.same(f"**{letter}** ") + METRICS[n][0] for letter, n in zip("ABCD", s.names, strict=True))
        return (*formulas, Listing(names))

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        if s.computing:
            return tuple(
                Number(name, Fraction(1), metric(name, s.p), METRICS[name][0] + T.same(" ="), decimals=False)
                for name in s.asked
            )
        letters = dict(zip(s.names, "ABCD", strict=True))
        pairs = {str(i): letters[f] for i, f in enumerate(s.formulas, start=1)}
        return (Matching("", self.maximum, pairs, tuple("ABCD")),)

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        if s.computing:
            return tuple(Step(Fraction(1), METRICS[name][0]) for name in s.asked)
        return (Step.of(2, "½ for each right pair", "½ je richtigem Paar"),)

    def solution(self, s: Pixels) -> Document:
        if s.computing:
            blocks: list[Block] = [Equation.of(read_latex("p"), _counts(s.p))]
            for name in s.asked:
                value = named(rf"\text{{{name}}}", metric(name, s.p))
                blocks += [
                    Prose(METRICS[name][0] + ":"),
                    Equation(((read_latex(METRICS[name][1]), *chain(value, value.args[0])[1:]),)),
                    Callout.of_credit(1),
                ]
            return Document(tuple(blocks))
        (field,) = self.fields(s)
        assert isinstance(field, Matching)
        return Document.of(
            Prose(field.expected()),
            Callout.of_credit(2, T("½ for each right pair", "½ je richtigem Paar")),
            Prose(
                T(
                    "All four count hits $p_{ii}$: over all pixels, over the pixels of a class, or over the union of truth and prediction of a "
                    "class; the last one either averaged over classes or weighted with how often a class occurs.",
                    "Alle vier zählen Treffer $p_{ii}$: bezogen auf alle Pixel, auf die Pixel einer Klasse oder auf die Vereinigung von Wahrheit "
                    "und Vorhersage einer Klasse; letzteres über Klassen gemittelt oder mit ihrer Häufigkeit gewichtet.",
                )
            ),
        )


def _counts(p: Array) -> Layout:
    return Matrix(tuple(tuple(Num(str(v.fraction())) for v in row) for row in p))


class StridedBackward(Question):
    number, credits = "2.5", "1"

    def text(self, s: Pixels) -> T:
        if s.computing:
            return T(
                f"A convolution with stride {s.stride} is computed as a convolution with stride 1 and a subsampling that keeps every "
                f"{_ordinal(s.stride)} row and column, the first included. The error tensor $E$ below belongs to the strided output; the "
                f"stride-1 output has {s.size} × {s.size} entries. Which error tensor reaches the stride-1 convolution?",
                f"Eine Faltung mit Schrittweite {s.stride} wird als Faltung mit Schrittweite 1 und anschließende Unterabtastung berechnet, die jede "
                f"{s.stride}. Zeile und Spalte behält, die erste eingeschlossen. Der Fehlertensor $E$ unten gehört zur Ausgabe mit "
                f"Schrittweite {s.stride}; die Ausgabe mit Schrittweite 1 hat {s.size} × {s.size} Einträge. Welcher Fehlertensor kommt bei der "
                "Faltung mit Schrittweite 1 an?",
            )
        return T(
            "A convolution with a stride above 1 can be computed as a convolution with stride 1 and a subsampling of its output. What has to "
            "be done with the error tensor in the backward pass to get back through the subsampling?",
            "Eine Faltung mit einer Schrittweite über 1 lässt sich als Faltung mit Schrittweite 1 und Unterabtastung ihrer Ausgabe berechnen. Was "
            "muss in der Rückwärtsrechnung mit dem Fehlertensor geschehen, um durch die Unterabtastung zurückzukommen?",
        )

    def given(self, s: Pixels) -> tuple[Block, ...]:
        if not s.computing:
            return ()
        return (Equation.of(read_latex("E"), Matrix(tuple(tuple(Num(str(v)) for v in row) for row in s.error))),)

    def upsampled(self, s: Pixels) -> Array:
        """What the layer sends back: subsampling is average pooling with a 1 × 1 window."""
        layer = AvgPool2d(1, stride=s.stride)
        layer.forward(exact(np.zeros((1, 1, s.size, s.size), dtype=int)))
        back = layer.backward(exact([[list(map(list, s.error))]]))
        assert isinstance(back, np.ndarray)
        inserted: Array = back[0, 0]
        return inserted

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "zeros where the forward pass left rows and columns out",
                "Nullen, wo die Vorwärtsrechnung Zeilen und Spalten weggelassen hat",
            ),
        )

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        if s.computing:
            return (MatrixValue("", self.maximum, self.upsampled(s), "E'", per_slip=Fraction(1, 2)),)
        sample = T(
            "It is filled up with zeros to the size of the stride-1 output: its entries go where they were kept, zeros into the rows and "
            "columns that the forward pass threw away.",
            "Er wird mit Nullen auf die Größe der Ausgabe mit Schrittweite 1 aufgefüllt: Seine Einträge kommen an die behaltenen Stellen, Nullen "
            "in die Zeilen und Spalten, die die Vorwärtsrechnung verworfen hat.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=3),)

    def solution(self, s: Pixels) -> Document:
        if not s.computing:
            return _written(self, s)
        (field,) = self.fields(s)
        return Document.of(
            Prose(
                T(
                    "What was thrown away had no influence on the loss, so its gradient is 0; what was kept gets its error back.",
                    "Was verworfen wurde, hatte keinen Einfluss auf den Verlust, sein Gradient ist 0; was behalten wurde, bekommt seinen Fehler zurück.",
                )
            ),
            Equation.of(read_latex("E'"), field.expected()),  # type: ignore[arg-type]
            Callout.of_credit(1),
        )


def _ordinal(n: int) -> str:
    return {2: "2nd", 3: "3rd"}[n]


class SingleShot(Question):
    number, credits = "2.6", "2"

    def text(self, s: Pixels) -> T:
        return T(
            "Why is YOLO counted among the single-shot detectors?", "Warum zählt YOLO zu den Single-Shot-Detektoren?"
        )

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (
            Step.of(1, "boxes and classes from one network", "Kästen und Klassen aus einem Netz"),
            Step.of(1, "in one forward pass", "in einem Vorwärtslauf"),
        )

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        sample = T(
            "One network predicts the boxes and the class of each box together, in a single forward pass over the image; there is no separate "
            "stage that first proposes regions.",
            "Ein einziges Netz sagt die Kästen und ihre Klassen gemeinsam voraus, in einem Vorwärtslauf über das Bild; eine eigene Stufe, die "
            "zuerst Regionen vorschlägt, gibt es nicht.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=3),)

    def solution(self, s: Pixels) -> Document:
        return _written(self, s)


class Unshuffled(Question):
    number, credits = "2.7", "1"

    def text(self, s: Pixels) -> T:
        return T(
            "A conditional GAN learns to make pictures of cats and of dogs, with as many of the one as of the other, by mini-batch gradient "
            "descent. Its training set holds all dogs first, then all cats, and is used in this order. A colleague says that it must be "
            "shuffled. Is that right, and why?",
            "Ein konditionales GAN lernt mit Mini-Batch-Gradientenabstieg, Bilder von Katzen und von Hunden zu erzeugen, beide gleich häufig. "
            "Der Datensatz enthält erst alle Hunde, dann alle Katzen, und wird in dieser Reihenfolge benutzt. Ein Kollege meint, er müsse "
            "gemischt werden. Hat er recht, und warum?",
        )

    def scheme(self, s: Pixels) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "yes, because every mini-batch sees one class only",
                "ja, weil jeder Mini-Batch nur eine Klasse sieht",
            ),
        )

    def fields(self, s: Pixels) -> tuple[Field, ...]:
        sample = T(
            "Yes. Every mini-batch holds one class, so its gradient is that of another loss than the whole; when the class changes, the loss "
            "jumps, and the network unlearns what it had learned about the first class.",
            "Ja. Jeder Mini-Batch enthält nur eine Klasse, sein Gradient gehört also zu einem anderen Verlust als dem gesamten; beim Wechsel der "
            "Klasse springt der Verlust, und das Netz verlernt, was es über die erste gelernt hat.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=4),)

    def solution(self, s: Pixels) -> Document:
        return _written(self, s)


def _written(question: Question, s: Any) -> Document:
    """The model answer of a text question, with its credit."""
    (field,) = question.fields(s)
    assert isinstance(field, Text)
    return Document.of(Prose(field.sample), *(Callout("credit", step.text, step.credit) for step in field.rubric))


def _class_missing(s: Pixels) -> bool:
    return any(row.sum() == 0 or column.sum() == 0 for row, column in ((s.p[i], s.p[:, i]) for i in range(2)))


def _perfect(s: Pixels) -> bool:
    return s.truth == s.predicted or metric(s.asked[0], s.p) == metric(s.asked[1], s.p)


class ShortAnswers(Problem):
    """Problem 2 of fau-2021."""

    paper, number = "fau-2021", 2
    title = T("Short answers", "Kurze Antworten")
    questions = (Parts(), SkipConnections(), SharedWeights(), Metrics(), StridedBackward(), SingleShot(), Unshuffled())
    rejections = (
        Rejection(T("a class that does not occur", "eine Klasse, die nicht vorkommt"), _class_missing),
        Rejection(
            T(
                "a perfect prediction, or two metrics with one value",
                "eine perfekte Vorhersage oder zwei gleiche Metriken",
            ),
            _perfect,
        ),
    )

    def original(self) -> Pixels:
        """The order of the paper; its label maps are not asked for there."""
        maps = ((0, 0, 1, 1), (0, 0, 1, 1), (0, 0, 0, 0), (0, 0, 0, 0))
        return Pixels(
            formulas=("pixel", "frequency", "mean-accuracy", "mean-iou"),
            names=("mean-accuracy", "mean-iou", "pixel", "frequency"),
            truth=maps, predicted=maps, asked=("pixel", "mean-iou"), error=((1,),), stride=2, size=2, computing=False,
        )  # fmt: skip

    def draw(self, rng: random.Random) -> Pixels:
        """A rectangle as truth, a prediction with a few wrong pixels, an error tensor without zeros; half of the versions
        ask 2.4 and 2.5 in words, as the paper did."""
        top, left = rng.randint(0, 1), rng.randint(0, 1)
        height, width = rng.randint(2, 3), rng.randint(2, 3)
        truth = [[int(top <= i < top + height and left <= j < left + width) for j in range(4)] for i in range(4)]
        predicted = [list(row) for row in truth]
        for place in rng.sample(range(16), rng.randint(2, 5)):
            predicted[place // 4][place % 4] ^= 1
        stride = rng.choice((2, 3))
        return Pixels(
            formulas=tuple(rng.sample(list(METRICS), 4)),
            names=tuple(rng.sample(list(METRICS), 4)),
            truth=tuple(map(tuple, truth)),
            predicted=tuple(map(tuple, predicted)),
            asked=tuple(rng.sample(("pixel", "mean-accuracy", "mean-iou"), 2)),
            error=tuple(tuple(rng.choice((-3, -2, -1, 1, 2, 3, 4)) for _ in range(2)) for _ in range(2)),
            stride=stride,
            size=stride + rng.randint(1, stride),
            computing=rng.random() < 0.5,
        )


problem = ShortAnswers()
