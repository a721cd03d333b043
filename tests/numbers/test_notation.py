"""Notation: a formula says the same as a line of text, as LaTeX, as Typst and as MathML."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import NotationError
from rechenweg.numbers.notation import (
    Accent,
    BigOp,
    Call,
    Cases,
    Form,
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
    row,
    to_latex,
    to_mathml,
    to_text,
    to_typst,
    write,
)
from rechenweg.numbers.notation.symbols import OPERATORS, PAIRS
from rechenweg.text import LANGUAGES

FORMS: tuple[Form, ...] = ("text", "latex", "typst", "mathml")
x, y, w, z, L, o, i, n, e = map(Sym, "xywzLoine")
two, three = Num("2"), Num("3")

# --- formulas of the field, each with its line of text -----------------------------------------------------------

FORMULAS = [
    # derivatives
    (
        r"\frac{\partial L}{\partial o} = \frac{\partial L}{\partial \hat y} \cdot \sigma_2'(o)",
        "∂L/∂o = ∂L/∂ŷ · σ₂′(o)",
    ),
    (r"\frac{dL}{dw_2} = 2 x (wx - y)", "dL/dw₂ = 2x(wx − y)"),
    (r"\frac{\partial^2 L}{\partial x \partial y}", "∂²L/(∂x∂y)"),
    (r"\nabla_\theta L(\theta)", "∇_(θ)L(θ)"),
    (r"\sigma'(x) = \sigma(x)(1 - \sigma(x))", "σ′(x) = σ(x)(1 − σ(x))"),
    (r"\frac{\partial L}{\partial W^{(1)}} = \delta x^T", "∂L/∂W⁽¹⁾ = δxᵀ"),
    # activations and losses
    (
        r"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^n e^{z_j}}",
        "softmax(z)ᵢ = e^(zᵢ)/(∑ⱼ₌₁ⁿ e^(zⱼ))",
    ),
    (r"L = -\ln\frac{2}{5}", "L = −ln(2/5)"),
    (r"-\ln(2/5) \approx 0.916", "−ln(2/5) ≈ 0.916"),
    (
        r"\operatorname{ELU}(x) = \begin{cases} x & \text{if } x > 0 \\ \alpha (e^x - 1) & \text{otherwise}\end{cases}",
        "ELU(x) = {x if x > 0; α(eˣ − 1) otherwise}",
    ),
    (r"\mathrm{ReLU}(x) = \max(0, x)", "ReLU(x) = max(0, x)"),
    (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1 + e⁻ˣ)"),
    (r"L = \frac{1}{n} \sum_{i=1}^n (\hat y_i - y_i)^2", "L = (1/n) ∑ᵢ₌₁ⁿ (ŷᵢ − yᵢ)²"),
    (r"D_{KL}(p \| q) = \sum_x p(x) \ln \frac{p(x)}{q(x)}", "D_(KL)(p ‖ q) = ∑ₓ p(x) ln(p(x)/q(x))"),
    (r"\lambda |w| + \frac{\lambda}{2}\|w\|_2^2", "λ|w| + (λ/2)‖w‖₂²"),
    (r"\tanh x = 2\sigma(2x) - 1", "tanh x = 2σ(2x) − 1"),
    (r"p(y = 1 | x) \in [0, 1]", "p(y = 1 | x) ∈ [0, 1]"),
    # convolutions and shapes
    (r"z_{2,3} = \sum_{k=1}^{3} w_k x_{k+1}", "z₂,₃ = ∑ₖ₌₁³ wₖxₖ₊₁"),
    (
        r"\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1 = \lfloor (32 - 5)/2 \rfloor + 1 = 14",
        "⌊(n + 2p − k)/s⌋ + 1 = ⌊(32 − 5)/2⌋ + 1 = 14",
    ),
    (r"r_l = r_{l-1} + (k_l - 1) \prod_{i=1}^{l-1} s_i", "rₗ = rₗ₋₁ + (kₗ − 1) ∏ᵢ₌₁ˡ⁻¹ sᵢ"),
    (r"x \in \mathbb{R}^{3 \times 32 \times 32}", "x ∈ ℝ^(3 × 32 × 32)"),
    (r"0 \cdot 0 + 1 \cdot (-1) + 3 \cdot 2 = 5", "0 · 0 + 1 · (−1) + 3 · 2 = 5"),
    (r"\begin{bmatrix} 1 & -2 \\ \frac12 & x_1 \end{bmatrix}^{-1}", "[1, −2; 1/2, x₁]⁻¹"),
    (r"\begin{pmatrix} 1 \\ 0 \end{pmatrix}^\top", "(1; 0)ᵀ"),
    # systems
    (r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b)", "hₜ = tanh(Wₕₕhₜ₋₁ + Wₓₕxₜ + b)"),
    (r"\frac{Q K^T}{\sqrt{d_k}} V", "(QKᵀ/√dₖ)V"),
    (r"\theta \mapsto \theta - \eta \nabla L", "θ ↦ θ − η∇L"),
    (r"\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}", "x̂ = (x − μ)/√(σ² + ε)"),
    (r"\min_G \max_D V(D, G)", "min_(G) max_(D) V(D, G)"),
    (r"\arg\max_k z_k", "arg maxₖ zₖ"),
    (r"z \sim \mathcal{N}(0, 1)", "z ∼ 𝒩(0, 1)"),
    (r"f \circ g \odot \mathbf{w}", "f ∘ g ⊙ 𝐰"),
    (r"1, 2, \ldots, n", "1, 2, …, n"),
    (r"x_{\text{in}} = 3, \quad 98.1\,\%", "xᵢₙ = 3, 98.1 %"),
    (r"\text{input} - \text{kernel} + 1", "input − kernel + 1"),
    (r"\frac{\text{input} - \text{kernel}}{\text{stride}} + 1", "(input − kernel)/stride + 1"),
]


@pytest.mark.parametrize(("source", "expected"), FORMULAS, ids=lambda value: str(value)[:40])
def test_formulas_of_the_field_on_one_line(source: str, expected: str) -> None:
    assert to_text(read_latex(source)) == expected


@pytest.mark.parametrize(
    ("layout", "latex", "typst_source", "mathml"),
    [
        (Sub(w, two), "w_2", "w_2", "<msub><mi>w</mi><mn>2</mn></msub>"),
        (Accent("hat", y), r"\hat{y}", "hat(y)", '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'),
        (
            Call(prime(Sub(Sym("σ"), two)), (o,)),
            r"\sigma_2'(o)",
            "σ'_2 (o)",
            "<mrow><msubsup><mi>σ</mi><mn>2</mn><mo>′</mo></msubsup><mrow>"
            '<mo form="prefix" fence="true" stretchy="true">(</mo><mi>o</mi>'
            '<mo form="postfix" fence="true" stretchy="true">)</mo></mrow></mrow>',
        ),
        (
            Frac(Row((Sym("∂"), L)), Row((Sym("∂"), Sub(w, two)))),
            r"\frac{\partial L}{\partial w_2}",
            "frac(∂ L, ∂ w_2)",
            "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><msub><mi>w</mi><mn>2</mn></msub></mrow></mfrac>",
        ),
        (
            Sup(Sym("W"), Sym("T")),
            r"W^{\mathrm{T}}",
            'W^upright("T")',
            '<msup><mi>W</mi><mi mathvariant="normal">T</mi></msup>',
        ),
        (
            Sub(w, Row((two, Op(","), three))),
            "w_{2, 3}",
            r"w_(2 \, 3)",
            "<msub><mi>w</mi><mrow><mn>2</mn><mo>,</mo><mn>3</mn></mrow></msub>",
        ),
        # The upper limit of a sum is a number T, not a transpose.
        (BigOp("∑", None, Sym("T")), r"\sum^T", "∑^T", '<mover><mo movablelimits="true">∑</mo><mi>T</mi></mover>'),
        (Sym("ReLU"), r"\operatorname{ReLU}", '"ReLU"', '<mi mathvariant="normal">ReLU</mi>'),
        (Row((x, Op("<"), Num("-1"))), "x < -1", "x < −1", None),
        (Root(x, three), r"\sqrt[{3}]{x}", "root(3, x)", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (Sym("a_b"), r"\operatorname{a\_b}", '"a_b"', '<mi mathvariant="normal">a_b</mi>'),
        (Row((x, Op("/"), y)), "x/y", r"x \/ y", None),
        (Sym("#"), r"\#", r"\#", '<mi mathvariant="normal">#</mi>'),
        (Words('"a" & b'), r'\text{"a" \& b}', r'"\"a\" & b"', '<mtext>"a" &amp; b</mtext>'),
        (
            BigOp("∑", Row((i, Op("="), Num("1"))), n),
            r"\sum_{i = 1}^n",
            "∑_(i = 1)^n",
            '<munderover><mo movablelimits="true">∑</mo>'
            "<mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
        ),
        (Cases(((x, EMPTY := Row(())),)), r"\begin{cases} x &  \end{cases}", "cases(x)", None),
        (
            Cases(((x, Row((x, Op(">"), Num("0")))), (Num("0"), Words("otherwise")))),
            r"\begin{cases} x & \text{if }x > 0 \\ 0 & \text{otherwise} \end{cases}",
            'cases(x &quad"if "x > 0, 0 &quad"otherwise")',
            None,
        ),
        (
            Matrix(((Num("1"), two), (x, y))),
            r"\begin{bmatrix} 1 & 2 \\ x & y \end{bmatrix}",
            'mat(delim: "[", 1, 2; x, y)',
            None,
        ),
        (Paren(Frac(x, y), "⌊", "⌋"), r"\left\lfloor \frac{x}{y} \right\rfloor", "⌊frac(x, y)⌋", None),
        (Paren(x, "|", "|"), r"\lvert x\rvert", "lr(bar.v x bar.v)", None),
        (Paren(Matrix(((x,),), "", ""), "(", ")"), r"\begin{pmatrix} x \end{pmatrix}", 'mat(delim: "(", x)', None),
        # TeX would set the minus after an operator name as a sign.
        (Row((Sym("ReLU"), Op("−"), Num("1"))), r"{\operatorname{ReLU}} - 1", '"ReLU"− 1', None),
    ],
)
def test_three_forms_of_one_layout(layout: Layout, latex: str, typst_source: str, mathml: str | None) -> None:
    assert to_latex(layout) == latex
    assert to_typst(layout) == typst_source
    if mathml is not None:
        assert to_mathml(layout) == f"<math>{mathml}</math>"


def test_display_mathematics_in_mathml_says_so() -> None:
    assert to_mathml(x, display=True) == '<math display="block"><mi>x</mi></math>'


def test_write_names_the_form() -> None:
    assert [write(Frac(x, two), form) for form in FORMS] == [
        to_text(Frac(x, two)),
        to_latex(Frac(x, two)),
        to_typst(Frac(x, two)),
        to_mathml(Frac(x, two)),
    ]


# --- languages -----------------------------------------------------------------------------------------------------


def test_decimal_comma_in_german() -> None:
    half = Num("-0.5")
    assert [write(half, form, "de") for form in FORMS] == [
        "−0,5",
        "-0{,}5",
        '−"0,5"',
        '<math><mrow><mo form="prefix">−</mo><mn>0,5</mn></mrow></math>',
    ]
    assert [to_text(half, "en"), to_typst(half, "en")] == ["−0.5", "−0.5"]


def test_words_of_the_formula_itself_are_translated_the_author_s_are_not() -> None:
    elu = Cases(((x, Row((x, Op(">"), Num("0.5")))), (Num("0"), Words("otherwise"))))
    assert to_text(elu, "de") == "{x falls x > 0,5; 0 sonst}"
    assert r"\text{falls }x > 0{,}5" in to_latex(elu, "de")
    assert '"sonst"' in to_typst(elu, "de")
    assert "<mtext>sonst</mtext>" in to_mathml(elu, "de")
    assert to_text(Words("Schrittweite"), "de") == to_text(Words("Schrittweite"), "en") == "Schrittweite"


def widths(*formulas: str) -> list[float]:
    """What Typst measures, in points."""
    source = "\n".join(f"#context [#metadata(measure($ {formula} $).width.pt()) <width>]" for formula in formulas)
    return [float(value) for value in ast.literal_eval(typst.query(source.encode(), "<width>", field="value"))]


def test_typst_sets_no_space_after_a_decimal_comma_nor_around_the_number() -> None:
    english: list[Layout] = [Num("0.5"), Row((Num("0.5"), x)), Row((x, Op("+"), Num("0.5"), Op("·"), Num("0.5")))]
    for layout in english:
        point, comma = widths(to_typst(layout, "en"), to_typst(layout, "de"))
        assert comma == pytest.approx(point, abs=0.05)


def test_typst_sets_a_sign_close_and_an_operator_apart() -> None:
    sign, operator = widths(to_typst(Row((x, Op("/"), Op("−"), y))), to_typst(Row((x, Op("−"), y))))
    slash = widths(r"\/")[0]
    assert sign < operator + slash - 4
    after_name, plain = widths(to_typst(Row((Sym("ReLU"), Op("−"), y))), '"ReLU" y')
    minus_apart = widths("x − y")[0] - widths("x y")[0]
    space = widths('"ReLU" y')[0] - widths('"ReLU"y')[0]
    assert after_name == pytest.approx(plain - space + minus_apart, abs=0.05)


# --- text: brackets exactly where needed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{ab}{c}", "ab/c"),
        (r"\frac{a}{bc}", "a/(bc)"),
        (r"\frac{a}{b \cdot c}", "a/(b · c)"),
        (r"\frac{a \cdot b}{c}", "a · b/c"),
        (r"\frac{-1}{2}", "−1/2"),
        (r"\frac{1}{-2}", "1/(−2)"),
        (r"\frac{1}{\sigma(x)}", "1/σ(x)"),
        (r"\frac{1}{x(a+b)}", "1/(x(a + b))"),
        (r"\frac{1}{p(x)}", "1/p(x)"),
        (r"\frac{1}{p(x|y)}", "1/p(x | y)"),
        (r"\frac{1}{\sqrt{2}}", "1/√2"),
        (r"\frac{\frac{a}{b}}{\frac{c}{d}}", "(a/b)/(c/d)"),
        (r"\frac{\ln 2}{2}", "(ln 2)/2"),
        (r"\frac{\ln(2)}{2}", "ln(2)/2"),
        (r"\frac{x_1}{x_2^2}", "x₁/x₂²"),
        (r"\frac{(a+b)}{2}", "(a + b)/2"),
        (r"\frac12 x", "(1/2)x"),
        (r"2 \frac13", "2(1/3)"),
        (r"x - \frac12 + y", "x − 1/2 + y"),
        (r"a / \frac{b}{c}", "a/(b/c)"),
        (r"{\frac12}^2", "(1/2)²"),
        (r"(\frac12)^2", "(1/2)²"),
        (r"{(a)}^2", "(a)²"),
        (r"{x^2}^3", "(x²)³"),
        (r"{f'}^2", "f′²"),
        (r"f'^2", "f′²"),
        (r"x_{\text{max}}^{\ln x}", "xₘₐₓ^(ln x)"),
        (r"\sqrt{x}^2", "(√x)²"),
        (r"\sqrt{x^2}", "√(x²)"),
        (r"\sqrt[3]{a + b}", "³√(a + b)"),
        (r"\sigma(x)^2", "σ(x)²"),
        (r"{\sigma(x)}^2", "σ(x)²"),
        (r"e^{-(x+1)}", "e⁻⁽ˣ⁺¹⁾"),
        (r"e^{-\frac{x}{2}}", "e^(−x/2)"),
        (r"x^{(a,b)}", "x^(a,b)"),
        (r"x^{0.5}", "x^(0.5)"),
        (r"w_{2,q}", "w_(2,q)"),
        (r"w_{i,j}", "wᵢ,ⱼ"),
        (r"2^{10}", "2¹⁰"),
        (r"\bar{xy} + \hat{y}_1 + \hat{y_1}", "bar(xy) + ŷ₁ + ŷ₁"),
        (r"2 \ln x", "2 ln x"),
        (r"\ln 2x", "ln 2x"),
        (r"\ln(x)y", "ln(x)y"),
        (r"3!", "3!"),
        (r"\left.x\right|_0", "x|₀"),
        (r"a/-b", "a/−b"),
        (r"x \cdot -3", "x · −3"),
        (r"\text{if } -x", "if −x"),
    ],
)
def test_text_has_brackets_exactly_where_needed(source: str, expected: str) -> None:
    assert to_text(read_latex(source)) == expected


numbers = st.integers(0, 12).map(lambda k: (Num(str(k)), Fraction(k)))
Valued = tuple[Layout, Fraction]


def _fraction(pair: tuple[Valued, Valued]) -> Valued:
    (num, a), (den, b) = pair
    return (Frac(num, den), a / b) if b else (num, a)


def _product(factors: list[Valued]) -> Valued:
    items: list[Layout] = []
    value = Fraction(1)
    for layout, factor in factors:
        # In a product a sum has to be bracketed in every form, not only on a line.
        bracketed = layout if not isinstance(layout, Row) else Paren(layout)
        items += [Op("·"), bracketed] if items else [bracketed]
        value *= factor
    return row(*items), value


def _sum(terms: list[tuple[bool, Valued]]) -> Valued:
    items: list[Layout] = []
    value = Fraction(0)
    for minus, (layout, term) in terms:
        is_sum = isinstance(layout, Row) and any(isinstance(part, Op) and part.text in "+−" for part in layout.items)
        items += [Op("−" if minus else "+"), Paren(layout) if is_sum else layout]
        value += -term if minus else term
    return row(*items), value


def _square(base: Valued) -> Valued:
    return Sup(base[0], two), base[1] ** 2


arithmetic = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(_fraction),
        st.lists(inner, min_size=2, max_size=3).map(_product),
        st.lists(st.tuples(st.booleans(), inner), min_size=1, max_size=3).map(_sum),
        inner.map(_square),
    ),
    max_leaves=12,
)


@given(arithmetic)
def test_a_line_of_text_has_the_value_of_the_layout(case: Valued) -> None:
    """Python reads the line with the usual precedence; the layout's value was computed alongside it."""
    layout, value = case
    line = to_text(layout).replace("−", "-").replace("·", "*").replace("²", "**2")
    line = re.sub(r"(?<!\*\*)\b(\d+)", r"Fraction(\1)", line)
    assert eval(line, {"Fraction": Fraction}) == value


