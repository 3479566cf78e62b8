"""Running a small encoder on the processor alone: files checked by hash, batches of one length.

A text's result depends on nothing but the text: activation scales are fixed, and no text is
padded: those read together are of one length.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pipelines.errors import CandourError

Ids = tuple[int, ...]
"""A text's word pieces, without the marks around them."""

Rows = NDArray[np.float32]

SUMS = "SHA256SUMS"

BATCH = 32
"""Texts a run: a text costs the same from 1 to 64, and more than 64 leave the processor's cache."""


class DamagedModelError(CandourError):
    """A model file is missing or is not the one released. Nothing may run without the model."""


def open_session(weights: bytes, threads: int) -> ort.InferenceSession:
    """The network in ``weights``; ``threads`` is how many processor threads one run uses."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def run(session: ort.InferenceSession, marks: tuple[int, int], batch: Sequence[Ids]) -> Rows:
    """The network's one output for sequences of one length, the marks put around each."""
    pieces = len(batch[0])
    ids = np.empty((len(batch), pieces + 2), np.int64)
    ids[:, 0], ids[:, -1] = marks
    ids[:, 1:-1] = batch
    lengths = np.full(len(batch), pieces + 2, np.int32)
    (out,) = session.run(None, {"ids": ids, "lengths": lengths})
    rows: Rows = out
    return rows


def marks(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids that open and close a text."""
    opens, closes = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if opens is None or closes is None:
        raise ValueError("The tokeniser has no [CLS] or no [SEP]: it is not the model's own.")
    return opens, closes


def batches(sequences: Iterable[Ids]) -> Iterator[list[Ids]]:
    """At most ``BATCH`` sequences each, all of one length, the longest first."""
    by_length: dict[int, list[Ids]] = defaultdict(list)
    for ids in sequences:
        by_length[len(ids)].append(ids)
    for length in sorted(by_length, reverse=True):  # the first run takes the memory of all
        same = by_length[length]
        for at in range(0, len(same), BATCH):
            yield same[at : at + BATCH]


def window_starts(pieces: int, window: int, overlap: int) -> Iterator[int]:
    """Where stretches of at most ``window`` pieces begin that cover all, sharing ``overlap``."""
    start = 0
    while start < pieces:
        yield start
        if start + window >= pieces:
            return
        start += window - overlap


def verified(folder: Path, names: Iterable[str], model: str) -> dict[str, bytes]:
    """The bytes of the files ``names``, every one as ``SHA256SUMS`` in ``folder`` says.

    ``model`` is what the error calls it. Raises ``DamagedModelError`` where a file is missing or
    is not the one released.
    """
    contents = {name: _read(folder / name, model) for name in names}
    lines = _read(folder / SUMS, model).decode().splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != sums.get(name):
            raise DamagedModelError(
                f"The {model}'s {name} is not the one released: restore it from the repository."
            )
    return contents


def write_sums(folder: Path, names: Iterable[str]) -> None:
    """Records the hash of each of ``names`` that is there, for ``verified``."""
    present = [name for name in names if (folder / name).exists()]
    lines = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}" for n in present]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _read(path: Path, model: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DamagedModelError(
            f"The {model}'s {path.name} cannot be read: restore it from the repository."
        ) from error
