"""A clean register of a made-up county: rows of all tables of `TABLES`, with consistent facts."""

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
"""Share of all rows in each of the large tables."""
Rows = list[list[Any]]


@cache
def areas() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return (code, name) of the county's villages, and the codes of its townships."""
    with (files("graph_service") / "data" / "sichuan-areas.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"].startswith(COUNTY)]
    villages = tuple((row["code"], row["name"]) for row in rows if row["level"] == "VILLAGE")
    return villages, tuple(row["code"] for row in rows if row["level"] == "TOWNSHIP")


def yuan(rng: Random, limit: int) -> float:
    """Return an amount in whole tens of yuan, so that its figure stays short in every unit."""
    return float(rng.randrange(1, limit // 10) * 10)


def day(rng: Random, year: int = YEAR) -> date:
    return date(year, 1, 1) + timedelta(rng.randrange(365))


def register(rng: Random, rows: int) -> dict[str, Rows]:
    """Return about `rows` rows, by table."""
    villages, townships = areas()
    row_counts = {sheet: max(4, int(rows * share)) for sheet, share in SHARES.items()}
    villages = villages[: max(3, rows // 40)]
    cadres = [f"GB{number:04d}" for number in range(1, max(4, rows // 60) + 1)]
    offices = [f"BM{number:03d}" for number in range(1, max(3, rows // 400) + 1)]
    funds = [f"ZJ{number:03d}" for number in range(1, max(4, rows // 60) + 1)]
    projects = [f"XM{number:03d}" for number in range(1, max(3, rows // 100) + 1)]
    enterprises = [credit_code(False, number) for number in range(1, 4)]
    homes = [
        (f"{villages[index % len(villages)][0]}{index:04d}", villages[index % len(villages)][0])
        for index in range(row_counts["贫困户"])
    ]
    cards = [card for card, _ in homes]
    documents = DocumentNumbers()

    def make_rows(count: int, make_row: Callable[[int], list[Any]]) -> Rows:
        return [make_row(index) for index in range(count)]

    def pick_flag() -> str:
        return rng.choice(("是", "否"))

    def make_household(index: int) -> list[Any]:
        has_exited = rng.random() < 0.4
        return [
            *homes[index], YEAR, full_name(rng, True), rng.choice(("一般贫困户", "低保贫困户", "五保贫困户")), "已脱贫" if has_exited else "未脱贫",
            2015 if has_exited else None, rng.choice(("因病", "因残", "因学", "缺技术", "缺资金")), rng.randrange(1, 8), phone(index),
            rng.randrange(10, 90) / 10, rng.randrange(1, 80) / 10, rng.choice(("否", "C级", "D级")), pick_flag(),
            yuan(rng, 30_000), yuan(rng, 5_000), yuan(rng, 3_000),
        ]  # fmt: skip

    def make_person(index: int) -> list[Any]:
        card = cards[index % len(cards)]
        male = rng.random() < 0.5
        document, born_on = documents.issue(day(rng, rng.randrange(1940, 2012)), male)
        relation = "户主" if index < len(cards) else rng.choice(("配偶", "之子", "之女", "之父", "之母"))
        return [
            f"{card}{index // len(cards) + 1:02d}", card, YEAR, full_name(rng, male), relation, "男" if male else "女", document, born_on,
            rng.choice(("小学", "初中", "高中", "文盲或半文盲")), rng.choice(("健康", "长期慢性病", "患有大病、残疾")),
            rng.choice(("普通劳动力", "技能劳动力", "丧失劳动力")), pick_flag(), rng.randrange(0, 12),
        ]  # fmt: skip

    def make_period(start: str, end: str, *extra_cells: Any) -> list[Any]:
        return [start, end, *extra_cells, day(rng, 2015), day(rng, 2017) if rng.random() < 0.4 else None]

    def make_flow(index: int) -> list[Any]:
        kind = rng.choice(("户", "项目", "企业", "资金"))
        source = rng.randrange(1, len(funds))
        target = {
            "户": rng.choice(cards),
            "项目": rng.choice(projects),
            "企业": rng.choice(enterprises),
            "资金": funds[source - 1],
        }[kind]
        return [f"PZ{index:05d}", funds[source], kind, target, day(rng), yuan(rng, 500_000)]

    def make_measure(index: int) -> list[Any]:
        kind = rng.choice(("产业", "就业", "健康", "教育", "综合保障"))
        return [
            cards[index % len(cards)],
            kind,
            f"{kind}帮扶{index}",
            yuan(rng, 20_000),
            day(rng),
            day(rng, 2018) if index % 2 else None,
        ]

    notes = ("看望老人", "送化肥", "讲解医保政策", "查看住房")
    return {
        "行政村": make_rows(len(villages), lambda index: [*villages[index][:1], YEAR, villages[index][1], pick_flag(), None, float(rng.randrange(100, 900) * 100), rng.randrange(100, 900), rng.randrange(500, 4000), rng.randrange(500, 9000)]),
        "区划年报": make_rows(min(len(townships), max(3, rows // 100)), lambda index: [townships[index], YEAR, rng.randrange(900, 9000), *(rng.randrange(101, 900) / 100 for _ in range(3))]),
        "贫困户": make_rows(len(homes), make_household),
        "家庭成员": make_rows(row_counts["家庭成员"], make_person),
        "帮扶部门": make_rows(len(offices), lambda index: [offices[index], f"第{index + 1}局", rng.choice(("中央", "省", "市", "县")), day(rng, 2018) if index % 3 else None]),
        "帮扶干部": make_rows(len(cadres), lambda index: [cadres[index], full_name(rng, True), "科员", phone(50_000_000 + index), day(rng, 2018) if index % 3 else None, rng.choice(offices)]),
        "经营主体": make_rows(len(enterprises), lambda index: [enterprises[index], "企业", f"第{index + 1}公司", pick_flag()]),
        "资金": make_rows(len(funds), lambda index: [funds[index], f"第{index + 1}笔资金", rng.choice(("财政专项扶贫资金", "彩票公益金", "社会捐赠")), rng.choice(("中央", "省", "县")), YEAR, yuan(rng, 9_000_000)]),
        "结对帮扶": make_rows(row_counts["结对帮扶"], lambda index: make_period(cadres[(index // len(cards) + index) % len(cadres)], cards[index % len(cards)])),
        "驻村帮扶": make_rows(min(len(villages), max(3, rows // 100)), lambda index: make_period(cadres[index % len(cadres)], villages[index][0], "第一书记")),
        "走访记录": make_rows(row_counts["走访记录"], lambda index: [cadres[index % len(cadres)], cards[index % len(cards)], date(YEAR, 1, 1) + timedelta(index % 366), rng.choice(notes)]),
        "帮扶措施": make_rows(row_counts["帮扶措施"], make_measure),
        "土地流转": make_rows(min(row_counts["土地流转"], len(cards)), lambda index: [*make_period(cards[index], enterprises[index % 3]), rng.randrange(10, 90) / 10, yuan(rng, 9_000)]),
        "项目": make_rows(len(projects), lambda index: [projects[index], f"第{index + 1}个项目", rng.choice(("水利", "产业", "教育")), rng.choice(villages)[0]]),
        "资金流向": make_rows(row_counts["资金流向"], make_flow),
        "资产": make_rows(max(4, rows // 100), lambda index: [f"ZC{index:03d}", f"第{index + 1}项资产", rng.choice(("经营性", "公益性")), yuan(rng, 900_000), rng.randrange(101, 900) / 100]),
    }  # fmt: skip
