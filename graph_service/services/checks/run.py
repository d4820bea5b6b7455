"""What the checks find in some counties on a day, against what they had found before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph_service.catalog import question
from graph_service.declare import FIRST_DAY, LAST_DAY
from graph_service.derive.amounts import show_yuan
from graph_service.services.areas import DIGITS, NOWHERE, alone_range, code_range
from graph_service.services.chains.ways import ABOVE_COUNTY
from graph_service.services.checks.catalogue import (
    GROUPS,
    MONEY_GROUPS,
    NOWHERE_GROUPS,
    catalogued,
    grace,
    in_force,
)
from graph_service.services.duties import named
from graph_service.services.imports.changes import Row
from graph_service.services.inquiries.measures import hollow
from graph_service.services.rules import in_force as rules_in_force
from graph_service.services.rules import poverty_lines
from graph_service.store.graph import Store

FINDING = ("Finding",)
OPEN, GONE, RESOLVED = "OPEN", "GONE", "RESOLVED"
RESIDENT = ("FIRST_SECRETARY", "RESIDENT_TEAM")
"""Duties whose holders have to live in the village."""
EVERYWHERE_ABOUT = {"Village": "Area"}
"""Labels under which a relationship finds its end."""
Found = tuple[str, str, str, str | None]
"""Check, label and key of the subject, value."""


def parameters(as_of: int) -> Mapping[str, Any]:
    """What the statements of the checks take, for a day (YYYYMMDD), besides the range and the data version."""
    known = in_force(as_of)
    return {
        "asOf": as_of,
        "year": as_of // 10000,
        "codes": sorted(known),
        "limits": {code: check.limits for code, check in known.items() if check.threshold},
        "lines": poverty_lines(),
        "hollow": hollow(as_of),
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "relations": [
            [r["relation"], r["sex"], int(r["years_after_head"]) if r["years_after_head"] else None]
            for r in rules_in_force("relations", as_of)
        ],
        "posts": [post for duty in named().values() if duty.name in RESIDENT for post in duty.posts],
        "kinds": sorted(known),
        "onlyYear": None,
        "grace": grace(as_of),
        "above": list(ABOVE_COUNTY),
        # Who lives somewhere is judged there; operators, which everybody may see, where the asset lies.
        "scope": [],
        "areas": [],
    }


def found(store: Store, given: Mapping[str, Any]) -> dict[str, Found]:
    """What is found, by the number of the finding. One statement a group. `given`: all that these take."""
    out: dict[str, Found] = {}
    for group in () if given["everywhere"] else GROUPS:
        for check, label, subject, value in _asked(store, f"checks/{group}", given):
            out[f"{check}!{subject}"] = (check, label, subject, value)
    for group in NOWHERE_GROUPS if given["everywhere"] else MONEY_GROUPS:
        for check, label, subject, key, expected, seen, shares in _asked(store, f"checks/{group}", given):
            value = None if seen is None else _figures(expected, seen, shares=shares)
            out[f"{check}!{key}"] = (check, label, subject, value)
    return out


def _asked(store: Store, statement: str, given: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    """Rows of a statement; it takes of `given` what it needs."""
    asked = question(statement)
    return store.read(asked, {name: given[name] for name in asked.params})


def _figures(expected: int, found: int, *, shares: bool) -> str:
    """What is, and what should be: 6000.00 (5000.00) yuan, 90 (100) shares."""
    return f"{found} ({expected})" if shares else f"{show_yuan(found)} ({show_yuan(expected)})"


def finding(
    number: str,
    code: str,
    state: str,
    value: str | None,
    note: str | None,
    by: str | None,
    day: int,
    seen_on: int | None,
) -> Row:
    """A state of a finding, as it is stored."""
    check = catalogued()[code]
    return FINDING, [number, check.column, code, check.severity, None, state, None, value, note, by, day, seen_on]


def compared(
    store: Store, counties: Iterable[str], seq: int, as_of: int, *, before: int, again: bool
) -> Iterator[list[Row]]:
    """What has to be written, a list for each county: findings that are new, back, or gone.

    `before`: the day of the last data version: what was open, was found for it. `again`: whether what an official has put right
    and is found still is open again; else that waits for the next delivery.
    """
    taken = parameters(as_of)
    for county in counties:
        given = {**taken, "seq": seq, **_within(county)}
        now = found(store, given)
        rows: list[Row] = []
        for number, check, state, value, note, by, day in _asked(store, "imports/findings", given):
            here = now.pop(number, None)
            if here is None:
                if state != GONE:
                    rows.append(finding(number, check, GONE, value, note, by, as_of, max(before, day)))
            elif state == GONE or (state == RESOLVED and again) or (state == OPEN and value != here[3]):
                rows.append(finding(number, check, OPEN, here[3], None, None, as_of, None))
        for number, (check, label, subject, value) in now.items():
            rows.append(finding(number, check, OPEN, value, None, None, as_of, None))
            about = ("ABOUT", "Finding", EVERYWHERE_ABOUT.get(label, label))
            rows.append((about, [number, subject, FIRST_DAY, LAST_DAY]))
        yield rows


def _within(county: str) -> dict[str, Any]:
    """An area above the counties is looked at alone."""
    low, high = code_range(county) if len(county) >= DIGITS["COUNTY"] else alone_range(county)
    return {"low": low, "high": high, "everywhere": county == NOWHERE}
