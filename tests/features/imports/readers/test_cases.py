"""Files as real registers have them, and the cells that must be read from them."""

from __future__ import annotations

from datetime import date

from graph_service.platform.readers.cells import UnreadableCell
from graph_service.platform.readers.delivery import open_delivery
from tests import DATA
from tests.features.imports.readers.books import cells_of

CASES = DATA / "cases"


def test_a_merged_range_has_its_first_value_in_every_cell() -> None:
    path = CASES / "02-merged-cells" / "merged-optional.xlsx"
    assert cells_of(path, "贫困户")[2] == ["H2", "513431100200", "李乙", "2016", "未脱贫", 1.0]
    assert cells_of(path, "结对帮扶")[2] == ["G1", "H2", "2016-03-01", "2016-10-31"]
    assert cells_of(path, "资金")[2] == ["F2", "乙", "财政专项扶贫资金", "中央", "2015", 200.0]


def test_errors_and_formulas_without_a_value_are_not_blank() -> None:
    path = CASES / "03-error-cells-and-uncached-formulas" / "2-with-errors.xlsx"
    first, second = cells_of(path, "贫困户")[1:]
    assert first[4:6] == [UnreadableCell("CELL_ERROR", "#REF!"), UnreadableCell("CELL_ERROR", "#N/A")]
    assert second[5] == UnreadableCell("FORMULA_WITHOUT_VALUE", "=2500*2")
    assert cells_of(path, "结对帮扶")[1] == ["G1", "H1", date(2016, 1, 1), UnreadableCell("CELL_ERROR", "#VALUE!")]


def test_a_lone_quotation_mark_swallows_no_row() -> None:
    folder = CASES / "04-csv-lone-quote"
    households = {table.name: list(table.rows()) for table in open_delivery([folder]).tables}
    assert [(row.number, row.cells[0], row.fault) for row in households["贫困户"]] == [
        (1, "户编号", ""),
        (2, 'H1,513431100200,"张甲,2016,未脱贫,3', "CSV_QUOTE"),
        (3, "H2", ""),
        (4, "H3", ""),
    ]
    assert [row.fault for row in households["走访记录"]] == ["", "CSV_QUOTE", "", ""]


def test_percents_are_those_that_are_shown() -> None:
    path = CASES / "05-percent-formatted-cells" / "percent.xlsx"
    assert [row[3] for row in cells_of(path, "资产")[1:]] == ["6%", "4.35%", "6%", 6.0]
    assert cells_of(path, "参股")[1][2] == "25%"
    assert cells_of(path, "区划年报")[1] == ["513431", "2016", "1.5%", "93%"]
