"""Checks on the register: a sound household trips none, each single change trips only its own check; the life cycle of findings."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_2

from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.checks import rerun
from graph_service.features.checks.catalogue import ALL_MONEY_GROUPS, all_checks, checks_in_force
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

HOME, ELSEWHERE = "513431100200", "513431101200"
VILLAGES = [f"5134311{town}{number}" for town in ("02", "03", "04", "05") for number in (200, 201, 202, 203)]
Row = dict[str, Any]
Home = dict[str, list[Row]]
"""Rows of one household by sheet; each row is a dict of cells by header."""


def document(born: str, order: int, *, male: bool) -> str:
    """Return a document number with a valid check digit, of an area that does not exist."""
    digits = f"519900{born}{order * 2 + male:03d}"
    return digits + mod_11_2.calc_check_digit(digits)


def sound(number: int) -> Home:
    """Return the rows of a household of three members that trips no check."""
    card = f"{HOME}{number:04d}"
    member: Row = {
        "户编号": card, "民族": "汉族", "健康状况": "健康", "是否参加城乡居民基本医疗保险": "是",
        "是否参加城镇职工基本医疗保险": "否", "是否享受低保": "否", "是否享受医疗救助": "否", "年度": 2016,
    }  # fmt: skip
    return {
        "贫困户": [{
            "户编号": card, "村编码": HOME, "户主姓名": "甲某", "脱贫属性": "未脱贫", "识别年度": 2014, "主要致贫原因": "缺技术",
            "联系电话": f"100{number:08d}", "耕地面积(亩)": 3.5, "与村主干路距离(公里)": 1, "家庭人口数": 3, "年度": 2016,
            "工资性收入": 4000, "生产经营性收入": 2000, "财产性收入": 0, "转移性收入": 500, "生产经营性支出": 300,
        }],
        "家庭成员": [
            {**member, "人口编号": f"{card}01", "姓名": "甲某", "性别": "男", "证件号码": document("19700315", number, male=True),
             "与户主关系": "户主", "在校生状况": "非在校生", "劳动技能": "普通劳动力", "务工月数": 8},
            {**member, "人口编号": f"{card}02", "姓名": "乙某", "性别": "女", "证件号码": document("19720820", number, male=False),
             "与户主关系": "配偶", "在校生状况": "非在校生", "劳动技能": "技能劳动力", "务工月数": 0},
            {**member, "人口编号": f"{card}03", "姓名": "甲小", "性别": "男", "证件号码": document("20051101", number, male=True),
             "与户主关系": "之子", "在校生状况": "小学", "劳动技能": "无劳动力", "务工月数": 0},
        ],
        "帮扶措施": [{"户编号": card, "措施类别": "产业", "项目内容": "养羊", "开始时间": date(2015, 1, 1)}],
        "用工": [], "外部名单": [],
    }  # fmt: skip


HEAD, SPOUSE, CHILD = 0, 1, 2
FIRM = "91513431MA6YYYYY01"


def member(index: int, **cells: Any) -> Callable[[Home], None]:
    return lambda home: home["家庭成员"][index].update(cells)


def card(**cells: Any) -> Callable[[Home], None]:
    return lambda home: home["贫困户"][0].update(cells)


def measure(**cells: Any) -> Callable[[Home], None]:
    return lambda home: home["帮扶措施"][0].update(cells)


def combined(*edits: Callable[[Home], None]) -> Callable[[Home], None]:
    def apply_all(home: Home) -> None:
        for edit in edits:
            edit(home)

    return apply_all


def on_outside_list(list_name: str) -> Callable[[Home], None]:
    def add_row(home: Home) -> None:
        number = home["家庭成员"][HEAD]["证件号码"]
        # A disability certificate names the same person.
        home["外部名单"].append(
            {
                "名单": list_name,
                "证件号码": number + "11",
                "内容": "某物",
                "登记日期": date(2016, 1, 1),
                "区划代码": "513431",
            }
        )

    return add_row


def born_on(index: int, day: str) -> Callable[[Home], None]:
    """Return an edit that sets the day on which a member was born (YYYYMMDD)."""

    def edit(home: Home) -> None:
        row = home["家庭成员"][index]
        row["证件号码"] = document(day, int(row["户编号"][-4:]), male=row["性别"] == "男")

    return edit


def sexes(*, head: bool, spouse: bool) -> Callable[[Home], None]:
    """Return an edit that sets the sexes of head and spouse, in their documents too."""

    def edit(home: Home) -> None:
        for index, male, day in ((HEAD, head, "19700315"), (SPOUSE, spouse, "19720820")):
            row = home["家庭成员"][index]
            order = 400 + 2 * int(row["户编号"][-4:]) % 90 + index
            row.update(性别="男" if male else "女", 证件号码=document(day, order, male=male))

    return edit


def job(index: int, **cells: Any) -> Callable[[Home], None]:
    """Return an edit that adds a job of a member at an operator since the beginning of 2016."""

    def edit(home: Home) -> None:
        number = home["家庭成员"][index]["人口编号"]
        home["用工"].append({"经营主体": FIRM, "人口编号": number, "开始时间": date(2016, 1, 1), **cells})

    return edit


def elder(home: Home) -> None:
    born_on(HEAD, "19450101")(home)
    number = home["家庭成员"][HEAD]["人口编号"]
    post = {"措施类别": "公益性岗位", "项目内容": "保洁", "开始时间": date(2016, 1, 1)}
    home["帮扶措施"].append({"户编号": home["贫困户"][0]["户编号"], "人口编号": number, **post})


EXITED = card(脱贫属性="已脱贫", 脱贫年度=2015, 工资性收入=20000)
CASES: list[tuple[str, str, Callable[[Home], None]]] = [
    # check, subject of the finding (a member's index, or the household if empty), edit of the sound household
    ("DOCUMENT_LENGTH", "0", member(HEAD, 证件号码="5199001970")),
    ("DOCUMENT_CHECK", "0", lambda home: member(HEAD, 证件号码=home["家庭成员"][HEAD]["证件号码"][:17] + "*")(home)),
    ("DOCUMENT_MISSING", "1", member(SPOUSE, 证件号码=None)),
    ("NO_HEAD", "", member(HEAD, 与户主关系="之兄弟姐妹")),
    ("TWO_HEADS", "", member(SPOUSE, 与户主关系="户主")),
    ("PHONE_SHAPE", "", card(联系电话="12345")),
    ("RELATION_SEX", "2", member(CHILD, 与户主关系="之女")),
    ("SPOUSE_SEX", "1", sexes(head=True, spouse=True)),
    ("RELATION_AGE", "2", born_on(CHILD, "19800101")),
    ("DOCUMENT_SEX", "1", lambda home: member(SPOUSE, 证件号码=document("19720820", 300 + int(home["贫困户"][0]["户编号"][-2:]), male=True))(home)),
    ("CHILD_WORKING", "2", member(CHILD, 务工月数=3)),
    ("CHILD_WORKING", "2", combined(member(CHILD, 在校生状况="非在校生"), job(CHILD))),
    ("CHILD_LABOUR", "2", member(CHILD, 劳动技能="普通劳动力")),
    ("ELDER_IN_POST", "0", elder),
    ("IN_SCHOOL_AND_WORKING", "2", combined(born_on(CHILD, "19990101"), member(CHILD, 在校生状况="高中", 务工月数=9))),
    ("IN_SCHOOL_AND_WORKING", "2", combined(born_on(CHILD, "19990101"), member(CHILD, 在校生状况="高中"), job(CHILD))),
    ("INSURANCE_NONE", "1", member(SPOUSE, 是否参加城乡居民基本医疗保险="否")),
    ("INSURANCE_TWO", "0", member(HEAD, 是否参加城镇职工基本医疗保险="是")),
    ("DISABLED_NO_CERTIFICATE", "1", member(SPOUSE, 健康状况="残疾")),
    ("WAGE_RANGE", "0", job(HEAD, **{"月工资(元)": 40000})),
    ("CAUSE_DISABILITY", "", card(主要致贫原因="因残")),
    ("CAUSE_ILLNESS", "", card(其他致贫原因="因病")),
    ("CAUSE_LABOUR", "", combined(card(主要致贫原因="缺劳动力"), born_on(CHILD, "19980101"), member(CHILD, 劳动技能="普通劳动力"))),
    ("CAUSE_UNEXPLAINED", "", card(主要致贫原因="其他")),
    ("MEASURE_LOW_INCOME", "", measure(措施类别="综合保障", 项目内容="农村低保")),
    ("MEASURE_TRAINING", "", combined(measure(项目内容="养殖培训"), member(HEAD, 务工月数=0))),
    ("MEASURE_TRAINING", "", combined(measure(项目内容="养殖培训"), member(HEAD, 务工月数=0), job(HEAD, 结束时间=date(2016, 6, 30)))),
    ("MEASURE_INDUSTRY", "", card(生产经营性收入=0)),
    ("MEASURE_HOLLOW", "", measure(项目内容="其他")),
    ("LAND_RANGE", "", card(**{"耕地面积(亩)": 100.5})),
    ("ROAD_DISTANCE", "", card(**{"与村主干路距离(公里)": 6})),
    ("INCOME_IMPLAUSIBLE", "", card(工资性收入=30_000_000)),
    ("INCOME_IMPLAUSIBLE", "", card(工资性收入=None, 转移性收入=1_500_001)),
    ("EXITED_BELOW_LINE", "", card(脱贫属性="已脱贫", 脱贫年度=2016)),
    ("STATUS_UNCLEAR", "", card(脱贫属性="边缘易致贫户")),
    ("POOR_UNREGISTERED", "", card(脱贫属性=None)),
    ("EXIT_TOO_SOON", "", combined(card(脱贫属性="已脱贫", 脱贫年度=2014, 工资性收入=20000), measure(开始时间=date(2014, 6, 1)))),
    ("EXIT_WITHOUT_MEASURE", "", combined(card(脱贫属性="已脱贫", 脱贫年度=2016, 工资性收入=20000), lambda home: home["帮扶措施"].clear())),
    ("EXIT_WITHOUT_MEASURE", "", combined(EXITED, measure(开始时间=date(2015, 12, 31)))),
    *[(f"OUTSIDE_{name}", "0", on_outside_list(zh)) for name, zh in (("VEHICLE", "车辆登记"), ("PAYROLL", "财政供养"), ("COMPANY", "工商登记"), ("SECOND_HOME", "商品房"), ("DECEASED", "死亡"))],
    # Near misses, which trip nothing.
    ("", "", combined(measure(项目内容="养殖培训"), member(HEAD, 务工月数=0), job(SPOUSE))),
    ("", "", job(CHILD, 结束时间=date(2016, 2, 29))),
    ("", "", combined(born_on(CHILD, "19990101"), member(CHILD, 在校生状况="高中", 务工月数=5))),
    ("", "", member(HEAD, 是否参加城乡居民基本医疗保险=None)),
    ("", "", combined(member(HEAD, 健康状况="残疾"), lambda home: member(HEAD, 证件号码=home["家庭成员"][HEAD]["证件号码"] + "42")(home))),
    ("", "", card(主要致贫原因="其他", 致贫原因说明="户主服刑")),
    ("", "", card(**{"耕地面积(亩)": 100})),
    ("", "", card(工资性收入=1_500_000)),
    ("", "", combined(card(主要致贫原因="因残"), member(CHILD, 健康状况="长期慢性病,残疾"), lambda home: member(CHILD, 证件号码=home["家庭成员"][CHILD]["证件号码"] + "42")(home))),
    ("", "", combined(card(主要致贫原因="因病"), member(CHILD, 健康状况="患有大病"))),
    # A word that is not understood may mean anything.
    ("", "", combined(card(主要致贫原因="因残"), member(CHILD, 健康状况="行动不便"))),
    ("", "", combined(card(主要致贫原因="因病"), member(CHILD, 健康状况="高血压"))),
    ("", "", card(主要致贫原因="因懒")),
    ("", "", member(HEAD, 与户主关系="本户当家人")),
    ("", "", sexes(head=False, spouse=True)),
    ("", "", EXITED),
    ("", "", combined(EXITED, measure(开始时间=date(2015, 12, 30)))),
    ("", "", combined(EXITED, measure(开始时间=None))),
    ("", "", card(脱贫属性="已脱贫", 脱贫年度=2016, 转移性收入=None)),
    ("", "", card(脱贫属性=None, 转移性收入=None)),
    ("", "", combined(measure(措施类别="综合保障", 项目内容="农村低保"), member(SPOUSE, 是否享受低保="是"))),
    ("", "", lambda home: home["外部名单"].append({"名单": "车辆登记", "证件号码": document("19600101", 77, male=True), "内容": "别人的车", "区划代码": "513431"})),
    ("", "", lambda home: home["外部名单"].append({"名单": "死亡", "证件号码": home["家庭成员"][HEAD]["证件号码"], "内容": "某", "登记日期": date(2017, 3, 1), "区划代码": "513431"})),
]  # fmt: skip
BOOK: Row = {
    "是否贫困村": "否", "集体经济收入(万元)": 2, "通硬化路": "是", "卫生室": "是", "文化室": "是", "通信网络": "是",
    "耕地面积(亩)": 100000, "年度": 2016,
}  # fmt: skip
VILLAGE_CASES: list[tuple[str, Row]] = [
    ("VILLAGE_INCOME_BLANK", {"集体经济收入(万元)": 0}),
    ("VILLAGE_NO_ROAD", {"通硬化路": "否"}),
    ("VILLAGE_NO_CLINIC", {"卫生室": "否"}),
    ("VILLAGE_NO_CULTURE_ROOM", {"文化室": "否"}),
    ("VILLAGE_NO_NETWORK", {"通信网络": "否"}),
    ("VILLAGE_LAND", {"耕地面积(亩)": 3}),
    ("", {"集体经济收入(万元)": 0.01, "通硬化路": None}),
]


def table(rows: list[Row]) -> list[list[Any]]:
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return [headers, *([row.get(name) for name in headers] for row in rows)]


def register() -> tuple[Sheets, set[tuple[str, str]]]:
    """Return all cases in one register, with the expected findings as (check, subject)."""
    rows: dict[str, list[Row]] = {name: [] for name in sound(0)}
    expected: set[tuple[str, str]] = set()

    def add(home: Home) -> None:
        for name, home_rows in home.items():
            rows[name] += copy.deepcopy(home_rows)

    for number, (check, member_index, edit) in enumerate(CASES):
        home = sound(number)
        edit(home)
        add(home)
        if check:
            subject = home["家庭成员"][int(member_index)]["人口编号"] if member_index else home["贫困户"][0]["户编号"]
            expected.add((check, subject))
    # Trips two checks: a member with aid but without insurance is uninsured, too.
    home = sound(200)
    member(SPOUSE, 是否享受医疗救助="是", 是否参加城乡居民基本医疗保险="否")(home)
    expected |= {(check, home["家庭成员"][SPOUSE]["人口编号"]) for check in ("AIDED_UNINSURED", "INSURANCE_NONE")}
    add(home)
    # Two households share a document number, and two share a telephone number.
    first, second = sound(201), sound(202)
    member(HEAD, 证件号码=first["家庭成员"][HEAD]["证件号码"] + "41")(second)
    expected |= {("DOCUMENT_DUPLICATE", household["家庭成员"][HEAD]["人口编号"]) for household in (first, second)}
    third = sound(203)
    card(联系电话=first["贫困户"][0]["联系电话"])(third)
    expected |= {("PHONE_SHARED", household["贫困户"][0]["户编号"]) for household in (first, third)}
    for household in (first, second, third):
        add(household)
    books: list[Row] = [{**BOOK, "村编码": HOME}, {**BOOK, "村编码": ELSEWHERE}]
    for number, (code, (check, cells)) in enumerate(zip(VILLAGES, VILLAGE_CASES, strict=False)):
        books.append({**BOOK, "村编码": code, **cells})
        home = sound(300 + number)
        card(村编码=code)(home)
        add(home)
        if check:
            expected.add((check, code))
    expected.add(("VILLAGE_EMPTY", ELSEWHERE))
    expected |= {("POST_IN_TWO_PLACES", code) for code in (HOME, ELSEWHERE)}
    sheets = {"行政村": table(books)} | {name: table(sheet_rows) for name, sheet_rows in rows.items() if sheet_rows}
    sheets["帮扶干部"] = [["干部编号", "姓名"], ["GB1", "某"], ["GB2", "某"]]
    sheets["驻村帮扶"] = [
        ["干部编号", "村编码", "职责", "开始时间", "结束时间"],
        ["GB1", HOME, "第一书记", date(2015, 1, 1), None],
        ["GB1", ELSEWHERE, "驻村工作队队员", date(2015, 1, 1), None],
        ["GB2", HOME, "第一书记", date(2015, 1, 1), date(2015, 12, 31)],
        ["GB2", VILLAGES[0], "第一书记", date(2016, 1, 1), None],
        ["GB2", VILLAGES[1], "县级联系领导", date(2016, 1, 1), None],
    ]
    sheets["经营主体"] = [["统一社会信用代码", "名称", "类型"], [FIRM, "某公司", "企业"]]
    return sheets, expected


def ask(store: Store, query: str, **variables: Any) -> Any:
    body = local_api(store).execute(GraphQLRequest(query, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    return body["data"]


LIST = """query($area: String!, $statuses: [FindingStatus!], $codes: [CheckCode!], $at: Int) {
  found: checkFindings(area: {code: $area}, statuses: $statuses, codes: $codes, asKnownAt: $at, first: 500, purpose: "核查") {
    totalCount eligibleCount
    nodes { check severity status firstSeen lastSeen note by value village { code } household { cardNo } person { personNo }
      finding { findingNo } waiver { reason expiresOn } } } }"""


def findings(store: Store, **variables: Any) -> list[dict[str, Any]]:
    answer = ask(store, LIST, **{"area": "513431", **variables})["found"]
    assert answer["totalCount"] == len(answer["nodes"])
    nodes: list[dict[str, Any]] = answer["nodes"]
    return nodes


def pairs(nodes: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {
        (
            finding["check"],
            (finding["person"] or {}).get("personNo")
            or (finding["household"] or {}).get("cardNo")
            or finding["village"]["code"],
        )
        for finding in nodes
    }


@pytest.fixture(scope="module")
def checked(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    sheets, _ = register()
    report = import_files(spare, [workbook(sheets, tmp_path_factory.mktemp("checks") / "register.xlsx")])
    assert not [remark for remark in report.remarks if remark.refused]
    return spare


def test_each_check_is_tripped_by_what_it_is_for_and_by_nothing_else(checked: Store) -> None:
    _, expected = register()
    assert pairs(findings(checked)) == expected


def test_every_check_has_its_case() -> None:
    _, expected = register()
    # Cases of the money checks are in test_reconciliation and test_money_findings.
    assert {check for check, _ in expected} == {
        check.code for check in all_checks() if check.group not in ALL_MONEY_GROUPS
    }


def test_a_finding_says_what_it_is_about(checked: Store) -> None:
    finding, employed = findings(checked, codes=["CHILD_WORKING"])
    assert employed["value"] == "11"
    months, firm = findings(checked, codes=["IN_SCHOOL_AND_WORKING"])
    assert (months["value"], firm["value"]) == ("9", FIRM)
    assert (finding["severity"], finding["status"], finding["value"]) == ("ERROR", "OPEN", "11")
    assert (finding["firstSeen"], finding["lastSeen"], finding["waiver"]) == ("2016-12-31", None, None)
    assert finding["person"]["personNo"].startswith(finding["household"]["cardNo"])
    assert finding["village"]["code"] == HOME
    checks_by_code = {
        check["code"]: check
        for check in ask(checked, '{ checks(asOf: "2016-12-31") { code title threshold unit source } }')["checks"]
    }
    assert checks_by_code["WAGE_RANGE"]["threshold"] == ["100", "30000"]
    assert checks_by_code["CHILD_WORKING"] == {
        "code": "CHILD_WORKING",
        "title": "未成年人务工",
        "threshold": ["16"],
        "unit": "YEARS",
        "source": "年龄：DOMAIN §5",
    }


def test_an_entry_of_an_outside_list_is_named_by_its_number(checked: Store) -> None:
    """Its content is sensitive."""
    [row] = findings(checked, codes=["OUTSIDE_VEHICLE"])
    record = ask(checked, f'{{ outsideRecord(recordNo: "{row["value"]}") {{ list }} }}')["outsideRecord"]
    assert record == {"list": "VEHICLE"}


def test_the_same_files_again_find_nothing_new(checked: Store, tmp_path: Path) -> None:
    sheets, _ = register()
    report = import_files(checked, [workbook(sheets, tmp_path / "register.xlsx")])
    assert (report.sequence, report.changed) == (None, 0)


ERROR_FIELDS = "__typename ... on Refusal { code zh } ... on Invalid { field }"


def change(store: Store, name: str, **arguments: Any) -> dict[str, Any]:
    type_ = name[0].upper() + name[1:]
    text = f"mutation($input: {type_}Input!) {{ made: {name}(input: $input) {{ {ERROR_FIELDS} ... on {type_}Success {{ dataVersion changed }} }} }}"
    result: dict[str, Any] = ask(store, text, input={"clientKey": f"{name}:{sorted(arguments.items())}", **arguments})[
        "made"
    ]
    return result


def one_household(tmp_path: Path, edit: Callable[[Home], None], year: int) -> Path:
    home = sound(1)
    for rows in home.values():
        for row in rows:
            if "年度" in row:
                row["年度"] = year
    edit(home)
    sheets = {"行政村": table([{**BOOK, "村编码": HOME, "年度": year}])} | {n: table(r) for n, r in home.items() if r}
    return workbook(sheets, tmp_path / f"{year}-{abs(hash(edit))}.xlsx")


def test_the_life_of_a_finding(spare: Store, tmp_path: Path) -> None:
    emptied(spare)
    wrong_path, right_path = (
        one_household(tmp_path, member(CHILD, 务工月数=3), 2015),
        one_household(tmp_path, lambda _: None, 2016),
    )
    import_files(spare, [wrong_path])
    [first] = findings(spare)
    number = first["finding"]["findingNo"]
    # A finding is not listed for days before the day of its data.
    for day, count in (("2015-12-30", 0), ("2015-12-31", 1)):
        query = f"""{{ found: checkFindings(area: {{code: "513431"}}, asOf: "{day}", purpose: "核查") {{ totalCount eligibleCount nodes {{ check }} }} }}"""
        answer = ask(spare, query)["found"]
        assert (answer["totalCount"], answer["eligibleCount"], len(answer["nodes"])) == (count, count, count)
    assert (first["check"], first["status"], first["firstSeen"]) == ("CHILD_WORKING", "OPEN", "2015-12-31")

    assert change(spare, "resolveFinding", purpose="核查", findingNo=number, note=" ") == {
        "__typename": "Invalid",
        "code": "REQUIRED_VALUE_MISSING",
        "field": "note",
        "zh": "note：不能为空。请填写后重试。",
    }
    unknown = change(spare, "resolveFinding", purpose="核查", findingNo="X!1", note="x")
    assert (unknown["field"], unknown["code"]) == ("findingNo", "RECORD_UNKNOWN")
    assert change(spare, "resolveFinding", purpose="核查", findingNo=number, note="已劝返", by="某")["changed"]
    assert findings(spare) == []
    [resolved] = findings(spare, statuses=["RESOLVED"])
    assert (resolved["note"], resolved["by"]) == ("已劝返", "某")

    # A finding that still applies is back with the next delivery that touches its area.
    import_files(spare, [one_household(tmp_path, member(CHILD, 务工月数=4), 2015)])
    [reopened] = findings(spare)
    assert (reopened["status"], reopened["note"]) == ("BACK", None)

    early = change(spare, "waiveFinding", purpose="核查", findingNo=number, reason="假期", until="2014-01-01")
    assert (early["field"], early["code"]) == ("until", "DAY_TOO_EARLY")
    assert change(spare, "waiveFinding", purpose="核查", findingNo=number, reason="假期", until="2016-06-30")["changed"]
    assert findings(spare) == []
    [waived] = findings(spare, statuses=["WAIVED"])
    assert waived["waiver"] == {"reason": "假期", "expiresOn": "2016-06-30"}

    report = import_files(spare, [right_path])
    assert report.findings == {"gone": 1}
    [gone_finding] = findings(spare, statuses=["OPEN", "BACK", "WAIVED", "RESOLVED", "GONE"])
    assert (gone_finding["status"], gone_finding["firstSeen"], gone_finding["lastSeen"]) == (
        "GONE",
        "2015-12-31",
        "2015-12-31",
    )
    assert change(spare, "resolveFinding", purpose="核查", findingNo=number, note="x")["code"] == "ALREADY_ENDED"

    counts = ask(
        spare,
        '{ findingCounts(area: {code: "513431"}, first: 500, purpose: "核查") { totalCount nodes { dataVersion check open } } }',
    )["findingCounts"]
    open_counts = {(row["dataVersion"], row["check"]): row["open"] for row in counts["nodes"]}
    assert len(open_counts) == counts["totalCount"]
    assert {version: open_counts[version, "CHILD_WORKING"] for version, _ in open_counts} == {
        1: 1,
        2: 0,
        3: 1,
        4: 0,
        5: 0,
    }
    assert {open_ for (_, check), open_ in open_counts.items() if check != "CHILD_WORKING"} == {0}
    # Earlier versions keep their findings, and an undo restores them.
    assert findings(spare, at=1)[0]["status"] == "OPEN"
    undo(spare)
    assert findings(spare, statuses=["WAIVED"])[0]["status"] == "WAIVED"


def test_checks_on_demand(spare: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run on demand adds the findings of changed rules; findings that were resolved wait for the next delivery."""
    emptied(spare)
    import_files(spare, [one_household(tmp_path, member(CHILD, 务工月数=3), 2016)])
    assert not rerun.rerun_checks(spare, "某").changed
    [finding] = findings(spare)
    change(spare, "resolveFinding", purpose="核查", findingNo=finding["finding"]["findingNo"], note="已劝返")
    assert not rerun.rerun_checks(spare, "某").changed
    stricter = {
        code: replace(check, threshold=(Decimal(0), Decimal(2))) if code == "LAND_RANGE" else check
        for code, check in checks_in_force(20161231).items()
    }
    monkeypatch.setattr("graph_service.features.checks.run.checks_in_force", lambda _: stricter)
    assert rerun.rerun_checks(spare, "某").changed
    assert [finding["check"] for finding in findings(spare)] == ["LAND_RANGE"]
    monkeypatch.undo()
    assert rerun.rerun_checks(spare, "某").changed
    assert [finding["status"] for finding in findings(spare, statuses=["GONE"])] == ["GONE"]


