"""Drawings as Typst: native lines and shapes, labels in the page's fonts with real mathematics.

The markup calls ``rw-drawing`` and ``rw-at`` of the writers' Typst prelude.
"""

from __future__ import annotations

from rechenweg.text import Language, T
from rechenweg.working.drawing.geometry import stroke
from rechenweg.working.drawing.shapes import (
    FILLS,
    TONES,
    WIDTHS,
    Circle,
    Drawing,
    Fill,
    Label,
    Line,
    Pen,
    Point,
    Rect,
    Shape,
)
from rechenweg.working.drawing.svg import LINE_HEIGHT, MIDDLE, number
from rechenweg.working.prose.typst import escape, math, prose

_SIDES = {"left": "left", "centre": "center", "right": "right"}
_DASHES = {"dashed": "(3.5pt, 2.5pt)", "dotted": "(0pt, 2.4pt)"}


def to_typst(drawing: Drawing, language: Language = "en") -> str:
    """The drawing as a Typst box (markup that begins with ``#``).

    >>> print(to_typst(Drawing(20, 10, (Line((0, 5), (20, 5)),))))
    #rw-drawing(20pt, 10pt, {
    place(curve(stroke: 0.8pt, curve.move((0pt, 5pt)), curve.line((20pt, 5pt))))
    })
    """
    shapes = "\n".join(_shape(shape, language) for shape in drawing.shapes)
    return f"#rw-drawing({_length(drawing.width)}, {_length(drawing.height)}, {{\n{shapes}\n}})"


def _length(value: float) -> str:
    return number(value) + "pt"


def _point(point: Point) -> str:
    return f"({_length(point[0])}, {_length(point[1])})"


def _colour(hexadecimal: str) -> str:
    """``luma`` of a grey; all our colours are greys."""
    return "black" if hexadecimal == "#000000" else f"luma({int(hexadecimal[1:3], 16)})"


def _stroke(pen: Pen | None, line: bool = False) -> str:
    if pen is None:
        return "none"
    thickness = _length(WIDTHS[pen.width])
    if pen.dash == "solid":
        return thickness if pen.tone == "ink" else f"{thickness} + {_colour(TONES[pen.tone])}"
    parts = [f"thickness: {thickness}", f"paint: {_colour(TONES[pen.tone])}", f"dash: {_DASHES[pen.dash]}"]
    if line:
        parts.append('cap: "round"')
    return f"({', '.join(parts)})"


def _fill(fill: Fill) -> str:
    return "" if fill == "none" else f", fill: {_colour(FILLS[fill])}"


def _shape(shape: Shape, language: Language) -> str:
    if isinstance(shape, Label):
        return _label(shape, language)
    if isinstance(shape, Rect):
        radius = f", radius: {_length(shape.radius)}" if shape.radius else ""
        size = f"width: {_length(shape.width)}, height: {_length(shape.height)}"
        body = f"rect({size}, stroke: {_stroke(shape.pen)}{_fill(shape.fill)}{radius})"
        return f"place(dx: {_length(shape.x)}, dy: {_length(shape.y)}, {body})"
    if isinstance(shape, Circle):
        body = f"circle(radius: {_length(shape.radius)}, stroke: {_stroke(shape.pen)}{_fill(shape.fill)})"
        return f"place(dx: {_length(shape.x - shape.radius)}, dy: {_length(shape.y - shape.radius)}, {body})"
    outline = stroke(shape)
    pieces = "".join(
        f", curve.line({_point(piece[0])})" if len(piece) == 1 else f", curve.cubic({', '.join(map(_point, piece))})"
        for piece in outline.pieces
    )
    closed = not isinstance(shape, Line) and shape.closed
    fill: Fill = "none" if isinstance(shape, Line) else shape.fill
    style = f"stroke: {_stroke(shape.pen, line=True)}{_fill(fill)}"
    body = f"curve({style}, curve.move({_point(outline.start)}){pieces}"
    parts = [f"place({body}{', curve.close()' if closed else ''}))"]
    tone = _colour(TONES[(shape.pen or Pen()).tone])
    parts += [f"place(polygon(fill: {tone}, stroke: none, {', '.join(map(_point, head))}))" for head in outline.heads]
    return "\n".join(parts)


def _label(label: Label, language: Language) -> str:
    rows = _rows(label, language)
    first = label.size * (MIDDLE - LINE_HEIGHT * (len(rows) - 1) / 2)
    x, y = (0.0, 0.0) if label.turn else (label.x, label.y)
    size, side = _length(label.size), _SIDES[label.anchor]
    placed = "\n".join(
        f"rw-at({_length(x)}, {_length(y + first + at * label.size * LINE_HEIGHT)}, {side}, {size})[{row}]"
        for at, row in enumerate(rows)
    )
    if not label.turn:
        return placed
    origin = "origin: top + left, reflow: false"
    turned = f"rotate({number(-label.turn)}deg, {origin}, box(width: 0pt, height: 0pt, {{ {placed} }}))"
    return f"place(dx: {_length(label.x)}, dy: {_length(label.y)}, {turned})"


def _rows(label: Label, language: Language) -> list[str]:
    content = label.content
    if isinstance(content, T):
        rows = [prose(text, language) for text in content.in_(language).split("\n")]
    elif isinstance(content, str):
        rows = [escape(text) for text in content.split("\n")]
    else:
        rows = [math(content, language)]
    if label.bold:
        rows = [f"#strong[{row}]" for row in rows]
    if label.tone != "ink":
        rows = [f"#text(fill: {_colour(TONES[label.tone])})[{row}]" for row in rows]
    return rows
