"""tum-2024, 2.8: the inception layer."""

from __future__ import annotations

from functools import cached_property

from rechenweg.bank.tum_2024.multiple_choice.showing import shape, table
from rechenweg.bank.tum_2024.short_questions.setting import Line, Numbers, TextQuestion
from rechenweg.nn import Conv2d, Layer, MaxPool2d
from rechenweg.questions.question import Step
from rechenweg.text import T
from rechenweg.working.document import Block, Figure, Prose
from rechenweg.working.drawing import Drawing
from rechenweg.working.figures import NodeKind, Text, graph_figure

INPUT = (1, 192, 28, 28)
BRANCHES: tuple[tuple[str, tuple[Layer, ...]], ...] = (
    ("1×1", (Conv2d(192, 64, 1),)),
    ("1×1, 3×3", (Conv2d(192, 96, 1), Conv2d(96, 128, 3, padding="same"))),
    ("1×1, 5×5", (Conv2d(192, 16, 1), Conv2d(16, 32, 5, padding="same"))),
    ("max 3×3, 1×1", (MaxPool2d(3, stride=1, padding=1), Conv2d(192, 32, 1))),
)
"""The branches of GoogLeNet's first inception layer (Szegedy et al. 2015)."""


class Inception(TextQuestion):
    """2.8."""

    number, credits = "2.8", "2"
    lines = 6

    def text(self, s: Numbers) -> T:
        return T(
            "What is an inception layer? Name the parts that it is made of.",
            "Was ist eine Inception-Schicht? Nennen Sie die Teile, aus denen sie besteht.",
        )

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        return (
            (
                T(
                    "Instead of deciding for one kernel size, it applies kernels of several sizes to the same input, "
                    "side by side, and so sees small and large structures at once.",
                    "Statt sich für eine Kerngröße zu entscheiden, wendet sie Kerne mehrerer Größen nebeneinander auf "
                    "dieselbe Eingabe an und sieht so kleine und große Strukturen zugleich.",
                ),
                Step.of("1/2", "kernels of several sizes", "Kerne mehrerer Größen"),
            ),
            (
                T(
                    "Its parts: a 1×1, a 3×3 and a 5×5 convolution and a max pooling, with 1×1 convolutions "
                    "that keep the number of channels small; all results have the same height and width and are "
                    "concatenated along the channels.",
                    "Ihre Teile: eine 1×1-, eine 3×3- und eine 5×5-Faltung und ein Max-Pooling, dazu 1×1-Faltungen, "
                    "die die Zahl der Kanäle klein halten; alle Ergebnisse haben gleiche Höhe und Breite und werden "
                    "entlang der Kanäle aneinandergehängt.",
                ),
                Step.of(
                    "3/2",
                    "the parts: 1×1, 3×3, 5×5, pooling, concatenation",
                    "die Teile: 1×1, 3×3, 5×5, Pooling, Aneinanderhängen",
                ),
            ),
        )

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """The layer as a figure, and the shapes of its branches."""
        shapes = [branch_shape(layers) for _, layers in BRANCHES]
        joined = (*INPUT[:1], sum(out[1] for out in shapes), *INPUT[2:])
        return (
            Figure(
                inception_figure(),
                T("An inception layer.", "Eine Inception-Schicht."),
                T(
                    "From the input four branches lead to a concatenation: 1×1; 1×1 and 3×3; 1×1 and 5×5; "
                    "max pooling and 1×1.",
                    "Von der Eingabe führen vier Zweige zu einem Aneinanderhängen: 1×1; 1×1 und 3×3; 1×1 und 5×5; "
                    "Max-Pooling und 1×1.",
                ),
            ),
            Prose(
                T(
                    f"Shapes in the first such layer of GoogLeNet, whose input is {shape(INPUT)}:",
                    f"Formen in der ersten solchen Schicht von GoogLeNet, deren Eingabe {shape(INPUT)} ist:",
                )
            ),
            table(
                (T("branch", "Zweig"), T("output", "Ausgabe")),
                [
                    *([name, shape(out)] for (name, _), out in zip(BRANCHES, shapes, strict=True)),
                    [T("concatenated", "aneinandergehängt"), shape(joined)],
                ],
            ),
        )


def branch_shape(layers: tuple[Layer, ...]) -> tuple[int, ...]:
    """Shape at the end of a branch of the inception layer."""
    lengths: tuple[int, ...] = INPUT
    for layer in layers:
        lengths = layer.output_shape(lengths)
    return lengths


def inception_figure() -> Drawing:
    """The branches between the input and the concatenation."""
    join = T("concatenate", "aneinanderhängen")
    nodes: list[tuple[str, Text] | tuple[str, Text, NodeKind]] = [("x", "x", "quantity")]
    edges: list[tuple[str, str] | tuple[str, str, Text]] = []
    for number, (name, _) in enumerate(BRANCHES):
        before = "x"
        for part in name.split(", "):
            node = f"{number} {part}"
            nodes.append((node, T.same(part)))
            edges.append((before, node))
            before = node
        edges.append((before, "join"))
    return graph_figure([*nodes, ("join", join, "tall"), ("y", "y", "quantity")], [*edges, ("join", "y")])
