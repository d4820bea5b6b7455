"""Names in place of numbers: villages, cadres and departments found by name within a delivery's areas, or candidates reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.area_names import AreaIndex
from graph_service.platform.store.graph import Store
from tests.county import Sheets, workbook

COUNTY = "513431"
HOUSEHOLDS = ["5134311002000001", "5134311002000002", "5134311002000003"]

Deliver = Callable[..., ImportReport]


@pytest.fixture
def deliver(empty: Store, tmp_path: Path) -> Deliver:
    """Return a function that imports a workbook of sheets."""
    count = iter(range(100))

    def make(sheets: Sheets, **options: Any) -> ImportReport:
        return import_files(empty, [workbook(sheets, tmp_path / f"{next(count)}.xlsx")], **options)

    return make


def cards(*villages: str, header: tuple[str, ...] = ("所在村",), year: int = 2016) -> Sheets:
    """Return a sheet of households 1, 2, 3 … with the names of their villages."""
    rows = [
        [card, *village.split("/"), f"户主{index}", year]
        for index, (card, village) in enumerate(zip(HOUSEHOLDS, villages, strict=False))
    ]
    return {"贫困户": [["户编号", *header, "户主姓名", "年度"], *rows]}


def homes(store: Store) -> dict[str, str]:
    """Return the code of the village by card number."""
    rows = store.query_text(
        "MATCH (h:Household)-[l:LIVES_IN]->(v:Village) RETURN h.card_no, v.code ORDER BY h.card_no", {}
    )
    return dict(rows)


def pairings(store: Store) -> list[list[str]]:
    """Return [cadre, household] of each pairing."""
    return store.query_text(
        "MATCH (c:Cadre)-[:HELPS]->(h:Household) RETURN c.cadre_no, h.card_no ORDER BY c.cadre_no, h.card_no", {}
    )


def remarks_of(report: ImportReport) -> list[tuple[int, str, str]]:
    """Return (row, code, value) of each remark."""
    return [(remark.row, remark.code, remark.value) for remark in report.remarks]


def test_a_village_is_found_by_its_name_inside_the_area_of_the_delivery(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("塘木村", "跳坝村民委员会", "城南"), lookup_areas=[COUNTY])
    assert remarks_of(report) == []
    assert list(homes(empty).values()) == ["513431100205", "513431100207", "513431100001"]


def test_a_name_of_two_villages_is_refused_with_both(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("南坪", "南坪村"), lookup_areas=[COUNTY])
    candidates = "南坪: 513431100005 昭觉县新城镇南坪社区居民委员会、513431100206 昭觉县新城镇南坪村村民委员会"
    assert remarks_of(report) == [(2, "NAME_AMBIGUOUS", candidates)]
    assert homes(empty) == {HOUSEHOLDS[1]: "513431100206"}


def test_a_village_of_another_township_is_named_where_it_lies(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("城北镇/塘木村", header=("乡镇", "所在村")), lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "NAME_UNKNOWN", "塘木村 (513431100205 昭觉县新城镇塘木村村民委员会)")]
    assert homes(empty) == {}


def test_a_village_of_another_county_is_not_taken(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("红旗村"), lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "NAME_UNKNOWN", "红旗村")]
    assert homes(empty) == {}


@pytest.mark.parametrize(("name", "near"), [("塘木村3组", "513431100205"), ("塘木", ""), ("坍木村", "513431100205")])
def test_of_a_village_that_there_is_not_those_that_are_called_nearly_so_are_told(
    deliver: Deliver, name: str, near: str
) -> None:
    report = deliver(cards(name), lookup_areas=[COUNTY])
    assert [(code, near in value) for _, code, value in remarks_of(report)] == (
        [("NAME_UNKNOWN", True)] if near else []
    )


@pytest.mark.parametrize(
    ("header", "village"),
    [
        (("县(市、区)", "乡(镇)", "行政村"), "昭觉县/新城镇/塘木村"),
        (("县", "所在村"), "昭觉/新城镇塘木村"),
    ],
    ids=["columns of county and township", "a township in the cell"],
)
def test_the_columns_beside_it_tell_the_area(
    empty: Store, deliver: Deliver, header: tuple[str, ...], village: str
) -> None:
    report = deliver(cards(village, header=header))
    assert (remarks_of(report), list(homes(empty).values())) == ([], ["513431100205"])
    assert [part.code for part in report.left_out] == ["STATUS_NOT_GIVEN"], "what tells the area is used"


def test_the_title_tells_the_area(empty: Store, deliver: Deliver) -> None:
    sheets = cards("塘木村")
    sheets["贫困户"].insert(0, ["昭觉县2016年建档立卡贫困户名单"])
    assert remarks_of(deliver(sheets)) == []
    assert list(homes(empty).values()) == ["513431100205"]


def test_codes_in_the_delivery_tell_the_area(empty: Store, deliver: Deliver) -> None:
    sheets = {"行政村": [["村编码", "村名", "年度"], ["513431100210", "新设村", 2016]], **cards("新设村", "塘木村")}
    report = deliver(sheets)
    assert [code for _, code, _ in remarks_of(report)] == ["VILLAGE_NOT_IN_TREE"]
    assert list(homes(empty).values()) == ["513431100210", "513431100205"]


def test_without_an_area_no_village_is_looked_up(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("塘木村"))
    assert remarks_of(report) == [(2, "NAME_AREA_MISSING", "塘木村")]
    assert homes(empty) == {}


def test_another_ending_is_taken_and_flagged(empty: Store, deliver: Deliver) -> None:
    report = deliver(cards("城南村"), lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "NAME_INEXACT", "城南村 → 513431100001 昭觉县新城镇城南社区居民委员会")]
    assert list(homes(empty).values()) == ["513431100001"]


def test_a_register_of_villages_may_name_them_too(empty: Store, deliver: Deliver) -> None:
    report = deliver(
        {"行政村": [["县", "乡镇", "村名", "是否贫困村", "年度"], ["昭觉县", "新城镇", "塘木村", "是", 2016]]}
    )
    assert remarks_of(report) == []
    [[code]] = empty.query_text("MATCH (v:Village)<-[:OF]-(y:VillageYear {poor: true}) RETURN v.code", {})
    assert code == "513431100205"


CADRES: list[list[object]] = [
    ["干部编号", "姓名", "单位名称"],
    ["GB1", "甲一", "县财政局"],
    ["GB2", "乙二", "县教育局"],
    ["GB3", "乙二", "县财政局"],
]
DEPARTMENTS: list[list[object]] = [
    ["部门编号", "部门名称", "隶属关系", "区划代码"],
    ["BM1", "昭觉县财政局", "县", COUNTY],
    ["BM2", "县教育局", "县", COUNTY],
]


def helpers(*rows: list[object], department: bool = False) -> Sheets:
    """Return sheets of two households, cadres and departments, and pairings by name."""
    header: list[object] = ["户编号", "帮扶责任人", *(["帮扶单位"] if department else []), "开始时间"]
    pairs = [[*row, "2016-01-01"] for row in rows]
    homes = cards("塘木村", "跳坝村")
    return {**homes, "帮扶部门": DEPARTMENTS, "帮扶干部": CADRES, "结对帮扶": [header, *pairs]}


def test_a_cadre_is_found_by_name_and_a_department_by_its_short_one(empty: Store, deliver: Deliver) -> None:
    report = deliver(helpers([HOUSEHOLDS[0], "甲 一"]), lookup_areas=[COUNTY])
    assert remarks_of(report) == []
    assert pairings(empty) == [["GB1", HOUSEHOLDS[0]]]
    works = empty.query_text(
        "MATCH (c:Cadre)-[:WORKS_FOR]->(d:Department) RETURN c.cadre_no, d.department_no ORDER BY c.cadre_no", {}
    )
    assert works == [["GB1", "BM1"], ["GB2", "BM2"], ["GB3", "BM1"]]


def test_of_two_cadres_of_a_name_both_are_told(empty: Store, deliver: Deliver) -> None:
    report = deliver(helpers([HOUSEHOLDS[0], "乙二"]), lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "NAME_AMBIGUOUS", "乙二: GB2 乙二、GB3 乙二")]
    assert pairings(empty) == []


def test_the_department_beside_the_name_tells_which_cadre(empty: Store, deliver: Deliver) -> None:
    report = deliver(
        helpers([HOUSEHOLDS[0], "乙二", "财政局"], [HOUSEHOLDS[1], "乙二", "教育局"], department=True),
        lookup_areas=[COUNTY],
    )
    assert remarks_of(report) == []
    assert pairings(empty) == [["GB2", HOUSEHOLDS[1]], ["GB3", HOUSEHOLDS[0]]]


@pytest.mark.one_engine
def test_the_department_is_found_under_a_merged_header_too(empty: Store, deliver: Deliver) -> None:
    sheets = helpers([HOUSEHOLDS[0], "乙二", "财政局"], [HOUSEHOLDS[1], "乙二", "教育局"], department=True)
    sheets["结对帮扶"].insert(0, ["户编号", "帮扶信息", "帮扶信息", "帮扶信息"])
    report = deliver(sheets, lookup_areas=[COUNTY])
    assert (remarks_of(report), [part.code for part in report.left_out]) == ([], ["STATUS_NOT_GIVEN"])
    assert pairings(empty) == [["GB2", HOUSEHOLDS[1]], ["GB3", HOUSEHOLDS[0]]]


@pytest.mark.parametrize("cell", ["甲一、丙三", "甲一,丙三", "甲一；丙三", "甲一/丙三", "甲一 丙三"])
def test_several_names_in_a_cell_are_as_many_pairings(empty: Store, deliver: Deliver, cell: str) -> None:
    sheets = helpers([HOUSEHOLDS[0], cell])
    sheets["帮扶干部"] = [*CADRES, ["GB4", "丙三", None]]
    report = deliver(sheets, lookup_areas=[COUNTY])
    assert (remarks_of(report), report.counts["结对帮扶"]["rows"]) == ([], 1)
    assert pairings(empty) == [["GB1", HOUSEHOLDS[0]], ["GB4", HOUSEHOLDS[0]]]


@pytest.mark.parametrize("cell", ["甲一、GB-4", "GB-4\n甲一", "GB1、GB-4", "GB1；GB-4"])
def test_numbers_may_stand_among_names(empty: Store, deliver: Deliver, cell: str) -> None:
    sheets = helpers([HOUSEHOLDS[0], cell])
    sheets["帮扶干部"] = [*CADRES, ["GB-4", "丙三", None]]
    report = deliver(sheets, lookup_areas=[COUNTY])
    assert remarks_of(report) == []
    assert pairings(empty) == [["GB-4", HOUSEHOLDS[0]], ["GB1", HOUSEHOLDS[0]]]


@pytest.mark.parametrize("cell", ["1,234", "GB1，GB2", "GB1、GB-9"])
def test_what_may_be_one_number_or_is_of_nobody_is_not_taken_for_several(
    empty: Store, deliver: Deliver, cell: str
) -> None:
    report = deliver(helpers([HOUSEHOLDS[0], cell]), lookup_areas=[COUNTY])
    assert (pairings(empty), report.counts["结对帮扶"]["refused"]) == ([], 1)


def test_where_one_of_several_names_is_not_known_the_row_is_refused(empty: Store, deliver: Deliver) -> None:
    report = deliver(helpers([HOUSEHOLDS[0], "甲一、戊五"]), lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "NAME_UNKNOWN", "戊五")]
    assert (pairings(empty), report.counts["结对帮扶"]) == ([], {"rows": 1, "refused": 1})


def test_cadres_of_the_graph_are_told_apart_by_where_they_act(empty: Store, deliver: Deliver) -> None:
    """Check two cadres of one name: GB1 helps a household of the county, GB9 serves a village of another county."""
    first_delivery = helpers([HOUSEHOLDS[0], "甲一"])
    first_delivery["帮扶干部"] = [*CADRES, ["GB9", "甲一", None]]
    first_delivery["结对帮扶"][1][1] = "GB1"
    first_delivery["驻村帮扶"] = [["干部编号", "村编码", "职责"], ["GB9", "513437100200", "第一书记"]]
    deliver(first_delivery, lookup_areas=[COUNTY])
    report = deliver(
        {"走访记录": [["责任人姓名", "户编号", "走访日期"], ["甲一", HOUSEHOLDS[0], "2016-05-01"]]},
        lookup_areas=[COUNTY],
    )
    assert remarks_of(report) == []
    assert empty.query_text("MATCH (c:Cadre)-[:VISITED]->() RETURN c.cadre_no", {}) == [["GB1"]]
    elsewhere_report = deliver(
        {"走访记录": [["责任人姓名", "户编号", "走访日期"], ["乙二", HOUSEHOLDS[0], "2016-06-01"]]},
        lookup_areas=["513437"],
    )
    [(_, code, value)] = remarks_of(elsewhere_report)
    assert code == "NAME_UNKNOWN"
    assert "GB2" in value
    assert "昭觉县" in value, "who is called so elsewhere is told, and not taken"


def test_what_is_wrong_with_a_row_of_several_names_is_told_once(deliver: Deliver) -> None:
    sheets = helpers(["5134311002009999", "甲一、丙三"])
    sheets["帮扶干部"] = [*CADRES, ["GB4", "丙三", None]]
    report = deliver(sheets, lookup_areas=[COUNTY])
    assert remarks_of(report) == [(2, "REFERENCE_UNKNOWN", "5134311002009999")]


def test_of_a_project_a_place_that_nobody_knows_is_told(empty: Store, deliver: Deliver) -> None:
    rows = [["XM1", "雨露计划", "塘木村"], ["XM2", "小额贴息", "相关乡镇办"], ["XM3", "道路", "昭觉县新城镇"]]
    report = deliver({"项目": [["项目编号", "项目名称", "建设地点"], *rows]}, lookup_areas=[COUNTY], day=20201231)
    assert remarks_of(report) == [(3, "NAME_UNKNOWN", "相关乡镇办")]
    project_areas = empty.query_text(
        "MATCH (p:Project)-[:LOCATED_IN]->(a:Area) RETURN p.project_no, a.code ORDER BY p.project_no", {}
    )
    assert project_areas == [["XM1", "513431100205"], ["XM3", "513431100"]]


def test_a_department_that_nobody_knows_is_flagged_where_the_row_can_do_without(empty: Store, deliver: Deliver) -> None:
    report = deliver(
        {"帮扶干部": [["干部编号", "姓名", "单位名称"], ["GB1", "甲一", "县水利局"]]},
        lookup_areas=[COUNTY],
        day=20201231,
    )
    assert [(r.code, r.value, r.refused) for r in report.remarks] == [("NAME_UNKNOWN", "县水利局", False)]
    assert empty.query_text("MATCH (c:Cadre) RETURN c.cadre_no", {}) == [["GB1"]]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("刘山", ["1"]), ("刘山村", ["1"]), ("刘山村委会", ["1"]), ("刘山村村民委员会", ["1"]),
        ("南坪", ["2", "3"]), ("南坪社区", ["2"]), ("南坪村", ["3"]), ("南 坪 村", ["3"]), ("坪", []),
    ],
)  # fmt: skip
def test_endings_of_names_tell_villages_apart(text: str, codes: list[str]) -> None:
    index = AreaIndex()
    for code, name in (("1", "刘山村村民委员会"), ("2", "南坪社区居民委员会"), ("3", "南坪村村民委员会")):
        index.add(f"51343110000{code}", [name])
    matches = index.find(text, "VILLAGE", ["513431"])
    assert ([area.code[-1] for area in matches.areas], matches.is_exact) == (codes, True if codes else matches.is_exact)
