"""What every recogniser shares: Presidio's interface."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from presidio_analyzer import LocalRecognizer, Pattern, PatternRecognizer, RecognizerResult

from pipelines.deidentify.entities import Finding, Kind
from pipelines.deidentify.text import Token, tokenise


def patterns(*scored: tuple[float, str]) -> list[Pattern]:
    """Presidio patterns from (score, regular expression); ``\\K`` starts the redacted part."""
    return [Pattern(f"pattern {n}", regex, score) for n, (score, regex) in enumerate(scored, 1)]


class ChatPattern(PatternRecognizer):
    """A recogniser by regular expression, declared by class attributes.

    ``CONTEXT`` words nearby add to a weak pattern's score (see context.py).
    """

    KIND: ClassVar[Kind]
    PATTERNS: ClassVar[list[Pattern]]
    CONTEXT: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__(
            supported_entity=self.KIND.value,
            patterns=list(self.PATTERNS),
            context=list(self.CONTEXT),
        )


class TokenRecognizer(LocalRecognizer):
    """A recogniser that reads the words of a text: subclasses write ``find``."""

    KINDS: ClassVar[tuple[Kind, ...]] = (Kind.PERSON,)

    def __init__(self) -> None:
        super().__init__(supported_entities=[kind.value for kind in self.KINDS])

    def load(self) -> None:
        """Nothing to load."""

    @abstractmethod
    def find(self, text: str, tokens: Sequence[Token]) -> Iterable[Finding]:
        """Findings in a folded text, given its tokens."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None
    ) -> list[RecognizerResult]:
        """Presidio's interface to ``find``."""
        tokens = nlp_artifacts.tokens if nlp_artifacts else tokenise(text)
        return [
            RecognizerResult(
                entity_type=str(finding.kind),
                start=finding.start,
                end=finding.end,
                score=finding.score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for finding in self.find(text, tokens)
            if finding.kind in entities
        ]
