"""Proposed matchings: the best there is, held against another solver; what is proposed can be applied, once, as a whole."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
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
from tests.conftest import REGISTER, assert_alike, emptied
from tests.county import FIRST, H1, H2, H4, H6, SECOND, SHEETS, Sheets, workbook

COUNTY, TOWN = "513431", "513431101"
QUERY = """query($code: String!, $most: Int, $on: Date, $at: Int, $first: Int, $after: String) {
  found: suggestHelpers(area: {code: $code}, maxLoad: $most, asOf: $on, asKnownAt: $at, first: $first, after: $after) {
    totalCount eligibleCount totalDistance squaredLoads unserved asOf dataVersion pageInfo { hasNextPage endCursor }
    nodes { household { cardNo village { code } } village { code } cadre { cadreNo name } distance load } } }"""
APPLY = """mutation($input: ApplyAssignmentsInput!) { made: applyAssignments(input: $input) { __typename
  ... on ApplyAssignmentsSuccess { dataVersion changed asOf }
  ... on Invalid { field code zh en } ... on Conflict { code zh en } ... on Forbidden { code zh en } } }"""
GAPS = """query($code: String!, $on: Date) { gaps: coverageGaps(area: {code: $code}, duties: [HELPER], first: 500, asOf: $on) {
  totalCount nodes { subject { ... on Household { cardNo } } } } }"""


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query, variables=variables), granted_areas=granted).body()
    assert "errors" not in body, body["errors"]
    [found] = body["data"].values()
    return dict(found)


def suggest(api: GraphQLApi, code: str = COUNTY, granted: tuple[str, ...] = ("",), **more: Any) -> dict[str, Any]:
    return ask(api, QUERY, granted, code=code, **more)


def told(found: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    return [
        (one["household"]["cardNo"], one["cadre"]["cadreNo"], one["distance"], one["load"]) for one in found["nodes"]
    ]


def figures(found: dict[str, Any]) -> list[int]:
    names = ("totalCount", "eligibleCount", "totalDistance", "squaredLoads", "unserved")
    return [found[name] for name in names]


def pairs(found: dict[str, Any]) -> list[dict[str, str]]:
    return [{"cadreNo": one["cadre"]["cadreNo"], "cardNo": one["household"]["cardNo"]} for one in found["nodes"]]


# --- by hand: H4 and H6, both in the second village, have no present helper

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
"""Besides: GB5, whose department helps the second village; GB6, posted to its township; GB7, whom nothing places;
GB8, whose department is in a township without households."""


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    emptied(spare)
    report = import_files(spare, [workbook(PLACED, tmp_path_factory.mktemp("county") / "county.xlsx")])
    assert report.remarks == []
    return GraphQLApi(spare)


def test_the_nearest_come_first_then_who_has_least(county: GraphQLApi) -> None:
    found = suggest(county)
    assert told(found) == [(H4, "GB5", 0, 2), (H6, "GB5", 0, 2)]
    # GB1 has three households, GB2 one, GB3, GB5 and GB6 none.
    assert figures(found) == [2, 2, 0, 9 + 1 + 4, 0]
    assert [one["village"]["code"] for one in found["nodes"]] == [SECOND, SECOND]
    assert (found["asOf"], found["nodes"][0]["cadre"]["name"]) == ("2016-12-31", "子某")


def test_nobody_gets_more_than_the_limit(county: GraphQLApi) -> None:
    found = suggest(county, most=1)
    assert told(found) == [(H4, "GB5", 0, 1), (H6, "GB6", 1, 1)]
    assert figures(found) == [2, 2, 1, 9 + 1 + 1 + 1, 0]


def test_only_who_has_a_place_in_the_area(county: GraphQLApi) -> None:
    assert told(suggest(county, TOWN, most=1)) == [(H4, "GB5", 0, 1), (H6, "GB6", 1, 1)]
    found = suggest(county, SECOND, most=1)
    assert (told(found), figures(found)) == ([(H4, "GB5", 0, 1)], [1, 2, 0, 1, 1])
    assert figures(suggest(county, FIRST)) == [0, 0, 0, 10, 0]


def test_as_it_was_on_a_day(county: GraphQLApi) -> None:
    before = suggest(county, on="2016-05-31")
    # GB4 has not left, and has H6; GB1 has H4 till that day.
    assert (told(before), figures(before)[:3]) == ([], [0, 0, 0])
    after = suggest(county, on="2017-02-01", most=2)
    # Nobody helps H2 any more. GB1 has two; GB2 is placed by his department alone.
    assert told(after) == [(H2, "GB2", 0, 1), (H4, "GB5", 0, 2), (H6, "GB5", 0, 2)]


def test_what_is_not_granted_is_not_there(county: GraphQLApi) -> None:
    assert figures(suggest(county, granted=("513431100",))) == [0, 0, 0, 10, 0]
    assert figures(suggest(county, granted=(TOWN,))) == [2, 2, 0, 4, 0]
    both = suggest(county, granted=("513431100", SECOND), most=1)
    assert told(both) == [(H4, "GB5", 0, 1), (H6, "GB3", 2, 1)]
    assert told(suggest(county, granted=(FAR, SECOND), most=1)) == [(H4, "GB5", 0, 1), (H6, "GB8", 2, 1)]


@pytest.mark.parametrize("most", [0, 501, -1])
def test_a_limit_that_cannot_be_is_refused(county: GraphQLApi, most: int) -> None:
    body = county.execute(GraphQLRequest(QUERY, variables={"code": COUNTY, "most": most})).body()
    [error] = body["errors"]
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"
    assert "maxLoad" in error["message"]


# --- the sample register


@pytest.fixture(scope="module")
def sample(store: Store, imported: ImportReport) -> GraphQLApi:
    return GraphQLApi(store)


@pytest.mark.parametrize("on", ["2014-12-31", "2016-12-31", "2018-06-30"])
@pytest.mark.parametrize("code", [COUNTY, "513431100"])
def test_it_is_about_the_gaps_of_helpers(sample: GraphQLApi, code: str, on: str) -> None:
    gaps, found = ask(sample, GAPS, code=code, on=on), suggest(sample, code, on=on, first=500, most=500)
    assert found["eligibleCount"] == gaps["totalCount"] == found["totalCount"]
    assert {card for card, *_ in told(found)} == {one["subject"]["cardNo"] for one in gaps["nodes"]}


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
        assert store.statement_log.count("matching/page") == -(-len(rows) // 7)
        store.statement_log.clear()
        ask(sample, f'{{ suggestHelpers(area: {{code: "{COUNTY}"}}, maxLoad: 9) {{ totalCount nodes {{ load }} }} }}')
        assert [name for name in store.statement_log if "matching" in name] == [
            "matching/needs",
            "matching/helpers",
        ]
    finally:
        store.statement_log = None
    places = [(one["village"]["code"], one["household"]["cardNo"]) for one in rows]
    assert places == sorted(places)


def test_a_cursor_of_another_list_is_refused(sample: GraphQLApi) -> None:
    other = ask(sample, f'{{ measureGaps(area: {{code: "{COUNTY}"}}, first: 1) {{ pageInfo {{ endCursor }} }} }}')
    cursor = other["pageInfo"]["endCursor"]
    body = sample.execute(GraphQLRequest(QUERY, variables={"code": COUNTY, "after": cursor})).body()
    assert body["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"


# --- against another solver


def apart(village: str, place: str) -> int:
    """Levels that a village and a place do not share, counted from the village's side."""
    levels = [length for length in (2, 4, 6, 9, 12) if len(place) >= length and village[:length] == place[:length]]
    return 5 - len(levels)


