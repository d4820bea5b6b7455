"""publishedTotals: nothing that a reader outside the administration asks tells a number below 5, nor do differences of answers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph_service.access.rights import Role
from graph_service.core.query_scope import QueryScope
from graph_service.features.coverage.published_totals import publish_count, whole_counties
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, SECOND, TOWN, Sheets, workbook
from tests.gaps import coverage_summary
from tests.reference.operations import Draw

COUNTY, NEIGHBOUR = "513431", "513432"
COLUMNS = "countyCode countyName duty eligible missing"
DAYS = ("2016-06-30", "2016-12-31", "2017-12-31")


def totals(store: Store, areas: tuple[str, ...] = (COUNTY,), /, **arguments: Any) -> dict[str, Any]:
    """Return the response to a reader outside the administration who is granted areas."""
    variables = {"area": {"code": COUNTY}} | arguments
    query = f"""query($area: AreaScope!, $first: Int, $after: String, $asOf: Date, $asKnownAt: Int) {{
      publishedTotals(area: $area, first: $first, after: $after, asOf: $asOf, asKnownAt: $asKnownAt) {{
        totalCount asOf dataVersion nodes {{ {COLUMNS} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    permissions = permissions_in(areas, (Role.OUTSIDER,), "press")
    return local_api(store).execute(GraphQLRequest(query, variables=variables), permissions=permissions).body()


def rows(store: Store, areas: tuple[str, ...] = (COUNTY,), /, **arguments: Any) -> list[dict[str, Any]]:
    body = totals(store, areas, **arguments)
    assert "errors" not in body, body
    nodes: list[dict[str, Any]] = body["data"]["publishedTotals"]["nodes"]
    return nodes


def register(village: str, helped: Sequence[bool], *, later: int = 0) -> Sheets:
    """Return the sheets of a village: for each household whether it has a helper; the last `later` ones have one from July 2016 only."""
    cards = [f"{village}{number:04d}" for number in range(len(helped))]
    return {
        "行政村": [["村编码", "村名", "是否贫困村", "年度"], [village, "某村", "否", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, village, "某", "未脱贫", 2016] for card in cards)],
        "帮扶干部": [["干部编号", "姓名"], ["GB1", "某"]],
        "结对帮扶": [
            ["户编号", "干部编号", "开始时间"],
            *([card, "GB1", date(2016, 7, 1) if number >= len(cards) - later else date(2014, 1, 1)] for number, card in enumerate(cards) if helped[number]),
        ],
    }  # fmt: skip


def test_published_numbers_are_those_of_the_summary_without_the_small_ones(
    store: Store, imported: ImportReport
) -> None:
    scope = QueryScope.resolve(store, COUNTY)
    shares = {share.duty.name: share for share in coverage_summary(store, scope, by="COUNTY", area=COUNTY)}
    published = {row["duty"]: row for row in rows(store)}
    assert published.keys() >= shares.keys()
    numbers = [(share.eligible, share.missing) for share in shares.values()]
    assert any(0 < missing < 5 for _, missing in numbers), "the sample has no small number"
    assert any(missing >= 5 for _, missing in numbers), "the sample has no large number"
    for duty, row in published.items():
        share = shares.get(duty)
        expected = [None if number < 5 else number // 5 * 5 for number in (share.eligible, share.missing)] if share else [None, None]  # fmt: skip
        assert [row["eligible"], row["missing"]] == expected


def variants() -> Iterator[tuple[Sheets, Sheets]]:
    """Yield registers of two counties that differ in their small numbers only, whatever the day."""
    for lacking, small in ((0, 0), (1, 1), (2, 4), (3, 2), (4, 3)):
        helped = [True] * (14 - lacking) + [False] * lacking
        # Of 10 to 14 households, fewer than 5 have no helper; of the neighbour's, fewer than 5 in all.
        yield register(FIRST, helped, later=min(4 - lacking, lacking)), register("513432100201", [True] * small)


def test_no_operation_tells_small_numbers_apart(empty: Store, tmp_path: Path) -> None:
    """The answers to a reader outside are the same to the byte for registers that differ in numbers below 5: whatever the area, the day
    or the data version, and whatever else of the schema is asked."""
    rng = random.Random(5)
    drawn = [draw for draw in (Draw(rng) for _ in range(50)) if "dataVersion" not in draw.text]
    outsider = permissions_in(("51",), (Role.OUTSIDER,), "press")
    seen: set[bytes] = set()
    everything: set[bytes] = set()
    for number, sheets in enumerate(variants()):
        emptied(empty)
        for part, content in enumerate(sheets):
            import_files(empty, [workbook(content, tmp_path / f"{number} {part}.xlsx")], day=20161231 + part * 10000)
        answers: list[Any] = [
            totals(empty, granted, area={"code": area}, asOf=day, asKnownAt=version)
            for granted, area, day, version in product((("51",), (COUNTY,)), ("5134", COUNTY), DAYS, (1, None))
        ]
        api = local_api(empty)
        for draw in drawn:
            request = GraphQLRequest(draw.text, variables=draw.variables)
            answers.append(api.execute(request, permissions=outsider).body())
        seen.add(orjson.dumps(answers))
        scope = QueryScope.resolve(empty, "51")
        everything.add(repr(coverage_summary(empty, scope, by="COUNTY", area="51")).encode())
    assert len(everything) == 5
    assert len(seen) == 1


def test_what_is_published_leaves_at_least_four_values() -> None:
    """An attacker who solves for what is owed, missing and fulfilled finds at least four values of each. What is fulfilled is published
    too: a visit is owed to a household that has a helper. Two days leave at least nine differences."""
    solutions: dict[tuple[int | None, ...], list[tuple[int, int, int]]] = {}
    for owed in range(60):
        for missing in range(owed + 1):
            numbers = (owed, missing, owed - missing)
            solutions.setdefault(tuple(map(publish_count, numbers)), []).append(numbers)
    assert (0, 0, 0) in solutions[None, None, None], "0 is not told apart from other small numbers"
    for published, candidates in solutions.items():
        if (published[0] or 0) < 50:
            assert all(len(set(values)) >= 4 for values in zip(*candidates, strict=True))
    days: dict[int | None, set[int]] = {}
    for number in range(40):
        days.setdefault(publish_count(number), set()).add(number)
    for before, after in product(days.values(), repeat=2):
        assert len({later - earlier for earlier in before for later in after}) >= 9


def test_a_row_is_the_same_whoever_asks(empty: Store, tmp_path: Path) -> None:
    for village in (FIRST, SECOND, "513432100201"):
        import_files(empty, [workbook(register(village, [True] * 7), tmp_path / f"{village}.xlsx")], day=20161231)
    narrow = rows(empty, (COUNTY,))
    helper = next(row for row in narrow if row["duty"] == "HELPER")
    # 14 households of two villages.
    assert helper == {
        "countyCode": COUNTY, "countyName": "昭觉县", "duty": "HELPER", "eligible": 10, "missing": None,
    }  # fmt: skip
    for granted, area in (
        (("51",), "5134"),
        (("",), "5134"),
        ((COUNTY, NEIGHBOUR), "5134"),
        ((COUNTY, f"{NEIGHBOUR}100"), "5134"),
    ):
        everywhere = rows(empty, granted, area={"code": area}, first=500)
        assert [row for row in everywhere if row["countyCode"] == COUNTY] == narrow
    assert {row["countyCode"] for row in everywhere} == {COUNTY}, "a township is no county"


@pytest.mark.parametrize(
    ("granted", "area"),
    [
        ((COUNTY,), {"code": TOWN}),
        ((TOWN,), {"code": COUNTY}),
        ((COUNTY,), {"code": COUNTY, "mode": "SELF"}),
        ((COUNTY,), {"code": COUNTY, "mode": "CHILDREN"}),
        ((NEIGHBOUR,), {"code": COUNTY}),
    ],
)
def test_parts_of_a_county_have_no_totals(
    store: Store, imported: ImportReport, granted: tuple[str, ...], area: dict[str, str]
) -> None:
    [error] = totals(store, granted, area=area)["errors"]
    if granted == (NEIGHBOUR,):
        assert error["extensions"]["code"] == "AREA_NOT_GRANTED"
        return
    assert error["extensions"]["code"] == "ARGUMENT_INVALID"
    assert "a county or a larger area" in error["message"]


def test_ranges_of_codes_keep_their_whole_counties() -> None:
    assert whole_counties((("51", "52"),)) == (("51", "52"),)
    assert whole_counties((("513431", "513432"),)) == (("513431", "513432"),)
    assert whole_counties((("513431100", "513431101"), ("513431100", "513433200"))) == (("513432", "513433"),)
    assert whole_counties((("513439199", "51343919:"), ("0", ":"))) == (("0", ":"),)


def test_every_county_and_duty_has_a_row_and_pages_join(store: Store, imported: ImportReport) -> None:
    everything = totals(store, ("51",), area={"code": "5134"}, first=500)["data"]["publishedTotals"]
    assert everything["totalCount"] == len(everything["nodes"])
    duties = {row["duty"] for row in everything["nodes"]}
    counties = {row["countyCode"] for row in everything["nodes"]}
    assert len(everything["nodes"]) == len(duties) * len(counties)
    assert len(counties) == 17
    joined: list[Any] = []
    after = None
    while True:
        page = totals(store, ("51",), area={"code": "5134"}, first=7, after=after)["data"]["publishedTotals"]
        joined += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert joined == everything["nodes"]


def test_pages_after_the_first_read_nothing_anew(store: Store, imported: ImportReport) -> None:
    narrow = {"area": {"code": "5134"}, "first": 50}
    first = totals(store, ("51",), **narrow)["data"]["publishedTotals"]
    store.statement_log = []
    try:
        second = totals(store, ("51",), **narrow, after=first["pageInfo"]["endCursor"])
        # Another caller who may read the same counties.
        again = totals(store, ("",), **narrow)
        # Which data version is the newest is looked up each second.
        assert set(store.statement_log) <= {"imports/published"}
    finally:
        store.statement_log = None
    assert second["data"]["publishedTotals"]["nodes"][0] not in first["nodes"]
    assert again["data"]["publishedTotals"] == first


def test_totals_that_are_kept_answer_no_other_question(empty: Store, tmp_path: Path) -> None:
    """A store that has answered other areas, days, data versions and callers gives the answers of one that has answered nothing."""
    for day, helped in ((20161231, 3), (20171231, 20)):
        sheets = register(FIRST, [False] * (30 - helped) + [True] * helped, later=8)
        import_files(empty, [workbook(sheets, tmp_path / f"{day}.xlsx")], day=day)
    variants = list(product((("51",), (COUNTY,), (NEIGHBOUR,)), ("5134", COUNTY), ("2016-05-31", "2018-01-31"), (1, 2)))
    answers = []
    for granted, area, as_of, version in variants:
        arguments = {"area": {"code": area}, "first": 500, "asOf": as_of, "asKnownAt": version}
        answers.append(totals(empty, granted, **arguments))
        fresh = Store(empty._engine, empty.codec)
        assert answers[-1] == totals(fresh, granted, **arguments)
    distinct = {
        orjson.dumps(answer["data"]["publishedTotals"]["nodes"]) for answer in answers if "errors" not in answer
    }
    assert len(distinct) >= 8, "the variants do not differ"


def test_an_outsider_learns_no_author_of_a_version(empty: Store, tmp_path: Path) -> None:
    sheets = workbook(register(FIRST, [True]), tmp_path / "register.xlsx")
    import_files(empty, [sheets], day=20161231, submitted_by="deng")
    query = GraphQLRequest("{ dataVersions { sequence by } }")
    answers = {
        role: local_api(empty).execute(query, permissions=permissions_in((COUNTY,), (role,))).body()
        for role in (Role.OUTSIDER, Role.OFFICIAL)
    }
    assert answers[Role.OUTSIDER]["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert {version["by"] for version in answers[Role.OFFICIAL]["data"]["dataVersions"]} == {"deng"}
