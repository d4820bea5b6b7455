"""Look-back between two collections with known differences, the balances of a year's ledgers, and ledgers as sums of the levels below."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in, shared_audit_log
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

COUNTY = "513431"
CARD = ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "危房等级", "工资性收入", "年度"]
MEMBER = ["人口编号", "户编号", "姓名", "与户主关系", "健康状况", "是否参加城乡居民基本医疗保险", "年度"]
POOR, OUT, BACK = "未脱贫", "已脱贫", "返贫"


def no(letter: str) -> str:
    return f"{FIRST}{ord(letter):04d}"


def cards(year: int, *rows: tuple[Any, ...]) -> list[list[Any]]:
    return [list(CARD), *([no(row[0]), row[1] if len(row) > 5 else FIRST, "某", *row[-4:], year] for row in rows)]


def members(year: int, *pairs: tuple[str, ...]) -> list[list[Any]]:
    """Return rows of members from (person, household, health, insured); a person number begins with the household of the first year."""
    return [
        list(MEMBER),
        *(
            [f"{no(person[0])}{person[1:]}", no(household), "某", "户主", *(facts or ("健康", "是")), year]
            for person, household, *facts in pairs
        ),
    ]


BEFORE: Sheets = {
    "贫困户": cards(
        2015,
        *[(letter, POOR, None, "否", 1000) for letter in "ABDFGIJKLM"],
        ("E", OUT, 2015, "否", 9000),
    ),
    "家庭成员": members(
        2015,
        ("A01", "A"),
        ("G01", "G"),
        ("G02", "G"),
        ("G03", "G"),
        ("I01", "I"),
        ("J01", "J"),
        ("M01", "M"),
        ("M02", "M"),
    ),
}
AFTER: Sheets = {
    "贫困户": cards(
        2016,
        ("A", POOR, None, "否", 1000), ("C", POOR, None, "否", 500), ("D", OUT, 2016, "否", 1000), ("E", BACK, None, "否", 9000),
        ("F", POOR, None, "C级", 1250.5), ("G", POOR, None, "否", 1000), ("H", POOR, None, "否", 800), ("J", POOR, None, "否", 1000),
        ("K", SECOND, POOR, None, "否", 1000), ("L", OUT, 2015, "否", 1000), ("M", POOR, None, "否", 1000),
    ),
    "家庭成员": members(2016, ("A01", "A"), ("G01", "G"), ("G02", "G"), ("G03", "H", "长期慢性病", "是"), ("I01", "J"), ("J01", "J"), ("M01", "M"), ("M02", "M", "长期慢性病", "否")),
    "目标任务": [["目标编号", "年度", "指标", "目标值", "区划代码"], ["MB1", 2016, "脱贫户数", 3, COUNTY], ["MB2", 2016, "贫困户数", 5, SECOND], ["MB3", 2016, "某指标", 1, FIRST]],
}  # fmt: skip
QUERY = """query($area: String!, $from: Int, $to: Int, $version: Int, $at: Int, $changes: [RegisterChange!], $first: Int, $after: String) {
  found: lookBack(area: {code: $area}, fromYear: $from, toYear: $to, fromVersion: $version, asKnownAt: $at, changes: $changes, first: $first, after: $after, purpose: "回头看") {
    totalCount eligibleCount pageInfo { hasNextPage endCursor }
    nodes { household { cardNo } village { code } change former { code } other { cardNo } changed { property before after } joined { personNo } left { personNo }
      altered { personNo property before after } } } }"""


def ask(store: Store, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> Any:
    body = (
        local_api(store).execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    )
    assert "errors" not in body, body["errors"]
    return body["data"]["found"]


def changes_by_card(store: Store, **variables: Any) -> dict[str, dict[str, Any]]:
    """Return the rows by card number, read page by page, without empty fields."""
    rows: dict[str, dict[str, Any]] = {}
    after = None
    while True:
        page = ask(store, QUERY, **{"area": COUNTY, "first": 3, "after": after, **variables})
        for node in page["nodes"]:
            card = node.pop("household")["cardNo"]
            assert card not in rows
            rows[card] = {name: value for name, value in node.items() if value}
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(rows)
            return rows
        after = page["pageInfo"]["endCursor"]


OPEN_QUERY = """{ found: lookBack(area: {code: "513431"}, first: 50%s) { totalCount withheldProperties
  nodes { household { cardNo } changed { property } altered { personNo property before after } } } }"""


@pytest.fixture(scope="module")
def twice(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Import two collections, then a correction of the second."""
    emptied(spare)
    folder = tmp_path_factory.mktemp("collections")
    corrected = {"贫困户": cards(2016, ("A", POOR, None, "否", 1100.1))}
    for position, sheets in enumerate((BEFORE, AFTER, corrected)):
        assert import_files(spare, [workbook(sheets, folder / f"{position}.xlsx")]).remarks == []
    return spare


