"""Finds people, places and organisations in chat with a small encoder, on the processor alone.

A text's result depends on nothing but the text: activation scales are fixed, and no text is
padded: those read together are of one length (tests/unit/test_name_encoder.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Encoding, Tokenizer

from pipelines.deidentify.model.spans import TYPES, NameSpan, spans_of
from pipelines.encoder.memory import Memory
from pipelines.encoder.runtime import (
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

WEIGHTS = "names.onnx"
TOKENIZER = "tokenizer.json"
THRESHOLDS = "thresholds.json"
FILES = (WEIGHTS, TOKENIZER, THRESHOLDS)

WINDOW = 94
"""Pieces the network reads at once, beside [CLS] and [SEP]; it was trained on up to 96."""

MOST_SEQUENCES = 100_000
"""Remembered: some 40 MB."""

OVERLAP = 32
"""Pieces two windows of a long text share, so that every piece has context on both sides."""

_NO_NAME = np.empty((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class _Window:
    """Pieces of a text from its piece ``start`` on."""

    start: int
    ids: Ids = field(repr=False)


class NameEncoder:
    """The network, its tokenizer and its thresholds. Safe to share between threads."""

    def __init__(
        self, session: ort.InferenceSession, tokenizer: Tokenizer, thresholds: Mapping[str, float]
    ) -> None:
        self.session, self.tokenizer, self.thresholds = session, tokenizer, thresholds
        self._lowest = min(thresholds.values())
        self._marks = marks(tokenizer)
        self._known: Memory[Ids, Rows] = Memory(MOST_SEQUENCES)

    @classmethod
    def load(cls, folder: Path = HERE, threads: int = 1) -> NameEncoder:
        """Loads the model in ``folder``; ``threads`` is how many processor threads one run uses.

        Raises ``DamagedModelError`` where a file is missing or its hash is not in SHA256SUMS.
        """
        contents = verified(folder, FILES, "name model")
        session = open_session(contents[WEIGHTS], threads)
        thresholds = json.loads(contents[THRESHOLDS])["thresholds"]
        return cls(session, Tokenizer.from_buffer(contents[TOKENIZER]), thresholds)

    def at(self, threshold: float) -> NameEncoder:
        """The same network with one threshold for every type."""
        return NameEncoder(self.session, self.tokenizer, dict.fromkeys(TYPES, threshold))

    def find(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        """The names in each text, in order of position; offsets are characters of that text."""
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        windows = [
            (number, window) for number, e in enumerate(encodings) for window in _windows(e.ids)
        ]
        read = self._read({window.ids for _, window in windows})
        parts: dict[int, list[tuple[_Window, Rows]]] = defaultdict(list)
        for number, window in windows:
            probabilities = read[window.ids]
            if probabilities is not None:
                parts[number].append((window, probabilities))
        return [
            self._spans(text, encodings[i], parts[i]) if i in parts else []
            for i, text in enumerate(texts)
        ]

    def _read(self, wanted: Iterable[Ids]) -> dict[Ids, Rows | None]:
        """Probabilities (pieces, labels) of each sequence, ``None`` where none is a name's.

        The network is uncased: texts that differ in capitals or spaces alone are one sequence.
        """
        read = {ids: self._known.get(ids) for ids in wanted}
        for batch in batches(ids for ids, rows in read.items() if rows is None):
            probabilities = run(self.session, self._marks, batch)[:, 1:-1]
            surest = 1.0 - probabilities[:, :, 0].min(axis=1)
            for ids, rows, score in zip(batch, probabilities, surest, strict=True):
                kept = rows.copy() if score >= self._lowest else _NO_NAME
                self._known.put(ids, kept)
                read[ids] = kept
        return {ids: rows if rows.size else None for ids, rows in read.items() if rows is not None}

    def _spans(
        self, text: str, encoding: Encoding, parts: list[tuple[_Window, Rows]]
    ) -> list[NameSpan]:
        """Spans from the windows; where two overlap, the one surer of a name speaks."""
        if len(parts) == 1 and len(parts[0][0].ids) == len(encoding):
            return spans_of(text, encoding.offsets, parts[0][1], self.thresholds)
        whole = np.zeros((len(encoding), parts[0][1].shape[1]), np.float32)
        whole[:, 0] = 1.0
        for window, probabilities in parts:
            old = whole[window.start : window.start + len(window.ids)]
            surer = probabilities[:, 0] < old[:, 0]
            old[surer] = probabilities[surer]
        return spans_of(text, encoding.offsets, whole, self.thresholds)


def _windows(ids: Sequence[int]) -> Iterator[_Window]:
    """Stretches of at most ``WINDOW`` pieces that cover ``ids``, overlapping by ``OVERLAP``."""
    for start in window_starts(len(ids), WINDOW, OVERLAP):
        yield _Window(start, tuple(ids[start : start + WINDOW]))
