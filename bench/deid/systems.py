"""The two systems measured: Candour's de-identifier, and Presidio as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpEngine, SpacyNlpEngine
from spacy.language import Language
from spacy.tokens import Doc

from bench.deid.scoring import original_spans
from pipelines.deidentify.engine import Deidentifier
from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import AnnotatedChat
from pipelines.settings import Settings

# What presidio-evaluator's own wrapper takes, and so the published figures.
STOCK_THRESHOLD = 0.4
SPACY_TO_PRESIDIO = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",
    "DATE": "DATE_TIME",
    "TIME": "DATE_TIME",
}


class System(Protocol):
    """Anything that says what it would redact."""

    name: str

    def redacted(self, chat: AnnotatedChat) -> list[list[Span]]:
        """Spans in the original text of each message of ``chat``, in order."""
        ...


class Candour:
    """The project's engine through its public contract alone: chat in, clean messages out.

    ``ambiguous`` counts messages whose redacted spans could be read in more than one way.
    """

    name = "Candour"

    def __init__(self) -> None:
        self._engine = Deidentifier.load(Settings().name_model)
        self.version = self._engine.version
        self.ambiguous = 0

    def redacted(self, chat: AnnotatedChat) -> list[list[Span]]:
        found = []
        cleaned = self._engine.deidentify(chat.as_chat())
        for message, clean in zip(chat.messages, cleaned, strict=True):
            spans, unique = original_spans(message.text, clean)
            self.ambiguous += not unique
            found.append(spans)
        return found


class Stock:
    """Presidio's default English recognisers; a spaCy pipeline for names, or none."""

    def __init__(self, ner: Path | None) -> None:
        self.name = "stock Presidio" if ner else "stock Presidio without NER"
        engine = _nlp_engine(ner)
        registry = RecognizerRegistry(supported_languages=["en"])
        registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
        self._analyzer = AnalyzerEngine(
            registry=registry, nlp_engine=engine, default_score_threshold=STOCK_THRESHOLD
        )

    def redacted(self, chat: AnnotatedChat) -> list[list[Span]]:
        return [self._analyse(message.text) for message in chat.messages]

    def _analyse(self, text: str) -> list[Span]:
        results = self._analyzer.analyze(text, language="en")
        return [Span(r.start, r.end, r.entity_type) for r in results]


def _nlp_engine(ner: Path | None) -> NlpEngine:
    """A loaded spaCy engine: Presidio's own would try to download its model."""
    config = NerModelConfiguration(
        model_to_presidio_entity_mapping=SPACY_TO_PRESIDIO,
        labels_to_ignore=["ORG", "CARDINAL", "MISC"],
    )
    engine = SpacyNlpEngine(
        models=[{"lang_code": "en", "model_name": "blank"}], ner_model_configuration=config
    )
    # Presidio declares None and assigns a dict in load(), which would fetch the model.
    engine.nlp = {"en": _with_lemmas(spacy.load(ner) if ner else spacy.blank("en"))}  # type: ignore[assignment]
    return engine


@Language.component("lower_case_lemma")
def _lower_case_lemma(doc: Doc) -> Doc:
    """Presidio's context words are matched by lemma; without one boosting is silently off."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


def _with_lemmas(nlp: Language) -> Language:
    nlp.add_pipe("lower_case_lemma")
    return nlp
