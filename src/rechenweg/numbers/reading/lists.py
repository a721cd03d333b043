r"""Vectors, matrices and shapes: from JSON lists, from text and from LaTeX.

In text, what parts the entries follows from what is there. ``;`` parts entries, commas are then decimal; ``, `` with a
blank parts entries, a comma without one is then decimal; commas alone part entries inside brackets; blanks alone part
plain numbers. ``0,5`` without brackets may be one number or two and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rechenweg.errors import ReadingError
from rechenweg.numbers.arrays import Array
from rechenweg.numbers.exact import Exact
from rechenweg.numbers.reading.answers import NO_SYMBOLS, last_member, read_formula, read_number
from rechenweg.numbers.reading.mistakes import (
    AmbiguousError,
    EmptyAnswerError,
    MisplacedError,
    TooLargeError,
    UnfittingShapesError,
    WrongKindError,
    described,
    mistake,
)
from rechenweg.numbers.reading.tokens import LONGEST_SOURCE, clean
from rechenweg.numbers.reading.values import Row, Value, shape
from rechenweg.numbers.reading.vocabulary import Vocabulary

MOST_ENTRIES = 2_000
"""Entries of one vector or matrix."""

MOST_AXES = 16
"""Entries of one shape."""

LARGEST_AXIS = 10**12
"""Largest entry of a shape."""

_LEFT_SIDE = re.compile(r"[^=\[\]()]*=\s*")
_WRAPPED = re.compile(r"\s*(?:(?:np|numpy|torch)\.)?(?:as)?(?:array|tensor)\s*\((.*)\)\s*", re.DOTALL)
_TRANSPOSITIONS = ("^T", "^{T}", r"^\top", r"^{\top}", "'", "ᵀ", ".T")
_OPENING = re.compile(r"[\s$]*(?:\\left\s*)?\\?([(\[{])")
_FIRST_ROW, _NEXT_ROW = re.compile(r"\s*([\[(])"), re.compile(r"[\s,;]*([\[(])")
_CHUNK = re.compile(r"\S+")
_PLAIN = re.compile(r"[-+]?(?:[0-9]+(?:[.,][0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?:/[0-9]+)?%?")
_SIZE = re.compile(r"^(?:torch\.)?[Ss]ize\s*\(\s*(.*)\)\s*$")
_BETWEEN_AXES = re.compile(r"[x×X,;]|(?<=[0-9])\s+(?=[0-9])")
_AXIS = re.compile(r"0*[1-9][0-9]{0,12}")
_OPEN, _CLOSE = "([{", ")]}"


def read_vector(raw: Any, vocabulary: Vocabulary | None = None, *, decimal_comma: bool = False) -> Array:
    r"""A vector as object array with one axis.

    Args:
        raw: a JSON list of numbers and texts, or a text: ``[6,4,3]``, ``(6; 4; 3)``, ``6 4 3``, ``(0,5; 1,5)``,
            ``\begin{pmatrix}6\\4\\3\end{pmatrix}``, a formula whose value is a vector.
        vocabulary: the question's symbols; without it the entries are numbers.
        decimal_comma: as for :func:`read_number`, for the texts in a list.

    Raises:
        ReadingError: one of the classes in :mod:`.mistakes`; the message names the entry or the character.

    >>> print(*read_vector("(0,5; 1/3; ln 2)"))
    1/2 1/3 ln(2)
    """
    words = NO_SYMBOLS if vocabulary is None else vocabulary
    found = _Text(raw, words).vector() if isinstance(raw, str) else _from_list(raw, words, decimal_comma)
    if isinstance(found, Exact):
        return _vector([found])
    if found.ndim == 2 and 1 in found.shape:
        return found.reshape(-1)
    if found.ndim != 1:
        raise WrongKindError(f"expected a vector, found a matrix of shape {found.shape}", 0)
    return found


def read_matrix(raw: Any, vocabulary: Vocabulary | None = None, *, decimal_comma: bool = False) -> Array:
    r"""A matrix as object array with two axes; arguments and errors as for :func:`read_vector`.

    Args:
        raw: a list of lists, or a text: ``[[1,2],[3,4]]``, ``1 2; 3 4``, a line per row,
            ``\begin{pmatrix}1&2\\3&4\end{pmatrix}``.

    >>> print(read_matrix("1 2; 3 4").shape)
    (2, 2)
    """
    words = NO_SYMBOLS if vocabulary is None else vocabulary
    found = _Text(raw, words).matrix() if isinstance(raw, str) else _from_list(raw, words, decimal_comma)
    if isinstance(found, Exact) or found.ndim != 2:
        came = "a number" if isinstance(found, Exact) else f"a vector of shape {found.shape}"
        raise WrongKindError(f"expected a matrix, found {came}", 0)
    return found


def read_shape(raw: Any) -> tuple[int, ...]:
    """A shape: ``(10,4,30,30)``, ``10x4x30x30``, ``10×4×30×30``, ``10, 4, 30, 30``, ``[10,4,30,30]``, or a list.

    Raises:
        ReadingError: an entry is no positive whole number.

    >>> read_shape("10x4x30x30")
    (10, 4, 30, 30)
    """
    if isinstance(raw, str):
        entries: list[Any] = _axes(raw)
    elif isinstance(raw, int) and not isinstance(raw, bool):
        entries = [raw]
    elif isinstance(raw, Sequence):
        entries = list(raw)
    else:
        raise WrongKindError(f"expected a shape such as (10, 4, 30, 30), found {described(raw)}", 0)
    if not entries:
        raise EmptyAnswerError("expected a shape such as (10, 4, 30, 30), found nothing", 0)
    if len(entries) > MOST_AXES:
        raise TooLargeError(f"expected at most {MOST_AXES} entries of a shape, found {len(entries):,}", 0)
    return tuple(_axis(entry, i) for i, entry in enumerate(entries, 1))


def _axes(raw: str) -> list[str]:
    text = clean(raw)
    for looks, plain in ((r"\times", "×"), (r"\left", ""), (r"\right", ""), ("$", " ")):
        text = text.replace(looks, plain)
    text = text.strip()
    size = _SIZE.match(text)
    if size:
        text = size[1]
    if text[:1] in tuple(_OPEN) and text[-1:] == _CLOSE[_OPEN.index(text[0])]:
        text = text[1:-1]
    pieces = [piece.strip() for piece in _BETWEEN_AXES.split(text)]
    if not pieces[-1]:  # (5,) and ()
        pieces.pop()
    return pieces


def _axis(entry: Any, i: int) -> int:
    if isinstance(entry, str) and _AXIS.fullmatch(entry.strip()):
        entry = int(entry)
    if isinstance(entry, int) and not isinstance(entry, bool) and 0 < entry <= LARGEST_AXIS:
        return int(entry)
    came = "nothing" if isinstance(entry, str) and not entry else described(entry)
    raise MisplacedError(f"entry {i} of the shape: expected a positive whole number, found {came}", 0)


# --- lists ------------------------------------------------------------------------------------------------------------


def _from_list(raw: Any, words: Vocabulary, decimal_comma: bool) -> Array:
    if not isinstance(raw, (Sequence, np.ndarray)):
        raise WrongKindError(f"expected a list of numbers, found {described(raw)}", 0)
    if not len(raw):
        raise EmptyAnswerError("expected a list of numbers, found an empty one", 0)
    if not _is_row(raw[0]):
        _check_size(raw, len(raw))
        return _vector([_entry(entry, words, decimal_comma, f"entry {i}") for i, entry in enumerate(raw, 1)])
    rows = []
    for i, row in enumerate(raw, 1):
        if not _is_row(row):
            raise WrongKindError(f"row {i}: expected a list of numbers, found {described(row)}", 0)
        _check_size(row, len(raw) * len(row))
        rows.append([_entry(entry, words, decimal_comma, f"row {i}, entry {j}") for j, entry in enumerate(row, 1)])
    return _rectangle(rows)


def _is_row(entry: Any) -> bool:
    return isinstance(entry, (Sequence, np.ndarray)) and not isinstance(entry, str)


def _check_size(row: Any, entries: int) -> None:
    if entries > MOST_ENTRIES:
        raise TooLargeError(f"expected at most {MOST_ENTRIES:,} entries, found {entries:,}", 0)
    written = sum(len(entry) for entry in row if isinstance(entry, str))
    if written > LONGEST_SOURCE:
        raise TooLargeError(f"expected at most {LONGEST_SOURCE:,} characters, found {written:,}", 0)


def _entry(entry: Any, words: Vocabulary, decimal_comma: bool, where: str) -> Exact:
    if isinstance(entry, Exact):
        return entry
    try:
        if not isinstance(entry, str):
            return read_number(entry)
        value = read_formula(entry, words, decimal_comma=decimal_comma)
    except ReadingError as error:
        raise type(error)(f"{where}: {error}", error.position) from None
    if not isinstance(value, Exact):
        raise WrongKindError(f"{where}: expected a number, found an array of shape {value.shape}", 0)
    return value


def _vector(numbers: list[Exact]) -> Array:
    made: Array = np.empty(len(numbers), dtype=object)
    made[:] = numbers
    return made


def _rectangle(rows: list[list[Exact]]) -> Array:
    for i, row in enumerate(rows, 1):
        if not row or len(row) != len(rows[0]):
            text = f"row {i}: expected {len(rows[0]) or 1} entries as in row 1, found {len(row)}"
            raise UnfittingShapesError(text, 0)
    made: Array = np.empty((len(rows), len(rows[0])), dtype=object)
    for i, row in enumerate(rows):
        made[i, :] = row
    return made


# --- text -------------------------------------------------------------------------------------------------------------

_Place = tuple[int, int]


class _Text:
    """A text, parted into entries, each of which is a formula. A piece is named by where it begins and ends."""

    def __init__(self, raw: str, words: Vocabulary) -> None:
        self.raw = raw
        self.text = text = clean(raw)
        self.words = words
        left = _LEFT_SIDE.match(text)  # z = (6, 4, 3)
        self.whole: _Place = (left.end() if left else 0, len(text))
        wrapped = _WRAPPED.fullmatch(text, *self.whole)
        if wrapped:
            self.whole = wrapped.span(1)

    def vector(self) -> Exact | Array:
        """The vector, or what the text is instead."""
        inside = self._inside()
        if inside is not None:
            rows = self._bracketed_rows(inside)
            return _vector(self._numbers(self._entries(inside, bracketed=True))) if rows is None else _rectangle(rows)
        if r"\begin" not in self.text:
            entries = self._entries(self.whole, bracketed=False)
            if len(entries) > 1:
                return _vector(self._numbers(entries))
        value = self._formula()
        if isinstance(value, Exact) and "," in self.text:  # (1,2)·2 is no vector to the parser
            raise mistake(AmbiguousError, self.raw, self.text.index(","), "does this comma part entries? write [a; b]")
        return value.entries if isinstance(value, Row) else value

    def matrix(self) -> Exact | Array:
        """The matrix, or what the text is instead."""
        inside = self._inside()
        rows = None if inside is None else self._bracketed_rows(inside)
        if rows is not None:
            return _rectangle(rows)
        if r"\begin" not in self.text:
            marks = self._marks(inside or self.whole, ";") or self._marks(inside or self.whole, "\n")
            if inside is not None or marks:
                pieces = self._parted(inside or self.whole, marks)
                _check_size((), len(pieces))
                one = len(pieces) == 1
                return _rectangle([self._numbers(self._entries(piece, bracketed=one)) for piece in pieces])
        value = self._formula()
        if isinstance(value, Row):
            return value.entries.reshape(1, -1)
        if isinstance(value, np.ndarray) and value.ndim == 1 and r"\begin" in self.text:
            return value.reshape(-1, 1)
        return value

    def _formula(self) -> Value:
        return last_member(self.raw, self.text, self.words, False, *self.whole)

    def _inside(self) -> _Place | None:
        r"""The inside of one pair of brackets around everything, ``\left( … \right)`` as well; ``None`` without."""
        begin, end = self.whole
        end = self._without(begin, end, _TRANSPOSITIONS)
        opening = _OPENING.match(self.text, begin, end)
        if opening is None:
            return None
        closing = self._closing(opening.start(1), end)
        if closing is None or self.text[closing + 1 : end].strip(" $\t\n"):
            return None
        inner = self._without(opening.end(), closing, ("\\", r"\right"))
        return opening.end(), self._without(opening.end(), inner, (",", ";"))  # [6, 4, 3,]

    def _without(self, begin: int, end: int, endings: tuple[str, ...]) -> int:
        """Where ``text[begin:end]`` ends without one of these endings and the white space around it."""
        piece = self.text[begin:end].rstrip()
        for ending in endings:
            if piece.endswith(ending):
                return begin + len(piece[: -len(ending)].rstrip())
        return begin + len(piece)

    def _closing(self, opening: int, end: int) -> int | None:
        depth = 0
        for i in range(opening, end):
            depth += (self.text[i] in _OPEN) - (self.text[i] in _CLOSE)
            if depth == 0:
                return i
        return None

    def _bracketed_rows(self, place: _Place) -> list[list[Exact]] | None:
        """The rows of ``[1, 2], [3, 4]``; ``None`` where the brackets belong to formulas: ``(a + b)/2, c``."""
        begin, end = place
        opening = _FIRST_ROW.match(self.text, begin, end)
        found = []
        while opening:
            closing = self._closing(opening.start(1), end)
            if closing is None:
                return None
            found.append((opening.end(), closing))
            begin = closing + 1
            opening = _NEXT_ROW.match(self.text, begin, end)
        if not found or self.text[begin:end].strip(" ,;\n\t"):
            return None
        return [self._numbers(self._entries(row, bracketed=True)) for row in found]

    def _marks(self, place: _Place, signs: str) -> list[int]:
        """Where one of the signs stands outside brackets."""
        depth, found = 0, []
        for i in range(*place):
            c = self.text[i]
            depth += (c in _OPEN) - (c in _CLOSE)
            if depth == 0 and c in signs:
                found.append(i)
        return found

    def _parted(self, place: _Place, marks: list[int]) -> list[_Place]:
        """What lies between the marks; a mark at the very end parts nothing."""
        found = [(a + 1, b) for a, b in pairwise([place[0] - 1, *marks, place[1]])]
        if len(found) > 1 and not self.text[found[-1][0] : found[-1][1]].strip():
            found.pop()
        return found

    def _entries(self, place: _Place, bracketed: bool) -> list[_Place]:
        """The places of a row's entries, by the rules in the module's docstring."""
        semicolons = self._marks(place, ";")
        if semicolons:
            return self._parted(place, semicolons)
        commas = self._marks(place, ",")
        tight = {i for i in commas if self.text[i - 1].isdigit() and self.text[i + 1 : i + 2].isdigit()}
        if len(tight) < len(commas):
            return self._parted(place, [i for i in commas if i not in tight])
        chunks = [match.span() for match in _CHUNK.finditer(self.text, *place)]
        plain = len(chunks) > 1 and all(_PLAIN.fullmatch(self.text, *chunk) for chunk in chunks)
        if not commas:
            return chunks if plain else [place]
        if plain or (len(commas) == 1 and not bracketed):
            text = 'which commas part entries? write ";" between the entries'
            raise mistake(AmbiguousError, self.raw, commas[0], text)
        return self._parted(place, commas)

    def _numbers(self, places: list[_Place]) -> list[Exact]:
        _check_size((), len(places))
        return [self._number(*place) for place in places]

    def _number(self, begin: int, end: int) -> Exact:
        if not self.text[begin:end].strip():
            raise mistake(EmptyAnswerError, self.raw, begin, "expected an entry, found nothing")
        # what parts the entries is settled, so a comma left in an entry is a decimal one
        value = last_member(self.raw, self.text, self.words, True, begin, end)
        if not isinstance(value, Exact):
            text = f"expected a number as entry, found an array of shape {shape(value)}"
            raise mistake(WrongKindError, self.raw, begin, text)
        return value
