"""What importRegister counts: the rows of each sheet, why some were left out, nodes and relationships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph_service.api.pages import Encode
from graph_service.api.root import Asked
from graph_service.api.selection import Selected
from graph_service.api.types.building import Field, Types
from graph_service.derive.fields import camel
from graph_service.services.imports.report import Report

COUNTS = {
    "rows": "读取行数:Rows read below the header: new + changed + same + resumed + refused + leftOut.",
    "new": "新增:Rows that bring a new record.",
    "changed": "更改:Rows that change a record.",
    "same": "不变:Rows of which all was known so.",
    "resumed": "续传:Rows that an interrupted import had already written.",
    "refused": "拒收:Rows refused.",
    "left_out": "不计:Rows that are no records (totals, notes, hidden rows …), or of which a later collection knows better.",
}
RECORDS = {
    "new": "新增:Nodes and relationships that are new.",
    "changed": "更改:Nodes and relationships that are changed.",
    "same": "不变:Nodes and relationships that were known so.",
}
ENDED = {
    "ended": "终止:Relationships that ended, because a complete delivery lacks them.",
    "withdrawn": "撤回:Records of a year that were withdrawn, because a complete delivery lacks them.",
    "flagged": "标记:Cells flagged.",
}
"""What is counted beside the rows of a sheet."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a sheet: its rows, why some of them were left out, its nodes and relationships."""

    sheet: str
    rows: Mapping[str, int]
    reasons: Mapping[str, int]
    records: Mapping[str, int]


def counted(report: Report) -> list[Counted]:
    return [
        Counted(sheet, rows, report.left_out_rows.get(sheet, {}), report.records.get(sheet, {}))
        for sheet, rows in report.counts.items()
    ]


def declare(types: Types) -> None:
    """Declare the types of what is counted."""
    types.add_object(
        "SheetCounts",
        "表统计:What came of one sheet of a delivery.",
        [
            Field("sheet", "String!", "表:Which."),
            *(Field(camel(name), "Int!", doc) for name, doc in (COUNTS | ENDED).items()),
            Field(
                "leftOutReasons",
                "[ReasonCount!]!",
                "不计原因:Why rows were left out, and how many for each reason.",
                size=5,
            ),
            Field(
                "records", "RecordCounts!", "节点和关系:What came of the nodes and relationships that the rows tell."
            ),
        ],
    )
    types.add_object(
        "ReasonCount",
        "原因统计:How many for one reason.",
        [Field("code", "String!", "代码:The reason."), Field("count", "Int!", "数量:How many.")],
    )
    types.add_object(
        "RecordCounts",
        "节点和关系统计:What came of the nodes and relationships of one sheet.",
        [Field(name, "Int!", doc) for name, doc in RECORDS.items()],
    )


def encoder(asked: Asked, field: Selected) -> Encode:
    if field.name == "sheet":
        return lambda counted: counted.sheet
    if field.name == "leftOutReasons":
        reason = asked.object("ReasonCount", field, lambda one: lambda pair: pair[one.name == "count"])
        return lambda counted: [reason(pair) for pair in counted.reasons.items()]
    if field.name == "records":
        records = asked.object("RecordCounts", field, lambda one: lambda counts: counts.get(one.name, 0))
        return lambda counted: records(counted.records)
    if field.name in ENDED:
        return lambda counted: counted.records.get(field.name, 0)
    name = next(key for key in COUNTS if camel(key) == field.name)
    return lambda counted: counted.rows.get(name, 0)
