"""A run written out: every named quantity against PyTorch and by hand, restarts, what is said of wrong input."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rechenweg.errors import ExactnessError, NetworkError, RechenwegError, ShapeError
from rechenweg.nn import (
    Conv1d,
    Flatten,
    L2Loss,
    Linear,
    MaxPool1d,
    Network,
    ReLU,
)
from rechenweg.numbers import Verdict, equal, exact, formula, named, symbol
from rechenweg.numbers.notation import to_text
from rechenweg.numbers.printing import name as name_or_formula
from rechenweg.working import symbols, work
from rechenweg.working.run import Quantity, Working
from rechenweg.working.writers import write
from tests.working.networks import CASES, convolution, residual
from tests.working.oracle import torch_run

GOLDEN = Path(__file__).parent / "golden"


def run_of(name: str, **options: Any) -> Working:
    network, inputs, target = CASES[name]()
    return work(network, inputs, target, **options)


def short(quantity: Quantity) -> str:
    return f"dL/d{quantity.of}" if "gradient" in quantity.kind else quantity.name


def floats(values: Any) -> np.ndarray[Any, Any]:
    return np.array([number.approx() for number in values.reshape(-1)])


def fractions(run: Working, name: str) -> list[Fraction]:
    return [number.fraction() for number in run.plain(name).reshape(-1)]


def written(run: Working, name: str, **options: Any) -> str:
    """The rows of a quantity as text, one a line."""
    return re.sub(r"  +", "  ", write(run.part(name, **options), "text")).strip()


# --- against PyTorch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_every_named_quantity_equals_pytorch(name: str) -> None:
    run = run_of(name)
    oracle = torch_run(run)
    assert {short(quantity) for quantity in run.quantities.values()} == oracle.keys()
    for quantity, expected in oracle.items():
        found = floats(run[quantity].values)
        np.testing.assert_allclose(found, expected.numpy().reshape(-1), rtol=1e-12, atol=1e-12, err_msg=quantity)
        assert run[quantity].squeezed.shape == tuple(n for n in expected.shape if n != 1), quantity


@pytest.mark.parametrize("start", [("dL/dz", [1, 2, 3]), ("dL/dm", [2, 1]), ("dL/dy", [2])])
def test_restarted_gradients_equal_pytorch(start: tuple[str, list[int]]) -> None:
    name, values = start
    run = work(convolution(), [2, 3, 1, 2, -1], 2, given={name: values})
    oracle = torch_run(run, {name.removeprefix("dL/d"): values})
    behind = [quantity for quantity in oracle if quantity.startswith("dL/d")]
    assert "dL/dx" in behind and "dL/dc" in behind
    for quantity in behind:
        np.testing.assert_allclose(floats(run[quantity].values), oracle[quantity].numpy().reshape(-1), err_msg=quantity)


@pytest.mark.parametrize("name", CASES)
def test_putting_in_what_was_computed_changes_nothing(name: str) -> None:
    run = run_of(name)
    for quantity in run.quantities:
        again = run.follow({quantity: run[quantity].computed})
        assert again[quantity].given
        for other in run.quantities:
            np.testing.assert_allclose(floats(again[other].values), floats(run[other].values), rtol=1e-14, atol=1e-14)


# --- exact, by hand ---------------------------------------------------------------------------------------------------


def test_residual_network_of_fau_2021_by_hand() -> None:
    """x = 1, y = 1, w₁ = ½, w₂ = −2, b₁ = −½: a = ½·1 − ½ = 0, h = σ(0) = ½, o = 1 − 2·½ = 0, ŷ = σ(0) = ½."""
    run = work(residual(), 1, 1)
    expected = {
        "a": "0", "h": "1/2", "s": "-1", "o": "0", r"\hat y": "1/2",
        "L": "1/4",  # (½ − 1)²
        r"dL/d\hat y": "-1",  # 2·(½ − 1)
        "dL/do": "-1/4",  # −1 · σ′(0) = −1 · ½ · (1 − ½)
        "dL/ds": "-1/4",
        "dL/dw_2": "-1/8",  # −¼ · h
        "dL/dh": "1/2",  # −¼ · w₂
        "dL/da": "1/8",  # ½ · σ′(0)
        "dL/db_1": "1/8",
        "dL/dw_1": "1/8",  # ⅛ · x
        "dL/dx": "-3/16",  # −¼ through the sum, + ⅛ · w₁
    }  # fmt: skip
    assert {name: run.scalar(name).fraction() for name in expected} == {k: Fraction(v) for k, v in expected.items()}


def test_each_gradient_of_fau_2021_in_terms_of_the_one_before() -> None:
    run = work(residual(), 1, 1)
    gradients = run.steps(["gradient", "parameter gradient"])
    general = {short(q): to_text(name_or_formula(q.formulas.item())) for q in gradients}
    assert general == {
        r"dL/d\hat y": "2 · (ŷ − y)",
        "dL/do": "∂L/∂ŷ · σ₂′(o)",
        "dL/ds": "∂L/∂o",
        "dL/dw_2": "∂L/∂o · h",  # a sum passes its gradient on: no other name for it
        "dL/dh": "∂L/∂o · w₂",
        "dL/da": "∂L/∂h · σ₁′(a)",
        "dL/dw_1": "∂L/∂a · x",
        "dL/db_1": "∂L/∂a",
        "dL/dx": "∂L/∂a · w₁ + ∂L/∂o",
    }


def test_closed_formula_in_inputs_and_parameters() -> None:
    run = work(residual(), 1, 1)
    assert to_text(formula(run.closed(r"\hat y"))) == "σ₂(x + w₂ · σ₁(w₁ · x + b₁))"
    assert to_text(formula(run.closed("dL/dw_1", keep=["dL/do"]))) == "∂L/∂o · w₂ · σ₁′(w₁ · x + b₁) · x"
    assert to_text(formula(run.closed("dL/do", keep=["o", r"\hat y"]))) == "2 · (ŷ − y) · σ₂′(o)"
    vector = work(convolution(), [2, 3, 1, 2, -1], 2).closed("z")
    assert to_text(formula(vector[0])) == "c₁ · x₁ + c₂ · x₂ + c₃ · x₃"


def test_closed_formula_of_a_gradient_equals_the_quotient_of_differences_in_symbols() -> None:
    """For y = w·x + b: ∂(y − t)²/∂w = 2·(w·x + b − t)·x, whatever the numbers are."""
    weights = np.array([[symbol("w")]], dtype=object)
    net = Network("x", loss=L2Loss(), target_name="t")
    net.add("y", Linear(weights=weights, bias=np.array([symbol("b")], dtype=object), names={"weights": "w"}))
    run = work(net, symbol("x"), symbol("t"))
    w, x, b, t = (symbol(name) for name in "wxbt")
    assert equal(run.closed("dL/dw"), 2 * (w * x + b - t) * x) is Verdict.EQUAL
    assert equal(run.closed("dL/dw"), (w * x + b - t) * x) is Verdict.DIFFERENT


def test_convolution_of_tum_2024_by_hand() -> None:
    """x = [2, 3, 1, 2, −1], c = [½, 3/2, ½], w = [−1, 3], y* = 2."""
    run = work(convolution(), [2, 3, 1, 2, -1], 2)
    assert fractions(run, "z") == [6, 4, 3]  # 1 + 4½ + ½; 1½ + 1½ + 1; ½ + 3 − ½
    assert fractions(run, "m") == [6, 4]
    assert run.scalar("y").fraction() == 6  # −6 + 12
    assert run.scalar("L").fraction() == 16
    assert run.scalar("dL/dy").fraction() == 8


def test_restarts_of_tum_2024_by_hand() -> None:
    inputs = [2, 3, 1, 2, -1]
    assert fractions(work(convolution(), inputs, 2, given={"dL/dy": 2}), "dL/dm") == [-2, 6]  # 2·(−1), 2·3
    # m₁ = z₁ and m₂ = z₂ were the maxima
    assert fractions(work(convolution(), inputs, 2, given={"dL/dm": [2, 1]}), "dL/dz") == [2, 1, 0]
    # ∂L/∂c₂ = 1·x₂ + 2·x₃ + 3·x₄ = 1·3 + 2·1 + 3·2
    assert work(convolution(), inputs, 2, given={"dL/dz": [1, 2, 3]}).scalar("dL/dc_2").fraction() == 11


def test_one_run_with_all_restarts_still_knows_what_follows_from_each() -> None:
    given = {"dL/dy": 2, "dL/dm": [2, 1], "dL/dz": [1, 2, 3]}
    run = work(convolution(), [2, 3, 1, 2, -1], 2, given=given)
    assert [n.fraction() for n in run["dL/dm"].computed] == [-2, 6]
    assert [n.fraction() for n in run["dL/dz"].computed] == [2, 1, 0]
    assert fractions(run, "dL/dz") == [1, 2, 3]


def test_of_equal_maxima_the_first_takes_the_gradient() -> None:
    net = Network("x", loss=L2Loss())
    net.add("m", MaxPool1d(2))
    run = work(net, [3, 3], 1)
    assert fractions(run, "dL/dx") == [4, 0]


# --- values put in ----------------------------------------------------------------------------------------------------


def test_a_wrong_value_is_followed_through() -> None:
    """A candidate has m = [6, 5] instead of [6, 4]: y = −6 + 15 = 9, L = 49, ∂L/∂y = 14, ∂L/∂w = 14·m."""
    run = work(convolution(), [2, 3, 1, 2, -1], 2)
    followed = run.follow({"m": [6, 5]})
    assert fractions(followed, "z") == [6, 4, 3]
    assert [followed.scalar(name).fraction() for name in ("y", "L", "dL/dy")] == [9, 49, 14]
    assert fractions(followed, "dL/dw") == [84, 70]
    assert fractions(run, "m") == [6, 4], "the run that is followed stays as it was"


def test_single_elements_are_put_in() -> None:
    run = work(convolution(), [2, 3, 1, 2, -1], 2)
    for given in ({"z_2": 7}, {"z": [None, 7, None]}, {"z_{2}": 7}):
        followed = run.follow(given)
        assert fractions(followed, "z") == [6, 7, 3]
        assert followed["z"].put_in == {1}
        assert written(followed, "z").splitlines()[1].strip() == "z₂ = 7  (given)"
    assert fractions(run.follow({"z": [6, 4, 0]}).follow({"z_2": 7}), "z") == [6, 7, 0]


def test_inputs_parameters_and_target_are_put_in() -> None:
    run = work(residual(), 1, 1).follow({"x": 0, "w_2": 3, "b_1": 0, "y": "1/2"})
    # a = 0, h = ½, o = 0 + 3·½
    assert [run.scalar(name).fraction() for name in ("a", "h", "o", "y")] == [
        0,
        Fraction(1, 2),
        Fraction(3, 2),
        Fraction(1, 2),
    ]


def test_names_are_found_however_they_are_spelled() -> None:
    run = work(residual(), 1, 1)
    names = [
        r"dL/d\hat y",
        r"dL/d\hat{y}",
        r"\frac{\partial L}{\partial \hat y}",
        r"\frac{\partial L}{\partial\hat{y}}",
    ]
    assert {run.scalar(name).fraction() for name in names} == {-1}
    assert r"\hat{y}" in run and "w_{1}" in run and "q" not in run
    named_loss = Network("x", loss=L2Loss(), loss_name="E")
    named_loss.add("y", Linear(weights=[[2]]))
    run = work(named_loss, 1, 1, given={"dE/dy": 3})
    assert run.scalar("dE/dx").fraction() == run.scalar("dL/dx").fraction() == 6


def test_backward_pass_starts_from_a_given_gradient_without_a_loss() -> None:
    """fau-2021, 2.5: only an error tensor is handed out. dx = e·c, spread with stride 2: [1·2, 1·3, 5·2, 5·3]."""
    net = Network("x")
    net.add("z", Conv1d(weights=[[[2, 3]]], stride=2, names={"weights": "c"}))
    run = work(net, [1, 1, 1, 1], given={"dL/dz": [1, 5]})
    assert fractions(run, "dL/dx") == [2, 3, 10, 15]
    assert work(net, [1, 1, 1, 1]).steps(["gradient"]) == ()


# --- names ------------------------------------------------------------------------------------------------------------


def test_axes_of_length_1_are_not_counted_in_names() -> None:
    run = work(convolution(), [[[2, 3, 1, 2, -1]]], [[2]])
    assert run["z"].labels == ("z_{1}", "z_{2}", "z_{3}")
    assert run["y"].labels == ("y",)
    assert run["dL/dw"].labels[1] == r"\frac{\partial L}{\partial w_{2}}"
    assert run_of("perceptron")["a"].labels == ("a_{1,1}", "a_{1,2}", "a_{2,1}", "a_{2,2}")


def test_names_brought_along_are_kept() -> None:
    x = np.array([[named(r"\alpha", exact(2)), symbol(r"\beta", 3)]], dtype=object)
    run = work(Network.chain([Linear(weights=[[1], [1]], names={"weights": "w"})], loss=L2Loss()), x, 1)
    assert to_text(formula(run[r"\hat y"].formulas.item())) == "α · w₁ + β · w₂"
    assert run["dL/dx"].labels == (r"\frac{\partial L}{\partial \alpha}", r"\frac{\partial L}{\partial \beta}")


def test_a_flattened_quantity_keeps_its_names() -> None:
    run = work(convolution(), [2, 3, 1, 2, -1], 2)
    assert to_text(formula(run["y"].formulas.item())) == "m₁ · w₁ + m₂ · w₂"
    assert written(run, "dL/dm").startswith("∂L/∂m₁ = ∂L/∂y · w₁ = 8 · (−1) = −8")
    assert [n.fraction() for n in run["f"].computed] == [6, 4]
    # where something else uses the quantity too, its gradient is not that of the vector: a name of its own
    net = Network("x", loss=L2Loss())
    net.add("m", ReLU())
    net.add("f", Flatten(), "m")
    net.add("g", Flatten(), "m")
    net.add("y", Linear(weights=[[1], [2]]), "f")
    net.output = "y"
    assert work(net, [[1, 2]], 0)["f"].labels == ("f_{1}", "f_{2}")


def test_restart_at_the_flattened_vector_counts_for_what_it_was_made_from() -> None:
    run = work(convolution(), [2, 3, 1, 2, -1], 2, given={"dL/df": [2, 1]})
    assert run["dL/dm"].given and fractions(run, "dL/dz") == [2, 1, 0]


# --- free symbols -----------------------------------------------------------------------------------------------------


def test_inputs_left_free_give_general_formulas() -> None:
    run = work(residual(), None, 1)
    assert to_text(formula(run["a"].formulas.item())) == "w₁ · x + b₁"
    assert run.closed("L").free_symbols() == {"x"}
    assert write(run.part("a"), "text").strip() == "a = w₁ · x + b₁"
    wide = work(Network.chain([Linear(weights=[[1], [2], [3]], names={"weights": "w"})]), None)
    assert to_text(formula(wide[r"\hat y"].formulas.item())) == "x₁ · w₁ + x₂ · w₂ + x₃ · w₃"


def test_a_kink_on_free_symbols_becomes_a_case_distinction() -> None:
    run = work(Network.chain([ReLU()]), symbol("x"))
    assert to_text(formula(run[r"\hat y"].formulas.item())) == "ReLU(x)"
    assert run.closed(r"\hat y").interval(64, {"x": _arb(-2)}).contains(0)


def test_max_pooling_over_free_symbols_keeps_the_maximum_open() -> None:
    run = work(convolution(), symbols("x", 5), 2)
    assert to_text(formula(run["m_1"].formulas.item())) == "max(z₁, z₂)"
    # z₁ gets the gradient of m₁ exactly where it is the first of the largest
    gradient = run["dL/dz_1"].formulas.item()
    assert [gradient.args[1].label, to_text(formula(gradient))] == [("≥",), "∂L/∂m₁ · {1 if z₁ ≥ z₂; 0 otherwise}"]


def test_ties_that_free_symbols_leave_open_cannot_be_shared() -> None:
    net = Network("x", loss=L2Loss())
    net.add("m", MaxPool1d(2, ties="shared"))
    with pytest.raises(ExactnessError, match=r'^layer "m" \(MaxPool1d\): equal maxima cannot be shared'):
        work(net, symbols("x", 2), 0)


def _arb(value: int) -> Any:
    from flint import arb

    return arb(value)


# --- errors -----------------------------------------------------------------------------------------------------------


WRONG: list[tuple[type[RechenwegError], str, Any]] = [
    (
        NetworkError,
        "given: no quantity q, dL/dq; there are x, c, z, m, f, w, y, y^*, L, dL/dy, dL/dw, dL/df, dL/dm, dL/dz, "
        "dL/dc, dL/dx",
        lambda: run_of("convolution", given={"q": 1, "dL/dq": 3}),
    ),
    (
        ShapeError,
        "given z: expected shape (1, 1, 3), found shape (2,)",
        lambda: run_of("convolution", given={"z": [1, 2]}),
    ),
    (
        ExactnessError,
        "given dL/dz: the float 0.5 cannot be taken exactly; write it as a string or a fraction",
        lambda: run_of("convolution", given={"dL/dz": [1, 2, 0.5]}),
    ),
    (
        ShapeError,
        'layer "z" (Conv1d): expected input (batch, 1 channel, length), found shape (2, 5)',
        lambda: work(convolution(), [[1] * 5] * 2, 2),
    ),
    (
        ShapeError,
        'layer "y" (Linear): expected input (batch, 2), found shape (1, 1)',
        lambda: work(convolution(), [[[2, 3, 1, 2]]], 2),
    ),
    (
        ShapeError,
        "input x: expected rows of one length, found rows of different lengths",
        lambda: work(convolution(), [[1, 2], [3]], 2),
    ),
    (NetworkError, "inputs: expected x, found u, v", lambda: work(convolution(), {"u": 1, "v": 2}, 2)),
    (NetworkError, "inputs: expected u, v, found u", lambda: work(CASES["two inputs"]().network, 1)),
    (
        ShapeError,
        "target: expected shape (1, 1), found shape (2,)",
        lambda: work(convolution(), [2, 3, 1, 2, -1], [1, 2]),
    ),
    (
        NetworkError,
        "target: expected none, for the network has no loss function; set network.loss",
        lambda: work(Network.chain([ReLU()]), 1, 1),
    ),
    (
        ExactnessError,
        'layer "\\hat y" (Linear): weights holds floats; pass it exactly, e.g. weights=exact([["0.5"]]), or take '
        "network.exact(), in which 0.1 becomes the binary fraction that it is",
        lambda: work(Network.chain([Linear(weights=[[0.5]])]), 1),
    ),
    (
        NetworkError,
        'no quantity "dL/dq" in this working; there are x, \\hat y',
        lambda: work(Network.chain([ReLU()]), 1)["dL/dq"],
    ),
    (
        ShapeError,
        "z: expected one element, found shape (1, 1, 3)",
        lambda: run_of("convolution").scalar("z"),
    ),
]


@pytest.mark.parametrize(("error", "message", "call"), WRONG, ids=[message[:40] for _, message, _ in WRONG])
def test_errors_say_where_what_was_expected_and_what_came(error: type[RechenwegError], message: str, call: Any) -> None:
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_the_network_stays_as_it_was() -> None:
    net = convolution()
    work(net, [2, 3, 1, 2, -1], 2)
    assert net.values == {} and net.layer("y").gradients == {}
    assert [int(w) for w in net.layer("y").parameters["weights"].reshape(-1)] == [-1, 3]
