"""Exit standards: trees of predicates, at their thresholds, with evidence; an unknown value does not pass."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.access.rights import Role
from graph_service.core.areas import published_codes
from graph_service.errors import RuleInvalid
from graph_service.features.exits.exit_questions import standards, validate_rule
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in, shared_audit_log
from tests.conftest import emptied
from tests.county import FIRST, H1, H4, H5, H6, SECOND, SHEETS, TOWN, Sheets, workbook

TOWN2, COUNTY = SECOND[:9], "513431"
ELSEWHERE = min(code for code in published_codes() if code.startswith("513432") and len(code) == 12)
MET_BEFORE, MET_NOW = f"{FIRST}0001", f"{FIRST}0002"
MANY, SPLIT = f"{ELSEWHERE}0001", f"{ELSEWHERE}0002"
"""Households of a village of another county: a poor one of 301 people, and one of three that has exited."""
MEMBERS: list[list[object]] = [
    [f"{MANY}{number:03d}", MANY, "某某", "户主" if number == 0 else "其他", "男", None, "非在校生", "健康", None, None, "是", None, 2016]
    for number in range(301)
]  # fmt: skip
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
    "出列年度",
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
    "是否贫困县",
    "摘帽年度",
]
# H6 meets the standard: its risk may be recorded as eliminated.
WATCHES: list[list[object]] = [
    ["监测编号", "户编号", "监测对象类别", "发现日期", "核查日期", "评议日期", "公示日期", "审定日期", "风险消除日期"],
]
"""Watches with the days of November on which each step was taken; all were discovered on the first."""
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
QUERY = f"""query($subject: ExitSubject!, $asOf: Date) {{ found: exitReadiness(subject: $subject, asOf: $asOf, purpose: "核对") {{
  asOf dataVersion household {{ cardNo }} village {{ code }} county {{ code }}
  standard {{ {PART} parts {{ {PART} parts {{ {PART} }} }} }} }} }}"""


def ask(store: Store, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body: dict[str, Any] = (
        local_api(store).execute(GraphQLRequest(QUERY, variables=variables), permissions=permissions_in(granted)).body()
    )
    return body


def readiness(store: Store, **subject: str) -> dict[str, Any]:
    body = ask(store, subject=subject)
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]["found"]
    return answer


def results(answer: dict[str, Any]) -> dict[str, str]:
    """Return the results by predicate, of the whole tree."""
    result_by_predicate: dict[str, str] = {}

    def walk(node: dict[str, Any]) -> None:
        result_by_predicate[node["predicate"]] = node["result"]
        for part in node.get("parts", ()):
            walk(part)

    walk(answer["standard"])
    return result_by_predicate


def leaf(answer: dict[str, Any], code: str) -> dict[str, Any]:
    parts = [part for group in answer["standard"]["parts"] for part in (group, *group["parts"])]
    return next(part for part in parts if part["predicate"] == code)


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Import the county written by hand, with village books and reports. In the first village three households of four people are poor."""
    emptied(spare)
    sheets: Sheets = {
        **SHEETS,
        # Four poor people of 134 are 2.985 %; one of 33 is 3.03 %.
        "行政村": [
            BOOK,
            [FIRST, "一村", "是", 134, 0.5, "是", "是", "是", "是", 2016, 2016],
            [SECOND, "二村", "否", 33, 0, "是", None, "是", "是", 2016, None],
            # 301 of 10,033 are 3.000099 %.
            [ELSEWHERE, "三村", "是", 10033, 1, "是", "是", "是", "是", 2016, None],
        ],
        "贫困户": [
            *SHEETS["贫困户"],
            [MANY, ELSEWHERE, "子某", "未脱贫", None, "一般贫困户", "因病", "否", "是", "是", "是", 2016, None, 301],
            # 2,952.0033 a head.
            [SPLIT, ELSEWHERE, "丑某", "已脱贫", 2015, "一般贫困户", "因病", "否", "是", "是", "是", 2016, 8856.01, 3, 0, 0, 0, 0],
        ],
        "家庭成员": [*SHEETS["家庭成员"], *MEMBERS],
        "目标任务": [
            ["目标编号", "年度", "指标", "目标值", "区划代码"],
            ["MB1", 2016, "贫困村出列数", 2, COUNTY],
            ["MB2", 2016, "贫困县摘帽数", 0, COUNTY],
            ["MB3", 2017, "摘帽县数", 1, "5134"],
        ],
        "区划年报": [
            REPORT,
            [COUNTY, 2016, 200, None, None, None, 1.99, 2, 90.5, "是", 2017],
            [TOWN, 2016, None, "是", "是", "是", None, None, None, None, None],
            [TOWN2, 2016, None, "是", None, "否", None, None, None, None, None],
        ],
        "监测对象": WATCHES,
    }  # fmt: skip
    import_files(spare, [workbook(sheets, tmp_path_factory.mktemp("exits") / "county.xlsx")])
    return spare