def test_unknown_operators_and_brackets_are_refused_by_every_writer() -> None:
    for form in FORMS:
        with pytest.raises(NotationError, match='there is no operator "<=>"'):
            write(Row((x, Op("<=>"), y)), form)
        with pytest.raises(NotationError, match='there are no brackets "<" and ">"'):
            write(Paren(x, "<", ">"), form)


# --- laws ------------------------------------------------------------------------------------------------------------

letters = st.sampled_from([*"abdefgnxyzLTW", "α", "σ", "θ", "ϕ", "Δ", "∂", "∇", "∞", "ℓ", "ℝ", "𝐱", "ℒ", "#", "_"])
names = st.sampled_from(["ReLU", "softmax", "ln", "exp", "max", "dL", "a_b", "batch size", "conv1", "x%{}\\^~&"])
symbols = st.builds(Sym, letters | names)
decimals = st.builds(Num, st.sampled_from(["0", "7", "12", "0.5", "3.25"]))
words = st.builds(Words, st.sampled_from(["if", "otherwise", "or", "loss", "50% & more", 'a "b" {c}', "… [3] …"]))
infix = st.builds(Op, st.sampled_from([sign for sign in OPERATORS if OPERATORS[sign].kind in ("binary", "relation")]))
others = st.builds(Op, st.sampled_from([",", ";", ":", "/", "…", "⋯", "\u2009", "\u2003"]))
pairs = st.sampled_from([*PAIRS.items(), ("[", ")"), ("]", "["), ("{", ""), ("", "|")])
BRACKETS = st.sampled_from([("[", "]"), ("(", ")"), ("", ""), ("|", "|"), ("[", ")")])


