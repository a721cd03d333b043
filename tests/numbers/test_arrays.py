"""The array primitives have one meaning for floats and exact numbers; PyTorch and plain loops are the oracles."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from rechenweg.errors import ExactnessError, ShapeError, Undecidable
from rechenweg.numbers import (
    Exact,
    Verdict,
    contract,
    equal,
    exact,
    fold,
    is_exact,
    like,
    patches,
    softmax,
    symbol,
    text,
    total,
    where,
    window_max,
)
from rechenweg.numbers.exact import NOTHING

Array = np.ndarray[Any, Any]


def values(array: Any) -> Array:
    """Exact numbers as Python's fractions, entry by entry."""
    return np.vectorize(lambda v: exact(v).fraction(), otypes=[object])(array)


def names(letter: str, *shape: int) -> Array:
    made = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        made[index] = symbol(f"{letter}_{{{''.join(str(i + 1) for i in index)}}}")
    return made


# --- windows ----------------------------------------------------------------------------------------------------------


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Shape, kernel, stride and padding of one or two spatial axes, with at least one window."""
    dims = draw(st.integers(1, 2))
    sizes = draw(st.tuples(*[st.integers(1, 7)] * dims))
    kernel = draw(st.tuples(*[st.integers(1, 4)] * dims))
    stride = draw(st.tuples(*[st.integers(1, 3)] * dims))
    padding = draw(st.tuples(*[st.tuples(st.integers(0, 2), st.integers(0, 2))] * dims))
    assume(all(n + sum(p) >= k for n, k, p in zip(sizes, kernel, padding, strict=True)))
    return (draw(st.integers(0, 2)), draw(st.integers(1, 2)), *sizes), kernel, stride, padding


@given(windows())
def test_patches_are_those_of_pytorch(case: Any) -> None:
    shape, kernel, stride, padding = case
    x = np.arange(float(np.prod(shape))).reshape(shape) + 1
    sides = [side for pair in reversed(padding) for side in pair]
    tensor = torch.nn.functional.pad(torch.tensor(x), sides)
    for axis, (k, s) in enumerate(zip(kernel, stride, strict=True)):
        tensor = tensor.unfold(2 + axis, k, s)
    found = patches(x, kernel, stride, padding)
    assert np.array_equal(found, tensor.numpy())
    over_exact = patches(exact(x.astype(int)), kernel, stride, padding)
    assert (values(over_exact) == found.astype(int)).all()


@given(windows(), st.randoms(use_true_random=False))
def test_fold_is_the_adjoint_of_patches(case: Any, random: Any) -> None:
    """⟨patches(x), c⟩ = ⟨x, fold(c)⟩ for whole numbers as floats (no rounding) and as exact numbers."""
    shape, kernel, stride, padding = case
    x = np.array([random.randint(-9, 9) for _ in range(int(np.prod(shape)))]).reshape(shape)
    columns_shape = patches(x, kernel, stride, padding).shape
    c = np.array([random.randint(-9, 9) for _ in range(int(np.prod(columns_shape)))]).reshape(columns_shape)
    for kind in (lambda a: a.astype(float), lambda a: a.astype(np.float32), exact):
        ours, cs = kind(x), kind(c)
        there = total(patches(ours, kernel, stride, padding) * cs)
        back = total(ours * fold(cs, shape, stride, padding))
        assert bool(there == back)


def test_positions_that_no_window_saw_get_nothing() -> None:
    c = exact(np.ones((1, 1, 2, 2), dtype=int))
    folded = fold(c, (1, 1, 6), (3,), ((0, 0),))[0, 0]
    assert values(folded).tolist() == [1, 1, 0, 1, 1, 0]
    assert folded[2] is folded[5] is NOTHING
    assert fold(np.ones((1, 1, 2, 2), np.float32), (1, 1, 6), (3,), ((0, 0),)).dtype == np.float32


def test_patches_are_a_view_where_nothing_is_padded() -> None:
    x = np.arange(20.0).reshape(1, 1, 4, 5)
    assert np.shares_memory(patches(x, (2, 2), (1, 1), ((0, 0), (0, 0))), x)


def test_a_kernel_that_is_too_large() -> None:
    with pytest.raises(ShapeError) as caught:
        patches(np.ones((1, 1, 3, 5)), (5, 2), (1, 1), ((0, 1), (0, 0)))
    assert str(caught.value) == "expected a kernel that fits into the padded input (4, 5), found kernel (5, 2)"


def test_an_empty_batch_goes_through() -> None:
    for x in (np.ones((0, 2, 4)), exact(np.ones((0, 2, 4), dtype=int))):
        columns = patches(x, (3,), (1,), ((1, 1),))
        assert columns.shape == (0, 2, 4, 3)
        assert fold(columns, x.shape, (1,), ((1, 1),)).shape == (0, 2, 4)
        assert contract("ock,ncyk->noy", columns.reshape(0, 2, 12)[:, :, :3], columns).shape == (0, 0, 4)
        assert window_max(columns, (-1,))[0].shape == (0, 2, 4)
        assert total(columns, -1).shape == (0, 2, 4)


# --- maxima -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.integers(-2, 2), min_size=6, max_size=6), min_size=1, max_size=4))
def test_window_max_of_floats_and_exact_numbers(rows: list[list[int]]) -> None:
    """Few different values, hence many ties. PyTorch sends the gradient to the first of them."""
    x = np.array(rows).reshape(-1, 2, 3)
    tensor = torch.tensor(x.astype(float), requires_grad=True)
    torch.nn.functional.max_pool2d(tensor[:, None], (2, 3)).sum().backward()
    for kind in (lambda a: a.astype(float), exact):
        top, mask = window_max(kind(x), (-2, -1))
        assert (values(top if is_exact(top) else top.astype(int)) == x.max(axis=(1, 2))).all()
        assert np.array_equal(mask.astype(bool), tensor.grad.numpy() == 1)  # type: ignore[union-attr]
        _, shared = window_max(kind(x), (-2, -1), ties="shared")
        best = x == x.max(axis=(1, 2), keepdims=True)
        for row, winners in zip(shared.reshape(-1, 6), best.reshape(-1, 6), strict=True):
            part = Fraction(1, int(winners.sum()))
            ours = values(row) if is_exact(row) else np.array([Fraction(v).limit_denominator(6) for v in row])
            assert [v for v, w in zip(ours, winners, strict=True) if w] == [part] * int(winners.sum())
            assert not any(v for v, w in zip(ours, winners, strict=True) if not w)


def test_the_mask_lets_errors_pass_without_a_trace() -> None:
    top, mask = window_max(exact([[6, 2, 6]]), (-1,))
    assert str(top[0]) == "max(6, 2, 6) = 6"
    error = symbol("e", 4)
    assert [str(v) for v in error * mask[0]] == ["e = 4", "0", "0"]
    _, shared = window_max(exact([[6, 2, 6]]), (-1,), ties="shared")
    assert [str(v).split(" = ")[0] for v in error * shared[0]] == ["e · 1/2", "0", "e · 1/2"]


def test_window_max_of_closed_forms_is_decided_exactly() -> None:
    e = exact(1).exp()
    top, mask = window_max(np.array([[exact("2.718281828459045"), e, exact(2)]]), (-1,))
    assert mask.tolist() == [[False, True, False]]
    assert text(top[0]) == "e"


def test_padding_is_never_the_maximum_and_never_written() -> None:
    x = np.array([[[symbol("x_1", -3), symbol("x_2", -1), symbol("x_3", -2)]]])
    top, mask = window_max(patches(x, (2,), (2,), ((1, 0),), fill="lowest"), (-1,))
    assert [str(v) for v in top[0, 0]] == ["x₁ = −3", "max(x₂, x₃) = max(−1, −2) = −1"]
    assert mask.tolist() == [[[[False, True], [True, False]]]]
    floats = np.array([[[-3.0, -1.0, -2.0]]], dtype=np.float32)
    top, mask = window_max(patches(floats, (2,), (2,), ((1, 0),), fill="lowest"), (-1,))
    assert top.dtype == np.float32
    assert top.tolist() == [[[-3.0, -1.0]]]
    assert mask.tolist() == [[[[False, True], [True, False]]]]


def test_window_max_of_symbols_is_a_case_distinction() -> None:
    a, b, c = names("a", 3)
    top, mask = window_max(np.array([[a, b, c]]), (-1,))
    assert str(top[0]) == "max(a₁, a₂, a₃)"
    assert str(mask[0, 1]) == "{{1 if a₂ ≥ a₃; 0 otherwise} if a₂ > a₁; 0 otherwise}"
    for given_values in ([1, 2, 3], [3, 2, 1], [2, 2, 1], [1, 2, 2], [2, 2, 2]):
        at = dict(zip(("a_{1}", "a_{2}", "a_{3}"), given_values, strict=True))
        first = given_values.index(max(given_values))
        assert [m.approx({k: _arb(v) for k, v in at.items()}) for m in mask[0]] == [i == first for i in range(3)]
    with pytest.raises(ExactnessError, match="equal maxima cannot be shared while the maximum depends on a symbol"):
        window_max(np.array([[a, b]]), (-1,), ties="shared")


def _arb(value: int) -> Any:
    from flint import arb

    return arb(value)


def test_window_max_keeps_the_dtype_and_passes_no_number_on() -> None:
    x = np.array([[1, np.nan, 3]], dtype=np.float32)
    top, _ = window_max(x, (-1,))
    assert np.isnan(top[0])
    assert torch.isnan(torch.tensor(x).max())
    for ties in ("first", "shared"):
        top, mask = window_max(np.ones((2, 3), np.float32), (-1,), ties=ties)  # type: ignore[arg-type]
        assert top.dtype == np.float32
        assert (mask * top[:, None]).dtype == np.float32


# --- where ------------------------------------------------------------------------------------------------------------


def test_where() -> None:
    x, zero = symbol("x"), exact(0)
    assert str(where(x > 0, x, zero)) == "{x if x > 0; 0 otherwise}"
    assert where(exact(2) > 1, x, zero) is x
    assert where(True, 1.5, 2.5) == 1.5
    mixed = np.greater(np.array([x, exact(2), exact(-2)]), exact([0, 0, 0]), dtype=object)
    chosen = where(mixed, exact([1, 2, 3]), exact(0))
    assert [str(v) for v in chosen] == ["{1 if x > 0; 0 otherwise}", "2", "0"]
    mask = np.array([[True], [False]])
    assert values(where(mask, exact([1, 2]), 0)).tolist() == [[1, 2], [0, 0]]
    assert np.array_equal(where(mask, np.ones(2), 0.0), np.where(mask, np.ones(2), 0.0))
    with pytest.raises(Undecidable):
        np.where(np.array([x]) > 0, 1, 0)


def test_where_mixes_no_floats_in() -> None:
    for a, b in ((exact([1, 2]), np.zeros(2)), (0.5, exact(1)), (np.ones(2), exact(1))):
        with pytest.raises(ExactnessError, match="cannot be taken exactly"):
            where(np.array([True, False]), a, b)


# --- sums and products ------------------------------------------------------------------------------------------------

CONTRACTIONS = [
    ("ni,io->no", (2, 3), (3, 4)),
    ("oi,ni->no", (4, 3), (2, 3)),
    ("no,ni->io", (2, 4), (2, 3)),
    ("no,ni->oi", (2, 4), (2, 3)),
    ("oc hw,nc yx hw->no yx", (2, 3, 2, 2), (2, 3, 3, 2, 2, 2)),
    ("no yx,nc yx hw->oc hw", (2, 2, 3, 2), (2, 3, 3, 2, 2, 2)),
    ("no yx,oc hw->nc yx hw", (2, 2, 3, 2), (2, 3, 2, 2)),
    ("i,i->", (3,), (3,)),
    ("i,j->ij", (3,), (2,)),
    ("ij->ji", (3, 2), None),
    ("ij->", (3, 2), None),
]


@pytest.mark.parametrize(("subscripts", "first", "second"), CONTRACTIONS, ids=[s for s, _, _ in CONTRACTIONS])
def test_contract_is_einsum(subscripts: str, first: Any, second: Any) -> None:
    subscripts = subscripts.replace(" ", "")
    shapes = [first] if second is None else [first, second]
    arrays = [(np.arange(np.prod(s)) * 5 % 7 - 3).reshape(s) for s in shapes]
    expected = np.einsum(subscripts, *arrays)
    assert (values(contract(subscripts, *map(exact, arrays))) == expected).all()
    floats = contract(subscripts, *(a.astype(np.float32) for a in arrays))
    assert floats.dtype == np.float32
    assert np.allclose(floats, expected)
    assert np.allclose(floats, torch.einsum(subscripts, *(torch.tensor(a, dtype=torch.float32) for a in arrays)))


def test_contract_writes_the_operands_and_the_terms_in_order() -> None:
    """However the arrays lie in memory; NumPy's einsum goes as they lie."""
    w, x = names("w", 2, 3), names("x", 3)
    row = "w₁₁ · x₁ + w₁₂ · x₂ + w₁₃ · x₃"
    assert str(contract("oi,i->o", w, x)[0]) == row
    assert str(contract("oi,i->o", np.asfortranarray(w), x[::-1][::-1])[0]) == row
    assert str(contract("io,i->o", w.T, x)[0]) == row
    assert str(contract("i,oi->o", x, w)[0]) == "x₁ · w₁₁ + x₂ · w₁₂ + x₃ · w₁₃"
    image, kernel = names("x", 1, 1, 3, 3), names("k", 1, 1, 2, 2)
    columns = patches(image, (2, 2), (1, 1), ((0, 0), (0, 0)))
    out = contract("ochw,ncyxhw->noyx", kernel, columns)
    assert str(out[0, 0, 0, 1]) == "k₁₁₁₁ · x₁₁₁₂ + k₁₁₁₂ · x₁₁₁₃ + k₁₁₂₁ · x₁₁₂₂ + k₁₁₂₂ · x₁₁₂₃"


