"""Turns trained weights into what ships: ``python -m pipelines.deidentify.training.export``.

Writes ``names.onnx``, ``tokenizer.json`` and ``SHA256SUMS`` into the model folder.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import onnx
import torch
from rich.console import Console
from safetensors.torch import load_file
from transformers import BertForTokenClassification

from pipelines.deidentify.model.encoder import FILES, TOKENIZER, WEIGHTS, WINDOW
from pipelines.deidentify.model.encoder import HERE as MODEL
from pipelines.deidentify.training.names import load_names
from pipelines.deidentify.training.train import MAX_PIECES, epoch_examples, make_network
from pipelines.encoder.runtime import write_sums
from pipelines.encoder.training.base import KEPT_LAYERS, make_tokenizer
from pipelines.encoder.training.calibrate import measure_ranges
from pipelines.encoder.training.graph import label_pieces

CALIBRATION_TEXTS = 400
CALIBRATION_SEED = 7


def load_network(folder: Path) -> BertForTokenClassification:
    """The trained network in ``folder``, with as many layers as its weights have."""
    state = load_file(folder / "network.safetensors")
    layers = sum(name.endswith("attention.self.query.weight") for name in state)
    if layers not in KEPT_LAYERS:
        raise SystemExit(f"{folder} holds a network of {layers} layers: train it again.")
    network = make_network(layers)
    network.load_state_dict(state)
    return network.eval()


def export(data: Path, trained: Path, out: Path) -> None:
    """Quantises with ranges measured on training text, and records the hashes."""
    network = load_network(trained)
    examples = epoch_examples(data, load_names(data / "names", "train"), 13_000, CALIBRATION_SEED)
    chosen = random.Random(CALIBRATION_SEED).sample(examples, CALIBRATION_TEXTS)  # noqa: S311
    ranges = measure_ranges(network, make_tokenizer(MAX_PIECES), [e.text for e in chosen])
    weights = {
        name: value.to(torch.float32).numpy() for name, value in network.state_dict().items()
    }
    layers = len(network.bert.encoder.layer)
    model = label_pieces(weights, ranges, layers, positions=WINDOW + 2)
    onnx.checker.check_model(model)
    out.mkdir(parents=True, exist_ok=True)
    (out / WEIGHTS).write_bytes(model.SerializeToString(deterministic=True))
    tokenizer = make_tokenizer(MAX_PIECES)
    tokenizer.no_truncation()
    tokenizer.save(str(out / TOKENIZER), pretty=False)
    write_sums(out, FILES)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/train and names")
    parser.add_argument("--trained", type=Path, default=Path("var/train-ner"))
    parser.add_argument("--out", type=Path, default=MODEL, help="model folder to write")
    args = parser.parse_args()
    export(args.data, args.trained, args.out)
    size = (args.out / WEIGHTS).stat().st_size / 1e6
    Console().print(f"{args.out / WEIGHTS}: {size:.1f} MB")


if __name__ == "__main__":
    main()
