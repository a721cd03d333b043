"""Every error that Rechenweg raises on purpose, as one tree.

    RechenwegError
    ├── ExactnessError          a float met an exact number, or exactness would have been lost
    ├── NotDefined              a value that does not exist: division by zero, ln or a root of a negative number
    ├── Undecidable             a sign or an equality that interval arithmetic could not settle
    ├── NotationError           mathematics in a text that cannot be read (points at the character)
    ├── ReadingError            a candidate's answer that cannot be read (points at the character)
    ├── ShapeError              arrays whose shapes do not fit (names both)
    ├── NetworkError            a network that is wired wrongly or used in the wrong order
    ├── QuestionError           a question program that breaks its own rules
    ├── PaperError              a paper that cannot be printed (in rechenweg.paper.sheets)
    └── InputError              a file or an argument from outside: where, what was expected, what came

The command line prints the message of any of them as one line and exits with status 2.
"""

from __future__ import annotations

from typing import ClassVar


class RechenwegError(Exception):
    """Base of all errors raised on purpose; its message is one line, fit for a reader."""


class ExactnessError(RechenwegError, TypeError):
    """A float met an exact number, or a number cannot be taken exactly."""


class NotDefined(RechenwegError, ZeroDivisionError):
    """A value that does not exist: division by zero, a logarithm or a root of a negative number."""


class Undecidable(RechenwegError, ValueError):
    """Interval arithmetic could not decide a sign or an equality at the highest precision tried."""


class NotationError(RechenwegError, ValueError):
    """Mathematics in a text that our LaTeX subset does not cover."""


class ReadingError(RechenwegError, ValueError):
    """A candidate's answer that cannot be read; `position` is the offending character, counted from 0.

    `final`: it was understood and has no value (1/0, shapes that do not fit). Else a person may still understand it.
    """

    final: ClassVar[bool] = False

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class ShapeError(RechenwegError, ValueError):
    """Arrays whose shapes do not fit together."""


class NetworkError(RechenwegError, ValueError):
    """A network that is wired wrongly, or a layer used in the wrong order."""


class QuestionError(RechenwegError, ValueError):
    """A question program that breaks its own rules (no admissible version, credits that do not add up)."""


class InputError(RechenwegError, ValueError):
    """Something from outside is not as it should be: `where` it stands, what was expected, what came."""

    def __init__(self, where: str, expected: str, came: str) -> None:
        super().__init__(f"{where}: expected {expected}, found {came}")
        self.where, self.expected, self.came = where, expected, came

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        return type(self), (self.where, self.expected, self.came)  # so that it comes back whole from a worker
