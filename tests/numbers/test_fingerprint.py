"""Fingerprints: equal ones mean equal formulas, and formulas without a value do not slip through."""

from __future__ import annotations

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from rechenweg.numbers import apply, case, exact, symbol
from rechenweg.numbers.fingerprint import PRIME, fingerprint, surely_equal

X, Y = symbol("x"), symbol("y")


def test_the_modulus_is_prime() -> None:
    assert sympy.isprime(PRIME) and PRIME.bit_length() == 256


def test_identities_of_the_field() -> None:
    s = apply("sigmoid", X)
    assert surely_equal((X + Y) * (X - Y), X * X - Y * Y)
    assert surely_equal(2 * (X - Y) * s * (1 - s), (X - Y) * (2 * s - 2 * s**2))
    assert surely_equal(X / Y + 1, (X + Y) / Y)
    assert surely_equal(apply("sigmoid", (X + 1) ** 2), apply("sigmoid", X * X + 2 * X + 1))


def test_what_differs_is_not_called_equal() -> None:
    s, t = apply("sigmoid", X), apply("tanh", X)
    pairs = [
        (X, Y),
        (X, -X),
        (s, t),
        (s, apply("sigmoid", -X)),
        (X / Y, Y / X),
        (X + exact("1e-60"), X),
        (s * t, s + t),
    ]
    assert not any(surely_equal(a, b) for a, b in pairs)


def test_formulas_without_a_value_are_left_to_the_long_way() -> None:
    undefined = (X - X - 1).log()
    assert not surely_equal(X + undefined - undefined, X)
    assert fingerprint(exact(1) / (X - X)) is None
    assert fingerprint(case([(X > 0, X)], -X)) is None


_terms = st.recursive(
    st.sampled_from(["x", "y", "1", "2", "3"]),
    lambda t: st.tuples(st.sampled_from("+-*"), t, t) | st.tuples(st.just("^"), t, st.sampled_from(["2", "3"])),
    max_leaves=8,
)


def _built(tree: object, leaves: dict[str, object]) -> object:
    if isinstance(tree, str):
        return leaves[tree]
    op, a, b = tree  # type: ignore[misc]
    left, right = _built(a, leaves), _built(b, leaves)
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "^": lambda: left**right}[
        op
    ]()  # type: ignore[operator]


@given(_terms, _terms)
@settings(max_examples=200, deadline=None)
def test_sympy_agrees_on_polynomials(first: object, second: object) -> None:
    ours = {"x": X, "y": Y, "1": exact(1), "2": exact(2), "3": exact(3)}
    theirs = {"x": sympy.Symbol("x"), "y": sympy.Symbol("y"), **{n: sympy.Integer(n) for n in "123"}}
    same = sympy.expand(_built(first, theirs) - _built(second, theirs)) == 0
    a, b = _built(first, ours), _built(second, ours)
    assert surely_equal(a, b) is (same and fingerprint(a)[1] == fingerprint(b)[1])  # type: ignore[arg-type,index]