def test_exactly_what_differs(twice: Store) -> None:
    home = {"village": {"code": FIRST}}
    assert changes_by_card(twice, at=2) == {
        no("B"): {**home, "change": "OUT"},
        no("C"): {**home, "change": "IN"},
        no("D"): {**home, "change": "EXITED", "changed": [
            {"property": "脱贫属性", "before": "未脱贫", "after": "已脱贫"}, {"property": "脱贫年度", "before": None, "after": "2016"}]},
        no("E"): {**home, "change": "RETURNED", "changed": [
            {"property": "脱贫属性", "before": "已脱贫", "after": "返贫"}, {"property": "脱贫年度", "before": "2015", "after": None}]},
        no("F"): {**home, "change": "CHANGED", "changed": [
            {"property": "危房等级", "before": "否", "after": "C级"}, {"property": "工资性收入", "before": "1000.00", "after": "1250.50"}]},
        no("G"): {**home, "change": "CHANGED", "left": [{"personNo": f"{no('G')}03"}]},
        no("H"): {**home, "change": "SPLIT", "other": {"cardNo": no("G")}, "joined": [{"personNo": f"{no('G')}03"}]},
        no("I"): {**home, "change": "MERGED", "other": {"cardNo": no("J")}, "left": [{"personNo": f"{no('I')}01"}]},
        no("J"): {**home, "change": "CHANGED", "joined": [{"personNo": f"{no('I')}01"}]},
        no("K"): {"village": {"code": SECOND}, "change": "CHANGED", "former": {"code": FIRST}},
        no("L"): {**home, "change": "EXITED", "changed": [
            {"property": "脱贫属性", "before": "未脱贫", "after": "已脱贫"}, {"property": "脱贫年度", "before": None, "after": "2015"}]},
        no("M"): {**home, "change": "CHANGED", "altered": [
            {"personNo": f"{no('M')}02", "property": "健康状况", "before": "健康", "after": "长期慢性病"},
            {"personNo": f"{no('M')}02", "property": "是否参加城乡居民基本医疗保险", "before": "是", "after": "否"}]},
    }  # fmt: skip
    assert ask(twice, QUERY, area=COUNTY, at=2)["eligibleCount"] == 13


def test_the_other_way_round_and_not_at_all(twice: Store) -> None:
    assert changes_by_card(twice, **{"from": 2016, "to": 2016, "at": 2}) == {}
    assert {card for card, row in changes_by_card(twice, changes=["IN", "SPLIT"]).items()} == {no("C"), no("H")}
    assert set(changes_by_card(twice, area=SECOND, at=2)) == {no("K")}


def test_between_two_data_versions(twice: Store) -> None:
    assert changes_by_card(twice, version=2) == {
        no("A"): {
            "village": {"code": FIRST},
            "change": "CHANGED",
            "changed": [{"property": "工资性收入", "before": "1000.00", "after": "1100.10"}],
        }
    }


