"""Measures: which causes of poverty nothing answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.declare import Enumeration, Kind, Member
from graph_service.model.enumerations import CAUSE, MEASURE_KIND
from graph_service.services.duties import years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.rules import in_force, rules, schooling, several
from graph_service.services.viewing import Viewing

SHARES = "资产收益"
"""Stands in the rules for a share of an asset, which is no kind of measure."""
STANDING = Enumeration(
    "SupportStanding",
    "帮扶对象状态",
    "Why a household is supported on a day.",
    (Member("POOR", "贫困"), Member("EXITED", "脱贫后巩固期")),
)
GAP_REASON = Enumeration(
    "MeasureGapReason",
    "未落实原因",
    "Why nothing answers a cause.",
    (
        Member("MISSING", "没有措施"),
        Member("HOLLOW", "只有名义上的措施"),
    ),
)


def matrix(as_of: int) -> list[list[Any]]:
    """[cause, kinds of measure that answer it, whether a share of an asset does], for a day (DOMAIN §3)."""
    causes, kinds = CAUSE.member_by_text(), MEASURE_KIND.member_by_text()
    found = []
    for rule in in_force("cause-measures", as_of):
        answers = several(rule["answered_by"])
        found.append([causes[rule["cause"]], [kinds[a] for a in answers if a != SHARES], SHARES in answers])
    return found


def hollow(as_of: int) -> list[str]:
    """Contents of measures that help in name only."""
    return [rule["content"] for rule in in_force("hollow-measures", as_of)]


def _gaps(viewing: Viewing, given: Given) -> Given:
    answers = matrix(viewing.as_of)
    asked: Sequence[str] | None = given.get("causes")
    positions = [at for at, row in enumerate(answers) if asked is None or row[0] in asked]
    standings: Sequence[str] | None = given.get("standings")
    return {
        "matrix": answers,
        "causes": positions,
        "hollow": hollow(viewing.as_of),
        "standings": ["POOR"] if standings is None else list(standings),
        "yearsAfterExit": years_after_exit(viewing.as_of),
    }


PRESENT = (
    Column("measureNo", "措施编号", "Its number.", always=True),
    Column("kind", "措施类别", "Its kind.", Kind.ENUM, enum="MeasureKind"),
    Column("content", "项目内容", "What is done."),
    Column("hollow", "名义上的", "Whether it helps in name only.", Kind.FLAG),
)
MEASURE_GAPS = Inquiry(
    "measureGaps",
    "MeasureGap",
    "帮扶措施缺口",
    "Causes of poverty of poor households, and of those in the years of support after exit where these are asked for, that no measure answers on a day: there is none, or only in name; by village, household, cause.",
    "measures/measure_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        Column("household", "户", "Whose cause it is.", node="Household"),
        Column("village", "所在村", "Where the household lives.", node="Village"),
        Column("standing", "状态", "Poor, or in the years of support.", Kind.ENUM, enum="SupportStanding", always=True),
        Column("cause", "致贫原因", "The cause that nothing answers.", Kind.ENUM, enum="PovertyCause", always=True),
        Column("acceptedKinds", "可对应的措施", "Kinds of measure that would answer it.", Kind.ENUMS, enum="MeasureKind", source="kinds", always=True),
        Column("answeredByShares", "资产收益可对应", "Whether a share of an asset would answer it as well.", Kind.FLAG, source="by_shares", always=True),
        Column("reason", "原因", "Why nothing does.", Kind.ENUM, enum="MeasureGapReason", always=True),
        Column("present", "现有措施", "What measures there are on the day.", parts=PRESENT, always=True),
    ),
    _gaps,
    (
        Filter("causes", "致贫原因", "Only these causes.", enum="PovertyCause"),
        Filter("standings", "状态", "Only of such households; of poor ones where nothing is said.", enum="SupportStanding"),
    ),
    (GAP_REASON, STANDING),
)  # fmt: skip


ANSWER = Enumeration(
    "GuaranteeAnswer",
    "落实情况",
    "Whether a measure answers what is lacking.",
    (
        Member("MISSING", "没有措施"),
        Member("HOLLOW", "只有名义上的措施"),
        Member("ANSWERED", "已有措施"),
    ),
)
GUARANTEE = Enumeration(
    "Guarantee",
    "保障",
    "What a household is to have (两不愁三保障、一超六有), but for its income.",
    tuple(Member(rule["guarantee"], rule["zh"]) for rule in rules("guarantees")),
)


def _guarantees(viewing: Viewing, given: Given) -> Given:
    kinds, as_of = MEASURE_KIND.member_by_text(), viewing.as_of
    held = [[r["guarantee"], [kinds[a] for a in several(r["answered_by"])]] for r in in_force("guarantees", as_of)]
    asked: Sequence[str] | None = given.get("guarantees")
    return {
        "guarantees": held,
        "positions": [at for at, row in enumerate(held) if asked is None or row[0] in asked],
        **schooling(as_of),
        "hollow": hollow(as_of),
        "yearsAfterExit": years_after_exit(as_of),
        "answers": given.get("answers"),
    }


GUARANTEE_GAPS = Inquiry(
    "guaranteeGaps",
    "GuaranteeGap",
    "两不愁三保障缺口",
    "What poor households, and those in the years of support after exit, lack of the guarantees on a day, and whether a measure answers it; by village, household, guarantee.",
    "measures/guarantee_gaps",
    (("village", str), ("household", str), ("position", int)),
    (
        Column("household", "户", "What household lacks it.", node="Household"),
        Column("village", "所在村", "Where the household lives.", node="Village"),
        Column("guarantee", "保障", "What it lacks.", Kind.ENUM, enum="Guarantee", always=True),
        Column("acceptedKinds", "可对应的措施", "Kinds of measure that would answer it.", Kind.ENUMS, enum="MeasureKind", source="kinds", always=True),
        Column("answer", "落实情况", "Whether one does.", Kind.ENUM, enum="GuaranteeAnswer", always=True),
        Column("persons", "涉及人口", "The members of whom it is, where it is one person's.", parts=(Column("personNo", "人口编号", "Number of the person.", always=True),), always=True),
    ),
    _guarantees,
    (
        Filter("guarantees", "保障", "Only these.", enum="Guarantee"),
        Filter("answers", "落实情况", "Only what is answered so.", enum="GuaranteeAnswer"),
    ),
    (GUARANTEE, ANSWER),
)  # fmt: skip
