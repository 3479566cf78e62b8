"""Turns trained weights into what ships: ``python -m pipelines.classify.training.export``.

Writes ``risks.onnx`` and ``tokenizer.json`` into the model folder; ``calibrate`` does the rest.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import onnx
import torch
from rich.console import Console
from safetensors.torch import load_file

from pipelines.classify.model.encoder import HERE as MODEL
from pipelines.classify.model.encoder import TOKENIZER, WEIGHTS, WINDOW
from pipelines.classify.normalise import normalise
from pipelines.classify.training.network import RiskNetwork
from pipelines.classify.training.train import MAX_PIECES, Plan, epoch_examples
from pipelines.encoder.training.base import KEPT_LAYERS, make_tokenizer
from pipelines.encoder.training.calibrate import measure_ranges
from pipelines.encoder.training.graph import score_texts

CALIBRATION_TEXTS = 400
CALIBRATION_SEED = 7


def load_network(folder: Path) -> RiskNetwork:
    """The trained network in ``folder``, with as many layers as its weights have."""
    state = load_file(folder / "network.safetensors")
    layers = sum(name.endswith("attention.self.query.weight") for name in state)
    if layers not in KEPT_LAYERS:
        raise SystemExit(f"{folder} holds a network of {layers} layers: train it again.")
    network = RiskNetwork(layers)
    network.load_state_dict(state)
    return network.eval()


def export(data: Path, trained: Path, out: Path) -> None:
    """Quantises with ranges measured on training text."""
    network = load_network(trained)
    plan = Plan(warm=0, mixed=1, copies=1, share=0.3, seed=CALIBRATION_SEED)
    examples = epoch_examples(data, plan, 0)
    chosen = random.Random(CALIBRATION_SEED).sample(examples, CALIBRATION_TEXTS)  # noqa: S311
    tokenizer = make_tokenizer(MAX_PIECES)
    ranges = measure_ranges(network, tokenizer, [normalise(e.text) for e in chosen])
    weights = {
        name: value.to(torch.float32).numpy() for name, value in network.state_dict().items()
    }
    model = score_texts(weights, ranges, len(network.bert.encoder.layer), positions=WINDOW + 2)
    onnx.checker.check_model(model)
    out.mkdir(parents=True, exist_ok=True)
    (out / WEIGHTS).write_bytes(model.SerializeToString(deterministic=True))
    tokenizer.no_truncation()
    tokenizer.save(str(out / TOKENIZER), pretty=False)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with risk/train")
    parser.add_argument("--trained", type=Path, default=Path("var/train-risk"))
    parser.add_argument("--out", type=Path, default=MODEL, help="model folder to write")
    args = parser.parse_args()
    export(args.data, args.trained, args.out)
    size = (args.out / WEIGHTS).stat().st_size / 1e6
    Console().print(f"{args.out / WEIGHTS}: {size:.1f} MB")


if __name__ == "__main__":
    main()
