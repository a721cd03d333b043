"""The figures of the field: each is drawn in both forms, and shows what it says."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations, pairwise
from math import exp

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.numbers.notation import read_latex, to_text
from rechenweg.text import LANGUAGES, Language, T
from rechenweg.working.drawing import Circle, Drawing, Label, Line, Polyline, Rect, to_svg, to_typst
from rechenweg.working.drawing.labels import lines
from rechenweg.working.figures import (
    Curve,
    NodeKind,
    Points,
    Steps,
    Text,
    blank_axes,
    feature_maps_figure,
    graph_figure,
    grid_figure,
    hourglass_figure,
    plot_figure,
    point_cloud_figure,
    recurrent_figure,
    side_by_side,
)
from rechenweg.working.figures.graph import _Sheet
from rechenweg.working.figures.plan import Plan
from rechenweg.working.writers import TYPST_PRELUDE

Nodes = list[tuple[str, str | T] | tuple[str, str | T, NodeKind]]
Edges = list[tuple[str, str] | tuple[str, str, str | T]]

RESIDUAL: tuple[Nodes, Edges] = (
    [
        ("x", "x", "quantity"), ("times1", r"\times"), ("w1", "w_1", "parameter"), ("plus1", "+"),
        ("b1", "b_1", "parameter"), ("s1", r"\sigma_1"), ("times2", r"\times"), ("w2", "w_2", "parameter"),
        ("plus2", "+"), ("s2", r"\sigma_2"), ("y", r"\hat y", "quantity"),
    ],
    [
        ("x", "times1"), ("w1", "times1"), ("times1", "plus1"), ("b1", "plus1"), ("plus1", "s1"), ("s1", "times2"),
        ("w2", "times2"), ("times2", "plus2"), ("x", "plus2"), ("plus2", "s2", "o"), ("s2", "y"),
    ],
)  # fmt: skip
INCEPTION: tuple[Nodes, Edges] = (
    [
        ("x", "x", "quantity"), ("a", T.same("1×1")), ("b1", T.same("1×1")), ("b2", T.same("3×3")),
        ("c1", T.same("1×1")), ("c2", T.same("5×5")), ("d1", T.same("pool")), ("d2", T.same("1×1")),
        ("cat", T("concat", "verketten")), ("y", "y", "quantity"),
    ],
    [
        ("x", "a"), ("x", "b1"), ("b1", "b2"), ("x", "c1"), ("c1", "c2"), ("x", "d1"), ("d1", "d2"), ("a", "cat"),
        ("b2", "cat"), ("c2", "cat"), ("d2", "cat"), ("cat", "y"),
    ],
)  # fmt: skip
LENET: list[tuple[Text, int, int, int]] = [
    (T("input", "Eingabe"), 1, 32, 32), ("C_1", 6, 28, 28), ("S_1", 6, 14, 14), ("C_2", 16, 10, 10), ("S_2", 16, 5, 5),
    ("f_1", 120, 1, 1), ("f_2", 84, 1, 1), (T("output", "Ausgabe"), 10, 1, 1),
]  # fmt: skip


def bell(width: float) -> Callable[[float], float]:
    return lambda x: exp(-(x**2) / (2 * width**2)) / width


EDGES = [-2 + k / 4 for k in range(17)]
WIDE = Steps(EDGES, [bell(0.8)(e + 0.125) for e in EDGES[:-1]], label=T("before", "vorher"))
NARROW = Steps(EDGES, [bell(0.3)(e + 0.125) for e in EDGES[:-1]], shaded=True, label=T("after", "nachher"))

FIGURES: dict[str, Drawing] = {
    "residual": graph_figure(*RESIDUAL),
    "inception": graph_figure(*INCEPTION),
    "tall": graph_figure(
        [("x", "x", "quantity"), ("a", T.same("Conv A"), "tall"), ("+", "+", "circle"), ("y", "y", "quantity")],
        [("x", "a", "R"), ("a", "+"), ("x", "+"), ("+", "y", "T")],
    ),
    "lenet": feature_maps_figure(LENET, [T.same("conv 5×5"), T.same("pool"), None, None, None, None, None]),
    "hourglass": hourglass_figure(4, bottleneck="z"),
    "u-net": hourglass_figure(3, skips=True, ends=("x", r"\hat y")),
    "grid": grid_figure(
        [["1", r"\frac12"], ["", "-3"]],
        shaded={(0, 0): "light"},
        framed=[(0, 0, 1, 2)],
        title="X",
        columns=["x_1", "x_2"],
        rows=["z_1", "z_2"],
    ),
    "convolution": side_by_side([grid_figure([["1"]]), grid_figure([["2"]])], ["*"]),
    "activations": plot_figure(
        [
            Curve(lambda x: max(0.0, x), label=r"\operatorname{ReLU}(x)"),
            Curve(lambda x: 1 / x, breaks=(0,), dash="dotted"),
            Curve([(-2, 1), (2, -1)], label="d", at=(1, 1)),
            Points([(0, 0), (1, 1)], "ring", "p"),
            Points([(0.5, 0.5)], "cross"),
        ],
        x=(-2, 2),
        y=(-1, 2),
        x_label="x",
        y_label="y",
    ),
    "histograms": plot_figure([WIDE, NARROW], x=(-2, 2), y=(0, 4), axes="frame", x_label=T("weight", "Gewicht")),
    "recurrent": recurrent_figure(3),
    "recurrent T": recurrent_figure(4, last="T", folded=False, weights=("U", "W", "V"), outputs=False),
    "axes": blank_axes(),
    "cloud": point_cloud_figure([("P", [(0, 0, 0), (1, 2, 3)]), (None, [(1, 1, 1)])]),
    "flat cloud": point_cloud_figure([(None, [(0.5, 2)])], axes=("x_1", "x_2")),
}


def words(drawing: Drawing, language: Language = "en") -> list[str]:
    return [
        "".join(run.text for run in line)
        for shape in drawing.shapes
        if isinstance(shape, Label)
        for line in lines(shape.content, language)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_drawn_in_both_forms(language: Language) -> None:
    source = TYPST_PRELUDE + "\n\n".join(to_typst(drawing, language) for drawing in FIGURES.values())
    pdf = typst.compile(source.encode())
    assert isinstance(pdf, bytes)
    for drawing in FIGURES.values():
        ET.fromstring(to_svg(drawing, language))


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_drawn_beside_the_sheet(name: str) -> None:
    drawing = FIGURES[name]
    for shape in drawing.shapes:
        points: list[tuple[float, float]] = []
        match shape:
            case Line():
                points = [shape.start, shape.end]
            case Polyline():
                points = list(shape.points)
            case Rect():
                points = [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
            case Circle():
                points = [(shape.x - shape.radius, shape.y), (shape.x + shape.radius, shape.y)]
            case Label():
                points = [(shape.x, shape.y - shape.size / 3), (shape.x, shape.y + shape.size / 3)]
        for x, y in points:
            assert -0.01 <= x <= drawing.width + 0.01, (name, shape)
            assert -0.01 <= y <= drawing.height + 0.01, (name, shape)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_fit_a_page(name: str) -> None:
    assert FIGURES[name].width <= 460


# ---- network graphs ----


def test_the_residual_network_shows_its_names() -> None:
    assert sorted(words(FIGURES["residual"])) == sorted(
        ["x", "×", "w1", "+", "b1", "σ1", "×", "w2", "+", "σ2", "ŷ", "o"]
    )


def test_the_skip_connection_runs_above_everything_into_its_sum() -> None:
    sheet = _Sheet(Plan(*RESIDUAL))
    (skip,) = [edge for edge in sheet.plan.edges if edge.lane]
    assert (skip.source.name, skip.target.name) == ("x", "plus2")
    tops = [sheet.centre[name][1] - sheet.size[name][1] / 2 for name in sheet.plan.nodes]
    assert sheet.track(skip) < min(tops)
    end = sheet.points(skip)[-1]
    assert end == (sheet.centre["plus2"][0], sheet.centre["plus2"][1] - sheet.size["plus2"][1] / 2)


def test_parameters_enter_from_below() -> None:
    sheet = _Sheet(Plan(*RESIDUAL))
    for parameter, operation in (("w1", "times1"), ("b1", "plus1"), ("w2", "times2")):
        assert sheet.centre[parameter][1] > sheet.centre[operation][1]
        assert sheet.centre[parameter][0] == pytest.approx(sheet.centre[operation][0])


def test_the_main_path_is_straight() -> None:
    sheet = _Sheet(Plan(*RESIDUAL))
    assert len({sheet.centre[node.name][1] for node in sheet.plan.body}) == 1


def test_parallel_branches_get_rows_of_their_own() -> None:
    plan = Plan(*INCEPTION)
    rows = {name: plan.nodes[name].row for name in plan.nodes}
    assert rows["b1"] == rows["b2"]
    assert rows["c1"] == rows["c2"]
    assert len({rows["a"], rows["b1"], rows["c1"], rows["d1"]}) == 4


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Nodes, Edges]:
    """Networks of up to ten nodes, wired forward at random."""
    count = draw(st.integers(2, 10))
    kinds: st.SearchStrategy[NodeKind] = st.sampled_from(("box", "circle", "quantity", "tall"))
    nodes: Nodes = [(f"n{k}", f"n_{{{k}}}", draw(kinds)) for k in range(count)]
    edges: Edges = []
    for target in range(1, count):
        for source in draw(st.sets(st.integers(max(0, target - 4), target - 1), min_size=1, max_size=3)):
            link = (f"n{source}", f"n{target}")
            edges.append((*link, "x_1") if draw(st.booleans()) else link)
    for number in range(draw(st.integers(0, 3))):
        nodes.append((f"w{number}", "w", "parameter"))
        edges.append((f"w{number}", f"n{draw(st.integers(0, count - 1))}"))
    return nodes, edges


def box(sheet: _Sheet, name: str) -> tuple[float, float, float, float]:
    (x, y), (width, height) = sheet.centre[name], sheet.size[name]
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    slack = 0.01
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


@given(graphs())
def test_no_node_covers_another_and_no_line_runs_through_one(graph: tuple[Nodes, Edges]) -> None:
    sheet = _Sheet(Plan(*graph))
    boxes = {name: box(sheet, name) for name in sheet.plan.nodes}
    assert [pair for pair in combinations(boxes, 2) if meet(boxes[pair[0]], boxes[pair[1]])] == []
    for edge in sheet.plan.edges:
        for (ax, ay), (bx, by) in pairwise(sheet.points(edge)):
            piece = (min(ax, bx), min(ay, by) - 0.1, max(ax, bx), max(ay, by) + 0.1)
            crossed = [name for name in boxes if meet(piece, boxes[name])]
            assert set(crossed) <= {edge.source.name, edge.target.name}


@given(graphs())
def test_every_edge_goes_at_right_angles_from_its_source_to_its_target(graph: tuple[Nodes, Edges]) -> None:
    sheet = _Sheet(Plan(*graph))
    for edge in sheet.plan.edges:
        points = sheet.points(edge)
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points))
        left, top, right, bottom = box(sheet, edge.target.name)
        x, y = points[-1]
        on_left = x == pytest.approx(left) and top <= y <= bottom
        on_side = left <= x <= right and min(abs(y - top), abs(y - bottom)) < 0.01
        assert on_left or on_side
        assert points[0][1] == sheet.centre[edge.source.name][1]
        assert points[0][0] >= box(sheet, edge.source.name)[2] - 0.01


@given(graphs())
def test_drawing_a_graph_twice_gives_the_same(graph: tuple[Nodes, Edges]) -> None:
    assert graph_figure(*graph) == graph_figure(*graph)


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([("a", "a")], [("a", "b")], "edge 'a' → 'b': expected known nodes, found 'b'"),
        ([("a", "a"), ("a", "b")], [], "node 'a': expected a name used once, found it twice"),
        (
            [("a", "a", "blob")],
            [],
            "node 'a': expected one of box, circle, quantity, parameter, tall, found 'blob'",
        ),
        ([("a", "a"), ("b", "b")], [("a", "b"), ("b", "a")], "graph: expected no cycle, found one among a, b"),
        (
            [("a", "a"), ("w", "w", "parameter")],
            [("a", "w")],
            "edge 'a' → 'w': expected no arrow into a parameter, found one",
        ),
    ],
)
def test_graphs_that_cannot_be_drawn(nodes: Nodes, edges: Edges, message: str) -> None:
    with pytest.raises(NetworkError) as caught:
        graph_figure(nodes, edges)
    assert str(caught.value) == message


# ---- the others ----


def test_feature_maps_tell_their_sizes() -> None:
    shown = words(FIGURES["lenet"])
    assert "6 @ 28×28" in shown
    assert "120" in shown
    assert "Eingabe" in words(FIGURES["lenet"], "de")


def test_more_channels_are_more_sheets_up_to_a_limit() -> None:
    def sheets(channels: int) -> int:
        drawing = feature_maps_figure([("x", channels, 8, 8)])
        return sum(isinstance(shape, Rect) for shape in drawing.shapes)

    assert [sheets(n) for n in (1, 3, 8, 64)] == [1, 3, 8, 8]


def test_feature_maps_check_their_numbers() -> None:
    with pytest.raises(ShapeError, match=r"feature maps: 'x': expected positive sizes, found \(1, 0, 4\)"):
        feature_maps_figure([("x", 1, 0, 4)])
    with pytest.raises(ShapeError, match="feature maps: expected 0 operations, found 1"):
        feature_maps_figure([("x", 1, 4, 4)], [None])


def test_an_hourglass_narrows_and_widens_again() -> None:
    heights = [shape.height for shape in hourglass_figure(4).shapes if isinstance(shape, Rect)]
    assert heights == heights[::-1]
    assert heights[:4] == sorted(heights[:4], reverse=True)
    with pytest.raises(ShapeError, match="hourglass: expected at least 2 levels, found 1"):
        hourglass_figure(1)


def test_a_u_net_has_a_connection_on_each_level() -> None:
    skips = [shape for shape in hourglass_figure(4, skips=True).shapes if isinstance(shape, Polyline)]
    assert len(skips) == 3
    for skip in skips:
        assert skip.points[0][1] == skip.points[-1][1]


def test_a_grid_shades_the_cells_asked_for() -> None:
    drawing = grid_figure([["1", "2"], ["3", "4"]], shaded=[(1, 0)])
    (cell,) = [shape for shape in drawing.shapes if isinstance(shape, Rect) and shape.fill != "none"]
    label = next(shape for shape in drawing.shapes if isinstance(shape, Label) and shape.content == read_latex("3"))
    assert cell.x < label.x < cell.x + cell.width
    assert cell.y < label.y < cell.y + cell.height


def test_grids_check_their_shape() -> None:
    with pytest.raises(ShapeError, match="grid: row 1: expected 2 cells, found 1"):
        grid_figure([["1", "2"], ["3"]])
    with pytest.raises(ShapeError, match=r"grid: shaded cell \(0, 1\): expected one within 1 × 1"):
        grid_figure([["1"]], shaded=[(0, 1)])


def curve_points(drawing: Drawing) -> list[list[tuple[float, float]]]:
    return [list(shape.points) for shape in drawing.shapes if isinstance(shape, Polyline)]


def test_curves_are_cut_at_the_range_and_interrupted_at_their_breaks() -> None:
    drawing = plot_figure([Curve(lambda x: 1 / x, breaks=(0,))], x=(-2, 2), y=(-1, 1), x_ticks=[], y_ticks=[])
    pieces = curve_points(drawing)
    assert len(pieces) == 2
    heights = [y for piece in pieces for _, y in piece]
    assert max(heights) - min(heights) == pytest.approx(140)  # exactly from border to border of the area


def test_straight_curves_need_few_points() -> None:
    (relu,) = curve_points(plot_figure([Curve(lambda x: max(0.0, x))], x=(-2, 2), y=(-1, 2)))
    assert len(relu) == 3


def test_a_curve_without_a_value_is_left_out_there() -> None:
    root = plot_figure([Curve(lambda x: x**0.5 if x >= 0 else float("nan"))], x=(-2, 2), y=(-1, 2))
    (piece,) = curve_points(root)
    axis = next(s for s in root.shapes if isinstance(s, Line) and s.arrow == "end" and s.start[0] == s.end[0])
    assert min(x for x, _ in piece) >= axis.start[0] - 0.01


def test_histograms_rise_to_their_heights() -> None:
    drawing = plot_figure([Steps([0, 1, 2], [1, 2])], x=(0, 2), y=(0, 2), height=100, axes="frame")
    frame, steps = curve_points(drawing)
    bottom, top = max(y for _, y in frame), min(y for _, y in frame)
    assert sorted({y for _, y in steps}) == pytest.approx([top, (top + bottom) / 2, bottom])
    with pytest.raises(ShapeError, match="steps: expected 3 edges, found 2"):
        Steps([0, 1], [1, 2])


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_lie_in_the_range(low: float, length: float) -> None:
    drawing = plot_figure([], x=(low, low + length), y=(0, 1), y_ticks=[], axes="frame")
    ticks = [shape for shape in drawing.shapes if isinstance(shape, Line)]
    assert 1 <= len(ticks) <= 13
    left, right = (
        min(min(p[0]) for p in [list(zip(*poly, strict=True)) for poly in curve_points(drawing)]),
        drawing.width,
    )
    assert all(left - 0.01 <= tick.start[0] <= right for tick in ticks)


def test_german_ticks_have_a_comma() -> None:
    drawing = plot_figure([], x=(0, 1), y=(0, 1), x_ticks=[0.5], y_ticks=[])
    assert words(drawing, "de") == ["0,5"]
    assert words(drawing, "en") == ["0.5"]


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ShapeError, match=r"plot: x: expected a range that grows, found \(1, 1\)"):
        plot_figure([], x=(1, 1), y=(0, 1))


def test_an_unrolled_cell_has_one_input_per_step() -> None:
    shown = words(recurrent_figure(3, folded=False))
    assert [w for w in shown if w.startswith("x")] == ["x1", "x2", "x3"]
    assert [w for w in shown if w.startswith("h")] == ["h0", "h1", "h2", "h3"]
    assert "xt" in words(recurrent_figure(3))
    assert "xT" in words(recurrent_figure(3, last="T"))
    with pytest.raises(ShapeError, match="recurrent figure: expected at least 1 step, found 0"):
        recurrent_figure(0)


def test_a_cloud_shows_every_point() -> None:
    drawing = point_cloud_figure([(None, [(k, k * k) for k in range(7)])])
    assert sum(isinstance(shape, Circle) for shape in drawing.shapes) == 7
    with pytest.raises(ShapeError, match="point cloud: expected points all of 2 or all of 3 coordinates, found"):
        point_cloud_figure([(None, [(1, 2), (1, 2, 3)])])


def test_labels_are_latex_or_prose() -> None:
    assert to_text(read_latex("w_1")) == "w₁"
    drawing = grid_figure([["w_1"]], title=T("kernel", "Kern"))
    assert words(drawing, "de") == ["w1", "Kern"]
