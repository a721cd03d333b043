"""tum-2024, 4.3, 4.4 and 4.5: two classes, larger images, many more layers."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from rechenweg.bank.tum_2024.cnn.setting import Numbers
from rechenweg.nn import Conv2d, Linear, Network
from rechenweg.numbers import FUNCTIONS, Exact, exact, formula, result
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Equation, Prose, Rel, Table
from rechenweg.working.shapes import shapes

SPLITS: dict[str, T] = {
    "even": T("whether it shows an even or an odd digit", "ob es eine gerade oder eine ungerade Ziffer zeigt"),
    "five": T("whether it shows a digit below 5 or not", "ob es eine Ziffer unter 5 zeigt oder nicht"),
    "round": T(
        "whether its digit has a closed loop (0, 4, 6, 8, 9) or not",
        "ob seine Ziffer eine geschlossene Schleife hat (0, 4, 6, 8, 9) oder nicht",
    ),
    "prime": T("whether it shows a prime number or not", "ob es eine Primzahl zeigt oder nicht"),
}
"""Two classes of digits, in words."""

FEW = T("one or two outputs", "ein oder zwei Ausgänge")
ONE = T("exactly one", "genau einer")

VANISHING = T(
    "Backpropagation multiplies one factor per layer; if most are below 1, hardly anything of the gradient reaches "
    "the first layers, and they do not learn.",
    "Die Rückwärtsrechnung multipliziert je Schicht einen Faktor; sind die meisten kleiner als 1, kommt in den ersten "
    "Schichten kaum noch etwas vom Gradienten an, und sie lernen nicht.",
)
OVERFITTING = T(
    "More layers mean more parameters; with the same data the network can learn the training images by heart and does "
    "badly on new ones.",
    "Mehr Schichten bedeuten mehr Parameter; bei gleich vielen Daten kann das Netz die Trainingsbilder auswendig "
    "lernen und versagt bei neuen.",
)


@lru_cache(maxsize=4096)
def weights_of(inputs: int, outputs: int) -> Exact:
    """How many parameters a fully connected layer has, with the formula behind it."""
    net = Network("x")
    net.add("h", Linear(inputs, outputs), "x")
    count = shapes(net, (1, inputs))["h"].parameter_count
    assert count is not None
    return count


FIRST, SECOND = T("first", "erstens"), T("second", "zweitens")


class TwoClasses(Question):
    """Two classes instead of ten."""

    number, credits = "4.3", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "Instead of the digit itself the network shall now say of an image {split}. Which single change to the "
            "architecture does that take, if no weights are to be wasted?",
            "Statt der Ziffer selbst soll das Netz nun von einem Bild sagen, {split}. Welche eine Änderung an der "
            "Architektur ist dafür nötig, wenn keine Gewichte verschwendet werden sollen?",
        ).format(split=SPLITS[s.split])

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        sample = T(
            "The output layer gets one neuron (with a sigmoid) instead of ten.",
            "Die Ausgabeschicht bekommt ein Neuron (mit Sigmoid) statt zehn.",
        )
        return (Text("", self.maximum, sample, self.scheme(s), lines=2),)

    def solution(self, s: Numbers) -> Document:
        rows = tuple(
            (T.same(str(n)), formula(count), result(count)) for n in (10, 2, 1) for count in [weights_of(84, n)]
        )
        return Document.of(
            Prose(
                T(
                    "Only the output layer changes, to **one** neuron with a sigmoid: the probability of one class, "
                    "and that of the other is what is missing to 1.",
                    "Nur die Ausgabeschicht ändert sich, auf **ein** Neuron mit Sigmoid: die Wahrscheinlichkeit der "
                    "einen Klasse; die der anderen ist, was zu 1 fehlt.",
                )
            ),
            Callout.of_credit("1/2", FEW),
            Prose(
                T(
                    "Two neurons with a softmax can express no more, but take twice the weights in this layer:",
                    "Zwei Neuronen mit Softmax können nicht mehr ausdrücken, brauchen in dieser Schicht aber doppelt "
                    "so viele Gewichte:",
                )
            ),
            Table(
                (
                    T("outputs", "Ausgänge"),
                    T("parameters of the layer", "Parameter der Schicht"),
                    T("in all", "zusammen"),
                ),
                rows,
                align="r",
            ),
            Callout.of_credit("1/2", ONE),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return Step(Fraction(1, 2), FEW), Step(Fraction(1, 2), ONE)


class LargerImages(Question):
    """Images of another size."""

    number, credits = "4.4", "2"

    def text(self, s: Numbers) -> T:
        return T(
            f"The images now measure ${s.large} \\times {s.large}$ instead of ${s.architecture.image} \\times "
            f"{s.architecture.image}$. Describe two possible changes to the architecture by which the network can be "
            f"trained with them.",
            f"Die Bilder messen nun ${s.large} \\times {s.large}$ statt ${s.architecture.image} \\times "
            f"{s.architecture.image}$. Beschreiben Sie zwei mögliche Änderungen der Architektur, mit denen sich das "
            f"Netz auf ihnen trainieren lässt.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        first, second = self.scheme(s)
        inputs = s.architecture.reaching_f1(s.large)
        one = T(
            f"Put a 5 × 5 convolution with stride 2 in front: it brings the image down to {s.architecture.image} × "
            f"{s.architecture.image}.",
            f"Eine 5 × 5-Faltung mit Schrittweite 2 davorsetzen: Sie bringt das Bild auf {s.architecture.image} × "
            f"{s.architecture.image}.",
        )
        two = T(
            f"Keep the convolutions and give f1 as many inputs as then arrive: {inputs}.",
            f"Die Faltungen beibehalten und f1 so viele Eingänge geben, wie dann ankommen: {inputs}.",
        )
        return (
            Text("first", Fraction(1), one, (first,), lines=3, asked_for=1, label=FIRST),
            Text("second", Fraction(1), two, (second,), lines=3, asked_for=1, label=SECOND),
        )

    def solution(self, s: Numbers) -> Document:
        front = Network("x")
        front.add("c", Conv2d(1, 1, 5, stride=2), "x")
        shrunk = shapes(front, (1, 1, s.large, s.large))["c"]
        rows = tuple(
            (read_latex(name), formula(count), result(count))
            for name, side in (("N", s.architecture.image), ("N'", s.large))
            for count in [weights_of(s.architecture.reaching_f1(side), 120)]
        )
        channels, height, _ = s.architecture.maps(s.large)
        return Document.of(
            Prose(
                T(
                    "**Make the image smaller inside the network**, by another layer in front or by larger strides: a "
                    "$5 \\times 5$ convolution with stride 2 gives just the old size.",
                    "**Das Bild im Netz verkleinern**, durch eine weitere Schicht davor oder größere Schrittweiten: "
                    "Eine $5 \\times 5$-Faltung mit Schrittweite 2 gibt gerade die alte Größe.",
                )
            ),
            Equation(((read_latex("n'"), *shrunk.shape_chains()[0]),)),
            Callout.of_credit(1),
            Prose(
                T(
                    f"**Let the rest adapt**: convolutions take images of any size. Only f1 does not; behind maxpool2 "
                    f"there are now {channels} maps of ${height} \\times {height}$, so its number of weights grows "
                    f"from $N$ to $N'$. Or one averages over each map first (global or adaptive pooling), and f1 has "
                    f"a fixed size for every image.",
                    f"**Den Rest anpassen**: Faltungen nehmen Bilder jeder Größe. Nur f1 nicht; nach maxpool2 liegen "
                    f"nun {channels} Maps von ${height} \\times {height}$ vor, also wächst die Zahl seiner Gewichte "
                    f"von $N$ auf $N'$. Oder man mittelt vorher über jede Map (globales oder adaptives Pooling); dann "
                    f"hat f1 für jedes Bild eine feste Größe.",
                )
            ),
            Equation(rows),
            Callout.of_credit(1),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "a first change that works", "eine erste Änderung, die geht"),
            Step.of(1, "a second one of another kind", "eine zweite anderer Art"),
        )


class VeryDeep(Question):
    """What goes wrong in very deep networks."""

    number, credits = "4.5", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "The network works, and to raise its capacity you make it very much deeper. Name two problems that you "
            "have to reckon with, each with its cause and its effect.",
            "Das Netz funktioniert, und um seine Kapazität zu erhöhen, machen Sie es sehr viel tiefer. Nennen Sie "
            "zwei Probleme, mit denen Sie rechnen müssen, jeweils mit Ursache und Wirkung.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text("first", Fraction(1), VANISHING, self.scheme(s)[:1], lines=3, asked_for=1, label=FIRST),
            Text("second", Fraction(1), OVERFITTING, self.scheme(s)[1:], lines=3, asked_for=1, label=SECOND),
        )

    def solution(self, s: Numbers) -> Document:
        depth = 20
        steepest = FUNCTIONS["sigmoid"].derivative(exact(0))
        product = steepest**depth
        return Document.of(
            Prose(T("**Vanishing gradients.** ", "**Verschwindende Gradienten.** ") + VANISHING),
            Callout.of_credit(1, T("½ effect, ½ cause", "½ Wirkung, ½ Ursache")),
            Prose(
                T(
                    f"The sigmoid's slope, for instance, is at most $\\sigma'(0)$; over {depth} layers this leaves, "
                    f"with weights of magnitude 1, at most",
                    f"Die Steigung der Sigmoid-Funktion etwa ist höchstens $\\sigma'(0)$; über {depth} Schichten "
                    f"bleibt davon, bei Gewichten vom Betrag 1, höchstens",
                )
            ),
            Equation.of(
                read_latex(rf"\sigma'(0)^{{{depth}}}"),
                read_latex(rf"(\frac{{1}}{{{int(1 / steepest.fraction())}}})^{{{depth}}}"),
                _scientific(product),
            ),
            Prose(T("**Overfitting.** ", "**Überanpassung.** ") + OVERFITTING),
            Callout.of_credit(1, T("½ effect, ½ cause", "½ Wirkung, ½ Ursache")),
            Prose(
                T(
                    "Also right: exploding gradients (factors above 1), longer training and more memory, or a "
                    "training error that rises with depth because even the identity is hard to learn through many "
                    "layers.",
                    "Ebenso richtig: explodierende Gradienten (Faktoren über 1), längeres Training und mehr Speicher, "
                    "oder ein Trainingsfehler, der mit der Tiefe steigt, weil schon die Identität durch viele "
                    "Schichten schwer zu lernen ist.",
                )
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        each = T("a problem: ½ its effect, ½ its cause", "ein Problem: ½ die Wirkung, ½ die Ursache")
        return (Step(Fraction(1), each), Step(Fraction(1), each))


def _scientific(number: Exact) -> Rel:
    mantissa, _, exponent = f"{number.approx():.1e}".partition("e")
    return Rel("≈", read_latex(rf"{mantissa} \cdot 10^{{{int(exponent)}}}"))
