"""Names among the tokens: where a symbol or a function begins and ends, and what to say when it is none."""

from __future__ import annotations

from typing import Any

from rechenweg.errors import ReadingError
from rechenweg.numbers.reading.mistakes import (
    AmbiguousError,
    MisplacedError,
    NotANumberError,
    UnfinishedError,
    UnknownSymbolError,
    mistake,
)
from rechenweg.numbers.reading.tokens import DEEPEST_NESTING, Token, too_deep
from rechenweg.numbers.reading.vocabulary import END, Entry, Vocabulary

LONG = 150
"""Characters from which on a formula is checked for the size and the depth of what it computes."""

OPERANDS = frozenset(("word", "(", "{", "frac", "sqrt", "hat", "command", "begin"))
"""Tokens that begin an operand: after another operand they mean a product without a sign."""

CLOSING = {"(": ")", "[": "]", "{": "}"}
"""The bracket that closes each bracket."""

_GLUED = ("word", "number")
NOT_NUMBERS = frozenset(("nan", "inf", "infinity", "∞", "unendlich", "undefined", "none", "null"))


class Reader:
    """A place in a list of tokens, and the question's names.

    Args:
        source: what was written, for messages.
        tokens: one member of an equation, ending with two tokens of the kind "stop"; consumed.
        decimal_comma: read ``1,234`` as a decimal number; otherwise it is refused, since it may be 1234.
    """

    def __init__(self, source: str, tokens: list[Token], words: Vocabulary, decimal_comma: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.words = words
        self.decimal_comma = decimal_comma
        self.i = 0
        self.depth = 0
        self.bars = False  # whether a | closes, in the innermost bracket
        self.spent = 0
        self.long = len(source) > LONG

    # --- errors -----------------------------------------------------------------------------------------------------

    def error(self, kind: type[ReadingError], text: str, i: int | None = None) -> ReadingError:
        """An error at token `i`, by default the next one."""
        return mistake(kind, self.source, self.tokens[self.i if i is None else i][2], text)

    def written(self, i: int) -> str:
        """Token `i` as the candidate wrote it, in quotes."""
        kind, text, start, end = self.tokens[i]
        return "the end" if kind == "stop" else f'"{self.source[start:end].strip() or text}"'

    def misplaced(self, expected: str) -> ReadingError:
        """The error for a token that does not fit where it stands."""
        kind, text, _, end = self.tokens[self.i]
        if kind == "stop":
            return mistake(UnfinishedError, self.source, end, f"expected {expected}, found the end")
        if kind == "command":
            return self.error(UnknownSymbolError, f'"\\{text}" is no command that is read here')
        return self.error(MisplacedError, f"expected {expected}, found {self.written(self.i)}")

    def deeper(self) -> None:
        """One step into the nesting; the caller steps out again."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise too_deep(self.source, self.tokens[self.i][2])

    def unknown(self) -> ReadingError:
        """The error for a name that the question does not have."""
        i = self.i
        kind, text, start, end = self.tokens[i]
        if kind == "word" and text.lower() in NOT_NUMBERS:
            return self.error(NotANumberError, f"{self.written(i)} is no number")
        while self.tokens[i][0] == "hat" or (
            self.tokens[i + 1][2] == end and self.tokens[i + 1][0] in ("word", "number", "_", "hat")
        ):
            i += 1
            end = self.tokens[i][3]
        if self.tokens[i][0] == "_" and self.tokens[i + 1][0] == "{":
            while self.tokens[i][0] not in ("}", "stop"):
                i += 1
            end = self.tokens[i][3]
        name = self.source[start:end].strip()
        shown = name if len(name) <= 40 else name[:40] + "…"
        return self.error(UnknownSymbolError, f'"{shown}" is not known here; known: {self.words.known()}')

    # --- names ------------------------------------------------------------------------------------------------------

    def match(self, i: int) -> tuple[Entry, int, int] | None:
        """The longest spelling that begins at token `i`: its entry, its last token, and where in that token it ends.

        The offset is 0 where the token is used up.
        """
        node: Any = self.words.tree
        found: tuple[Entry, int, int] | None = None
        tokens = self.tokens
        before = ""
        j = i
        while True:
            kind, text, start, _ = tokens[j]
            last = j
            braced = kind == "{" and before in ("_", "^", "hat") and tokens[j + 2][0] == "}"
            if braced:
                kind, text, start, _ = tokens[j + 1]
                last = j + 2
            elif kind in _GLUED and before in _GLUED and start != tokens[j - 1][3]:
                return found  # "w 2" is not w2
            if kind == "stop":
                return found
            if kind == "word":
                for k, letter in enumerate(text, 1):
                    node = node.get(letter)
                    if node is None:
                        return found
                    entry = node.get(END)
                    if entry is not None and (k == len(text) or not braced):
                        found = (entry, last, 0 if k == len(text) else k)
            else:
                key = text if kind in ("number", "hat", "command") else kind
                if kind == "*" and before != "^" and key in node and END in node and not self._star_of_name(j):
                    return found
                node = node.get(key)
                if node is None:
                    return found
                entry = node.get(END)
                if entry is not None:
                    found = (entry, last, 0)
            before = kind
            j = last + 1

    def _star_of_name(self, j: int) -> bool:
        """Whether the star of y* is the target's, where the question has both y and y^*."""
        _, text, start, end = self.tokens[j]
        if text in ("⋆", "star", "ast"):
            return True
        if text != "*" or start != self.tokens[j - 1][3]:
            return False  # y · x, y * x
        kind, _, following, _ = self.tokens[j + 1]
        doubtful = False
        if kind == "-":
            doubtful = following == end  # y*-1, but not y* - 1
        elif kind in OPERANDS or kind in ("number", "[", "|", "‖"):
            if following == end:
                return False
            doubtful = True
        if doubtful:
            raise self.error(AmbiguousError, "whose is the star? write y^* for the symbol, y·x for a product", j)
        return True

    def part_at_commas(self) -> None:
        """max(0,5): the comma between digits parts the arguments, unless others do."""
        depth, j = 0, self.i
        separators: list[int] = []
        commas: list[int] = []
        while True:
            kind, text, _, _ = self.tokens[j]
            depth += (kind in CLOSING) - (kind in (")", "]", "}"))
            if depth == 0 or kind == "stop":
                break
            if depth == 1 and kind in (",", ";"):
                separators.append(j)
            elif depth == 1 and kind == "number" and "," in text and "{" not in text:
                commas.append(j)
            j += 1
        if not commas or any(self.tokens[k][0] == ";" for k in separators):
            return
        if separators:
            if all(self.tokens[k + 1][2] > self.tokens[k][3] for k in separators):
                return  # max(0,5, 1,5)
            raise self.error(AmbiguousError, 'which commas part numbers? write ";" between the numbers', commas[0])
        for j in reversed(commas):
            _, text, start, _ = self.tokens[j]
            parts: list[Token] = []
            for piece in text.split(","):
                end = start + len(piece)
                parts += (("number", piece, start, end), (",", ",", end, end + 1))
                start = end + 1
            self.tokens[j : j + 1] = parts[:-1]
