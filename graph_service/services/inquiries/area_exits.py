"""Exit of villages (一低五有) and counties (一低三有): each of an area, indicator by indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.exits import predicates, result_of, shown, standards
from graph_service.services.inquiries.exits import COUNTED, RESULT
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry, chosen
from graph_service.services.viewing import Viewing

STANDING = Enumeration(
    "AreaStanding",
    "区划贫困状态",
    "Where a village or county stands on a day.",
    (
        Member("POOR", "贫困(未退出)"),
        Member("EXITED", "已退出(出列、摘帽)"),
        Member("OTHER", "未登记为贫困(含未上报)"),
    ),
)
UNIT = {rule["predicate"]: rule["unit"] for rule in standards()}
"""What a predicate's value is stored in, the same in every standard."""


def _indicators(judged: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """[predicate, met, value, evidence, threshold] → [predicate, result, value, threshold], the last two as text."""
    return [
        [code, result_of(met), shown(value, UNIT[code]), shown(threshold, UNIT[code])]
        for code, met, value, _, threshold in judged
    ]


INDICATORS = Column(
    "indicators", "各项指标", "Each indicator of the year's standard, in its order.",
    parts=(
        Column("predicate", "指标", "Which.", Kind.ENUM, enum="ExitPredicate", always=True),
        Column("result", "对照结果", "Whether it is met: unknown is never passed.", Kind.ENUM, enum="ExitResult", always=True),
        Column("value", "实际值", "What is so: yuan, a share, true or false; null where it is not known."),
        Column("threshold", "标准值", "What it is compared with."),
    ),
    source="judged", always=True, show=_indicators,
)  # fmt: skip


def _inquiry(
    name: str,
    row: str,
    zh: str,
    doc: str,
    standard: str,
    owner: Column,
    exit_: Column,
    codes: tuple[Enumeration, ...] = (),
) -> Inquiry:
    column = standard.lower()

    def parameters(viewing: Viewing, given: Given) -> Given:
        return {
            "predicates": predicates(standard, viewing.as_of),
            "standings": chosen(given, "standings", STANDING),
            "results": chosen(given, "results", RESULT),
            "unmet": given.get("unmet"),
            "unknown": given.get("unknown"),
        }

    return Inquiry(
        name, row, zh, doc, f"exit/{column}_exit_gaps", ((column, str),),
        (
            owner,
            Column("standing", "状态", "Poor, exited, or not registered as poor as far as is known.", Kind.ENUM, enum="AreaStanding", always=True),
            exit_,
            Column("result", "对照结果", "Whether the whole standard is met.", Kind.ENUM, enum="ExitResult", always=True),
            Column("unmet", "未达标项", "What is not met.", Kind.ENUMS, enum="ExitPredicate", source="not_met", always=True),
            Column("unknown", "不明项", "What is not known.", Kind.ENUMS, enum="ExitPredicate", source="not_known", always=True),
            INDICATORS,
        ),
        parameters,
        (
            Filter("standings", "状态", "Only these.", enum="AreaStanding"),
            Filter("results", "对照结果", "Only those that come to this as a whole.", enum="ExitResult"),
            Filter("unmet", "未达标项", "Only those that do not meet one of these.", enum="ExitPredicate"),
            Filter("unknown", "不明项", "Only those of which one of these is not known.", enum="ExitPredicate"),
        ),
        codes,
        COUNTED,
    )  # fmt: skip


VILLAGE_EXIT_GAPS = _inquiry(
    "villageExitGaps",
    "VillageExitGap",
    "村退出标准对照",
    "Villages against the exit standard of the year (一低五有) on a day, indicator by indicator: met, not met, not known, with what is so; by village.",
    "VILLAGE",
    Column("village", "村", "The village.", node="Village"),
    Column("exitYear", "出列年度", "The year of its exit, where it has exited or is to in the year.", Kind.YEAR, source="exit_year"),
    (STANDING,),
)  # fmt: skip
COUNTY_EXIT_GAPS = _inquiry(
    "countyExitGaps",
    "CountyExitGap",
    "县摘帽标准对照",
    "Counties against the exit standard of the year (一低三有) on a day, indicator by indicator: met, not met, not known, with what is so; by county.",
    "COUNTY",
    Column("county", "县", "The county.", node="Area"),
    Column("exitYear", "摘帽年度", "The year of its exit, where it has exited or is to in the year.", Kind.YEAR, source="exit_year"),
)  # fmt: skip
