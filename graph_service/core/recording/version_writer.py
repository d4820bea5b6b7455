"""Writer of versions to the graph: recorded values are read, differences are written, each batch once."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph_service.core.recording.affected_counties import AffectedCounties
from graph_service.core.recording.record_versions import RecordVersion, record_key, upsert_statements
from graph_service.core.recording.writer_lock import mark_active, record_heartbeat
from graph_service.domain.metamodel import OPEN_SEQUENCE, LabelStorage
from graph_service.domain.model import MODEL
from graph_service.domain.records import RecordKey, Target
from graph_service.domain.upserts import StoredVersion, Upsert
from graph_service.errors import LeaseLost, StatementTimeout
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store

OWNER_BY_RECORD = {"HouseholdYear": "Household", "PersonYear": "Person"}
"""Records from which their owners' place of residence, membership and poverty status are derived."""
HEARTBEAT_SECONDS = 10.0
END_NOT_UNDERSTOOD = "END_NOT_UNDERSTOOD"
MIN_SPLIT_ROWS = 50
"""Number of rows up to which a batch that takes too long is not split any more."""
DRY_RUN_SEQUENCE = -1
"""Sequence of the versions that a dry run would write."""


class ChangedVersion(NamedTuple):
    """A version that differs from the recorded one, and the sequence of that one."""

    version: RecordVersion
    replaced_sequence: int


class VersionIssue(NamedTuple):
    """A remark on a version: not taken, or taken from an older collection than the last."""

    version: RecordVersion
    code: str


class WriteStep(NamedTuple):
    """A statement with the rows that it takes: maps of named values."""

    text: str
    rows: list[dict[str, Any]]


@dataclass(slots=True)
class VersionComparison:
    """Versions of a batch: new; changed; resumed, written by this import before it was killed; and the issues of versions."""

    new: list[RecordVersion] = field(default_factory=list)
    changed: list[ChangedVersion] = field(default_factory=list)
    resumed: list[RecordVersion] = field(default_factory=list)
    former_keys: list[tuple[str, ...]] = field(default_factory=list)
    """Keys of the former ends of relationships that have other ends now."""
    issues: list[VersionIssue] = field(default_factory=list)


