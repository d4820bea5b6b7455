"""Findings in the files of a register, by their definitions, in plain Python: independent of the service and of the register's generator.

The day is 31 December of the last year on the cards; only the last year's cards are read.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from tests import PACKAGE_DATA

Row = dict[str, str]
ABLE = {"普通劳动力", "技能劳动力"}
KEYS = {
    "家庭成员": ("人口编号", "年度"),
    "贫困户": ("户编号", "年度"),
    "行政村": ("村编码", "年度"),
    "帮扶干部": ("干部编号",),
}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
INCOMES = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入")
LIVING_THERE = {"第一书记", "驻村工作队队长", "驻村工作队队员"}
RELATIONS = {
    "SON": "之子", "DAUGHTER": "之女", "DAUGHTER_IN_LAW": "之儿媳", "SON_IN_LAW": "之女婿", "GRANDSON": "之孙子",
    "GRANDDAUGHTER": "之孙女", "MATERNAL_GRANDSON": "之外孙子", "MATERNAL_GRANDDAUGHTER": "之外孙女", "FATHER": "之父",
    "MOTHER": "之母", "FATHER_IN_LAW": "之岳父", "MOTHER_IN_LAW": "之岳母", "GRANDFATHER": "之祖父", "GRANDMOTHER": "之祖母",
}  # fmt: skip
OUTSIDE = {
    "VEHICLE": "车辆登记", "PAYROLL": "财政供养人员", "COMPANY": "工商登记", "SECOND_HOME": "商品房", "DECEASED": "死亡人员",
}  # fmt: skip


def rule(name: str) -> list[Row]:
    with (PACKAGE_DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reversed_interval(row: Row) -> bool:
    return bool(row.get("开始时间") and row.get("结束时间")) and row["结束时间"] < row["开始时间"]


def proper(document: str) -> bool:
    """Return True where day of birth and check character of a document of 18, 20 or 22 characters are right."""
    if not re.fullmatch(r"\d{17}[\dX]([1-9A-Z]*)", document):
        return False
    try:
        date(int(document[6:10]), int(document[10:12]), int(document[12:14]))
    except ValueError:
        return False
    return "10X98765432"[sum(w * int(c) for w, c in zip(WEIGHTS, document, strict=False)) % 11] == document[17]


def has_length(document: str) -> bool:
    return len(document) in (18, 20, 22)


class Files:
    """The sheets of a register, without the rows that an import refuses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.year = max(row["年度"] for row in self._read("贫困户"))
        self.day = f"{self.year}-12-31"
        self.cards = {row["户编号"]: row for row in self._read("贫困户") if row["年度"] == self.year}
        self.people = {row["人口编号"]: row for row in self._read("家庭成员") if row["年度"] == self.year}
        self.books = {row["村编码"]: row for row in self._read("行政村") if row["年度"] == self.year}
        self.statuses: dict[str, set[str]] = defaultdict(set)
        for row in self._read("贫困户"):
            self.statuses[row["户编号"]].add(row["脱贫属性"])
        self.members: dict[str, list[Row]] = defaultdict(list)
        for row in self.people.values():
            self.members[row["户编号"]].append(row)
        self.measures: dict[str, list[Row]] = defaultdict(list)
        for row in self._read("帮扶措施"):
            self.measures[row["户编号"]].append(row)
        self.hollow = {row["content"] for row in rule("hollow-measures")}

    def _read(self, sheet: str) -> Iterator[Row]:
        keys: set[tuple[str, ...]] = set()
        with (self._folder / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                key = tuple(row[name] for name in KEYS.get(sheet, ()))
                if (key and (not key[0] or key in keys)) or reversed_interval(row):
                    continue
                keys.add(key)
                yield row

    def rows(self, sheet: str) -> list[Row]:
        return list(self._read(sheet))

    def holds(self, row: Row) -> bool:
        return (not row["开始时间"] or row["开始时间"] <= self.day) and (
            not row["结束时间"] or row["结束时间"] >= self.day
        )

    def in_force(self, card: str) -> list[Row]:
        return [row for row in self.measures[card] if self.holds(row)]

    @cached_property
    def employed(self) -> set[str]:
        return {row["人口编号"] for row in self._read("用工") if self.holds(row)}

    def works(self, person: Row) -> bool:
        return months(person) > 0 or person["人口编号"] in self.employed

    def income(self, card: Row) -> Decimal:
        """Return the income per head, in yuan."""
        return (sum(Decimal(card[name]) for name in INCOMES) - Decimal(card["生产经营性支出"])) / int(
            card["家庭人口数"]
        )

    @cached_property
    def line(self) -> int:
        day = f"{self.year}1231"
        return next(
            int(row["yuan"])
            for row in rule("poverty-lines")
            if (row["valid_from"] or "0") <= day <= (row["valid_until"] or "9")
        )

    def age(self, person: Row) -> int:
        document = person["证件号码"]
        birth_year = document[6:10] if has_length(document) and proper(document) else person["出生日期"][:4]
        return int(self.year) - int(birth_year)


Subjects = set[str]
Check = Callable[[Files, tuple[float, ...]], Subjects]


def person_check(wrong: Callable[[Files, Row, tuple[float, ...]], bool]) -> Check:
    return lambda f, t: {number for number, row in f.people.items() if wrong(f, row, t)}


def card_check(wrong: Callable[[Files, Row, tuple[float, ...]], bool]) -> Check:
    return lambda f, t: {number for number, row in f.cards.items() if wrong(f, row, t)}


def shared(pairs: list[tuple[str, str]]) -> Subjects:
    """Return the keys that share their value with another key."""
    counts = Counter(value for _, value in pairs if value)
    return {key for key, value in pairs if counts[value] > 1}


def causes(card: Row) -> list[str]:
    return [card["主要致贫原因"], *filter(None, card["其他致贫原因"].split("、"))]


def months(person: Row) -> int:
    return int(person["务工月数"] or 0)


def ill(person: Row) -> bool:
    return bool({"长期慢性病", "患有大病"} & set(person["健康状况"].split("、")))


def uninsured(person: Row) -> bool:
    return person["是否参加城乡居民基本医疗保险"] == "否" and person["是否参加城镇职工基本医疗保险"] != "是"


def in_school(person: Row) -> bool:
    return bool(person["在校生状况"]) and person["在校生状况"] not in {row["state"] for row in rule("not-in-school")}


def heads(f: Files, card: str) -> list[Row]:
    return [row for row in f.members[card] if row["与户主关系"] == "户主"]


def relation_age(f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    rules = {
        RELATIONS[row["relation"]]: int(row["years_after_head"]) for row in rule("relations") if row["years_after_head"]
    }
    least_years = rules.get(person["与户主关系"])
    if least_years is None:
        return False
    years_after_head = [f.age(head) - f.age(person) for head in heads(f, person["户编号"])]
    return any(years < least_years if least_years > 0 else years > least_years for years in years_after_head)


def relation_sex(_f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    sexes = {RELATIONS[row["relation"]]: {"MALE": "男", "FEMALE": "女"}[row["sex"]] for row in rule("relations")}
    return sexes.get(person["与户主关系"], person["性别"]) != person["性别"]


def spouse_sex(f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    household_heads = heads(f, person["户编号"])
    return person["与户主关系"] == "配偶" and len(household_heads) == 1 and household_heads[0]["性别"] == person["性别"]


def document_sex(_f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    number = person["证件号码"]
    return has_length(number) and proper(number) and ("女男"[int(number[16]) % 2] != person["性别"])


def elder_in_post(f: Files, person: Row, t: tuple[float, ...]) -> bool:
    posts = [
        measure
        for measure in f.in_force(person["户编号"])
        if measure["人口编号"] == person["人口编号"] and measure["措施类别"] == "公益性岗位"
    ]
    return bool(posts) and f.age(person) > t[0]


def exited(card: Row) -> bool:
    return card["脱贫属性"] == "已脱贫"


def has_unclear_status(_f: Files, card: Row, _t: tuple[float, ...]) -> bool:
    return card["脱贫属性"] not in ("", "未脱贫", "预脱贫", "返贫", "已脱贫")


def too_soon(_f: Files, card: Row, t: tuple[float, ...]) -> bool:
    return bool(card["脱贫年度"] and card["识别年度"]) and int(card["脱贫年度"]) - int(card["识别年度"]) < t[0]


def lacks(column: str) -> Check:
    return lambda f, _t: {code for code, row in f.books.items() if row[column] == "否"}


def outside_check(kind: str) -> Check:
    def check(f: Files, _t: tuple[float, ...]) -> Subjects:
        listed_documents = {row["证件号码"][:18] for row in f.rows("外部名单") if row["名单"] == OUTSIDE[kind]}
        return {
            number
            for number, row in f.people.items()
            if has_length(row["证件号码"]) and row["证件号码"][:18] in listed_documents
        }

    return check


def two_places(f: Files, _t: tuple[float, ...]) -> Subjects:
    villages_by_cadre: dict[str, set[str]] = defaultdict(set)
    for row in f.rows("驻村帮扶"):
        if row["职责"] in LIVING_THERE and f.holds(row):
            villages_by_cadre[row["干部编号"]].add(row["村编码"])
    return {code for codes in villages_by_cadre.values() if len(codes) > 1 for code in codes}


def village_land(f: Files, _t: tuple[float, ...]) -> Subjects:
    land_by_village: dict[str, float] = defaultdict(float)
    for card in f.cards.values():
        land_by_village[card["村编码"]] += float(card["耕地面积（亩）"])
    return {code for code, row in f.books.items() if float(row["耕地面积（亩）"]) < land_by_village[code]}


CHECKS: dict[str, Check] = {
    "STATUS_UNCLEAR": card_check(has_unclear_status),
    "DOCUMENT_DUPLICATE": lambda f, _: shared([(no, r["证件号码"][:18]) for no, r in f.people.items() if has_length(r["证件号码"])]),
    "DOCUMENT_LENGTH": person_check(lambda _f, p, _t: bool(p["证件号码"]) and not has_length(p["证件号码"])),
    "DOCUMENT_CHECK": person_check(lambda _f, p, _t: has_length(p["证件号码"]) and not proper(p["证件号码"])),
    "DOCUMENT_MISSING": person_check(lambda _f, p, _t: not p["证件号码"]),
    "NO_HEAD": card_check(lambda f, c, _t: not heads(f, c["户编号"])),
    "TWO_HEADS": card_check(lambda f, c, _t: len(heads(f, c["户编号"])) > 1),
    "PHONE_SHAPE": card_check(lambda _f, c, _t: not re.fullmatch(r"1\d{10}", c["联系电话"])),
    "PHONE_SHARED": lambda f, _: shared([(no, r["联系电话"]) for no, r in f.cards.items()]),
    "RELATION_SEX": person_check(relation_sex),
    "SPOUSE_SEX": person_check(spouse_sex),
    "RELATION_AGE": person_check(relation_age),
    "DOCUMENT_SEX": person_check(document_sex),
    "CHILD_WORKING": person_check(lambda f, p, t: f.age(p) < t[0] and f.works(p)),
    "CHILD_LABOUR": person_check(lambda f, p, t: f.age(p) < t[0] and p["劳动技能"] in ABLE),
    "ELDER_IN_POST": person_check(elder_in_post),
    "IN_SCHOOL_AND_WORKING": person_check(lambda f, p, t: in_school(p) and (months(p) >= t[0] or p["人口编号"] in f.employed)),
    "INSURANCE_NONE": person_check(lambda _f, p, _t: uninsured(p)),
    "INSURANCE_TWO": person_check(lambda _f, p, _t: p["是否参加城乡居民基本医疗保险"] == p["是否参加城镇职工基本医疗保险"] == "是"),
    "AIDED_UNINSURED": person_check(lambda _f, p, _t: p["是否享受医疗救助"] == "是" and uninsured(p)),
    "DISABLED_NO_CERTIFICATE": person_check(lambda _f, p, _t: "残疾" in p["健康状况"] and len(p["证件号码"]) not in (20, 22)),
    "WAGE_RANGE": lambda f, t: {r["人口编号"] for r in f.rows("用工") if f.holds(r) and not t[0] <= float(r["月工资（元）"]) <= t[1]},
    "CAUSE_DISABILITY": card_check(lambda f, c, _t: "因残" in causes(c) and not any("残疾" in p["健康状况"] for p in f.members[c["户编号"]])),
    "CAUSE_ILLNESS": card_check(lambda f, c, _t: "因病" in causes(c) and not any(map(ill, f.members[c["户编号"]]))),
    "CAUSE_LABOUR": card_check(lambda f, c, _t: "缺劳动力" in causes(c) and all(p["劳动技能"] in ABLE for p in f.members[c["户编号"]])),
    "CAUSE_UNEXPLAINED": card_check(lambda _f, c, _t: c["主要致贫原因"] == "其他" and not c["致贫原因说明"]),
    "MEASURE_LOW_INCOME": card_check(lambda f, c, _t: any(m["措施类别"] == "综合保障" and "低保" in m["项目内容"] for m in f.in_force(c["户编号"])) and all(p["是否享受低保"] != "是" for p in f.members[c["户编号"]])),
    "MEASURE_TRAINING": card_check(lambda f, c, _t: any("培训" in m["项目内容"] for m in f.in_force(c["户编号"])) and not any(map(f.works, f.members[c["户编号"]]))),
    "MEASURE_INDUSTRY": card_check(lambda f, c, _t: any(m["措施类别"] == "产业" and m["项目内容"] not in f.hollow for m in f.in_force(c["户编号"])) and not float(c["生产经营性收入"] or 0)),
    "MEASURE_HOLLOW": card_check(lambda f, c, _t: bool(measures := f.in_force(c["户编号"])) and all(m["项目内容"] in f.hollow for m in measures)),
    "LAND_RANGE": card_check(lambda _f, c, t: not t[0] <= float(c["耕地面积（亩）"]) <= t[1]),
    "ROAD_DISTANCE": card_check(lambda _f, c, t: float(c["与村主干路距离（公里）"]) > t[0]),
    "INCOME_IMPLAUSIBLE": card_check(lambda _f, c, t: max(float(c[kind] or 0) for kind in INCOMES) > t[0] * int(c["家庭人口数"])),
    "EXITED_BELOW_LINE": card_check(lambda f, c, _t: exited(c) and c["脱贫年度"] == f.year and f.income(c) < f.line),
    "POOR_UNREGISTERED": card_check(lambda f, c, _t: f.statuses[c["户编号"]] == {""} and f.income(c) < f.line),
    "EXIT_TOO_SOON": card_check(too_soon),
    "EXIT_WITHOUT_MEASURE": card_check(lambda f, c, _t: exited(c) and all(m["项目内容"] in f.hollow or m["开始时间"] >= f"{c['脱贫年度']}-12-31" for m in f.measures[c["户编号"]])),
    "VILLAGE_EMPTY": lambda f, _: f.books.keys() - {c["村编码"] for c in f.cards.values()},
    "VILLAGE_INCOME_BLANK": lambda f, _: {code for code, r in f.books.items() if not float(r["集体经济收入（万元）"] or 0)},
    "VILLAGE_NO_ROAD": lacks("通硬化路"),
    "VILLAGE_NO_CLINIC": lacks("卫生室"),
    "VILLAGE_NO_CULTURE_ROOM": lacks("文化室"),
    "VILLAGE_NO_NETWORK": lacks("通信网络"),
    "VILLAGE_LAND": village_land,
    "POST_IN_TWO_PLACES": two_places,
    **{f"OUTSIDE_{kind}": outside_check(kind) for kind in OUTSIDE},
}  # fmt: skip


def found(folder: Path) -> dict[str, list[str]]:
    """Return check → keys of its findings, in order; for the checks on money see `money`."""
    files, keys_by_check = Files(folder), {}
    for row in rule("checks"):
        if row["group"] in ("money", "payees", "funds"):
            continue
        threshold = tuple(float(part) for part in row["threshold"].split("|") if part)
        keys_by_check[row["check"]] = sorted(CHECKS[row["check"]](files, threshold))
    return keys_by_check


def documents(folder: Path) -> dict[str, set[str]]:
    """Return length → persons, of documents longer than the number of an ID card."""
    persons_by_length = defaultdict[str, set[str]](set)
    for row in Files(folder).rows("家庭成员"):
        if len(row["证件号码"]) > 18:
            persons_by_length[str(len(row["证件号码"]))].add(row["人口编号"])
    return persons_by_length


def circles(shares: Iterable[Row]) -> set[object]:
    """Return the circles of investments: operators connected by chains of stakes that lead back to each of them."""
    held_by_holder: dict[str, set[str]] = defaultdict(set)
    for row in shares:
        held_by_holder[row["出资主体"]].add(row["被投资主体"])

    def reachable(operator: str) -> set[str]:
        reached, added = set[str](), {operator}
        while added:
            added = {held for holder in added for held in held_by_holder[holder]} - reached
            reached |= added
        return reached

    below = {operator: reachable(operator) for operator in list(held_by_holder)}
    return {
        tuple(sorted(partner for partner in below[operator] if operator in below.get(partner, ())))
        for operator in below
        if operator in below[operator]
    }


def approved_by_kin(files: Files) -> set[object]:
    """Return the funds and projects approved by a cadre with recorded kin."""
    cadres = {row["干部编号"] for row in files.rows("关系人")}
    return {
        row[key]
        for sheet, key in (("资金", "资金编号"), ("项目", "项目编号"))
        for row in files.rows(sheet)
        if row["审批人"] in cadres
    }


def decided_otherwise(files: Files) -> set[object]:
    """Return the certificates without a decision on the asset that issued or ended them by their day."""
    decisions = {row["决定编号"]: row for row in files.rows("股权决定")}

    def is_decided_by(row: Row, number: str, day: str, kinds: set[str]) -> bool:
        decision = decisions.get(number, {})
        return (
            decision.get("资产编号") == row["资产编号"]
            and decision["决定类型"] in kinds
            and decision["决定日期"] <= day
        )

    return {
        row["股权证号"]
        for row in files.rows("股权")
        if not is_decided_by(row, row["股权决定编号"], row["开始时间"], {"配股", "再分配"})
        or bool(row["结束时间"]) != bool(row["退出决定编号"])
        or (row["结束时间"] and not is_decided_by(row, row["退出决定编号"], row["结束时间"], {"再分配"}))
    }


def money(folder: Path) -> dict[str, set[object]]:
    """Return finding → keys of what does not add up to the fen: funds, projects, operators, loans, assets, certificates, distributions,
    cards."""
    files, keys_by_kind = Files(folder), defaultdict[str, set[object]](set)
    fen = {
        name: lambda row, name=name: round(Decimal(row[name] or 0) * 100)
        for name in ("金额（元）", "形成金额（元）", "应分金额（元）", "量化金额（元）")
    }
    funds = {row["资金编号"]: row for row in files.rows("资金")}
    outflows, spent_by_project, received_by_owner = Counter[str](), Counter[str](), Counter[str]()
    for row in files.rows("帮扶措施"):
        outflows[row["资金编号"]] += fen["金额（元）"](row)
    lent_by_parties, repaid_by_parties = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for sheet, loans in (("贷款", lent_by_parties), ("还款", repaid_by_parties)):
        for row in files.rows(sheet):
            loans[row["出借方编号"], row["借款方编号"]] += fen["金额（元）"](row)
            outflows[row["出借方编号"]] += fen["金额（元）"](row) * (1 if sheet == "贷款" else -1)
    keys_by_kind["REPAID_NOT_LENT"] |= {
        parties for parties, total in repaid_by_parties.items() if total > lent_by_parties[parties]
    }
    borrowed = Counter[str]()
    for (_, borrower), total in lent_by_parties.items():
        borrowed[borrower] += total
    # The outstanding loans of a bank may not exceed the loans to it.
    keys_by_kind["LENT_NOT_RELENT"] |= {
        row["银行编号"] for row in files.rows("银行") if outflows[row["银行编号"]] > borrowed[row["银行编号"]]
    }
    for row in files.rows("资金流向"):
        outflows[row["来源资金编号"]] += fen["金额（元）"](row)
        if row["去向类型"] == "经营主体":
            received_by_owner[row["去向编号"]] += fen["金额（元）"](row)
        if row["去向类型"] == "项目":
            spent_by_project[row["去向编号"]] += fen["金额（元）"](row)
            if funds[row["来源资金编号"]]["级次"] == "省":
                keys_by_kind["COUNTY_HOP_MISSING"].add(row["去向编号"])
    for number, row in funds.items():
        amount = fen["金额（元）"](row)
        if amount != outflows[number]:
            keys_by_kind["FUND_UNSPENT" if amount > outflows[number] else "FUND_OVERSPENT"].add(number)
    assets = {row["资产编号"]: row for row in files.rows("资产")}
    formed_by_project, quantified_by_owner = Counter[str](), Counter[str]()
    for row in (*assets.values(), *files.rows("资产形成")):
        formed_by_project[row["项目编号"]] += fen["形成金额（元）"](row)
    for row in assets.values():
        if not row["项目编号"]:
            quantified_by_owner[row["所有者"]] += fen["量化金额（元）"](row)
    keys_by_kind["FORMED_OVER_SPENT"] |= {
        project for project, total in formed_by_project.items() if total > spent_by_project[project]
    }
    keys_by_kind["QUANTIFIED_NOT_GIVEN"] |= {
        owner
        for owner in quantified_by_owner.keys() | received_by_owner.keys()
        if quantified_by_owner[owner] != received_by_owner[owner]
    }
    keys_by_kind["APPROVED_BY_KIN"] |= approved_by_kin(files)
    holdings: dict[str, list[Row]] = defaultdict(list)
    for row in files.rows("股权"):
        holdings[row["资产编号"]].append(row)
    keys_by_kind["DECIDED_OTHERWISE"] |= decided_otherwise(files)
    payouts: dict[str, list[Row]] = defaultdict(list)
    dividends: dict[tuple[str, str], int] = defaultdict(int)
    distributions = {row["分配编号"]: row for row in files.rows("收益分配")}
    for row in files.rows("分红发放"):
        payouts[row["分配编号"]].append(row)
        dividends[row["户编号"], distributions[row["分配编号"]]["年度"]] += fen["金额（元）"](row)
    cards_by_year = {(row["户编号"], row["年度"]): row for row in files.rows("贫困户")}

    def shares_on_day(asset: str, day: str) -> Counter[str]:
        shares = Counter[str]()
        for row in holdings[asset]:
            if row["开始时间"] <= day and (not row["结束时间"] or row["结束时间"] >= day):
                shares[row["户编号"]] += int(row["股数"])
        if shares.total() != int(assets[asset]["资产总股数"]):
            keys_by_kind["SHARES_NOT_WHOLE"].add((asset, day))
        return shares

    for asset in holdings:
        shares_on_day(asset, files.day)
    for number, row in distributions.items():
        asset, total = row["资产编号"], fen["应分金额（元）"](row)
        shares, amounts = (
            shares_on_day(asset, row["分配日期"]),
            {payout["户编号"]: fen["金额（元）"](payout) for payout in payouts[number]},
        )
        if sum(amounts.values()) != total or amounts.keys() != shares.keys():
            keys_by_kind["PAID_NOT_ANNOUNCED"].add(number)
        if any(amounts[card] != Decimal(total) * count / shares.total() for card, count in shares.items()):
            keys_by_kind["PAID_NOT_BY_SHARES"].add(number)
        if total < fen["量化金额（元）"](assets[asset]) * Decimal(assets[asset]["保底收益率（%）"]) / 100:
            keys_by_kind["DIVIDEND_BELOW_FLOOR"].add(number)
        for holding in holdings[asset]:
            if holding["股份类型"] != "优先股" or not holding["开始时间"] <= row["分配日期"] <= (
                holding["结束时间"] or "9"
            ):
                continue
            card = cards_by_year[holding["户编号"], row["年度"]]
            # An exit takes effect on 31 December: a household that exits in the year is still poor on its record date.
            if exited(card) and card["脱贫年度"] < row["年度"]:
                keys_by_kind["DIVIDEND_AFTER_EXIT"].add((number, holding["户编号"]))
    for (number, year), card in cards_by_year.items():
        if round(Decimal(card["资产收益扶贫分红收入"]) * 100) != dividends[number, year]:
            keys_by_kind["CELL_NOT_PAID"].add(number)
    keys_by_kind["CIRCLE_OF_INVESTMENTS"] = circles(files.rows("参股"))
    return {kind: keys for kind, keys in keys_by_kind.items() if keys}
