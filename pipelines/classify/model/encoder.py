"""Scores texts against the taxonomy with a small encoder behind a gate, on the processor alone.

A text's result depends on nothing but the text (tests/unit/test_risk_encoder.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pipelines.classify.model.gate import Gate
from pipelines.classify.normalise import normalise
from pipelines.classify.taxonomy import CODES
from pipelines.encoder.runtime import (
    SUMS,
    Ids,
    Rows,
    batches,
    marks,
    open_session,
    run,
    verified,
    window_starts,
)

HERE = Path(__file__).parent

WEIGHTS = "risks.onnx"
TOKENIZER = "tokenizer.json"
GATE = "gate.npy"
CALIBRATION = "calibration.json"
FILES = (WEIGHTS, TOKENIZER, GATE, CALIBRATION)

WINDOW = 30
"""Pieces the network reads at once, beside [CLS] and [SEP]; it was trained on up to 64."""

OVERLAP = 14
"""Pieces two windows of a long text share."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the network's scores to probabilities and flags, by category in ``CODES`` order.

    Probability = sigmoid(``slope`` x score + ``offset``); ``unread`` is that of a text the gate
    keeps from the network; a category is flagged from its ``threshold`` on.
    """

    slope: NDArray[np.float32]
    offset: NDArray[np.float32]
    unread: NDArray[np.float32]
    threshold: NDArray[np.float32]

    @classmethod
    def read(cls, tables: Mapping[str, Mapping[str, float]]) -> Calibration:
        """From the tables of ``calibration.json``."""
        parts = ("slope", "offset", "unread", "threshold")
        return cls(*(np.array([tables[p][c] for c in CODES], np.float32) for p in parts))

    def probabilities(self, logits: Rows) -> Rows:
        """Of texts' ``logits`` (texts, ``CODES``)."""
        probabilities: Rows = 1.0 / (1.0 + np.exp(-(logits * self.slope + self.offset)))
        return probabilities


class RiskEncoder:
    """The network, its tokenizer, gate and calibration. Safe to share between threads."""

    def __init__(
        self,
        session: ort.InferenceSession,
        tokenizer: Tokenizer,
        gate: Gate,
        calibration: Calibration,
        digest: str,
    ) -> None:
        self.session, self.tokenizer, self.gate = session, tokenizer, gate
        self.calibration, self.digest = calibration, digest
        self._marks = marks(tokenizer)

    @classmethod
    def load(cls, folder: Path = HERE, threads: int = 1) -> RiskEncoder:
        """Loads the model in ``folder``; ``threads`` is how many processor threads one run uses.

        Raises ``DamagedModelError`` where a file is missing or its hash is not in SHA256SUMS.
        """
        contents = verified(folder, FILES, "risk model")
        tables = json.loads(contents[CALIBRATION])
        return cls(
            open_session(contents[WEIGHTS], threads),
            Tokenizer.from_buffer(contents[TOKENIZER]),
            Gate.read(contents[GATE], tables["gate"]["bias"], tables["gate"]["threshold"]),
            Calibration.read(tables),
            hashlib.sha256((folder / SUMS).read_bytes()).hexdigest(),
        )

    def probabilities(self, texts: Sequence[str]) -> Rows:
        """Calibrated probabilities (texts, ``CODES``); a long text has the highest of its parts."""
        parts = self.parts(texts)
        distinct = list(dict.fromkeys(ids for windows in parts for ids in windows))
        wanted = [
            ids for ids, passes in zip(distinct, self.gate.passes(distinct), strict=True) if passes
        ]
        logits = self.logits(wanted)
        read = self.calibration.probabilities(
            np.array([logits[ids][: len(CODES)] for ids in wanted], np.float32).reshape(
                -1, len(CODES)
            )
        )
        known = dict(zip(wanted, read, strict=True))
        unread = self.calibration.unread
        return np.array(
            [
                np.max([known.get(ids, unread) for ids in windows], axis=0)
                if windows
                else np.zeros(len(CODES), np.float32)
                for windows in parts
            ],
            np.float32,
        ).reshape(-1, len(CODES))

    def logits(self, sequences: Iterable[Ids]) -> dict[Ids, Rows]:
        """The network's scores of each sequence, the open corpora's tasks included, ungated."""
        found: dict[Ids, Rows] = {}
        for batch in batches(sequences):
            pair = batch if len(batch) > 1 else batch * 2  # the mean of one text alone rounds apart
            rows = run(self.session, self._marks, pair)
            found.update(zip(batch, rows[: len(batch)], strict=True))
        return found

    def task_logits(self, texts: Sequence[str]) -> Rows:
        """Scores (texts, outputs) of texts' first windows, ungated: for measuring."""
        firsts = [windows[0] if windows else () for windows in self.parts(texts)]
        logits = self.logits(dict.fromkeys(firsts))
        return np.array([logits[ids] for ids in firsts], np.float32)

    def parts(self, texts: Sequence[str]) -> list[list[Ids]]:
        """The windows of word pieces that each text is read in; none of an empty one."""
        normal = [normalise(text) for text in texts]
        encodings = self.tokenizer.encode_batch_fast(normal, add_special_tokens=False)
        return [
            [tuple(e.ids[at : at + WINDOW]) for at in window_starts(len(e.ids), WINDOW, OVERLAP)]
            for e in encodings
        ]
