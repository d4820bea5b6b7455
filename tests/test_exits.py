"""Exit standards: trees of predicates, at their borders, with evidence; what is not known is not passed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.api.execution import Graphql, Request
from graph_service.services.imports.run import run
from graph_service.store.graph import Store
from tests.conftest import emptied
from tests.county import FIRST, H1, H4, H5, H6, SECOND, SHEETS, TOWN, Sheets, workbook

TOWN2, COUNTY = SECOND[:9], "513431"
BOOK: list[object] = [
    "村编码",
    "村名",
    "是否贫困村",
    "总人口数",
    "集体经济收入(万元)",
    "通硬化路",
    "卫生室",
    "文化室",
    "通信网络",
    "年度",
]
REPORT: list[object] = [
    "区划代码",
    "年度",
    "农村人口",
    "标准中心校",
    "达标卫生院",
    "便民服务中心",
    "错退率(%)",
    "漏评率(%)",
    "群众认可度(%)",
]
# H6 meets the standard: its risk may be called gone.
WATCHES: list[list[object]] = [
    ["监测编号", "户编号", "监测对象类别", "发现日期", "核查日期", "评议日期", "公示日期", "审定日期", "风险消除日期"],
]
"""Days of November on which each step was taken; all are found on the first."""
WATCHES += [
    [number, H6, "脱贫不稳定户", date(2016, 11, 1), *(None if day is None else date(2016, 11, day) for day in days)]
    for number, *days in (
        ("JC1", 3, None, 8, 10, None),
        ("JC2", 3, None, None, None, 10),
        ("JC3", 3, None, None, None, None),
        ("JC4", 3, None, None, None, 20),
        ("JC5", None, 5, None, None, None),
        ("JC6", 3, 5, 8, 20, 10),
    )
]
PART = "predicate result value threshold evidence { kind key says }"
QUERY = f"""query($subject: ExitSubject!, $asOf: Date) {{ found: exitReadiness(subject: $subject, asOf: $asOf) {{
  asOf dataVersion household {{ cardNo }} village {{ code }} county {{ code }}
  standard {{ {PART} parts {{ {PART} parts {{ {PART} }} }} }} }} }}"""


def ask(store: Store, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body: dict[str, Any] = Graphql(store).execute(Request(QUERY, variables=variables), granted=granted).body()
    return body


def readiness(store: Store, **subject: str) -> dict[str, Any]:
    body = ask(store, subject=subject)
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]["found"]
    return found


def results(found: dict[str, Any]) -> dict[str, str]:
    """Result by predicate, of the whole tree."""
    out: dict[str, str] = {}

    def walk(one: dict[str, Any]) -> None:
        out[one["predicate"]] = one["result"]
        for part in one.get("parts", ()):
            walk(part)

    walk(found["standard"])
    return out


def leaf(found: dict[str, Any], code: str) -> dict[str, Any]:
    every = [part for one in found["standard"]["parts"] for part in (one, *one["parts"])]
    return next(one for one in every if one["predicate"] == code)


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The county made by hand, with books and reports. In the first village three households of four people are poor."""
    emptied(spare)
    sheets: Sheets = {
        **SHEETS,
        # Four poor people of 134 are 2.985 %; one of 33 is 3.03 %.
        "行政村": [BOOK, [FIRST, "一村", "是", 134, 0.5, "是", "是", "是", "是", 2016], [SECOND, "二村", "否", 33, 0, "是", None, "是", "是", 2016]],
        "区划年报": [
            REPORT,
            [COUNTY, 2016, 200, None, None, None, 1.99, 2, 90.5],
            [TOWN, 2016, None, "是", "是", "是", None, None, None],
            [TOWN2, 2016, None, "是", None, "否", None, None, None],
        ],
        "监测对象": WATCHES,
    }  # fmt: skip
    run(spare, [workbook(sheets, tmp_path_factory.mktemp("exits") / "county.xlsx")])
    return spare


def test_a_household(county: Store) -> None:
    found = readiness(county, cardNo=H6)
    assert set(results(found).values()) == {"MET"}
    assert (found["household"], found["village"], found["asOf"]) == ({"cardNo": H6}, None, "2016-12-31")
    income = leaf(found, "INCOME")
    assert (income["value"], income["threshold"]) == ("3000.00", "2952.00")
    assert income["evidence"] == [{"kind": "HouseholdYear", "key": f"{H6}:2016", "says": None}]

    found = readiness(county, cardNo=H4)
    assert {code for code, result in results(found).items() if result == "UNMET"} == {
        "HOUSEHOLD",
        "INCOME",
        "GUARANTEES",
        "INSURANCE",
    }
    assert leaf(found, "INSURANCE")["evidence"] == [{"kind": "Person", "key": f"{H4}02", "says": "false"}]


def test_what_is_not_known_is_not_passed(county: Store) -> None:
    found = results(readiness(county, cardNo=H5))
    assert (found["INCOME"], found["SCHOOLING"], found["HOUSING"], found["HOUSEHOLD"]) == (
        "UNKNOWN",
        "UNKNOWN",
        "UNMET",
        "UNMET",
    )


