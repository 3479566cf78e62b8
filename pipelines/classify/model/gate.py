"""A cheap first look at a text's word pieces: may it be anything at all?

Most chat is ordinary. A linear score of pieces and of pairs and triples of them, hashed into one
table, costs microseconds where the network costs a millisecond; its threshold is chosen so that it
lets through nearly all of what the network would flag.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.encoder.runtime import Ids

SLOTS = 1 << 17
_VOCABULARY = 30_522
_PAIR, _TRIPLE = (np.uint32(2_654_435_761), np.uint32(2_246_822_519))

Slots = NDArray[np.int64]


class Gate:
    """A logistic score of ``SLOTS`` weights and a bias; ``threshold`` is on its log-odds."""

    def __init__(self, weights: NDArray[np.float32], bias: float, threshold: float) -> None:
        self.weights, self.bias, self.threshold = weights, bias, threshold

    @classmethod
    def read(cls, content: bytes, bias: float, threshold: float) -> Gate:
        """From the bytes of a ``.npy`` file of 16-bit floats."""
        weights = np.load(io.BytesIO(content), allow_pickle=False)
        return cls(weights.astype(np.float32), bias, threshold)

    def scores(self, sequences: Sequence[Ids]) -> NDArray[np.float32]:
        """Log-odds of each sequence of pieces, whatever its neighbours."""
        if not sequences:
            return np.empty(0, np.float32)
        slots, lengths = hashed(sequences)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        sums = np.add.reduceat(self.weights[slots].astype(np.float64), starts)
        scores: NDArray[np.float32] = (self.bias + sums / np.sqrt(lengths)).astype(np.float32)
        return scores

    def passes(self, sequences: Sequence[Ids]) -> NDArray[np.bool_]:
        """Which sequences the network should read."""
        passes: NDArray[np.bool_] = self.scores(sequences) >= self.threshold
        return passes


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
