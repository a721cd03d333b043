"""A layout as Typst mathematics, without dollar signs.

Letters and operators are written as the Unicode characters that they are. Typst sees a space beside quoted text
and nowhere else, so quoted pieces are joined without one.
"""

from __future__ import annotations

from rechenweg.numbers.notation.layout import (
    EMPTY,
    TRANSPOSE,
    Accent,
    BigOp,
    Call,
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
    bare_matrix,
    condition_items,
    is_simple,
    needs_gap,
    neighbours,
    row_items,
    scripts,
    words_gaps,
)
from rechenweg.numbers.notation.symbols import GERMAN_WORDS, PAIRS, brackets, operator
from rechenweg.text import Language

_ESCAPED = frozenset("#$&_^/\\'\"()[]{}|*~`@<>,;:!?=+-.")
_PRIMES = {"′": "'", "″": "''", "‴": "'''"}
_BARE_SIGNS = ("−", "+", "±")
_ACCENTS = {"hat": "hat", "vec": "arrow", "bar": "overline", "tilde": "tilde", "dot": "dot"}


def to_typst(layout: Layout, language: Language = "en") -> str:
    """The layout for use between Typst's dollar signs.

    >>> to_typst(Frac(Sym("a"), Sub(Sym("b"), Num("1"))))
    'frac(a, b_1)'
    >>> to_typst(Num("0.5"), "de")
    '"0,5"'
    """
    return _write(layout, language == "de")


def _write(x: Layout, de: bool) -> str:
    match x:
        case Num(text):
            return _number(text, de)
        case Sym(text):
            return _symbol(text)
        case Row() | Call():
            return _row(row_items((x,)), de)
        case Sub() | Sup() | SubSup():
            return _scripted(x, de)
        case Frac(num, den):
            return f"frac({_cell(num, de)}, {_cell(den, de)})"
        case Paren():
            return _bracketed(x, de)
        case Op():
            return operator(x.text).typst
        case Words(text):
            return _words(text, de, False, False)
        case Root(inner, degree):
            if degree is None:
                return f"sqrt({_cell(inner, de)})"
            return f"root({_cell(degree, de)}, {_cell(inner, de)})"
        case Accent(kind, inner):
            return f"{_ACCENTS[kind]}({_cell(inner, de)})"
        case Cases(branches):
            return f"cases({', '.join(_branch(value, condition, de) for value, condition in branches)})"
        case Matrix():
            return _matrix(x, de)
        case BigOp(symbol, sub, sup):
            if len(symbol) > 1:
                if sub is None and sup is None:
                    return _quoted(symbol)
                symbol = f"op({_quoted(symbol)}, limits: #true)"
            return symbol + _lowered(sub, de) + ("" if sup is None else "^" + _argument(sup, de))


def _number(text: str, de: bool) -> str:
    if text.startswith("-"):
        return "−" + _number(text[1:], de)
    if "." not in text:
        return text
    # A comma between digits would be set as one between arguments, with a space.
    return f'"{text.replace(".", ",")}"' if de else text


def _symbol(text: str) -> str:
    if len(text) == 1:
        return "\\" + text if text in _ESCAPED else text
    return _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _words(text: str, de: bool, before: bool, after: bool) -> str:
    text = text.strip()
    if de:
        text = GERMAN_WORDS.get(text, text)
    return _quoted(" " * before + text + " " * after)


def _cell(x: Layout, de: bool) -> str:
    """An argument of a Typst function, which must not be missing."""
    return _write(x, de) or '""'


def _row(items: list[Layout], de: bool) -> str:
    out = ""
    for before, touching, item, after in neighbours(items):
        if isinstance(item, Op):
            piece = operator(item.text).typst
            if item.prefix and not _typst_sees_a_sign(before):
                piece = f'class("normal", {piece})'
        elif isinstance(item, Words):
            piece = _words(item.text, de, *words_gaps(before, touching, after))
        else:
            piece = _write(item, de)
            if touching and before is not None and not isinstance(before, (Op, Words)) and needs_gap(before, item):
                out = _join(out, "thin")
        out = out + piece if out.endswith(_BARE_SIGNS) and _is_sign(before) else _join(out, piece)
    return out


def _is_sign(item: Layout | None) -> bool:
    return isinstance(item, Op) and item.prefix


def _join(left: str, right: str) -> str:
    if not left or not right or right[0] == '"' or left[-1] == '"':
        return left + right
    return f"{left} {right}"


def _typst_sees_a_sign(before: Layout | None) -> bool:
    if isinstance(before, Op):
        return not before.prefix and operator(before.text).kind in ("binary", "relation", "punctuation")
    return before is None or isinstance(before, BigOp)


def _scripted(x: Sub | Sup | SubSup, de: bool) -> str:
    base, sub, sup = scripts(x)
    if base == EMPTY:
        written = '""'
    elif is_simple(base):
        written = _write(base, de)
    else:
        return _attached(base, sub, sup, de)
    if isinstance(sup, Sym) and sup.text in _PRIMES:
        return written + _PRIMES[sup.text] + _lowered(sub, de)  # after the index it would be the prime of the index
    return written + _lowered(sub, de) + _raised(sup, de)


def _attached(base: Layout, sub: Layout | None, sup: Layout | None, de: bool) -> str:
    """For a base that would otherwise have to be put in visible brackets."""
    lowered = "" if sub is None else f", b: {_cell(sub, de)}"
    raised = "" if sup is None else ', t: upright("T")' if sup == TRANSPOSE else f", t: {_cell(sup, de)}"
    return f"attach({_write(base, de)}{lowered}{raised})"


def _lowered(sub: Layout | None, de: bool) -> str:
    return "" if sub is None else "_" + _argument(sub, de)


def _raised(sup: Layout | None, de: bool) -> str:
    if sup is None:
        return ""
    return "^" + ('upright("T")' if sup == TRANSPOSE else _argument(sup, de))


def _argument(x: Layout, de: bool) -> str:
    if isinstance(x, (Sym, Num)):
        written = _write(x, de)
        if len(written) == 1 or written.isdigit():
            return written
    return f"({_cell(x, de)})"


def _bracketed(x: Paren, de: bool) -> str:
    if matrix := bare_matrix(x):
        return _write(matrix, de)
    left, right = brackets(x.open, x.close)
    inside = _write(x.x, de)
    if PAIRS.get(x.open) == x.close and x.open not in "|‖":
        return f"{x.open}{inside}{x.close}"
    return f"lr({' '.join(filter(None, (left.typst, inside, right.typst)))})"


def _branch(value: Layout, condition: Layout, de: bool) -> str:
    items = condition_items(condition)
    return _cell(value, de) + (f" &{_join('quad', _row(items, de))}" if items else "")


def _matrix(x: Matrix, de: bool) -> str:
    brackets(x.open, x.close)
    if PAIRS.get(x.open) == x.close:
        delim = f'"{x.open}"'
    elif not x.open and not x.close:
        delim = "#none"
    else:
        delim = f"#({', '.join(f'{_quoted(sign)}' if sign else 'none' for sign in (x.open, x.close))})"
    return f"mat(delim: {delim}, {'; '.join(', '.join(_cell(cell, de) for cell in cells) for cells in x.rows)})"
