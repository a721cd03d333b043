"""Numbers, vectors, matrices, shapes and formulas: answers that are computed, read exactly, and compared exactly."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, ClassVar

import numpy as np

from rechenweg.errors import NotationError, ReadingError, Undecidable
from rechenweg.numbers import FUNCTIONS, Exact, Verdict, case, equal, exact, formula, latex, named, result
from rechenweg.numbers.exact import bottom_up, branches, call, compare
from rechenweg.numbers.notation import Layout, Matrix, Num, Op, Paren, Row, Words, read_latex, to_latex
from rechenweg.numbers.reading import (
    Vocabulary,
    read_chain,
    read_formula,
    read_matrix,
    read_number,
    read_shape,
    read_vector,
)
from rechenweg.questions.asking import Slot, Slots
from rechenweg.questions.field import RIGHT, Field, Raw, TooManyAnswers, single_spaced
from rechenweg.questions.marks import Mark
from rechenweg.questions.rules import Rules
from rechenweg.text import T

WRONG = T("wrong value", "falscher Wert")
ANOTHER = T("another formula; a person decides", "eine andere Formel; ein Mensch entscheidet")
UNDECIDED = T(
    "equality could not be decided; a person decides", "Gleichheit nicht entscheidbar; ein Mensch entscheidet"
)


def _label(label: T | Layout | str) -> T | Layout:
    return read_latex(label) if isinstance(label, str) else label


@dataclass(frozen=True)
class Value(Field):
    """Base of the kinds with one computed value.

    Attributes:
        value: the computed answer.
        label: what stands before the line to write on, as LaTeX (``"z"``), layout or text.
        decimals: show fractions as decimals where they are short.
        alternatives: other answers that are accepted: the value, the credit it earns, and why ("followed from 8.2").
    """

    value: Any
    label: T | Layout | str = ""
    decimals: bool = False
    alternatives: tuple[tuple[Any, Fraction, T], ...] = field(default=(), kw_only=True)

    def ask(self) -> Slots:
        return Slots((Slot(self.key, _label(self.label), self.width()),))

    def width(self) -> Any:
        """How wide the line to write on has to be."""
        return "wide"

    def expected(self) -> Layout:
        return self.layout(self.value)

    def layout(self, value: Any) -> Layout:
        """A value of this kind for people to read."""
        return result(value, decimals=self.decimals)

    def judge(self, answer: Any, rules: Rules) -> Mark:
        verdict = self.compare(answer)
        given = self.layout(answer)
        if verdict is Verdict.UNDECIDED:
            return Mark(self.key, self.credits, None, UNDECIDED, given, self.expected())
        if verdict is Verdict.EQUAL:
            return self._marked(self.credits, RIGHT, given)
        for value, credit, reason in self.alternatives:
            if replace(self, value=value).compare(answer) is Verdict.EQUAL:
                return self._marked(credit, reason, given)
        return self._marked(Fraction(0), self.explain(answer), given)

    def compare(self, answer: Any) -> Verdict:
        """Whether the answer equals the computed value."""
        return equal(answer, self.value)

    def explain(self, answer: Any) -> T:
        """Why a wrong answer is wrong."""
        return WRONG


def _one(raw: Raw) -> Raw:
    """A raw answer that must be a single value: several are more than was asked for."""
    if isinstance(raw, list):
        if len(raw) != 1:
            raise TooManyAnswers(", ".join(str(r)[:40] for r in raw[:5]))
        raw = raw[0]
    if isinstance(raw, str):
        raw = single_spaced(raw)
        parts = [p for p in _OR.split(raw) if p.strip()]
        if len(parts) > 1:
            raise TooManyAnswers(", ".join(p.strip()[:40] for p in parts[:5]))
    if isinstance(raw, (Mapping, bool)):
        raise ReadingError(f"expected one value, found {type(raw).__name__}")
    return raw


_LIST = re.compile(r",\s+(?=\S)")  # "1/2, 3/4"; a decimal comma has no space behind it
_OR = re.compile(r"\s+(?:or|oder)\s+|\s*;\s*|\n")


@dataclass(frozen=True)
class Number(Value):
    """One exact number: ``981/1000``, ``0,981``, ``-ln(0.4)``."""

    kind: ClassVar[str] = "number"

    def perfect(self) -> Raw:
        return latex(self.value)

    def read(self, raw: Raw) -> Exact:
        if isinstance(raw, str) and "(" not in raw and len(several := _LIST.split(raw.strip())) > 1:
            raise TooManyAnswers(", ".join(part[:40] for part in several[:5]))
        own = own_functions(self.value)
        one = _one(raw)
        if isinstance(one, str) and "=" in one:
            members = [m for m in read_chain(one, Vocabulary({}, own)) if isinstance(m, Exact)]
            if any(equal(a, b) is Verdict.DIFFERENT for a, b in pairwise(members)):
                raise TooManyAnswers(one[:80])
        if not own:
            return read_number(one)
        answer = read_formula(str(one), Vocabulary({}, own))
        if not isinstance(answer, Exact):
            raise ReadingError("expected one number, found several")
        return answer

    def slip(self, rng: random.Random) -> Raw:
        return latex(slipped(self.value, rng))

    def explain(self, answer: Exact) -> T:
        if self.value.rational is not None and answer.rational == -self.value.rational:
            return T("the sign is wrong", "das Vorzeichen ist falsch")
        difference = abs(answer.approx() - self.value.approx())
        if self.value.rational is None and answer.rational is not None and difference < 1e-2 * abs(self.value.approx()):
            return T("rounded: the exact form is asked for", "gerundet: verlangt ist die exakte Form")
        return WRONG


def own_functions(value: Exact) -> dict[str, str]:
    """The functions in a value that bear a name of the question, such as σ₂: an answer may use that name, too."""
    if value.rational is not None:
        return {}
    return {node.label: node.op for node in bottom_up(value) if isinstance(node.label, str) and node.op in FUNCTIONS}


def slipped(value: Exact, rng: random.Random) -> Exact:
    """A value near the right one, wrong as candidates are wrong: sign, factor 2, one off."""
    for wrong in rng.sample((-value, 2 * value, value + 1, value - 1), 4):
        if equal(wrong, value) is Verdict.DIFFERENT:
            return wrong
    return value + 1


@dataclass(frozen=True)
class Tensor(Value):
    """Base of vectors and matrices.

    Attributes:
        per_slip: credit lost for each wrong entry; without it every entry must be right.
    """

    per_slip: Fraction | None = None

    def compare(self, answer: Any) -> Verdict:
        if answer.shape != self.value.shape:
            return Verdict.DIFFERENT
        verdicts = {equal(a, v) for a, v in zip(answer.flat, self.value.flat, strict=True)}
        for verdict in (Verdict.DIFFERENT, Verdict.UNDECIDED):
            if verdict in verdicts:
                return verdict
        return Verdict.EQUAL

    def wrong_entries(self, answer: Any) -> list[tuple[int, ...]]:
        """Positions of wrong entries, counted from 1."""
        return [
            tuple(i + 1 for i in index)
            for index in np.ndindex(*self.value.shape)
            if equal(answer[index], self.value[index]) is not Verdict.EQUAL
        ]

    def judge(self, answer: Any, rules: Rules) -> Mark:
        if self.per_slip is None or answer.shape != self.value.shape:
            return super().judge(answer, rules)
        wrong = self.wrong_entries(answer)
        if not wrong:
            return self._marked(self.credits, RIGHT, self.layout(answer))
        earned = max(Fraction(0), self.credits - len(wrong) * self.per_slip)
        return self._marked(earned, self.explain(answer), self.layout(answer))

    def explain(self, answer: Any) -> T:
        if answer.shape != self.value.shape:
            ours, theirs = (" × ".join(map(str, a.shape)) for a in (self.value, answer))
            return T(f"shape {theirs} instead of {ours}", f"Form {theirs} statt {ours}")
        wrong = self.wrong_entries(answer)
        if len(wrong) == self.value.size > 1:
            return T("every entry is wrong", "jeder Eintrag ist falsch")
        places = ", ".join(",".join(map(str, w)) for w in wrong[:6]) + (" …" if len(wrong) > 6 else "")
        if len(wrong) == 1:
            return T(f"entry {places} is wrong", f"Eintrag {places} ist falsch")
        return T(f"{len(wrong)} entries are wrong: {places}", f"{len(wrong)} Einträge sind falsch: {places}")

    def slip(self, rng: random.Random) -> Raw:
        wrong = self.value.copy()
        index = tuple(rng.randrange(n) for n in wrong.shape)
        wrong[index] = slipped(wrong[index], rng)
        return replace(self, value=wrong).perfect()


@dataclass(frozen=True)
class Vector(Tensor):
    """A vector: ``[6, 4, 3]`` or ``"(6; 4; 3)"``; value: object array (n,)."""

    kind: ClassVar[str] = "vector"

    def perfect(self) -> Raw:
        return [latex(v) for v in self.value]

    def read(self, raw: Raw) -> Any:
        return read_vector(raw)

    def layout(self, value: Any) -> Layout:
        return row_layout([result(v, decimals=self.decimals) for v in value], "[", "]")


def row_layout(items: list[Layout], opening: str = "(", closing: str = ")") -> Layout:
    """``(a, b, c)``; separated by semicolons so that decimal commas stay readable."""
    parts: list[Layout] = []
    for item in items:
        if parts:
            parts.append(Op(";" if opening == "[" else ","))
        parts.append(item)
    return Paren(Row(tuple(parts)), opening, closing)


@dataclass(frozen=True)
class MatrixValue(Tensor):
    """A matrix: ``[[1, 2], [3, 4]]`` or ``"1 2; 3 4"``; value: object array (rows, columns).

    Attributes:
        transpose_accepted: its transpose is as right.
        shape_credit: part of the credit that the right shape alone earns.
        blanks_cost: where entries that are 0 were left blank, the credit this costs; ``None``: blanks are errors.
    """

    transpose_accepted: bool = False
    shape_credit: Fraction = Fraction(0)
    blanks_cost: Fraction | None = None
    kind: ClassVar[str] = "matrix"

    def width(self) -> Any:
        return "line"

    def perfect(self) -> Raw:
        return [[latex(v) for v in row] for row in self.value]

    def read(self, raw: Raw) -> Any:
        blanks = 0
        if self.blanks_cost is not None and isinstance(raw, list) and all(isinstance(r, list) for r in raw):
            blanks = sum(v in ("", None) for row in raw for v in row)
            raw = [[0 if v in ("", None) else v for v in row] for row in raw]
        matrix = read_matrix(raw)
        return _Blanked(matrix, blanks) if blanks else matrix

    def layout(self, value: Any) -> Layout:
        if isinstance(value, _Blanked):
            value = value.matrix
        return Matrix(tuple(tuple(result(v, decimals=self.decimals) for v in row) for row in value))

    def judge(self, answer: Any, rules: Rules) -> Mark:
        if isinstance(answer, _Blanked):
            assert self.blanks_cost is not None
            mark = self.judge(answer.matrix, rules)
            cost = min(self.blanks_cost, mark.credit or Fraction(0))
            reason = mark.reason + T("; zeros were left blank", "; Nullen wurden weggelassen")
            return replace(mark, credit=(mark.credit or Fraction(0)) - cost, reason=reason)
        if self.transpose_accepted and answer.shape == self.value.T.shape and answer.shape != self.value.shape:
            mark = self.judge(answer.T, rules)
            return replace(mark, given=self.layout(answer), reason=mark.reason + T(" (transposed)", " (transponiert)"))
        mark = super().judge(answer, rules)
        if mark.credit == 0 and self.shape_credit and answer.shape == self.value.shape:
            return replace(mark, credit=self.shape_credit, reason=mark.reason + T("; shape right", "; Form richtig"))
        return mark


@dataclass(frozen=True, slots=True)
class _Blanked:
    """A matrix in which blanks were read as zeros."""

    matrix: Any
    blanks: int


@dataclass(frozen=True)
class Shape(Value):
    """A shape: ``(10, 4, 30, 30)``, ``10x4x30x30``; value: whole numbers. One number also answers a 1-D shape."""

    kind: ClassVar[str] = "shape"

    def perfect(self) -> Raw:
        return list(self.value)

    def read(self, raw: Raw) -> tuple[int, ...]:
        return read_shape([raw] if isinstance(raw, int) else raw)

    def layout(self, value: tuple[int, ...]) -> Layout:
        if len(value) == 1:
            return Num(str(value[0]))
        return row_layout([Num(str(n)) for n in value])

    def compare(self, answer: tuple[int, ...]) -> Verdict:
        return Verdict.EQUAL if answer == tuple(self.value) else Verdict.DIFFERENT

    def explain(self, answer: tuple[int, ...]) -> T:
        if len(answer) != len(self.value):
            return T(
                f"{len(answer)} dimensions instead of {len(self.value)}",
                f"{len(answer)} Dimensionen statt {len(self.value)}",
            )
        wrong = ", ".join(str(i + 1) for i, (a, v) in enumerate(zip(answer, self.value, strict=True)) if a != v)
        return T(f"wrong in dimension {wrong}", f"falsch in Dimension {wrong}")

    def slip(self, rng: random.Random) -> Raw:
        wrong = list(self.value)
        axis = rng.randrange(len(wrong))
        step = rng.choice((-2, -1, 1, 2))
        wrong[axis] += step if wrong[axis] + step > 0 else -step  # lengths are positive
        return wrong


@dataclass(frozen=True)
class Formula(Value):
    """A formula in the question's own symbols; value: number (or array) with free symbols.

    Attributes:
        vocabulary: the symbols and functions that may be used, with what they stand for.
        shown: how the solution writes it; by default the value's own writing.
    """

    vocabulary: Vocabulary = None  # type: ignore[assignment]
    shown: Layout | None = None
    wrong: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    """Wrong formulas such as candidates write, for simulated candidates."""
    right: str = ""
    """The right formula as an answer file would hold it; by default the value's LaTeX."""
    only: Mapping[str, tuple[Exact, ...]] = field(default_factory=dict)
    """Symbols that take only these values (a label: 0 and 1): formulas that agree there are the same answer."""
    up_to_factor: bool = False
    """A positive factor in front makes no difference (a loss to be minimised)."""
    also: tuple[Exact, ...] = ()
    """Other formulas that are as right."""
    others_open: bool = False
    """There may be right formulas that nobody thought of: what is neither right nor in `wrong` is left to a person."""
    partly: tuple[tuple[Exact, Fraction, T], ...] = ()
    """Known formulas that are partly right: the formula, the credit it earns, and what is wrong with it."""
    kind: ClassVar[str] = "formula"

    def _wrong(self) -> tuple[str, ...]:
        return self.wrong() if callable(self.wrong) else self.wrong

    def width(self) -> Any:
        return "line"

    def perfect(self) -> Raw:
        if self.right:
            return self.right
        return to_latex(formula(self.value, longest=None))

    def expected(self) -> Layout:
        if self.shown is not None:
            return self.shown
        return formula(self.value, longest=None) if isinstance(self.value, Exact) else read_latex(self.right)

    def read(self, raw: Raw) -> Any:
        raw = _one(raw)
        if not isinstance(raw, str):
            raw = str(raw)
        return _Written(raw, read_formula(raw, self.vocabulary))

    def layout(self, value: Any) -> Layout:
        return value.layout if isinstance(value, _Written) else result(value)

    def compare(self, answer: Any) -> Verdict:
        verdicts = [self._agree(answer.value, right) for right in (self.value, *self.also)]
        return next(v for v in (Verdict.EQUAL, Verdict.UNDECIDED, Verdict.DIFFERENT) if v in verdicts)

    def _agree(self, answer: Any, right: Any) -> Verdict:
        if not isinstance(answer, Exact) or not isinstance(right, Exact):
            return compare_formulas(answer, right)
        verdicts = set()
        for values in product(*self.only.values()):
            at = dict(zip(self.only, values, strict=True))
            try:
                a, b = (put_in(x, at) if at else x for x in (answer, right))
                verdict = equal(a, b)
                if verdict is Verdict.DIFFERENT and self.up_to_factor:
                    verdict = _proportional(a, b)
            except ZeroDivisionError:  # the answer has no value there, e.g. ln y at y = 0
                verdict = Verdict.DIFFERENT
            verdicts.add(verdict)
        return next(v for v in (Verdict.DIFFERENT, Verdict.UNDECIDED, Verdict.EQUAL) if v in verdicts)

    def judge(self, answer: Any, rules: Rules) -> Mark:
        mark = super().judge(answer, rules)
        if mark.credit == 0:
            for other, credit, reason in self.partly:
                if self._agree(answer.value, other) is Verdict.EQUAL:
                    return replace(mark, credit=credit, reason=reason)
            if self.others_open and not any(self._is(answer.value, wrong) for wrong in self._wrong()):
                return replace(mark, credit=None, reason=ANOTHER)
        return mark

    def _is(self, answer: Any, written: str) -> bool:
        known = read_formula(written, self.vocabulary)
        return compare_formulas(answer, known) is Verdict.EQUAL or self._agree(answer, known) is Verdict.EQUAL

    def slip(self, rng: random.Random) -> Raw:
        if self.wrong:
            return rng.choice(self._wrong())
        right = self.perfect()
        return f"-({right})" if self.up_to_factor else rng.choice((f"-({right})", f"2({right})"))


