"""Binary precision and recall by tokens, counted by the presidio-evaluator package.

What is done: the package tokenises with a blank English spaCy pipeline and tags each token from
the spans; every tag but ``O`` then becomes ``PII`` on both sides, and its ``TokenEvaluator`` counts
(it skips its own list of stop words and punctuation). ``left_alone`` names data-set types that
Candour is meant to leave in the text: their tokens are then taken out of both sides.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import spacy
from presidio_evaluator import InputSample  # type: ignore[import-untyped]
from presidio_evaluator import Span as EvaluatorSpan
from presidio_evaluator.evaluation import TokenEvaluator  # type: ignore[import-untyped]
from presidio_evaluator.span_to_tag import span_to_tag  # type: ignore[import-untyped]

from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import Annotated

LEFT_ALONE = frozenset({"DATE_TIME", "AGE", "NRP", "TITLE"})
_OUTSIDE, _INSIDE = "O", "PII"


@dataclass(frozen=True, slots=True)
class TokenScore:
    precision: float
    recall: float


def token_score(
    messages: Sequence[Annotated],
    found: Iterable[Sequence[Span]],
    left_alone: frozenset[str] = frozenset(),
) -> TokenScore:
    """Token-level binary precision and recall of ``found`` against the messages' spans."""
    with tempfile.TemporaryDirectory() as folder:
        tokeniser = Path(folder) / "blank_en"
        spacy.blank("en").to_disk(tokeniser)
        rows = [
            row
            for number, (message, spans) in enumerate(zip(messages, found, strict=True))
            for row in _token_rows(number, message, spans, left_alone, str(tokeniser))
        ]
    result = TokenEvaluator().calculate_score_on_df(pd.DataFrame(rows), level="pii")
    return TokenScore(float(result.pii_precision), float(result.pii_recall))


def _token_rows(
    number: int,
    message: Annotated,
    found: Sequence[Span],
    left_alone: frozenset[str],
    tokeniser: str,
) -> list[dict[str, object]]:
    sample = InputSample(
        full_text=message.text,
        spans=[_evaluator_span(message.text, span) for span in message.spans],
        create_tags_from_span=True,
        token_model_version=tokeniser,
        scheme="IO",
    )
    predicted = span_to_tag(
        scheme="IO",
        text=message.text,
        starts=[span.start for span in found],
        ends=[span.end for span in found],
        tags=[_INSIDE for _ in found],
        tokens=sample.tokens,
    )
    columns = zip(sample.tokens, sample.tags, predicted, sample.start_indices, strict=True)
    return [
        {
            "sentence_id": number,
            "token": str(token),
            "annotation": _OUTSIDE if tag == _OUTSIDE else _INSIDE,
            "prediction": guess,
            "start_indices": start,
        }
        for token, tag, guess, start in columns
        if tag not in left_alone
    ]


def _evaluator_span(text: str, span: Span) -> EvaluatorSpan:
    return EvaluatorSpan(span.type, text[span.start : span.end], span.start, span.end)
