"""One import from its files to its publication."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

import orjson

from graph_service.core.areas import bootstrap
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.import_lifecycle import begin, find_recorded_change, finish_unchanged, publish
from graph_service.core.recording.record_versions import RecordVersion, Target, record_version
from graph_service.core.recording.version_writer import VersionWriter
from graph_service.core.recording.writer_lock import hold_writer_lock
from graph_service.domain.model import MODEL
from graph_service.errors import DeliveryRefused
from graph_service.features.checks.run import FINDING, GONE, compare_findings
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
from graph_service.features.imports.write.derived_relationships import (
    DERIVED_TYPES,
    derive_household_relationships,
    derive_memberships,
)
from graph_service.platform.engine.client import import_time_limit
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store

T = TypeVar("T")
BATCH_SIZE = 5_000
FINDINGS_SHEET = "疑点"
"""Under this name the findings of checks are counted, beside the sheets."""
ProgressCallback = Callable[[str, int], None]
"""Called with the sheet's name and the rows read since the last call."""


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
    """Import files; nobody sees anything of it before it is whole. A killed run is resumed by running it again.

    `day`: day of the collection as YYYYMMDD; without one, what the files say (docs/files.md). Raises `DayUnknown` where they say none.
    `submitted_by`: who delivers it. `client_key`: the client's own, under which it is made once. `dry_run`: everything is read, checked and compared, and nothing of it is written.
    `rejected_rows`: gets the refused rows as they were delivered. `complete_areas`: codes of areas of which each sheet has everything: what it
    lacks, ends there. `lookup_areas`: codes of the areas in which villages, cadres and departments are looked up by name. Raises `AreaUnknown`.
    """
    mapping = mapping or HeaderMapping()
    delivery = open_delivery(paths)
    matched, unmatched = match_tables(delivery.tables, MODEL, mapping)
    if not matched:
        _keep_partial_tables(rejected_rows, unmatched)
        names = "、".join(map(str, unmatched))
        raise DeliveryRefused(
            reason_zh=f"没有一张表像登记表({names})。表头不同可用映射文件:graph-service mapping --for 文件 > mapping.toml,再核对草稿(没有户编号、人口编号的名单须先补编号,系统不按姓名认户认人)",
            reason_en=f"no table looks like a sheet of a register ({names}). For other headers have a mapping drafted, graph-service mapping --for FILE > mapping.toml, and check it; households and persons need their numbers, nobody is known by a name alone",
        )
    store.prepare()
    bootstrap(store)
    areas, told = require_known_areas(store, complete_areas), day or ""
    lookup = NameLookup(store, require_known_areas(store, lookup_areas))
    if day is not None:
        require_valid_day(day)
    told_years = years_by_sheet(matched)
    day = day or collection_day(matched, told_years, newest_version(store))
    report = ImportReport(None, day, {}, dry=dry_run, lacking=any(one.missing_headers for one in unmatched))
    report.left_out.extend(unread_parts(delivery))
    report.left_out.extend(part for one in unmatched for part in (one.left_out_part, *one.unusable_columns))
    _keep_partial_tables(rejected_rows, unmatched)
    unread = find_unread_sheets(unmatched, report.left_out) if areas else set[str]()
    if dry_run:
        with import_time_limit():
            writer = VersionWriter(store, None, "", _later_sequences(store, day))
            _read_tables(matched, writer, report, progress, rejected_rows, areas, told_years, lookup, unread)
        return report
    content = f"{delivery.content_hash}:{hash_text(mapping.source_text)}:{told}:{purpose}:{','.join(areas)}"
    if lookup.areas:
        content += f":{','.join(lookup.areas)}"
    report.sequence = find_recorded_change(store, client_key, content)
    if report.sequence is not None:
        return report
    with hold_writer_lock(store) as token:
        # Another process may have made it, or published what is newer, while this one read.
        report.sequence = find_recorded_change(store, client_key, content)
        if report.sequence is not None:
            return report
        sequence = begin(store, token, content, delivery.files, purpose, submitted_by, day, client_key)
        writer = VersionWriter(store, sequence, token, _later_sequences(store, day))
        _read_tables(matched, writer, report, progress, rejected_rows, areas, told_years, lookup, unread)
        _run_checks(writer, sequence, report, progress)
        _finish(store, sequence, token, report, client_key)
    return report


def _keep_partial_tables(rejected_rows: RejectedRowCollector | None, unmatched: Sequence[UnmatchedTable]) -> None:
    """Hold the rows of tables that lack columns, so that they can be completed."""
    if rejected_rows is not None:
        for one in unmatched:
            rejected_rows.add_partial(one)


