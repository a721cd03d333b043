"""What a layer computes on: exact numbers that carry the arithmetic that made them, and float arrays.

:mod:`.exact` is the number; :mod:`.rationals`, :mod:`.operations`, :mod:`.functions` say what is computed with it,
:mod:`.intervals`, :mod:`.fingerprint`, :mod:`.proving`, :mod:`.deciding` settle signs and equality, :mod:`.closed`
finds closed forms, :mod:`.arrays` has the array primitives; :mod:`.notation` is the layout of formulas,
:mod:`.printing` writes numbers as formulas, :mod:`.reading` reads them.
"""

from rechenweg.numbers import functions as _functions  # enters the functions into the table of operations
from rechenweg.numbers.arrays import (
    Array,
    contract,
    fold,
    is_exact,
    like,
    patches,
    softmax,
    total,
    where,
    window_max,
)
from rechenweg.numbers.closed import tidy
from rechenweg.numbers.deciding import Verdict, equal, sign
from rechenweg.numbers.exact import Condition, Exact, case, exact, named, symbol, unnamed
from rechenweg.numbers.functions import FUNCTIONS, apply, derivative
from rechenweg.numbers.printing import formula, latex, mathml, result, text, typst, with_values, written

__all__ = [
    "FUNCTIONS",
    "Array",
    "Condition",
    "Exact",
    "Verdict",
    "apply",
    "case",
    "contract",
    "derivative",
    "equal",
    "exact",
    "fold",
    "formula",
    "is_exact",
    "latex",
    "like",
    "mathml",
    "named",
    "patches",
    "result",
    "sign",
    "softmax",
    "symbol",
    "text",
    "tidy",
    "total",
    "typst",
    "unnamed",
    "where",
    "window_max",
    "with_values",
    "written",
]
del _functions
