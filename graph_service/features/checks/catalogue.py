"""The checks, as data with validity (`data/checks.csv`, DOMAIN §5): code, severity, threshold of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from graph_service.core.rules import rules, split_values, validity
from graph_service.domain.days import days_after

COUNTY_GROUPS = ("documents", "phones", "members", "cards", "villages", "outside")
"""Each has its statement, `checks/<group>`, for the areas of a county."""
MONEY_GROUPS = ("money", "payees")
"""The same of what money does not add up there."""
UNLOCATED_GROUPS = ("funds",)
"""The same of what lies in no area."""
ALL_MONEY_GROUPS = (*MONEY_GROUPS, *UNLOCATED_GROUPS)
FEN_PER_YUAN = Decimal(100)


@dataclass(frozen=True, slots=True)
class Check:
    """One check while its threshold holds. `threshold`: [lowest, highest] as the register's unit has it, empty where it has none;
    a single figure stands for both. `column`: the header that it is about."""

    code: str
    zh: str
    doc: str
    group: str
    severity: str
    subject: str
    column: str
    threshold: tuple[Decimal, ...]
    unit: str
    source: str
    since: int
    until: int

    @property
    def limits(self) -> list[float]:
        """The threshold in the unit of what is stored: yuan as fen."""
        factor = FEN_PER_YUAN if self.unit == "YUAN" else Decimal(1)
        return [float(one * factor) for one in self.threshold]


@cache
def all_checks() -> tuple[Check, ...]:
    """All that ever were, in the order of their file."""
    found = []
    for row in rules("checks"):
        limits = tuple(Decimal(one) for one in split_values(row["threshold"]))
        found.append(
            Check(
                row["check"],
                row["zh"],
                row["doc"],
                row["group"],
                row["severity"],
                row["subject"],
                row["column"],
                limits * 2 if len(limits) == 1 else limits,
                row["unit"],
                row["source"],
                *validity(row),
            )
        )
    return tuple(found)


@cache
def checks_by_code() -> Mapping[str, Check]:
    """The checks by code, each as it is last."""
    return {check.code: check for check in all_checks()}


def grace_cutoff_day(as_of: int) -> int:
    """The last day (YYYYMMDD) on which a household was poor that has exited so long ago that it holds no preferred shares any more."""
    known = checks_in_force(as_of).get("PREFERRED_HELD_AFTER_EXIT")
    return days_after(as_of, -int(known.threshold[0]) - 1) if known else as_of


def checks_in_force(as_of: int) -> Mapping[str, Check]:
    """The checks that are made for a day (YYYYMMDD), by code."""
    return {check.code: check for check in all_checks() if check.since <= as_of <= check.until}
