"""Ledgers: the same figures from card to province, the balance of the year's ledgers, targets, and the differences between two
collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    selected_members,
)
from graph_service.core.rules import rules_in_force
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import Enumeration, EnumMember, Property, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid
from graph_service.features.support.measures import hollow_contents
from graph_service.features.support.policies import LEVEL_FILTER, level_digits

REGISTER_CHANGE = Enumeration(
    "RegisterChange",
    "变化类型",
    "How a household differs between two collections.",
    (
        EnumMember("IN", "新纳入"),
        EnumMember("OUT", "已退出登记"),
        EnumMember("SPLIT", "分户"),
        EnumMember("MERGED", "并户"),
        EnumMember("RETURNED", "返贫"),
        EnumMember("EXITED", "脱贫"),
        EnumMember("CHANGED", "信息变更"),
    ),
)
HOUSEHOLD_PROPERTIES: dict[str, Property] = {
    property_.name: property_
    for property_ in MODEL.labels["HouseholdYear"].properties
    if not property_.is_sealed and property_.headers
}
"""Properties compared between two cards: those that a register brings, and that are not sealed."""
PERSON_PROPERTIES: dict[str, Property] = {
    property_.name: property_
    for property_ in MODEL.labels["PersonYear"].properties
    if not property_.is_sealed and property_.headers
}
"""Properties compared between two records of a person, chosen likewise."""


def _format_value(property_: Property, value: Any) -> str | None:
    """Format a stored value in the register's words: yuan, ISO dates, codes as the register writes them."""
    if value is None:
        return None
    if property_.enum is not None:
        texts = {member.name: member.zh for member in property_.enum.members}
        members: list[str] = value if isinstance(value, list) else [value]
        return "、".join(texts.get(name, name) for name in members)
    if property_.kind is PropertyKind.YUAN:
        return f"{value / 100:.2f}"
    if property_.kind is PropertyKind.DATE:
        return format_day(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _household_change_rows(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """Convert [property, before, after] as stored to [the property's name in the register, before, after] as text."""
    return [
        [HOUSEHOLD_PROPERTIES[name].zh, *(_format_value(HOUSEHOLD_PROPERTIES[name], value) for value in values)]
        for name, *values in rows
    ]


def _person_change_rows(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """Convert [person, [[property, before, after]]] to a row for each property, led by the person's number."""
    return [
        [person, PERSON_PROPERTIES[name].zh, *(_format_value(PERSON_PROPERTIES[name], value) for value in values)]
        for person, changes in rows
        for name, *values in changes
    ]


def _key_rows(keys: Sequence[str]) -> list[list[str]]:
    """Convert keys to rows of one cell."""
    return [[key] for key in keys]


def _look_back_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    to_year = arguments.get("toYear") or scope.year
    version = arguments.get("fromVersion")
    if version is not None and not 0 < version <= scope.version:
        newest = scope.version
        raise ArgumentInvalid(
            name="fromVersion", reason_zh=f"应为 1 至 {newest}", reason_en=f"it is one of 1 to {newest}"
        )
    default_from_year = to_year if version is not None else to_year - 1
    return {
        "fromYear": arguments.get("fromYear") or default_from_year,
        "toYear": to_year,
        "fromVersion": version,
        "names": list(HOUSEHOLD_PROPERTIES),
        "facts": list(PERSON_PROPERTIES),
        "changes": selected_members(arguments, "changes", REGISTER_CHANGE),
    }


DIFFERENCE_COLUMNS = (
    ResultColumn("property", "项目", "Which value, as the register calls it.", required=True),
    ResultColumn("before", "变更前", "As it was."),
    ResultColumn("after", "变更后", "As it is."),
)
PERSON_COLUMNS = (ResultColumn("personNo", "人口编号", "Number of the person.", required=True),)
LOOK_BACK = Question(
    "lookBack",
    "LookBackRow",
    "回头看",
    "What differs between two collections: two years' cards, or one year's at two data versions. Households in and out, split off and merged, returned, exited, changed; by village and household.",
    "ledgers/look_back",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives, or lived where it is gone.", node="Village"),
        ResultColumn("change", "变化", "How it differs.", PropertyKind.ENUM, enum="RegisterChange", required=True),
        ResultColumn("former", "原所在村", "Where it lived, where that was elsewhere.", node="Village"),
        ResultColumn("other", "相关户", "Of a new household whose members it was split off from; of one that is gone, whose members it was merged into.", node="Household"),
        ResultColumn(
            "changed", "变更内容", "What of its card differs.", parts=DIFFERENCE_COLUMNS, required=True, convert=_household_change_rows,
        ),
        ResultColumn("joined", "新增成员", "Who has come.", parts=PERSON_COLUMNS, required=True, convert=_key_rows),
        ResultColumn("left", "减少成员", "Who has gone.", parts=PERSON_COLUMNS, required=True, convert=_key_rows),
        ResultColumn("altered", "成员变更内容", "What of the records of members differs who are in both.", parts=(*PERSON_COLUMNS, *DIFFERENCE_COLUMNS), required=True, convert=_person_change_rows),
        ResultColumn("fromYear", "起始年度", "Year of the former cards.", PropertyKind.YEAR, source="from_year", required=True),
        ResultColumn("toYear", "截止年度", "Year of the latter cards.", PropertyKind.YEAR, source="to_year", required=True),
    ),
    _look_back_parameters,
    (
        Filter("fromYear", "起始年度", "Year of the former cards; the year before, or with a data version the same year, where none is named.", PropertyKind.YEAR),
        Filter("toYear", "截止年度", "Year of the latter cards; the last until the day's of which there are cards where none is named.", PropertyKind.YEAR),
        Filter("fromVersion", "起始数据版本", "The data version on which the former is looked at; the last collection of its year where none is named.", PropertyKind.INTEGER),
        Filter("changes", "变化", "Only these.", enum="RegisterChange"),
    ),
    (REGISTER_CHANGE,),
    by_card_year=True,
)  # fmt: skip


def _figure_column(
    name: str, zh: str, doc: str, kind: PropertyKind = PropertyKind.INTEGER, *, required: bool = True
) -> ResultColumn:
    first, *rest = name.split("_")
    return ResultColumn(first + "".join(map(str.capitalize, rest)), zh, doc, kind, source=name, required=required)


FIGURES = (
    _figure_column("villages", "村数", "Villages of the register."),
    _figure_column("poor_villages", "贫困村数", "Poor villages that have not exited."),
    _figure_column("households", "户数", "Households of the register."),
    _figure_column("persons", "人数", "Their members."),
    _figure_column("poor_households", "贫困户数", "Households that are poor on the day."),
    _figure_column("poor_persons", "贫困人口", "Their members."),
    _figure_column(
        "exited_households", "当年脱贫户数", "Households whose exit took effect in the year, until the day."
    ),
    _figure_column("exited_persons", "当年脱贫人数", "Their members."),
    _figure_column("returned_households", "当年返贫户数", "Households that are poor again since the year began."),
    _figure_column("helped_households", "有帮扶责任人户数", "Households with a present helper."),
    _figure_column("measured_households", "有措施户数", "Households with a measure in force that is more than a name."),
    _figure_column("amount", "措施金额", "The amounts of these measures together.", PropertyKind.YUAN),
    _figure_column(
        "dividends", "当年分红", "Dividends paid to households in the year, until the day.", PropertyKind.YUAN
    ),
    _figure_column(
        "exited_villages", "当年出列村数", "Poor villages whose exit took effect in the year, until the day."
    ),
    _figure_column(
        "unclear_households",
        "贫困状态不明户数",
        "Households of which nobody can tell whether they are poor on the day, as the status of the last card is not understood: in none of the figures of poor and exited ones.",
    ),
)
EXITED_COUNTIES = _figure_column("exited_counties", "当年摘帽县数", "Counties whose exit took effect in the year, until the day; null below counties.", required=False)  # fmt: skip
LEDGER = Question(
    "ledger",
    "LedgerRow",
    "台账",
    "The same figures of each area of a level on a day: what stands at a level is the sum of what stands below （户有卡、村有册、乡有簿、县有档、市有卷、省有库）； by code.",
    "ledgers/ledger",
    (("area", str),),
    (ResultColumn("area", "区划", "The area.", node="Area"), *FIGURES, EXITED_COUNTIES),
    lambda scope, arguments: {"digits": level_digits(scope, arguments), "hollow": hollow_contents(scope.as_of)},
    (LEVEL_FILTER,),
)  # fmt: skip
LEDGER_CARDS = Question(
    "ledgerCards",
    "LedgerCard",
    "户台账",
    "The same figures of each household of an area's register on a day: the lowest of the six ledgers, of which a village's are the sum; by village and household.",
    "ledgers/ledger_cards",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Where it lives.", node="Village"),
        ResultColumn("persons", "人数", "Its members; where none is on the register, as many as its card says.", PropertyKind.INTEGER, required=True),
        ResultColumn("poor", "是否贫困户", "Whether it is poor on the day.", PropertyKind.FLAG, required=True),
        ResultColumn("unclear", "是否贫困状态不明", "Whether nobody can tell if it is poor on the day, as the status of its last card is not understood.", PropertyKind.FLAG, required=True),
        ResultColumn("exited", "是否当年脱贫", "Whether its exit took effect in the year, until the day.", PropertyKind.FLAG, required=True),
        ResultColumn("returned", "是否当年返贫", "Whether it is poor again since the year began.", PropertyKind.FLAG, required=True),
        ResultColumn("helped", "是否有帮扶责任人", "Whether it has a present helper.", PropertyKind.FLAG, required=True),
        ResultColumn("measured", "是否有措施", "Whether it has a measure in force that is more than a name.", PropertyKind.FLAG, required=True),
        ResultColumn("amount", "措施金额", "The amounts of these measures together.", PropertyKind.YUAN, required=True),
        ResultColumn("dividends", "当年分红", "Dividends paid to it in the year, until the day.", PropertyKind.YUAN, required=True),
    ),
    lambda scope, _: {"hollow": hollow_contents(scope.as_of)},
)  # fmt: skip
POVERTY_BALANCES = Question(
    "povertyBalances",
    "PovertyBalance",
    "贫困与脱贫台账衔接",
    "Whether the poverty ledger and the exit ledger of the year tie out, the last until the day's of which there are cards, in each area of a level: start + identified + returned − exited − removed = finish; by code.",
    "ledgers/balance",
    (("area", str),),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        _figure_column("start", "年初贫困户", "Households poor by the card of the year before."),
        _figure_column("identified", "新识别", "Poor by the year's card, without a card of the year before, and without having exited."),
        _figure_column("returned", "返贫", "Not poor by the card of the year before, and said to be poor again by the year's; or poor by it after having exited."),
        _figure_column("exited", "脱贫", "Exited in the year by the year's card; where that names no year, by the first that says so."),
        _figure_column("removed", "清退", "Poor by the card of the year before, without a card of the year."),
        _figure_column("finish", "年末贫困户", "Poor by the year's card; where it has no status, by the one before."),
        _figure_column("unclear", "贫困状态不明", "Households whose status by the year's card, or the last before it, is not understood: neither poor nor exited."),
        _figure_column("difference", "差额", "What does not tie out."),
        _figure_column("broken", "不衔接户数", "Households by which it does not, one against the other or not."),
        _figure_column("year", "年度", "Of which year: the last until the day's of which there are cards.", PropertyKind.YEAR),
    ),
    lambda scope, arguments: {"digits": level_digits(scope, arguments), "untied": arguments.get("untied")},
    (LEVEL_FILTER, Filter("untied", "不衔接", "Only areas where it does not tie out, or only where it does.", PropertyKind.FLAG)),
    by_card_year=True,
)  # fmt: skip


