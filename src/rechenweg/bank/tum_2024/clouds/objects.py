"""The clouds of points of tum-2024, problem 8."""

from __future__ import annotations

import math
from functools import lru_cache

from rechenweg.text import T
from rechenweg.working.drawing import Drawing
from rechenweg.working.figures import point_cloud_figure

Ellipsoid = tuple[tuple[float, float, float], tuple[float, float, float], int]
"""Centre, half axes, number of points on its surface."""

OBJECTS: dict[str, tuple[T, tuple[Ellipsoid, ...]]] = {
    "rabbit": (
        T("a rabbit", "ein Hase"),
        (
            ((0, 0, 0), (0.7, 1.1, 0.75), 90),
            ((0, 1.15, 0.75), (0.45, 0.5, 0.45), 45),
            ((0.25, 1.0, 1.65), (0.12, 0.16, 0.6), 26),
            ((-0.25, 1.0, 1.65), (0.12, 0.16, 0.6), 26),
            ((0, -1.15, 0.1), (0.2, 0.2, 0.2), 12),
        ),
    ),
    "aeroplane": (
        T("an aeroplane", "ein Flugzeug"),
        (
            ((0, 0, 0), (0.25, 1.9, 0.25), 80),
            ((0, 0.2, 0), (2.0, 0.35, 0.06), 90),
            ((0, -1.6, 0.1), (0.75, 0.2, 0.05), 26),
            ((0, -1.65, 0.4), (0.05, 0.22, 0.4), 20),
        ),
    ),
    "fish": (
        T("a fish", "ein Fisch"),
        (
            ((0, 0, 0), (0.35, 1.3, 0.65), 110),
            ((0, -1.6, 0.3), (0.06, 0.3, 0.5), 30),
            ((0, -1.6, -0.2), (0.06, 0.3, 0.35), 20),
            ((0, 0.1, 0.85), (0.05, 0.5, 0.2), 24),
        ),
    ),
}


@lru_cache(maxsize=8)
def cloud(thing: str) -> Drawing:
    """The thing as a cloud of points: each ellipsoid covered evenly along a spiral."""
    points: list[tuple[float, float, float]] = []
    for (cx, cy, cz), (rx, ry, rz), count in OBJECTS[thing][1]:
        for k in range(count):
            z = 1 - (2 * k + 1) / count
            angle, radius = k * math.pi * (3 - math.sqrt(5)), math.sqrt(1 - z * z)
            points.append((cx + rx * radius * math.cos(angle), cy + ry * radius * math.sin(angle), cz + rz * z))
    return point_cloud_figure([(None, points)], axes=("x_1", "x_2", "x_3"), size=150.0)