def test_a_household(county: Store) -> None:
    answer = readiness(county, cardNo=H6)
    assert set(results(answer).values()) == {"MET"}
    assert (answer["household"], answer["village"], answer["asOf"]) == ({"cardNo": H6}, None, "2016-12-31")
    income = leaf(answer, "INCOME")
    assert (income["value"], income["threshold"]) == ("3000.00", "2952.00")
    assert income["evidence"] == [{"kind": "HouseholdYear", "key": f"{H6}:2016", "says": None}]

    answer = readiness(county, cardNo=H4)
    assert {code for code, result in results(answer).items() if result == "UNMET"} == {
        "HOUSEHOLD",
        "INCOME",
        "GUARANTEES",
        "INSURANCE",
    }
    assert leaf(answer, "INSURANCE")["evidence"] == [{"kind": "Person", "key": f"{H4}02", "says": "false"}]


def test_what_is_not_known_is_not_passed(county: Store) -> None:
    result_by_predicate = results(readiness(county, cardNo=H5))
    assert (
        result_by_predicate["INCOME"],
        result_by_predicate["SCHOOLING"],
        result_by_predicate["HOUSING"],
        result_by_predicate["HOUSEHOLD"],
    ) == (
        "UNKNOWN",
        "UNKNOWN",
        "UNMET",
        "UNMET",
    )


def test_income_with_blank_parts_is_not_known(county: Store) -> None:
    """Wages of 50,000 yuan with the other parts blank: neither above the line nor below it."""
    income = leaf(readiness(county, cardNo=H1), "INCOME")
    assert (income["result"], income["value"]) == ("UNKNOWN", None)


def test_schooling_is_masked_without_a_purpose_and_what_depends_on_it(county: Store) -> None:
    """A result that is the same whatever the schooling is shown; any other is masked."""
    query = QUERY.replace(', purpose: "核对"', "")
    trees = {
        card: local_api(county).execute(GraphQLRequest(query, variables={"subject": {"cardNo": card}})).body()
        for card in (H1, H6)
    }
    masked = {card: results(body["data"]["found"]) for card, body in trees.items()}
    in_full = {card: results(readiness(county, cardNo=card)) for card in (H1, H6)}
    # The house of the first is unsafe; the other meets everything.
    assert (masked[H1]["GUARANTEES"], masked[H1]["HOUSEHOLD"]) == ("UNMET", "UNMET")
    assert (masked[H6]["GUARANTEES"], masked[H6]["HOUSEHOLD"]) == ("MASKED", "MASKED")
    for card, result_by_predicate in masked.items():
        assert leaf(trees[card]["data"]["found"], "SCHOOLING") | {"title": ""} == {
            **leaf(trees[card]["data"]["found"], "SCHOOLING"), "title": "", "result": "MASKED", "value": None, "evidence": [],
        }  # fmt: skip
        assert in_full[card]["SCHOOLING"] in ("MET", "UNMET")
        shown = {code: result for code, result in result_by_predicate.items() if result != "MASKED"}
        assert shown == {code: in_full[card][code] for code in shown}
        assert result_by_predicate.keys() - shown.keys() <= {"SCHOOLING", "GUARANTEES", "HOUSEHOLD"}


def test_schooling_is_told_for_a_purpose_to_those_who_may_read_it(county: Store) -> None:
    for role, code in ((Role.FRONT_END, "ACCESS_DENIED"), (Role.AUDITOR, "ACCESS_DENIED"), (Role.OFFICIAL, None)):
        body = (
            local_api(county)
            .execute(
                GraphQLRequest(QUERY, variables={"subject": {"cardNo": H6}}),
                permissions=permissions_in((COUNTY,), (role,), "li"),
            )
            .body()
        )
        assert [error["extensions"]["code"] for error in body.get("errors", ())] == ([code] if code else [])
    newest = shared_audit_log().list_entries(("",), limit=1)[0].record
    assert (newest.user, newest.operation, newest.purpose) == ("li", "exitReadiness", "核对")
    assert [(subject.label, subject.key, subject.areas) for subject in newest.subjects] == [
        ("Household", H6, (SECOND,))
    ]