def _progress_indicators(scope: QueryScope) -> list[list[Any]]:
    """Return [text of the register, position of the figure]; -1 where the indicator counts counties, which are not summed over villages."""
    figure_positions = {column.statement_column: position for position, column in enumerate(FIGURES)} | {
        EXITED_COUNTIES.statement_column: -1
    }
    return [
        [rule["indicator"], figure_positions[rule["figure"]]]
        for rule in rules_in_force("progress-indicators", scope.as_of)
    ]


PROGRESS = Question(
    "progress",
    "TargetProgress",
    "目标进度",
    "Targets of areas for the year of the day against what happened until then; by area and number. Each is told: eligibleCount is totalCount.",
    "ledgers/progress",
    (("area", str), ("target_no", str)),
    (
        ResultColumn("area", "区划", "Whose target.", node="Area"),
        ResultColumn("target", "目标", "The target.", node="Target", source="target_no"),
        ResultColumn("indicator", "指标", "What is counted."),
        ResultColumn("number", "目标值", "The figure to reach.", PropertyKind.INTEGER),
        ResultColumn("actual", "完成值", "What it is on the day; null where the indicator is none that the register can count.", PropertyKind.INTEGER),
    ),
    lambda scope, _: {"indicators": _progress_indicators(scope), "hollow": hollow_contents(scope.as_of)},
)  # fmt: skip