def test_ledgers_tie_out_but_for_the_exit_that_came_late(twice: Store) -> None:
    query = """query($by: AreaLevel, $untied: Boolean) { found: povertyBalances(area: {code: "513431"}, by: $by, untied: $untied) {
      totalCount nodes { area { code } start identified returned exited removed finish difference broken } } }"""
    [county] = ask(twice, query, by="COUNTY")["nodes"]
    assert county == {
        "area": {"code": COUNTY}, "start": 10, "identified": 2, "returned": 1, "exited": 1, "removed": 2, "finish": 9,
        "difference": 1, "broken": 1,
    }  # fmt: skip
    assert [node["area"]["code"] for node in ask(twice, query, by="VILLAGE", untied=True)["nodes"]] == [FIRST]
    assert ask(twice, query, by="VILLAGE", untied=False)["totalCount"] == 1


def test_targets_against_what_happened(twice: Store) -> None:
    query = """query { found: progress(area: {code: "513431"}) { nodes { area { code } indicator number actual } } }"""
    assert [list(node.values())[1:] for node in ask(twice, query)["nodes"]] == [
        ["脱贫户数", 3, 1],
        ["某指标", 1, None],
        ["贫困户数", 5, 1],
    ]
    early_query = query.replace('{code: "513431"}', '{code: "513431"}, asOf: "2016-12-30"')
    assert ask(twice, early_query)["nodes"][0]["actual"] == 0


@pytest.mark.parametrize("role", [Role.FRONT_END, Role.AUDITOR, Role.OFFICIAL])
def test_without_a_purpose_no_sensitive_value_is_compared(twice: Store, role: Role) -> None:
    api, permissions = local_api(twice), permissions_in((COUNTY,), (role,))
    page = api.execute(GraphQLRequest(OPEN_QUERY % ""), permissions=permissions).body()["data"]["found"]
    compared = {each["property"] for node in page["nodes"] for each in (*node["changed"], *node["altered"])}
    assert {"姓名", "户主姓名", "健康状况", "患病名称", "出生日期", "劳动技能", "在校生状况", "是否享受低保"} <= set(
        page["withheldProperties"]
    )
    assert "脱贫属性" in compared
    assert not compared.intersection(page["withheldProperties"])
    assert page["totalCount"] == len(page["nodes"])
    body = api.execute(GraphQLRequest(OPEN_QUERY % ', purpose: "回头看"'), permissions=permissions).body()
    if role is Role.OFFICIAL:
        assert body["data"]["found"]["withheldProperties"] == []
        health = [
            each
            for node in body["data"]["found"]["nodes"]
            for each in node["altered"]
            if each["property"] == "健康状况"
        ]
        assert [(each["before"], each["after"]) for each in health] == [("健康", "长期慢性病")]
        [entry] = shared_audit_log().list_entries(("",), limit=1)
        assert (entry.record.operation, entry.record.purpose, entry.record.values) == (
            "lookBack",
            "回头看",
            ("lookBack",),
        )
        assert {no("M"), f"{no('M')}02"} <= {subject.key for subject in entry.record.subjects}
        assert f"{no('M')}01" not in {subject.key for subject in entry.record.subjects}
    else:
        assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_a_year_without_a_collection_is_not_one_in_which_all_have_gone(twice: Store) -> None:
    query = """{ found: povertyBalances(area: {code: "513431"}, by: COUNTY, asOf: "2018-06-30") {
      asOf nodes { year start identified returned exited removed finish } } }"""
    balances = ask(twice, query)
    assert balances["asOf"] == "2018-06-30"
    assert list(balances["nodes"][0].values()) == [2016, 10, 2, 1, 1, 2, 9]
    arguments = 'lookBack(area: {code: "513431"}, purpose: "回头看", asOf: "2018-06-30"'
    look_back_query = f"{{ found: {arguments}) {{ totalCount nodes {{ change }} }} out: {arguments}, toYear: 2017) {{ nodes {{ change }} }} }}"
    body = local_api(twice).execute(GraphQLRequest(look_back_query)).body()["data"]
    assert "EXITED" in {node["change"] for node in body["found"]["nodes"]}
    assert len(body["found"]["nodes"]) == body["found"]["totalCount"] == len(changes_by_card(twice))
    # A year in the arguments is used as it is, even without a collection.
    # Nobody was collected in 2017, so no household counts as gone.
    assert body["out"]["nodes"] == []
    # Before any collection there are no rows.
    assert ask(twice, query.replace("2018", "2014"))["nodes"] == []


