"""fau-2021, problem 5: what is printed comes from trained networks, and marking trains none."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.fau_2021 import p5_regularisation
from rechenweg.bank.fau_2021.p5_regularisation import SEEDS, Histograms, Numbers, problem
from rechenweg.bank.fau_2021.smile_figures import SHADES, shaded, shares
from rechenweg.learning.smiles import SIDE, drift
from rechenweg.questions.rules import Rules
from rechenweg.working.drawing import FILLS, Rect
from tests.bank.checks import check_problem
from tests.bank.german import check_languages, plain

RULES = Rules()
PAPER = problem.version(0)


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_languages(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["1", "3/2", "4", "2", "1"]
    assert str(problem.credits) == "19/2"


def test_the_paper_has_l1_on_the_left() -> None:
    assert problem.by_number["5.2"].perfect(PAPER)["left"] == "L1"
    assert plain(problem.by_number["5.2"].solution(PAPER)).startswith("L₁ left, L₂ right.")


def test_versions_use_every_network_on_both_sides() -> None:
    assert {(s.seed, s.left) for s in map(problem.version, range(400))} == {
        (seed, side) for seed in range(SEEDS) for side in ("L1", "L2")
    }


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_side_drawn_is_the_side_measured(seed: int) -> None:
    """The key is known from the draw; the trained weights agree, by a wide margin."""
    for side in ("L1", "L2"):
        trained, left, right = Histograms.weights(Numbers(seed, side))
        near = {"left": trained.near_zero(left), "right": trained.near_zero(right)}
        sparse, dense = ("left", "right") if side == "L1" else ("right", "left")
        assert near[sparse] > 2 * near[dense] > 2 * trained.near_zero(trained.none)
        # what the figure is to show: a peak at 0, and a bell that only got narrower
        assert trained.l2.std() < 0.7 * trained.none.std()
        edges = np.linspace(-0.4, 0.4, 42)
        l1, l2, none = (max(shares(w, edges)) for w in (trained.l1, trained.l2, trained.none))
        assert l1 > 2 * l2 > 2 * none


@pytest.mark.parametrize("seed", range(SEEDS))
def test_mean_and_variance_drift_with_every_layer(seed: int) -> None:
    found = drift(seed)
    assert abs(found.means[0]) < 1e-12
    assert abs(found.variances[0] - 1) < 1e-12
    assert all(b > a for values in (found.means, found.variances) for a, b in pairwise(values))


def test_marking_trains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any, **options: Any) -> None:
        raise AssertionError("a network was trained while marking")

    for name in ("regularised", "drift", "saliency"):
        monkeypatch.setattr(p5_regularisation, name, forbidden)
    for version in range(50):
        s = problem.version(version)
        for question in problem.questions:
            mark = question.mark(s, question.perfect(s), RULES)
            assert mark.credit + mark.open == mark.maximum


def test_names_of_norms() -> None:
    question = problem.by_number["5.2"]

    def credit(left: str, right: str) -> str:
        return str(question.mark(PAPER, {"left": left, "right": right}, RULES).credit)

    assert credit("L1", "L2") == credit("L_1 norm", "L₂") == credit("ℓ1", "weight decay") == "1"
    assert credit(r"$\ell_1$", "L1") == "1/2"
    assert credit("L2", "L1") == credit("L1 or L2", "L1 or L2") == "0"


def test_names_of_problem_layer_and_method() -> None:
    mark = problem.by_number["5.3"].mark(
        PAPER, {"problem": "Internal Covariate Shift", "layer": "a batch-norm layer"}, RULES
    )
    assert [str(m.credit) for m in mark.marks[:2]] == ["1", "1"]
    method = problem.by_number["5.5"]
    assert [
        str(method.mark(PAPER, {"method": answer}, RULES).marks[0].credit)
        for answer in ("multi task learning", "Auxiliary Tasks", "transfer learning", "something new")
    ] == ["1/2", "1/2", "0", "None"]


def test_an_image_is_drawn_pixel_by_pixel() -> None:
    image = np.arange(SIDE * SIDE, dtype=float).reshape(SIDE, SIDE)
    pixels = [shape for shape in shaded(image).shapes if isinstance(shape, Rect)][: SIDE * SIDE]
    darkness = [SHADES.index(pixel.fill) for pixel in pixels]
    assert darkness == sorted(darkness)
    assert set(darkness) == set(range(len(SHADES)))
    assert [FILLS[shade] for shade in SHADES] == sorted((FILLS[shade] for shade in SHADES), reverse=True)
