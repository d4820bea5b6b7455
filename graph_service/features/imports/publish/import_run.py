"""An import, from its files to its publication."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from pathlib import Path
from typing import NamedTuple, TypeVar

import orjson

from graph_service.core.areas import bootstrap
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.import_lifecycle import begin, find_recorded_change, finish_unchanged, publish
from graph_service.core.recording.record_versions import RecordVersion, record_version
from graph_service.core.recording.version_writer import VersionWriter
from graph_service.core.recording.writer_lock import hold_writer_lock
from graph_service.domain.model import MODEL
from graph_service.domain.records import Target
from graph_service.errors import DeliveryRefused
from graph_service.features.checks.run import FINDING, FINDINGS_PROGRESS, GONE, compare_findings
from graph_service.features.imports.publish.import_report import ImportReport, add_table_results, count_changes
from graph_service.features.imports.read.header_matching import match_tables
from graph_service.features.imports.read.left_out_parts import unread_parts
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.read.matched_tables import MatchedTable, UnmatchedTable
from graph_service.features.imports.read.unread_tables import find_unread_sheets
from graph_service.features.imports.validate.collection_day import collection_day, require_valid_day
from graph_service.features.imports.validate.delivery_years import LatestYears, years_by_sheet
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.name_lookup import NameLookup
from graph_service.features.imports.validate.record_numbering import record_numberings
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.features.imports.validate.row_validation import TableValidator
from graph_service.features.imports.write.complete_delivery import (
    CompleteDelivery,
    end_missing_records,
    require_known_areas,
)
from graph_service.features.imports.write.derived_relationships import DERIVED_TYPES
from graph_service.features.imports.write.homes import derive_household_relationships
from graph_service.features.imports.write.memberships import derive_memberships
from graph_service.platform.engine.client import import_time_limit
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store

T = TypeVar("T")
BATCH_SIZE = 5_000
FINDINGS_SHEET = "疑点"
"""Name under which the findings of checks are counted, beside the sheets."""
ProgressCallback = Callable[[str, int], None]
"""Called with the sheet's name and the rows read since the last call."""


class LaterVersion(NamedTuple):
    """A data version later than a collection: its sequence, and whether it is an official's change."""

    sequence: int
    is_change: bool


