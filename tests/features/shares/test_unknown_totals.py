"""A dividend is paid by shares only where shares and their total are known: nothing is divided by a guess."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, Sheets, workbook

HOUSE = f"{FIRST}0001"
BEGUN = date(2015, 1, 1)
ANNOUNCED: list[list[object]] = [
    [asset, asset, 2016, 100, date(2016, 6, 1)] for asset in ("UNSTATED", "DIFFERENT", "BLANK", "PARTIAL", "ZERO")
]
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度", "识别年度"], [HOUSE, FIRST, "某", "未脱贫", 2016, 2014]],
    "资产": [
        ["资产编号", "资产总股数", "所在村编码"],
        ["UNSTATED", None, FIRST], ["DIFFERENT", None, FIRST], ["BLANK", 10, FIRST], ["PARTIAL", 10, FIRST], ["ZERO", 0, FIRST],
    ],
    "股权": [
        ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"],
        ["Z1", "UNSTATED", HOUSE, "优先股", 10, None, BEGUN],
        ["Z2", "DIFFERENT", HOUSE, "优先股", 5, 10, BEGUN], ["Z3", "DIFFERENT", HOUSE, "普通股", 5, 12, BEGUN],
        ["Z4", "BLANK", HOUSE, "优先股", None, 10, BEGUN],
        ["Z5", "PARTIAL", HOUSE, "优先股", 9, 10, BEGUN],
    ],
    "收益分配": [
        ["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"],
        *ANNOUNCED,
    ],
}  # fmt: skip
REFUSALS = {
    "UNSTATED": ("byShares", "TOTAL_UNKNOWN", "unknown"),
    "DIFFERENT": ("distributionNo", "RECORD_NEEDS_CORRECTION", "10, 12"),
    "BLANK": ("distributionNo", "RECORD_NEEDS_CORRECTION", "Z4"),
    "PARTIAL": ("byShares", "RECORD_NEEDS_CORRECTION", "10 in all, 9 held"),
    "ZERO": ("byShares", "SHARES_INSUFFICIENT", "2016-06-01"),
}
PAY = """mutation($input: RecordPaymentsInput!) { recordPayments(input: $input) {
  __typename ... on RecordPaymentsSuccess { paid } ... on Refusal { code zh en } ... on Invalid { field } } }"""


@pytest.mark.parametrize("rounding", ["KEPT", "LARGEST_REMAINDER"])
def test_no_dividend_is_divided_by_a_guess(empty: Store, tmp_path: Path, rounding: str) -> None:
    import_files(empty, [workbook(SHEETS, tmp_path / "register.xlsx")], day=20161231)
    api = local_api(empty)
    for number, (field, code, part) in REFUSALS.items():
        order: dict[str, Any] = {"clientKey": number, "distributionNo": number, "voucher": "V1", "on": "2016-07-01"}
        variables = {"input": {**order, "byShares": {"rounding": rounding}}}
        body = api.execute(GraphQLRequest(PAY, variables=variables)).body()
        assert "errors" not in body, (number, body["errors"])
        refused = body["data"]["recordPayments"]
        assert (refused["__typename"], refused["field"], refused["code"]) == ("Invalid", field, code), number
        assert part in refused["en"], number
        assert refused["zh"], number
