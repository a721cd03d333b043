r"""Reading the subset of LaTeX in which names and the mathematics in prose are written.

A recursive descent over the characters. It reads what LaTeX would show, not what may have been meant: ``f(x)`` stays a
name beside a bracket, ``x^23`` is x²3. What it does not know it refuses, pointing at the character.

Read are: letters, numbers (``0.5``, ``0{,}5``), Greek, ``+ - * / = < > , ; : ! |``, brackets with or without
``\left \right``, indices, exponents and primes, ``\frac``, ``\sqrt[n]``, accents, ``\mathbf \mathcal \mathbb \mathrm
\text \operatorname``, the operators and signs of :mod:`~rechenweg.numbers.notation.symbols`, ``\sum \prod \int \max
\min`` with limits, spaces, and the environments cases, matrix, bmatrix, pmatrix.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from typing import NoReturn

from rechenweg.errors import NotationError
from rechenweg.numbers.notation.layout import (
    EMPTY,
    PRIME,
    Accent,
    BigOp,
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
    ends_operand,
    is_space,
    row_items,
)
from rechenweg.numbers.notation.symbols import (
    ACCENT_COMMANDS,
    ALPHABETS,
    BIG_COMMANDS,
    LETTER_COMMANDS,
    NAME_COMMANDS,
    OPERATOR_COMMANDS,
    OPERATOR_SIGNS,
)

_DEEPEST = 100
"""Groups and commands within each other beyond this are an accident (and would exhaust Python's stack)."""

_DIGITS = frozenset("0123456789")
_FRACTIONS = frozenset({r"\frac", r"\tfrac", r"\dfrac"})
_IGNORED = frozenset(
    {"\\!", "\\ ", "~"} | {f"\\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
)
_BARS = {"|": "|", r"\|": "‖"}
# Bare brackets: the sign, and what may close it with which sign. Half-open intervals are written [a, b).
_ROUND_OR_SQUARE = {")": ")", "]": "]"}
_OPENERS: dict[str, tuple[str, dict[str, str]]] = {
    "(": ("(", _ROUND_OR_SQUARE),
    "[": ("[", _ROUND_OR_SQUARE),
    r"\{": ("{", {r"\}": "}"}),
    r"\lvert": ("|", {r"\rvert": "|"}),
    r"\lVert": ("‖", {r"\rVert": "‖"}),
    r"\lfloor": ("⌊", {r"\rfloor": "⌋"}),
    r"\lceil": ("⌈", {r"\rceil": "⌉"}),
    r"\langle": ("⟨", {r"\rangle": "⟩"}),
}
# After \left and \right either side takes any bracket.
_DELIMITERS: dict[str, str] = {
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", r"\|": "‖", r"\{": "{", r"\}": "}", ".": "",
    r"\lvert": "|", r"\rvert": "|", r"\lVert": "‖", r"\rVert": "‖", r"\lfloor": "⌊", r"\rfloor": "⌋",
    r"\lceil": "⌈", r"\rceil": "⌉", r"\langle": "⟨", r"\rangle": "⟩",
}  # fmt: skip
_MATRICES = {"matrix": ("", ""), "bmatrix": ("[", "]"), "pmatrix": ("(", ")")}
_TEXT_ESCAPES = {r"\textbackslash": "\\", r"\textasciicircum": "^", r"\textasciitilde": "~"}
_DEEPER_OPENS = frozenset(
    {"{", "(", "[", r"\{", r"\left", r"\begin", r"\lfloor", r"\lceil", r"\lvert", r"\lVert", r"\langle"}
)
_DEEPER_CLOSES = frozenset(
    {"}", ")", "]", r"\}", r"\right", r"\end", r"\rfloor", r"\rceil", r"\rvert", r"\rVert", r"\rangle"}
)


@lru_cache(maxsize=8192)
def read_latex(source: str) -> Layout:
    r"""The layout of a formula in our subset of LaTeX, without dollar signs.

    Raises:
        NotationError: the formula is not in the subset or not complete; characters are counted from 1.

    >>> read_latex(r"\hat y_1")
    Sub(base=Accent(kind='hat', x=Sym(text='y')), sub=Num(text='1'))
    >>> read_latex(r"2 + \foo")
    Traceback (most recent call last):
    ...
    rechenweg.errors.NotationError: cannot read "\foo" at character 5 of "2 + \foo"
    """
    return _Reader(source).formula()


class _Reader:
    """One pass over one source. A token is a command, a number or a character; ``""`` is the end."""

    __slots__ = ("at", "depth", "source", "start")

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0  # the next character
        self.start = 0  # where the last token began
        self.depth = 0

    # --- tokens ---------------------------------------------------------------------------------------------------

    def token(self) -> str:
        """The next token, spaces and mere hints on size skipped."""
        source, end = self.source, len(self.source)
        while True:
            while self.at < end and source[self.at].isspace():
                self.at += 1
            start = self.start = self.at
            if start == end:
                return ""
            sign = source[start]
            if sign == "\\":
                at = start + 1
                while at < end and source[at].isascii() and source[at].isalpha():
                    at += 1
                self.at = max(at, min(start + 2, end))
            elif sign in _DIGITS:
                self.at = self._number_end(start)
            else:
                self.at = start + 1
            token = source[start : self.at]
            if token not in _IGNORED and token != "\\\n":
                return token

    def _number_end(self, at: int) -> int:
        source = self.source
        at = self._digits_end(at)
        for point in (".", "{,}"):
            if source.startswith(point, at):
                fraction = self._digits_end(at + len(point))
                if fraction > at + len(point):
                    return fraction
        return at

    def _digits_end(self, at: int) -> int:
        while at < len(self.source) and self.source[at] in _DIGITS:
            at += 1
        return at

    def peek(self) -> str:
        at = self.at
        token = self.token()
        self.at = at
        return token

    def fail(self, token: str, start: int, why: str = "") -> NoReturn:
        source, token = (re.sub(r"\s", " ", part) for part in (self.source, token))
        if len(source) > start + 40:
            source = source[: start + 40] + "…"
        if start > 80:
            source = "…" + source[start - 40 :]
        what = f'"{token}" at character {start + 1}' if token else "the end"
        raise NotationError(f'cannot read {what} of "{source}"' + (f": {why}" if why else ""))

    # --- rows -----------------------------------------------------------------------------------------------------

    def formula(self) -> Layout:
        layout = self.row(frozenset())
        if token := self.peek():
            self.fail(token, self.start)
        return layout

    def row(self, stops: Set[str]) -> Layout:
        """Everything up to one of `stops` or the end, which stays unread."""
        self.deeper()
        items: list[Layout] = []
        before: Layout | None = None  # what precedes, spaces aside
        while token := self.peek():
            if token in _BARS:
                complete = ends_operand(before) and not isinstance(before, BigOp)
                if token in stops and complete:
                    break
                if complete and self._bars_ahead(token) % 2:
                    self.token()
                    new: list[Layout] = [Op(_BARS[token])]
                else:
                    new = [self.scripted(self._enclosed(_BARS[token], {token: _BARS[token]}))]
            elif token in stops or token in _DEEPER_CLOSES:
                break
            else:
                new = [self.item()]
            items += new
            if not is_space(new[-1]):
                before = new[-1]
        self.depth -= 1
        items = row_items(items)
        return items[0] if len(items) == 1 else Row(tuple(items))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail(self.peek(), self.start, f"it lies more than {_DEEPEST} groups deep")

    def _bars_ahead(self, bar: str) -> int:
        """How many bars like the next token follow in this group, itself included: an even number of them encloses."""
        at, bars, depth = self.at, 0, 0
        while (token := self.token()) and depth >= 0:
            if token in _DEEPER_OPENS:
                depth += 1
            elif token in _DEEPER_CLOSES:
                depth -= 1
            elif not depth and token in ("&", r"\\"):
                break
            elif not depth and token == bar:
                bars += 1
        self.at = at
        return bars

    def _enclosed(self, opening: str, closers: dict[str, str]) -> Paren:
        """The bracket whose opening sign is the next token."""
        token, start = self.token(), self.start
        inside = self.row(closers.keys())
        return Paren(inside, opening, closers[self.close(closers.keys(), token, start)])

    def close(self, closers: Set[str], opener: str, start: int) -> str:
        """Read what closes the opener, which stands at `start`."""
        token = self.token()
        if not token:
            self.fail(opener, start, "it is never closed")
        if token not in closers:
            self.fail(token, self.start, f'"{opener}" is still open')
        return token

    def group(self) -> Layout:
        """What stands in braces; the opening one is read already."""
        start = self.start
        layout = self.row({"}"})
        self.close({"}"}, "{", start)
        return layout

    # --- one thing with what hangs on it ----------------------------------------------------------------------------

    def item(self) -> Layout:
        in_braces = self.peek() == "{"
        return self.scripted(self.atom(), in_braces)

    def scripted(self, base: Layout, in_braces: bool = False) -> Layout:
        """The base with what follows it as index, exponent, primes; limits if it is a sum that no braces close."""
        sub: Layout | None = None
        sup: Layout | None = None
        primes = 0
        while (token := self.peek()) in ("^", "_", "'"):
            taken = (sup is not None) if token != "_" else (sub is not None)
            if taken or isinstance(base, Op) or (primes == 3 and token == "'"):
                self.fail(token, self.start)
            self.token()
            if token == "'":
                primes += 1
            elif token == "_":
                sub = self.argument("_")
            else:
                sup = self.argument("^")
        if primes:
            sup = Sym("′″‴"[primes - 1]) if sup is None else Row((*[PRIME] * primes, *row_items((sup,))))
        if isinstance(base, BigOp) and not in_braces:
            if len(base.symbol) > 1 and sub is None and sup is None:
                return Sym(base.symbol)
            return BigOp(base.symbol, sub, sup)
        if sub is not None:
            return Sub(base, sub) if sup is None else SubSup(base, sub, sup)
        return base if sup is None else Sup(base, sup)

    def argument(self, of: str) -> Layout:
        """What a command or a script applies to: a group, or else one single thing."""
        token = self.peek()
        if not token:
            self.fail("", self.at, f"{of} needs something to stand with")
        if token == "{":
            self.token()
            return self.group()
        if token[0] in _DIGITS and len(token) > 1:
            if not token.isdecimal():
                self.fail(token, self.start, f"after {of} it needs braces")
            self.at = self.start + 1  # as LaTeX has it: \frac12 is one half
            return Num(token[0])
        if token in ("^", "_", "'"):
            self.fail(token, self.start)
        self.deeper()
        atom = self.atom()
        self.depth -= 1
        return Sym(atom.symbol) if isinstance(atom, BigOp) and len(atom.symbol) > 1 else atom

    def atom(self) -> Layout:
        token = self.peek()
        if token in _OPENERS:
            return self._enclosed(*_OPENERS[token])
        if token in _BARS:
            return self._enclosed(_BARS[token], {token: _BARS[token]})
        self.token()
        start = self.start
        if token == "{":
            return self.group()
        if token[0] == "\\":
            return self.command(token, start)
        if token[0] in _DIGITS:
            return Num(token.replace("{,}", "."))
        if token == ":" and self.source.startswith("=", self.at):
            self.at += 1
            return Op(":=")
        if token in OPERATOR_SIGNS:
            return Op(OPERATOR_SIGNS[token])
        if token.isalpha() or token in "∞∂∇":
            return Sym(token)
        self.fail(token, start)

    # --- commands -------------------------------------------------------------------------------------------------

    def command(self, token: str, start: int) -> Layout:
        if sign := LETTER_COMMANDS.get(token):
            return Sym(sign)
        if sign := OPERATOR_COMMANDS.get(token):
            return Op(sign)
        if sign := BIG_COMMANDS.get(token):
            return BigOp(sign)
        if name := NAME_COMMANDS.get(token):
            return Sym(name)
        if kind := ACCENT_COMMANDS.get(token):
            return Accent(kind, self.argument(token))
        if token in _FRACTIONS:
            num = self.argument(token)
            return Frac(num, self.argument(token))
        if token == r"\sqrt":
            return self._root()
        if token == r"\left":
            return self._left(start)
        if token == r"\begin":
            return self._environment(start)
        if token == r"\text":
            return self._text()
        if token == r"\operatorname":
            limits = self.source.startswith("*", self.at)
            self.at += limits
            name = self._name(token)
            return BigOp(name) if limits else Sym(name)
        if token == r"\mathrm":
            return Sym(self._name(token)) if self.peek() == "{" else self.argument(token)
        if token in ALPHABETS:
            return self._alphabet(token, start)
        self.fail(token, start)

    def _root(self) -> Layout:
        degree: Layout | None = None
        if self.peek() == "[":
            self.token()
            start = self.start
            degree = self.row({"]"})
            self.close({"]"}, "[", start)
        return Root(self.argument(r"\sqrt"), degree)

    def _left(self, start: int) -> Layout:
        opening = self._delimiter()
        inside = self.row({r"\right"})
        self.close({r"\right"}, r"\left", start)
        paren = Paren(inside, opening, self._delimiter())
        return bare_matrix(paren) or paren

    def _delimiter(self) -> str:
        token = self.token()
        if token not in _DELIMITERS:
            self.fail(token, self.start, "a bracket is expected")
        return _DELIMITERS[token]

    def _environment(self, start: int) -> Layout:
        name = self._raw(r"\begin")
        if name != "cases" and name not in _MATRICES:
            self.fail(rf"\begin{{{name}}}", start)
        rows: list[list[Layout]] = [[]]
        while True:
            rows[-1].append(self.row({"&", r"\\", r"\end"}))
            token = self.close({"&", r"\\", r"\end"}, rf"\begin{{{name}}}", start)
            if token == r"\\":
                rows.append([])
            elif token == r"\end":
                end = self.start
                break
        closed = self._raw(r"\end")
        if closed != name:
            self.fail(rf"\end{{{closed}}}", end, rf"\begin{{{name}}} is still open")
        if len(rows) > 1 and rows[-1] == [EMPTY]:
            rows.pop()  # the last row may be ended, too
        if name != "cases":
            return Matrix(tuple(map(tuple, rows)), *_MATRICES[name])
        for cells in rows:
            if len(cells) > 2:
                self.fail(r"\begin{cases}", start, f"a case has a value and a condition, not {len(cells)} columns")
        return Cases(tuple((cells[0], cells[1] if len(cells) == 2 else EMPTY) for cells in rows))

    def _text(self) -> Layout:
        text = self._raw(r"\text").replace("\u00a0", " ").replace("\u2009", " ")
        # \text{ReLU}(x), \text{loss}_i: a name, though not written as one.
        if text and " " not in text and self.source[self.at : self.at + 1] in tuple("(_^"):
            return Sym(text)
        return Words(text.strip())

    def _name(self, command: str) -> str:
        """An upright name, in which LaTeX shows only the spaces that are commanded."""
        return self._raw(command).replace(" ", "").replace("\u2009", "").replace("\u00a0", " ")

    def _raw(self, command: str) -> str:
        """The text in braces after a command; ``\\,`` and ``\\ `` in it as the spaces U+2009 and U+00A0."""
        if self.token() != "{":
            self.fail(self.source[self.start : self.at], self.start, f"{command} needs braces")
        opened, source, letters = self.start, self.source, ""
        while self.at < len(source):
            sign = source[self.at]
            if sign == "}":
                self.at += 1
                return letters
            if sign == "\\":
                start = self.at
                token = self.token() if source[start + 1 : start + 2].isalpha() else source[start : start + 2]
                self.at = start + len(token)
                if token in _TEXT_ESCAPES:
                    letters += _TEXT_ESCAPES[token]
                    self.at += 2 * source.startswith("{}", self.at)
                elif token[1:] in tuple("#$%&_{} "):
                    letters += "\u00a0" if token == "\\ " else token[1:]
                elif token == r"\,":
                    letters += "\u2009"
                else:
                    self.fail(token, start)
            elif sign in "{$^_#&%":
                self.fail(sign, self.at, f"within {command}")
            else:
                self.at += 1
                letters += " " if sign.isspace() else sign
        self.fail("{", opened, "it is never closed")

    def _alphabet(self, command: str, start: int) -> Layout:
        table = ALPHABETS[command]
        items: list[Layout] = []
        for item in row_items((self.argument(command),)):
            if not isinstance(item, (Sym, Num)) or not all(letter in table for letter in item.text):
                self.fail(command, start, "it changes letters only")
            items.extend(Sym(table[letter]) for letter in item.text)
        return items[0] if len(items) == 1 else Row(tuple(items))
