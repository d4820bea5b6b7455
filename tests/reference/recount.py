"""A second, independent reading of a register: who lacks which duty, which rows are refused, which chains hold.

Written from DOMAIN.md and the sample's README alone, to check the product against. Plain loops, no cleverness.
"""

from __future__ import annotations

import calendar
import csv
import json
import sys
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

Row = dict[str, Any]
Gap = list[str | None]  # reason, who, ISO date
Duty = dict[str, Any]  # eligible, missing, gaps: {subject: Gap}


class Register(NamedTuple):
    rows: dict[str, list[Row]]  # by sheet, without the refused ones
    refused: list[list[Any]]  # [sheet, row as Excel shows it, key, reason]


class Post(NamedTuple):  # one row that gives a duty to somebody
    who: str
    since: date | None
    until: date | None
    left: date | None  # the first day on which that person no longer held any post


def table(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.split(";")}


# The columns that name a row of each sheet. A sheet stands after those that it points to, so that a refused row is
# unknown to whoever names it. A voucher may have several payees (DOMAIN section 2): the payee is part of its name.
KEYS = table(
    "行政村 村编码; 帮扶部门 单位编号; 经营主体 统一社会信用代码; 资金 资金编号; 贫困户 户编号; 家庭成员 人口编号; 帮扶干部 干部编号;"
    "项目 项目编号; 资产 资产编号; 股权 股权证号; 收益分配 分配编号; 资金流向 凭证号 去向编号; 分红发放 凭证号 户编号;"
    "结对帮扶 干部编号 户编号; 驻村帮扶 干部编号 村编码; 部门帮村 单位编号 村编码; 走访记录 干部编号 户编号; 帮扶措施 户编号; 关系人 姓名 干部编号"
)
# These have no number of their own: the same parties may meet again, so nothing in them is a duplicate.
UNNUMBERED = {"结对帮扶", "驻村帮扶", "部门帮村", "走访记录", "帮扶措施", "关系人"}
# The sheets whose rows a column names, where it is not the sheet's own.
POINTS_TO = table(
    "村编码 行政村; 所在村编码 行政村; 户编号 贫困户; 人口编号 家庭成员; 干部编号 帮扶干部; 单位编号 帮扶部门; 实施单位 帮扶部门 经营主体;"
    "实施主体 经营主体 帮扶部门; 经营主体 经营主体; 来源资金编号 资金; 项目编号 项目; 资产编号 资产; 分配编号 收益分配"
)
PAYEES = table("资金 资金; 项目 项目; 户 贫困户")
DATES = {"离岗日期", "开始时间", "结束时间", "走访日期", "日期", "分配日期", "起始日期", "终止日期"}
HOLDERS = [("结对帮扶", "干部编号", "户编号"), ("驻村帮扶", "干部编号", "村编码"), ("部门帮村", "单位编号", "村编码")]
AMOUNTS = {"金额(元)", "形成金额(元)", "应分金额(元)"}
YEARS = {"年度", "脱贫年度", "计划出列年度", "出列年度"}
INCOMES = {"工资性收入", "生产经营性收入", "财产性收入", "资产收益扶贫分红收入", "转移性收入", "生产经营性支出"}
NUMBERS = AMOUNTS | YEARS | INCOMES | {"股数", "总股数", "保底收益率(%)", "集体经济收入(万元)", "务工月数"}


def read(path: Path, areas: Path) -> Register:
    known: dict[str, set[str]] = {sheet: set() for sheet in KEYS}
    with areas.open(encoding="utf-8-sig", newline="") as file:
        known["行政村"] = {area["code"] for area in csv.DictReader(file) if area["level"] == "VILLAGE"}
    book, register = load_workbook(path), Register({}, [])
    for sheet, key in KEYS.items():
        lines = list(book[sheet].iter_rows(values_only=True))
        register.rows[sheet] = []
        seen: set[tuple[str, ...]] = set()
        for number, cells in enumerate(lines[2:], start=3):
            row: Row = dict(zip([str(name) for name in lines[1]], cells, strict=True))
            name = tuple("" if row[column] is None else str(row[column]) for column in key)
            if all(cell is None for cell in cells):
                continue
            if "" in name:
                reason: str | None = "KEY_MISSING"
            elif name in seen and sheet not in UNNUMBERED:
                reason = "KEY_DUPLICATE"
            else:
                reason = wrong_reference(sheet, row, known) or wrong_value(row)
            if reason:
                register.refused.append([sheet, number, name[0], reason])
            else:
                seen.add(name)
                register.rows[sheet].append(row)
        known[sheet] |= {name[0] for name in seen}
    return register


