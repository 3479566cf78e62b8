"""Driving licence numbers."""

from __future__ import annotations

from presidio_analyzer.predefined_recognizers import UkDrivingLicenceRecognizer

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import patterns


class DrivingLicence(UkDrivingLicenceRecognizer):
    """``MORGA657054SM9IJ``, together or in its groups: Presidio's rule that the surname comes
    before its padding, with the check characters as the DVLA prints them."""

    def __init__(self) -> None:
        shape = (
            r"\b[A-Z]{1,5}9{0,4}[ ]?\d(?:[05][1-9]|[16][0-2])\d{3}[ ]?[A-Z][A-Z9][ ]?[A-Z0-9]{3}\b"
        )
        super().__init__(
            patterns=patterns((0.9, r"(?=[A-Z]{1,5}9{0,4}[ ]?\d{6})(?=[A-Z9]{5})" + shape)),
            supported_entity=Kind.DRIVING_LICENCE.value,
        )
