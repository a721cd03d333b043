"""What both back ends must draw alike: arrow heads, shortened ends, rounded corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from rechenweg.working.drawing.shapes import WIDTHS, Arrow, Line, Path, Pen, Point, Polyline

HEAD_LENGTH = 5.2
HEAD_HALF = 1.9
NOTCH = 1.1
"""The head's back is drawn in a little towards its tip."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line ready to be drawn: from `start` by straight (one point) or curved (three points) pieces."""

    start: Point
    pieces: tuple[tuple[Point, ...], ...]
    heads: tuple[tuple[Point, ...], ...]


def stroke(shape: Line | Polyline | Path) -> Stroke:
    """The shape's outline: arrow heads made, ends shortened so that the line does not show at the tip."""
    pieces: list[tuple[Point, ...]]
    if isinstance(shape, Line):
        start, pieces = shape.start, [(shape.end,)]
    elif isinstance(shape, Path):
        start, pieces = shape.start, [tuple(piece) for piece in shape.pieces]
    else:
        start, pieces = shape.points[0], _rounded(shape.points, shape.radius)
    pen = shape.pen or Pen()
    arrow: Arrow = shape.arrow
    heads: list[tuple[Point, ...]] = []
    if arrow in ("end", "both"):
        tip = pieces[-1][-1]
        before = [start, *(point for piece in pieces for point in piece)][:-1]
        heads.append(head(_other(before[::-1], tip), tip, pen))
        pieces[-1] = (*pieces[-1][:-1], _back(_other(before[::-1], tip), tip, pen))
    if arrow in ("start", "both"):
        after = [point for piece in pieces for point in piece]
        heads.append(head(_other(after, start), start, pen))
        start = _back(_other(after, start), start, pen)
    return Stroke(start, tuple(pieces), tuple(heads))


def _other(points: Sequence[Point], tip: Point) -> Point:
    """The first of the points that is not the tip: where the line comes from."""
    return next((point for point in points if point != tip), (tip[0] - 1.0, tip[1]))


def _scale(pen: Pen) -> float:
    return {"hair": 0.8, "normal": 1.0, "thick": 1.45}[pen.width]


def _back(origin: Point, tip: Point, pen: Pen) -> Point:
    """Where the line ends inside its head."""
    x, y = _unit(origin, tip)
    reach = HEAD_LENGTH * _scale(pen) - NOTCH - WIDTHS[pen.width] * 0.2
    return tip[0] - x * reach, tip[1] - y * reach


def head(origin: Point, tip: Point, pen: Pen) -> tuple[Point, ...]:
    """The arrow head of a line that comes from `origin`: a slender triangle with a notched back."""
    x, y = _unit(origin, tip)
    scale = _scale(pen)
    length, half, notch = HEAD_LENGTH * scale, HEAD_HALF * scale, NOTCH * scale
    back = tip[0] - x * length, tip[1] - y * length
    return (
        tip,
        (back[0] - y * half, back[1] + x * half),
        (back[0] + x * notch, back[1] + y * notch),
        (back[0] + y * half, back[1] - x * half),
    )


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1.0
    return dx / length, dy / length


def _rounded(points: Sequence[Point], radius: float) -> list[tuple[Point, ...]]:
    """Straight pieces through the points, the corners rounded by a Bézier quarter where there is room."""
    if radius <= 0 or len(points) < 3:
        return [(point,) for point in points[1:]]
    pieces: list[tuple[Point, ...]] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        (ax, ay), (bx, by) = _unit(corner, before), _unit(corner, after)
        enter = corner[0] + ax * room, corner[1] + ay * room
        leave = corner[0] + bx * room, corner[1] + by * room
        # 0.45 of the way back from the corner: the usual approximation of a quarter circle
        first = corner[0] + ax * room * 0.45, corner[1] + ay * room * 0.45
        second = corner[0] + bx * room * 0.45, corner[1] + by * room * 0.45
        pieces += [(enter,), (first, second, leave)]
    pieces.append((points[-1],))
    return pieces


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])
