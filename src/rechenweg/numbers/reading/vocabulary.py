r"""The question's own symbols, and all the ways to spell them.

A symbol goes by its LaTeX name (``w_2``, ``\hat y``, ``\frac{\partial L}{\partial \hat y}``). Candidates write ``w2``,
``w₂``, ``w_{2}``; ``yhat``, ``y_hat``, ``ŷ``; ``dL/dyhat``, ``∂L/∂ŷ``. The spellings of a name follow from its parts
(base, accent, subscript, superscript) by the rules below, and all of them together stand in one tree that the parser
walks along the tokens; the longest spelling that fits is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from rechenweg.errors import NotationError
from rechenweg.numbers.exact import OPERATIONS, Exact, exact
from rechenweg.numbers.functions import FUNCTIONS
from rechenweg.numbers.notation import read_latex, to_text
from rechenweg.numbers.reading.mistakes import WrongKindError, described
from rechenweg.numbers.reading.tokens import GREEK_NAMES, clean, tokenize

EULER: Exact = exact(1).exp()
"""e. The parser tells it by identity, so that e^x becomes exp(x)."""

BUILT_IN = {
    "exp": "exp", "ln": "log", "log": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos", "abs": "abs", "sgn": "sgn",
    "sign": "sgn", r"\sigma": "sigmoid", "sigmoid": "sigmoid", "tanh": "tanh", "ReLU": "relu", "ELU": "elu",
    "LeakyReLU": "leaky_relu", "leaky_relu": "leaky_relu", "LReLU": "leaky_relu", "max": "max", "min": "min",
    "lg": "log10", "log10": "log10", "log2": "log2",
}  # fmt: skip
"""Functions that every question has, by spelling. log is the natural logarithm, as in the field; lg has base
10, and ``log_2`` says its base."""

END = ""
"""Key of the tree under which a spelling's entry stands."""

Function = str | Callable[..., Exact]
Tree = dict[str, Any]


class Entry(NamedTuple):
    """What a spelling stands for: a symbol or a function, by its LaTeX name."""

    kind: str  # "symbol", "function", "derivative", or "ambiguous"
    name: str


@dataclass(frozen=True, eq=False)
class Vocabulary:
    r"""What a question's answers may speak of.

    Attributes:
        symbols: values by LaTeX name: an :class:`Exact` (mostly a free symbol), or an object array of them (a matrix,
            or a vector with one axis).
        functions: the question's own functions by LaTeX name: a key of ``FUNCTIONS`` (``{r"\sigma_1": "sigmoid"}``; its
            derivative ``\sigma_1'`` is then known as well), or a callable that takes and returns an :class:`Exact`
            (its derivative is an entry of its own, ``r"\sigma_1'"``).

    Make one per question and keep it; the tree of spellings is shared by all vocabularies with the same names.

    >>> from rechenweg.numbers import symbol
    >>> from rechenweg.numbers.reading import read_formula
    >>> words = Vocabulary({"w_2": symbol("w_2"), r"\hat y": symbol(r"\hat y")}, {r"\sigma_1": "sigmoid"})
    >>> print(read_formula("2 ŷ w2 σ₁'(0)", words))
    2 · ŷ · w₂ · σ₁′(0)
    """

    symbols: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    tree: Tree = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, value in self.symbols.items():
            array = isinstance(value, np.ndarray) and value.dtype == object and 0 < value.ndim < 3 and value.size
            if not (array or isinstance(value, Exact)):
                expected = "an exact number, or a vector or matrix of them"
                raise WrongKindError(f"the symbol {name}: expected {expected}, found {described(value)}")
        for name, function in self.functions.items():
            if isinstance(function, str) and function not in OPERATIONS:
                raise WrongKindError(f"the function {name}: expected one of {', '.join(FUNCTIONS)}, found {function!r}")
        object.__setattr__(self, "tree", _tree(tuple(self.symbols), tuple(self.functions)))

    def __reduce__(self) -> tuple[Any, ...]:
        return Vocabulary, (self.symbols, self.functions)  # the tree is quicker made than pickled

    def known(self) -> str:
        """The symbols and the question's functions in one line, for messages."""
        names = [_shown(name) for name in self.symbols] + [f"{_shown(name)}(…)" for name in self.functions]
        if not names:
            return "numbers, e and the functions ln, exp, sqrt, sigma, tanh, ReLU …"
        return ", ".join(names[:16]) + (" …" if len(names) > 16 else "")


def _shown(name: str) -> str:
    try:
        return to_text(read_latex(name))
    except NotationError:
        return name