def test_villages(county: Store) -> None:
    answer = readiness(county, villageCode=FIRST)
    assert set(results(answer).values()) == {"MET"}
    share = leaf(answer, "POOR_SHARE")
    assert (share["value"], share["threshold"]) == ("0.029851", "0.03")
    assert share["evidence"] == [{"kind": "VillageYear", "key": f"{FIRST}:2016", "says": "4/134"}]
    assert leaf(answer, "COLLECTIVE_INCOME")["value"] == "5000.00"

    answer = results(readiness(county, villageCode=SECOND))
    assert (answer["POOR_SHARE"], answer["COLLECTIVE_INCOME"], answer["CLINIC"], answer["HARD_ROAD"]) == (
        "UNMET",
        "UNMET",
        "UNKNOWN",
        "MET",
    )


def test_a_county(county: Store) -> None:
    answer = readiness(county, countyCode=COUNTY)
    assert results(answer) == {
        "COUNTY": "UNMET", "POOR_SHARE": "MET", "TOWNSHIPS": "UNMET", "CENTRAL_SCHOOL": "MET", "TOWNSHIP_CLINIC": "UNKNOWN",
        "SERVICE_CENTRE": "UNMET", "ASSESSMENT": "UNMET", "WRONGLY_EXITED": "MET", "MISSED": "UNMET", "SATISFACTION": "MET",
    }  # fmt: skip
    assert leaf(answer, "POOR_SHARE")["evidence"][0]["says"] == "5/200"
    assert leaf(answer, "SERVICE_CENTRE")["evidence"] == [{"kind": "Area", "key": TOWN2, "says": "false"}]
    assert leaf(answer, "TOWNSHIP_CLINIC")["evidence"] == [{"kind": "Area", "key": TOWN2, "says": None}]


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


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ({"cardNo": H4}, "NOT_FOUND"),
        ({"villageCode": SECOND}, "AREA_NOT_GRANTED"),
        ({"countyCode": COUNTY}, "AREA_NOT_GRANTED"),
    ],
)
def test_a_household_that_is_not_granted_is_not_there_and_an_area_is_refused(
    county: Store, subject: dict[str, str], code: str
) -> None:
    assert ask(county, (TOWN,), subject=subject)["errors"][0]["extensions"]["code"] == code


def test_the_line_of_the_cards_year(county: Store) -> None:
    """An income is compared with the line of its own year; the card is the latest one until the day."""
    body = ask(county, subject={"cardNo": H6}, asOf="2020-06-30")
    assert leaf(body["data"]["found"], "INCOME")["threshold"] == "2952.00"
    assert leaf(body["data"]["found"], "INCOME")["result"] == "MET"


def test_nothing_is_rounded_before_it_is_compared(county: Store) -> None:
    income = leaf(readiness(county, cardNo=SPLIT), "INCOME")
    assert (income["value"], income["threshold"], income["result"]) == ("2952.00", "2952.00", "MET")
    share = leaf(readiness(county, villageCode=ELSEWHERE), "POOR_SHARE")
    assert (share["value"], share["threshold"], share["result"]) == ("0.030001", "0.03", "UNMET")
    assert share["evidence"][0]["says"] == "301/10033"


