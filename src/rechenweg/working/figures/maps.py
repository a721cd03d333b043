"""Convolutional networks by their feature maps, and encoder–decoders by their narrowing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log2, sqrt

from rechenweg.errors import ShapeError
from rechenweg.text import T
from rechenweg.working.drawing import (
    HAIR,
    Drawing,
    Fill,
    Label,
    Line,
    Path,
    Pen,
    Polyline,
    Rect,
    Shape,
)
from rechenweg.working.figures.labels import SIZE, Text, content, text_width

MOST_SHEETS = 8
"""More channels than these are shown as so many sheets; the label says the true number."""
SHEET_STEP = 4.0
LARGEST = 74.0
SMALLEST = 9.0
MAP_GAP = 38.0
SMALL = 8.5

Stage = tuple[Text, int, int, int]
"""Label, channels, height, width of the feature maps."""


def feature_maps_figure(
    stages: Sequence[Stage], operations: Sequence[Text | None] = (), width: float = 450.0
) -> Drawing:
    """Feature maps as stacked sheets from left to right, with their sizes: the classic picture of a LeNet.

    stages: ``(label, channels, height, width)``; with height = width = 1 a vector, drawn as a bar of so many
    units.
    operations: what leads from each stage to the next, printed below the gap; none, or one per gap.
    width: the maps are drawn smaller, their labels not, until the figure is at most so wide (if it can be).
    Raises ShapeError if their number does not fit or a size is not positive.

    >>> drawing = feature_maps_figure([("x", 1, 32, 32), ("C_1", 6, 28, 28), ("f", 120, 1, 1)])
    >>> drawing.width > 200
    True
    """
    if operations and len(operations) != len(stages) - 1:
        raise ShapeError(f"feature maps: expected {len(stages) - 1} operations, found {len(operations)}")
    for label, *sizes in stages:
        if min(sizes) < 1:
            raise ShapeError(f"feature maps: {label!r}: expected positive sizes, found {tuple(sizes)}")
    for tenths in (10, 9, 8, 7, 6):
        drawing = _feature_maps(stages, operations or (None,) * (len(stages) - 1), tenths / 10)
        if drawing.width <= width:
            return drawing
    return drawing.fitted(width)


def _feature_maps(stages: Sequence[Stage], operations: Sequence[Text | None], scale: float) -> Drawing:
    largest = max((max(height, width) for _, _, height, width in stages), default=1)
    boxes = [_Maps(stage, largest, scale) for stage in stages]
    rooms = [max(box.width, text_width(box.label), text_width(box.size, SMALL)) for box in boxes]
    tallest = max((box.height for box in boxes), default=0.0)
    middle = 30.0 + tallest / 2
    x = 2.0
    for at, (box, room) in enumerate(zip(boxes, rooms, strict=True)):
        if at:
            # The gap is wanted between the drawn maps; labels that reach further give some of it already.
            overhang = (rooms[at - 1] - boxes[at - 1].width + room - box.width) / 2
            wanted = max(MAP_GAP * scale, text_width(operations[at - 1], SMALL) + 6.0)
            x += max(8.0, wanted - overhang)
        box.place(x + room / 2, middle)
        x += room
    maps: list[Shape] = []
    rays: list[Shape] = []
    for box in boxes:
        maps += box.shapes()
        maps.append(Label(box.x, 8.0, content(box.label), SIZE))
        maps.append(Label(box.x, middle - box.height / 2 - 8.0, box.size, SMALL, tone="grey"))
    bottom = middle + tallest / 2 + 11.0
    for (left, right), text in zip(pairwise(boxes), operations, strict=True):
        rays += left.rays_to(right)
        if text is not None:
            centre = (left.x + left.width / 2 + right.x - right.width / 2) / 2
            maps.append(Label(centre, bottom, content(text), SMALL))
    has_words = any(text is not None for text in operations)
    return Drawing(x + 2.0, bottom + (7.0 if has_words else -8.0), (*maps, *rays))


class _Maps:
    """One stage: a stack of sheets, or a bar for a vector."""

    def __init__(self, stage: Stage, largest: int, scale: float) -> None:
        self.label, self.channels, height, width = stage
        self.is_vector = height == width == 1
        self.x = self.y = 0.0
        if self.is_vector:
            self.sheets = 1
            self.sheet_width = 9.0
            self.sheet_height = min(LARGEST * 1.15, 14.0 + 9.5 * log2(1 + self.channels)) * scale
            self.size = T.same(str(self.channels))
        else:
            self.sheets = min(self.channels, MOST_SHEETS)
            self.sheet_height = _drawn(height, largest) * scale
            self.sheet_width = _drawn(width, largest) * scale
            self.size = T.same(f"{self.channels} @ {height}×{width}")
        self.step = SHEET_STEP * scale
        self.spread = self.step * (self.sheets - 1)
        self.width = self.sheet_width + self.spread
        self.height = self.sheet_height + self.spread

    def place(self, x: float, y: float) -> None:
        self.x, self.y = x, y

    def _front(self) -> tuple[float, float]:
        """The top left corner of the sheet in front, at the lower right."""
        return self.x + self.width / 2 - self.sheet_width, self.y + self.height / 2 - self.sheet_height

    def shapes(self) -> list[Shape]:
        left, top = self._front()
        found: list[Shape] = []
        for sheet in range(self.sheets):
            back = self.step * (self.sheets - 1 - sheet)
            fill: Fill = "light" if sheet % 2 == 0 else "faint"
            found.append(Rect(left - back, top - back, self.sheet_width, self.sheet_height, fill=fill, pen=Pen("hair")))
        return found

    def rays_to(self, following: _Maps) -> list[Shape]:
        """A small window on the sheet in front, and the rays to the point that it is worked into."""
        left, top = self._front()
        next_left, next_top = following._front()
        if self.is_vector and not following.is_vector:
            return []
        if following.is_vector:
            ends = (top, next_top), (top + self.sheet_height, next_top + following.sheet_height)
            return [Line((left + self.sheet_width, a), (next_left, b), pen=_RAY) for a, b in ends]
        side = max(5.0, min(self.sheet_width, self.sheet_height) * 0.26)
        x = left + self.sheet_width * 0.62 - side / 2
        y = top + self.sheet_height * 0.36 - side / 2
        point = (next_left + following.sheet_width * 0.3, next_top + following.sheet_height * 0.42)
        return [
            Rect(x, y, side, side, fill="medium", pen=HAIR),
            Line((x + side, y), point, pen=_RAY),
            Line((x + side, y + side), point, pen=_RAY),
        ]


_RAY = Pen("hair", "grey")


def _drawn(size: int, largest: int) -> float:
    """The side of a sheet: a square root, so that a 5×5 map can still be seen beside a 68×68 one."""
    return max(SMALLEST, LARGEST * sqrt(size / largest))


def hourglass_figure(
    levels: int = 4,
    *,
    parts: tuple[Text, Text] = ("A", "B"),
    ends: tuple[Text | None, Text | None] = (T("input", "Eingabe"), T("output", "Ausgabe")),
    bottleneck: Text | None = None,
    skips: bool = False,
) -> Drawing:
    r"""An encoder–decoder: `levels` narrowing feature maps, then as many widening ones, with a brace for each
    half.

    parts: names under the braces. ends: labels beside the first and last map. bottleneck: a label over the
    narrowest.
    skips: connections from each level to its partner, as a U-Net has them.
    Raises ShapeError for fewer than two levels.

    >>> hourglass_figure(2).height > 100
    True
    """
    if levels < 2:
        raise ShapeError(f"hourglass: expected at least 2 levels, found {levels}")
    heights = [110.0 * 0.64**level for level in range(levels)]
    widths = [9.0 + 5.0 * level for level in range(levels)]
    order = [*range(levels), *reversed(range(levels - 1))]
    left_room = text_width(ends[0]) + 24.0 if ends[0] is not None else 4.0
    right_room = text_width(ends[1]) + 24.0 if ends[1] is not None else 4.0
    lift = 10.0 * (levels - 1) + 8.0 if skips else 4.0
    top = max(lift, 18.0 if bottleneck is not None else 0.0)
    middle = top + heights[0] / 2

    shapes: list[Shape] = []
    x = left_room
    centres: list[float] = []
    for at, level in enumerate(order):
        width = widths[level]
        shapes.append(Rect(x, middle - heights[level] / 2, width, heights[level], radius=1.0, fill="light"))
        centres.append(x + width / 2)
        if at < len(order) - 1:
            shapes.append(Line((x + width + 1.5, middle), (x + width + 16.5, middle), "end"))
            x += width + 18.0
        else:
            x += width
    if skips:
        for level in range(levels - 1):
            start, end = centres[level], centres[-1 - level]
            y = middle - heights[0] / 2 - 8.0 - 10.0 * (levels - 2 - level)
            foot = middle - heights[level] / 2
            points = ((start, foot), (start, y), (end, y), (end, foot))
            shapes.append(Polyline(points, "end", radius=4.0, pen=Pen(dash="dashed")))
    if ends[0] is not None:
        shapes.append(Label(left_room - 22.0, middle, content(ends[0]), SIZE, "right"))
        shapes.append(Line((left_room - 19.0, middle), (left_room - 1.5, middle), "end"))
    if ends[1] is not None:
        shapes.append(Line((x + 1.5, middle), (x + 19.0, middle), "end"))
        shapes.append(Label(x + 22.0, middle, content(ends[1]), SIZE, "left"))
    if bottleneck is not None:
        shapes.append(Label(centres[levels - 1], middle - heights[-1] / 2 - 8.0, content(bottleneck), SIZE))
    foot = middle + heights[0] / 2 + 7.0
    narrow = centres[levels - 1]
    shapes += _brace(left_room, narrow - 2.0, foot, parts[0])
    shapes += _brace(narrow + 2.0, x, foot, parts[1])
    return Drawing(x + right_room, foot + 26.0, tuple(shapes))


def _brace(left: float, right: float, y: float, text: Text) -> list[Shape]:
    """A curly brace that opens upwards, with a label below."""
    middle, depth, bend = (left + right) / 2, 4.5, 6.0
    pieces = (
        ((left, y + depth), (left, y + depth), (left + bend, y + depth)),
        ((left + bend, y + depth), (middle - bend, y + depth), (middle - bend, y + depth)),
        ((middle, y + depth), (middle, y + depth), (middle, y + 2 * depth)),
        ((middle, y + depth), (middle, y + depth), (middle + bend, y + depth)),
        ((middle + bend, y + depth), (right - bend, y + depth), (right - bend, y + depth)),
        ((right, y + depth), (right, y + depth), (right, y)),
    )
    return [Path((left, y), pieces), Label(middle, y + 2 * depth + 9.0, content(text), SIZE)]
