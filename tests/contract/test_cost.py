"""The cost of an operation: counted from declared sizes before it runs, reported, refused above the budget."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_introspection_query

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.cost import DEFAULT_BUDGET, ROOT_FIELD_COST
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest, PreparedOperation
from graph_service.graphql.types.derived import FEW_SIZE
from graph_service.platform.store.graph import Store
from tests.callers import local_api

AREA = 'area: {code: "513431"}'
VILLAGES = 163
"""The number of villages of the county in the published area tree."""
COSTS = {
    "{ __typename }": ROOT_FIELD_COST,
    "{ dataVersions { sequence } }": ROOT_FIELD_COST + 100,
    "{ households(first: 7) { nodes { cardNo } } }": ROOT_FIELD_COST + 1 + 7,
    f"{{ households({AREA}) {{ totalCount }} }}": ROOT_FIELD_COST + 1 + 50 + VILLAGES,
    f"{{ households({AREA}) {{ nodes {{ cardNo }} }} }}": ROOT_FIELD_COST + 1 + 50 + VILLAGES,
    f"{{ households({AREA}) {{ totalCount nodes {{ cardNo }} }} }}": ROOT_FIELD_COST + 1 + 50 + 50 + 2 * VILLAGES,
    f"{{ households({AREA}, first: 7) {{ nodes {{ cardNo village {{ name }} }} }} }}": ROOT_FIELD_COST
    + 1
    + 7 * 2
    + VILLAGES,
    f"{{ households({AREA}, last: 7) {{ edges {{ cursor node {{ cardNo }} }} }} }}": ROOT_FIELD_COST
    + 1
    + 7 * 2
    + VILLAGES,
    f"{{ households({AREA}, first: 7) {{ nodes {{ ...A ...A }} }} }} "
    "fragment A on Household { members(first: 3) { nodes { node: id } } }": ROOT_FIELD_COST
    + 1
    + 7 * (1 + 1 + 3)
    + VILLAGES,
    f"{{ households({AREA}, first: 7) {{ nodes {{ helpers(first: 500) {{ totalCount nodes {{ id }} }} }} }} }}": ROOT_FIELD_COST
    + 1
    + 7 * (1 + 1 + FEW_SIZE + FEW_SIZE)
    + VILLAGES,
    f"{{ households({AREA}, first: 7, where: {{not: {{helpers: {{}}}}}}) {{ totalCount }} }}": ROOT_FIELD_COST
    + 1
    + 7 * 3
    + VILLAGES,
    '{ coverageGaps(area: {code: "513431", mode: SELF}) { totalCount } }': ROOT_FIELD_COST + 1 + 50 + 1,
    '{ nodes(ids: ["a", "b"]) { ... on Household { current { year } village { id } } ... on Cadre { id } } }': ROOT_FIELD_COST
    + 2 * 3,
}


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return local_api(store)


@pytest.mark.parametrize("query", COSTS)
def test_objects_of_an_answer_are_counted(api: GraphQLApi, query: str) -> None:
    body = api.execute(GraphQLRequest(query)).body()
    assert body["extensions"]["cost"] == {"counted": COSTS[query], "budget": DEFAULT_BUDGET}


def test_sizes_from_variables_count(api: GraphQLApi) -> None:
    query = f"query($n: Int) {{ households({AREA}, first: $n) {{ nodes {{ cardNo }} }} }}"
    costs = [
        api.execute(GraphQLRequest(query, variables={"n": size})).body()["extensions"]["cost"]["counted"]
        for size in (3, 30)
    ]
    assert costs == [ROOT_FIELD_COST + 4 + VILLAGES, ROOT_FIELD_COST + 31 + VILLAGES]


def test_the_size_of_an_area_counts_wherever_it_is_named(api: GraphQLApi) -> None:
    """Use one plan for all areas: twenty questions are answered over a county and refused over a province."""
    root_fields = " ".join(f"r{index}: coverageGaps(area: $area) {{ totalCount }}" for index in range(20))
    query = f"query($area: AreaScope!) {{ {root_fields} }}"
    is_accepted_by_area = {}
    for code in ("513431100", "513431", "51"):
        operation = api.prepare(GraphQLRequest(query, variables={"area": {"code": code}}))
        is_accepted_by_area[code] = isinstance(operation, PreparedOperation)
    assert is_accepted_by_area == {"513431100": True, "513431": True, "51": False}
    [error] = api.execute(GraphQLRequest(query, variables={"area": {"code": "51"}})).body()["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_REFUSED"


def test_above_the_budget_nothing_is_asked(api: GraphQLApi, store: Store) -> None:
    nested = f"{{ households({AREA}, first: 500) {{ nodes {{ village {{ households(first: 500) {{ nodes {{ id }} }} }} }} }} }}"
    store.statement_log = []
    response = api.execute(GraphQLRequest(nested))
    statements, store.statement_log = store.statement_log, None
    [error] = response.body()["errors"]
    assert (response.status, statements) == (400, [])
    assert "251511" in error["message"]
    assert error["extensions"]["code"] == "DOCUMENT_REFUSED"


def test_the_budget_is_a_setting(store: Store, imported: ImportReport) -> None:
    def answer(budget: int) -> dict[str, Any]:
        return (
            local_api(store, budget)
            .execute(GraphQLRequest(f"{{ households({AREA}) {{ nodes {{ cardNo }} }} }}"))
            .body()
        )

    cost = ROOT_FIELD_COST + 51 + VILLAGES
    assert "data" not in answer(cost - 1)
    assert answer(cost)["extensions"]["cost"]["budget"] == cost


def test_the_schema_may_be_asked_for_but_not_many_times_over(api: GraphQLApi) -> None:
    assert api.execute(GraphQLRequest(get_introspection_query())).body()["data"]["__schema"]
    nested = " ".join(f"a{index}: fields {{ type {{ fields {{ args {{ name }} }} }} }}" for index in range(30))
    [error] = api.execute(GraphQLRequest(f"{{ __schema {{ types {{ {nested} }} }} }}")).body()["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_REFUSED"


def test_plans_of_large_variables_are_not_kept(api: GraphQLApi) -> None:
    query = "query($ids: [ID!]!, $w: HouseholdWhere) { nodes(ids: $ids) { id } households(where: $w) { totalCount } }"
    cached_plans = api._plan_cache._cache
    count_before = len(cached_plans)
    for size in (1, 50, 20_000):
        api.execute(GraphQLRequest(query, variables={"ids": ["x"] * size, "w": {}}))
    assert len(cached_plans) == count_before + 1
    for size in (501, 502):
        api.execute(GraphQLRequest(query, variables={"ids": [], "w": {"any": [{}] * size}}))
    assert len(cached_plans) == count_before + 1