def test_a_merger_alone_is_looked_at(empty: Store, tmp_path: Path) -> None:
    """A village without households is a finding; a village that was merged into another is not."""
    books = workbook(
        {"行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016], [SECOND, "二村", 2016]]}, tmp_path / "a.xlsx"
    )
    import_files(empty, [books])
    before = {finding["finding"]["findingNo"] for finding in findings(empty) if finding["check"] == "VILLAGE_EMPTY"}
    assert before == {f"VILLAGE_EMPTY!{FIRST}", f"VILLAGE_EMPTY!{SECOND}"}
    merger: Sheets = {"区划调整": [["原区划代码", "现区划代码", "合并日期"], [FIRST, SECOND, date(2016, 3, 1)]]}
    import_files(empty, [workbook(merger, tmp_path / "b.xlsx")])
    after = {finding["finding"]["findingNo"] for finding in findings(empty) if finding["check"] == "VILLAGE_EMPTY"}
    assert after == {f"VILLAGE_EMPTY!{SECOND}"}


def test_what_was_merged_is_judged_with_its_successor(empty: Store, tmp_path: Path) -> None:
    """Households under the old code count for the successor; the old village has no findings any more; a cadre whose post moved with the
    village has posts in one place only."""
    third = "513431101206"
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度", "卫生室", "耕地面积"], [FIRST, "一村", 2016, "否", 1], [SECOND, "二村", 2016, "是", 10], [third, "三村", 2016, "是", 1]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "耕地面积", "年度"], [f"{FIRST}0001", FIRST, "某", "未脱贫", 12, 2016]],
        "帮扶干部": [["干部编号", "姓名"], ["GB1", "某"], ["GB2", "某"]],
        "驻村帮扶": [
            ["干部编号", "村编码", "职责", "开始时间"],
            *([cadre, village, "第一书记", date(2015, 1, 1)] for cadre, village in (("GB1", FIRST), ("GB1", SECOND), ("GB2", SECOND), ("GB2", third))),
        ],
        "区划调整": [["原区划代码", "现区划代码", "合并日期"], [FIRST, SECOND, date(2016, 3, 1)]],
    }  # fmt: skip
    import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")], day=20161231)
    checks = {"VILLAGE_EMPTY", "VILLAGE_NO_CLINIC", "VILLAGE_LAND", "POST_IN_TWO_PLACES"}
    finding_numbers = {finding["finding"]["findingNo"] for finding in findings(empty) if finding["check"] in checks}
    assert finding_numbers == {
        f"VILLAGE_LAND!{SECOND}", f"VILLAGE_EMPTY!{third}", f"POST_IN_TWO_PLACES!{SECOND}", f"POST_IN_TWO_PLACES!{third}",
    }  # fmt: skip
