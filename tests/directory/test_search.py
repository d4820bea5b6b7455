"""Search: by the beginning of number, name, pinyin and its first letters, in an area, page by page; against the register's own names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.pinyin import SURNAME_READINGS, to_pinyin
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store

COUNTY = "513431"
QUERY = """query($text: String!, $kinds: [SearchKind!], $area: AreaScope, $first: Int, $after: String) {
  search(text: $text, kinds: $kinds, area: $area, first: $first, after: $after) {
    nodes { kind way text node { __typename id
      ... on Household { cardNo current { headName } village { code } }
      ... on Person { personNo current { name } household { village { code } } }
      ... on Cadre { cadreNo name } ... on Area { code name } ... on Fund { fundNo name } ... on Department { departmentNo name } } }
    edges { cursor } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    return GraphQLApi(store)


def found(api: GraphQLApi, text: str, granted: tuple[str, ...] = ("",), **more: Any) -> list[dict[str, Any]]:
    """All hits, page by page."""
    hits: list[dict[str, Any]] = []
    after = None
    for _ in range(200):
        asked = {"text": text, "first": 97, **more, "after": after}
        body = api.execute(GraphQLRequest(QUERY, variables=asked), granted_areas=granted).body()
        assert "errors" not in body, body["errors"]
        page = body["data"]["search"]
        hits += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return hits
    raise AssertionError("it does not end")


@pytest.fixture(scope="module")
def heads(api: GraphQLApi) -> dict[str, str]:
    """Card number → name of the head."""
    query = 'query($after: String) { households(area: {code: "513431"}, first: 500, after: $after) { nodes { cardNo current { headName } } pageInfo { hasNextPage endCursor } } }'
    names: dict[str, str] = {}
    after = None
    while True:
        page = api.execute(GraphQLRequest(query, variables={"after": after})).body()["data"]["households"]
        names |= {one["cardNo"]: one["current"]["headName"] for one in page["nodes"] if one["current"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return names


def test_households_by_name_pinyin_first_letters_and_number(api: GraphQLApi, heads: dict[str, str]) -> None:
    name = sorted(heads.values())[len(heads) // 2]
    full, initials = to_pinyin(name, is_person=True)
    assert full
    assert initials
    for text, expected in (
        (name[:1], {card for card, one in heads.items() if one.startswith(name[:1])}),
        (name, {card for card, one in heads.items() if one == name}),
        (full[:4].upper(), {c for c, one in heads.items() if _begins(one, full[:4])}),
        (initials, {c for c, one in heads.items() if _begins(one, initials)}),
        ("513431100200", {card for card in heads if card.startswith("513431100200")}),
    ):
        hits = found(api, text, kinds=["HOUSEHOLD"])
        cards = [hit["node"]["cardNo"] for hit in hits]
        assert len(cards) == len(set(cards))
        assert set(cards) == expected, text
        order = [
            (["NUMBER", "NAME", "PINYIN", "INITIALS"].index(hit["way"]), _sort(hit), hit["node"]["cardNo"])
            for hit in hits
        ]
        assert order == sorted(order)


def _sort(hit: dict[str, Any]) -> str:
    return str(hit["text"] if hit["way"] == "NUMBER" else to_pinyin(hit["text"], is_person=True)[0])


def _begins(name: str, text: str) -> bool:
    return any(one is not None and one.startswith(text) for one in to_pinyin(name, is_person=True))


def test_everything_is_looked_for_at_once(api: GraphQLApi, store: Store) -> None:
    store.statement_log = []
    body = api.execute(GraphQLRequest(QUERY, variables={"text": "ZJ0", "first": 50})).body()["data"]["search"]
    sent, store.statement_log = [name for name in store.statement_log if name != "imports/published"], None
    assert sent == ["search"]
    assert {hit["kind"] for hit in body["nodes"]} == {"FUND"}
    assert body["nodes"][0]["node"]["fundNo"] == body["nodes"][0]["text"] == "ZJ000"
    kinds = {hit["kind"] for hit in found(api, "z")}
    assert {"AREA", "FUND", "PERSON"} <= kinds
    assert COUNTY in [hit["node"]["code"] for hit in found(api, "zhaojue", kinds=["AREA"])]
    assert [hit["node"]["code"] for hit in found(api, "昭觉县", kinds=["AREA"])] == [COUNTY]


def test_only_what_lies_there_is_found(api: GraphQLApi) -> None:
    town = f"{COUNTY}100"
    everywhere = found(api, "l", kinds=["HOUSEHOLD", "PERSON", "AREA"])
    there = found(api, "l", kinds=["HOUSEHOLD", "PERSON", "AREA"], area={"code": town})
    granted = found(api, "l", (town,), kinds=["HOUSEHOLD", "PERSON", "AREA"])
    assert there == granted
    assert 0 < len(there) < len(everywhere)

    def code(hit: dict[str, Any]) -> str:
        node = hit["node"]
        if hit["kind"] == "AREA":
            return str(node["code"])
        home = node if hit["kind"] == "HOUSEHOLD" else node["household"]
        # Kin of a cadre who helps there may live nowhere in the register.
        return town if home is None else str(home["village"]["code"])

    assert all(code(hit).startswith(town) for hit in there)
    assert found(api, "l", ()) == [] or {hit["kind"] for hit in found(api, "l", ())} <= {
        "DEPARTMENT",
        "ENTERPRISE",
        "COOPERATIVE",
        "FUND",
        "POLICY",
    }


@pytest.mark.parametrize("text", ["l", "zh", "李", "5134311002", "gb00"])
def test_a_county_is_searched_as_its_prefecture_is(api: GraphQLApi, text: str) -> None:
    """Among all that lies there, or by the indexes: the register has one county of the prefecture."""
    kinds = ["HOUSEHOLD", "PERSON", "CADRE", "PROJECT", "ASSET"]
    near = found(api, text, kinds=kinds, area={"code": COUNTY})
    assert near == found(api, text, kinds=kinds, area={"code": COUNTY[:4]})
    assert near


@pytest.mark.parametrize("text", ["", "   ", "x" * 51])
def test_too_little_or_too_much_is_refused(api: GraphQLApi, text: str) -> None:
    [error] = api.execute(
        GraphQLRequest("query($t: String!) { search(text: $t) { nodes { text } } }", variables={"t": text})
    ).body()["errors"]
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"


@pytest.mark.parametrize("text", ["'", '"', "`", "\\", "%", "$text", "' OR 1=1 //", "{", "😀"])
def test_signs_are_just_text(api: GraphQLApi, text: str) -> None:
    assert found(api, text) == []


@given(st.text(st.characters(codec="utf-8"), max_size=8))
def test_a_spelling_is_small_letters_and_digits(text: str) -> None:
    for one in (*to_pinyin(text), *to_pinyin(text, is_person=True)):
        assert one is None or (one.isascii() and one.isalnum() and one == one.lower())


def test_surnames_are_read_as_surnames() -> None:
    assert to_pinyin("单雄信", is_person=True) == ("shanxiongxin", "sxx")
    assert to_pinyin("单位") == ("danwei", "dw")
    assert to_pinyin("尉迟恭", is_person=True) == ("yuchigong", "ycg")
    assert to_pinyin("吕小女") == ("lvxiaonv", "lxn")
    assert to_pinyin("ABC公司3号") == ("abcgongsi3hao", "abcgs3h")
    assert all(len(name) == len(read.split()) for name, read in SURNAME_READINGS.items())
