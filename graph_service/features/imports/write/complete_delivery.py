"""End of records that a delivery lacks although it is complete for their areas (DOMAIN §2).

The delivery does not state the day on which they ended: they did not hold on the day of the collection, so their last day is the
day before. A record of a year that is missing from the sheet is withdrawn. A sheet with refused or hidden rows, with tables that
were not read or without any record ends nothing: those rows may hold the records that seem to be missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import orjson

from graph_service.core.areas import code_range
from graph_service.core.recording.record_versions import RecordVersion, record_version, upsert_statements
from graph_service.core.recording.version_writer import DRY_RUN_SEQUENCE, OWNER_BY_RECORD, VersionWriter
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import days_after
from graph_service.domain.existing_records import ended_targets, existing_records_statement
from graph_service.domain.metamodel import OPEN_SEQUENCE, Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.records import NodeRecord, RelationshipKey, RelationshipRecord, Target
from graph_service.errors import AreaUnknown
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_validation import TableValidator
from graph_service.features.imports.write.derived_relationships import DERIVED_TYPES, MISSING_SOURCE
from graph_service.platform.store.graph import Store, in_batches

AREA_BATCH_SIZE = 50
STATEMENT_NAME = f"imports/{MISSING_SOURCE}"
"""Name under which the look-up of the missing records is reported."""


def require_known_areas(store: Store, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the areas for which a delivery is complete, without padding. Raises `AreaUnknown`."""
    area_codes = sorted({unpad_code(code) for code in codes})
    known_codes = {row[0] for row in store.query("areas/known", codes=area_codes)} if area_codes else set()
    for code in area_codes:
        if code not in known_codes:
            raise AreaUnknown(area=code)
    return tuple(area_codes)


@dataclass(slots=True)
class CompleteDelivery:
    """Records seen so far in a delivery that is complete for some areas; of yearly sheets, only rows of the collection's year say
    what holds on its day. Without areas nothing is remembered."""

    areas: tuple[str, ...]
    day: int
    keys: KeyIndex
    _years: dict[Target, set[int]] = field(default_factory=dict)

    def record(self, target: Target, versions: Sequence[RecordVersion]) -> None:
        """Remember the versions that rows have delivered."""
        if not self.areas:
            return
        current_versions = [version for version in versions if version.is_current or not target.is_relationship]
        self.keys.add_all(str(target), (_encode_key(target, version) for version in current_versions))
        years = {version.record.year for version in current_versions if isinstance(version.record, NodeRecord)}
        self._years.setdefault(target, set()).update(year for year in years if year is not None)

    def end_missing(self, sheet: Sheet, writer: VersionWriter) -> Iterator[tuple[Target, list[RecordVersion]]]:
        """End the records that the sheet lacks, batch by batch; yield the ended versions by target."""
        contained_areas = self._contained_areas(writer.store)
        for target in ended_targets(MODEL, sheet):
            for areas in in_batches(contained_areas, AREA_BATCH_SIZE):
                missing_versions = self._missing_versions(writer, target, areas)
                if missing_versions:
                    writer.end_versions(sheet.name, target, missing_versions)
                    yield target, missing_versions

    def _contained_areas(self, store: Store) -> list[str]:
        ranges = [list(code_range(area)) for area in self.areas]
        return [row[0] for row in store.query("areas/within", ranges=ranges)]

    def _missing_versions(self, writer: VersionWriter, target: Target, areas: Sequence[str]) -> list[RecordVersion]:
        arguments = {"areas": areas, "open": OPEN_SEQUENCE, "seq": writer.sequence or DRY_RUN_SEQUENCE}
        arguments |= {"day": self.day} if target.is_relationship else {"years": sorted(self._years.get(target, ()))}
        [[rows]] = writer.store.query_text(existing_records_statement(MODEL, target), arguments, STATEMENT_NAME)
        versions = []
        for sequence, record in map(upsert_statements(target).stored_version, rows):
            version = (
                self._ended_version(target, record)
                if isinstance(record, RelationshipRecord)
                else record_version(target, record, "")
            )
            # A relationship that ended on this day already is not ended again; one that this import ended before it was killed
            # is counted again.
            has_ended = target.is_relationship and version.record == record and sequence != writer.sequence
            if (
                not has_ended
                and sequence not in writer.later_sequences
                and not self.keys.find_known(str(target), [_encode_key(target, version)])
            ):
                versions.append(version)
        return versions

    def _ended_version(self, target: Target, record: RelationshipRecord) -> RecordVersion:
        # A relationship that began on the day itself ends on it: none ends before it begins.
        last_day = max(days_after(self.day, -1), record.since)
        return record_version(target, replace(record, until=last_day), f"derived!{target.name}!{MISSING_SOURCE}")


def end_missing_records(
    validators: Sequence[TableValidator],
    delivery: CompleteDelivery,
    writer: VersionWriter,
    unread_sheets: Collection[str] = (),
) -> Iterator[tuple[str, str]]:
    """End the records that each sheet lacks, with a remark on each, on the first of its tables. Yield label and key of the
    households and persons for whom a home, membership or record has ended. `unread_sheets`: sheets with tables that were not read."""
    for name in dict.fromkeys(validator.sheet.name for validator in validators):
        tables = [validator for validator in validators if validator.sheet.name == name]
        first_table, sheet = tables[0], tables[0].sheet
        if not sheet.ended_when_missing:
            first_table.report_table_issue("ENDS_NOTHING")
        elif name in unread_sheets or not all(map(_is_fully_read, tables)):
            first_table.report_table_issue("NOT_COMPLETE")
        else:
            for target, versions in delivery.end_missing(sheet, writer):
                for version in versions:
                    first_table.report_table_issue("LACKING", version.record.reference)
                if owner := target.start if target.name in DERIVED_TYPES else OWNER_BY_RECORD.get(target.name):
                    yield from ((owner, version.record.first_key) for version in versions)


def _is_fully_read(table: TableValidator) -> bool:
    """Return True where a table has records, and none of its rows was refused or is hidden."""
    counts, left_out_counts = table.outcomes.counts, table.outcomes.left_out_counts
    return counts.total() > 0 and not counts["refused"] + left_out_counts["HIDDEN_ROW"]


def _encode_key(target: Target, version: RecordVersion) -> str:
    """Return what identifies a version as text: of a home or a membership its start node alone, whatever day it begins."""
    key = version.key
    if target.name in DERIVED_TYPES and isinstance(key, RelationshipKey):
        key = RelationshipKey(key.start, None)
    return orjson.dumps(tuple(key)).decode()
