"""Rules as data with validity: duties, measures that answer a cause, contents that count in name only."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, DataClassification
from graph_service.domain.personal_numbers import MASK
from graph_service.errors import RuleInvalid

Rule = Mapping[str, str]
FEN_PER_YUAN = 100


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """Return the rows of a file of rules (`data/<name>.csv`), in its order."""
    with (files("graph_service") / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def validity(rule: Rule) -> tuple[int, int]:
    """Return the first and last day (YYYYMMDD) on which a rule holds."""
    return int(rule["valid_from"] or FIRST_DAY), int(rule["valid_until"] or LAST_DAY)


def rules_in_force(name: str, as_of: int) -> tuple[Rule, ...]:
    """Return the rules of a file that hold on a day (YYYYMMDD)."""
    return tuple(rule for rule in rules(name) if validity(rule)[0] <= as_of <= validity(rule)[1])


def parse_exact(file: str, rule: Rule, column: str, factor: int) -> int:
    """Return a figure in its smallest unit, exact: 2.5 percent in millionths (`factor` 10,000) is 25,000. Raises `RuleInvalid`."""
    text = rule[column]
    try:
        scaled = Decimal(text) * factor
        if scaled == int(scaled):
            return int(scaled)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise RuleInvalid(
        file=file,
        column=column,
        value=text,
        reason_zh=f"应为数字，精度不超过 1/{factor}",
        reason_en=f"which must be a number with a precision of at most 1/{factor}",
    )


def poverty_lines() -> list[dict[str, int]]:
    """Return first day, last day and fen a head in the year of each line: an income is compared with the line of the same year."""
    return [
        {"since": since, "until": until, "amount": parse_exact("poverty-lines", rule, "yuan", FEN_PER_YUAN)}
        for rule in rules("poverty-lines")
        for since, until in [validity(rule)]
    ]


@cache
def sensitive_checks() -> tuple[str, ...]:
    """Return the codes of the checks whose findings tell health, capacity for work, age, schooling or aid of people."""
    return tuple(rule["check"] for rule in rules("checks") if rule["class"] == DataClassification.SENSITIVE)


def is_sensitive_finding(finding_no: str) -> bool:
    """Tell whether a number is that of a finding of such a check, or of its waiver."""
    return finding_no.partition("!")[0] in sensitive_checks()


def mask_check(finding_no: str) -> str:
    """Return the number of a finding or waiver with its check masked, for those who may learn whom it is about and not which it is."""
    check, separator, subject = finding_no.partition("!")
    return f"{MASK * 4}{separator}{subject}" if check else finding_no


def split_values(text: str) -> tuple[str, ...]:
    """Split a cell of several values: 健康|社会帮扶."""
    return tuple(filter(None, text.split("|")))


def schooling_parameters(as_of: int) -> dict[str, list[Any]]:
    """Return the statement parameters of compulsory school: its ages, and the register's texts for those who should be in school and are
    not, and for all who are not in school."""
    [ages] = rules_in_force("compulsory-ages", as_of)
    return {
        "ages": [int(ages["from_age"]), int(ages["until_age"])],
        "outOfSchool": [rule["state"] for rule in rules_in_force("out-of-school", as_of)],
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
    }
