"""Measures of support, and the causes of poverty that none of them answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import rules, rules_in_force, schooling_parameters, split_values
from graph_service.domain.metamodel import DataClassification, Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import CAUSE, MEASURE_KIND

ASSET_SHARES = "资产收益"
"""Text in the rules for a share of an asset, which is not a kind of measure."""
SUPPORT_STATUS = Enumeration(
    "SupportStatus",
    "帮扶对象状态",
    "Reason why a household receives support on the query date: it is poor, or in the support period after exit.",
    (EnumMember("POOR", "贫困"), EnumMember("EXITED", "脱贫后巩固期")),
)
MEASURE_GAP_REASON = Enumeration(
    "MeasureGapReason",
    "未落实原因",
    "Reason why no measure addresses a cause of poverty.",
    (
        EnumMember("MISSING", "没有措施"),
        EnumMember("HOLLOW", "只有名义上的措施"),
    ),
)


def cause_matrix(as_of: int) -> list[dict[str, Any]]:
    """Return {cause, kinds, by_shares} for each cause, by the rules in force on a day (DOMAIN §3).

    kinds: kinds of measure that address the cause; by_shares: whether a share of an asset does."""
    causes, kinds = CAUSE.names_by_text(), MEASURE_KIND.names_by_text()
    matrix = []
    for rule in rules_in_force("cause-measures", as_of):
        answers = split_values(rule["answered_by"])
        matrix.append(
            {
                "cause": causes[rule["cause"]],
                "kinds": [kinds[answer] for answer in answers if answer != ASSET_SHARES],
                "by_shares": ASSET_SHARES in answers,
            }
        )
    return matrix


def hollow_contents(as_of: int) -> list[str]:
    """Return the contents of measures that help in name only, by the rules in force on a day."""
    return [rule["content"] for rule in rules_in_force("hollow-measures", as_of)]


def _measure_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    matrix = cause_matrix(scope.as_of)
    requested_causes: Sequence[str] | None = arguments.get("causes")
    positions = [
        position
        for position, answer in enumerate(matrix)
        if requested_causes is None or answer["cause"] in requested_causes
    ]
    statuses: Sequence[str] | None = arguments.get("statuses")
    return {
        "matrix": matrix,
        "causes": positions,
        "hollow": hollow_contents(scope.as_of),
        "statuses": ["POOR"] if statuses is None else list(statuses),
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


def _present_measure_rows(measures: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return number, kind, content and hollowness of each measure of the part `measures`."""
    return [[measure[name] for name in ("measure_no", "kind", "content", "hollow")] for measure in measures]


PRESENT_MEASURE_COLUMNS = (
    ResultColumn("measureNo", "措施编号", "Number of the measure.", required=True),
    ResultColumn("kind", "措施类别", "Kind of the measure.", PropertyKind.ENUM, enum="MeasureKind"),
    ResultColumn("content", "项目内容", "Content of the measure."),
    ResultColumn("hollow", "是否只有名义", "True if the measure helps in name only.", PropertyKind.FLAG),
)
MEASURE_GAPS = Question(
    "measureGaps",
    "MeasureGap",
    "帮扶措施缺口",
    "Causes of poverty that no measure addresses on the query date, or only a measure in name. Covers poor "
    "households by default, and households in the support period after exit if requested. Sorted by village, "
    "household and cause.",
    "support/measure_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("status", "状态", "Poor, or in the support period after exit.", PropertyKind.ENUM, enum="SupportStatus", required=True),
        ResultColumn("cause", "致贫原因", "Cause of poverty that no measure addresses.", PropertyKind.ENUM, enum="PovertyCause", required=True),
        ResultColumn(
            "acceptedKinds", "可对应的措施", "Kinds of measure that would address it.",
            PropertyKind.ENUMS, enum="MeasureKind", source="kinds", required=True,
        ),
        ResultColumn(
            "answeredByShares", "资产收益可对应", "True if a share in an asset would also address it.", PropertyKind.FLAG, source="by_shares", required=True,
        ),
        ResultColumn("reason", "原因", "Reason why no measure addresses it.", PropertyKind.ENUM, enum="MeasureGapReason", required=True),
        ResultColumn("present", "现有措施", "Measures of the household or its members in force on the query date.", parts=PRESENT_MEASURE_COLUMNS, required=True, convert=_present_measure_rows),
    ),
    _measure_gap_parameters,
    (
        Filter("causes", "致贫原因", "Only these causes; all if omitted.", enum="PovertyCause"),
        Filter("statuses", "状态", "Only households with this status; by default only poor households.", enum="SupportStatus"),
    ),
    (MEASURE_GAP_REASON, SUPPORT_STATUS),
)  # fmt: skip


GUARANTEE_ANSWER = Enumeration(
    "GuaranteeAnswer",
    "落实情况",
    "State of the measures for an unmet guarantee: none, only in name, or in place.",
    (
        EnumMember("MISSING", "没有措施"),
        EnumMember("HOLLOW", "只有名义上的措施"),
        EnumMember("ANSWERED", "已有措施"),
    ),
)
GUARANTEE = Enumeration(
    "Guarantee",
    "保障",
    "Guarantees that every household must have besides its income, such as safe housing, safe water, schooling and medical insurance.",
    tuple(EnumMember(rule["guarantee"], rule["zh"]) for rule in rules("guarantees")),
)


def _guarantee_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    kinds, as_of = MEASURE_KIND.names_by_text(), scope.as_of
    guarantees = [
        {
            "guarantee": rule["guarantee"],
            "kinds": [kinds[answer] for answer in split_values(rule["answered_by"])],
        }
        for rule in rules_in_force("guarantees", as_of)
    ]
    requested_guarantees: Sequence[str] | None = arguments.get("guarantees")
    return {
        "guarantees": guarantees,
        "positions": [
            position
            for position, guarantee in enumerate(guarantees)
            if requested_guarantees is None or guarantee["guarantee"] in requested_guarantees
        ],
        **schooling_parameters(as_of),
        "hollow": hollow_contents(as_of),
        "yearsAfterExit": years_after_exit(as_of),
        "answers": arguments.get("answers"),
    }


GUARANTEE_GAPS = Question(
    "guaranteeGaps",
    "GuaranteeGap",
    "两不愁三保障缺口",
    "Guarantees that poor households and households in the support period after exit lack on the query date, and "
    "whether a measure addresses the lack. Sorted by village, household and guarantee.",
    "support/guarantee_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("guarantee", "保障", "Guarantee that the household lacks.", PropertyKind.ENUM, enum="Guarantee", required=True),
        ResultColumn(
            "acceptedKinds", "可对应的措施", "Kinds of measure that would address it.",
            PropertyKind.ENUMS, enum="MeasureKind", source="kinds", required=True,
        ),
        ResultColumn(
            "answer", "落实情况", "State of the measures for it: none, only in name, or in place.",
            PropertyKind.ENUM, enum="GuaranteeAnswer", required=True,
        ),
        ResultColumn(
            "persons", "涉及人口",
            "Members of the household that are concerned; empty if the lack concerns the whole household.",
            parts=(ResultColumn("personNo", "人口编号", "Number of the person.", required=True, subject_label="Person"),), required=True,
        ),
    ),
    _guarantee_gap_parameters,
    (
        Filter("guarantees", "保障", "Only these guarantees; all if omitted.", enum="Guarantee"),
        Filter("answers", "落实情况", "Only guarantees whose measures are in this state; all if omitted.", enum="GuaranteeAnswer"),
    ),
    (GUARANTEE, GUARANTEE_ANSWER),
    classification=DataClassification.SENSITIVE,
)  # fmt: skip
