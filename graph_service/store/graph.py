"""The store: the only way to an engine. It runs catalogued statements, and nothing that writes where a read was asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

from cachetools import Cache, LRUCache, TTLCache

from graph_service.catalog import NOTHING, Extra, Question, question, writes
from graph_service.codec import SETTING, Codec
from graph_service.derive.schema import schema
from graph_service.engine.port import Engine, Row, Transaction
from graph_service.errors import SettingInvalid, StatementRefused
from graph_service.model import MODEL

T = TypeVar("T")
PLAIN = Codec()
OWN = ("Writer", "Lease")
"""Labels of our own nodes: who writes, and how its lease stands. What a batch writes to is not what a renewal writes to."""
LATELY_SECONDS = 1.0
"""How long another process's publishing may go unseen by what is asked on every request."""

LEASE_SECONDS = 60.0
"""After so long without a sign of life of a writer anyone may take over from it."""
MADE = 8
"""How much of what was worked out is kept."""
VERSIONS = 16
"""How many answers about published data versions are kept."""


class Store:
    """Reads and writes over one engine. `statements` counts what was sent, by name, when a list is given."""

    def __init__(self, engine: Engine, codec: Codec = PLAIN, lease_seconds: float = LEASE_SECONDS) -> None:
        self._engine = engine
        self.codec = codec
        self.lease_seconds = lease_seconds
        self.statements: list[str] | None = None
        self._kept: TTLCache[tuple[Any, ...], list[Row]] = TTLCache(100, LATELY_SECONDS)
        self._published: LRUCache[tuple[Any, ...], list[Row]] = LRUCache(VERSIONS)
        self._made: LRUCache[Hashable, Any] = LRUCache(MADE)
        self._written = 0
        self._lock, self._making = Lock(), Lock()

    @property
    def engine_name(self) -> str:
        return self._engine.name

    def prepare(self) -> None:
        """Constraints and indexes, as the model has them. Raises `SettingInvalid` where another key has sealed the data."""
        own = (f"CREATE CONSTRAINT {n.lower()}_name IF NOT EXISTS FOR (n:{n}) REQUIRE n.name IS UNIQUE" for n in OWN)
        self._engine.define((*schema(MODEL), *own))
        [[mark]] = self.tell("imports/seal", mark=self.codec.mark)
        if mark != self.codec.mark:
            raise SettingInvalid(name=SETTING, reason="数据已用另一密钥封存 / the data were sealed with another key")

    def ask(self, name: str, extra: Extra = NOTHING, /, **parameters: Any) -> list[Row]:
        """Rows of a catalogued question, with further columns where they are asked for."""
        return self.read(question(name).with_extra(extra), {**parameters, **extra.parameters})

    def lately(self, name: str, **parameters: Any) -> list[Row]:
        """Rows of a question, as they were at most `LATELY_SECONDS` ago; our own writes end that."""
        return self._cached(self._kept, name, parameters)

    def of_version(self, name: str, **parameters: Any) -> list[Row]:
        """Return the rows of a question about a published data version, which no other process changes. Our own writes end that."""
        return self._cached(self._published, name, parameters)

    def _cached(self, cache: Cache[tuple[Any, ...], list[Row]], name: str, parameters: Mapping[str, Any]) -> list[Row]:
        """Return a question's rows from a cache, asking the engine where they are not there."""
        key = (name, *sorted(parameters.items()))
        with self._lock:
            rows, written = cache.get(key), self._written
        if rows is None:
            rows = self.ask(name, **parameters)
            with self._lock:
                # What was written meanwhile it may not have seen.
                if written == self._written:
                    cache[key] = rows
        return rows

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` works out of a published data version, once until we write. One at a time: it may take seconds."""
        with self._lock:
            made: T | None = self._made.get(key)
        if made is not None:
            return made
        with self._making:
            with self._lock:
                made = self._made.get(key)
            if made is None:
                made = make()
                with self._lock:
                    self._made[key] = made
        return made

    def read(self, asked: Question, parameters: Mapping[str, Any]) -> list[Row]:
        """Rows of a question."""
        return self._read(asked.text, parameters, asked.name)

    def lookup(self, text: str, parameters: Mapping[str, Any], name: str = "lookup") -> list[Row]:
        """Rows of a statement derived from the model."""
        return self._read(text, parameters, name)

    def _read(self, text: str, parameters: Mapping[str, Any], name: str) -> list[Row]:
        # One engine lets a write pass in a session for reading; so it is refused here, whichever engine it is.
        if writes(text):
            raise StatementRefused(name=name, reason="语句要写入,而此处只读 / it writes, and a read was asked")
        if self.statements is not None:
            self.statements.append(name)
        return self._engine.read(text, parameters, name=name)

    def tell(self, name: str, **parameters: Any) -> list[Row]:
        """Run one catalogued write by itself."""
        return self.write(lambda tx: tx.run(question(name).text, parameters), name)

    def write(self, work: Callable[[Transaction], T], name: str = "") -> T:
        self._forget()
        try:
            return self._engine.write(work, name=name)
        finally:
            self._forget()

    def _forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._published.clear()
            self._made.clear()
            self._written += 1

    def close(self) -> None:
        self._engine.close()


def in_batches(rows: Sequence[T], size: int) -> list[Sequence[T]]:
    return [rows[i : i + size] for i in range(0, len(rows), size)]