def _row(terms: list[tuple[Op | None, Op | None, Layout]]) -> Layout:
    """Operands with operators between them, some of them signed, some side by side."""
    items: list[Layout] = []
    for operator, sign, operand in terms:
        if items and operator is not None:
            items.append(operator)
        if sign is not None and (not items or (isinstance(items[-1], Op) and items[-1].text not in ("…", "⋯"))):
            items.append(sign)
        items.append(operand)
    return row(*items)


def _extend(inner: st.SearchStrategy[Layout]) -> st.SearchStrategy[Layout]:
    base = symbols | decimals | st.builds(Paren, inner) | st.builds(Accent, st.sampled_from(["hat", "dot"]), symbols)
    operand = inner.filter(lambda layout: not isinstance(layout, Row))
    marks = st.sampled_from([Sym("T"), Sym("′"), Sym("″"), Op("∗"), Num("-1")])
    rows = st.lists(
        st.tuples(st.none() | infix | others, st.none() | st.just(Op("−", prefix=True)), operand | words),
        min_size=2,
        max_size=4,
    ).map(_row)
    return st.one_of(
        rows,
        rows,
        st.builds(Frac, inner, inner),
        st.builds(Sub, base | inner, inner),
        st.builds(Sup, base | inner, inner | marks),
        st.builds(SubSup, base, inner, inner | marks),
        st.builds(Root, inner, st.none() | decimals | symbols),
        st.builds(lambda x, pair: Paren(x, *pair), inner, pairs),
        st.builds(Call, symbols, st.lists(inner, max_size=2).map(tuple)),
        st.builds(Accent, st.sampled_from(["hat", "vec", "bar", "tilde", "dot"]), inner),
        st.builds(Cases, st.lists(st.tuples(inner, inner | st.just(Row(()))), min_size=1, max_size=2).map(tuple)),
        st.lists(st.tuples(inner, inner), min_size=1, max_size=2).flatmap(
            lambda cells: BRACKETS.map(lambda pair: Matrix(tuple(cells), *pair))
        ),
        st.builds(BigOp, st.sampled_from("∑∏∫"), st.none() | inner, st.none() | inner),
        st.builds(BigOp, st.sampled_from(["max", "min", "argmax"]), inner),
    )


