"""Ledgers: the same figures from card to province, the balance of the year's ledgers, targets, and the differences between two
collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    TELLS_SENSITIVE,
    WITHHELD_PROPERTIES_FIELD,
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    selected_members,
)
from graph_service.core.rules import rules_in_force
from graph_service.domain.days import format_day
from graph_service.domain.metamodel import DataClassification, Enumeration, EnumMember, Property, PropertyKind
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
OPEN_CLASSES = (DataClassification.PUBLIC, DataClassification.INTERNAL)
"""Classes of the properties that are compared without a purpose: not names, health, birth and the like."""


def _compared_names(properties: Mapping[str, Property], *, tells_sensitive: bool) -> list[str]:
    return [name for name, each in properties.items() if tells_sensitive or each.classification in OPEN_CLASSES]


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


def _change_row(properties: Mapping[str, Property], change: Mapping[str, Any]) -> list[str | None]:
    """Return the property's name in the register, and the values before and after as text."""
    property_ = properties[change["property"]]
    return [property_.zh, _format_value(property_, change["before"]), _format_value(property_, change["after"])]


def _household_change_rows(changes: Sequence[Mapping[str, Any]]) -> list[list[str | None]]:
    """Return a row for each changed property of a card."""
    return [_change_row(HOUSEHOLD_PROPERTIES, change) for change in changes]


def _person_change_rows(records: Sequence[Mapping[str, Any]]) -> list[list[str | None]]:
    """Return a row for each changed property of each person's record, led by the person's number."""
    return [
        [record["person"], *_change_row(PERSON_PROPERTIES, change)]
        for record in records
        for change in record["changes"]
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
            name="fromVersion", reason_zh=f"应在 1 至 {newest} 之间", reason_en=f"it must be between 1 and {newest}"
        )
    tells_sensitive = bool(arguments.get(TELLS_SENSITIVE))
    names = _compared_names(HOUSEHOLD_PROPERTIES, tells_sensitive=tells_sensitive)
    facts = _compared_names(PERSON_PROPERTIES, tells_sensitive=tells_sensitive)
    default_from_year = to_year if version is not None else to_year - 1
    return {
        "fromYear": arguments.get("fromYear") or default_from_year,
        "toYear": to_year,
        "fromVersion": version,
        "names": names,
        "facts": facts,
        "withheld": [
            each.zh
            for compared, properties in ((names, HOUSEHOLD_PROPERTIES), (facts, PERSON_PROPERTIES))
            for name, each in properties.items()
            if name not in compared
        ],
        "changes": selected_members(arguments, "changes", REGISTER_CHANGE),
    }


DIFFERENCE_COLUMNS = (
    ResultColumn("property", "项目", "Name of the value, as in the register.", required=True),
    ResultColumn("before", "变更前", "Value in the earlier collection; null if missing."),
    ResultColumn("after", "变更后", "Value in the later collection; null if missing."),
)
PERSON_COLUMNS = (ResultColumn("personNo", "人口编号", "Number of the person.", required=True),)
ALTERED_PERSON_COLUMNS = tuple(replace(column, subject_label="Person") for column in PERSON_COLUMNS)
"""The number of a person whose values are told."""
LOOK_BACK = Question(
    "lookBack",
    "LookBackRow",
    "回头看",
    "Differences between two collections: the cards of two years, or those of one year in two data versions. Lists "
    "households that were added, removed, split, merged, fell back into poverty, exited or changed. Sorted by "
    "village and household. Names of people, health, birth, schooling, labour and aid are compared for a stated purpose only.",
    "ledgers/look_back",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives, or lived if it was removed.", node="Village", required=True),
        ResultColumn("change", "变化", "Kind of difference.", PropertyKind.ENUM, enum="RegisterChange", required=True),
        ResultColumn("former", "原所在村", "Former village; null if the household has not moved.", node="Village", source="former_village"),
        ResultColumn(
            "other", "相关户",
            "Household from which a new household was split off, or into which a removed household was merged; "
            "null otherwise.",
            node="Household", source="related_household",
        ),
        ResultColumn(
            "changed", "变更内容", "Values of the card that differ.", parts=DIFFERENCE_COLUMNS, required=True, convert=_household_change_rows,
        ),
        ResultColumn("joined", "新增成员", "Members who were added.", parts=PERSON_COLUMNS, required=True, convert=_key_rows),
        ResultColumn("left", "减少成员", "Members who were removed.", parts=PERSON_COLUMNS, required=True, convert=_key_rows),
        ResultColumn(
            "altered", "成员变更内容", "Values that differ in the records of members who are in both collections.",
            parts=(*ALTERED_PERSON_COLUMNS, *DIFFERENCE_COLUMNS), required=True, convert=_person_change_rows,
        ),
        ResultColumn("fromYear", "起始年度", "Year of the earlier cards.", PropertyKind.YEAR, source="from_year", required=True),
        ResultColumn("toYear", "截止年度", "Year of the later cards.", PropertyKind.YEAR, source="to_year", required=True),
    ),
    _look_back_parameters,
    (
        Filter(
            "fromYear", "起始年度",
            "Year of the earlier cards; by default the year before `toYear`, or the same year if `fromVersion` is "
            "given.",
            PropertyKind.YEAR,
        ),
        Filter(
            "toYear", "截止年度",
            "Year of the later cards; by default the latest year with cards, up to the year of the query date.",
            PropertyKind.YEAR,
        ),
        Filter(
            "fromVersion", "起始数据版本",
            "Data version in which the earlier cards are read; by default the last one collected in `fromYear` or "
            "before.",
            PropertyKind.INTEGER,
        ),
        Filter("changes", "变化", "Only differences of these kinds; all if omitted.", enum="RegisterChange"),
    ),
    (REGISTER_CHANGE,),
    figures=(
        ResultColumn(
            WITHHELD_PROPERTIES_FIELD, "未比较项目",
            "Values that are not compared because no purpose is stated, by their names in the register.",
            source="withheld_properties", required=True, many=True,
        ),
    ),
    by_card_year=True,
    has_sensitive_rows=True,
)  # fmt: skip


