"""Plots: functions, points, histograms as steps; blank axes to sketch on; point clouds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, floor, hypot, isfinite, log10, radians, sin
from typing import Literal

from rechenweg.errors import ShapeError
from rechenweg.working.drawing import (
    GRID,
    HAIR,
    Circle,
    Dash,
    Drawing,
    Fill,
    Label,
    Line,
    Pen,
    Point,
    Polyline,
    Rect,
    Shape,
    Tone,
    Width,
)
from rechenweg.working.figures.labels import SIZE, Text, content, text_width

Mark = Literal["dot", "ring", "cross", "square"]
Ticks = Sequence[float | tuple[float, Text]] | None
"""Where ticks stand, each perhaps with a label of its own; None chooses round numbers."""

SMALL = 8.5
SAMPLES = 240


@dataclass(frozen=True, slots=True)
class Curve:
    """A function, or straight lines through points.

    breaks: places where the function jumps and the line must be interrupted.
    label: named in the legend, or at the point `at` of the plot if that is given.
    """

    of: Callable[[float], float] | Sequence[Point]
    label: Text | None = None
    at: Point | None = None
    breaks: tuple[float, ...] = ()
    width: Width = "normal"
    dash: Dash = "solid"
    tone: Tone = "ink"


@dataclass(frozen=True, slots=True)
class Points:
    """Single points with a mark."""

    points: Sequence[Point]
    mark: Mark = "dot"
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """A histogram: `heights` over the intervals between `edges` (one more), as an outline or a shaded area."""

    edges: Sequence[float]
    heights: Sequence[float]
    shaded: bool = False
    label: Text | None = None

    def __post_init__(self) -> None:
        if len(self.edges) != len(self.heights) + 1:
            raise ShapeError(f"steps: expected {len(self.heights) + 1} edges, found {len(self.edges)}")


Series = Curve | Points | Steps


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the plot's numbers to the sheet: `x`, `y` are ranges, the box is (left, top, width, height)."""

    x: tuple[float, float]
    y: tuple[float, float]
    left: float
    top: float
    width: float
    height: float

    def at(self, x: float, y: float) -> Point:
        return (
            self.left + (x - self.x[0]) / (self.x[1] - self.x[0]) * self.width,
            self.top + (self.y[1] - y) / (self.y[1] - self.y[0]) * self.height,
        )


def plot_figure(
    series: Sequence[Series],
    *,
    x: tuple[float, float],
    y: tuple[float, float],
    x_label: Text | None = None,
    y_label: Text | None = None,
    x_ticks: Ticks = None,
    y_ticks: Ticks = None,
    width: float = 210.0,
    height: float = 140.0,
    axes: Literal["cross", "frame"] = "cross",
    grid: float | None = None,
) -> Drawing:
    r"""Curves, points and histograms over common axes.

    x, y: the ranges shown; curves are cut at them. x_ticks, y_ticks: numbers, or (number, label), or None.
    width, height: of the plotting area in points. axes: through the origin with arrows, or at the left and
    bottom.
    grid: side of pale squares in the plot's own units.
    Raises ShapeError for an empty range.

    >>> relu = Curve(lambda x: max(0.0, x), label=r"\operatorname{ReLU}(x)")
    >>> plot_figure([relu], x=(-2, 2), y=(-1, 2), x_ticks=[-1, 1], y_ticks=[1]).height > 140
    True
    """
    for name, (low, high) in (("x", x), ("y", y)):
        if not low < high:
            raise ShapeError(f"plot: {name}: expected a range that grows, found ({low}, {high})")
    x_marks, y_marks = _ticks(x_ticks, x, width / 20.0, axes), _ticks(y_ticks, y, height / 18.0, axes)
    at_left = axes == "frame" or x[0] >= 0
    room = max((text_width(text, SMALL) for _, text in y_marks), default=0.0) + 8.0
    left = (room if at_left else 4.0) + (16.0 if y_label is not None and axes == "frame" else 0.0)
    top = 16.0 if y_label is not None and axes == "cross" else 6.0
    frame = _Frame(x, y, left, top, width, height)

    shapes: list[Shape] = []
    if grid is not None:
        shapes += _grid(frame, grid)
    for area in series:  # areas first, so that no line is hidden
        if isinstance(area, Steps) and area.shaded:
            shapes += _steps(area, frame)
    shapes += _axes(frame, axes, x_marks, y_marks, x_label, y_label)
    for one in series:
        if isinstance(one, Curve):
            shapes += _curve(one, frame)
        elif isinstance(one, Points):
            shapes += [mark for point in one.points for mark in _mark(one.mark, *frame.at(*point))]
        elif not one.shaded:
            shapes += _steps(one, frame)
    right = left + width + (8.0 + text_width(x_label) if x_label is not None and axes == "cross" else 6.0)
    named = [one for one in series if one.label is not None and not (isinstance(one, Curve) and one.at)]
    if named:
        shapes += _legend(named, right + 8.0, top + 8.0)
        right += 34.0 + max(text_width(one.label) for one in named)
    low_axis = axes == "frame" or y[0] >= 0
    bottom = top + height + (15.0 if low_axis else 4.0) + (14.0 if x_label is not None and axes == "frame" else 0.0)
    return Drawing(right + 2.0, bottom, tuple(shapes))


