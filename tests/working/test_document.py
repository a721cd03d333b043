"""Every kind of block in every form and both languages, as it is read; what a document refuses."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import InputError, ShapeError
from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.text import LANGUAGES, Language, T
from rechenweg.working.document import (
    Callout,
    Code,
    Document,
    Equation,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Prose,
    Rel,
    Table,
    credit_text,
    join,
    with_credits,
)
from rechenweg.working.drawing import Drawing, Label, Line, Rect
from rechenweg.working.writers import FORMS, Form, page, write
from rechenweg.working.writers.chains import cells, chain_lines, extent, text_measure

GOLDEN = Path(__file__).parent / "golden"
SUFFIX: dict[Form, str] = {"text": "txt", "html": "html", "latex": "tex", "typst": "typ"}


def f(latex: str) -> Layout:
    return read_latex(latex)


BOX = Drawing(
    80,
    30,
    (
        Line((0, 15), (25, 15), "end"),
        Rect(25, 3, 30, 24, radius=3, fill="light"),
        Label(40, 15, f(r"\times w_1")),
        Label(12, 8, T("in", "ein"), size=8),
    ),
)

EVERYTHING = Document.of(
    Heading(T("Problem 4: a **scalar** network", "Aufgabe 4: ein **skalares** Netz"), 1),
    T(
        r"""Given is $\hat y = \sigma(w_1 x)$ with $w_1 = 0.5$; it doesn't use `np.exp(-x)`.

        Costs \$5 & 100 % < *everything*.""",
        r"""Gegeben ist $\hat y = \sigma(w_1 x)$ mit $w_1 = 0.5$; man nennt das „**Residualverbindung**“.

        Kostet 5 \$ & 100 % < *alles*.""",
    ),
    Callout("given", T(r"$\frac{\partial L}{\partial \hat y} = -1$", r"$\frac{\partial L}{\partial \hat y} = -1$")),
    Callout("convention", T("Loss over a batch: sum.", "Fehler über einen Stapel: Summe.")),
    Figure(BOX, T("The network.", "Das Netz."), T("x times $w_1$", "x mal $w_1$")),
    Heading(T("Forward", "Vorwärts"), 2),
    Equation(
        (
            (f("o"), f(r"b_1 + w_1 \cdot x"), f(r"-\frac12 + \frac12 \cdot 1"), f("0")),
            (f(r"\hat y"), f(r"\sigma(o)"), f(r"\frac12"), Rel("≈", f("0.5"))),
        ),
        (T("padding left out", "Auffüllung weggelassen"), None),
    ),
    Callout.of_credit("1/2", T("chain rule", "Kettenregel")),
    Callout.of_credit("1/2"),
    Equation.of(
        f("y_{1,1}"),
        f(" + ".join(rf"w_{{{i},{j}}} \cdot x_{{{i},{j}}}" for i in (1, 2, 3) for j in (1, 2, 3, 4))),
        f("4.25"),
        note=T("12 terms", "12 Summanden"),
    ),
    Callout.of_credit("3/2"),
    Equation.of(f(r"x \ge 0")),
    Table(
        (T("Layer", "Schicht"), T("Shape $(C, H, W)$", "Form $(C, H, W)$"), T("Parameters", "Parameter")),
        (
            (T("Input", "Eingabe"), f("(3, 32, 32)"), "0"),
            ("a_b & [c]", f("(8, 30, 30)"), f(r"3 \cdot 3 \cdot 3 \cdot 8 + 8 = 224")),
        ),
        "lcr",
        T("Shapes", "Formen"),
    ),
    Code("def forward(self, x):\n    return x  # → $x$ & \\alpha\n"),
    Listing((T("first", "erstens"), T("second $x^2$", "zweitens $x^2$")), ordered=True),
    Listing((T("outer", "außen"), Listing((T("inner", "innen"),)), Equation.of(f("a"), f("b")))),
    Callout("note", T("One.\n\nTwo.", "Eins.\n\nZwei.")),
    Callout("warning", T("9.5 instead of 12.", "9,5 statt 12.")),
    PageBreak(),
    T("The end.", "Ende."),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_block_is_written_as_agreed(form: Form, language: Language) -> None:
    """Run with UPDATE_GOLDEN=1 to accept a change, after reading the diff."""
    written = write(EVERYTHING, form, language) + "\n"
    golden = GOLDEN / f"document.{language}.{SUFFIX[form]}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, "utf-8")
    expected = golden.read_text("utf-8")
    diff = "\n".join(difflib.unified_diff(expected.splitlines(), written.splitlines(), "agreed", "now", lineterm=""))
    assert written == expected, "\n" + diff


@pytest.mark.parametrize("language", LANGUAGES)
def test_typst_compiles(language: Language) -> None:
    pdf = typst.compile(page(EVERYTHING, "typst", language, "Title: #1 [draft]").encode())
    assert isinstance(pdf, bytes)
    assert pdf.startswith(b"%PDF")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX installation")
@pytest.mark.parametrize("language", LANGUAGES)
def test_latex_compiles(language: Language, tmp_path: Path) -> None:
    source = tmp_path / "page.tex"
    source.write_text(page(EVERYTHING, "latex", language, "Title: #1 [draft] & 100 %"), "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", source.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_latex_is_balanced(language: Language) -> None:
    """What can be said without a TeX installation: braces and environments close in order."""
    latex = page(EVERYTHING, "latex", language, "Title")
    plain = re.sub(r"\\[\\{}%]", "", latex.split(r"\begin{document}")[1])
    assert plain.count("{") == plain.count("}")
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", latex):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert not opened


VOID = {"br", "hr", "meta", "path", "rect", "circle", "mspace", "mprescripts"}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.seen: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_page_is_well_nested_and_stands_alone(language: Language) -> None:
    written = page(EVERYTHING, "html", language, "A <title>")
    tags = _Tags()
    tags.feed(written)
    assert (tags.open, tags.wrong) == ([], [])
    assert "script" not in tags.seen
    assert tags.addresses == []
    assert "url(" not in written
    assert "@import" not in written
    assert f'<html lang="{language}">' in written
    assert "<h1>A &lt;title&gt;</h1>" in written


def test_languages_do_not_mix() -> None:
    for form in FORMS:
        assert "Vorwärts" not in write(EVERYTHING, form, "en")
        assert "Forward" not in write(EVERYTHING, form, "de")


def test_german_numbers_have_a_comma() -> None:
    number = Document.of(Equation.of(f("w"), f("0.5")))
    assert write(number, "text", "de") == "  w = 0,5"
    assert write(number, "text", "en") == "  w = 0.5"


def test_text_keeps_to_its_width() -> None:
    for width in (60, 80, 120):
        lines = write(EVERYTHING, "text", "de", width).split("\n")
        assert max(map(cells, lines)) <= width


def test_text_equations_stand_under_each_other() -> None:
    rows = ((f("o"), f("1")), (f(r"\frac{\partial L}{\partial w}"), f("2")))
    assert write(Document.of(Equation(rows)), "text", "en").split("\n") == ["      o = 1", "  ∂L/∂w = 2"]


def test_credit_stands_at_the_right_margin_of_its_step() -> None:
    document = Document.of(Equation.of(f("a"), f("b")), Callout.of_credit("3/2", T("value", "Wert")))
    assert write(document, "text", "de", 40) == "  a = b" + " " * 24 + "Wert [1½]"


def test_a_list_within_a_list_belongs_to_the_item_before_it() -> None:
    inner = Listing((T.same("b"), T.same("c")), ordered=True)
    document = Document.of(Listing((T.same("a"), inner, T.same("d"))))
    assert write(document, "text", "en").split("\n") == ["• a", "  1. b", "  2. c", "• d"]
    assert re.sub(r"\s", "", write(document, "html", "en")) == (
        "<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>"
    )


def test_credit_that_belongs_to_nothing_stands_alone() -> None:
    half = Callout.of_credit("1/2")
    assert list(with_credits([half, Heading(T.same("A")), half])) == [
        (half, ()),
        (Heading(T.same("A")), ()),
        (half, ()),
    ]
    assert write(Document.of(half), "text", "en", 10) == "       [½]"


@pytest.mark.parametrize(
    ("credit", "text"),
    [("0", "0"), ("1/2", "½"), ("1", "1"), ("3/2", "1½"), ("19/2", "9½"), ("-1/2", "−½"), ("1/4", "¼"), ("2/3", "2/3")],
)
def test_credits_are_written_as_on_paper(credit: str, text: str) -> None:
    assert credit_text(Fraction(credit)) == text


# ---- where chains break ----

LONG_SUM = f(" + ".join(f"a_{{{k}}} x_{{{k}}}" for k in range(30)))


@given(st.integers(20, 200), st.integers(1, 30))
def test_a_broken_sum_loses_no_term(width: int, terms: int) -> None:
    chain = Document.of(Equation.of(f("y"), f(" - ".join(f"a_{{{k}}}" for k in range(terms))), f("0")))
    narrow, wide = write(chain, "text", "en", width), write(chain, "text", "en", 10_000)
    assert narrow.split() == wide.split()


@given(st.integers(30, 200))
def test_lines_of_a_chain_fit(width: int) -> None:
    lines = write(Document.of(Equation.of(f("y"), LONG_SUM, f("0"))), "text", "en", width).split("\n")
    assert all(cells(line) <= width for line in lines)


def test_a_chain_that_fits_stays_on_one_line() -> None:
    equation = Equation.of(f("y"), f("a + b"), f("1 + 2"), f("3"))
    assert len(chain_lines(equation, 40, extent)) == 1
    assert len(chain_lines(equation, 16, text_measure("en"))) > 1


# ---- what is refused ----


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: Heading(T.same("x"), 5), "Heading: expected a level from 1 to 4, found 5"),
    (lambda: Equation(((),)), "Equation: row 1: expected a formula first, found an empty row"),
    (
        lambda: Equation(((Rel("=", f("a")),),)),
        "Equation: row 1: expected a formula first, found a relation sign without a left-hand side",
    ),
    (
        lambda: Equation(((f("a"),), (f("b"),)), (None,)),
        "Equation: expected one note per row (2), found 1 notes",
    ),
    (lambda: Table((), (("a", "b"), ("c",))), "Table: row 2: expected 2 cells, found 1"),
    (lambda: Table(("h",), (("a", "b"),)), "Table: row 1: expected 1 cells, found 2"),
    (lambda: Table((), (("a",),), "x"), "Table: expected align out of the letters l, c, r, found 'x'"),
    (lambda: Callout("credit"), "Callout: expected a credit for kind 'credit', found None"),
    (lambda: Callout("note", credit=Fraction(1)), "Callout: expected no credit for kind 'note', found 1"),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_blocks_say_what_they_expect(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        make()
    assert str(caught.value) == message


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(InputError, match="form: expected one of text, html, latex, typst, found 'rtf'"):
        write(EVERYTHING, "rtf", "en")  # type: ignore[arg-type]


def test_documents_are_joined_in_order() -> None:
    one, two = Document.of(T.same("a")), Document.of(T.same("b"))
    assert (one + two).blocks == (Prose(T.same("a")), Prose(T.same("b")))
    assert join([one, two]) == one + two
    assert not Document()
    assert bool(one)
