r"""The parser: from tokens to an exact number, in one pass and without ever evaluating Python.

Precedence, from loose to tight: sums; products and quotients, a missing sign counting as a product; signs; powers,
which lean to the right; functions and brackets. Where two readings are in use and a mark could hang on it (``1/2x``,
``ln a/b``, ``e^2x``, ``1 1/2``) the answer is refused with a word on how to write each.
"""

from __future__ import annotations

import numpy as np

from rechenweg.errors import ExactnessError, NotDefined, ReadingError
from rechenweg.numbers.arrays import Array
from rechenweg.numbers.exact import Exact, exact
from rechenweg.numbers.reading.arithmetic import Arithmetic, check_depth
from rechenweg.numbers.reading.digits import number
from rechenweg.numbers.reading.matching import CLOSING, OPERANDS
from rechenweg.numbers.reading.mistakes import (
    AmbiguousError,
    MisplacedError,
    TooLargeError,
    UndefinedValueError,
    UnfittingShapesError,
    UnknownSymbolError,
    WrongKindError,
)
from rechenweg.numbers.reading.values import Row, Value, elementwise, map_value, norm, shape, squares, transpose
from rechenweg.numbers.reading.vocabulary import BUILT_IN, EULER, Entry, Function

_BARS = ("|", "‖")


