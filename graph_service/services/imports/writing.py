"""Versions → the graph: what is known is read, what differs is written, each batch once."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.catalog import question
from graph_service.declare import OPEN, Keeping
from graph_service.derive.upserts import Upsert
from graph_service.engine.port import Transaction
from graph_service.errors import LeaseLost, StatementTimeout
from graph_service.model import MODEL
from graph_service.services.imports.touched import Touched
from graph_service.services.imports.turns import active, beat
from graph_service.services.imports.versions import Target, Version, upsert
from graph_service.store.graph import Store

RECORDS = {"HouseholdYear": "Household", "PersonYear": "Person"}
"""Records from which it is derived where their owners live, to whom they belong and whether they are poor."""
BEAT_SECONDS = 10.0
END_NOT_UNDERSTOOD = "END_NOT_UNDERSTOOD"
SMALLEST = 50
"""A batch of so few rows that takes longer than it may is not taken apart any more."""
NOBODY = -1
"""The sequence of what a dry run would write."""


@dataclass(slots=True)
class Compared:
    """Versions of a batch: to be made; with the sequence that they replace; made by this import before it was killed; and what to
    remark of some, with its code: not taken, or taken from an older collection than the last."""

    fresh: list[Version] = field(default_factory=list)
    changed: list[tuple[Version, int]] = field(default_factory=list)
    resumed: list[Version] = field(default_factory=list)
    left: list[Sequence[Any]] = field(default_factory=list)
    """Of relationships that lead elsewhere now: the ends that they had."""
    remarks: list[tuple[Version, str]] = field(default_factory=list)


@dataclass(slots=True)
class Writer:
    """The one writer of a running import; without a sequence it only compares."""

    store: Store
    sequence: int | None
    token: str
    newer: Mapping[int, bool]
    """Sequences later than this collection, and whether each is an official's change: what they recorded is not rolled back."""
    batch: int = 0
    sheet: str = ""
    rows: int = 0
    """How far the import has come: the sheet, and the rows read of all sheets."""
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    touched: Touched = field(default_factory=Touched)
    _beaten: float = field(default_factory=time.monotonic)
    _virgin: dict[Target, bool] = field(default_factory=dict)

    def write(
        self, sheet: str, groups: dict[Target, list[Version]], read: int = 0
    ) -> tuple[dict[str, set[str]], list[tuple[Version, str]]]:
        """Write one batch, a transaction for each target: small ones are what an engine likes, and what a killed import leaves
        undone is found when it is resumed.

        Gives the keys of households and persons of whose records this import has changed some, also before it was killed and
        resumed, by label, and the remarks on versions, by code.
        """
        self.sheet, self.rows = sheet, self.rows + read
        touched: dict[str, set[str]] = defaultdict(set)
        remarks: list[tuple[Version, str]] = []
        for target, versions in groups.items():
            texts = upsert(target)
            found = self._compared(sheet, target, versions)
            remarks.extend(found.remarks)
            changed = [_row(texts, v, replaced) for v, replaced in found.changed]
            fresh = [_row(texts, v, None) for v in found.fresh]
            made = [*found.fresh, *found.resumed, *(v for v, _ in found.changed)]
            self.touched.add(target, [*(v.ends for v in made), *found.left])
            if found.resumed and len(target) > 1 and MODEL.relationships[target[0]].by != "both":
                # Whence it led before it was made is not known any more.
                self.touched.everywhere()
            if owner := RECORDS.get(target[0]):
                touched[owner].update(str(v.key[0]) for v in made)
            if self.sequence is not None:
                self._make(texts, fresh, changed)
        if self.sequence is None:
            return {}, remarks
        if time.monotonic() - self._beaten > BEAT_SECONDS:
            # What changes nothing writes nothing, and may take long.
            beat(self.store, self.token, self.sheet, self.rows)
            self._beaten = time.monotonic()
        return touched, remarks

    def _make(self, texts: Upsert, fresh: list[list[Any]], changed: list[list[Any]]) -> None:
        """Write rows in one transaction; where it took longer than it may, in two of half the size, and so on."""
        steps: list[tuple[str, list[Any]]] = []
        if changed and texts.supersede:
            steps.append((texts.supersede, changed))
        if fresh or changed:
            steps.append((texts.create, fresh + changed))
        if not steps:
            return
        try:
            self.apply(steps)
        except StatementTimeout:
            if len(fresh) + len(changed) <= SMALLEST:
                raise
            for half in (slice(None, None, 2), slice(1, None, 2)):
                self._make(texts, fresh[half], changed[half])

    def end(self, sheet: str, target: Target, versions: list[Version]) -> None:
        """Write what a complete delivery has ended: relationships with their last day; records of a year are withdrawn."""
        if len(target) > 1:
            counts, texts = self.counts[sheet], upsert(target)
            changed = counts["changed"]
            if self.sequence is not None:
                # A former year's row of this import may have brought it: it is none of the day.
                self.apply([(texts.end, [_row(texts, one, None) for one in versions])])
            self.write(sheet, {target: versions})
            counts["ended"] += counts["changed"] - changed
            counts["changed"] = changed
            return
        self.counts[sheet]["withdrawn"] += len(versions)
        self.touched.add(target, [one.ends for one in versions])
        if self.sequence is not None:
            self.apply([(upsert(target).supersede, [one.ends for one in versions])])

    def apply(self, steps: list[tuple[str, list[Any]]]) -> None:
        """Run the steps in one transaction, once: a retry after a lost answer finds its batch taken."""
        self.batch += 1
        active(self.token)

        def work(tx: Transaction) -> bool:
            reached = {"batch": self.batch, "sheet": self.sheet, "rows": self.rows}
            if not tx.run(question("imports/fence").text, {"token": self.token, **reached}):
                return bool(tx.run(question("imports/held").text, {"token": self.token}))
            for text, rows in steps:
                tx.run(text, {"rows": rows, "seq": self.sequence, "open": OPEN})
            return True

        if not self.store.write(work, "imports/batch"):
            raise LeaseLost

    def _compared(self, sheet: str, target: Target, versions: list[Version]) -> Compared:
        """The versions of a batch by what has to be done with them; the sheet's counts are kept."""
        count, known, out = self.counts[sheet], self._known(target, versions), Compared()
        repeating = any(v.again for v in versions)
        fixed = len(target) == 1 and MODEL.labels[target[0]].keeping is Keeping.FIXED
        for version in versions:
            found = known.get(version.key)
            if found is None:
                if version.unread_end:
                    _reach(version, "refused")
                    out.remarks.append((version, END_NOT_UNDERSTOOD))
                    continue
                count["new"] += 1
                _reach(version, "new")
                out.fresh.append(version)
                if repeating:
                    known[version.key] = (self.sequence or NOBODY, version.values)
                continue
            recorded, values = found
            version.fill(values)
            mine = recorded == (self.sequence or NOBODY)
            if fixed or values == version.values:
                if mine and not version.again:
                    count["resumed"] += 1
                    _reach(version, "resumed")
                    out.resumed.append(version)
                else:
                    count["same"] += 1
            elif mine or version.again:
                out.remarks.append((version, "ROWS_DISAGREE"))
            elif recorded in self.newer:
                count["older"] += 1
                _reach(version, "older")
                out.remarks.append((version, "CHANGE_KEPT" if self.newer[recorded] else "OLDER_DELIVERY"))
            else:
                count["changed"] += 1
                _reach(version, "changed")
                out.changed.append((version, recorded))
                if len(target) > 1 and values[:2] != version.values[:2]:
                    out.left.append(values[:2])
                if not all(self.newer.values()):
                    out.remarks.append((version, "CHANGED_BY_OLDER"))
                if repeating:
                    known[version.key] = (self.sequence or NOBODY, version.values)
        return out

    def _known(self, target: Target, versions: list[Version]) -> dict[tuple[Any, ...], tuple[int, list[Any]]]:
        """What the graph has of their keys: key → (sequence, values)."""
        texts = upsert(target)
        if texts.any:
            if target not in self._virgin:
                self._virgin[target] = not self.store.lookup(texts.any, {})
            if self._virgin[target]:
                # There was none when the import began: only its own rows can have brought it.
                versions = [v for v in versions if v.again]
        if not versions:
            return {}
        plain = len(target) == 1 and not MODEL.labels[target[0]].owner
        keys = [v.key[0] if plain else list(v.key) for v in versions]
        [[rows]] = self.store.lookup(texts.known, {"keys": keys, "open": OPEN})
        return {((row[0],) if plain else tuple(row[0])): (row[1], row[2]) for row in rows}


def _reach(version: Version, outcome: str) -> None:
    if version.row is not None:
        version.row.reach(outcome)


def _row(texts: Upsert, version: Version, replaced: int | None) -> list[Any]:
    spelling = texts.spell(version.stored) if texts.spell else ()
    return [*version.ends, version.source, replaced, *version.stored, *spelling]
