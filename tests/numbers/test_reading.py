"""Reading answers: what candidates write, as text and as LaTeX, is the number or the formula that they mean."""

from __future__ import annotations

import ast
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rechenweg.numbers import Exact, Verdict, apply, equal, exact, symbol
from rechenweg.numbers.reading import Vocabulary, read_formula, read_number

E = exact(1).exp()

# --- numbers ----------------------------------------------------------------------------------------------------------

FRACTIONS = [
    ("6", "6"),
    (" 6 ", "6"),
    ("6.", "6"),
    ("007", "7"),
    ("+3", "3"),
    ("-3", "-3"),
    ("−3", "-3"),
    ("–3", "-3"),
    ("--3", "3"),
    ("981/1000", "981/1000"),
    ("981 : 1000", "981/1000"),
    ("981 ÷ 1000", "981/1000"),
    ("981⁄1000", "981/1000"),
    ("0.981", "981/1000"),
    (".981", "981/1000"),
    ("0,981", "981/1000"),
    ("-0,5", "-1/2"),
    (r"0{,}981", "981/1000"),
    (r"1{,}234", "1234/1000"),
    ("98.1%", "981/1000"),
    ("98.1 %", "981/1000"),
    ("98,1 %", "981/1000"),
    (r"98.1\,\%", "981/1000"),
    ("100%", "1"),
    ("1.5e-3", "3/2000"),
    ("1,5e-3", "3/2000"),
    ("1e-3", "1/1000"),
    ("2E3", "2000"),
    ("2e3", "2000"),
    ("1.5·10^-3", "3/2000"),
    (r"1.5 \cdot 10^{-3}", "3/2000"),
    ("1.5*10**-3", "3/2000"),
    ("2·10⁻³", "1/500"),
    ("12.345", "12345/1000"),
    ("1,000,000", "1000000"),
    ("1.000.000", "1000000"),
    ("1.234,5", "12345/10"),
    ("1,234.5", "12345/10"),
    ("½", "1/2"),
    ("1½", "3/2"),
    ("−¾", "-3/4"),
    ("⅔", "2/3"),
    ("３", "3"),
    ("𝟏/𝟐", "1/2"),
    (r"\frac{5}{6}", "5/6"),
    (r"\dfrac{5}{6}", "5/6"),
    (r"\frac56", "5/6"),
    (r"\frac{5}6", "5/6"),
    (r"\frac 5 6", "5/6"),
    (r"-\frac{1}{2}", "-1/2"),
    (r"\frac{-1}{2}", "-1/2"),
    (r"\frac{\frac12}{3}", "1/6"),
    (r"$\frac{5}{6}$", "5/6"),
    (r"\(5/6\)", "5/6"),
    (r"\boxed{5/6}", "5/6"),
    (r"\displaystyle\frac{5}{6}", "5/6"),
    ("(5)/(6)", "5/6"),
    ("5/6", "5/6"),
    ("3·4", "12"),
    ("3*4", "12"),
    ("3×4", "12"),
    ("3⋅4", "12"),
    (r"3\cdot 4", "12"),
    (r"3\times4", "12"),
    ("3(4)", "12"),
    ("(3)(4)", "12"),
    ("3[1+3]", "12"),
    ("2·-3", "-6"),
    ("2--3", "5"),
    ("2^3", "8"),
    ("2**3", "8"),
    ("2³", "8"),
    ("2^{3}", "8"),
    ("2^{-1}", "1/2"),
    ("2⁻¹", "1/2"),
    ("2^3^2", "512"),
    ("-2^2", "-4"),
    ("(-2)^2", "4"),
    ("-2²", "-4"),
    ("10¹²", "1000000000000"),
    ("4^(1/2)", "2"),
    ("8^{1/3}", "2"),
    (r"\left(\frac{1}{2}\right)^2", "1/4"),
    (r"\left[ 1 + 1 \right]", "2"),
    ("1/2/2", "1/4"),
    ("12/2·3", "18"),
    ("1 - 2 - 3", "-4"),
    ("-1/2 (3)", "-3/2"),
    ("1/2 (3 + 1)", "2"),
    ("|-3|", "3"),
    ("|1-3|·|-2|", "4"),
    ("||-3|-1|", "2"),
    ("|1-|-3||", "2"),
    (r"\left|-\frac12\right|", "1/2"),
    (r"\lvert -2 \rvert", "2"),
    ("√4", "2"),
    ("√(9)", "3"),
    ("√4/2", "1"),
    ("sqrt(4)", "2"),
    (r"\sqrt{16}", "4"),
    (r"\sqrt9", "3"),
    (r"\sqrt[3]{8}", "2"),
    ("max(0, 5)", "5"),
    ("max(0,5)", "5"),
    ("max(0,5; 1)", "1"),
    ("max(0,5, 1,5)", "3/2"),
    ("max(1,2,3)", "3"),
    (r"\max\{0, -2\}", "0"),
    ("min(1/2; 1/3)", "1/3"),
    ("abs(-3)", "3"),
    ("sgn(-3)", "-1"),
    ("ReLU(-3)", "0"),
    ("relu(3)", "3"),
    (r"\operatorname{ReLU}(2)", "2"),
    (r"\mathrm{ReLU}(-2)", "0"),
    (r"\text{ReLU}'(2)", "1"),
    ("LeakyReLU(-2; 0,1)", "-1/5"),
    ("LReLU(-2, 1/10)", "-1/5"),
    ("σ(0)", "1/2"),
    (r"\sigma(0)", "1/2"),
    ("sigmoid(0)", "1/2"),
    ("sigma(0)", "1/2"),
    ("σ'(0)", "1/4"),
    ("σ′(0)", "1/4"),
    (r"\sigma^{\prime}(0)", "1/4"),
    (r"\sigma^\prime(0)", "1/4"),
    ("tanh(0)", "0"),
    ("e^0", "1"),
    ("exp(0)", "1"),
    ("ln(1)", "0"),
    ("y = 6", "6"),
    ("f(1) = 2·3 = 6", "6"),
    ("= 6", "6"),
    ("≈ 0.67", "67/100"),
    ("2/3 ≈ 0.67", "2/3"),
    ("L = 2/3 ≈ 0.67", "2/3"),
    (r"L \approx 0.67", "67/100"),
]


