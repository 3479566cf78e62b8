"""The staged row: what is kept of a message. One Parquet shard a submission, always encrypted.

No minute, no name, no number: identities are keyed codes (``Keys.pseudonymise``, 16 bytes) and
the time of day is cut to the hour, in Europe/London.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

STAGED_SCHEMA = pa.schema(
    [
        pa.field("submission_key", pa.binary(), nullable=False),
        pa.field("row_no", pa.uint32(), nullable=False),
        pa.field("contributor_key", pa.binary(), nullable=False),
        pa.field("chat_key", pa.binary(), nullable=False),
        pa.field("author_key", pa.binary(), nullable=False),
        pa.field("force_code", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("group_band", pa.string(), nullable=False),
        pa.field("sent_on", pa.date32(), nullable=False),
        pa.field("sent_hour", pa.uint8(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("n_chars", pa.uint32(), nullable=False),
        pa.field("entities", pa.map_(pa.string(), pa.uint32()), nullable=False),
        pa.field("risks", pa.map_(pa.string(), pa.float64()), nullable=False),
        pa.field("flags", pa.list_(pa.string()), nullable=False),
        pa.field("challenged", pa.bool_()),
        pa.field("unclassified", pa.string()),
        pa.field("fingerprint", pa.binary(), nullable=False),
        pa.field("distinctive", pa.bool_(), nullable=False),
        pa.field("model_versions", pa.map_(pa.string(), pa.string()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One message as staged.

    ``row_no`` counts from 0 in the shard. ``author_key`` is per submission, but the volunteer's
    own is the same in all of theirs (``contributor_key`` links those anyway), so that authors are
    not counted twice. ``n_chars`` is the length of the de-identified ``text``. ``flags`` are the
    codes over their threshold. ``challenged`` is ``None`` unless a risk is flagged.
    ``unclassified`` says why the classifier was not asked (``contracts.Unclassified``); ``risks``
    and ``flags`` are then empty. It is ``None`` for every other row.
    ``fingerprint`` is of (minute, normalised raw text, kind); ``distinctive`` says that the text
    is long enough for a match to mean something.
    """

    submission_key: bytes
    row_no: int
    contributor_key: bytes
    chat_key: bytes
    author_key: bytes
    force_code: str
    platform: str
    scope: str
    group_band: str
    sent_on: date
    sent_hour: int
    kind: str
    text: str
    n_chars: int
    entities: dict[str, int]
    risks: dict[str, float]
    flags: list[str]
    challenged: bool | None
    unclassified: str | None
    fingerprint: bytes
    distinctive: bool
    model_versions: dict[str, str]
