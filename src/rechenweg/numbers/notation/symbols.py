"""The tables behind the notation: which sign is which LaTeX command, which operator keeps which distance.

Everything that reader and writers must agree on stands here once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rechenweg.errors import NotationError

Kind = Literal["binary", "relation", "punctuation", "tight", "postfix", "dots", "space"]


@dataclass(frozen=True, slots=True)
class Operator:
    """How an operator is written; `mathml` is the whole element, with the attributes that its place needs."""

    kind: Kind
    text: str
    latex: str
    typst: str
    mathml: str


def _same(kind: Kind, sign: str, latex: str, typst: str | None = None, mathml: str | None = None) -> Operator:
    return Operator(kind, sign, latex, typst or sign, mathml or f"<mo>{sign}</mo>")


_OPERATORS: tuple[Operator, ...] = (
    _same("binary", "+", "+"),
    _same("binary", "−", "-"),
    _same("binary", "±", r"\pm"),
    # U+22C5 is the operator; U+00B7, which reads better in running text, is a letter-like dot to the maths fonts.
    _same("binary", "·", r"\cdot", "⋅", "<mo>⋅</mo>"),
    _same("binary", "×", r"\times"),
    _same("binary", "∘", r"\circ"),
    _same("binary", "⊙", r"\odot"),
    _same("binary", "⊗", r"\otimes"),
    _same("binary", "⊕", r"\oplus"),
    _same("binary", "∗", "*"),
    _same("tight", "/", "/", r"\/", '<mo lspace="0" rspace="0">/</mo>'),
    _same("relation", "=", "="),
    _same("relation", "≈", r"\approx"),
    _same("relation", "≡", r"\equiv"),
    _same("relation", "≠", r"\ne"),
    _same("relation", "<", "<", None, "<mo>&lt;</mo>"),
    _same("relation", ">", ">", None, "<mo>&gt;</mo>"),
    _same("relation", "≤", r"\le"),
    _same("relation", "≥", r"\ge"),
    _same("relation", "≪", r"\ll"),
    _same("relation", "≫", r"\gg"),
    _same("relation", "∼", r"\sim"),
    _same("relation", "∝", r"\propto"),
    _same("relation", "∈", r"\in"),
    _same("relation", "∉", r"\notin"),
    _same("relation", "→", r"\to", None, '<mo stretchy="false">→</mo>'),
    _same("relation", "⇒", r"\Rightarrow", None, '<mo stretchy="false">⇒</mo>'),
    _same("relation", "↦", r"\mapsto", None, '<mo stretchy="false">↦</mo>'),
    _same("relation", ":=", ":=", "≔", "<mo>≔</mo>"),
    # The bars between, as in p(x | y); the bars around are brackets.
    _same("relation", "|", r"\mid", "∣", "<mo>∣</mo>"),
    _same("relation", "‖", r"\parallel", "∥", "<mo>∥</mo>"),
    # Within a Typst function call , ; : have a meaning of their own, so they are escaped everywhere.
    _same("punctuation", ",", ",", r"\,"),
    _same("punctuation", ";", ";", r"\;"),
    _same("punctuation", ":", ":", r"\:"),
    _same("postfix", "!", "!", r"\!", '<mo form="postfix" lspace="0" rspace="0">!</mo>'),
    _same("postfix", "%", r"\%", "%", '<mo form="postfix" lspace="0" rspace="0">%</mo>'),
    _same("dots", "…", r"\ldots"),
    _same("dots", "⋯", r"\cdots"),
    Operator("space", "\u2009", r"\,", "thin", '<mspace width="0.1667em"></mspace>'),
    Operator("space", "\u2005", r"\;", "thick", '<mspace width="0.2778em"></mspace>'),
    Operator("space", "\u2003", r"\quad", "quad", '<mspace width="1em"></mspace>'),
)

OPERATORS: dict[str, Operator] = {entry.text: entry for entry in _OPERATORS}
# As typed on a keyboard.
OPERATORS |= {"-": OPERATORS["−"], "*": OPERATORS["∗"], "⋅": OPERATORS["·"], "~": OPERATORS["∼"]}


def operator(text: str) -> Operator:
    """The table's entry; NotationError for an operator that no writer knows."""
    try:
        return OPERATORS[text]
    except KeyError:
        raise NotationError(f'there is no operator "{text}"; known are {" ".join(OPERATORS).strip()}') from None


_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
_OTHER = {"ell": "ℓ", "infty": "∞", "partial": "∂", "nabla": "∇", "prime": "′", "top": "T"}

LETTER_COMMANDS: dict[str, str] = {"\\" + name: sign for name, sign in (_GREEK | _OTHER).items()}
LETTER_COMMANDS |= {r"\#": "#", r"\&": "&", r"\_": "_", r"\$": "$"}

# Names that LaTeX has a command for; all others are written with \operatorname.
NAMED: frozenset[str] = frozenset({"exp", "ln", "log", "sin", "cos", "tanh", "max", "min", "arg"})
# Names that are read as commands as well, because authors expect them.
NAME_COMMANDS: dict[str, str] = {"\\" + name: name for name in (*NAMED, "softmax", "sgn")}

BIG_COMMANDS: dict[str, str] = {
    r"\sum": "∑", r"\prod": "∏", r"\int": "∫", r"\max": "max", r"\min": "min",
}  # fmt: skip
BIG_LATEX: dict[str, str] = {sign: command for command, sign in BIG_COMMANDS.items()}