def import_files(
    store: Store,
    paths: Sequence[Path],
    *,
    mapping: HeaderMapping | None = None,
    purpose: str = "COLLECTION",
    submitted_by: str = "",
    day: int | None = None,
    progress: ProgressCallback = lambda _sheet, _rows: None,
    dry_run: bool = False,
    client_key: str | None = None,
    rejected_rows: RejectedRowCollector | None = None,
    complete_areas: Sequence[str] = (),
    lookup_areas: Sequence[str] = (),
) -> ImportReport:
    """Import files; nothing of it is visible before it is complete. A killed run is resumed by running it again.

    `day`: day of the collection as YYYYMMDD; without one, the day that the files state (docs/reference/files.md). Raises `DayUnknown` where
    they state none. `submitted_by`: name of the submitter. `client_key`: key that the client chooses, under which it is imported
    only once. `dry_run`: everything is read, checked and compared, and nothing is written. `rejected_rows`: gets the refused rows
    as they were delivered. `complete_areas`: codes of areas for which each sheet is complete: records that it lacks end there.
    `lookup_areas`: codes of the areas in which villages, cadres and departments are looked up by name. Raises `AreaUnknown`.
    """
    mapping = mapping or HeaderMapping()
    delivery = open_delivery(paths)
    matched, unmatched = match_tables(delivery.tables, MODEL, mapping)
    if not matched:
        _keep_partial_tables(rejected_rows, unmatched)
        names = "、".join(dict.fromkeys(map(str, unmatched)))
        raise DeliveryRefused(
            reason_zh=f"没有一张表像登记表（{names}）。表头不同可用映射文件：graph-service mapping --for 文件 > mapping.toml，再核对草稿（没有户编号、人口编号的名单须先补编号，系统不按姓名认户认人）",
            reason_en=f"no table matches a sheet of a register ({names}). If the headers differ, create a draft mapping with graph-service mapping --for FILE > mapping.toml and check it; households and persons must have numbers, because they are never identified by name",
        )
    store.prepare()
    store.require_uniform_sealing()
    bootstrap(store)
    areas, stated_day = require_known_areas(store, complete_areas), day or ""
    lookup = NameLookup(store, require_known_areas(store, lookup_areas))
    if day is not None:
        require_valid_day(day)
    sheet_years = years_by_sheet(matched)
    day = day or collection_day(matched, sheet_years, newest_version(store))
    report = ImportReport(None, day, {}, dry=dry_run, lacking=any(table.missing_headers for table in unmatched))
    report.left_out.extend(unread_parts(delivery))
    report.left_out.extend(part for table in unmatched for part in (table.left_out_part, *table.unusable_columns))
    _keep_partial_tables(rejected_rows, unmatched)
    unread_sheets = find_unread_sheets(unmatched, report.left_out) if areas else set[str]()
    if dry_run:
        with import_time_limit():
            writer = VersionWriter(store, None, "", _later_sequences(store, day))
            _read_tables(matched, writer, report, progress, rejected_rows, areas, sheet_years, lookup, unread_sheets)
        return report
    content_key = f"{delivery.content_hash}:{hash_text(mapping.source_text)}:{stated_day}:{purpose}:{','.join(areas)}"
    if lookup.areas:
        content_key += f":{','.join(lookup.areas)}"
    report.sequence = find_recorded_change(store, client_key, submitted_by, content_key)
    if report.sequence is not None:
        report.repeated = True
        return report
    with hold_writer_lock(store) as token:
        # Another process may have made this import, or published a newer version, while this one read.
        report.sequence = find_recorded_change(store, client_key, submitted_by, content_key)
        if report.sequence is not None:
            report.repeated = True
            return report
        sequence = begin(store, token, content_key, delivery.files, purpose, submitted_by, day, client_key)
        writer = VersionWriter(store, sequence, token, _later_sequences(store, day))
        _read_tables(matched, writer, report, progress, rejected_rows, areas, sheet_years, lookup, unread_sheets)
        _run_checks(writer, sequence, report, progress)
        _finish(store, sequence, token, report, client_key)
    return report


def _keep_partial_tables(rejected_rows: RejectedRowCollector | None, unmatched: Sequence[UnmatchedTable]) -> None:
    """Keep the rows of tables that lack columns, so that they can be completed."""
    if rejected_rows is not None:
        for table in unmatched:
            rejected_rows.add_partial(table)


def _later_sequences(store: Store, day: int) -> dict[int, bool]:
    """Return the sequences that a collection of this day does not roll back, as `VersionWriter` takes them."""
    later_versions = (LaterVersion(*row) for row in store.query("imports/later", day=day))
    return {version.sequence: version.is_change for version in later_versions}


def _read_tables(
    matched_tables: list[MatchedTable],
    writer: VersionWriter,
    report: ImportReport,
    progress: ProgressCallback,
    rejected_rows: RejectedRowCollector | None,
    complete_areas: tuple[str, ...],
    sheet_years: dict[str, set[int]],
    lookup: NameLookup,
    unread_sheets: set[str],
) -> None:
    """Validate and write every row of every sheet, then end the missing records; fill the report."""
    with KeyIndex() as keys, KeyIndex() as changed_keys, KeyIndex() as delivered_keys, KeyIndex() as owner_keys:
        delivery, latest_years = (
            CompleteDelivery(complete_areas, report.day, delivered_keys),
            LatestYears(matched_tables, sheet_years, owner_keys),
        )
        year = report.day // 10000
        numberings = record_numberings(matched_tables, writer.store)
        has_composed_numbers = any(
            isinstance(matched.table, MappedTable) and matched.table.composed_columns for matched in matched_tables
        )
        validators = [
            TableValidator(
                matched,
                writer.store,
                keys,
                year,
                latest_years,
                rejected_rows,
                is_complete=bool(complete_areas),
                has_composed_numbers=has_composed_numbers,
                numbering=numberings.get(matched.sheet.name),
                name_lookup=lookup,
            )
            for matched in matched_tables
        ]
        batches = _iterate_ahead(
            (validator, batch) for validator in validators for batch in validator.batches(BATCH_SIZE)
        )
        # Closed here also when the writing fails: the thread that reads ahead must not outlive the store.
        with closing(batches):
            for validator, batch in batches:
                for target, versions in batch.versions_by_target.items():
                    delivery.record(target, versions)
                versions_by_target = {
                    target: versions
                    for target, versions in batch.versions_by_target.items()
                    if target.name not in DERIVED_TYPES
                }
                keys_by_label, remarks = writer.write(validator.sheet.name, versions_by_target, batch.row_count)
                for label, label_keys in keys_by_label.items():
                    changed_keys.add_all(label, label_keys)
                validator.outcomes.add(batch.outcomes)
                validator.reported_issues.extend(validator.version_issue(version, code) for version, code in remarks)
                progress(validator.sheet.name, batch.row_count)
        # All records of a household are written now, in whatever order they came.
        if complete_areas:
            _derive_relationships(writer, changed_keys, validators, delivery)
            for label, key in end_missing_records(validators, delivery, writer, unread_sheets):
                changed_keys.add(label, key)
        _derive_relationships(writer, changed_keys, validators)
    for validator in validators:
        add_table_results(validator, writer.counts.pop(validator.sheet.name, Counter()), report)
    report.changed = count_changes(report)


