"""The weights that ship as a network again, to train further: the reverse of ``graph.py``.

Seven-bit weights are close to what was trained, not the same: an epoch at a small rate mends it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

Array = NDArray[np.float32]
LAYER = "bert.encoder.layer"
EMBEDDINGS = "bert.embeddings"
PLACES = f"{EMBEDDINGS}.position_embeddings.weight"
TYPES = f"{EMBEDDINGS}.token_type_embeddings.weight"
DENSE = ("attention.output.dense", "intermediate.dense", "output.dense")
NORMS = ("attention.output", "output")
TEXT_HEAD_DIMENSIONS = 3
PARTS = ("query", "key", "value")


def load_released(network: torch.nn.Module, weights: Path) -> None:
    """Puts the ONNX ``weights`` into ``network``: the base's, with as many layers and labels."""
    model = onnx.load_model_from_string(weights.read_bytes())
    stored = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
    state = network.state_dict()
    of_type = state[TYPES][0].clone()  # part of every place that ships
    for name, value in _weights(stored).items():
        wanted = state[name]
        found = torch.tensor(np.ascontiguousarray(value, np.float32))
        if name == PLACES:  # it ships only as many as it reads: the base has the rest
            found = torch.cat([found, wanted[len(found) :] + of_type])
        state[name] = found
    network.load_state_dict(state)


def _weights(stored: dict[str, Array]) -> dict[str, Array]:
    places = stored["places"]
    found = {
        f"{EMBEDDINGS}.word_embeddings.weight": stored["words.s8"] * stored["words.scale"],
        PLACES: places,
        # the first type's is part of every place already, and there is no second
        TYPES: np.zeros((2, places.shape[1])),
        "classifier.weight": _head(stored),
        "classifier.bias": stored["head.bias"],
    } | _norm(stored, EMBEDDINGS)
    layer = 0
    while f"{LAYER}.{layer}.output.dense.bias" in stored:
        found |= _layer(stored, f"{LAYER}.{layer}")
        layer += 1
    return found


def _head(stored: dict[str, Array]) -> Array:
    """(labels, inputs): a head of pieces ships as its transpose, one of texts as it is."""
    head = stored["head"]
    return head[0] if head.ndim == TEXT_HEAD_DIMENSIONS else head.T


def _layer(stored: dict[str, Array], name: str) -> dict[str, Array]:
    found: dict[str, Array] = {}
    attention = f"{name}.attention.self"
    weights = np.split(_matrix(stored, attention), 3, axis=1)
    biases = np.split(stored[f"{attention}.bias"], 3)
    for part, weight, bias in zip(PARTS, weights, biases, strict=True):
        found |= {f"{attention}.{part}.weight": weight.T, f"{attention}.{part}.bias": bias}
    for dense in DENSE:
        found[f"{name}.{dense}.weight"] = _matrix(stored, f"{name}.{dense}").T
        found[f"{name}.{dense}.bias"] = stored[f"{name}.{dense}.bias"]
    for norm in NORMS:
        found |= _norm(stored, f"{name}.{norm}")
    return found


def _matrix(stored: dict[str, Array], name: str) -> Array:
    """(inputs, outputs), from bytes and a scale a column."""
    matrix: Array = stored[f"{name}.s8"] * stored[f"{name}.wscale"]
    return matrix


def _norm(stored: dict[str, Array], name: str) -> dict[str, Array]:
    parts = (f"{name}.LayerNorm.{part}" for part in ("weight", "bias"))
    return {part: stored[part] for part in parts}
