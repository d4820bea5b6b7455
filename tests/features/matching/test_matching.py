"""Proposed matchings: they are optimal by comparison with another solver, and can be applied once, as a whole or in part."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.core.areas import published_codes
from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.errors import ArgumentInvalid
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.matching import network
from graph_service.features.matching.network import Helper
from graph_service.features.matching.proposal import HouseholdKey, Proposal, propose_matching
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import REGISTER, assert_alike, emptied
from tests.county import FIRST, H1, H2, H4, H6, SECOND, SHEETS, Sheets, workbook

COUNTY, TOWN = "513431", "513431101"
QUERY = """query($code: String!, $most: Int, $on: Date, $at: Int, $first: Int, $after: String) {
  found: suggestHelpers(area: {code: $code}, maxLoad: $most, asOf: $on, asKnownAt: $at, first: $first, after: $after) {
    totalCount eligibleCount totalDistance squaredLoads unserved asOf dataVersion pageInfo { hasNextPage endCursor }
    nodes { household { cardNo village { code } } village { code } cadre { cadreNo name } distance load } } }"""
APPLY = """mutation($input: ApplyAssignmentsInput!) { made: applyAssignments(input: $input) { __typename
  ... on ApplyAssignmentsSuccess { dataVersion changed asOf }
  ... on Refusal { code zh en } ... on Invalid { field } } }"""
GAPS = """query($code: String!, $on: Date) { gaps: coverageGaps(area: {code: $code}, duties: [HELPER], first: 500, asOf: $on) {
  totalCount nodes { subject { ... on Household { cardNo } } } } }"""


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    [answer] = body["data"].values()
    return dict(answer)


def suggest(api: GraphQLApi, code: str = COUNTY, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    return ask(api, QUERY, granted, code=code, **variables)


def match_rows(proposal: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    return [
        (match["household"]["cardNo"], match["cadre"]["cadreNo"], match["distance"], match["load"])
        for match in proposal["nodes"]
    ]


def figures(proposal: dict[str, Any]) -> list[int]:
    names = ("totalCount", "eligibleCount", "totalDistance", "squaredLoads", "unserved")
    return [proposal[name] for name in names]


def pairs(proposal: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"cadreNo": match["cadre"]["cadreNo"], "cardNo": match["household"]["cardNo"]} for match in proposal["nodes"]
    ]


# --- cases worked out by hand: H4 and H6, both in the second village, have no present helper

FAR = "513431110"
PLACED: Sheets = {
    **SHEETS,
    "帮扶部门": [
        ["部门编号", "部门名称", "区划代码"],
        *([*row, None] for row in SHEETS["帮扶部门"][1:]),
        ["BM3", "某所", None],
        ["BM4", "某站", FAR],
    ],
    "部门帮村": [*SHEETS["部门帮村"], ["BM3", SECOND, date(2015, 1, 1), None]],
    "帮扶干部": [
        *SHEETS["帮扶干部"],
        ["GB5", "子某", "科员", None, "BM3"],
        ["GB6", "丑某", "科员", None, "BM2"],
        ["GB7", "寅某", "科员", None, "BM2"],
        ["GB8", "卯某", "科员", None, "BM4"],
    ],
    "挂职干部": [["干部编号", "区划代码", "开始时间", "结束时间"], ["GB6", TOWN, date(2015, 1, 1), None]],
}
"""The county with four more cadres: GB5, whose department helps the second village; GB6, posted to its township; GB7, without any area;
GB8, whose department is in a township without households."""


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    emptied(spare)
    report = import_files(spare, [workbook(PLACED, tmp_path_factory.mktemp("county") / "county.xlsx")])
    assert report.remarks == []
    return local_api(spare)


def test_the_nearest_come_first_then_who_has_least(county: GraphQLApi) -> None:
    proposal = suggest(county)
    assert match_rows(proposal) == [(H4, "GB5", 0, 2), (H6, "GB5", 0, 2)]
    # GB1 has three households, GB2 one, GB3, GB5 and GB6 none.
    assert figures(proposal) == [2, 2, 0, 9 + 1 + 4, 0]
    assert [match["village"]["code"] for match in proposal["nodes"]] == [SECOND, SECOND]
    assert (proposal["asOf"], proposal["nodes"][0]["cadre"]["name"]) == ("2016-12-31", "子某")


def test_nobody_gets_more_than_the_limit(county: GraphQLApi) -> None:
    proposal = suggest(county, most=1)
    assert match_rows(proposal) == [(H4, "GB5", 0, 1), (H6, "GB6", 1, 1)]
    assert figures(proposal) == [2, 2, 1, 9 + 1 + 1 + 1, 0]


def test_only_who_has_a_place_in_the_area(county: GraphQLApi) -> None:
    assert match_rows(suggest(county, TOWN, most=1)) == [(H4, "GB5", 0, 1), (H6, "GB6", 1, 1)]
    proposal = suggest(county, SECOND, most=1)
    assert (match_rows(proposal), figures(proposal)) == ([(H4, "GB5", 0, 1)], [1, 2, 0, 1, 1])
    assert figures(suggest(county, FIRST)) == [0, 0, 0, 10, 0]


def test_as_it_was_on_a_day(county: GraphQLApi) -> None:
    earlier = suggest(county, on="2016-05-31")
    # GB4 has not left and helps H6; GB1 helps H4 until that day.
    assert (match_rows(earlier), figures(earlier)[:3]) == ([], [0, 0, 0])
    later = suggest(county, on="2017-02-01", most=2)
    # H2 has no helper any more. GB1 helps two households; GB2 has an area by his department alone.
    assert match_rows(later) == [(H2, "GB2", 0, 1), (H4, "GB5", 0, 2), (H6, "GB5", 0, 2)]


def test_what_is_not_granted_is_not_there(county: GraphQLApi) -> None:
    assert figures(suggest(county, granted=("513431100",))) == [0, 0, 0, 10, 0]
    assert figures(suggest(county, granted=(TOWN,))) == [2, 2, 0, 4, 0]
    proposal = suggest(county, granted=("513431100", SECOND), most=1)
    assert match_rows(proposal) == [(H4, "GB5", 0, 1), (H6, "GB3", 2, 1)]
    assert match_rows(suggest(county, granted=(FAR, SECOND), most=1)) == [(H4, "GB5", 0, 1), (H6, "GB8", 2, 1)]


@pytest.mark.parametrize("most", [0, 501, -1])
def test_a_limit_that_cannot_be_is_refused(county: GraphQLApi, most: int) -> None:
    body = county.execute(GraphQLRequest(QUERY, variables={"code": COUNTY, "most": most})).body()
    [error] = body["errors"]
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"
    assert "maxLoad" in error["message"]


# --- the sample register


@pytest.fixture(scope="module")
def sample(store: Store, imported: ImportReport) -> GraphQLApi:
    return local_api(store)


@pytest.mark.parametrize("on", ["2014-12-31", "2016-12-31", "2018-06-30"])
@pytest.mark.parametrize("code", [COUNTY, "513431100"])
def test_it_is_about_the_gaps_of_helpers(sample: GraphQLApi, code: str, on: str) -> None:
    gaps, proposal = ask(sample, GAPS, code=code, on=on), suggest(sample, code, on=on, first=500, most=500)
    assert proposal["eligibleCount"] == gaps["totalCount"] == proposal["totalCount"]
    assert {card for card, *_ in match_rows(proposal)} == {gap["subject"]["cardNo"] for gap in gaps["nodes"]}


def test_pages_are_of_one_proposal(sample: GraphQLApi, store: Store, shared: Path) -> None:
    whole = suggest(sample, first=500)
    assert whole["totalCount"] > 20
    assert_alike(shared, "suggested helpers", store, whole["nodes"])
    rows: list[Any] = []
    after = None
    store.statement_log = []
    try:
        while True:
            page = suggest(sample, first=7, after=after)
            assert figures(page) == figures(whole)
            rows += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert rows == whole["nodes"]
        assert "matching/needs" not in store.statement_log, "it is kept"
        assert store.statement_log.count("nodes") == -(-len(rows) // 7)
        store.statement_log.clear()
        ask(sample, f'{{ suggestHelpers(area: {{code: "{COUNTY}"}}, maxLoad: 9) {{ totalCount nodes {{ load }} }} }}')
        assert [name for name in store.statement_log if "matching" in name] == [
            "matching/needs",
            "matching/helpers",
        ]
    finally:
        store.statement_log = None
    sort_keys = [(match["village"]["code"], match["household"]["cardNo"]) for match in rows]
    assert sort_keys == sorted(sort_keys)


def test_a_cursor_of_another_list_is_refused(sample: GraphQLApi) -> None:
    foreign_page = ask(
        sample, f'{{ measureGaps(area: {{code: "{COUNTY}"}}, first: 1) {{ pageInfo {{ endCursor }} }} }}'
    )
    cursor = foreign_page["pageInfo"]["endCursor"]
    body = sample.execute(GraphQLRequest(QUERY, variables={"code": COUNTY, "after": cursor})).body()
    assert body["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"


# --- against another solver


def area_distance(village: str, area: str) -> int:
    """Return the number of levels of a village that are not shared with an area."""
    levels = [length for length in (2, 4, 6, 9, 12) if len(area) >= length and village[:length] == area[:length]]
    return 5 - len(levels)


def reference(households: Sequence[HouseholdKey], helpers: Sequence[Helper], most: int) -> tuple[int, int, int]:
    """Return (matches, distance, squared loads) of the best matching, computed over every pair."""
    graph: networkx.DiGraph[Any] = networkx.DiGraph()
    graph.add_nodes_from(("start", "end"))
    step = len(households) * 2 * most + 1
    for household in households:
        graph.add_edge("start", household, capacity=1, weight=0)
    for helper_index, helper in enumerate(helpers):
        for household in households:
            steps = min(area_distance(household[0], area) for area in helper.area_codes)
            graph.add_edge(household, helper_index, capacity=1, weight=step * steps)
        for load in range(helper.load, most):
            graph.add_edge(helper_index, (helper_index, load), capacity=1, weight=2 * load + 1)
            graph.add_edge((helper_index, load), "end", capacity=1, weight=0)
    flow = networkx.max_flow_min_cost(graph, "start", "end")
    distance, added = divmod(int(networkx.cost_of_flow(graph, flow)), step)
    return sum(flow["start"].values()), distance, added + sum(helper.load**2 for helper in helpers)


def assert_holds(proposal: Proposal, households: Sequence[HouseholdKey], helpers: Sequence[Helper], most: int) -> None:
    """Check that every match is allowed, and that the totals are those of the matches."""
    helper_by_no, match_counts = (
        {helper.cadre_no: helper for helper in helpers},
        Counter(match.cadre_no for match in proposal.matches),
    )
    matched_keys = [(match.village, match.household) for match in proposal.matches]
    assert matched_keys == sorted({*matched_keys} & {*households})
    for match in proposal.matches:
        helper = helper_by_no[match.cadre_no]
        assert match.distance == min(area_distance(match.village, area) for area in helper.area_codes)
        assert match.load == helper.load + match_counts[match.cadre_no] <= most
    assert proposal.total_distance == sum(match.distance for match in proposal.matches)
    assert proposal.squared_loads == sum((helper.load + match_counts[helper.cadre_no]) ** 2 for helper in helpers)
    assert proposal.unserved == len(households) - len(proposal.matches)


VILLAGES = [
    f"{province}{prefecture}{county}{town}{village}"
    for province in ("51", "52")
    for prefecture in ("01", "34")
    for county in ("01", "31")
    for town in ("100", "101")
    for village in ("200", "201")
]
PLACES = sorted({village[:length] for village in VILLAGES for length in (2, 4, 6, 9, 12)})
NEEDS = st.lists(st.sampled_from(VILLAGES), max_size=12).map(
    lambda villages: [(village, f"{index:02d}") for index, village in enumerate(villages)]
)
HELPERS = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)), max_size=7
).map(
    lambda drawn_helpers: [
        Helper(f"GB{index}", load, tuple(areas)) for index, (load, areas) in enumerate(drawn_helpers)
    ]
)


@settings(max_examples=200, deadline=None)
@given(NEEDS, HELPERS, st.integers(1, 6))
def test_nothing_is_better(households: list[HouseholdKey], helpers: list[Helper], most: int) -> None:
    proposal = propose_matching(households, helpers, most)
    assert_holds(proposal, households, helpers, most)
    assert (len(proposal.matches), proposal.total_distance, proposal.squared_loads) == reference(
        households, helpers, most
    )
    assert propose_matching(households[::-1], helpers[::-1], most) == proposal, "in whatever order they come"


def county_of(households: int, cadres: int, seed: int) -> tuple[list[HouseholdKey], list[Helper]]:
    """Return households and helpers of a county in the published area tree; cadres are in a third of its villages and in its townships."""
    rng = random.Random(seed)
    villages = sorted(code for code in published_codes() if code.startswith(COUNTY) and len(code) == 12)
    areas = [*rng.sample(villages, len(villages) // 3), *sorted({code[:9] for code in villages})]
    needs = [(rng.choice(villages), f"{index:05d}") for index in range(households)]
    helpers = [
        Helper(f"GB{index:04d}", rng.randint(0, 8), tuple(sorted(set(rng.choices(areas, k=rng.choice((1, 1, 2)))))))
        for index in range(cadres)
    ]
    return needs, helpers


@pytest.mark.parametrize("most", [10, 40, 500])
def test_ten_thousand_households(most: int, capfd: pytest.CaptureFixture[str]) -> None:
    households, helpers = county_of(10_000, 1_000, most)
    proposal = propose_matching(households, helpers, most)
    assert_holds(proposal, households, helpers, most)
    assert len(proposal.matches) == min(10_000, sum(max(most - helper.load, 0) for helper in helpers))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("most", "seed"), [(6, 1), (10, 2), (30, 3)])
def test_a_part_of_a_county_against_the_other_solver(most: int, seed: int) -> None:
    households, helpers = county_of(150, 30, seed)
    proposal = propose_matching(households, helpers, most)
    best = reference(households, helpers, most)
    assert (len(proposal.matches), proposal.total_distance, proposal.squared_loads) == best


def test_what_is_too_large_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MAX_ARCS", 50)
    households, helpers = county_of(30, 20, 1)
    with pytest.raises(ArgumentInvalid, match="maxLoad"):
        propose_matching(households, helpers, 10)


# --- applying a proposal


@pytest.fixture(scope="module")
def registered(spare: Store) -> Store:
    emptied(spare)
    import_files(spare, [REGISTER])
    return spare


def apply(api: GraphQLApi, assignments: list[dict[str, str]], key: str = "k1", **overrides: Any) -> dict[str, Any]:
    granted = overrides.pop("granted", ("",))
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{key}" if key.strip() else key
    arguments = {"clientKey": key, "since": "2016-12-31", "assignments": assignments, **overrides}
    return ask(api, APPLY, granted, input=arguments)


def gaps(api: GraphQLApi) -> set[str]:
    return {gap["subject"]["cardNo"] for gap in ask(api, GAPS, code=COUNTY)["nodes"]}


def test_applied_a_proposal_closes_the_gaps(api: GraphQLApi, registered: Store) -> None:
    gaps_before, proposal = gaps(api), suggest(api, first=500)
    assert len(gaps_before) == proposal["totalCount"] > 20
    result = apply(api, pairs(proposal), by="县扶贫办")
    assert result == {
        "__typename": "ApplyAssignmentsSuccess",
        "dataVersion": proposal["dataVersion"] + 1,
        "changed": True,
        "asOf": "2016-12-31",
    }
    assert gaps(api) == set()
    second_proposal = suggest(api)
    assert figures(second_proposal) == [0, 0, 0, proposal["squaredLoads"], 0], "the loads are as they were foretold"
    assert figures(suggest(api, at=proposal["dataVersion"])) == figures(proposal), "what was known before stays"
    assert apply(api, pairs(proposal), by="县扶贫办") == {**result, "changed": False}
    assert len(versions(registered)) == 2
    assert apply(api, pairs(proposal)[1:], by="县扶贫办")["code"] == "CLIENT_KEY_REUSED"
    assert undo(registered) == result["dataVersion"]
    assert gaps(api) == gaps_before
    assert suggest(api, first=500) == proposal


def test_a_part_can_be_applied(api: GraphQLApi) -> None:
    gaps_before, proposal = gaps(api), suggest(api, first=3)
    apply(api, pairs(proposal))
    assert gaps_before - gaps(api) == {match["household"]["cardNo"] for match in proposal["nodes"]}


@pytest.mark.parametrize(
    ("wrong", "more", "kind", "code", "field"),
    [
        ({"cardNo": "nobody's"}, {}, "Invalid", "RECORD_UNKNOWN", "assignments[1].cardNo"),
        ({"cadreNo": "nobody"}, {}, "Invalid", "RECORD_UNKNOWN", "assignments[1].cadreNo"),
        ({}, {"since": "0001-01-01"}, "Invalid", "OUT_OF_RANGE", "since"),
        ({}, {"key": " "}, "Invalid", "REQUIRED_VALUE_MISSING", "clientKey"),
        ({}, {"granted": ("513432",)}, "Invalid", "RECORD_UNKNOWN", "assignments[0].cardNo"),
        ({"same": ""}, {}, "Invalid", "LISTED_TWICE", "assignments[1]"),
        ({"left": ""}, {}, "Invalid", "HOLDER_HAS_LEFT", "assignments[1].cadreNo"),
        ({"helping": ""}, {}, "Conflict", "ALREADY_ASSIGNED", None),
    ],
)
def test_where_one_is_refused_nothing_is_written(
    api: GraphQLApi,
    registered: Store,
    wrong: dict[str, str],
    more: dict[str, Any],
    kind: str,
    code: str,
    field: str | None,
) -> None:
    assignments = pairs(suggest(api, first=3))
    if "same" in wrong:
        assignments[1] = assignments[0]
    elif "left" in wrong:
        query = f'{{ cadres(area: {{code: "{COUNTY}"}}, where: {{leftOn: {{lt: "2016-12-01"}}}}, first: 1) {{ nodes {{ cadreNo }} }} }}'
        assignments[1] = assignments[1] | ask(api, query)["nodes"][0]
    elif "helping" in wrong:
        query = f'{{ households(area: {{code: "{COUNTY}"}}, where: {{helpers: {{}}}}, first: 1) {{ nodes {{ cardNo helpers {{ nodes {{ cadreNo leftOn }} }} }} }} }}'
        [helped] = ask(api, query)["nodes"]
        assignments[1] = {"cardNo": helped["cardNo"], "cadreNo": helped["helpers"]["nodes"][0]["cadreNo"]}
    else:
        assignments[1] = assignments[1] | wrong
    result = apply(api, assignments, **more)
    assert (result["__typename"], result["code"], result.get("field")) == (kind, code, field), result
    assert result["zh"]
    assert result["en"]
    if kind == "Conflict":
        assert assignments[1]["cadreNo"] in result["zh"]
        assert assignments[1]["cardNo"] in result["en"]
    assert len(versions(registered)) == 1


def test_none_and_too_many_are_refused(api: GraphQLApi) -> None:
    for size, code in ((0, "REQUIRED_VALUE_MISSING"), (10_001, "TOO_MANY_ITEMS")):
        result = apply(api, [{"cadreNo": f"GB{index}", "cardNo": H1} for index in range(size)])
        assert (result["field"], result["code"]) == ("assignments", code)
        assert "10000" in result["zh"]
