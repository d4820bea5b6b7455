"""The declared questions: answers of the truth file, pages, filters, scope, and total and eligible counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from graph_service.core.areas import published_codes
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import TELLS_SENSITIVE, Question, fetch_page, fetch_totals, statement_record
from graph_service.domain.metamodel import DataClassification, PropertyKind
from graph_service.domain.model.enumerations import CAUSE
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.schema import questions
from graph_service.platform.catalog import get_statement
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import COOP, FARM, FIRST, H1, H2, H3, H4, H5, H6, MERGED, SECOND, SHEETS, TOWN, workbook
from tests.numbers import derived_number

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
COUNTY, AS_OF = TRUTH["county"], TRUTH["as_of"]
TESTED_ELSEWHERE = {
    "coverageGaps",
    "coverageSummary",
    "conflictsOfInterest",
    "publishedTotals",
    "shareRegister",
    "suggestHelpers",
}
"""Questions whose answers are tested in modules of their features."""
STATED = [question for question in questions() if question.statement_name]
COUNTED = [question for question in questions() if question.takes_area and question.has_total_count]
AREA_QUESTIONS = [question for question in questions() if question.takes_area]
REQUIRED_VALUES = {"by": "VILLAGE"}
CAUSES = CAUSE.names_by_text()
WANTED = {
    (card, CAUSES[cause]): reason for card, causes in TRUTH["measure_gaps"].items() for cause, reason in causes.items()
}
QUERY = """query($area: AreaScope!, $causes: [PovertyCause!], $first: Int, $after: String) {
  gaps: measureGaps(area: $area, causes: $causes, first: $first, after: $after) {
    totalCount eligibleCount asOf pageInfo { hasNextPage endCursor }
    nodes { household { cardNo } village { code } cause reason acceptedKinds answeredByShares present { measureNo kind content hollow } } } }"""


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return local_api(store)


def ask(api: GraphQLApi, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    all_variables = {"area": {"code": COUNTY}, **variables}
    body = api.execute(GraphQLRequest(QUERY, variables=all_variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    page: dict[str, Any] = body["data"]["gaps"]
    return page


def load_all(api: GraphQLApi, size: int, **variables: Any) -> list[dict[str, Any]]:
    """Return every row, read page by page."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = ask(api, first=size, after=after, **variables)
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        after = page["pageInfo"]["endCursor"]


def reason_by_gap(rows: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    return {(row["household"]["cardNo"], row["cause"]): row["reason"] for row in rows}


@pytest.mark.parametrize("size", [7, 500])
def test_measure_gaps_are_those_of_the_truth_file(api: GraphQLApi, size: int) -> None:
    rows = load_all(api, size)
    assert len(rows) == len(WANTED)
    assert reason_by_gap(rows) == WANTED
    sort_keys = [(row["village"]["code"], row["household"]["cardNo"]) for row in rows]
    assert sort_keys == sorted(sort_keys)


def test_how_many_of_how_many(api: GraphQLApi) -> None:
    page = ask(api, first=0)
    assert (page["totalCount"], page["nodes"]) == (len(WANTED), [])
    assert page["eligibleCount"] > page["totalCount"]
    assert page["asOf"] == AS_OF


def test_only_some_causes(api: GraphQLApi) -> None:
    causes = ["ILLNESS", "LACK_OF_WATER"]
    rows = load_all(api, 500, causes=causes)
    assert reason_by_gap(rows) == {key: reason for key, reason in WANTED.items() if key[1] in causes}
    assert ask(api, causes=causes)["totalCount"] == len(rows)


def test_what_is_there_says_why_it_does_not_answer(api: GraphQLApi) -> None:
    for row in load_all(api, 500):
        answering = [measure for measure in row["present"] if measure["kind"] in row["acceptedKinds"]]
        assert all(measure["hollow"] for measure in answering)
        assert (row["reason"] == "HOLLOW") == bool(answering)


def test_only_what_lies_there(api: GraphQLApi) -> None:
    town = min(card[:9] for card, _ in WANTED)
    expected = {key: reason for key, reason in WANTED.items() if key[0].startswith(town)}
    assert reason_by_gap(load_all(api, 500, area={"code": town})) == expected
    page = ask(api, (town,), first=500)
    assert (reason_by_gap(page["nodes"]), page["totalCount"]) == (expected, len(expected))


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    """Import the county of tests/county.py."""
    emptied(spare)
    report = import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("county") / "county.xlsx")])
    assert report.remarks == []
    return local_api(spare)


