"""The store: the only access to an engine. It runs catalogued statements, and refuses a write where a read is expected."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from cachetools import Cache, LRUCache, TTLCache

from graph_service.domain.constraints import schema_statements
from graph_service.domain.model import MODEL
from graph_service.domain.sealed_values import sealed_columns
from graph_service.errors import RotationNeeded, SettingInvalid, StatementRefused, StoreOutdated
from graph_service.platform.catalog import (
    NO_EXTRA_COLUMNS,
    ExtraColumns,
    Statement,
    get_statement,
    is_write,
)
from graph_service.platform.codec import KEY_FILE_SETTING, PLAIN, Codec
from graph_service.platform.engine.client import Engine, Row, Transaction

T = TypeVar("T")
INTERNAL_LABELS = ("Writer", "Lease")
"""Labels of internal nodes: the writer and its lease. They are separate so that a batch and a renewal write to different nodes."""
RECENT_SECONDS = 1.0
"""Seconds for which the questions of every request may miss what another process has published."""

DEFAULT_LEASE_SECONDS = 60.0
"""Seconds without a sign of life of a writer after which another may take over from it."""
NUMBER_KEY_BYTES = 32
"""Length of the key of derived numbers."""
MAX_COMPUTED = 8
"""Number of computed results that are cached."""
MAX_PUBLISHED_ANSWERS = 16
"""Number of answers about published data versions that are cached."""


class StoreSealing(NamedTuple):
    """The keys of the confidential values of a store, by their fingerprints: the one that seals them, and the one with which a rotation
    is sealing them anew. `reached`: the last step of that rotation, [property, key of a node]. `number_key`: the key of derived
    numbers in hexadecimal digits, empty before the store is prepared."""

    key: str = PLAIN
    next_key: str = PLAIN
    rotations: int = 0
    reached: Sequence[str] = ("", "")
    number_key: str = ""

    @property
    def is_uniform(self) -> bool:
        """Return False while values of two keys may be side by side."""
        return self.next_key == PLAIN


class Store:
    """Reads and writes over one engine. `statement_log`: where it is a list, the names of the sent statements are added to it."""

    def __init__(
        self, engine: Engine, codec: Codec | None = None, lease_seconds: float = DEFAULT_LEASE_SECONDS
    ) -> None:
        self._engine = engine
        self.codec = codec or Codec()
        self.lease_seconds = lease_seconds
        self.statement_log: list[str] | None = None
        self._recent_cache: TTLCache[tuple[Any, ...], list[Row]] = TTLCache(100, RECENT_SECONDS)
        self._published_cache: LRUCache[tuple[Any, ...], list[Row]] = LRUCache(MAX_PUBLISHED_ANSWERS)
        self._computed: LRUCache[Hashable, Any] = LRUCache(MAX_COMPUTED)
        self._write_count = 0
        self._key_checked_at = float("-inf")
        self._lock, self._compute_lock = Lock(), Lock()

    @property
    def engine_name(self) -> str:
        return self._engine.name

    def prepare(self) -> None:
        """Create the constraints and indexes of the model. Raises `SettingInvalid` where the data are sealed with a key that the file lacks."""
        internal_constraints = (
            f"CREATE CONSTRAINT {n.lower()}_name IF NOT EXISTS FOR (n:{n}) REQUIRE n.name IS UNIQUE"
            for n in INTERNAL_LABELS
        )
        self._engine.ensure_schema((*schema_statements(MODEL), *internal_constraints))
        self.settle_key()

    def settle_key(self, token: str = "") -> StoreSealing:
        """Seal with the key with which the store is sealed; one that holds no confidential value takes the current key of the file.

        `token`: that of the writer lock, where it is held. Raises `SettingInvalid` where the file lacks a key of the store, and
        `StoreOutdated`.
        """
        sealing = self.sealing()
        if not sealing.number_key:
            sealing = self._draw_number_key()
        current = self.codec.current_fingerprint
        if current != PLAIN and sealing.key == PLAIN and sealing.is_uniform and not self._holds_confidential_values():
            self.execute("imports/seal", mark=current, token=token)
            sealing = self.sealing()
        self._use_key(sealing)
        return sealing

    def _draw_number_key(self) -> StoreSealing:
        """Give the store a random key of derived numbers. Raises `StoreOutdated` where it has imports: their numbers were derived
        without one, so that the next delivery would take its records for new ones."""
        [[number_key]] = self.execute("imports/number_key", key=secrets.token_hex(NUMBER_KEY_BYTES))
        if not number_key:
            raise StoreOutdated
        return self.sealing()

    def require_key(self) -> None:
        """Seal with the key with which the store is sealed, as it was at most a second ago. Raises `SettingInvalid` where the file lacks a
        key of the store: its values could not be shown."""
        if time.monotonic() - self._key_checked_at > RECENT_SECONDS:
            self._use_key(self.sealing())

    def require_uniform_sealing(self, token: str = "") -> None:
        """Raise `RotationNeeded` where confidential values are sealed with several keys, or are plain although there is a key."""
        sealing = self.settle_key(token)
        if not sealing.is_uniform or (sealing.key == PLAIN and self.codec.current_fingerprint != PLAIN):
            raise RotationNeeded

    def sealing(self) -> StoreSealing:
        """Return the keys of the confidential values."""
        rows = self._engine.read(get_statement("imports/sealing").text, {}, name="imports/sealing")
        return StoreSealing(*rows[0]) if rows else StoreSealing()

    def _use_key(self, sealing: StoreSealing) -> None:
        lacking_keys = [key for key in (sealing.key, sealing.next_key) if not self.codec.opens(key)]
        if lacking_keys:
            raise self._lacking_key_error(" ".join(lacking_keys))
        self.codec.key_fingerprint, self.codec.number_key = sealing.key, bytes.fromhex(sealing.number_key)
        self._key_checked_at = time.monotonic()

    def _lacking_key_error(self, fingerprints: str) -> SettingInvalid:
        """Return the error of keys of the store that the process does not have: no file is set, the file lacks them, or it was read before
        they sealed the store."""
        if not self.codec.fingerprints:
            reason_zh = f"未设置密钥文件，而数据已用密钥 {fingerprints} 封存。请将其设为含有该密钥的文件并重新启动。"
            reason_en = f"it is not set, but the data are sealed with the key {fingerprints}. Set it to the file that has this key, and start again."
        elif self._key_checked_at > float("-inf"):
            reason_zh = f"数据在启动后已改用密钥 {fingerprints} 封存，启动时读取的密钥文件中没有该密钥。请确认密钥文件中有该密钥，并重新启动服务。"
            reason_en = f"the data were sealed with the key {fingerprints} after the start, when the key file did not have it. Make sure that the file has this key, and restart the service."
        else:
            reason_zh = f"密钥文件中没有密钥 {fingerprints}，而数据已用该密钥封存。请将该密钥加入密钥文件并重新启动。"
            reason_en = f"the file lacks the key {fingerprints}, with which the data are sealed. Add this key to the file, and start again."
        return SettingInvalid(name=KEY_FILE_SETTING, reason_zh=reason_zh, reason_en=reason_en)

    def _holds_confidential_values(self) -> bool:
        return any(self._engine.read(column.exists, {}, name="sealed values") for column in sealed_columns(MODEL))

    def run_schema(self, statements: Sequence[str]) -> None:
        """Run schema statements derived from the model."""
        self._engine.execute_schema(statements)

    def query(self, name: str, extra: ExtraColumns = NO_EXTRA_COLUMNS, /, **parameters: Any) -> list[Row]:
        """Return the rows of a catalogued question, with the extra columns where there are any."""
        return self.query_statement(get_statement(name).with_extra_columns(extra), {**parameters, **extra.parameters})

    def query_recent(self, name: str, **parameters: Any) -> list[Row]:
        """Return the rows of a question, at most `RECENT_SECONDS` old. Our own writes clear the cache."""
        return self._query_cached(self._recent_cache, name, parameters)

    def query_published(self, name: str, **parameters: Any) -> list[Row]:
        """Return cached rows of a question about a published data version, which no other process changes. Our writes clear the cache."""
        return self._query_cached(self._published_cache, name, parameters)

    def _query_cached(
        self, cache: Cache[tuple[Any, ...], list[Row]], name: str, parameters: Mapping[str, Any]
    ) -> list[Row]:
        """Return a question's rows from a cache, or from the engine where the cache lacks them."""
        key = (name, *sorted(parameters.items()))
        with self._lock:
            rows, write_count = cache.get(key), self._write_count
        if rows is None:
            rows = self.query(name, **parameters)
            with self._lock:
                # The rows may miss what was written meanwhile.
                if write_count == self._write_count:
                    cache[key] = rows
        return rows

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the result of `compute` over a published data version, cached until our next write. One runs at a time, for seconds."""
        with self._lock:
            result: T | None = self._computed.get(key)
        if result is not None:
            return result
        with self._compute_lock:
            with self._lock:
                result = self._computed.get(key)
            if result is None:
                result = compute()
                with self._lock:
                    self._computed[key] = result
        return result

    def query_statement(self, statement: Statement, parameters: Mapping[str, Any]) -> list[Row]:
        """Return the rows of a question. Raises `RotationNeeded` where it compares sealed values and a rotation ran meanwhile."""
        if not statement.compared:
            return self._query(statement.text, parameters, statement.name)
        before = self.sealing()
        rows = self._query(statement.text, parameters, statement.name)
        # A statement may see some of the batches that were committed while it ran.
        if not before.is_uniform or self.sealing() != before:
            raise RotationNeeded
        return rows

    def query_text(self, text: str, parameters: Mapping[str, Any], name: str = "lookup") -> list[Row]:
        """Return the rows of a statement derived from the model."""
        return self._query(text, parameters, name)

    def _query(self, text: str, parameters: Mapping[str, Any], name: str) -> list[Row]:
        # One engine lets a write pass in a session for reading, so it is refused here for every engine.
        if is_write(text):
            raise StatementRefused(
                name=name,
                reason="语句含有写操作，此处只允许读取 / the statement writes, but only reading is allowed here",
            )
        if self.statement_log is not None:
            self.statement_log.append(name)
        return self._engine.read(text, parameters, name=name)

    def execute(self, name: str, **parameters: Any) -> list[Row]:
        """Run one catalogued write in a separate transaction."""
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