@pytest.mark.parametrize(("source", "value"), FRACTIONS)
def test_fractions(source: str, value: str) -> None:
    assert read_number(source).fraction() == Fraction(value)


CLOSED_FORMS = [
    ("e", E),
    ("2e", 2 * E),
    ("2 e", 2 * E),
    ("e/2", E / 2),
    ("1/e", 1 / E),
    ("e^{-1}", exact(-1).exp()),
    ("e^-1", exact(-1).exp()),
    ("e⁻¹", exact(-1).exp()),
    ("exp(-1)", exact(-1).exp()),
    (r"\exp\left(-\frac{1}{2}\right)", exact("-1/2").exp()),
    ("e^(1/2)", exact("1/2").exp()),
    (r"\mathrm{e}^{2}", exact(2).exp()),
    ("e²·e", exact(3).exp()),
    ("2e^2", 2 * exact(2).exp()),
    ("e^e", E.exp()),
    ("-e^2", -(exact(2).exp())),
    ("-ln(0.35)", -(exact("0.35").log())),
    ("-ln(0,35)", -(exact("0.35").log())),
    (r"-\ln 0.35", -(exact("0.35").log())),
    (r"-\ln(0{,}35)", -(exact("0.35").log())),
    ("-log(0.35)", -(exact("0.35").log())),
    ("-ln0.35", -(exact("0.35").log())),
    ("-LN(0.35)", -(exact("0.35").log())),
    (r"-\log\left(0.35\right)", -(exact("0.35").log())),
    ("ln(2)/2", exact(2).log() / 2),
    ("ln 2 · 3", exact(2).log() * 3),
    ("ln 2e", (2 * E).log()),
    (r"\ln\frac{1}{2}", exact("1/2").log()),
    (r"\ln 2 \ln 3", exact(2).log() * exact(3).log()),
    ("ln(2)^2", exact(2).log() ** exact(2)),
    (r"\ln^2(2)", exact(2).log() ** exact(2)),
    ("ln 2^3", exact(8).log()),
    ("ln|-2|", exact(2).log()),
    ("lg 20", exact(20).log() / exact(10).log()),
    ("log10(20)", exact(20).log() / exact(10).log()),
    ("log_{10}(20)", exact(20).log() / exact(10).log()),
    ("log_2(3)", exact(3).log() / exact(2).log()),
    ("log₂(3)", exact(3).log() / exact(2).log()),
    ("√2", exact(2).sqrt()),
    ("sqrt(2)", exact(2).sqrt()),
    ("sqrt 2", exact(2).sqrt()),
    (r"\sqrt{2}/2", exact(2).sqrt() / 2),
    ("2√2", 2 * exact(2).sqrt()),
    ("2^(1/2)", exact(2).sqrt()),
    (r"2\sigma(1)-1", 2 * apply("sigmoid", exact(1)) - 1),
    ("2σ(1) − 1", 2 * apply("sigmoid", exact(1)) - 1),
    ("2*sigmoid(1)-1", 2 * apply("sigmoid", exact(1)) - 1),
    ("σ(-0,5)²", apply("sigmoid", exact("-1/2")) ** exact(2)),
    ("1/(1+e^{-1})", apply("sigmoid", exact(1))),
    (r"\frac{1}{1+e^{-1}}", apply("sigmoid", exact(1))),
    ("tanh(1/2)", exact("1/2").tanh()),
    (r"\tanh^2 1", exact(1).tanh() ** exact(2)),
    ("tanh'(1)", 1 - exact(1).tanh() ** exact(2)),
    ("ELU(-1; 2)", 2 * (exact(-1).exp() - 1)),
    ("ELU(-1, 2)", 2 * (exact(-1).exp() - 1)),
    ("e(1+e)", E * (1 + E)),
    ("eln2", E * exact(2).log()),
]


