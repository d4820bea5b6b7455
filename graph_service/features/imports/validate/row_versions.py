"""Versions of the nodes and relationships that an accepted row makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.core.cells.row_parsing import row_node, row_relationship
from graph_service.core.recording.record_versions import RecordVersion, record_version
from graph_service.core.recording.row_outcomes import RowOutcome
from graph_service.domain.metamodel import Label
from graph_service.domain.model import MODEL
from graph_service.domain.records import Record, RelationshipRecord, Target
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.delivery_years import LatestYears
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.name_lookup import NameLookup
from graph_service.features.imports.validate.row_names import RowNameResolver
from graph_service.features.imports.validate.row_reading import RecordRow
from graph_service.features.imports.validate.write_plans import WritePlan, plan_write


@dataclass(slots=True)
class VersionBatch:
    """Versions of a batch of rows, by target in the order in which they must be written, and the number of rows read for it."""

    versions_by_target: dict[Target, list[RecordVersion]] = field(default_factory=lambda: defaultdict(list))
    row_count: int = 0
    outcomes: list[RowOutcome] = field(default_factory=list)


class VersionBuilder:
    """Builder of the versions of one table's rows.

    `available_columns`: the columns that the file has; `year`: for rows without one; `current_year`: the latest year of the sheet's
    rows; `names`: the names in its rows, and the lookup for the names that they bring.
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
        self._absent_cache: dict[tuple[int, frozenset[str]], frozenset[str]] = {}

    def add(self, batch: VersionBatch, row: RecordRow, known_keys: dict[tuple[str, ...], dict[str, str]]) -> None:
        """Add the versions of a row to a batch. `known_keys`: the label of each key that it refers to, by the labels that it may be
        of."""
        source = f"{self._source_prefix}!{row.number}"
        is_repeated = False
        year = max((row.parsed.values.get(name) or self._year for name in self._year_columns), default=self._year)
        is_last = not self._year_columns or self._latest_years.is_latest(
            self._sheet.name, row.parsed.values[self._sheet.key[0]], year
        )
        for plan_index, plan in enumerate(self._plans):
            if plan.label is None and not is_last:
                continue
            record: Record | None
            if plan.label is not None:
                target = Target(plan.write.target)
                record = row_node(MODEL, plan.write, row.parsed.values, self._year)
                if record is None:
                    continue
                if not plan.label.owner:
                    is_repeated |= not self._register_node(plan.label, record.key)
            else:
                relationship = MODEL.relationships[plan.write.target]
                record = row_relationship(relationship, plan.write, plan.end_columns, row.parsed.values)
                if record is None:
                    continue
                target = self._relationship_target(plan, record, known_keys)
            version = record_version(target, record, source)
            # Only the last of an owner's yearly rows says where the owner is.
            version.is_repeated = is_repeated and plan.may_repeat and not (self._year_columns and plan.label is None)
            version.is_current = year >= self._current_year
            absent_names = (
                self._absent_names(plan_index, plan, row.parsed.unread_columns)
                if row.parsed.unread_columns
                else plan.absent_names
            )
            version.absent_names = absent_names if version.is_current else absent_names | plan.last_day_names
            version.has_unread_end = f"{plan.write.target}.until" in row.parsed.unread_columns
            version.outcome = row.outcome
            batch.versions_by_target[target].append(version)
        self._register_names(row.parsed.values)

    def _register_names(self, values: Mapping[str, Any]) -> None:
        """Remember the names that an accepted row brings, and their areas."""
        if self._names is None:
            return
        names, lookup = self._names
        names.note_areas(values)
        for label in ("Village", "Cadre", "Department"):
            key = values.get(f"{label}.{MODEL.labels[label].key.name}")
            name = values.get("VillageYear.name" if label == "Village" else f"{label}.name")
            if key and name and any(plan.label is not None and plan.label.name == label for plan in self._plans):
                department_no = values.get("Department.department_no") or "" if label == "Cadre" else ""
                area_codes = (values["Village.code"],) if label == "Department" and values.get("Village.code") else ()
                lookup.register_name(label, key, name, area_codes, department_no)

    def _absent_names(self, plan_index: int, plan: WritePlan, unread_columns: set[str]) -> frozenset[str]:
        """Return the stored names of values that a row with unread cells does not state: recorded values stay."""
        cache_key = (plan_index, frozenset(unread_columns))
        if cache_key not in self._absent_cache:
            # The first day is a part of the relationship's key: a row in which it is not understood is refused already.
            available = self._available_columns - {name for name in unread_columns if not name.endswith(".since")}
            self._absent_cache[cache_key] = plan_write(
                self._sheet, plan.write, available, is_complete=self._is_complete
            ).absent_names
        return self._absent_cache[cache_key]

    def _register_node(self, label: Label, key: str) -> bool:
        """Remember a node; return True for the first time in this delivery. A village is an area too."""
        if label.base_label:
            self._keys.add(label.base_label, key)
        return self._keys.add(label.name, key)

    @staticmethod
    def _relationship_target(
        plan: WritePlan, record: RelationshipRecord, known_keys: dict[tuple[str, ...], dict[str, str]]
    ) -> Target:
        start, end = plan.end_labels
        return Target(
            plan.write.target,
            start[0] if len(start) == 1 else known_keys[start][record.start],
            end[0] if len(end) == 1 else known_keys[end][record.end],
        )
