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

from graph_service.engine.port import importing
from graph_service.errors import DeliveryRefused
from graph_service.model import MODEL
from graph_service.readers.delivery import open_delivery
from graph_service.services.areas import bootstrap
from graph_service.services.checks.run import FINDING, GONE, compared
from graph_service.services.imports.collection_day import collection_day, require_possible
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.lacking import Complete, end_lacking, known_areas
from graph_service.services.imports.left_out import left_out_of_files
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.imports.mapping_rules import HeaderMapping
from graph_service.services.imports.matched import Matched, Unmatched
from graph_service.services.imports.matching import match
from graph_service.services.imports.names import NameLookup
from graph_service.services.imports.numbering import numberings
from graph_service.services.imports.rejects import Rejects
from graph_service.services.imports.report import Report, add_table, count_changes
from graph_service.services.imports.rows import SheetRows
from graph_service.services.imports.sequences import begin, known_change, publish, unchanged
from graph_service.services.imports.settling import PLACED, settle_households, settle_persons
from graph_service.services.imports.turns import writing
from graph_service.services.imports.unread_tables import sheets_unread
from graph_service.services.imports.versions import Target, Version, version
from graph_service.services.imports.writing import Writer
from graph_service.services.imports.years import Last, years
from graph_service.services.viewing import newest
from graph_service.store.graph import Store

T = TypeVar("T")
BATCH = 5_000
FINDINGS = "疑点"
"""Under this name the findings of checks are counted, beside the sheets."""
Progress = Callable[[str, int], None]
"""Called with the sheet's name and the rows read since the last call."""


def run(
    store: Store,
    paths: Sequence[Path],
    *,
    mapping: HeaderMapping | None = None,
    purpose: str = "COLLECTION",
    by: str = "",
    day: int | None = None,
    progress: Progress = lambda _sheet, _rows: None,
    dry: bool = False,
    key: str | None = None,
    rejects: Rejects | None = None,
    complete: Sequence[str] = (),
    area: Sequence[str] = (),
) -> Report:
    """Import files; nobody sees anything of it before it is whole. A killed run is resumed by running it again.

    `day`: day of the collection as YYYYMMDD; without one, what the files say (docs/files.md). Raises `DayUnknown` where they say none.
    `by`: who delivers it. `key`: the client's own, under which it is made once. `dry`: everything is read, checked and compared, and nothing of it is written.
    `rejects`: gets the refused rows as they were delivered. `complete`: codes of areas of which each sheet has everything: what it
    lacks, ends there. `area`: codes of the areas in which villages, cadres and departments are looked up by name. Raises `AreaUnknown`.
    """
    mapping = mapping or HeaderMapping()
    delivery = open_delivery(paths)
    matched, unmatched = match(delivery.tables, MODEL, mapping)
    if not matched:
        _hold_partial(rejects, unmatched)
        names = "、".join(map(str, unmatched))
        raise DeliveryRefused(
            reason_zh=f"没有一张表像登记表({names})。表头不同可用映射文件:graph-service mapping --for 文件 > mapping.toml,再核对草稿(没有户编号、人口编号的名单须先补编号,系统不按姓名认户认人)",
            reason_en=f"no table looks like a sheet of a register ({names}). For other headers have a mapping drafted, graph-service mapping --for FILE > mapping.toml, and check it; households and persons need their numbers, nobody is known by a name alone",
        )
    store.prepare()
    bootstrap(store)
    areas, told = known_areas(store, complete), day or ""
    lookup = NameLookup(store, known_areas(store, area))
    if day is not None:
        require_possible(day)
    told_years = years(matched)
    day = day or collection_day(matched, told_years, newest(store))
    report = Report(None, day, {}, dry=dry, lacking=any(one.lacking for one in unmatched))
    report.left_out.extend(left_out_of_files(delivery))
    report.left_out.extend(part for one in unmatched for part in (one.left_out, *one.unusable))
    _hold_partial(rejects, unmatched)
    unread = sheets_unread(unmatched, report.left_out) if areas else set[str]()
    if dry:
        with importing():
            writer = Writer(store, None, "", _newer(store, day))
            _read(matched, writer, report, progress, rejects, areas, told_years, lookup, unread)
        return report
    content = f"{delivery.content}:{hash_text(mapping.source)}:{told}:{purpose}:{','.join(areas)}"
    if lookup.areas:
        content += f":{','.join(lookup.areas)}"
    report.sequence = known_change(store, key, content)
    if report.sequence is not None:
        return report
    with writing(store) as token:
        # Another process may have made it, or published what is newer, while this one read.
        report.sequence = known_change(store, key, content)
        if report.sequence is not None:
            return report
        sequence = begin(store, token, content, delivery.files, purpose, by, day, key)
        writer = Writer(store, sequence, token, _newer(store, day))
        _read(matched, writer, report, progress, rejects, areas, told_years, lookup, unread)
        _check(writer, sequence, report, progress)
        _close(store, sequence, token, report, key)
    return report


