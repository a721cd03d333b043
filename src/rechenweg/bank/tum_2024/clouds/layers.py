"""tum-2024, 8.1, 8.2 and 8.3: which layers, and how large."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from rechenweg.bank.tum_2024.clouds.setting import Numbers
from rechenweg.nn import Conv1d, Flatten, Linear, Network
from rechenweg.numbers import Array, Exact, exact, named, symbol
from rechenweg.numbers.notation import read_latex
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.symbolic import SymbolicShape
from rechenweg.questions.kinds.values import Number
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Equation, Prose
from rechenweg.working.run import chain
from rechenweg.working.shapes import shapes

B, N = symbol("B"), symbol("N")
WORDS = Vocabulary({"B": B, "N": N})


def axes(*entries: Any) -> Array:
    """Entries as an exact vector."""
    return np.array([e if isinstance(e, Exact) else exact(e) for e in entries], dtype=object)


RESHAPED = (
    (
        axes(B, -1),
        Fraction(1),
        T("right: −1 leaves the length to the library", "richtig: −1 überlässt die Länge der Bibliothek"),
    ),
    *(
        (
            across,
            Fraction(1, 2),
            T(
                "flattened, but across the batch: the clouds get mixed up",
                "flach gemacht, aber über den Batch hinweg: Die Wolken geraten durcheinander",
            ),
        )
        for across in (axes(B * N * 3), axes(1, B * N * 3), axes(B * N * 3, 1))
    ),
)


def seen(points: int) -> tuple[int, int]:
    """How many points an output of a convolution over 3 neighbours sees, and one of a fully connected layer."""
    convolution = Network("x")
    convolution.add("c", Conv1d(3, 8, 3), "x")
    full = Network("x")
    full.add("f", Flatten(), "x")
    full.add("h", Linear(3 * points, 8), "f")
    fields = (shapes(net, (1, 3, points))[name].receptive_field for net, name in ((convolution, "c"), (full, "h")))
    near, everything = (field[0] for field in fields if field is not None)
    return near, everything


class WhyConnected(Question):
    """Why not a convolution."""

    number, credits = "8.1", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "**Layers.** For these clouds, fully connected layers suit better than convolutions. Give the reasons.",
            "**Schichten.** Für diese Wolken eignen sich vollvernetzte Schichten besser als Faltungen. Begründen Sie "
            "das.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "",
                self.maximum,
                T(
                    "A cloud is a set: rows next to each other in the tensor need not be neighbours in space. A "
                    "convolution combines just such neighbouring rows; a fully connected layer sees all points at "
                    "once.",
                    "Eine Punktwolke ist eine Menge: Zeilen, die im Tensor nebeneinander stehen, müssen im Raum keine "
                    "Nachbarn sein. Eine Faltung verknüpft aber gerade solche Nachbarzeilen; eine vollvernetzte "
                    "Schicht sieht alle Punkte zugleich.",
                ),
                self.scheme(s),
                lines=5,
            ),
        )

    def solution(self, s: Numbers) -> Document:
        near, everything = seen(s.points)
        return Document.of(
            Prose(
                T(
                    "The points of a cloud have no order. Which point stands in row 5 and which in row 6 is chance, "
                    "and so their being neighbours in the tensor says nothing about the object.",
                    "Die Punkte einer Wolke haben keine Reihenfolge. Welcher Punkt in Zeile 5 steht und welcher in "
                    "Zeile 6, ist Zufall; dass sie im Tensor Nachbarn sind, sagt über das Objekt also nichts.",
                )
            ),
            Callout.of_credit(1, T("points are unordered", "Punkte sind ungeordnet")),
            Prose(
                T(
                    f"A convolution lives on neighbourhoods: with a kernel over 3 rows, one output sees {near} of the "
                    f"{s.points} points, and neighbours by chance at that. One output of a fully connected layer sees "
                    f"all {everything}. Rotation and position are properties of the whole cloud.",
                    f"Eine Faltung lebt von Nachbarschaften: Mit einem Kern über 3 Zeilen sieht eine Ausgabe {near} "
                    f"der {s.points} Punkte, noch dazu zufällige Nachbarn. Eine Ausgabe einer vollvernetzten Schicht "
                    f"sieht alle {everything}. Drehung und Lage sind Eigenschaften der ganzen Wolke.",
                )
            ),
            Callout.of_credit(
                1,
                T(
                    "convolutions look at neighbourhoods; “local against global features” counts too",
                    "Faltungen betrachten Nachbarschaften; „lokale gegen globale Merkmale“ zählt auch",
                ),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "the points are unordered", "die Punkte sind ungeordnet"),
            Step.of(
                1,
                "convolutions look at neighbourhoods (also accepted: local against global features)",
                "Faltungen betrachten Nachbarschaften (auch akzeptiert: lokale gegen globale Merkmale)",
            ),
        )


class Reshaping(Question):
    """The shape of the input."""

    number, credits = "8.2", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "**Input shape.** A batch has the shape $(B, N, 3)$. Into which shape do you bring it, so that already "
            "the first fully connected layer can combine all points of a cloud with each other?",
            "**Form der Eingabe.** Ein Batch hat die Form $(B, N, 3)$. In welche Form bringen Sie ihn, damit schon "
            "die erste vollvernetzte Schicht alle Punkte einer Wolke miteinander verknüpfen kann?",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        numbers = (
            axes(s.batch, 3 * s.points),
            Fraction(1),
            T("right, with the numbers of 8.3", "richtig, mit den Zahlen aus 8.3"),
        )
        return (
            SymbolicShape(
                "",
                self.maximum,
                axes(B, N * 3),
                T("shape:", "Form:"),
                vocabulary=WORDS,
                alternatives=(*RESHAPED, numbers),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        made = Flatten().output_shape((B, N, 3))  # the layer itself says the shape, in symbols
        shown = SymbolicShape("", self.maximum, axes(*made), vocabulary=WORDS).expected()
        return Document.of(
            Prose(
                T(
                    "Each cloud becomes one row: the batch axis stays, points and coordinates are joined "
                    "(`x.reshape(B, 3 * N)`).",
                    "Jede Wolke wird eine Zeile: Die Batch-Achse bleibt, Punkte und Koordinaten werden verbunden "
                    "(`x.reshape(B, 3 * N)`).",
                )
            ),
            Equation.of(read_latex(r"\operatorname{flatten}(B, N, 3)"), shown),
            Callout.of_credit(1, T("½ if the batch is flattened as well", "½, wenn auch der Batch flach gemacht wird")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "$(B, N \\cdot 3)$; ½ for flattening across the batch",
                "$(B, N \\cdot 3)$; ½ für flach über den Batch hinweg",
            ),
        )


class LayerSizes(Question):
    """How many neurons come first and last."""

    number, credits = "8.3", "2"

    def text(self, s: Numbers) -> T:
        return T(
            f"**Layer sizes.** The batches hold $B = {s.batch}$ clouds of $N = {s.points}$ points each. How many "
            f"neurons must the first layer of your network have, and how many the last?",
            f"**Schichtgrößen.** Ein Batch enthält $B = {s.batch}$ Wolken zu je $N = {s.points}$ Punkten. Wie viele "
            f"Neuronen braucht Ihr Netz in der ersten Schicht, und wie viele in der letzten?",
        )

    @staticmethod
    def sizes(s: Numbers) -> tuple[int, int]:
        """Inputs and outputs of the network: a cloud in one row; the numbers in R and t."""
        rotation, translation = s.rotation.size, 3
        return Flatten().output_shape((s.batch, s.points, 3))[1], rotation + translation

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        inputs, outputs = self.sizes(s)
        followed = T(
            "followed from 8.2: the batch was flattened as well, which cost credit there and not again",
            "Folge aus 8.2: Auch der Batch wurde flach gemacht; das kostete dort Punkte und nicht noch einmal",
        )
        return (
            Number(
                "input",
                Fraction(1),
                exact(inputs),
                T("input layer:", "Eingabeschicht:"),
                alternatives=((exact(s.batch * inputs), Fraction(1), followed),),
            ),
            Number(
                "output",
                Fraction(1),
                exact(outputs),
                T("output layer:", "Ausgabeschicht:"),
                alternatives=(
                    (
                        exact(4 + 3),
                        Fraction(1),
                        T(
                            "right: the rotation as a quaternion, and the translation",
                            "richtig: Drehung als Quaternion, dazu die Verschiebung",
                        ),
                    ),
                    (
                        exact(3 + 3),
                        Fraction(1),
                        T(
                            "right: the rotation as Euler angles, and the translation",
                            "richtig: Drehung in Euler-Winkeln, dazu die Verschiebung",
                        ),
                    ),
                ),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        inputs = named(r"n_{\mathrm{in}}", symbol("N", s.points) * exact(3))
        outputs = named(r"n_{\mathrm{out}}", exact(3) * exact(3) + exact(3))
        return Document.of(
            Prose(
                T(
                    "The batch is no part of the layer: each cloud passes the network by itself.",
                    "Der Batch gehört nicht zur Schicht: Jede Wolke geht für sich durch das Netz.",
                )
            ),
            Equation((chain(inputs, inputs.args[0]),)),
            Callout.of_credit(1),
            Prose(
                T(
                    r"What comes out are the entries of $R$ ($3 \times 3$) and of $t$ ($1 \times 3$):",
                    r"Heraus kommen die Einträge von $R$ ($3 \times 3$) und von $t$ ($1 \times 3$):",
                )
            ),
            Equation((chain(outputs, outputs.args[0]),)),
            Callout.of_credit(
                1,
                T("7 with a quaternion, 6 with Euler angles", "7 mit einem Quaternion, 6 mit Euler-Winkeln"),
            ),
            Callout(
                "note",
                T(
                    f"Whoever flattened the batch in 8.2, too, gets {s.batch * self.sizes(s)[0]} inputs; that mistake "
                    f"is not punished again.",
                    f"Wer in 8.2 auch den Batch flach gemacht hat, kommt auf {s.batch * self.sizes(s)[0]} Eingänge; "
                    f"dieser Fehler wird nicht noch einmal bestraft.",
                ),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "input layer; an error made in 8.2 is carried forward",
                "Eingabeschicht; ein Fehler aus 8.2 wird weitergeführt",
            ),
            Step.of(
                1,
                "output layer; also 7 (quaternion) or 6 (Euler angles)",
                "Ausgabeschicht; auch 7 (Quaternion) oder 6 (Euler-Winkel)",
            ),
        )
