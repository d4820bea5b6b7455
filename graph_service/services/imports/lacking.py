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

from graph_service.declare import OPEN, Sheet
from graph_service.derive.days import days_after
from graph_service.derive.lacking import ended_by, there
from graph_service.errors import AreaUnknown
from graph_service.model import MODEL
from graph_service.services.areas import code_range, unpadded
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.rows import SheetRows
from graph_service.services.imports.settling import PLACED
from graph_service.services.imports.versions import Target, Version, relationship_version, version
from graph_service.services.imports.writing import NOBODY, RECORDS, Writer
from graph_service.store.graph import Store, in_batches

AREAS_AT_ONCE = 50


def known_areas(store: Store, codes: Sequence[str]) -> tuple[str, ...]:
    """The areas that a delivery is complete for, without padding. Raises `AreaUnknown`."""
    wanted = sorted({unpadded(code) for code in codes})
    have = {row[0] for row in store.ask("areas/known", codes=wanted)} if wanted else set()
    for code in wanted:
        if code not in have:
            raise AreaUnknown(area=code)
    return tuple(wanted)


@dataclass(slots=True)
class Complete:
    """What a delivery that is complete for some areas has told so far; of yearly sheets, only rows of the collection's year tell
    what holds on its day. Without areas it remembers nothing."""

    areas: tuple[str, ...]
    day: int
    keys: Keys
    _years: dict[str, set[int]] = field(default_factory=dict)

    def tell(self, target: Target, versions: Sequence[Version]) -> None:
        """Remember what rows have told."""
        if not self.areas:
            return
        told = [one for one in versions if one.current or len(target) == 1]
        self.keys.add_all("!".join(target), (_text(_told_by(target, one)) for one in told))
        if len(target) == 1 and MODEL.labels[target[0]].owner:
            self._years.setdefault(target[0], set()).update(int(one.key[1]) for one in told)

    def end(self, sheet: Sheet, writer: Writer) -> Iterator[tuple[Target, list[Version]]]:
        """End what the sheet lacks, a batch at a time; what was ended, by target."""
        below = self._below(writer.store)
        for target in ended_by(MODEL, sheet):
            for areas in in_batches(below, AREAS_AT_ONCE):
                found = self._lacking(writer, target, areas)
                if found:
                    writer.end(sheet.name, target, found)
                    yield target, found

    def _below(self, store: Store) -> list[str]:
        ranges = [list(code_range(area)) for area in self.areas]
        return [row[0] for row in store.ask("areas/within", ranges=ranges)]

    def _lacking(self, writer: Writer, target: Target, areas: Sequence[str]) -> list[Version]:
        given = {"areas": areas, "open": OPEN, "seq": writer.sequence or NOBODY}
        given |= {"years": sorted(self._years.get(target[0], ()))} if len(target) == 1 else {"day": self.day}
        [[rows]] = writer.store.lookup(there(MODEL, target), given, "imports/lacking")
        found = []
        for recorded, values in rows:
            one = version(target, values, "") if len(target) == 1 else self._ended(target, values)
            # What had ended so before is not ended again; what this import ended before it was killed is counted again.
            before = len(target) > 1 and one.values[3] == values[3] and recorded != writer.sequence
            if (
                not before
                and recorded not in writer.newer
                and not self.keys.known("!".join(target), [_text(_told_by(target, one))])
            ):
                found.append(one)
        return found

    def _ended(self, target: Target, values: list[Any]) -> Version:
        # What began on the day itself ends on it: no stretch ends before it begins.
        until = max(days_after(self.day, -1), values[2])
        return relationship_version(target, [*values[:3], until, *values[4:]], f"derived!{target[0]}!lacking")


def end_lacking(
    sheets: Sequence[SheetRows], complete: Complete, writer: Writer, unread: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """End what each sheet lacks, with a remark on each, on the first of its tables. Gives label and key of the households and persons of
    whose homes, memberships and records some have ended. `unread`: sheets of which there are tables that were not read."""
    for name in dict.fromkeys(one.sheet.name for one in sheets):
        tables = [one for one in sheets if one.sheet.name == name]
        first, sheet = tables[0], tables[0].sheet
        if not sheet.ends:
            first.remark_sheet("ENDS_NOTHING")
        elif name in unread or not all(map(_is_whole, tables)):
            first.remark_sheet("NOT_COMPLETE")
        else:
            for target, versions in complete.end(sheet, writer):
                for one in versions:
                    first.remark_sheet("LACKING", " / ".join(str(end) for end in one.ends[:2]))
                if owner := target[1] if target[0] in PLACED else RECORDS.get(target[0]):
                    yield from ((owner, str(one.key[0])) for one in versions)


def _is_whole(table: SheetRows) -> bool:
    """Whether a table has records, and none of its rows was refused or is hidden."""
    counted, left_out = table.outcomes.counted, table.outcomes.left_out
    return counted.total() > 0 and not counted["refused"] + left_out["HIDDEN_ROW"]


def _told_by(target: Target, one: Version) -> tuple[object, ...]:
    """Return what a version is told apart by: where a household lives and a person belongs is told by the row, whatever day it begins."""
    return one.key[:1] if target[0] in PLACED else one.key


def _text(key: tuple[object, ...]) -> str:
    return orjson.dumps(key).decode()
