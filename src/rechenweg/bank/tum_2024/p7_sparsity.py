"""tum-2024, problem 7: sparse weights, fewer dimensions, a class that is hardly ever right, and pruning."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from rechenweg.numbers import FUNCTIONS, Array, Exact, exact, named, result, symbol, total, where
from rechenweg.numbers.notation import Layout, Matrix, read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Equation, Prose, Rel, Table
from rechenweg.working.run import chain

Rows = tuple[tuple[str, ...], ...]


@dataclass
class Numbers(Setting):
    """The classifier of 7.3 (accuracies in percent) and the weights by which the solution of 7.4 is shown."""

    classes: int
    train: int
    validation: int
    worst: int
    weights: Rows
    threshold: str

    @property
    def dense(self) -> Array:
        """The layer's weights, (rows, columns)."""
        weights: Array = exact([list(row) for row in self.weights])
        return weights

    @property
    def pruned(self) -> Array:
        """The weights with everything below the threshold in magnitude set to 0."""
        weights, limit = self.dense, exact(self.threshold)
        kept: Array = where(np.array([[bool(abs(w) >= limit) for w in row] for row in weights]), weights, exact(0))
        return kept


def matrix(values: Array) -> Layout:
    """Exact numbers as a matrix of decimals."""
    return Matrix(tuple(tuple(result(v, decimals=True) for v in row) for row in values))


def compressed_rows(values: Array) -> tuple[list[Exact], list[int], list[int]]:
    """Compressed sparse rows: the entries that are not 0, their columns, where each row begins (and the last ends).

    >>> compressed_rows(exact([[0, 5], [7, 0]]))[1:]
    ([1, 0], [0, 1, 2])
    """
    entries: list[Exact] = []
    columns: list[int] = []
    begins = [0]
    for row in values:
        for column, value in enumerate(row):
            if value != 0:
                entries.append(value)
                columns.append(column)
        begins.append(len(entries))
    return entries, columns, begins


