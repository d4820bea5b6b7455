"""An accepted row → versions of what it makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.core.cells.row_parsing import label_row, relationship_row
from graph_service.core.recording.record_versions import RecordVersion, Target, label_version, relationship_version
from graph_service.core.recording.row_outcomes import RowOutcome
from graph_service.domain.metamodel import Label
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.delivery_years import LatestYears
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.name_lookup import NameLookup
from graph_service.features.imports.validate.row_names import RowNameResolver
from graph_service.features.imports.validate.row_reading import RecordRow
from graph_service.features.imports.validate.write_plans import WritePlan, plan_write


@dataclass(slots=True)
class VersionBatch:
    """Versions of some rows, by target in the order in which they must be written; how many rows were read for it."""

    versions_by_target: dict[Target, list[RecordVersion]] = field(default_factory=lambda: defaultdict(list))
    row_count: int = 0
    outcomes: list[RowOutcome] = field(default_factory=list)


class VersionBuilder:
    """Makes the versions of one table's rows.

    `available_columns`: the columns of which the file says something; `year`: of rows that have none; `current_year`: the latest year of the sheet's
    rows; `names`: what its rows call by name, and where the names that they bring are looked up.
    """

    def __init__(
        self,
        matched: MatchedTable,
        plans: Sequence[WritePlan],
        available_columns: set[str],
        keys: KeyIndex,
        latest_years: LatestYears,
        *,
        year: int,
        current_year: int,
        is_complete: bool,
        names: tuple[RowNameResolver, NameLookup] | None,
    ) -> None:
        self._sheet, self._source_prefix = matched.sheet, matched.table.source_prefix
        self._plans, self._available_columns, self._keys, self._latest_years = (
            plans,
            available_columns,
            keys,
            latest_years,
        )
        self._year, self._current_year, self._is_complete = year, current_year, is_complete
        self._names = names
        self._year_columns = [name for name in self._sheet.key if name.endswith(".year")]
        self._absent_cache: dict[tuple[int, frozenset[str]], tuple[int, ...]] = {}

    def add(self, batch: VersionBatch, row: RecordRow, known_keys: dict[tuple[str, ...], dict[str, str]]) -> None:
        """Put what a row makes into a batch. `known_keys`: the label of each key that it refers to, by the labels that it may be of."""
        source = f"{self._source_prefix}!{row.number}"
        again = False
        year = max((row.parsed.values.get(name) or self._year for name in self._year_columns), default=self._year)
        last = not self._year_columns or self._latest_years.is_latest(
            self._sheet.name, row.parsed.values[self._sheet.key[0]], year
        )
        for at, plan in enumerate(self._plans):
            target: Target = (plan.write.target,)
            if plan.label is None and not last:
                continue
            if plan.label is not None:
                made = label_row(MODEL, plan.write, row.parsed.values, self._year)
                if made is None:
                    continue
                if not plan.label.owner:
                    again |= not self._register_node(plan.label, str(made[0]))
                version = label_version(target, made, source)
            else:
                relationship = MODEL.relationships[plan.write.target]
                made = relationship_row(relationship, plan.write, plan.end_columns, row.parsed.values)
                if made is None:
                    continue
                target = self._relationship_target(plan, made, known_keys)
                version = relationship_version(target, made, source)
            # Of an owner's yearly rows one alone, the last, tells where it is.
            version.is_repeated = again and plan.may_repeat and not (self._year_columns and plan.label is None)
            version.is_current = year >= self._current_year
            absent = (
                self._absent_positions(at, plan, row.parsed.unread_columns)
                if row.parsed.unread_columns
                else plan.absent_positions
            )
            version.absent_positions = absent if version.is_current else (*absent, *plan.end_positions)
            version.has_unread_end = f"{plan.write.target}.until" in row.parsed.unread_columns
            version.outcome = row.outcome
            batch.versions_by_target[target].append(version)
        self._register_names(row.parsed.values)

    def _register_names(self, values: Mapping[str, Any]) -> None:
        """Remember the names that an accepted row brings, and where it says that something is."""
        if self._names is None:
            return
        names, lookup = self._names
        names.note_areas(values)
        for label in ("Village", "Cadre", "Department"):
            key = values.get(f"{label}.{MODEL.labels[label].key.name}")
            name = values.get("VillageYear.name" if label == "Village" else f"{label}.name")
            if key and name and any(plan.label is not None and plan.label.name == label for plan in self._plans):
                works_for = values.get("Department.department_no") or "" if label == "Cadre" else ""
                where = (values["Village.code"],) if label == "Department" and values.get("Village.code") else ()
                lookup.register_name(label, key, name, where, works_for)

    def _absent_positions(self, plan_index: int, plan: WritePlan, unread_columns: set[str]) -> tuple[int, ...]:
        """Positions of which a row with cells that are not understood says nothing: they stay as they are known."""
        seen = (plan_index, frozenset(unread_columns))
        if seen not in self._absent_cache:
            # The beginning is a part of what finds it: what is not understood there has refused the row.
            there = self._available_columns - {name for name in unread_columns if not name.endswith(".since")}
            self._absent_cache[seen] = plan_write(
                self._sheet, plan.write, there, is_complete=self._is_complete
            ).absent_positions
        return self._absent_cache[seen]

    def _register_node(self, label: Label, key: str) -> bool:
        """Remember a node; whether it is the first time in this delivery. A village is an area too."""
        if label.base_label:
            self._keys.add(label.base_label, key)
        return self._keys.add(label.name, key)

    @staticmethod
    def _relationship_target(
        plan: WritePlan, row: list[Any], known_keys: dict[tuple[str, ...], dict[str, str]]
    ) -> Target:
        start, end = plan.end_labels
        return (
            plan.write.target,
            start[0] if len(start) == 1 else known_keys[start][row[0]],
            end[0] if len(end) == 1 else known_keys[end][row[1]],
        )
