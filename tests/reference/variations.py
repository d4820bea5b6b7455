"""Random variations of the sample register, drawn from a seed, for cases that the sample does not contain.

They avoid cases that the documents leave open: no two holders of one duty end or leave on the same day, 返贫 has no exit
year, two funds are connected by at most one path, a bad row is refused for one reason and no other row refers to it.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Row = dict[str, Any]
Book = dict[str, list[Row]]

DAY, EVE, MORROW = date(2016, 12, 31), date(2016, 12, 30), date(2017, 1, 1)
EDGES = [DAY, EVE, MORROW, date(2016, 6, 30), date(2016, 6, 29), date(2015, 12, 31), date(2015, 12, 30), date(2014, 6, 30)]  # fmt: skip
# Six months before the days of the questions, and the day before that: 2016-12-31, 2016-06-30, 2015-12-30 and -31, 2018-02-28.
VISITS = [*EDGES, date(2015, 12, 29), date(2015, 6, 30), date(2015, 6, 29), date(2017, 8, 28), date(2017, 8, 27), date(2013, 12, 30)]  # fmt: skip
POSTS = [("结对帮扶", "干部编号", "户编号", 170), ("驻村帮扶", "干部编号", "村编码", 40), ("部门帮村", "单位编号", "村编码", 12)]  # fmt: skip
OPEN_STATES = ["未脱贫", "预脱贫", "返贫"]


def vary(source: Path, target: Path, seed: int) -> None:
    rng = random.Random(seed)
    workbook = load_workbook(source)
    headers = {sheet.title: [str(cell.value) for cell in sheet[2]] for sheet in workbook.worksheets}
    book: Book = {sheet: [] for sheet in headers}
    for sheet in workbook.worksheets:
        for cells in sheet.iter_rows(min_row=3, values_only=True):
            values = [cell.date() if isinstance(cell, datetime) else cell for cell in cells]
            book[sheet.title].append(dict(zip(headers[sheet.title], values, strict=True)))
    for variation in (posts, visits, poverty, funds, holdings, bad_rows):
        variation(book, rng)
    for sheet in workbook.worksheets:
        sheet.delete_rows(3, sheet.max_row)
        for number, row in enumerate(book[sheet.title], start=3):
            for column, name in enumerate(headers[sheet.title], start=1):
                sheet.cell(number, column, row[name])
    workbook.save(target)


def draw(rng: random.Random, first: date, last: date, excluded: set[date | None]) -> date:
    """Draw a day that is not excluded, often one of the edges."""
    edges = [day for day in EDGES if first <= day <= last and day not in excluded]
    if edges and rng.random() < 0.25:
        return rng.choice(edges)
    while (day := first + timedelta(rng.randrange((last - first).days + 1))) in excluded:
        pass
    return day


def posts(book: Book, rng: random.Random) -> None:
    in_post = [cadre for cadre in book["帮扶干部"] if cadre["离岗日期"] is None]
    days: set[date | None] = {cadre["离岗日期"] for cadre in book["帮扶干部"]}
    for cadre, edge in zip(rng.sample(in_post, 30), [DAY, MORROW] + [None] * 28, strict=True):
        cadre["离岗日期"] = edge or draw(rng, date(2014, 3, 1), date(2018, 1, 31), days)
        days.add(cadre["离岗日期"])
    departed = [cadre["干部编号"] for cadre in book["帮扶干部"] if cadre["离岗日期"]]
    for sheet, holder_column, subject_column, count in POSTS:
        rows, holders = (
            book[sheet],
            [row[holder_column] for row in book["帮扶干部" if holder_column == "干部编号" else "帮扶部门"]],
        )
        for row in rng.sample(rows, count):
            same_subject = [post for post in rows if post[subject_column] == row[subject_column]]
            ends = {post["结束时间"] for post in same_subject}
            change = rng.choice(["end", "reopen", "begin late", "remove", "double", "double"])
            if change in ("end", "reopen"):
                row["结束时间"] = draw(rng, row["开始时间"], date(2018, 1, 31), ends) if change == "end" else None
            elif change == "begin late":
                row |= {"开始时间": rng.choice([DAY, MORROW, date(2017, 9, 1)]), "结束时间": None}
            elif change == "remove":
                rows.remove(row)
            else:
                # A holder who left is added beside one who left, so that the gap has to name the last of several.
                candidates = departed if row[holder_column] in departed else holders
                holder = rng.choice(
                    [
                        candidate
                        for candidate in candidates
                        if candidate not in [post[holder_column] for post in same_subject]
                    ]
                )
                since = draw(rng, date(2014, 1, 1), date(2016, 6, 30), set())
                until = draw(rng, since, date(2018, 1, 31), ends) if rng.random() < 0.4 else None
                rows.append(row | {holder_column: holder, "开始时间": since, "结束时间": until})


def visits(book: Book, rng: random.Random) -> None:
    for row in rng.sample(book["走访记录"], 40):
        book["走访记录"].remove(row)
    for index, row in enumerate(rng.sample(book["走访记录"], 140)):
        day = draw(rng, date(2013, 12, 1), date(2018, 2, 28), set())
        row["走访日期"] = VISITS[index] if index < len(VISITS) else rng.choice([day, *VISITS])


def poverty(book: Book, rng: random.Random) -> None:
    def set_status(home: Row, states: list[str]) -> None:
        state = rng.choice(states)
        home |= {"脱贫属性": state, "脱贫年度": rng.randint(2012, 2016) if state == "已脱贫" else None}

    # Backwards, so that the first of two rows with the same number counts.
    homes_by_number = {home["户编号"]: home for home in reversed(book["贫困户"]) if home["户编号"]}
    for number in rng.sample(sorted(homes_by_number), 150):
        set_status(homes_by_number[number], ["已脱贫", "已脱贫", *OPEN_STATES])
    for village in rng.sample(book["行政村"], 5):
        village["是否贫困村"] = "否" if village["是否贫困村"] == "是" else "是"
    homes_by_village = {
        village["村编码"]: [home for home in homes_by_number.values() if home["村编码"] == village["村编码"]]
        for village in book["行政村"]
    }
    large_villages = [village for village in book["行政村"] if len(homes_by_village[village["村编码"]]) > 20]
    for village, poor_count in zip(rng.sample(large_villages, 4), (19, 20, 19, 20), strict=True):
        village["是否贫困村"] = "否"
        village_homes = homes_by_village[village["村编码"]]
        for index, home in enumerate(rng.sample(village_homes, len(village_homes))):
            set_status(home, OPEN_STATES if index < poor_count else ["已脱贫"])


def funds(book: Book, rng: random.Random) -> None:
    def add_flow(source: str, kind: str, target: str) -> None:
        day = draw(rng, date(2014, 5, 1), date(2017, 3, 1), set())
        row = {"凭证号": f"PZ8{len(book['资金流向']):05}", "来源资金编号": source, "去向类型": kind, "去向编号": target}
        book["资金流向"].append(row | {"金额(元)": f"{rng.randint(1, 90)}000.00", "日期": day})

    assets_with_shares = {share["资产编号"] for share in book["股权"]}
    projects = sorted({asset["项目编号"] for asset in book["资产"] if asset["资产编号"] in assets_with_shares})
    # ZJ000 feeds ZJ001 already; the chain hangs below it, the circle at times below the chain.
    a, b, c, x, y, z = rng.sample([f"ZJ00{number}" for number in range(2, 8)], 6)
    transfers = [(a, b), (b, c), (c, a), (x, y), (y, z), *rng.sample([("ZJ001", x), (z, a)], rng.randint(0, 2))]
    if rng.random() < 0.5:  # nine transfers in a row: the first fund is too far from the last
        far_funds = [f"ZJ9{number:02}" for number in range(10)]
        book["资金"] += [book["资金"][0] | {"资金编号": fund, "资金名称": f"远端资金{fund}"} for fund in far_funds]
        transfers += pairwise(far_funds)
        add_flow(far_funds[-1], "项目", rng.choice(projects))
    for source, target in transfers:
        add_flow(source, "资金", target)
    for project in rng.sample(projects, 6):
        add_flow(rng.choice([a, b, c, x, y, z]), "项目", project)


def holdings(book: Book, rng: random.Random) -> None:
    shares = book["股权"]

    def add_certificate(template: Row, **changes: object) -> None:
        shares.append(template | {"股权证号": f"GQ8{len(shares):04}", "股数": rng.randint(5, 60), **changes})

    for share in rng.sample(shares, 16):
        share["终止日期"] = draw(rng, share["起始日期"], date(2018, 1, 31), set())
    for share, day in zip(rng.sample(shares, 4), (DAY, EVE, DAY, EVE), strict=True):
        share["终止日期"] = day
    for share in rng.sample(shares, 8):  # a second certificate of the same household in the same asset
        add_certificate(share, 起始日期=draw(rng, date(2015, 7, 1), date(2017, 3, 1), set()), 终止日期=None)
    for asset in rng.sample(book["资产"], 3):
        asset_no = f"ZC9{len(book['资产']):02}"
        for share in rng.sample(shares, 5):
            add_certificate(
                share, 资产编号=asset_no, 起始日期=rng.choice([date(2015, 7, 1), DAY, MORROW]), 终止日期=None
            )
        book["资产"].append(
            asset | {"资产编号": asset_no, "资产名称": f"第二资产{asset_no}", "形成金额(元)": "5000.00"}
        )


def bad_rows(book: Book, rng: random.Random) -> None:
    phone = f"100{rng.randrange(10**8):08}"
    reversed_interval: Row = {"开始时间": date(2016, 3, 2), "结束时间": date(2016, 3, 1)}
    unknown_household, unknown_village = "513431999999980001", "513431999998"
    bad_cells: list[list[tuple[str, Row]]] = [
        [("贫困户", {"户编号": None, "联系电话": phone}), ("帮扶干部", {"干部编号": None, "联系电话": phone}), ("项目", {"项目编号": None})],
        # Same number, different content: an import that takes these rows gets different answers.
        [("行政村", {"是否贫困村": "否"}), ("贫困户", {"脱贫属性": "已脱贫", "脱贫年度": 2013}), ("帮扶干部", {"离岗日期": date(2014, 2, 1)}), ("股权", {"户编号": "5134311002000007"})],
        [("驻村帮扶", {"村编码": unknown_village}), ("部门帮村", {"单位编号": "DW998"}), ("走访记录", {"户编号": unknown_household}), ("股权", {"股权证号": "GQBAD8", "资产编号": "ZC998"}), ("家庭成员", {"人口编号": "R900008", "户编号": unknown_household, "证件号码": None}), ("资金流向", {"凭证号": "PZBAD8", "去向类型": "项目", "去向编号": "XM998"})],
        [("结对帮扶", reversed_interval), ("驻村帮扶", reversed_interval), ("部门帮村", reversed_interval), ("帮扶措施", reversed_interval)],
        [("股权", {"股权证号": "GQBAD7", "股数": "十股"}), ("资金流向", {"凭证号": "PZBAD7", "金额(元)": "五千元"}), ("资金", {"资金编号": "ZJBAD7", "金额(元)": "约百万"})],
        [("资金流向", {"凭证号": "PZBAD6", "金额(元)": "-120.00"}), ("分红发放", {"凭证号": "PZBAD9", "金额(元)": "-3.50"})],
        [("走访记录", {"走访日期": "2016-02-30"}), ("结对帮扶", {"开始时间": "2016-13-01"}), ("驻村帮扶", {"开始时间": "2016-09-31"}), ("股权", {"股权证号": "GQBAD5", "起始日期": "2015-06-31"}), ("帮扶干部", {"干部编号": "GBBAD5", "联系电话": phone, "离岗日期": "2016-00-10"})],
    ]  # fmt: skip
    for alternatives in bad_cells:
        for sheet, changes in rng.sample(alternatives, rng.randint(1, 2)):
            # The first rows of each sheet of the sample are sound.
            book[sheet].append(rng.choice(book[sheet][:8]) | changes)
