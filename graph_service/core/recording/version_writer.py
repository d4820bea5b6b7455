"""Versions → the graph: what is known is read, what differs is written, each batch once."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.core.recording.affected_counties import AffectedCounties
from graph_service.core.recording.record_versions import RecordVersion, Target, upsert_statements
from graph_service.core.recording.writer_lock import mark_active, record_heartbeat
from graph_service.domain.metamodel import OPEN_SEQUENCE, LabelStorage
from graph_service.domain.model import MODEL
from graph_service.domain.upserts import Upsert
from graph_service.errors import LeaseLost, StatementTimeout
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store

OWNER_BY_RECORD = {"HouseholdYear": "Household", "PersonYear": "Person"}
"""Records from which it is derived where their owners live, to whom they belong and whether they are poor."""
HEARTBEAT_SECONDS = 10.0
END_NOT_UNDERSTOOD = "END_NOT_UNDERSTOOD"
MIN_SPLIT_ROWS = 50
"""A batch of so few rows that takes longer than it may is not taken apart any more."""
DRY_RUN_SEQUENCE = -1
"""The sequence of what a dry run would write."""


@dataclass(slots=True)
class VersionComparison:
    """Versions of a batch: to be made; with the sequence that they replace; made by this import before it was killed; and what to
    remark of some, with its code: not taken, or taken from an older collection than the last."""

    new: list[RecordVersion] = field(default_factory=list)
    changed: list[tuple[RecordVersion, int]] = field(default_factory=list)
    resumed: list[RecordVersion] = field(default_factory=list)
    former_ends: list[Sequence[Any]] = field(default_factory=list)
    """Of relationships that lead elsewhere now: the ends that they had."""
    issues: list[tuple[RecordVersion, str]] = field(default_factory=list)


@dataclass(slots=True)
class VersionWriter:
    """The one writer of a running import; without a sequence it only compares."""

    store: Store
    sequence: int | None
    token: str
    later_sequences: Mapping[int, bool]
    """Sequences later than this collection, and whether each is an official's change: what they recorded is not rolled back."""
    batch_number: int = 0
    sheet: str = ""
    rows_read: int = 0
    """How far the import has come: the sheet, and the rows read of all sheets."""
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    affected_counties: AffectedCounties = field(default_factory=AffectedCounties)
    _last_heartbeat: float = field(default_factory=time.monotonic)
    _is_target_empty: dict[Target, bool] = field(default_factory=dict)

    def write(
        self, sheet: str, versions_by_target: dict[Target, list[RecordVersion]], row_count: int = 0
    ) -> tuple[dict[str, set[str]], list[tuple[RecordVersion, str]]]:
        """Write one batch, a transaction for each target: small ones are what an engine likes, and what a killed import leaves
        undone is found when it is resumed.

        Gives the keys of households and persons of whose records this import has changed some, also before it was killed and
        resumed, by label, and the remarks on versions, by code.
        """
        self.sheet, self.rows_read = sheet, self.rows_read + row_count
        touched: dict[str, set[str]] = defaultdict(set)
        remarks: list[tuple[RecordVersion, str]] = []
        for target, versions in versions_by_target.items():
            texts = upsert_statements(target)
            found = self._compare(sheet, target, versions)
            remarks.extend(found.issues)
            changed = [_parameter_row(texts, v, replaced) for v, replaced in found.changed]
            fresh = [_parameter_row(texts, v, None) for v in found.new]
            made = [*found.new, *found.resumed, *(v for v, _ in found.changed)]
            self.affected_counties.add(target, [*(v.leading_values for v in made), *found.former_ends])
            if found.resumed and len(target) > 1 and MODEL.relationships[target[0]].identified_by != "both":
                # Whence it led before it was made is not known any more.
                self.affected_counties.mark_all()
            if owner := OWNER_BY_RECORD.get(target[0]):
                touched[owner].update(str(v.key[0]) for v in made)
            if self.sequence is not None:
                self._write_rows(texts, fresh, changed)
        if self.sequence is None:
            return {}, remarks
        if time.monotonic() - self._last_heartbeat > HEARTBEAT_SECONDS:
            # What changes nothing writes nothing, and may take long.
            record_heartbeat(self.store, self.token, self.sheet, self.rows_read)
            self._last_heartbeat = time.monotonic()
        return touched, remarks

    def _write_rows(self, statements: Upsert, new: list[list[Any]], changed: list[list[Any]]) -> None:
        """Write rows in one transaction; where it took longer than it may, in two of half the size, and so on."""
        steps: list[tuple[str, list[Any]]] = []
        if changed and statements.supersede:
            steps.append((statements.supersede, changed))
        if new or changed:
            steps.append((statements.create, new + changed))
        if not steps:
            return
        try:
            self.apply(steps)
        except StatementTimeout:
            if len(new) + len(changed) <= MIN_SPLIT_ROWS:
                raise
            for half in (slice(None, None, 2), slice(1, None, 2)):
                self._write_rows(statements, new[half], changed[half])

    def end_versions(self, sheet: str, target: Target, versions: list[RecordVersion]) -> None:
        """Write what a complete delivery has ended: relationships with their last day; records of a year are withdrawn."""
        if len(target) > 1:
            counts, texts = self.counts[sheet], upsert_statements(target)
            changed = counts["changed"]
            if self.sequence is not None:
                # A former year's row of this import may have brought it: it is none of the day.
                self.apply([(texts.end, [_parameter_row(texts, one, None) for one in versions])])
            self.write(sheet, {target: versions})
            counts["ended"] += counts["changed"] - changed
            counts["changed"] = changed
            return
        self.counts[sheet]["withdrawn"] += len(versions)
        self.affected_counties.add(target, [one.leading_values for one in versions])
        if self.sequence is not None:
            self.apply([(upsert_statements(target).supersede, [one.leading_values for one in versions])])

    def apply(self, steps: list[tuple[str, list[Any]]]) -> None:
        """Run the steps in one transaction, once: a retry after a lost answer finds its batch taken."""
        self.batch_number += 1
        mark_active(self.token)

        def work(tx: Transaction) -> bool:
            reached = {"batch": self.batch_number, "sheet": self.sheet, "rows": self.rows_read}
            if not tx.run(get_statement("imports/fence").text, {"token": self.token, **reached}):
                return bool(tx.run(get_statement("imports/held").text, {"token": self.token}))
            for text, rows in steps:
                tx.run(text, {"rows": rows, "seq": self.sequence, "open": OPEN_SEQUENCE})
            return True

        if not self.store.write(work, "imports/batch"):
            raise LeaseLost

    def _compare(self, sheet: str, target: Target, versions: list[RecordVersion]) -> VersionComparison:
        """The versions of a batch by what has to be done with them; the sheet's counts are kept."""
        count, known, out = self.counts[sheet], self._stored_versions(target, versions), VersionComparison()
        repeating = any(v.is_repeated for v in versions)
        fixed = len(target) == 1 and MODEL.labels[target[0]].storage is LabelStorage.FIXED
        for version in versions:
            found = known.get(version.key)
            if found is None:
                if version.has_unread_end:
                    _record_outcome(version, "refused")
                    out.issues.append((version, END_NOT_UNDERSTOOD))
                    continue
                count["new"] += 1
                _record_outcome(version, "new")
                out.new.append(version)
                if repeating:
                    known[version.key] = (self.sequence or DRY_RUN_SEQUENCE, version.values)
                continue
            recorded, values = found
            version.fill_absent(values)
            mine = recorded == (self.sequence or DRY_RUN_SEQUENCE)
            if fixed or values == version.values:
                if mine and not version.is_repeated:
                    count["resumed"] += 1
                    _record_outcome(version, "resumed")
                    out.resumed.append(version)
                else:
                    count["same"] += 1
            elif mine or version.is_repeated:
                out.issues.append((version, "ROWS_DISAGREE"))
            elif recorded in self.later_sequences:
                count["older"] += 1
                _record_outcome(version, "older")
                out.issues.append((version, "CHANGE_KEPT" if self.later_sequences[recorded] else "OLDER_DELIVERY"))
            else:
                count["changed"] += 1
                _record_outcome(version, "changed")
                out.changed.append((version, recorded))
                if len(target) > 1 and values[:2] != version.values[:2]:
                    out.former_ends.append(values[:2])
                if not all(self.later_sequences.values()):
                    out.issues.append((version, "CHANGED_BY_OLDER"))
                if repeating:
                    known[version.key] = (self.sequence or DRY_RUN_SEQUENCE, version.values)
        return out

    def _stored_versions(
        self, target: Target, versions: list[RecordVersion]
    ) -> dict[tuple[Any, ...], tuple[int, list[Any]]]:
        """What the graph has of their keys: key → (sequence, values)."""
        texts = upsert_statements(target)
        if texts.exists:
            if target not in self._is_target_empty:
                self._is_target_empty[target] = not self.store.query_text(texts.exists, {})
            if self._is_target_empty[target]:
                # There was none when the import began: only its own rows can have brought it.
                versions = [v for v in versions if v.is_repeated]
        if not versions:
            return {}
        plain = len(target) == 1 and not MODEL.labels[target[0]].owner
        keys = [v.key[0] if plain else list(v.key) for v in versions]
        [[rows]] = self.store.query_text(texts.known, {"keys": keys, "open": OPEN_SEQUENCE})
        return {((row[0],) if plain else tuple(row[0])): (row[1], row[2]) for row in rows}


def _record_outcome(version: RecordVersion, outcome: str) -> None:
    if version.outcome is not None:
        version.outcome.record(outcome)


def _parameter_row(statements: Upsert, version: RecordVersion, replaced_sequence: int | None) -> list[Any]:
    spelling = statements.spell(version.stored_values) if statements.spell else ()
    return [*version.leading_values, version.source, replaced_sequence, *version.stored_values, *spelling]
