"""Reading formulas: the question's own symbols in every spelling, arrays, chains; and what we write is read back."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rechenweg.errors import ExactnessError, NotDefined, Undecidable
from rechenweg.numbers import Exact, Verdict, apply, derivative, equal, exact, formula, latex, symbol, text
from rechenweg.numbers.notation import to_latex, to_text
from rechenweg.numbers.reading import NO_SYMBOLS, Vocabulary, WrongKindError, read_chain, read_formula, read_number

# --- formulas ---------------------------------------------------------------------------------------------------------

NAMES = (
    *(
        "x",
        "y",
        "y^*",
        r"\hat y",
        "w_1",
        "w_2",
        "b_1",
        "o",
        "L",
        "m_{1,2}",
        "h_{t-1}",
        r"\alpha",
        "R_{pred}",
        "x^{(1)}",
    ),
    *(r"\frac{\partial L}{\partial \hat y}", r"\frac{\partial L}{\partial w_2}", r"\frac{\partial \hat y}{\partial o}"),
)
S = {name: symbol(name) for name in NAMES}
WORDS = Vocabulary(S, {r"\sigma_1": "sigmoid", r"\sigma_2": "sigmoid", "g": lambda x: x * x})
x, y, target, guess, w1, w2, b1, o = (S[n] for n in ("x", "y", "y^*", r"\hat y", "w_1", "w_2", "b_1", "o"))
alpha = S[r"\alpha"]


def sigma(number: Any, k: int = 1) -> Any:
    return apply("sigmoid", number, label=rf"\sigma_{k}")


def slope(number: Any, k: int = 1) -> Any:
    return derivative("sigmoid", number, label=rf"\sigma_{k}")


SPELLINGS = {
    "w_2": ["w_2", "w2", "w_{2}", "w₂", "w _2", r"\mathbf{w}_2", "𝑤₂", r"\mathrm{w}_{2}"],
    r"\hat y": [
        "ŷ",
        "y\u0302",
        r"\hat y",
        r"\hat{y}",
        r"\widehat{y}",
        "yhat",
        "y_hat",
        r"y_{hat}",
        "haty",
        r"{\hat y}",
    ],
    r"\alpha": [r"\alpha", "alpha", "α", "𝛼"],
    "y^*": ["y^*", "y^{*}", r"y^\ast", r"y^{\star}", "y⋆", "ystar", "y_star", "y*"],
    "m_{1,2}": ["m_{1,2}", "m_{12}", "m_12", "m12", "m₁₂", "m₁,₂", "m_1,2", "m_{1, 2}"],
    "h_{t-1}": ["h_{t-1}", "h_{t - 1}", "hₜ₋₁"],
    "R_{pred}": ["R_{pred}", "R_pred", r"R_{\text{pred}}", r"R_\mathrm{pred}"],
    "x^{(1)}": ["x^{(1)}", "x^(1)", "x⁽¹⁾"],
    r"\frac{\partial L}{\partial \hat y}": [
        r"\frac{\partial L}{\partial \hat y}",
        r"\frac{\partial L}{\partial\hat{y}}",
        r"\dfrac{dL}{d\hat y}",
        r"\frac{\mathrm{d}L}{\mathrm{d}\hat{y}}",
        r"\partial L/\partial \hat y",
        "∂L/∂ŷ",
        "∂L / ∂ŷ",
        "dL/dyhat",
        r"dL/d\hat y",
        "dL/dŷ",
        "(∂L)/(∂ŷ)",
        "dL_dyhat",
        "(dL/dŷ)",
    ],
    r"\frac{\partial L}{\partial w_2}": [
        "∂L/∂w₂",
        "dL/dw2",
        "dL/dw_2",
        "dL_dw2",
        "dLdw2",
        "∇_{w_2} L",
        r"\nabla_{w_2}L",
    ],
}


@pytest.mark.parametrize(("name", "source"), [(name, s) for name, spelled in SPELLINGS.items() for s in spelled])
def test_spellings_of_a_symbol(name: str, source: str) -> None:
    found = read_formula(source, WORDS)
    assert isinstance(found, Exact)
    assert (found.op, found.label) == ("symbol", name)


FORMULAS = [
    ("2x", 2 * x),
    ("w_2 x", w2 * x),
    ("w2x", w2 * x),
    ("w₂x", w2 * x),
    ("w_{2}x", w2 * x),
    ("2w2x + b1", 2 * w2 * x + b1),
    ("xw_2", x * w2),
    ("αx", alpha * x),
    ("alpha x", alpha * x),
    ("2(x+o)", 2 * (x + o)),
    ("x(1-x)", x * (1 - x)),
    ("(x+1)(x-1)", (x + 1) * (x - 1)),
    ("x^2y", x * x * y),
    ("x²y", x * x * y),
    ("x_ = 2x", 2 * x),
    ("-x^2", -(x * x)),
    ("-x²", -(x * x)),
    ("(-x)^2", x * x),
    ("x^-1", 1 / x),
    ("x^{-2}", 1 / (x * x)),
    ("e^x", x.exp()),
    ("e^{-x}", (-x).exp()),
    ("αe^x", alpha * x.exp()),
    (r"\alpha e^x", alpha * x.exp()),
    ("α(e^x-1)", alpha * (x.exp() - 1)),
    ("e^x/(1+e^x)", x.exp() / (1 + x.exp())),
    ("1/(1+e^-x)", 1 / (1 + (-x).exp())),
    ("e^{-x}y", (-x).exp() * y),
    ("ln x", x.log()),
    ("ln 2x", (2 * x).log()),
    ("ln x · y", x.log() * y),
    (r"-\ln \hat y", -guess.log()),
    ("|x|", abs(x)),
    ("x|y|", x * abs(y)),
    (r"\|x\|^2", x * x),
    ("sqrt(x^2+1)", (x * x + 1).sqrt()),
    ("2(y-y*)", 2 * (y - target)),
    ("2(y − y^*)", 2 * (y - target)),
    ("(y^*-y)x", (target - y) * x),
    ("y* - y", target - y),
    ("y*x", y * x),
    ("y * x", y * x),
    ("y*2", y * 2),
    ("(y-y*)^2", (y - target) ** exact(2)),
    ("2(ŷ-y)", 2 * (guess - y)),
    (r"2(\hat y - y)", 2 * (guess - y)),
    ("2*(yhat-y)", 2 * (guess - y)),
    (r"\sigma_1(x)", sigma(x)),
    ("σ₁(x)", sigma(x)),
    ("sigma1(x)", sigma(x)),
    ("sigma_1(x)", sigma(x)),
    ("σ1(x)", sigma(x)),
    (r"\sigma_{1}\left(x\right)", sigma(x)),
    ("σ₁[x]", sigma(x)),
    ("σ_1'(x)", slope(x)),
    ("σ₁′(x)", slope(x)),
    ("σ1'(x)", slope(x)),
    (r"\sigma_1'(x)", slope(x)),
    (r"\sigma_1^\prime(x)", slope(x)),
    (r"\sigma_1^{\prime}(x)", slope(x)),
    (r"\sigma'_1(x)", slope(x)),
    ("w_2σ_1(x)", w2 * sigma(x)),
    ("g(x)", x * x),
    ("ŷ = σ₂(x + w₂·σ₁(b₁ + w₁x))", sigma(x + w2 * sigma(b1 + w1 * x), 2)),
    (r"\sigma_2(x + w_2\,\sigma_1(b_1 + w_1 x))", sigma(x + w2 * sigma(b1 + w1 * x), 2)),
    ("(sigma2(x + w2*sigma1(b1 + w1*x)) - y)**2", (sigma(x + w2 * sigma(b1 + w1 * x), 2) - y) ** exact(2)),
    (
        r"\frac{\partial L}{\partial \hat y} \cdot \sigma_2'(o) \cdot \sigma_1(b_1+w_1 x)",
        S[r"\frac{\partial L}{\partial \hat y}"] * slope(o, 2) * sigma(b1 + w1 * x),
    ),
    ("dL/dŷ · dŷ/do", S[r"\frac{\partial L}{\partial \hat y}"] * S[r"\frac{\partial \hat y}{\partial o}"]),
    (r"\frac{dL}{dw_2} = 2(\hat y-y)\sigma_2'(o)\sigma_1(x)", 2 * (guess - y) * slope(o, 2) * sigma(x)),
    ("f(x) = x² = x·x", x * x),
    ("ReLU(x)", apply("relu", x)),
    ("ELU(x)", apply("elu", x, alpha)),
    ("max(0, x)", apply("relu", x)),
    ("max{0; x}", apply("relu", x)),
]


@pytest.mark.parametrize(("source", "value"), FORMULAS)
def test_formulas(source: str, value: Exact) -> None:
    found = read_formula(source, WORDS)
    assert isinstance(found, Exact)
    assert equal(found, value) is Verdict.EQUAL


def test_functions_keep_the_name_that_the_question_gives_them() -> None:
    assert to_text(formula(read_formula("sigma2'(o) w2", WORDS))) == "σ₂′(o) · w₂"


def test_a_symbol_of_the_question_wins_over_e_and_over_the_sigmoid() -> None:
    words = Vocabulary({"e": symbol("e"), r"\sigma": symbol(r"\sigma"), "x": x})
    found = read_formula("σ(x) + e", words)
    assert isinstance(found, Exact)
    assert found.free_symbols() == {"e", r"\sigma", "x"}


def test_a_name_wins_over_another_names_variant() -> None:
    words = Vocabulary({"m_{1,2}": symbol("m_{1,2}"), "m_{12}": symbol("m_{12}")})
    labels = [read_formula(source, words).label for source in ("m_{1,2}", "m_{12}", "m_12")]  # type: ignore[union-attr]
    assert labels == ["m_{1,2}", "m_{12}", "m_{12}"]


def test_the_longest_name_is_taken() -> None:
    words = Vocabulary({"w": symbol("w"), "w_1": symbol("w_1"), r"\sigma_B^2": symbol(r"\sigma_B^2"), "x": x})
    found = read_formula("w1 w (x)/√(σ_B²)", words)
    assert isinstance(found, Exact)
    assert found.free_symbols() == {"w", "w_1", "x", r"\sigma_B^2"}


def test_a_vocabulary_travels_to_another_process_and_serves_as_a_key_of_a_cache() -> None:
    words = Vocabulary({"x": x, r"\hat y": guess}, {r"\sigma_1": "sigmoid"})
    copy = pickle.loads(pickle.dumps(words))
    assert to_text(formula(read_formula("ŷ σ1(x)", copy))) == "ŷ · σ₁(x)"
    assert {words: 1}[words] == 1


def test_chains_give_their_last_exact_member() -> None:
    assert [value.fraction() for value in _numbers("f(x) = 1/2 + 1/3 = 5/6 ≈ 0.83")] == [
        Fraction(5, 6),
        Fraction(5, 6),
        Fraction(83, 100),
    ]
    assert read_number("1/2 + 1/3 = 5/6 ≈ 0.83").fraction() == Fraction(5, 6)


def test_what_cannot_be_read_in_a_chain_is_left_out() -> None:
    assert [value.fraction() for value in _numbers("z = foo = 1/0 = 2·3 = 6")] == [6, 6]
    assert read_chain("z", NO_SYMBOLS) == []


def _numbers(source: str) -> list[Exact]:
    values = read_chain(source, NO_SYMBOLS)
    assert all(isinstance(value, Exact) for value in values)
    return values  # type: ignore[return-value]


# --- arrays -----------------------------------------------------------------------------------------------------------

_VALUES: dict[str, Any] = {
    "W_1": [[1, 2, 3], [4, 5, 6]],
    "M": [[1, 2], [3, 4]],
    "X": [[1, 0, 1], [0, 1, 0]],
    "x": [1, 0, 2],
    "y": [1, 2],
    "b_1": [1, -1],
}
ARRAYS = Vocabulary({**{name: exact(v) for name, v in _VALUES.items()}, "s": exact(2)}, {r"\phi": "relu"})
W, M, X, v, u, b = (np.array(_VALUES[name]) for name in ("W_1", "M", "X", "x", "y", "b_1"))

PRODUCTS = [
    ("W_1 x", W @ v),
    ("W_1·x + b_1", W @ v + b),
    (r"W_1 \cdot x", W @ v),
    ("W1x", W @ v),
    ("y W_1", u @ W),
    ("W_1^T y", W.T @ u),
    (r"W_1^\top y", W.T @ u),
    ("W_1^{T}y", W.T @ u),
    ("W₁ᵀy", W.T @ u),
    ("W_1' y", W.T @ u),
    ("W_1.T y", W.T @ u),
    ("M^Ty", M.T @ u),
    ("x^T x", v @ v),
    ("x^Tx", v @ v),
    ("x·x", v @ v),
    ("x x^T", np.outer(v, v)),
    ("y x^T", np.outer(u, v)),
    ("y^T W_1 x", u @ W @ v),
    ("y^T M", u @ M),
    ("(y^T M)^T", M.T @ u),
    ("X W_1^T + b_1", X @ W.T + b),
    ("M M^T - M", M @ M.T - M),
    ("s x", 2 * v),
    ("x s", 2 * v),
    ("-x/s", -v / 2),
    ("x + s", v + 2),
    (r"x \odot x", v * v),
    ("x ⊙ x", v * v),
    ("|x|^2", v @ v),
    (r"\|x\|_2^2", v @ v),
    (r"\|W_1\|_F^2", (W * W).sum()),
    (r"\|x\|_1", np.abs(v).sum()),
    (r"\lVert b_1 \rVert_\infty", np.abs(b).max()),
    (r"\phi(W_1 x - 10)", np.maximum(W @ v - 10, 0)),
    ("max(0, b_1)", np.maximum(b, 0)),
    (r"W_1\begin{pmatrix}1\\0\\1\end{pmatrix}", W @ np.array([1, 0, 1])),
    (r"\begin{pmatrix}1&2\end{pmatrix} y", np.array([1, 2]) @ u),
    (r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", M),
    (r"z = W_1 x = \begin{pmatrix}7\\16\end{pmatrix}", W @ v),
]


@pytest.mark.parametrize(("source", "value"), PRODUCTS)
def test_arrays_multiply_as_numpy_says(source: str, value: Any) -> None:
    found = np.asarray(read_formula(source, ARRAYS), dtype=object)
    expected = np.asarray(value)
    assert found.shape == expected.shape
    assert [float(n.fraction()) for n in found.reshape(-1)] == expected.reshape(-1).tolist()


def test_a_number_is_asked_for_and_an_array_came() -> None:
    with pytest.raises(WrongKindError, match=r"^expected a number, found an array of shape \(2, 2\)$"):
        read_number(r"\begin{pmatrix}1&2\\3&4\end{pmatrix}")


# --- what we write, we read -------------------------------------------------------------------------------------------

_LEAVES = st.one_of(
    st.fractions(min_value=-9, max_value=9, max_denominator=12).map(exact), st.integers(-20, 20).map(exact)
)
_SYMBOLIC = st.one_of(_LEAVES, st.sampled_from([x, w2, guess]))


def _numbers_of(leaves: st.SearchStrategy[Exact]) -> st.SearchStrategy[Exact]:
    def larger(inner: st.SearchStrategy[Exact]) -> st.SearchStrategy[Exact]:
        pairs = st.tuples(inner, inner)
        return st.one_of(
            pairs.map(lambda p: p[0] + p[1]),
            pairs.map(lambda p: p[0] - p[1]),
            pairs.map(lambda p: p[0] * p[1]),
            pairs.filter(lambda p: p[1].rational is None or p[1].rational != 0).map(lambda p: p[0] / p[1]),
            inner.map(lambda a: -a),
            inner.map(abs),
            inner.map(lambda a: a ** exact(3)),
            inner.map(lambda a: a.tanh()),
            inner.map(sigma),
            inner.map(lambda a: (a * a + 1).log()),
            inner.map(lambda a: (a * a + 1).sqrt()),
            inner.filter(lambda a: a.rational is None or abs(a.rational) < 1000).map(lambda a: a.exp()),
        )

    return st.recursive(leaves, larger, max_leaves=5)


@given(_numbers_of(_LEAVES))
def test_results_are_read_back_as_the_same_number(number: Exact) -> None:
    try:
        forms = (text(number), latex(number), text(number, "de", decimals=True), latex(number, "de", decimals=True))
    except (Undecidable, ExactnessError, NotDefined):
        assume(False)
    for form in forms:
        found = read_formula(form, WORDS, decimal_comma=True)
        assert isinstance(found, Exact)
        assert equal(number, found) is not Verdict.DIFFERENT, form


@given(_numbers_of(_SYMBOLIC))
def test_formulas_are_read_back_as_the_same_formula(number: Exact) -> None:
    layout = formula(number)
    for form in (to_text(layout), to_latex(layout)):
        found = read_formula(form, WORDS)
        assert isinstance(found, Exact)
        assert to_latex(formula(found)) == to_latex(layout) or equal(number, found) is not Verdict.DIFFERENT, form
