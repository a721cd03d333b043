"""`rechenweg proof`: the printed key of fau-2021 against the computed answers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rechenweg.commands.output import plain
from rechenweg.exams import exam
from rechenweg.marking.proofs import Finding, proof_read, read_key

from .conftest import EXAMPLES, refused, run

KEY = EXAMPLES / "fau-2021-key.json"
FAU = exam("fau-2021")


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return proof_read(FAU, read_key(KEY, FAU))


def test_all_agree_but_the_label_in_4_4(findings: list[Finding]) -> None:
    differing = [(f.question, f.field, plain(f.remark, "en")) for f in findings if f.state == "differs"]
    assert differing == [("4.4", "dL/dx", 'labelled "dL/dw" in the key, but it is dL/dx')]


def test_the_two_lost_keys_are_filled_in(findings: list[Finding]) -> None:
    filled = {f.question: plain(f.computed, "en") for f in findings if f.state == "filled"}
    assert filled == {"1.5": "d", "1.7": "c"}


def test_every_box_of_a_lost_key_was_settled_by_an_experiment(findings: list[Finding]) -> None:
    grounds = {f.question: f.grounds for f in findings if f.state == "filled"}
    assert [(g.letter, g.ticked, g.holds) for g in grounds["1.5"]] == [
        # which statements are *wrong*: what is to be ticked does not hold
        ("a", False, True), ("b", False, True), ("c", False, True), ("d", True, False), ("e", False, True),
    ]  # fmt: skip
    assert [(g.letter, g.ticked, g.holds) for g in grounds["1.7"]] == [
        ("a", False, False), ("b", False, False), ("c", True, True), ("d", False, False),
    ]  # fmt: skip
    assert all(g.by_experiment and g.reason.en and g.reason.de for gs in grounds.values() for g in gs)


def test_every_question_is_looked_at_and_texts_are_left_to_people(findings: list[Finding]) -> None:
    assert list(dict.fromkeys(f.question for f in findings)) == list(FAU.questions)
    kinds = {
        (number, field.key): field.kind
        for number, (problem, question) in FAU.questions.items()
        for field in question.fields(problem.version(0))
    }
    assert {kinds[f.question, f.field] for f in findings if f.state == "for people"} == {"text", "code"}
    counts = Counter(f.state for f in findings)
    assert counts["agrees"] == len(kinds) - counts["for people"] - 3  # two lost keys and one label


def test_what_is_printed(findings: list[Finding]) -> None:
    result = run("proof", "fau-2021", "--key", KEY)
    assert result.status == 1  # something differs
    assert 'differs: labelled "dL/dw" in the key, but it is dL/dx' in result.out
    assert "fau-2021/1.5, filled in: d. Its evidence, which rechenweg evidence fau-2021/1.5 runs:" in result.out
    assert "☒ d) false td-needs-dynamics: It learns from sampled transitions" in result.out
    assert "☒ c) true  variance-matters:" in result.out
    counts = Counter(f.state for f in findings)
    line = f"agrees {counts['agrees']} · differs 1 · not in the key: filled in 2 · for people to compare "
    assert result.out.rstrip().endswith(line + str(counts["for people"]))


def test_as_data() -> None:
    data = json.loads(run("proof", "fau-2021", "--key", KEY, "--json").out)
    (lost,) = [d for d in data if d["question"] == "1.7"]
    assert lost["state"] == "filled" and lost["computed"] == "c"
    assert [g["statement"] for g in lost["grounds"] if g["ticked"]] == ["variance-matters"]


def changed(folder: Path, question: str, answer: Any) -> list[Finding]:
    key = json.loads(KEY.read_text(encoding="utf-8"))
    key["answers"][question] = answer
    path = folder / "key.json"
    path.write_text(json.dumps(key), encoding="utf-8")
    return [f for f in proof_read(FAU, read_key(path, FAU)) if f.question == question]


@pytest.mark.parametrize(
    ("question", "answer", "remark"),
    [
        ("1.6", ["b", "c"], "1 of 5 boxes wrong: d"),
        ("4.3", "0.5", "wrong value"),
        ("2.4", {"1": "C", "2": "D", "3": "B", "4": "A"}, "wrong: 3, 4"),
        ("4.2", r"\sigma_2(w_2 \sigma_1(b_1 + w_1 x))", "the skip connection is missing"),
        ("4.3", "1/0", 'cannot be read: character 2 of "1/0": a division by 0 has no value'),
    ],
)
def test_a_wrong_key_is_found(question: str, answer: Any, remark: str, tmp_path: Path) -> None:
    (finding,) = changed(tmp_path, question, answer)
    assert (finding.state, plain(finding.remark, "en")) == ("differs", remark)


def test_an_answer_under_a_label_that_fits_nothing(tmp_path: Path) -> None:
    derivatives = json.loads(KEY.read_text(encoding="utf-8"))["answers"]["4.4"]
    derivatives["dL/dx"] = derivatives.pop("dL/dw")
    derivatives["dL/dw3"] = "w_1"
    found = changed(tmp_path, "4.4", derivatives)
    assert [(f.field, plain(f.remark, "en")) for f in found if f.state != "agrees"] == [
        ("dL/dw3", '"dL/dw3" is not asked for')
    ]


def test_nothing_in_the_key_is_all_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"exam": "fau-2021", "answers": {}}), encoding="utf-8")
    findings = proof_read(FAU, read_key(path, FAU))
    assert {f.state for f in findings} == {"filled"} and {f.question for f in findings} >= {"1.1", "4.4", "7.1"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1, column 2: expected JSON, found something else ("),
        ("[]", 'expected an object with "exam" and "answers", found list'),
        ('{"exam": "tum-2024", "answers": {}}', '"exam": expected "fau-2021", found "tum-2024"'),
        ('{"exam": "fau-2021", "answers": {"8.1": 1}}', '"answers": expected questions of fau-2021, found "8.1"'),
        ('{"exam": "fau-2021", "answers": {"4.3": NaN}}', "expected finite numbers, found NaN"),
    ],
)
def test_a_file_that_is_no_key(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    said = refused("proof", "fau-2021", "--key", path)
    assert message in said and str(path) in said
