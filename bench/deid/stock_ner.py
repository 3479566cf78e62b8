"""Trains the NER that stock Presidio is given where no packaged spaCy model can be fetched.

A spaCy CNN from scratch on the open tweets, with spaCy's defaults: the most a user of stock
Presidio can have without a download. Not part of Candour; written outside the repository.

    python -m bench.deid.stock_ner ../shared/data/ner/train OUT
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import spacy
from rich.console import Console
from spacy.language import Language
from spacy.training import Example
from spacy.util import minibatch

from bench.deid.corpora import read_conll
from pipelines.deidentify.training.markup import Annotated

CORPORA = ("btc.train", "tweebank.train")
SPACY_TYPES = {"PERSON": "PERSON", "LOCATION": "GPE", "ORGANISATION": "ORG"}
PASSES = 8
DROPOUT = 0.2
SEED = 7


def train(folder: Path, out: Path) -> None:
    """Train on ``CORPORA`` under ``folder`` and write the pipeline to ``out``."""
    rng = random.Random(SEED)
    spacy.util.fix_random_seed(SEED)  # type: ignore[attr-defined]
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    sentences = [sentence for name in CORPORA for sentence in read_conll(folder / name)]
    examples = [_example(nlp, sentence) for sentence in sentences]
    nlp.initialize(lambda: examples)
    console = Console(stderr=True)
    for number in range(PASSES):
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, size=128):  # type: ignore[no-untyped-call]
            nlp.update(batch, drop=DROPOUT, losses=losses)
        console.log(f"pass {number + 1} of {PASSES}, loss {losses['ner']:.0f}")
        nlp.to_disk(out)


def _example(nlp: Language, sentence: Annotated) -> Example:
    doc = nlp.make_doc(sentence.text)
    entities = [(s.start, s.end, SPACY_TYPES[s.type]) for s in sentence.identities]
    return Example.from_dict(doc, {"entities": entities})


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