def _proportional(a: Exact, b: Exact) -> Verdict:
    """Whether a is b times a positive constant: their ratio at one point is the only factor that it can be."""
    names = sorted(a.free_symbols() | b.free_symbols())
    at = {name: exact(Fraction(2 * i + 1, 2 * i + 5)) for i, name in enumerate(names)}
    factor = put_in(a, at) / put_in(b, at)
    try:
        return equal(a, factor * b) if factor > 0 else Verdict.DIFFERENT
    except Undecidable:
        return Verdict.UNDECIDED


def put_in(number: Exact, at: Mapping[str, Exact]) -> Exact:
    """The number with values in place of the free symbols named in `at`.

    Raises:
        ZeroDivisionError: the number has no value there.

    >>> from rechenweg.numbers import symbol
    >>> print(put_in(symbol("y") * symbol("p") + 1, {"y": exact(2)}))
    2 · p + 1
    """
    made: dict[int, Exact] = {}
    for node in bottom_up(number):
        if node.op == "symbol":
            new = at.get(node.label, node)
        elif not node.args:
            new = node
        elif node.op == "named":
            new = named(node.label, made[id(node.args[0])])
        elif node.op == "case":
            new = case(
                [(compare(made[id(c.left)], c.relation, made[id(c.right)]), made[id(v)]) for c, v in branches(node)],
                made[id(node.args[-1])],
            )
        else:
            new = call(node.op, *(made[id(a)] for a in node.args), label=node.label)
        made[id(node)] = new
    return made[id(number)]


def compare_formulas(a: Any, b: Any) -> Verdict:
    """Equality of two formulas, or of two arrays of formulas entry by entry."""
    if isinstance(a, Exact) and isinstance(b, Exact):
        return equal(a, b)
    a, b = np.asarray(a, dtype=object), np.asarray(b, dtype=object)
    if a.shape != b.shape:
        return Verdict.DIFFERENT
    verdicts = {equal(exact(x), exact(y)) for x, y in zip(a.flat, b.flat, strict=True)}
    if Verdict.DIFFERENT in verdicts:
        return Verdict.DIFFERENT
    return Verdict.UNDECIDED if Verdict.UNDECIDED in verdicts else Verdict.EQUAL


def as_written(source: str) -> Layout:
    """A formula as the candidate wrote it: LaTeX is set, plain text (``dL/dw * h``) stays plain text."""
    if "\\" in source:
        try:
            return read_latex(source)
        except NotationError:
            pass
    return Words(source)


@dataclass(frozen=True, slots=True)
class _Written:
    """A formula as the candidate wrote it, with what it stands for."""

    source: str
    value: Any

    @property
    def layout(self) -> Layout:
        return as_written(self.source)
