"""Exit standards of households, villages and counties: trees of predicates, as data with validity (DOMAIN §6). Unknown never passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from graph_service.access.masking import excerpt
from graph_service.core.query_scope import QueryScope
from graph_service.core.rules import (
    FEN_PER_YUAN,
    Rule,
    parse_exact,
    poverty_lines,
    rules,
    schooling_parameters,
    validity,
)
from graph_service.domain.amounts import format_rate, format_yuan
from graph_service.errors import RecordNotFound, RuleInvalid
from graph_service.platform.catalog import NO_EXTRA_COLUMNS, ExtraColumns, get_statement
from graph_service.platform.store.graph import Store

MILLIONTHS_PER_PERCENT = 10_000
ALL, POVERTY_LINE = "ALL", "LINE"
STANDARDS_FILE = "exit-standards"
THRESHOLD_COMPARISONS = ("ABOVE", "AT_LEAST", "AT_MOST", "BELOW")
COMPARISONS = (ALL, "TRUE", *THRESHOLD_COMPARISONS)
UNIT_FACTORS = {"YUAN": FEN_PER_YUAN, "PERCENT": MILLIONTHS_PER_PERCENT}
"""Factor from the unit of a written threshold to the stored unit: fen, millionths."""
STATEMENTS = {"HOUSEHOLD": "exits/household", "VILLAGE": "exits/village", "COUNTY": "exits/county"}
MET, UNMET, UNKNOWN, MASKED = "MET", "UNMET", "UNKNOWN", "MASKED"
SENSITIVE_PREDICATES = frozenset(("SCHOOLING",))
"""Predicates that tell sensitive values of members: whether a child is at school."""


@dataclass(frozen=True, slots=True)
class ExitEvidence:
    """Evidence of a predicate: label and key of a record, and its content, where that is not the value itself."""

    label: str
    key: str
    says: str | None


@dataclass(frozen=True, slots=True)
class ExitJudgement:
    """A predicate, or several that must all be met. `result`: MET, UNMET, UNKNOWN, MASKED. `value` as stored (fen, millionths, boolean);
    `threshold` in the same unit."""

    code: str
    title: str
    result: str
    comparison: str
    value: Any
    threshold: int | None
    unit: str
    source: str
    evidence: tuple[ExitEvidence, ...]
    parts: tuple[ExitJudgement, ...]


@dataclass(frozen=True, slots=True)
class ExitReadiness:
    """A subject under its standard: label and key of the subject, code of the area in which it lies, tree of judgements. `extra_values`:
    values of the extra columns."""

    label: str
    key: str
    area: str
    tree: ExitJudgement
    extra_values: tuple[Any, ...] = ()


@cache
def standards() -> tuple[Rule, ...]:
    """Return all rows of the standards, each of which can be judged. Raises `RuleInvalid`."""
    for rule in rules(STANDARDS_FILE):
        validate_rule(rule)
    return rules(STANDARDS_FILE)


def validate_rule(rule: Rule) -> None:
    """Raise `RuleInvalid` where a row cannot be judged: nothing else would report it, as its result would be unknown."""
    comparisons, needs_threshold = ", ".join(COMPARISONS), rule["comparison"] in THRESHOLD_COMPARISONS
    if rule["comparison"] not in COMPARISONS:
        raise _rule_error(rule, "comparison", f"可用：{comparisons}", f"which must be one of {comparisons}")
    if needs_threshold and rule["unit"] not in UNIT_FACTORS:
        units = ", ".join(UNIT_FACTORS)
        raise _rule_error(rule, "unit", f"可用：{units}", f"which must be one of {units}")
    if needs_threshold != bool(rule["threshold"]):
        raise _rule_error(
            rule, "threshold", "与比较方式不符", f"which does not fit the comparison {rule['comparison']}"
        )
    _threshold(rule)


def _rule_error(rule: Rule, column: str, zh: str, en: str) -> RuleInvalid:
    return RuleInvalid(file=STANDARDS_FILE, column=column, value=rule[column], reason_zh=zh, reason_en=en)


def _threshold(rule: Rule) -> int | None:
    """Return the threshold in the stored unit; None where there is none, or the fact brings its own: the line of the card's year."""
    if rule["threshold"] in ("", POVERTY_LINE):
        return None
    return parse_exact(STANDARDS_FILE, rule, "threshold", UNIT_FACTORS[rule["unit"]])


