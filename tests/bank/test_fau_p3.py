"""fau-2021, problem 3: the loss against PyTorch, the accuracy against the printed key, what is accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import arb

from rechenweg.bank.fau_2021.p3_basics import SCENARIOS, cross_entropy, percent, problem
from rechenweg.questions.rules import Rules
from tests.bank.checks import check_distinct_versions, check_problem
from tests.bank.german import check_languages, plain

RULES = Rules()
PAPER = problem.version(0)
LOSS = problem.by_number["3.2"]


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)
    check_languages(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["2", "2", "1", "2"]
    assert problem.credits == 7


def test_accuracy_of_the_paper() -> None:
    # printed key: (980 + 1)/(980 + 18 + 1 + 1) = 981/1000 = 98.1 %
    assert PAPER.accuracy == Fraction(981, 1000)
    question = problem.by_number["3.3"]
    for answer in ("981/1000", "0.981", "0,981", "98.1%", "98,1 %", r"\frac{981}{1000}", "(980+1)/(980+18+1+1)"):
        assert question.mark(PAPER, answer, RULES).credit == 1, answer
    for answer in ("980/1000", "0.98", "981", "1-981/1000"):
        assert question.mark(PAPER, answer, RULES).credit == 0, answer
    assert "= 981/1000" in plain(question.solution(PAPER))


def test_always_guessing_the_frequent_class_is_as_good_on_the_paper() -> None:
    # 980 + 1 of 1000 wear a mask; of the 19 others one is found
    assert PAPER.share(1) == Fraction(981, 1000)
    assert PAPER.recall(0) == Fraction(1, 19)
    solution = plain(problem.by_number["3.4"].solution(PAPER))
    assert "1/19" in solution
    assert "98.1%" in solution


def test_accuracy_by_definition_in_every_version() -> None:
    for version in range(1, 251):
        s = problem.version(version)
        (tp, fp), (fn, tn) = s.counts
        assert min(tp, fp, fn, tn) > 0
        assert s.accuracy == Fraction(tp + tn, tp + fp + fn + tn) >= Fraction(19, 20)
        assert s.recall(s.told.rare) <= Fraction(1, 3)
    assert {problem.version(v).scenario for v in range(40)} == {sc.id for sc in SCENARIOS}


def test_loss_against_torch() -> None:
    torch = pytest.importorskip("torch")
    for y in (0, 1):
        for p in (0.03, 0.4, 0.5, 0.97):
            ours = cross_entropy().approx({"y": arb(y), "f(x)": arb(p)})
            theirs = torch.nn.functional.binary_cross_entropy(
                torch.tensor(p, dtype=torch.float64), torch.tensor(float(y), dtype=torch.float64)
            )
            assert ours == pytest.approx(theirs.item(), rel=1e-12)


@pytest.mark.parametrize(
    "answer",
    [
        "-y ln(f(x)) - (1-y) ln(1-f(x))",
        r"-y\ln(f(\mathbf{x})) - (1-y)\ln(1-f(\mathbf{x}))",
        r"L = -y \log\hat y - (1-y)\log(1-\hat y)",
        "-(y*log(f(x)) + (1-y)*log(1-f(x)))",
        "-y ln ŷ - (1-y) ln(1-ŷ)",
        "-ln(y f(x) + (1-y)(1-f(x)))",  # the same for y = 0 and y = 1, and y is nothing else
        "-ln(f(x)^y (1-f(x))^(1-y))",
        "-y lg f(x) - (1-y) lg(1-f(x))",  # another base is another positive factor
    ],
)
def test_accepted_losses(answer: str) -> None:
    assert LOSS.mark(PAPER, answer, RULES).credit == 2


@pytest.mark.parametrize(
    "answer", ["y ln f(x) + (1-y) ln(1-f(x))", "-y ln f(x)", "-f(x) ln y - (1-f(x)) ln(1-y)", "f(x) - y"]
)
def test_refused_losses(answer: str) -> None:
    mark = LOSS.mark(PAPER, answer, RULES)
    assert (mark.credit, mark.is_open) == (0, False)


def test_a_loss_that_nobody_thought_of_is_left_to_a_person() -> None:
    assert LOSS.mark(PAPER, "(f(x) - y)^4", RULES).is_open


def test_last_activation() -> None:
    question = problem.by_number["3.1"]
    marks = {
        answer: question.mark(PAPER, {"activation": answer, "reason": "…"}, RULES).marks[0].credit
        for answer in ("Sigmoid", "the sigmoid function", "σ", "Softmax", "sigmoid or softmax", "sigmoid, since (0, 1)")
    }
    assert list(marks.values()) == [1, 1, 1, 0, 0, None]


def test_more_remedies_than_asked_for_are_void() -> None:
    question = problem.by_number["3.4"]
    answers = {"doubt": "imbalance", "remedies": ["oversampling", "weights", "other data"]}
    _, remedies = question.mark(PAPER, answers, RULES).marks
    assert remedies.credit == 0
    assert "more answers than asked for" in remedies.reason.en


def test_percentages_are_marked_when_rounded() -> None:
    assert percent(Fraction(49, 50)) == r"98 \%"
    assert percent(Fraction(1, 19)) == r"\approx 5.3 \%"