layouts = st.recursive(symbols | decimals, _extend, max_leaves=8)


@given(layouts)
def test_what_is_written_as_latex_is_read_back_as_the_same_formula(layout: Layout) -> None:
    for language in LANGUAGES:
        again = read_latex(to_latex(layout, language))
        for form in FORMS:
            assert write(again, form, language) == write(layout, form, language)


@given(layouts)
def test_latex_is_balanced(layout: Layout) -> None:
    latex = re.sub(r"\\[{}\\]", "", to_latex(layout))
    depth = 0
    for letter in latex:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    for opening, closing in ((r"\left", r"\right"), (r"\begin", r"\end")):
        assert len(re.findall(rf"\{opening}\b", latex)) == len(re.findall(rf"\{closing}\b", latex))


CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mroot": 2, "msqrt": 1}
CHILDREN |= {"mover": 2, "munder": 2, "munderover": 3}


@given(layouts)
def test_mathml_is_well_formed(layout: Layout) -> None:
    root = ElementTree.fromstring(to_mathml(layout))
    for element in root.iter():
        if expected := CHILDREN.get(element.tag):
            assert len(element) == expected, element.tag


@given(st.lists(layouts, min_size=1, max_size=5))
def test_typst_compiles(some: list[Layout]) -> None:
    lines = [f"$ {to_typst(layout, language)} $" for layout in some for language in LANGUAGES]
    assert typst.compile("\n".join(lines).encode(), format="pdf")


