"""Closed forms: the same value, written as simply as a lecturer would leave it (``−ln(2/5)``, ``2·√2``, ``σ(1/2)``).

Like terms and powers are collected, fractions computed, e and ln cancelled; a product is multiplied out only where
terms or negative powers of e vanish then, and the order of terms stays as it was written. To see what is alike, every
number is taken apart into a :class:`Product`; :mod:`.deciding` next door settles signs and equality on the same parts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from rechenweg.errors import NotDefined
from rechenweg.numbers.exact import Exact, bottom_up, branches, call, case, compare, exact
from rechenweg.numbers.operations import OPERATIONS
from rechenweg.numbers.rationals import kept_small, power, prime_powers


def tidy(number: Exact) -> Exact:
    """The same value in closed form: names looked through, fractions computed, like terms and powers collected.

    A product is multiplied out only where terms or negative powers of e vanish then; the order of terms stays as
    written.

    Raises:
        NotDefined: a denominator turns out to be 0, or the argument of a logarithm or a root not to be in its domain.

    >>> x = exact(2).log()
    >>> print(tidy(3 * x - x - (x + 1)))
    ln(2) − 1
    >>> print(tidy(exact(8).sqrt() * exact(1).exp() * exact(-3).exp()))
    2 · √2 · e⁻²
    """
    if number.rational is not None:
        return number if number.op == "number" else exact(number.rational)
    parts = Parts()
    return parts.number(parts.of(number))


@dataclass(slots=True)
class Product:
    """coefficient · Π base^power · e^exponent.

    The bases are what cannot be taken apart: symbols, logarithms and other functions, sums; primes with powers
    between 0 and 1. Equal bases have equal keys.
    """

    coefficient: fmpq
    powers: dict[int, tuple[Exact, fmpq]] = field(default_factory=dict)
    exponent: Sum = field(default_factory=dict)
    written: Exact | None = None


Sum: TypeAlias = dict[int, tuple[fmpq, Product]]
"""Terms by the keys of their products: coefficient, and the product without it."""

_ONE = fmpq(1)
_CONSTANT = 0  # the key of products without bases


class Parts:
    """Takes numbers apart and writes them down again; keys of one such object can be compared."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Exact, Product]] = {}  # by id, with the number, whose id would else be reused
        self._leaves: dict[int, list[tuple[Exact, int]]] = {}
        self._keys: dict[Hashable, int] = {}
        self.sums: dict[int, Sum] = {}
        """The terms of those bases that are sums."""
        self._under_roots: dict[int, Product] = {}
        self._exponents: dict[int, tuple[Sum, Exact]] = {}  # as they are written, by id

    def of(self, number: Exact) -> Product:
        """The number taken apart."""
        for node in bottom_up(number, self._below):
            if id(node) not in self._known:
                self._known[id(node)] = (node, self._take_apart(node))
        return self._known[id(number)][1]

    def key(self, product: Product) -> int:
        """The same for equal products in any order; the coefficient does not count."""
        if not product.powers and not product.exponent:
            return _CONSTANT
        only = _only_base(product)
        if only is not None:
            return only[0]
        powers = frozenset([(base, _hashable(times)) for base, (_, times) in product.powers.items()])
        return self._key("*", powers, frozenset([(term, _hashable(c)) for term, (c, _) in product.exponent.items()]))

    def _key(self, *structure: Hashable) -> int:
        return self._keys.setdefault(structure, len(self._keys) + 1)

    # --- taking apart -----------------------------------------------------------------------------------------------

    def _below(self, number: Exact) -> Sequence[Exact]:
        if number.rational is not None or id(number) in self._known:
            return ()
        if number.op not in _CHAINS:
            return number.args
        leaves = self._leaves[id(number)] = _leaves(number, _CHAINS[number.op])
        return [leaf for leaf, _ in leaves]

    def _take_apart(self, number: Exact) -> Product:
        op = number.op
        if number.rational is not None:
            return Product(number.rational)
        if op == "symbol":
            return self._base(number, op, number.label)
        if op in _CHAINS:
            leaves = self._leaves.pop(id(number))
            return self._added(leaves) if _CHAINS[op] is _addends else self._multiplied(leaves)
        if op == "case":
            return self._case(number)
        args = [self._known[id(a)][1] for a in number.args]
        if op == "exp":
            return self._exponential(args[0])
        if op == "sqrt":
            return self._raised(args[0], fmpq(1, 2))
        if op == "^":
            return self._power(*args)
        if op == "log":
            return self._logarithm(args[0])
        return self._function(number, args)

    def _base(self, number: Exact, *structure: Hashable) -> Product:
        return Product(_ONE, {self._key(*structure): (number, _ONE)})

    def _added(self, leaves: list[tuple[Exact, int]]) -> Product:
        parts = [(self._known[id(leaf)][1], fmpq(times)) for leaf, times in leaves if times]
        if len(parts) == 1:
            part, times = parts[0]
            return self._opened(Product(part.coefficient * times, part.powers, part.exponent))
        total: Sum = {}
        for part, times in parts:
            self._add(total, part, times)
        return self._sum(self._cancelled(total))

    def _cancelled(self, total: Sum) -> Sum:
        """The sum with a·(b + c) multiplied out where terms then cancel: 1 − (e + e²)·e⁻² is −e⁻¹."""
        for key, (coefficient, term) in total.items():
            inner = next((base for base, (_, n) in term.powers.items() if n == 1 and base in self.sums), None)
            if inner is None or len(self.sums[inner]) > _LONG:
                continue
            opened = {k: v for k, v in total.items() if k != key}
            for share, piece in self.sums[inner].values():
                multiplied = Product(_ONE, {k: v for k, v in term.powers.items() if k != inner}, dict(term.exponent))
                self._multiply(multiplied, piece, _ONE)
                self._add(opened, self._absorbed(multiplied), coefficient * share)
            if len(opened) <= len(total) - 1 + len(self.sums[inner]) - 2:  # two that meet and vanish
                return self._cancelled(opened)
        return total

    def _add(self, total: Sum, product: Product, times: fmpq) -> None:
        """Add times · product; c·(a + b) opens up, so that like terms meet."""
        times = kept_small(times * product.coefficient)
        if times == 0:
            return
        terms = self._terms(product)
        if terms is None:
            term = product if product.coefficient == 1 else Product(_ONE, product.powers, product.exponent)
            _collect(total, self.key(product), times, term)
        else:
            for key, (coefficient, term) in terms.items():
                _collect(total, key, times * coefficient, term)

    def _terms(self, product: Product) -> Sum | None:
        """The terms, if the product is a sum times a fraction."""
        only = _only_base(product)
        return None if only is None else self.sums.get(only[0])

    def _sum(self, total: Sum) -> Product:
        if len(total) < 2:
            return next((Product(c, p.powers, p.exponent) for c, p in total.values()), Product(fmpq(0)))
        key = self._key("+", frozenset([(term, _hashable(c)) for term, (c, _) in total.items()]))
        self.sums.setdefault(key, total)
        return Product(_ONE, {key: (self._written_sum(total), _ONE)})

    def _opened(self, product: Product) -> Product:
        """−(a − b) is b − a, and e²·(e⁻¹ + e) is e + e³."""
        product = self._absorbed(product)
        terms = self._terms(product) if product.coefficient == -1 else None
        return product if terms is None else self._sum({key: (-c, term) for key, (c, term) in terms.items()})

    def _absorbed(self, product: Product) -> Product:
        """A power of e is multiplied into a sum that no negative power of e is left in then."""
        if _CONSTANT not in product.exponent:
            return product
        whole = product.exponent[_CONSTANT][0]
        for key, (_, times) in product.powers.items():
            terms = self.sums.get(key) if times == 1 and whole > 0 else None
            if terms is None:
                continue
            inner = [term.exponent[_CONSTANT][0] for _, term in terms.values() if _CONSTANT in term.exponent]
            if inner and -whole <= min(inner) < 0:
                total: Sum = {}
                for coefficient, term in terms.values():
                    piece = Product(_ONE, dict(term.powers), dict(term.exponent))
                    _collect(piece.exponent, _CONSTANT, whole, Product(_ONE))
                    self._add(total, self._absorbed(piece), coefficient)
                powers = {k: v for k, v in product.powers.items() if k != key}
                exponent = {k: v for k, v in product.exponent.items() if k != _CONSTANT}
                result = Product(product.coefficient, powers, exponent)
                self._multiply(result, self._sum(total), _ONE)
                return result
        return product

    def _multiplied(self, leaves: list[tuple[Exact, int]]) -> Product:
        product = Product(_ONE)
        for leaf, times in leaves:
            factor = self._known[id(leaf)][1]
            if times <= 0:
                self._must_not_be_zero(factor, leaf)
            self._multiply(product, factor, fmpq(times))
        return self._opened(product)

    def _must_not_be_zero(self, product: Product, number: Exact) -> None:
        bases = [base for key, (base, _) in product.powers.items() if not base.has_symbols and self._may_vanish(key)]
        if product.coefficient == 0 or any(_sign(base) == 0 for base in bases):
            raise NotDefined(f"a denominator, {_brief(number)}, is 0: division by zero")

    def _may_vanish(self, base: int) -> bool:
        """Whether a base is a sum that has more than positive numbers and powers of e in it."""
        terms = self.sums.get(base, {}).values()
        return not all(c > 0 and all(b.rational is not None for b, _ in t.powers.values()) for c, t in terms)

    def _multiply(self, product: Product, factor: Product, times: fmpq) -> None:
        """Multiply `product`, in place, by a whole power of `factor`."""
        if product.coefficient == 0:
            return
        coefficient = power(factor.coefficient, times)
        assert coefficient is not None
        product.coefficient = kept_small(product.coefficient * coefficient)
        for key, (base, inner) in factor.powers.items():
            self._multiply_base(product, key, base, inner * times)
        for key, (coefficient, term) in factor.exponent.items():
            _collect(product.exponent, key, coefficient * times, term)

    def _multiply_base(self, product: Product, key: int, base: Exact, times: fmpq) -> None:
        if key in product.powers:
            times += product.powers[key][1]
        if base.rational is not None:  # a prime: what is whole of its power goes into the coefficient
            whole = fmpq(times.floor())
            coefficient = power(base.rational, whole)
            assert coefficient is not None
            product.coefficient = kept_small(product.coefficient * coefficient)
            times -= whole
        elif times.q == 1 and key in self._under_roots:  # √(x·y)·√(x·y) is x·y
            product.powers.pop(key, None)
            self._multiply(product, self._under_roots[key], times)
            return
        if times == 0:
            product.powers.pop(key, None)
        else:
            product.powers[key] = (base, times)

    def _raised(self, product: Product, times: fmpq) -> Product:
        """product^times; what may be negative stays together under a root: √(x²) is not x."""
        result = Product(_ONE)
        if times.q == 1:
            if times < 0:
                self._must_not_be_zero(product, self.number(product))
            self._multiply(result, product, times)
            return self._opened(result)
        if product.coefficient == 0:
            return Product(power(fmpq(0), times) or fmpq(0))
        _must_be(self.number(product), (0, 1), f"({{}})^({times}) is not defined: {_ROOT}")
        for prime, n in prime_powers(abs(product.coefficient)):
            self._multiply_base(result, self._key("prime", prime), exact(prime), n * times)
        for key, (coefficient, term) in product.exponent.items():
            _collect(result.exponent, key, coefficient * times, term)
        rest = Product(_ONE if product.coefficient > 0 else -_ONE)
        for key, (base, inner) in product.powers.items():
            if base.rational is not None or (not base.has_symbols and _sign(base) > 0):
                self._multiply_base(result, key, base, inner * times)
            else:
                rest.powers[key] = (base, inner)
        if not rest.powers and rest.coefficient < 0:
            raise NotDefined(f"({_brief(self.number(product))})^({times}) is not defined: {_ROOT}")
        if len(rest.powers) == 1 and rest.coefficient > 0:
            ((key, (base, inner)),) = rest.powers.items()
            if inner.q != 1 or inner.p % 2 == 1:  # where x³ is not negative, x is not either
                self._multiply_base(result, key, base, inner * times)
                return result
        if rest.powers:
            key = self._key("under a root", self._whole_key(rest))
            self._under_roots[key] = rest
            self._multiply_base(result, key, self.number(rest), times)
        return result

    def _power(self, base: Product, exponent: Product) -> Product:
        if not exponent.powers and not exponent.exponent:
            return self._raised(base, exponent.coefficient)
        if base.coefficient == 1 and not base.powers:  # (e^a)^b is e^(a·b)
            result = Product(_ONE)
            for coefficient, term in base.exponent.values():
                inner = Product(coefficient, dict(term.powers), dict(term.exponent))
                self._multiply(inner, exponent, _ONE)
                self._add(result.exponent, inner, _ONE)
            return result
        written = self.number(base), self.number(exponent)
        _must_be(written[0], (0, 1), f"({{}})^({_brief(written[1])}) is not defined: {_ROOT}")
        return self._base(Exact("^", written, None), "^", *(self._whole_key(p) for p in (base, exponent)))

    def _exponential(self, exponent: Product) -> Product:
        if not exponent.powers and not exponent.exponent:
            return Product(
                _ONE, {}, {_CONSTANT: (exponent.coefficient, Product(_ONE))} if exponent.coefficient != 0 else {}
            )
        terms: Sum = {}
        self._add(terms, exponent, _ONE)
        result = Product(_ONE)
        for key, (coefficient, term) in terms.items():
            only = _only_base(term)
            if only is not None and only[1].op == "log":  # e^(c·ln u) is u^c
                self._multiply(result, self._raised(self.of(only[1].args[0]), coefficient), _ONE)
            else:
                _collect(result.exponent, key, coefficient, term)
        if result.exponent:
            self._exponent(result.exponent)  # written now, powers of powers of e nest no deeper later
        return self._opened(result)

    def _logarithm(self, product: Product) -> Product:
        if product.coefficient == 1 and not product.powers:
            return self._sum(dict(product.exponent))  # ln(e^x) is x
        written = self.number(product)
        if written.rational is not None:
            value = OPERATIONS["log"].rational(written.rational)
            if value is not None:
                return Product(value)
        _must_be(written, (1,), "ln({}) is not defined: the logarithm needs a positive number")
        return self._base(Exact("log", (written,), None), "log", self._whole_key(product))

    def _function(self, number: Exact, products: list[Product]) -> Product:
        op, args = number.op, [self.number(p) for p in products]
        values = [a.rational for a in args]
        if None not in values and (value := OPERATIONS[op].rational(*values)) is not None:
            return Product(kept_small(value))
        if not any(a.has_symbols for a in args):
            expand = OPERATIONS[op].expand
            if op in _SETTLED:
                from rechenweg.numbers.deciding import settled

                return self.of(settled(op, *args))
            if expand is not None and op in _OF_LOGARITHMS and self._is_logarithm(products[0]):
                expanded = self.of(expand(*args))
                if not expanded.powers and not expanded.exponent:  # σ(ln 2) is 2/3
                    return expanded
            if expand is not None and op not in _CLOSED:
                return self.of(expand(*args))
        return self._base(Exact(op, tuple(args), None, number.label), op, *map(self._whole_key, products))

    def _is_logarithm(self, product: Product) -> bool:
        """Whether the product is made of logarithms of fractions, times fractions of ordinary size, alone."""
        terms: Sum = {}
        self._add(terms, product, _ONE)
        for coefficient, term in terms.values():
            only = _only_base(term)
            if only is None or only[1].op != "log" or only[1].args[0].rational is None or abs(coefficient) > _LONG:
                return False
        return bool(terms)

    def _whole_key(self, product: Product) -> int:
        return self._key("·", _hashable(product.coefficient), self.key(product))

    def _case(self, number: Exact) -> Product:
        def written(part: Exact) -> Exact:
            return self.number(self._known[id(part)][1])

        decided = (
            (compare(written(c.left), c.relation, written(c.right)), written(value)) for c, value in branches(number)
        )
        left = case(decided, written(number.args[-1]))
        if left.op != "case" or not left.label:
            return self.of(left)
        return self._base(left, "case", left.label, *(self._whole_key(self.of(a)) for a in left.args))

    # --- writing down -----------------------------------------------------------------------------------------------

    def number(self, product: Product) -> Exact:
        """The product as a number: coefficient, roots, powers, power of e; negative powers beneath a fraction bar."""
        if product.written is None:
            product.written = self._write(product)
            self._known[id(product.written)] = (product.written, product)
        return product.written

    def _write(self, product: Product) -> Exact:
        if not product.powers and not product.exponent:
            return Exact("number", (), product.coefficient)
        roots: dict[Hashable, tuple[fmpq, int]] = {}
        top: list[Exact] = []
        bottom: list[Exact] = []
        for base, times in product.powers.values():
            if base.rational is not None:  # √2·√3 is √6
                _, radicand = roots.get(_hashable(times), (times, 1))
                roots[_hashable(times)] = (times, radicand * int(base.rational.p))
            else:
                (top if times > 0 else bottom).append(_power_written(base, abs(times)))
        top[:0] = [_power_written(exact(radicand), times) for times, radicand in roots.values()]
        if product.exponent:
            top.append(Exact("exp", (self._exponent(product.exponent),), None))
        coefficient = product.coefficient
        if abs(coefficient.p) != 1 or not top:
            top.insert(0, Exact("number", (), fmpq(abs(coefficient.p))))
        if coefficient.q != 1:
            bottom.insert(0, Exact("number", (), fmpq(coefficient.q)))
        value = _chained("*", top)
        if bottom:
            value = call("/", value, _chained("*", bottom))
        return call("neg", value) if coefficient < 0 else value

    def _exponent(self, exponent: Sum) -> Exact:
        if id(exponent) not in self._exponents:
            self._exponents[id(exponent)] = (exponent, self._written_sum(exponent))
        return self._exponents[id(exponent)][1]

    def _written_sum(self, total: Sum) -> Exact:
        terms = list(total.values())
        if terms[0][0] < 0:  # 1 − σ, not −σ + 1
            front = next((i for i, (coefficient, _) in enumerate(terms) if coefficient > 0), 0)
            terms.insert(0, terms.pop(front))
        value: Exact | None = None
        for coefficient, term in terms:
            size = abs(coefficient)
            piece = self.number(term if size == 1 else Product(size, term.powers, term.exponent))
            if value is None:
                value = piece if coefficient > 0 else call("neg", piece)
            else:
                value = call("+" if coefficient > 0 else "-", value, piece)
        assert value is not None
        return value


