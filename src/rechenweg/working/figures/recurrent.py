"""A recurrent cell, folded (with its loop) and unrolled over time."""

from __future__ import annotations

from rechenweg.errors import ShapeError
from rechenweg.working.drawing import Anchor, Drawing, Label, Line, Polyline, Rect, Shape
from rechenweg.working.figures.labels import SIZE, Text, content, text_width

CELL_WIDTH = 34.0
CELL_HEIGHT = 26.0
STEP = 76.0
DROP = 28.0
SMALL = 8.5


def recurrent_figure(
    steps: int = 3,
    *,
    cell: Text = "A",
    names: tuple[str, str, str] = ("x", "h", r"\hat y"),
    weights: tuple[Text | None, Text | None, Text | None] = (None, None, None),
    folded: bool = True,
    last: str | None = None,
    outputs: bool = True,
) -> Drawing:
    r"""A recurrent cell unrolled over `steps` time steps; the same cell, so the same weights, stand in each.

    names: input, state and output (LaTeX); each gets the time as its index.
    weights: labels beside the arrows from the input, from the state before, to the output.
    folded: show the cell with its loop first. last: the last index as LaTeX (``"T"``), with dots before it.
    outputs: whether an output leaves every cell.
    Raises ShapeError for fewer than one step.

    >>> recurrent_figure(2, folded=False).width < recurrent_figure(3, folded=False).width
    True
    """
    if steps < 1:
        raise ShapeError(f"recurrent figure: expected at least 1 step, found {steps}")
    width = max(CELL_WIDTH, text_width(cell) + 14.0)
    top = 16.0 + DROP if outputs else 6.0
    middle = top + CELL_HEIGHT / 2
    x_name, h_name, y_name = names
    shapes: list[Shape] = []

    def draw_cell(x: float, index: str) -> None:
        bottom = middle + CELL_HEIGHT / 2
        shapes.append(Rect(x - width / 2, middle - CELL_HEIGHT / 2, width, CELL_HEIGHT, radius=2.5, fill="light"))
        shapes.append(Label(x, middle, content(cell), SIZE))
        shapes.append(Line((x, bottom + DROP), (x, bottom), "end"))
        shapes.append(Label(x, bottom + DROP + 9.0, content(f"{{{x_name}}}_{{{index}}}"), SIZE))
        _weight(shapes, weights[0], x + 4.0, bottom + DROP / 2 + 2.0, "left")
        if outputs:
            shapes.append(Line((x, middle - CELL_HEIGHT / 2), (x, middle - CELL_HEIGHT / 2 - DROP), "end"))
            height = middle - CELL_HEIGHT / 2 - DROP - 8.0
            shapes.append(Label(x, height, content(f"{{{y_name}}}_{{{index}}}"), SIZE))
            _weight(shapes, weights[2], x + 4.0, middle - CELL_HEIGHT / 2 - DROP / 2 + 2.0, "left")

    x = 2.0
    if folded:
        centre = x + width / 2 + 2.0
        draw_cell(centre, "t")
        right = centre + width / 2
        # out of the cell and back into it, so that it crosses neither the input nor the output
        out, back, bulge = middle - 7.0, middle + 7.0, right + 19.0
        shapes.append(Polyline(((right, out), (bulge, out), (bulge, back), (right, back)), "end", radius=6.0))
        state = f"{{{h_name}}}_t"
        shapes.append(Label(bulge + 3.0, middle - 6.0, content(state), SIZE, "left"))
        _weight(shapes, weights[1], bulge + 3.0, middle + 8.0, "left")
        x = bulge + text_width(state) + 24.0
        shapes.append(Label(x, middle, content("="), 13.0))
        x += 22.0
    first = x
    start_label = f"{{{h_name}}}_0"
    x += text_width(start_label) + 6.0
    shapes.append(Label(first, middle, content(start_label), SIZE, "left"))
    previous = x
    for step in range(1, steps + 1):
        is_last = last is not None and step == steps
        if is_last:  # dots stand for the steps between
            shapes.append(Line((previous, middle), (previous + 24.0, middle), "end"))
            shapes.append(Label(previous + 34.0, middle, content(r"\cdots"), SIZE))
            previous += 44.0
        gap = 30.0 if step == 1 else STEP - CELL_WIDTH
        shapes.append(Line((previous, middle), (previous + gap, middle), "end"))
        between = f"{{{h_name}}}_{{{step - 1}}}" if not is_last else f"{{{h_name}}}_{{{last}-1}}"
        if step > 1:
            shapes.append(Label(previous + gap / 2 - 2.0, middle - 8.0, content(between), SIZE))
        _weight(shapes, weights[1], previous + gap / 2 - 2.0, middle + 8.0, "centre")
        draw_cell(previous + gap + width / 2, str(last) if is_last else str(step))
        previous += gap + width
    shapes.append(Line((previous, middle), (previous + 24.0, middle), "end"))
    final = f"{{{h_name}}}_{{{last or steps}}}"
    shapes.append(Label(previous + 28.0, middle, content(final), SIZE, "left"))
    bottom = middle + CELL_HEIGHT / 2 + DROP + 17.0
    return Drawing(previous + 30.0 + text_width(final), bottom, tuple(shapes))


def _weight(shapes: list[Shape], text: Text | None, x: float, y: float, anchor: Anchor) -> None:
    if text is not None:
        shapes.append(Label(x, y, content(text), SMALL, anchor, tone="grey"))
