"""Measures of support, and the causes of poverty that none of them answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import rules, rules_in_force, schooling_parameters, split_values
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import CAUSE, MEASURE_KIND

ASSET_SHARES = "资产收益"
"""Text in the rules for a share of an asset, which is not a kind of measure."""
SUPPORT_STANDING = Enumeration(
    "SupportStanding",
    "帮扶对象状态",
    "Why a household is supported on a day.",
    (EnumMember("POOR", "贫困"), EnumMember("EXITED", "脱贫后巩固期")),
)
MEASURE_GAP_REASON = Enumeration(
    "MeasureGapReason",
    "未落实原因",
    "Why nothing answers a cause.",
    (
        EnumMember("MISSING", "没有措施"),
        EnumMember("HOLLOW", "只有名义上的措施"),
    ),
)


def cause_matrix(as_of: int) -> list[list[Any]]:
    """Return [cause, kinds of measure that answer it, whether a share of an asset does] for each cause, by the rules in force on a day
    (DOMAIN §3)."""
    causes, kinds = CAUSE.names_by_text(), MEASURE_KIND.names_by_text()
    matrix = []
    for rule in rules_in_force("cause-measures", as_of):
        answers = split_values(rule["answered_by"])
        matrix.append(
            [
                causes[rule["cause"]],
                [kinds[answer] for answer in answers if answer != ASSET_SHARES],
                ASSET_SHARES in answers,
            ]
        )
    return matrix


def hollow_contents(as_of: int) -> list[str]:
    """Return the contents of measures that help in name only, by the rules in force on a day."""
    return [rule["content"] for rule in rules_in_force("hollow-measures", as_of)]


def _measure_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    matrix = cause_matrix(scope.as_of)
    requested_causes: Sequence[str] | None = arguments.get("causes")
    positions = [
        position for position, row in enumerate(matrix) if requested_causes is None or row[0] in requested_causes
    ]
    standings: Sequence[str] | None = arguments.get("standings")
    return {
        "matrix": matrix,
        "causes": positions,
        "hollow": hollow_contents(scope.as_of),
        "standings": ["POOR"] if standings is None else list(standings),
        "yearsAfterExit": years_after_exit(scope.as_of),
    }


PRESENT_MEASURE_COLUMNS = (
    ResultColumn("measureNo", "措施编号", "Its number.", required=True),
    ResultColumn("kind", "措施类别", "Its kind.", PropertyKind.ENUM, enum="MeasureKind"),
    ResultColumn("content", "项目内容", "What is done."),
    ResultColumn("hollow", "名义上的", "Whether it helps in name only.", PropertyKind.FLAG),
)
MEASURE_GAPS = Question(
    "measureGaps",
    "MeasureGap",
    "帮扶措施缺口",
    "Causes of poverty of poor households, and of those in the years of support after exit where these are asked for, that no measure answers on a day: there is none, or only in name; by village, household, cause.",
    "support/measure_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        ResultColumn("household", "户", "Whose cause it is.", node="Household"),
        ResultColumn("village", "所在村", "Where the household lives.", node="Village"),
        ResultColumn("standing", "状态", "Poor, or in the years of support.", PropertyKind.ENUM, enum="SupportStanding", required=True),
        ResultColumn("cause", "致贫原因", "The cause that nothing answers.", PropertyKind.ENUM, enum="PovertyCause", required=True),
        ResultColumn("acceptedKinds", "可对应的措施", "Kinds of measure that would answer it.", PropertyKind.ENUMS, enum="MeasureKind", source="kinds", required=True),
        ResultColumn("answeredByShares", "资产收益可对应", "Whether a share of an asset would answer it as well.", PropertyKind.FLAG, source="by_shares", required=True),
        ResultColumn("reason", "原因", "Why nothing does.", PropertyKind.ENUM, enum="MeasureGapReason", required=True),
        ResultColumn("present", "现有措施", "What measures there are on the day.", parts=PRESENT_MEASURE_COLUMNS, required=True),
    ),
    _measure_gap_parameters,
    (
        Filter("causes", "致贫原因", "Only these causes.", enum="PovertyCause"),
        Filter("standings", "状态", "Only of such households; of poor ones where nothing is said.", enum="SupportStanding"),
    ),
    (MEASURE_GAP_REASON, SUPPORT_STANDING),
)  # fmt: skip


GUARANTEE_ANSWER = Enumeration(
    "GuaranteeAnswer",
    "落实情况",
    "Whether a measure answers what is lacking.",
    (
        EnumMember("MISSING", "没有措施"),
        EnumMember("HOLLOW", "只有名义上的措施"),
        EnumMember("ANSWERED", "已有措施"),
    ),
)
GUARANTEE = Enumeration(
    "Guarantee",
    "保障",
    "What a household is to have （两不愁三保障、一超六有）， but for its income.",
    tuple(EnumMember(rule["guarantee"], rule["zh"]) for rule in rules("guarantees")),
)


def _guarantee_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    kinds, as_of = MEASURE_KIND.names_by_text(), scope.as_of
    guarantees = [
        [rule["guarantee"], [kinds[answer] for answer in split_values(rule["answered_by"])]]
        for rule in rules_in_force("guarantees", as_of)
    ]
    requested_guarantees: Sequence[str] | None = arguments.get("guarantees")
    return {
        "guarantees": guarantees,
        "positions": [
            position
            for position, row in enumerate(guarantees)
            if requested_guarantees is None or row[0] in requested_guarantees
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
    "What poor households, and those in the years of support after exit, lack of the guarantees on a day, and whether a measure answers it; by village, household, guarantee.",
    "support/guarantee_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        ResultColumn("household", "户", "What household lacks it.", node="Household"),
        ResultColumn("village", "所在村", "Where the household lives.", node="Village"),
        ResultColumn("guarantee", "保障", "What it lacks.", PropertyKind.ENUM, enum="Guarantee", required=True),
        ResultColumn("acceptedKinds", "可对应的措施", "Kinds of measure that would answer it.", PropertyKind.ENUMS, enum="MeasureKind", source="kinds", required=True),
        ResultColumn("answer", "落实情况", "Whether one does.", PropertyKind.ENUM, enum="GuaranteeAnswer", required=True),
        ResultColumn("persons", "涉及人口", "The members of whom it is, where it is one person's.", parts=(ResultColumn("personNo", "人口编号", "Number of the person.", required=True),), required=True),
    ),
    _guarantee_gap_parameters,
    (
        Filter("guarantees", "保障", "Only these.", enum="Guarantee"),
        Filter("answers", "落实情况", "Only what is answered so.", enum="GuaranteeAnswer"),
    ),
    (GUARANTEE, GUARANTEE_ANSWER),
)  # fmt: skip