@pytest.mark.parametrize(
    ("comparison", "threshold", "result", "shown"),
    [
        ("AT_LEAST", "90", "MET", "0.9"),
        ("AT_LEAST", "90.5", "MET", "0.905"),
        ("AT_LEAST", "90.5001", "UNMET", "0.905001"),
        ("ABOVE", "90.5", "UNMET", "0.905"),
        ("AT_MOST", "90.5", "MET", "0.905"),
        ("BELOW", "90.5", "UNMET", "0.905"),
    ],
)
def test_a_standard_of_the_owners(
    county: Store, monkeypatch: pytest.MonkeyPatch, comparison: str, threshold: str, result: str, shown: str
) -> None:
    """The county's satisfaction is 90.5 %."""
    own_rules = [
        {**rule, "comparison": comparison, "threshold": threshold} if rule["predicate"] == "SATISFACTION" else rule
        for rule in standards()
    ]
    monkeypatch.setattr("graph_service.features.exits.exit_questions.rules", lambda _: own_rules)
    standards.cache_clear()
    try:
        satisfaction = leaf(readiness(county, countyCode=COUNTY), "SATISFACTION")
        assert [satisfaction[name] for name in ("result", "value", "threshold")] == [result, "0.905", shown]
    finally:
        standards.cache_clear()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"comparison": "AT_LAST"}, "comparison"),
        ({"comparison": ""}, "comparison"),
        ({"threshold": "ninety"}, "threshold"),
        ({"threshold": "90.00001"}, "threshold"),
        ({"threshold": "NaN"}, "threshold"),
        ({"threshold": ""}, "threshold"),
        ({"comparison": "TRUE"}, "threshold"),
        ({"unit": "PERMILLE"}, "unit"),
    ],
)
def test_a_standard_that_cannot_be_judged_is_refused(cells: dict[str, str], column: str) -> None:
    [satisfaction] = [rule for rule in standards() if rule["predicate"] == "SATISFACTION"]
    with pytest.raises(RuleInvalid) as raised:
        validate_rule({**satisfaction, **cells})
    assert (raised.value.details["column"], raised.value.code) == (column, "RULE_INVALID")
    assert "exit-standards" in raised.value.message_en


LIST_QUERY = """query($area: AreaScope!, $first: Int, $after: String) { found: %s(area: $area, first: $first, after: $after%s) {
  totalCount eligibleCount metCount unmetCount unknownCount pageInfo { endCursor hasNextPage }
  nodes { %s { code } status exitYear result unmet unknown indicators { predicate result value threshold } } } }"""


def list_gaps(
    store: Store, field: str, filters: str = "", granted: tuple[str, ...] = ("",), **overrides: Any
) -> dict[str, Any]:
    query = LIST_QUERY % (field, filters, field.removesuffix("ExitGaps"))
    variables = {"area": {"code": "51"}, **overrides}
    body: dict[str, Any] = (
        local_api(store).execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    )
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]["found"]
    return answer


def counts(answer: dict[str, Any]) -> list[int]:
    return [answer[f"{name}Count"] for name in ("total", "eligible", "met", "unmet", "unknown")]


def test_every_village_of_an_area(county: Store) -> None:
    answer = list_gaps(county, "villageExitGaps")
    assert counts(answer) == [3, 3, 1, 2, 0]
    first, second, elsewhere = answer["nodes"]
    assert (first["village"]["code"], first["status"], first["exitYear"], first["result"]) == (
        FIRST,
        "EXITED",
        2016,
        "MET",
    )
    assert first["indicators"] == [
        {"predicate": "POOR_SHARE", "result": "MET", "value": "0.029851", "threshold": "0.03"},
        {"predicate": "COLLECTIVE_INCOME", "result": "MET", "value": "5000.00", "threshold": "0.00"},
        *({"predicate": predicate, "result": "MET", "value": "true", "threshold": None} for predicate in ("HARD_ROAD", "CLINIC", "CULTURE_ROOM", "NETWORK")),
    ]  # fmt: skip
    assert (second["status"], second["unmet"], second["unknown"]) == (
        "OTHER",
        ["POOR_SHARE", "COLLECTIVE_INCOME"],
        ["CLINIC"],
    )
    assert second["indicators"][3] == {"predicate": "CLINIC", "result": "UNKNOWN", "value": None, "threshold": None}
    assert (elsewhere["status"], elsewhere["unmet"]) == ("POOR", ["POOR_SHARE"])
    for node in answer["nodes"]:
        village_answer = readiness(county, villageCode=node["village"]["code"])
        assert [leaf(village_answer, part["predicate"]) | part for part in node["indicators"]] == [
            leaf(village_answer, part["predicate"]) for part in node["indicators"]
        ]


