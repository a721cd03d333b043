"""A run of a network written out: named quantities, steps in general form and with values, shapes, receptive fields,
restarts from given values; as text, HTML, Typst and LaTeX.

``run``        :func:`work`: the run, every quantity by name
``steps``      how it is written: formula, values put in, result
``shapes``     the shape table: lengths, parameters, receptive fields, multiply–accumulates
``matrix``     a linear layer as a matrix
``names``      how quantities and their elements are called; ``taking``: values as users write them
``document``   what people read, as data; ``writers`` turn it into text, HTML, LaTeX and Typst
``figures``, ``drawing``, ``prose``   what documents are made of
``loading``    a network from a user's file

>>> from rechenweg.nn import L2Loss, Linear, Network
>>> net = Network.chain([Linear(weights=[[3]], names={"weights": "w"})], loss=L2Loss())
>>> run = work(net, 2, target=5)
>>> print(run["dL/dw"].scalar)
∂L/∂w = ∂L/∂ŷ · x = 2 · 2 = 4
>>> print(run.follow({"dL/d\\\\hat y": 10})["dL/dw"].scalar)
∂L/∂w = ∂L/∂ŷ · x = 10 · 2 = 20
"""

from rechenweg.working.document import Document
from rechenweg.working.matrix import as_matrix, matrix_document
from rechenweg.working.run import Quantity, Working, opened, work
from rechenweg.working.shapes import ShapeRow, ShapeTable, shapes
from rechenweg.working.taking import symbols

__all__ = [
    "Document",
    "Quantity",
    "ShapeRow",
    "ShapeTable",
    "Working",
    "as_matrix",
    "matrix_document",
    "opened",
    "shapes",
    "symbols",
    "work",
]
