"""The figures of tum-2024, problem 4."""

from __future__ import annotations

from functools import lru_cache

from rechenweg.bank.tum_2024.cnn.lenet import FLAT, Architecture, table_of
from rechenweg.bank.tum_2024.cnn.segment import Segment
from rechenweg.nn import Add, ReLU
from rechenweg.text import T
from rechenweg.working.document import Figure
from rechenweg.working.drawing import Drawing
from rechenweg.working.figures import NodeKind, feature_maps_figure, graph_figure, grid_figure
from rechenweg.working.figures import Text as Label

DIGITS = (
    "01110 10001 10011 10101 11001 10001 01110", "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00010 00100 01000 11111", "11111 00010 00100 00010 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010", "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110", "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110", "01110 10001 10001 01111 00001 00010 01100",
)  # fmt: skip
"""The ten digits in 7 rows of 5 pixels, 1 for ink."""


def feature_maps(architecture: Architecture) -> Figure:
    """The network, stage by stage, from its shape table."""
    stages = []
    for row in table_of(architecture):
        if row.name == FLAT:
            continue
        shape = row.output_shape[1:]
        stages.append((row.name if row.layer is not None else "x", *(shape if len(shape) == 3 else (shape[0], 1, 1))))
    sizes = "; ".join(f"{label}: {'×'.join(map(str, lengths))}" for label, *lengths in stages)
    sizes = sizes.replace(r"\mathrm{", "").replace("}", "")
    return Figure(feature_maps_figure(stages), None, T.same(f"LeNet. {sizes}."))


def digit_image(digit: int) -> Figure:
    """A digit in pixels."""
    ink = [[pixel == "1" for pixel in row] for row in DIGITS[digit].split()]
    dark = [(r, c) for r, row in enumerate(ink) for c, is_ink in enumerate(row) if is_ink]
    empty = [[""] * len(row) for row in ink]
    return Figure(
        grid_figure(empty, shaded=dict.fromkeys(dark, "dark"), cell=9.0),
        None,
        T(f"An image of the digit {digit}.", f"Ein Bild der Ziffer {digit}."),
    )


@lru_cache(maxsize=64)
def segment_graph(segment: Segment) -> Drawing:
    """The segment as a graph, from its network."""
    net = segment.network()
    nodes: list[tuple[str, Label, NodeKind]] = [(segment.source, segment.source, "quantity")]
    edges: list[tuple[str, str] | tuple[str, str, Label]] = []
    shown = {"y", "u", "z", "G(y)", "K(u)"}
    for node in net.nodes:
        if isinstance(node.layer, Add):
            nodes.append((node.name, "+", "circle"))
        elif isinstance(node.layer, ReLU):
            nodes.append((node.name, r"\operatorname{ReLU}", "box"))
        else:
            nodes.append((node.name, rf"\cdot {node.layer.own_names['weights']}", "box"))
        for name in node.inputs:
            edges.append((name, node.name, name) if name in shown else (name, node.name))
    nodes.append(("end", "z", "quantity"))
    edges.append(("z", "end"))
    return graph_figure(nodes, edges)
