"""The questions over GraphQL: what the truth file says, in how many statements, the same from both engines, in scope."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.conftest import assert_alike

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
COUNTY: dict[str, Any] = {"area": {"code": TRUTH["county"]}}
DEEP = """
fragment Name on Area { code name level }
fragment Card on Household {
  id cardNo recorded
  current { year headName kind kindText mainCause otherCauses wageIncome phone safeWater owner { cardNo } }
  years(first: 2) { totalCount nodes { id year status } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
  members(first: 3) {
    totalCount
    edges { cursor relation since until node { __typename id personNo current { name sex idDocument health } employers { nodes { __typename } } } }
  }
  helpers(ever: true) { nodes { name post leftOn department { name level } helpsHouseholds(first: 2) { totalCount nodes { cardNo village { ...Named } } } } }
  visits(first: 2) { edges { on note node { cadreNo } } }
  measures(first: 2) { nodes { kind content amount startsOn implementers { nodes { __typename ... on Department { name } ... on Enterprise { name leading } } } paidBy { nodes { fundNo } } } }
  holdings(first: 2) { edges { certificate kind shares totalShares node { name quantified floorRate operators { nodes { __typename ... on Enterprise { uscc } ... on Cooperative { uscc landShare } } } project { nodes { name kind allocations { edges { on voucher amount node { name kind level year } } } } } } } }
  dividends(first: 1) { edges { on amount voucher node { year declared asset { name area { ...Name } } } } }
}
query Gaps($area: AreaScope!, $first: Int, $after: String, $reasons: [GapReason!], $totals: Boolean = true) {
  found: coverageGaps(area: $area, first: $first, after: $after, reasons: $reasons) {
    totalCount @include(if: $totals) eligibleCount @include(if: $totals) asOf dataVersion
    pageInfo { hasNextPage endCursor }
    edges {
      cursor
      node {
        duty why: reason since heldUntil
        village { ...Named current { poor name } parent { ...Name village { code } parent { ...Name } } posts { totalCount edges { duty since until node { name } } } assistingDepartments { nodes { name } } }
        subject { __typename ... on Village { ...V } ...Card }
        lastHolder { __typename ... on Cadre { cadreNo } ... on Department { departmentNo } }
        mustMend { office cadre { name phone } area { ...Name } }
      }
    }
  }
}
fragment Named on Village { code name level }
fragment V on Village { code years { nodes { year poor } } poorHouseholds(first: 1) { totalCount edges { since until exitedIn node { cardNo } } } }
"""
SHALLOW = "query($area: AreaScope!) { coverageGaps(area: $area) { totalCount nodes { duty } } }"


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return GraphQLApi(store)


def data(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query, variables=variables), granted_areas=granted).body()
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]
    return found


LOOKED_UP = ("imports/published", "areas/merged", "areas/departed")
"""What any question looks up first; it is kept for a second, or for as long as its data version."""


def sent(store: Store, api: GraphQLApi, query: str, **variables: Any) -> list[str]:
    """Statements that a question sends, once the data versions are known."""
    data(api, "{ dataVersions { sequence } }")
    store.statement_log = []
    data(api, query, **variables)
    counted, store.statement_log = [name for name in store.statement_log if name not in LOOKED_UP], None
    return counted


@pytest.mark.parametrize("query", [SHALLOW, DEEP], ids=["shallow", "deep"])
def test_a_page_is_one_statement_and_totals_one_more(store: Store, api: GraphQLApi, query: str) -> None:
    assert sent(store, api, query, **COUNTY) == ["coverage/coverage_gaps", "coverage/coverage_summary"]


def test_without_totals_a_page_is_one_statement(store: Store, api: GraphQLApi) -> None:
    assert sent(store, api, DEEP, **COUNTY, totals=False) == ["coverage/coverage_gaps"]


def test_totals_alone_are_one_statement(store: Store, api: GraphQLApi) -> None:
    query = "query($area: AreaScope!) { coverageGaps(area: $area) { totalCount eligibleCount } }"
    assert sent(store, api, query, **COUNTY) == ["coverage/coverage_summary"]


def test_chains_are_three_statements_at_most(store: Store, api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}) { totalCount nodes { hops { kind
      a: node { ... on Fund { name } } node { __typename ... on Household { cardNo members { nodes { personNo } } } } } } } }"""
    assert sent(store, api, query) == ["chains/below", "chains/ends", "nodes"]


@pytest.mark.parametrize("duty", sorted(TRUTH["coverage"]))
def test_coverage_is_as_the_truth_file_says(api: GraphQLApi, duty: str) -> None:
    query = """query($area: AreaScope!, $duties: [Duty!]) {
      coverageGaps(area: $area, duties: $duties, first: 500) { totalCount eligibleCount nodes {
        reason since heldUntil
        subject { ... on Village { key: code } ... on Household { key: cardNo } }
        lastHolder { ... on Cadre { key: cadreNo } ... on Department { key: departmentNo } } } } }"""
    found = data(api, query, **COUNTY, duties=[duty])["coverageGaps"]
    expected = TRUTH["coverage"][duty]
    assert (found["totalCount"], found["eligibleCount"]) == (expected["missing"], expected["eligible"])
    assert {
        n["subject"]["key"]: [
            n["reason"],
            n["lastHolder"] and n["lastHolder"]["key"],
            n["since"] if n["reason"] == "HOLDER_LEFT" else n["heldUntil"],
        ]
        for n in found["nodes"]
    } == expected["gaps"]


@pytest.mark.parametrize("reason", ["NEVER_ASSIGNED", "ENDED", "HOLDER_LEFT", "NO_RECENT_VISIT"])
def test_totals_count_what_the_reasons_leave(api: GraphQLApi, reason: str) -> None:
    query = """query($area: AreaScope!, $reasons: [GapReason!]) {
      coverageGaps(area: $area, reasons: $reasons, first: 500) { totalCount eligibleCount nodes { reason } } }"""
    found = data(api, query, **COUNTY, reasons=[reason])["coverageGaps"]
    assert found["totalCount"] == len(found["nodes"]) > 0
    assert {n["reason"] for n in found["nodes"]} == {reason}
    assert found["eligibleCount"] == sum(t["eligible"] for t in TRUTH["coverage"].values())


def test_every_hop_of_a_page_follows_on(api: GraphQLApi) -> None:
    found: list[str] = []
    after = None
    for _ in range(100):
        page = data(api, DEEP, **COUNTY, first=37, after=after, totals=False)["found"]
        found += [edge["cursor"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == len(set(found)) == sum(t["missing"] for t in TRUTH["coverage"].values())


def test_connections_below_a_row_page_too(api: GraphQLApi) -> None:
    query = """query($area: AreaScope!, $after: String) { coverageSummary(area: $area, by: COUNTY, first: 1) { nodes {
      area { children(first: 7, after: $after) { totalCount nodes { code } pageInfo { hasNextPage endCursor } } } } } }"""
    codes: list[str] = []
    after = None
    while True:
        page = data(api, query, **COUNTY, after=after)["coverageSummary"]["nodes"][0]["area"]["children"]
        codes += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(codes) == page["totalCount"] > 7
    assert codes == sorted(set(codes))


def test_summary_pages_lose_nothing(api: GraphQLApi) -> None:
    query = """query($area: AreaScope!, $first: Int, $after: String) { coverageSummary(area: $area, by: VILLAGE, first: $first, after: $after) {
      nodes { area { code } duty eligible missing } pageInfo { hasNextPage endCursor } } }"""
    whole = data(api, query, **COUNTY, first=500)["coverageSummary"]["nodes"]
    paged: list[Any] = []
    after = None
    while True:
        page = data(api, query, **COUNTY, first=11, after=after)["coverageSummary"]
        paged += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert paged == whole


def test_area_modes(api: GraphQLApi) -> None:
    query = (
        "query($area: AreaScope!) { coverageGaps(area: $area, first: 500) { totalCount nodes { village { code } } } }"
    )
    village = "513431100200"
    own = data(api, query, area={"code": village, "mode": "SELF"})["coverageGaps"]
    assert {n["village"]["code"] for n in own["nodes"]} == {village}
    assert data(api, query, area={"code": village[:9], "mode": "SELF"})["coverageGaps"]["totalCount"] == 0
    below = data(api, query, area={"code": village[:9], "mode": "CHILDREN"})["coverageGaps"]
    assert below == data(api, query, area={"code": village[:9]})["coverageGaps"]
    assert data(api, query, area={"code": village[:6], "mode": "CHILDREN"})["coverageGaps"]["totalCount"] == 0


def test_scope_bounds_rows_totals_and_every_further_node(api: GraphQLApi) -> None:
    township = "513431100"
    mine = data(api, DEEP, (township,), **COUNTY, first=500)["found"]
    asked = data(api, DEEP, area={"code": township}, first=500)["found"]
    assert [e["cursor"] for e in mine["edges"]] == [e["cursor"] for e in asked["edges"]]
    assert (mine["totalCount"], mine["eligibleCount"]) == (asked["totalCount"], asked["eligibleCount"])

    def villages(found: object) -> set[str]:
        """Villages of the households that the helpers of a household help besides."""
        helpers = [e["node"]["subject"].get("helpers", {"nodes": []}) for e in found["edges"]]  # type: ignore[index]
        helped = [c["helpsHouseholds"]["nodes"] for h in helpers for c in h["nodes"]]
        return {h["village"]["code"] for some in helped for h in some}

    assert any(not code.startswith(township) for code in villages(asked))
    assert all(code.startswith(township) for code in villages(mine))


def test_nothing_granted_is_nothing_seen(api: GraphQLApi) -> None:
    found = data(api, DEEP, ("11",), **COUNTY)["found"]
    assert (found["edges"], found["totalCount"], found["eligibleCount"]) == ([], 0, 0)


def test_a_hidden_holder_is_there_without_a_name(api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}, first: 500) { totalCount nodes { complete hops { kind hidden node { __typename ... on Household { cardNo } } evidence { number shares } } } } }"""
    mine = data(api, query, ("513431100",))["benefitChains"]
    whole = data(api, query)["benefitChains"]
    assert mine["totalCount"] == whole["totalCount"]
    last = [c["hops"][-1] for c in mine["nodes"] if c["complete"]]
    assert {h["kind"] for h in last if h["hidden"]} == {"Household"}
    assert all(
        h["node"] is None and h["evidence"][0]["number"] is None and h["evidence"][0]["shares"]
        for h in last
        if h["hidden"]
    )
    shown = [h for h in last if h["kind"] == "Household" and not h["hidden"]]
    assert all(h["node"]["cardNo"].startswith("513431100") for h in shown)


def test_what_lies_elsewhere_on_a_chain_is_hidden_too(api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}, first: 500) { nodes { hops { kind hidden amount evidence { number }
      node { ... on Project { projectNo area { code } } ... on Asset { assetNo area { code } } } } } } }"""
    hops = [
        h
        for c in data(api, query, ("513431100",))["benefitChains"]["nodes"]
        for h in c["hops"]
        if h["kind"] in ("Project", "Asset")
    ]
    assert {h["hidden"] for h in hops} == {True, False}
    for hop in hops:
        if hop["hidden"]:
            assert (hop["node"], hop["evidence"]) == (None, [])
            assert hop["amount"] is not None, "totals are told"
        else:
            assert hop["node"]["area"]["code"].startswith("513431100")


def test_aliases_and_order_do_not_change_a_statement(store: Store, api: GraphQLApi) -> None:
    """Equal questions are equal text: an engine plans them once."""
    texts = []
    read = store._engine.read

    def noted(text: str, parameters: Any, *, name: str = "") -> Any:
        texts.append(text)
        return read(text, parameters, name=name)

    store._engine.read = noted  # type: ignore[method-assign]
    try:
        query = '{ coverageGaps(area: {code: "%s"}, first: %d) { nodes { %s } } }'
        data(api, query % ("513431", 3, "duty village { name code } subject { ... on Household { cardNo } }"))
        data(
            api,
            query % ("513431100", 5, "s: subject { ... on Household { no: cardNo } } x: village { c: code name } duty"),
        )
    finally:
        store._engine.read = read  # type: ignore[method-assign]
    asked = [text for text in texts if "villageDuties" in text]
    assert len(asked) == 2
    assert asked[0] == asked[1]


@pytest.mark.parametrize("query", ["deep", "chains"])
def test_both_engines_answer_the_same(store: Store, api: GraphQLApi, shared: Path, query: str) -> None:
    chains = """{ a: benefitChains(from: {fundNo: "ZJ000"}, first: 500) { totalCount edges { cursor node { hops { kind amount relationship evidence { number amount shares totalShares on }
      node { __typename ... on Fund { name } ... on Project { name area { name } } ... on Asset { name kind } ... on Household { current { headName } } } } } } } }"""
    found = data(api, DEEP, **COUNTY, first=500) if query == "deep" else data(api, chains)
    assert_alike(shared, f"document {query}", store, found)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ('{ coverageGaps(area: {code: "99"}) { totalCount } }', "AREA_UNKNOWN"),
        ('{ coverageSummary(area: {code: "513431"}, by: OTHER) { nodes { missing } } }', "ARGUMENT_INVALID"),
        ('{ coverageSummary(area: {code: "513431100"}, by: COUNTY) { nodes { missing } } }', "ARGUMENT_INVALID"),
        ('{ coverageGaps(area: {code: "513431"}, first: 501) { nodes { duty } } }', "ARGUMENT_INVALID"),
        ('{ coverageGaps(area: {code: "513431"}, after: "no cursor") { nodes { duty } } }', "CURSOR_INVALID"),
        ('{ coverageGaps(area: {code: "513431"}, asKnownAt: 99) { totalCount } }', "VERSION_UNKNOWN"),
        ('{ benefitChains(from: {fundNo: "none"}) { totalCount } }', "NOT_FOUND"),
        ('{ coverageGaps(area: {code: "513431"}) { nodes { village { children(first: -1) { totalCount } } } } }', "ARGUMENT_INVALID"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_says_why(api: GraphQLApi, query: str, code: str) -> None:
    body = api.execute(GraphQLRequest(query)).body()
    (error,) = body["errors"]
    assert error["extensions"]["code"] == code
    assert error["extensions"]["zh"] in error["message"]
    assert error["extensions"]["en"] in error["message"]
    assert list(body["data"].values()) == [None]
    assert error["path"] == list(body["data"])


def test_a_kept_plan_answers_other_values_as_a_new_one_does(store: Store, api: GraphQLApi) -> None:
    """The same document with other areas, pages, cursors, flags and days: what was planned first must not show through."""
    below = "query($area: AreaScope!, $n: Int, $after: String, $ever: Boolean!, $day: Date) { "
    below += "coverageGaps(area: $area, asOf: $day, first: $n) { asOf nodes { village { households(first: $n, after: $after, ever: $ever) { "
    below += "totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { cardNo } } } } } }"
    county = TRUTH["county"]
    asked: list[dict[str, Any]] = [
        {"area": {"code": code}, "n": n, "ever": ever, "day": day}
        for code in (county, f"{county}100")
        for n in (1, 3)
        for ever in (False, True)
        for day in ("2016-12-31", "2015-06-30")
    ]
    first = data(api, below, **asked[0])["coverageGaps"]["nodes"][0]["village"]["households"]
    asked.append({**asked[0], "after": first["pageInfo"]["endCursor"]})
    answers = [data(api, below, **values) for values in asked]
    assert answers == [data(GraphQLApi(store), below, **values) for values in asked]
    assert len({json.dumps(answer) for answer in answers}) > 4
