"""The questions over GraphQL: answers of the truth file, number of statements, the same from both engines, within the granted areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.callers import local_api, permissions_in
from tests.conftest import assert_alike
from tests.directory import ask

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
    edges { cursor relation since until node { __typename id personNo current { name sex idDocument full(purpose: "核对") { health } } employers { nodes { __typename } } } }
  }
  helpers(ever: true) { nodes { name post leftOn department { name level } helpsHouseholds(first: 2) { totalCount nodes { cardNo village { ...Named } } } } }
  visits(first: 2) { edges { on note node { cadreNo } } }
  measures(first: 2) { nodes { kind content amount startsOn implementers { nodes { __typename ... on Department { name } ... on Enterprise { name leading } } } paidBy { nodes { fundNo } } } }
  holdings(first: 2) { edges { certificate kind shares totalShares node { name quantified floorRate operators { nodes { __typename ... on Enterprise { uscc } ... on Cooperative { uscc landShare } } } project { nodes { name kind allocations { edges { on voucher amount node { name kind level year } } } } } } } }
  dividends(first: 1) { edges { on amount voucher node { year amount asset { name area { ...Name } } } } }
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


LOOKED_UP = ("imports/published", "areas/merged", "areas/departed")
"""Statements that any question sends first; their results are cached for a second, or as long as the data version."""


def load_statements(store: Store, api: GraphQLApi, query: str, **variables: Any) -> list[str]:
    """Return the statements of a question once the data versions are cached, without those of LOOKED_UP."""
    ask(api, "{ dataVersions { sequence } }")
    store.statement_log = []
    ask(api, query, **variables)
    statements, store.statement_log = [name for name in store.statement_log if name not in LOOKED_UP], None
    return statements


@pytest.mark.parametrize("query", [SHALLOW, DEEP], ids=["shallow", "deep"])
def test_a_page_is_one_statement_and_totals_one_more(store: Store, api: GraphQLApi, query: str) -> None:
    assert load_statements(store, api, query, **COUNTY) == ["coverage/coverage_gaps", "coverage/coverage_summary"]


def test_without_totals_a_page_is_one_statement(store: Store, api: GraphQLApi) -> None:
    assert load_statements(store, api, DEEP, **COUNTY, totals=False) == ["coverage/coverage_gaps"]


def test_totals_alone_are_one_statement(store: Store, api: GraphQLApi) -> None:
    query = "query($area: AreaScope!) { coverageGaps(area: $area) { totalCount eligibleCount } }"
    assert load_statements(store, api, query, **COUNTY) == ["coverage/coverage_summary"]


def test_chains_are_three_statements_at_most(store: Store, api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}) { totalCount nodes { hops { kind
      a: node { ... on Fund { name } } node { __typename ... on Household { cardNo members { nodes { personNo } } } } } } } }"""
    assert load_statements(store, api, query) == ["chains/below", "chains/ends", "nodes"]


@pytest.mark.parametrize("duty", sorted(TRUTH["coverage"]))
def test_coverage_is_as_the_truth_file_says(api: GraphQLApi, duty: str) -> None:
    query = """query($area: AreaScope!, $duties: [Duty!]) {
      coverageGaps(area: $area, duties: $duties, first: 500) { totalCount eligibleCount nodes {
        reason since heldUntil
        subject { ... on Village { key: code } ... on Household { key: cardNo } }
        lastHolder { ... on Cadre { key: cadreNo } ... on Department { key: departmentNo } } } } }"""
    page = ask(api, query, **COUNTY, duties=[duty])["coverageGaps"]
    expected = TRUTH["coverage"][duty]
    assert (page["totalCount"], page["eligibleCount"]) == (expected["missing"], expected["eligible"])
    assert {
        node["subject"]["key"]: [
            node["reason"],
            node["lastHolder"] and node["lastHolder"]["key"],
            node["since"] if node["reason"] == "HOLDER_LEFT" else node["heldUntil"],
        ]
        for node in page["nodes"]
    } == expected["gaps"]


@pytest.mark.parametrize("reason", ["NEVER_ASSIGNED", "ENDED", "HOLDER_LEFT", "NO_RECENT_VISIT"])
def test_totals_count_what_the_reasons_leave(api: GraphQLApi, reason: str) -> None:
    query = """query($area: AreaScope!, $reasons: [GapReason!]) {
      coverageGaps(area: $area, reasons: $reasons, first: 500) { totalCount eligibleCount nodes { reason } } }"""
    page = ask(api, query, **COUNTY, reasons=[reason])["coverageGaps"]
    assert page["totalCount"] == len(page["nodes"]) > 0
    assert {node["reason"] for node in page["nodes"]} == {reason}
    assert page["eligibleCount"] == sum(entry["eligible"] for entry in TRUTH["coverage"].values())


