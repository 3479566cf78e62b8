"""Gate 1: for every expectation a corrupted shard that makes exactly that one fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import GateError, QuarantineError, Reason
from pipelines.keys import Keys
from pipelines.staging.plausible import FIRST_MESSAGES, check_dates
from pipelines.staging.schema import StagedRow
from pipelines.validate import tables
from pipelines.validate.gates import GateResult, check_staged
from pipelines.validate.suite import load_suite
from tests.gate_world import NO_RISK, failing, sound_rows, write_shard_as_is
from tests.warehouse_world import key

Rows = list[StagedRow]


@dataclass(frozen=True)
class Corruption:
    """What is done to sound rows and to what their sidecar counts."""

    change: Callable[[Rows], Rows] = list
    counts: Mapping[str, Any] = field(default_factory=dict)
    extra: str = ""


def one(**changes: Any) -> Corruption:
    """Change the last row; a new text gets its own length."""
    if isinstance(changes.get("text"), str):
        changes.setdefault("n_chars", len(changes["text"]))
    return Corruption(lambda rows: [*rows[:-1], replace(rows[-1], **changes)])


def text(words: str) -> Corruption:
    return one(text=words)


def every(**changes: Any) -> Corruption:
    return Corruption(lambda rows: [replace(r, **changes) for r in rows])


def counted(**counts: Any) -> Corruption:
    return Corruption(counts=counts)


NOT_ASKED: dict[str, Any] = {"risks": {}, "flags": [], "challenged": None}
WITHHELD = NOT_ASKED | {"text": "<UNPROCESSED>", "n_chars": 13, "unclassified": "unprocessed"}
OTHER_LANGUAGE = NOT_ASKED | {"unclassified": "other_language"}


def withheld(rows: Rows) -> Rows:
    return [rows[0], *(replace(r, **WITHHELD) for r in rows[1:])]


def foreign(rows: Rows) -> Rows:
    return [rows[0], *(replace(r, **OTHER_LANGUAGE) for r in rows[1:])]


def all_flagged(rows: Rows) -> Rows:
    return [replace(r, flags=["BULL"], challenged=False) for r in sound_rows(1000)]


CORRUPTIONS = {
    "columns_are_those_agreed": Corruption(extra=", 'Sam' AS sender"),
    "nothing_required_is_missing": one(text=None),
    "keys_are_16_bytes": one(fingerprint=b"short"),
    "rows_are_unique": one(row_no=1),
    "rows_are_numbered_without_gaps": one(row_no=3),
    "a_shard_holds_one_submission": one(contributor_key=key("c2")),
    "rows_agree_with_the_count": counted(messages=4, staged=4),
    "every_line_is_accounted_for": counted(rejected={"no_header": 1}),
    "every_message_is_accounted_for": counted(system=1),
    "withheld_texts_agree_with_the_count": counted(unprocessed=1),
    "other_languages_agree_with_the_count": one(**OTHER_LANGUAGE),
    "forces_are_known": every(force_code="E99999999"),
    "kinds_are_known": one(kind="system"),
    "platforms_are_known": one(platform="pager"),
    "consent_scopes_are_known": one(scope="everyone"),
    "group_sizes_are_bands": one(group_band="7"),
    "own_messages_have_one_author": one(author_key=key("a2")),
    "reasons_not_to_classify_are_known": one(**NOT_ASKED | {"unclassified": "too_hard"}),
    "models_are_named": one(model_versions={"candour": "1"}),
    "hours_are_hours": one(sent_hour=24),
    "nothing_before_the_platform_existed": one(sent_on=date(2009, 5, 2)),
    "nothing_after_receipt": one(sent_on=date(2026, 11, 3)),
    "no_phone_number_in_text": text("ring 07700 900123"),
    "no_email_address_in_text": text("write to desk@example.org"),
    "no_number_plate_in_text": text("the blue one, AB12 CDE"),
    "no_postcode_in_text": text("somewhere in ZZ9 9ZZ"),
    "no_national_insurance_number_in_text": text("it is AB 12 34 56 C"),
    "no_web_address_in_text": text("see https://example.org"),
    "few_long_numbers_in_text": text("ref 1234567"),
    "placeholders_are_well_formed": text("<PERSON is late"),
    "redactions_agree_with_the_text": one(entities={"PERSON": 1}),
    "lengths_agree_with_the_text": one(n_chars=99),
    "every_category_is_scored": one(risks={"OPS": 0.1}),
    "nothing_is_said_of_the_unclassified": Corruption(
        one(unclassified="other_language").change, {"other_language": 1}
    ),
    "probabilities_are_probabilities": one(risks=NO_RISK | {"OPS": 1.5}),
    "flags_are_categories": one(flags=["NICE"]),
    "only_risky_messages_can_be_challenged": one(challenged=True),
    "few_texts_are_withheld": Corruption(withheld, {"unprocessed": 2}),
    "most_messages_are_in_english": Corruption(foreign, {"other_language": 2}),
    "flag_rate_is_plausible": Corruption(all_flagged),
}


def staged(folder: Path, keys: Keys, corruption: Corruption) -> Path:
    rows = corruption.change(sound_rows())
    return write_shard_as_is(folder, keys, rows, corruption.counts, corruption.extra)


def test_every_expectation_has_its_corruption() -> None:
    assert [e.id for e in load_suite("staged").expectations] == list(CORRUPTIONS)


def test_sound_rows_pass(tmp_path: Path, keys: Keys) -> None:
    staged(tmp_path, keys, Corruption())
    result = check_staged(tmp_path, keys.data)
    assert result.counts() == {
        "expectations": len(CORRUPTIONS), "passed": len(CORRUPTIONS), "warned": 0,
    }  # fmt: skip


@pytest.mark.parametrize("held", [tables.HELD_ROWS, 0], ids=["held", "too many to hold"])
@pytest.mark.parametrize("expectation", CORRUPTIONS)
def test_a_corrupted_shard_fails_exactly_it(
    tmp_path: Path, keys: Keys, expectation: str, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "HELD_ROWS", held)
    shard = staged(tmp_path, keys, CORRUPTIONS[expectation])
    with tables.staged_tables([shard], keys.data) as connection:
        assert failing("staged", connection) == {expectation}


@pytest.mark.parametrize(
    "words",
    [
        "<PERSON> rang <PHONE> about <VEHICLE>, see <URL>",
        "unit 14 on at 0500, 2 up, <3",
        "PC 99 to AB 12 then C",
        "half <3 of them > 5",
        "meet 10 for 11, 20 min max",
    ],
)
def test_ordinary_text_passes(tmp_path: Path, keys: Keys, words: str) -> None:
    shard = staged(tmp_path, keys, text(words))
    with tables.staged_tables([shard], keys.data) as connection:
        assert failing("staged", connection) == set()


@pytest.mark.parametrize(
    ("changes", "counts"),
    [(WITHHELD, {"unprocessed": 1}), (OTHER_LANGUAGE, {"other_language": 1})],
)
def test_messages_that_were_not_classified_pass(
    tmp_path: Path, keys: Keys, changes: dict[str, Any], counts: dict[str, Any]
) -> None:
    shard = staged(tmp_path, keys, Corruption(one(**changes).change, counts))
    with tables.staged_tables([shard], keys.data) as connection:
        assert failing("staged", connection) == set()


BOUNDARIES = [
    *((platform, first) for platform, first in FIRST_MESSAGES.items()),
    *((platform, first - timedelta(days=1)) for platform, first in FIRST_MESSAGES.items()),
    *(("whatsapp", date(2026, 11, day)) for day in (2, 3)),  # received on the 1st
]


@pytest.mark.parametrize(("platform", "day"), BOUNDARIES)
def test_dates_that_staging_lets_through_are_those_that_the_gate_does(
    tmp_path: Path, keys: Keys, platform: str, day: date
) -> None:
    """One submission's wrong clock is quarantined there, and need not stop everybody here."""
    dated = [replace(r, platform=platform, sent_on=day) for r in sound_rows()]
    shard = write_shard_as_is(tmp_path, keys, dated, {})
    with tables.staged_tables([shard], keys.data) as connection:
        refused = bool(failing("staged", connection))
    try:
        check_dates(dated, datetime(2026, 11, 1, 12, tzinfo=UTC), "s1")
    except QuarantineError as error:
        assert (refused, error.reason) == (True, Reason.IMPLAUSIBLE_DATES)
        assert str(day.year) not in str(error)
    else:
        assert not refused


