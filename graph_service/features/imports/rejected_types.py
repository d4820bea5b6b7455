"""Types of importRegister for rows and cells with issues: remarks, and refused rows as a workbook."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from graph_service.access.masking import AUDITED_CLASSES, RIGHT_BY_CLASS
from graph_service.access.permissions import EVERYWHERE
from graph_service.access.rights import access_denied
from graph_service.errors import GraphServiceError
from graph_service.features.imports.publish.correction_workbook import (
    WORKBOOK,
    workbook_record,
    write_correction_workbook,
)
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.row_issues import CODES_TO_VERIFY, ISSUE_MESSAGES
from graph_service.features.imports.validate.rejected_rows import MAX_ROWS, RejectedRowCollector
from graph_service.features.imports.validate.reported_issues import ReportedIssue
from graph_service.graphql.audit_trail import PURPOSE, append_record, current_trail
from graph_service.graphql.error_formatting import error_location, format_service_error
from graph_service.graphql.pages import Encoder
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.scalars import Purpose
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

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


def rejected_rows_encoder(selected: SelectedField, parents: Sequence[SelectedField]) -> Encoder:
    """Return the encoder of a field of the refused rows. `parents`: the fields above it, from the root."""
    if selected.name == WORKBOOK:
        return lambda rejected_rows: _encode_workbook(rejected_rows, selected, parents)
    return ROW_COUNT_ENCODERS[selected.name]


ROW_COUNT_ENCODERS: dict[str, Encoder] = {
    "rows": lambda rejected_rows: rejected_rows.rejects.kept_count,
    "leftOut": lambda rejected_rows: rejected_rows.rejects.omitted_count,
}


def _encode_workbook(
    rejected_rows: RejectedRowsFile, selected: SelectedField, parents: Sequence[SelectedField]
) -> str | None:
    """Return the workbook in base64, which is in the audit log before it leaves; None where it has no rows, and beside its error where
    the caller may not have it or the log cannot be written: the import stays made."""
    rejects, execution = rejected_rows.rejects, current_trail().execution
    if not rejects.kept_count:
        return None
    try:
        _require_full_rights()
        file = BytesIO()
        write_correction_workbook(rejects, rejected_rows.day, file, rejected_rows.left_out)
        purpose = execution.values.for_field(selected)[PURPOSE]
        user, operation = execution.permissions.user, execution.selected.name
        append_record(execution, workbook_record(rejects, user, operation, purpose, execution.request_id))
    except GraphServiceError as error:
        execution.field_errors.append({**format_service_error(error), **error_location(selected, parents)})
        return None
    return b64encode(file.getvalue()).decode()


def _require_full_rights() -> None:
    """Raise `AccessDenied` for a caller who may not read all values of people everywhere: it is not known where a refused row lies."""
    missing_classes = AUDITED_CLASSES - current_trail().shown_classes(EVERYWHERE)
    for class_, right in RIGHT_BY_CLASS.items():
        if class_ in missing_classes:
            raise access_denied(right)


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
            Field(
                WORKBOOK,
                "String",
                "工作簿：The workbook (.xlsx) in base64, with the rows as delivered; null if it would have no rows. It needs the rights to read personal values in full everywhere, and leaves an entry in the audit log: without them it is null beside an error, and the import stays made.",
                (Argument(PURPOSE, Purpose, "用途：Purpose for which the rows are read, for the audit log."),),
            ),
        ],
    )
