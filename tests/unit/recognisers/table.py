"""Test tables for recognisers: a text with what must be found in [[double brackets]]."""

from __future__ import annotations

import re

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry

from pipelines.deidentify.context import NearbyWords
from pipelines.deidentify.entities import THRESHOLD, Finding
from pipelines.deidentify.nlp import ChatNlpEngine
from pipelines.deidentify.spans import resolve
from pipelines.deidentify.text import fold

_MARK = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


def marked(row: str) -> tuple[str, list[tuple[int, int]]]:
    """The plain text of a row, and where its marks are in it."""
    spans: list[tuple[int, int]] = []
    text = ""
    last = 0
    for mark in _MARK.finditer(row):
        text += row[last : mark.start()]
        spans.append((len(text), len(text) + len(mark[1])))
        text += mark[1]
        last = mark.end()
    return text + row[last:], spans


class Finder:
    """Some recognisers in Presidio's own engine: one call to its ``analyze`` a text."""

    def __init__(self, *recognisers: EntityRecognizer) -> None:
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=list(recognisers)),
            nlp_engine=ChatNlpEngine(),
            context_aware_enhancer=NearbyWords(),
            default_score_threshold=THRESHOLD,
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Separate spans found in ``text``, in order."""
        folded = fold(text).text
        results = self._engine.analyze(folded, language="en")
        found = [Finding(r.start, r.end, r.entity_type, r.score) for r in results]
        return [(finding.start, finding.end) for finding in resolve(folded, found)]


def check(finder: Finder, row: str) -> None:
    """Assert that exactly the marked parts of ``row`` are found."""
    text, expected = marked(row)
    found = finder.spans(text)
    assert [text[s:e] for s, e in found] == [text[s:e] for s, e in expected]
    assert found == expected