def test_contract_lets_masks_and_whole_numbers_in_and_floats_not() -> None:
    x = exact([1, 2])
    assert contract("i,i->", x, np.array([True, False])).fraction() == 1
    assert contract("i,i->", np.array([3, 4]), x).fraction() == 11
    with pytest.raises(ExactnessError) as caught:
        contract("i,i->", x, np.zeros(2))
    assert str(caught.value) == "a float array of shape (2,) met exact numbers; make it exact first"


@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1, (0, 1), (0, 2), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_total_is_sum(axis: Any, keepdims: bool) -> None:
    x = (np.arange(24) * 5 % 7 - 3).reshape(2, 3, 4)
    expected = x.sum(axis=axis, keepdims=keepdims)
    ours = total(exact(x), axis, keepdims)
    assert np.shape(ours) == np.shape(expected)
    assert (values(ours) == expected).all()
    assert np.array_equal(total(x.astype(float), axis, keepdims), expected)


def test_total_writes_row_by_row_however_the_array_lies_in_memory() -> None:
    a = names("a", 2, 2)
    for array in (a, np.asfortranarray(a)):
        assert str(total(array)) == "a₁₁ + a₁₂ + a₂₁ + a₂₂"
        assert str(total(array, 0)[1]) == "a₁₂ + a₂₂"
    assert str(total(a.T)) == "a₁₁ + a₂₁ + a₁₂ + a₂₂"
    batch = names("e", 2, 1, 2, 2)
    assert str(total(batch, (0, 2, 3))[0]).startswith("e₁₁₁₁ + e₁₁₁₂ + e₁₁₂₁ + e₁₁₂₂ + e₂₁₁₁")


