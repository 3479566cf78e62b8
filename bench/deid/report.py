"""The measured figures as a table on screen and as a page of the documentation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.deid.presidio_evaluator_score import TokenScore
from bench.deid.scoring import Tally

WRITTEN, LOWER = "as written", "lower case"
CANDOUR = "Candour"
PUBLISHED = (0.733, 0.646)
"""Precision and recall of default Presidio with en_core_web_lg on synth_dataset_v2, as published
in the presidio-research notebook; not run here."""


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one corpus in one case. ``tokens`` (all types) and ``tokens_meant`` (without
    the types Candour is meant to leave) only where presidio-evaluator counted."""

    corpus: str
    system: str
    case: str
    tally: Tally
    tokens: TokenScore | None = None
    tokens_meant: TokenScore | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure Candour must reach: at least ``bound``, or at most if ``at_most``."""

    what: str
    corpus: str
    case: str
    value: Callable[[Result], float]
    bound: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        return value <= self.bound if self.at_most else value >= self.bound


def _precision(result: Result) -> float:
    return result.tokens.precision if result.tokens else math.nan


def _recall(result: Result) -> float:
    return result.tokens.recall if result.tokens else math.nan


def _all(result: Result) -> float:
    return result.tally.recall()


def _person(result: Result) -> float:
    return result.tally.recall("PERSON")


def _altered(result: Result) -> float:
    return result.tally.clean_altered_share


TARGETS = (
    Target("identities removed", "police chat", WRITTEN, _all, 0.98),
    Target("PERSON removed", "police chat", WRITTEN, _person, 0.97),
    Target("identities removed", "police chat", LOWER, _all, 0.96),
    Target("PERSON removed", "police chat", LOWER, _person, 0.96),
    Target("clean messages altered", "police chat", WRITTEN, _altered, 0.05, at_most=True),
    Target("binary token recall", "synth_dataset_v2", WRITTEN, _recall, 0.80),
    Target("binary token precision", "synth_dataset_v2", WRITTEN, _precision, 0.70),
    Target("PERSON removed", "BTC test", LOWER, _person, 0.75),
    Target("PERSON removed", "Tweebank test", LOWER, _person, 0.75),
)

Rows = tuple[str, list[str], list[list[str]]]


def show(console: Console, results: Sequence[Result]) -> None:
    """Every table, on the console."""
    for title, head, rows in _tables(results):
        table = Table(*head, title=title)
        for row in rows:
            table.add_row(*row)
        console.print(table)


def markdown(results: Sequence[Result], version: str) -> str:
    """The page docs/measured-deid.md."""
    parts = [_PREFACE.format(version=version)]
    for title, head, rows in _tables(results):
        lines = [head, ["---"] * len(head), *rows]
        parts.append(f"## {title}\n\n" + "\n".join(f"| {' | '.join(r)} |" for r in lines) + "\n")
    return "\n".join(parts)


_PREFACE = """# How well identities are removed

Written by `make eval-deid`; do not edit. Engine `{version}`.

An identity counts as removed when all its letters and digits are covered by placeholders; one left
in part is a miss. Neither the police chats (see `bench/deid/README.md`) nor any other set here was
trained or tuned on. Each text of the open corpora is a chat of its own, without a roster; the
police chats come with theirs. Stock Presidio has its default English recognisers at the 0.4
threshold of presidio-evaluator; no packaged spaCy model could be fetched, so its names come from a
spaCy CNN trained from scratch on the training part of both tweet sets (`bench/deid/stock_ner.py`;
en_core_web_lg would do better on tidy text), unless the row says without NER.
In the tweets, handles and links count neither way: a pattern finds them. SMS ham has no
labels: its share of altered messages also counts the names really in it.

Token figures are presidio-evaluator's `TokenEvaluator` over a blank spaCy tokeniser, all types
counted as one: "all types" is every type annotated, "meant" leaves out dates and times, ages,
nationalities and titles, which Candour is meant to keep. Published for default Presidio with
en_core_web_lg: precision 0.733, recall 0.646 (presidio-research notebook; not run here).
"""


def _tables(results: Sequence[Result]) -> Iterator[Rows]:
    yield "Targets", ["target", "on", "wanted", "measured", ""], _target_rows(results)
    head = "corpus,case,system,identities,removed,PERSON,partly,char recall,char precision,altered"
    yield "All corpora", head.split(","), [_summary_row(result) for result in results]
    head = "corpus,case,system,all types P,all types R,meant P,meant R"
    yield "presidio-evaluator, tokens", head.split(","), list(_token_rows(results))
    chats = [result for result in results if result.corpus == "police chat"]
    columns = [f"{result.system}, {result.case}" for result in chats]
    yield "Police chat by type", ["type", "identities", *columns], list(_type_rows(chats))


def _target_rows(results: Sequence[Result]) -> list[list[str]]:
    ours = {(r.corpus, r.case): r for r in results if r.system == CANDOUR}
    rows = []
    for target in TARGETS:
        result = ours.get((target.corpus, target.case))
        if result is None:
            continue
        value = target.value(result)
        wanted = f"{'≤' if target.at_most else '≥'} {target.bound:.2f}"
        verdict = "met" if target.met(value) else "**missed**"
        where = f"{target.corpus}, {target.case}"
        rows.append([target.what, where, wanted, _figure(value), verdict])
    return rows


def _summary_row(result: Result) -> list[str]:
    t: Tally = result.tally
    figures = [t.recall(), t.recall("PERSON")]
    later = [t.char_recall, t.char_precision]
    altered = f"{_figure(t.clean_altered_share)} of {t.clean}"
    return [
        *(result.corpus, result.case, result.system, str(sum(t.identities.values()))),
        *map(_figure, figures),
        str(t.partly),
        *map(_figure, later),
        altered,
    ]


def _token_rows(results: Sequence[Result]) -> Iterator[list[str]]:
    for result in results:
        if result.tokens and result.tokens_meant:
            scores = (result.tokens, result.tokens_meant)
            figures = [f for score in scores for f in (score.precision, score.recall)]
            yield [result.corpus, result.case, result.system, *map(_figure, figures)]
    precision, recall = PUBLISHED
    published = ["synth_dataset_v2", WRITTEN, "stock Presidio, published"]
    yield [*published, _figure(precision), _figure(recall), "", ""]


def _type_rows(chats: Sequence[Result]) -> Iterator[list[str]]:
    if not chats:
        return
    for kind, count in sorted(chats[0].tally.identities.items(), key=lambda item: -item[1]):
        yield [kind, str(count), *(_figure(result.tally.recall(kind)) for result in chats)]


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
