"""Writing an exact number: the general formula, the same with values put in, and the result.

All three come from one object, so they cannot disagree:

* :func:`formula` shows names where numbers have names: ``w_1·x_1 + b``.
* :func:`with_values` puts the values in: ``(−1)·6 + 3``.
* :func:`result` is the closed form: ``−3``.

Each returns a :mod:`~rechenweg.numbers.notation` layout, which is written as text, LaTeX, Typst or MathML. A layout
knows no meaning, so every pair of parentheses that the arithmetic needs is set here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from flint import fmpq

from rechenweg.errors import NotationError
from rechenweg.numbers.closed import tidy
from rechenweg.numbers.exact import Exact, branches, chain
from rechenweg.numbers.functions import FUNCTIONS
from rechenweg.numbers.notation import (
    Call,
    Cases,
    Frac,
    Layout,
    Num,
    Op,
    Paren,
    Root,
    Row,
    Sup,
    Sym,
    Words,
    prime,
    read_latex,
    to_latex,
    to_mathml,
    to_text,
    to_typst,
)
from rechenweg.text import Language

LONGEST_SUM = 12
"""Sums with more terms are shortened in formulas (not in results); the number of terms left out is stated."""

MOST_PIECES = 20_000
"""A formula of more pieces is not written out: nobody could read it, and shared pieces can multiply without end."""

MOST_TERMS = 1 << 18
"""Nor is a sum of more terms, not even shortened."""

DEEPEST = 40
"""Nor is one that nests more deeply."""

# How tightly a piece of a formula holds together: a piece stands in parentheses where a tighter one is needed.
_SUM, _NEGATIVE, _PRODUCT, _POWER, _ATOM = range(5)
_Piece = tuple[Layout, int]


def formula(number: Exact, *, decimals: bool = False, longest: int | None = LONGEST_SUM) -> Layout:
    """The general formula: the arithmetic behind `number`, with names at its leaves.

    Args:
        decimals: write fractions with a short decimal expansion as decimals (0.5 instead of 1/2).
        longest: sums with more terms are shortened; ``None``: none are.

    Raises:
        NotationError: the formula is too large to be written out.
    """
    return _Writer("names", decimals, longest).write(_definition(number))


def with_values(number: Exact, *, decimals: bool = False, longest: int | None = LONGEST_SUM) -> Layout:
    """The same arithmetic with the values of named numbers put in; arguments as for :func:`formula`."""
    return _Writer("values", decimals, longest).write(_definition(number))


def result(number: Exact, *, decimals: bool = False) -> Layout:
    """The value in closed form."""
    return _Writer("names", decimals, None).write(tidy(number))


def name(number: Exact) -> Layout:
    """The name of a named number or a symbol; the formula of any other."""
    return read_latex(number.label) if number.op in ("named", "symbol") else formula(number)


def _definition(number: Exact) -> Exact:
    return number.args[0] if number.op == "named" else number


def decimal_places(value: fmpq) -> int | None:
    """How many decimal places write the fraction exactly, ``None`` if none do.

    >>> decimal_places(fmpq(3, 8)), decimal_places(fmpq(1, 3))
    (3, None)
    """
    rest, counts = int(value.q), []
    for factor in (2, 5):
        counts.append(0)
        while rest % factor == 0:
            rest //= factor
            counts[-1] += 1
    return max(counts) if rest == 1 else None


def _fraction(value: fmpq, decimals: bool) -> _Piece:
    if value < 0:
        return Row((_SIGN, _fraction(-value, decimals)[0])), _NEGATIVE
    if value.q == 1:
        return Num(str(value.p)), _ATOM
    places = decimal_places(value) if decimals else None
    if places is not None and places <= 4:
        digits = str(int(value * 10**places)).rjust(places + 1, "0")
        return Num(f"{digits[:-places]}.{digits[-places:]}"), _ATOM
    return Frac(Num(str(value.p)), Num(str(value.q))), _PRODUCT


_PLUS, _MINUS, _SIGN, _DOT, _DOTS, _GAP = Op("+"), Op("−"), Op("−", prefix=True), Op("·"), Op("…"), Op("\u2005")


class _Writer:
    """Turns one number into a layout."""

    def __init__(
        self, leaves: Literal["names", "values"], decimals: bool, longest: int | None, most: int = MOST_PIECES
    ) -> None:
        self.leaves = leaves
        self.decimals = decimals
        self.longest = longest
        self.most = self.left = most
        self.depth = 0

    def write(self, number: Exact) -> Layout:
        return self.piece(number)[0]

    def piece(self, x: Exact) -> _Piece:
        """The layout of `x` and how tightly it holds together."""
        self.left -= 1
        self.depth += 1
        if self.left < 0 or self.depth > DEEPEST:
            much = f"{self.most} pieces" if self.left < 0 else f"{DEEPEST} levels"
            raise NotationError(f"a formula of more than {much} is not written out")
        written = self._piece(x)
        self.depth -= 1
        return written

    def _piece(self, x: Exact) -> _Piece:
        op = x.op
        if op in ("number", "nothing"):
            assert x.rational is not None
            return _fraction(x.rational, self.decimals)
        if op == "named" and self.leaves == "values":
            return self.piece(tidy(x))
        if op in ("named", "symbol"):
            return read_latex(x.label), _ATOM
        if op in ("+", "-"):
            return self.sum(x), _SUM
        if op == "*":
            return self.product(x), _PRODUCT
        if op == "neg":
            return Row((_SIGN, self.inside(x.args[0], _PRODUCT))), _NEGATIVE
        if op == "/":
            return Frac(self.write(x.args[0]), self.write(x.args[1])), _PRODUCT
        if op == "^":
            return Sup(self.inside(x.args[0], _ATOM), self.write(x.args[1])), _POWER
        if op == "exp":
            e_itself = x.args[0].op == "number" and x.args[0].rational == 1
            return (Sym("e"), _ATOM) if e_itself else (Sup(Sym("e"), self.write(x.args[0])), _POWER)
        if op == "sqrt":
            return Root(self.write(x.args[0])), _ATOM
        if op in _BRACKETS:
            return Paren(self.write(x.args[0]), *_BRACKETS[op]), _ATOM
        return (self.cases(x) if op == "case" else self.call(x)), _ATOM

    def inside(self, x: Exact, tightness: int) -> Layout:
        layout, own = self.piece(x)
        return Paren(layout) if own < tightness else layout

    def sum(self, x: Exact) -> Layout:
        terms = _signed_terms(x)
        left_out = 0
        if self.longest is not None and len(terms) > self.longest:
            keep = max(self.longest // 3, 2)
            left_out = len(terms) - keep - 1
            terms = [*terms[:keep], terms[-1]]
        items: list[Layout] = []
        for i, (negative, term) in enumerate(terms):
            if left_out and i == len(terms) - 1:
                count = Paren(Row((Num(str(left_out)), Words("more terms"))))
                items += (_PLUS, _DOTS, _GAP, count, _GAP, _DOTS)
            if i:
                items.append(_MINUS if negative else _PLUS)
            layout, own = self.piece(term)
            # a sign after a sign needs parentheses, and so does a sum that is subtracted
            items.append(Paren(layout) if (own == _NEGATIVE and i) or own == _SUM else layout)
        return Row(tuple(items))

    def product(self, x: Exact) -> Layout:
        items: list[Layout] = []
        for factor in chain(x, "*"):
            if items:
                items.append(_DOT)
            items.append(self.inside(factor, _PRODUCT))
        return Row(tuple(items))

    def cases(self, x: Exact) -> Layout:
        written: list[tuple[Layout, Layout]] = []
        for condition, value in branches(x):
            comparison = Row((self.write(condition.left), Op(condition.relation), self.write(condition.right)))
            written.append((self.write(value), comparison))
        return Cases((*written, (self.write(x.args[-1]), Words("otherwise"))))

    def call(self, x: Exact) -> Layout:
        base = x.op.removesuffix("'")
        function = FUNCTIONS.get(base)
        head: Layout = Sym(base) if function is None else read_latex(x.label or function.notation)
        # parameters such as α belong to the function's definition; they are not written at every call
        arguments = x.args if function is None else x.args[:1]
        return Call(prime(head) if x.op != base else head, tuple(self.write(a) for a in arguments))


_BRACKETS = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉"), "abs": ("|", "|")}


def _signed_terms(x: Exact) -> list[tuple[bool, Exact]]:
    """Terms with their signs, in order; a + (b − c) opens up, a − (b + c) keeps its parentheses."""
    found: list[tuple[bool, Exact]] = []
    stack = [(False, x)]
    while stack:
        if len(found) > MOST_TERMS:  # x + x, and that added to itself, and again …
            raise NotationError(f"a sum of more than {MOST_TERMS} terms is not written out")
        negative, node = stack.pop()
        if node.op in ("+", "-") and not negative:
            stack += ((node.op == "-", node.args[1]), (False, node.args[0]))
        else:
            found.append((negative, node))
    return found


# --- one-line conveniences ------------------------------------------------------------------------------------------


def written(number: Exact) -> str:
    """Name or formula, values and result in one line of text, each only where it adds something.

    >>> from rechenweg.numbers import symbol
    >>> written(symbol("x", 2) * 3)
    'x · 3 = 2 · 3 = 6'
    """
    steps: list[Callable[[Exact], Layout]] = [name, formula] if number.op == "named" else [formula]
    if not number.has_symbols:
        steps += (with_values, result)
    texts: list[str] = []
    for step in steps:
        try:
            text = to_text(step(number))
        except NotationError:  # far too long
            text = "…"
        if text not in texts:
            texts.append(text)
    return " = ".join(texts)


def brief(number: object) -> str:
    """The name or the formula in at most 60 characters, for messages."""
    if not isinstance(number, Exact):
        return str(number)[:60]
    if number.op in ("named", "symbol"):
        return to_text(name(number))
    try:
        written = to_text(_Writer("names", False, LONGEST_SUM, most=100).write(number))
    except NotationError:
        return "a long formula"
    return written if len(written) <= 60 else written[:59] + "…"


def formatted(number: Exact, specification: str) -> str:
    """``format()``: "latex", "typst", "mathml", "text" write the result; ".3f" and the like its decimal value."""
    writers = {"latex": latex, "typst": typst, "mathml": mathml, "text": text}
    if specification in writers:
        return writers[specification](number)
    return format(number.approx(), specification) if specification else str(number)


def text(number: Exact, language: Language = "en", *, decimals: bool = False) -> str:
    """The result as a line of text.

    >>> from rechenweg.numbers import exact
    >>> text(-(exact("0.4").log())), text(exact("1/2"), "de", decimals=True)
    ('−ln(2/5)', '0,5')
    """
    return to_text(result(number, decimals=decimals), language)


def latex(number: Exact, language: Language = "en", *, decimals: bool = False) -> str:
    """The result in LaTeX."""
    return to_latex(result(number, decimals=decimals), language)


def typst(number: Exact, language: Language = "en", *, decimals: bool = False) -> str:
    """The result in Typst."""
    return to_typst(result(number, decimals=decimals), language)


def mathml(number: Exact, language: Language = "en", *, decimals: bool = False) -> str:
    """The result in MathML."""
    return to_mathml(result(number, decimals=decimals), language)
