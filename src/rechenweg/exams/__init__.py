"""Exams: cover, rules, problems and credit, versions per candidate. The two papers stand in files of their own."""

from __future__ import annotations

import importlib
from functools import cache

from rechenweg.errors import InputError
from rechenweg.exams.exam import Exam

EXAMS = ("fau-2021", "tum-2024")
"""The exams in the bank."""


@cache
def exam(identifier: str) -> Exam:
    """An exam by its identifier.

    Raises:
        InputError: there is none of that name.

    >>> exam("tum-2024").total
    Fraction(95, 1)
    """
    if identifier not in EXAMS:
        raise InputError("exam", f"one of {', '.join(EXAMS)}", identifier)
    loaded: Exam = importlib.import_module(f"rechenweg.exams.{identifier.replace('-', '_')}").EXAM
    return loaded


__all__ = ["EXAMS", "Exam", "exam"]
