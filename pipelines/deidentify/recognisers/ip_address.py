"""IP addresses: Presidio's recogniser."""

from __future__ import annotations

from presidio_analyzer.predefined_recognizers import IpRecognizer

from pipelines.deidentify.entities import Kind


class IpAddress(IpRecognizer):
    """Presidio's own, without the lone ``::`` that chat is full of."""

    def __init__(self) -> None:
        kept = [p for p in IpRecognizer.PATTERNS if p.name != "IPv6_unspecified"]
        super().__init__(patterns=kept, supported_entity=Kind.IP_ADDRESS.value)

    def invalidate_result(self, pattern_text: str) -> bool:
        """Presidio's check; and an IPv6 address has a digit (``a::b`` is not one)."""
        return bool(super().invalidate_result(pattern_text)) or not any(
            c.isdigit() for c in pattern_text
        )
