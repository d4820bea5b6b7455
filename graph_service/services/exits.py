"""Exit standards of households, villages and counties: trees of predicates, as data with validity (DOMAIN §6). Unknown is never passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.catalog import NOTHING, Extra, question
from graph_service.derive.amounts import show_rate, show_yuan
from graph_service.errors import NotFound
from graph_service.services.rules import FEN, Rule, in_force, poverty_lines, schooling
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

PERCENT = 10_000
ALL, LINE = "ALL", "LINE"
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


def _threshold(rule: Rule) -> int | None:
    """None where there is none, or the fact brings its own: the line of the card's year."""
    said = rule["threshold"]
    return int(said) * {"YUAN": FEN, "PERCENT": PERCENT}.get(rule["unit"], 1) if said and said != LINE else None


def _rules(standard: str, as_of: int) -> list[Rule]:
    return [rule for rule in in_force("exit-standards", as_of) if rule["standard"] == standard]


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