@dataclass(slots=True)
class VersionWriter:
    """The only writer of a running import; without a sequence it only compares."""

    store: Store
    sequence: int | None
    token: str
    later_sequences: Mapping[int, bool]
    """Sequences later than this collection, with True for an official's change: what they recorded is not rolled back."""
    batch_number: int = 0
    sheet: str = ""
    rows_read: int = 0
    """Progress of the import: the sheet, and the rows read of all sheets."""
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    affected_counties: AffectedCounties = field(default_factory=AffectedCounties)
    _last_heartbeat: float = field(default_factory=time.monotonic)
    _is_target_empty: dict[Target, bool] = field(default_factory=dict)

    def write(
        self, sheet: str, versions_by_target: dict[Target, list[RecordVersion]], row_count: int = 0
    ) -> tuple[dict[str, set[str]], list[VersionIssue]]:
        """Write one batch, a transaction for each target: engines prefer small ones, and what a killed import leaves undone is found when
        it is resumed.

        Return the keys of households and persons with records changed by this import, also before it was killed and resumed, by label, and
        the remarks on versions.
        """
        self.sheet, self.rows_read = sheet, self.rows_read + row_count
        changed_keys: dict[str, set[str]] = defaultdict(set)
        remarks: list[VersionIssue] = []
        for target, versions in versions_by_target.items():
            statements = upsert_statements(target)
            comparison = self._compare(sheet, target, versions)
            remarks.extend(comparison.issues)
            changed_rows = [
                changed.version.to_parameters(target, changed.replaced_sequence) for changed in comparison.changed
            ]
            new_rows = [version.to_parameters(target) for version in comparison.new]
            written_versions = [
                *comparison.new,
                *comparison.resumed,
                *(changed.version for changed in comparison.changed),
            ]
            self.affected_counties.add(
                target, [*(version.record.keys for version in written_versions), *comparison.former_keys]
            )
            if (
                comparison.resumed
                and target.is_relationship
                and MODEL.relationships[target.name].identified_by != "both"
            ):
                # The former ends of a resumed relationship are no longer known.
                self.affected_counties.mark_all()
            if owner := OWNER_BY_RECORD.get(target.name):
                for version in written_versions:
                    changed_keys[owner].update(version.record.keys)
            if self.sequence is not None:
                self._write_rows(statements, new_rows, changed_rows)
        if self.sequence is None:
            return {}, remarks
        if time.monotonic() - self._last_heartbeat > HEARTBEAT_SECONDS:
            # A batch that changes nothing writes nothing, and may take long.
            record_heartbeat(self.store, self.token, self.sheet, self.rows_read)
            self._last_heartbeat = time.monotonic()
        return changed_keys, remarks

    def _write_rows(self, statements: Upsert, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
        """Write rows in one transaction; where it takes too long, in two of half the size, and so on."""
        steps: list[WriteStep] = []
        if changed and statements.supersede:
            steps.append(WriteStep(statements.supersede, changed))
        if new or changed:
            steps.append(WriteStep(statements.create, new + changed))
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
        """Write the versions ended by a complete delivery: relationships with their last day; records of a year are withdrawn."""
        if target.is_relationship:
            counts, statements = self.counts[sheet], upsert_statements(target)
            changed_before = counts["changed"]
            if self.sequence is not None:
                # A former year's row of this import may have written it: it does not hold on the day.
                self.apply([WriteStep(statements.end, [version.to_parameters(target) for version in versions])])
            self.write(sheet, {target: versions})
            counts["ended"] += counts["changed"] - changed_before
            counts["changed"] = changed_before
            return
        self.counts[sheet]["withdrawn"] += len(versions)
        self.affected_counties.add(target, [version.record.keys for version in versions])
        if self.sequence is not None:
            keys = [version.key.to_parameters() for version in versions]
            self.apply([WriteStep(upsert_statements(target).supersede, keys)])

    def apply(self, steps: list[WriteStep]) -> None:
        """Run the steps in one transaction, once: a retry after a lost answer finds that its batch is taken."""
        self.batch_number += 1
        mark_active(self.token)

        def work(tx: Transaction) -> bool:
            progress = {"batch": self.batch_number, "sheet": self.sheet, "rows": self.rows_read}
            if not tx.run(get_statement("imports/fence").text, {"token": self.token, **progress}):
                return bool(tx.run(get_statement("imports/held").text, {"token": self.token}))
            for text, rows in steps:
                tx.run(text, {"rows": rows, "seq": self.sequence, "open": OPEN_SEQUENCE})
            return True

        if not self.store.write(work, "imports/batch"):
            raise LeaseLost

    def _compare(self, sheet: str, target: Target, versions: list[RecordVersion]) -> VersionComparison:
        """Sort the versions of a batch by what has to be done with them; update the sheet's counts."""
        counts, stored_versions, comparison = (
            self.counts[sheet],
            self._stored_versions(target, versions),
            VersionComparison(),
        )
        own_sequence = self.sequence or DRY_RUN_SEQUENCE
        has_repeated = any(v.is_repeated for v in versions)
        is_fixed = not target.is_relationship and MODEL.labels[target.name].storage is LabelStorage.FIXED
        for version in versions:
            stored_version = stored_versions.get(version.key)
            if stored_version is None:
                if version.has_unread_end:
                    _record_outcome(version, "refused")
                    comparison.issues.append(VersionIssue(version, END_NOT_UNDERSTOOD))
                    continue
                counts["new"] += 1
                _record_outcome(version, "new")
                comparison.new.append(version)
                if has_repeated:
                    stored_versions[version.key] = StoredVersion(own_sequence, version.record)
                continue
            recorded_sequence, stored_record = stored_version
            version.keep_absent(stored_record)
            is_own_version = recorded_sequence == own_sequence
            if is_fixed or stored_record == version.record:
                if is_own_version and not version.is_repeated:
                    counts["resumed"] += 1
                    _record_outcome(version, "resumed")
                    comparison.resumed.append(version)
                else:
                    counts["same"] += 1
            elif is_own_version or version.is_repeated:
                comparison.issues.append(VersionIssue(version, "ROWS_DISAGREE"))
            elif recorded_sequence in self.later_sequences:
                counts["older"] += 1
                _record_outcome(version, "older")
                code = "CHANGE_KEPT" if self.later_sequences[recorded_sequence] else "OLDER_DELIVERY"
                comparison.issues.append(VersionIssue(version, code))
            else:
                counts["changed"] += 1
                _record_outcome(version, "changed")
                comparison.changed.append(ChangedVersion(version, recorded_sequence))
                if stored_record.keys != version.record.keys:
                    comparison.former_keys.append(stored_record.keys)
                if not all(self.later_sequences.values()):
                    comparison.issues.append(VersionIssue(version, "CHANGED_BY_OLDER"))
                if has_repeated:
                    stored_versions[version.key] = StoredVersion(own_sequence, version.record)
        return comparison

    def _stored_versions(self, target: Target, versions: list[RecordVersion]) -> dict[RecordKey, StoredVersion]:
        """Return the versions that the graph has for their keys."""
        statements = upsert_statements(target)
        if statements.exists:
            if target not in self._is_target_empty:
                self._is_target_empty[target] = not self.store.query_text(statements.exists, {})
            if self._is_target_empty[target]:
                # The target was empty when the import began: only rows of this import can have filled it.
                versions = [v for v in versions if v.is_repeated]
        if not versions:
            return {}
        keys = [version.key.to_parameters() for version in versions]
        [[rows]] = self.store.query_text(statements.lookup, {"keys": keys, "open": OPEN_SEQUENCE})
        stored_versions = map(statements.stored_version, rows)
        return {record_key(target, stored.record): stored for stored in stored_versions}


def _record_outcome(version: RecordVersion, outcome: str) -> None:
    if version.outcome is not None:
        version.outcome.record(outcome)