def test_only_villages_that_are_so(county: Store) -> None:
    """Filters narrow the list; the counts of results are of all villages compared."""
    assert counts(list_gaps(county, "villageExitGaps", ", results: [MET]")) == [1, 3, 1, 2, 0]
    answer = list_gaps(county, "villageExitGaps", ", statuses: [POOR, OTHER], unmet: [COLLECTIVE_INCOME]")
    assert ([node["village"]["code"] for node in answer["nodes"]], counts(answer)) == ([SECOND], [1, 2, 0, 2, 0])
    assert counts(list_gaps(county, "villageExitGaps", granted=(TOWN,))) == [1, 1, 1, 0, 0]
    page = list_gaps(county, "villageExitGaps", first=2)
    assert page["pageInfo"]["hasNextPage"]
    last_page = list_gaps(county, "villageExitGaps", first=2, after=page["pageInfo"]["endCursor"])
    assert [node["village"]["code"] for node in last_page["nodes"]] == [ELSEWHERE]


def test_a_village_has_not_exited_before_the_last_of_december(county: Store) -> None:
    query = """{ found: villageExitGaps(area: {code: "%s"}, asOf: "%s") { nodes { status } } }"""
    for day, status in (("2016-12-30", "POOR"), ("2016-12-31", "EXITED")):
        body = local_api(county).execute(GraphQLRequest(query % (FIRST, day))).body()
        assert body["data"]["found"]["nodes"] == [{"status": status}]


def test_every_county_of_an_area(county: Store) -> None:
    """Indicators of a county without a report are unknown."""
    answer = list_gaps(county, "countyExitGaps")
    assert counts(answer) == [2, 2, 0, 1, 1]
    reported, unreported = answer["nodes"]
    assert (reported["county"]["code"], reported["status"], reported["exitYear"], reported["result"]) == (
        COUNTY,
        "POOR",
        2017,
        "UNMET",
    )
    assert (reported["unmet"], reported["unknown"]) == (["SERVICE_CENTRE", "MISSED"], ["TOWNSHIP_CLINIC"])
    assert reported["indicators"][0] == {
        "predicate": "POOR_SHARE",
        "result": "MET",
        "value": "0.025",
        "threshold": "0.03",
    }
    assert (unreported["result"], unreported["unmet"], len(unreported["unknown"])) == ("UNKNOWN", [], 7)
    assert list_gaps(county, "countyExitGaps", ", unknown: [SATISFACTION]")["nodes"] == [unreported]


def test_households_that_meet_it_are_counted(county: Store) -> None:
    query = """{ found: exitGaps(purpose: "核对", area: {code: "%s"}, results: [MET]) { totalCount eligibleCount metCount unmetCount unknownCount } }"""
    assert counts(local_api(county).execute(GraphQLRequest(query % COUNTY)).body()["data"]["found"]) == [1, 5, 1, 4, 0]


def query_nodes(store: Store, query: str) -> list[Any]:
    body = local_api(store).execute(GraphQLRequest(query)).body()
    assert "errors" not in body, body["errors"]
    rows: list[Any] = body["data"]["found"]["nodes"]
    return rows


@pytest.mark.parametrize(
    ("by", "day", "figures"),
    [
        ("COUNTY", "2016-12-30", [[COUNTY, 0, 0], ["513432", 0, 0]]),
        ("COUNTY", "2016-12-31", [[COUNTY, 1, 0], ["513432", 0, 0]]),
        ("PREFECTURE", "2016-12-31", [["5134", 1, 0]]),
        ("TOWNSHIP", "2016-12-31", [[TOWN, 1, None], [TOWN2, 0, None], [ELSEWHERE[:9], 0, None]]),
        ("COUNTY", "2017-12-31", [[COUNTY, 0, 1], ["513432", 0, 0]]),
    ],
)
def test_villages_and_counties_that_exited_in_the_year(county: Store, by: str, day: str, figures: list[Any]) -> None:
    rows = query_nodes(
        county,
        f"""{{ found: ledger(area: {{code: "5134"}}, by: {by}, asOf: "{day}") {{ nodes {{ area {{ code }} exitedVillages exitedCounties }} }} }}""",
    )
    assert [[row["area"]["code"], row["exitedVillages"], row["exitedCounties"]] for row in rows] == figures


