"""What is printed means what was computed: general formula, values put in, result; in four forms and two languages."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rechenweg.errors import NotationError, NotDefined, Undecidable
from rechenweg.numbers import (
    Exact,
    Verdict,
    apply,
    contract,
    derivative,
    equal,
    exact,
    formula,
    latex,
    mathml,
    named,
    patches,
    result,
    symbol,
    text,
    typst,
    where,
    with_values,
    written,
)
from rechenweg.numbers.exact import call
from rechenweg.numbers.notation import Form, to_latex, to_text, to_typst, write
from rechenweg.numbers.printing import brief
from rechenweg.numbers.reading import Vocabulary, read_formula
from tests.numbers.expressions import FUNCTIONS, Formula, formulas

a, b, c, x, y = (symbol(name) for name in "abcxy")
half = exact("1/2")

# --- parentheses ------------------------------------------------------------------------------------------------------

PARENTHESES = [
    # signs
    (exact(-1) * a, "(−1) · a", r"(-1) \cdot a"),
    (a * exact(-1), "a · (−1)", r"a \cdot (-1)"),
    (a * (-b), "a · (−b)", r"a \cdot (-b)"),
    (a + (-b), "a + (−b)", "a + (-b)"),
    (a - (-b), "a − (−b)", "a - (-b)"),
    (a - exact(-1), "a − (−1)", "a - (-1)"),
    (exact(-1) - a, "−1 − a", "-1 - a"),
    (a + exact(-1) * b, "a + (−1) · b", r"a + (-1) \cdot b"),
    (-(-a), "−(−a)", "-(-a)"),  # noqa: B002
    (-(a + b), "−(a + b)", "-(a + b)"),
    (-(a * b), "−a · b", r"-a \cdot b"),
    (-(a / b), "−a/b", r"-\frac{a}{b}"),
    (exact("-1/2") * a, "(−1/2) · a", r"\left( -\frac{1}{2} \right) \cdot a"),
    # sums
    (a - (b - c), "a − (b − c)", "a - (b - c)"),
    (a - (b + c), "a − (b + c)", "a - (b + c)"),
    (a + (b - c), "a + b − c", "a + b - c"),
    (a - b - c, "a − b − c", "a - b - c"),
    (a * (b + c), "a · (b + c)", r"a \cdot (b + c)"),
    ((a + b) * c, "(a + b) · c", r"(a + b) \cdot c"),
    (a + b * c, "a + b · c", r"a + b \cdot c"),
    # fractions
    (a / (b / c), "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    ((a / b) / c, "(a/b)/c", r"\frac{\frac{a}{b}}{c}"),
    (a / (b * c), "a/(b · c)", r"\frac{a}{b \cdot c}"),
    (a / (-b), "a/(−b)", r"\frac{a}{-b}"),
    ((a + b) / (a - b), "(a + b)/(a − b)", r"\frac{a + b}{a - b}"),
    (a - b / c, "a − b/c", r"a - \frac{b}{c}"),
    # powers
    ((-a) ** 2, "(−a)²", "(-a)^2"),
    (-(a**2), "−a²", "-a^2"),
    (exact(-1) ** 2, "(−1)²", "(-1)^2"),
    (half**2, "(1/2)²", r"\left( \frac{1}{2} \right)^2"),
    ((a / b) ** 2, "(a/b)²", r"\left( \frac{a}{b} \right)^2"),
    ((a - b) ** 2, "(a − b)²", "(a - b)^2"),
    ((a * b) ** 2, "(a · b)²", r"(a \cdot b)^2"),
    ((a**b) ** c, "(aᵇ)ᶜ", "(a^b)^c"),
    (a ** (b**c), "a^(bᶜ)", "a^{b^c}"),
    (a ** (b / c), "a^(b/c)", r"a^{\frac{b}{c}}"),
    (a**half, "a^(1/2)", r"a^{\frac{1}{2}}"),
    (a**-1, "a⁻¹", "a^{-1}"),
    (2 ** (-a), "2⁻ᵃ", "2^{-a}"),
    # e, roots, functions
    (exact(1).exp(), "e", "e"),
    ((-x).exp(), "e⁻ˣ", "e^{-x}"),
    ((x / 2).exp(), "e^(x/2)", r"e^{\frac{x}{2}}"),
    (x.exp() ** 2, "(eˣ)²", "(e^x)^2"),
    (a.sqrt() ** 3, "(√a)³", r"{\sqrt{a}}^3"),
    ((a * b).sqrt(), "√(a · b)", r"\sqrt{a \cdot b}"),
    (apply("sigmoid", half), "σ(1/2)", r"\sigma\left( \frac{1}{2} \right)"),
    (apply("sigmoid", x, label=r"\sigma_2") ** 2, "σ₂(x)²", r"{\sigma_2(x)}^2"),
    (derivative("sigmoid", x, label=r"\sigma_2"), "σ₂′(x)", r"\sigma_2'(x)"),
    (derivative("elu", x, "1/2"), "ELU′(x)", r"\operatorname{ELU}'(x)"),
    ((a**2).log(), "ln(a²)", r"\ln(a^2)"),
    (a.log() ** 2, "ln(a)²", r"{\ln(a)}^2"),
    (-abs(a - b), "−|a − b|", r"-\lvert a - b\rvert"),
    ((a + b) // c, "⌊(a + b)/c⌋", r"\left\lfloor \frac{a + b}{c} \right\rfloor"),
    (call("max", a, -b), "max(a, −b)", r"\max(a, -b)"),
    (
        where(x > 0, x, -x) * 2,
        "{x if x > 0; −x otherwise} · 2",
        r"\begin{cases} x & \text{if }x > 0 \\ -x & \text{otherwise} \end{cases} \cdot 2",
    ),
]


@pytest.mark.parametrize(("number", "as_text", "as_latex"), PARENTHESES, ids=[t for _, t, _ in PARENTHESES])
def test_parentheses(number: Exact, as_text: str, as_latex: str) -> None:
    assert to_text(formula(number)) == as_text
    assert to_latex(formula(number)) == as_latex


def test_typst_and_mathml() -> None:
    number = exact(-1) * (a / 2) ** 2
    assert to_typst(formula(number)) == "(−1) ⋅ (frac(a, 2))^2"
    assert typst(half) == "frac(1, 2)"
    assert mathml(half) == "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>"


# --- read back --------------------------------------------------------------------------------------------------------

WORDS = Vocabulary({"x": x, "y": y})


def same(number: Exact, again: Any) -> None:
    """Both have the same value, as far as it can be decided; they never have different ones."""
    assert isinstance(again, Exact)
    assert equal(number, again) is not Verdict.DIFFERENT


@given(formulas())
def test_what_is_printed_is_read_back_as_the_same_number(random: Formula) -> None:
    number = random.number
    try:
        layouts = (formula(number, longest=None), result(number))
    except (NotDefined, Undecidable):
        assume(False)
        raise
    for layout in layouts:
        same(number, read_formula(to_text(layout), WORDS))
        same(number, read_formula(to_latex(layout), WORDS))
        same(number, read_formula(to_text(layout, "de"), WORDS, decimal_comma=True))


@given(formulas(symbols=(), functions=("neg", "abs")), st.booleans())
def test_python_computes_the_same_from_the_text(random: Formula, decimals: bool) -> None:
    """An oracle from outside: Python's own parser reads the line, with its own rules of precedence."""
    number = random.number
    line = to_text(formula(number, decimals=decimals, longest=None))
    try:
        value = eval(_as_python(line), {"F": Fraction, "abs": abs})
    except ZeroDivisionError:
        assume(False)
        raise
    assert value == number.fraction()


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _as_python(line: str) -> str:
    line = line.replace("−", "-").replace("·", "*")
    line = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: f"**({m[0].translate(_RAISED)})", line)
    while "|" in line:
        line = re.sub(r"\|([^|]*)\|", r"abs(\1)", line, count=1)
        assume(line.count("|") % 2 == 0)
        assume("|" not in line)  # nested bars cannot be told apart by a regular expression
    return re.sub(r"\d+(?:\.\d+)?", lambda m: f'F("{m[0]}")', line)