class SparseWeights(Question):
    """The penalty that makes weights zero."""

    number, credits = "7.1", "1"

    def text(self, s: Numbers) -> T:
        return T(
            r"Which regularisation drives weights to exactly zero? Give its name and its formula for a weight matrix "
            r"$W$ with $m$ rows and $n$ "
            "columns.",
            r"Welche Regularisierung treibt Gewichte auf genau null? Nennen Sie ihren Namen und ihre Formel für eine "
            r"Gewichtsmatrix $W$ mit $m$ "
            "Zeilen und $n$ Spalten.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "",
                self.maximum,
                T(
                    r"L1 regularisation: $\lambda \sum_{i=1}^{m} \sum_{j=1}^{n} |w_{ij}|$",
                    r"L1-Regularisierung: $\lambda \sum_{i=1}^{m} \sum_{j=1}^{n} |w_{ij}|$",
                ),
                self.scheme(s),
                lines=3,
            ),
        )

    def solution(self, s: Numbers) -> Document:
        shown = [exact(v) for v in ("2", "1/2", "1/10", "1/100")]
        rows = tuple(
            (result(v, decimals=True), result(FUNCTIONS["abs"].derivative(v)), result(2 * v, decimals=True))
            for v in shown
        )
        header = (
            read_latex("w"),
            T(r"pull of L1, $\operatorname{sgn}(w)$", r"Zug von L1, $\operatorname{sgn}(w)$"),
            T("pull of L2, $2w$", "Zug von L2, $2w$"),
        )
        return Document.of(
            Prose(
                T(
                    r"**L1 regularisation**: the sum of the magnitudes, weighted with $\lambda > 0$, is added to the "
                    r"loss.",
                    r"**L1-Regularisierung**: Zum Verlust kommt die Summe der Beträge, gewichtet mit $\lambda > 0$.",
                )
            ),
            Equation.of(
                read_latex(r"R(W)"),
                read_latex(r"\lambda \cdot \|W\|_1"),
                read_latex(r"\lambda \cdot \sum_{i=1}^{m} \sum_{j=1}^{n} |w_{ij}|"),
            ),
            Callout.of_credit(1, T("name and formula", "Name und Formel")),
            Prose(
                T(
                    "Why it makes weights zero and L2 does not: its pull stays the same however small a weight has "
                    "become; that of L2 fades away.",
                    "Warum dabei Gewichte null werden, bei L2 aber nicht: Der Zug bleibt gleich, wie klein ein Gewicht "
                    "auch schon ist; bei L2 lässt "
                    "er nach.",
                )
            ),
            Table(header, rows, align="r"),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (Step.of(1, "L1 (lasso) with its formula", "L1 (Lasso) mit der Formel"),)


class FewerDimensions(Question):
    """One method without learning, one with."""

    number, credits = "7.2", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "Data shall be described by fewer dimensions. Name one method for it that involves no learning, and one "
            "that learns.",
            "Daten sollen mit weniger Dimensionen beschrieben werden. Nennen Sie ein Verfahren dafür, das ohne Lernen "
            "auskommt, und eines, das "
            "lernt.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        fixed, learned = self.scheme(s)
        return (
            Text(
                "fixed",
                Fraction(1, 2),
                T("Principal component analysis (PCA)", "Hauptkomponentenanalyse (PCA)"),
                (fixed,),
                lines=1,
                asked_for=1,
                label=T("not learned", "nicht gelernt"),
            ),
            Text(
                "learned",
                Fraction(1, 2),
                T("An autoencoder", "Ein Autoencoder"),
                (learned,),
                lines=1,
                asked_for=1,
                label=T("learned", "gelernt"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "Without learning: **PCA**. The directions of largest variance come out of an eigenvalue (or "
                    "singular value) decomposition; the data "
                    "are projected onto the first few.",
                    "Ohne Lernen: **PCA**. Die Richtungen der größten Varianz folgen aus einer Eigenwert- (oder "
                    "Singulärwert-)zerlegung; auf die "
                    "ersten davon werden die Daten projiziert.",
                )
            ),
            Callout.of_credit(
                "1/2", T("also random projection, downsampling", "auch zufällige Projektion, Verkleinern")
            ),
            Prose(
                T(
                    "Learned: an **autoencoder**. Its bottleneck has few units, and training makes the decoder rebuild "
                    "the input from them.",
                    "Gelernt: ein **Autoencoder**. Sein Engpass hat wenige Einheiten, und im Training lernt der "
                    "Decoder, die Eingabe daraus "
                    "wiederherzustellen.",
                )
            ),
            Callout.of_credit("1/2"),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of("1/2", "without learning: PCA or the like", "ohne Lernen: PCA oder Ähnliches"),
            Step.of("1/2", "learned: an autoencoder or the like", "gelernt: ein Autoencoder oder Ähnliches"),
        )


class NeglectedClass(Question):
    """A class that is hardly ever recognised."""

    number, credits = "7.3", "2"

    def text(self, s: Numbers) -> T:
        return T(
            f"Your classifier for {s.classes} classes is right on {s.train} % of the training images and on "
            f"{s.validation} % of the validation images. In "
            f"use it turns out that some classes go badly; in the worst one it recognises less than {s.worst} % of the "
            f"images, in training as in "
            "validation. The labels are correct. How can this come about, and what do you do about it?",
            f"Ihr Klassifikator für {s.classes} Klassen liegt bei {s.train} % der Trainingsbilder und bei "
            f"{s.validation} % der Validierungsbilder richtig. "
            f"Im Einsatz zeigt sich, dass einige Klassen schlecht gehen; in der schlechtesten erkennt er weniger als "
            f"{s.worst} % der Bilder, im Training "
            "wie in der Validierung. Die Labels stimmen. Wie kann das kommen, und was tun Sie dagegen?",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "",
                self.maximum,
                T(
                    "The classes are unbalanced: there are too few images of this one, so the loss hardly notices it. "
                    "Remedy: weight its errors in the "
                    "loss, sample it more often, collect or augment images of it.",
                    "Die Klassen sind unausgewogen: Von dieser gibt es zu wenige Bilder, der Verlust bemerkt sie also "
                    "kaum. Abhilfe: ihre Fehler stärker "
                    "gewichten, ihre Bilder öfter ziehen, weitere sammeln oder durch Augmentierung erzeugen.",
                ),
                self.scheme(s),
                lines=5,
            ),
        )

    def solution(self, s: Numbers) -> Document:
        count = symbol("K", s.classes)
        accuracy = symbol(r"a_{\mathrm{worst}}", Fraction(s.worst, 100))
        lost = named(r"\Delta", (1 - accuracy) / count)
        share = lost.fraction()
        rounded = read_latex(f"{float(100 * share):.3g} \\%")
        links = chain(lost, lost.args[0])
        exactly = Fraction(f"{float(100 * share):.3g}") == 100 * share
        return Document.of(
            Prose(
                T(
                    "**Unbalanced classes.** In the training data this class is rare. Each image counts the same in "
                    "the loss, so the network earns more by "
                    "serving the frequent classes; and since it fails in training already, this is no overfitting.",
                    "**Unausgewogene Klassen.** In den Trainingsdaten ist diese Klasse selten. Im Verlust zählt jedes "
                    "Bild gleich viel; das Netz gewinnt "
                    "also mehr, wenn es die häufigen Klassen bedient. Und da es schon im Training versagt, ist es "
                    "keine Überanpassung.",
                )
            ),
            Callout.of_credit(1, T("cause", "Ursache")),
            Prose(
                T(
                    f"The accuracy over all images hides it. Even with equally many images of all $K$ classes, one "
                    f"class that is recognised in {s.worst} % of "
                    "the cases would cost it only",
                    "Die Genauigkeit über alle Bilder verdeckt das. Selbst wenn es von allen $K$ Klassen gleich viele "
                    "Bilder gäbe, kostete eine Klasse, die "
                    f"zu {s.worst} % erkannt wird, sie nur",
                )
            ),
            Equation(((*links, rounded if exactly else Rel("≈", rounded)),)),
            Prose(
                T(
                    "and the rarer the class, the less. **Remedy**: give its images more weight in the loss, draw them "
                    "more often, collect more of them or "
                    "make more by augmentation.",
                    "und je seltener die Klasse, desto weniger. **Abhilfe**: ihre Bilder im Verlust stärker gewichten, "
                    "sie öfter ziehen, mehr davon "
                    "sammeln oder durch Augmentierung erzeugen.",
                )
            ),
            Callout.of_credit(1, T("one remedy", "eine Abhilfe")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "cause: unbalanced classes, too few examples of this one",
                "Ursache: unausgewogene Klassen, zu wenige Beispiele von dieser",
            ),
            Step.of(
                1,
                "a remedy that fits: weighted loss, resampling, more data, augmentation",
                "eine passende Abhilfe: gewichteter Verlust, anderes Ziehen, mehr Daten, Augmentierung",
            ),
        )


