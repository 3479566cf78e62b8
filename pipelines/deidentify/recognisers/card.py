"""Payment cards: Presidio's recogniser (Luhn)."""

from __future__ import annotations

from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from pipelines.deidentify.entities import Kind


class Card(CreditCardRecognizer):
    """Presidio's own, under Candour's name."""

    def __init__(self) -> None:
        super().__init__(supported_entity=Kind.CARD.value)
