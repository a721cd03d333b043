"""tum-2024, problem 1: the truth of every statement, and the experiments behind them against PyTorch."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch

from rechenweg.bank.tum_2024.multiple_choice import attention, backpropagation, optimisers, output_ranges, upsampling
from rechenweg.bank.tum_2024.p1_multiple_choice import problem
from rechenweg.nn import Conv1d
from rechenweg.numbers import Array, exact
from rechenweg.questions.kinds.choice import ChoiceQuestion, Statement, found
from rechenweg.questions.rules import Rules
from rechenweg.text import LANGUAGES
from rechenweg.working.writers import FORMS, write
from tests.bank.checks import check_pool, check_problem
from tests.bank.german import ENGLISH, GERMAN, check_languages

# What the field says of each statement; the evidence must find the same. The first ones are the paper's, in its order.
TRUTH = {
    "1.1": {
        "no-parameters": True, "always-better": False, "shrinks-space": True, "shrinks-channels": False,
        "constant-kernel": True, "equal-shares": True, "only-largest": False, "keeps-mean": True,
        "stride-for-channels": False, "nonlinear": False,
    },
    "1.2": {
        "rmsprop-is-momentum": False, "rmsprop-hessian": False, "rmsprop-less-memory": True, "adam-two-moments": True,
        "adam-no-rate": False, "adam-first-step": True, "momentum-coasts": True, "sgd-forgets": True,
        "newton-memory": False, "rmsprop-evens-out": True, "betas-decay-rate": False,
    },
    "1.3": {
        "attention-equivariant": True, "text-only": False, "convolutions-for-context": False, "masked-decoder": True,
        "weights-sum-to-one": True, "parameters-grow": False, "scores-quadratic": True, "needs-recurrence": False,
        "scaling-by-root": True, "equivariant-with-positions": False, "mask-hides-previous": False,
    },
    "1.4": {
        "hidden-larger": False, "same-depth": False, "any-identity": False, "lossy-compressor": True,
        "labels-needed": False, "principal-component": True, "denoising-target": True, "random-codes": False,
        "encoder-for-classifier": True, "linear-depth": False,
    },
    "1.5": {
        "convolution-undone": False, "transposed-adds-parameters": True, "transposed-is-bilinear": False,
        "stride-two-doubles": True, "checkerboard": True, "transposed-matrix": True, "nearest-nothing-new": True,
        "restores-detail": False, "unpooling-positions": True, "interpolation-learns": False, "always-enlarges": False,
    },
    "1.6": {
        "scaled-sigmoid": True, "steep-tanh": True, "clipped-below": False, "clipped-both": True, "sigmoid": False,
        "relu": False, "half-tanh": False, "softsign": True, "sign": False, "scaled-tanh": False, "elu": False,
        "falling-sigmoid": True,
    },
    "1.7": {
        "generator-fools": True, "only-discriminator-learns": False, "withdrawn-third": False,
        "discriminator-samples": False, "optimal-half": True, "minimax-saturates": True, "mode-collapse": True,
        "discriminator-at-test": False, "real-images-suffice": False, "gradient-through-discriminator": True,
        "loss-is-quality": False,
    },
    "1.8": {
        "N": True, "k": True, "m": True, "C": False, "padding": True, "stride": True, "bias": False, "flipped": False,
        "relu": False, "values": False,
    },
    "1.9": {
        "tanh-shrinks": True, "sign-kept": True, "deep-layers-slow": False, "negative-derivative": False,
        "sigmoid-quarter": True, "relu-blocks": True, "skip-adds": True, "zero-start": False, "bias-sums": True,
        "max-pooling-spreads": False, "needs-forward": True, "chain-adds": False,
    },
}  # fmt: skip
KEY = {
    "1.1": "ac", "1.2": "cd", "1.3": "ad", "1.4": "d", "1.5": "b", "1.6": "abd", "1.7": "a", "1.8": "abc", "1.9": "ab",
}  # fmt: skip
WITHDRAWN = Rules(withdrawn=frozenset({("1.5", "transposed-is-bilinear"), ("1.7", "withdrawn-third")}))
EVIDENCE = [(q, st) for q in problem.questions for st in q.pool if st.evidence is not None]


def floats(values: Array) -> torch.Tensor:
    return torch.tensor([v.approx() for v in values.reshape(-1)], dtype=torch.float64).reshape(values.shape)


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_languages(problem)


def test_the_paper_has_nine_questions_of_two_credits() -> None:
    assert [q.number for q in problem.questions] == [f"1.{i}" for i in range(1, 10)]
    assert {q.maximum for q in problem.questions} == {Fraction(2)} and problem.credits == 18


@pytest.mark.parametrize("question", problem.questions, ids=lambda q: q.number)
def test_pools_are_sound(question: ChoiceQuestion) -> None:
    truth = TRUTH[question.number]
    assert {st.id: st.truth for st in question.pool} == truth
    check_pool(question, {i: truth[i] for i in question.paper_statements})
    assert len(question.pool) >= 8 and len(question.pool) >= 2 * len(question.paper_statements)
    assert question.none_allowed and not question.single and question.tick_if


@pytest.mark.parametrize("question", problem.questions, ids=lambda q: q.number)
def test_the_paper_as_it_was(question: ChoiceQuestion) -> None:
    assert question.perfect(problem.version(0)) == list(KEY[question.number])
    shown = [st.id for st in question.statements(problem.version(0))]
    assert shown == list(TRUTH[question.number])[: 3 if question.number == "1.5" else 4]


def test_what_was_clarified_during_the_exam() -> None:
    first = problem.by_number["1.3"].statements(problem.version(0))[0]  # type: ignore[attr-defined]
    assert "equivariant" in first.text.en and "äquivariant" in first.text.de


@pytest.mark.parametrize(("number", "letter"), [("1.5", "c"), ("1.7", "c")])
def test_withdrawn_boxes_count_for_nobody(number: str, letter: str) -> None:
    s, question = problem.version(0), problem.by_number[number]
    right = question.perfect(s)
    for ticked in (right, [*right, letter]):
        mark = question.mark(s, ticked, WITHDRAWN)
        assert mark.credit == 2 and "withdrawn" in mark.marks[0].reason.en
    assert question.mark(s, [*right, "a" if number == "1.5" else "b"], WITHDRAWN).credit == 0


def test_the_exam_withdraws_statements_that_exist() -> None:
    from rechenweg.exams.tum_2024 import EXAM

    assert EXAM.rules.withdrawn == WITHDRAWN.withdrawn
    for number, st_id in EXAM.rules.withdrawn:
        (statement,) = (st for st in problem.by_number[number].pool if st.id == st_id)  # type: ignore[attr-defined]
        assert statement.paper_only


def test_no_drawn_version_shows_a_withdrawn_statement() -> None:
    shown = {st.id for v in range(1, 200) for q in problem.questions for st in q.statements(problem.version(v))}
    assert shown == {st.id for q in problem.questions for st in q.pool if not st.paper_only}


def test_none_right_and_all_right_occur() -> None:
    counts = {len(q.perfect(problem.version(v))) for v in range(1, 200) for q in problem.questions}
    assert counts == {0, 1, 2, 3, 4}


def test_nothing_ticked_is_an_answer() -> None:
    question = problem.by_number["1.8"]
    version = next(v for v in range(1, 400) if not question.perfect(problem.version(v)))
    s = problem.version(version)
    assert question.mark(s, [], Rules()).credit == 2
    assert question.mark(s, None, Rules()).credit == 0


def test_versions_differ_in_every_question() -> None:
    for question in problem.questions:
        orders = {tuple(st.id for st in question.statements(problem.version(v))) for v in range(1, 251)}
        assert len(orders) >= 150, (question.number, len(orders))


@pytest.mark.parametrize(("question", "statement"), EVIDENCE, ids=lambda x: getattr(x, "id", None))
def test_the_reason_says_what_the_evidence_finds(question: ChoiceQuestion, statement: Statement) -> None:
    assert statement.evidence is not None
    evidence = found(statement.evidence)
    assert evidence.holds == statement.evidence().holds  # the same again
    starts = {True: r"Right|Yes|Suits", False: r"Wrong|No:|Does not suit"}[evidence.holds]
    assert re.match(starts, statement.reason.en)
    starts = {True: r"Richtig|Ja|Geeignet", False: r"Falsch|Doppelt falsch|Nein|Ungeeignet"}[evidence.holds]
    assert re.match(starts, statement.reason.de)
    for form in FORMS:
        for language in LANGUAGES:
            assert write(evidence.finding, form, language).strip()
    assert not ENGLISH.search(write(evidence.finding, "text", "de"))
    assert not GERMAN.search(write(evidence.finding, "text", "en"))


def test_all_texts_of_the_pools_are_in_their_language() -> None:
    for question in problem.questions:
        for st in question.pool:
            for text in (st.text, st.reason):
                plain = {lang: re.sub(r"\$[^$]*\$", "", text.in_(lang)) for lang in LANGUAGES}
                assert not ENGLISH.search(plain["de"]) and not GERMAN.search(plain["en"]), (question.number, st.id)


# --- the experiments against PyTorch -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (optimisers.plain, lambda p: torch.optim.SGD(p, lr=1.0)),
        (optimisers.momentum, lambda p: torch.optim.SGD(p, lr=1.0, momentum=0.9)),
        (optimisers.rmsprop, lambda p: torch.optim.RMSprop(p, lr=1.0, alpha=0.9, eps=0.0)),
        (optimisers.adam, lambda p: torch.optim.Adam(p, lr=1.0, betas=(0.9, 0.999), eps=0.0)),
    ],
    ids=["SGD", "momentum", "RMSProp", "Adam"],
)
def test_update_rules_are_those_of_pytorch(rule, make) -> None:  # type: ignore[no-untyped-def]
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = make([weight])
    moved = []
    for g in (2.0, -1.0, 3.0, 0.5):
        before = weight.item()
        weight.grad = torch.tensor([g], dtype=torch.float64)
        optimiser.step()
        moved.append(before - weight.item())
    ours = [d.approx() for d in optimisers.directions(rule, (2, -1, 3, "1/2"))]
    assert np.allclose(ours, moved, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_that_of_pytorch(masked: bool) -> None:
    x = floats(attention.TOKENS)
    q, k, v = (x @ floats(w) for w in (attention.QUERY, attention.KEY, attention.VALUE))
    expected = torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=masked, scale=1.0)[
        0
    ]
    assert torch.allclose(floats(attention.attention(attention.TOKENS, masked)), expected, rtol=1e-12)


def test_transposed_convolution_is_that_of_pytorch() -> None:
    z, kernel = exact([[[1, -2, 3]]]), exact([[[1, 2, -1]]])
    for stride, padding, length in ((1, 0, 5), (2, 0, 7), (2, 1, 5)):
        ours = upsampling.transposed(Conv1d(weights=kernel, stride=stride, padding=padding), z, (1, 1, length))
        theirs = torch.nn.functional.conv_transpose1d(floats(z), floats(kernel), stride=stride, padding=padding)
        assert torch.equal(floats(ours), theirs)


def test_interpolation_is_that_of_pytorch() -> None:
    x = exact([1, 5, 3])
    theirs = torch.nn.functional.interpolate(floats(x)[None, None], scale_factor=2, mode="linear", align_corners=False)
    assert torch.allclose(floats(upsampling.doubled(x)), theirs[0, 0], rtol=1e-12)


def test_gradients_shrink_from_the_last_layer_to_the_first() -> None:
    norms = backpropagation._norms()
    assert all(earlier < later for earlier, later in pairwise(norms))
    assert norms[0] < norms[-1] / 1000


def test_ranges_by_hand() -> None:
    by_id = {c.id: c for c in output_ranges.CANDIDATES}
    assert by_id["half-tanh"].of(exact(0)) == 0 and abs(by_id["half-tanh"].of(exact(50))) < exact("1/2")
    assert by_id["clipped-both"].of(exact(7)) == 1 and by_id["clipped-below"].of(exact(7)) == 7
    assert output_ranges.nearest(by_id["sign"], exact("1/2")).fraction() in (0, 1)  # nothing in between
    assert by_id["softsign"].of(exact(3)) == exact("3/4")
