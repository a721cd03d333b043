"""A layout as one line of Unicode: for terminals, answer files and search.

A line has no heights, so brackets appear exactly where a fraction, a power or an index would otherwise be misread.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rechenweg.numbers.notation.layout import (
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
    condition_items,
    ends_operand,
    head,
    is_bracket,
    is_name,
    is_space,
    needs_gap,
    neighbours,
    row_items,
    scripts,
)
from rechenweg.numbers.notation.symbols import GERMAN_WORDS, brackets, operator
from rechenweg.text import Language

_SUBSCRIPTS = dict(zip("0123456789aehijklmnoprstuvxβγρφχ+−=(),", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₊₋₌₍₎,", strict=True))
_SUPERSCRIPTS = dict(
    zip(
        "0123456789abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθ+−=()∗∘′″‴",
        "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿ⁺⁻⁼⁽⁾*°′″‴",
        strict=True,
    )
)
_DECIMAL_COMMA = re.compile(r"\d,\d")
_PRIMES = (Sym("′"), Sym("″"), Sym("‴"))
_COMBINING = {"hat": "\u0302", "vec": "\u20d7", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}

# How strongly something holds together on a line, loosest first.
_LIST, _SUM, _QUOTIENT, _PRODUCT, _ATOM = range(5)
_FUNCTION_LETTERS = frozenset("fghFGHσϕφψΦΨΓ")
_DIFFERENTIALS = frozenset("d∂∇ΔδD")


def to_text(layout: Layout, language: Language = "en") -> str:
    """The layout on one line.

    >>> to_text(Frac(Sym("a"), Row((Num("2"), Sub(Sym("b"), Num("1"))))))
    'a/(2b₁)'
    >>> to_text(Sub(Sym("w"), Sym("θ")))
    'w_(θ)'
    """
    return _write(layout, language == "de").strip()


def _write(x: Layout, de: bool) -> str:
    match x:
        case Sym(text):
            return text
        case Num(text):
            return (text.replace(".", ",") if de else text).replace("-", "−")
        case Row() | Call() | Op():
            return _row(row_items((x,)), de)
        case Sub() | Sup() | SubSup():
            return _scripted(x, de)
        case Frac(num, den):
            upper = _write(num, de).strip() if _level(num) >= _PRODUCT else f"({_write(num, de).strip()})"
            return f"{upper}/{_atom(den, de)}"
        case Paren(inner, opening, closing):
            brackets(opening, closing)
            return f"{opening}{_write(inner, de).strip()}{closing}"
        case Words(text):
            return GERMAN_WORDS.get(text.strip(), text.strip()) if de else text.strip()
        case Root(inner, degree):
            root = "√" if degree is None else (_small(degree, _SUPERSCRIPTS, de) or f"{_atom(degree, de)}.") + "√"
            alone = isinstance(inner, (Sym, Sub, Accent, Paren)) or (isinstance(inner, Num) and _level(inner) == _ATOM)
            return root + (_write(inner, de) if alone else f"({_write(inner, de).strip()})")
        case Accent():
            return _accented(x, de)
        case Cases(branches):
            return "{" + "; ".join(_branch(value, condition, de) for value, condition in branches) + "}"
        case Matrix(rows, opening, closing):
            brackets(opening, closing)
            written = [[_write(cell, de).strip() for cell in cells] for cells in rows]
            # [0,5, 1,5] would be misread: beside decimal commas no comma stands between entries.
            gap = "  " if de and any(_DECIMAL_COMMA.search(cell) for cells in written for cell in cells) else ", "
            inside = "; ".join(gap.join(cells) for cells in written)
            return f"{opening}{inside}{closing}"
        case BigOp(symbol, sub, sup):
            return symbol + _index(sub, de) + _exponent(sup, de)


def _branch(value: Layout, condition: Layout, de: bool) -> str:
    return " ".join(filter(None, (_write(value, de).strip(), _row(condition_items(condition), de).strip())))


def _row(items: list[Layout], de: bool) -> str:
    out: list[str] = []
    for place, (before, touching, item, _) in enumerate(neighbours(items)):
        if isinstance(item, Op):
            piece = _operator(item)
            if is_space(item) and out and out[-1].endswith(" "):
                piece = ""
            elif item.prefix and touching and not isinstance(before, Op):
                piece = " " + piece
        else:
            piece = _write(item, de)
            divided = isinstance(item, Frac) and _fraction_needs_brackets(before, items, place)
            if divided:
                piece = f"({piece})"
            if touching and before is not None and _gap(before, item, divided):
                piece = " " + piece
        out.append(piece)
    return "".join(out)


def _operator(op: Op) -> str:
    entry = operator(op.text)
    if op.prefix:
        return entry.text
    match entry.kind:
        case "binary" | "relation":
            return f" {entry.text} "
        case "punctuation":
            return f"{entry.text} "
        case "space":
            return "  " if entry.text == "\u2003" else " "
        case _:
            return entry.text


def _gap(before: Layout, item: Layout, divided: bool) -> bool:
    if isinstance(item, Op):
        return False
    if isinstance(before, Op):
        # A number of terms left out, "1 … n", or a postfix: what follows is a factor or a word.
        return isinstance(item, Words) and ends_operand(before)
    if divided and is_name(before):
        return False  # ln(2/5): the brackets of the fraction serve as those of the function
    if isinstance(item, Num) and not is_bracket(before) and before not in _PRIMES:
        return True  # "x 2", never "x2", which would be a name
    return needs_gap(before, item)


def _fraction_needs_brackets(before: Layout | None, items: list[Layout], place: int) -> bool:
    """a/b stands alone between + − · = and the like; beside a factor, or divided once more, it needs brackets."""
    after = next((item for item in items[place + 1 :] if not is_space(item)), None)
    if isinstance(before, Op):
        if operator(before.text).kind in ("tight", "postfix"):
            return True
    elif before is not None and not isinstance(before, (Words, BigOp)):
        return True
    if isinstance(after, Op):
        return operator(after.text).kind in ("tight", "postfix")
    return after is not None and not isinstance(after, Words)


def _scripted(x: Sub | Sup | SubSup, de: bool) -> str:
    base, sub, sup = scripts(x)
    nested = isinstance(base, (Sub, Sup, SubSup))
    primed = isinstance(base, Sup) and base.exp in _PRIMES
    if (nested and not primed) or isinstance(base, Root):
        written = f"({_write(base, de)})"
    elif isinstance(base, Paren):
        written = _write(base, de)  # x|₀ is open on one side, and meant to be
    else:
        written = _atom(base, de)
    return written + _index(sub, de) + _exponent(sup, de)


def _index(sub: Layout | None, de: bool) -> str:
    if sub is None:
        return ""
    return _small(sub, _SUBSCRIPTS, de) or "_" + _bracketed(sub, de)


def _exponent(sup: Layout | None, de: bool) -> str:
    if sup is None:
        return ""
    return _small(sup, _SUPERSCRIPTS, de) or "^" + _bracketed(sup, de)


def _bracketed(x: Layout, de: bool) -> str:
    inside = _write(x, de).strip().replace(", ", ",")
    return inside if isinstance(x, Paren) and x.open == "(" and x.close == ")" else f"({inside})"


def _small(x: Layout, table: dict[str, str], de: bool) -> str:
    """The layout in raised or lowered characters; empty where Unicode lacks one of them."""
    match x:
        case Sym(text):
            written = text
        case Words():
            written = _write(x, de)
        case Num(text):
            written = text.replace("-", "−")
        case Paren(inner, "(", ")"):
            inside = _small(inner, table, de)
            return table["("] + inside + table[")"] if inside else ""
        case Op(text):
            written = operator(text).text
        case Row() | Call():
            return _small_row(row_items((x,)), table, de)
        case _:
            return ""
    small = [table.get(letter, "") for letter in written]
    return "".join(small) if all(small) else ""


def _small_row(items: list[Layout], table: dict[str, str], de: bool) -> str:
    small = ""
    for before, touching, item, _ in neighbours(items):
        if touching and before is not None and _gap(before, item, False):
            return ""  # there are no small spaces
        if not is_space(item):
            piece = _small(item, table, de)
            if not piece:
                return ""
            small += piece
    return small


def _accented(x: Accent, de: bool) -> str:
    base = head(x.x)
    if isinstance(x.x, (Sub, Sup, SubSup)) and isinstance(base, Sym):
        inner, sub, sup = scripts(x.x)
        return _accented(Accent(x.kind, inner), de) + _index(sub, de) + _exponent(sup, de)
    if isinstance(base, Sym) and len(base.text) == 1:
        return _combined(_write(x.x, de), x.kind)
    return f"{x.kind}({_write(x.x, de).strip()})"


@lru_cache(maxsize=1024)
def _combined(letter: str, kind: str) -> str:
    return unicodedata.normalize("NFC", letter + _COMBINING[kind])


def _atom(x: Layout, de: bool) -> str:
    written = _write(x, de).strip()
    return written if _level(x) == _ATOM else f"({written})"


def _level(x: Layout) -> int:
    match x:
        case Row() | Call():
            return _row_level(row_items((x,)))
        case Frac():
            return _QUOTIENT
        case Num(text):
            return _PRODUCT if text.startswith("-") else _ATOM
        case BigOp(symbol, sub, sup):
            return _ATOM if sub is None and sup is None and symbol not in "∑∏∫" else _SUM
        case Matrix(_, opening, closing):
            return _ATOM if opening and closing else _LIST
        case Paren(_, opening, closing):
            return _ATOM if opening and closing else _LIST
        case Words(text):
            return _LIST if " " in text.strip() else _ATOM
        case _:
            return _ATOM


def _row_level(items: list[Layout]) -> int:
    if len(items) == 1:
        return _level(items[0])
    if len(items) == 2 and _is_one_thing(items[0], items[1]):
        return _ATOM
    level = _PRODUCT if items else _ATOM
    for before, _, item, _ in neighbours(items):
        level = min(level, _level_in_row(item, before))
    return level


def _is_one_thing(first: Layout, second: Layout) -> bool:
    """Two neighbours that are read as one: ∂w, dL, σ(x), ln(2)."""
    if isinstance(second, (Op, Words, BigOp, Frac)):
        return False
    base = head(first)
    if not isinstance(base, Sym):
        return False
    if is_bracket(second):
        return len(base.text) > 1 or base.text in _FUNCTION_LETTERS or _holds_arguments(head(second))
    return base.text in _DIFFERENTIALS and not is_name(second)


def _holds_arguments(bracket: Layout) -> bool:
    """Whether a bracket after any letter is surely an application: p(x), V(D, G), but a(b + c) may be a product."""
    if not isinstance(bracket, Paren) or bracket.open != "(":
        return False
    inside = row_items((bracket.x,))
    if len(inside) == 1:
        return isinstance(head(inside[0]), Sym)
    return any(isinstance(item, Op) and item.text in (",", ";", "|") for item in inside)


def _level_in_row(item: Layout, before: Layout | None) -> int:
    match item:
        case Op(text, prefix):
            if prefix:
                return _PRODUCT
            match operator(text).kind:
                case "binary":
                    # Of the products only those that may be regrouped with a division count as products.
                    return _PRODUCT if text in "·×⋅" else _SUM
                case "tight":
                    return _QUOTIENT
                case "postfix" | "dots":
                    return _PRODUCT
                case _:
                    return _LIST
        case BigOp():
            return _SUM
        case Frac():
            return _QUOTIENT
        case Words():
            return _LIST
    if before is not None and not isinstance(before, Op) and is_name(before) and not is_bracket(item):
        return _SUM  # ln x: one could read on, ln x/2
    return min(_level(item), _PRODUCT)
