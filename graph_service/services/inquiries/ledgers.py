"""Ledgers: the same figures from card to province, whether the year's ledgers tie out, targets, and what two collections differ in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.declare import Enumeration, Kind, Member, Property
from graph_service.derive.days import show_day
from graph_service.errors import ArgumentInvalid
from graph_service.model import MODEL
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry, chosen
from graph_service.services.inquiries.measures import hollow
from graph_service.services.inquiries.policies import BY, by_level
from graph_service.services.rules import in_force
from graph_service.services.viewing import Viewing

CHANGE = Enumeration(
    "RegisterChange",
    "变化类型",
    "How a household differs between two collections.",
    (
        Member("IN", "新纳入"),
        Member("OUT", "已退出登记"),
        Member("SPLIT", "分户"),
        Member("MERGED", "并户"),
        Member("RETURNED", "返贫"),
        Member("EXITED", "脱贫"),
        Member("CHANGED", "信息变更"),
    ),
)
COMPARED: dict[str, Property] = {
    one.name: one for one in MODEL.labels["HouseholdYear"].properties if not one.sealed and one.headers
}
"""What of two cards is compared: what a register brings, and is not sealed."""
FACTS: dict[str, Property] = {
    one.name: one for one in MODEL.labels["PersonYear"].properties if not one.sealed and one.headers
}
"""The same of two records of a person."""


def _said(property_: Property, value: Any) -> str | None:
    """A stored value in the register's words: yuan, ISO dates, codes as it writes them."""
    if value is None:
        return None
    if property_.enum is not None:
        words = {member.name: member.zh for member in property_.enum.members}
        members: list[str] = value if isinstance(value, list) else [value]
        return "、".join(words.get(one, one) for one in members)
    if property_.kind is Kind.YUAN:
        return f"{value / 100:.2f}"
    if property_.kind is Kind.DATE:
        return show_day(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _changed(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """[property, before, after] as stored → [its name in the register, both as text]."""
    return [[COMPARED[name].zh, *(_said(COMPARED[name], value) for value in both)] for name, *both in rows]


def _altered(rows: Sequence[Sequence[Any]]) -> list[list[str | None]]:
    """[person, [[property, before, after]]] → a row for each property, led by the person's number."""
    return [
        [person, FACTS[name].zh, *(_said(FACTS[name], value) for value in both)]
        for person, facts in rows
        for name, *both in facts
    ]


def _listed(keys: Sequence[str]) -> list[list[str]]:
    """Keys → rows of one."""
    return [[key] for key in keys]


def _look_back(viewing: Viewing, given: Given) -> Given:
    to = given.get("toYear") or viewing.year
    version = given.get("fromVersion")
    if version is not None and not 0 < version <= viewing.sequence:
        newest = viewing.sequence
        raise ArgumentInvalid(
            name="fromVersion", reason_zh=f"应为 1 至 {newest}", reason_en=f"it is one of 1 to {newest}"
        )
    usual = to if version is not None else to - 1
    return {
        "fromYear": given.get("fromYear") or usual,
        "toYear": to,
        "fromVersion": version,
        "names": list(COMPARED),
        "facts": list(FACTS),
        "changes": chosen(given, "changes", CHANGE),
    }


DIFFERENCE = (
    Column("property", "项目", "Which value, as the register calls it.", always=True),
    Column("before", "变更前", "As it was."),
    Column("after", "变更后", "As it is."),
)
PERSONS = (Column("personNo", "人口编号", "Number of the person.", always=True),)
LOOK_BACK = Inquiry(
    "lookBack",
    "LookBackRow",
    "回头看",
    "What differs between two collections: two years' cards, or one year's at two data versions. Households in and out, split off and merged, returned, exited, changed; by village and household.",
    "ledgers/look_back",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives, or lived where it is gone.", node="Village"),
        Column("change", "变化", "How it differs.", Kind.ENUM, enum="RegisterChange", always=True),
        Column("former", "原所在村", "Where it lived, where that was elsewhere.", node="Village"),
        Column("other", "相关户", "Of a new household whose members it was split off from; of one that is gone, whose members it was merged into.", node="Household"),
        Column(
            "changed", "变更内容", "What of its card differs.", parts=DIFFERENCE, always=True, show=_changed,
        ),
        Column("joined", "新增成员", "Who has come.", parts=PERSONS, always=True, show=_listed),
        Column("left", "减少成员", "Who has gone.", parts=PERSONS, always=True, show=_listed),
        Column("altered", "成员变更内容", "What of the records of members differs who are in both.", parts=(*PERSONS, *DIFFERENCE), always=True, show=_altered),
        Column("fromYear", "起始年度", "Year of the former cards.", Kind.YEAR, source="from_year", always=True),
        Column("toYear", "截止年度", "Year of the latter cards.", Kind.YEAR, source="to_year", always=True),
    ),
    _look_back,
    (
        Filter("fromYear", "起始年度", "Year of the former cards; the year before, or with a data version the same year, where none is named.", Kind.YEAR),
        Filter("toYear", "截止年度", "Year of the latter cards; the last until the day's of which there are cards where none is named.", Kind.YEAR),
        Filter("fromVersion", "起始数据版本", "The data version on which the former is looked at; the last collection of its year where none is named.", Kind.INTEGER),
        Filter("changes", "变化", "Only these.", enum="RegisterChange"),
    ),
    (CHANGE,),
    by_cards=True,
)  # fmt: skip


def _figure(name: str, zh: str, doc: str, kind: Kind = Kind.INTEGER, *, always: bool = True) -> Column:
    first, *rest = name.split("_")
    return Column(first + "".join(map(str.capitalize, rest)), zh, doc, kind, source=name, always=always)


FIGURES = (
    _figure("villages", "村数", "Villages of the register."),
    _figure("poor_villages", "贫困村数", "Poor villages that have not exited."),
    _figure("households", "户数", "Households of the register."),
    _figure("persons", "人数", "Their members."),
    _figure("poor_households", "贫困户数", "Households that are poor on the day."),
    _figure("poor_persons", "贫困人口", "Their members."),
    _figure("exited_households", "当年脱贫户数", "Households whose exit took effect in the year, until the day."),
    _figure("exited_persons", "当年脱贫人数", "Their members."),
    _figure("returned_households", "当年返贫户数", "Households that are poor again since the year began."),
    _figure("helped_households", "有帮扶责任人户数", "Households with a present helper."),
    _figure("measured_households", "有措施户数", "Households with a measure in force that is more than a name."),
    _figure("amount", "措施金额", "The amounts of these measures together.", Kind.YUAN),
    _figure("dividends", "当年分红", "Dividends paid to households in the year, until the day.", Kind.YUAN),
    _figure("exited_villages", "当年出列村数", "Poor villages whose exit took effect in the year, until the day."),
    _figure(
        "unclear_households",
        "贫困状态不明户数",
        "Households of which nobody can tell whether they are poor on the day, as the status of the last card is not understood: in none of the figures of poor and exited ones.",
    ),
)
EXITED_COUNTIES = _figure("exited_counties", "当年摘帽县数", "Counties whose exit took effect in the year, until the day; null below counties.", always=False)  # fmt: skip
LEDGER = Inquiry(
    "ledger",
    "LedgerRow",
    "台账",
    "The same figures of each area of a level on a day: what stands at a level is the sum of what stands below (户有卡、村有册、乡有簿、县有档、市有卷、省有库); by code.",
    "ledgers/ledger",
    (("area", str),),
    (Column("area", "区划", "The area.", node="Area"), *FIGURES, EXITED_COUNTIES),
    lambda viewing, given: {"digits": by_level(viewing, given), "hollow": hollow(viewing.as_of)},
    (BY,),
)  # fmt: skip
LEDGER_CARDS = Inquiry(
    "ledgerCards",
    "LedgerCard",
    "户台账",
    "The same figures of each household of an area's register on a day: the lowest of the six ledgers, of which a village's are the sum; by village and household.",
    "ledgers/ledger_cards",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("persons", "人数", "Its members; where none is on the register, as many as its card says.", Kind.INTEGER, always=True),
        Column("poor", "是否贫困户", "Whether it is poor on the day.", Kind.FLAG, always=True),
        Column("unclear", "是否贫困状态不明", "Whether nobody can tell if it is poor on the day, as the status of its last card is not understood.", Kind.FLAG, always=True),
        Column("exited", "是否当年脱贫", "Whether its exit took effect in the year, until the day.", Kind.FLAG, always=True),
        Column("returned", "是否当年返贫", "Whether it is poor again since the year began.", Kind.FLAG, always=True),
        Column("helped", "是否有帮扶责任人", "Whether it has a present helper.", Kind.FLAG, always=True),
        Column("measured", "是否有措施", "Whether it has a measure in force that is more than a name.", Kind.FLAG, always=True),
        Column("amount", "措施金额", "The amounts of these measures together.", Kind.YUAN, always=True),
        Column("dividends", "当年分红", "Dividends paid to it in the year, until the day.", Kind.YUAN, always=True),
    ),
    lambda viewing, _: {"hollow": hollow(viewing.as_of)},
)  # fmt: skip
BALANCES = Inquiry(
    "povertyBalances",
    "PovertyBalance",
    "贫困与脱贫台账衔接",
    "Whether the poverty ledger and the exit ledger of the year tie out, the last until the day's of which there are cards, in each area of a level: start + identified + returned − exited − removed = finish; by code.",
    "ledgers/balance",
    (("area", str),),
    (
        Column("area", "区划", "The area.", node="Area"),
        _figure("start", "年初贫困户", "Households poor by the card of the year before."),
        _figure("identified", "新识别", "Poor by the year's card, without a card of the year before, and without having exited."),
        _figure("returned", "返贫", "Not poor by the card of the year before, and said to be poor again by the year's; or poor by it after having exited."),
        _figure("exited", "脱贫", "Exited in the year by the year's card; where that names no year, by the first that says so."),
        _figure("removed", "清退", "Poor by the card of the year before, without a card of the year."),
        _figure("finish", "年末贫困户", "Poor by the year's card; where it has no status, by the one before."),
        _figure("unclear", "贫困状态不明", "Households whose status by the year's card, or the last before it, is not understood: neither poor nor exited."),
        _figure("difference", "差额", "What does not tie out."),
        _figure("broken", "不衔接户数", "Households by which it does not, one against the other or not."),
        _figure("year", "年度", "Of which year: the last until the day's of which there are cards.", Kind.YEAR),
    ),
    lambda viewing, given: {"digits": by_level(viewing, given), "untied": given.get("untied")},
    (BY, Filter("untied", "不衔接", "Only areas where it does not tie out, or only where it does.", Kind.FLAG)),
    by_cards=True,
)  # fmt: skip


def _indicators(viewing: Viewing) -> list[list[Any]]:
    """[text of the register, position of the figure; -1 where it counts counties, which are not summed over villages]."""
    places = {one.given_by: at for at, one in enumerate(FIGURES)} | {EXITED_COUNTIES.given_by: -1}
    return [[rule["indicator"], places[rule["figure"]]] for rule in in_force("progress-indicators", viewing.as_of)]


PROGRESS = Inquiry(
    "progress",
    "TargetProgress",
    "目标进度",
    "Targets of areas for the year of the day against what happened until then; by area and number. Each is told: eligibleCount is totalCount.",
    "ledgers/progress",
    (("area", str), ("target_no", str)),
    (
        Column("area", "区划", "Whose target.", node="Area"),
        Column("target", "目标", "The target.", node="Target", source="target_no"),
        Column("indicator", "指标", "What is counted."),
        Column("number", "目标值", "The figure to reach.", Kind.INTEGER),
        Column("actual", "完成值", "What it is on the day; null where the indicator is none that the register can count.", Kind.INTEGER),
    ),
    lambda viewing, _: {"indicators": _indicators(viewing), "hollow": hollow(viewing.as_of)},
)  # fmt: skip
