"""The checks, as data with validity (`data/checks.csv`, DOMAIN §5): code, severity, threshold of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from graph_service.core.rules import rules, sensitive_checks, split_values, validity
from graph_service.domain.days import days_after

COUNTY_GROUPS = ("documents", "phones", "members", "cards", "villages", "outside")
"""Groups of checks on the areas of a county; each has its statement, `checks/<group>`."""
MONEY_GROUPS = ("money", "payees")
"""Groups of checks on money in the areas of a county."""
UNLOCATED_GROUPS = ("funds",)
"""Groups of checks on money that lies in no area."""
ALL_MONEY_GROUPS = (*MONEY_GROUPS, *UNLOCATED_GROUPS)
FEN_PER_YUAN = Decimal(100)


@dataclass(frozen=True, slots=True)
class Check:
    """A check while its threshold holds. `threshold`: [lowest, highest] in the register's unit, empty where there is none; a single figure
    stands for both. `column`: the header that the check is about. `is_sensitive`: that a person or household has such a finding tells
    health, capacity for work, age, schooling or aid."""

    code: str
    zh: str
    doc: str
    group: str
    severity: str
    subject: str
    is_sensitive: bool
    column: str
    threshold: tuple[Decimal, ...]
    unit: str
    source: str
    since: int
    until: int

    @property
    def limits(self) -> list[float]:
        """Return the threshold in the unit of the stored values: yuan as fen."""
        factor = FEN_PER_YUAN if self.unit == "YUAN" else Decimal(1)
        return [float(limit * factor) for limit in self.threshold]


@cache
def all_checks() -> tuple[Check, ...]:
    """Return the checks of all times, in the order of their file."""
    checks = []
    for row in rules("checks"):
        limits = tuple(Decimal(figure) for figure in split_values(row["threshold"]))
        checks.append(
            Check(
                row["check"],
                row["zh"],
                row["doc"],
                row["group"],
                row["severity"],
                row["subject"],
                row["check"] in sensitive_checks(),
                row["column"],
                limits * 2 if len(limits) == 1 else limits,
                row["unit"],
                row["source"],
                *validity(row),
            )
        )
    return tuple(checks)


@cache
def checks_by_code() -> Mapping[str, Check]:
    """Return the checks by code, each in its last version."""
    return {check.code: check for check in all_checks()}


def grace_cutoff_day(as_of: int) -> int:
    """Return the cutoff day (YYYYMMDD) of preferred shares: a household last poor on or before it has exited so long ago that it holds none
    any more."""
    check = checks_in_force(as_of).get("PREFERRED_HELD_AFTER_EXIT")
    return days_after(as_of, -int(check.threshold[0]) - 1) if check else as_of


def checks_in_force(as_of: int) -> Mapping[str, Check]:
    """Return the checks in force on a day (YYYYMMDD), by code."""
    return {check.code: check for check in all_checks() if check.since <= as_of <= check.until}
