"""The declared inquiries: answers of the truth file, pages, filters, scope, and how many of how many."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.api.execution import Graphql, Request
from graph_service.model.enumerations import CAUSE
from graph_service.services.imports.run import Report
from graph_service.store.graph import Store

TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "truth.json").read_text(encoding="utf-8"))
COUNTY, AS_OF = TRUTH["county"], TRUTH["as_of"]
CAUSES = CAUSE.member_by_text()
WANTED = {
    (card, CAUSES[cause]): reason for card, causes in TRUTH["measure_gaps"].items() for cause, reason in causes.items()
}
QUERY = """query($area: AreaScope!, $causes: [PovertyCause!], $first: Int, $after: String) {
  gaps: measureGaps(area: $area, causes: $causes, first: $first, after: $after) {
    totalCount eligibleCount asOf pageInfo { hasNextPage endCursor }
    nodes { household { cardNo } village { code } cause reason acceptedKinds answeredByShares present { measureNo kind content hollow } } } }"""


@pytest.fixture(scope="module")
def api(store: Store, imported: Report) -> Graphql:
    return Graphql(store)


def ask(api: Graphql, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    given = {"area": {"code": COUNTY}, **variables}
    body = api.execute(Request(QUERY, variables=given), granted=granted).body()
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]["gaps"]
    return found


def whole(api: Graphql, size: int, **more: Any) -> list[dict[str, Any]]:
    """Every row, page by page."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        found = ask(api, first=size, after=after, **more)
        rows += found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return rows
        after = found["pageInfo"]["endCursor"]


def told(rows: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    return {(row["household"]["cardNo"], row["cause"]): row["reason"] for row in rows}


@pytest.mark.parametrize("size", [7, 500])
def test_measure_gaps_are_those_of_the_truth_file(api: Graphql, size: int) -> None:
    rows = whole(api, size)
    assert len(rows) == len(WANTED)
    assert told(rows) == WANTED
    places = [(row["village"]["code"], row["household"]["cardNo"]) for row in rows]
    assert places == sorted(places)


def test_how_many_of_how_many(api: Graphql) -> None:
    found = ask(api, first=0)
    assert (found["totalCount"], found["nodes"]) == (len(WANTED), [])
    assert found["eligibleCount"] > found["totalCount"]
    assert found["asOf"] == AS_OF


def test_only_some_causes(api: Graphql) -> None:
    causes = ["ILLNESS", "LACK_OF_WATER"]
    rows = whole(api, 500, causes=causes)
    assert told(rows) == {key: reason for key, reason in WANTED.items() if key[1] in causes}
    assert ask(api, causes=causes)["totalCount"] == len(rows)


def test_what_is_there_says_why_it_does_not_answer(api: Graphql) -> None:
    for row in whole(api, 500):
        answering = [one for one in row["present"] if one["kind"] in row["acceptedKinds"]]
        assert all(one["hollow"] for one in answering)
        assert (row["reason"] == "HOLLOW") == bool(answering)


def test_only_what_lies_there(api: Graphql) -> None:
    town = min(card[:9] for card, _ in WANTED)
    there = {key: reason for key, reason in WANTED.items() if key[0].startswith(town)}
    assert told(whole(api, 500, area={"code": town})) == there
    found = ask(api, (town,), first=500)
    assert (told(found["nodes"]), found["totalCount"]) == (there, len(there))