def test_typst_compiles_everything_there_is() -> None:
    every: list[Layout] = [read_latex(source) for source, _ in FORMULAS]
    every += [Row((x, Op(sign), y)) for sign in OPERATORS]
    every += [Paren(Frac(x, y), opening, closing) for opening, closing in (*PAIRS.items(), ("[", ")"), ("{", ""))]
    every += [Matrix(((x, y),), opening, closing) for opening, closing in (*PAIRS.items(), ("[", ")"), ("{", ""))]
    every += [Accent(kind, x) for kind in ("hat", "vec", "bar", "tilde", "dot")]
    every += [Sym(letter) for letter in '#$&_^/\\"()[]{}|*~`@<>,;:!?=+-.']
    page = "\n".join(f"$ {to_typst(layout, language)} $" for layout in every for language in LANGUAGES)
    assert typst.compile(page.encode(), format="pdf").startswith(b"%PDF")


def test_names_are_their_own_canonical_latex() -> None:
    """Names of quantities are LaTeX strings; the usual ones come back as they were written."""
    for name in ("w_2", "x", r"\sigma_1", r"\frac{\partial L}{\partial w_2}", r"\alpha", "W_{ij}", r"\hat{y}", "z'"):
        assert to_latex(read_latex(name)) == name


def test_decimal_commas_stand_apart_in_a_german_matrix() -> None:
    decimals = Matrix(((Num("0.5"), Num("1.5")), (Num("2"), Num("3"))))
    assert to_text(decimals, "en") == "[0.5, 1.5; 2, 3]"
    assert to_text(decimals, "de") == "[0,5  1,5; 2  3]"
    assert to_text(Matrix(((Num("1"), Num("2")),)), "de") == "[1, 2]"