def _later_sequences(store: Store, day: int) -> dict[int, bool]:
    """What is not rolled back by a collection of this day, as `Writer` takes it."""
    return {row[0]: row[1] for row in store.query("imports/later", day=day)}


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
    """Every row of every sheet to the writer, then what is lacking; the report is filled."""
    with KeyIndex() as keys, KeyIndex() as changed, KeyIndex() as told, KeyIndex() as owners:
        complete, last = (
            CompleteDelivery(complete_areas, report.day, told),
            LatestYears(matched_tables, sheet_years, owners),
        )
        year = report.day // 10000
        numbers = record_numberings(matched_tables, writer.store)
        composed = any(isinstance(one.table, MappedTable) and one.table.composed_columns for one in matched_tables)
        sheets = [
            TableValidator(
                one,
                writer.store,
                keys,
                year,
                last,
                rejected_rows,
                is_complete=bool(complete_areas),
                has_composed_numbers=composed,
                numbering=numbers.get(one.sheet.name),
                name_lookup=lookup,
            )
            for one in matched_tables
        ]
        read_ahead = _iterate_ahead((one, batch) for one in sheets for batch in one.batches(BATCH_SIZE))
        # Closed here also when the writing fails: the thread that reads ahead must not outlive the store.
        with closing(read_ahead):
            for rows, batch in read_ahead:
                for target, versions in batch.versions_by_target.items():
                    complete.record(target, versions)
                written = {
                    target: some for target, some in batch.versions_by_target.items() if target[0] not in DERIVED_TYPES
                }
                touched, remarks = writer.write(rows.sheet.name, written, batch.row_count)
                for label, some in touched.items():
                    changed.add_all(label, some)
                rows.outcomes.add(batch.outcomes)
                rows.reported_issues.extend(rows.version_issue(version, code) for version, code in remarks)
                progress(rows.sheet.name, batch.row_count)
        # All records of a household are there now, in whatever order they came.
        if complete_areas:
            _derive_relationships(writer, changed, sheets, complete)
            for label, ended in end_missing_records(sheets, complete, writer, unread_sheets):
                changed.add(label, ended)
        _derive_relationships(writer, changed, sheets)
    for rows in sheets:
        add_table_results(rows, writer.counts.pop(rows.sheet.name, Counter()), report)
    report.changed = count_changes(report)


def _derive_relationships(
    writer: VersionWriter,
    changed_keys: KeyIndex,
    validators: list[TableValidator],
    delivery: CompleteDelivery | None = None,
) -> None:
    """Derive where the changed households live and who belongs to them. What a `delivery` delivery is silent on it ends itself,
    on its own day, and poverty follows from what is left."""
    for some in changed_keys.batches("Household", BATCH_SIZE):
        derive_household_relationships(writer, some, include_poverty=delivery is None)
    silent = derive_memberships(writer, changed_keys, silent_until=delivery.day // 10000 if delivery else None)
    if silent:
        first = next(
            (one for one in validators if "MEMBER_OF" in {write.target for write in one.sheet.writes}), validators[0]
        )
        for person, household, year in silent:
            first.report_table_issue("NO_RECORD_OF_YEAR", f"{person} / {household} / {year}")


def _run_checks(writer: VersionWriter, sequence: int, report: ImportReport, progress: ProgressCallback) -> None:
    """The checks, where something has changed: what they find is a part of the same data version."""
    counties = writer.affected_counties.counties(writer.store)
    last = newest_version(writer.store)
    as_of, before = max(report.day, last.latest_day if last else 0), last.latest_day if last else report.day
    # What follows from all that is known is older than nothing.
    writer.later_sequences = {}
    told: Counter[str] = Counter()
    for rows in compare_findings(writer.store, counties, sequence, as_of, previous_day=before, reopen_resolved=True):
        groups: dict[Target, list[RecordVersion]] = defaultdict(list)
        for target, row in rows:
            groups[target].append(record_version(target, row, f"derived!Finding!{row[0]}"))
        told.update("gone" if GONE in row else "found" for target, row in rows if target == FINDING)
        writer.write(FINDINGS_SHEET, groups)
        progress(FINDINGS_SHEET, sum(target == FINDING for target, _ in rows))
    report.findings = dict(told)


def _iterate_ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """The same items, the next one in the making while one is worked on: rows are read while the engine writes."""

    def advance() -> T | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(copy_context().run, advance)
        while (item := coming.result()) is not None:
            coming = pool.submit(copy_context().run, advance)
            yield item


def _finish(store: Store, sequence: int, token: str, report: ImportReport, client_key: str | None) -> None:
    if report.changed:
        publish(store, sequence, orjson.dumps(report.counts, option=orjson.OPT_SORT_KEYS).decode(), token)
        report.sequence = sequence
    else:
        last = newest_version(store)
        finish_unchanged(store, sequence, token, client_key, last.sequence if last else 0)


def hash_text(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
