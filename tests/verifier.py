"""What is amiss in the files of a register, found by its definition, in plain Python: knows nothing of the service or of who made them.

The day is 31 December of the last year on the cards; only the last year's cards are looked at.
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
    """Whether day of birth and check character of a document of 18, 20 or 22 characters are right."""
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
    """A register's sheets, without the rows that no import takes."""

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
        seen: set[tuple[str, ...]] = set()
        with (self._folder / f"{sheet}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                key = tuple(row[name] for name in KEYS.get(sheet, ()))
                if (key and (not key[0] or key in seen)) or reversed_interval(row):
                    continue
                seen.add(key)
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
        """A head, in yuan."""
        plus = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入")
        return (sum(Decimal(card[name]) for name in plus) - Decimal(card["生产经营性支出"])) / int(card["家庭人口数"])

    @cached_property
    def line(self) -> int:
        day = f"{self.year}1231"
        return next(
            int(r["yuan"])
            for r in rule("poverty-lines")
            if (r["valid_from"] or "0") <= day <= (r["valid_until"] or "9")
        )

    def age(self, person: Row) -> int:
        document = person["证件号码"]
        born = document[6:10] if has_length(document) and proper(document) else person["出生日期"][:4]
        return int(self.year) - int(born)


Found = set[str]
Check = Callable[[Files, tuple[float, ...]], Found]


def of_people(wrong: Callable[[Files, Row, tuple[float, ...]], bool]) -> Check:
    return lambda f, t: {no for no, row in f.people.items() if wrong(f, row, t)}


def of_cards(wrong: Callable[[Files, Row, tuple[float, ...]], bool]) -> Check:
    return lambda f, t: {no for no, row in f.cards.items() if wrong(f, row, t)}


def shared(pairs: list[tuple[str, str]]) -> Found:
    """Keys whose value another key has too."""
    times = Counter(value for _, value in pairs if value)
    return {key for key, value in pairs if times[value] > 1}


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
    rules = {RELATIONS[r["relation"]]: int(r["years_after_head"]) for r in rule("relations") if r["years_after_head"]}
    least = rules.get(person["与户主关系"])
    if least is None:
        return False
    younger = [f.age(head) - f.age(person) for head in heads(f, person["户编号"])]
    return any(years < least if least > 0 else years > least for years in younger)


def relation_sex(_f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    sexes = {RELATIONS[r["relation"]]: {"MALE": "男", "FEMALE": "女"}[r["sex"]] for r in rule("relations")}
    return sexes.get(person["与户主关系"], person["性别"]) != person["性别"]


def spouse_sex(f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    found = heads(f, person["户编号"])
    return person["与户主关系"] == "配偶" and len(found) == 1 and found[0]["性别"] == person["性别"]


def document_sex(_f: Files, person: Row, _t: tuple[float, ...]) -> bool:
    number = person["证件号码"]
    return has_length(number) and proper(number) and ("女男"[int(number[16]) % 2] != person["性别"])


def elder_in_post(f: Files, person: Row, t: tuple[float, ...]) -> bool:
    posts = [
        m for m in f.in_force(person["户编号"]) if m["人口编号"] == person["人口编号"] and m["措施类别"] == "公益性岗位"
    ]
    return bool(posts) and f.age(person) > t[0]


def exited(card: Row) -> bool:
    return card["脱贫属性"] == "已脱贫"


def unclear(_f: Files, card: Row, _t: tuple[float, ...]) -> bool:
    return card["脱贫属性"] not in ("", "未脱贫", "预脱贫", "返贫", "已脱贫")


def too_soon(_f: Files, card: Row, t: tuple[float, ...]) -> bool:
    return bool(card["脱贫年度"] and card["识别年度"]) and int(card["脱贫年度"]) - int(card["识别年度"]) < t[0]


def lacks(column: str) -> Check:
    return lambda f, _t: {code for code, row in f.books.items() if row[column] == "否"}


def listed(kind: str) -> Check:
    def found(f: Files, _t: tuple[float, ...]) -> Found:
        there = {row["证件号码"][:18] for row in f.rows("外部名单") if row["名单"] == OUTSIDE[kind]}
        return {no for no, row in f.people.items() if has_length(row["证件号码"]) and row["证件号码"][:18] in there}

    return found


def two_places(f: Files, _t: tuple[float, ...]) -> Found:
    places: dict[str, set[str]] = defaultdict(set)
    for row in f.rows("驻村帮扶"):
        if row["职责"] in LIVING_THERE and f.holds(row):
            places[row["干部编号"]].add(row["村编码"])
    return {code for codes in places.values() if len(codes) > 1 for code in codes}


def village_land(f: Files, _t: tuple[float, ...]) -> Found:
    held: dict[str, float] = defaultdict(float)
    for card in f.cards.values():
        held[card["村编码"]] += float(card["耕地面积(亩)"])
    return {code for code, row in f.books.items() if float(row["耕地面积(亩)"]) < held[code]}


CHECKS: dict[str, Check] = {
    "STATUS_UNCLEAR": of_cards(unclear),
    "DOCUMENT_DUPLICATE": lambda f, _: shared([(no, r["证件号码"][:18]) for no, r in f.people.items() if has_length(r["证件号码"])]),
    "DOCUMENT_LENGTH": of_people(lambda _f, p, _t: bool(p["证件号码"]) and not has_length(p["证件号码"])),
    "DOCUMENT_CHECK": of_people(lambda _f, p, _t: has_length(p["证件号码"]) and not proper(p["证件号码"])),
    "DOCUMENT_MISSING": of_people(lambda _f, p, _t: not p["证件号码"]),
    "NO_HEAD": of_cards(lambda f, c, _t: not heads(f, c["户编号"])),
    "TWO_HEADS": of_cards(lambda f, c, _t: len(heads(f, c["户编号"])) > 1),
    "PHONE_SHAPE": of_cards(lambda _f, c, _t: not re.fullmatch(r"1\d{10}", c["联系电话"])),
    "PHONE_SHARED": lambda f, _: shared([(no, r["联系电话"]) for no, r in f.cards.items()]),
    "RELATION_SEX": of_people(relation_sex),
    "SPOUSE_SEX": of_people(spouse_sex),
    "RELATION_AGE": of_people(relation_age),
    "DOCUMENT_SEX": of_people(document_sex),
    "CHILD_WORKING": of_people(lambda f, p, t: f.age(p) < t[0] and f.works(p)),
    "CHILD_LABOUR": of_people(lambda f, p, t: f.age(p) < t[0] and p["劳动技能"] in ABLE),
    "ELDER_IN_POST": of_people(elder_in_post),
    "IN_SCHOOL_AND_WORKING": of_people(lambda f, p, t: in_school(p) and (months(p) >= t[0] or p["人口编号"] in f.employed)),
    "INSURANCE_NONE": of_people(lambda _f, p, _t: uninsured(p)),
    "INSURANCE_TWO": of_people(lambda _f, p, _t: p["是否参加城乡居民基本医疗保险"] == p["是否参加城镇职工基本医疗保险"] == "是"),
    "AIDED_UNINSURED": of_people(lambda _f, p, _t: p["是否享受医疗救助"] == "是" and uninsured(p)),
    "DISABLED_NO_CERTIFICATE": of_people(lambda _f, p, _t: "残疾" in p["健康状况"] and len(p["证件号码"]) not in (20, 22)),
    "WAGE_RANGE": lambda f, t: {r["人口编号"] for r in f.rows("用工") if f.holds(r) and not t[0] <= float(r["月工资(元)"]) <= t[1]},
    "CAUSE_DISABILITY": of_cards(lambda f, c, _t: "因残" in causes(c) and not any("残疾" in p["健康状况"] for p in f.members[c["户编号"]])),
    "CAUSE_ILLNESS": of_cards(lambda f, c, _t: "因病" in causes(c) and not any(map(ill, f.members[c["户编号"]]))),
    "CAUSE_LABOUR": of_cards(lambda f, c, _t: "缺劳动力" in causes(c) and all(p["劳动技能"] in ABLE for p in f.members[c["户编号"]])),
    "CAUSE_UNEXPLAINED": of_cards(lambda _f, c, _t: c["主要致贫原因"] == "其他" and not c["致贫原因说明"]),
    "MEASURE_LOW_INCOME": of_cards(lambda f, c, _t: any(m["措施类别"] == "综合保障" and "低保" in m["项目内容"] for m in f.in_force(c["户编号"])) and all(p["是否享受低保"] != "是" for p in f.members[c["户编号"]])),
    "MEASURE_TRAINING": of_cards(lambda f, c, _t: any("培训" in m["项目内容"] for m in f.in_force(c["户编号"])) and not any(map(f.works, f.members[c["户编号"]]))),
    "MEASURE_INDUSTRY": of_cards(lambda f, c, _t: any(m["措施类别"] == "产业" and m["项目内容"] not in f.hollow for m in f.in_force(c["户编号"])) and not float(c["生产经营性收入"] or 0)),
    "MEASURE_HOLLOW": of_cards(lambda f, c, _t: bool(held := f.in_force(c["户编号"])) and all(m["项目内容"] in f.hollow for m in held)),
    "LAND_RANGE": of_cards(lambda _f, c, t: not t[0] <= float(c["耕地面积(亩)"]) <= t[1]),
    "ROAD_DISTANCE": of_cards(lambda _f, c, t: float(c["与村主干路距离(公里)"]) > t[0]),
    "EXITED_BELOW_LINE": of_cards(lambda f, c, _t: exited(c) and c["脱贫年度"] == f.year and f.income(c) < f.line),
    "POOR_UNREGISTERED": of_cards(lambda f, c, _t: f.statuses[c["户编号"]] == {""} and f.income(c) < f.line),
    "EXIT_TOO_SOON": of_cards(too_soon),
    "EXIT_WITHOUT_MEASURE": of_cards(lambda f, c, _t: exited(c) and all(m["项目内容"] in f.hollow or m["开始时间"] >= f"{c['脱贫年度']}-12-31" for m in f.measures[c["户编号"]])),
    "VILLAGE_EMPTY": lambda f, _: f.books.keys() - {c["村编码"] for c in f.cards.values()},
    "VILLAGE_INCOME_BLANK": lambda f, _: {code for code, r in f.books.items() if not float(r["集体经济收入(万元)"] or 0)},
    "VILLAGE_NO_ROAD": lacks("通硬化路"),
    "VILLAGE_NO_CLINIC": lacks("卫生室"),
    "VILLAGE_NO_CULTURE_ROOM": lacks("文化室"),
    "VILLAGE_NO_NETWORK": lacks("通信网络"),
    "VILLAGE_LAND": village_land,
    "POST_IN_TWO_PLACES": two_places,
    **{f"OUTSIDE_{kind}": listed(kind) for kind in OUTSIDE},
}  # fmt: skip


def found(folder: Path) -> dict[str, list[str]]:
    """Check → keys of what it finds, in order; of the checks on money `money` tells."""
    files, told = Files(folder), {}
    for row in rule("checks"):
        if row["group"] in ("money", "payees", "funds"):
            continue
        threshold = tuple(float(part) for part in row["threshold"].split("|") if part)
        told[row["check"]] = sorted(CHECKS[row["check"]](files, threshold))
    return told


def documents(folder: Path) -> dict[str, set[str]]:
    """Length of those that are longer than an ID card's number → persons."""
    told = defaultdict[str, set[str]](set)
    for row in Files(folder).rows("家庭成员"):
        if len(row["证件号码"]) > 18:
            told[str(len(row["证件号码"]))].add(row["人口编号"])
    return told


def circles(shares: Iterable[Row]) -> set[object]:
    """Of operators that hold parts of each other, from any of which a chain of parts leads back to it."""
    held: dict[str, set[str]] = defaultdict(set)
    for row in shares:
        held[row["出资主体"]].add(row["被投资主体"])

    def reached(one: str) -> set[str]:
        found, new = set[str](), {one}
        while new:
            new = {to for at in new for to in held[at]} - found
            found |= new
        return found

    below = {one: reached(one) for one in list(held)}
    return {tuple(sorted(two for two in below[one] if one in below.get(two, ()))) for one in below if one in below[one]}


def approved_by_kin(files: Files) -> set[object]:
    """Funds and projects that a cadre approved of whom kin is told."""
    cadres = {row["干部编号"] for row in files.rows("关系人")}
    return {
        row[key]
        for sheet, key in (("资金", "资金编号"), ("项目", "项目编号"))
        for row in files.rows(sheet)
        if row["审批人"] in cadres
    }


def decided_otherwise(files: Files) -> set[object]:
    """Certificates that no earlier decision on the asset has issued or ended, as their days ask."""
    decisions = {row["决定编号"]: row for row in files.rows("股权决定")}

    def by(row: Row, number: str, day: str, acts: set[str]) -> bool:
        one = decisions.get(number, {})
        return one.get("资产编号") == row["资产编号"] and one["决定类型"] in acts and one["决定日期"] <= day

    return {
        row["股权证号"]
        for row in files.rows("股权")
        if not by(row, row["股权决定编号"], row["开始时间"], {"配股", "再分配"})
        or bool(row["结束时间"]) != bool(row["退出决定编号"])
        or (row["结束时间"] and not by(row, row["退出决定编号"], row["结束时间"], {"再分配"}))
    }


def money(folder: Path) -> dict[str, set[object]]:
    """What does not add up, to the fen → keys: of funds, projects, operators, loans, assets, certificates, distributions, cards."""
    files, told = Files(folder), defaultdict[str, set[object]](set)
    fen = {
        name: lambda row, name=name: round(Decimal(row[name] or 0) * 100)
        for name in ("金额(元)", "形成金额(元)", "应分金额(元)", "量化金额(元)")
    }
    funds = {row["资金编号"]: row for row in files.rows("资金")}
    out, spent, given = Counter[str](), Counter[str](), Counter[str]()
    for row in files.rows("帮扶措施"):
        out[row["资金编号"]] += fen["金额(元)"](row)
    lent, repaid = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for sheet, loans in (("贷款", lent), ("还款", repaid)):
        for row in files.rows(sheet):
            loans[row["出借方编号"], row["借款方编号"]] += fen["金额(元)"](row)
            out[row["出借方编号"]] += fen["金额(元)"](row) * (1 if sheet == "贷款" else -1)
    told["REPAID_NOT_LENT"] |= {ends for ends, whole in repaid.items() if whole > lent[ends]}
    relent = Counter[str]()
    for (_, borrower), whole in lent.items():
        relent[borrower] += whole
    # What a bank has lent and has not back: not more than was lent to it.
    told["LENT_NOT_RELENT"] |= {
        row["银行编号"] for row in files.rows("银行") if out[row["银行编号"]] > relent[row["银行编号"]]
    }
    for row in files.rows("资金流向"):
        out[row["来源资金编号"]] += fen["金额(元)"](row)
        if row["去向类型"] == "经营主体":
            given[row["去向编号"]] += fen["金额(元)"](row)
        if row["去向类型"] == "项目":
            spent[row["去向编号"]] += fen["金额(元)"](row)
            if funds[row["来源资金编号"]]["级次"] == "省":
                told["COUNTY_HOP_MISSING"].add(row["去向编号"])
    for number, row in funds.items():
        amount = fen["金额(元)"](row)
        if amount != out[number]:
            told["FUND_UNSPENT" if amount > out[number] else "FUND_OVERSPENT"].add(number)
    assets = {row["资产编号"]: row for row in files.rows("资产")}
    formed, owned = Counter[str](), Counter[str]()
    for row in (*assets.values(), *files.rows("资产形成")):
        formed[row["项目编号"]] += fen["形成金额(元)"](row)
    for row in assets.values():
        if not row["项目编号"]:
            owned[row["所有者"]] += fen["量化金额(元)"](row)
    told["FORMED_OVER_SPENT"] |= {project for project, whole in formed.items() if whole > spent[project]}
    told["QUANTIFIED_NOT_GIVEN"] |= {owner for owner in owned.keys() | given.keys() if owned[owner] != given[owner]}
    told["APPROVED_BY_KIN"] |= approved_by_kin(files)
    holdings: dict[str, list[Row]] = defaultdict(list)
    for row in files.rows("股权"):
        holdings[row["资产编号"]].append(row)
    told["DECIDED_OTHERWISE"] |= decided_otherwise(files)
    paid: dict[str, list[Row]] = defaultdict(list)
    dividends: dict[tuple[str, str], int] = defaultdict(int)
    declared = {row["分配编号"]: row for row in files.rows("收益分配")}
    for row in files.rows("分红发放"):
        paid[row["分配编号"]].append(row)
        dividends[row["户编号"], declared[row["分配编号"]]["年度"]] += fen["金额(元)"](row)
    lives = {(row["户编号"], row["年度"]): row for row in files.rows("贫困户")}

    def held(asset: str, day: str) -> Counter[str]:
        found = Counter[str]()
        for row in holdings[asset]:
            if row["开始时间"] <= day and (not row["结束时间"] or row["结束时间"] >= day):
                found[row["户编号"]] += int(row["股数"])
        if found.total() != int(assets[asset]["资产总股数"]):
            told["SHARES_NOT_WHOLE"].add((asset, day))
        return found

    for asset in holdings:
        held(asset, files.day)
    for number, row in declared.items():
        asset, whole = row["资产编号"], fen["应分金额(元)"](row)
        shares, amounts = held(asset, row["分配日期"]), {r["户编号"]: fen["金额(元)"](r) for r in paid[number]}
        if sum(amounts.values()) != whole or amounts.keys() != shares.keys():
            told["PAID_NOT_DECLARED"].add(number)
        if any(amounts[card] != Decimal(whole) * n / shares.total() for card, n in shares.items()):
            told["PAID_NOT_BY_SHARES"].add(number)
        if whole < fen["量化金额(元)"](assets[asset]) * Decimal(assets[asset]["保底收益率(%)"]) / 100:
            told["DECLARED_BELOW_FLOOR"].add(number)
        for one in holdings[asset]:
            if one["股份类型"] != "优先股" or not one["开始时间"] <= row["分配日期"] <= (one["结束时间"] or "9"):
                continue
            card = lives[one["户编号"], row["年度"]]
            # An exit takes effect on 31 December: who exits in the year is poor on its record date.
            if exited(card) and card["脱贫年度"] < row["年度"]:
                told["DIVIDEND_AFTER_EXIT"].add((number, one["户编号"]))
    for (number, year), card in lives.items():
        if round(Decimal(card["资产收益扶贫分红收入"]) * 100) != dividends[number, year]:
            told["CELL_NOT_PAID"].add(number)
    told["CIRCLE_OF_INVESTMENTS"] = circles(files.rows("参股"))
    return {kind: keys for kind, keys in told.items() if keys}