@lru_cache(maxsize=256)
def _tree(symbols: tuple[str, ...], functions: tuple[str, ...]) -> Tree:
    """All spellings of all names. Exact spellings come first: a variant never takes the place of another's own name."""
    own: list[tuple[tuple[str, ...], Entry]] = []
    variants: list[tuple[tuple[str, ...], Entry]] = []
    for name in symbols:
        spelled = list(_spellings(name))
        own.append((spelled[0], Entry("symbol", name)))
        variants += ((s, Entry("symbol", name)) for s in spelled[1:])
    for name in functions:
        _add_function(name, own, variants)
    tree: Tree = {}
    for spelling, entry in own:
        _node(tree, spelling)[END] = entry
    taken: dict[int, Entry] = {}
    for spelling, entry in variants:
        node = _node(tree, spelling)
        before = node.setdefault(END, entry)
        if before is entry:
            taken[id(node)] = entry
        elif before != entry and id(node) in taken:  # two names share a variant: neither may have it
            node[END] = Entry("ambiguous", f"{before.name} or {entry.name}")
    # what every formula may use comes last: a question's own names win
    for spelling, entry in _built_in():
        _node(tree, spelling).setdefault(END, entry)
    return tree


def _node(tree: Tree, spelling: Iterable[str]) -> Tree:
    for atom in spelling:
        tree = tree.setdefault(atom, {})
    return tree


def _add_function(
    name: str, own: list[tuple[tuple[str, ...], Entry]], variants: list[tuple[tuple[str, ...], Entry]]
) -> None:
    if name.endswith("'"):
        first, *others = _spellings(name[:-1])
        kind, bare = "derivative", name[:-1]
        own.append(((*first, "'"), Entry(kind, bare)))
        variants += (((*s, "'"), Entry(kind, bare)) for s in others)
    else:
        first, *others = _spellings(name)
        own.append((first, Entry("function", name)))
        variants += ((s, Entry("function", name)) for s in others)
        variants += (((*s, "'"), Entry("derivative", name)) for s in (first, *others))
    for spelling in (first, *others):  # σ′₁ for σ₁′
        if "_" in spelling:
            at = spelling.index("_")
            variants.append(((*spelling[:at], "'", *spelling[at:]), Entry("derivative", name.removesuffix("'"))))


@lru_cache(maxsize=1)
def _built_in() -> list[tuple[tuple[str, ...], Entry]]:
    found: list[tuple[tuple[str, ...], Entry]] = [(("e",), Entry("symbol", "e"))]
    for name in BUILT_IN:
        for spelled in {name, name.lower(), name.upper(), name.capitalize()}:
            for spelling in _spellings(spelled):
                found.append((spelling, Entry("function", name)))
                found.append(((*spelling, "'"), Entry("derivative", name)))
    return found


# --- the spellings of one name --------------------------------------------------------------------------------------
# A spelling is a sequence of atoms: single letters, numbers, signs, and "hat", "frac" … for commands. The parser leaves
# out braces around one thing after _, ^ and accents; all other braces are atoms.

_Atoms = tuple[str, ...]


class _Parts(NamedTuple):
    accent: str
    base: _Atoms
    sub: _Atoms
    sup: _Atoms


def _spellings(name: str) -> Iterator[_Atoms]:
    """All spellings of a LaTeX name, its own first; some may come twice."""
    tokens = [(kind, text) for kind, text, *_ in tokenize(name, clean(name))[:-2]]
    atoms = _atoms(tokens)
    yield atoms
    derivative = _split_derivative(atoms)
    if derivative is not None:
        yield from _derivative_spellings(*derivative)
        return
    parts = _split(atoms)
    if parts is None:
        yield from _spelled_out(atoms)
    else:
        yield from _part_spellings(parts)


def _atoms(tokens: list[tuple[str, str]]) -> _Atoms:
    found: list[str] = []
    i = 0
    while i < len(tokens):
        kind, text = tokens[i]
        alone = kind == "{" and i + 2 < len(tokens) and tokens[i + 2][0] == "}"
        if alone and found and found[-1] in ("_", "^", "hat", "bar", "tilde", "vec"):
            kind, text = tokens[i + 1]
            i += 2
        if kind == "word":
            found += text
        else:
            found.append(text if kind in ("number", "hat", "command") else kind)
        i += 1
    return tuple(found)


def _split(atoms: _Atoms) -> _Parts | None:
    """A name of the form accent base sub sup; ``None`` for any other (``\\Delta w``)."""
    accent = ""
    if atoms and atoms[0] in ("hat", "bar", "tilde", "vec"):
        accent, atoms = atoms[0], atoms[1:]
        if atoms and atoms[0] == "{" and atoms[-1] == "}":  # \hat{y_1}
            atoms = atoms[1:-1]
    scripts: dict[str, _Atoms] = {"_": (), "^": ()}
    end = next((i for i, atom in enumerate(atoms) if atom in scripts), len(atoms))
    base, rest = atoms[:end], atoms[end:]
    while rest:
        sign, rest = rest[0], rest[1:]
        if sign not in scripts or scripts[sign] or not rest:
            return None
        stop = rest.index("}") + 1 if rest[0] == "{" else 1
        if rest[0].isalpha():  # \mathrm{pred}: a word is one thing
            stop = next((i for i, atom in enumerate(rest) if not atom.isalpha()), len(rest))
        scripts[sign], rest = rest[:stop], rest[stop:]
    if not base or not all(atom.isalnum() for atom in base):
        return None
    return _Parts(accent, base, scripts["_"], scripts["^"])