def reference(households: Sequence[HouseholdKey], helpers: Sequence[Helper], most: int) -> tuple[int, int, int]:
    """(how many, distance, squares) of the best matching, over every pair."""
    graph: networkx.DiGraph[Any] = networkx.DiGraph()
    graph.add_nodes_from(("start", "end"))
    step = len(households) * 2 * most + 1
    for place in households:
        graph.add_edge("start", place, capacity=1, weight=0)
    for at, helper in enumerate(helpers):
        for place in households:
            steps = min(apart(place[0], other) for other in helper.area_codes)
            graph.add_edge(place, at, capacity=1, weight=step * steps)
        for load in range(helper.load, most):
            graph.add_edge(at, (at, load), capacity=1, weight=2 * load + 1)
            graph.add_edge((at, load), "end", capacity=1, weight=0)
    flow = networkx.max_flow_min_cost(graph, "start", "end")
    distance, added = divmod(int(networkx.cost_of_flow(graph, flow)), step)
    return sum(flow["start"].values()), distance, added + sum(helper.load**2 for helper in helpers)


def assert_holds(proposal: Proposal, households: Sequence[HouseholdKey], helpers: Sequence[Helper], most: int) -> None:
    """Every match is allowed, and the figures are theirs."""
    known, taken = {one.cadre_no: one for one in helpers}, Counter(one.cadre_no for one in proposal.matches)
    assert [one.sort_key for one in proposal.matches] == sorted(
        {one.sort_key for one in proposal.matches} & {*households}
    )
    for one in proposal.matches:
        helper = known[one.cadre_no]
        assert one.distance == min(apart(one.village, place) for place in helper.area_codes)
        assert one.load == helper.load + taken[one.cadre_no] <= most
    assert proposal.total_distance == sum(one.distance for one in proposal.matches)
    assert proposal.squared_loads == sum((one.load + taken[one.cadre_no]) ** 2 for one in helpers)
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
    lambda found: [(village, f"{at:02d}") for at, village in enumerate(found)]
)
HELPERS = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)), max_size=7
).map(lambda found: [Helper(f"GB{at}", load, tuple(places)) for at, (load, places) in enumerate(found)])


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
    """Over the tree of a county as it is published; cadres in a third of its villages, some in its townships."""
    drawn = random.Random(seed)
    villages = sorted(code for code in published_codes() if code.startswith(COUNTY) and len(code) == 12)
    homes = [*drawn.sample(villages, len(villages) // 3), *sorted({code[:9] for code in villages})]
    needs = [(drawn.choice(villages), f"{at:05d}") for at in range(households)]
    helpers = [
        Helper(f"GB{at:04d}", drawn.randint(0, 8), tuple(sorted(set(drawn.choices(homes, k=drawn.choice((1, 1, 2)))))))
        for at in range(cadres)
    ]
    return needs, helpers


@pytest.mark.parametrize("most", [10, 40, 500])
def test_ten_thousand_households(most: int, capfd: pytest.CaptureFixture[str]) -> None:
    households, helpers = county_of(10_000, 1_000, most)
    proposal = propose_matching(households, helpers, most)
    assert_holds(proposal, households, helpers, most)
    assert len(proposal.matches) == min(10_000, sum(max(most - one.load, 0) for one in helpers))
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


# --- applied


@pytest.fixture(scope="module")
def registered(spare: Store) -> Store:
    emptied(spare)
    import_files(spare, [REGISTER])
    return spare


@pytest.fixture
def api(registered: Store) -> Iterator[GraphQLApi]:
    yield GraphQLApi(registered)
    while len(versions(registered)) > 1:
        undo(registered)


def apply(api: GraphQLApi, assignments: list[dict[str, str]], key: str = "k1", **more: Any) -> dict[str, Any]:
    granted = more.pop("granted", ("",))
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{key}" if key.strip() else key
    given = {"clientKey": key, "since": "2016-12-31", "assignments": assignments, **more}
    return ask(api, APPLY, granted, input=given)


def gaps(api: GraphQLApi) -> set[str]:
    return {one["subject"]["cardNo"] for one in ask(api, GAPS, code=COUNTY)["nodes"]}


def test_applied_a_proposal_closes_the_gaps(api: GraphQLApi, registered: Store) -> None:
    before, found = gaps(api), suggest(api, first=500)
    assert len(before) == found["totalCount"] > 20
    made = apply(api, pairs(found), by="县扶贫办")
    assert made == {
        "__typename": "ApplyAssignmentsSuccess",
        "dataVersion": found["dataVersion"] + 1,
        "changed": True,
        "asOf": "2016-12-31",
    }
    assert gaps(api) == set()
    again = suggest(api)
    assert figures(again) == [0, 0, 0, found["squaredLoads"], 0], "the loads are as they were foretold"
    assert figures(suggest(api, at=found["dataVersion"])) == figures(found), "what was known before stays"
    assert apply(api, pairs(found), by="县扶贫办") == {**made, "changed": False}
    assert len(versions(registered)) == 2
    assert apply(api, pairs(found)[1:])["__typename"] == "Conflict", "the key was used for others"
    assert undo(registered) == made["dataVersion"]
    assert gaps(api) == before
    assert suggest(api, first=500) == found


def test_a_part_can_be_applied(api: GraphQLApi) -> None:
    before, found = gaps(api), suggest(api, first=3)
    apply(api, pairs(found))
    assert before - gaps(api) == {one["household"]["cardNo"] for one in found["nodes"]}


@pytest.mark.parametrize(
    ("wrong", "more", "kind", "field"),
    [
        ({"cardNo": "nobody's"}, {}, "Invalid", "assignments[1].cardNo"),
        ({"cadreNo": "nobody"}, {}, "Invalid", "assignments[1].cadreNo"),
        ({}, {"since": "0001-01-01"}, "Invalid", "since"),
        ({}, {"key": " "}, "Invalid", "clientKey"),
        ({}, {"granted": ("513432",)}, "Invalid", "assignments[0].cardNo"),
        ({"same": ""}, {}, "Invalid", "assignments[1]"),
        ({"left": ""}, {}, "Invalid", "assignments[1].cadreNo"),
        ({"helping": ""}, {}, "Conflict", None),
    ],
)
def test_where_one_is_refused_nothing_is_written(
    api: GraphQLApi, registered: Store, wrong: dict[str, str], more: dict[str, Any], kind: str, field: str | None
) -> None:
    good = pairs(suggest(api, first=3))
    if "same" in wrong:
        good[1] = good[0]
    elif "left" in wrong:
        query = f'{{ cadres(area: {{code: "{COUNTY}"}}, where: {{leftOn: {{lt: "2016-12-01"}}}}, first: 1) {{ nodes {{ cadreNo }} }} }}'
        good[1] = good[1] | ask(api, query)["nodes"][0]
    elif "helping" in wrong:
        query = f'{{ households(area: {{code: "{COUNTY}"}}, where: {{helpers: {{some: {{}}}}}}, first: 1) {{ nodes {{ cardNo helpers {{ nodes {{ cadreNo leftOn }} }} }} }} }}'
        [one] = ask(api, query)["nodes"]
        good[1] = {"cardNo": one["cardNo"], "cadreNo": one["helpers"]["nodes"][0]["cadreNo"]}
    else:
        good[1] = good[1] | wrong
    made = apply(api, good, **more)
    assert (made["__typename"], made.get("field")) == (kind, field), made
    assert made["zh"]
    assert made["en"]
    if kind == "Conflict":
        assert good[1]["cadreNo"] in made["zh"]
        assert good[1]["cardNo"] in made["en"]
    assert len(versions(registered)) == 1


def test_none_and_too_many_are_refused(api: GraphQLApi) -> None:
    for many in (0, 10_001):
        made = apply(api, [{"cadreNo": f"GB{at}", "cardNo": H1} for at in range(many)])
        assert (made["__typename"], made["field"]) == ("Invalid", "assignments")
        assert "10000" in made["zh"]
