"""Message by message: what the fast path finds against what Presidio's engine finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from presidio_analyzer import BatchAnalyzerEngine, EntityRecognizer, RecognizerResult

from pipelines.deidentify.analysis import ChatAnalyzer
from pipelines.deidentify.entities import Finding

Spans = frozenset[tuple[int, int, str, float]]  # start, end, kind, score


@dataclass(frozen=True, slots=True)
class Difference:
    """A text, by its place in the list given, and the spans only one of the two has."""

    text: int
    ours: Spans
    plain: Spans


def differences(analyzer: ChatAnalyzer, texts: Sequence[str]) -> Iterator[Difference]:
    """Where ``find`` and ``BatchAnalyzerEngine`` differ over folded ``texts``, scores included."""
    plain = BatchAnalyzerEngine(analyzer.engine).analyze_iterator(texts, language="en")
    for number, (fast, slow) in enumerate(zip(analyzer.find(texts), plain, strict=True)):
        ours, theirs = _spans(deduplicated(fast or ())), _spans(slow)
        if ours != theirs or fast is None:
            yield Difference(number, ours - theirs, theirs - ours)


def deduplicated(findings: Iterable[Finding]) -> list[RecognizerResult]:
    """Findings as Presidio's engine hands them on: none inside a surer one of its kind."""
    results = [RecognizerResult(str(f.kind), f.start, f.end, f.score) for f in findings]
    kept: list[RecognizerResult] = EntityRecognizer.remove_duplicates(results)
    return kept


def _spans(results: Iterable[RecognizerResult]) -> Spans:
    return frozenset((r.start, r.end, r.entity_type, round(r.score, 6)) for r in results)