def blank_axes(
    x: tuple[float, float] = (-4, 4),
    y: tuple[float, float] = (-2, 4),
    *,
    x_label: Text = "x",
    y_label: Text = "y",
    x_ticks: Ticks = None,
    y_ticks: Ticks = None,
    unit: float = 28.0,
    grid: float | None = 0.5,
) -> Drawing:
    """Axes on squared paper for a sketch; `unit` is the length of 1 in points.

    >>> blank_axes((-1, 1), (-1, 1), unit=50).width > 100
    True
    """
    return plot_figure(
        [],
        x=x,
        y=y,
        x_label=x_label,
        y_label=y_label,
        x_ticks=x_ticks,
        y_ticks=y_ticks,
        width=(x[1] - x[0]) * unit,
        height=(y[1] - y[0]) * unit,
        grid=grid,
    )


# ---- axes ----


def _ticks(ticks: Ticks, span: tuple[float, float], most: float, axes: str) -> list[tuple[float, Text]]:
    if ticks is None and axes == "frame":
        ticks = _round_numbers(span, most)
    elif ticks is None:  # where the axes cross a 0 would be in the way, and the ends belong to the arrows
        ticks = [value for value in _round_numbers(span, most) if value and span[0] < value < span[1] - 1e-9]
    return [tick if isinstance(tick, tuple) else (float(tick), _number(tick)) for tick in ticks]


def _number(value: float) -> str:
    return f"{value:.6g}"


def _round_numbers(span: tuple[float, float], most: float) -> list[float]:
    """Round numbers in the range, at most about `most` of them.

    >>> _round_numbers((-2, 3), 8)
    [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]
    """
    rough = (span[1] - span[0]) / max(most, 2.0)
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor * 1.0001)
    return [round(value, 10) for value in _multiples(span, step)]


def _axes(
    frame: _Frame,
    style: str,
    x_marks: list[tuple[float, Text]],
    y_marks: list[tuple[float, Text]],
    x_label: Text | None,
    y_label: Text | None,
) -> list[Shape]:
    cross = style == "cross"
    zero_x = min(max(0.0, frame.x[0]), frame.x[1]) if cross else frame.x[0]
    zero_y = min(max(0.0, frame.y[0]), frame.y[1]) if cross else frame.y[0]
    axis_x, axis_y = frame.at(zero_x, zero_y)
    right, bottom = frame.left + frame.width, frame.top + frame.height
    shapes: list[Shape] = []
    for value, text in x_marks:
        x, _ = frame.at(value, 0.0)
        shapes.append(Line((x, axis_y - 2.0 * cross), (x, axis_y + 2.5), pen=HAIR))
        shapes.append(Label(x, axis_y + 9.0, content(text), SMALL))
    for value, text in y_marks:
        _, y = frame.at(0.0, value)
        shapes.append(Line((axis_x - 2.5, y), (axis_x + 2.0 * cross, y), pen=HAIR))
        shapes.append(Label(axis_x - 5.0, y, content(text), SMALL, "right"))
    if cross:
        shapes.append(Line((frame.left, axis_y), (right + 5.0, axis_y), "end"))
        shapes.append(Line((axis_x, bottom), (axis_x, frame.top - 5.0), "end"))
    else:
        shapes.append(Polyline(((frame.left, frame.top), (frame.left, bottom), (right, bottom))))
    if x_label is not None and cross:
        shapes.append(Label(right + 8.0, axis_y, content(x_label), SIZE, "left"))
    elif x_label is not None:
        shapes.append(Label(frame.left + frame.width / 2, bottom + 22.0, content(x_label), SIZE))
    if y_label is not None and cross:
        shapes.append(Label(axis_x, frame.top - 11.0, content(y_label), SIZE))
    elif y_label is not None:
        shapes.append(Label(7.0, frame.top + frame.height / 2, content(y_label), SIZE, turn=90.0))
    return shapes


