"""Identifiers of phones, SIMs and other devices, and names of attached files."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_SUFFIX = (
    r"(?:jpe?g|png|gif|heic|webp|mp4|mov|3gp|avi|opus|m4a|aac|mp3|wav|ogg|amr|pdf|"
    r"docx?|xlsx?|pptx?|"
    r"csv|txt|rtf|zip|eml|msg|ics|apk|was)"
)


class Device(ChatPattern):
    """IMEI, ICCID, MAC and UUID shapes, serial numbers with context."""

    KIND = Kind.DEVICE
    PATTERNS = patterns(
        (
            1.0,
            r"\bimei(?: (?:no|number|is|on|off|the|from|tray|i|see|box|handset))*[ :.\-#]*"
            r"\K\d[\d \-/]{12,20}\d\b",
        ),
        (0.5, r"(?<![\w+])\d{2}[ \-]?\d{6}[ \-]?\d{6}[ \-]?\d(?!\w)"),
        (0.8, r"(?<!\w)8944\d{14,16}(?!\w)"),
        (0.9, r"\b(?:imsi|iccid|sim)(?: (?:no|number|is|card))*[ :.\-#]*\K\d{14,20}\b"),
        (0.9, r"(?<![\w:])[0-9a-f]{2}([:\-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:])"),
        (0.9, r"(?<!\w)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?!\w)"),
        (
            0.8,
            r"\b(?:serial|s/n|asset|taser|airwave|issi|bwv|camera|radio)(?: (?:no|num|"
            r"number|tag|id|is))+"
            r"[ :.\-#]*\K[A-Z0-9][A-Z0-9\-]{3,19}\b(?<=\d[A-Z0-9\-]*)",
        ),
    )


class FileName(ChatPattern):
    """``IMG-20240101-WA0001.jpg`` and any other attachment's name, a contact card's apart."""

    KIND = Kind.DEVICE
    PATTERNS = patterns(
        (
            0.98,
            rf"(?:^|(?<=attached: )|(?<=\n))[^\n<>/]{{1,150}}\.{_SUFFIX}(?= \(file attached\)|>)",
        ),
        (0.9, rf"(?<!\w)[\w\-]*[\w\-.]*\w\.{_SUFFIX}\b(?!\.?[\w/])"),
    )


class ContactCard(ChatPattern):
    """``Dave Smith.vcf``: the file's name is a person's."""

    KIND = Kind.PERSON
    PATTERNS = patterns(
        (0.99, r"(?:^|(?<=attached: )|(?<=\n))[^\n<>/]{1,150}?(?=\.vcf\b)"),
        (0.9, r"(?<!\w)[\w\-]+(?=\.vcf\b)"),
    )
