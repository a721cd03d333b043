"""A run as it is read: golden texts, all four forms, what is shortened, rounded, left out, and said in words."""

from __future__ import annotations

import difflib
import os
import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import pytest
import typst

from rechenweg.nn import ELU, Activation, Conv1d, Conv2d, L2Loss, Layer, Linear, Network, ReLU, Sigmoid
from rechenweg.numbers import exact, named
from rechenweg.numbers.notation import to_text
from rechenweg.text import LANGUAGES, Language
from rechenweg.working import work
from rechenweg.working.document import Document, Equation, Heading
from rechenweg.working.steps import MOST_DIGITS, chain, settings
from rechenweg.working.writers import Form, page, write
from tests.working.networks import CASES, convolution, residual
from tests.working.test_run import run_of, written

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["residual", "convolution"])
def test_golden_text(name: str, language: Language) -> None:
    """Run with UPDATE_GOLDEN=1 to accept a change, after reading the diff."""
    given = {"dL/dm": [2, 1]} if name == "convolution" else None
    text = write(run_of(name, given=given).document(decimals=name == "convolution"), "text", language) + "\n"
    golden = GOLDEN / f"working.{name}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, "utf-8")
    expected = golden.read_text("utf-8")
    diff = "\n".join(difflib.unified_diff(expected.splitlines(), text.splitlines(), "agreed", "now", lineterm=""))
    assert text == expected, "\n" + diff


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "html", "latex"])
@pytest.mark.parametrize("name", CASES)
def test_every_working_is_written_in_every_form(name: str, form: Form, language: Language) -> None:
    run = run_of(name)
    for document in (run.document(), run.document(values=False), run.document(decimals=True, most=2)):
        out = write(document, form, language)
        assert {"en": "Backward pass", "de": "Rückwärtsrechnung"}[language] in out
        if form == "html":
            ET.fromstring(f"<main>{out}</main>")
        if form == "latex":
            opened = re.findall(r"\\begin\{(\w+\*?)\}", out)
            assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+\*?)\}", out))
            assert out.count("{") == out.count("}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_typst_compiles_every_working(name: str, language: Language) -> None:
    run = run_of(name)
    together = run.document() + run.document(values=False, most=2)
    assert typst.compile(page(together, "typst", language, name).encode()).startswith(b"%PDF")


def test_derivatives_of_activations_are_said_once_from_the_table() -> None:
    text = written(work(residual(), 1, 1), "dL/do", slopes=True).splitlines()
    assert text[0].strip() == "σ₂′(o) = σ₂(o) · (1 − σ₂(o)) = σ₂(0) · (1 − σ₂(0)) = 1/4"
    assert text[1].strip() == "∂L/∂o = ∂L/∂ŷ · σ₂′(o) = (−1) · σ₂′(0) = −1/4"
    relu = work(Network.chain([Linear(weights=[[1, -2]]), ReLU()], loss=L2Loss()), 3, [1, 1])
    assert (
        written(relu, "dL/dz", slopes=True).splitlines()[0].strip().startswith("ReLU′(zᵢ) = {1 if zᵢ > 0; 0 otherwise}")
    )


def test_large_quantities_are_shortened_and_the_rest_is_counted() -> None:
    net = Network("x")
    net.add("z", Conv1d(weights=[[[1, 1]]], names={"weights": "c"}))
    run = work(net, list(range(40)))
    text = written(run, "z")
    assert text.count("z₂") == 1 and "and 36 more elements." in text and "z₅" not in text
    assert "und 36 weitere Elemente." in write(run.part("z"), "text", "de")
    assert len(written(run, "z", most=40).splitlines()) == 39
    assert "numbers, too many to be printed" in write(run.document(), "text")


def test_a_matrix_is_shown_whole_beside_its_first_elements() -> None:
    text = written(run_of("image"), "dL/dk")
    assert "∂L/∂k₁,₁,₁" in text and "more elements; all of them:" in text
    assert text.splitlines()[-2].count(";") == 2, "3 × 3"


def test_numbers_too_long_to_read_are_rounded_and_it_is_said() -> None:
    long = exact(Fraction(MOST_DIGITS + 1, 3))
    short_one = exact(Fraction(1, 3))
    assert [to_text(link) for link in chain(named("a", short_one), short_one)] == ["a", "1/3"]  # type: ignore[arg-type]
    assert chain(named("a", long), long)[1].sign == "≈"  # type: ignore[union-attr]
    text = write(run_of("perceptron").document(), "text")
    assert "≈" in text and "the number was computed exactly" in " ".join(text.replace("│", "").split())
    assert "computed exactly" not in write(run_of("convolution").document(), "text")


def test_what_is_plainly_zero_is_never_rounded() -> None:
    """A gradient that meets ReLU′(−2) = 0 is 0, however long the number was that met it."""
    net = Network("x", loss=L2Loss())
    net.add("a", Linear(weights=[[-1]]))
    net.add("r", ReLU())
    for layer in range(4):
        net.add(f"z_{layer}", Linear(weights=[["1/3"]], bias=["1/7"]))
        net.add(f"h_{layer}", Sigmoid())
    run = work(net, 2, 1)
    assert "≈" in written(run, "dL/dr")
    assert written(run, "dL/da").endswith("· ReLU′(−2) = 0")
    assert written(run, "dL/dx").endswith("= 0 · (−1) = 0")


def test_steps_bear_the_layer_in_words_with_its_settings() -> None:
    document = run_of("convolution").document()
    headings = [block.text for block in document if isinstance(block, Heading)]
    assert [h.en for h in headings][:6] == [
        "Given", "Forward pass", "Convolution: kernel 3, stride 1, padding 0",
        "Max pooling: kernel 2, stride 1, padding 0", "Linear layer: 2 → 1", "Squared error",
    ]  # fmt: skip
    assert [h.de for h in headings][2:4] == [
        "Faltung: Kern 3, Schrittweite 1, Padding 0", "Max-Pooling: Kern 2, Schrittweite 1, Padding 0",
    ]  # fmt: skip
    assert headings[-1].en == "Conventions in force"
    through = [h.en for h in [b.text for b in run_of("residual").document() if isinstance(b, Heading)]]
    assert through[-2] == "Linear layer and Sum", "∂L/∂x comes back over both paths"


def test_every_layer_of_the_library_has_a_title_in_words() -> None:
    def below(kind: type[Layer]) -> list[type[Layer]]:
        return [kind, *(k for sub in kind.__subclasses__() for k in below(sub))]

    made = [k for k in below(Layer) if k.__module__.startswith("rechenweg.nn") and not k.__abstractmethods__]
    assert len(made) > 12
    untitled = [kind.__name__ for kind in made if not kind.title and not kind.__name__.startswith("_")]
    assert untitled == [Activation.__name__], "the base of all activations is no layer that stands in a network"


def test_settings_that_differ_along_the_axes() -> None:
    layer = Conv2d(3, 8, (3, 5), stride=(1, 2), padding=((1, 1), (1, 2)))
    assert [words.de for words in settings(layer)] == [
        "Kanäle 3 → 8", "Kern 3 × 5", "Schrittweite 1 × 2", "Padding 1 × (1 + 2)",
    ]  # fmt: skip
    assert [words.en for words in settings(ELU("1/2"))] == [r"$\alpha = \frac{1}{2}$"]


def test_conventions_stand_at_the_end_without_a_doubled_colon() -> None:
    text = write(run_of("convolution").document(), "text")
    end = text[text.index("Conventions in force") :]
    assert "cross-correlation" in end and "x · W + b" in end and "first of equal maxima" in end
    assert ": sum" not in end


def test_general_formulas_alone_show_no_number_that_was_put_in() -> None:
    document = work(residual("7", "11", "13"), 17, 19).document(values=False)
    text = write(document, "text")
    assert "Given" not in text and not re.search(r"7|11|13|17|19", text)
    assert "σ₁′(a) = σ₁(a) · (1 − σ₁(a))" in text


def test_equations_of_a_quantity_have_a_row_for_each_element() -> None:
    run = work(convolution(), [2, 3, 1, 2, -1], 2)
    made = run["z"].equation(decimals=True)
    assert isinstance(made, Equation) and len(made.rows) == 3
    assert [to_text(link) for link in made.rows[2]][-2:] == ["0.5 · 1 + 1.5 · 2 + 0.5 · (−1)", "3"]  # type: ignore[arg-type]
    assert run.part("f", "m") == run.part("m"), "what was laid out anew says nothing new"
    assert isinstance(run.part("f"), Document) and run.part("f")
