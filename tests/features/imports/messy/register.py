"""A clean register of a made-up county: rows of all tables of `TABLES`, whose facts hang together."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from graph_service.sample.names import full_name
from graph_service.sample.numbers import DocumentNumbers, credit_code, phone

COUNTY = "513431"
YEAR = 2016
SHARES = {
    "贫困户": 0.19,
    "家庭成员": 0.3,
    "结对帮扶": 0.12,
    "走访记录": 0.12,
    "帮扶措施": 0.13,
    "资金流向": 0.06,
    "土地流转": 0.02,
}
"""What part of all rows each of the large tables has."""
Rows = list[list[Any]]


@cache
def areas() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return (code, name) of the county's villages, and the codes of its townships."""
    with (files("graph_service") / "data" / "sichuan-areas.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith(COUNTY)]
    villages = tuple((row["code"], row["name"]) for row in rows if row["level"] == "VILLAGE")
    return villages, tuple(row["code"] for row in rows if row["level"] == "TOWNSHIP")


def yuan(rng: Random, most: int) -> float:
    """Return an amount: whole tens of yuan, whose figure stays short in every unit."""
    return float(rng.randrange(1, most // 10) * 10)


def day(rng: Random, year: int = YEAR) -> date:
    return date(year, 1, 1) + timedelta(rng.randrange(365))


def register(rng: Random, rows: int) -> dict[str, Rows]:
    """Return some `rows` rows, by table."""
    villages, townships = areas()
    count = {sheet: max(4, int(rows * share)) for sheet, share in SHARES.items()}
    villages = villages[: max(3, rows // 40)]
    cadres = [f"GB{at:04d}" for at in range(1, max(4, rows // 60) + 1)]
    offices = [f"BM{at:03d}" for at in range(1, max(3, rows // 400) + 1)]
    funds = [f"ZJ{at:03d}" for at in range(1, max(4, rows // 60) + 1)]
    projects = [f"XM{at:03d}" for at in range(1, max(3, rows // 100) + 1)]
    firms = [credit_code(False, at) for at in range(1, 4)]
    homes = [
        (f"{villages[at % len(villages)][0]}{at:04d}", villages[at % len(villages)][0]) for at in range(count["贫困户"])
    ]
    cards = [card for card, _ in homes]
    documents = DocumentNumbers()

    def made(number: int, row: Callable[[int], list[Any]]) -> Rows:
        return [row(at) for at in range(number)]

    def flag() -> str:
        return rng.choice(("是", "否"))

    def household(at: int) -> list[Any]:
        gone = rng.random() < 0.4
        return [
            *homes[at], YEAR, full_name(rng, True), rng.choice(("一般贫困户", "低保贫困户", "五保贫困户")), "已脱贫" if gone else "未脱贫",
            2015 if gone else None, rng.choice(("因病", "因残", "因学", "缺技术", "缺资金")), rng.randrange(1, 8), phone(at),
            rng.randrange(10, 90) / 10, rng.randrange(1, 80) / 10, rng.choice(("否", "C级", "D级")), flag(),
            yuan(rng, 30_000), yuan(rng, 5_000), yuan(rng, 3_000),
        ]  # fmt: skip

    def person(at: int) -> list[Any]:
        card = cards[at % len(cards)]
        male = rng.random() < 0.5
        document, born = documents.issue(day(rng, rng.randrange(1940, 2012)), male)
        relation = "户主" if at < len(cards) else rng.choice(("配偶", "之子", "之女", "之父", "之母"))
        return [
            f"{card}{at // len(cards) + 1:02d}", card, YEAR, full_name(rng, male), relation, "男" if male else "女", document, born,
            rng.choice(("小学", "初中", "高中", "文盲或半文盲")), rng.choice(("健康", "长期慢性病", "患有大病、残疾")),
            rng.choice(("普通劳动力", "技能劳动力", "丧失劳动力")), flag(), rng.randrange(0, 12),
        ]  # fmt: skip

    def spell(start: str, end: str, *more: Any) -> list[Any]:
        return [start, end, *more, day(rng, 2015), day(rng, 2017) if rng.random() < 0.4 else None]

    def flow(at: int) -> list[Any]:
        kind = rng.choice(("户", "项目", "企业", "资金"))
        source = rng.randrange(1, len(funds))
        to = {
            "户": rng.choice(cards),
            "项目": rng.choice(projects),
            "企业": rng.choice(firms),
            "资金": funds[source - 1],
        }[kind]
        return [f"PZ{at:05d}", funds[source], kind, to, day(rng), yuan(rng, 500_000)]

    def measure(at: int) -> list[Any]:
        kind = rng.choice(("产业", "就业", "健康", "教育", "综合保障"))
        return [
            cards[at % len(cards)],
            kind,
            f"{kind}帮扶{at}",
            yuan(rng, 20_000),
            day(rng),
            day(rng, 2018) if at % 2 else None,
        ]

    notes = ("看望老人", "送化肥", "讲解医保政策", "查看住房")
    return {
        "行政村": made(len(villages), lambda at: [*villages[at][:1], YEAR, villages[at][1], flag(), None, float(rng.randrange(100, 900) * 100), rng.randrange(100, 900), rng.randrange(500, 4000), rng.randrange(500, 9000)]),
        "区划年报": made(min(len(townships), max(3, rows // 100)), lambda at: [townships[at], YEAR, rng.randrange(900, 9000), *(rng.randrange(101, 900) / 100 for _ in range(3))]),
        "贫困户": made(len(homes), household),
        "家庭成员": made(count["家庭成员"], person),
        "帮扶部门": made(len(offices), lambda at: [offices[at], f"第{at + 1}局", rng.choice(("中央", "省", "市", "县")), day(rng, 2018) if at % 3 else None]),
        "帮扶干部": made(len(cadres), lambda at: [cadres[at], full_name(rng, True), "科员", phone(50_000_000 + at), day(rng, 2018) if at % 3 else None, rng.choice(offices)]),
        "经营主体": made(len(firms), lambda at: [firms[at], "企业", f"第{at + 1}公司", flag()]),
        "资金": made(len(funds), lambda at: [funds[at], f"第{at + 1}笔资金", rng.choice(("财政专项扶贫资金", "彩票公益金", "社会捐赠")), rng.choice(("中央", "省", "县")), YEAR, yuan(rng, 9_000_000)]),
        "结对帮扶": made(count["结对帮扶"], lambda at: spell(cadres[(at // len(cards) + at) % len(cadres)], cards[at % len(cards)])),
        "驻村帮扶": made(min(len(villages), max(3, rows // 100)), lambda at: spell(cadres[at % len(cadres)], villages[at][0], "第一书记")),
        "走访记录": made(count["走访记录"], lambda at: [cadres[at % len(cadres)], cards[at % len(cards)], date(YEAR, 1, 1) + timedelta(at % 366), rng.choice(notes)]),
        "帮扶措施": made(count["帮扶措施"], measure),
        "土地流转": made(min(count["土地流转"], len(cards)), lambda at: [*spell(cards[at], firms[at % 3]), rng.randrange(10, 90) / 10, yuan(rng, 9_000)]),
        "项目": made(len(projects), lambda at: [projects[at], f"第{at + 1}个项目", rng.choice(("水利", "产业", "教育")), rng.choice(villages)[0]]),
        "资金流向": made(count["资金流向"], flow),
        "资产": made(max(4, rows // 100), lambda at: [f"ZC{at:03d}", f"第{at + 1}项资产", rng.choice(("经营性", "公益性")), yuan(rng, 900_000), rng.randrange(101, 900) / 100]),
    }  # fmt: skip
