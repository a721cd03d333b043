"""Shape tables: the papers' networks, formulas read off the result, PyTorch's own counts and gradients as oracle."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
import typst
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import NetworkError, RechenwegError, ShapeError
from rechenweg.nn import (
    Add,
    AvgPool1d,
    AvgPool2d,
    Conv1d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
)
from rechenweg.numbers.notation import Layout, to_text
from rechenweg.text import LANGUAGES, Language
from rechenweg.working import ShapeRow, shapes
from rechenweg.working.document import Document, Table
from rechenweg.working.shapes import row_of
from rechenweg.working.steps import Chain
from rechenweg.working.writers import page, write


def fau() -> Network:
    """fau-2021, 7.1: convC · ReLU → R; convB · ReLU, plus R → T; convA · ReLU → S; flatten; fc."""
    net = Network("x")
    net.add("C", Conv2d(3, 4, 3))
    net.add("R", ReLU())
    net.add("B", Conv2d(4, 4, 3, padding=1))
    net.add("b", ReLU())
    net.add("T", Add(), "R", "b")
    net.add("A", Conv2d(4, 8, 5, padding=2, stride=3))
    net.add("S", ReLU())
    net.add("f", Flatten())
    net.add(r"\hat y", Linear(800, 10))
    return net


def lenet() -> Network:
    """tum-2024, problem 4: no padding; poolings of kernel 2 and stride 2."""
    net = Network("x")
    net.add("conv1", Conv2d(1, 6, 5))
    net.add("maxpool1", MaxPool2d(2))
    net.add("conv2", Conv2d(6, 16, 5))
    net.add("maxpool2", MaxPool2d(2))
    net.add("v", Flatten())
    net.add("f1", Linear(400, 120))
    net.add("f2", Linear(120, 84))
    net.add("y", Linear(84, 10))
    return net


def text(links: Chain) -> str:
    return to_text(row_of(links))


# --- the papers -------------------------------------------------------------------------------------------------------


def test_fau_2021_7_1() -> None:
    """As printed: weights (4,3,3,3), (4,4,3,3), (8,4,5,5); R and T (10,4,30,30), S (10,8,10,10), 800 inputs of fc."""
    table = shapes(fau(), (10, 3, 32, 32))
    assert [table[name].weight_shapes[0] for name in "CBA"] == [
        ("K_1", (4, 3, 3, 3)), ("K_2", (4, 4, 3, 3)), ("K_3", (8, 4, 5, 5)),
    ]  # fmt: skip
    shape = {name: table[name].output_shape for name in ("R", "T", "S", "f", r"\hat y")}
    assert shape == {
        "R": (10, 4, 30, 30), "T": (10, 4, 30, 30), "S": (10, 8, 10, 10), "f": (10, 800), r"\hat y": (10, 10),
    }  # fmt: skip
    assert text(table["A"].shape_chains()[0]) == "⌊(n + 2 · p − k)/s⌋ + 1 = ⌊(30 + 2 · 2 − 5)/3⌋ + 1 = 10"
    assert text(table["f"].shape_chains()[0]) == "c · h · w = 8 · 10 · 10 = 800"
    assert text(table["A"].parameter_chain()) == "5 · 5 · 4 · 8 + 8 = 808"
    # 3·3·3·4 + 4 = 112; 3·3·4·4 + 4 = 148; 808; 800·10 + 10 = 8010
    assert table.parameters == 112 + 148 + 808 + 8010
    # 3, then 3 + 2·1 = 5; the skip sees 3 of these; 5 + 4·1 = 9
    assert [table[name].receptive_field for name in "CBTA"] == [(3, 3), (5, 5), (5, 5), (9, 9)]
    assert text(table["T"].field_chains()[0]) == "max(3, 5) = 5"
    assert table[r"\hat y"].receptive_field == (32, 32) and table[r"\hat y"].sees_all
    # 30·30·(3·3·3·4) + 30·30·(3·3·4·4) + 10·10·(5·5·4·8) + 800·10
    assert table.multiply_adds == 97200 + 129600 + 80000 + 8000


def test_lenet_of_tum_2024() -> None:
    """4.1: receptive fields 5×5 after conv1, 6×6 after maxpool1, the whole 32×32 for a neuron of f1."""
    table = shapes(lenet(), (1, 1, 32, 32))
    assert [row.output_shape[1:] for row in table][1:] == [
        (6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,),
    ]  # fmt: skip
    fields = {name: table[name].receptive_field for name in ("conv1", "maxpool1", "conv2", "maxpool2", "f1", "y")}
    assert fields == {
        "conv1": (5, 5), "maxpool1": (6, 6), "f1": (32, 32), "y": (32, 32),
        "conv2": (14, 14),  # 6 + 4·2
        "maxpool2": (16, 16),  # 14 + 1·2
    }  # fmt: skip
    assert text(table["conv2"].field_chains()[0]).endswith("= 6 + (5 − 1) · 2 = 14")
    assert [table[name].sees_all for name in ("v", "f1", "f2")] == [False, True, True]
    # 156 + 2416 + 48120 + 10164 + 850, the count usually given for this LeNet
    assert table.parameters == 61706


def test_parameter_formula_of_the_issue() -> None:
    row = shapes(Network.chain([Conv2d(3, 8, 3)]), (1, 3, 9, 9))[r"\hat y"]
    assert (text(row.parameter_chain()), row.parameters) == ("3 · 3 · 3 · 8 + 8 = 224", 224)


# --- against PyTorch --------------------------------------------------------------------------------------------------


def test_parameters_equal_pytorch() -> None:
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 5), torch.nn.Conv2d(6, 16, (3, 5), bias=False), torch.nn.Linear(400, 120)
    )
    layers = [Conv2d(1, 6, 5), Conv2d(6, 16, (3, 5), bias=False), Linear(400, 120)]
    sizes = [(1, 1, 20, 20), (1, 6, 20, 20), (1, 400)]
    for module, layer, size in zip(model, layers, sizes, strict=True):
        table = shapes(Network.chain([layer]), size)
        assert table.parameters == sum(p.numel() for p in module.parameters())


def seen(net: Network, name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """How much of the input the middle element of a quantity depends on, by gradients; no kinks are hit."""
    rng = np.random.default_rng(0)
    run = net.copy().initialize(rng)
    for node in run.nodes:
        if "weights" in node.layer.parameters:
            node.layer.parameters["weights"] = np.abs(node.layer.parameters["weights"]) + 0.1
    run.output = name
    output = run.forward(rng.random(shape))
    errors = np.zeros_like(output)
    errors[(0, 0, *(n // 2 for n in output.shape[2:]))] = 1
    places = np.nonzero(run.backward(errors)[0].sum(0))
    return tuple(int(axis.max() - axis.min() + 1) for axis in places)


@given(data=st.data())
def test_receptive_field_is_what_the_gradient_reaches(data: st.DataObject) -> None:
    """Any stack of windows and skips: away from the border, the gradient reaches exactly the receptive field."""
    net = Network("x")
    for i in range(data.draw(st.integers(1, 3))):
        k, s = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 2))
        layer: Layer = Conv2d(1, 1, (k, 3), stride=(s, 1), bias=False)
        if data.draw(st.booleans()):
            layer = AvgPool2d((k, 2), stride=s)
        last = net.add(f"z_{i}", layer)
        if data.draw(st.booleans()):
            net.add(f"c_{i}", Conv2d(1, 1, 3, padding=1, bias=False), last)
            net.add(f"a_{i}", Sigmoid())
            net.add(f"s_{i}", Add(), last, f"a_{i}")
    shape = (1, 1, 60, 40)
    row = shapes(net, shape)[net.output]
    assert row.receptive_field == seen(net, net.output, shape)


def test_paths_that_do_not_nest_are_united() -> None:
    """One path sees x₀…x₂, the other, shifted by its padding, x₋₁…x₁: together four positions."""
    net = Network("x")
    net.add("a", Conv1d(1, 1, 3, padding=((0, 2),)), "x")
    net.add("b", Conv1d(1, 1, 3, padding=((1, 1),)), "x")
    net.add("s", Add(), "a", "b")
    row = shapes(net, (1, 1, 9))["s"]
    assert row.receptive_field == (4,) and row.field_chains() == ()


# --- details ----------------------------------------------------------------------------------------------------------


def test_rectangular_kernels_and_images() -> None:
    layer = Conv2d(2, 3, (3, 5), stride=(1, 2), padding=((1, 1), (1, 2)))
    table = shapes(Network.chain([layer, AvgPool2d((2, 1))], names=["z", "m"]), (4, 2, 9, 11))
    assert [row.output_shape for row in table] == [(4, 2, 9, 11), (4, 3, 9, 5), (4, 3, 4, 5)]
    height, width = table["z"].shape_chains()
    assert text(height) == "⌊(h + 2 · pₕ − kₕ)/sₕ⌋ + 1 = ⌊(9 + 2 · 1 − 3)/1⌋ + 1 = 9"
    assert text(width).endswith("= ⌊(11 + 1 + 2 − 5)/2⌋ + 1 = 5")
    assert table["m"].receptive_field == (4, 5)  # 3 + 1·1; 5 + 0·2
    assert table["m"].field is not None and table["m"].field.jump == (2, 2)
    assert text(table["z"].parameter_chain()) == "3 · 5 · 2 · 3 + 3 = 93"


def test_receptive_field_ends_at_the_border_of_the_input() -> None:
    table = shapes(
        Network.chain([Conv2d(1, 1, 5, padding=2), Conv2d(1, 1, 5, padding=2)], names=["a", "b"]), (1, 1, 6, 6)
    )
    assert table["b"].receptive_field == (6, 6)
    assert table["b"].field is not None and table["b"].field.size == (9, 9)
    assert not table["b"].sees_all
    assert "6 × 6 (of 9 × 9)" in write(table.document(), "text")


def test_fully_connected_networks_see_all_features() -> None:
    table = shapes(Network.chain([Linear(7, 3), ReLU(), Linear(3, 2), Softmax()], names=[*"abcd"]), (5, 7))
    assert [table[name].receptive_field for name in "xabcd"] == [(1,), (7,), (7,), (7,), (7,)]
    assert table.multiply_adds == 7 * 3 + 3 * 2


def test_bias_as_last_row_is_counted_once() -> None:
    row = shapes(Network.chain([Linear(4, 3, bias_as_last_row=True)]), (1, 4))[r"\hat y"]
    assert text(row.parameter_chain()) == "(4 + 1) · 3 = 15"
    assert row.multiply_adds == 12


def test_linear_layer_along_the_last_axis_only() -> None:
    """Applied to (batch, channels, length) it mixes the length; each channel stays by itself."""
    row = shapes(Network.chain([AvgPool1d(2, stride=1), Linear(5, 4)], names=[*"ab"]), (1, 3, 6))["b"]
    assert row.output_shape == (1, 3, 4) and row.receptive_field == (6,)
    assert row.multiply_adds == 3 * 5 * 4


def test_a_layer_without_a_rule_says_so() -> None:
    class Mixing(Layer):
        def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:  # type: ignore[override]
            return (shape[0], shape[1] * 2)

        def backward(self, error_tensor: object) -> np.ndarray:  # type: ignore[override, type-arg]
            raise NotImplementedError

    table = shapes(Network.chain([Mixing(), Linear(6, 1)], names=[*"ab"]), (2, 3))
    assert table["a"].receptive_field is None and table["b"].receptive_field is None
    assert text(table["a"].shape_chains()[0]) == "n · 2 = 3 · 2 = 6"
    assert "Mixing" in write(table.document(), "text")


WRONG: list[tuple[type[RechenwegError], str, Network, tuple[object, ...]]] = [
    (
        ShapeError,
        'layer "C" (Conv2d): expected input (batch, 3 channels, height, width), found shape (10, 1, 32, 32)',
        fau(),
        ((10, 1, 32, 32),),
    ),
    (
        ShapeError,
        r'layer "\hat y" (Linear): expected input (batch, 800), found shape (10, 1352)',
        fau(),
        ((10, 3, 40, 40),),
    ),
    (ShapeError, "input x: expected a shape of positive whole numbers, found (1, 3, 0, 2)", fau(), ((1, 3, 0, 2),)),
    (NetworkError, "Network: expected 1 shapes, found 2", fau(), ((1, 3, 8, 8), (1, 3, 8, 8))),
]


@pytest.mark.parametrize(("error", "message", "net", "sizes"), WRONG, ids=[m[:30] for _, m, _, _ in WRONG])
def test_wrong_input_shapes(
    error: type[RechenwegError], message: str, net: Network, sizes: tuple[tuple[int, ...], ...]
) -> None:
    with pytest.raises(error) as raised:
        shapes(net, *sizes)
    assert str(raised.value) == message


def test_unknown_quantity() -> None:
    with pytest.raises(NetworkError, match=r'^no quantity "q" in this table; there are x, C, R'):
        shapes(fau(), (1, 3, 32, 32))["q"]


# --- written ----------------------------------------------------------------------------------------------------------


def cells(document: Document) -> list[list[str]]:
    (table,) = (block for block in document if isinstance(block, Table))
    written = [
        [c if isinstance(c, str) else c.en if hasattr(c, "en") else to_text(c) for c in row] for row in table.rows
    ]
    assert all(isinstance(c, str) for row in written for c in row)
    return written


def test_table_as_it_is_read() -> None:
    rows = cells(shapes(fau(), (10, 3, 32, 32)).document())
    assert rows[1] == ["C", "Convolution (k=3, s=1, p=0)", "(10, 4, 30, 30)", "112", "3 × 3", "97200"]
    assert rows[-2] == ["ŷ", "Linear layer", "(10, 10)", "8010", "32 × 32 (all)", "8000"]
    assert rows[-1] == ["", "**in all**", "", "9078", "", "314800"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("net", [fau(), lenet()], ids=["fau", "lenet"])
def test_written_in_every_form(net: Network, language: Language) -> None:
    size = (2, net.layer(net.quantities[1]).in_channels, 32, 32)  # type: ignore[attr-defined]
    document = shapes(net, size).document()
    ET.fromstring(f"<main>{write(document, 'html', language)}</main>")
    assert r"\lfloor" in write(document, "latex", language)
    assert {"en": "Receptive field", "de": "Rezeptives Feld"}[language] in write(document, "text", language)
    assert typst.compile(page(document, "typst", language, "").encode()).startswith(b"%PDF")
    assert len(shapes(net, size).document(detail=False).blocks) == 1


def test_weights_need_no_values_and_stay_without() -> None:
    net = lenet()
    shapes(net, (1, 1, 32, 32))
    assert all(node.layer.parameters == {} for node in net.nodes)
    assert all(isinstance(row, ShapeRow) for row in shapes(net, (1, 1, 32, 32)))


def test_row_of_a_chain_is_one_formula() -> None:
    layout: Layout = row_of(shapes(fau(), (1, 3, 32, 32))["C"].parameter_chain())
    assert to_text(layout) == "3 · 3 · 3 · 4 + 4 = 112"
