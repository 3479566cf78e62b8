"""Readers of the open corpora Candour is measured on. None of their text enters the project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pipelines.deidentify.training.example import Span
from pipelines.deidentify.training.markup import OPTIONAL, Annotated

_HANDLE_OR_LINK = re.compile(r"@|https?:|URL\d+$")  # Tweebank masks links as URL123
_CONLL_TYPES = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANISATION"}
# CoNLL files have no spacing: a space between tokens, which is how tweets are mostly written.
_JOIN = " "


def read_conll(path: Path) -> list[Annotated]:
    """Sentences of a CoNLL file (token first, BIO label last) as texts with spans.

    A token that is or follows ``@`` is a handle, which the Broad Twitter Corpus labels PER (and
    splits in two): it is rejoined. Handles and links are marked optional: redacting them is
    right, but shows nothing about names.
    """
    return [_sentence(rows) for rows in _blocks(path)]


def _blocks(path: Path) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        fields = line.split()
        if len(fields) >= 2 and fields[0] != "-DOCSTART-":
            rows.append((fields[0], fields[-1]))
        elif rows and not fields:
            yield rows
            rows = []


def _sentence(rows: list[tuple[str, str]]) -> Annotated:
    text = ""
    spans: list[Span] = []
    for number, (token, label) in enumerate(rows):
        after_at = number > 0 and rows[number - 1][0] == "@"
        text += "" if not text or after_at else _JOIN
        start = len(text)
        text += token
        position, _, kind = label.partition("-")
        if after_at:
            spans[-1] = Span(spans[-1].start, len(text), OPTIONAL)
            continue
        if _HANDLE_OR_LINK.match(token):
            spans.append(Span(start, len(text), OPTIONAL))
            continue
        if position not in "BI" or kind not in _CONLL_TYPES:
            continue
        spans = _extend(spans, Span(start, len(text), _CONLL_TYPES[kind]), position == "I")
    return Annotated("", text, tuple(spans))


def _extend(spans: list[Span], span: Span, inside: bool) -> list[Span]:
    joins = inside and spans and spans[-1].type == span.type
    if joins and spans[-1].end + len(_JOIN) == span.start:
        return [*spans[:-1], Span(spans[-1].start, span.end, span.type)]
    return [*spans, span]


def read_presidio(path: Path) -> list[Annotated]:
    """A presidio-research data set: JSON records with ``full_text`` and ``spans``.

    Types are the data set's own (``STREET_ADDRESS``, ``GPE``...).
    """
    return [
        Annotated(
            "",
            record["full_text"],
            tuple(
                Span(s["start_position"], s["end_position"], s["entity_type"])
                for s in sorted(record["spans"], key=lambda s: s["start_position"])
            ),
        )
        for record in json.loads(path.read_text(encoding="utf-8"))
    ]


def read_lines(path: Path) -> list[Annotated]:
    """Unlabelled texts, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Annotated("", line) for line in lines if line.strip()]
