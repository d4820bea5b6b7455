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
    "new": "新增：Rows that bring a new record.",
    "changed": "更改：Rows that change a record.",
    "same": "不变：Rows of which all was known so.",
    "resumed": "续传：Rows that an interrupted import had already written.",
    "refused": "拒收：Rows refused.",
    "left_out": "不计：Rows that are no records (totals, notes, hidden rows …), or of which a later collection knows better.",
}
RECORD_COUNTS = {
    "new": "新增：Nodes and relationships that are new.",
    "changed": "更改：Nodes and relationships that are changed.",
    "same": "不变：Nodes and relationships that were known so.",
}
EXTRA_COUNTS = {
    "ended": "终止：Relationships that ended, because a complete delivery lacks them.",
    "withdrawn": "撤回：Records of a year that were withdrawn, because a complete delivery lacks them.",
    "flagged": "标记：Cells flagged.",
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
        "表统计：What came of one sheet of a delivery.",
        [
            Field("sheet", "String!", "表：Which."),
            *(Field(camel_case(name), "Int!", doc) for name, doc in (ROW_COUNTS | EXTRA_COUNTS).items()),
            Field(
                "leftOutReasons",
                "[ReasonCount!]!",
                "不计原因：Why rows were left out, and how many for each reason.",
                size=5,
            ),
            Field(
                "records", "RecordCounts!", "节点和关系：What came of the nodes and relationships that the rows tell."
            ),
        ],
    )
    types.add_object(
        "ReasonCount",
        "原因统计：How many for one reason.",
        [Field("code", "String!", "代码：The reason."), Field("count", "Int!", "数量：How many.")],
    )
    types.add_object(
        "RecordCounts",
        "节点和关系统计：What came of the nodes and relationships of one sheet.",
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
