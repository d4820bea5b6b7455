"""The audit log: entries in a SQLite file that are added and never changed, each hashed together with the one before it.

The head of the chain is noted outside the log after every entry (`AuditAnchor`): whoever rewrites or cuts the log cannot rewrite
that too, as long as the anchor lies where only the service can append.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.entries import (
    FIRST_DIGEST,
    AuditEntry,
    AuditEvent,
    AuditRecord,
    chain_digest,
    decode_entry,
    encode_content,
)
from graph_service.config import Settings
from graph_service.errors import AuditLogFailed
from graph_service.platform.local_database import LocalDatabase, Migration, format_moment, utc_now
from graph_service.telemetry.events import audit_failed, audit_written

FILE_NAME = "audit.sqlite"
ANCHOR_NAME = "audit-anchor.txt"
log = logging.getLogger("graph_service.audit")
MIGRATIONS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE entry (
          number INTEGER PRIMARY KEY,
          content TEXT NOT NULL,
          digest BLOB NOT NULL,
          user TEXT GENERATED ALWAYS AS (json_extract(content, '$.user')) VIRTUAL,
          event TEXT GENERATED ALWAYS AS (json_extract(content, '$.event')) VIRTUAL,
          moment TEXT GENERATED ALWAYS AS (json_extract(content, '$.moment')) VIRTUAL
        ) STRICT
        """,
        "CREATE INDEX entry_by_user ON entry (user, number)",
        "CREATE INDEX entry_by_moment ON entry (moment)",
        """
        CREATE TABLE entry_area (
          number INTEGER NOT NULL,
          area TEXT NOT NULL,
          PRIMARY KEY (number, area)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TRIGGER entry_areas AFTER INSERT ON entry BEGIN
          INSERT INTO entry_area SELECT DISTINCT NEW.number, value FROM json_each(NEW.content, '$.areas');
        END
        """,
        *(
            f"CREATE TRIGGER {table}_{action} BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            for table in ("entry", "entry_area")
            for action in ("UPDATE", "DELETE")
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class AnchoredHead:
    """A head of the chain as the anchor has it: number and digest of the newest entry at a moment."""

    number: int
    digest: bytes


class AuditAnchor:
    """File to which the head of the chain is appended after every entry, a line each."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: AuditEntry) -> None:
        """Append a head, on disk when this returns. Raises `AuditLogFailed`."""
        line = f"{entry.number} {entry.digest.hex()} {format_moment(entry.moment)}\n"
        try:
            descriptor = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line.encode("ascii"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditLogFailed(path=self.path, reason=error) from error

    def heads(self) -> Iterator[AnchoredHead]:
        """Yield the heads in the order in which they were appended; a line that is none is left out. Raises `AuditLogFailed`."""
        try:
            with self.path.open(encoding="ascii", errors="replace") as file:
                for line in file:
                    number, _, rest = line.partition(" ")
                    digest = rest.partition(" ")[0]
                    if number.isdigit() and len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
                        yield AnchoredHead(int(number), bytes.fromhex(digest))
        except FileNotFoundError:
            return
        except OSError as error:
            raise AuditLogFailed(path=self.path, reason=error) from error


class AuditDatabase(LocalDatabase):
    """The file of the audit log. Raises `AuditLogFailed`."""

    migrations = MIGRATIONS
    failure = AuditLogFailed


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Filter of the listed entries: of a user, of some events, from a moment, before a moment."""

    user: str | None = None
    events: tuple[AuditEvent, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The audit log of an installation. Safe to share between threads and processes."""

    def __init__(self, path: Path, anchor: AuditAnchor) -> None:
        self._database = AuditDatabase(path)
        self.anchor = anchor

    def close(self) -> None:
        self._database.close()

    def append(self, record: AuditRecord) -> AuditEntry:
        """Add an entry, on disk with its anchor when this returns. Raises `AuditLogFailed`: then what it is about must not happen."""
        try:
            entry = self._append(record)
        except AuditLogFailed:
            audit_failed()
            raise
        audit_written()
        return entry

    def _append(self, record: AuditRecord) -> AuditEntry:
        with self._database.transaction() as connection:
            newest = connection.execute("SELECT number, digest FROM entry ORDER BY number DESC LIMIT 1").fetchone()
            number, previous = newest or (0, FIRST_DIGEST)
            moment = utc_now()
            content = encode_content(number + 1, moment, record)
            entry = AuditEntry(number + 1, moment, record, chain_digest(previous, content))
            connection.execute(
                "INSERT INTO entry (number, content, digest) VALUES (?, ?, ?)", (entry.number, content, entry.digest)
            )
        self.anchor.append(entry)
        # Wherever the service's log is collected, it is one more anchor.
        log.info("audit entry %d %s", entry.number, entry.digest.hex())
        return entry

    def list_entries(
        self, areas: Sequence[str], filter_: AuditFilter = AuditFilter(), *, before: int | None = None, limit: int = 50
    ) -> list[AuditEntry]:
        """Return the newest entries with a lower number than `before` that concern only or also records in some areas, newest first."""
        conditions, parameters = _conditions(areas, filter_)
        if before is not None:
            conditions.append("number < ?")
            parameters.append(before)
        rows = self._database.query(
            f"SELECT content, digest FROM entry WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",  # noqa: S608
            (*parameters, limit),
        )
        return [decode_entry(*row) for row in rows]

    def count_entries(self, areas: Sequence[str], filter_: AuditFilter = AuditFilter()) -> int:
        """Return the number of entries that `list_entries` would list."""
        conditions, parameters = _conditions(areas, filter_)
        [(count,)] = self._database.query(
            f"SELECT count(*) FROM entry WHERE {' AND '.join(conditions)}",  # noqa: S608
            parameters,
        )
        return int(count)

    def stored_rows(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """Return the rows with a higher number as they are stored: number, content, digest."""
        rows = self._database.query(
            "SELECT number, content, digest FROM entry WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
        )
        return [(number, content, digest) for number, content, digest in rows]

    def stored_areas(self, first: int, last: int) -> dict[int, set[str]]:
        """Return the areas by which the entries with these numbers are listed."""
        areas: dict[int, set[str]] = {}
        for number, area in self._database.query(
            "SELECT number, area FROM entry_area WHERE number BETWEEN ? AND ?", (first, last)
        ):
            areas.setdefault(number, set()).add(area)
        return areas


def open_audit_log(settings: Settings) -> AuditLog:
    """Open the audit log of the data folder. Raises `AuditLogFailed`."""
    folder = settings.data_folder
    return AuditLog(folder / FILE_NAME, AuditAnchor(settings.audit_anchor or folder / ANCHOR_NAME))


def _conditions(areas: Sequence[str], filter_: AuditFilter) -> tuple[list[str], list[Any]]:
    conditions, parameters = ["true"], list[Any]()
    if tuple(areas) != EVERYWHERE:
        ranges = " OR ".join(["(a.area >= ? AND a.area < ?)"] * len(areas)) or "false"
        conditions.append(f"EXISTS (SELECT 1 FROM entry_area a WHERE a.number = entry.number AND ({ranges}))")  # noqa: S608
        for area in areas:
            # Codes are digits: ":" is the character after "9".
            parameters += [area, f"{area}:"]
    if filter_.user is not None:
        conditions.append("user = ?")
        parameters.append(filter_.user)
    if filter_.events:
        conditions.append(f"event IN ({', '.join('?' * len(filter_.events))})")
        parameters += [event.value for event in filter_.events]
    for moment, sign in ((filter_.since, ">="), (filter_.until, "<")):
        if moment is not None:
            conditions.append(f"moment {sign} ?")
            parameters.append(format_moment(moment))
    return conditions, parameters
