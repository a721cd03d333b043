r"""A network as a graph: operations as boxes, quantities on the arrows, parameters entering from below.

The longest path runs straight from left to right. What runs beside it (a parallel branch, a second input) gets a
row of its own; an edge that jumps over nodes is led around them at right angles, the shorter the nearer; a
quantity that goes several ways leaves from a dot. Nothing is placed by hand, so that a network drawn at random
has a figure as good as the printed one's, and no line runs through a box. :mod:`.plan` decides rows and ways;
here they get their measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rechenweg.working.drawing import Circle, Drawing, Fill, Label, Line, Point, Polyline, Rect, Shape
from rechenweg.working.figures.labels import SIZE, Text, content, text_width
from rechenweg.working.figures.plan import Edge, Node, NodeKind, Plan

BOX_HEIGHT = 24.0
LEAST_BOX = 24.0
TALL_HEIGHT = 78.0
GAP = 24.0
"""Length of the arrow between two nodes that carries no label."""
STUB = 9.0
"""How far behind its layer the dot stands from which a quantity goes several ways."""
TURN = 6.5
"""Distance of two lines that go up or down in the same gap."""
LANE = 13.0
"""Distance of a line that is led around from what it passes, and of two such lines."""
ROW_GAP = 20.0
PARAMETER_DROP = 22.0
LABEL_RISE = 7.0
"""How far a quantity's label stands above its arrow."""
LABEL_ROOM = 12.0
PORT = 8.0
"""Distance of two arrows that enter a node side by side."""
CORNER = 5.0
MARGIN = 2.0


def graph_figure(
    nodes: Sequence[tuple[str, Text] | tuple[str, Text, NodeKind]],
    edges: Sequence[tuple[str, str] | tuple[str, str, Text]],
) -> Drawing:
    r"""Draw a network graph from left to right.

    nodes: ``(name, label)`` for an operation in a box, or ``(name, label, kind)``; labels are LaTeX or a T.
    edges: ``(source, target)`` or ``(source, target, label)``; the label is the quantity that flows there.
    Raises NetworkError for an unknown or repeated name, an unknown kind, or a cycle.

    >>> nodes = [("x", "x", "quantity"), ("w", "w_1", "parameter"), ("times", r"\times"), ("y", "y", "quantity")]
    >>> drawing = graph_figure(nodes, [("x", "times"), ("w", "times"), ("times", "y")])
    >>> sum(isinstance(shape, Line) for shape in drawing.shapes)
    3
    """
    return _Sheet(Plan(nodes, edges)).drawing()


def node_size(node: Node) -> tuple[float, float]:
    """Width and height of a node's own shape."""
    room = text_width(node.label)
    if node.kind == "tall":
        return 20.0, max(TALL_HEIGHT, room + 16.0)
    if node.kind == "circle":
        return 20.0, 20.0
    if node.kind == "box":
        return max(LEAST_BOX, room + 13.0), BOX_HEIGHT
    return room + 7.0, 14.0


