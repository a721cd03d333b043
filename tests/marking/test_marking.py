"""Marks are a pure function of answers, questions and rules; every mark has a reason."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rechenweg.exams import EXAMS, exam
from rechenweg.marking.answers import Answers, read_answers
from rechenweg.marking.marking import mark, mark_all
from rechenweg.marking.simulated import BEHAVIOURS, Behaviour, simulate
from rechenweg.text import LANGUAGES

TUM, FAU = exam("tum-2024"), exam("fau-2021")


def answers(e: Any, given: dict[str, Any], version: int = 0) -> Answers:
    return Answers(e.id, "1", version, given, "test")


def of(e: Any, number: str, raw: Any, version: int = 0) -> Any:
    return next(q for q in mark(e, answers(e, {number: raw}, version)).questions if q.number == number)


@pytest.mark.parametrize("identifier", EXAMS)
@pytest.mark.parametrize("version", [0, 1, 4711])
def test_a_perfect_answer_gets_everything_that_a_machine_can_give(identifier: str, version: int) -> None:
    e = exam(identifier)
    drawn = e.version(version)
    perfect = {n: q.perfect(drawn[p.number]) for n, (p, q) in e.questions.items()}
    result = mark(e, answers(e, perfect, version))
    assert result.total + result.open == e.total
    assert all(q.credit + q.open == q.maximum for q in result.questions)


@pytest.mark.parametrize("identifier", EXAMS)
def test_nothing_answered_earns_nothing_but_where_no_box_is_right(identifier: str) -> None:
    result = mark(exam(identifier), answers(exam(identifier), {}))
    assert result.total == 0 and result.open == 0
    reasons = {m.reason.en for q in result.questions for m in q.marks if m.maximum}
    assert reasons <= {"no answer", "a value without its steps"}


@pytest.mark.parametrize("identifier", EXAMS)
def test_every_mark_has_a_reason_in_both_languages(identifier: str) -> None:
    e = exam(identifier)
    raw = simulate(e, "SIM", 5, Behaviour(0.5, 0.1))["answers"]
    for q in mark(e, answers(e, raw, 5)).questions:
        for m in q.marks:
            assert all(m.reason.in_(language).strip() for language in LANGUAGES)


@given(st.sampled_from(EXAMS), st.integers(0, 40), st.integers(0, 4))
@settings(max_examples=25, deadline=None)
def test_marks_stay_between_zero_and_the_maximum(identifier: str, version: int, behaviour: int) -> None:
    e = exam(identifier)
    raw = simulate(e, f"SIM-{version}", version, BEHAVIOURS[behaviour])["answers"]
    result = mark(e, answers(e, raw, version))
    for q in result.questions:
        assert q.credit >= 0 and q.credit + q.open <= q.maximum
    assert result.total == sum(result.by_problem.values()) <= e.total


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["1/0", "9**9**9", "NaN", "((", r"\frac{1}", "a"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["z", "y", "value", "steps", ""]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from([(e, n) for e in EXAMS for n in exam(e).questions]), _json)
@settings(max_examples=300, deadline=None)
def test_no_answer_of_any_form_makes_marking_fail(place: tuple[str, str], raw: Any) -> None:
    e = exam(place[0])
    q = of(e, place[1], raw)
    assert q.credit >= 0 and q.credit + q.open <= q.maximum


# --- the rules of both papers ---------------------------------------------------------------------------------------


def test_all_ticks_must_be_right() -> None:
    right = FAU.questions["1.6"][1].perfect(FAU.version(0)[1])
    assert right == ["b", "c", "d"]  # as printed
    assert of(FAU, "1.6", right).credit == 1
    one_missing = of(FAU, "1.6", ["b", "c"])
    assert one_missing.credit == 0 and one_missing.marks[0].reason.en == "1 of 5 boxes wrong: d"
    assert one_missing.marks[0].reason.de == "1 von 5 Kästchen falsch: d"


def test_per_option_every_right_box_earns_its_share() -> None:
    lenient = replace(FAU, rules=replace(FAU.rules, choice="per option"))
    assert of(lenient, "1.6", ["b", "c"]).credit == Fraction(4, 5)


def test_more_than_one_tick_where_one_is_right_is_not_marked() -> None:
    q = of(FAU, "1.3", ["a", "c"])
    assert q.credit == 0 and q.marks[0].reason.en == "more answers than asked for: a, c"


def test_several_values_for_one_are_not_marked() -> None:
    q = of(FAU, "4.3", "1/4 or 1/2")
    assert q.credit == 0 and q.marks[0].reason.en == "more answers than asked for: 1/4, 1/2"
    assert of(FAU, "4.3", "1/4").credit == 1


def test_withdrawn_boxes_count_for_nobody() -> None:
    s = TUM.version(0)[1]
    question = TUM.questions["1.5"][1]
    perfect = question.perfect(s)
    for ticked in (sorted(set(perfect) - {"c"}), sorted({*perfect, "c"})):
        q = of(TUM, "1.5", ticked)
        assert q.credit == 2 and "(c withdrawn)" in q.marks[0].reason.en
    # while it still counted, only one of the two was right
    kept = replace(TUM, rules=replace(TUM.rules, withdrawn=frozenset()))
    assert {of(kept, "1.5", sorted(set(perfect) ^ {"c"})).credit, of(kept, "1.5", perfect).credit} == {0, 2}


def test_no_box_right_is_an_answer() -> None:
    for version in range(1, 400):
        s = TUM.questions["1.1"][0].version(version)
        number = next((n for n in ("1.1", "1.2", "1.4", "1.7") if TUM.questions[n][1].perfect(s) == []), None)
        if number:
            assert of(TUM, number, [], version).credit == 2
            assert of(TUM, number, "none", version).credit == 2
            assert of(TUM, number, ["a"], version).credit == 0
            return
    pytest.fail("no version without a right statement was drawn")


@pytest.mark.parametrize(
    "raw", ["981/1000", "0.981", "0,981", "98.1%", "98,1 %", r"\frac{981}{1000}", 0.981, {"": "981/1000"}.get("")]
)
def test_exact_forms_of_one_number(raw: Any) -> None:
    from decimal import Decimal

    assert of(FAU, "3.3", Decimal(str(raw)) if isinstance(raw, float) else raw).credit == 1


def test_half_credits_and_steps_of_tum_problem_3() -> None:
    three = of(TUM, "3.1", {"conv": 5, "pool": 4, "n": 4})
    assert three.credit == 1
    assert of(TUM, "3.1", {"conv": 5, "pool": 3, "n": 3}).credit == Fraction(1, 2)
    assert of(TUM, "3.1", {"conv": 4, "pool": 3, "n": 3}).credit == 0
    forward = of(TUM, "3.2", {"z": [6, 4, 3], "m": "6; 5", "y": "6", "loss": "16"})
    assert forward.credit == Fraction(5, 2)
    assert of(TUM, "3.4", {"value": "8"}).credit == Fraction(1, 2)  # a value without its steps
    documented = of(TUM, "3.4", {"value": "8", "steps": r"dL/dy = 2(y - y^*) = 2(6-2)"})
    assert documented.credit == 1 and documented.open == 0
    words = of(TUM, "3.4", {"value": "8", "steps": "I used the chain rule."})
    assert (words.credit, words.open) == (Fraction(1, 2), Fraction(1, 2))


def test_convolution_as_matrix_transposed_and_with_blanks() -> None:
    m = [["0.5", "1.5", "0.5", 0, 0], [0, "0.5", "1.5", "0.5", 0], [0, 0, "0.5", "1.5", "0.5"]]
    assert of(TUM, "3.3", m).credit == 2
    assert of(TUM, "3.3", [list(row) for row in zip(*m, strict=True)]).credit == 2
    blanks = of(TUM, "3.3", [[v or "" for v in row] for row in m])
    assert blanks.credit == Fraction(3, 2) and "zeros were left blank" in blanks.marks[0].reason.en
    wrong = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1]]
    assert of(TUM, "3.3", wrong).credit == 1  # the shape


def test_gradient_of_the_kernel_is_accepted_in_5_3() -> None:
    # by hand: dL/dK[a, b] = Σ E[i, j]·X[i + a, j + b] for X and E of the paper
    x, e = [[1, 2, -1, -3], [-1, 3, 0, 2], [1, 1, 1, -2], [0, 2, 0, -3]], [[3, -1], [1, 2]]
    kernel = [[sum(e[i][j] * x[i + a][j + b] for i in range(2) for j in range(2)) for b in range(3)] for a in range(3)]
    q = of(TUM, "5.3", kernel)
    assert q.credit == 4 and "gradient of the *kernel*" in q.marks[0].reason.en


# --- batches --------------------------------------------------------------------------------------------------------


def test_in_parallel_as_one_by_one(tmp_path: Path) -> None:
    for i in range(60):
        one = simulate(FAU, f"SIM-{i:02d}", 1 + i % 3, BEHAVIOURS[i % 5])
        (tmp_path / f"{i:02d}.json").write_text(json.dumps(one), encoding="utf-8")
    given = read_answers([tmp_path], FAU)
    assert all(a.simulated for a in given)
    with ThreadPoolExecutor(2) as pool:
        assert list(mark_all(FAU, given, pool)) == list(mark_all(FAU, given))


def test_simulated_candidates_answer_the_same_way_every_time() -> None:
    assert simulate(TUM, "SIM-1", 3, BEHAVIOURS[2]) == simulate(TUM, "SIM-1", 3, BEHAVIOURS[2])


def test_slips_cost_credit() -> None:
    def total(behaviour: Behaviour) -> Fraction:
        raw = simulate(TUM, "SIM-1", 3, behaviour)["answers"]
        return mark(TUM, answers(TUM, raw, 3)).total

    assert total(Behaviour(0, 0)) > total(Behaviour(0.5, 0)) > total(Behaviour(1, 0))
