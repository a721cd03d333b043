"""Mathematics as it is written: one layout tree, one reader for a subset of LaTeX, four writers.

``layout``        the tree: :class:`Sym`, :class:`Frac`, :class:`Sub` …
``latex_reader``  LaTeX to a tree; names and the mathematics in prose come in this way
``text``, ``latex``, ``typst``, ``mathml``  the tree to a line of Unicode, to paper and to the browser
``symbols``       the tables that reader and writers share

Whatever is built or read here comes out the same in all four forms, and what the LaTeX writer writes is read back as
something that is written the same.

>>> loss = read_latex(r"\\frac{\\partial L}{\\partial \\hat y} \\cdot \\sigma_2'(o) \\le 0.5")
>>> to_text(loss, "de")
'∂L/∂ŷ · σ₂′(o) ≤ 0,5'
>>> to_latex(loss)
"\\\\frac{\\\\partial L}{\\\\partial\\\\hat{y}} \\\\cdot \\\\sigma_2'(o) \\\\le 0.5"
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from rechenweg.numbers.notation.latex import to_latex
from rechenweg.numbers.notation.latex_reader import read_latex
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
    prime,
    row,
)
from rechenweg.numbers.notation.mathml import to_mathml
from rechenweg.numbers.notation.text import to_text
from rechenweg.numbers.notation.typst import to_typst
from rechenweg.text import Language

Form: TypeAlias = Literal["text", "latex", "typst", "mathml"]

_WRITERS = {"text": to_text, "latex": to_latex, "typst": to_typst, "mathml": to_mathml}


def write(layout: Layout, form: Form, language: Language = "en") -> str:
    """A layout in one of the four forms; LaTeX and Typst come without their dollar signs.

    >>> write(Frac(Num("1"), Num("2")), "typst")
    'frac(1, 2)'
    """
    return _WRITERS[form](layout, language)


__all__ = [
    "Accent", "BigOp", "Call", "Cases", "Form", "Frac", "Layout", "Matrix", "Num", "Op", "Paren", "Root", "Row", "Sub",
    "SubSup", "Sup", "Sym", "Words", "prime", "read_latex", "row", "to_latex", "to_mathml", "to_text", "to_typst",
    "write",
]  # fmt: skip
