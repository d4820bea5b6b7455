"""Deliveries complete for an area: only records missing from them end there, with a remark; returning records begin anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_service.core.recording.import_lifecycle import undo
from graph_service.domain.metamodel import LAST_DAY
from graph_service.errors import AreaUnknown
from graph_service.features.checks.run import FINDINGS_PROGRESS
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

TOWNSHIP = FIRST[:9]
EVE = 20171230
A, B, C, D = (f"{FIRST}{n:04d}" for n in range(1, 5))


def cards(year: int, *numbers: str, elsewhere: bool = True) -> list[list[Any]]:
    """Return the cards of a year, all poor; with `elsewhere`, household D of another township is always included."""
    rows = [[card, FIRST, "某", "未脱贫", 2014, year] for card in numbers]
    if elsewhere:
        rows.append([D, SECOND, "某", "未脱贫", 2014, year])
    return [["户编号", "村编码", "户主姓名", "脱贫属性", "识别年度", "年度"], *rows]


def members(year: int, *numbers: str) -> list[list[Any]]:
    """Return a sheet of persons, each numbered by the household's card number and two digits."""
    rows = [
        [person_no, person_no[:-2], "某", "户主" if person_no.endswith("01") else "子", year] for person_no in numbers
    ]
    return [["人口编号", "户编号", "姓名", "与户主关系", "年度"], *rows]


def helping(*numbers: str) -> list[list[Any]]:
    return [["干部编号", "户编号", "开始时间"], *(["GB1", card_no, "2016-03-01"] for card_no in numbers)]


FORMER: Sheets = {
    "贫困户": cards(2016, A, B, C),
    "家庭成员": members(2016, f"{A}01", f"{B}01", f"{B}02", f"{C}01", f"{D}01"),
    "帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"]],
    "帮扶干部": [["干部编号", "干部姓名", "部门编号"], ["GB1", "某", "BM1"]],
    "结对帮扶": helping(A, B, C, D),
}
LATER: Sheets = {
    "贫困户": cards(2017, A, B, elsewhere=False),
    "家庭成员": members(2017, f"{A}01", f"{B}01"),
    "结对帮扶": helping(B),
}


@pytest.fixture
def first(spare: Store, tmp_path: Path) -> Store:
    emptied(spare)
    deliver(spare, tmp_path, FORMER)
    return spare


def deliver(store: Store, folder: Path, sheets: Sheets, *areas: str, **options: Any) -> ImportReport:
    report = import_files(store, [workbook(sheets, folder / "delivery.xlsx")], complete_areas=areas, **options)
    assert not any(remark.refused for remark in report.remarks)
    return report


def until(store: Store, type_: str) -> dict[str, int]:
    """Return the last day by card or person number; relationships without an end are omitted."""
    rows = store.query_text(
        f"MATCH (a)-[r:{type_}]->(b) WHERE r.superseded > 1000 AND r.until < {LAST_DAY} "
        "RETURN coalesce(a.person_no, a.card_no, b.card_no), r.until ORDER BY r.until",
        {},
    )
    return {row[0]: row[1] for row in rows}


def since(store: Store, type_: str) -> dict[str, int]:
    """Return the first day of relationships without an end, by card or person number."""
    rows = store.query_text(
        f"MATCH (a)-[r:{type_}]->(b) WHERE r.superseded > 1000 AND r.until = {LAST_DAY} "
        "RETURN coalesce(a.person_no, a.card_no, b.card_no), r.since",
        {},
    )
    return {row[0]: row[1] for row in rows}


def ended_counts(report: ImportReport) -> dict[str, tuple[int, int]]:
    numbers_by_sheet = {
        sheet: (counts.get("ended", 0), counts.get("withdrawn", 0)) for sheet, counts in report.records.items()
    }
    return {sheet: numbers for sheet, numbers in numbers_by_sheet.items() if any(numbers)}


def test_what_is_lacking_ends_on_the_day_before_and_it_is_said(first: Store, tmp_path: Path) -> None:
    report = deliver(first, tmp_path, LATER, TOWNSHIP)
    assert ended_counts(report) == {"贫困户": (1, 0), "家庭成员": (2, 0), "结对帮扶": (2, 0)}
    assert sorted((r.sheet, r.row, r.key) for r in report.remarks if r.code == "LACKING") == [
        ("家庭成员", 0, f"{B}02 / {B}"),
        ("家庭成员", 0, f"{C}01 / {C}"),
        ("结对帮扶", 0, f"GB1 / {A}"),
        ("结对帮扶", 0, f"GB1 / {C}"),
        ("贫困户", 0, f"{C} / {FIRST}"),
    ]
    assert until(first, "LIVES_IN") == until(first, "POOR_IN") == {C: EVE}
    assert until(first, "MEMBER_OF") == {f"{B}02": EVE, f"{C}01": EVE}
    assert until(first, "HELPS") == {A: EVE, C: EVE}
    assert deliver(first, tmp_path, LATER, TOWNSHIP).changed == 0, "it is known"


