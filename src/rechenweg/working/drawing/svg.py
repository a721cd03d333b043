"""Drawings as SVG: one self-contained element for a web page or a file.

Colours are attributes, so that the picture is right by itself, and classes (``f-light``, ``s-ink`` …), so
that a page's stylesheet can turn them for dark mode.
"""

from __future__ import annotations

import re
from html import escape

from rechenweg.text import Language
from rechenweg.working.drawing.geometry import Stroke, stroke
from rechenweg.working.drawing.labels import Run, Runs, lines
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

FONT = (
    "'Libertinus Serif', 'STIX Two Text', 'Latin Modern Roman', 'Times New Roman', Times, "
    "'Nimbus Roman', 'Liberation Serif', serif"
)
LINE_HEIGHT = 1.22
MIDDLE = 0.31
"""How far below a label's middle its base line stands, in units of its size: half the height of a capital."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_ANCHORS = {"left": "start", "centre": "middle", "right": "end"}
_DASHES = {"solid": "", "dashed": ' stroke-dasharray="3.5 2.5"', "dotted": ' stroke-dasharray="0 2.4"'}


def to_svg(
    drawing: Drawing, language: Language = "en", title: str = "", description: str = "", scale: float = 1.0
) -> str:
    """The drawing as one ``<svg>`` element; `title` and `description` (plain text) are for screen readers.

    scale: how much larger than drawn it is shown.

    >>> line = Drawing(20, 10, (Line((0, 5), (20, 5)),))
    >>> for part in to_svg(line, title="a line").split("\\n")[1:3]:
    ...     print(part)
    <title>a line</title>
    <path class="s-ink" d="M0 5L20 5" fill="none" stroke="#000000" stroke-width="0.8" .../>
    """
    width, height = number(drawing.width), number(drawing.height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(drawing.width * scale)}pt" '
        f'height="{number(drawing.height * scale)}pt" '
        f'viewBox="0 0 {width} {height}" role="img" overflow="visible" xml:space="preserve" '
        f'font-family="{FONT}">'
    ]
    if title:
        parts.append(f"<title>{_escape(title)}</title>")
    if description:
        parts.append(f"<desc>{_escape(description)}</desc>")
    parts.extend(_shape(shape, language) for shape in drawing.shapes)
    parts.append("</svg>")
    return "\n".join(parts)


def number(value: float) -> str:
    """A coordinate, to a hundredth of a point.

    >>> number(12.0), number(0.125), number(-0.001)
    ('12', '0.12', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _escape(text: str) -> str:
    return escape(_CONTROLS.sub("\ufffd", text), quote=True)


def _shape(shape: Shape, language: Language) -> str:
    if isinstance(shape, Label):
        return _label(shape, language)
    if isinstance(shape, Rect):
        corner = f' rx="{number(shape.radius)}"' if shape.radius else ""
        place = f'x="{number(shape.x)}" y="{number(shape.y)}"'
        size = f'width="{number(shape.width)}" height="{number(shape.height)}"'
        return f"<rect {_style(shape.fill, shape.pen)} {place} {size}{corner}/>"
    if isinstance(shape, Circle):
        place = f'cx="{number(shape.x)}" cy="{number(shape.y)}" r="{number(shape.radius)}"'
        return f"<circle {_style(shape.fill, shape.pen)} {place}/>"
    outline = stroke(shape)
    closed = not isinstance(shape, Line) and shape.closed
    fill: Fill = "none" if isinstance(shape, Line) else shape.fill
    line = f'<path {_style(fill, shape.pen, d=_data(outline, closed))} stroke-linejoin="round"/>'
    tone = (shape.pen or Pen()).tone
    heads = "".join(
        f'<path class="h-{tone}" d="M{"L".join(map(_point, head))}Z" fill="{TONES[tone]}"/>' for head in outline.heads
    )
    return line + heads


def _data(outline: Stroke, closed: bool) -> str:
    pieces = "".join(("L" if len(piece) == 1 else "C") + " ".join(map(_point, piece)) for piece in outline.pieces)
    return f"M{_point(outline.start)}{pieces}{'Z' if closed else ''}"


def _point(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _style(fill: Fill, pen: Pen | None, d: str = "") -> str:
    classes = [f"f-{fill}"] if fill != "none" else []
    if pen:
        classes.append(f"s-{pen.tone}")
    data = f' d="{d}"' if d else ""
    attributes = f'class="{" ".join(classes)}"{data} fill="{FILLS[fill]}"'
    if not pen:
        return attributes
    dash = _DASHES[pen.dash] + (' stroke-linecap="round"' if d else "")
    return f'{attributes} stroke="{TONES[pen.tone]}" stroke-width="{number(WIDTHS[pen.width])}"{dash}'


def _label(label: Label, language: Language) -> str:
    rows = lines(label.content, language)
    first = label.y + label.size * (MIDDLE - LINE_HEIGHT * (len(rows) - 1) / 2)
    turn = f' transform="rotate({number(-label.turn)} {number(label.x)} {number(label.y)})"' if label.turn else ""
    weight = ' font-weight="bold"' if label.bold else ""
    texts = []
    for at, row in enumerate(rows):
        y = first + at * label.size * LINE_HEIGHT
        texts.append(
            f'<text class="t-{label.tone}" x="{number(label.x)}" y="{number(y)}" fill="{TONES[label.tone]}" '
            f'font-size="{number(label.size)}" text-anchor="{_ANCHORS[label.anchor]}"{weight}{turn}>'
            f"{_runs(row, label.size)}</text>"
        )
    return "".join(texts)


def _runs(runs: Runs, size: float) -> str:
    parts: list[str] = []
    rise = 0.0
    for run in runs:
        attributes = _run_style(run, size, rise)
        rise = run.rise
        text = _escape(run.text)
        parts.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
    return "".join(parts)


def _run_style(run: Run, size: float, rise: float) -> str:
    attributes = ""
    if run.italic:
        attributes += ' font-style="italic"'
    if run.bold:
        attributes += ' font-weight="bold"'
    if run.mono:
        attributes += ' font-family="monospace"'
    if run.scale != 1.0:
        attributes += f' font-size="{number(run.scale * size)}"'
    if run.rise != rise:
        attributes += f' dy="{number((rise - run.rise) * size)}"'
    if run.back:
        attributes += f' dx="{number(-run.back * size)}"'
    return attributes
