"""Numbers as digits: decimal point or comma, thousands, powers of ten, ``1½``; and numbers that are no text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from flint import fmpq

from rechenweg.numbers.exact import Exact
from rechenweg.numbers.reading.mistakes import AmbiguousError, NotANumberError, TooLargeError, described, mistake
from rechenweg.numbers.reading.tokens import MOST_DIGITS, Token, vulgar_fraction

_MOST_BITS = 3322  # of a number of MOST_DIGITS digits


def number(source: str, token: Token, decimal_comma: bool) -> Exact:
    """The value of a number token: ``981``, ``0.981``, ``0,981``, ``1.5e-3``, ``1½``, ``1.234.567,8``."""
    _, text, start, _ = token
    if text.isdecimal():
        return Exact("number", (), fmpq(int(text)))
    if not text[-1].isascii():
        top, bottom = vulgar_fraction(text)
        return Exact("number", (), fmpq(top, bottom))
    if "{" in text:  # LaTeX's decimal comma: 0{,}5
        text, decimal_comma = text.replace("{,}", ","), True
    mantissa, e, power = text.replace("E", "e").partition("e")
    whole, digits = _parted(source, start, mantissa.rstrip("."), decimal_comma)
    exponent = int(power or 0)
    if abs(exponent) > MOST_DIGITS:
        raise mistake(TooLargeError, source, start, f"expected a decimal exponent of at most {MOST_DIGITS:,}")
    if e and "E" not in text and mantissa.isdecimal() and whole != "1" and power[0] in "+-":
        text = f"{mantissa}·10^{{{exponent}}} or {mantissa}·e {power[0]} {power[1:]}? write one of the two"
        raise mistake(AmbiguousError, source, start, text)
    exponent -= len(digits)
    scaled = int(whole + digits)
    if exponent >= 0:
        return Exact("number", (), fmpq(scaled * 10**exponent))
    return Exact("number", (), fmpq(scaled, 10**-exponent))


def _parted(source: str, start: int, text: str, decimal_comma: bool) -> tuple[str, str]:
    """Digits before and after the decimal mark."""
    marks = [c for c in text if c in ".,"]
    if not marks:
        return text, ""
    head, *groups = text.replace(",", ".").split(".")
    thousands = head[:1] not in ("", "0") and len(head) <= 3
    if len(marks) == 1:
        if marks[0] == "," and not decimal_comma and thousands and len(groups[0]) == 3:
            together = f"{head}{groups[0]} or {head}.{groups[0]}"
            raise mistake(AmbiguousError, source, start, f"{together}? write one of the two")
        return head or "0", groups[0]
    if thousands and len(set(marks[:-1])) == 1 and all(len(g) == 3 for g in groups[:-1]):
        if marks[-1] != marks[0]:  # 1.234,5 and 1,234.5
            return head + "".join(groups[:-1]), groups[-1]
        if len(groups[-1]) == 3:
            return head + "".join(groups), ""
    raise mistake(AmbiguousError, source, start, f'expected one number, found "{text[:20]}"; write ";" between numbers')


def plain_number(value: int | Fraction | Decimal) -> Exact:
    """A number that is no text, with the same limits as a written one."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotANumberError(f"expected a number, found {value}", 0)
        if abs(value.adjusted()) > MOST_DIGITS or len(value.as_tuple().digits) > MOST_DIGITS:
            raise TooLargeError(f"expected a number of at most {MOST_DIGITS:,} digits", 0)
        value = Fraction(value)
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        hint = "; read JSON with parse_float=Decimal" if isinstance(value, float) else ""
        raise NotANumberError(f"expected a number or a text, found {described(value)}{hint}", 0)
    if max(abs(value.numerator), value.denominator).bit_length() > _MOST_BITS:
        raise TooLargeError(f"expected a number of at most {MOST_DIGITS:,} digits", 0)
    return Exact("number", (), fmpq(value.numerator, value.denominator))