FIGURES = "villages poorVillages households persons poorHouseholds poorPersons exitedHouseholds exitedPersons returnedHouseholds helpedHouseholds measuredHouseholds amount dividends exitedVillages"


def test_each_level_is_the_sum_of_those_below(store: Store, imported: ImportReport) -> None:
    """Check the six ledgers: the figures of each level are the sums of the level below, down to the cards."""
    query = f"""query($area: String!, $by: AreaLevel) {{ found: ledger(area: {{code: $area}}, by: $by, first: 500) {{ nodes {{ area {{ code }} {FIGURES} }} }} }}"""

    def rows(area: str, by: str) -> dict[str, list[float]]:
        nodes = ask(store, query, area=area, by=by)["nodes"]
        return {node.pop("area")["code"]: [round(float(value) * 100) for value in node.values()] for node in nodes}

    levels = [rows("51", by) for by in ("PROVINCE", "PREFECTURE", "COUNTY", "TOWNSHIP", "VILLAGE")]
    for upper_level, lower_level in pairwise(levels):
        for code, figures in upper_level.items():
            inner = [lower_figures for lower_code, lower_figures in lower_level.items() if lower_code.startswith(code)]
            assert figures == [sum(column) for column in zip(*inner, strict=True)]
    [province] = levels[0].values()
    cards = ask(store, "{ found: households { totalCount } }")["totalCount"]
    assert (province[0], province[2]) == (24 * 100, cards * 100)
    assert province[12] == sum(round(float(payment["amount"]) * 100) for payment in load_payments(store))


def load_payments(store: Store) -> list[dict[str, str]]:
    query = """{ found: distributions(area: {code: "513431"}, first: 500) { nodes { payments { edges { amount on } } } } }"""
    edges = [edge for node in ask(store, query)["nodes"] for edge in node["payments"]["edges"]]
    return [edge for edge in edges if "2016-01-01" <= edge["on"] <= "2016-12-31"]


def test_a_former_year_that_is_corrected_late(spare: Store, tmp_path: Path) -> None:
    """Check that cards are compared as corrected, homes and members of the former year as recorded before the next collection."""
    emptied(spare)
    late_sheets = {"贫困户": cards(2015, ("A", POOR, None, "否", 1200))}
    for position, sheets in enumerate((BEFORE, AFTER)):
        import_files(spare, [workbook(sheets, tmp_path / f"{position}.xlsx")])
    changes_before = changes_by_card(spare)
    import_files(spare, [workbook(late_sheets, tmp_path / "late.xlsx")])
    changed = [{"property": "工资性收入", "before": "1200.00", "after": "1000.00"}]
    corrected = {"village": {"code": FIRST}, "change": "CHANGED", "changed": changed}
    assert changes_by_card(spare) == changes_before | {no("A"): corrected}


def test_who_is_lacking_in_a_complete_collection(spare: Store, tmp_path: Path) -> None:
    emptied(spare)
    import_files(spare, [workbook(BEFORE, tmp_path / "before.xlsx")])
    fewer_sheets: Sheets = {
        "贫困户": cards(
            2016, *[(letter, POOR, None, "否", 1000) for letter in "ABDFGJKLM"], ("E", OUT, 2015, "否", 9000)
        ),
        "家庭成员": members(2016, ("A01", "A"), ("G01", "G"), ("G03", "G"), ("J01", "J"), ("M01", "M"), ("M02", "M")),
    }
    import_files(spare, [workbook(fewer_sheets, tmp_path / "fewer.xlsx")], complete_areas=[COUNTY])
    changes = changes_by_card(spare)
    assert {card: row["change"] for card, row in changes.items()} == {no("G"): "CHANGED", no("I"): "OUT"}
    assert changes[no("G")]["left"] == [{"personNo": f"{no('G')}02"}]
    query = """query { found: ledger(area: {code: "513431"}, by: COUNTY) { nodes { households poorHouseholds } } }"""
    assert ask(spare, query)["nodes"] == [{"households": 10, "poorHouseholds": 9}]


