"""A number, a formula, or the members of a chain of equations, from what a candidate wrote."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from rechenweg.errors import ReadingError
from rechenweg.numbers.exact import Exact
from rechenweg.numbers.reading.digits import plain_number
from rechenweg.numbers.reading.mistakes import WrongKindError
from rechenweg.numbers.reading.parser import Parser
from rechenweg.numbers.reading.tokens import Token, clean, tokenize
from rechenweg.numbers.reading.values import Value, Written, handed_out, shape
from rechenweg.numbers.reading.vocabulary import Vocabulary

NO_SYMBOLS = Vocabulary()
"""Numbers, e and the functions that every question has."""


def read_number(source: str | int | Fraction | Decimal, *, decimal_comma: bool = False) -> Exact:
    r"""A number without symbols, as a candidate writes it.

    Args:
        source: plain text or LaTeX: ``981/1000``, ``0,981``, ``98.1 %``, ``-\ln 0.35``, ``2\sigma(1)-1``, ``½``; of a
            chain ``y = … = …`` the last member counts. log is the natural logarithm.
        decimal_comma: read ``1,234`` as 1.234 (a German version); otherwise it is refused, since it may be 1234.

    Raises:
        ReadingError: one of the classes in :mod:`.mistakes`, pointing at the character.

    >>> print(read_number("0,981"), read_number(r"\frac{5}{6}"), read_number("2σ(1) − 1"))
    981/1000 5/6 2 · σ(1) − 1
    >>> read_number("2+(3")
    Traceback (most recent call last):
    rechenweg.numbers.reading.mistakes.UnbalancedError: character 3 of "2+(3": "(" is never closed
    """
    if not isinstance(source, str):
        return plain_number(source)
    value = last_member(source, clean(source), NO_SYMBOLS, decimal_comma)
    if not isinstance(value, Exact):
        raise WrongKindError(f"expected a number, found an array of shape {shape(value)}", 0)
    return value


def read_formula(
    source: str | int | Fraction | Decimal, vocabulary: Vocabulary, *, decimal_comma: bool = False
) -> Written:
    r"""A formula in the question's symbols: its value, a number or an object array.

    Args:
        source: plain text or LaTeX. Of a chain ``f(x) = … = …`` the last member counts, of ``… = 2/3 ≈ 0.67`` the last
            exact one.
        vocabulary: the symbols and functions; arrays multiply as matrices in the order written.
        decimal_comma: as for :func:`read_number`.

    Raises:
        ReadingError: one of the classes in :mod:`.mistakes`, pointing at the character.

    >>> from rechenweg.numbers import symbol
    >>> words = Vocabulary({"x": symbol("x"), "w_2": symbol("w_2")}, {r"\sigma_1": "sigmoid"})
    >>> print(read_formula(r"y = w2 \sigma_{1}'(2x)", words))
    w₂ · σ₁′(2 · x)
    """
    if not isinstance(source, str):
        return plain_number(source)
    return handed_out(last_member(source, clean(source), vocabulary, decimal_comma))


def read_chain(source: str, vocabulary: Vocabulary, *, decimal_comma: bool = False) -> list[Written]:
    """The values of those members of ``… = … = …`` that can be read, in order: a candidate's documented steps.

    Raises:
        ReadingError: the text as a whole cannot be read (a bracket never closed, a character that belongs nowhere).

    >>> print(*read_chain("f(x) = 1/2 + 1/3 = 5/6", NO_SYMBOLS), sep="; ")
    1/2 + 1/3 = 5/6; 5/6
    """
    values = []
    for _, tokens in _members(tokenize(source, clean(source))):
        try:
            values.append(handed_out(Parser(source, tokens, vocabulary, decimal_comma).value()))
        except ReadingError:
            continue
    return values


def last_member(
    source: str, text: str, vocabulary: Vocabulary, decimal_comma: bool, begin: int = 0, end: int | None = None
) -> Value:
    """The value of the last exact member of ``text[begin:end]``, a piece of the cleaned source."""
    members = _members(tokenize(source, text, begin, end))
    chosen = members[-1][1]
    rounded = next((i for i, (sign, _) in enumerate(members) if sign == "≈"), None)
    if rounded is not None and not (rounded == 1 and _is_left_side(source, members[0][1], vocabulary)):
        chosen = members[rounded - 1][1]
    return Parser(source, chosen, vocabulary, decimal_comma).value()


def _is_left_side(source: str, tokens: list[Token], vocabulary: Vocabulary) -> bool:
    if tokens[0][0] == "stop" or Parser(source, tokens, vocabulary, True).is_name():
        return True
    try:
        Parser(source, tokens.copy(), vocabulary, True).value()
    except ReadingError:
        return True
    return False


def _members(tokens: list[Token]) -> list[tuple[str, list[Token]]]:
    """The tokens between the signs = and ≈ outside brackets, each with the sign before it."""
    if all(token[0] not in ("=", "≈") for token in tokens):
        return [("", tokens)]
    members: list[tuple[str, list[Token]]] = []
    sign, begin, depth = "", 0, 0
    for i, (kind, _, start, _) in enumerate(tokens):
        if kind in ("(", "[", "{", "begin"):
            depth += 1
        elif kind in (")", "]", "}", "end"):
            depth -= 1
        elif depth == 0 and kind in ("=", "≈", "stop"):
            stop = ("stop", "", start, start)
            members.append((sign, [*tokens[begin:i], stop, stop]))
            sign, begin = kind, i + 1
            if kind == "stop":
                break
    return members
