"""Drawing, judging and reading back a labelled sample, in a real warehouse."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest

from pipelines.classify.taxonomy import CODES
from pipelines.errors import CallerError
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.label.agreement import Agreement, agreement, progress
from pipelines.label.draw import draw
from pipelines.label.sample import LabelledSample, labelled_sample
from pipelines.label.store import Store
from pipelines.warehouse import migrate
from pipelines.warehouse.connect import open_warehouse
from tests.label_world import MONTH, STRATA, judge_all, load_month
from tests.warehouse_world import VERSIONS, key, table

CANDOUR = [sys.executable, "-c", "from pipelines.cli import main; main()"]


@pytest.fixture
def month(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyConnection:
    """A warehouse with the month loaded."""
    load_month(warehouse, tmp_path, keys)
    return warehouse


@pytest.fixture
def drawn(month: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same with its sample drawn: all 4 of 'DISC 3', all 6 of 'SEXM 1', 20 of 40 in 'rest'."""
    draw(month, MONTH, 30, "seed")
    return month


def _store(connection: duckdb.DuckDBPyConnection, labeller: str = "labeller-a") -> Store:
    return Store(lambda: nullcontext(connection), labeller)


# ---- drawing --------------------------------------------------------------------------------


def test_a_draw_takes_from_every_stratum_and_keeps_how_likely_each_was(
    month: duckdb.DuckDBPyConnection,
) -> None:
    assert draw(month, MONTH, 30, "seed") == {"DISC 3": 4, "SEXM 1": 6, "rest": 20}
    assert table(month, "SELECT stratum, messages, drawn FROM label.stratum") == [
        ("DISC 3", 4, 4), ("SEXM 1", 6, 6), ("rest", 40, 20), ("wordless", 8, 0),
    ]  # fmt: skip
    assert table(month, "SELECT stratum, inclusion, count(*) FROM label.item GROUP BY ALL") == [
        ("DISC 3", 1.0, 4), ("SEXM 1", 1.0, 6), ("rest", 0.5, 20),
    ]  # fmt: skip
    places = month.execute("SELECT place FROM label.item ORDER BY place").fetchall()
    assert places == [(n,) for n in range(1, 31)]


def test_every_message_of_a_stratum_is_as_likely_to_be_drawn(
    month: duckdb.DuckDBPyConnection,
) -> None:
    draws, drawn = 64, Counter[tuple[bytes, int]]()
    for seed in range(draws):
        draw(month, MONTH, 30, str(seed))
        rest = "SELECT submission_key, row_no FROM label.item WHERE stratum = 'rest'"
        drawn.update(month.execute(rest).fetchall())
        _forget(month)
    spread = (draws * 0.5 * 0.5) ** 0.5  # of a fair draw's count: 4
    assert len(drawn) == STRATA["rest"]
    assert all(abs(count - draws / 2) < 4 * spread for count in drawn.values())


def test_the_same_seed_draws_the_same_and_another_one_another(
    month: duckdb.DuckDBPyConnection,
) -> None:
    found = []
    for seed in ("a", "a", "b"):
        draw(month, MONTH, 30, seed)
        found.append(table(month, "SELECT place, submission_key, row_no FROM label.item"))
        _forget(month)
    assert found[0] == found[1] != found[2]


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM label.item; DELETE FROM label.stratum; DELETE FROM label.frame")


