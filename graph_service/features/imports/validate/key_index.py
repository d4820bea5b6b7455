"""Index of the keys of one delivery, on disk: duplicates and references are checked without holding the files in memory.

A temporary SQLite file without a name holds one short line a row: the key that identifies the row in its sheet, and the keys of the
nodes that it brings. Its cache is bounded, so memory does not grow with the delivery; it is gone when the import ends, also when it
is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType

from graph_service.errors import StorageFull

_STORAGE_FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
"""Primary result codes of SQLite where its temporary file cannot be written."""


class KeyIndex:
    """Accepted keys of the delivery being read. A context manager, for one thread at a time. Raises `StorageFull` where there is no
    room for them."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE keys (space TEXT, key TEXT, PRIMARY KEY (space, key)) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def __enter__(self) -> KeyIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _STORAGE_FULL_CODES:
            raise StorageFull from error

    def add(self, namespace: str, key: str) -> bool:
        """Add a key to a namespace; return True where it is new there."""
        return self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (namespace, key)).rowcount == 1

    def add_all(self, namespace: str, keys: Iterable[str]) -> None:
        """Add keys to a namespace, ignoring those that it has already."""
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", ((namespace, key) for key in keys))

    def batches(self, namespace: str, size: int) -> Iterator[list[str]]:
        """Yield the keys of a namespace in order, at most `size` at a time."""
        last = ""
        query = "SELECT key FROM keys WHERE space = ? AND key > ? ORDER BY key LIMIT ?"
        while keys := [key for (key,) in self._db.execute(query, (namespace, last, size))]:
            yield keys
            last = keys[-1]

    def find_known(self, namespace: str, keys: Iterable[str]) -> set[str]:
        """Return those of the keys that are in the namespace."""
        execute = self._db.execute
        query = "SELECT 1 FROM keys WHERE space = ? AND key = ?"
        return {key for key in keys if execute(query, (namespace, key)).fetchone()}
