"""Scores texts against the taxonomy: a small encoder and a linear model, on the processor alone.

A text's result depends on nothing but the text (tests/unit/test_risk_encoder.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from pipelines.classify.model.calibration import Calibration, by_category
from pipelines.classify.model.linear import Linear, anything
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
LINEAR = "linear.npy"
CALIBRATION = "calibration.json"
FILES = (WEIGHTS, TOKENIZER, LINEAR, CALIBRATION)

WINDOW = 30
"""Pieces the network reads at once, beside [CLS] and [SEP]; it was trained on up to 64."""

OVERLAP = 14
"""Pieces two windows of a long text share."""


class Network:
    """The encoder alone. Safe to share between threads."""

    def __init__(self, session: ort.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session, self._marks = session, marks(tokenizer)

    def logits(self, sequences: Iterable[Ids]) -> dict[Ids, Rows]:
        """Scores of each sequence, the open corpora's tasks after those of ``CODES``."""
        found: dict[Ids, Rows] = {}
        for batch in batches(sequences):
            pair = batch if len(batch) > 1 else batch * 2  # the mean of one text alone rounds apart
            rows = run(self._session, self._marks, pair)
            found.update(zip(batch, rows[: len(batch)], strict=True))
        return found

    def rows(self, sequences: Sequence[Ids]) -> Rows:
        """The same, (sequences, scores)."""
        logits = self.logits(dict.fromkeys(sequences))
        return np.array([logits[ids] for ids in sequences], np.float32)


class RiskEncoder:
    """Both models, their tokenizer and calibration. Safe to share between threads."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        linear: Linear,
        calibration: Calibration,
        digest: str,
    ) -> None:
        self.network, self.tokenizer, self.linear = network, tokenizer, linear
        self.calibration, self.digest = calibration, digest

    @classmethod
    def load(cls, folder: Path = HERE, threads: int = 1) -> RiskEncoder:
        """Loads the model in ``folder``; ``threads`` is how many processor threads one run uses.

        Raises ``DamagedModelError`` where a file is missing or its hash is not in SHA256SUMS.
        """
        contents = verified(folder, FILES, "risk model")
        tables = json.loads(contents[CALIBRATION])
        tokenizer = Tokenizer.from_buffer(contents[TOKENIZER])
        return cls(
            Network(open_session(contents[WEIGHTS], threads), tokenizer),
            tokenizer,
            Linear.read(
                contents[LINEAR], by_category(tables["scale"]), by_category(tables["bias"])
            ),
            Calibration.read(tables),
            hashlib.sha256((folder / SUMS).read_bytes()).hexdigest(),
        )

    def probabilities(self, texts: Sequence[str]) -> Rows:
        """Calibrated probabilities (texts, ``CODES``); a long text has the highest of its parts."""
        parts = pieces(self.tokenizer, texts)
        known = self.windows(list(dict.fromkeys(ids for windows in parts for ids in windows)))
        nothing = np.zeros(len(CODES), np.float32)
        return np.array(
            [highest(known, windows) if windows else nothing for windows in parts], np.float32
        ).reshape(-1, len(CODES))

    def windows(self, distinct: Sequence[Ids]) -> dict[Ids, Rows]:
        """Probabilities of each window; the network reads those the linear model sees cause to."""
        linear = self.linear.scores(distinct)
        looked = anything(linear) >= self.calibration.look
        wanted = [ids for ids, look in zip(distinct, looked, strict=True) if look]
        found = dict.fromkeys(distinct, self.calibration.unread)
        if wanted:
            network = self.network.rows(wanted)[:, : len(CODES)]
            read = self.calibration.probabilities(network, linear[looked])
            found.update(zip(wanted, read, strict=True))
        return found

    def task_scores(self, texts: Sequence[str]) -> Rows:
        """The network's scores (texts, outputs), of a long text the highest of its parts': for
        measuring."""
        parts = [windows or [()] for windows in pieces(self.tokenizer, texts)]
        known = self.network.logits(dict.fromkeys(ids for windows in parts for ids in windows))
        return np.array([highest(known, windows) for windows in parts], np.float32)


def highest(known: Mapping[Ids, Rows], windows: Sequence[Ids]) -> Rows:
    """Of each score, the highest that any of a text's ``windows`` has."""
    found: Rows = np.max([known[ids] for ids in windows], axis=0)
    return found


def pieces(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[Ids]]:
    """The windows of word pieces that each text is read in; none of an empty one."""
    normal = [normalise(text) for text in texts]
    encodings = tokenizer.encode_batch_fast(normal, add_special_tokens=False)
    return [
        [tuple(e.ids[at : at + WINDOW]) for at in window_starts(len(e.ids), WINDOW, OVERLAP)]
        for e in encodings
    ]


def first_windows(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    """Each text's first window, an empty one of an empty text."""
    return [windows[0] if windows else () for windows in pieces(tokenizer, texts)]
