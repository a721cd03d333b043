r"""Reading what candidates write: plain text or LaTeX, by one small parser that knows only what it is told.

    tokens      text, LaTeX and Unicode spellings to one alphabet; the limits on length and nesting
    vocabulary  the question's symbols and functions, and all the ways to spell them
    matching    names among the tokens
    arithmetic  operations on values, with their limits
    values      numbers, matrices, vectors, and how they multiply
    parser      precedence, brackets, functions
    answers     read_number, read_formula, read_chain
    lists       read_vector, read_matrix, read_shape
    cases       read_piecewise
    digits      decimal point and comma
    mistakes    one error class per kind of mistake; pointing() for the terminal

Nothing is ever evaluated as Python, and nothing is guessed: what has two readings is an :class:`AmbiguousError`.
"""

from rechenweg.numbers.reading.answers import NO_SYMBOLS, read_chain, read_formula, read_number
from rechenweg.numbers.reading.cases import read_piecewise
from rechenweg.numbers.reading.lists import read_matrix, read_shape, read_vector
from rechenweg.numbers.reading.mistakes import (
    AmbiguousError,
    ArgumentsError,
    DivisionByZeroError,
    EmptyAnswerError,
    IncompleteCasesError,
    MisplacedError,
    NotANumberError,
    TooLargeError,
    UnbalancedError,
    UndefinedValueError,
    UnexpectedCharacterError,
    UnfinishedError,
    UnfittingShapesError,
    UnknownSymbolError,
    WrongKindError,
    pointing,
)
from rechenweg.numbers.reading.vocabulary import Vocabulary

__all__ = [
    "NO_SYMBOLS",
    "AmbiguousError",
    "ArgumentsError",
    "DivisionByZeroError",
    "EmptyAnswerError",
    "IncompleteCasesError",
    "MisplacedError",
    "NotANumberError",
    "TooLargeError",
    "UnbalancedError",
    "UndefinedValueError",
    "UnexpectedCharacterError",
    "UnfinishedError",
    "UnfittingShapesError",
    "UnknownSymbolError",
    "Vocabulary",
    "WrongKindError",
    "pointing",
    "read_chain",
    "read_formula",
    "read_matrix",
    "read_number",
    "read_piecewise",
    "read_shape",
    "read_vector",
]