def _chained(op: str, numbers: list[Exact]) -> Exact:
    value = numbers[0]
    for other in numbers[1:]:
        value = call(op, value, other)
    return value


def _only_base(product: Product) -> tuple[int, Exact] | None:
    """Key and number of the base of a product that has but one, to the power 1."""
    if len(product.powers) == 1 and not product.exponent:
        ((key, (base, times)),) = product.powers.items()
        if times == 1:
            return key, base
    return None


def _hashable(value: fmpq) -> Hashable:
    """The fraction for a key: python-flint hashes its own by way of Python's, slowly."""
    return int(value.p) if value.q == 1 else (int(value.p), int(value.q))


def _collect(total: Sum, key: int, coefficient: fmpq, term: Product) -> None:
    if key in total:
        coefficient += total[key][0]
    if coefficient == 0:
        total.pop(key, None)
    else:
        total[key] = (coefficient, term)


def _power_written(base: Exact, times: fmpq) -> Exact:
    if times == 1:
        return base
    return Exact("sqrt", (base,), None) if times == fmpq(1, 2) else Exact("^", (base, exact(times)), None)


# --- sums and products however they are nested ------------------------------------------------------------------------

_Operands: TypeAlias = tuple[tuple[Exact, int], ...]


def _addends(number: Exact) -> _Operands:
    if number.rational is not None or number.op not in ("+", "-", "neg", "named"):
        return ()
    first, *second = number.args
    sign = -1 if number.op == "neg" else 1
    return ((first, sign), *((other, -1 if number.op == "-" else 1) for other in second))