@pytest.mark.parametrize(("source", "value"), CLOSED_FORMS)
def test_closed_forms(source: str, value: Exact) -> None:
    assert equal(read_number(source), value) is Verdict.EQUAL


@pytest.mark.parametrize(("source", "value"), [(s, v) for s, v in FRACTIONS if "=" not in s and "≈" not in s])
def test_numbers_read_the_same_among_symbols(source: str, value: str) -> None:
    found = read_formula(source, Vocabulary({"x": symbol("x"), "w_2": symbol("w_2"), "y^*": symbol("y^*")}))
    assert isinstance(found, Exact)
    assert found.fraction() == Fraction(value)


def test_numbers_that_are_no_text_are_taken_as_they_are() -> None:
    assert read_number(6).fraction() == 6
    assert read_number(Fraction(-1, 3)).fraction() == Fraction(-1, 3)
    assert read_number(Decimal("0.981")).fraction() == Fraction(981, 1000)


def test_a_comma_before_three_digits_is_decimal_only_where_commas_are() -> None:
    assert read_number("2,718", decimal_comma=True).fraction() == Fraction(2718, 1000)
    assert read_number("0,718").fraction() == Fraction(718, 1000)


def test_minus_before_digits_is_a_negative_number_but_not_before_a_power() -> None:
    assert read_number("-3").op == "number"
    assert read_number("-3^2").op == "neg"


# Python's own grammar is the judge of precedence.
_SPACED = st.sampled_from(["{0}{1}{2}", "{0} {1} {2}"])
_ARITHMETIC = st.recursive(
    st.integers(0, 9).map(str),
    lambda inner: st.one_of(
        st.builds(
            lambda shape, a, op, b: shape.format(a, op, b),
            _SPACED,
            inner,
            st.sampled_from(["+", "-", "*", "/", "**"]),
            inner,
        ),
        inner.map(lambda a: f"({a})"),
        inner.map(lambda a: f"-{a}"),
    ),
    max_leaves=7,
)


def _as_python_reads(node: ast.AST) -> Fraction:
    match node:
        case ast.Expression(body=body):
            return _as_python_reads(body)
        case ast.Constant(value=int(value)):
            return Fraction(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_as_python_reads(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            a, b = _as_python_reads(left), _as_python_reads(right)
            assume(b.denominator == 1 and abs(b) < 20 and abs(a.numerator * a.denominator) < 10**6)
            assume(a != 0 or b >= 0)
            return a ** int(b)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            a, b = _as_python_reads(left), _as_python_reads(right)
            assume(b != 0)
            return a / b
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _as_python_reads(left), _as_python_reads(right)
            return {ast.Add: a + b, ast.Sub: a - b, ast.Mult: a * b}[type(op)]
    raise AssertionError(ast.dump(node))


@given(_ARITHMETIC)
def test_precedence_is_the_one_of_python(source: str) -> None:
    expected = _as_python_reads(ast.parse(source, mode="eval"))
    # x**1/2 without blanks is refused on purpose, see test_reading_refusals
    assert read_number(source.replace("/", " / ")).fraction() == expected
