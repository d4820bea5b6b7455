"""Findings of the checks in counties on a day, compared with the earlier findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from graph_service.core.areas import CODE_DIGITS, NO_AREA, code_range, single_code_range
from graph_service.core.duties import duties_by_name
from graph_service.core.recording.changes import ChangeRow, node_row, relationship_row
from graph_service.core.rules import poverty_lines, rules_in_force
from graph_service.domain.amounts import format_yuan
from graph_service.domain.records import Target
from graph_service.features.chains.paths import LEVELS_ABOVE_COUNTY
from graph_service.features.checks.catalogue import (
    COUNTY_GROUPS,
    MONEY_GROUPS,
    UNLOCATED_GROUPS,
    checks_by_code,
    checks_in_force,
    grace_cutoff_day,
)
from graph_service.features.support.measures import hollow_contents
from graph_service.platform.catalog import get_statement
from graph_service.platform.store.graph import Store

FINDING = Target("Finding")
FINDINGS_PROGRESS = "疑点变化 new or gone findings"
"""Name under which progress is shown, beside those of the sheets."""
OPEN, GONE, RESOLVED = "OPEN", "GONE", "RESOLVED"
RESIDENT_DUTIES = ("FIRST_SECRETARY", "RESIDENT_TEAM")
"""Duties whose holders have to live in the village."""
RELATIONSHIP_END_LABELS = {"Village": "Area"}
"""Labels under which a relationship finds its end, where they differ."""


class CheckResult(NamedTuple):
    """A finding of a check: its code, the label and the key of the subject, and the value."""

    check: str
    label: str
    subject: str
    value: str | None


def statement_parameters(as_of: int) -> Mapping[str, Any]:
    """Return the parameters of the statements of the checks for a day (YYYYMMDD), except the range and the data version."""
    checks = checks_in_force(as_of)
    return {
        "asOf": as_of,
        "year": as_of // 10000,
        "codes": sorted(checks),
        "limits": {code: check.limits for code, check in checks.items() if check.threshold},
        "lines": poverty_lines(),
        "hollow": hollow_contents(as_of),
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "relations": [
            {
                "relation": rule["relation"],
                "sex": rule["sex"],
                "years_after_head": int(rule["years_after_head"]) if rule["years_after_head"] else None,
            }
            for rule in rules_in_force("relations", as_of)
        ],
        "posts": [post for duty in duties_by_name().values() if duty.name in RESIDENT_DUTIES for post in duty.posts],
        "kinds": sorted(checks),
        "onlyYear": None,
        "grace": grace_cutoff_day(as_of),
        "above": list(LEVELS_ABOVE_COUNTY),
        # Inhabitants are judged where they live; operators, which everybody may see, where the asset lies.
        "scope": [],
        "areas": [],
    }


def run_checks(store: Store, parameters: Mapping[str, Any]) -> dict[str, CheckResult]:
    """Return the results of the checks, by the number of the finding. One statement a group. `parameters`: all that the statements take."""
    results: dict[str, CheckResult] = {}
    for group in () if parameters["everywhere"] else COUNTY_GROUPS:
        for check, label, subject, value in _read_rows(store, f"checks/{group}", parameters):
            results[f"{check}!{subject}"] = CheckResult(check, label, subject, value)
    for group in UNLOCATED_GROUPS if parameters["everywhere"] else MONEY_GROUPS:
        for check, label, subject, key, expected, actual, shares in _read_rows(store, f"checks/{group}", parameters):
            value = None if actual is None else _format_figures(expected, actual, shares=shares)
            results[f"{check}!{key}"] = CheckResult(check, label, subject, value)
    return results


def _read_rows(store: Store, statement: str, parameters: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    """Return the rows of a statement, run with those of `parameters` that it takes."""
    definition = get_statement(statement)
    return store.query_statement(definition, {name: parameters[name] for name in definition.parameters})


def _format_figures(expected: int, actual: int, *, shares: bool) -> str:
    """Format the actual and the expected figure: 6000.00 (5000.00) yuan, 90 (100) shares."""
    return f"{actual} ({expected})" if shares else f"{format_yuan(actual)} ({format_yuan(expected)})"


def finding_row(
    number: str,
    code: str,
    state: str,
    value: str | None,
    note: str | None,
    by: str | None,
    day: int,
    seen_on: int | None,
) -> ChangeRow:
    """Return the row of a finding's state, as it is stored."""
    check = checks_by_code()[code]
    return node_row(
        FINDING.name,
        number,
        column=check.column,
        check=code,
        severity=check.severity,
        state=state,
        value=value,
        note=note,
        by=by,
        day=day,
        seen_on=seen_on,
    )


def compare_findings(
    store: Store, counties: Iterable[str], seq: int, as_of: int, *, previous_day: int, reopen_resolved: bool
) -> Iterator[list[ChangeRow]]:
    """Yield the rows to be written, a list for each county: findings that are new, back, or gone.

    `previous_day`: the day of the last data version, for which open findings were found. `reopen_resolved`: whether a finding that an
    official has put right and that is still found is opened again; else that waits for the next delivery.
    """
    day_parameters = statement_parameters(as_of)
    for county in counties:
        parameters = {**day_parameters, "seq": seq, **_area_parameters(county)}
        results = run_checks(store, parameters)
        rows: list[ChangeRow] = []
        for number, check, state, value, note, by, day in _read_rows(store, "imports/findings", parameters):
            result = results.pop(number, None)
            if result is None:
                if state != GONE:
                    rows.append(finding_row(number, check, GONE, value, note, by, as_of, max(previous_day, day)))
            elif state == GONE or (state == RESOLVED and reopen_resolved) or (state == OPEN and value != result.value):
                rows.append(finding_row(number, check, OPEN, result.value, None, None, as_of, None))
        for number, (check, label, subject, value) in results.items():
            rows.append(finding_row(number, check, OPEN, value, None, None, as_of, None))
            target = Target("ABOUT", "Finding", RELATIONSHIP_END_LABELS.get(label, label))
            rows.append(relationship_row(target, number, subject))
        yield rows


def _area_parameters(county: str) -> dict[str, Any]:
    """Return the range of an area; one above the counties is checked alone, without the areas below it."""
    low, high = code_range(county) if len(county) >= CODE_DIGITS["COUNTY"] else single_code_range(county)
    return {"low": low, "high": high, "everywhere": county == NO_AREA}
