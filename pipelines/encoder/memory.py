"""What was found out about a text, kept while the process lives so that it is found out once.

The keys are raw text: a memory is never copied out of the process, shown or written.
"""

from __future__ import annotations

from collections.abc import Sized
from threading import Lock
from typing import Generic, NoReturn, TypeVar

LONGEST = 400  # length of a key worth keeping: longer ones hardly ever come again

Key = TypeVar("Key", bound=Sized)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """At most ``most`` entries with keys of at most ``LONGEST``; the oldest goes first.

    Threads may share it. It cannot be pickled or copied.
    """

    __slots__ = ("_entries", "_lock", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[Key, Value] = {}
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """What is remembered of ``key``, or ``None``."""
        return self._entries.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember ``value``, unless the key is long."""
        if len(key) > LONGEST:
            return
        with self._lock:
            self._entries[key] = value
            if len(self._entries) > self._most:
                del self._entries[next(iter(self._entries))]

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Memory of {len(self)} entries"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A memory holds raw text and never leaves its process.")
