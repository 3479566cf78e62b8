"""Read together or each alone, submissions become the same rows. All people are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.inbox import pending, quarantined
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.staging.ahead import read_ahead
from pipelines.staging.desk import at_desk
from pipelines.staging.shard import find_shards
from pipelines.staging.stage import Tools, stage_submission
from tests.integration.test_stage import WHOLE, hand_over

SAID = (
    "anyone seen Dwayne down at Larch Lane",
    "his number is 07700 900123, ring him",
    "nie wiem gdzie są, zapytaj Zbyszka albo Agnieszkę",
    "José says the custody suite’s shut again 😂",
    "ask priya, she was on with tom",
    "you lot are a disgrace, the way you talk about them",
)


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools.load()


@pytest.fixture
def collection(tmp_path: Path) -> tuple[Settings, Keys]:
    """Six chats that share most of what is said in them, each with words of its own."""
    settings = Settings(home=tmp_path / "home")
    generate_keys(settings.keys)
    for number in range(6):
        said = [*SAID[number:], *SAID[:number], f"and {'so ' * number}on, says Colm Adair"]
        lines = [
            f"05/10/2026, 09:{minute:02} - {('Bex Marlowe', 'Priya Nandra')[minute % 2]}: {text}\n"
            for minute, text in enumerate(said)
        ]
        hand_over(settings, "".join(lines), contributor=f"C-{number:04}", consent=WHOLE)
    return settings, load_keys(settings.keys)


def staged(settings: Settings) -> dict[str, str]:
    """The hash of each submission's rows."""
    return {shard.submission_key: shard.sha256 for shard in find_shards(settings.staged)}


def test_a_bunch_gives_the_rows_that_each_gives_alone(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    for folder in pending(settings):
        stage_submission(folder, Tools.load(), settings, keys)  # which remember nothing
    alone = staged(settings)
    for path in settings.staged.iterdir():
        path.unlink()
    with at_desk(pending(settings), tools, settings, keys) as desk:
        desk.read_ahead()
        for folder in pending(settings):
            assert desk.process(folder)["staged"] == 1
    assert staged(settings) == alone
    assert len(alone) == 6


def test_one_that_cannot_be_read_ahead_fails_by_itself(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    folders = pending(settings)
    (folders[2] / "export.age").write_bytes(b"not sealed")
    assert set(read_ahead(folders, tools, settings, keys)) == {*folders} - {folders[2]}
    with at_desk(folders, tools, settings, keys) as desk:
        desk.read_ahead()
        done = [desk.process(folder) for folder in folders]
    assert [next(iter(counts)) for counts in done].count("staged") == 5
    assert done[2] == {"quarantined": 1}
    assert [folder.name for folder in quarantined(settings)] == [folders[2].name]
