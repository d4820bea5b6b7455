"""Global ids: records of different days or data versions have different ids, so that caches keep them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.cursors import encode_global_id
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.callers import local_api
from tests.clients import node
from tests.conftest import emptied
from tests.serving import serving

CASE = DATA / "cases" / "11-client-cache"
BOTH = (CASE / "both.graphql").read_text(encoding="utf-8")


@pytest.fixture
def api(spare: Store) -> GraphQLApi:
    import_files(emptied(spare), [CASE])
    return local_api(spare)


def ask(api: GraphQLApi, document: str) -> Any:
    body = api.execute(GraphQLRequest(document)).body()
    assert "errors" not in body, body["errors"]
    return body["data"]


def sizes(api: GraphQLApi, ids: list[str], arguments: str = "") -> list[int | None]:
    id_list = ", ".join(f'"{id_}"' for id_ in ids)
    nodes = ask(api, f"{{ nodes(ids: [{id_list}]{arguments}) {{ ... on Household {{ current {{ size }} }} }} }}")[
        "nodes"
    ]
    return [node and node["current"]["size"] for node in nodes]


def test_a_cache_keeps_two_days_apart(packages: Path, api: GraphQLApi, spare: Store) -> None:
    with serving(spare) as url:
        cached = node.told("cache.mjs", url, BOTH)
    assert [cached[alias]["current"]["size"] for alias in ("a", "b")] == [5, 3]


def test_an_id_gives_the_record_of_its_day(api: GraphQLApi) -> None:
    households = ask(api, BOTH)
    ids = [households[alias]["id"] for alias in ("a", "b")]
    plain_id = ask(api, '{ household(cardNo: "H2") { id } }')["household"]["id"]
    assert len({*ids, plain_id}) == 3
    assert plain_id == encode_global_id("Household", "", "H2")
    assert sizes(api, [*ids, plain_id, ids[0]]) == [5, 3, 3, 5]
    # A day in the arguments applies to all ids.
    assert sizes(api, [*ids, plain_id], ', asOf: "2015-12-31"') == [5, 5, 5]
    assert ask(api, f'{{ node(id: "{ids[0]}") {{ id ... on Household {{ current {{ size }} }} }} }}')["node"] == {
        "id": ids[0],
        "current": {"size": 5},
    }
    page = ask(api, '{ households(area: {code: "513431"}, asOf: "2015-12-31") { nodes { id current { id } } } }')
    for household in page["households"]["nodes"]:
        assert household["id"].startswith(encode_global_id("Household", "@20151231", "")[:20])
        answer = ask(api, f'{{ node(id: "{household["current"]["id"]}") {{ ... on HouseholdYear {{ year }} }} }}')
        assert answer["node"]["year"] == 2015


def test_an_id_gives_the_record_of_its_version(api: GraphQLApi, spare: Store, tmp_path: Path) -> None:
    changed = (CASE / "贫困户.csv").read_text(encoding="utf-8-sig").replace("未脱贫,3", "未脱贫,4")
    (tmp_path / "贫困户.csv").write_text(changed, encoding="utf-8")
    import_files(spare, [tmp_path])
    [old, new] = [
        ask(api, f'{{ household(cardNo: "H2"{argument}) {{ id current {{ size }} }} }}')["household"]
        for argument in (", asKnownAt: 1", "")
    ]
    assert (old["current"]["size"], new["current"]["size"]) == (3, 4)
    assert old["id"] != new["id"]
    assert sizes(api, [old["id"], new["id"]]) == [3, 4]
    assert sizes(api, [new["id"]], ", asKnownAt: 1") == [3]


@pytest.mark.parametrize(
    "mark", ["@", "@2015", "@20151331", "@20151231@", "@20151231@7@1", "@@x", "@-1", "@20151231x", "@20151231@@7"]
)
def test_what_names_no_day_is_no_id(api: GraphQLApi, mark: str) -> None:
    assert sizes(api, [encode_global_id("Household", mark, "H2")]) == [None]


def test_an_id_of_a_version_that_was_never_published_is_refused(api: GraphQLApi) -> None:
    body = api.execute(
        GraphQLRequest(f'{{ node(id: "{encode_global_id("Household", "@@99", "H2")}") {{ id }} }}')
    ).body()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["VERSION_UNKNOWN"]
