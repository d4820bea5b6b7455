"""Counts of importRegister: the rows of each sheet, the reasons for rows left out, nodes and relationships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph_service.domain.fields import camel_case
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.pages import Encoder
from graph_service.graphql.root_fields import RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.type_registry import Field, TypeRegistry

ROW_COUNTS = {
    "rows": "读取行数：Rows read below the header: new + changed + same + resumed + refused + leftOut.",
    "new": "新增：Rows that add a record.",
    "changed": "更改：Rows that change a record.",
    "same": "不变：Rows whose record is unchanged.",
    "resumed": "续传：Rows that an interrupted import had already written.",
    "refused": "拒收：Rows that were refused.",
    "left_out": "不计：Rows that are not records (such as totals, notes and hidden rows), or that a later collection has superseded.",
}
RECORD_COUNTS = {
    "new": "新增：New nodes and relationships.",
    "changed": "更改：Changed nodes and relationships.",
    "same": "不变：Unchanged nodes and relationships.",
}
EXTRA_COUNTS = {
    "ended": "终止：Relationships that were ended because a complete delivery does not contain them.",
    "withdrawn": "撤回：Records of a year that were withdrawn because a complete delivery does not contain them.",
    "flagged": "标记：Flagged cells.",
}
"""Counts beside the rows of a sheet."""


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """Counts of a sheet: its rows, the reasons for rows left out, its nodes and relationships."""

    sheet: str
    rows: Mapping[str, int]
    reasons: Mapping[str, int]
    records: Mapping[str, int]


def sheet_counts(report: ImportReport) -> list[SheetCounts]:
    return [
        SheetCounts(sheet, rows, report.left_out_rows.get(sheet, {}), report.records.get(sheet, {}))
        for sheet, rows in report.counts.items()
    ]


def add_types(types: TypeRegistry) -> None:
    """Add the types of the counts."""
    types.add_object(
        "SheetCounts",
        "表统计：Counts for one sheet of a delivery.",
        [
            Field("sheet", "String!", "表：Name of the sheet."),
            *(Field(camel_case(name), "Int!", doc) for name, doc in (ROW_COUNTS | EXTRA_COUNTS).items()),
            Field(
                "leftOutReasons",
                "[ReasonCount!]!",
                "不计原因：Reasons why rows were left out, with the number of rows for each.",
                size=5,
            ),
            Field("records", "RecordCounts!", "节点和关系：Counts of the nodes and relationships in the rows."),
        ],
    )
    types.add_object(
        "ReasonCount",
        "原因统计：Number of rows for one reason.",
        [Field("code", "String!", "代码：Code of the reason."), Field("count", "Int!", "数量：Number of rows.")],
    )
    types.add_object(
        "RecordCounts",
        "节点和关系统计：Counts of the nodes and relationships of one sheet.",
        [Field(name, "Int!", doc) for name, doc in RECORD_COUNTS.items()],
    )


def counts_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    if selected.name == "sheet":
        return lambda sheet: sheet.sheet
    if selected.name == "leftOutReasons":
        encode_reason = context.object_encoder(
            "ReasonCount", selected, lambda field: lambda pair: pair[field.name == "count"]
        )
        return lambda sheet: [encode_reason(pair) for pair in sheet.reasons.items()]
    if selected.name == "records":
        encode_records = context.object_encoder(
            "RecordCounts", selected, lambda field: lambda counts: counts.get(field.name, 0)
        )
        return lambda sheet: encode_records(sheet.records)
    if selected.name in EXTRA_COUNTS:
        return lambda sheet: sheet.records.get(selected.name, 0)
    name = next(key for key in ROW_COUNTS if camel_case(key) == selected.name)
    return lambda sheet: sheet.rows.get(name, 0)
