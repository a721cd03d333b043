"""What a candidate is given to answer in: the space, boxes, lines or cells of an answer, free of any page layout.

A kind of question says here what it needs; :mod:`rechenweg.paper` prints it, the browser shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rechenweg.numbers.notation import Layout
from rechenweg.text import T


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick: its letter in answer files, its text, and for the solution whether it is right and why.

    `id` names the statement behind it, in whatever version it stands; withdrawals refer to it.
    """

    letter: str
    text: T
    right: bool
    reason: T
    id: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes to tick; `single` if exactly one is right."""

    options: tuple[Option, ...]
    single: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A line to write a value on: its key in answer files and its label (``z =``)."""

    key: str
    label: T | Layout
    width: Literal["short", "wide", "line"] = "wide"


@dataclass(frozen=True, slots=True)
class Slots:
    """Labelled lines, one after the other."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty cell of a table that the candidate fills in."""

    key: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A table with cells to fill in."""

    header: tuple[T | Layout, ...]
    rows: tuple[tuple[T | Layout | Blank, ...], ...]


@dataclass(frozen=True, slots=True)
class Space:
    """Free space for words and working; `lines` of handwriting are expected. `label` says what belongs here."""

    lines: int
    squared: bool = False
    label: T | None = None


@dataclass(frozen=True, slots=True)
class Axes:
    """Axes to sketch a function in; spans from low to high, labels in LaTeX."""

    x: tuple[float, float] = (-4.0, 4.0)
    y: tuple[float, float] = (-2.0, 4.0)
    x_label: str = "x"
    y_label: str = "f(x)"


@dataclass(frozen=True, slots=True)
class CodeSpace:
    """Code to be completed: the lines given, and how many lines are expected where it says so."""

    source: str
    lines: int = 12


Ask = Ticks | Slots | Cells | Space | Axes | CodeSpace