def _factors(number: Exact) -> _Operands:
    if number.rational is not None or number.op not in ("*", "/", "named"):
        return ()
    first, *second = number.args
    return ((first, 1), *((other, -1 if number.op == "/" else 1) for other in second))


_CHAINS = {"+": _addends, "-": _addends, "neg": _addends, "named": _addends, "*": _factors, "/": _factors}


def _leaves(number: Exact, operands: Callable[[Exact], _Operands]) -> list[tuple[Exact, int]]:
    """What is added up, or multiplied, in order, and how often; a piece that many share is looked at once."""
    direct = operands(number)
    if len(direct) < 3 and not any(operands(operand) for operand, _ in direct) and direct[0][0] is not direct[-1][0]:
        return list(direct)  # the most frequent case
    order = bottom_up(number, lambda node: [operand for operand, _ in operands(node)])
    times = dict.fromkeys(map(id, order), 0)
    times[id(number)] = 1
    leaves = []
    for node in reversed(order):  # every number before those that it is made of
        below = operands(node)
        for operand, sign in below:
            times[id(operand)] += sign * times[id(node)]
        if not below:
            leaves.append((node, times[id(node)]))
    return leaves[::-1]


# --- what needs a sign ------------------------------------------------------------------------------------------------

_CLOSED = frozenset(("sigmoid", "tanh", "sin", "cos"))
"""Functions that may stand in a closed form."""

_OF_LOGARITHMS = frozenset(("sigmoid", "tanh"))
"""Functions that are rational where their argument is a logarithm."""

_LONG = 64
"""Longer sums are not multiplied out on trial, higher powers not computed on trial."""

_SETTLED = frozenset(("max", "min", "abs", "floor", "ceil"))
"""Operations that signs settle."""


def _sign(number: Exact) -> int:
    from rechenweg.numbers.deciding import sign

    return sign(number)


_ROOT = "a fractional power of a negative number"


def _must_be(number: Exact, signs: tuple[int, ...], message: str) -> None:
    """Raise NotDefined, with the number put into the message, unless it has one of the signs, or free symbols."""
    if number.rational is not None:
        holds = (number.rational > 0) - (number.rational < 0) in signs
    else:
        holds = number.has_symbols or _sign(number) in signs
    if not holds:
        raise NotDefined(message.format(_brief(number)))


def _brief(number: Exact) -> str:
    from rechenweg.numbers.printing import brief

    return brief(number)
