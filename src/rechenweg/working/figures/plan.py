"""Where the nodes of a network graph stand and which way its edges go, before anything is measured in points.

Layers are columns, counted from the left; rows are counted downwards from the longest path, which is row 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from rechenweg.errors import NetworkError
from rechenweg.working.figures.labels import Text

NodeKind = Literal["box", "circle", "quantity", "parameter", "tall"]
"""``box`` and ``circle`` are operations, ``tall`` a narrow upright one with its label turned, ``quantity`` a
bare label at an end, ``parameter`` a bare label below the operation that it enters."""

Along = Literal["source", "target", "lane"]
Entry = Literal["left", "side"]


@dataclass(slots=True)
class Node:
    """A node with its place; `parameters` are the names of what enters it from below."""

    name: str
    label: Text
    kind: NodeKind
    layer: int = 0
    row: int = 0
    parameters: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Edge:
    """An edge with its way: along a row or a lane, into its target from the left or from above or below."""

    source: Node
    target: Node
    label: Text | None
    along: Along = "source"
    entry: Entry = "left"
    lane: int = 0
    """n for the n-th line led around above the nodes; 0 if it runs along a row."""

    @property
    def is_straight(self) -> bool:
        """Whether it is one horizontal line."""
        return self.source.row == self.target.row and not self.lane

    @property
    def turns_behind_source(self) -> bool:
        """Whether it goes up or down in the gap behind its source."""
        return not self.is_straight and self.along != "source"

    @property
    def turns_before_target(self) -> bool:
        """Whether it goes up or down in the gap before its target."""
        return not self.is_straight and self.entry == "left" and self.along != "target"


class Plan:
    """The graph with layers, rows and ways decided.

    Raises NetworkError for an unknown or repeated name, an unknown kind, an arrow into a parameter, or a cycle.
    """

    def __init__(
        self,
        nodes: Sequence[tuple[str, Text] | tuple[str, Text, NodeKind]],
        edges: Sequence[tuple[str, str] | tuple[str, str, Text]],
    ) -> None:
        self.nodes: dict[str, Node] = {}
        for entry in nodes:
            node = Node(entry[0], entry[1], entry[2] if len(entry) == 3 else "box")
            if node.kind not in get_args(NodeKind):
                kinds = ", ".join(get_args(NodeKind))
                raise NetworkError(f"node {node.name!r}: expected one of {kinds}, found {node.kind!r}")
            if node.name in self.nodes:
                raise NetworkError(f"node {node.name!r}: expected a name used once, found it twice")
            self.nodes[node.name] = node
        self.body = [node for node in self.nodes.values() if node.kind != "parameter"]
        self.edges: list[Edge] = []
        for link in edges:
            self._connect(link[0], link[1], link[2] if len(link) == 3 else None)
        self.outgoing = {node.name: [e for e in self.edges if e.source is node] for node in self.body}
        self.incoming = {node.name: [e for e in self.edges if e.target is node] for node in self.body}
        order = self._order()
        self._set_layers(order)
        self._set_rows(order)
        self._set_ways()

    def _connect(self, source: str, target: str, label: Text | None) -> None:
        for end in (source, target):
            if end not in self.nodes:
                raise NetworkError(f"edge {source!r} → {target!r}: expected known nodes, found {end!r}")
        if self.nodes[target].kind == "parameter":
            raise NetworkError(f"edge {source!r} → {target!r}: expected no arrow into a parameter, found one")
        if self.nodes[source].kind == "parameter":
            self.nodes[target].parameters.append(source)
        else:
            self.edges.append(Edge(self.nodes[source], self.nodes[target], label))

    def _order(self) -> list[Node]:
        """The nodes such that every edge goes forward."""
        order: list[Node] = []
        waiting = {node.name: len(self.incoming[node.name]) for node in self.body}
        ready = [node for node in self.body if not waiting[node.name]]
        while ready:
            node = ready.pop(0)
            order.append(node)
            for edge in self.outgoing[node.name]:
                waiting[edge.target.name] -= 1
                if not waiting[edge.target.name]:
                    ready.append(edge.target)
        if len(order) < len(self.body):
            stuck = ", ".join(node.name for node in self.body if node not in order)
            raise NetworkError(f"graph: expected no cycle, found one among {stuck}")
        return order

    def _set_layers(self, order: list[Node]) -> None:
        for node in order:
            node.layer = max((edge.source.layer + 1 for edge in self.incoming[node.name]), default=0)
        for node in reversed(order):  # a second input stands right before what it enters
            after = [edge.target.layer - 1 for edge in self.outgoing[node.name]]
            if after and not self.incoming[node.name]:
                node.layer = min(after)

    # ---- rows ----

    def _set_rows(self, order: list[Node]) -> None:
        """Row 0 for the longest path; each chain beside it gets the nearest free row, a parallel one above first."""
        if not order:
            return
        main = self._longest_path(order)
        taken: dict[int, list[tuple[int, int]]] = {0: [(main[0].layer, main[-1].layer)]}
        seen = {node.name for node in main}
        for node in order:
            if node.name in seen:
                continue
            chain = self._chain(node, seen)
            seen.update(member.name for member in chain)
            enters, leaves = self.incoming[chain[0].name], self.outgoing[chain[-1].name]
            low = min([chain[0].layer, *(edge.source.layer + 1 for edge in enters)])
            high = max([chain[-1].layer, *(edge.target.layer - 1 for edge in leaves)])
            row = next(row for row in _rows(bool(enters and leaves)) if _is_free(taken.get(row, []), low, high))
            taken.setdefault(row, []).append((low, high))
            for member in chain:
                member.row = row

    def _longest_path(self, order: list[Node]) -> list[Node]:
        best: dict[str, list[Node]] = {}
        for node in order:
            paths = [best[edge.source.name] for edge in self.incoming[node.name]]
            best[node.name] = [*max(paths, key=len, default=[]), node]
        return max(best.values(), key=len)

    def _chain(self, node: Node, seen: set[str]) -> list[Node]:
        """The nodes that follow one by one, as long as each leads to one new node only."""
        chain = [node]
        while True:
            following = [e.target for e in self.outgoing[chain[-1].name] if e.target.name not in seen]
            if len(following) != 1 or len(self.incoming[following[0].name]) != 1:
                return chain
            chain.append(following[0])

    # ---- ways ----

    def _set_ways(self) -> None:
        lanes: dict[int, list[tuple[int, int]]] = {}
        for edge in sorted(self.edges, key=lambda e: e.target.layer - e.source.layer):
            if edge.is_straight and self._row_is_free(edge, edge.source.row):
                continue
            if self._take_row(edge):
                continue
            # led around above everything; two share a lane if they do not meet, the shorter is the nearer
            edge.along = "lane"
            above = range(min(node.row for node in self.body), edge.target.row)
            edge.entry = "side" if self._column_is_free(edge.target, above) else "left"
            low, high = edge.source.layer, edge.target.layer - 1
            edge.lane = next(n for n in range(1, len(self.edges) + 2) if _is_free(lanes.get(n, []), low, high))
            lanes.setdefault(edge.lane, []).append((low, high))

    def _take_row(self, edge: Edge) -> bool:
        """Lead the edge along its source's or target's row, if no node stands in the way there."""
        source, target = edge.source, edge.target
        if source.row == target.row:
            return False
        between = range(min(source.row, target.row + 1), max(source.row + 1, target.row))
        ways: list[tuple[Along, Entry, bool]] = [
            ("source", "side", self._column_is_free(target, between) and self._row_is_free(edge, source.row)),
            ("target", "left", self._row_is_free(edge, target.row)),
            ("source", "left", self._row_is_free(edge, source.row)),
        ]
        if abs(target.row) > abs(source.row):  # a branch leaves the middle at once
            ways[0], ways[1] = ways[1], ways[0]
        for along, entry, free in ways:
            if free:
                edge.along, edge.entry = along, entry
                return True
        return False

    def _row_is_free(self, edge: Edge, row: int) -> bool:
        between = range(edge.source.layer + 1, edge.target.layer)
        return not any(node.row == row and node.layer in between for node in self.body)

    def _column_is_free(self, target: Node, rows: range) -> bool:
        """Whether a line can come down, or up, to the target through `rows`."""
        if target.parameters and any(row > target.row for row in rows):
            return False  # its parameters stand there
        return not any(node.layer == target.layer and node.row in rows for node in self.body)


def _rows(parallel: bool) -> Iterable[int]:
    """Rows beside the longest path, the nearest first: a parallel chain above first, a second input below."""
    first = -1 if parallel else 1
    for distance in range(1, 1000):
        yield first * distance
        yield -first * distance


def _is_free(intervals: Iterable[tuple[int, int]], low: int, high: int) -> bool:
    return all(high < start or low > end for start, end in intervals)