# --- names, values, results -------------------------------------------------------------------------------------------


def test_general_formula_values_put_in_and_result() -> None:
    """FAU 2021, problem 4: o = w₂·m + b, with w₂ = −1, m = 6, b = 3."""
    w, m, bias = symbol("w_2", -1), symbol("m", 6), symbol("b", 3)
    o = named("o", w * m + bias)
    assert to_text(formula(o)) == "w₂ · m + b"
    assert to_text(with_values(o)) == "(−1) · 6 + 3"
    assert to_text(result(o)) == "−3"
    assert str(o) == "o = w₂ · m + b = (−1) · 6 + 3 = −3"
    assert str(o * 2) == "o · 2 = (−3) · 2 = −6"
    squared = (o - symbol(r"\hat y", "1/2")) ** 2
    assert str(squared) == "(o − ŷ)² = (−3 − 1/2)² = 49/4"


def test_values_that_are_closed_forms_stand_in_parentheses_where_needed() -> None:
    z = named("z", exact(2).log() - 1)
    assert str(z**2) == "z² = (ln(2) − 1)²"
    assert str(3 * z) == "3 · z = 3 · (ln(2) − 1)"
    assert to_text(with_values(named("s", named("t", x + 1) * 2))) == "(x + 1) · 2"


def test_steps_that_add_nothing_are_left_out() -> None:
    assert str(exact(3)) == "3"
    assert str(x) == "x"
    assert str(symbol("x", 3)) == "x = 3"
    assert str(x + 1) == "x + 1"
    assert str(exact(1) + 2) == "1 + 2 = 3"


