"""Names: compared by spelling, never guessed."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from rechenweg.questions.kinds.naming import Name
from rechenweg.questions.rules import Rules

FIELD = Name("net", Fraction(1), ("ResNet", "residual network"), ("U-Net", "LSTM"), generic=("architecture",))


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("ResNet", "1"), ("the res-net architecture", "1"), ("RESNET", "1"), ("ResNet / residual network", "1"),
        ("U-Net", "0"), ("unet", "0"), ("U-Net or LSTM", "0"), ("", "0"),
        ("ResNet or U-Net", "0"), (["ResNet", "LSTM"], "0"),  # contradicting answers are void
        ("DenseNet", "None"), ("ResNet because of the skip connection", "None"), (7, "None"),
        ("?", "None"), ("the", "None"),
    ],
)  # fmt: skip
def test_marks(answer: object, credit: str) -> None:
    assert str(FIELD.mark(answer, Rules()).credit) == credit


def test_contradicting_answers_go_to_a_person_where_the_rules_say_nothing() -> None:
    assert FIELD.mark("ResNet or U-Net", Rules(surplus_void=False)).is_open


def test_generic_words_count_where_nothing_else_is_written() -> None:
    field = Name("", Fraction(1), ("input", "x"), ("weights",), generic=("input",))
    assert [str(field.mark(answer, Rules()).credit) for answer in ("the input", "input x", "x", "the weights")] == [
        "1", "1", "1", "0",
    ]  # fmt: skip


def test_slips_are_wrong_and_the_perfect_answer_is_right() -> None:
    assert FIELD.mark(FIELD.perfect(), Rules()).credit == 1
    assert FIELD.mark(FIELD.slip(random.Random(0)), Rules()).credit == 0
