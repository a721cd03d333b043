"""A layout as LaTeX (amsmath), without dollar signs; the reader reads all of it back."""

from __future__ import annotations

from collections.abc import Iterable

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
    is_name,
    is_simple,
    neighbours,
    row_items,
    scripts,
    words_gaps,
)
from rechenweg.numbers.notation.symbols import BIG_LATEX, GERMAN_WORDS, NAMED, PAIRS, SIGN_LATEX, brackets, operator
from rechenweg.text import Language

_ESCAPES = str.maketrans(
    {sign: "\\" + sign for sign in "#$%&_{}"}
    | {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
)
_ENVIRONMENTS = {("[", "]"): "bmatrix", ("(", ")"): "pmatrix", ("", ""): "matrix"}
_PRIMES = {"′": "'", "″": "''", "‴": "'''"}


def to_latex(layout: Layout, language: Language = "en") -> str:
    r"""The layout as LaTeX.

    >>> to_latex(Sub(Sym("w"), Row((Num("2"), Op(","), Num("3")))))
    'w_{2, 3}'
    >>> to_latex(Num("0.5"), "de")
    '0{,}5'
    """
    return _write(layout, language == "de")


def _write(x: Layout, de: bool) -> str:
    match x:
        case Sym(text):
            return _symbol(text)
        case Num(text):
            return text.replace(".", "{,}") if de else text
        case Row() | Call() | Op():
            return _row(row_items((x,)), de)
        case Sub() | Sup() | SubSup():
            return _scripted(x, de)
        case Frac(num, den):
            return rf"\frac{{{_write(num, de)}}}{{{_write(den, de)}}}"
        case Paren():
            return _bracketed(x, de)
        case Words(text):
            return _words(text, de, False, False)
        case Root(inner, degree):
            index = "" if degree is None else f"[{{{_write(degree, de)}}}]"
            return rf"\sqrt{index}{{{_write(inner, de)}}}"
        case Accent(kind, inner):
            wide = kind in ("hat", "tilde", "bar") and not isinstance(inner, (Sym, Num))
            command = {"hat": "widehat", "tilde": "widetilde", "bar": "overline"}[kind] if wide else kind
            return rf"\{command}{{{_write(inner, de)}}}"
        case Cases(branches):
            return _environment("cases", ((value, Row(tuple(condition_items(c)))) for value, c in branches), de)
        case Matrix(rows, opening, closing):
            if environment := _ENVIRONMENTS.get((opening, closing)):
                return _environment(environment, rows, de)
            left, right = brackets(opening, closing)
            return rf"\left{left.growing} {_environment('matrix', rows, de)} \right{right.growing}"
        case BigOp(symbol, sub, sup):
            command = BIG_LATEX.get(symbol) or rf"\operatorname*{{{symbol.translate(_ESCAPES)}}}"
            return command + _limits(sub, sup, de)


def _symbol(text: str) -> str:
    if known := SIGN_LATEX.get(text):
        return known
    if len(text) == 1:
        return text
    if text in NAMED:
        return "\\" + text
    # In \operatorname a plain space is lost.
    return rf"\operatorname{{{text.translate(_ESCAPES).replace(' ', chr(92) + ' ')}}}"


def _words(text: str, de: bool, before: bool, after: bool) -> str:
    """Running text, with the spaces that its neighbours need."""
    text = text.strip()
    if de:
        text = GERMAN_WORDS.get(text, text)
    return rf"\text{{{' ' * before}{text.translate(_ESCAPES)}{' ' * after}}}"


def _row(items: list[Layout], de: bool) -> str:
    out: list[str] = []
    for before, touching, item, after in neighbours(items):
        if isinstance(item, Op):
            piece = _operator(item, before)
        elif isinstance(item, Words):
            piece = _words(item.text, de, *words_gaps(before, touching, after))
        else:
            piece = _write(item, de)
            if touching and piece[:1].isdigit() and out[-1][-1:].isdigit():
                piece = "\\ " + piece  # two numbers side by side would be one
            # TeX takes a name for an operator and would set the minus after it as a sign: brace it to a plain atom.
            if isinstance(after, Op) and is_name(item) and operator(after.text).kind == "binary":
                piece = f"{{{piece}}}"
        after_big = touching and isinstance(before, BigOp) and not isinstance(item, Op)
        if after_big or (out and piece[:1].isalnum() and _ends_in_command(out[-1])):
            piece = " " + piece
        out.append(piece)
    return "".join(out).strip(" ")


def _operator(op: Op, before: Layout | None) -> str:
    """An operator with its spaces."""
    entry = operator(op.text)
    if op.prefix:
        return entry.latex if _tex_sees_a_sign(before) else f"{{{entry.latex}}}"
    match entry.kind:
        case "binary" | "relation":
            return f" {entry.latex} "
        case "punctuation":
            return f"{entry.latex} "
        case _:
            return entry.latex


def _tex_sees_a_sign(before: Layout | None) -> bool:
    """TeX makes a sign of + and − by itself at the start and after operators, but not after a slash, sign or word."""
    if isinstance(before, Op):
        return not before.prefix and operator(before.text).kind in ("binary", "relation", "punctuation")
    return before is None or isinstance(before, BigOp)


def _ends_in_command(latex: str) -> bool:
    place = latex.rfind("\\")
    return place >= 0 and len(latex) > place + 1 and latex[place + 1 :].isalpha()


def _scripted(x: Sub | Sup | SubSup, de: bool) -> str:
    base, sub, sup = scripts(x)
    if base == EMPTY:
        written = "{}"
    elif isinstance(base, Sym) and "\\" + base.text in (r"\max", r"\min"):
        written = rf"\operatorname{{{base.text}}}"  # \max would set the index below itself
    else:
        written = _write(base, de)
        if not is_simple(base):
            written = f"{{{written}}}"
    if sup == TRANSPOSE:
        return written + _limits(sub, None, de) + r"^{\mathrm{T}}"
    return written + _limits(sub, sup, de)


def _limits(sub: Layout | None, sup: Layout | None, de: bool) -> str:
    lowered = "" if sub is None else "_" + _argument(sub, de)
    if sup is None:
        return lowered
    mark = _PRIMES.get(sup.text) if isinstance(sup, Sym) else None
    return lowered + (mark or "^" + _argument(sup, de))


def _argument(x: Layout, de: bool) -> str:
    written = _write(x, de)
    return written if len(written) == 1 else f"{{{written}}}"


def _bracketed(x: Paren, de: bool) -> str:
    if matrix := bare_matrix(x):
        return _write(matrix, de)
    left, right = brackets(x.open, x.close)
    inside = _write(x.x, de)
    matched = PAIRS.get(x.open) == x.close or (x.open in ("(", "[") and x.close in (")", "]"))
    if _is_tall(x.x) or not matched:
        return rf"\left{left.growing} {inside} \right{right.growing}"
    opening = left.latex + " " if left.latex[-1:].isalpha() and inside[:1].isalnum() else left.latex
    return f"{opening}{inside}{right.latex}"


def _is_tall(x: Layout) -> bool:
    match x:
        case Frac() | Matrix() | Cases():
            return True
        case BigOp(_, sub, sup):
            return sub is not None or sup is not None
        case Row(items):
            return any(map(_is_tall, items))
        case Sub() | Sup() | SubSup():
            return _is_tall(x.base)
        case Root(inner) | Accent(_, inner) | Paren(inner):
            return _is_tall(inner)
        case Call(_, args):
            return any(map(_is_tall, args))
        case _:
            return False


def _environment(name: str, rows: Iterable[Iterable[Layout]], de: bool) -> str:
    lines = (" & ".join(_write(cell, de) for cell in cells) for cells in rows)
    inside = r" \\ ".join(lines)
    return rf"\begin{{{name}}} {inside} \end{{{name}}}"
