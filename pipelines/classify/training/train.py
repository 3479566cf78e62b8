"""Trains the risk model: ``python -m pipelines.classify.training.train --data PATH``.

``PATH`` holds ``risk/train`` (open corpora) and ``ner/train`` (posts). The first epochs read the
corpora alone, the others police messages expanded afresh from ``templates/`` beside both. Writes
``network.safetensors`` to ``--out`` after every epoch; ``export`` turns it into what ships.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from pipelines.classify.normalise import normalise
from pipelines.classify.training.corpora import read_training
from pipelines.classify.training.example import LABELS, Example
from pipelines.classify.training.network import RiskNetwork
from pipelines.classify.training.posts import read_posts
from pipelines.classify.training.templates import load_templates
from pipelines.classify.training.vary import vary
from pipelines.encoder.training.base import make_tokenizer
from pipelines.encoder.training.released import load_released

MAX_PIECES = 64
BATCH = 48
LEARNING_RATE = 1.2e-4
WARMUP_SHARE = 0.06
WEIGHT_DECAY = 0.01
GRADIENT_LIMIT = 1.0

RARE_WEIGHT = 2.0
"""Of a category that applies, beside 1 for one that does not: most do not, for most messages."""

CLEAN_SHARE = 0.3
"""Share an epoch sees of the clean posts of corpora that have little else (Guest, Davidson)."""

ORDINARY_COPIES = 2
"""How often an epoch shows ordinary chat, beside once what was written for a category or to look
like one: it is a ninth of what was written and nearly all that there is to read."""

console = Console(width=100)

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
"""Piece ids and mask (texts, pieces); targets and their weights (texts, labels)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train: ``warm`` epochs on the corpora alone, ``mixed`` ones with ``copies`` of
    every template and ``share`` of the corpora."""

    warm: int
    mixed: int
    copies: int
    share: float
    seed: int


def epoch_examples(data: Path, plan: Plan, epoch: int) -> list[Example]:
    """What epoch number ``epoch`` reads, in no order."""
    rng = random.Random(plan.seed + epoch)  # noqa: S311 - reproducible, nothing secret
    mixed = epoch >= plan.warm
    share = plan.share if mixed else 1.0
    corpora = [e for e in read_training(data / "risk/train") if rng.random() < _kept(e, share)]
    if not mixed:
        return corpora
    posts = read_posts(data / "ner/train", "train")
    written = load_templates("train")
    shown = [
        t for t in written for _ in range(plan.copies * (ORDINARY_COPIES if t.ordinary else 1))
    ]
    return corpora + posts + [vary(template, written, rng) for template in shown]


def _kept(example: Example, share: float) -> float:
    clean = not any(example.targets.values())
    rare = "guest" in example.targets or set(example.targets) == {"DISC", "SEXM"}
    return share * (CLEAN_SHARE if clean and rare else 1.0)


def batches(
    examples: Sequence[Example], tokenizer: Tokenizer, rng: random.Random
) -> Iterator[Batch]:
    """Batches of like length, in random order."""
    encodings = tokenizer.encode_batch([normalise(example.text) for example in examples])
    order = sorted(range(len(examples)), key=lambda i: (len(encodings[i].ids), rng.random()))
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        ids = torch.zeros(len(group), max(len(encodings[i].ids) for i in group), dtype=torch.long)
        for row, i in enumerate(group):
            ids[row, : len(encodings[i].ids)] = torch.tensor(encodings[i].ids)
        targets, weights = target_rows([examples[i] for i in group])
        yield ids, (ids != 0).long(), targets, weights


def target_rows(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Targets and weights (examples, labels); the weight of what is unknown is 0."""
    targets = torch.zeros(len(examples), len(LABELS))
    weights = torch.zeros(len(examples), len(LABELS))
    for row, example in enumerate(examples):
        for label, value in example.targets.items():
            column = LABELS.index(label)
            targets[row, column] = value
            weights[row, column] = example.weight * (RARE_WEIGHT if value else 1.0)
    return targets, weights


def train(data: Path, out: Path, layers: int, plan: Plan, start: Path | None) -> None:
    """Trains on fresh text every epoch and saves the weights after each.

    ``start`` are weights to go on from: of an earlier epoch, or the ONNX ones that ship.
    """
    torch.manual_seed(plan.seed)
    tokenizer, network = make_tokenizer(MAX_PIECES), RiskNetwork.fresh(layers)
    if start and start.suffix == ".onnx":
        load_released(network, start)
    elif start:
        network.load_state_dict(load_file(start))
    network.bert.embeddings.requires_grad_(requires_grad=False)  # a step costs less
    learnt = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learnt, lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    every = [epoch_examples(data, plan, epoch) for epoch in range(plan.warm + plan.mixed)]
    steps = sum(-(-len(examples) // BATCH) for examples in every)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, steps, pct_start=WARMUP_SHARE, anneal_strategy="linear"
    )
    out.mkdir(parents=True, exist_ok=True)
    for epoch, examples in enumerate(every):
        began = time.monotonic()
        rng = random.Random(plan.seed + epoch)  # noqa: S311
        loss = _epoch(network, optimiser, schedule, batches(examples, tokenizer, rng))
        save_file(network.state_dict(), out / "network.safetensors")
        seconds = time.monotonic() - began
        console.log(f"epoch {epoch + 1}: loss {loss:.4f}, {len(examples)} texts, {seconds:.0f} s")


def _epoch(
    network: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    every: Iterator[Batch],
) -> float:
    network.train()
    total, count = 0.0, 0
    for ids, mask, targets, weights in every:
        with torch.autocast("cpu", dtype=torch.bfloat16):  # a third less to wait for
            logits = network(ids, mask)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            logits.float(), targets, weights, reduction="sum"
        )
        loss = losses / len(ids)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_LIMIT)
        optimiser.step()
        schedule.step()
        total, count = total + loss.item(), count + 1
        if count % 50 == 0:
            console.log(f"  step {count}: loss {total / count:.4f}")
    return total / max(count, 1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with risk/train, ner/train"
    )
    parser.add_argument("--out", type=Path, default=Path("var/train-risk"), help="for the weights")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--layers", type=int, default=6, choices=(6, 4, 3))
    parser.add_argument("--warm", type=int, default=1, help="epochs on the open corpora alone")
    parser.add_argument("--mixed", type=int, default=2, help="epochs with police messages")
    parser.add_argument("--copies", type=int, default=3, help="of every template an epoch")
    parser.add_argument("--share", type=float, default=0.5, help="of corpora in a mixed epoch")
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    plan = Plan(args.warm, args.mixed, args.copies, args.share, args.seed)
    train(args.data, args.out, args.layers, plan, args.start)


if __name__ == "__main__":
    main()