def _spelled_out(atoms: _Atoms) -> Iterator[_Atoms]:
    """The same with Greek letters by their English names."""
    yield atoms
    if any(atom in GREEK_NAMES for atom in atoms):
        yield tuple(letter for atom in atoms for letter in GREEK_NAMES.get(atom, (atom,)))


def _part_spellings(parts: _Parts) -> Iterator[_Atoms]:
    bases = list(_spelled_out(parts.base))
    subs = list(_sub_spellings(parts.sub)) if parts.sub else [()]
    sups = list(_sup_spellings(parts.sup)) if parts.sup else [()]
    accent = parts.accent
    for base, sub, sup in product(bases, subs, sups):
        scripts = [sub + sup, sup + sub] if sub and sup and sub[0] == "_" else [sub + sup]
        for script in scripts:
            if not accent:
                yield base + script
                continue
            word = tuple(accent)
            yield (accent, *base, *script)
            yield (accent, "{", *base, *sub, "}", *sup)
            yield (accent, "{", *base, *sub, *sup, "}")
            yield base + word + script  # yhat_1
            yield (*base, "_", *word, *script)
            yield word + base + script  # hatx
            if sub:
                yield (*base, *sub, *word, *sup)  # y1hat
                yield (*base, *sub, "_", *word, *sup)
            if accent == "vec":  # an arrow adds nothing where no other symbol has the name
                yield base + script


def _sub_spellings(sub: _Atoms) -> Iterator[_Atoms]:
    yield ("_", *sub)
    for plain in _spelled_out(sub):
        yield ("_", *plain)
        inside = plain[1:-1] if plain[0] == "{" else plain
        joined = "".join(inside)
        if joined.replace(",", "").isdigit():
            digits = joined.replace(",", "")
            yield ("_", digits)
            yield (digits,)  # w2
            yield ("_", joined)
            yield (joined,)
            if "," in joined:
                yield ("_", "{", *joined.replace(",", " , ").split(), "}")  # m_{1, 2}
        elif all(atom.isalnum() or atom == "," for atom in inside):
            short = tuple(atom for atom in inside if atom != ",")
            if short != inside:
                yield ("_", *short)  # m_ij for m_{i,j}
                yield ("_", "{", *short, "}")


def _sup_spellings(sup: _Atoms) -> Iterator[_Atoms]:
    yield ("^", *sup)
    if sup == ("*",):
        yield ("*",)  # the parser decides whether a star in y* is a name's or a product's
        for word in ("star", "_star"):
            yield tuple(word)
        yield ("^", *"star")
    elif sup[0] == "{" and sup[1] in ("(", "["):
        yield ("^", *sup[1:-1])  # x^(1)


def _split_derivative(atoms: _Atoms) -> tuple[_Atoms, _Atoms] | None:
    r"""What is derived and by what, for ``\frac{\partial L}{\partial w}`` and ``dL/dw``."""
    if atoms[:3] == ("frac", "{", "d") and atoms[-1] == "}":
        depth, i = 0, 1
        while i < len(atoms):
            depth += (atoms[i] == "{") - (atoms[i] == "}")
            if depth == 0:
                break
            i += 1
        if atoms[i + 1 : i + 3] == ("{", "d"):
            return atoms[3:i], atoms[i + 3 : -1]
    elif atoms[:1] == ("d",) and "/" in atoms:
        at = atoms.index("/")
        if atoms[at + 1 : at + 2] == ("d",):
            return atoms[1:at], atoms[at + 2 :]
    return None


def _derivative_spellings(of: _Atoms, by: _Atoms) -> Iterator[_Atoms]:
    tops = _distinct(_either(of))
    bottoms = _distinct(_either(by))
    for top, bottom in product(tops, bottoms):
        if not top or not bottom:
            continue
        yield ("frac", "{", "d", *top, "}", "{", "d", *bottom, "}")
        yield ("d", *top, "/", "d", *bottom)
        yield ("{", "d", *top, "}", "/", "{", "d", *bottom, "}")
        yield ("(", "d", *top, ")", "/", "(", "d", *bottom, ")")
        yield ("d", *top, "_", "d", *bottom)  # dL_dw2, as in code
        yield ("d", *top, "d", *bottom)
        yield ("∇", "_", *bottom, *top)
        yield ("∇", "_", "{", *bottom, "}", *top)


def _either(atoms: _Atoms) -> Iterator[_Atoms]:
    parts = _split(atoms)
    yield atoms
    yield from _spelled_out(atoms) if parts is None else _part_spellings(parts)


def _distinct(spellings: Iterable[_Atoms]) -> list[_Atoms]:
    return list(dict.fromkeys(spellings))
