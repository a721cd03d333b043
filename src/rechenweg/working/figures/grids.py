"""Matrices, images and kernels as squared grids, the cells of a step shaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rechenweg.errors import ShapeError
from rechenweg.working.drawing import Drawing, Fill, Label, Pen, Rect, Shape
from rechenweg.working.figures.labels import SIZE, Text, content, text_width

CELL = 20.0
TITLE_ROOM = 17.0
HEADER_ROOM = 14.0

Window = tuple[int, int, int, int]
"""First row, first column, rows, columns."""


def grid_figure(
    cells: Sequence[Sequence[Text]],
    *,
    shaded: Iterable[tuple[int, int]] | Mapping[tuple[int, int], Fill] = (),
    framed: Iterable[Window] = (),
    title: Text | None = None,
    columns: Sequence[Text] = (),
    rows: Sequence[Text] = (),
    cell: float = CELL,
) -> Drawing:
    r"""A grid of cells with LaTeX labels (``""`` leaves a cell empty).

    cells: rows of labels. shaded: cells (row, column), counted from 0, or a fill for each.
    framed: windows with a thick border. title: above the grid. columns, rows: headings beside it, in small
    print.
    cell: the least width of a cell in points; all cells are as wide as the widest label needs.
    Raises ShapeError if rows differ in length or a shaded cell lies outside.

    >>> grid_figure([["1", "0"], ["0", r"\frac12"]], shaded=[(0, 0)]).width
    42.0
    """
    height = len(cells)
    width = len(cells[0]) if cells else 0
    for number, row in enumerate(cells):
        if len(row) != width:
            raise ShapeError(f"grid: row {number}: expected {width} cells, found {len(row)}")
    fills = dict(shaded) if isinstance(shaded, Mapping) else dict.fromkeys(shaded, _SHADE)
    for at in fills:
        if not (0 <= at[0] < height and 0 <= at[1] < width):
            raise ShapeError(f"grid: shaded cell {at}: expected one within {height} × {width}")
    size = min(SIZE, cell * 0.5)
    breadth = max([cell, *(text_width(text, size) + 5.0 for row in cells for text in row if text)])
    breadth = max([breadth, *(text_width(text, 8.0) + 4.0 for text in columns)])
    left = 1.0 + (max(text_width(text, 8.0) for text in rows) + 6.0 if rows else 0.0)
    top = 1.0 + (TITLE_ROOM if title is not None else 0.0) + (HEADER_ROOM if columns else 0.0)

    shapes: list[Shape] = []
    for r, row in enumerate(cells):
        for c, text in enumerate(row):
            x, y = left + c * breadth, top + r * cell
            shapes.append(Rect(x, y, breadth, cell, fill=fills.get((r, c), "none"), pen=_INNER))
            if text:
                shapes.append(Label(x + breadth / 2, y + cell / 2, content(text), size))
    if width:
        shapes.append(Rect(left, top, width * breadth, height * cell))
    for r, c, window_rows, window_columns in framed:
        box = (left + c * breadth, top + r * cell, window_columns * breadth, window_rows * cell)
        shapes.append(Rect(*box, pen=Pen("thick")))
    if title is not None:
        shapes.append(Label(left + width * breadth / 2, TITLE_ROOM / 2 - 1.0, content(title), SIZE))
    for c, text in enumerate(columns):
        shapes.append(Label(left + (c + 0.5) * breadth, top - HEADER_ROOM / 2, content(text), 8.0, tone="grey"))
    for r, text in enumerate(rows):
        shapes.append(Label(left - 5.0, top + (r + 0.5) * cell, content(text), 8.0, "right", tone="grey"))
    reach = text_width(title) if title is not None else 0.0
    return Drawing(max(left + width * breadth, reach) + 1.0, top + height * cell + 1.0, tuple(shapes))


_SHADE: Fill = "medium"
_INNER = Pen("hair", "grey")
