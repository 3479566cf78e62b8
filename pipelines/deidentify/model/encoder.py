"""Finds people, places and organisations in chat with a small encoder, on the processor alone.

A text's result depends on nothing but the text: activation scales are fixed, and a text is
padded by its own length only, never by its neighbours' (tests/unit/test_name_encoder.py).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from pipelines.deidentify.model.spans import NameSpan, spans_of
from pipelines.errors import CandourError

HERE = Path(__file__).parent

WEIGHTS = "names.onnx"
TOKENIZER = "tokenizer.json"
THRESHOLDS = "thresholds.json"
SUMS = "SHA256SUMS"

BATCH = 64
"""Texts a run: more gained nothing on two cores."""

BUCKET = 8
"""Texts are padded to a multiple of this many pieces."""

WINDOW = 94
"""Pieces the network reads at once, beside [CLS] and [SEP]; it was trained on up to 96."""

OVERLAP = 32
"""Pieces two windows of a long text share, so that every piece has context on both sides."""


class DamagedModelError(CandourError):
    """A model file is missing or is not the one released. Nothing may run without the model."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Pieces ``[start, stop)`` of text number ``text``."""

    text: int
    start: int
    stop: int


class NameEncoder:
    """The network, its tokenizer and its thresholds. Safe to share between threads."""

    def __init__(
        self, session: ort.InferenceSession, tokenizer: Tokenizer, thresholds: Mapping[str, float]
    ) -> None:
        self.session, self.tokenizer, self.thresholds = session, tokenizer, thresholds
        self._lowest = min(thresholds.values())
        self._first, self._last = _marks(tokenizer)

    @classmethod
    def load(cls, folder: Path = HERE, threads: int = 1) -> NameEncoder:
        """Loads the model in ``folder``; ``threads`` is how many processor threads one run uses.

        Raises ``DamagedModelError`` where a file is missing or its hash is not in SHA256SUMS.
        """
        contents = verified(folder)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = ort.InferenceSession(
            contents[WEIGHTS], options, providers=["CPUExecutionProvider"]
        )
        thresholds = json.loads(contents[THRESHOLDS])["thresholds"]
        return cls(session, Tokenizer.from_buffer(contents[TOKENIZER]), thresholds)

    def find(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        """The names in each text, in order of position; offsets are characters of that text."""
        encodings = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        parts: dict[int, list[tuple[_Window, NDArray[np.float32]]]] = defaultdict(list)
        for width, windows in _batches(encodings):
            probabilities = self._run(encodings, windows, width)
            likeliest = 1.0 - probabilities[:, 1:, 0].min(axis=1)
            for row in np.flatnonzero(likeliest >= self._lowest):
                window = windows[row]
                length = window.stop - window.start
                parts[window.text].append((window, probabilities[row, 1 : length + 1]))
        return [
            self._spans(text, encodings[i], parts[i]) if i in parts else []
            for i, text in enumerate(texts)
        ]

    def _run(
        self, encodings: Sequence[Encoding], windows: Sequence[_Window], width: int
    ) -> NDArray[np.float32]:
        """Probabilities (windows, width, labels); padding is certain to be no name."""
        ids = np.zeros((len(windows), width), np.int64)
        lengths = np.empty(len(windows), np.int32)
        ids[:, 0] = self._first
        for row, window in enumerate(windows):
            count = window.stop - window.start
            ids[row, 1 : count + 1] = encodings[window.text].ids[window.start : window.stop]
            ids[row, count + 1] = self._last
            lengths[row] = count + 2
        (out,) = self.session.run(None, {"ids": ids, "lengths": lengths})
        probabilities: NDArray[np.float32] = out
        padding = np.arange(width) >= lengths[:, None] - 1
        probabilities[padding] = 0.0
        probabilities[padding, 0] = 1.0
        return probabilities

    def _spans(
        self, text: str, encoding: Encoding, parts: list[tuple[_Window, NDArray[np.float32]]]
    ) -> list[NameSpan]:
        """Spans from the windows; where two overlap, the one surer of a name speaks."""
        if len(parts) == 1 and parts[0][0].stop - parts[0][0].start == len(encoding):
            return spans_of(text, encoding.offsets, parts[0][1], self.thresholds)
        whole = np.zeros((len(encoding), parts[0][1].shape[1]), np.float32)
        whole[:, 0] = 1.0
        for window, probabilities in parts:
            old = whole[window.start : window.stop]
            surer = probabilities[:, 0] < old[:, 0]
            old[surer] = probabilities[surer]
        return spans_of(text, encoding.offsets, whole, self.thresholds)


def _marks(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids that open and close a text."""
    opens, closes = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if opens is None or closes is None:
        raise ValueError("The tokeniser has no [CLS] or no [SEP]: it is not the model's own.")
    return opens, closes


def _batches(encodings: Sequence[Encoding]) -> Iterator[tuple[int, list[_Window]]]:
    """(padded width, windows) with at most ``BATCH`` windows each, all of one width."""
    by_width: dict[int, list[_Window]] = defaultdict(list)
    for number, encoding in enumerate(encodings):
        for start, stop in _windows(len(encoding)):
            width = -(-(stop - start + 2) // BUCKET) * BUCKET
            by_width[width].append(_Window(number, start, stop))
    for width, windows in by_width.items():
        for at in range(0, len(windows), BATCH):
            yield width, windows[at : at + BATCH]


def _windows(pieces: int) -> Iterator[tuple[int, int]]:
    """Ranges of at most ``WINDOW`` pieces that cover ``pieces``, overlapping by ``OVERLAP``."""
    start = 0
    while start < pieces:
        stop = min(start + WINDOW, pieces)
        yield start, stop
        if stop == pieces:
            return
        start = stop - OVERLAP


def verified(folder: Path) -> dict[str, bytes]:
    """The bytes of the model's files, every one as ``SHA256SUMS`` in ``folder`` says."""
    contents = {name: _read(folder / name) for name in (WEIGHTS, TOKENIZER, THRESHOLDS)}
    lines = _read(folder / SUMS).decode().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != sums.get(name):
            raise DamagedModelError(
                f"The name model's {name} is not the one released: restore it from the repository."
            )
    return contents


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DamagedModelError(
            f"The name model's {path.name} cannot be read: restore it from the repository."
        ) from error