def test_a_card_without_a_status_is_no_change(spare: Store, tmp_path: Path) -> None:
    emptied(spare)
    card_rows: list[list[Any]] = [
        *cards(2014, ("B", POOR, None, "否", 1000)),
        *cards(2015, ("A", POOR, None, "否", 1000), ("B", None, None, "否", 1000), ("C", None, None, "否", 1000), ("D", OUT, 2015, "否", 1000))[1:],
        *cards(2016, *[(letter, None, None, "否", 1000) for letter in "ACDE"], ("B", OUT, 2016, "否", 1000))[1:],
    ]  # fmt: skip
    import_files(spare, [workbook({"贫困户": card_rows}, tmp_path / "cards.xlsx")])
    query = """{ found: povertyBalances(area: {code: "513431"}, by: COUNTY, asOf: "2016-12-31") {
      nodes { start identified returned exited removed finish difference broken } } }"""
    # A stays poor; B was poor and exits; C never was poor, D had exited, E is new.
    assert ask(spare, query)["nodes"] == [
        {
            "start": 2,
            "identified": 0,
            "returned": 0,
            "exited": 1,
            "removed": 0,
            "finish": 1,
            "difference": 0,
            "broken": 0,
        }
    ]


def test_people_of_a_household_without_members_are_those_of_its_card(spare: Store, tmp_path: Path) -> None:
    emptied(spare)
    sheets: Sheets = {
        "贫困户": [[*CARD, "家庭人口数"], *([*row, size] for row, size in zip(cards(2016, *[(letter, POOR, None, "否", 1) for letter in "ABC"])[1:], (4, 3, None), strict=True))],
        "家庭成员": members(2016, ("B01", "B"), ("B02", "B")),
    }  # fmt: skip
    import_files(spare, [workbook(sheets, tmp_path / "sized.xlsx")])
    query = """{ found: ledger(area: {code: "513431"}, by: COUNTY, asOf: "2016-12-31") { nodes { households persons poorPersons } } }"""
    assert ask(spare, query)["nodes"] == [{"households": 3, "persons": 6, "poorPersons": 6}]


def test_two_years_in_one_delivery(spare: Store, tmp_path: Path) -> None:
    """Check that the members of a year are the persons with a record of that year, although membership is stored only once."""
    emptied(spare)
    two_years: Sheets = {
        "贫困户": [*cards(2015, *[(letter, POOR, None, "否", 1000) for letter in "ABC"]), *cards(2016, *[(letter, POOR, None, "否", 1000) for letter in "ABD"])[1:]],
        "家庭成员": [*members(2015, ("A01", "A"), ("A02", "A"), ("B01", "B")), *members(2016, ("A01", "A"), ("A03", "A"), ("D01", "D"))[1:]],
    }  # fmt: skip
    report = import_files(spare, [workbook(two_years, tmp_path / "both.xlsx")])
    assert [(remark.key[-4:], remark.code) for remark in report.remarks] == [("2016", "NO_RECORD_OF_YEAR")]
    home = {"village": {"code": FIRST}}
    a = no("A")
    assert changes_by_card(spare) == {
        a: {**home, "change": "CHANGED", "joined": [{"personNo": f"{a}03"}], "left": [{"personNo": f"{a}02"}]},
        no("C"): {**home, "change": "OUT"},
        no("D"): {**home, "change": "IN", "joined": [{"personNo": f"{no('D')}01"}]},
    }