def refused(path: Path, areas: Path) -> list[list[Any]]:
    return read(path, areas).refused


def wrong_reference(sheet: str, row: Row, known: dict[str, set[str]]) -> str | None:
    for column, cell in row.items():
        targets = PAYEES.get(row["去向类型"], []) if column == "去向编号" else POINTS_TO.get(column, [sheet])
        # A blank cell says nothing that could be wrong.
        if cell is not None and sheet not in targets and not any(str(cell) in known[target] for target in targets):
            return "REFERENCE_UNKNOWN"
    return None


def wrong_value(row: Row) -> str | None:
    """Turns the cells of dates and numbers into such, or says why the row is refused."""
    for column, cell in row.items():
        try:
            if cell is not None and column in DATES:
                row[column] = cell.date() if isinstance(cell, datetime) else date.fromisoformat(str(cell))
            elif cell is not None and column in NUMBERS:
                row[column] = Decimal(str(cell))
                if column in AMOUNTS and row[column] < 0:  # "nan" cannot be compared, which is an InvalidOperation
                    return "AMOUNT_NEGATIVE"
        except (ValueError, InvalidOperation):
            return "DATE_INVALID" if column in DATES else "NUMBER_INVALID"
    begin, end = row.get("开始时间") or row.get("起始日期"), row.get("结束时间") or row.get("终止日期")
    return "INTERVAL_REVERSED" if begin and end and end < begin else None


def is_there(household: Row, day: date) -> bool:
    # From 1 January of the card's year on, or of the year of an exit that the card names, if that is earlier.
    return day >= date(int(min(year for year in (household["年度"], household["脱贫年度"]) if year is not None)), 1, 1)


def is_poor(household: Row, day: date) -> bool:
    # There is one card: what it says counts on every day on which it is there, except that who exited was poor until
    # then. 返贫 is poor throughout, as the card does not say since when. An exit of unknown year is no poverty on any day.
    if not is_there(household, day):
        return False
    if household["脱贫属性"] == "已脱贫":
        return household["脱贫年度"] is not None and day < date(int(household["脱贫年度"]), 12, 31)
    return household["脱贫属性"] in ("未脱贫", "返贫", "预脱贫")


def owes_helper(household: Row, day: date) -> bool:
    exited = household["脱贫年度"] if household["脱贫属性"] == "已脱贫" else None
    supported = exited is not None and is_there(household, day) and day.year <= int(exited) + 3
    return is_poor(household, day) or supported


def holds(begin: date | None, end: date | None, day: date) -> bool:
    return (begin is None or begin <= day) and (end is None or day <= end)


def half_year_before(day: date) -> date:
    """The same day six months ago, or the last of that month where it has no such day (31 December: 30 June)."""
    year, month = (day.year, day.month - 6) if day.month > 6 else (day.year - 1, day.month + 6)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def gap_of(posts: list[Post], day: date) -> Gap | None:
    """Why nobody holds the duty on the day, or None if somebody does."""
    # The documents do not say who is told of two that ended or left on one day. Chosen: who began later (no beginning
    # is the earliest), then the greater number.
    begun = [post for post in posts if holds(post.since, None, day)]
    holding = [post for post in begun if holds(post.since, post.until, day)]
    if not begun:
        return ["NEVER_ASSIGNED", None, None]
    if not holding:
        until, _, who = max((post.until or date.max, post.since or date.min, post.who) for post in begun)
        return ["ENDED", who, until.isoformat()]
    if any(post.left is None or day < post.left for post in holding):
        return None
    left, _, who = max((post.left or date.max, post.since or date.min, post.who) for post in holding)
    return ["HOLDER_LEFT", who, left.isoformat()]


