"""Prose and single characters as LaTeX, for pdflatex's text fonts (T1) as well as for lualatex."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rechenweg.numbers.notation import Layout, to_latex
from rechenweg.text import Language
from rechenweg.working.prose import Bold, CodeSpan, Inline, Italic, Math, Plain, parse

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "[": "{[}",  # never the optional argument of what stands before
    "]": "{]}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "\0": "{}",  # parts what would join to another character
    "\u00a0": "~",
    "\u202f": r"\,",
    "’": "'",
    "‘": "`",
    "“": "``",
    "”": "''",
    "„": r"\quotedblbase{}",
    "–": "--",
    "—": "---",
    "…": r"\dots{}",
    "•": r"\textbullet{}",
    "½": r"\textonehalf{}",
    "¼": r"\textonequarter{}",
    "¾": r"\textthreequarters{}",
    "€": r"\texteuro{}",
}
# What the text fonts of pdflatex lack but their mathematics has.
_AS_MATH = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "ϕ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi",
    "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    "−": "-", "×": "times", "·": "cdot", "⋅": "cdot", "±": "pm", "≤": "le", "≥": "ge", "≠": "ne",
    "≈": "approx", "→": "to", "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "↦": "mapsto",
    "∂": "partial", "∇": "nabla", "∞": "infty", "∈": "in", "∉": "notin", "∑": "sum", "∏": "prod", "√": "surd",
    "ℝ": "mathbb{R}", "ℕ": "mathbb{N}", "ℤ": "mathbb{Z}", "∘": "circ", "⊙": "odot", "‖": "Vert",
    "∀": "forall", "∃": "exists", "∧": "wedge", "∨": "vee", "¬": "neg", "∅": "emptyset", "∪": "cup",
    "∩": "cap", "⊂": "subset",
    "²": "^2", "³": "^3", "¹": "^1",
}  # fmt: skip
_MATHS = {sign: f"$\\{name}$" if name[0].isalpha() else f"${name}$" for sign, name in _AS_MATH.items()}
_SUBSCRIPTS = {chr(0x2080 + digit): f"$_{digit}$" for digit in range(10)}
_ALL = {**_SPECIAL, **_MATHS, **_SUBSCRIPTS, "′": "$'$"}
_TRANSLATION = str.maketrans(_ALL)
_JOINING = re.compile(r"-(?=-)|,(?=,)|[!?](?=`)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd-\uffff\ud800-\udfff]")
_WHITE = re.compile(r"[^\S\u00a0\u2007\u202f]+")


def escape(text: str) -> str:
    r"""Literal text as LaTeX.

    >>> escape("a_1 & 50 % -- x → y")
    'a\\_1 \\& 50 \\% -{}- x $\\to$ y'
    """
    text = _JOINING.sub("\\g<0>\0", _CONTROLS.sub("?", _WHITE.sub(" ", text)))
    return text.translate(_TRANSLATION)


@lru_cache(maxsize=65536)
def math(layout: Layout, language: Language) -> str:
    """A formula inside a line, dollars included."""
    return f"${to_latex(layout, language)}$"


@lru_cache(maxsize=16384)
def prose(text: str, language: Language) -> str:
    """Marked-up prose; paragraphs are separated by a blank line."""
    return "\n\n".join(inline(paragraph, language) for paragraph in parse(text))


def inline(items: Iterable[Inline], language: Language) -> str:
    """Items of one paragraph."""
    parts: list[str] = []
    for item in items:
        match item:
            case Plain(text):
                parts.append(escape(text))
            case Math(layout):
                parts.append(math(layout, language))
            case CodeSpan(text):
                parts.append(f"\\texttt{{{escape(text)}}}")
            case Bold(inner):
                parts.append(f"\\textbf{{{inline(inner, language)}}}")
            case Italic(inner):
                parts.append(f"\\emph{{{inline(inner, language)}}}")
    return "".join(parts)
