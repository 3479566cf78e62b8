"""A memory of texts: bounded, and never outside its process."""

from __future__ import annotations

import copy
import pickle

import pytest

from pipelines.encoder.memory import LONGEST, Memory


def test_the_oldest_goes_first() -> None:
    memory: Memory[str, int] = Memory(2)
    for number, text in enumerate(["one", "two", "two", "three"]):
        memory.put(text, number)
    assert [memory.get(text) for text in ("one", "two", "three")] == [None, 2, 3]
    assert len(memory) == 2


def test_long_keys_are_not_kept() -> None:
    memory: Memory[str, int] = Memory(2)
    memory.put("x" * LONGEST, 1)
    memory.put("x" * (LONGEST + 1), 1)
    assert len(memory) == 1


def test_it_shows_nothing_and_does_not_leave() -> None:
    memory: Memory[str, str] = Memory(2)
    memory.put("ring dave", "dave")
    assert "dave" not in repr(memory) + str(memory) + f"{memory}"
    with pytest.raises(TypeError, match="never leaves"):
        pickle.dumps(memory)
    with pytest.raises(TypeError, match="never leaves"):
        copy.deepcopy(memory)