def test_an_addition_ends_nothing(first: Store, tmp_path: Path) -> None:
    assert ended_counts(deliver(first, tmp_path, LATER)) == {}
    assert until(first, "LIVES_IN") == {}


def test_who_comes_back_is_there_again(first: Store, tmp_path: Path) -> None:
    deliver(first, tmp_path, LATER, TOWNSHIP)
    returned_sheets: Sheets = {"贫困户": cards(2018, C, elsewhere=False), "家庭成员": members(2018, f"{C}01")}
    deliver(first, tmp_path, returned_sheets)
    # The gap in between stays recorded.
    assert until(first, "LIVES_IN") == until(first, "POOR_IN") == {C: EVE}
    assert until(first, "MEMBER_OF") == {f"{B}02": EVE, f"{C}01": EVE}
    assert since(first, "LIVES_IN")[C] == since(first, "POOR_IN")[C] == since(first, "MEMBER_OF")[f"{C}01"] == 20180101
    # A cadre on a complete list helps on the day of the list, though it has no column for the end.
    deliver(first, tmp_path, {"贫困户": cards(2018, A), "结对帮扶": helping(A)}, TOWNSHIP)
    assert set(until(first, "HELPS")) == {B, C}


def test_a_card_of_the_year_is_withdrawn(first: Store, tmp_path: Path) -> None:
    report = deliver(first, tmp_path, {"贫困户": cards(2016, A)}, FIRST)
    assert ended_counts(report) == {"贫困户": (2, 2)}
    [[card_count]] = first.query_text("MATCH (s:HouseholdYear) WHERE s.superseded > 1000 RETURN count(s)", {})
    assert card_count == 2


def test_what_was_left_out_by_mistake_and_is_delivered_again_has_never_ended(first: Store, tmp_path: Path) -> None:
    mistaken_sheets: Sheets = {
        "贫困户": cards(2016, A, B),
        "家庭成员": members(2016, f"{A}01", f"{B}01", f"{B}02", f"{D}01"),
    }
    before = until(first, "LIVES_IN"), until(first, "MEMBER_OF"), until(first, "POOR_IN")
    deliver(first, tmp_path, mistaken_sheets, TOWNSHIP, day=20170630)
    assert (until(first, "LIVES_IN")[C], until(first, "MEMBER_OF")[f"{C}01"]) == (20170629, 20170629)
    returned_sheets: Sheets = {"贫困户": cards(2016, C, elsewhere=False), "家庭成员": members(2016, f"{C}01")}
    deliver(first, tmp_path, returned_sheets, day=20170630)
    assert (until(first, "LIVES_IN"), until(first, "MEMBER_OF"), until(first, "POOR_IN")) == before


def test_a_card_of_a_former_year_does_not_bring_back_who_has_left(first: Store, tmp_path: Path) -> None:
    deliver(first, tmp_path, {"贫困户": cards(2016, A, B)}, TOWNSHIP, day=20170630)
    deliver(first, tmp_path, {"贫困户": cards(2015, C, elsewhere=False)}, day=20170630)
    assert until(first, "LIVES_IN")[C] == 20170629


def test_who_has_cards_of_former_years_alone_is_not_there_on_the_day(spare: Store, tmp_path: Path) -> None:
    """Check a delivery with cards of several years, also as the first delivery; sent again it changes nothing."""
    emptied(spare)
    two_years: Sheets = {
        "贫困户": [*cards(2016, A, B, C), *cards(2017, A, B)[1:]],
        "家庭成员": [*members(2016, f"{A}01", f"{B}01", f"{B}02", f"{C}01"), *members(2017, f"{A}01", f"{B}01")[1:]],
    }
    for _ in range(2):
        report = deliver(spare, tmp_path, two_years, TOWNSHIP)
        assert until(spare, "LIVES_IN") == until(spare, "POOR_IN") == {C: EVE}
        assert until(spare, "MEMBER_OF") == {f"{B}02": EVE, f"{C}01": EVE}
    assert report.changed == 0


