"""A second, independent calculation over a register: missing duties, refused rows, chains of money.

Written from DOMAIN.md and the sample's README alone, to check the product against, in plain loops.
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


class Post(NamedTuple):  # a row that gives a holder a duty
    who: str
    since: date | None
    until: date | None
    left: date | None  # the first day on which that person no longer held any post


def table(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.split(";")}


# The key columns of each sheet. A sheet comes after those that it refers to, so that a reference to a refused row is
# unknown. A voucher may have several payees (DOMAIN section 2): the payee is part of its key.
KEYS = table(
    "行政村 村编码; 帮扶部门 单位编号; 经营主体 统一社会信用代码; 资金 资金编号; 贫困户 户编号; 家庭成员 人口编号; 帮扶干部 干部编号;"
    "项目 项目编号; 资产 资产编号; 股权 股权证号; 收益分配 分配编号; 资金流向 凭证号 去向编号; 分红发放 凭证号 户编号;"
    "结对帮扶 干部编号 户编号; 驻村帮扶 干部编号 村编码; 部门帮村 单位编号 村编码; 走访记录 干部编号 户编号; 帮扶措施 户编号; 关系人 姓名 干部编号"
)
# Sheets without a number column: the same parties may occur again, so no row in them is a duplicate.
UNNUMBERED = {"结对帮扶", "驻村帮扶", "部门帮村", "走访记录", "帮扶措施", "关系人"}
# The sheets that a column refers to, where it is not a column of that sheet.
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
    known_numbers: dict[str, set[str]] = {sheet: set() for sheet in KEYS}
    with areas.open(encoding="utf-8-sig", newline="") as file:
        known_numbers["行政村"] = {area["code"] for area in csv.DictReader(file) if area["level"] == "VILLAGE"}
    book, register = load_workbook(path), Register({}, [])
    for sheet, key in KEYS.items():
        lines = list(book[sheet].iter_rows(values_only=True))
        register.rows[sheet] = []
        accepted_keys: set[tuple[str, ...]] = set()
        for number, cells in enumerate(lines[2:], start=3):
            row: Row = dict(zip([str(name) for name in lines[1]], cells, strict=True))
            name = tuple("" if row[column] is None else str(row[column]) for column in key)
            if all(cell is None for cell in cells):
                continue
            if "" in name:
                reason: str | None = "KEY_MISSING"
            elif name in accepted_keys and sheet not in UNNUMBERED:
                reason = "KEY_DUPLICATE"
            else:
                reason = wrong_reference(sheet, row, known_numbers) or wrong_value(row)
            if reason:
                register.refused.append([sheet, number, name[0], reason])
            else:
                accepted_keys.add(name)
                register.rows[sheet].append(row)
        known_numbers[sheet] |= {name[0] for name in accepted_keys}
    return register


def refused(path: Path, areas: Path) -> list[list[Any]]:
    return read(path, areas).refused


def wrong_reference(sheet: str, row: Row, known_numbers: dict[str, set[str]]) -> str | None:
    for column, cell in row.items():
        targets = PAYEES.get(row["去向类型"], []) if column == "去向编号" else POINTS_TO.get(column, [sheet])
        # A blank cell refers to nothing.
        if (
            cell is not None
            and sheet not in targets
            and not any(str(cell) in known_numbers[target] for target in targets)
        ):
            return "REFERENCE_UNKNOWN"
    return None


def wrong_value(row: Row) -> str | None:
    """Convert the cells of dates and numbers in place, or return the reason why the row is refused."""
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
    # There is one card: its status counts on every day from its first on, except that a household that exited was poor until
    # then. 返贫 is poor throughout, as the card has no start of it. A household with an exit of unknown year is never poor.
    if not is_there(household, day):
        return False
    if household["脱贫属性"] == "已脱贫":
        return household["脱贫年度"] is not None and day < date(int(household["脱贫年度"]), 12, 31)
    return household["脱贫属性"] in ("未脱贫", "返贫", "预脱贫")


def owes_helper(household: Row, day: date) -> bool:
    exit_year = household["脱贫年度"] if household["脱贫属性"] == "已脱贫" else None
    is_supported = exit_year is not None and is_there(household, day) and day.year <= int(exit_year) + 3
    return is_poor(household, day) or is_supported


def holds(begin: date | None, end: date | None, day: date) -> bool:
    return (begin is None or begin <= day) and (end is None or day <= end)


def half_year_before(day: date) -> date:
    """Return the same day six months earlier, or the last of that month where it has no such day (31 December: 30 June)."""
    year, month = (day.year, day.month - 6) if day.month > 6 else (day.year - 1, day.month + 6)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def gap_of(posts: list[Post], day: date) -> Gap | None:
    """Return the reason why the duty has no holder on the day, or None where it has one."""
    # The documents do not define which of two holders who ended or left on one day the gap names. Chosen: the one who began
    # later (no beginning is the earliest), then the greater number.
    begun_posts = [post for post in posts if holds(post.since, None, day)]
    current_posts = [post for post in begun_posts if holds(post.since, post.until, day)]
    if not begun_posts:
        return ["NEVER_ASSIGNED", None, None]
    if not current_posts:
        until, _, holder = max((post.until or date.max, post.since or date.min, post.who) for post in begun_posts)
        return ["ENDED", holder, until.isoformat()]
    if any(post.left is None or day < post.left for post in current_posts):
        return None
    departure, _, holder = max((post.left or date.max, post.since or date.min, post.who) for post in current_posts)
    return ["HOLDER_LEFT", holder, departure.isoformat()]


def coverage(register: Register, day: date) -> dict[str, Duty]:
    rows = register.rows
    departure_by_cadre = {cadre["干部编号"]: cadre["离岗日期"] for cadre in rows["帮扶干部"]}
    posts: dict[tuple[str, str], list[Post]] = {}  # by duty and subject
    for sheet, holder_column, subject in HOLDERS:
        for row in rows[sheet]:
            post = Post(
                row[holder_column], row["开始时间"], row["结束时间"], departure_by_cadre.get(row[holder_column])
            )
            posts.setdefault((row.get("职责", sheet), row[subject]), []).append(post)
    # Only the sheet defines whether a village is poor: a village that it does not list has no duties as a village.
    five_in_one = [village["村编码"] for village in rows["行政村"] if village["是否贫困村"] == "是"]
    poor_villages = [home["村编码"] for home in rows["贫困户"] if is_poor(home, day)]
    other_villages = [village["村编码"] for village in rows["行政村"] if village["是否贫困村"] != "是"]
    three_in_one = five_in_one + [village for village in other_villages if poor_villages.count(village) >= 20]
    households_owed_helper = [home["户编号"] for home in rows["贫困户"] if owes_helper(home, day)]
    duties = [
        ("COUNTY_LEADER", ["县级联系领导"], five_in_one),
        ("HELPING_DEPARTMENT", ["部门帮村"], five_in_one),
        ("RESIDENT_TEAM", ["驻村工作队队长", "驻村工作队队员"], five_in_one),
        ("FIRST_SECRETARY", ["第一书记"], three_in_one),
        ("AGRI_TECHNICIAN", ["驻村农技员"], three_in_one),
        ("HELPER", ["结对帮扶"], households_owed_helper),
    ]
    result: dict[str, Duty] = {}
    for duty, sheets_or_roles, subjects in duties:
        gaps: dict[str, Gap] = {}
        for subject in subjects:
            if gap := gap_of(
                [post for sheet_or_role in sheets_or_roles for post in posts.get((sheet_or_role, subject), [])], day
            ):
                gaps[subject] = gap
        result[duty] = {"eligible": len(subjects), "missing": len(gaps), "gaps": gaps}
    # A visit by any cadre counts, also by one who has left since.
    since = half_year_before(day)
    visited = {row["户编号"] for row in rows["走访记录"] if row["走访日期"] and since <= row["走访日期"] <= day}
    households_with_helper = [home for home in households_owed_helper if home not in result["HELPER"]["gaps"]]
    visit_gaps: dict[str, Gap] = {
        home: ["NO_RECENT_VISIT", None, None] for home in households_with_helper if home not in visited
    }
    result["VISIT"] = {"eligible": len(households_with_helper), "missing": len(visit_gaps), "gaps": visit_gaps}
    return result


def chains(register: Register, fund_no: str, day: date) -> set[tuple[str, ...]]:
    rows = register.rows
    flows = [flow for flow in rows["资金流向"] if flow["日期"] is None or flow["日期"] <= day]
    paths: set[tuple[str, ...]] = set()

    def follow(path: tuple[str, ...]) -> None:
        for flow in flows:
            target = flow["去向编号"]
            if flow["来源资金编号"] != path[-1]:
                continue
            if flow["去向类型"] == "资金" and target not in path and len(path) <= 8:  # eight transfers join nine funds
                follow((*path, target))
            assets = [asset["资产编号"] for asset in rows["资产"] if asset["项目编号"] == target]
            for share in rows["股权"] if flow["去向类型"] == "项目" else []:
                # Two certificates of one household in one asset are one chain.
                if share["资产编号"] in assets and holds(share["起始日期"], share["终止日期"], day):
                    paths.add((*path, target, share["资产编号"], share["户编号"]))

    follow((fund_no,))
    return paths


def main(register_path: Path, truth_path: Path, areas: Path) -> int:
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    register, day = read(register_path, areas), date.fromisoformat(truth["as_of"])
    duties = coverage(register, day)
    results = {"refused": sorted(register.refused) == sorted(truth["rejected"])}
    for duty in duties.keys() | truth["coverage"].keys():
        results[duty] = duties.get(duty) == truth["coverage"].get(duty)
    for fund, figures in truth["funds"].items():
        results[f"chains of {fund}"] = len(chains(register, fund, day)) == figures["chains_through_shares"]
    for subject, agrees in sorted(results.items()):
        print("agrees " if agrees else "DIFFERS", subject)
    return 0 if all(results.values()) else 1


if __name__ == "__main__":  # register.xlsx truth.json sichuan-areas.csv
    raise SystemExit(main(*map(Path, sys.argv[1:4])))