def test_softmax() -> None:
    x = np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    assert np.allclose(softmax(x), torch.softmax(torch.tensor(x), -1).numpy(), rtol=1e-15)
    assert softmax(x.astype(np.float32)).dtype == np.float32
    ours = softmax(exact([[1, 2], [3, 3]]), axis=0)
    assert equal(ours[0, 0] + ours[1, 0], exact(1)) is Verdict.EQUAL
    assert text(ours[1, 0]) == "e³/(e + e³)"
    assert text(softmax(exact([0, 0, 0]))[1]) == "1/3"


# --- kinds of numbers -------------------------------------------------------------------------------------------------


def test_like() -> None:
    assert isinstance(like("1/3", exact([1])), Exact)
    assert like("1/3", np.ones(1)) == 1 / 3
    assert like(exact("1/4"), np.ones(1)) == 0.25
    assert values(like([[1, "1/2"]], exact([1]))).tolist() == [[1, Fraction(1, 2)]]
    assert like(["1/2", 3], np.ones(1)).tolist() == [0.5, 3.0]
    assert like(exact(["1/2"]), np.ones(1, np.float32)).dtype == np.float32
    assert like(np.ones(2), np.ones(1, np.float32)).dtype == np.float32
    assert (like("0.1", np.ones(1, np.float32)) * np.ones(1, np.float32)).dtype == np.float32
    with pytest.raises(ExactnessError, match=r"the float 0\.5 cannot be taken exactly"):
        like(0.5, exact([1]))


def test_is_exact() -> None:
    assert is_exact(exact(1))
    assert is_exact(exact([1]))
    assert not is_exact(np.ones(1))
    assert not is_exact(1)