VILLAGES = sum(code.startswith(COUNTY) and len(code) == 12 for code in published_codes())
HOME = "household { cardNo } village { code }"
CASES: list[tuple[str, str, str, list[list[Any]], int]] = [
    # field, filters, selected fields, rows as lists of leaves, eligible count
    (
        "guaranteeGaps", "", f"{HOME} guarantee answer persons {{ personNo }}",
        [
            [H1, FIRST, "HOUSING", "MISSING"], [H1, FIRST, "SCHOOLING", "MISSING", f"{H1}02"],
            [H2, FIRST, "HOUSING", "ANSWERED"], [H2, FIRST, "INSURANCE", "MISSING", f"{H2}01"],
            [H3, FIRST, "WATER", "HOLLOW"], [H3, FIRST, "BROADCAST", "MISSING"],
            [H4, SECOND, "INSURANCE", "ANSWERED", f"{H4}02"],
        ], 30,
    ),
    ("guaranteeGaps", "answers: [MISSING], guarantees: [HOUSING, WATER]", f"{HOME} guarantee", [[H1, FIRST, "HOUSING"]], 10),
    (
        "measureGaps", "", "household { cardNo } status cause reason",
        [
            [H1, "POOR", "ILLNESS", "MISSING"], [H2, "POOR", "DISABILITY", "MISSING"], [H3, "POOR", "LACK_OF_LABOUR", "MISSING"],
            [H6, "POOR", "LACK_OF_SKILL", "MISSING"],
        ], 4,
    ),
    # Exited households: the fourth exited the year before; the fifth five years ago, beyond the years of support.
    ("measureGaps", "statuses: [EXITED]", "household { cardNo } status cause reason present { content }", [[H4, "EXITED", "SCHOOLING", "MISSING", "代缴医保"]], 1),
    ("measureGaps", "statuses: [EXITED, POOR], causes: [SCHOOLING, ILLNESS, LACK_OF_FUNDS]", "household { cardNo }", [[H1], [H4]], 2),
    (
        "housingStates", "", f"{HOME} grade state measure {{ content }} kind startsOn movedInOn",
        [[H1, FIRST, "GRADE_C", "NONE", None, None, None, None], [H2, FIRST, "GRADE_D", "UNDER_WAY", "易地搬迁", "RELOCATION", "2016-01-01", None]], 2,
    ),
    ("housingStates", "states: [NONE], grades: [GRADE_D]", HOME, [], 2),
    ("unlinkedHouseholds", "", f"{HOME} endedOn", [[H3, FIRST, "2015-12-31"], [H6, SECOND, None]], 5),
    ("unlinkedHouseholds", "links: [EMPLOYS, BORROWED_FROM]", HOME, [[H2, FIRST], [H3, FIRST], [H6, SECOND]], 5),
    (
        "expiringDuties", "", "duty village { code } household { cardNo } endsOn leavesOn holders cadre { cadreNo } department { departmentNo }",
        [
            ["HELPING_DEPARTMENT", FIRST, None, "2017-03-31", None, 1, None, "BM1"],
            ["FIRST_SECRETARY", FIRST, None, "2017-01-31", None, 1, "GB2", None],
            ["HELPER", FIRST, H2, "2017-01-15", None, 1, "GB1", None],
        ], 6,
    ),
    ("expiringDuties", "withinDays: 15, duties: [HELPER]", "household { cardNo }", [[H2]], 3),
    ("helperLoad", "", "cadre { cadreNo } households villages alone", [["GB1", 3, 1, 2], ["GB2", 1, 1, 0]], 2),
    ("helperLoad", "overLimit: true", "cadre { cadreNo }", [], 2),
    # The only member of the resident team has left; the third household has two helpers.
    (
        "soleHolders", "", "duty cadre { cadreNo } department { departmentNo } held alone",
        [["HELPER", "GB1", None, 3, 2], ["COUNTY_LEADER", "GB3", None, 1, 1], ["HELPING_DEPARTMENT", None, "BM1", 1, 1], ["FIRST_SECRETARY", "GB2", None, 1, 1]], 5,
    ),
    ("soleHolders", "duties: [COUNTY_LEADER]", "duty", [["COUNTY_LEADER"]], 1),
    (
        "ledgerCards", "", "household { cardNo } village { code } persons poor exited returned helped measured amount dividends",
        [
            [H1, FIRST, 2, True, False, False, True, True, "0.00", "0.00"], [H2, FIRST, 1, True, False, False, True, True, "0.00", "0.00"],
            [H3, FIRST, 1, True, False, False, True, False, "0.00", "0.00"], [H4, SECOND, 2, False, False, False, False, True, "0.00", "0.00"],
            [H5, SECOND, 0, False, False, False, False, False, "0.00", "0.00"], [H6, SECOND, 1, True, False, False, False, True, "0.00", "0.00"],
        ], 6,
    ),
    ("helperLoad", "over: 1", "cadre { cadreNo }", [["GB1"]], 2),
    (
        "openProblems", "", "problem { problemNo state } due overdue cadre { cadreNo } department { departmentNo } foundBy { inspectionNo }",
        [["WT1", "UNDER_WAY", "2016-09-30", True, "GB3", None, "DC1"], ["WT2", "UNDER_WAY", "2017-06-30", False, None, "BM1", "DC1"]], 3,
    ),
    ("openProblems", "overdue: true", "problem { problemNo }", [["WT1"]], 3),
    ("openProblems", "overdue: false", "problem { problemNo }", [["WT2"]], 3),
    (
        "unsignedPledges", "levels: [COUNTY, TOWNSHIP]", "area { code } reason pledge { pledgeNo }",
        [[TOWN, "UNSIGNED", "ZR2"], [SECOND[:9], "NO_PLEDGE", None]], 3,
    ),
    ("unsignedPledges", "levels: [VILLAGE]", "area { code } reason", [[FIRST, "NO_PLEDGE"], [SECOND, "NO_PLEDGE"]], 2),
    (
        "checkFindings", "codes: [EXIT_WITHOUT_MEASURE, MEASURE_HOLLOW, INSURANCE_NONE, VILLAGE_NO_ROAD],", "check village { code } household { cardNo } person { personNo } status",
        [
            ["INSURANCE_NONE", FIRST, H2, f"{H2}01", "OPEN"], ["MEASURE_HOLLOW", FIRST, H3, None, "OPEN"],
            ["EXIT_WITHOUT_MEASURE", SECOND, H4, None, "OPEN"], ["EXIT_WITHOUT_MEASURE", SECOND, H5, None, "OPEN"],
            ["INSURANCE_NONE", SECOND, H4, f"{H4}02", "OPEN"],
        ], 5,
    ),
    ("checkFindings", 'statuses: [WAIVED], purpose: "核查"', "check", [], 16),
    (
        "idleLabour", "", "household { cardNo } person { personNo } age capacity",
        [[H1, f"{H1}01", 46, "ORDINARY"], [H6, f"{H6}01", 36, "SKILLED"]], 3,
    ),
    ("idleLabour", "capacities: [SKILLED]", "person { personNo }", [[f"{H6}01"]], 1),
    (
        "operatorLinks", "", "enterprise { uscc } cooperative { uscc } households jobs joined leasing borrowing entrusting holding",
        [[FARM, None, 2, 1, 0, 0, 1, 0, 0], [None, COOP, 2, 0, 2, 0, 0, 0, 0]], 2,
    ),
    (
        "policyGaps", "policies: [FREE_HIV_TB_DRUGS, EDU_COMPULSORY, LOW_INCOME, FIVE_GUARANTEES, UNSAFE_HOUSE, DISABILITY_TOP_UP, AID_DISABLED_CHILD, TRAINING]",
        "policy answer household { cardNo } person { personNo } measures { measureNo }",
        [
            ["UNSAFE_HOUSE", "MISSING", H1, None], ["FREE_HIV_TB_DRUGS", "MISSING", H1, f"{H1}01"],
            ["LOW_INCOME", "MISSING", H2, None], ["DISABILITY_TOP_UP", "MISSING", H2, f"{H2}01"],
            ["FIVE_GUARANTEES", "MISSING", H3, None], ["EDU_COMPULSORY", "MISSING", H4, f"{H4}02"],
            ["LOW_INCOME", "UNDUE", H6, None, derived_number(H6, None, ("SAFETY_NET", None), "农村低保", 20160101)],
        ], 13,
    ),
    ("policyGaps", "answers: [ANSWERED]", "policy person { personNo } household { cardNo }",
        [
            ["LIVESTOCK_LENDING", None, H1], ["FREE_INSURANCE", f"{H1}01", H1], ["INSURED_ILL", f"{H1}01", H1], ["FREE_INSURANCE", f"{H1}02", H1],
            ["UNSAFE_HOUSE", None, H2], ["RELOCATION", None, H2], ["FREE_INSURANCE", f"{H3}01", H3],
            ["FREE_INSURANCE", f"{H4}01", H4], ["FREE_INSURANCE", f"{H4}02", H4], ["FREE_INSURANCE", f"{H6}01", H6],
        ], 81,
    ),
    ("policyGaps", "policies: [FREE_DELIVERY], answers: [AVAILABLE]", "person { personNo }", [[f"{H6}01"]], 1),
    (
        "medicalBurdens", "", "person { personNo } bills cost insured own share",
        [[f"{H1}01", 1, "10000.00", "8500.00", "1500.00", "0.15"]], 1,
    ),
    (
        "planReach", "plans: [INDUSTRY, SOCIAL_SECURITY]", "area { code } plan measures households persons amount",
        [
            [TOWN, "INDUSTRY", 1, 1, 0, "0.00"], [TOWN, "SOCIAL_SECURITY", 0, 0, 0, "0.00"],
            [SECOND[:9], "INDUSTRY", 0, 0, 0, "0.00"], [SECOND[:9], "SOCIAL_SECURITY", 1, 1, 0, "0.00"],
        ], 4,
    ),
    (
        "exitGaps", "", "household { cardNo } status result unmet unknown income",
        [
            [H1, "POOR", "UNMET", "SCHOOLING", "HOUSING", "INCOME", None], [H2, "POOR", "UNMET", "INSURANCE", "HOUSING", "INCOME", None],
            [H3, "POOR", "UNMET", "WATER", "BROADCAST", "INCOME", None], [H4, "EXITED", "UNMET", "INCOME", "INSURANCE", "2500.00"],
            [H6, "POOR", "MET", "3000.00"],
        ], 5,
    ),
    (
        "villageExitGaps", "", "village { code } status exitYear result unmet",
        [[FIRST, "POOR", None, "UNKNOWN"], [SECOND, "OTHER", None, "UNKNOWN"]], 2,
    ),
    ("villageExitGaps", "statuses: [POOR, EXITED], unknown: [CLINIC]", "village { code }", [[FIRST]], 1),
    (
        "countyExitGaps", "", "county { code } status result unmet unknown",
        [[COUNTY, "OTHER", "UNMET", "SERVICE_CENTRE", "POOR_SHARE", "CENTRAL_SCHOOL", "TOWNSHIP_CLINIC", "WRONGLY_EXITED", "MISSED", "SATISFACTION"]], 1,
    ),
    ("countyExitGaps", "unmet: [SATISFACTION]", "county { code }", [], 1),
    ("exitGaps", "statuses: [POOR], results: [MET, UNKNOWN]", "household { cardNo }", [[H6]], 4),
    (
        "lostSupport", "", "household { cardNo } exitedIn lost helperUntil helper { cadreNo } measureUntil",
        [[H4, 2015, "HELPER", "2016-05-31", "GB1", None]], 1,
    ),
    ("lostSupport", "kinds: [MEASURES]", "household { cardNo }", [], 1),
    (
        "watchDelays", "", "watch { watchNo } household { cardNo } reason step foundOn approvedOn took unmet",
        [
            ["JC1", H4, "LATE", None, "2016-11-01", "2016-11-20", 19],
            ["JC2", H5, "CLEARED_EARLY", "DISCUSSED", "2016-12-20", None, 10, "INCOME", "SCHOOLING", "INSURANCE", "HOUSING", "WATER", "ELECTRICITY", "BROADCAST"],
        ], 2,
    ),
    ("watchDelays", "reasons: [OVERDUE]", "watch { watchNo }", [], 2),
    ("leaderlessAreas", "", "area { code } reason heldUntil lastLeader { cadreNo }", [[TOWN, "NEVER_ASSIGNED", None, None], [SECOND[:9], "NEVER_ASSIGNED", None, None]], 3),
    ("leaderlessAreas", "levels: [COUNTY]", "area { code }", [], 1),
    ("earlyDepartures", "", "cadre { cadreNo } area { code } role leftOn exitYear", [["GB4", FIRST, "TEAM_MEMBER", "2016-06-01", None]], 4),
    ("inspectionRounds", "openOnly: true", "inspection { inspectionNo } heldOn leaders { cadreNo } areasCovered problems open overdue", [["DC1", "2016-05-01", "GB3", 1, 2, 2, 1]], 1),
    ("areaHistory", "", "former { code } into { code } on households", [[MERGED, SECOND, "2016-03-01", 0]], 1),
    (
        "ledger", "by: VILLAGE",
        "area { code } villages poorVillages households persons poorHouseholds poorPersons exitedHouseholds exitedPersons returnedHouseholds helpedHouseholds measuredHouseholds amount dividends exitedVillages exitedCounties",
        [[FIRST, 1, 1, 3, 4, 3, 4, 0, 0, 0, 3, 2, "0.00", "0.00", 0, None], [SECOND, 1, 0, 3, 3, 1, 1, 0, 0, 0, 0, 2, "0.00", "0.00", 0, None]], VILLAGES - 1,  # one village was merged
    ),
    ("povertyBalances", "by: COUNTY", "area { code } start identified returned exited removed finish difference broken", [[COUNTY, 4, 0, 0, 0, 0, 4, 0, 0]], 1),
    ("povertyBalances", "untied: true", "area { code }", [], 2),
    ("progress", "", "area { code } target { targetNo } indicator number actual", [[COUNTY, "MB1", "脱贫户数", 3, 0]], 1),
    ("lookBack", "changes: [IN, OUT]", "household { cardNo } change", [[card, "IN"] for card in (H1, H2, H3, H4, H5, H6)], 6),
    ("lookBack", "changes: [OUT]", "household { cardNo } change", [], 6),
    (
        "batchReach", "by: COUNTY", "area { code } batch measures households persons amount",
        [
            [COUNTY, "PRODUCTION_EMPLOYMENT", 1, 1, 0, "0.00"], [COUNTY, "RELOCATION", 1, 1, 0, "0.00"],
            [COUNTY, "LOW_INCOME_SECURITY", 1, 1, 0, "0.00"], [COUNTY, "MEDICAL_AID", 1, 1, 1, "0.00"],
            [COUNTY, "RECONSTRUCTION", 0, 0, 0, "0.00"],
        ], 5,
    ),
    ("planReach", "plans: [HEALTH, ECOLOGY], by: COUNTY, blank: true", "area { code } plan", [[COUNTY, "ECOLOGY"]], 2),
    (
        "findingCounts", "codes: [VILLAGE_INCOME_BLANK, EXIT_WITHOUT_MEASURE, TWO_HEADS],", "check severity open day",
        [["EXIT_WITHOUT_MEASURE", "ERROR", 2, "2016-12-31"], ["TWO_HEADS", "ERROR", 0, "2016-12-31"], ["VILLAGE_INCOME_BLANK", "WARNING", 2, "2016-12-31"]], 3,
    ),
    ("expiringDuties", "withinDays: 14", "household { cardNo }", [], 6),
    # This register has no money; see `test_reconciliation`.
    ("reconciliation", "", "kind", [], 0),
]  # fmt: skip


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list) else [value]


