"""A layout as MathML Core, which browsers set by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from rechenweg.numbers.notation.layout import (
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
    needs_gap,
    neighbours,
    row_items,
    scripts,
    words_gaps,
)
from rechenweg.numbers.notation.symbols import GERMAN_WORDS, brackets, operator
from rechenweg.text import Language

_UPRIGHT = frozenset("∞∇ℓ′″‴#&_$°")
_ACCENTS = {"hat": "^", "vec": "→", "bar": "‾", "tilde": "~", "dot": "˙"}
_GAP = '<mspace width="0.1667em"></mspace>'


def to_mathml(layout: Layout, language: Language = "en", display: bool = False) -> str:
    """The layout as a ``<math>`` element; with `display` on a line of its own and in full height.

    >>> to_mathml(Sup(Sym("x"), Num("2")))
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    opening = '<math display="block">' if display else "<math>"
    return f"{opening}{_write(layout, language == 'de')}</math>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _write(x: Layout, de: bool) -> str:
    """The layout as exactly one element."""
    match x:
        case Sym(text):
            upright = ' mathvariant="normal"' if len(text) > 1 or text in _UPRIGHT else ""
            return f"<mi{upright}>{_escape(text)}</mi>"
        case Num(text):
            if text.startswith("-"):
                return _row(row_items((x,)), de)
            return f"<mn>{text.replace('.', ',') if de else text}</mn>"
        case Row() | Call() | Op():
            return _row(row_items((x,)), de)
        case Sub() | Sup() | SubSup():
            return _scripted(x, de)
        case Frac(num, den):
            return f"<mfrac>{_write(num, de)}{_write(den, de)}</mfrac>"
        case Paren():
            return _bracketed(x, de)
        case Words(text):
            return _words(text, de, False, False)
        case Root(inner, degree):
            if degree is None:
                return f"<msqrt>{_write(inner, de)}</msqrt>"
            return f"<mroot>{_write(inner, de)}{_write(degree, de)}</mroot>"
        case Accent(kind, inner):
            narrow = ' stretchy="false"' if isinstance(inner, (Sym, Num)) and kind != "bar" else ""
            return f'<mover accent="true">{_write(inner, de)}<mo{narrow}>{_ACCENTS[kind]}</mo></mover>'
        case Cases(branches):
            rows = [(value, Row(tuple(condition_items(condition)))) for value, condition in branches]
            return f"<mrow>{_bracket('{', 'prefix')}{_table(rows, de, 'left')}</mrow>"
        case Matrix(rows, opening, closing):
            brackets(opening, closing)
            inside = _table(rows, de, "center")
            return f"<mrow>{_bracket(opening, 'prefix')}{inside}{_bracket(closing, 'postfix')}</mrow>"
        case BigOp(symbol, sub, sup):
            return _big(symbol, sub, sup, de)


def _words(text: str, de: bool, before: bool, after: bool) -> str:
    text = text.strip()
    if de:
        text = GERMAN_WORDS.get(text, text)
    # Ordinary spaces at the ends of an element are dropped.
    return f"<mtext>{chr(0xA0) * before}{_escape(text)}{chr(0xA0) * after}</mtext>"


def _row(items: list[Layout], de: bool) -> str:
    out: list[str] = []
    for before, touching, item, after in neighbours(items):
        if isinstance(item, Op):
            entry = operator(item.text)
            # Left to itself the browser goes by the place within the element, which is not always ours.
            out.append(f'<mo form="prefix">{entry.text}</mo>' if item.prefix else entry.mathml)
        elif isinstance(item, Words):
            out.append(_words(item.text, de, *words_gaps(before, touching, after)))
        else:
            if touching and before is not None and not isinstance(before, (Op, Words)) and needs_gap(before, item):
                out.append(_GAP)
            out.append(_write(item, de))
    return out[0] if len(out) == 1 else f"<mrow>{''.join(out)}</mrow>"


def _scripted(x: Sub | Sup | SubSup, de: bool) -> str:
    base, sub, sup = scripts(x)
    written = _write(base, de)
    lowered = "" if sub is None else _write(sub, de)
    raised = "" if sup is None else '<mi mathvariant="normal">T</mi>' if sup == TRANSPOSE else _prime_or(sup, de)
    element = "msub" if sup is None else "msup" if sub is None else "msubsup"
    return f"<{element}>{written}{lowered}{raised}</{element}>"


def _prime_or(sup: Layout, de: bool) -> str:
    return f"<mo>{sup.text}</mo>" if isinstance(sup, Sym) and sup.text in ("′", "″", "‴") else _write(sup, de)


def _bracket(sign: str, form: str) -> str:
    if not sign:
        return ""
    return f'<mo form="{form}" fence="true" stretchy="true">{sign}</mo>'


def _bracketed(x: Paren, de: bool) -> str:
    if matrix := bare_matrix(x):
        return _write(matrix, de)
    brackets(x.open, x.close)
    return f"<mrow>{_bracket(x.open, 'prefix')}{_write(x.x, de)}{_bracket(x.close, 'postfix')}</mrow>"


def _table(rows: Sequence[Sequence[Layout]], de: bool, align: str) -> str:
    style = f' style="text-align:{align}"' if align != "center" else ""
    cells = ("".join(f"<mtd{style}>{_write(cell, de)}</mtd>" for cell in cells) for cells in rows)
    return f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"


def _big(symbol: str, sub: Layout | None, sup: Layout | None, de: bool) -> str:
    if symbol == "∫":
        sign = "<mo>∫</mo>"
    elif len(symbol) == 1:
        sign = f'<mo movablelimits="true">{_escape(symbol)}</mo>'
    else:
        sign = f'<mo movablelimits="true" lspace="0" rspace="0">{_escape(symbol)}</mo>'
    if sub is None and sup is None:
        return sign if len(symbol) == 1 else _write(Sym(symbol), de)
    lowered, raised = "" if sub is None else _write(sub, de), "" if sup is None else _write(sup, de)
    under, over = ("sub", "sup") if symbol == "∫" else ("under", "over")
    element = "m" + (under if lowered else "") + (over if raised else "")
    return f"<{element}>{sign}{lowered}{raised}</{element}>"