@pytest.mark.parametrize(
    ("number", "english", "german"),
    [
        ("0.5", "0.5", "0,5"),
        ("-0.125", "−0.125", "−0,125"),
        ("7.25", "7.25", "7,25"),
        ("0.05", "0.05", "0,05"),
        ("-3", "−3", "−3"),
        ("1/3", "1/3", "1/3"),
        ("0.00001", "1/100000", "1/100000"),
    ],
)
def test_decimals(number: str, english: str, german: str) -> None:
    assert text(exact(number), "en", decimals=True) == english
    assert text(exact(number), "de", decimals=True) == german
    assert text(exact(number)) == str(Fraction(number)).replace("-", "−")


def test_decimals_within_formulas() -> None:
    w = symbol("w", "0.5")
    assert to_text(with_values(w * x - exact("1.5"), decimals=True), "de") == "0,5 · x − 1,5"
    assert latex(exact("0.5"), "de", decimals=True) == "0{,}5"


def test_format() -> None:
    third = exact("1/3")
    assert f"{third:.3f} {third:latex} {third:text} {third}" == r"0.333 \frac{1}{3} 1/3 1/3"
    assert f"{symbol('x', 2) * 3}" == "x · 3 = 2 · 3 = 6"


# --- padding and long sums --------------------------------------------------------------------------------------------


def convolved(size: int, kernel: int) -> Any:
    """A `kernel`² convolution with padding of a `size`² image, one channel; weights k, inputs x, both with values."""
    weights = np.empty((1, 1, kernel, kernel), dtype=object)
    for i, j in np.ndindex(kernel, kernel):
        weights[0, 0, i, j] = symbol(f"k_{{{i + 1},{j + 1}}}", i + 1)
    image = np.empty((1, 1, size, size), dtype=object)
    for i, j in np.ndindex(size, size):
        image[0, 0, i, j] = symbol(f"x_{{{i + 1},{j + 1}}}", j - 1)
    pad = kernel // 2
    return contract("ochw,ncyxhw->noyx", weights, patches(image, (kernel,) * 2, (1, 1), ((pad, pad),) * 2))[0, 0]


def test_products_with_padding_are_left_out() -> None:
    out = convolved(3, 3)
    assert to_text(formula(out[0, 0])) == "k₂,₂ · x₁,₁ + k₂,₃ · x₁,₂ + k₃,₂ · x₂,₁ + k₃,₃ · x₂,₂"
    assert to_text(with_values(out[0, 0])) == "2 · (−1) + 2 · 0 + 3 · (−1) + 3 · 0"


def test_five_by_five_convolution() -> None:
    """In the corner 9 of the 25 products are there, in the middle all of them, of which five are written."""
    out = convolved(5, 5)
    assert to_text(with_values(out[0, 0])) == " + ".join(f"{k} · {v}" for k in (3, 4, 5) for v in ("(−1)", "0", "1"))
    assert to_text(with_values(out[2, 2])) == "1 · (−1) + 1 · 0 + 1 · 1 + 1 · 2 + … (20 more terms) … + 5 · 3"
    assert out[2, 2].fraction() == sum(i * (j - 1) for i in range(1, 6) for j in range(5))


