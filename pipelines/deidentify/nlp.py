"""The language engine Presidio asks for: words and their lower-case forms, no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from pipelines.deidentify.text import tokenise


class ChatNlpEngine(NlpEngine):
    """Tokenises with :func:`tokenise`. Presidio boosts by context only if lemmas exist: they are
    the words' lower-case forms."""

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        """Always."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Tokens of one text."""
        tokens = tokenise(text)
        return NlpArtifacts(
            entities=[],
            tokens=cast(Any, tokens),
            tokens_indices=[token.start for token in tokens],
            lemmas=[token.low for token in tokens],
            nlp_engine=self,
            language=language,
        )

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 1, n_process: int = 1,
        **kwargs: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:  # fmt: skip
        """Tokens of many texts, one after the other."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """No word is ignored as context."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Punctuation is never a token."""
        return False

    def get_supported_entities(self) -> list[str]:
        """None: entities come from recognisers."""
        return []

    def get_supported_languages(self) -> list[str]:
        """English, as far as Presidio is concerned."""
        return ["en"]
