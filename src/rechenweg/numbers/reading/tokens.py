r"""From what was written to a list of tokens: plain text, LaTeX and Unicode spellings become one alphabet.

``\cdot``, ``·``, ``×`` and ``*`` are the same token, so are ``\alpha`` and ``α``, ``ŷ`` and ``\hat y``, ``x²`` and
``x^2``, ``w₂`` and ``w_2``, ``∂`` and ``d``. Every token knows where it stood, so that an error can point at it.

A character is taken as the one it stands for (NFKC) only where that is one character, so that positions stay; super-
and subscripts keep their meaning. A character that cannot be seen, or that belongs to another script, is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rechenweg.errors import ReadingError
from rechenweg.numbers.reading.mistakes import (
    EmptyAnswerError,
    TooLargeError,
    UnbalancedError,
    UnexpectedCharacterError,
    mistake,
    quoted,
)

LONGEST_SOURCE = 10_000
"""Characters in one answer."""

DEEPEST_NESTING = 60
"""Brackets, powers, signs and functions inside one another."""

MOST_DIGITS = 1_000
"""Digits of one number as written, and the largest decimal exponent."""

MOST_TOKENS = 4_000
"""Numbers, names and signs in one answer."""

LONGEST_WORD = 60
"""Letters side by side."""

Token = tuple[str, str, int, int]
r"""(kind, text, start, end). The kind of a sign is the sign itself in one spelling (``*`` for ``\cdot``); the other
kinds are number, word, hat (any accent), frac, sqrt, begin, end, row, command (an unknown one) and stop."""

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "varrho": "ρ", "sigma": "σ", "varsigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
GREEK_NAMES = {letter: name for name, letter in _GREEK.items() if not name.startswith("var")}
"""The spelled-out name of each Greek letter."""

_SIGNS = {
    "**": "^", ":=": "=", "==": "=", "||": "‖", "·": "*", "×": "*", "⋆": "*", "÷": "/", ":": "/", "≃": "≈", "±": "±",
}  # fmt: skip
_COMMANDS: dict[str, tuple[str, str]] = {
    **{name: ("word", letter) for name, letter in _GREEK.items()},
    **{name: ("word", name) for name in ("ln", "log", "exp", "tanh", "sin", "cos", "max", "min", "abs", "lg")},
    **{name: ("*", name) for name in ("cdot", "times", "ast", "star", "bullet")},
    **{name: ("hat", "hat") for name in ("hat", "widehat")},
    **{name: ("hat", "bar") for name in ("bar", "overline")},
    **{name: ("hat", "tilde") for name in ("tilde", "widetilde")},
    **{name: ("hat", "vec") for name in ("vec", "overrightarrow")},
    **{name: ("frac", "frac") for name in ("frac", "dfrac", "tfrac", "cfrac")},
    **{name: ("‖", "‖") for name in ("|", "Vert", "lVert", "rVert")},
    **{name: ("|", "|") for name in ("vert", "lvert", "rvert")},
    **{name: ("≈", "≈") for name in ("approx", "simeq", "doteq")},
    **{name: ("≤", "≤") for name in ("le", "leq", "leqslant")},
    **{name: ("≥", "≥") for name in ("ge", "geq", "geqslant")},
    **{name: ("≠", "≠") for name in ("ne", "neq")},
    **{name: ("word", "T") for name in ("top", "intercal", "transpose")},
    "lt": ("<", "<"), "gt": (">", ">"), "sqrt": ("sqrt", "sqrt"), "div": ("/", "/"), "%": ("%", "%"),
    "{": ("{", "{"), "}": ("}", "}"), "lbrace": ("{", "{"), "rbrace": ("}", "}"), "ell": ("word", "l"),
    "odot": ("⊙", "⊙"), "circ": ("⊙", "⊙"),
    "prime": ("'", "'"), "infty": ("word", "∞"), "\\": ("row", "row"), "&": ("&", "&"), "_": ("_", "_"),
}  # fmt: skip

# Commands that change only how a formula looks; what a font command holds is read as if it stood alone.
_LOOKS = (
    r"left|right|[bB]igg?[lr]?|quad|qquad|displaystyle|textstyle|limits|mathstrut|"
    r"mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|text|textrm|textbf|textit|mbox|operatorname|rm|bf|boxed"
)
_FONTS = r"mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|text|textrm|textbf|textit|mbox|operatorname\*?"

_SUPER: dict[str, str] = {}
_SUB: dict[str, str] = {}
for _code in (0xB2, 0xB3, 0xB9, *range(0x2070, 0x209D), *range(0x2B0, 0x2E5), *range(0x1D2C, 0x1D6B)):
    _how, _, _what = unicodedata.decomposition(chr(_code)).partition(" ")
    if _how in ("<super>", "<sub>") and len(_what) == 4:
        (_SUPER if _how == "<super>" else _SUB)[chr(_code)] = chr(int(_what, 16)).replace("−", "-")
_SUB["ⱼ"] = "j"

_VULGAR = {
    c: (int(top or 1), int(bottom))
    for c in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    for top, bottom in [unicodedata.normalize("NFKC", c).split("⁄")]
}

_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u20d7": "vec"}
_COMPOSED = {
    unicodedata.normalize("NFC", letter + mark): (accent, letter)
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for mark, accent in _ACCENTS.items()
    if len(unicodedata.normalize("NFC", letter + mark)) == 1
}

_SAME = dict(zip("−–‐‑‒﹣⋅∙•∗⁎∕⁄∶∆ς′’‘´ʹ∥∣⊤⊺≪µ√∂∇", "-----" + "-···**//:Δσ'''''‖|ᵀᵀ≪μ√∂∇", strict=True))
"""Look-alikes that NFKC leaves alone."""
_SAME |= {c: c for c in (*_SUPER, *_SUB, *_VULGAR, *_COMPOSED)}


def _any_of(characters: Iterable[str]) -> str:
    return "[" + re.escape("".join(characters)) + "]"


_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n~$]+ | \\[,;:!\ ()\[\]] | \\(?:{_LOOKS})(?![A-Za-z])(?!\s*\{{\s*[A-Za-z\ ]*[A-Za-z]\s*\}}))
    | (?P<number>
        (?:[0-9]++(?:(?:[.,]|\{{,\}})[0-9]++)*(?:\.(?![0-9.,T]))?+ | \.[0-9]++)(?!{_any_of(_VULGAR)})
        (?:[eE][+-]?[0-9]++)?)
    | (?P<vulgar>[0-9]*{_any_of(_VULGAR)})
    | (?P<nabla>(?:∂|∇|\\(?:partial|nabla)(?![A-Za-z]))\s*)
    | (?P<word>[A-Za-zΑ-Ωα-ω∞]+)
    | (?P<prime>\^\s*(?:\\prime(?![A-Za-z])|'|\{{\s*(?:\\prime(?![A-Za-z])|')\s*\}}))
    | (?P<dot_t>\.T(?![A-Za-z]))
    | (?P<sign>\*\*|:=|==|\|\||<=|>=|!=|[-+*/^_(){{}}\[\]|,;=≈≃'%:·×⋆÷⊙‖<>≤≥≠&±])
    | (?P<font>\\(?:{_FONTS})\s*\{{\s*(?P<inside>[A-Za-z\ ]*[A-Za-z])\s*\}})
    | \\(?P<edge>begin|end)\s*\{{(?P<environment>[a-z]+\*?)\}}
    | \\(?P<command>[A-Za-z]+|[^A-Za-z])
    | (?P<root>√)
    | (?P<super>{_any_of(_SUPER)}+)
    | (?P<sub>{_any_of(_SUB)}+(?:,{_any_of(_SUB)}+)*)
    | (?P<composed>{_any_of(_COMPOSED)})
    | (?P<accent>{_any_of(_ACCENTS)})
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_RELATIONS = {"<=": "≤", ">=": "≥", "!=": "≠"}
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def clean(source: str) -> str:
    """The source with every character as the one it stands for; positions stay the same.

    >>> clean("２−𝑥·ŷ²")
    '2-x·ŷ²'

    Raises:
        EmptyAnswerError, TooLargeError
    """
    if len(source) > LONGEST_SOURCE:
        came = f'"{quoted(source, 0)}" has {len(source):,} characters'
        raise TooLargeError(f"expected at most {LONGEST_SOURCE:,} characters, {came}", LONGEST_SOURCE)
    if not source or source.isspace():
        raise EmptyAnswerError("expected an answer, found nothing", 0)
    if source.isascii():
        return source
    characters = [_SAME.get(c) or (c if c < "\x80" else _stands_for(c)) for c in source]
    for i in range(len(characters) - 1, 0, -1):
        if characters[i] in _ACCENTS and characters[i - 1].isalpha():  # accent before letter, as in \hat y
            characters[i - 1 : i + 1] = characters[i], characters[i - 1]
    return "".join(characters)


def _stands_for(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character


def tokenize(source: str, text: str, begin: int = 0, end: int | None = None) -> list[Token]:
    r"""The tokens of ``text[begin:end]``, closed by two tokens of the kind "stop".

    Args:
        source: what was written, for messages.
        text: the same, cleaned (:func:`clean`).

    >>> [text for kind, text, start, end in tokenize(r"2\cdot\hat{y}", r"2\cdot\hat{y}")]
    ['2', 'cdot', 'hat', '{', 'y', '}', '', '']
    """
    end = len(text) if end is None else end
    tokens: list[Token] = []
    add = tokens.append
    opened: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(text, begin, end):
        kind = match.lastgroup
        if kind == "space":
            continue
        start, stop = match.span()
        if kind == "number":
            if stop - start > MOST_DIGITS:
                came = f"found {stop - start:,}"
                raise mistake(TooLargeError, source, start, f"expected at most {MOST_DIGITS:,} digits, {came}")
            add((kind, match[0], start, stop))
        elif kind == "word":
            if stop - start > LONGEST_WORD:
                came = f"found {stop - start:,}"
                raise mistake(
                    TooLargeError, source, start, f"expected at most {LONGEST_WORD} letters in a word, {came}"
                )
            add((kind, match[0], start, stop))
        elif kind == "sign" or kind == "command":
            name = match[0] if kind == "sign" else match["command"]
            if kind == "sign":
                token = (_SIGNS.get(name) or _RELATIONS.get(name, name), name, start, stop)
            else:
                token = (*_COMMANDS.get(name, ("command", name)), start, stop)
            if token[0] in "([{":
                opened.append((token[0], start))
                if len(opened) > DEEPEST_NESTING:
                    raise too_deep(source, start)
            elif token[0] in ")]}":
                _close(source, opened, token[0], start)
            add(token)
        else:
            _rare(source, match, tokens, opened)
        if len(tokens) > MOST_TOKENS:
            raise mistake(TooLargeError, source, start, f"expected at most {MOST_TOKENS:,} numbers, names and signs")
    if opened:
        sign, position = opened[-1]
        raise mistake(UnbalancedError, source, position, f"{_shown(sign)} is never closed")
    stop_token = ("stop", "", end, end)
    add(stop_token)
    add(stop_token)
    return tokens


def too_deep(source: str, position: int) -> ReadingError:
    """The error for a formula that is nested too deep."""
    return mistake(TooLargeError, source, position, f"nested more than {DEEPEST_NESTING} deep")


def _close(source: str, opened: list[tuple[str, int]], closing: str, position: int) -> None:
    if not opened:
        raise mistake(UnbalancedError, source, position, f"{_shown(closing)} was never opened")
    sign, where = opened.pop()
    expected = _CLOSES.get(sign, sign)
    if expected != closing:
        text = f"expected {_shown(expected)} for the {_shown(sign)} of character {where + 1}, found {_shown(closing)}"
        raise mistake(UnbalancedError, source, position, text)


def _shown(sign: str) -> str:
    return f'"{sign}"' if len(sign) == 1 else rf'"\begin{{{sign}}}"'


def _rare(source: str, match: re.Match[str], tokens: list[Token], opened: list[tuple[str, int]]) -> None:
    """Tokens that need more than one line; `match` is none of space, number, word, sign, command."""
    kind, (start, stop), text = match.lastgroup, match.span(), match[0]
    if kind == "nabla":  # the white space after it is part of it: ∂ L is one name
        tokens.append(("word", "∇" if "∇" in text or "nabla" in text else "d", start, stop))
    elif kind == "prime":
        tokens.append(("'", "'", start, stop))
    elif kind == "inside" or kind == "font":
        tokens.append(("word", match["inside"].replace(" ", ""), start, stop))
    elif kind == "environment":
        name = match["environment"]
        tokens.append((match["edge"], name, start, stop))
        if match["edge"] == "begin":
            opened.append((name, start))
        elif not opened or opened[-1][0] != name:
            raise mistake(UnbalancedError, source, start, rf'"\end{{{name}}}" was never opened')
        else:
            opened.pop()
    elif kind == "root":
        tokens.append(("sqrt", "√", start, stop))
    elif kind == "vulgar":
        tokens.append(("number", text, start, stop))
    elif kind == "dot_t":
        tokens += (("^", "^", start, start + 1), ("word", "T", start + 1, stop))
    elif kind == "super" or kind == "sub":
        _script(source, match, tokens)
    elif kind == "composed":
        accent, letter = _COMPOSED[text]
        tokens += (("hat", accent, start, start), ("word", letter, start, stop))
    elif kind == "accent":
        tokens.append(("hat", _ACCENTS[text], start, stop))
    else:
        raise mistake(UnexpectedCharacterError, source, start, f"{_named(source[start])} belongs to no formula")


def _script(source: str, match: re.Match[str], tokens: list[Token]) -> None:
    """Raised or lowered characters: ^ or _ and what they stand for, in braces if it is more than one thing."""
    table, sign = (_SUPER, "^") if match.lastgroup == "super" else (_SUB, "_")
    inner = "".join(table.get(c, c) for c in match[0])
    start, stop = match.span()
    parts = [(k, t, start + a, start + b) for k, t, a, b in tokenize(inner, inner)[:-2]]
    if not tokens or tokens[-1][0] != sign:  # x^⊤ says it twice
        tokens.append((sign, match[0][0], start, start + 1))
    if len(parts) == 1:
        tokens += parts
    else:
        tokens += (("{", "{", start, start), *parts, ("}", "}", stop, stop))


def _named(character: str) -> str:
    name = unicodedata.name(character, "a control character")
    if character == "\\":
        return 'a lone "\\"'
    if character.isascii() and character.isprintable():
        return f'"{character}"'
    visible = character.isprintable() and not unicodedata.combining(character)
    shown = f'"{character}"' if visible else "an invisible one,"
    return f"{shown} U+{ord(character):04X} ({name})"


def vulgar_fraction(text: str) -> tuple[int, int]:
    """Numerator and denominator of ``½`` or ``1½``.

    >>> vulgar_fraction("1½")
    (3, 2)
    """
    top, bottom = _VULGAR[text[-1]]
    return int(text[:-1] or 0) * bottom + top, bottom
