"""Rows of one table → accepted versions, refused rows, flagged cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graph_service.declare import Write
from graph_service.derive.rows import (
    Parsed,
    RowReader,
    Trouble,
    derived_key,
    end_labels,
    label_row,
    relationship_row,
)
from graph_service.derive.rows import column_name as named_column
from graph_service.derive.upserts import present
from graph_service.model import MODEL
from graph_service.services.areas import above, tree
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.matching import Matched
from graph_service.services.imports.writing import Target, Version, label_version, relationship_version
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Remark:
    """A refused row or a flagged cell, as told to the user."""

    sheet: str
    row: int
    key: str
    column: str
    value: str
    code: str
    refused: bool
    file: str


@dataclass(slots=True)
class Batch:
    """Versions of some rows, by target in the order in which they must be written; how many rows were read for it."""

    groups: dict[Target, list[Version]] = field(default_factory=lambda: defaultdict(list))
    rows: int = 0


@dataclass(slots=True)
class _Row:
    number: int
    parsed: Parsed


class SheetRows:
    """The rows of one matched table, in batches. `remarks` and `counts` grow as they are read."""

    def __init__(self, matched: Matched, store: Store, keys: Keys, year: int) -> None:
        self._matched, self._store, self._keys, self._year = matched, store, keys, year
        self._sheet = matched.sheet
        self._reader = RowReader(MODEL, self._sheet, matched.places, matched.shown, store.codec)
        self._references = list(self._find_references())
        self.remarks: list[Remark] = []
        self.counts: Counter[str] = Counter()

    def batches(self, size: int) -> Iterator[Batch]:
        chunk: list[_Row] = []
        for number, cells in self._matched.table.rows():
            if number <= self._matched.header_row:
                continue
            chunk.append(_Row(number, self._prepared(self._reader.read(cells))))
            if len(chunk) >= size:
                yield self._accepted(chunk)
                chunk = []
        if chunk:
            yield self._accepted(chunk)

    def _prepared(self, parsed: Parsed) -> Parsed:
        """What the sheet's cells do not say but follows from them."""
        values, name = parsed.values, self._sheet.name
        if parsed.refused is None:
            for column, value in values.items():
                if (
                    column.endswith(".amount")
                    and value is not None
                    and value < 0
                    and not values.get(column[:-6] + "corrects")
                ):
                    parsed.refused = Trouble("AMOUNT_NEGATIVE", self._reader.told[column], f"{value / 100:.2f}")
                    break
        if name == "行政村":
            self._placed(parsed)
        elif name == "帮扶措施":
            parts = [values.get(key) for key in self._sheet.key]
            values["Measure.measure_no"] = derived_key(*parts)
        elif name == "家庭成员":
            values["PersonYear.registered"] = True
        elif name == "关系人":
            values["Person.person_no"] = "K" + derived_key(
                values.get("Cadre.cadre_no"), values.get("relation"), values.get("name")
            )
            values["PersonYear.registered"] = False
        return parsed

    def _placed(self, parsed: Parsed) -> None:
        """A village that the published tree lacks (merged since) is made, below what the register or its code names."""
        values, header = parsed.values, self._reader.told["Village.code"]
        code, named = values.get("Village.code") or "", values.pop("parent", None)
        if parsed.refused is not None or code in tree():
            return
        if not (len(code) == 12 and code.isascii() and code.isdigit()):
            parsed.refused = Trouble("AREA_CODE_INVALID", header, code)
            return
        values["Village.name"], values["Village.level"] = values.get("VillageYear.name"), ("VILLAGE", None)
        values["parent"] = named or above(code)
        parsed.flagged.append(Trouble("VILLAGE_NOT_IN_TREE", header, code))

    def _find_references(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """(column, labels of which one must know its key, whether it may be blank), for what this sheet does not bring."""
        brought = {w.target for w in self._sheet.writes}
        seen: set[str] = set()
        for write in self._sheet.writes:
            if write.target in MODEL.labels:
                continue
            relationship = MODEL.relationships[write.target]
            for named, labels in zip((write.start, write.end), end_labels(relationship, write), strict=True):
                first = MODEL.labels["Village" if labels[0] == "Area" else labels[0]]
                column = named or named_column(first, first.key.name)
                if write.when is None and not brought.intersection(labels) and column not in seen:
                    seen.add(column)
                    yield column, labels, write.optional

    def _wanted(self, parsed: Parsed) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        yield from self._references
        for write in self._sheet.writes:
            # Which kind of node a discriminated reference names is known only now.
            if write.when and write.target in MODEL.relationships and parsed.values.get(write.when[0]) in write.when[1]:
                start, end = end_labels(MODEL.relationships[write.target], write)
                for named, labels in ((write.start, start), (write.end, end)):
                    if named:
                        yield named, labels, write.optional

    def _accepted(self, chunk: list[_Row]) -> Batch:
        wanted: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row in chunk:
            if row.parsed.refused is None:
                for column, labels, _ in self._wanted(row.parsed):
                    if value := row.parsed.values.get(column):
                        wanted[labels].add(value)
        known = {labels: self._known(labels, values) for labels, values in wanted.items()}
        batch = Batch(rows=len(chunk))
        for row in chunk:
            self.counts["rows"] += 1
            if row.parsed.refused is None:
                self._judge(row.parsed, known)
            self._remember(row)
            if row.parsed.refused is None:
                self._emit(batch, row, known)
        return batch

    def _judge(self, parsed: Parsed, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        values = parsed.values
        for column, labels, optional in self._wanted(parsed):
            value = values.get(column)
            if (value is None and not optional) or (value is not None and value not in known.get(labels, {})):
                parsed.refused = Trouble("REFERENCE_UNKNOWN", self._reader.told[column], str(value or ""))
                return
        conditions = [w.when for w in self._sheet.writes if w.when]
        closed = conditions and not any(texts[0].startswith("!") for _, texts in conditions)
        if closed and all(values.get(column) not in texts for column, texts in conditions):
            column = conditions[0][0]
            parsed.refused = Trouble("KIND_UNKNOWN", self._reader.told[column], str(values.get(column) or ""))
            return
        key = "\x1f".join(
            str(values.get(name) or (self._year if name.endswith(".year") else "")) for name in self._sheet.key
        )
        if not self._keys.add(self._sheet.name, key):
            first = self._sheet.key[0]
            parsed.refused = Trouble("KEY_DUPLICATE", self._reader.told[first], parsed.shown_key)

    def _known(self, labels: tuple[str, ...], values: set[str]) -> dict[str, str]:
        """Key → the label that knows it: brought by this delivery, or there already."""
        found: dict[str, str] = {}
        for name in labels:
            label = MODEL.labels[name]
            missing = values - found.keys()
            here = self._keys.known(label.name, missing)
            found.update(dict.fromkeys(here, name))
            if rest := sorted(missing - here):
                [[there]] = self._store.lookup(present(label), {"keys": rest})
                found.update(dict.fromkeys(there, name))
        return found

    def _remember(self, row: _Row) -> None:
        parsed, table = row.parsed, self._matched.table
        told = (
            [*parsed.flagged, *([parsed.refused] if parsed.refused else [])]
            if parsed.refused is None
            else [parsed.refused]
        )
        for trouble in told:
            refused = trouble is parsed.refused
            self.counts["refused" if refused else "flagged"] += 1
            self.remarks.append(
                Remark(
                    self._sheet.name,
                    row.number,
                    parsed.shown_key,
                    trouble.column,
                    trouble.value,
                    trouble.code,
                    refused,
                    table.file,
                )
            )

    def _emit(self, batch: Batch, row: _Row, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        table = self._matched.table
        source = f"{table.file}!{self._sheet.name}!{row.number}"
        for write in self._sheet.writes:
            if write.target in MODEL.labels:
                made = label_row(MODEL, write, row.parsed.values, self._year)
                if made is not None:
                    batch.groups[(write.target,)].append(label_version((write.target,), made, source))
                    for label in filter(None, (write.target, MODEL.labels[write.target].also)):
                        self._keys.add(label, str(made[0]))
                continue
            made = relationship_row(MODEL, write, row.parsed.values)
            if made is not None:
                target = self._joined(write, made, known)
                batch.groups[target].append(relationship_version(target, made, source))

    @staticmethod
    def _joined(write: Write, made: list[Any], known: dict[tuple[str, ...], dict[str, str]]) -> Target:
        start, end = end_labels(MODEL.relationships[write.target], write)
        return (
            write.target,
            start[0] if len(start) == 1 else known[start][made[0]],
            end[0] if len(end) == 1 else known[end][made[1]],
        )