def _hold_partial(rejects: Rejects | None, unmatched: Sequence[Unmatched]) -> None:
    """Hold the rows of tables that lack columns, so that they can be completed."""
    if rejects is not None:
        for one in unmatched:
            rejects.add_partial(one)


def _newer(store: Store, day: int) -> dict[int, bool]:
    """What is not rolled back by a collection of this day, as `Writer` takes it."""
    return {row[0]: row[1] for row in store.ask("imports/later", day=day)}


def _read(
    matched: list[Matched],
    writer: Writer,
    report: Report,
    progress: Progress,
    rejects: Rejects | None,
    areas: tuple[str, ...],
    told_years: dict[str, set[int]],
    lookup: NameLookup,
    unread: set[str],
) -> None:
    """Every row of every sheet to the writer, then what is lacking; the report is filled."""
    with Keys() as keys, Keys() as changed, Keys() as told, Keys() as owners:
        complete, last = Complete(areas, report.day, told), Last(matched, told_years, owners)
        year = report.day // 10000
        numbers = numberings(matched, writer.store)
        composed = any(isinstance(one.table, MappedTable) and one.table.composed for one in matched)
        sheets = [
            SheetRows(
                one,
                writer.store,
                keys,
                year,
                last,
                rejects,
                complete=bool(areas),
                composed=composed,
                numbering=numbers.get(one.sheet.name),
                names=lookup,
            )
            for one in matched
        ]
        read_ahead = _ahead((one, batch) for one in sheets for batch in one.batches(BATCH))
        # Closed here also when the writing fails: the thread that reads ahead must not outlive the store.
        with closing(read_ahead):
            for rows, batch in read_ahead:
                for target, versions in batch.groups.items():
                    complete.tell(target, versions)
                written = {target: some for target, some in batch.groups.items() if target[0] not in PLACED}
                touched, remarks = writer.write(rows.sheet.name, written, batch.rows)
                for label, some in touched.items():
                    changed.add_all(label, some)
                rows.outcomes.count(batch.outcomes)
                rows.remarks.extend(rows.remark(version, code) for version, code in remarks)
                progress(rows.sheet.name, batch.rows)
        # All records of a household are there now, in whatever order they came.
        if areas:
            _settle(writer, changed, sheets, complete)
            for label, ended in end_lacking(sheets, complete, writer, unread):
                changed.add(label, ended)
        _settle(writer, changed, sheets)
    for rows in sheets:
        add_table(rows, writer.counts.pop(rows.sheet.name, Counter()), report)
    report.changed = count_changes(report)


def _settle(writer: Writer, changed: Keys, sheets: list[SheetRows], complete: Complete | None = None) -> None:
    """Derive where the changed households live and who belongs to them. What a `complete` delivery is silent on it ends itself,
    on its own day, and poverty follows from what is left."""
    for some in changed.batches("Household", BATCH):
        settle_households(writer, some, poverty=complete is None)
    silent = settle_persons(writer, changed, silent_until=complete.day // 10000 if complete else None)
    if silent:
        first = next((one for one in sheets if "MEMBER_OF" in {write.target for write in one.sheet.writes}), sheets[0])
        for person, household, year in silent:
            first.remark_sheet("NO_RECORD_OF_YEAR", f"{person} / {household} / {year}")


def _check(writer: Writer, sequence: int, report: Report, progress: Progress) -> None:
    """The checks, where something has changed: what they find is a part of the same data version."""
    counties = writer.touched.counties(writer.store)
    last = newest(writer.store)
    as_of, before = max(report.day, last.latest if last else 0), last.latest if last else report.day
    # What follows from all that is known is older than nothing.
    writer.newer = {}
    told: Counter[str] = Counter()
    for rows in compared(writer.store, counties, sequence, as_of, before=before, again=True):
        groups: dict[Target, list[Version]] = defaultdict(list)
        for target, row in rows:
            groups[target].append(version(target, row, f"derived!Finding!{row[0]}"))
        told.update("gone" if GONE in row else "found" for target, row in rows if target == FINDING)
        writer.write(FINDINGS, groups)
        progress(FINDINGS, sum(target == FINDING for target, _ in rows))
    report.findings = dict(told)


def _ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """The same items, the next one in the making while one is worked on: rows are read while the engine writes."""

    def advance() -> T | None:
        return next(items, None)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(copy_context().run, advance)
        while (item := coming.result()) is not None:
            coming = pool.submit(copy_context().run, advance)
            yield item


def _close(store: Store, sequence: int, token: str, report: Report, key: str | None) -> None:
    if report.changed:
        publish(store, sequence, orjson.dumps(report.counts, option=orjson.OPT_SORT_KEYS).decode(), token)
        report.sequence = sequence
    else:
        last = newest(store)
        unchanged(store, sequence, token, key, last.sequence if last else 0)


def hash_text(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]
