"""The questions themselves: one folder per paper, one file per problem, each ending in ``problem = …``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from rechenweg.questions.question import Problem


@cache
def problems(paper: str) -> tuple[Problem, ...]:
    """The problems of a paper (``"tum-2024"``) in order: every module ``p…`` of its folder.

    >>> [p.number for p in problems("tum-2024")][:3]
    [1, 2, 3]
    """
    package = importlib.import_module(f"rechenweg.bank.{paper.replace('-', '_')}")
    found = [
        importlib.import_module(f"{package.__name__}.{module.name}").problem
        for module in pkgutil.iter_modules(package.__path__)
        if module.name.startswith("p")
    ]
    return tuple(sorted(found, key=lambda p: p.number))
