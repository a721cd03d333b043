"""fau-2021, problem 7: the printed shapes, and the printed model running in PyTorch beside the library's network."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.fau_2021.p7_pytorch import CLASSES, Numbers, constructor, forward_given, forward_written, problem
from rechenweg.questions.asking import Blank, Cells
from rechenweg.questions.rules import Rules
from tests.bank.checks import check_distinct_versions, check_problem
from tests.bank.german import check_languages, plain

RULES = Rules()
PAPER = problem.version(0)
SHAPES = problem.by_number["7.1"]


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)
    check_languages(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["9/2", "3"]
    assert str(problem.credits) == "15/2"


def test_the_tables_of_the_paper() -> None:
    # the printed key
    key = {
        "conv1": "convC", "weights1": "(4, 3, 3, 3)", "conv2": "convB", "weights2": "(4, 4, 3, 3)",
        "conv3": "convA", "weights3": "(8, 4, 5, 5)",
        "R": "(10, 4, 30, 30)", "T": "(10, 4, 30, 30)", "S": "(10, 8, 10, 10)",
    }  # fmt: skip
    assert str(SHAPES.mark(PAPER, key, RULES).credit) == "9/2"
    swapped = key | {"conv1": "self.convB", "conv2": "C", "S": "10x8x9x9"}
    assert str(SHAPES.mark(PAPER, swapped, RULES).credit) == "3"
    assert PAPER.features == 800
    assert "in_features=800" in constructor(PAPER)


def test_every_answer_has_its_cell() -> None:
    cells = [ask for ask in SHAPES.asks(PAPER) if isinstance(ask, Cells)]
    blanks = [item.key for ask in cells for row in ask.rows for item in row if isinstance(item, Blank)]
    assert sorted(blanks) == sorted(field.key for field in SHAPES.fields(PAPER))


def test_the_question_gives_nothing_away() -> None:
    asked = plain_question(PAPER)
    for secret in ("30, 30", "(4, 3, 3, 3)", "1. Conv2D convC"):
        assert secret not in asked


def plain_question(s: Numbers) -> str:
    from rechenweg.working.document import Document, Prose

    return plain(Document((*problem.introduction(s), Prose(SHAPES.text(s)), *SHAPES.given(s))))


# --- the printed program ----------------------------------------------------------------------------------------------


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """PyTorch, in which .cuda() stays where it is, on a machine without a GPU; it counts how often it is called."""
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.nn.Module, "cuda", lambda self, *args: self)
    monkeypatch.setattr(torch.Tensor, "cuda", lambda self, *args: self)
    return torch


def model_of(s: Numbers, forward: str) -> Any:
    """The model of constructor and forward method as they are printed."""
    names: dict[str, Any] = {}
    exec(constructor(s) + "\n" + forward, names)
    return names["Model"](s.channels, s.hidden, CLASSES)


@pytest.mark.parametrize("version", range(12))
def test_the_printed_model_against_the_library(torch: Any, version: int, capsys: pytest.CaptureFixture[str]) -> None:
    s = problem.version(version)
    model = model_of(s, forward_written(s)).double()
    seen: dict[str, tuple[int, ...]] = {}
    order: list[str] = []

    def note(name: str) -> Any:
        def hook(module: Any, inputs: tuple[Any, ...], output: Any) -> None:
            order.append(name)
            seen[name] = tuple(output.shape)

        return hook

    for name in ("convA", "convB", "convC", "fc"):
        getattr(model, name).register_forward_hook(note(name))
    batch = s.input_shape[1:]
    images = np.random.default_rng(version).standard_normal((2, *batch))
    theirs = model(torch.tensor(images)).detach().numpy()
    assert str((2, *batch)) in capsys.readouterr().out.replace("torch.Size([", "(").replace("])", ")")

    assert order == [*s.names, "fc"]
    expected = [s.shapes[key] for key in "RTS"]
    assert [(s.batch, *seen[name][1:]) for name in s.names] == expected
    for name, layer in zip(s.names, s.layers, strict=True):
        assert tuple(getattr(model, name).weight.shape) == layer.parameter_shapes["weights"]

    ours = s.net.copy()
    for name, quantity in zip((*s.names, "fc"), ("z_1", "z_2", "z_3", r"\hat y"), strict=True):
        module = getattr(model, name)
        weights, bias = (p.detach().numpy() for p in (module.weight, module.bias))
        ours.layer(quantity).parameters = {"weights": weights.T if name == "fc" else weights, "bias": bias}
    assert ours.forward(images) == pytest.approx(theirs, rel=1e-10, abs=1e-12)


def test_what_is_given_is_no_solution(torch: Any) -> None:
    model = model_of(PAPER, forward_given(PAPER))
    with pytest.raises(NameError):
        model(torch.zeros(2, 3, 32, 32))


def test_only_one_order_fits_in_torch(torch: Any) -> None:
    """The order is determined by the figure and the constructor alone: any other one fails, or does not fit `fc`."""
    for version in range(12):
        s = problem.version(version)
        found = []
        for order in permutations(s.names):
            twisted = forward_written(s)
            for name, other in zip(s.names, order, strict=True):
                twisted = twisted.replace(f"self.{name}(", f"self.<{other}>(")
            model = model_of(s, twisted.replace("<", "").replace(">", ""))
            try:
                model(torch.zeros(1, *s.input_shape[1:]))
            except RuntimeError:
                continue
            found.append(order)
        assert found == [s.names]


def test_drawn_constructors_do_not_list_the_order() -> None:
    assert all(problem.version(v).letters != "ABC" for v in range(100))
