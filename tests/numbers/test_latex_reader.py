"""The LaTeX reader: it reads what LaTeX shows, and points at what it cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import NotationError
from rechenweg.numbers.notation import (
    BigOp,
    Cases,
    Frac,
    Layout,
    Matrix,
    Num,
    Op,
    Paren,
    Root,
    Row,
    Sub,
    SubSup,
    Sup,
    Sym,
    Words,
    prime,
    read_latex,
    to_latex,
    to_text,
)
from rechenweg.numbers.notation.symbols import LETTER_COMMANDS, OPERATOR_COMMANDS

x, y, z, w, n = map(Sym, "xyzwn")
two, three = Num("2"), Num("3")


@pytest.mark.parametrize(
    ("source", "layout"),
    [
        ("x^23", Row((Sup(x, two), three))),  # as LaTeX shows it
        (r"\frac12", Frac(Num("1"), two)),
        ("12.50", Num("12.50")),
        ("0{,}5", Num("0.5")),
        ("0,5", Row((Num("0"), Op(","), Num("5")))),
        ("f(x)", Row((Sym("f"), Paren(x)))),
        ("x_1^2", SubSup(x, Num("1"), two)),
        ("x^2_1", SubSup(x, Num("1"), two)),
        ("x'", prime(x)),
        ("x''", Sup(x, Sym("″"))),
        ("f'^2", Sup(Sym("f"), Row((Sym("′"), two)))),
        ("-x", Row((Op("−", prefix=True), x))),
        ("x-y", Row((x, Op("−"), y))),
        ("x=-y", Row((x, Op("="), Op("−", prefix=True), y))),
        ("3!-x", Row((three, Op("!"), Op("−"), x))),
        (r"x, \quad -y", Row((x, Op(","), Op("\u2003"), Op("−", prefix=True), y))),
        ("{x}{y}", Row((x, y))),
        ("{}_2", Sub(Row(()), two)),
        ("", Row(())),
        ("[0, 1)", Paren(Row((Num("0"), Op(","), Num("1"))), "[", ")")),
        ("|x|", Paren(x, "|", "|")),
        ("||x||", Paren(Paren(x, "|", "|"), "|", "|")),
        ("w|x|", Row((w, Paren(x, "|", "|")))),
        ("x|y", Row((x, Op("|"), y))),
        ("|x|+|y|", Row((Paren(x, "|", "|"), Op("+"), Paren(y, "|", "|")))),
        ("|x+|y||", Paren(Row((x, Op("+"), Paren(y, "|", "|"))), "|", "|")),
        (r"(w|x)", Paren(Row((w, Op("|"), x)))),
        (r"\|x\|", Paren(x, "‖", "‖")),
        (r"x\|y", Row((x, Op("‖"), y))),
        (r"\big(x\Bigr)", Paren(x)),
        (r"\left]x\right[", Paren(x, "]", "[")),
        (r"\left\{x\right.", Paren(x, "{", "")),
        (r"\operatorname{leaky\_ReLU}", Sym("leaky_ReLU")),
        (r"\operatorname{a b\ c}", Sym("ab c")),
        (r"\operatorname*{argmax}_x", BigOp("argmax", x)),
        (r"\mathrm{d}x", Row((Sym("d"), x))),
        (r"\text{ReLU}(x)", Row((Sym("ReLU"), Paren(x)))),
        (r"\text{if }(x)", Row((Words("if"), Paren(x)))),
        (r"\text{50\% \& \textbackslash{}}", Words("50% & \\")),
        (r"\max(x)", Row((Sym("max"), Paren(x)))),
        (r"\max_x y", Row((BigOp("max", x), y))),
        (r"\sum^2_x", BigOp("∑", x, two)),
        (r"{\sum_x}^2", Sup(BigOp("∑", x), two)),
        (r"\mathbb{RN}", Row((Sym("ℝ"), Sym("ℕ")))),
        (r"\mathcal L", Sym("ℒ")),
        (r"x^\top", Sup(x, Sym("T"))),
        (r"x^T", Sup(x, Sym("T"))),
        (r"x^*", Sup(x, Op("∗", prefix=False))),
        (r"x := y", Row((x, Op(":="), y))),
        (r"x \! y", Row((x, y))),
        (r"\sqrt[n]{x}", Root(x, n)),
        (r"\left[\begin{matrix}x\end{matrix}\right]", Matrix(((x,),), "[", "]")),
        (r"\begin{matrix}x & y \\ z \\ \end{matrix}", Matrix(((x, y), (z,)), "", "")),
        (r"\begin{cases}x\end{cases}", Cases(((x, Row(())),))),
        ("σ ≤ −x", Row((Sym("σ"), Op("≤"), Op("−", prefix=True), x))),
    ],
)
def test_reads_what_latex_shows(source: str, layout: Layout) -> None:
    assert read_latex(source) == layout


@pytest.mark.parametrize("command", [*LETTER_COMMANDS, *OPERATOR_COMMANDS])
def test_every_command_of_the_tables_is_read_and_written_back(command: str) -> None:
    layout = read_latex(command)
    assert read_latex(to_latex(layout)) == layout


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (r"2 + y\foo", r'cannot read "\foo" at character 6 of "2 + y\foo"'),
        ("2 + #", 'cannot read "#" at character 5 of "2 + #"'),
        ("(x", 'cannot read "(" at character 1 of "(x": it is never closed'),
        ("x)", 'cannot read ")" at character 2 of "x)"'),
        (r"\{x)", r'cannot read ")" at character 4 of "\{x)": "\{" is still open'),
        ("{x", 'cannot read "{" at character 1 of "{x": it is never closed'),
        ("x}", 'cannot read "}" at character 2 of "x}"'),
        ("|x", 'cannot read "|" at character 1 of "|x": it is never closed'),
        ("x_1_2", 'cannot read "_" at character 4 of "x_1_2"'),
        ("x^2^3", 'cannot read "^" at character 4 of "x^2^3"'),
        ("x^2'", 'cannot read "\'" at character 4 of "x^2\'"'),
        ("^2", 'cannot read "^" at character 1 of "^2"'),
        ("+_2", 'cannot read "_" at character 2 of "+_2"'),
        ("x^", 'cannot read the end of "x^": ^ needs something to stand with'),
        ("x^^", 'cannot read "^" at character 3 of "x^^"'),
        ("x^0.5", 'cannot read "0.5" at character 3 of "x^0.5": after ^ it needs braces'),
        (r"\frac1", r'cannot read the end of "\frac1": \frac needs something to stand with'),
        (r"\sqrt[3{x}", r'cannot read "[" at character 6 of "\sqrt[3{x}": it is never closed'),
        (r"\left(x", r'cannot read "\left" at character 1 of "\left(x": it is never closed'),
        (r"\left x", r'cannot read "x" at character 7 of "\left x": a bracket is expected'),
        (r"\left(x\right", r'cannot read the end of "\left(x\right": a bracket is expected'),
        (r"\right)", r'cannot read "\right" at character 1 of "\right)"'),
        (r"\operatorname x", r'cannot read "x" at character 15 of "\operatorname x": \operatorname needs braces'),
        (r"\text{a$b$}", r'cannot read "$" at character 8 of "\text{a$b$}": within \text'),
        (r"\text{a\foo}", r'cannot read "\foo" at character 8 of "\text{a\foo}"'),
        (r"\text{a", r'cannot read "{" at character 6 of "\text{a": it is never closed'),
        (r"\mathbf{+}", r'cannot read "\mathbf" at character 1 of "\mathbf{+}": it changes letters only'),
        (r"\begin{align}", r'cannot read "\begin{align}" at character 1 of "\begin{align}"'),
        (
            r"\begin{matrix}x",
            r'cannot read "\begin{matrix}" at character 1 of "\begin{matrix}x": it is never closed',
        ),
        (
            r"\begin{matrix}x\end{cases}",
            r'cannot read "\end{cases}" at character 16 of "\begin{matrix}x\end{cases}": \begin{matrix} is still open',
        ),
        (
            r"\begin{cases}x&y&z\end{cases}",
            r'cannot read "\begin{cases}" at character 1 of "\begin{cases}x&y&z\end{cases}": '
            "a case has a value and a condition, not 3 columns",
        ),
        ("a & b", 'cannot read "&" at character 3 of "a & b"'),
        ("a.b", 'cannot read "." at character 2 of "a.b"'),
        ("x +\n @", 'cannot read "@" at character 6 of "x +  @"'),
        ("x)]", 'cannot read ")" at character 2 of "x)]"'),
        (r"\left(x}", r'cannot read "}" at character 8 of "\left(x}": "\left" is still open'),
        (r"\begin{matrix}x)", r'cannot read ")" at character 16 of "\begin{matrix}x)": "\begin{matrix}" is still open'),
        ("x+" * 50 + "@" + "+x" * 50, f'cannot read "@" at character 101 of "…{"x+" * 20}@{"+x" * 19}+…"'),
    ],
)
def test_what_cannot_be_read_is_pointed_at_in_one_line(source: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_latex(source)
    assert str(caught.value) == message


@pytest.mark.parametrize("opening", ["{", "(", r"\hat", r"\frac", r"\sqrt{", "x^{"])
def test_a_runaway_nest_is_refused_rather_than_exhausting_the_stack(opening: str) -> None:
    with pytest.raises(NotationError, match="it lies more than 100 groups deep"):
        read_latex(opening * 5000)


def test_a_nest_within_reason_is_read() -> None:
    assert to_text(read_latex("(" * 90 + "x" + ")" * 90)) == "(" * 90 + "x" + ")" * 90


PIECES = [*"xy12.+-*/=,:;!|()[]{}'^_&~ \n\\%#$@σ²", "{,}", r"\\", r"\{", r"\}", r"\|", r"\,", r"\ ", r"\!", r"\frac"]
PIECES += [r"\sqrt", r"\left", r"\right", r"\hat", r"\mathbf", r"\text", r"\operatorname", r"\sum", r"\max"]
PIECES += [r"\lfloor", r"\rfloor", r"\big", r"\alpha"]
PIECES += [r"\begin{cases}", r"\end{cases}", r"\begin{matrix}", r"\end{matrix}", r"\text{if }"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_whatever_is_typed_is_read_or_refused_in_one_line(source: str) -> None:
    try:
        layout = read_latex(source)
    except NotationError as refused:
        assert "\n" not in str(refused)
    else:
        again = read_latex(to_latex(layout))
        assert to_text(again) == to_text(layout)
