"""The store: the only way to an engine. It runs catalogued statements, and nothing that writes where a read was asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

from cachetools import Cache, LRUCache, TTLCache

from graph_service.domain.constraints import schema_statements
from graph_service.domain.model import MODEL
from graph_service.errors import SettingInvalid, StatementRefused
from graph_service.platform.catalog import (
    NO_EXTRA_COLUMNS,
    ExtraColumns,
    Statement,
    get_statement,
    is_write,
)
from graph_service.platform.codec import KEY_FILE_SETTING, Codec
from graph_service.platform.engine.client import Engine, Row, Transaction

T = TypeVar("T")
PLAINTEXT_CODEC = Codec()
INTERNAL_LABELS = ("Writer", "Lease")
"""Labels of our own nodes: who writes, and how its lease stands. What a batch writes to is not what a renewal writes to."""
RECENT_SECONDS = 1.0
"""How long another process's publishing may go unseen by what is asked on every request."""

DEFAULT_LEASE_SECONDS = 60.0
"""After so long without a sign of life of a writer anyone may take over from it."""
MAX_COMPUTED = 8
"""How much of what was worked out is kept."""
MAX_PUBLISHED_ANSWERS = 16
"""How many answers about published data versions are kept."""


class Store:
    """Reads and writes over one engine. `statement_log` counts what was sent, by name, when a list is given."""

    def __init__(
        self, engine: Engine, codec: Codec = PLAINTEXT_CODEC, lease_seconds: float = DEFAULT_LEASE_SECONDS
    ) -> None:
        self._engine = engine
        self.codec = codec
        self.lease_seconds = lease_seconds
        self.statement_log: list[str] | None = None
        self._recent_cache: TTLCache[tuple[Any, ...], list[Row]] = TTLCache(100, RECENT_SECONDS)
        self._published_cache: LRUCache[tuple[Any, ...], list[Row]] = LRUCache(MAX_PUBLISHED_ANSWERS)
        self._computed: LRUCache[Hashable, Any] = LRUCache(MAX_COMPUTED)
        self._write_count = 0
        self._lock, self._compute_lock = Lock(), Lock()

    @property
    def engine_name(self) -> str:
        return self._engine.name

    def prepare(self) -> None:
        """Constraints and indexes, as the model has them. Raises `SettingInvalid` where another key has sealed the data."""
        own = (
            f"CREATE CONSTRAINT {n.lower()}_name IF NOT EXISTS FOR (n:{n}) REQUIRE n.name IS UNIQUE"
            for n in INTERNAL_LABELS
        )
        self._engine.execute_schema((*schema_statements(MODEL), *own))
        [[mark]] = self.execute("imports/seal", mark=self.codec.key_fingerprint)
        if mark != self.codec.key_fingerprint:
            raise SettingInvalid(
                name=KEY_FILE_SETTING, reason="数据已用另一密钥封存 / the data were sealed with another key"
            )

    def query(self, name: str, extra: ExtraColumns = NO_EXTRA_COLUMNS, /, **parameters: Any) -> list[Row]:
        """Rows of a catalogued question, with further columns where they are asked for."""
        return self.query_statement(get_statement(name).with_extra_columns(extra), {**parameters, **extra.parameters})

    def query_recent(self, name: str, **parameters: Any) -> list[Row]:
        """Rows of a question, as they were at most `LATELY_SECONDS` ago; our own writes end that."""
        return self._query_cached(self._recent_cache, name, parameters)

    def query_published(self, name: str, **parameters: Any) -> list[Row]:
        """Return the rows of a question about a published data version, which no other process changes. Our own writes end that."""
        return self._query_cached(self._published_cache, name, parameters)

    def _query_cached(
        self, cache: Cache[tuple[Any, ...], list[Row]], name: str, parameters: Mapping[str, Any]
    ) -> list[Row]:
        """Return a question's rows from a cache, asking the engine where they are not there."""
        key = (name, *sorted(parameters.items()))
        with self._lock:
            rows, written = cache.get(key), self._write_count
        if rows is None:
            rows = self.query(name, **parameters)
            with self._lock:
                # What was written meanwhile it may not have seen.
                if written == self._write_count:
                    cache[key] = rows
        return rows

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` works out of a published data version, once until we write. One at a time: it may take seconds."""
        with self._lock:
            made: T | None = self._computed.get(key)
        if made is not None:
            return made
        with self._compute_lock:
            with self._lock:
                made = self._computed.get(key)
            if made is None:
                made = compute()
                with self._lock:
                    self._computed[key] = made
        return made

    def query_statement(self, statement: Statement, parameters: Mapping[str, Any]) -> list[Row]:
        """Rows of a question."""
        return self._query(statement.text, parameters, statement.name)

    def query_text(self, text: str, parameters: Mapping[str, Any], name: str = "lookup") -> list[Row]:
        """Rows of a statement derived from the model."""
        return self._query(text, parameters, name)

    def _query(self, text: str, parameters: Mapping[str, Any], name: str) -> list[Row]:
        # One engine lets a write pass in a session for reading; so it is refused here, whichever engine it is.
        if is_write(text):
            raise StatementRefused(name=name, reason="语句要写入,而此处只读 / it writes, and a read was asked")
        if self.statement_log is not None:
            self.statement_log.append(name)
        return self._engine.read(text, parameters, name=name)

    def execute(self, name: str, **parameters: Any) -> list[Row]:
        """Run one catalogued write by itself."""
        return self.write(lambda tx: tx.run(get_statement(name).text, parameters), name)

    def write(self, work: Callable[[Transaction], T], name: str = "") -> T:
        self._clear_caches()
        try:
            return self._engine.write(work, name=name)
        finally:
            self._clear_caches()

    def _clear_caches(self) -> None:
        with self._lock:
            self._recent_cache.clear()
            self._published_cache.clear()
            self._computed.clear()
            self._write_count += 1

    def close(self) -> None:
        self._engine.close()


def in_batches(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
