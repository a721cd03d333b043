"""tum-2024, problem 4: LeNet: receptive fields, predictions and their loss, changes to it, deep networks, skips.

The questions stand in :mod:`rechenweg.bank.tum_2024.cnn`; this file draws their versions.
"""

from __future__ import annotations

import random

from rechenweg.bank.tum_2024.cnn.changes import SPLITS, LargerImages, TwoClasses, VeryDeep
from rechenweg.bank.tum_2024.cnn.figures import feature_maps
from rechenweg.bank.tum_2024.cnn.lenet import CONV1, Architecture, table_of
from rechenweg.bank.tum_2024.cnn.predictions import Predictions
from rechenweg.bank.tum_2024.cnn.receptive import ReceptiveFields
from rechenweg.bank.tum_2024.cnn.segment import Segment
from rechenweg.bank.tum_2024.cnn.setting import MODELS, Numbers
from rechenweg.bank.tum_2024.cnn.skips import Skips
from rechenweg.questions.question import Problem, Rejection
from rechenweg.text import T
from rechenweg.working.document import Block, Prose


def _tie(s: Numbers) -> bool:
    return any(sorted(row)[-1] == sorted(row)[-2] for row in s.rows)


def _equal_losses(s: Numbers) -> bool:
    return len({row[s.digit] for row in s.rows}) < len(s.rows)


def _nobody_right(s: Numbers) -> bool:
    return not any(s.right)


def _large(s: Numbers) -> bool:
    return s.architecture.image > 128


class ConvolutionalNetwork(Problem):
    """Problem 4 of tum-2024."""

    paper, number = "tum-2024", 4
    title = T("CNN", "CNN")
    questions = (ReceptiveFields(), Predictions(), TwoClasses(), LargerImages(), VeryDeep(), Skips())
    rejections = (
        Rejection(T("images too large for this kind of network", "Bilder, zu groß für ein solches Netz"), _large),
        Rejection(
            T("two digits equally probable for a model", "zwei für ein Modell gleich wahrscheinliche Ziffern"), _tie
        ),
        Rejection(T("two models with the same loss", "zwei Modelle mit gleichem Verlust"), _equal_losses),
        Rejection(T("no model recognises the digit", "kein Modell erkennt die Ziffer"), _nobody_right),
    )

    def original(self) -> Numbers:
        """LeNet and the numbers of the paper."""
        return Numbers(
            architecture=Architecture(image=32, first=5, stride=1, pool=2, second=5),
            digit=8,
            rows=(
                (45, 0, 0, 0, 5, 0, 5, 5, 40, 0),
                (47, 0, 0, 0, 0, 0, 2, 0, 41, 10),
                (30, 0, 5, 0, 0, 0, 20, 0, 35, 10),
            ),
            segment=Segment("w", 0, before=2, inside=2, blocks=1, asked=0, source="x"),
            split="even",
        )  # fmt: skip

    def draw(self, rng: random.Random) -> Numbers:
        """Sizes that every window fits without remainder; probabilities in hundredths; another segment."""
        first, second, pool = rng.choice((3, 5, 7, 9)), rng.choice((3, 5, 7)), rng.choice((2, 3, 4))
        stride = rng.choice((1, 1, 2))
        last = rng.randint(2, 9)
        image = ((last * pool + second - 1) * pool - 1) * stride + first
        digit = rng.randrange(10)
        before = rng.randint(1, 3)
        return Numbers(
            architecture=Architecture(image, first, stride, pool, second),
            digit=digit,
            rows=tuple(_probabilities(rng, digit) for _ in MODELS),
            segment=Segment(
                letter=rng.choice(("w", "v", "a", "c", "r", r"\theta")),
                start=rng.randint(0, 1),
                before=before,
                inside=rng.randint(2, 3),
                blocks=rng.choice((1, 1, 2)),
                asked=rng.randrange(before),
                source=rng.choice(("x", "s", "q")),
            ),
            split=rng.choice(list(SPLITS)),
        )

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The network as a figure."""
        a = s.architecture
        _, maps, height, width = table_of(a)[CONV1].output_shape
        strides = (
            T("All convolutions have stride 1", "Alle Faltungen haben Schrittweite 1")
            if a.stride == 1
            else T(
                f"conv1 has stride {a.stride}, conv2 stride 1",
                f"conv1 hat Schrittweite {a.stride}, conv2 Schrittweite 1",
            )
        )
        return (
            Prose(
                T(
                    f"Handwritten digits are to be classified by a convolutional network after the pattern of LeNet. "
                    f"The image has {a.image} × {a.image} pixels; the kernels of conv1 measure {a.first} × {a.first}, "
                    f"those of conv2 {a.second} × {a.second}.",
                    f"Handgeschriebene Ziffern soll ein Faltungsnetz nach dem Muster von LeNet klassifizieren. Das "
                    f"Bild hat {a.image} × {a.image} Pixel; die Kerne von conv1 messen {a.first} × {a.first}, die von "
                    f"conv2 {a.second} × {a.second}.",
                )
            ),
            feature_maps(a),
            Prose(
                strides
                + T(
                    f", and nothing is padded. The max poolings have windows of {a.pool} × {a.pool} and stride "
                    f"{a.pool}. After conv1, for example, there are {maps} feature maps of {height} × {width}.",
                    f", gepolstert wird nicht (kein Padding). Die Max-Poolings haben Fenster von {a.pool} × {a.pool} "
                    f"und Schrittweite {a.pool}. Nach conv1 zum Beispiel liegen {maps} Feature-Maps von {height} × "
                    f"{width} vor.",
                )
            ),
        )


def _probabilities(rng: random.Random, digit: int) -> tuple[int, ...]:
    """Ten probabilities in hundredths that add up to 100; the true digit is among the likely ones."""
    true = rng.randint(15, 60)
    others = rng.sample([d for d in range(10) if d != digit], rng.randint(2, 5))
    row = [0] * 10
    row[digit] = true
    cuts = sorted(rng.sample(range(1, 100 - true), len(others) - 1))
    for d, low, high in zip(others, [0, *cuts], [*cuts, 100 - true], strict=True):
        row[d] = high - low
    return tuple(row)


problem = ConvolutionalNetwork()
