"""A linear model of word pieces: a second opinion on a text, and a cheap first look at it.

Pieces, pairs and triples of them are hashed into one table of weights, a column a category. It
costs microseconds where the network costs a millisecond, and knows turns of phrase that the network
blurs: the two together are right more often than either (docs/risk-model.md).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.encoder.runtime import Ids, Rows

SLOTS = 1 << 17
_VOCABULARY = 30_522
_PAIR, _TRIPLE = (np.uint32(2_654_435_761), np.uint32(2_246_822_519))

Slots = NDArray[np.int64]


class Linear:
    """Logistic scores of 8-bit ``weights`` (``SLOTS``, categories), by ``scale`` and ``bias``."""

    def __init__(self, weights: NDArray[np.int8], scale: Rows, bias: Rows) -> None:
        self.weights, self.scale, self.bias = weights, scale, bias

    @classmethod
    def read(cls, content: bytes, scale: Rows, bias: Rows) -> Linear:
        """From the bytes of a ``.npy`` file of 8-bit integers."""
        return cls(np.load(io.BytesIO(content), allow_pickle=False), scale, bias)

    @classmethod
    def rounded(cls, weights: NDArray[np.float64], bias: NDArray[np.float64]) -> Linear:
        """Of fitted ``weights`` (``SLOTS``, categories), to the nearest of 8 bits."""
        scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-9)
        whole = np.rint(weights / scale).astype(np.int8)
        return cls(whole, scale.astype(np.float32), bias.astype(np.float32))

    def scores(self, sequences: Sequence[Ids]) -> Rows:
        """Log-odds (texts, categories) of each sequence of pieces, whatever its neighbours."""
        if not sequences:
            return np.empty((0, len(self.bias)), np.float32)
        slots, lengths = hashed(sequences)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        sums = np.add.reduceat(self.weights[slots], starts, axis=0, dtype=np.int32)
        scores = self.bias + self.scale * (sums / np.sqrt(lengths)[:, None])
        return np.asarray(scores, np.float32)


def anything(scores: Rows) -> NDArray[np.float32]:
    """How much of ``scores`` (texts, categories) speaks for any category: one figure a text."""
    found: NDArray[np.float32] = np.logaddexp.reduce(scores, axis=1)
    return found


def hashed(sequences: Sequence[Ids]) -> tuple[Slots, Slots]:
    """Slots of every sequence's features one after the other, and how many each has.

    A sequence of n pieces has 3n + 3 features: its pieces between a mark at either end, their
    pairs, and their triples.
    """
    sizes = np.fromiter((len(ids) for ids in sequences), np.int64, len(sequences))
    total = int(sizes.sum()) + 2 * len(sequences)
    flat = np.zeros(total + 2, np.uint32)
    owner = np.repeat(np.arange(len(sequences)), sizes + 2)
    inner = np.ones(total, bool)
    starts = np.cumsum(sizes + 2) - (sizes + 2)
    inner[starts] = inner[starts + sizes + 1] = False
    flat[:total][inner] = np.fromiter((i for ids in sequences for i in ids), np.uint32)
    last = np.zeros(total, np.int64)  # pieces left of the sequence, the closing mark included
    last[:] = (starts + sizes + 1)[owner] - np.arange(total)
    pairs = (flat[:total] * _PAIR + flat[1 : total + 1]) >> np.uint32(3)
    triples = (
        (flat[:total] * _TRIPLE ^ flat[1 : total + 1]) * _PAIR + flat[2 : total + 2]
    ) >> np.uint32(5)
    room = SLOTS - _VOCABULARY
    columns = np.stack(
        [flat[:total].astype(np.int64), _VOCABULARY + pairs % room, _VOCABULARY + triples % room],
        axis=1,
    ).astype(np.int64)
    kept = np.stack([np.ones(total, bool), last >= 1, last >= 2], axis=1)
    return columns[kept], 3 * sizes + 3