LONG = {
    ("text", "en"): "1 · 1/2 + 2 · 1/2 + 3 · 1/2 + 4 · 1/2 + … (779 more terms) … + 784 · 1/2",
    ("text", "de"): "1 · 1/2 + 2 · 1/2 + 3 · 1/2 + 4 · 1/2 + … (779 weitere Summanden) … + 784 · 1/2",
    ("latex", "en"): r"\ldots\;(779\text{ more terms})\;\ldots + 784 \cdot \frac{1}{2}",
    ("latex", "de"): r"\ldots\;(779\text{ weitere Summanden})\;\ldots + 784 \cdot \frac{1}{2}",
    ("typst", "en"): '… thick (779" more terms") thick … + 784 ⋅ frac(1, 2)',
    ("typst", "de"): '… thick (779" weitere Summanden") thick … + 784 ⋅ frac(1, 2)',
    ("mathml", "en"): "<mn>779</mn><mtext> more terms</mtext>",
    ("mathml", "de"): "<mn>779</mn><mtext> weitere Summanden</mtext>",
}


@pytest.mark.parametrize(("form", "language"), LONG, ids="-".join)
def test_a_linear_layer_with_784_inputs(form: Form, language: Any) -> None:
    """28 × 28 pixels: five products are written, the number of the others is stated; the result is complete."""
    weights = np.array([symbol(f"w_{{{i}}}", i) for i in range(1, 785)])
    pixels = np.array([symbol(f"x_{{{i}}}", "1/2") for i in range(1, 785)])
    output = contract("i,i->", weights, pixels)
    shown = write(with_values(output), form, language).replace("\u00a0", " ")
    assert LONG[form, language] in shown
    assert text(output) == str(Fraction(784 * 785, 4)).replace("-", "−") == "153860"


def test_sums_are_shortened_from_thirteen_terms_on_and_results_never() -> None:
    terms = [symbol(f"a_{{{i}}}") for i in range(13)]
    twelve, thirteen = sum(terms[:12]), sum(terms)
    assert "more terms" not in to_text(formula(twelve))
    assert to_text(formula(thirteen)) == "a₀ + a₁ + a₂ + a₃ + … (8 more terms) … + a₁₂"
    assert to_text(formula(thirteen, longest=None)) == to_text(result(thirteen)) == " + ".join(map(str, terms))
    assert to_text(formula(twelve - terms[12])).endswith("… (8 more terms) … − a₁₂")


# --- what cannot be written out ---------------------------------------------------------------------------------------


def test_a_formula_that_nobody_could_read_is_not_written_out() -> None:
    deep, shared, doubled = x, x, x
    for _ in range(200):
        deep, shared, doubled = deep.exp(), shared * (1 - shared), doubled + doubled
    for number, message in (
        (deep, "a formula of more than 40 levels is not written out"),
        (shared, "a formula of more than 20000 pieces is not written out"),
        (doubled, "a sum of more than 262144 terms is not written out"),
    ):
        with pytest.raises(NotationError) as caught:
            formula(number)
        assert str(caught.value) == message
        assert str(number) == written(number) == "…"
        assert brief(number) == "a long formula"


def test_the_deepest_formula_goes_through_every_writer() -> None:
    for build in (abs, Exact.exp, Exact.sqrt, lambda v: 1 / (1 + v), lambda v: -(v**2), lambda v: where(v > 0, v, x)):
        number = x
        for _ in range(100):
            try:
                layout = formula(build(number))
            except NotationError:
                break
            number = build(number)
        else:
            raise AssertionError("no limit")
        for form in ("text", "latex", "typst", "mathml"):
            assert write(layout, form)


def test_every_function_has_a_notation_that_is_read_back() -> None:
    for name in FUNCTIONS:
        number = FUNCTIONS[name][0](x)
        same(number, read_formula(to_text(formula(number)), WORDS))
        same(number, read_formula(to_latex(formula(number)), WORDS))