def test_a_month_is_drawn_once(drawn: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(CallerError, match="2026-10 has been drawn already"):
        draw(drawn, MONTH, 30, "another")


@pytest.mark.parametrize(
    ("change", "asked", "message"),
    [
        ("SELECT 1", "2026-09", "No messages of 2026-09"),
        ("SELECT 1", "October", "--month 'October' is not a month"),
        ("UPDATE core.message SET text = NULL WHERE row_no = 6", MONTH, "text of 2 messages"),
        ("UPDATE core.message SET unclassified = 'unprocessed'", MONTH, "No messages of 2026-10"),
        ("UPDATE core.message SET n_chars = 0", MONTH, "No messages of 2026-10"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_leaves_nothing(
    change: str, asked: str, message: str, month: duckdb.DuckDBPyConnection
) -> None:
    month.execute(change)
    with pytest.raises(CallerError, match=message):
        draw(month, asked, 30, "seed")
    assert table(month, "FROM label.stratum") == table(month, "FROM label.item") == []


# ---- judging --------------------------------------------------------------------------------


def test_labellers_see_the_same_messages_in_the_same_order(
    drawn: duckdb.DuckDBPyConnection,
) -> None:
    first, second = _store(drawn, "labeller-a"), _store(drawn, "labeller-b")
    assert first.queue() == second.queue()
    assert Counter(item.text.split()[0] for item in first.queue()) == {
        "sharp": 4, "doubt": 6, "plain": 20,
    }  # fmt: skip
    judge_all(first)
    assert [item.judged for item in first.queue()] == [True] * 30
    assert [item.judged for item in second.queue()] == [False] * 30


def test_a_queue_goes_on_after_what_was_judged(drawn: duckdb.DuckDBPyConnection) -> None:
    store = _store(drawn)
    before = store.queue()
    for item in before[:2]:
        store.record(item, ["OPS", "DISC"])
    store.undo(before[1])
    after = store.queue()
    assert [item.judged for item in after] == [True] + [False] * 29
    assert [item.text for item in after] == [item.text for item in before]
    assert table(drawn, "SELECT labeller, row_no, categories FROM label.judgement") == [
        ("labeller-a", before[0].row_no, ["DISC", "OPS"])
    ]


def test_nothing_is_kept_of_a_message_withdrawn_while_it_was_shown(
    drawn: duckdb.DuckDBPyConnection,
) -> None:
    store = _store(drawn)
    queue = store.queue()
    drawn.execute("DELETE FROM label.item WHERE submission_key = ?", [key("s1")])
    for item in queue:
        store.record(item, [])
    assert table(drawn, "SELECT DISTINCT submission_key FROM label.judgement") == [(key("s2"),)]


def test_what_lost_its_text_is_not_asked_about(drawn: duckdb.DuckDBPyConnection) -> None:
    drawn.execute("UPDATE core.message SET text = NULL WHERE text LIKE 'sharp%'")
    assert len(_store(drawn).queue()) == 26


@pytest.mark.parametrize("name", ["", "Jo Pell", "A", "x" * 49])
def test_a_labeller_is_a_code(name: str, drawn: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(CallerError, match="never a person's name"):
        _store(drawn, name)


# ---- agreement ------------------------------------------------------------------------------


def test_agreement_counts_what_two_have_judged(drawn: duckdb.DuckDBPyConnection) -> None:
    judge_all(_store(drawn, "labeller-a"))
    second = _store(drawn, "labeller-b")
    seen = second.queue()[:20]
    for item in seen:
        second.record(item, ["DISC"] if item.text.startswith("sharp") else [])
    assert progress(drawn) == {"labeller-a": 30, "labeller-b": 20}
    twice, found = agreement(drawn)
    sharp = sum(item.text.startswith("sharp") for item in seen)
    assert twice == 20
    assert found[:2] == [Agreement("DISC", sharp, sharp, 1.0), Agreement("SEXM", 0, 0, None)]


# ---- what estimates read --------------------------------------------------------------------


def test_the_labelled_sample_stands_for_the_month(drawn: duckdb.DuckDBPyConnection) -> None:
    judge_all(_store(drawn, "labeller-a"), disc="sharp")
    judge_all(_store(drawn, "labeller-b"), disc="doubt")
    sample = labelled_sample(drawn, VERSIONS["classifier"])
    disc = sample.by_category["DISC"]
    # stratum, stands for, flagged, share of the two labellers: who said DISC of 'sharp' or 'doubt'
    assert Counter((m.stratum, m.weight, m.flagged, m.judged) for m in disc) == {
        ("DISC 3", 1.0, True, 0.5): 4,
        ("SEXM 1", 1.0, False, 0.5): 6,
        ("rest", 2.0, False, 0.0): 20,
    }
    assert {m.month for m in disc} == {MONTH}
    assert {m.contributor_key for m in disc} == {key("c1"), key("c2")}
    assert [m.judged for m in sample.by_category["ANY"]] == [m.judged for m in disc]
    assert {m.judged for m in sample.by_category["SPUP"]} == {0.0}
    assert sample.by_category.keys() == {"ANY", *CODES}
    assert {sum(m.weight for m in rows) for rows in sample.by_category.values()} == {50.0}
    assert sample.wordless == STRATA["wordless"]


def test_a_challenge_is_no_risk(drawn: duckdb.DuckDBPyConnection) -> None:
    store = _store(drawn)
    for item in store.queue():
        store.record(item, ["SPUP"])
    sample = labelled_sample(drawn, VERSIONS["classifier"])
    assert {m.judged for m in sample.by_category["SPUP"]} == {1.0}
    assert {m.judged for m in sample.by_category["ANY"]} == {0.0}


def test_a_month_counts_once_every_stratum_has_a_judgement(
    drawn: duckdb.DuckDBPyConnection,
) -> None:
    store = _store(drawn)
    queue = store.queue()
    for item in queue:
        if item.text.startswith("plain"):
            store.record(item, [])
    assert labelled_sample(drawn, VERSIONS["classifier"]) == LabelledSample({}, 0)
    for start in ("sharp", "doubt"):
        store.record(next(item for item in queue if item.text.startswith(start)), [])
    disc = labelled_sample(drawn, VERSIONS["classifier"]).by_category["DISC"]
    assert sorted((m.stratum, m.weight) for m in disc) == [
        ("DISC 3", 4.0), ("SEXM 1", 6.0), *[("rest", 2.0)] * 20,
    ]  # fmt: skip


def test_a_new_model_changes_flags_and_no_label(drawn: duckdb.DuckDBPyConnection) -> None:
    judge_all(_store(drawn))
    before = labelled_sample(drawn, VERSIONS["classifier"]).by_category["DISC"]
    drawn.execute("UPDATE core.message SET flags = [] WHERE submission_key = ?", [key("s1")])
    after = labelled_sample(drawn, VERSIONS["classifier"]).by_category["DISC"]
    assert sum(m.flagged for m in before) == 4 and sum(m.flagged for m in after) == 2
    assert [m.judged for m in before] == [m.judged for m in after]


def test_who_withdraws_leaves_the_frame_as_well(drawn: duckdb.DuckDBPyConnection) -> None:
    """The frame was twice ``MAKEUP``: what is left stands for one, and not for both."""
    judge_all(_store(drawn))
    for name in ("item", "judgement", "frame"):
        drawn.execute(f"DELETE FROM label.{name} WHERE submission_key = ?", [key("s1")])
    sample = labelled_sample(drawn, VERSIONS["classifier"])
    disc = sample.by_category["DISC"]
    assert {m.contributor_key for m in disc} == {key("c2")}
    stands_for: Counter[str] = Counter()
    for message in disc:
        stands_for[message.stratum] += message.weight
    assert stands_for == pytest.approx({"DISC 3": 2, "SEXM 1": 3, "rest": 20})
    assert sample.wordless == STRATA["wordless"] / 2


def test_a_sample_drawn_before_frames_were_kept_stands_for_what_it_was_drawn_from(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    with monkeypatch.context() as patch:
        older = migrate.migrations()[:4]
        patch.setattr(migrate, "migrations", lambda: older)
        with open_warehouse(path, keys.data) as connection:
            connection.execute("INSERT INTO label.stratum VALUES ('2026-10-01', 'rest', 40, 20)")
    with open_warehouse(path, keys.data) as connection:
        assert table(connection, "SELECT stratum, messages FROM label.size") == [("rest", 40)]


def test_rows_numbered_anew_carry_no_label_of_another_message(
    drawn: duckdb.DuckDBPyConnection,
) -> None:
    judge_all(_store(drawn))
    drawn.execute("UPDATE core.message SET row_no = row_no + 1")
    assert labelled_sample(drawn, VERSIONS["classifier"]).by_category == {}


def test_a_reader_can_have_the_sample(tmp_path: Path, keys: Keys) -> None:
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path, keys.data) as connection:
        load_month(connection, tmp_path, keys)
        draw(connection, MONTH, 30, "seed")
        judge_all(_store(connection))
    with open_warehouse(path, keys.data, read_only=True) as connection:
        assert len(labelled_sample(connection, VERSIONS["classifier"]).by_category["DISC"]) == 30


# ---- the command ----------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A collection with the month loaded."""
    home = tmp_path / "home"
    generate_keys(home / "keys")
    keys = load_keys(home / "keys")
    with open_warehouse(home / "warehouse.duckdb", keys.data) as connection:
        load_month(connection, home / "staged", keys)
    return home


def _environment(home: Path) -> dict[str, str]:
    return {"CANDOUR_HOME": str(home), "PATH": "/usr/bin:/bin", "COLUMNS": "120", "TERM": "xterm"}


def _candour(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CANDOUR, *words], env=_environment(home), capture_output=True, text=True, check=False
    )


def _at_a_terminal(home: Path, keys: str, *words: str) -> tuple[int, str]:
    """Run ``candour`` on a pseudo-terminal, pressing a key when it waits: exit code and screen."""
    ours, theirs = pty.openpty()
    waiting, shown, answered = list(keys), b"", True
    with subprocess.Popen(
        [*CANDOUR, *words], env=_environment(home), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        while True:
            ended = process.poll() is not None
            if select.select([ours], [], [], 0.02)[0]:
                shown, answered = shown + os.read(ours, 65536), True
                continue
            if ended:
                break
            by_key = not termios.tcgetattr(theirs)[3] & termios.ICANON
            if by_key and answered and waiting:  # every key is answered by a screen
                os.write(ours, waiting.pop(0).encode())
                answered = False
    os.close(ours)
    os.close(theirs)
    return process.returncode, shown.decode()


def test_a_sample_is_drawn_judged_at_a_terminal_and_resumed(home: Path) -> None:
    drawn = _candour(home, "label", "draw", "--month", MONTH, "--size", "30", "--json")
    assert drawn.returncode == 0, drawn.stderr
    code, shown = _at_a_terminal(home, "d\r q", "label", "--labeller", "labeller-a")
    assert code == 0, shown
    assert "0 of 30 judged" in shown and "2 of 30 judged" in shown
    code, shown = _at_a_terminal(home, "uq", "label", "--labeller", "labeller-a")
    assert "2 of 30 judged" in shown and "1 of 30 judged" in shown and "0 of 30" not in shown
    keys = load_keys(home / "keys")
    with open_warehouse(home / "warehouse.duckdb", keys.data) as connection:
        kept = table(connection, "SELECT labeller, categories FROM label.judgement")
    assert kept == [("labeller-a", ["DISC"])]
    agreed = _candour(home, "label", "agreement", "--json")
    assert '"labeller-a": 1' in agreed.stdout and '"judged_twice": 0' in agreed.stdout


def test_messages_are_shown_on_a_terminal_only(home: Path) -> None:
    _candour(home, "label", "draw", "--month", MONTH, "--size", "30")
    piped = _candour(home, "label", "--labeller", "labeller-a")
    assert piped.returncode == 2 and "on a terminal and nowhere else" in piped.stderr
    assert "plain" not in piped.stdout + piped.stderr


def test_nothing_drawn_says_what_to_do(home: Path) -> None:
    code, shown = _at_a_terminal(home, "q", "label", "--labeller", "labeller-a")
    assert code == 2 and "candour label draw" in shown
