"""What can be wrong with a written answer: one error class per kind of mistake, each pointing at the character.

ReadingError (in rechenweg.errors)
├── EmptyAnswerError            nothing was written
├── UnexpectedCharacterError    a character that no formula contains, or one that cannot be seen
├── UnbalancedError             a bracket that is never closed or never opened
├── MisplacedError              something stands where something else was expected: 2 + * 3
├── UnfinishedError             the formula stops where something is still expected: 2 +
├── UnknownSymbolError          a name that the question does not have
├── AmbiguousError              two readings are possible, and a mark must not hang on the choice: 1/2x
├── NotANumberError             NaN, infinity, a truth value, a binary float
├── DivisionByZeroError         1/0
├── UndefinedValueError         ln(−1), √(−1)
├── ArgumentsError              a function with too many or too few arguments
├── UnfittingShapesError        arrays whose shapes do not go together (names both)
├── WrongKindError              a matrix where a number was asked for
├── IncompleteCasesError        a case distinction that says nothing for some values
└── TooLargeError               too long, nested too deep, too many digits, too large a power
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sized

from rechenweg.errors import ReadingError

QUOTED = 40
"""Longest piece of an answer that a message quotes."""

LINE = 72
"""Longest piece of an answer that stands above a caret."""


class EmptyAnswerError(ReadingError):
    """Nothing was written."""


class UnexpectedCharacterError(ReadingError):
    """A character that no formula contains, or one that cannot be seen."""


class UnbalancedError(ReadingError):
    """A bracket that is never closed or never opened."""


class MisplacedError(ReadingError):
    """Something stands where something else was expected."""


class UnfinishedError(ReadingError):
    """The formula stops where something is still expected."""


class UnknownSymbolError(ReadingError):
    """A name that the question does not have."""


class AmbiguousError(ReadingError):
    """Two readings are possible; the message says how to write each."""


class NotANumberError(ReadingError):
    """NaN, infinity, a truth value or a binary float: no number that could be compared exactly."""

    final = True


class DivisionByZeroError(ReadingError):
    """A division by 0."""

    final = True


class UndefinedValueError(ReadingError):
    """A function where it has no value, e.g. ln(−1)."""

    final = True


class ArgumentsError(ReadingError):
    """A function with too many or too few arguments."""


class UnfittingShapesError(ReadingError):
    """Arrays whose shapes do not go together."""

    final = True


class WrongKindError(ReadingError):
    """A matrix where a number was asked for, or the like."""


class IncompleteCasesError(ReadingError):
    """A case distinction that says nothing for some values."""


class TooLargeError(ReadingError):
    """Too long, nested too deep, too many digits, or too large a power."""

    final = True


def mistake(kind: type[ReadingError], source: str, position: int, text: str) -> ReadingError:
    """An error whose message names the character and quotes the source.

    >>> print(mistake(UnbalancedError, "2+(3", 2, '"(" is never closed'))
    character 3 of "2+(3": "(" is never closed
    """
    shown = "".join(_visible(c) for c in text)
    return kind(f'character {position + 1} of "{quoted(source, position)}": {shown}', position)


def quoted(source: str, position: int = 0, longest: int = QUOTED) -> str:
    """At most `longest` characters of the source around `position`, on one line and with nothing invisible in it.

    >>> quoted("1+" * 100, 150, 12)
    '…1+1+1+1+1+1+…'
    """
    begin, end = _window(source, position, longest)
    piece = "".join(_visible(c) for c in source[begin:end])
    return ("…" if begin else "") + piece + ("…" if end < len(source) else "")


def pointing(source: str, error: ReadingError) -> str:
    """The source and, on a second line, a caret under the character that the error is about.

    >>> print(pointing("2+(3", UnbalancedError("", 2)))
    2+(3
      ^
    """
    position = min(error.position or 0, len(source))
    begin, end = _window(source, position, LINE)
    # one column per character here, so that the caret stands right: what cannot be seen becomes a replacement sign
    shown = "".join(c if c.isprintable() else "\ufffd" for c in source[begin:end])
    lead = "…" if begin else ""
    width = len(lead) + sum(_width(c) for c in shown[: position - begin])
    return f"{lead}{shown}{'…' if end < len(source) else ''}\n{' ' * width}^"


def described(value: object) -> str:
    """What came instead of a number or a text, briefly, however large it is.

    >>> described(1.5), described([1] * 9), described("2 +")
    ('1.5 (float)', 'a list of 9', '"2 +"')
    """
    kind = type(value).__name__
    if isinstance(value, str):
        return f'"{quoted(value)}"'
    if value is None or isinstance(value, (bool, float)):
        return f"{value} ({kind})"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 100 else f"a whole number of {value.bit_length():,} bits"
    return f"a {kind} of {len(value)}" if isinstance(value, Sized) else f"a {kind}"


def _window(source: str, position: int, longest: int) -> tuple[int, int]:
    if len(source) <= longest:
        return 0, len(source)
    begin = max(0, min(position - longest // 2, len(source) - longest))
    return begin, begin + longest


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character in "\n\r\t" else f"\\u{ord(character):04x}"


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