class Parser(Arithmetic):
    """Reads one member of an equation: ``Parser(...).value()``; arguments as for :class:`Reader`."""

    def value(self) -> Value:
        """What the whole member is worth."""
        try:
            value = self.sum()
        except NotDefined as error:
            raise self.error(UndefinedValueError, str(error)) from None
        except ExactnessError:
            raise self.error(TooLargeError, "the number becomes too large to be written out") from None
        kind, _, start, _ = self.tokens[self.i]
        if kind != "stop":
            raise self.misplaced("an operator or the end")
        if self.long:
            check_depth(self.source, start, value)
        return value

    def is_name(self) -> bool:
        """Whether the member is nothing but one symbol: the left side of an equation."""
        matched = self.match(0)
        if matched is None or matched[0].kind != "symbol" or matched[0].name == "e":
            return False
        return matched[2] == 0 and self.tokens[matched[1] + 1][0] == "stop"

    # --- sums, products, signs, powers --------------------------------------------------------------------------------

    def sum(self) -> Value:
        """Terms joined by + and −."""
        left = self._product()
        while True:
            kind = self.tokens[self.i][0]
            if kind != "+" and kind != "-":
                return left
            at = self.i
            self.i += 1
            left = self.added(left, self._product(), at, kind)

    def _product(self) -> Value:
        first = self.i
        left = self._signed()
        while True:
            at = self.i
            kind = self.tokens[at][0]
            if kind == "*":
                self.i += 1
                left = self.times(left, self._signed(), at)
            elif kind == "/":
                self.i += 1
                left = self.quotient(left, self._signed(), at)
                self._check_after_slash(at, first)
            elif kind == "⊙":
                self.i += 1
                left = self.fitting(at, elementwise, "multiply", lambda a, b: a * b, left, self._signed())
            elif self._operand_follows():
                left = self.times(left, self._power(), at)
            elif kind == "number":
                text = f"two numbers side by side: expected an operator before {self.written(at)}"
                raise self.error(AmbiguousError, text)
            else:
                return left

    def _operand_follows(self) -> bool:
        """Whether a product without a sign goes on here."""
        kind = self.tokens[self.i][0]
        if kind == "[":  # x[0] is no product
            return self.tokens[self.i - 1][0] in ("number", ")", "]", "}")
        return kind in OPERANDS or (kind in _BARS and not self.bars)

    def _check_after_slash(self, at: int, first: int) -> None:
        """Refuse 1/2x; let 1/2 x and 1/2 (a + b) pass, where white space shows what belongs together."""
        if not self._operand_follows():
            return
        tokens = self.tokens
        signs = tokens[first][0] in ("+", "-")
        numbers = at == first + signs + 1 and self.i == at + 2 and tokens[at - 1][0] == tokens[at + 1][0] == "number"
        if not numbers or tokens[self.i][2] == tokens[self.i - 1][3]:
            after = self.written(self.i)
            raise self.error(AmbiguousError, f"is {after} below the fraction bar? write a/(b·c) or (a/b)·c")

    def _signed(self) -> Value:
        at = self.i
        kind = self.tokens[at][0]
        if kind != "-" and kind != "+":
            return self._power()
        self.deeper()
        self.i += 1
        value = self._signed()
        self.depth -= 1
        if kind == "+":
            return value
        if isinstance(value, Exact) and value.op == "number" and self.i == at + 2:
            assert value.rational is not None
            return Exact("number", (), -value.rational)  # −3 is a number, not something done to 3
        return map_value(lambda x: -x, value)

    def _power(self) -> Value:
        value = self._suffixed(self._operand())
        while self.tokens[self.i][0] == "^":
            value = self._suffixed(self._raised(value))
        return value

    def _suffixed(self, value: Value) -> Value:
        """Per cent, and the prime that transposes an array."""
        while self.tokens[self.i][0] in ("%", "'"):
            if self.tokens[self.i][0] == "%":
                value = map_value(lambda x: x / exact(100), value)
            elif isinstance(value, Exact):
                raise self.error(MisplacedError, "expected a function or an array before the prime, found a number")
            else:
                value = transpose(value)
            self.i += 1
        return value

    def _raised(self, base: Value) -> Value:
        sign = self.i
        self.i += 1
        if self._transposes(base):
            return transpose(base)
        exponent = self._exponent()
        self._check_fraction_as_exponent(sign)
        if base is EULER:
            self._check_tight_name("the exponent", sign)
            return self.exponential(exponent, sign)
        if not isinstance(base, Exact):
            text = f"an array of shape {shape(base)} has no power; write a product, or |x|^2"
            raise self.error(WrongKindError, text, sign)
        return self.to_the(base, exponent, sign)

    def _transposes(self, base: Value) -> bool:
        """Whether what follows ^ is a T; then it is consumed."""
        at = self.i
        braced = self.tokens[at][0] == "{" and self.tokens[at + 2][0] == "}"
        kind, text, start, end = self.tokens[at + braced]
        if kind != "word" or text[0] != "T" or (braced and text != "T"):
            return False
        if isinstance(base, Exact):
            arrays = any(isinstance(value, np.ndarray) for value in self.words.symbols.values())
            if not arrays or self.match(at + braced) is not None:
                return False  # a power with the question's own T as exponent
        if len(text) > 1:  # xᵀy in LaTeX may be x^Ty
            self.tokens[at] = ("word", text[1:], start + 1, end)
        else:
            self.i = at + 1 + 2 * braced
        return True

    def _exponent(self) -> Value:
        """One thing: a number, a name, a bracket, with signs and further powers."""
        self.deeper()
        kind = self.tokens[self.i][0]
        if kind == "-" or kind == "+":
            self.i += 1
            value = self._exponent()
            if kind == "-":
                value = map_value(lambda x: -x, value)
        else:
            value = self._operand()
            if self.tokens[self.i][0] == "^":
                value = self._raised(value)
        self.depth -= 1
        return value

    def _check_fraction_as_exponent(self, sign: int) -> None:
        """Refuse x^1/2, which is x/2 by the rules and √x in many a head."""
        if self.tokens[self.i][0] != "/" or self._raised_sign(sign):
            return
        before, slash, after = self.tokens[self.i - 1 : self.i + 2]
        tight = before[3] == slash[2] and slash[3] == after[2]
        if tight and before[0] == after[0] == "number":
            raise self.error(AmbiguousError, "where does the exponent end? write x^(a/b), or (x^a)/b")

    def _raised_sign(self, sign: int) -> bool:
        """Whether the exponent was written raised, as in e²x, which leaves no doubt where it ends."""
        return self.tokens[sign][1] not in ("^", "**")

    def _check_tight_name(self, what: str, sign: int) -> None:
        """Refuse e^2x and √2x: e²·x and √2·x by the rules, e^(2x) and √(2x) in many a head."""
        kind, _, start, _ = self.tokens[self.i]
        raised = self.tokens[sign][0] == "^" and self._raised_sign(sign)
        if kind in ("word", "number") and not raised and self.source[start - 1].isalnum():
            raise self.error(AmbiguousError, f"where does {what} end? write it in brackets, or · before what follows")

    # --- operands -----------------------------------------------------------------------------------------------------

    def _operand(self) -> Value:
        kind, text, _, _ = self.tokens[self.i]
        if kind == "number":
            self.i += 1
            return number(self.source, self.tokens[self.i - 1], self.decimal_comma)
        if kind == "word" or kind == "hat":
            return self._name()
        if kind in CLOSING:  # (∂L)/(∂w) is a name as well
            return self._bracketed(kind) if self.match(self.i) is None else self._name()
        if kind == "frac":
            return self._fraction() if self.match(self.i) is None else self._name()
        if kind == "sqrt":
            return self._root()
        if kind in _BARS:
            return self._between_bars(kind)
        if kind == "begin" and text.rstrip("*").endswith("matrix"):
            return self._matrix()
        raise self.misplaced('a number, a symbol or "("')

    def _inside(self, opening: str) -> list[Value]:
        """What stands in a bracket, parted by commas or semicolons."""
        self.deeper()
        bars, self.bars = self.bars, False
        self.i += 1
        found = [self.sum()]
        while self.tokens[self.i][0] in (",", ";"):
            self.i += 1
            found.append(self.sum())
        if self.tokens[self.i][0] != CLOSING[opening]:
            raise self.misplaced(f'an operator or "{CLOSING[opening]}"')
        self.i += 1
        self.bars = bars
        self.depth -= 1
        return found

    def _bracketed(self, opening: str) -> Value:
        at = self.i
        values = self._inside(opening)
        if len(values) > 1:
            raise self.error(WrongKindError, f"expected one number in the bracket, found {len(values)}", at)
        return values[0]

    def _argument(self) -> Value:
        r"""One thing after \frac and \sqrt: a brace, or a single digit or name."""
        kind, text, start, end = self.tokens[self.i]
        if kind == "number" and len(text) > 1 and text.isdecimal():
            self.tokens[self.i] = (kind, text[1:], start + 1, end)  # \frac12 is one half
            return number(self.source, (kind, text[0], start, start + 1), True)
        self.deeper()
        value = self._operand()
        self.depth -= 1
        return value

    def _fraction(self) -> Value:
        at = self.i
        self.i += 1
        top = self._argument()
        return self.quotient(top, self._argument(), at)

    def _root(self) -> Value:
        at = self.i
        latex = self.tokens[at][1] == "sqrt"
        self.i += 1
        degree = self._bracketed("[") if latex and self.tokens[self.i][0] == "[" else None
        if latex:
            value = self._argument()
        else:
            self.deeper()
            value = self._operand()
            self.depth -= 1
            self._check_tight_name("the root", at)
        return self.called("sqrt", (value,), at) if degree is None else self.root(value, degree, at)

    def _between_bars(self, kind: str) -> Value:
        at = self.i
        if self.tokens[at][1] == "||" and self._next_bar(at + 1) == "|":  # ||x| − 1|
            kind = self._halved(at)
        self.deeper()
        bars, self.bars = self.bars, True
        self.i += 1
        value = self.sum()
        if kind == "|" and self.tokens[self.i][1] == "||":  # |1 − |x||
            self._halved(self.i)
        if self.tokens[self.i][0] != kind:
            raise self.misplaced(f'an operator or the closing "{kind}"')
        self.i += 1
        self.bars = bars
        self.depth -= 1
        which = self._norm_index()
        if which not in ("", "1", "2", "F", "∞"):
            raise self.error(MisplacedError, f'expected the norm 1, 2, F or ∞, found "{which}"', at)
        if kind == "|" and not which and isinstance(value, Exact):
            return abs(value)
        if which in ("", "2", "F") and self._squared():
            return squares(value)
        return norm(value, which)

    def _next_bar(self, i: int) -> str:
        while self.tokens[i][0] not in (*_BARS, "stop"):
            i += 1
        return self.tokens[i][0]

    def _halved(self, i: int) -> str:
        """Take || for two bars."""
        _, _, start, end = self.tokens[i]
        self.tokens[i : i + 1] = [("|", "|", start, start + 1), ("|", "|", start + 1, end)]
        return "|"

    def _norm_index(self) -> str:
        if self.tokens[self.i][0] != "_":
            return ""
        braced = self.tokens[self.i + 1][0] == "{"
        which = self.tokens[self.i + 1 + braced][1]
        self.i += 2
        if braced:
            self.i += 1
            if self.tokens[self.i][0] != "}":
                raise self.misplaced('"}"')
            self.i += 1
        return which

    def _squared(self) -> bool:
        """Whether ^2 follows; then it is consumed, since a squared norm needs no root."""
        if self.tokens[self.i][0] != "^":
            return False
        braced = self.tokens[self.i + 1][0] == "{"
        kind, text, _, _ = self.tokens[self.i + 1 + braced]
        if kind != "number" or text != "2" or (braced and self.tokens[self.i + 3][0] != "}"):
            return False
        self.i += 2 + 2 * braced
        return True

    def _matrix(self) -> Value:
        at = self.i
        self.deeper()
        rows: list[list[Exact]] = [[]]
        self.i += 1
        while self.tokens[self.i][0] != "end":
            if self.tokens[self.i][0] == "row":
                rows.append([])
                self.i += 1
                continue
            if rows[-1]:
                if self.tokens[self.i][0] != "&":
                    raise self.misplaced(r'an operator, "&" or "\\"')
                self.i += 1
            entry = self.sum()
            if not isinstance(entry, Exact):
                raise self.error(WrongKindError, "expected numbers as entries of a matrix, found an array", at)
            rows[-1].append(entry)
        self.i += 1
        self.depth -= 1
        if len(rows) > 1 and not rows[-1]:  # \\ after the last row
            rows.pop()
        return self.rectangle(rows, at)

    def rectangle(self, rows: list[list[Exact]], at: int) -> Value:
        """Rows of the same length as a matrix; a single column or row as a vector."""
        for i, row in enumerate(rows):
            if not row or len(row) != len(rows[0]):
                text = f"expected {len(rows[0]) or 1} entries in row {i + 1} as in row 1, found {len(row)}"
                raise self.error(UnfittingShapesError, text, at)
        made: Array = np.empty((len(rows), len(rows[0])), dtype=object)
        for i, row in enumerate(rows):
            made[i, :] = row
        return made[:, 0] if made.shape[1] == 1 else Row(made[0]) if made.shape[0] == 1 else made

    # --- names and functions ------------------------------------------------------------------------------------------

    def _name(self) -> Value:
        at = self.i
        matched = self.match(at)
        if matched is None:
            raise self.unknown()
        entry, j, offset = matched
        if offset:  # the rest of a word is another name: wx is w·x
            kind, text, start, end = self.tokens[j]
            self.tokens[j] = (kind, text[offset:], start + offset, end)
            self.i = j
        else:
            self.i = j + 1
        if entry.kind == "ambiguous":
            raise self.error(AmbiguousError, f"{self.written(at)} may be {entry.name}", at)
        if entry.kind != "symbol":
            return self._function(entry, at)
        if entry.name == "e" and "e" not in self.words.symbols:
            return EULER
        value: Value = self.words.symbols[entry.name]
        return value

    def _function(self, entry: Entry, at: int) -> Value:
        """A function with its base, its power and its arguments."""
        name = entry.name
        own = name in self.words.functions
        function: Function = self.words.functions[name] if own else BUILT_IN.get(name, name)
        if entry.kind == "derivative":
            function = self._derivative(name, function, at)
        base: Value | None = None
        if self.tokens[self.i][0] == "_":
            if function != "log":  # σ₃ where the question has σ₁ and σ₂
                self.i = at
                raise self.unknown()
            self.i += 1
            base = self._operand()
        power = self._power_of_function()
        if self.tokens[self.i][0] == "'":
            raise self.error(MisplacedError, "expected at most one prime: second derivatives are not read")
        value = self.called(function, self._arguments(function, at), at, name if own else None)
        if base is not None:
            value = self.quotient(value, self.called("log", (base,), at), at)
        if power is not None:
            value = map_value(lambda x: self.to_the(x, power, at), value)
        return value

    def _derivative(self, name: str, function: Function, at: int) -> Function:
        own = self.words.functions.get(name + "'")
        if own is not None:
            return own
        if not isinstance(function, str) or function in ("max", "min", "log10", "log2"):
            raise self.error(UnknownSymbolError, f"the derivative of {self.written(at)} is not known here", at)
        return function + "'"

    def _power_of_function(self) -> Exact | None:
        if self.tokens[self.i][0] != "^":
            return None
        at = self.i
        self.i += 1
        power = self._exponent()
        if not isinstance(power, Exact) or power.rational is None or power.rational <= 0:
            text = "the inverse function or one over it? write 1/f(x), or the inverse by its name"
            raise self.error(AmbiguousError, text, at)
        return power

    def _arguments(self, function: Function, at: int) -> tuple[Value, ...]:
        kind = self.tokens[self.i][0]
        if kind in CLOSING:
            if function in ("max", "min") or self.needs_parameter(function):
                self.part_at_commas()
            return tuple(self._inside(kind))
        self.deeper()
        value = self._bare_argument(function, at)
        self.depth -= 1
        return (value,)

    def _bare_argument(self, function: Function, at: int) -> Value:
        """ln 2x is ln(2x), ln 2 · x is ln(2)·x; ln 1/2 is refused."""
        if self.tokens[self.i][0] in ("-", "+"):
            raise self.misplaced(f'"(" after {self.written(at)}')
        first = self.tokens[self.i][0]
        value = self._power()
        if function == "sqrt":
            self._check_tight_name("the root", at)
            return value
        if first in _BARS:  # ln|x|
            return value
        while self._operand_follows():
            matched = self.match(self.i)
            if matched is not None and matched[0].kind != "symbol":
                break  # ln x ln y
            if first in ("frac", "sqrt") or self.tokens[self.i][0] == "(":
                raise self._endless(at)
            value = self.times(value, self._power(), self.i)
        if self.tokens[self.i][0] == "/" and first not in ("frac", "sqrt"):
            raise self._endless(at)
        return value

    def _endless(self, at: int) -> ReadingError:
        return self.error(AmbiguousError, f"where does the argument of {self.written(at)} end? write it in brackets")
