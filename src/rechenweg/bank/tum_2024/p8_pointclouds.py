"""tum-2024, problem 8: a network that turns clouds of points back, and what keeps its rotations rotations.

The questions stand in :mod:`rechenweg.bank.tum_2024.clouds`; this file draws their versions.
"""

from __future__ import annotations

import random

from rechenweg.bank.tum_2024.clouds.layers import LayerSizes, Reshaping, WhyConnected
from rechenweg.bank.tum_2024.clouds.objects import OBJECTS, cloud
from rechenweg.bank.tum_2024.clouds.rotations import Orthogonality
from rechenweg.bank.tum_2024.clouds.setting import TRIPLES, Numbers
from rechenweg.questions.question import Problem, Rejection
from rechenweg.text import T
from rechenweg.working.document import Block, Figure, Prose


def _misleading(s: Numbers) -> bool:
    inputs, _ = LayerSizes.sizes(s)
    # with two clouds, an input layer twice too large would pass for the error of 8.2 carried forward
    return s.batch * s.points == inputs or s.batch <= 2


class Pointclouds(Problem):
    """Problem 8 of tum-2024."""

    paper, number = "tum-2024", 8
    title = T("3-D point clouds", "3-D-Punktwolken")
    questions = (WhyConnected(), Reshaping(), LayerSizes(), Orthogonality())
    rejections = (
        Rejection(T("a wrong path leads to the right size", "ein falscher Weg führt zur richtigen Größe"), _misleading),
    )

    def original(self) -> Numbers:
        """The numbers of the paper."""
        return Numbers(batch=8, points=100, thing="rabbit", triple=(3, 4, 5), axis=2, shear="1/2")

    def draw(self, rng: random.Random) -> Numbers:
        """Another batch, another number of points, another thing."""
        return Numbers(
            batch=rng.choice((3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 25, 32, 40, 50, 64)),
            points=rng.choice([*range(40, 300, 10), *range(300, 1050, 50)]),
            thing=rng.choice(list(OBJECTS)),
            triple=rng.choice(TRIPLES),
            axis=rng.randrange(3),
            shear=rng.choice(("1/2", "1", "-1/2", "2", "1/4")),
        )

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """What a cloud of points is, the transformation, and the task."""
        name, _ = OBJECTS[s.thing]
        return (
            Prose(
                T(
                    r"A point cloud describes an object in space by a set of points, in no particular order: $X = "
                    r"\{[x_{i1}, x_{i2}, x_{i3}] \in \mathbb{R}^3 \mid i = 1, \dots, N\}$. Several clouds with the "
                    r"same number of points are kept in a tensor of shape $(B, N, D)$: batch size $B$, points $N$, "
                    r"coordinates $D = 3$.",
                    r"Eine Punktwolke beschreibt ein Objekt im Raum durch eine Menge von Punkten ohne bestimmte "
                    r"Reihenfolge: $X = \{[x_{i1}, x_{i2}, x_{i3}] \in \mathbb{R}^3 \mid i = 1, \dots, N\}$. Mehrere "
                    r"Wolken mit gleich vielen Punkten stehen in einem Tensor der Form $(B, N, D)$: Batchgröße $B$, "
                    r"Punkte $N$, Koordinaten $D = 3$.",
                )
            ),
            Figure(
                cloud(s.thing),
                None,
                T(f"A cloud of points in space: {name.en}.", f"Eine Punktwolke im Raum: {name.de}."),
            ),
            Prose(
                T(
                    r"Turning and shifting a cloud works like an affine layer: with a rotation matrix $R$ ($3 \times "
                    r"3$) and a translation $t$ ($1 \times 3$), $X' = X \cdot R + t$, where row $i$ of $X$ holds "
                    r"point $i$ and $t$ is added to every row.",
                    r"Drehen und Verschieben einer Wolke geht wie in einer affinen Schicht: Mit einer Drehmatrix $R$ "
                    r"($3 \times 3$) und einer Verschiebung $t$ ($1 \times 3$) ist $X' = X \cdot R + t$; Zeile $i$ "
                    r"von $X$ enthält Punkt $i$, und $t$ wird zu jeder Zeile addiert.",
                )
            ),
            Prose(
                T(
                    "The data are copies of the cloud above ({thing}), each turned and shifted at random. A network "
                    "is to predict, for such a copy, the rotation and the translation that bring it back to the "
                    "origin and to its usual orientation. For training, the true $R$ and $t$ of every copy are known.",
                    "Die Daten sind Kopien der Wolke oben ({thing}), jede zufällig gedreht und verschoben. Ein Netz "
                    "soll zu einer solchen Kopie die Drehung und die Verschiebung vorhersagen, die sie in den "
                    "Ursprung und in ihre übliche Ausrichtung zurückbringen. Für das Training sind $R$ und $t$ jeder "
                    "Kopie bekannt.",
                ).format(thing=name)
            ),
        )


problem = Pointclouds()