def _derive_relationships(
    writer: VersionWriter,
    changed_keys: KeyIndex,
    validators: list[TableValidator],
    delivery: CompleteDelivery | None = None,
) -> None:
    """Derive where the changed households live and who belongs to them. With a `delivery`, records that it lacks are ended by the
    delivery, on its own day, and poverty is derived later, from the remaining records."""
    for card_nos in changed_keys.batches("Household", BATCH_SIZE):
        derive_household_relationships(writer, card_nos, include_poverty=delivery is None)
    ended_memberships = derive_memberships(
        writer, changed_keys, silent_until=delivery.day // 10000 if delivery else None
    )
    if ended_memberships:
        validator_of_members = next(
            (
                validator
                for validator in validators
                if "MEMBER_OF" in {write.target for write in validator.sheet.writes}
            ),
            validators[0],
        )
        for person, household, year in ended_memberships:
            validator_of_members.report_table_issue("NO_RECORD_OF_YEAR", f"{person} / {household} / {year}")


def _run_checks(writer: VersionWriter, sequence: int, report: ImportReport, progress: ProgressCallback) -> None:
    """Run the checks on the counties that have changed: their findings are a part of the same data version."""
    counties = writer.affected_counties.counties(writer.store)
    last_version = newest_version(writer.store)
    as_of, previous_day = (
        max(report.day, last_version.latest_day if last_version else 0),
        last_version.latest_day if last_version else report.day,
    )
    # Findings follow from all records, so no recorded version is later than they are.
    writer.later_sequences = {}
    finding_counts: Counter[str] = Counter()
    for rows in compare_findings(
        writer.store, counties, sequence, as_of, previous_day=previous_day, reopen_resolved=True
    ):
        versions_by_target: dict[Target, list[RecordVersion]] = defaultdict(list)
        for row in rows:
            source = f"derived!Finding!{row.record.first_key}"
            versions_by_target[row.target].append(record_version(row.target, row.record, source))
        findings = [row.record for row in rows if row.target == FINDING]
        finding_counts.update("gone" if finding.values["state"] == GONE else "found" for finding in findings)
        writer.write(FINDINGS_SHEET, versions_by_target)
        progress(FINDINGS_PROGRESS, len(findings))
    report.findings = dict(finding_counts)


def _iterate_ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Yield the same items, each read in a thread while the one before is worked on: rows are read while the engine writes."""

    def advance() -> T | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as pool:
        next_item = pool.submit(copy_context().run, advance)
        while (item := next_item.result()) is not None:
            next_item = pool.submit(copy_context().run, advance)
            yield item


def _finish(store: Store, sequence: int, token: str, report: ImportReport, client_key: str | None) -> None:
    if report.changed:
        publish(store, sequence, orjson.dumps(report.counts, option=orjson.OPT_SORT_KEYS).decode(), token)
        report.sequence = sequence
    else:
        version = newest_version(store)
        finish_unchanged(store, sequence, token, client_key, version.sequence if version else 0)


def hash_text(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
