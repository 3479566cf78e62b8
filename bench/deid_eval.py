"""``make eval-deid``: how much of who is in a text survives de-identification.

Candour beside stock Presidio on the police-chat test set, presidio-research's two synthetic sets,
two tweet test sets and ordinary text messages; as written and in lower case. ``--write`` puts the
result into docs/measured-deid.md, ``--json`` into a file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.deid.corpora import read_conll, read_lines, read_presidio
from bench.deid.presidio_evaluator_score import LEFT_ALONE, token_score
from bench.deid.report import LOWER, WRITTEN, Result, markdown, show
from bench.deid.scoring import tally
from bench.deid.systems import Candour, Stock, System
from bench.deid.testset import TEST_SET
from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import Annotated, AnnotatedChat, load_chats

REPORT = Path(__file__).parents[1] / "docs" / "measured-deid.md"
WIDTH = 150  # the widest table
CASES = (WRITTEN, LOWER)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Named texts; ``tokens`` asks for presidio-evaluator's figures as well."""

    name: str
    chats: Sequence[AnnotatedChat]
    tokens: bool = False


def corpora(data: Path, police: Path) -> list[Corpus]:
    """Everything measured on, each text of an open corpus a chat of its own: no help from
    neighbours that have nothing to do with it."""
    measure = data / "ner" / "measure"
    synth = read_presidio(measure / "presidio_synth_v2.json")
    small = read_presidio(measure / "presidio_generated_small.json")
    return [
        Corpus("police chat", load_chats(police)),
        Corpus("synth_dataset_v2", _each_alone(synth), tokens=True),
        Corpus("generated_small", _each_alone(small), tokens=True),
        Corpus("BTC test", _each_alone(read_conll(measure / "btc.test"))),
        Corpus("Tweebank test", _each_alone(read_conll(measure / "tweebank.test"))),
        Corpus("SMS ham", _each_alone(read_lines(data / "background" / "sms_ham.txt"))),
    ]


def _each_alone(texts: Sequence[Annotated]) -> list[AnnotatedChat]:
    return [AnnotatedChat(str(number), (), (text,)) for number, text in enumerate(texts)]


def measure(system: System, corpus: Corpus, case: str) -> Result:
    """Run one system over one corpus and count."""
    chats = [c.lowered() for c in corpus.chats] if case == LOWER else list(corpus.chats)
    messages = [message for chat in chats for message in chat.messages]
    found: list[Sequence[Span]] = [spans for chat in chats for spans in system.redacted(chat)]
    tokens = meant = None
    if corpus.tokens:
        tokens = token_score(messages, found)
        meant = token_score(messages, found, LEFT_ALONE)
    return Result(corpus.name, system.name, case, tally(messages, found), tokens, meant)


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Counts and the figures made from them; no text."""
    return [
        {
            **asdict(result),
            "recall": result.tally.recall(),
            "recall_by_type": {k: result.tally.recall(k) for k in result.tally.identities},
            "char_recall": result.tally.char_recall,
            "char_precision": result.tally.char_precision,
            "clean_altered_share": result.tally.clean_altered_share,
        }
        for result in results
    ]


def main() -> None:
    arguments = _arguments()
    console = Console(width=WIDTH)
    candour = Candour()
    systems: list[System] = [candour, Stock(arguments.stock_ner)]
    results = []
    for corpus in corpora(arguments.data, arguments.police):
        if arguments.only and corpus.name not in arguments.only:
            continue
        for system in systems:
            for case in CASES:
                console.log(f"{corpus.name}, {case}: {system.name}")
                results.append(measure(system, corpus, case))
    show(console, results)
    console.print(f"{candour.version}; spans readable in two ways: {candour.ambiguous}")
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(results), indent=1), encoding="utf-8")
    if arguments.write:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(markdown(results, candour.version), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="deid_eval")
    parser.add_argument("data", type=Path, help="folder with ner/measure and background")
    parser.add_argument("--police", type=Path, default=TEST_SET, help="folder of annotated chats")
    parser.add_argument("--stock-ner", type=Path, help="spaCy pipeline to give stock Presidio")
    parser.add_argument("--only", action="append", help="a corpus by its name; may be repeated")
    parser.add_argument("--json", type=Path, help="write counts and figures to this file")
    parser.add_argument("--write", action="store_true", help="write docs/measured-deid.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
