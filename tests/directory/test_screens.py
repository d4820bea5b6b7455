"""Three screens of a front end: the tree of areas with counts, the card of a household, a list with filters and pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openpyxl import load_workbook

from graph_service.console.examples import Example, load_examples
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLApi
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.directory import ask

REGISTER = DATA / "register.xlsx"
SCREENS = {
    "4-area-tree": ["directory/areas"],
    "5-household-card": ["directory/household"],
    "6-households": ["directory/households", "directory/households.count"],
}
CARD = "5134311002000000"
ANSWERED: dict[str, Any] = {}


@pytest.fixture(scope="module")
def screens(store: Store, imported: ImportReport) -> dict[str, Example]:
    return {example.name: example for example in load_examples(store)}


@pytest.fixture(scope="module")
def register() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the register by sheet."""
    book = load_workbook(REGISTER, read_only=True)
    rows_by_sheet = {}
    for sheet in book.worksheets:
        _, header, *rows = list(sheet.iter_rows(values_only=True))
        rows_by_sheet[sheet.title] = [dict(zip(map(str, header), row, strict=False)) for row in rows]
    return rows_by_sheet


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_one_statement_and_a_total_one_more(
    api: GraphQLApi, store: Store, screens: dict[str, Example], name: str
) -> None:
    store.statement_log = []
    variables = screens[name].variables
    # The engine chooses the household of the example, so a fixed card is used.
    answer = ask(api, screens[name].query, **({**variables, "card": CARD} if "card" in variables else variables))
    statements, store.statement_log = (
        [statement for statement in store.statement_log if statement != "imports/published"],
        None,
    )
    assert statements == SCREENS[name]
    assert json.loads(json.dumps(answer)) == ANSWERED.setdefault(name, answer), "both engines answer the same"


def test_counts_of_areas_add_up_to_the_register(
    api: GraphQLApi, screens: dict[str, Example], register: dict[str, list[dict[str, Any]]]
) -> None:
    [county] = ask(api, screens["4-area-tree"].query, **screens["4-area-tree"].variables)["areas"]["nodes"]
    townships = county["children"]["nodes"]
    assert county["children"]["totalCount"] == len(townships) > 10
    assert county["counts"].pop("persons") > 2000
    assert county["counts"] == {
        name: sum(township["counts"][name] for township in townships) for name in county["counts"]
    }
    card_numbers = {row["户编号"] for row in register["贫困户"]}
    assert county["counts"]["households"] == pytest.approx(len(card_numbers), abs=5), "but for rows that are refused"


def test_a_card_has_what_the_register_has(
    api: GraphQLApi, screens: dict[str, Example], register: dict[str, list[dict[str, Any]]]
) -> None:
    pairings_by_card: dict[str, int] = {}
    for row in register["结对帮扶"]:
        pairings_by_card[row["户编号"]] = pairings_by_card.get(row["户编号"], 0) + 1
    visited = {row["户编号"] for row in register["走访记录"]}
    shared = {row["户编号"] for row in register["股权"]}
    cards = sorted(card for card in pairings_by_card if card in visited and card in shared)[:3]
    assert cards
    for card in cards:
        household = ask(api, screens["5-household-card"].query, card=card)["household"]
        rows = [row for row in register["贫困户"] if row["户编号"] == card]
        assert household["current"]["headName"] == rows[-1]["户主姓名"]
        assert household["members"]["totalCount"] == len([r for r in register["家庭成员"] if r["户编号"] == card])
        assert household["visits"]["totalCount"] == len([r for r in register["走访记录"] if r["户编号"] == card])
        assert len(household["helpers"]["edges"]) == pairings_by_card[card]
        assert {e["certificate"] for e in household["holdings"]["edges"]} == {
            r["股权证号"] for r in register["股权"] if r["户编号"] == card and "BAD" not in r["股权证号"]
        }


def test_the_list_pages_forwards_and_back(api: GraphQLApi, screens: dict[str, Example]) -> None:
    query, area = screens["6-households"].query, screens["6-households"].variables
    all_households = ask(api, query, **area, first=500)["households"]
    pages, after = [], None
    while True:
        page = ask(api, query, **area, first=7, after=after)["households"]
        pages += page["edges"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert pages == all_households["edges"]
    assert len(pages) == all_households["totalCount"] > 0
    gaps = "query($area: AreaScope!) { coverageGaps(area: $area, duties: [HELPER], first: 500) { nodes { subject { ... on Household { cardNo } } } } }"
    lacking = {gap["subject"]["cardNo"] for gap in ask(api, gaps, **area)["coverageGaps"]["nodes"]}
    assert all(edge["node"]["current"]["mainCause"] == "ILLNESS" for edge in pages)
    assert {edge["node"]["cardNo"] for edge in pages} <= lacking
    filtered = ask(
        api,
        query,
        **area,
        where={"current": {"wageIncome": {"gte": "5000"}}},
        orderBy={"by": "WAGE_INCOME", "descending": True},
    )
    incomes = [float(edge["node"]["current"]["wageIncome"]) for edge in filtered["households"]["edges"]]
    assert incomes == sorted(incomes, reverse=True)
    assert min(incomes) >= 5000
