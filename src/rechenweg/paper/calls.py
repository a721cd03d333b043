"""Typst source, written from Python: calls of the functions in ``look.typ`` with their arguments.

An argument is written by what it is: :class:`Content` as ``[markup]``, :class:`Code` as it stands, a string as a
literal, None and booleans by their Typst names, a tuple as an array, a dict as a dictionary, a date as ``datetime(…)``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources

from rechenweg.paper.sheets import CreditWord, Markup
from rechenweg.text import Language, T
from rechenweg.working.prose.typst import escape, prose, string
from rechenweg.working.writers.typst import TYPST_PRELUDE

AT = "// at: "
"""Begins the lines of a source that name what follows, so that a Typst error can be traced to its question."""

_HALF = Fraction(1, 2)
_SIGNS_OF_TEX = re.compile("--|,,|<<|>>|``|''|[?!]`")  # New Computer Modern joins them to dashes and quotes
_DAYS = (
    T("Monday", "Montag"),
    T("Tuesday", "Dienstag"),
    T("Wednesday", "Mittwoch"),
    T("Thursday", "Donnerstag"),
    T("Friday", "Freitag"),
    T("Saturday", "Samstag"),
    T("Sunday", "Sonntag"),
)
_MONTHS = (
    T("January", "Januar"),
    T("February", "Februar"),
    T("March", "März"),
    T.same("April"),
    T("May", "Mai"),
    T("June", "Juni"),
    T("July", "Juli"),
    T.same("August"),
    T.same("September"),
    T("October", "Oktober"),
    T.same("November"),
    T("December", "Dezember"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """Typst markup as an argument."""

    markup: Markup


@dataclass(frozen=True, slots=True)
class Code:
    """Typst code as an argument, usually another :func:`call`."""

    source: str


@dataclass(frozen=True, slots=True)
class Length:
    """A length in mm."""

    millimetres: float


def content(text: T, language: Language) -> Content:
    """Prose as an argument."""
    return Content(prose(text.in_(language), language))


def plain(text: str) -> Content:
    r"""Text from outside (a name, a seat) as an argument: printed as it stands, never read as markup.

    >>> value(plain("#evil *x* $"))
    '[\\#evil \\*x\\* \\$]'
    """
    markup = escape(text)
    return Content(f"#text(ligatures: false)[{markup}];" if _SIGNS_OF_TEX.search(text) else markup)


def optional(markup: Markup | None) -> Content | None:
    """Markup that may be missing."""
    return None if not markup else Content(markup)


def value(argument: object) -> str:
    """One argument as Typst code.

    >>> value((1, "a", None, {"on-top": True}, Content("*b*")))
    '(1, "a", none, ("on-top": true), [*b*],)'
    """
    match argument:
        case None:
            return "none"
        case bool():
            return "true" if argument else "false"
        case Content(markup):
            return f"[{markup}]"
        case Code(source):
            return source
        case str():
            return string(argument)
        case int() | float():
            return f"{argument:g}" if isinstance(argument, float) else str(argument)
        case dt.date():
            return f"datetime(year: {argument.year}, month: {argument.month}, day: {argument.day})"
        case Length(millimetres):
            return f"{millimetres:g}mm"
        case dict():
            inner = ", ".join(f"{string(key)}: {value(item)}" for key, item in argument.items())
            return f"({inner})" if inner else "(:)"
        case tuple() | list():
            return "(" + ", ".join(map(value, argument)) + (",)" if argument else ")")
    raise TypeError(f"no Typst value for {type(argument).__name__}")


def call(name: str, *positional: object, **named: object) -> str:
    """``name(…)`` as Typst code; an underscore in a keyword becomes a hyphen.

    >>> call("problem", Content("P"), new_page=False)
    'problem([P], new-page: false)'
    """
    arguments = [value(argument) for argument in positional]
    arguments += [f"{key.replace('_', '-')}: {value(argument)}" for key, argument in named.items()]
    return f"{name}({', '.join(arguments)})"


@cache
def look() -> str:
    """The shared part of every source: what worked solutions call, then what pages call."""
    return TYPST_PRELUDE + (resources.files(__package__) / "look.typ").read_text(encoding="utf-8")


# ---- numbers, dates, credits ----


def decimal(number: Fraction, language: Language) -> str:
    """Credits as a decimal number with the language's separator.

    >>> decimal(Fraction(19, 2), "de"), decimal(Fraction(60), "en")
    ('9,5', '60')
    """
    text = f"{float(number):.2f}".rstrip("0").rstrip(".").replace("-", "−")
    return text.replace(".", ",") if language == "de" else text


def halves(number: Fraction) -> str:
    """Credits as they stand in a corrector's boxes.

    >>> [halves(Fraction(n, 2)) for n in range(4)]
    ['0', '½', '1', '1½']
    """
    whole, rest = divmod(number, 1)
    return f"{whole or ''}½" if rest == _HALF else str(whole)


def credits_in_words(number: Fraction, word: CreditWord, language: Language, *, after_of: bool = False) -> str:
    """Credits with their unit; `after_of`: as it is said after "of".

    >>> from rechenweg.paper.sheets import CREDITS
    >>> credits_in_words(Fraction(1), CREDITS, "en"), credits_in_words(Fraction(3, 2), CREDITS, "de")
    ('1 credit', '1,5 Punkte')
    >>> credits_in_words(Fraction(60), CREDITS, "de", after_of=True)
    '60 Punkten'
    """
    many = word.of_many if after_of and word.of_many is not None else word.many
    unit = word.one if number == 1 else many
    return f"{decimal(number, language)} {unit.in_(language)}"


def long_date(date: dt.date, language: Language) -> str:
    """A date with its weekday.

    >>> long_date(dt.date(2024, 2, 13), "en"), long_date(dt.date(2024, 2, 13), "de")
    ('Tuesday, 13 February 2024', 'Dienstag, 13. Februar 2024')
    """
    day, month = _DAYS[date.weekday()].in_(language), _MONTHS[date.month - 1].in_(language)
    return f"{day}, {date.day}{'.' if language == 'de' else ''} {month} {date.year}"


def time_span(begins: dt.time, minutes: int, language: Language) -> str:
    """From when to when.

    >>> time_span(dt.time(10, 30), 90, "en"), time_span(dt.time(10, 30), 90, "de")
    ('10:30 – 12:00', '10:30 – 12:00 Uhr')
    """
    end = dt.datetime.combine(dt.date(2000, 1, 1), begins) + dt.timedelta(minutes=minutes)
    return f"{begins:%H:%M} – {end:%H:%M}" + (" Uhr" if language == "de" else "")