def _standard_rules(standard: str, as_of: int) -> list[Rule]:
    return [
        rule for rule in standards() if rule["standard"] == standard and validity(rule)[0] <= as_of <= validity(rule)[1]
    ]


def predicates(standard: str, as_of: int) -> list[dict[str, Any]]:
    """Return predicate, comparison and threshold of a standard's leaves, as parameters of the statements."""
    return [
        {"predicate": rule["predicate"], "comparison": rule["comparison"], "threshold": _threshold(rule)}
        for rule in _standard_rules(standard, as_of)
        if rule["comparison"] != ALL
    ]


UNIT_FORMATTERS: Mapping[str, Callable[[Any], str | None]] = {"YUAN": format_yuan, "PERCENT": format_rate}


def format_value(value: Any, unit: str) -> str | None:
    """Return a value or threshold as text: yuan, a share, true or false; None where it is unknown."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).lower()
    return UNIT_FORMATTERS[unit](value)


def predicate_result(met: bool | None) -> str:
    """Return the result of a predicate; a `met` of None is unknown."""
    return UNKNOWN if met is None else MET if met else UNMET


def assess(
    store: Store, scope: QueryScope, standard: str, key: str, extra: ExtraColumns = NO_EXTRA_COLUMNS
) -> ExitReadiness:
    """Judge a household, village or county by its standard on a day. One statement. Raises `RecordNotFound`."""
    as_of = scope.as_of
    parameters = {
        **scope.parameters(),
        **schooling_parameters(as_of),
        "year": as_of // 10000,
        "predicates": predicates(standard, as_of),
        "lines": poverty_lines(),
        "key": key,
    }
    parameter_names = get_statement(STATEMENTS[standard]).parameters
    rows = store.query(STATEMENTS[standard], extra, **{name: parameters[name] for name in parameter_names})
    if not rows:
        subject_names = {"HOUSEHOLD": ("户", "household"), "VILLAGE": ("村", "village"), "COUNTY": ("县", "county")}[
            standard
        ]
        raise RecordNotFound(what_zh=subject_names[0], what_en=subject_names[1], key=excerpt(key, 80))
    label, subject, outcomes, area, *extra_values = rows[0]
    tree = _build_tree(_standard_rules(standard, as_of), {outcome["predicate"]: outcome for outcome in outcomes}, "")
    return ExitReadiness(label, subject, area, tree, tuple(extra_values))


def _build_tree(rows: Sequence[Rule], outcomes: dict[str, Any], parent: str) -> ExitJudgement:
    [root] = [rule for rule in rows if rule["parent"] == parent]
    return _judge(root, rows, outcomes)


def _judge(rule: Rule, rows: Sequence[Rule], outcomes: dict[str, Any]) -> ExitJudgement:
    code = rule["predicate"]
    parts = tuple(_judge(child, rows, outcomes) for child in rows if child["parent"] == code)
    value: Any = None
    threshold: int | None = None
    evidence: tuple[ExitEvidence, ...] = ()
    if rule["comparison"] == ALL:
        result = _joint_result(parts)
    else:
        outcome = outcomes[code]
        value, threshold, result = outcome["value"], outcome["threshold"], predicate_result(outcome["met"])
        # A missing record is no evidence.
        evidence = tuple(
            ExitEvidence(record["label"], record["key"], record["text"])
            for record in outcome["evidence"] or ()
            if record["key"] is not None
        )
    return ExitJudgement(
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


def _joint_result(parts: Sequence[ExitJudgement]) -> str:
    """Return the result of parts that must all be met. It is masked unless it is the same whatever a masked part is."""
    results = {part.result for part in parts}
    return next((result for result in (UNMET, MASKED, UNKNOWN) if result in results), MET)


def mask_sensitive(judgement: ExitJudgement) -> ExitJudgement:
    """Return a judgement without what tells sensitive values: these predicates, and the results that depend on them."""
    if judgement.code in SENSITIVE_PREDICATES:
        return replace(judgement, result=MASKED, value=None, evidence=())
    if not judgement.parts:
        return judgement
    parts = tuple(map(mask_sensitive, judgement.parts))
    return replace(judgement, parts=parts, result=_joint_result(parts))
