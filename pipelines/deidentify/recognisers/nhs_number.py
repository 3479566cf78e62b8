"""NHS numbers: Presidio's recogniser with its checksum; after ``NHS`` the shape is enough."""

from __future__ import annotations

from presidio_analyzer.predefined_recognizers import NhsRecognizer

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class NhsNumber(NhsRecognizer):
    """Ten digits with a valid check digit."""

    def __init__(self) -> None:
        super().__init__(supported_entity=Kind.NHS_NUMBER.value)


class StatedNhsNumber(ChatPattern):
    """Ten digits that the writer calls an NHS number, mistyped or not."""

    KIND = Kind.NHS_NUMBER
    PATTERNS = patterns(
        (1.0, r"\bnhs(?: (?:number|num|no))?(?: is)?[ :.\-#]*\K\d{3}[- ]?\d{3}[- ]?\d{4}\b")
    )