def test_income_with_blank_parts_is_not_known(county: Store) -> None:
    """Wages of 50,000 yuan, and nothing said of the other parts: neither above the line nor below it."""
    income = leaf(readiness(county, cardNo=H1), "INCOME")
    assert (income["result"], income["value"]) == ("UNKNOWN", None)


def test_villages(county: Store) -> None:
    found = readiness(county, villageCode=FIRST)
    assert set(results(found).values()) == {"MET"}
    share = leaf(found, "POOR_SHARE")
    assert (share["value"], share["threshold"]) == ("0.02985", "0.03")
    assert share["evidence"] == [{"kind": "VillageYear", "key": f"{FIRST}:2016", "says": "4/134"}]
    assert leaf(found, "COLLECTIVE_INCOME")["value"] == "5000.00"

    found = results(readiness(county, villageCode=SECOND))
    assert (found["POOR_SHARE"], found["COLLECTIVE_INCOME"], found["CLINIC"], found["HARD_ROAD"]) == (
        "UNMET",
        "UNMET",
        "UNKNOWN",
        "MET",
    )


def test_a_county(county: Store) -> None:
    found = readiness(county, countyCode=COUNTY)
    assert results(found) == {
        "COUNTY": "UNMET", "POOR_SHARE": "MET", "TOWNSHIPS": "UNMET", "CENTRAL_SCHOOL": "MET", "TOWNSHIP_CLINIC": "UNKNOWN",
        "SERVICE_CENTRE": "UNMET", "ASSESSMENT": "UNMET", "WRONGLY_EXITED": "MET", "MISSED": "UNMET", "SATISFACTION": "MET",
    }  # fmt: skip
    assert leaf(found, "POOR_SHARE")["evidence"][0]["says"] == "5/200"
    assert leaf(found, "SERVICE_CENTRE")["evidence"] == [{"kind": "Area", "key": TOWN2, "says": "false"}]
    assert leaf(found, "TOWNSHIP_CLINIC")["evidence"] == [{"kind": "Area", "key": TOWN2, "says": None}]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ({"cardNo": "1"}, "NOT_FOUND"),
        ({}, "ARGUMENT_INVALID"),
        ({"cardNo": H4, "countyCode": COUNTY}, "ARGUMENT_INVALID"),
        ({"countyCode": TOWN}, "NOT_FOUND"),
    ],
)
def test_what_is_no_subject(county: Store, subject: dict[str, str], code: str) -> None:
    assert ask(county, subject=subject)["errors"][0]["extensions"]["code"] == code


def test_what_is_not_granted_is_not_there(county: Store) -> None:
    for subject in ({"cardNo": H4}, {"villageCode": SECOND}, {"countyCode": COUNTY}):
        assert ask(county, (TOWN,), subject=subject)["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_the_years_standard(county: Store, tmp_path: Path) -> None:
    """The line is that of the year asked for, the card the latest until then."""
    body = ask(county, subject={"cardNo": H6}, asOf="2020-06-30")
    assert leaf(body["data"]["found"], "INCOME")["threshold"] == "4000.00"
    assert leaf(body["data"]["found"], "INCOME")["result"] == "UNMET"


def test_steps_of_a_watch(county: Store) -> None:
    """Skipped is not overdue; what was called gone in time is not late; a step is done on its day, and what has none is not done."""

    def told(day: str) -> list[list[Any]]:
        query = """query($day: Date) { found: watchDelays(area: {code: "513431"}, asOf: $day) {
          totalCount nodes { watch { watchNo } reason step took unmet } } }"""
        body = Graphql(county).execute(Request(query, variables={"day": day})).body()
        assert "errors" not in body, body["errors"]
        found = body["data"]["found"]
        assert found["totalCount"] == len(found["nodes"])
        assert not any(one["unmet"] for one in found["nodes"])
        return [[one["watch"]["watchNo"], one["reason"], one["step"], one["took"]] for one in found["nodes"]]

    assert told("2016-11-07") == [["JC5", "SKIPPED", "VERIFIED", 6]]
    assert told("2016-11-16") == [["JC1", "SKIPPED", "DISCUSSED", 9], ["JC5", "SKIPPED", "VERIFIED", 15]]
    assert told("2016-11-17") == [
        ["JC1", "SKIPPED", "DISCUSSED", 9],
        ["JC3", "OVERDUE", "DISCUSSED", 16], ["JC4", "OVERDUE", "DISCUSSED", 16],
        ["JC5", "OVERDUE", "PUBLISHED", 16], ["JC5", "SKIPPED", "VERIFIED", 16],
    ]  # fmt: skip
    assert ["JC4", "LATE", "DISCUSSED", 19] in told("2016-12-31")
    assert not {one[0] for one in told("2016-12-31")} & {"JC2", "JC6"}