SENSITIVE_QUESTIONS = frozenset(q.name for q in questions() if q.classification is DataClassification.SENSITIVE)


@pytest.mark.parametrize(("field", "filters", "selected", "rows", "eligible"), CASES)
@pytest.mark.parametrize("size", [1, 50])
def test_answers_of_the_county_made_by_hand(
    county: GraphQLApi, field: str, filters: str, selected: str, rows: list[list[Any]], eligible: int, size: int
) -> None:
    purpose = 'purpose: "核对",' if field in SENSITIVE_QUESTIONS else ""
    query = f"""query($after: String, $size: Int) {{ found: {field}({purpose} area: {{code: "{COUNTY}"}}, {filters} first: $size, after: $after) {{
      totalCount eligibleCount nodes {{ {selected} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    nodes: list[list[Any]] = []
    after = None
    while True:
        body = county.execute(GraphQLRequest(query, variables={"size": size, "after": after})).body()
        assert "errors" not in body, body["errors"]
        page = body["data"]["found"]
        nodes += [leaves(node) for node in page["nodes"]]
        assert (page["totalCount"], page["eligibleCount"]) == (len(rows), eligible)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert nodes == rows


MOST_VALUES = 6


def filters(inquiry: Question) -> list[dict[str, Any]]:
    """Return arguments without a filter, then one for each value (at most MOST_VALUES) of each filter with a code list."""
    list_by_name = {code_list.name: code_list for code_list in inquiry.codes}
    choices: list[dict[str, Any]] = [{}]
    for filter_ in inquiry.filters:
        if filter_.kind is PropertyKind.ENUMS and filter_.enum in list_by_name:
            choices += [{filter_.name: [member.name]} for member in list_by_name[filter_.enum].members[:MOST_VALUES]]
    return choices


@pytest.mark.parametrize("inquiry", COUNTED, ids=lambda question: question.name)
def test_totals_are_those_of_the_rows(store: Store, imported: ImportReport, inquiry: Question) -> None:
    """Compare totals with rows on the sample county, where many cells are blank."""
    viewing = QueryScope.resolve(store, COUNTY)
    for arguments in filters(inquiry):
        if "by" in {filter_.name for filter_ in inquiry.filters}:
            arguments = {"by": "VILLAGE", **arguments}
        arguments = {TELLS_SENSITIVE: True, **arguments}
        rows = fetch_page(store, viewing, inquiry, arguments, first=1_000_000).rows
        totals = fetch_totals(store, viewing, inquiry, arguments)
        assert (totals.total, totals.total <= totals.eligible) == (len(rows), True), arguments


@pytest.mark.parametrize("inquiry", AREA_QUESTIONS, ids=lambda question: question.name)
def test_who_may_see_all_that_there_is_is_told_the_same(spare: Store, county: GraphQLApi, inquiry: Question) -> None:
    """Check that a grant of the whole register changes no answer."""
    arguments = {
        filter_.name: REQUIRED_VALUES[filter_.name] for filter_ in inquiry.filters if filter_.name in REQUIRED_VALUES
    }
    whole, granted = (QueryScope.resolve(spare, COUNTY, granted_areas=areas) for areas in (("",), (COUNTY,)))
    assert fetch_page(spare, granted, inquiry, arguments, first=500) == fetch_page(
        spare, whole, inquiry, arguments, first=500
    )
    if inquiry.has_total_count:
        assert fetch_totals(spare, granted, inquiry, arguments) == fetch_totals(spare, whole, inquiry, arguments)


def test_every_inquiry_has_an_answer_that_is_known() -> None:
    assert {question.name for question in questions()} - TESTED_ELSEWHERE == {field for field, *_ in CASES}


@pytest.mark.parametrize("inquiry", STATED, ids=lambda question: question.name)
def test_nodes_are_named_by_variables(inquiry: Question) -> None:
    """Check that nodes are returned under their variable: with an alias, the projection of a node in another column would be empty."""
    columns_text = get_statement(inquiry.statement_name).text.rsplit("RETURN ", 1)[1].split("\nORDER BY")[0]
    bare_columns = {part.strip() for part in columns_text.split(",")}
    nodes = [column for column in inquiry.columns if column.node]
    node_columns = {
        key for column in nodes for _, key in column.node_columns or ((column.node, column.statement_column),)
    }
    assert node_columns <= bare_columns
    row = inquiry.record or statement_record(inquiry.statement_name)
    owner = getattr(row, "__self__", row)
    plain_columns = {
        column.statement_column for column in inquiry.columns if not column.node_columns and not column.fields
    }
    assert plain_columns | node_columns <= set(dir(owner))
