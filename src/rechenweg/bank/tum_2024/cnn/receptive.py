"""tum-2024, 4.1: receptive fields."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from rechenweg.bank.tum_2024.cnn.lenet import CONV1, F1, POOL1, Architecture, table_of
from rechenweg.bank.tum_2024.cnn.setting import Numbers
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.values import Shape
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose

TERM = T(
    "The receptive field of a neuron is the part of the input image that can influence its value.",
    "Das rezeptive Feld eines Neurons ist der Teil des Eingabebilds, der seinen Wert beeinflussen kann.",
)


@lru_cache(maxsize=4096)
def fields_of(architecture: Architecture) -> tuple[tuple[int, ...], ...]:
    """Receptive fields behind conv1, maxpool1 and f1, from the network's own shape table."""
    table = table_of(architecture)
    found = (table[name].receptive_field for name in (CONV1, POOL1, F1))
    return tuple(field for field in found if field is not None)


class ReceptiveFields(Question):
    """What one neuron sees of the image."""

    number, credits = "4.1", "3"

    def text(self, s: Numbers) -> T:
        return T(
            "What is meant by the *receptive field*? Give its size for a pixel of the feature maps behind conv1, for "
            "one behind the first max pooling (maxpool1), and for a neuron of layer f1.",
            "Was versteht man unter dem *rezeptiven Feld*? Geben Sie seine Größe an: für ein Pixel der Feature-Maps "
            "nach conv1, für eines nach dem ersten Max-Pooling (maxpool1) und für ein Neuron der Schicht f1.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        right = T("right", "richtig")
        term = Text("term", Fraction(1), TERM, self.scheme(s)[:1], lines=3, label=T("the term", "der Begriff"))
        keys = ("conv1", "maxpool1", "f1")
        credits = (Fraction(1, 2), Fraction(1, 2), Fraction(1))
        return (
            term,
            *(
                Shape(key, credit, size, T.same(f"{key}:"), alternatives=((size[:1], credit, right),))
                for key, credit, size in zip(keys, credits, fields_of(s.architecture), strict=True)
            ),
        )

    def solution(self, s: Numbers) -> Document:
        table = table_of(s.architecture)
        blocks: list[Block] = [Prose(TERM), Callout.of_credit(1, T("term", "Begriff"))]
        for name in (CONV1, POOL1):
            written = table[name].field_chains()[0]
            blocks += [Equation(((read_latex(f"r_{{{name}}}"), *written),)), Callout.of_credit("1/2")]
        side = fields_of(s.architecture)[2][0]
        blocks += [
            Prose(
                T(
                    f"(previous field plus $(k - 1)$ times the product of the strides before). Layer f1 is fully "
                    f"connected: through the feature maps each of its neurons sees the whole image, ${side} \\times "
                    f"{side}$.",
                    f"(voriges Feld plus $(k - 1)$ mal das Produkt der Schrittweiten davor). Die Schicht f1 ist "
                    f"vollvernetzt: Über die Feature-Maps sieht jedes ihrer Neuronen das ganze Bild, ${side} \\times "
                    f"{side}$.",
                )
            ),
            Callout.of_credit(1, T("the whole image", "das ganze Bild")),
        ]
        return Document(tuple(blocks))

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "term: the part of the input that can influence a neuron",
                "Begriff: der Teil der Eingabe, der ein Neuron beeinflussen kann",
            ),
            Step.of("1/2", "conv1", "conv1"),
            Step.of("1/2", "maxpool1", "maxpool1"),
            Step.of(1, "f1: the whole image", "f1: das ganze Bild"),
        )