@pytest.mark.parametrize(
    ("day", "targets"),
    [
        ("2016-12-30", [["MB1", 2, 0], ["MB2", 0, 0]]),
        ("2016-12-31", [["MB1", 2, 1], ["MB2", 0, 0]]),
        ("2017-12-31", [["MB3", 1, 1]]),
    ],
)
def test_targets_of_them_can_be_followed(county: Store, day: str, targets: list[Any]) -> None:
    rows = query_nodes(
        county,
        f"""{{ found: progress(area: {{code: "51"}}, asOf: "{day}") {{ nodes {{ target {{ targetNo }} number actual }} }} }}""",
    )
    assert [[row["target"]["targetNo"], row["number"], row["actual"]] for row in rows] == targets


def test_steps_of_a_watch(county: Store) -> None:
    """A skipped step is not overdue; a risk eliminated in time is not late; a step is done on its day, and without a day not done."""

    def delays(day: str) -> list[list[Any]]:
        query = """query($day: Date) { found: watchDelays(purpose: "核对", area: {code: "513431"}, asOf: $day) {
          totalCount eligibleCount nodes { watch { watchNo } reason step took unmet } } }"""
        body = local_api(county).execute(GraphQLRequest(query, variables={"day": day})).body()
        assert "errors" not in body, body["errors"]
        answer = body["data"]["found"]
        # Rows are delays: a watch that is overdue and has skipped a step has two.
        assert (answer["totalCount"], answer["eligibleCount"]) == (len(answer["nodes"]), 6)
        assert not any(node["unmet"] for node in answer["nodes"])
        return [[node["watch"]["watchNo"], node["reason"], node["step"], node["took"]] for node in answer["nodes"]]

    assert delays("2016-11-07") == [["JC5", "SKIPPED", "VERIFIED", 6]]
    assert delays("2016-11-16") == [["JC1", "SKIPPED", "DISCUSSED", 9], ["JC5", "SKIPPED", "VERIFIED", 15]]
    assert delays("2016-11-17") == [
        ["JC1", "SKIPPED", "DISCUSSED", 9],
        ["JC3", "OVERDUE", "DISCUSSED", 16], ["JC4", "OVERDUE", "DISCUSSED", 16],
        ["JC5", "OVERDUE", "PUBLISHED", 16], ["JC5", "SKIPPED", "VERIFIED", 16],
    ]  # fmt: skip
    assert ["JC4", "LATE", "DISCUSSED", 19] in delays("2016-12-31")
    assert not {row[0] for row in delays("2016-12-31")} & {"JC2", "JC6"}


def test_what_was_called_gone_is_judged_by_its_day(empty: Store, tmp_path: Path) -> None:
    """Judged by the card and the records of that year, not by later ones: one household met the standard then, the other does now."""
    cards = [[MET_BEFORE, 3000, 1000, "是", "否"], [MET_NOW, 1000, 9000, "否", "是"]]
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2017]],
        "贫困户": [
            SHEETS["贫困户"][0],
            *([card, FIRST, "某", "未脱贫", None, "一般贫困户", "因病", "否", "是", "是", "是", year, income, 1, 0, 0, 0, 0]
              for card, *incomes, _, _ in cards for year, income in zip((2016, 2017), incomes, strict=True)),
        ],
        "家庭成员": [
            SHEETS["家庭成员"][0],
            *([f"{card}01", card, "某", "户主", "男", date(1980, 1, 1), "非在校生", "健康", None, None, insured, None, year]
              for card, _, _, *insured_by_year in cards for year, insured in zip((2016, 2017), insured_by_year, strict=True)),
        ],
        "监测对象": [WATCHES[0], *([f"JC{card[-1]}", card, "脱贫不稳定户", *(date(2016, 12, day) for day in range(1, 7))] for card in (MET_BEFORE, MET_NOW))],
    }  # fmt: skip
    assert import_files(empty, [workbook(sheets, tmp_path / "cleared.xlsx")]).remarks == []
    query = """{ found: watchDelays(purpose: "核对", area: {code: "513431"}, asOf: "%s") { totalCount eligibleCount nodes { watch { watchNo } reason unmet } } }"""
    expected = [{"watch": {"watchNo": f"JC{MET_NOW[-1]}"}, "reason": "CLEARED_EARLY", "unmet": ["INCOME", "INSURANCE"]}]
    for day in ("2016-12-31", "2017-12-31"):
        body = local_api(empty).execute(GraphQLRequest(query % day)).body()
        assert body["data"]["found"] == {"totalCount": 1, "eligibleCount": 2, "nodes": expected}
