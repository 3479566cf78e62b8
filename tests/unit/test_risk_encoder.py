"""The shipped risk model, with its real weights: one text at a time, long texts, hashes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.classify.model.calibration import FlagRule, any_risk
from pipelines.classify.model.encoder import FILES, HERE, WINDOW, RiskEncoder
from pipelines.classify.model.linear import SLOTS, Linear, hashed
from pipelines.classify.taxonomy import CODES
from pipelines.encoder.runtime import SUMS, DamagedModelError

SENTENCE = "delete this before psd see it lads the van is late again lol pure scum 😂 <PERSON>"
RISKY = "Door goes in at 5am tomorrow at <ADDRESS>, bring the big key"


@pytest.fixture(scope="module")
def encoder() -> RiskEncoder:
    return RiskEncoder.load()


def some_texts() -> list[str]:
    rng, words = random.Random(5), SENTENCE.split(" ")
    return [" ".join(rng.choices(words, k=rng.randint(1, 90))) for _ in range(80)]


def test_a_text_gets_the_same_result_alone_and_among_others(encoder: RiskEncoder) -> None:
    texts = some_texts()
    together = encoder.probabilities(texts)
    assert np.array_equal(encoder.probabilities(texts[::-1]), together[::-1])
    alone = np.concatenate([encoder.probabilities([text]) for text in texts[:20]])
    assert np.array_equal(alone, together[:20])


def test_case_and_spacing_change_nothing(encoder: RiskEncoder) -> None:
    plain, shouted = encoder.probabilities([RISKY, f"  {RISKY.upper()}\n"])
    assert np.array_equal(plain, shouted)


def test_nothing_in_nothing_out(encoder: RiskEncoder) -> None:
    assert encoder.probabilities([]).shape == (0, len(CODES))
    assert not encoder.probabilities(["", " ", "\u200b"]).any()


def test_a_long_text_is_read_to_its_end(encoder: RiskEncoder) -> None:
    filler = "we sat in the van for an hour and nothing came in. " * (WINDOW // 4)
    alone, at_the_end = encoder.probabilities([RISKY, f"{filler} {RISKY}"])
    flagged = encoder.calibration.rule.flags(np.stack([alone, at_the_end]))
    assert flagged[:, CODES.index("OPS")].all()


def test_the_linear_model_scores_a_sequence_whatever_its_neighbours() -> None:
    rng = np.random.default_rng(3)
    linear = Linear.rounded(rng.normal(size=(SLOTS, len(CODES))), rng.normal(size=len(CODES)))
    sequences = [tuple(rng.integers(999, 30_000, n).tolist()) for n in (1, 2, 3, 40, 1, 7)]
    alone = np.concatenate([linear.scores([ids]) for ids in sequences])
    assert np.array_equal(linear.scores(sequences), alone)


def test_rounding_to_8_bits_moves_a_score_by_little() -> None:
    weights = np.random.default_rng(4).normal(size=(SLOTS, 1))
    ids = tuple(range(999, 1_011))
    linear = Linear.rounded(weights, np.array([0.5]))
    slots, _ = hashed([ids])
    exact = 0.5 + weights[slots, 0].sum() / np.sqrt(len(slots))
    assert linear.scores([ids])[0, 0] == pytest.approx(exact, abs=float(linear.scale[0]))


def row(**probabilities: float) -> list[float]:
    return [probabilities.get(code, 0.0) for code in CODES]


def test_doubt_between_two_categories_is_no_doubt_that_there_is_one() -> None:
    probabilities = np.array([row(DISC=0.4, SEXM=0.5), row(DISC=0.5)], np.float32)
    assert any_risk(probabilities).tolist() == pytest.approx([0.7, 0.5])
    flags = FlagRule(risky=0.6, protective=0.9).flags(probabilities)
    assert [codes(flagged) for flagged in flags] == [{"DISC", "SEXM"}, set()]


def test_a_risky_text_is_flagged_with_what_is_two_fifths_as_likely_as_the_likeliest() -> None:
    probabilities = np.array([row(VIOL=0.8, FORC=0.33, BULL=0.31)], np.float32)
    flags = FlagRule(risky=0.6, protective=0.9).flags(probabilities)
    assert codes(flags[0]) == {"VIOL", "FORC"}


def test_a_challenge_is_flagged_by_itself_and_makes_nothing_risky() -> None:
    probabilities = np.array([row(SPUP=0.95, INSU=0.3), row(SPUP=0.5, INSU=0.9)], np.float32)
    flags = FlagRule(risky=0.6, protective=0.9).flags(probabilities)
    assert [codes(flagged) for flagged in flags] == [{"SPUP"}, {"INSU"}]


def codes(flagged: np.ndarray) -> set[str]:
    return {code for code, yes in zip(CODES, flagged, strict=True) if yes}


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    shutil.copytree(HERE, tmp_path / "model")
    (tmp_path / "model" / name).write_bytes((HERE / name).read_bytes() + b" ")
    with pytest.raises(DamagedModelError, match=f"risk model's {name} is not the one released"):
        RiskEncoder.load(tmp_path / "model")


@pytest.mark.parametrize("name", [*FILES, SUMS])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    shutil.copytree(HERE, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(DamagedModelError, match=f"risk model's {name} cannot be read"):
        RiskEncoder.load(tmp_path / "model")


def test_the_model_is_small_and_holds_no_pickle() -> None:
    assert sum((HERE / name).stat().st_size for name in FILES) <= 25_000_000
    assert np.load(HERE / "linear.npy", allow_pickle=False).shape == (SLOTS, len(CODES))
