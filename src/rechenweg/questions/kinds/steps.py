"""The path to a result: "answers are only accepted if the solution approach is documented".

The path is read like any other answer. A line that holds the general formula of the step (∂L/∂m = ∂L/∂y · w), in
whatever form, earns the credit of the method by machine. A path that cannot be read so is left to a person; no path
earns nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from rechenweg.errors import ReadingError
from rechenweg.numbers import Array, Exact, Verdict, formula, symbol
from rechenweg.numbers.notation import Layout, to_latex
from rechenweg.numbers.reading import Vocabulary, read_chain
from rechenweg.questions.asking import Ask, Space
from rechenweg.questions.field import Field, Raw
from rechenweg.questions.kinds.values import as_written, compare_formulas, row_layout
from rechenweg.questions.marks import Mark
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.run import Working


def generalised(number: Exact) -> Exact:
    """The arithmetic that made a number, with free symbols in place of the named numbers it was made from.

    >>> from rechenweg.numbers import exact, named
    >>> print(generalised(named("x", exact(2)) * 3), generalised(named("x", exact(2))))
    x · 3 x
    """
    memo: dict[int, Exact] = {}

    def free(node: Exact) -> Exact:
        known = memo.get(id(node))
        if known is None:
            if node.op == "named":
                known = symbol(node.label)
            elif node.args:
                # values known before are not kept: they belong to the numbers that were put in
                args = tuple(free(a) for a in node.args)
                rational = None if any(a.rational is None for a in args) else node.rational
                known = Exact(node.op, args, rational, node.label)
            else:
                known = node
            memo[id(node)] = known
        return known

    return free(number)


def general(run: Working, name: str) -> Array:
    """The general formula of a quantity, element by element, in free symbols; without axes of length 1."""
    formulas = run[name].formulas
    made = np.empty(formulas.size, dtype=object)
    made[:] = [generalised(f) for f in formulas.reshape(-1)]
    shape = [n for n in formulas.shape if n != 1]
    return made.reshape(shape)


def vocabulary_of(run: Working) -> Vocabulary:
    """Every quantity of a run as a symbol: whole (``w``) and element by element (``w_1``)."""
    symbols: dict[str, Any] = {}
    functions: dict[str, str] = {}
    for quantity in run.quantities.values():
        values: Any = quantity.squeezed
        free = np.empty(values.shape, dtype=object)
        for index in np.ndindex(*values.shape):
            free[index] = symbol(values[index].label) if values[index].label else values[index]
            if values.ndim:
                symbols[values[index].label] = free[index]
        symbols[quantity.name] = free if values.ndim else free.item()
    for node in run.network.nodes:
        label, function = getattr(node.layer, "symbol", None), getattr(node.layer, "function", None)
        if label and function:
            functions[label] = function
    return Vocabulary(symbols, functions)


@dataclass(frozen=True)
class Steps(Field):
    """The documented path to one or more quantities of a run.

    Attributes:
        run: makes the working when it is needed.
        names: the quantities whose formulas document the path; one of them suffices.
        element: where only one element of them is asked for, its place.
    """

    run: Callable[[], Working]
    names: tuple[str, ...]
    element: int | None = None
    kind: ClassVar[str] = "steps"

    def _general(self, name: str) -> Array:
        formulas = general(self.run(), name)
        return formulas if self.element is None else formulas.reshape(-1)[self.element : self.element + 1].reshape(())

    def ask(self) -> Ask:
        return Space(3)

    def perfect(self) -> Raw:
        formulas = self._general(self.names[0])
        return "; ".join(to_latex(formula(f)) for f in formulas.reshape(-1))

    def slip(self, rng: random.Random) -> Raw:
        return ""

    def expected(self) -> Layout:
        layouts = [formula(f) for f in self._general(self.names[0]).reshape(-1)]
        return layouts[0] if len(layouts) == 1 else row_layout(layouts, "[", "]")

    def mark(self, raw: Raw, rules: Rules) -> Mark:
        if not rules.documented:
            return self._marked(self.credits, T("steps are not asked for", "Rechenweg ist nicht verlangt"), None)
        if raw is None or raw in ("", []):
            return self._marked(Fraction(0), T("a value without its steps", "Wert ohne Rechenweg"), None)
        return super().mark(raw, rules)

    def read(self, raw: Raw) -> list[Any]:
        lines = raw if isinstance(raw, list) else str(raw).replace("\n", ";").split(";")
        vocabulary = vocabulary_of(self.run())
        found: list[Any] = []
        for line in lines[:50]:
            try:
                found += read_chain(str(line), vocabulary)
            except ReadingError:
                continue  # words between the formulas; what cannot be read at all goes to a person
        return [_Path(str(raw), found)]

    def judge(self, answer: list[Any], rules: Rules) -> Mark:
        (path,) = answer
        for name in self.names:
            wanted = self._general(name)
            whole = wanted if wanted.ndim else wanted.item()
            if any(compare_formulas(v, whole) is Verdict.EQUAL for v in path.values if _alike(v, whole)):
                return self._proved(path)
            elements = [e for e in wanted.reshape(-1) if e.free_symbols()]
            if elements and all(
                any(isinstance(v, Exact) and compare_formulas(v, e) is Verdict.EQUAL for v in path.values)
                for e in elements
            ):
                return self._proved(path)
        reason = T("the path is to be read by a person", "der Rechenweg ist von einem Menschen zu lesen")
        return Mark(self.key, self.credits, None, reason, as_written(path.source), self.expected())

    def _proved(self, path: _Path) -> Mark:
        return self._marked(
            self.credits, T("the path is documented", "der Rechenweg ist dokumentiert"), as_written(path.source)
        )


@dataclass(frozen=True, slots=True)
class _Path:
    """What a candidate wrote down, and the formulas found in it."""

    source: str
    values: list[Any]


def _alike(a: Any, b: Any) -> bool:
    return isinstance(a, Exact) == isinstance(b, Exact)
