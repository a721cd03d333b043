"""tum-2024, 2.6: linear layers one after the other are one linear layer."""

from __future__ import annotations

from fractions import Fraction

from rechenweg.bank.tum_2024.multiple_choice.showing import shape
from rechenweg.bank.tum_2024.short_questions.layers import Merging, bias_field, merged, weight_field
from rechenweg.bank.tum_2024.short_questions.setting import Numbers
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Equation

COUNT = {2: T("Two", "Zwei"), 3: T("Three", "Drei")}


class Merged(Question):
    """2.6."""

    number, credits = "2.6", "3"

    def text(self, s: Numbers) -> T:
        layers = s.layers
        weight, bias = layers.names[0]
        vector = T("a column vector", "ein Spaltenvektor") if layers.column else T("a row vector", "ein Zeilenvektor")
        weights, biases = (", ".join(f"${names[i]}$" for names in layers.names) for i in (0, 1))
        told = T("", "")
        if layers.sizes_told:
            lengths = " → ".join(map(str, layers.sizes))
            told = T(f" (lengths of the vectors: {lengths})", f" (Längen der Vektoren: {lengths})")
        first = f"${layers.times(weight, layers.x)} + {bias}$"
        return T(
            f"{COUNT[len(layers.names)].en} linear layers with weights {weights} and biases {biases} follow one "
            f"another, with no non-linearity in between. The input ${layers.x}$ is {vector.en}, and the first layer "
            f"turns it into {first}{told.en}. Show by calculation that one single linear layer does the same (1 "
            f"credit), and give its weight and its bias (2 credits).",
            f"{COUNT[len(layers.names)].de} lineare Schichten mit den Gewichten {weights} und den Biases {biases} "
            f"folgen aufeinander, ohne Nichtlinearität dazwischen. Die Eingabe ${layers.x}$ ist {vector.de}, und die "
            f"erste Schicht macht daraus {first}{told.de}. Zeigen Sie durch Rechnung, dass eine einzige lineare "
            f"Schicht dasselbe leistet (1 Punkt), und geben Sie deren Gewicht und deren Bias an (2 Punkte).",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Merging("proof", Fraction(1), s.layers),
            weight_field(s.layers, Fraction(1)),
            bias_field(s.layers, Fraction(1)),
        )

    def solution(self, s: Numbers) -> Document:
        layers = s.layers
        weight, bias = merged(layers)
        shapes = T("", "")
        if layers.sizes_told:
            of_weight, of_bias = shape(weight.shape), bias.size
            shapes = T(
                f" With the given lengths the weight has the shape {of_weight}, the bias {of_bias} entries.",
                f" Bei den angegebenen Längen hat das Gewicht die Form {of_weight}, der Bias {of_bias} Einträge.",
            )
        nested, apart, grouped = map(read_latex, (layers.nested, layers.apart, layers.grouped))
        return Document.of(
            T("Put into one another, the layers compute", "Ineinander eingesetzt berechnen die Schichten"),
            Equation.of(read_latex("y"), nested, apart, grouped),
            Callout.of_credit(1, T("calculation", "Rechnung")),
            T(
                "which has the form of a single linear layer. Its weight is",
                "und das hat die Form einer einzigen linearen Schicht. Ihr Gewicht ist",
            ),
            Equation.of(read_latex(r"W_{\mathrm{new}}"), read_latex(layers.weight)),
            Callout.of_credit(1, T("weight", "Gewicht")),
            T("and its bias is", "und ihr Bias ist"),
            Equation.of(read_latex(r"b_{\mathrm{new}}"), read_latex(layers.bias)),
            Callout.of_credit(1, T("bias", "Bias")),
            T(
                "The order of the factors matters, for matrices do not commute.",
                "Auf die Reihenfolge der Faktoren kommt es an, denn Matrizen vertauschen nicht.",
            )
            + shapes,
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1, "calculation that ends in the form of one layer", "Rechnung, die in der Form einer Schicht endet"
            ),
            Step.of(1, "weight, factors in the right order", "Gewicht, Faktoren in der richtigen Reihenfolge"),
            Step.of(1, "bias", "Bias"),
        )