def coverage(register: Register, day: date) -> dict[str, Duty]:
    rows = register.rows
    left = {cadre["干部编号"]: cadre["离岗日期"] for cadre in rows["帮扶干部"]}
    posts: dict[tuple[str, str], list[Post]] = {}  # by duty and subject
    for sheet, who, subject in HOLDERS:
        for row in rows[sheet]:
            post = Post(row[who], row["开始时间"], row["结束时间"], left.get(row[who]))
            posts.setdefault((row.get("职责", sheet), row[subject]), []).append(post)
    # Only the sheet says whether a village is poor: one that it does not list owes nothing of its own.
    five_in_one = [village["村编码"] for village in rows["行政村"] if village["是否贫困村"] == "是"]
    poor = [home["村编码"] for home in rows["贫困户"] if is_poor(home, day)]
    others = [village["村编码"] for village in rows["行政村"] if village["是否贫困村"] != "是"]
    three_in_one = five_in_one + [village for village in others if poor.count(village) >= 20]
    helped = [home["户编号"] for home in rows["贫困户"] if owes_helper(home, day)]
    duties = [
        ("COUNTY_LEADER", ["县级联系领导"], five_in_one),
        ("HELPING_DEPARTMENT", ["部门帮村"], five_in_one),
        ("RESIDENT_TEAM", ["驻村工作队队长", "驻村工作队队员"], five_in_one),
        ("FIRST_SECRETARY", ["第一书记"], three_in_one),
        ("AGRI_TECHNICIAN", ["驻村农技员"], three_in_one),
        ("HELPER", ["结对帮扶"], helped),
    ]
    result: dict[str, Duty] = {}
    for duty, names, subjects in duties:
        gaps: dict[str, Gap] = {}
        for subject in subjects:
            if gap := gap_of([post for name in names for post in posts.get((name, subject), [])], day):
                gaps[subject] = gap
        result[duty] = {"eligible": len(subjects), "missing": len(gaps), "gaps": gaps}
    # A visit by anyone counts, also by a cadre who has left since.
    since = half_year_before(day)
    visited = {row["户编号"] for row in rows["走访记录"] if row["走访日期"] and since <= row["走访日期"] <= day}
    owed = [home for home in helped if home not in result["HELPER"]["gaps"]]
    unseen: dict[str, Gap] = {home: ["NO_RECENT_VISIT", None, None] for home in owed if home not in visited}
    result["VISIT"] = {"eligible": len(owed), "missing": len(unseen), "gaps": unseen}
    return result


def chains(register: Register, fund_no: str, day: date) -> set[tuple[str, ...]]:
    rows = register.rows
    flows = [flow for flow in rows["资金流向"] if flow["日期"] is None or flow["日期"] <= day]
    found: set[tuple[str, ...]] = set()

    def follow(path: tuple[str, ...]) -> None:
        for flow in flows:
            to = flow["去向编号"]
            if flow["来源资金编号"] != path[-1]:
                continue
            if flow["去向类型"] == "资金" and to not in path and len(path) <= 8:  # eight transfers join nine funds
                follow((*path, to))
            assets = [asset["资产编号"] for asset in rows["资产"] if asset["项目编号"] == to]
            for share in rows["股权"] if flow["去向类型"] == "项目" else []:
                # Two certificates of one household in one asset are one chain.
                if share["资产编号"] in assets and holds(share["起始日期"], share["终止日期"], day):
                    found.add((*path, to, share["资产编号"], share["户编号"]))

    follow((fund_no,))
    return found


def main(register_path: Path, truth_path: Path, areas: Path) -> int:
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    register, day = read(register_path, areas), date.fromisoformat(truth["as_of"])
    ours = coverage(register, day)
    results = {"refused": sorted(register.refused) == sorted(truth["rejected"])}
    for duty in ours.keys() | truth["coverage"].keys():
        results[duty] = ours.get(duty) == truth["coverage"].get(duty)
    for fund, figures in truth["funds"].items():
        results[f"chains of {fund}"] = len(chains(register, fund, day)) == figures["chains_through_shares"]
    for what, agrees in sorted(results.items()):
        print("agrees " if agrees else "DIFFERS", what)
    return 0 if all(results.values()) else 1


if __name__ == "__main__":  # register.xlsx truth.json sichuan-areas.csv
    raise SystemExit(main(*map(Path, sys.argv[1:4])))