def _figure_column(
    name: str, zh: str, doc: str, kind: PropertyKind = PropertyKind.INTEGER, *, required: bool = True
) -> ResultColumn:
    first, *rest = name.split("_")
    return ResultColumn(first + "".join(map(str.capitalize, rest)), zh, doc, kind, source=name, required=required)


FIGURES = (
    _figure_column("villages", "村数", "Number of villages in the register."),
    _figure_column("poor_villages", "贫困村数", "Number of poor villages that have not exited."),
    _figure_column("households", "户数", "Number of households in the register."),
    _figure_column("persons", "人数", "Number of members of these households."),
    _figure_column("poor_households", "贫困户数", "Number of poor households on the query date."),
    _figure_column("poor_persons", "贫困人口", "Number of members of the poor households."),
    _figure_column(
        "exited_households",
        "当年脱贫户数",
        "Number of households whose exit took effect in the year, up to the query date.",
    ),
    _figure_column("exited_persons", "当年脱贫人数", "Number of members of these households."),
    _figure_column(
        "returned_households",
        "当年返贫户数",
        "Number of households that have fallen back into poverty since the beginning of the year.",
    ),
    _figure_column("helped_households", "有帮扶责任人户数", "Number of households with a helper in post."),
    _figure_column(
        "measured_households",
        "有措施户数",
        "Number of households with a measure in force, without measures in name only.",
    ),
    _figure_column(
        "amount", "措施金额", "Total amount of the measures in force, without measures in name only.", PropertyKind.YUAN
    ),
    _figure_column(
        "dividends", "当年分红", "Dividends paid to households in the year, up to the query date.", PropertyKind.YUAN
    ),
    _figure_column(
        "exited_villages",
        "当年出列村数",
        "Number of poor villages whose exit took effect in the year, up to the query date.",
    ),
    _figure_column(
        "unclear_households",
        "贫困状态不明户数",
        "Number of households whose poverty status on the query date is unknown, because the status on their "
        "latest card is not recognized. They are counted neither as poor nor as exited.",
    ),
)
EXITED_COUNTIES = _figure_column(
    "exited_counties", "当年摘帽县数",
    "Number of counties whose exit took effect in the year, up to the query date; null for areas below county "
    "level.",
    required=False,
)  # fmt: skip
LEDGER = Question(
    "ledger",
    "LedgerRow",
    "台账",
    "Key figures of each area of a level on the query date: villages, households, persons, poverty, exits, support "
    "and money. The figures of an area are the sums of those of the areas and households below it. Sorted by area "
    "code.",
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
    "The figures of `ledger` for each household in the register of an area on the query date. The figures of a "
    "village are the sums of those of its households. Sorted by village and household.",
    "ledgers/ledger_cards",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn(
            "persons", "人数", "Number of members in the register; if there are none, the size on the card.", PropertyKind.INTEGER, required=True,
        ),
        ResultColumn("poor", "是否贫困户", "True if the household is poor on the query date.", PropertyKind.FLAG, required=True),
        ResultColumn(
            "unclear", "是否贫困状态不明",
            "True if the poverty status on the query date is unknown, because the status on the latest card is not "
            "recognized.",
            PropertyKind.FLAG, required=True,
        ),
        ResultColumn("exited", "是否当年脱贫", "True if the exit took effect in the year, up to the query date.", PropertyKind.FLAG, required=True),
        ResultColumn(
            "returned", "是否当年返贫",
            "True if the household has fallen back into poverty since the beginning of the year.",
            PropertyKind.FLAG, required=True,
        ),
        ResultColumn("helped", "是否有帮扶责任人", "True if the household has a helper in post.", PropertyKind.FLAG, required=True),
        ResultColumn(
            "measured", "是否有措施", "True if the household has a measure in force, without measures in name only.", PropertyKind.FLAG, required=True,
        ),
        ResultColumn("amount", "措施金额", "Total amount of the measures in force, without measures in name only.", PropertyKind.YUAN, required=True),
        ResultColumn("dividends", "当年分红", "Dividends paid to the household in the year, up to the query date.", PropertyKind.YUAN, required=True),
    ),
    lambda scope, _: {"hollow": hollow_contents(scope.as_of)},
)  # fmt: skip
POVERTY_BALANCES = Question(
    "povertyBalances",
    "PovertyBalance",
    "贫困与脱贫台账衔接",
    "Reconciliation of the poverty ledger with the exit ledger for each area of a level: start + identified + "
    "returned - exited - removed = finish. The year is the latest with cards, up to the year of the query date. "
    "Sorted by area code.",
    "ledgers/balance",
    (("area", str),),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        _figure_column("start", "年初贫困户数", "Number of households that are poor by the card of the year before."),
        _figure_column(
            "identified", "新识别户数",
            "Number of households that are poor by the year's card, have no card of the year before and have never "
            "exited, or that were identified and exited within the year.",
        ),
        _figure_column(
            "returned", "返贫户数",
            "Number of households that were not poor by the card of the year before and have fallen back into "
            "poverty by the year's card, or that are poor by it after an exit.",
        ),
        _figure_column(
            "exited", "脱贫户数",
            "Number of households that exited in the year by the year's card or, if it names no year of exit, by "
            "the first card that reports the exit.",
        ),
        _figure_column("removed", "清退户数", "Number of households that are poor by the card of the year before and have no card of the year."),
        _figure_column("finish", "年末贫困户数", "Number of households that are poor by the year's card or, if it has no status, by the card before."),
        _figure_column(
            "unclear", "贫困状态不明户数",
            "Number of households whose status on the year's card, or on the last card before it, is not "
            "recognized. They are counted neither as poor nor as exited.",
        ),
        _figure_column("difference", "差额", "Difference between the two sides; 0 if they agree."),
        _figure_column("broken", "不衔接户数", "Number of households that do not reconcile, even if they offset each other."),
        _figure_column("year", "年度", "Year of the ledgers: the latest with cards, up to the year of the query date.", PropertyKind.YEAR),
    ),
    lambda scope, arguments: {"digits": level_digits(scope, arguments), "untied": arguments.get("untied")},
    (LEVEL_FILTER, Filter("untied", "是否不衔接", "True for areas that do not reconcile, false for areas that do; both if omitted.", PropertyKind.FLAG)),
    by_card_year=True,
)  # fmt: skip


def _progress_indicators(scope: QueryScope) -> list[dict[str, str]]:
    """Return the text of the register of each indicator, and the column of its figure in the ledger."""
    return [
        {"indicator": rule["indicator"], "figure": rule["figure"]}
        for rule in rules_in_force("progress-indicators", scope.as_of)
    ]


PROGRESS = Question(
    "progress",
    "TargetProgress",
    "目标进度",
    "Targets of areas for the year of the query date, with the progress up to that date. Sorted by area and "
    "number. All targets are listed, so `eligibleCount` equals `totalCount`.",
    "ledgers/progress",
    (("area", str), ("target_no", str)),
    (
        ResultColumn("area", "区划", "Area that has the target.", node="Area", required=True),
        ResultColumn("target", "目标", "The target.", node="Target", source="target_no", required=True),
        ResultColumn("indicator", "指标", "Indicator of the target, as in the register."),
        ResultColumn("number", "目标值", "Figure to reach.", PropertyKind.INTEGER),
        ResultColumn("actual", "完成值", "Figure reached on the query date; null if the register cannot count the indicator.", PropertyKind.INTEGER),
    ),
    lambda scope, _: {"indicators": _progress_indicators(scope), "hollow": hollow_contents(scope.as_of)},
)  # fmt: skip
