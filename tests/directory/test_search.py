"""Search by the beginning of number, name, pinyin and initials, in an area, page by page; compared with the names in the register."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.domain.pinyin import SURNAME_READINGS, to_pinyin
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import permissions_in
from tests.directory import ask, ask_refused

COUNTY = "513431"
QUERY = """query($text: String!, $kinds: [SearchKind!], $area: AreaScope, $first: Int, $after: String) {
  search(text: $text, kinds: $kinds, area: $area, first: $first, after: $after) {
    nodes { kind way text node { __typename id
      ... on Household { cardNo current { headName } village { code } }
      ... on Person { personNo current { name } household { village { code } } }
      ... on Cadre { cadreNo name } ... on Area { code name } ... on Fund { fundNo name } ... on Department { departmentNo name } } }
    edges { cursor } pageInfo { hasNextPage endCursor } } }"""


def load_hits(api: GraphQLApi, text: str, granted: tuple[str, ...] = ("",), **variables: Any) -> list[dict[str, Any]]:
    """Return all hits, read page by page."""
    hits: list[dict[str, Any]] = []
    after = None
    for _ in range(200):
        all_variables = {"text": text, "first": 97, **variables, "after": after}
        page = ask(api, QUERY, granted, **all_variables)["search"]
        hits += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return hits
    raise AssertionError("it does not end")


@pytest.fixture(scope="module")
def heads(api: GraphQLApi) -> dict[str, str]:
    """Return the name of the head by card number."""
    query = 'query($after: String) { households(area: {code: "513431"}, first: 500, after: $after) { nodes { cardNo current { headName } } pageInfo { hasNextPage endCursor } } }'
    names: dict[str, str] = {}
    after = None
    while True:
        page = ask(api, query, after=after)["households"]
        names |= {node["cardNo"]: node["current"]["headName"] for node in page["nodes"] if node["current"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return names


def test_households_by_name_pinyin_first_letters_and_number(api: GraphQLApi, heads: dict[str, str]) -> None:
    name = sorted(heads.values())[len(heads) // 2]
    full, initials = to_pinyin(name, is_person=True)
    assert full
    assert initials
    for text, expected in (
        (name[:1], {card for card, head in heads.items() if head.startswith(name[:1])}),
        (name, {card for card, head in heads.items() if head == name}),
        (full[:4].upper(), {card for card, head in heads.items() if _begins(head, full[:4])}),
        (initials, {card for card, head in heads.items() if _begins(head, initials)}),
        ("513431100200", {card for card in heads if card.startswith("513431100200")}),
    ):
        hits = load_hits(api, text, kinds=["HOUSEHOLD"])
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
    return any(spelling is not None and spelling.startswith(text) for spelling in to_pinyin(name, is_person=True))


def test_everything_is_looked_for_at_once(api: GraphQLApi, store: Store) -> None:
    store.statement_log = []
    body = ask(api, QUERY, text="ZJ0", first=50)["search"]
    statements, store.statement_log = [name for name in store.statement_log if name != "imports/published"], None
    assert statements == ["search"]
    assert {hit["kind"] for hit in body["nodes"]} == {"FUND"}
    assert body["nodes"][0]["node"]["fundNo"] == body["nodes"][0]["text"] == "ZJ000"
    kinds = {hit["kind"] for hit in load_hits(api, "z")}
    assert {"AREA", "FUND", "PERSON"} <= kinds
    assert COUNTY in [hit["node"]["code"] for hit in load_hits(api, "zhaojue", kinds=["AREA"])]
    assert [hit["node"]["code"] for hit in load_hits(api, "昭觉县", kinds=["AREA"])] == [COUNTY]


def test_only_what_lies_there_is_found(api: GraphQLApi) -> None:
    town = f"{COUNTY}100"
    all_hits = load_hits(api, "l", kinds=["HOUSEHOLD", "PERSON", "AREA"])
    hits_in_town = load_hits(api, "l", kinds=["HOUSEHOLD", "PERSON", "AREA"], area={"code": town})
    granted_hits = load_hits(api, "l", (town,), kinds=["HOUSEHOLD", "PERSON", "AREA"])
    assert hits_in_town == granted_hits
    assert 0 < len(hits_in_town) < len(all_hits)

    def area_code(hit: dict[str, Any]) -> str:
        node = hit["node"]
        if hit["kind"] == "AREA":
            return str(node["code"])
        home = node if hit["kind"] == "HOUSEHOLD" else node["household"]
        # Kin of a cadre who helps in the town may have no household in the register.
        return town if home is None else str(home["village"]["code"])

    assert all(area_code(hit).startswith(town) for hit in hits_in_town)
    body = api.execute(GraphQLRequest(QUERY, variables={"text": "l"}), permissions=permissions_in(())).body()
    assert (body["data"]["search"], body["errors"][0]["extensions"]["code"]) == (None, "ACCESS_DENIED")


@pytest.mark.parametrize("text", ["l", "zh", "李", "5134311002", "gb00"])
def test_a_county_is_searched_as_its_prefecture_is(api: GraphQLApi, text: str) -> None:
    """Compare both scopes: one is searched among its nodes, one by the indexes; the register has only one county of the prefecture."""
    kinds = ["HOUSEHOLD", "PERSON", "CADRE", "PROJECT", "ASSET"]
    county_hits = load_hits(api, text, kinds=kinds, area={"code": COUNTY})
    assert county_hits == load_hits(api, text, kinds=kinds, area={"code": COUNTY[:4]})
    assert county_hits


@pytest.mark.parametrize("text", ["", "   ", "x" * 51])
def test_too_little_or_too_much_is_refused(api: GraphQLApi, text: str) -> None:
    query = "query($t: String!) { search(text: $t) { nodes { text } } }"
    assert ask_refused(api, query, t=text)["extensions"]["code"] == "ARGUMENT_INVALID"


@pytest.mark.parametrize("text", ["'", '"', "`", "\\", "%", "$text", "' OR 1=1 //", "{", "😀"])
def test_signs_are_just_text(api: GraphQLApi, text: str) -> None:
    assert load_hits(api, text) == []


@given(st.text(st.characters(codec="utf-8"), max_size=8))
def test_a_spelling_is_small_letters_and_digits(text: str) -> None:
    for spelling in (*to_pinyin(text), *to_pinyin(text, is_person=True)):
        assert spelling is None or (spelling.isascii() and spelling.isalnum() and spelling == spelling.lower())


def test_surnames_are_read_as_surnames() -> None:
    assert to_pinyin("单雄信", is_person=True) == ("shanxiongxin", "sxx")
    assert to_pinyin("单位") == ("danwei", "dw")
    assert to_pinyin("尉迟恭", is_person=True) == ("yuchigong", "ycg")
    assert to_pinyin("吕小女") == ("lvxiaonv", "lxn")
    assert to_pinyin("ABC公司3号") == ("abcgongsi3hao", "abcgs3h")
    assert all(len(name) == len(reading.split()) for name, reading in SURNAME_READINGS.items())
