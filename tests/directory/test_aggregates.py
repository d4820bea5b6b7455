"""Sums of a list: equal to what its items say, as a whole and in groups, under the same filters, area, day and scope."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest

from graph_service.graphql.execution import GraphQLApi
from tests.directory import ask, ask_refused

COUNTY, TOWNSHIP = "513431", "513431100"
NUMBERS = "numbers { property count sum min max average }"


def load_all(api: GraphQLApi, field: str, arguments: str, selection: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    after = ""
    while True:
        page = ask(api, f"{{ page: {field}({arguments}, first: 500{after}) {{ nodes {{ {selection} }} pageInfo {{ hasNextPage endCursor }} }} }}")["page"]  # fmt: skip
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = f', after: "{page["pageInfo"]["endCursor"]}"'


def figures(property_: str, texts: list[Any], places: int, average_places: int) -> dict[str, Any]:
    """Return the figures of values, as an aggregate tells them."""
    numbers = [Decimal(str(text)) for text in texts if text is not None]
    if not numbers:
        return {"property": property_, "count": 0, "sum": None, "min": None, "max": None, "average": None}
    average = (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal(1).scaleb(-average_places), ROUND_HALF_EVEN)
    return {
        "property": property_,
        "count": len(numbers),
        **{
            name: f"{number:.{places}f}"
            for name, number in (("sum", sum(numbers, Decimal(0))), ("min", min(numbers)), ("max", max(numbers)))
        },
        "average": f"{average:f}" if average_places == places else f"{average.normalize():f}",
    }


AREA = f'area: {{code: "{COUNTY}"}}'


def test_a_whole_list_has_one_group(api: GraphQLApi) -> None:
    where = 'where: {current: {wageIncome: {gte: "1000"}}}'
    households = load_all(api, "households", f"{AREA}, {where}", "current { wageIncome size }")
    answer = ask(api, f"{{ households({AREA}, {where}, first: 0) {{ totalCount aggregate(of: [WAGE_INCOME, SIZE]) {{ key areaCode count {NUMBERS} }} }} }}")["households"]  # fmt: skip
    assert answer["totalCount"] == len(households)
    [group] = answer["aggregate"]
    assert (group["key"], group["areaCode"], group["count"]) == (None, None, len(households))
    assert group["numbers"] == [
        figures("WAGE_INCOME", [h["current"]["wageIncome"] for h in households], 2, 2),
        figures("SIZE", [h["current"]["size"] for h in households], 0, 6),
    ]


def test_groups_by_a_code_and_an_area(api: GraphQLApi) -> None:
    selection = "current { mainCause transferIncome } village { code }"
    groups: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for household in load_all(api, "households", AREA, selection):
        key = household["village"]["code"][:9], household["current"]["mainCause"]
        groups[key].append(household["current"]["transferIncome"])
    answer = ask(api, f"{{ households({AREA}, first: 0) {{ aggregate(of: [TRANSFER_INCOME], by: MAIN_CAUSE, level: TOWNSHIP) {{ areaCode key count {NUMBERS} }} }} }}")  # fmt: skip
    assert [
        (group["areaCode"], group["key"], group["count"], group["numbers"][0])
        for group in answer["households"]["aggregate"]
    ] == [
        (area, key, len(texts), figures("TRANSFER_INCOME", texts, 2, 2))
        for (area, key), texts in sorted(
            groups.items(), key=lambda item: (item[0][0], item[0][1] is None, item[0][1] or "")
        )
    ]
    assert len(groups) > 20


def test_a_day_is_grouped_by_its_year(api: GraphQLApi) -> None:
    years: dict[str, list[Any]] = defaultdict(list)
    for measure in load_all(api, "measures", AREA, "startsOn amount"):
        years[measure["startsOn"][:4]].append(measure["amount"])
    answer = ask(api, f"{{ measures({AREA}, first: 0) {{ aggregate(of: AMOUNT, by: STARTS_ON) {{ key count {NUMBERS} }} }} }}")  # fmt: skip
    assert {group["key"]: (group["count"], group["numbers"][0]) for group in answer["measures"]["aggregate"]} == {
        year: (len(texts), figures("AMOUNT", texts, 2, 2)) for year, texts in years.items()
    }


def test_funds_by_kind_are_one_field(api: GraphQLApi) -> None:
    kinds: dict[str, list[Any]] = defaultdict(list)
    for fund in load_all(api, "funds", "where: {level: [COUNTY]}", "kind amount"):
        kinds[fund["kind"]].append(fund["amount"])
    answer = ask(api, f"{{ funds(where: {{level: [COUNTY]}}, first: 0) {{ byKind: aggregate(of: AMOUNT, by: KIND) {{ key count {NUMBERS} }} all: aggregate {{ count numbers {{ sum }} }} }} }}")["funds"]  # fmt: skip
    assert {group["key"]: group["numbers"][0] for group in answer["byKind"]} == {
        kind: figures("AMOUNT", texts, 2, 2) for kind, texts in kinds.items()
    }
    assert answer["all"] == [{"count": sum(map(len, kinds.values())), "numbers": []}]


def test_figures_of_rates_are_shown_as_rates(api: GraphQLApi) -> None:
    texts = [asset["floorRate"] for asset in load_all(api, "assets", AREA, "floorRate") if asset["floorRate"]]
    answer = ask(api, f"{{ assets({AREA}, first: 0) {{ aggregate(of: FLOOR_RATE) {{ {NUMBERS} }} }} }}")["assets"]
    [[numbers]] = [group["numbers"] for group in answer["aggregate"]]
    assert (numbers["min"], numbers["max"]) == (min(texts, key=Decimal), max(texts, key=Decimal))
    assert numbers["sum"] == f"{sum(map(Decimal, texts), Decimal(0)).normalize():f}"
    assert not numbers["average"].endswith("0")


def test_the_scope_holds(api: GraphQLApi) -> None:
    query = "{ households(first: 0) { totalCount aggregate(level: COUNTY) { areaCode count } } }"
    answer = ask(api, query, granted=(TOWNSHIP,))["households"]
    assert answer["aggregate"] == [{"areaCode": COUNTY, "count": answer["totalCount"]}]
    within = ask(api, f'{{ households(area: {{code: "{TOWNSHIP}"}}, first: 0) {{ totalCount }} }}')["households"]
    assert answer["totalCount"] == within["totalCount"] < ask(api, query)["households"]["totalCount"]


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        (f"{{ households({AREA}) {{ aggregate(of: MAIN_CAUSE) {{ count }} }} }}", "of"),
        (f"{{ cadres({AREA}) {{ aggregate(level: COUNTY) {{ count }} }} }}", "level"),
    ],
)
@pytest.mark.one_engine
def test_what_cannot_be_summed_is_refused(api: GraphQLApi, query: str, argument: str) -> None:
    error = ask_refused(api, query)
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"
    assert argument in error["message"]


@pytest.mark.one_engine
def test_nothing_has_no_group_but_for_the_whole(api: GraphQLApi) -> None:
    where = 'where: {cardNo: {eq: "none"}}'
    answer = ask(api, f"{{ households({AREA}, {where}, first: 0) {{ whole: aggregate(of: SIZE) {{ count {NUMBERS} }} grouped: aggregate(by: MAIN_CAUSE) {{ count }} }} }}")["households"]  # fmt: skip
    assert answer["grouped"] == []
    assert answer["whole"] in ([], [{"count": 0, "numbers": [figures("SIZE", [], 0, 6)]}])