def test_a_village_is_the_sum_of_its_cards(store: Store, imported: ImportReport) -> None:
    figures = "persons poor exited returned helped measured amount dividends"
    query = """query($area: String!, $after: String) { found: %s(area: {code: $area}%s, first: 500, after: $after) {
      totalCount nodes { %s } pageInfo { hasNextPage endCursor } } }"""
    area = "513431100"
    cards_ = query % ("ledgerCards", "", figures)
    page = ask(store, cards_, area=area)
    rows = page["nodes"]
    assert page["totalCount"] == len(rows) > 50
    [book] = ask(store, query % ("ledger", ", by: TOWNSHIP", FIGURES), area=area)["nodes"]
    sums = {name: sum(Decimal(row[name]) for row in rows) for name in figures.split()}
    assert sums == {
        "persons": book["persons"], "poor": book["poorHouseholds"], "exited": book["exitedHouseholds"], "returned": book["returnedHouseholds"],
        "helped": book["helpedHouseholds"], "measured": book["measuredHouseholds"], "amount": Decimal(book["amount"]), "dividends": Decimal(book["dividends"]),
    }  # fmt: skip
    assert sums["amount"] > 0 < sums["dividends"]


def test_balance_and_ledger_agree_on_cards_that_people_argue_about(spare: Store, tmp_path: Path) -> None:
    """Check blank years of exit, and households that are poor again without the status "returned"."""
    emptied(spare)
    card_rows: list[list[Any]] = [
        *cards(2014, ("F", OUT, 2014, "否", 1)),
        *cards(2015, *[(letter, POOR, None, "否", 1) for letter in "AB"], ("C", OUT, 2015, "否", 1), ("D", OUT, 2015, "否", 1), ("E", OUT, None, "否", 1), ("G", OUT, 2015, "否", 1))[1:],
        *cards(2016, ("A", OUT, None, "否", 1), ("B", OUT, 2016, "否", 1), ("C", POOR, None, "否", 1), ("D", "预脱贫", None, "否", 1), ("E", OUT, None, "否", 1), ("F", POOR, None, "否", 1), ("G", BACK, None, "否", 1))[1:],
    ]  # fmt: skip
    import_files(spare, [workbook({"贫困户": card_rows}, tmp_path / "cards.xlsx")])
    balance = "start identified returned exited removed finish difference broken"
    query = f"""{{ balance: povertyBalances(area: {{code: "{COUNTY}"}}, by: COUNTY) {{ nodes {{ {balance} }} }}
      ledger(area: {{code: "{COUNTY}"}}, by: COUNTY) {{ nodes {{ poorHouseholds exitedHouseholds returnedHouseholds }} }} }}"""
    data = local_api(spare).execute(GraphQLRequest(query)).body()["data"]
    # A exits in the year of its card, E had exited by the card before; C, D, F, G are poor again.
    assert list(data["balance"]["nodes"][0].values()) == [2, 0, 4, 2, 0, 4, 0, 0]
    assert list(data["ledger"]["nodes"][0].values()) == [4, 2, 4]


