"""A linear layer as a matrix: its laws, tum-2024's matrix entry by entry, what is no matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import NetworkError, RechenwegError, ShapeError
from rechenweg.nn import AvgPool1d, AvgPool2d, Conv1d, Conv2d, Flatten, Layer, Linear, MaxPool1d, ReLU
from rechenweg.numbers import Array, exact, named, symbol
from rechenweg.text import LANGUAGES, Language
from rechenweg.working import as_matrix, matrix_document
from rechenweg.working.writers import page, write
from tests.working.networks import convolution


def written(matrix: Array) -> list[list[str]]:
    """Names where entries have names, values where they have none."""
    return [[n.label.replace("{", "").replace("}", "") if n.label else str(n) for n in row] for row in matrix]


def test_matrix_of_tum_2024() -> None:
    """3.3: a band of c₁, c₂, c₃, one row per output."""
    layer = convolution().layer("z")
    assert written(as_matrix(layer, (5,))) == [
        ["c_1", "c_2", "c_3", "0", "0"],
        ["0", "c_1", "c_2", "c_3", "0"],
        ["0", "0", "c_1", "c_2", "c_3"],
    ]
    values = as_matrix(layer, (1, 1, 5), symbolic=False)
    assert [str(n) for n in values[0]] == ["1/2", "3/2", "1/2", "0", "0"]
    # 1 + 9/2 + 1/2; 3/2 + 3/2 + 1; 1/2 + 3 − 1/2
    assert [n.fraction() for n in values @ exact([2, 3, 1, 2, -1])] == [6, 4, 3]


def test_entries_bear_name_and_value() -> None:
    entry = as_matrix(convolution().layer("z"), (5,))[0, 1]
    assert (entry.op, entry.label, entry.fraction()) == ("named", "c_{2}", exact("3/2").fraction())
    own = Conv1d(weights=np.array([[[named(r"\alpha", exact(2)), symbol(r"\beta")]]], dtype=object))
    assert written(as_matrix(own, (3,))) == [[r"\alpha", r"\beta", "0"], ["0", r"\alpha", r"\beta"]]


def test_stride_padding_and_channels() -> None:
    """k = 2, s = 2, p = 1 over x₁x₂x₃: windows 0x₁ and x₂x₃; two channels side by side."""
    layer = Conv1d(2, 1, 2, stride=2, padding=1, bias=False, names={"weights": "k"})
    assert written(as_matrix(layer, (2, 3))) == [
        ["k_1,2", "0", "0", "k_2,2", "0", "0"],
        ["0", "k_1,1", "k_1,2", "0", "k_2,1", "k_2,2"],
    ]
    flipped = Conv1d(1, 1, 3, bias=False, flipped=True, names={"weights": "k"})
    assert written(as_matrix(flipped, (4,)))[0] == ["k_3", "k_2", "k_1", "0"]


def test_average_pooling_linear_and_flatten() -> None:
    assert written(as_matrix(AvgPool1d(2, stride=1), (3,))) == [["1/2", "1/2", "0"], ["0", "1/2", "1/2"]]
    assert written(as_matrix(Linear(2, 3, bias=False), (2,)))[2] == ["W_1,3", "W_2,3"]
    assert written(as_matrix(Linear(2, 3, bias=False, layout="out,in"), (2,)))[2] == ["W_3,1", "W_3,2"]
    assert written(as_matrix(Flatten(), (1, 2, 2))) == [[str(int(i == j)) for j in range(4)] for i in range(4)]


@st.composite
def linear_layers(draw: st.DrawFn) -> tuple[Layer, tuple[int, ...]]:
    small = st.integers(-3, 3)
    channels, kernel = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    stride, padding = draw(st.integers(1, 2)), draw(st.integers(0, 1))
    size = draw(st.integers(kernel, 4))
    if draw(st.booleans()):
        shape = (draw(st.integers(1, 2)), channels, kernel)
        weights = exact(draw(st.lists(small, min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))))
        return Conv1d(weights=weights.reshape(shape), stride=stride, padding=padding), (1, channels, size)
    if draw(st.booleans()):
        shape2 = (1, channels, kernel, kernel)
        weights = exact(draw(st.lists(small, min_size=int(np.prod(shape2)), max_size=int(np.prod(shape2)))))
        return Conv2d(weights=weights.reshape(shape2), stride=stride, padding=padding), (1, channels, size, size)
    return AvgPool2d(kernel, stride=stride), (1, channels, size, size)


@given(case=linear_layers(), data=st.data())
def test_matrix_does_what_the_layer_does(case: tuple[Layer, tuple[int, ...]], data: st.DataObject) -> None:
    """M·flatten(x) = flatten(layer(x)), Mᵀ·e = backward(e); names or not, exactly."""
    layer, shape = case
    matrix = as_matrix(layer, shape)
    whole = st.integers(-5, 5)
    x = exact(data.draw(st.lists(whole, min_size=matrix.shape[1], max_size=matrix.shape[1])))
    z = layer.forward(x.reshape(shape))
    e = exact(data.draw(st.lists(whole, min_size=z.size, max_size=z.size)))
    back = layer.backward(e.reshape(z.shape))
    for m in (matrix, as_matrix(layer, shape, symbolic=False)):
        assert [a.fraction() for a in m @ x] == [b.fraction() for b in z.reshape(-1)]
        assert [a.fraction() for a in m.T @ e] == [b.fraction() for b in back.reshape(-1)]


def test_matrix_equals_pytorch() -> None:
    rng = np.random.default_rng(1)
    weights = rng.integers(-4, 5, (2, 2, 3, 2))
    layer = Conv2d(weights=exact(weights), stride=(1, 2), padding=((1, 1), (0, 0)))
    matrix = np.array([[n.approx() for n in row] for row in as_matrix(layer, (2, 3, 4))])
    module = torch.nn.Conv2d(2, 2, (3, 2), stride=(1, 2), padding=(1, 0), bias=False, dtype=torch.float64)
    module.weight.data = torch.tensor(weights, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(
        lambda x: module(x).flatten(), torch.zeros(1, 2, 3, 4, dtype=torch.float64)
    )
    np.testing.assert_array_equal(matrix, jacobian.reshape(matrix.shape).numpy())


WRONG: list[tuple[type[RechenwegError], str, Any]] = [
    (
        NetworkError,
        "MaxPool1d: expected a linear layer (convolution, average pooling, linear, flatten)",
        lambda: as_matrix(MaxPool1d(2), (4,)),
    ),
    (
        NetworkError,
        "ReLU: expected a linear layer (convolution, average pooling, linear, flatten)",
        lambda: as_matrix(ReLU(), (4,)),
    ),
    (
        NetworkError,
        "Linear: expected a layer without a bias, for only that is a matrix; pass bias=False",
        lambda: as_matrix(Linear(3, 2), (3,)),
    ),
    (
        NetworkError,
        "Linear: expected a layer without a bias, for only that is a matrix; pass bias=False",
        lambda: as_matrix(Linear(3, 2, bias_as_last_row=True), (3,)),
    ),
    (
        NetworkError,
        "Conv1d: no weights yet; pass weights=…, or symbolic=True for the names alone",
        lambda: as_matrix(Conv1d(1, 1, 3, bias=False), (5,), symbolic=False),
    ),
    (
        ShapeError,
        "Conv1d: expected input (batch, 1 channel, length), found shape (2, 5)",
        lambda: as_matrix(Conv1d(1, 1, 3, bias=False), (2, 5)),
    ),
    (
        ShapeError,
        "Conv1d: expected the shape of one sample, found (2, 1, 5)",
        lambda: as_matrix(Conv1d(1, 1, 3, bias=False), (2, 1, 5)),
    ),
]


@pytest.mark.parametrize(("error", "message", "call"), WRONG)
def test_what_is_no_matrix_says_so(error: type[RechenwegError], message: str, call: Any) -> None:
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_written_out_with_names_and_with_values() -> None:
    document = matrix_document(convolution().layer("z"), (5,), inputs=[2, 3, 1, 2, -1], decimals=True)
    text = " ".join(write(document, "text").split())
    assert (
        "M · x = [c₁, c₂, c₃, 0, 0; 0, c₁, c₂, c₃, 0; 0, 0, c₁, c₂, c₃] · [x₁; x₂; x₃; x₄; x₅] = [z₁; z₂; z₃]" in text
    )
    assert "[0.5, 1.5, 0.5, 0, 0; 0, 0.5, 1.5, 0.5, 0; 0, 0, 0.5, 1.5, 0.5] · [2; 3; 1; 2; −1] = [6; 4; 3]" in text


def test_a_large_matrix_is_shortened_and_the_rest_is_counted() -> None:
    layer = Conv2d(1, 1, 3, bias=False, names={"weights": "k"})
    text = " ".join(write(matrix_document(layer, (9, 9)), "text").split())
    assert "49 rows, one per output, and 81 columns" in text
    assert "z₁,₁ = k₁,₁ · x₁,₁ + k₁,₂ · x₁,₂ + k₁,₃ · x₁,₃ + k₂,₁ · x₂,₁" in text
    assert "and 46 more rows; products with 0 are left out." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_typst_compiles(language: Language) -> None:
    document = matrix_document(AvgPool2d(2), (4, 4)) + matrix_document(Conv2d(1, 2, 3, bias=False), (4, 4))
    assert typst.compile(page(document, "typst", language, "").encode()).startswith(b"%PDF")
    assert r"\begin{bmatrix}" in write(document, "latex", language)
    assert "<mtable>" in write(document, "html", language)
