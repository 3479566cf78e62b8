"""The shipped risk model, with its real weights: one text at a time, long texts, hashes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.classify.model.encoder import FILES, HERE, WINDOW, RiskEncoder
from pipelines.classify.model.gate import SLOTS, Gate
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
    at = CODES.index("OPS")
    threshold = encoder.calibration.threshold[at]
    assert alone[at] >= threshold and at_the_end[at] >= threshold


def test_the_gate_scores_a_sequence_whatever_its_neighbours() -> None:
    rng = np.random.default_rng(3)
    gate = Gate(rng.normal(size=SLOTS).astype(np.float32), 0.5, 0.0)
    sequences = [tuple(rng.integers(999, 30_000, n).tolist()) for n in (1, 2, 3, 40, 1, 7)]
    alone = [gate.scores([ids])[0] for ids in sequences]
    assert gate.scores(sequences).tolist() == alone


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
    assert np.load(HERE / "gate.npy", allow_pickle=False).shape == (SLOTS,)
