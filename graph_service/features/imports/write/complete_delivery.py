"""What a delivery that is complete for some areas lacks, ends there (DOMAIN §2).

Nobody tells the day on which it ended: it did not hold on the day of the collection, so its last day is the one before. A
record of a year that the sheet tells no more is withdrawn. A sheet with refused or hidden rows, with tables that were not read or
without any record ends nothing: they may tell of what seems to be lacking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from graph_service.core.areas import code_range
from graph_service.core.recording.record_versions import RecordVersion, Target, record_version, relationship_version
from graph_service.core.recording.version_writer import DRY_RUN_SEQUENCE, OWNER_BY_RECORD, VersionWriter
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import days_after
from graph_service.domain.existing_records import ended_targets, existing_records_statement
from graph_service.domain.metamodel import OPEN_SEQUENCE, Sheet
from graph_service.domain.model import MODEL
from graph_service.errors import AreaUnknown
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_validation import TableValidator
from graph_service.features.imports.write.derived_relationships import DERIVED_TYPES
from graph_service.platform.store.graph import Store, in_batches

AREA_BATCH_SIZE = 50


def require_known_areas(store: Store, codes: Sequence[str]) -> tuple[str, ...]:
    """The areas that a delivery is complete for, without padding. Raises `AreaUnknown`."""
    wanted = sorted({unpad_code(code) for code in codes})
    have = {row[0] for row in store.query("areas/known", codes=wanted)} if wanted else set()
    for code in wanted:
        if code not in have:
            raise AreaUnknown(area=code)
    return tuple(wanted)


@dataclass(slots=True)
class CompleteDelivery:
    """What a delivery that is complete for some areas has told so far; of yearly sheets, only rows of the collection's year tell
    what holds on its day. Without areas it remembers nothing."""

    areas: tuple[str, ...]
    day: int
    keys: KeyIndex
    _years: dict[str, set[int]] = field(default_factory=dict)

    def record(self, target: Target, versions: Sequence[RecordVersion]) -> None:
        """Remember what rows have told."""
        if not self.areas:
            return
        told = [one for one in versions if one.is_current or len(target) == 1]
        self.keys.add_all("!".join(target), (_encode_key(_identity(target, one)) for one in told))
        if len(target) == 1 and MODEL.labels[target[0]].owner:
            self._years.setdefault(target[0], set()).update(int(one.key[1]) for one in told)

    def end_missing(self, sheet: Sheet, writer: VersionWriter) -> Iterator[tuple[Target, list[RecordVersion]]]:
        """End what the sheet lacks, a batch at a time; what was ended, by target."""
        below = self._contained_areas(writer.store)
        for target in ended_targets(MODEL, sheet):
            for areas in in_batches(below, AREA_BATCH_SIZE):
                found = self._missing_versions(writer, target, areas)
                if found:
                    writer.end_versions(sheet.name, target, found)
                    yield target, found

    def _contained_areas(self, store: Store) -> list[str]:
        ranges = [list(code_range(area)) for area in self.areas]
        return [row[0] for row in store.query("areas/within", ranges=ranges)]

    def _missing_versions(self, writer: VersionWriter, target: Target, areas: Sequence[str]) -> list[RecordVersion]:
        given = {"areas": areas, "open": OPEN_SEQUENCE, "seq": writer.sequence or DRY_RUN_SEQUENCE}
        given |= {"years": sorted(self._years.get(target[0], ()))} if len(target) == 1 else {"day": self.day}
        [[rows]] = writer.store.query_text(existing_records_statement(MODEL, target), given, "imports/lacking")
        found = []
        for recorded, values in rows:
            one = record_version(target, values, "") if len(target) == 1 else self._ended_version(target, values)
            # What had ended so before is not ended again; what this import ended before it was killed is counted again.
            before = len(target) > 1 and one.values[3] == values[3] and recorded != writer.sequence
            if (
                not before
                and recorded not in writer.later_sequences
                and not self.keys.find_known("!".join(target), [_encode_key(_identity(target, one))])
            ):
                found.append(one)
        return found

    def _ended_version(self, target: Target, values: list[Any]) -> RecordVersion:
        # What began on the day itself ends on it: no stretch ends before it begins.
        until = max(days_after(self.day, -1), values[2])
        return relationship_version(target, [*values[:3], until, *values[4:]], f"derived!{target[0]}!lacking")


def end_missing_records(
    validators: Sequence[TableValidator],
    delivery: CompleteDelivery,
    writer: VersionWriter,
    unread_sheets: Collection[str] = (),
) -> Iterator[tuple[str, str]]:
    """End what each sheet lacks, with a remark on each, on the first of its tables. Gives label and key of the households and persons of
    whose homes, memberships and records some have ended. `unread_sheets`: sheets of which there are tables that were not read."""
    for name in dict.fromkeys(one.sheet.name for one in validators):
        tables = [one for one in validators if one.sheet.name == name]
        first, sheet = tables[0], tables[0].sheet
        if not sheet.ended_when_missing:
            first.report_table_issue("ENDS_NOTHING")
        elif name in unread_sheets or not all(map(_is_fully_read, tables)):
            first.report_table_issue("NOT_COMPLETE")
        else:
            for target, versions in delivery.end_missing(sheet, writer):
                for one in versions:
                    first.report_table_issue("LACKING", " / ".join(str(end) for end in one.leading_values[:2]))
                if owner := target[1] if target[0] in DERIVED_TYPES else OWNER_BY_RECORD.get(target[0]):
                    yield from ((owner, str(one.key[0])) for one in versions)


def _is_fully_read(table: TableValidator) -> bool:
    """Whether a table has records, and none of its rows was refused or is hidden."""
    counted, left_out = table.outcomes.counts, table.outcomes.left_out_counts
    return counted.total() > 0 and not counted["refused"] + left_out["HIDDEN_ROW"]


def _identity(target: Target, version: RecordVersion) -> tuple[object, ...]:
    """Return what a version is told apart by: where a household lives and a person belongs is told by the row, whatever day it begins."""
    return version.key[:1] if target[0] in DERIVED_TYPES else version.key


def _encode_key(key: tuple[object, ...]) -> str:
    return orjson.dumps(key).decode()