def _grid(frame: _Frame, step: float) -> Iterator[Shape]:
    for at in _multiples(frame.x, step):
        x, _ = frame.at(at, 0.0)
        yield Line((x, frame.top), (x, frame.top + frame.height), pen=GRID)
    for at in _multiples(frame.y, step):
        _, y = frame.at(0.0, at)
        yield Line((frame.left, y), (frame.left + frame.width, y), pen=GRID)


def _multiples(span: tuple[float, float], step: float) -> list[float]:
    first, last = ceil(span[0] / step - 1e-9), floor(span[1] / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


# ---- series ----


def _curve(curve: Curve, frame: _Frame) -> list[Shape]:
    pen = Pen(curve.width, curve.tone, curve.dash)
    shapes: list[Shape] = []
    for run in _runs(curve, frame):
        for piece in _clipped(run, frame.y):
            points = _simplified([frame.at(*point) for point in piece])
            if len(points) > 1:
                shapes.append(Polyline(tuple(points), pen=pen))
    if curve.label is not None and curve.at is not None:
        shapes.append(Label(*frame.at(*curve.at), content(curve.label), SIZE))
    return shapes


def _runs(curve: Curve, frame: _Frame) -> list[list[Point]]:
    """The curve's points, interrupted at its breaks and where it has no value."""
    if not callable(curve.of):
        return [[(float(x), float(y)) for x, y in curve.of]]
    low, high = frame.x
    nudge = (high - low) * 1e-9
    borders = [low, *(place for place in sorted(curve.breaks) if low < place < high), high]
    found: list[list[Point]] = []
    for start, end in pairwise(borders):
        start, end = start + nudge * (start != low), end - nudge * (end != high)
        count = max(2, round(SAMPLES * (end - start) / (high - low)))
        xs = [start + (end - start) * k / count for k in range(count + 1)]
        if start < 0 < end:  # most kinks of this field are at 0
            xs = sorted({*xs, 0.0})
        run: list[Point] = []
        for x in xs:
            value = _value(curve.of, x)
            if value is None:
                found.append(run)
                run = []
            else:
                run.append((x, value))
        found.append(run)
    return [run for run in found if len(run) > 1]


def _value(function: Callable[[float], float], x: float) -> float | None:
    try:
        value = float(function(x))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if isfinite(value) else None


def _clipped(run: Sequence[Point], span: tuple[float, float]) -> list[list[Point]]:
    """The parts of a line whose y lies in the range, cut exactly at its borders."""
    pieces: list[list[Point]] = [[]]
    for a, b in pairwise(run):
        inside = _clip(a, b, span)
        if inside is None:
            continue
        start, end = inside
        if not pieces[-1] or pieces[-1][-1] != start:
            pieces.append([start])
        pieces[-1].append(end)
    return [piece for piece in pieces if len(piece) > 1]


def _clip(a: Point, b: Point, span: tuple[float, float]) -> tuple[Point, Point] | None:
    low, high = span
    if max(a[1], b[1]) < low or min(a[1], b[1]) > high:
        return None

    def cut(point: Point) -> Point:
        border = min(max(point[1], low), high)
        if border == point[1]:
            return point
        return a[0] + (b[0] - a[0]) * (border - a[1]) / (b[1] - a[1]), border

    return cut(a), cut(b)


def _simplified(points: list[Point], tolerance: float = 0.06) -> list[Point]:
    """Fewer points, none of the left out ones further than `tolerance` from the line (Douglas and Peucker)."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        (ax, ay), (bx, by) = points[first], points[last]
        length = hypot(bx - ax, by - ay) or 1.0
        far, at = max(
            (abs((bx - ax) * (ay - points[k][1]) - (ax - points[k][0]) * (by - ay)) / length, k)
            for k in range(first + 1, last)
        )
        if far > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[k] for k in sorted(keep)]


def _steps(steps: Steps, frame: _Frame) -> list[Shape]:
    base = max(0.0, frame.y[0])
    points = [frame.at(steps.edges[0], base)]
    for left, right, height in zip(steps.edges, steps.edges[1:], steps.heights, strict=False):
        shown = min(height, frame.y[1])
        points += [frame.at(left, shown), frame.at(right, shown)]
    points.append(frame.at(steps.edges[-1], base))
    distinct = [point for k, point in enumerate(points) if not k or point != points[k - 1]]
    if steps.shaded:
        return [Polyline(tuple(distinct), closed=True, fill=_SHADE, pen=Pen("hair", "grey"))]
    return [Polyline(tuple(distinct), pen=Pen("thick"))]


_SHADE: Fill = "medium"


def _mark(mark: Mark, x: float, y: float) -> list[Shape]:
    if mark == "dot":
        return [Circle(x, y, 1.7, fill="ink", pen=None)]
    if mark == "ring":
        return [Circle(x, y, 2.1, fill="paper")]
    if mark == "square":
        return [Rect(x - 1.9, y - 1.9, 3.8, 3.8, fill="medium")]
    return [Line((x - 2, y - 2), (x + 2, y + 2)), Line((x - 2, y + 2), (x + 2, y - 2))]


def _legend(series: Sequence[Series], x: float, y: float) -> list[Shape]:
    shapes: list[Shape] = []
    for one in series:
        assert one.label is not None
        if isinstance(one, Curve):
            shapes.append(Line((x, y), (x + 18.0, y), pen=Pen(one.width, one.tone, one.dash)))
        elif isinstance(one, Points):
            shapes += _mark(one.mark, x + 9.0, y)
        elif one.shaded:
            shapes.append(Rect(x + 1.0, y - 4.0, 16.0, 8.0, fill=_SHADE, pen=Pen("hair", "grey")))
        else:
            shapes.append(Line((x, y), (x + 18.0, y), pen=Pen("thick")))
        shapes.append(Label(x + 24.0, y, content(one.label), SIZE, "left"))
        y += 15.0
    return shapes


# ---- point clouds ----

MARKS: tuple[Mark, ...] = ("dot", "ring", "cross", "square")


def point_cloud_figure(
    clouds: Sequence[tuple[Text | None, Sequence[Sequence[float]]]],
    *,
    axes: Sequence[Text] = ("x", "y", "z"),
    size: float = 130.0,
) -> Drawing:
    """Clouds of points in the plane or in space (seen from above at an angle), each with its own mark.

    clouds: (label or None, points of 2 or 3 coordinates). size: the longer side of the cloud in points.
    Raises ShapeError if points differ in their number of coordinates.

    >>> point_cloud_figure([(None, [(0, 0), (1, 1)])]).width > 130
    True
    """
    dimensions = {len(point) for _, points in clouds for point in points}
    if len(dimensions) > 1 or dimensions - {2, 3}:
        raise ShapeError(f"point cloud: expected points all of 2 or all of 3 coordinates, found {sorted(dimensions)}")
    dimension = max(dimensions, default=2)
    flat = [[_projected(point) for point in points] for _, points in clouds]
    everything = [point for points in flat for point in points] or [(0.0, 0.0)]
    left, right = min(x for x, _ in everything), max(x for x, _ in everything)
    low, high = min(y for _, y in everything), max(y for _, y in everything)
    scale = size / (max(right - left, high - low) or 1.0)

    shapes: list[Shape] = []
    for text, axis in zip(axes, range(dimension), strict=False):
        dx, dy = _projected([float(k == axis) for k in range(dimension)])
        shapes.append(Line((0.0, 0.0), (AXIS * dx, -AXIS * dy), "end", pen=Pen("normal", "grey")))
        tip = ((AXIS + 8.0) * dx, -(AXIS + 8.0) * dy)
        shapes.append(Label(*tip, content(text), SMALL, tone="grey"))
    for at, points in enumerate(flat):
        for x, y in points:  # the cloud begins a little to the right of the axes' origin and above it
            place = (16.0 + (x - left) * scale, -10.0 - (y - low) * scale)
            shapes += _mark(MARKS[at % len(MARKS)], *place)
    named = [Points([], MARKS[k % len(MARKS)], text) for k, (text, _) in enumerate(clouds) if text is not None]
    edge = max(16.0 + (right - left) * scale, AXIS) + 10.0
    if named:
        shapes += _legend(named, edge + 6.0, -4.0 - (high - low) * scale)
    below, before = (26.0, 36.0) if dimension == 3 else (8.0, 14.0)
    above = max(10.0 + (high - low) * scale, AXIS + 10.0) + 6.0
    width = before + edge + (32.0 + max(text_width(one.label) for one in named) if named else 0.0)
    return Drawing(width, above + below, tuple(shape.moved(before, above) for shape in shapes))


AXIS = 30.0
"""Length of the axes beside a cloud."""


def _projected(point: Sequence[float]) -> Point:
    """The plane as it is; space with x towards the viewer's left, y to the right, z upwards."""
    if len(point) == 2:
        return float(point[0]), float(point[1])
    x, y, z = point
    angle = radians(24.0)
    return (y - 0.62 * x) * cos(angle), z - (0.62 * x + 0.35 * y) * sin(angle)