def test_a_village_that_was_not_collected_goes_on(empty: Store, tmp_path: Path) -> None:
    """Import a complete second year of one village without one household: only that household is gone, none of the other village."""
    first, second = [(no(x), FIRST) for x in "ABC"], [(f"{SECOND}0001", SECOND), (f"{SECOND}0002", SECOND)]
    header = ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "识别年度", "年度"]
    cards_of: dict[int, list[list[Any]]] = {
        2016: [[card, village, "某", POOR, None, 2014 if card == no("A") else None, 2016] for card, village in first + second],
        2017: [[no("A"), FIRST, "某", OUT, 2017, 2014, 2017], [no("B"), FIRST, "某", POOR, None, None, 2017], [no("D"), FIRST, "某", POOR, None, 2017, 2017]],
    }  # fmt: skip
    cards_of[2016][4][3:6] = [OUT, 2016, 2016]
    for year, complete in ((2016, []), (2017, [FIRST])):
        book = workbook({"贫困户": [list(header), *cards_of[year]]}, tmp_path / f"{year}.xlsx")
        import_files(empty, [book], complete_areas=complete)
    query = """query($by: AreaLevel, $on: Date) { found: povertyBalances(area: {code: "513431"}, by: $by, asOf: $on) {
      totalCount nodes { area { code } start identified returned exited removed finish difference } } }"""

    def load_balances(day: str) -> dict[str, list[int]]:
        return {
            node["area"]["code"]: list(node.values())[1:] for node in ask(empty, query, by="VILLAGE", on=day)["nodes"]
        }

    # A household poor before the first collection is not newly identified; one identified and exited in the same year counts as both.
    assert load_balances("2016-12-31") == {FIRST: [3, 0, 0, 0, 0, 3, 0], SECOND: [1, 1, 0, 1, 0, 1, 0]}
    assert load_balances("2017-12-31") == {FIRST: [3, 1, 0, 1, 1, 2, 0], SECOND: [1, 0, 0, 0, 0, 1, 0]}
    assert {card: row["change"] for card, row in changes_by_card(empty, **{"from": 2016, "to": 2017}).items()} == {
        no("A"): "EXITED",
        no("C"): "OUT",
        no("D"): "IN",
    }


def test_what_comes_later_changes_no_former_answer(empty: Store, tmp_path: Path) -> None:
    """Check that 2014 and 2015 do not differ, also after 2016, when one household moves, one person joins and one changes the card."""
    people = [("A01", "A"), ("A02", "A"), ("B01", "B"), ("C01", "C")]
    moved = [("A01", "A"), ("A03", "A"), ("A02", "B"), ("B01", "B"), ("C01", "C")]
    for year, member_pairs, village in ((2014, people, FIRST), (2015, people, FIRST), (2016, moved, SECOND)):
        rows = cards(year, *[(x, POOR, None, "否", 1000) for x in "AB"], ("C", village, POOR, None, "否", 1000))
        book = workbook({"贫困户": rows, "家庭成员": members(year, *member_pairs)}, tmp_path / f"{year}.xlsx")
        import_files(empty, [book])
        assert changes_by_card(empty, **{"from": 2014, "to": 2015}) == {}
    assert {
        card: row["change"] for card, row in changes_by_card(empty, **{"from": 2015, "to": 2016}).items()
    } == dict.fromkeys(map(no, "ABC"), "CHANGED")


def test_who_is_poor_after_an_exit_has_returned_in_both(empty: Store, tmp_path: Path) -> None:
    for year, status, exited in ((2015, OUT, 2015), (2016, POOR, None)):
        book = workbook({"贫困户": cards(year, ("A", status, exited, "否", 1000))}, tmp_path / f"{year}.xlsx")
        import_files(empty, [book])
    assert changes_by_card(empty, changes=["RETURNED"])[no("A")]["change"] == "RETURNED"
    balance = ask(empty, '{ found: povertyBalances(area: {code: "513431"}, by: COUNTY) { nodes { returned } } }')
    assert balance["nodes"] == [{"returned": 1}]


def test_the_order_of_several_says_nothing(empty: Store, tmp_path: Path) -> None:
    header = ["户编号", "村编码", "户主姓名", "脱贫属性", "主要致贫原因", "其他致贫原因", "年度"]
    person = ["人口编号", "户编号", "姓名", "健康状况", "年度"]
    for year, causes, health in ((2015, "因残、因学", "残疾、患有大病"), (2016, "因学、因残", "患有大病、残疾")):
        sheets: Sheets = {
            "贫困户": [list(header), [no("A"), FIRST, "某", POOR, "因病", causes, year]],
            "家庭成员": [list(person), [f"{no('A')}01", no("A"), "某", health, year]],
        }
        import_files(empty, [workbook(sheets, tmp_path / f"{year}.xlsx")])
    assert changes_by_card(empty) == {}
