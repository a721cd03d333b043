"""`rechenweg check`: versions drawn by the hundred and looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rechenweg.bank.fau_2021.p3_basics import Accuracy
from rechenweg.bank.fau_2021.p7_pytorch import PyTorch
from rechenweg.commands.checking import Checked, check_problem
from rechenweg.questions.kinds.values import Number

from .conftest import EXAMPLES, refused, run


def test_a_problem_that_is_right() -> None:
    report = check_problem("fau-2021/4", 10)
    assert report.ok and report.computed and report.troubles == []
    assert report.distinct == 10 and len(report.milliseconds) == 10
    assert report.draws == 10 + sum(report.rejected.values())
    rules = {
        "a weight of 0 that switches the branch off",
        "a weight that is unwieldy without a calculator",
        "a loss of 0",
    }
    assert {reason.en for reason in report.rejected} <= rules


def test_the_command_selects_problems_and_reports_as_data() -> None:
    result = run("check", "fau-2021/3.3", "fau-2021/7", "--versions", 5, "--workers", 1, "--json")
    assert result.status == 0, result.out
    three, seven = json.loads(result.out)
    assert (three["problem"], seven["problem"]) == ("fau-2021/3", "fau-2021/7")
    assert three["versions"] == 5 and three["draws"] >= 5 and three["median_ms"] > 0 and three["troubles"] == []


def test_the_table_names_rejections() -> None:
    result = run("check", "fau-2021/7", "--versions", 5, "--workers", 1, "-l", "de")
    assert result.status == 0
    assert "fau-2021/7" in result.out and "Ziehungen verworfen" in result.out and "✓" in result.out


def test_a_perfect_answer_that_earns_too_little_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Accuracy, "perfect", lambda self, s: "-1")
    result = run("check", "fau-2021/3", "--versions", 2, "--workers", 1)
    assert result.status == 1
    assert "fau-2021/3: version 1, 3.3: the perfect answer earns 0 of 1" in result.out


def test_a_slip_that_earns_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Number, "slip", lambda self, rng: self.perfect())
    assert "version 1, 3.3: a slip earns everything" in check_problem("fau-2021/3", 1).troubles


def test_too_few_versions_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    always = PyTorch().original()
    monkeypatch.setattr(PyTorch, "draw", lambda self, rng: always)
    monkeypatch.setattr(PyTorch, "rejections", ())
    assert check_problem("fau-2021/7", 3).troubles == ["only 1 distinct versions in 2000, at least 200 are needed"]


def test_a_problem_in_a_file_of_ones_own() -> None:
    result = run("check", EXAMPLES / "neuron.py", "--versions", 20, "--workers", 1)
    assert result.status == 0, result.out
    assert "neuron.py" in result.out and "the ReLU is off: every gradient is 0" in result.out


def test_a_version_to_read() -> None:
    english = run("check", EXAMPLES / "neuron.py", "--show", 0).out
    # by hand: z = 1·3 + 2·(−1) = 1, ∂L/∂w = 2·1·(1, 2)
    assert "z = x₁ · w₁ + x₂ · w₂ = 1 · 3 + 2 · (−1) = 1" in english
    assert "∂L/∂w₂ = ∂L/∂z · x₂ = 2 · 2 = 4" in english
    assert "Ein Neuron ohne Bias" in run("check", EXAMPLES / "neuron.py", "--show", 0, "-l", "de").out
    choice = run("check", "fau-2021/1.4", "--show", 0).out
    assert "☐ b) 1/x" in choice and "☒ b) Not defined at 0" in choice and "1.5" not in choice


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", "expected `problem = …`, a Problem, found none"),
        ("problem = 5", "expected `problem = …`, a Problem, found a int"),
        ("\nproblem = 1 / 0", "line 2: expected a problem, found ZeroDivisionError: division by zero"),
        ("problem = (", "line 1: expected a problem, found SyntaxError"),
    ],
)
def test_a_file_that_holds_no_problem(source: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(source, encoding="utf-8")
    said = refused("check", file)
    assert message in said and str(file) in said


def test_what_does_not_add_up_is_found(tmp_path: Path) -> None:
    source = (EXAMPLES / "neuron.py").read_text(encoding="utf-8")
    broken = source.replace("Callout.of_credit(2)", "Callout.of_credit(1)").replace("Step.of(2,", "Step.of(3,")
    file = tmp_path / "mine.py"
    file.write_text(broken, encoding="utf-8")
    troubles = check_problem(str(file), 1).troubles
    assert "version 0, 1.2: the credit of its scheme adds up to 3, not to 2" in troubles
    assert "version 0, 1.2: the credit of its solution adds up to 1, not to 2" in troubles


def test_percentiles() -> None:
    report = Checked("x", 100, milliseconds=[float(i) for i in range(100)])
    assert (report.percentile(0.5), report.percentile(0.99)) == (50.0, 99.0)
