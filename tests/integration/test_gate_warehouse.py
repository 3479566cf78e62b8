"""Gate 2: for every expectation a corrupted warehouse that makes exactly that one fail."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.classify.taxonomy import CODES
from pipelines.duck import connect, literal
from pipelines.errors import CallerError, GateError
from pipelines.keys import Keys
from pipelines.prevalence.drift import present, psi
from pipelines.validate.gates import check_warehouse
from pipelines.validate.suite import load_suite
from pipelines.validate.tables import warehouse_tables
from pipelines.warehouse.connect import open_warehouse
from tests.gate_world import failing, sound_warehouse

ONE = "row_no = 0 AND force_code = 'E23000002'"  # one message that nobody else exported
SET = "UPDATE core.message SET"
MET_OCTOBER = "force_code = 'E23000001' AND month = DATE '2026-10-01'"


def say(words: str) -> str:
    return f"{SET} text = {literal(words)} WHERE {ONE}"


CORRUPTIONS = {
    "rows_are_unique":
        # of a row that another export counts, so that no mart is touched
        "INSERT INTO core.message FROM core.message WHERE row_no = 0 "
        "AND (submission_key, row_no) IN (SELECT (submission_key, row_no) FROM core.duplicate)",
    "keys_are_16_bytes": f"{SET} fingerprint = 'short'::BLOB WHERE {ONE}",
    "rows_belong_to_a_submission": f"{SET} contributor_key = md5('x')[:16]::BLOB WHERE {ONE}",
    "submissions_are_whole": "UPDATE core.submission SET staged = 99, messages = 99",
    "unclassified_messages_agree_with_the_count": "UPDATE core.submission SET other_language = 1",
    "every_line_is_accounted_for": "UPDATE core.submission SET lines_rejected = 7",
    "forces_are_known": "DELETE FROM core.force WHERE force_code = 'E23000002'",
    "kinds_are_known": f"{SET} kind = 'system' WHERE {ONE}",
    "own_messages_have_one_author": f"{SET} author_key = md5('x')[:16]::BLOB WHERE {ONE}",
    "hours_are_hours": f"{SET} sent_hour = 24 WHERE {ONE}",
    "nothing_before_messaging_existed": f"{SET} sent_on = DATE '2009-05-02' WHERE {ONE}",
    "nothing_after_receipt": f"{SET} sent_on = DATE '2026-11-03' WHERE {ONE}",
    "no_phone_number_in_text": say("ring 07700 900123"),
    "no_email_address_in_text": say("write to desk@example.org"),
    "no_number_plate_in_text": say("the blue one, AB12 CDE"),
    "no_postcode_in_text": say("somewhere in ZZ9 9ZZ"),
    "no_national_insurance_number_in_text": say("it is AB 12 34 56 C"),
    "no_web_address_in_text": say("see https://example.org"),
    "few_long_numbers_in_text": say("ref 1234567"),
    "placeholders_are_well_formed": say("<PERSON is late"),
    "every_category_is_scored": f"{SET} risks = MAP {{'OPS': 0.1}} WHERE {ONE}",
    "nothing_is_said_of_the_unclassified":
        # of rows that another export counts, so that no mart is touched
        f"{SET} unclassified = 'other_language' "
        "WHERE (submission_key, row_no) IN (SELECT (submission_key, row_no) FROM core.duplicate);"
        "UPDATE core.submission SET other_language = (SELECT count(unclassified) "
        "FROM core.message WHERE message.submission_key = submission.submission_key)",
    "probabilities_are_probabilities":
        f"{SET} risks = map_from_entries([(k, 1.5) FOR k IN map_keys(risks)]) WHERE {ONE}",
    "flags_are_categories": f"{SET} flags = ['NICE'] WHERE {ONE}",
    "texts_are_classified_by_the_classifier_in_use":
        "UPDATE core.submission SET model_versions = MAP {'classifier': 'of-yesterday'}",
    "late_messages_are_classified_by_the_classifier_in_use":
        "UPDATE core.submission SET model_versions = MAP {'classifier': 'of-yesterday'};"
        f"{SET} text = NULL",
    "every_chat_has_a_conversation": "DELETE FROM core.conversation",
    "duplicates_are_messages":
        "INSERT INTO core.duplicate SELECT submission_key, 999 FROM core.submission LIMIT 1",
    "duplicates_are_set_aside_once":
        "INSERT INTO core.duplicate FROM core.duplicate LIMIT 1",
    "the_ledger_has_every_stage": "DELETE FROM core.ledger WHERE step = 6",
    "each_stage_adds_up": "UPDATE core.ledger SET count = count + 1 WHERE step = 6",
    "each_stage_starts_where_the_last_ended":
        "UPDATE core.ledger SET count = count + 1, total = total + 1 WHERE step = 6",
    "the_trends_mart_counts_every_message_once":
        f"UPDATE mart.force_month_category SET messages = messages + 1 WHERE {MET_OCTOBER};"
        f"UPDATE mart.impact_panel SET messages = messages + 1 WHERE {MET_OCTOBER}",
    "the_unclassified_are_the_rest":
        "INSERT INTO mart.unclassified_contribution VALUES "
        "('x'::BLOB, 'x'::BLOB, 'x'::BLOB, 'E23000001', DATE '2026-10-01', 'other_language', 1)",
    "the_habits_mart_counts_every_message_once":
        "UPDATE mart.force_month_habit SET messages = messages + 1 WHERE habit = 'kind'",
    "contributions_add_up":
        f"UPDATE mart.contribution SET flagged = flagged + 1 WHERE {MET_OCTOBER}",
    "trend_rows_are_unique":
        "INSERT INTO mart.force_month_category FROM mart.force_month_category "
        f"WHERE {MET_OCTOBER} AND category = 'OPS'",
    "every_category_has_a_row":
        f"DELETE FROM mart.force_month_category WHERE {MET_OCTOBER} AND category = 'OPS';"
        f"DELETE FROM mart.impact_panel WHERE {MET_OCTOBER} AND category = 'OPS'",
    "expected_counts_are_possible":
        f"UPDATE mart.force_month_category SET expected = -1 WHERE {MET_OCTOBER}",
    "support_is_possible":
        f"UPDATE mart.force_month_category SET authors = messages + 1 WHERE {MET_OCTOBER}",
    "the_impact_panel_is_the_trends_mart":
        f"UPDATE mart.impact_panel SET messages = messages + 1 WHERE {MET_OCTOBER}",
    # ten times a usual month in one force, at the expense of the months before
    "volume_is_steady":
        "UPDATE mart.force_month_category SET messages = if(month = DATE '2026-10-01', 46, 1), "
        "flagged = 0, expected = 0, challenged = 0, contributors = 1, authors = 1, chats = 1, "
        "flagged_contributors = 0, flagged_authors = 0, flagged_chats = 0 "
        "WHERE force_code = 'E23000001'; UPDATE mart.contribution SET flagged = 0;"
        "UPDATE mart.force_month_category SET flagged = 0; UPDATE mart.impact_panel SET messages = "
        "if(month = DATE '2026-10-01', 46, 1) WHERE force_code = 'E23000001'",
    # every message of October flagged, where the months before had none
    "flag_rates_are_steady":
        "UPDATE mart.force_month_category SET flagged = if(month = DATE '2026-10-01', 60, 0);"
        "UPDATE mart.contribution SET flagged = 0;"
        "INSERT INTO mart.contribution SELECT 'x'::BLOB, 'x'::BLOB, 'x'::BLOB, force_code, month, "
        "category, 0, flagged, 0, 0 FROM mart.force_month_category",
}  # fmt: skip

# What a classifier that moved makes of the fixed sample: of one category, as the gate sees it.
CLASSIFIERS: dict[str, list[dict[str, Any]]] = {
    "the_classifier_is_known": [{"version": "of-tomorrow", "recorded": None, "psi": None}],
    "the_reference_sample_scores_as_recorded": [
        {"flagged": 30, "recorded": 20},
        {"flagged": 0, "recorded": 3},
        {"psi": 0.11},
    ],
}
# What is done to October where there are messages enough for a month to be compared with others.
SHIFTS = {
    "mix_is_steady":
        "UPDATE mart.force_month_habit SET value = 'telegram' "
        "WHERE habit = 'platform' AND month = DATE '2026-10-01'",
    "score_distributions_are_steady":
        "UPDATE core.message SET risks = map_from_entries([(k, if(k = 'OPS', 0.2, 0.01)) "
        "FOR k IN map_keys(risks)]) WHERE sent_on >= DATE '2026-10-01' AND row_no % 3 = 0",
}  # fmt: skip
EVERY = [*CORRUPTIONS, *CLASSIFIERS, *SHIFTS]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    return sound_warehouse(tmp_path_factory.mktemp("sound"), keys)


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / sound.name))


def corrupt(path: Path, keys: Keys, statement: str) -> None:
    with connect() as connection:
        connection.execute(
            f"ATTACH {literal(str(path))} AS w (ENCRYPTION_KEY {literal(keys.data)}); USE w"
        )
        connection.execute(statement)


def test_every_expectation_has_its_corruption() -> None:
    assert sorted(e.id for e in load_suite("warehouse").expectations) == sorted(EVERY)


def test_a_sound_warehouse_passes(sound: Path, keys: Keys) -> None:
    assert check_warehouse(sound, keys.data).counts() == {
        "expectations": len(EVERY), "passed": len(EVERY), "warned": 0,
    }  # fmt: skip


@pytest.mark.parametrize("expectation", CORRUPTIONS)
def test_a_corrupted_warehouse_fails_exactly_it(copy: Path, keys: Keys, expectation: str) -> None:
    corrupt(copy, keys, CORRUPTIONS[expectation])
    with warehouse_tables(copy, keys.data) as connection:
        assert failing("warehouse", connection) == {expectation}


@pytest.mark.parametrize(
    ("expectation", "change"),
    [(name, change) for name, changes in CLASSIFIERS.items() for change in changes],
)
def test_a_classifier_that_moved_fails_exactly_it(
    sound: Path, keys: Keys, expectation: str, change: dict[str, Any]
) -> None:
    """Another version, more flags, fewer flags, other scores."""
    first, *rest = present()
    with warehouse_tables(sound, keys.data, [replace(first, **change), *rest]) as connection:
        assert failing("warehouse", connection) == {expectation}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    """220 messages a month."""
    path = sound_warehouse(tmp_path_factory.mktemp("large"), keys, a_month=110)
    with warehouse_tables(path, keys.data) as connection:
        assert failing("warehouse", connection) == set()
    return path


@pytest.mark.parametrize("expectation", SHIFTS)
def test_a_month_that_is_unlike_others_fails_exactly_it(
    large: Path, tmp_path: Path, keys: Keys, expectation: str
) -> None:
    path = Path(shutil.copy(large, tmp_path / large.name))
    corrupt(path, keys, SHIFTS[expectation])
    with warehouse_tables(path, keys.data) as connection:
        assert failing("warehouse", connection) == {expectation}


def test_sql_and_python_measure_a_shift_alike(tmp_path: Path, keys: Keys) -> None:
    path = sound_warehouse(tmp_path, keys, a_month=110)
    corrupt(
        path,
        keys,
        "UPDATE core.message SET risks = map_from_entries([(k, 0.2) FOR k IN map_keys(risks)]) "
        "WHERE sent_on >= DATE '2026-10-01' AND row_no % 2 = 0",
    )
    with warehouse_tables(path, keys.data) as connection:
        shifts = dict(connection.execute("SELECT category, psi FROM score_shift").fetchall())
    # 220 messages a month: all of the four before at log-odds -5, now half of them at -2
    assert set(shifts) == set(CODES)
    assert list(shifts.values()) == pytest.approx([psi([880, 0], [110, 110])] * len(CODES))


def test_a_stop_names_the_expectation_and_shows_no_value(copy: Path, keys: Keys) -> None:
    corrupt(copy, keys, CORRUPTIONS["no_phone_number_in_text"])
    with pytest.raises(GateError, match="no_phone_number_in_text") as caught:
        check_warehouse(copy, keys.data)
    assert "07700" not in str(caught.value)


def test_the_next_writer_can_open_it_at_once(copy: Path, keys: Keys) -> None:
    check_warehouse(copy, keys.data)
    with open_warehouse(copy, keys.data) as connection:
        connection.execute("DELETE FROM core.ledger")


def test_no_warehouse_and_another_key(copy: Path, keys: Keys) -> None:
    with pytest.raises(CallerError, match="No warehouse"):
        check_warehouse(copy.with_name("other"), keys.data)
    with pytest.raises(GateError, match="could not open"):
        check_warehouse(copy, "0" * 64)