def test_a_sheet_with_refused_rows_ends_nothing(first: Store, tmp_path: Path) -> None:
    faulty_sheets = dict(LATER) | {"结对帮扶": [*helping(B), ["GB9", A, "2016-03-01"]]}
    report = import_files(first, [workbook(faulty_sheets, tmp_path / "amiss.xlsx")], complete_areas=[TOWNSHIP])
    assert [r.code for r in report.remarks if r.sheet == "结对帮扶"] == ["NOT_COMPLETE", "REFERENCE_UNKNOWN"]
    assert until(first, "HELPS") == {}
    assert until(first, "LIVES_IN") == {C: EVE}, "the other sheets are whole"


def test_a_sheet_that_only_adds_says_so(first: Store, tmp_path: Path) -> None:
    measures: Sheets = {"帮扶措施": [["户编号", "措施类别", "开始时间"], [A, "产业", "2017-01-01"]]}
    assert [r.code for r in deliver(first, tmp_path, measures, TOWNSHIP).remarks] == ["ENDS_NOTHING"]


def test_what_a_later_collection_told_is_not_ended_by_an_older_one(first: Store, tmp_path: Path) -> None:
    later_sheets: Sheets = {"贫困户": cards(2018, A, B, C), "结对帮扶": [[*helping()[0], "结束时间"], ["GB1", C, "2016-03-01", "2019-06-30"]]}  # fmt: skip
    deliver(first, tmp_path, later_sheets)
    deliver(first, tmp_path, LATER, TOWNSHIP)
    assert until(first, "HELPS") == {A: EVE, C: 20190630}


def test_a_dry_run_tells_and_undo_takes_back(first: Store, tmp_path: Path) -> None:
    before = graph_hash(first)
    dry_run_report = deliver(first, tmp_path, LATER, TOWNSHIP, dry_run=True)
    assert graph_hash(first) == before
    report = deliver(first, tmp_path, LATER, TOWNSHIP)
    assert ended_counts(dry_run_report) == ended_counts(report)
    undo(first)
    assert until(first, "LIVES_IN") == until(first, "HELPS") == {}


def test_killed_after_it_ended_it_is_taken_up_again(first: Store, tmp_path: Path) -> None:
    def interrupt(sheet: str, _rows: int) -> None:
        if sheet == FINDINGS_PROGRESS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(first, tmp_path, {"结对帮扶": helping(A, B)}, TOWNSHIP, progress=interrupt)
    report = deliver(first, tmp_path, {"结对帮扶": helping(A, B)}, TOWNSHIP)
    assert report.sequence == 2
    assert until(first, "HELPS") == {C: EVE - 10000}


def test_an_area_that_is_not_there(first: Store, tmp_path: Path) -> None:
    with pytest.raises(AreaUnknown):
        deliver(first, tmp_path, LATER, "999999")


def test_problems_of_who_has_left_are_still_open(first: Store, tmp_path: Path) -> None:
    """Check problems of the third household and its member, no longer on the register, and of the first, still on it."""
    problems: Sheets = {
        "督查": [["督查编号", "督查名称", "督查日期", "区划代码"], ["DC1", "第一轮", "2016-06-01", TOWNSHIP]],
        "问题清单": [
            ["问题编号", "问题描述", "整改状态", "对象类型", "对象编号", "督查编号"],
            ["WT1", "某", "整改中", "户", A, "DC1"],
            ["WT2", "某", "整改中", "户", C, "DC1"],
            ["WT3", "某", "整改中", "人口", f"{C}01", "DC1"],
        ],
    }
    assert deliver(first, tmp_path, problems).remarks == []
    deliver(first, tmp_path, LATER, TOWNSHIP)
    query = f"""{{ found: openProblems(area: {{code: "{TOWNSHIP}"}}) {{ totalCount eligibleCount nodes {{ problem {{ problemNo }} }} }}
      rounds: inspectionRounds(area: {{code: "{TOWNSHIP}"}}) {{ nodes {{ open }} }} }}"""
    body = local_api(first).execute(GraphQLRequest(query)).body()
    assert body["data"]["rounds"]["nodes"] == [{"open": 3}]
    page = body["data"]["found"]
    assert [node["problem"]["problemNo"] for node in page["nodes"]] == ["WT1", "WT2", "WT3"]
    assert (page["totalCount"], page["eligibleCount"]) == (3, 3)
