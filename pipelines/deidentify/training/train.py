"""Trains the name model: ``python -m pipelines.deidentify.training.train --data PATH``.

``PATH`` holds ``ner/train`` (open tweet corpora) and ``names`` (open name and place lists).
Writes ``network.safetensors`` to ``--out``; ``export`` turns it into what ships.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertForTokenClassification

from pipelines.deidentify.model.encoder import HERE as MODEL
from pipelines.deidentify.model.encoder import WEIGHTS
from pipelines.deidentify.training.chats import redrawn
from pipelines.deidentify.training.corpora import SWAP_SHARE, TRAIN_FILES, read_tweets
from pipelines.deidentify.training.example import IGNORED, LABELS, Example, piece_targets
from pipelines.deidentify.training.names import NameBank, load_names
from pipelines.deidentify.training.prose import read_prose, vary
from pipelines.deidentify.training.synthetic import generate
from pipelines.deidentify.training.written import written
from pipelines.encoder.training.base import base_config, load_base, make_tokenizer
from pipelines.encoder.training.released import load_released

HERE = Path(__file__).parent
MAX_PIECES = 96
BATCH = 48
LEARNING_RATE = 1e-4
FURTHER_RATE = 1e-4
WARMUP_SHARE = 0.08
WEIGHT_DECAY = 0.01
LABEL_SMOOTHING = 0.03
GRADIENT_LIMIT = 1.0

CHAT_COPIES = 2
"""How often an epoch shows each message of the annotated chats, with other identities."""

MOST_TWEETS, MOST_PROSE, MOST_WRITTEN = 4_000, 2_000, 8_000
"""Tweets, prose sentences and messages of the risk model an epoch: enough for their words, not so
many as to drown the rest."""

console = Console()

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Piece ids, attention mask and targets, each (texts, pieces)."""


def epoch_examples(data: Path, names: NameBank, count: int, seed: int) -> list[Example]:
    """One epoch: tweets, prose, chats and messages, names redrawn, and what templates generate."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    tweets = read_tweets(data / "ner/train", TRAIN_FILES, names, rng, SWAP_SHARE)
    rng.shuffle(tweets)
    prose = [vary(sentence, names, rng) for sentence in read_prose(data, names)]
    rng.shuffle(prose)
    chats = redrawn(HERE / "chats", names, rng, CHAT_COPIES)
    generated = generate(HERE / "templates", names, count, seed)
    police = written(names, rng)
    rng.shuffle(police)
    messages = chats + police[:MOST_WRITTEN] + generated
    return tweets[:MOST_TWEETS] + prose[:MOST_PROSE] + messages


def make_network(layers: int) -> BertForTokenClassification:
    """The base with ``layers`` of its layers and a fresh head of one output a label."""
    network = BertForTokenClassification(base_config(layers, len(LABELS)))
    load_base(network, layers)
    return network


def batches(examples: list[Example], tokenizer: Tokenizer, rng: random.Random) -> Iterator[Batch]:
    """Batches of like length, in random order."""
    encodings = tokenizer.encode_batch([example.text for example in examples])
    order = sorted(range(len(examples)), key=lambda i: (len(encodings[i].ids), rng.random()))
    groups = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        width = max(len(encodings[i].ids) for i in group)
        ids = torch.zeros(len(group), width, dtype=torch.long)
        targets = torch.full((len(group), width), IGNORED)
        for row, i in enumerate(group):
            length = len(encodings[i].ids)
            ids[row, :length] = torch.tensor(encodings[i].ids)
            targets[row, :length] = torch.tensor(
                piece_targets(examples[i].spans, encodings[i].offsets)
            )
        yield ids, (ids != 0).long(), targets


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: ``epochs`` of fresh text, ``messages`` of it generated in each.

    ``further`` goes on from the weights that ship, at a smaller rate and with their embeddings as
    they are: what they learnt of words stays, and a step costs less.
    """

    layers: int
    epochs: int
    messages: int
    seed: int
    further: bool

    @property
    def rate(self) -> float:
        return FURTHER_RATE if self.further else LEARNING_RATE

    def network(self) -> BertForTokenClassification:
        network = make_network(self.layers)
        if self.further:
            load_released(network, MODEL / WEIGHTS)
            network.bert.embeddings.requires_grad_(False)
        return network


def train(data: Path, out: Path, plan: Plan) -> None:
    """Trains on fresh text every epoch and saves the weights after each."""
    torch.manual_seed(plan.seed)
    names = load_names(data / "names", "train")
    tokenizer, network = make_tokenizer(MAX_PIECES), plan.network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=WEIGHT_DECAY)
    schedule = None
    out.mkdir(parents=True, exist_ok=True)
    for epoch in range(plan.epochs):
        began = time.monotonic()
        examples = epoch_examples(data, names, plan.messages, plan.seed + epoch)
        rng = random.Random(plan.seed + epoch)  # noqa: S311
        if schedule is None:
            steps = plan.epochs * -(-len(examples) // BATCH)
            schedule = torch.optim.lr_scheduler.OneCycleLR(
                optimiser, plan.rate, steps, pct_start=WARMUP_SHARE, anneal_strategy="linear"
            )
        loss = _epoch(network, optimiser, schedule, batches(examples, tokenizer, rng))
        save_file(network.state_dict(), out / "network.safetensors")
        seconds = time.monotonic() - began
        console.log(
            f"epoch {epoch + 1}/{plan.epochs}: "
            f"loss {loss:.4f}, {len(examples)} texts, {seconds:.0f} s"
        )


def _epoch(
    network: torch.nn.Module,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    every: Iterator[Batch],
) -> float:
    network.train()
    total, count = 0.0, 0
    measure = torch.nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING, ignore_index=IGNORED)
    for ids, mask, targets in every:
        with torch.autocast("cpu", dtype=torch.bfloat16):  # a third less to wait for
            logits = network(input_ids=ids, attention_mask=mask).logits
        loss = measure(logits.float().flatten(0, 1), targets.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_LIMIT)
        optimiser.step()
        schedule.step()
        total, count = total + loss.item(), count + 1
        if count % 200 == 0:
            console.log(f"  step {count}: loss {total / count:.4f}")
    return total / max(count, 1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/train and names")
    parser.add_argument("--out", type=Path, default=Path("var/train-ner"), help="where weights go")
    parser.add_argument("--layers", type=int, default=6, choices=(6, 4, 3))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--messages", type=int, default=12_000, help="generated messages an epoch")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--further", action="store_true", help="go on from the weights that ship")
    args = parser.parse_args()
    plan = Plan(args.layers, args.epochs, args.messages, args.seed, args.further)
    train(args.data, args.out, plan)


if __name__ == "__main__":
    main()
