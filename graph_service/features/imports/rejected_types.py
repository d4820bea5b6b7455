"""Types of importRegister for rows and cells with issues: remarks, and refused rows as a workbook."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from graph_service.features.imports.publish.correction_workbook import write_correction_workbook
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.row_issues import CODES_TO_VERIFY, ISSUE_MESSAGES
from graph_service.features.imports.validate.rejected_rows import MAX_ROWS, RejectedRowCollector
from graph_service.features.imports.validate.reported_issues import ReportedIssue
from graph_service.graphql.types.type_registry import Field, TypeRegistry

ISSUE_ENCODERS: dict[str, Callable[[ReportedIssue], Any]] = {
    "file": lambda issue: issue.file,
    "sheet": lambda issue: issue.sheet,
    "row": lambda issue: issue.row,
    "key": lambda issue: issue.key or None,
    "column": lambda issue: issue.column or None,
    "value": lambda issue: issue.value or None,
    "code": lambda issue: issue.code,
    "refused": lambda issue: issue.refused,
    "zh": lambda issue: ISSUE_MESSAGES[issue.code][0],
    "en": lambda issue: ISSUE_MESSAGES[issue.code][1],
}


LEFT_OUT_ENCODERS: dict[str, Callable[[LeftOutPart], Any]] = {
    "file": lambda part: part.file,
    "sheet": lambda part: part.sheet or None,
    "row": lambda part: part.row or None,
    "column": lambda part: part.column or None,
    "value": lambda part: part.value or None,
    "rows": lambda part: part.count or None,
    "code": lambda part: part.code,
    "used": lambda part: part.code in CODES_TO_VERIFY,
    "zh": lambda part: ISSUE_MESSAGES[part.code][0],
    "en": lambda part: ISSUE_MESSAGES[part.code][1],
}


@dataclass(frozen=True, slots=True)
class RejectedRowsFile:
    """Refused rows, the day of their collection (YYYYMMDD), and the parts of the delivery that were not used."""

    rejects: RejectedRowCollector
    day: int
    left_out: Sequence[LeftOutPart]


def rejected_rows_file(
    rejects: RejectedRowCollector | None, day: int, left_out: Sequence[LeftOutPart]
) -> RejectedRowsFile | None:
    """Return the refused rows of a delivery; None where there are none."""
    return (
        RejectedRowsFile(rejects, day, left_out)
        if rejects is not None and rejects.kept_count + rejects.omitted_count
        else None
    )


def _encode_workbook(rejected_rows: RejectedRowsFile) -> str | None:
    if not rejected_rows.rejects.kept_count:
        return None
    file = BytesIO()
    write_correction_workbook(rejected_rows.rejects, rejected_rows.day, file, rejected_rows.left_out)
    return b64encode(file.getvalue()).decode()


REJECTED_ROWS_ENCODERS: dict[str, Callable[[RejectedRowsFile], Any]] = {
    "rows": lambda rejected_rows: rejected_rows.rejects.kept_count,
    "leftOut": lambda rejected_rows: rejected_rows.rejects.omitted_count,
    "workbook": _encode_workbook,
}


def add_types(types: TypeRegistry) -> None:
    """Add the types of remarks, unused parts and refused rows."""
    types.add_object(
        "ImportRemark",
        "导入说明：A refused row or a flagged cell.",
        [
            Field("file", "String!", "文件：Name of the file."),
            Field("sheet", "String!", "表：Name of the sheet."),
            Field(
                "row", "Int!", "行：Number of the row; 0 for the sheet as a whole or a record that it does not contain."
            ),
            Field(
                "key",
                "String",
                "编号：Number of the record in the row, masked where it is that of an ID document or telephone.",
            ),
            Field("column", "String", "列：Header of the column."),
            Field(
                "value",
                "String",
                "取值：Content of the cell, masked in a confidential or sensitive column; in others, numbers of ID documents, bank cards and telephones are masked.",
            ),
            Field("code", "String!", "代码：Code of the problem."),
            Field(
                "refused",
                "Boolean!",
                "是否拒收：True if the row was refused; false if it was imported and the cell flagged.",
            ),
            Field("zh", "String!", "中文说明：The problem and how to correct it, in Chinese."),
            Field("en", "String!", "英文说明：The problem and how to correct it, in English."),
        ],
    )
    types.add_object(
        "LeftOutPart",
        "未使用部分：A sheet, column or row of a delivery that was not used, or that was used and needs to be verified, with the reason.",
        [
            Field("file", "String!", "文件：Name of the file."),
            Field("sheet", "String", "表：Name of the sheet; null for a file as a whole."),
            Field("row", "Int", "行：Number of the row; null for a sheet or column."),
            Field("column", "String", "列：Header of the column; null for a sheet or row."),
            Field(
                "value",
                "String",
                "取值：Content of the part, with the numbers of ID documents, bank cards and telephones masked, or what is missing.",
            ),
            Field("rows", "Int", "行数：Number of rows affected in the sheet or column."),
            Field("code", "String!", "代码：Code of the reason."),
            Field(
                "used",
                "Boolean!",
                "是否已使用：True if the part was used and only needs to be verified; false if it was not used.",
            ),
            Field("zh", "String!", "中文说明：The reason and what to do, in Chinese."),
            Field("en", "String!", "英文说明：The reason and what to do, in English."),
        ],
    )
    types.add_object(
        "RejectedRows",
        "拒收行：Refused rows as delivered, with reasons, to be corrected and imported again.",
        [
            Field("rows", "Int!", "行数：Number of refused rows in the workbook."),
            Field(
                "leftOut",
                "Int!",
                f"未写入：Number of refused rows that are not in the workbook, which has at most {MAX_ROWS:,} rows and no very large ones.",
            ),
            Field("workbook", "String", "工作簿：The workbook (.xlsx) in base64; null if it would have no rows."),
        ],
    )
