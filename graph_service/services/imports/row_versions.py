"""An accepted row → versions of what it makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.declare import Label
from graph_service.derive.rows import label_row, relationship_row
from graph_service.model import MODEL
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.names import NameLookup
from graph_service.services.imports.outcomes import RowOutcome
from graph_service.services.imports.plans import Plan, planned
from graph_service.services.imports.row_names import RowNames
from graph_service.services.imports.row_reading import Row
from graph_service.services.imports.versions import Target, Version, label_version, relationship_version
from graph_service.services.imports.years import Last


@dataclass(slots=True)
class Batch:
    """Versions of some rows, by target in the order in which they must be written; how many rows were read for it."""

    groups: dict[Target, list[Version]] = field(default_factory=lambda: defaultdict(list))
    rows: int = 0
    outcomes: list[RowOutcome] = field(default_factory=list)


class RowVersions:
    """Makes the versions of one table's rows.

    `said`: the columns of which the file says something; `year`: of rows that have none; `current`: the latest year of the sheet's
    rows; `names`: what its rows call by name, and where the names that they bring are looked up.
    """

    def __init__(
        self,
        matched: Matched,
        plans: Sequence[Plan],
        said: set[str],
        keys: Keys,
        last: Last,
        *,
        year: int,
        current: int,
        complete: bool,
        names: tuple[RowNames, NameLookup] | None,
    ) -> None:
        self._sheet, self._place = matched.sheet, matched.table.place
        self._plans, self._said, self._keys, self._last = plans, said, keys, last
        self._year, self._current, self._complete = year, current, complete
        self._names = names
        self._dated = [name for name in self._sheet.key if name.endswith(".year")]
        self._unread_absent: dict[tuple[int, frozenset[str]], tuple[int, ...]] = {}

    def add(self, batch: Batch, row: Row, known: dict[tuple[str, ...], dict[str, str]]) -> None:
        """Put what a row makes into a batch. `known`: the label of each key that it refers to, by the labels that it may be of."""
        source = f"{self._place}!{row.number}"
        again = False
        year = max((row.parsed.values.get(name) or self._year for name in self._dated), default=self._year)
        last = not self._dated or self._last.is_last(self._sheet.name, row.parsed.values[self._sheet.key[0]], year)
        for at, plan in enumerate(self._plans):
            target: Target = (plan.write.target,)
            if plan.label is None and not last:
                continue
            if plan.label is not None:
                made = label_row(MODEL, plan.write, row.parsed.values, self._year)
                if made is None:
                    continue
                if not plan.label.owner:
                    again |= not self._brought(plan.label, str(made[0]))
                version = label_version(target, made, source)
            else:
                relationship = MODEL.relationships[plan.write.target]
                made = relationship_row(relationship, plan.write, plan.columns, row.parsed.values)
                if made is None:
                    continue
                target = self._joined(plan, made, known)
                version = relationship_version(target, made, source)
            # Of an owner's yearly rows one alone, the last, tells where it is.
            version.again = again and plan.repeats and not (self._dated and plan.label is None)
            version.current = year >= self._current
            absent = self._absent(at, plan, row.parsed.unread) if row.parsed.unread else plan.absent
            version.absent = absent if version.current else (*absent, *plan.ends_at)
            version.unread_end = f"{plan.write.target}.until" in row.parsed.unread
            version.row = row.outcome
            batch.groups[target].append(version)
        self._bring(row.parsed.values)

    def _bring(self, values: Mapping[str, Any]) -> None:
        """Remember the names that an accepted row brings, and where it says that something is."""
        if self._names is None:
            return
        names, lookup = self._names
        names.see(values)
        for label in ("Village", "Cadre", "Department"):
            key = values.get(f"{label}.{MODEL.labels[label].key.name}")
            name = values.get("VillageYear.name" if label == "Village" else f"{label}.name")
            if key and name and any(plan.label is not None and plan.label.name == label for plan in self._plans):
                works_for = values.get("Department.department_no") or "" if label == "Cadre" else ""
                where = (values["Village.code"],) if label == "Department" and values.get("Village.code") else ()
                lookup.bring(label, key, name, where, works_for)

    def _absent(self, at: int, plan: Plan, unread: set[str]) -> tuple[int, ...]:
        """Positions of which a row with cells that are not understood says nothing: they stay as they are known."""
        seen = (at, frozenset(unread))
        if seen not in self._unread_absent:
            # The beginning is a part of what finds it: what is not understood there has refused the row.
            there = self._said - {name for name in unread if not name.endswith(".since")}
            self._unread_absent[seen] = planned(self._sheet, plan.write, there, complete=self._complete).absent
        return self._unread_absent[seen]

    def _brought(self, label: Label, key: str) -> bool:
        """Remember a node; whether it is the first time in this delivery. A village is an area too."""
        if label.also:
            self._keys.add(label.also, key)
        return self._keys.add(label.name, key)

    @staticmethod
    def _joined(plan: Plan, made: list[Any], known: dict[tuple[str, ...], dict[str, str]]) -> Target:
        start, end = plan.ends
        return (
            plan.write.target,
            start[0] if len(start) == 1 else known[start][made[0]],
            end[0] if len(end) == 1 else known[end][made[1]],
        )