class Pruning(Question):
    """Compression by leaving small weights out."""

    number, credits = "7.4", "3"

    def text(self, s: Numbers) -> T:
        return T(
            "A large trained model is made of many linear layers. In each of them, many weights turn out to be tiny "
            "beside the others. How can this be "
            "used to compress the model, if small losses are tolerable? And what is gained by that in practice?",
            "Ein großes, fertig trainiertes Modell besteht aus vielen linearen Schichten. In jeder sind viele Gewichte "
            "winzig, verglichen mit den "
            "übrigen. Wie lässt sich das nutzen, um das Modell zu komprimieren, wenn kleine Verluste erlaubt sind? Und "
            "was gewinnt man damit in der "
            "Praxis?",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        method, gain = self.scheme(s)
        return (
            Text(
                "method",
                Fraction(2),
                T(
                    "Pruning: set every weight below a threshold to 0 and store the matrices in a sparse format, only "
                    "the remaining values with their "
                    "places.",
                    "Pruning: alle Gewichte unter einer Schwelle auf 0 setzen und die Matrizen in einem dünn besetzten "
                    "Format speichern, also nur die "
                    "übrigen Werte mit ihren Plätzen.",
                ),
                (method,),
                lines=4,
                label=T("method", "Verfahren"),
            ),
            Text(
                "gain",
                Fraction(1),
                T(
                    "Less memory and fewer multiplications: the model is faster and fits smaller devices.",
                    "Weniger Speicher und weniger Multiplikationen: Das Modell ist schneller und passt auf kleinere "
                    "Geräte.",
                ),
                (gain,),
                lines=2,
                label=T("gain", "Nutzen"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        dense, pruned = s.dense, s.pruned
        entries, columns, begins = compressed_rows(pruned)
        error = total((dense - pruned) ** 2) / total(dense**2)
        rows, width = dense.shape
        needed = len(entries) + len(columns) + len(begins)
        listed = T.same("; ".join(f"${_plain(v)}$" for v in entries))
        return Document.of(
            Prose(
                T(
                    rf"**Pruning**: weights below a threshold, here ${s.threshold}$ in magnitude, are set to 0.",
                    rf"**Pruning**: Gewichte unter einer Schwelle, hier mit einem Betrag unter ${s.threshold}$, werden "
                    rf"auf 0 gesetzt.",
                )
            ),
            Equation.of(read_latex("W"), matrix(dense)),
            Equation.of(read_latex(r"\tilde W"), matrix(pruned)),
            Prose(
                T(
                    "What is left is stored sparsely, e.g. as compressed rows: the values {values}, their columns "
                    "({columns}), and where each row begins and "
                    "the last one ends ({begins}).",
                    "Der Rest wird dünn besetzt gespeichert, etwa als komprimierte Zeilen: die Werte {values}, ihre "
                    "Spalten ({columns}), und wo jede Zeile "
                    "beginnt und die letzte endet ({begins}).",
                ).format(values=listed, columns=", ".join(map(str, columns)), begins=", ".join(map(str, begins)))
            ),
            Callout.of_credit(
                2, T("small weights to 0, sparse storage", "kleine Gewichte auf 0, dünn besetzt speichern")
            ),
            Prose(
                T(
                    f"**Gain**: {needed} stored numbers instead of {rows} · {width} = {dense.size}, and {len(entries)} "
                    f"products instead of {dense.size} when the "
                    "layer is applied: less memory, faster, also on small devices. The compression is lossy: what is "
                    "lost is a share of the squared weights of",
                    f"**Gewinn**: {needed} gespeicherte Zahlen statt {rows} · {width} = {dense.size}, und "
                    f"{len(entries)} Produkte statt {dense.size} beim Anwenden "
                    "der Schicht: weniger Speicher, schneller, auch auf kleinen Geräten. Die Kompression ist "
                    "verlustbehaftet; von den quadrierten Gewichten "
                    "geht dieser Anteil verloren:",
                )
            ),
            Callout.of_credit(1, T("a practical gain", "ein praktischer Gewinn")),
            Equation.of(
                read_latex(r"\frac{\|W - \tilde W\|^2}{\|W\|^2}"),
                result(error),
                Rel("≈", read_latex(f"{100 * error.approx():.2g} \\%")),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                2,
                "method: small weights set to zero, only the others stored",
                "Verfahren: kleine Gewichte auf null setzen, nur die übrigen speichern",
            ),
            Step.of(1, "gain: memory, time, or smaller devices", "Gewinn: Speicher, Zeit oder kleinere Geräte"),
        )


def _plain(number: Exact) -> str:
    return f"{number.approx():g}"


def _nothing_kept(s: Numbers) -> bool:
    entries, columns, begins = compressed_rows(s.pruned)
    return len(entries) + len(columns) + len(begins) >= s.dense.size or len(entries) < 3


class Sparsity(Problem):
    """Problem 7 of tum-2024."""

    paper, number = "tum-2024", 7
    title = T("Sparsity", "Dünne Besetzung")
    questions = (SparseWeights(), FewerDimensions(), NeglectedClass(), Pruning())
    rejections = (
        Rejection(
            T(
                "an example that saves nothing, or loses nearly everything",
                "ein Beispiel, das nichts spart oder fast alles verliert",
            ),
            _nothing_kept,
        ),
    )

    def original(self) -> Numbers:
        """The numbers of the paper; the small matrix of the solution is ours."""
        return Numbers(
            classes=100, train=95, validation=90, worst=32, threshold="0.1",
            weights=(
                ("0.9", "0.01", "-0.02", "0.03", "0", "0.02"),
                ("-0.01", "0.02", "-1.4", "0.01", "0.03", "-0.02"),
                ("0.04", "-0.03", "0.01", "0.7", "-0.02", "0.01"),
                ("0.02", "1.1", "0.02", "-0.01", "-0.6", "0.03"),
            ),
        )  # fmt: skip

    def draw(self, rng: random.Random) -> Numbers:
        """Other accuracies; a matrix of tiny weights with a few large ones."""
        train = rng.randint(91, 98)
        small, large = (
            ("0", "0.01", "0.02", "0.03", "0.04", "-0.01", "-0.02", "-0.03"),
            ("0.6", "0.8", "1.2", "-0.7", "-1.1", "1.5", "-0.9"),
        )
        weights = tuple(
            tuple(rng.choice(large) if rng.random() < 0.2 else rng.choice(small) for _ in range(6)) for _ in range(4)
        )
        return Numbers(
            classes=rng.choice((20, 40, 50, 80, 100, 200, 250)),
            train=train,
            validation=train - rng.randint(3, 7),
            worst=rng.randint(15, 45),
            weights=weights,
            threshold=rng.choice(("0.1", "0.2", "0.05")),
        )


problem = Sparsity()