ACCENT_COMMANDS: dict[str, Literal["hat", "vec", "bar", "tilde", "dot"]] = {
    r"\hat": "hat", r"\widehat": "hat", r"\vec": "vec", r"\bar": "bar", r"\overline": "bar",
    r"\tilde": "tilde", r"\widetilde": "tilde", r"\dot": "dot",
}  # fmt: skip

OPERATOR_COMMANDS: dict[str, str] = {
    entry.latex: entry.text for entry in _OPERATORS if entry.latex.startswith("\\")
} | {
    r"\leq": "≤", r"\geq": "≥", r"\neq": "≠", r"\rightarrow": "→", r"\dots": "…", r"\colon": ":", r"\:": "\u2005",
}  # fmt: skip
OPERATOR_SIGNS: dict[str, str] = {
    sign: entry.text for sign, entry in OPERATORS.items() if len(sign) == 1 and sign not in "|‖%~"
}


def _alphabet(command: str, capital_a: int, small_a: int | None, zero: int | None, holes: str) -> dict[str, str]:
    """Letter → the same letter in a mathematical alphabet; `holes` are those that Unicode had already elsewhere."""
    table = {chr(65 + k): chr(capital_a + k) for k in range(26)}
    if small_a is not None:
        table |= {chr(97 + k): chr(small_a + k) for k in range(26)}
    if zero is not None:
        table |= {chr(48 + k): chr(zero + k) for k in range(10)}
    table |= dict(zip(holes[::2], holes[1::2], strict=True))
    return table


ALPHABETS: dict[str, dict[str, str]] = {
    r"\mathbf": _alphabet(r"\mathbf", 0x1D400, 0x1D41A, 0x1D7CE, ""),
    r"\mathcal": _alphabet(r"\mathcal", 0x1D49C, None, None, "BℬEℰFℱHℋIℐLℒMℳRℛ"),
    r"\mathbb": _alphabet(r"\mathbb", 0x1D538, None, None, "CℂHℍNℕPℙQℚRℝZℤ"),
}
SIGN_LATEX: dict[str, str] = (
    {sign: command for command, sign in LETTER_COMMANDS.items() if sign != "T"}
    | {
        "″": r"{\prime\prime}",
        "‴": r"{\prime\prime\prime}",
    }
    | {sign: f"{command}{{{letter}}}" for command, table in ALPHABETS.items() for letter, sign in table.items()}
)


@dataclass(frozen=True, slots=True)
class Bracket:
    """How one bracket is written: in LaTeX bare and after ``\\left``, and by its Typst name."""

    latex: str
    growing: str
    typst: str


OPENING: dict[str, Bracket] = {
    "(": Bracket("(", "(", "paren.l"), ")": Bracket(")", ")", "paren.r"),
    "[": Bracket("[", "[", "bracket.l"), "]": Bracket("]", "]", "bracket.r"),
    "{": Bracket(r"\{", r"\{", "brace.l"), "|": Bracket(r"\lvert", "|", "bar.v"),
    "‖": Bracket(r"\lVert", r"\|", "bar.v.double"), "⌊": Bracket(r"\lfloor", r"\lfloor", "floor.l"),
    "⌈": Bracket(r"\lceil", r"\lceil", "ceil.l"), "⟨": Bracket(r"\langle", r"\langle", "chevron.l"),
    "": Bracket("", ".", ""),
}  # fmt: skip
CLOSING: dict[str, Bracket] = {
    ")": Bracket(")", ")", "paren.r"), "(": Bracket("(", "(", "paren.l"),
    "]": Bracket("]", "]", "bracket.r"), "[": Bracket("[", "[", "bracket.l"),
    "}": Bracket(r"\}", r"\}", "brace.r"), "|": Bracket(r"\rvert", "|", "bar.v"),
    "‖": Bracket(r"\rVert", r"\|", "bar.v.double"), "⌋": Bracket(r"\rfloor", r"\rfloor", "floor.r"),
    "⌉": Bracket(r"\rceil", r"\rceil", "ceil.r"), "⟩": Bracket(r"\rangle", r"\rangle", "chevron.r"),
    "": Bracket("", ".", ""),
}  # fmt: skip
# The pairs that may stand in LaTeX without \left and \right, and that Typst makes grow by itself.
PAIRS: dict[str, str] = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩"}


def brackets(opening: str, closing: str) -> tuple[Bracket, Bracket]:
    """Both brackets; NotationError for one that no writer knows."""
    try:
        return OPENING[opening], CLOSING[closing]
    except KeyError:
        raise NotationError(f'there are no brackets "{opening}" and "{closing}"; known are {PAIRS}') from None


# Words that formulas bring along by themselves; authors write their own texts in both languages.
GERMAN_WORDS: dict[str, str] = {
    "if": "falls", "otherwise": "sonst", "else": "sonst", "and": "und", "or": "oder", "for": "für",
    "for all": "für alle", "with": "mit", "where": "wobei", "more terms": "weitere Summanden",
}  # fmt: skip
# After one of these a minus is a sign; other words may stand for a quantity, from which one subtracts.
CONNECTING_WORDS: frozenset[str] = frozenset({*GERMAN_WORDS, *GERMAN_WORDS.values(), "when", "wenn", "bis", "to", "by"})
