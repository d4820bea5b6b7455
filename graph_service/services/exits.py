"""Exit standards of households, villages and counties: trees of predicates, as data with validity (DOMAIN §6). Unknown is never passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.catalog import NOTHING, Extra, question
from graph_service.derive.amounts import show_rate, show_yuan
from graph_service.errors import NotFound, RuleInvalid
from graph_service.services.rules import FEN, Rule, exact, poverty_lines, rules, schooling, validity
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

PERCENT = 10_000
ALL, LINE = "ALL", "LINE"
FILE = "exit-standards"
COMPARED = ("ABOVE", "AT_LEAST", "AT_MOST", "BELOW")
COMPARISONS = (ALL, "TRUE", *COMPARED)
FACTORS = {"YUAN": FEN, "PERCENT": PERCENT}
"""Of what a threshold is written in, to what is stored: fen, millionths."""
STATEMENTS = {"HOUSEHOLD": "exit/household", "VILLAGE": "exit/village", "COUNTY": "exit/county"}
MET, UNMET, UNKNOWN = "MET", "UNMET", "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a predicate rests on: label and key of a record, and what it says, where that is not the value itself."""

    label: str
    key: str
    says: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A predicate, or several that must all be met. `result`: MET, UNMET, UNKNOWN. `value` as stored (fen, millionths, boolean);
    `threshold` in the same unit."""

    code: str
    title: str
    result: str
    comparison: str
    value: Any
    threshold: int | None
    unit: str
    source: str
    evidence: tuple[Evidence, ...]
    parts: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A subject under its standard: label and key of the subject, the tree. `more`: what was asked for besides."""

    label: str
    key: str
    tree: Judged
    more: tuple[Any, ...] = ()


@cache
def standards() -> tuple[Rule, ...]:
    """All rows of the standards, each of which can be judged. Raises `RuleInvalid`."""
    for rule in rules(FILE):
        checked(rule)
    return rules(FILE)


def checked(rule: Rule) -> None:
    """Raises `RuleInvalid` where a row cannot be judged: nothing else would tell, as what cannot be judged is not known."""
    known, with_threshold = ", ".join(COMPARISONS), rule["comparison"] in COMPARED
    if rule["comparison"] not in COMPARISONS:
        raise _wrong(rule, "comparison", f"可用:{known}", f"give one of {known}")
    if with_threshold and rule["unit"] not in FACTORS:
        units = ", ".join(FACTORS)
        raise _wrong(rule, "unit", f"可用:{units}", f"give one of {units}")
    if with_threshold != bool(rule["threshold"]):
        raise _wrong(rule, "threshold", "与比较方式不符", f"which does not go with {rule['comparison']}")
    _threshold(rule)


def _wrong(rule: Rule, column: str, zh: str, en: str) -> RuleInvalid:
    return RuleInvalid(file=FILE, column=column, value=rule[column], reason_zh=zh, reason_en=en)


def _threshold(rule: Rule) -> int | None:
    """None where there is none, or the fact brings its own: the line of the card's year."""
    if rule["threshold"] in ("", LINE):
        return None
    return exact(FILE, rule, "threshold", FACTORS[rule["unit"]])


def _rules(standard: str, as_of: int) -> list[Rule]:
    return [
        rule for rule in standards() if rule["standard"] == standard and validity(rule)[0] <= as_of <= validity(rule)[1]
    ]


def predicates(standard: str, as_of: int) -> list[list[Any]]:
    """[predicate, comparison, threshold] of a standard's leaves, as the statements take them."""
    return [
        [rule["predicate"], rule["comparison"], _threshold(rule)]
        for rule in _rules(standard, as_of)
        if rule["comparison"] != ALL
    ]


UNITS: Mapping[str, Callable[[Any], str | None]] = {"YUAN": show_yuan, "PERCENT": show_rate}


def shown(value: Any, unit: str) -> str | None:
    """A value or threshold as text: yuan, a share, true or false; null where it is not known."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    return UNITS[unit](value)


def result_of(met: bool | None) -> str:
    """What a predicate comes to: null is not known."""
    return UNKNOWN if met is None else MET if met else UNMET


def assess(store: Store, viewing: Viewing, standard: str, key: str, extra: Extra = NOTHING) -> Assessment:
    """A household, village or county under its standard on a day. One statement. Raises `NotFound`."""
    as_of = viewing.as_of
    given = {
        **viewing.parameters(),
        **schooling(as_of),
        "year": as_of // 10000,
        "predicates": predicates(standard, as_of),
        "lines": poverty_lines(),
        "key": key,
    }
    taken = question(STATEMENTS[standard]).params
    rows = store.ask(STATEMENTS[standard], extra, **{name: given[name] for name in taken})
    if not rows:
        what = {"HOUSEHOLD": ("户", "household"), "VILLAGE": ("村", "village"), "COUNTY": ("县", "county")}[standard]
        raise NotFound(what_zh=what[0], what_en=what[1], key=key[:80])
    label, subject, judged, *more = rows[0]
    tree = _tree(_rules(standard, as_of), {row[0]: row for row in judged}, "")
    return Assessment(label, subject, tree, tuple(more))


def _tree(rules: Sequence[Rule], judged: dict[str, Any], above: str) -> Judged:
    [root] = [rule for rule in rules if rule["parent"] == above]
    return _judged(root, rules, judged)


def _judged(rule: Rule, rules: Sequence[Rule], judged: dict[str, Any]) -> Judged:
    code = rule["predicate"]
    parts = tuple(_judged(one, rules, judged) for one in rules if one["parent"] == code)
    value: Any = None
    threshold: int | None = None
    evidence: tuple[Evidence, ...] = ()
    if rule["comparison"] == ALL:
        results = {part.result for part in parts}
        result = UNMET if UNMET in results else UNKNOWN if UNKNOWN in results else MET
    else:
        _, met, value, records, threshold = judged[code]
        result = result_of(met)
        # What is not there says nothing.
        evidence = tuple(Evidence(*one) for one in records or () if one[1] is not None)
    return Judged(
        code,
        rule["zh"],
        result,
        rule["comparison"],
        value,
        threshold,
        rule["unit"],
        rule["source"],
        evidence,
        parts,
    )