def test_a_stop_names_the_expectation_and_shows_no_value(tmp_path: Path, keys: Keys) -> None:
    staged(tmp_path, keys, text("ring 07700 900123"))
    with pytest.raises(GateError) as caught:
        check_staged(tmp_path, keys.data)
    assert "no_phone_number_in_text: No text holds" in str(caught.value)
    assert "07700" not in str(caught.value)


def test_a_warning_does_not_stop(
    tmp_path: Path, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    staged(tmp_path, keys, text("ref 1234567"))
    assert check_staged(tmp_path, keys.data).counts()["warned"] == 1
    assert "few_long_numbers_in_text" in caplog.text
    assert "1234567" not in caplog.text


def test_nothing_staged_is_nothing_to_check(tmp_path: Path, keys: Keys) -> None:
    assert check_staged(tmp_path, keys.data) == GateResult("staged", ())


def test_an_unfinished_shard_is_not_looked_at(tmp_path: Path, keys: Keys) -> None:
    staged(tmp_path, keys, Corruption()).with_suffix(".json").unlink()
    assert check_staged(tmp_path, keys.data).checks == ()


def test_another_key_is_refused_without_a_value(tmp_path: Path, keys: Keys) -> None:
    staged(tmp_path, keys, Corruption())
    with pytest.raises(GateError, match="could not be read"):
        check_staged(tmp_path, "0" * 64)
