"""What the figures share: labels as they are written in questions, and drawings put side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.text import T
from rechenweg.working.drawing import Drawing, Label, Shape
from rechenweg.working.drawing.labels import label_width

Text = str | T | Layout
"""A label: a str is mathematics in LaTeX (``r"\\hat y"``), a T is prose (``T("Input", "Eingabe")``)."""

SIZE = 10.0


def content(text: Text) -> Layout | T:
    """A label as a drawing takes it."""
    return read_latex(text) if isinstance(text, str) else text


def text_width(text: Text | None, size: float = SIZE) -> float:
    """Its estimated width in points; nothing is nothing wide."""
    return label_width(content(text), size) if text is not None else 0.0


def side_by_side(drawings: Sequence[Drawing], signs: Sequence[Text | None] = (), gap: float = 14.0) -> Drawing:
    """Drawings in a row, vertically centred, with a sign (``"*"``, ``"="``) in each gap.

    signs: one per gap, or none at all.

    >>> side_by_side([Drawing(10, 10, ()), Drawing(20, 30, ())], gap=5).width
    35.0
    """
    signs = signs or (None,) * (len(drawings) - 1)
    height = max((drawing.height for drawing in drawings), default=0.0)
    shapes: list[Shape] = []
    x = 0.0
    for at, drawing in enumerate(drawings):
        if at:
            sign = signs[at - 1]
            width = gap + (text_width(sign, 12.0) + gap if sign is not None else 0.0)
            if sign is not None:
                shapes.append(Label(x + width / 2, height / 2, content(sign), size=12.0))
            x += width
        shapes += [shape.moved(x, (height - drawing.height) / 2) for shape in drawing.shapes]
        x += drawing.width
    return Drawing(float(x), float(height), tuple(shapes))
