"""Fits the judge of what the name model notices: ``python -m ...training.fit_judge``.

On chats whose text the network has never read (``chats_held`` and ``chats_unread``), as written
and in small letters: on what it was trained on, a network is surer than it has reason to be.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from pipelines.deidentify.clues import ALONE, ELSEWHERE, Clue
from pipelines.deidentify.judge import FILE, NOTICED, Judge, Noticed, Word, whole_chat
from pipelines.deidentify.model.encoder import FILES, HERE, NameEncoder
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.text import Folded, fold, tokenise
from pipelines.deidentify.training.markup import OPTIONAL, Annotated, AnnotatedChat, load_chats
from pipelines.encoder.runtime import write_sums

CHATS = [Path(__file__).parent / folder for folder in ("chats_held", "chats_unread")]
LEAST = 0.38
STRENGTH = 0.3  # inverse of scikit-learn's regularisation

console = Console(width=100)


@dataclass(frozen=True, slots=True)
class Sample:
    """A word the model noticed: what the judge looks at, and whether it is of an identity."""

    seen: tuple[float, ...]
    is_name: bool


class _Watcher(Judge):
    """Keeps what a judge would look at, in order."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys((*ALONE, *ELSEWHERE, "bias"), 0.0), 0.5)
        self.seen: list[Clue] = []

    def _word(self, clue: Clue) -> Word:
        self.seen.append(clue)
        return super()._word(clue)


def samples(encoder: NameEncoder, chat: AnnotatedChat) -> Iterator[Sample]:
    """The words that may be names in the distinct texts of one chat."""
    messages = list({message.text: message for message in chat.messages}.values())
    folded = [fold(message.text) for message in messages]
    tokens = [tokenise(one.text) for one in folded]
    watcher = _Watcher()
    found = NameModel(encoder.at(NOTICED), watcher).notice([f.text for f in folded], tokens)
    seen = iter(watcher.seen)
    shown = whole_chat(list(zip(tokens, found, strict=True)))
    for message, one, all_noticed, elsewhere in zip(messages, folded, found, shown, strict=True):
        for noticed in all_noticed:
            is_name = _is_identity(message, one, noticed)
            for clue in (next(seen) for _ in noticed.words):
                if is_name is not None:
                    yield Sample(clue.alone + elsewhere[clue.low].seen(clue.odds), is_name)


def _is_identity(message: Annotated, folded: Folded, noticed: Noticed) -> bool | None:
    """``None`` where it is a matter of taste."""
    start, end = folded.to_original(noticed.finding.start, noticed.finding.end)
    kinds = {span.type for span in message.spans if span.start < end and start < span.end}
    return None if kinds == {OPTIONAL} else bool(kinds)


def fit(of: Sequence[Sample]) -> dict[str, float]:
    """The weights by name."""
    x, y = np.array([s.seen for s in of], float), np.array([s.is_name for s in of])
    scale = StandardScaler().fit(x)
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(scale.transform(x), y)
    weights = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - (weights * scale.mean_).sum())
    named = zip((*ALONE, *ELSEWHERE), weights.tolist(), strict=True)
    return {"bias": bias} | dict(named)


def both_cases(chats: Sequence[AnnotatedChat]) -> list[AnnotatedChat]:
    """The chats as written, and in small letters."""
    return [*chats, *(chat.lowered() for chat in chats)]


def write(folder: Path, weights: Mapping[str, float], reason: str) -> None:
    """Writes ``judge.json`` and the sums."""
    rounded = {name: round(weight, 4) for name, weight in weights.items()}
    content = json.dumps({"weights": rounded, "least": LEAST, "reason": reason}, indent=2)
    (folder / FILE).write_text(content + "\n", encoding="utf-8")
    write_sums(folder, (*FILES, FILE))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=HERE, help="folder of the model")
    folder = parser.parse_args().model
    encoder = NameEncoder.load(folder, threads=2)
    chats = [chat for path in CHATS for chat in load_chats(path)]
    seen = [sample for chat in both_cases(chats) for sample in samples(encoder, chat)]
    reason = (
        f"Logistic regression on {len(seen)} things noticed in {len(chats)} invented chats that "
        "the network never read, as written and in small letters. What is as likely as `least` "
        "to be a name is redacted."
    )
    write(folder, fit(seen), reason)
    console.log(reason)


if __name__ == "__main__":
    main()
