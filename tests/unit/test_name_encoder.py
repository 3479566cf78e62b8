"""The shipped name model, with its real weights: offsets, hashes, and one text at a time."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.deidentify.model.encoder import HERE, WEIGHTS, NameEncoder
from pipelines.deidentify.model.spans import spans_of
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.text import tokenise
from pipelines.encoder.runtime import SUMS, DamagedModelError


@pytest.fixture(scope="module")
def encoder() -> NameEncoder:
    return NameEncoder.load()


@pytest.fixture(scope="module")
def model() -> NameModel:
    return NameModel.shipped()


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("pc sarah o'neill and sgt khan are in", ["sarah o'neill", "khan"]),
        ("morning dave", ["dave"]),
        ("MORNING DAVE", ["DAVE"]),
        ("dave's late again", ["dave"]),
        ("april is off sick, tell gurpreet", ["april", "gurpreet"]),
        ("thanks Tom😂😂", ["Tom"]),
        ("😂 👩‍👩‍👧 cheers Kev!!!", ["Kev"]),
        ("@Chidi Okonkwo can you cover", ["Chidi Okonkwo"]),
        ("spoke to Zoë Müller", ["Zoë Müller"]),
    ],
)
def test_people_are_found_where_they_stand(
    encoder: NameEncoder, text: str, people: list[str]
) -> None:
    (spans,) = encoder.find([text])
    assert [text[s.start : s.end] for s in spans if s.type == "PERSON"] == people


@pytest.mark.parametrize(
    "text",
    [
        "leave in april",
        "mark the exhibit pls",
        "price of fuel is mental",
        "taser and cuffs in the van",
    ],
)
def test_words_that_look_like_names_stay(model: NameModel, text: str) -> None:
    assert list(model.find(text, tokenise(text))) == []


def test_nothing_in_nothing_out(encoder: NameEncoder) -> None:
    assert encoder.find([]) == []
    assert encoder.find(["", "   ", "\n", "👍", "…", "\u200b"]) == [[]] * 6


def test_a_text_gets_the_same_result_alone_and_among_others(encoder: NameEncoder) -> None:
    rng = random.Random(5)
    sentence = "dave sarah will mark the van is late at preston nick with sgt khan lol 😂"
    words = sentence.split(" ")
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 40))) for _ in range(150)]
    alone = [encoder.find([text])[0] for text in texts]
    assert encoder.find(texts) == alone
    assert encoder.find(texts[::-1]) == alone[::-1]


def test_probabilities_are_bit_for_bit_those_of_the_text_alone(encoder: NameEncoder) -> None:
    ids = np.random.default_rng(3).integers(1000, 20_000, (64, 24))
    lengths = np.full(64, 24, np.int32)
    (together,) = encoder.session.run(None, {"ids": ids, "lengths": lengths})
    (single,) = encoder.session.run(None, {"ids": ids[7:8], "lengths": lengths[7:8]})
    assert np.array_equal(together[7], single[0])


def test_a_long_text_is_read_to_its_end(encoder: NameEncoder) -> None:
    filler = "we sat in the van for an hour and nothing came in. " * 40
    text = f"morning dave. {filler}cheers sarah. {filler}thanks gurpreet"
    (spans,) = encoder.find([text])
    found = {text[s.start : s.end] for s in spans}
    assert {"dave", "sarah", "gurpreet"} <= found


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HERE, tmp_path / "model"))
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(bytes(content))
    with pytest.raises(DamagedModelError, match=WEIGHTS):
        NameEncoder.load(folder)


@pytest.mark.parametrize("name", [WEIGHTS, SUMS])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(HERE, tmp_path / "model"))
    (folder / name).unlink()
    with pytest.raises(DamagedModelError, match=name):
        NameEncoder.load(folder)


def row(label: int, probability: float) -> list[float]:
    """Seven probabilities: ``label`` has ``probability``, no-name the rest."""
    values = [1.0] + [0.0] * 6
    if label:
        values[0], values[label] = 1 - probability, probability
    return values


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        # a word is a name when one of its pieces is
        ("gurpreet in", [(0, 3, 0, 0.0), (3, 8, 2, 0.9), (9, 11, 0, 0.0)], ["gurpreet"]),
        # begin and inside make one name, begin and begin two
        ("tom hill", [(0, 3, 1, 0.9), (4, 8, 2, 0.9)], ["tom hill"]),
        ("tom kev", [(0, 3, 1, 0.9), (4, 7, 1, 0.9)], ["tom", "kev"]),
        # the possessive stays outside
        ("tom's van", [(0, 3, 1, 0.9), (3, 4, 0, 0.0), (4, 5, 0, 0.0), (6, 9, 0, 0.0)], ["tom"]),
        # unless it is itself likely of a name: a pub
        ("tom's van", [(0, 3, 1, 0.9), (3, 4, 0, 0.0), (4, 5, 2, 0.3), (6, 9, 0, 0.0)], ["tom's"]),
        ("tom's kev", [(0, 3, 1, 0.9), (4, 5, 2, 0.3), (6, 9, 2, 0.9)], ["tom's", "kev"]),
        # under the threshold
        ("tom", [(0, 3, 1, 0.4)], []),
        # a hyphenated or apostrophised name is one word
        ("o'neill", [(0, 1, 1, 0.9), (1, 2, 0, 0.0), (2, 7, 0, 0.0)], ["o'neill"]),
        # a line's end parts two names
        ("tom\nhill", [(0, 3, 1, 0.9), (4, 8, 2, 0.9)], ["tom", "hill"]),
    ],
)
def test_pieces_become_words(
    text: str, pieces: list[tuple[int, int, int, float]], expected: list[str]
) -> None:
    offsets = [(start, end) for start, end, _, _ in pieces]
    probabilities = np.array([row(label, p) for _, _, label, p in pieces], np.float32)
    thresholds = {"PERSON": 0.5, "LOCATION": 0.5, "ORGANISATION": 0.5}
    spans = spans_of(text, offsets, probabilities, thresholds)
    assert [text[s.start : s.end] for s in spans] == expected
