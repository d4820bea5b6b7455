"""Rotation of keys: all confidential values, of all recorded versions, are sealed with the current key of the key file.

It runs as the only writer, in batches in the order of the owners' keys. Each batch is a transaction that also records how far the rotation
is, so that a killed rotation continues there. Until it is complete, statements that compare sealed values with each other are refused
(`Store.query_statement`), and so is every other writer; single values are shown and searched as ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from graph_service.core.recording.writer_lock import hold_writer_lock, mark_active, require_lock
from graph_service.domain.model import MODEL
from graph_service.domain.sealed_values import SealedColumn, sealed_columns
from graph_service.errors import SettingInvalid
from graph_service.platform.catalog import get_statement
from graph_service.platform.codec import KEY_FILE_SETTING, NUMBER_LENGTH, PLAIN, Codec
from graph_service.platform.engine.client import Row, Transaction
from graph_service.platform.store.graph import Store

PAGE_SIZE = 2_000
"""Nodes of a batch."""
UNREADABLE = "?"
"""Stands for the key of values that no key of the file opens."""
RotationProgress = Callable[[str, int], None]
"""Called with the property and the number of nodes read since the last call."""


class SealingState(StrEnum):
    """State of the confidential values of a store, by the key file that is set. EMPTY: there are none, so that the first import takes the
    current key; NO_KEY: no file is set; KEY_LACKING: the file lacks a key of the store; UNREADABLE: it lacks that of some values."""

    COMPLETE = "COMPLETE"
    EMPTY = "EMPTY"
    NO_KEY = "NO_KEY"
    KEY_LACKING = "KEY_LACKING"
    UNREADABLE = "UNREADABLE"
    ROTATION_NEEDED = "ROTATION_NEEDED"

    @property
    def is_complete(self) -> bool:
        """Tell whether all values are sealed with the current key, and the store says so, or there are none yet."""
        return self in (SealingState.COMPLETE, SealingState.EMPTY)


class OwnedVersions(NamedTuple):
    """A node by its key, and its versions as `SealedColumn.page` returns them: [value, parts of the number]."""

    key: str
    versions: Sequence[Sequence[Any]]


@dataclass(slots=True)
class RotationResult:
    """The fingerprint of the key with which values are sealed now, and the numbers of values sealed anew, and of those that no key opens,
    by property."""

    key: str
    resealed: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Resealing:
    """The rows of a batch for the statements of a column."""

    values: list[dict[str, str]] = field(default_factory=list)
    numbers: list[dict[str, str]] = field(default_factory=list)


def count_sealings(store: Store, progress: RotationProgress = lambda _title, _nodes: None) -> dict[str, Counter[str]]:
    """Return by property how many values are sealed with which key, by its fingerprint: `PLAIN` for those that are not sealed,
    `UNREADABLE` for those that no key of the file opens. Equal values of a node count once."""
    counts: dict[str, Counter[str]] = {}
    for column in sealed_columns(MODEL):
        counter = counts[column.title] = Counter()
        for page in _pages(store, column, ""):
            for node in page:
                for value in {version[0] for version in node.versions}:
                    fingerprint, _ = store.codec.open(column.seal_name, value)
                    counter[UNREADABLE if fingerprint is None else fingerprint] += 1
            progress(column.title, len(page))
    return counts


def sealing_state(store: Store, counts: dict[str, Counter[str]]) -> SealingState:
    """Return how far values are sealed with the current key, from `count_sealings`."""
    current, sealing = store.codec.current_fingerprint, store.sealing()
    used = {key for counter in counts.values() for key in counter}
    if not (store.codec.opens(sealing.key) and store.codec.opens(sealing.next_key)):
        return SealingState.KEY_LACKING
    if UNREADABLE in used:
        return SealingState.UNREADABLE
    if current == PLAIN:
        return SealingState.NO_KEY
    if not used and sealing.is_uniform and sealing.key == PLAIN:
        return SealingState.EMPTY
    is_rotated = sealing.is_uniform and sealing.key == current and used <= {current}
    return SealingState.COMPLETE if is_rotated else SealingState.ROTATION_NEEDED


def rotate_keys(store: Store, progress: RotationProgress = lambda _title, _nodes: None) -> RotationResult:
    """Seal all confidential values with the current key of the file. A killed run is continued by running it again.

    Where values are left that no key opens, the rotation stays incomplete. Raises `SettingInvalid` without a key, or where the file
    lacks the key of the store; `ImportRunning`.
    """
    current = store.codec.current_fingerprint
    if current == PLAIN:
        raise SettingInvalid(
            name=KEY_FILE_SETTING,
            reason_zh="未设置密钥文件。可用 graph-service keys generate --file 新建。",
            reason_en="No key file is set. Make one with graph-service keys generate --file.",
        )
    result = RotationResult(current)
    with hold_writer_lock(store, rotates=True) as token:
        sealing = store.settle_key(token)
        if sealing.key == current and sealing.is_uniform and _has_one_key(store, token):
            return result
        [[(reached_title, reached_key)]] = _record(store, token, "imports/rotate", mark=current)
        titles = [column.title for column in sealed_columns(MODEL)]
        position = titles.index(reached_title) if reached_title in titles else 0
        for column in sealed_columns(MODEL)[position:]:
            _rotate_column(store, token, column, reached_key if column.title == reached_title else "", result, progress)
        # The part before the place where a killed run had stopped is counted too.
        counts = count_sealings(store, lambda _title, _nodes: mark_active(token))
        result.unreadable = Counter(
            {title: counter[UNREADABLE] for title, counter in counts.items() if counter[UNREADABLE]}
        )
        if result.unreadable:
            # With the lacking key, the next run reads them again.
            _record(store, token, "imports/resealed", reached=["", ""])
            return result
        # Where this is cut off, the next run does it again, and `prepare` creates an index that is missing.
        store.run_schema([text for column in sealed_columns(MODEL) for text in column.reindex])
        mark_active(token)
        _record(store, token, "imports/rotated", mark=current)
        store.settle_key(token)
    return result


def _has_one_key(store: Store, token: str) -> bool:
    counts = count_sealings(store, lambda _title, _nodes: mark_active(token))
    return all(counter.keys() <= {store.codec.current_fingerprint} for counter in counts.values())


def _rotate_column(
    store: Store, token: str, column: SealedColumn, after: str, result: RotationResult, progress: RotationProgress
) -> None:
    for page in _pages(store, column, after):
        resealing = reseal_page(store.codec, column, page)
        if resealing.values:
            _write_batch(store, token, column, resealing, page[-1].key)
            result.resealed[column.title] += len(resealing.values)
        mark_active(token)
        progress(column.title, len(page))


def _record(store: Store, token: str, name: str, **parameters: Any) -> list[Row]:
    """Record a step of the rotation, as the writer that holds the lock. Raises `LeaseLost`."""

    def work(tx: Transaction) -> list[Row]:
        require_lock(tx, token)
        return tx.run(get_statement(name).text, {"token": token, **parameters})

    return store.write(work, name)


def _write_batch(store: Store, token: str, column: SealedColumn, resealing: Resealing, last_key: str) -> None:
    def work(tx: Transaction) -> None:
        require_lock(tx, token)
        tx.run(column.reseal, {"rows": resealing.values})
        if resealing.numbers:
            tx.run(column.renumber, {"rows": resealing.numbers})
        tx.run(get_statement("imports/resealed").text, {"token": token, "reached": [column.title, last_key]})

    store.write(work, "imports/resealed")


def reseal_page(codec: Codec, column: SealedColumn, page: Sequence[OwnedVersions]) -> Resealing:
    """Return the rows that seal the values of a page with the current key. A number that is derived from a sealed value follows it:
    otherwise the next delivery would take its record for a new one."""
    resealing = Resealing()
    for node in page:
        for stored in dict.fromkeys(version[0] for version in node.versions):
            fingerprint, value = codec.open(column.seal_name, stored)
            if fingerprint in (None, codec.current_fingerprint):
                continue
            sealed = codec.seal_with(codec.current_fingerprint, column.seal_name, value) or ""
            resealing.values.append({"key": node.key, "stored": stored, "sealed": sealed})
            number = next(_new_numbers(codec, column, node, stored, sealed), None)
            if number is not None:
                resealing.numbers.append({"key": node.key, "number": number})
    return resealing


def _new_numbers(codec: Codec, column: SealedColumn, node: OwnedVersions, stored: str, sealed: str) -> Iterator[str]:
    """Yield the new number of a node whose number is derived from a version with a sealed value."""
    for version in node.versions:
        if not column.renumber or version[0] != stored:
            continue
        if node.key[:NUMBER_LENGTH] == codec.derive_number(*_number_parts(column, version, stored)):
            yield codec.derive_number(*_number_parts(column, version, sealed)) + node.key[NUMBER_LENGTH:]


def _number_parts(column: SealedColumn, version: Sequence[Any], value: str) -> list[Any]:
    """Return the values of a version from which the number is derived, with this text in place of the sealed one."""
    parts: list[Any] = []
    stored_values = iter(version[1:])
    for names in column.number_parts:
        values = tuple(
            value if name == column.name else stored for name, stored in zip(names, stored_values, strict=False)
        )
        # A code is stored with its raw text, and hashed as both.
        parts.append(values[0] if len(values) == 1 else values)
    return parts


def _pages(store: Store, column: SealedColumn, after: str) -> Iterator[list[OwnedVersions]]:
    while True:
        rows = store.query_text(column.page, {"after": after, "limit": PAGE_SIZE}, "sealed values")
        page = [OwnedVersions(*row) for row in rows]
        if not page:
            return
        yield page
        after = page[-1].key