class _Sheet:
    """The plan in points."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.size = {name: node_size(node) for name, node in plan.nodes.items()}
        self.centre: dict[str, Point] = {}
        self.turns: dict[tuple[str, str], float] = {}
        """x of the vertical piece that leaves a source ("out", name) or leads to a target ("in", name)."""
        x = self._columns()
        y = self._rows()
        for node in plan.body:
            self.centre[node.name] = (x[node.layer], y[node.row])
        for node in plan.body:
            self._place_parameters(node)
        self.lanes = self._lane_heights()

    # ---- measures ----

    def _breadth(self, node: Node) -> float:
        """A node's width with its parameters, which stand below it side by side."""
        return max(self.size[node.name][0], sum(self.size[name][0] for name in node.parameters))

    def _columns(self) -> list[float]:
        """The middle of each layer; between two there is room for labels and for lines that go up or down."""
        layers = max((node.layer for node in self.plan.body), default=-1) + 1
        middles: list[float] = []
        x = MARGIN
        for layer in range(layers):
            members = [node for node in self.plan.body if node.layer == layer]
            if layer:
                x += self._gap(layer, x)
            width = max((self._breadth(node) for node in members), default=0.0)
            middles.append(x + width / 2)
            x += width
        return middles

    def _gap(self, layer: int, left: float) -> float:
        """The gap before a layer that begins at `left`; notes where lines turn in it."""
        edges = self.plan.edges
        outs = [e.source.name for e in edges if e.source.layer == layer - 1 and e.turns_behind_source]
        ins = [e.target.name for e in edges if e.target.layer == layer and e.turns_before_target]
        forks = [e.source.name for e in edges if e.source.layer == layer - 1 and self._forks(e.source)]
        behind = list(dict.fromkeys(outs + forks))
        before = list(dict.fromkeys(ins))
        for at, name in enumerate(behind):
            self.turns["out", name] = left + STUB + TURN * at
        labels = [text_width(e.label) + LABEL_ROOM for e in edges if e.target.layer == layer and e.label is not None]
        room = max([GAP, *labels]) + (STUB + TURN * (len(behind) - 1) if behind else 0.0)
        if before:
            room += STUB + TURN * (len(before) - 1)
        for at, name in enumerate(before):
            self.turns["in", name] = left + room - STUB - TURN * at
        return room

    def _forks(self, node: Node) -> bool:
        return len(self.plan.outgoing[node.name]) > 1

    def _rows(self) -> dict[int, float]:
        """The middle line of each row."""
        found: dict[int, float] = {}
        y = 0.0
        for row in sorted({node.row for node in self.plan.body}):
            members = [node for node in self.plan.body if node.row == row]
            half = max(self.size[node.name][1] for node in members) / 2
            below = PARAMETER_DROP + 6.0 if any(node.parameters for node in members) else 0.0
            found[row] = y + half
            y += 2 * half + below + ROW_GAP
        return found

    def _place_parameters(self, node: Node) -> None:
        x, y = self.centre[node.name]
        start = x - sum(self.size[name][0] for name in node.parameters) / 2
        for name in node.parameters:
            width = self.size[name][0]
            self.centre[name] = (start + width / 2, y + self.size[node.name][1] / 2 + PARAMETER_DROP)
            start += width

    def _top(self, node: Node) -> float:
        return self.centre[node.name][1] - self.size[node.name][1] / 2

    def _lane_heights(self) -> dict[Edge, float]:
        """y of every line that is led around: above the nodes and the lines that it passes."""
        found: dict[Edge, float] = {}
        for edge in sorted((e for e in self.plan.edges if e.lane), key=lambda e: e.lane):
            span = range(edge.source.layer, edge.target.layer + 1)
            passed = [self._top(node) for node in self.plan.body if node.layer in span]
            passed += [
                y - (LABEL_ROOM if other.label is not None else 0.0)
                for other, y in found.items()
                if other.source.layer < edge.target.layer and edge.source.layer < other.target.layer
            ]
            labels = any(e.label is not None and e.is_straight and e.source.layer in span for e in self.plan.edges)
            tops = [self.centre[e.source.name][1] - LABEL_ROOM for e in self.plan.edges if e.is_straight]
            found[edge] = min([*passed, *(tops if labels else [])]) - LANE
        return found

    # ---- lines ----

    def track(self, edge: Edge) -> float:
        """The y of the edge's long horizontal piece."""
        if edge.along == "lane":
            return self.lanes[edge]
        return self.centre[(edge.source if edge.along == "source" else edge.target).name][1]

    def points(self, edge: Edge) -> list[Point]:
        """The corners of the edge, from its source's right side, or from its dot, to where it enters its target."""
        (x, y), (target_x, target_y) = self.centre[edge.source.name], self.centre[edge.target.name]
        width, height = self.size[edge.target.name]
        track = self.track(edge)
        points = [(x + self.size[edge.source.name][0] / 2, y)]
        if edge.turns_behind_source:
            turn = self.turns["out", edge.source.name]
            points = [(turn, y)] if self._forks(edge.source) else [*points, (turn, y)]
            points.append((turn, track))
        if edge.entry == "side" and not edge.is_straight:
            port = target_x + self._side_port(edge)
            points += [(port, track), (port, target_y + (height / 2 if track > target_y else -height / 2))]
            return points
        entry_y = target_y + self._left_port(edge)
        if edge.turns_before_target:
            turn = self.turns["in", edge.target.name]
            points += [(turn, track), (turn, entry_y)]
        elif entry_y != points[-1][1]:
            points[-1] = (points[-1][0], entry_y)
        points.append((target_x - width / 2, entry_y))
        return points

    def _side_port(self, edge: Edge) -> float:
        """How far beside the middle an arrow enters from above or below, if several do."""
        y = self.centre[edge.target.name][1]
        above = self.track(edge) < y
        same = [
            other
            for other in self.plan.incoming[edge.target.name]
            if other.entry == "side" and not other.is_straight and (self.track(other) < y) == above
        ]
        same.sort(key=lambda other: abs(self.track(other) - y))  # the nearest first, so that none cross
        spread = min(PORT, (self.size[edge.target.name][0] - 8.0) / max(1, len(same) - 1))
        return (same.index(edge) - (len(same) - 1) / 2) * spread

    def _left_port(self, edge: Edge) -> float:
        """How far above or below the middle an arrow enters from the left: apart from one that comes straight."""
        if edge.target.kind in ("quantity", "circle") or edge.is_straight:
            return 0.0
        if not any(other.is_straight for other in self.plan.incoming[edge.target.name]):
            return 0.0
        return -PORT * 0.8 if self._comes_from_above(edge) else PORT * 0.8

    def _comes_from_above(self, edge: Edge) -> bool:
        return bool(edge.lane) or edge.source.row < edge.target.row

    # ---- drawing ----

    def drawing(self) -> Drawing:
        shapes: list[Shape] = []
        for edge in self.plan.edges:
            shapes += self._edge(edge)
        for node in self.plan.body:
            shapes += self._feet(node)
        for node in self.plan.nodes.values():
            shapes += self._node(node)
        names = self.plan.nodes
        right = max((self.centre[name][0] + self.size[name][0] / 2 for name in names), default=0.0)
        bottom = max((self.centre[name][1] + self.size[name][1] / 2 for name in names), default=0.0)
        top = min([0.0, *(self.lanes[e] - (LABEL_ROOM if e.label is not None else 0.0) for e in self.lanes)])
        left = min((self.centre[name][0] - self.size[name][0] / 2 for name in names), default=0.0)
        shift = (MARGIN - min(left, MARGIN), MARGIN - top)
        moved = tuple(shape.moved(*shift) for shape in shapes)
        return Drawing(right + shift[0] + MARGIN, bottom + shift[1] + MARGIN, moved)

    def _edge(self, edge: Edge) -> list[Shape]:
        points = self.points(edge)
        if len(points) == 2:
            shapes: list[Shape] = [Line(points[0], points[1], "end")]
        else:
            shapes = [Polyline(tuple(points), "end", radius=CORNER)]
        if edge.label is not None:
            track = self.track(edge)
            left, right = max(
                ((a[0], b[0]) for a, b in pairwise(points) if a[1] == b[1]),
                key=lambda piece: piece[1] - piece[0],
                default=(points[0][0], points[-1][0]),
            )
            if len(points) == 2 and self._forks(edge.source):
                left = self.turns["out", edge.source.name]
            head = 4.0 if edge.entry == "left" else 0.0
            shapes.append(Label((left + right - head) / 2, track - LABEL_RISE, content(edge.label), SIZE))
        return shapes

    def _feet(self, node: Node) -> list[Shape]:
        """The arrows of a node's parameters, and its dot if its quantity goes several ways."""
        x, y = self.centre[node.name]
        width, height = self.size[node.name]
        shapes: list[Shape] = []
        for name in node.parameters:
            foot_x, foot_y = self.centre[name]
            tip_x = min(max(foot_x, x - width / 2 + 4.0), x + width / 2 - 4.0)
            corners = ((foot_x, foot_y - 8.5), (tip_x, y + height / 2))
            shapes.append(Line(*corners, "end"))
        if self._forks(node):
            dot = self.turns["out", node.name]
            shapes += [Line((x + width / 2, y), (dot, y)), Circle(dot, y, 1.6, fill="ink", pen=None)]
        return shapes

    def _node(self, node: Node) -> list[Shape]:
        x, y = self.centre[node.name]
        width, height = self.size[node.name]
        label = Label(x, y, content(node.label), SIZE, turn=90.0 if node.kind == "tall" else 0.0)
        if node.kind in ("quantity", "parameter"):
            return [label]
        if node.kind == "circle":
            return [Circle(x, y, height / 2, fill="paper"), label]
        fill: Fill = "light" if node.kind == "box" else "faint"
        return [Rect(x - width / 2, y - height / 2, width, height, radius=2.5, fill=fill), label]