def test_every_hop_of_a_page_follows_on(api: GraphQLApi) -> None:
    cursors: list[str] = []
    after = None
    for _ in range(100):
        page = ask(api, DEEP, **COUNTY, first=37, after=after, totals=False)["found"]
        cursors += [edge["cursor"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(cursors) == len(set(cursors)) == sum(t["missing"] for t in TRUTH["coverage"].values())


def test_connections_below_a_row_page_too(api: GraphQLApi) -> None:
    query = """query($area: AreaScope!, $after: String) { coverageSummary(area: $area, by: COUNTY, first: 1) { nodes {
      area { children(first: 7, after: $after) { totalCount nodes { code } pageInfo { hasNextPage endCursor } } } } } }"""
    codes: list[str] = []
    after = None
    while True:
        page = ask(api, query, **COUNTY, after=after)["coverageSummary"]["nodes"][0]["area"]["children"]
        codes += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(codes) == page["totalCount"] > 7
    assert codes == sorted(set(codes))


def test_summary_pages_lose_nothing(api: GraphQLApi) -> None:
    query = """query($area: AreaScope!, $first: Int, $after: String) { coverageSummary(area: $area, by: VILLAGE, first: $first, after: $after) {
      nodes { area { code } duty eligible missing } pageInfo { hasNextPage endCursor } } }"""
    all_rows = ask(api, query, **COUNTY, first=500)["coverageSummary"]["nodes"]
    paged_rows: list[Any] = []
    after = None
    while True:
        page = ask(api, query, **COUNTY, first=11, after=after)["coverageSummary"]
        paged_rows += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert paged_rows == all_rows


def test_area_modes(api: GraphQLApi) -> None:
    query = (
        "query($area: AreaScope!) { coverageGaps(area: $area, first: 500) { totalCount nodes { village { code } } } }"
    )
    village = "513431100200"
    own_gaps = ask(api, query, area={"code": village, "mode": "SELF"})["coverageGaps"]
    assert {node["village"]["code"] for node in own_gaps["nodes"]} == {village}
    assert ask(api, query, area={"code": village[:9], "mode": "SELF"})["coverageGaps"]["totalCount"] == 0
    children_gaps = ask(api, query, area={"code": village[:9], "mode": "CHILDREN"})["coverageGaps"]
    assert children_gaps == ask(api, query, area={"code": village[:9]})["coverageGaps"]
    assert ask(api, query, area={"code": village[:6], "mode": "CHILDREN"})["coverageGaps"]["totalCount"] == 0


def test_scope_bounds_rows_totals_and_every_further_node(api: GraphQLApi) -> None:
    township = "513431100"
    granted_page = ask(api, DEEP, (township,), **COUNTY, first=500)["found"]
    area_page = ask(api, DEEP, area={"code": township}, first=500)["found"]
    assert [edge["cursor"] for edge in granted_page["edges"]] == [edge["cursor"] for edge in area_page["edges"]]
    assert (granted_page["totalCount"], granted_page["eligibleCount"]) == (
        area_page["totalCount"],
        area_page["eligibleCount"],
    )

    def villages(page: object) -> set[str]:
        """Return the villages of all households that the helpers of the listed households help."""
        helpers = [edge["node"]["subject"].get("helpers", {"nodes": []}) for edge in page["edges"]]  # type: ignore[index]
        helped = [
            helper["helpsHouseholds"]["nodes"] for helper_connection in helpers for helper in helper_connection["nodes"]
        ]
        return {household["village"]["code"] for households in helped for household in households}

    assert any(not code.startswith(township) for code in villages(area_page))
    assert all(code.startswith(township) for code in villages(granted_page))


def test_nothing_granted_is_nothing_seen(api: GraphQLApi) -> None:
    request = GraphQLRequest(DEEP, variables=COUNTY)
    body = api.execute(request, permissions=permissions_in(("11",))).body()
    assert (body["data"]["found"], body["errors"][0]["extensions"]["code"]) == (None, "AREA_NOT_GRANTED")


def test_a_hidden_holder_is_there_without_a_name(api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}, first: 500) { totalCount nodes { complete hops { kind hidden node { __typename ... on Household { cardNo } } evidence { number shares } } } } }"""
    granted_page = ask(api, query, ("513431100",))["benefitChains"]
    full_page = ask(api, query)["benefitChains"]
    assert granted_page["totalCount"] == full_page["totalCount"]
    last_hops = [chain["hops"][-1] for chain in granted_page["nodes"] if chain["complete"]]
    assert {hop["kind"] for hop in last_hops if hop["hidden"]} == {"Household"}
    assert all(
        hop["node"] is None and hop["evidence"][0]["number"] is None and hop["evidence"][0]["shares"]
        for hop in last_hops
        if hop["hidden"]
    )
    visible_hops = [hop for hop in last_hops if hop["kind"] == "Household" and not hop["hidden"]]
    assert all(hop["node"]["cardNo"].startswith("513431100") for hop in visible_hops)


def test_what_lies_elsewhere_on_a_chain_is_hidden_too(api: GraphQLApi) -> None:
    query = """{ benefitChains(from: {fundNo: "ZJ000"}, first: 500) { nodes { hops { kind hidden amount evidence { number }
      node { ... on Project { projectNo area { code } } ... on Asset { assetNo area { code } } } } } } }"""
    hops = [
        hop
        for chain in ask(api, query, ("513431100",))["benefitChains"]["nodes"]
        for hop in chain["hops"]
        if hop["kind"] in ("Project", "Asset")
    ]
    assert {hop["hidden"] for hop in hops} == {True, False}
    for hop in hops:
        if hop["hidden"]:
            assert (hop["node"], hop["evidence"]) == (None, [])
            assert hop["amount"] is not None, "totals are told"
        else:
            assert hop["node"]["area"]["code"].startswith("513431100")


def test_aliases_and_order_do_not_change_a_statement(store: Store, api: GraphQLApi) -> None:
    """Check that equal questions have the same statement text, so that an engine plans them once."""
    texts = []
    read = store._engine.read

    def read_and_note(text: str, parameters: Any, *, name: str = "") -> Any:
        texts.append(text)
        return read(text, parameters, name=name)

    store._engine.read = read_and_note  # type: ignore[method-assign]
    try:
        query = '{ coverageGaps(area: {code: "%s"}, first: %d) { nodes { %s } } }'
        ask(api, query % ("513431", 3, "duty village { name code } subject { ... on Household { cardNo } }"))
        ask(
            api,
            query % ("513431100", 5, "s: subject { ... on Household { no: cardNo } } x: village { c: code name } duty"),
        )
    finally:
        store._engine.read = read  # type: ignore[method-assign]
    duty_texts = [text for text in texts if "villageDuties" in text]
    assert len(duty_texts) == 2
    assert duty_texts[0] == duty_texts[1]


@pytest.mark.parametrize("query", ["deep", "chains"])
def test_both_engines_answer_the_same(store: Store, api: GraphQLApi, shared: Path, query: str) -> None:
    chains = """{ a: benefitChains(from: {fundNo: "ZJ000"}, first: 500) { totalCount edges { cursor node { hops { kind amount relationship evidence { number amount shares totalShares on }
      node { __typename ... on Fund { name } ... on Project { name area { name } } ... on Asset { name kind } ... on Household { current { headName } } } } } } } }"""
    answer = ask(api, DEEP, **COUNTY, first=500) if query == "deep" else ask(api, chains)
    assert_alike(shared, f"document {query}", store, answer)


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
    """Ask the same document with other areas, pages, cursors, flags and days: the answers must not depend on the values planned first."""
    query = "query($area: AreaScope!, $n: Int, $after: String, $ever: Boolean!, $day: Date) { "
    query += "coverageGaps(area: $area, asOf: $day, first: $n) { asOf nodes { village { households(first: $n, after: $after, ever: $ever) { "
    query += "totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { cardNo } } } } } }"
    county = TRUTH["county"]
    variable_sets: list[dict[str, Any]] = [
        {"area": {"code": code}, "n": n, "ever": ever, "day": day}
        for code in (county, f"{county}100")
        for n in (1, 3)
        for ever in (False, True)
        for day in ("2016-12-31", "2015-06-30")
    ]
    households = ask(api, query, **variable_sets[0])["coverageGaps"]["nodes"][0]["village"]["households"]
    variable_sets.append({**variable_sets[0], "after": households["pageInfo"]["endCursor"]})
    answers = [ask(api, query, **values) for values in variable_sets]
    assert answers == [ask(local_api(store), query, **values) for values in variable_sets]
    assert len({json.dumps(answer) for answer in answers}) > 4
