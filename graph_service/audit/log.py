"""The audit log: entries in a SQLite file that are added and never changed, each hashed together with the one before it.

The head of the chain is noted outside the log after every entry (`AuditAnchor`): whoever rewrites or cuts the log cannot rewrite
that too, as long as the anchor lies where only the service can append. Every entry has its head there: verification reports those that
have none. Heads of a writer that was cut off between the two are appended by the next one.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

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
from graph_service.errors import AuditAnchorFailed, AuditLogFailed
from graph_service.platform.local_database import LocalDatabase, Migration, format_moment, utc_now
from graph_service.telemetry.events import audit_failed, audit_written

FILE_NAME = "audit.sqlite"
ANCHOR_NAME = "audit-anchor.txt"
MAX_LATE_HEADS = 100
"""Largest number of heads that are appended late: more than writers leave that are cut off at a time. Where more are missing, the anchor
itself was cut or replaced, which verification has to report."""
TAIL_BYTES = 64_000
"""Length of the end of the anchor that has the heads of more than `MAX_LATE_HEADS` entries."""
HEAD_LINE = re.compile(r"([0-9]{1,18}) ([0-9a-f]{64})(?:\s|$)")
"""A line of the anchor: number and digest; its moment is for readers."""
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

    def append(self, *heads: AnchoredHead, moment: datetime) -> None:
        """Append heads, on disk when this returns. Raises `AuditAnchorFailed`."""
        lines = "".join(f"{head.number} {head.digest.hex()} {format_moment(moment)}\n" for head in heads)
        self._write(lines.encode("ascii"))

    def end_line(self) -> None:
        """End a last line that was cut off, and create the file where it is missing. Raises `AuditAnchorFailed`."""
        tail = self._tail()
        self._write(b"\n" if tail and not tail.endswith(b"\n") else b"")

    def heads(self) -> Iterator[AnchoredHead]:
        """Yield the heads in the order in which they were appended; a line that is none is left out. Raises `AuditAnchorFailed`."""
        try:
            with self.path.open(encoding="ascii", errors="replace") as file:
                yield from _parse_heads(file)
        except FileNotFoundError:
            return
        except OSError as error:
            raise AuditAnchorFailed(path=self.path, reason=error) from error

    def last_heads(self) -> list[AnchoredHead]:
        """Return the heads that were appended last, more than `MAX_LATE_HEADS` where there are as many. Raises `AuditAnchorFailed`."""
        return list(_parse_heads(self._tail().decode("ascii", errors="replace").splitlines()))

    def _write(self, content: bytes) -> None:
        try:
            descriptor = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            try:
                if os.write(descriptor, content) < len(content):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditAnchorFailed(path=self.path, reason=error) from error

    def _tail(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - TAIL_BYTES, 0))
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise AuditAnchorFailed(path=self.path, reason=error) from error


def _parse_heads(lines: Iterable[str]) -> Iterator[AnchoredHead]:
    for line in lines:
        if match := HEAD_LINE.match(line):
            yield AnchoredHead(int(match[1]), bytes.fromhex(match[2]))


class AuditDatabase(LocalDatabase):
    """The file of the audit log. Raises `AuditLogFailed`."""

    migrations = MIGRATIONS
    failure = AuditLogFailed


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Filter of the listed entries: of a user, about a record, of some events, from a moment, before a moment. `records`: numbers of
    records, one of which the entry shows among its subjects or requested records; each contains the first."""

    user: str | None = None
    records: tuple[str, ...] = ()
    events: tuple[AuditEvent, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The audit log of an installation. Safe to share between threads and processes."""

    def __init__(self, path: Path, anchor: AuditAnchor) -> None:
        self._database = AuditDatabase(path)
        self.anchor = anchor
        self._is_caught_up = False

    @property
    def path(self) -> Path:
        return self._database.path

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
        if not self._is_caught_up:
            # Before it is done: a head that another thread fails to append meanwhile is appended by the next entry.
            self._is_caught_up = True
            try:
                self._append_late_heads()
            except AuditLogFailed:
                self._is_caught_up = False
                raise
        with self._database.transaction() as connection:
            newest = connection.execute("SELECT number, digest FROM entry ORDER BY number DESC LIMIT 1").fetchone()
            number, previous = newest or (0, FIRST_DIGEST)
            moment = utc_now()
            content = encode_content(number + 1, moment, record)
            entry = AuditEntry(number + 1, moment, record, chain_digest(previous, content))
            connection.execute(
                "INSERT INTO entry (number, content, digest) VALUES (?, ?, ?)", (entry.number, content, entry.digest)
            )
        try:
            self.anchor.append(AnchoredHead(entry.number, entry.digest), moment=moment)
        except AuditAnchorFailed:
            self._is_caught_up = False
            raise
        # Wherever the service's log is collected, it is one more anchor.
        # Not side by side: number and digits would look like a telephone.
        log.info("audit entry %d: %s", entry.number, entry.digest.hex())
        return entry

    def _append_late_heads(self) -> None:
        """Append the heads of the last entries where their writers were cut off before they had. Raises `AuditAnchorFailed` where the anchor
        cannot be written: then no entry is added that would have no head."""
        self.anchor.end_line()
        heads = {head.number: head.digest for head in self.anchor.last_heads()}
        first, last = min(heads, default=0), max(heads, default=0)
        rows = self.stored_rows(max(first, last - MAX_LATE_HEADS) - 1, 2 * MAX_LATE_HEADS + 2)
        digests = {number: digest for number, _, digest in rows}
        missing = [AnchoredHead(number, digest) for number, digest in digests.items() if number not in heads]
        if rows and (digests.get(last) != heads.get(last) or max(digests) - last > MAX_LATE_HEADS or not heads):
            log.warning("audit anchor %s does not continue the log: run graph-service verify audit", self.anchor.path)
        elif missing:
            self.anchor.append(*missing, moment=utc_now())
            newest = missing[-1].number
            log.warning("audit anchor %s: %d heads up to %d were appended late", self.anchor.path, len(missing), newest)

    def list_entries(
        self, areas: Sequence[str], filter_: AuditFilter = AuditFilter(), *, before: int | None = None, limit: int = 50
    ) -> list[AuditEntry]:
        """Return the newest entries with a lower number than `before` that concern only or also some areas, newest first."""
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

    def newest_number(self) -> int:
        """Return the number of the newest entry, 0 for a log without entries."""
        [(number,)] = self._database.query("SELECT coalesce(max(number), 0) FROM entry")
        return int(number)

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
        within, bounds = _within(areas)
        # What concerns an area concerns those within it.
        containing = sorted({area[:length] for area in areas for length in range(len(area))})
        ranges = f"{within} OR area IN ({', '.join('?' * len(containing))})"
        parameters += [*bounds, *containing]
        conditions.append(f"EXISTS (SELECT 1 FROM entry_area a WHERE a.number = entry.number AND ({ranges}))")  # noqa: S608
    if filter_.records:
        condition, values = _about_records(filter_.records, areas)
        conditions.append(condition)
        parameters += values
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


def _about_records(numbers: Sequence[str], areas: Sequence[str]) -> tuple[str, list[str]]:
    """Return the condition that an entry shows one of some records to who audits some areas, and its parameters: a subject in one of them, or
    a record that the request names, which is shown where all areas of the entry are audited."""
    within, bounds = _within(areas)
    places = ", ".join("?" * len(numbers))
    if tuple(areas) == EVERYWHERE:
        subject_areas, subject_bounds = "true", list[str]()
    else:
        subject_areas = f"EXISTS (SELECT value AS area FROM json_each(subject.value, '$[2]') WHERE {within})"  # noqa: S608
        subject_bounds = bounds
    subjects = f"EXISTS (SELECT * FROM json_each(content, '$.subjects') subject WHERE subject.value ->> 1 IN ({places}) AND {subject_areas})"  # noqa: S608
    requested = (
        f"EXISTS (SELECT * FROM json_each(content, '$.requested') request WHERE request.value ->> 1 IN ({places}))"  # noqa: S608
    )
    elsewhere = f"EXISTS (SELECT value AS area FROM json_each(content, '$.areas') WHERE NOT {within})"  # noqa: S608
    # Few contents have the number, as JSON writes it, in any place, which is found soonest.
    condition = f"instr(content, ?) > 0 AND ({subjects} OR {requested} AND NOT {elsewhere})"
    return condition, [orjson.dumps(numbers[0]).decode()[1:-1], *numbers, *subject_bounds, *numbers, *bounds]


def _within(areas: Sequence[str]) -> tuple[str, list[str]]:
    """Return the condition that the column `area` lies in some areas, and its parameters."""
    # Codes are digits: ":" is the character after "9".
    bounds = [bound for area in areas for bound in (area, f"{area}:")]
    return f"({' OR '.join(['area >= ? AND area < ?'] * len(areas)) or 'false'})", bounds
