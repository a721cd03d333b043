"""Neutral drawings: shapes in points, with an SVG and a Typst back end.

:mod:`.shapes` is the model, :mod:`.labels` what is known about the words in it, :mod:`.geometry` arrow heads
and rounded corners, shared by the back ends :mod:`.svg` and :mod:`.typst`.
"""

from rechenweg.working.drawing.shapes import (
    FILLS,
    GRID,
    HAIR,
    PEN,
    Anchor,
    Arrow,
    Circle,
    Dash,
    Drawing,
    Fill,
    Label,
    Line,
    Path,
    Pen,
    Point,
    Polyline,
    Rect,
    Shape,
    Tone,
    Width,
)
from rechenweg.working.drawing.svg import to_svg
from rechenweg.working.drawing.typst import to_typst

__all__ = [
    "FILLS",
    "GRID",
    "HAIR",
    "PEN",
    "Anchor",
    "Arrow",
    "Circle",
    "Dash",
    "Drawing",
    "Fill",
    "Label",
    "Line",
    "Path",
    "Pen",
    "Point",
    "Polyline",
    "Rect",
    "Shape",
    "Tone",
    "Width",
    "to_svg",
    "to_typst",
]
