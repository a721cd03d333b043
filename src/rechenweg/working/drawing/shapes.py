"""The shapes of a drawing: lines, boxes, curves and labels, in points.

A :class:`Drawing` knows nothing of paper or screen. Its y axis points down, as on both. Fills are greys that
stay apart in black-and-white print, named by how dark they are; strokes come in three widths. Labels are
formulas, prose with the mini-markup, or plain strings. The figures of the field are built from these in
:mod:`rechenweg.working.figures`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rechenweg.numbers.notation import Layout
from rechenweg.text import T

Fill = Literal["none", "paper", "faint", "light", "medium", "dark", "ink"]
Width = Literal["hair", "normal", "thick"]
Tone = Literal["ink", "grey", "pale"]
Dash = Literal["solid", "dashed", "dotted"]
Arrow = Literal["none", "end", "start", "both"]
Anchor = Literal["centre", "left", "right"]

FILLS: dict[Fill, str] = {
    "none": "none",
    "paper": "#ffffff",
    "faint": "#f5f5f5",
    "light": "#e8e8e8",
    "medium": "#cfcfcf",
    "dark": "#9a9a9a",
    "ink": "#000000",
}
TONES: dict[Tone, str] = {"ink": "#000000", "grey": "#767676", "pale": "#bdbdbd"}
WIDTHS: dict[Width, float] = {"hair": 0.4, "normal": 0.8, "thick": 1.6}


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn; ``Pen()`` is a solid black line of normal width."""

    width: Width = "normal"
    tone: Tone = "ink"
    dash: Dash = "solid"


PEN = Pen()
HAIR = Pen("hair")
GRID = Pen("hair", "pale")

Point = tuple[float, float]


def _moved(point: Point, x: float, y: float) -> Point:
    return point[0] + x, point[1] + y


def _scaled(point: Point, factor: float) -> Point:
    return point[0] * factor, point[1] * factor


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from `start` to `end`."""

    start: Point
    end: Point
    arrow: Arrow = "none"
    pen: Pen = PEN

    def moved(self, x: float, y: float) -> Line:
        """The same shape, `x` to the right and `y` down."""
        return replace(self, start=_moved(self.start, x, y), end=_moved(self.end, x, y))

    def scaled(self, factor: float) -> Line:
        """The same shape on a sheet `factor` times as large."""
        return replace(self, start=_scaled(self.start, factor), end=_scaled(self.end, factor))


@dataclass(frozen=True, slots=True)
class Polyline:
    """Straight pieces through `points`; `radius` rounds the corners, `closed` joins the ends."""

    points: tuple[Point, ...]
    arrow: Arrow = "none"
    closed: bool = False
    fill: Fill = "none"
    pen: Pen | None = PEN
    radius: float = 0.0

    def moved(self, x: float, y: float) -> Polyline:
        """The same shape, `x` to the right and `y` down."""
        return replace(self, points=tuple(_moved(point, x, y) for point in self.points))

    def scaled(self, factor: float) -> Polyline:
        """The same shape on a sheet `factor` times as large."""
        return replace(self, points=tuple(_scaled(point, factor) for point in self.points), radius=self.radius * factor)


@dataclass(frozen=True, slots=True)
class Path:
    """A smooth curve: cubic Bézier pieces (control, control, end) beginning at `start`."""

    start: Point
    pieces: tuple[tuple[Point, Point, Point], ...]
    arrow: Arrow = "none"
    closed: bool = False
    fill: Fill = "none"
    pen: Pen | None = PEN

    def moved(self, x: float, y: float) -> Path:
        """The same shape, `x` to the right and `y` down."""
        return replace(
            self,
            start=_moved(self.start, x, y),
            pieces=tuple((_moved(a, x, y), _moved(b, x, y), _moved(c, x, y)) for a, b, c in self.pieces),
        )

    def scaled(self, factor: float) -> Path:
        """The same shape on a sheet `factor` times as large."""
        return replace(
            self,
            start=_scaled(self.start, factor),
            pieces=tuple((_scaled(a, factor), _scaled(b, factor), _scaled(c, factor)) for a, b, c in self.pieces),
        )


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 0.0
    fill: Fill = "none"
    pen: Pen | None = PEN

    def moved(self, x: float, y: float) -> Rect:
        """The same shape, `x` to the right and `y` down."""
        return replace(self, x=self.x + x, y=self.y + y)

    def scaled(self, factor: float) -> Rect:
        """The same shape on a sheet `factor` times as large."""
        return replace(
            self,
            x=self.x * factor,
            y=self.y * factor,
            width=self.width * factor,
            height=self.height * factor,
            radius=self.radius * factor,
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle by its centre."""

    x: float
    y: float
    radius: float
    fill: Fill = "none"
    pen: Pen | None = PEN

    def moved(self, x: float, y: float) -> Circle:
        """The same shape, `x` to the right and `y` down."""
        return replace(self, x=self.x + x, y=self.y + y)

    def scaled(self, factor: float) -> Circle:
        """The same shape on a sheet `factor` times as large."""
        return replace(self, x=self.x * factor, y=self.y * factor, radius=self.radius * factor)


@dataclass(frozen=True, slots=True)
class Label:
    """Words or a formula, vertically centred at (x, y); `anchor` says which point of the line x is.

    content: a Layout (mathematics), a T (prose with its mini-markup) or a str (taken literally); a line break
        in a T or str begins a new line, and the lines together are centred.
    turn: degrees, counter-clockwise (90 reads upwards).
    """

    x: float
    y: float
    content: Layout | str | T
    size: float = 10.0
    anchor: Anchor = "centre"
    tone: Tone = "ink"
    bold: bool = False
    turn: float = 0.0

    def moved(self, x: float, y: float) -> Label:
        """The same shape, `x` to the right and `y` down."""
        return replace(self, x=self.x + x, y=self.y + y)

    def scaled(self, factor: float) -> Label:
        """The same shape on a sheet `factor` times as large."""
        return replace(self, x=self.x * factor, y=self.y * factor, size=self.size * factor)


Shape = Line | Polyline | Path | Rect | Circle | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet of `width` by `height` points, painted in order."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    def scaled(self, factor: float) -> Drawing:
        """The same drawing `factor` times as large, its words too; lines keep their widths."""
        shapes = tuple(shape.scaled(factor) for shape in self.shapes)
        return Drawing(self.width * factor, self.height * factor, shapes)

    def fitted(self, width: float) -> Drawing:
        """The drawing, made smaller if it is wider than `width`.

        >>> Drawing(200, 100, ()).fitted(150).height
        75.0
        """
        return self if self.width <= width else self.scaled(width / self.width)

    def over(self, other: Drawing, x: float = 0.0, y: float = 0.0) -> Drawing:
        """This drawing painted on top of `other`, its origin at (x, y); the sheet grows as needed."""
        moved = tuple(shape.moved(x, y) for shape in self.shapes)
        return Drawing(max(other.width, self.width + x), max(other.height, self.height + y), other.shapes + moved)
