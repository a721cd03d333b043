"""Drawings: the two back ends draw the same thing, and draw it where it belongs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from math import hypot

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.numbers.notation import read_latex
from rechenweg.text import LANGUAGES, Language, T
from rechenweg.working.drawing import (
    FILLS,
    Circle,
    Drawing,
    Label,
    Line,
    Path,
    Pen,
    Polyline,
    Rect,
    Shape,
    to_svg,
    to_typst,
)
from rechenweg.working.drawing.geometry import HEAD_LENGTH, stroke
from rechenweg.working.drawing.labels import formula, label_width, lines
from rechenweg.working.writers import TYPST_PRELUDE

SVG = "{http://www.w3.org/2000/svg}"

ALL_SHAPES: tuple[Shape, ...] = (
    Line((0, 0), (30, 40), "end"),
    Line((0, 0), (30, 0), "both", Pen("thick", "grey", "dotted")),
    Polyline(((0, 0), (20, 0), (20, 20)), "start", radius=5, pen=Pen(dash="dashed")),
    Polyline(((0, 0), (20, 0), (20, 20)), closed=True, fill="medium", pen=None),
    Path((0, 0), (((5, 0), (10, 5), (10, 10)),), "end"),
    Rect(1, 2, 30, 20, radius=3, fill="light"),
    Circle(10, 10, 5, fill="ink", pen=None),
    Label(10, 10, read_latex(r"\hat y_1")),
    Label(10, 10, T("**in** $x_1$\nof it", "**ein** $x_1$\ndavon"), anchor="left", tone="grey", turn=90),
    Label(10, 10, "a_b & <c> #1", anchor="right", bold=True),
)


def compiled(drawing: Drawing, language: Language = "en") -> bytes:
    pdf = typst.compile((TYPST_PRELUDE + to_typst(drawing, language)).encode())
    assert isinstance(pdf, bytes)
    return pdf


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shape_is_drawn_in_both_forms(language: Language) -> None:
    drawing = Drawing(60, 50, ALL_SHAPES)
    root = ET.fromstring(to_svg(drawing, language, title="all & <every>", description='"d"'))
    assert root.get("viewBox") == "0 0 60 50"
    assert root.findtext(f"{SVG}title") == "all & <every>"
    assert root.findtext(f"{SVG}desc") == '"d"'
    assert compiled(drawing, language).startswith(b"%PDF")


def test_labels_speak_the_language_asked_for() -> None:
    drawing = Drawing(60, 50, (Label(0, 0, T("in $0.5$", "ein $0.5$")), Label(0, 0, read_latex("1.5"))))
    assert texts(to_svg(drawing, "en")) == ["in 0.5", "1.5"]
    assert texts(to_svg(drawing, "de")) == ["ein 0,5", "1,5"]
    assert "0,5" in to_typst(drawing, "de") or "0\\,5" in to_typst(drawing, "de") or '"0,5"' in to_typst(drawing, "de")


@given(st.text(max_size=30))
def test_any_label_gives_well_formed_svg_with_its_words(text: str) -> None:
    drawing = Drawing(10, 10, (Label(0, 0, text),))
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", text)
    # XML itself takes \r\n and \r for \n
    printed = [line.replace("\r", "\n") for line in kept.split("\n")]
    assert [line.replace("\r", "\n") for line in texts(to_svg(drawing))] == printed


@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_label_compiles_in_typst(labels: list[str]) -> None:
    compiled(Drawing(10, 10, tuple(Label(0, 0, text) for text in labels)))


# ---- formulas in SVG, which has none ----


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\hat y", "ŷ"),
        ("w_1", "w1"),
        (r"\frac{\partial L}{\partial w_2}", "∂L/∂w2"),
        (r"\frac{a + b}{c}", "(a\u2005+\u2005b)/c"),
        (r"\sigma_1(o)", "σ1(o)"),
        ("y^*", "y∗"),
        (r"\sigma_2'(o)", "σ2′(o)"),
        ("-1", "−1"),
        (r"\operatorname{ReLU}(x)", "ReLU(x)"),
        (r"\sqrt{x}", "√x"),
    ],
)
def test_a_formula_becomes_one_line(latex: str, words: str) -> None:
    assert sorted("".join(run.text for run in formula(read_latex(latex)))) == sorted(words)


def test_letters_are_italic_and_digits_names_and_brackets_are_not() -> None:
    runs = formula(read_latex(r"w_1 + \operatorname{ReLU}(x)"))
    assert {run.text for run in runs if run.italic} == {"w", "x"}


def test_an_index_is_lowered_and_small_and_what_follows_is_not() -> None:
    by_text = {run.text.strip(): run for run in formula(read_latex("w_1 x"))}
    assert by_text["1"].rise < 0
    assert by_text["1"].scale < 1
    assert by_text["x"].rise == 0
    svg = to_svg(Drawing(10, 10, (Label(0, 0, read_latex("w_1 x")),)))
    shifts = [float(tspan.get("dy", "0")) for tspan in ET.fromstring(svg).iter(f"{SVG}tspan")]
    assert sum(shifts) == pytest.approx(0)


def test_an_exponent_stands_above_the_index() -> None:
    runs = {run.text: run for run in formula(read_latex("w_1^2"))}
    assert runs["2"].back == pytest.approx(0.35)  # a digit is half as wide as high, an index 0.7 times as large


@pytest.mark.parametrize(("narrow", "wide"), [("i", "W"), ("w_1", "w_{12}"), ("x", r"\hat y + x")])
def test_wider_labels_are_estimated_wider(narrow: str, wide: str) -> None:
    assert label_width(read_latex(narrow), 10) < label_width(read_latex(wide), 10)


def test_width_grows_with_size_and_takes_the_wider_language() -> None:
    text = T("in", "Eingang")
    assert label_width(text, 20) == pytest.approx(2 * label_width(text, 10))
    assert label_width(text, 10) == label_width(T.same("Eingang"), 10)


def test_lines_of_a_label() -> None:
    assert len(lines(T("a\nb", "a"), "en")) == 2
    assert len(lines("a\nb\nc", "en")) == 3


# ---- arrows ----

COORDINATE = st.floats(-200, 200).map(lambda value: round(value, 2))
POINT = st.tuples(COORDINATE, COORDINATE)


@given(POINT, POINT)
def test_an_arrow_ends_at_its_tip_and_the_line_inside_its_head(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    length = hypot(end[0] - start[0], end[1] - start[1])
    if length < 2 * HEAD_LENGTH:
        return
    outline = stroke(Line(start, end, "end"))
    (head,) = outline.heads
    assert head[0] == end
    line_end = outline.pieces[-1][-1]
    assert 0 < hypot(end[0] - line_end[0], end[1] - line_end[1]) < HEAD_LENGTH
    for corner in head[1:]:  # the head lies behind its tip
        assert (corner[0] - end[0]) * (end[0] - start[0]) + (corner[1] - end[1]) * (end[1] - start[1]) < 0


@given(st.lists(POINT, min_size=2, max_size=6, unique=True), st.floats(0, 20))
def test_rounded_corners_keep_the_ends(points: list[tuple[float, float]], radius: float) -> None:
    outline = stroke(Polyline(tuple(points), radius=radius))
    assert outline.start == points[0]
    assert outline.pieces[-1][-1] == points[-1]


def test_lines_without_arrows_have_no_heads() -> None:
    assert stroke(Line((0, 0), (9, 0))).heads == ()
    assert len(stroke(Line((0, 0), (30, 0), "both")).heads) == 2


# ---- sheets ----


def test_fills_differ_in_print() -> None:
    greys = sorted(int(colour[1:3], 16) for name, colour in FILLS.items() if name != "none")
    assert all(b - a >= 10 for a, b in pairwise(greys))


@pytest.mark.parametrize("shape", ALL_SHAPES, ids=lambda shape: type(shape).__name__)
def test_moving_there_and_back_changes_nothing(shape: Shape) -> None:
    assert shape.moved(4, 8) != shape
    assert shape.moved(4, 8).moved(-4, -8) == shape
    assert shape.scaled(2).scaled(0.5) == shape


def test_a_drawing_is_made_smaller_only_if_needed() -> None:
    drawing = Drawing(200, 100, ALL_SHAPES)
    assert drawing.fitted(300) is drawing
    assert (drawing.fitted(100).width, drawing.fitted(100).height) == (100, 50)


def test_over_keeps_both() -> None:
    one, two = Drawing(10, 10, ALL_SHAPES[:1]), Drawing(10, 10, ALL_SHAPES[1:2])
    both = two.over(one, 5, 20)
    assert (both.width, both.height, len(both.shapes)) == (15, 30, 2)
