"""Context words: what stands near a number says what it is.

One rule for both paths (Presidio's engine and the fast one): a whole word or phrase of the
recogniser's context, in the text shortly before the match or just after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import regex  # type: ignore[import-untyped]
from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

BEFORE = 45  # characters: about eight words
AFTER = 20
BOOST = 0.35  # Presidio's context_similarity_factor
AT_LEAST = 0.4  # Presidio's min_score_with_context_similarity


class NearbyWords(ContextAwareEnhancer):
    """Presidio's context step, with whole words and a window on both sides."""

    def __init__(self) -> None:
        super().__init__(BOOST, AT_LEAST, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: Any,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Raise the scores of results whose recogniser's context words are near."""
        words = {recognizer.id: tuple(recognizer.context or ()) for recognizer in recognizers}
        for result in raw_results:
            metadata = result.recognition_metadata or {}
            nearby = words.get(metadata.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""), ())
            result.score = with_context(result.score, nearby, text, result.start, result.end)
        return raw_results


def with_context(score: float, words: Sequence[str], text: str, start: int, end: int) -> float:
    """``score``, raised if one of ``words`` is near ``text[start:end]``."""
    if not words or score >= 1.0:
        return score
    expression = _any_of(tuple(words))
    near = text[max(0, start - BEFORE) : start] + " " + text[end : end + AFTER]
    if expression.search(near) is None:
        return score
    return min(1.0, max(score + BOOST, AT_LEAST))


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> regex.Pattern[str]:
    parts = "|".join(regex.escape(word.strip()) for word in words)
    return regex.compile(rf"(?<!\w)(?:{parts})(?!\w)", regex.IGNORECASE)
