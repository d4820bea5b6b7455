"""Keys seen in one delivery, on disk: duplicates and references are checked without holding the files in memory.

A temporary SQLite file without a name holds one short line a row: what its sheet's rows are told apart by, and the keys of the nodes
that it brings. Its cache is bounded, so memory does not grow with the delivery; it is gone when the import ends, also when it is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType

from graph_service.errors import StorageFull

_STORAGE_FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
"""Primary result codes of SQLite where its temporary file cannot be written."""


class KeyIndex:
    """Accepted keys of the delivery being read. A context; one thread at a time. Raises `StorageFull` where there is no room for them."""

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
        """Whether the key is new in its space; it is there afterwards."""
        return self._db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (namespace, key)).rowcount == 1

    def add_all(self, namespace: str, keys: Iterable[str]) -> None:
        """Put keys in the space, those too that are there already."""
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", ((namespace, key) for key in keys))

    def batches(self, namespace: str, size: int) -> Iterator[list[str]]:
        """The keys of the space in order, so many at a time."""
        last = ""
        query = "SELECT key FROM keys WHERE space = ? AND key > ? ORDER BY key LIMIT ?"
        while some := [key for (key,) in self._db.execute(query, (namespace, last, size))]:
            yield some
            last = some[-1]

    def find_known(self, namespace: str, keys: Iterable[str]) -> set[str]:
        """Those of the keys that are in the space."""
        find = self._db.execute
        query = "SELECT 1 FROM keys WHERE space = ? AND key = ?"
        return {key for key in keys if find(query, (namespace, key)).fetchone()}
