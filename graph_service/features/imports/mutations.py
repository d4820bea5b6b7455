"""Mutations importRegister and undoImport: import of a delivery of files, and undo of the newest version."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from graph_service.access.approvals import ProposalReview
from graph_service.access.masking import excerpt
from graph_service.access.permissions import EVERYWHERE
from graph_service.access.rights import Right
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.import_lifecycle import require_client_key, undo_version
from graph_service.core.recording.writer_lock import import_running_error
from graph_service.core.refusals import (
    RefusalCode,
    conflicting_change,
    forbidden_change,
    invalid_change,
    unknown_reference,
)
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import day_from_iso, format_day
from graph_service.domain.model import MODEL
from graph_service.errors import (
    AreaUnknown,
    ArgumentInvalid,
    DayUnknown,
    EngineBusy,
    InputError,
    MappingInvalid,
    NothingToUndo,
    ServiceBusy,
)
from graph_service.features.imports import import_counts, rejected_types
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.graphql.mutation import change_author, require_right
from graph_service.graphql.mutation_result import (
    BY,
    CLIENT_KEY,
    add_mutation_types,
    mutation_resolver,
    mutation_root_field,
)
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.proposing import DRY_RUN_KEY, is_dry_run
from graph_service.graphql.root_fields import Resolver, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.scalars import Date, Upload, UploadedFile
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry
from graph_service.telemetry.events import observe_import

MAX_ISSUES = 500
IMPORT_SLOTS = BoundedSemaphore(2)
"""Deliveries that a process reads at once: only one can be written at a time, and queries need their turns."""
RETRY_AFTER_SECONDS = 30
IMPORT_DOC = "导入登记表：Import the files of a register. The mutation returns when the import is complete; subscribe to `importProgress` to follow it."
REPEATED_DOC = "Null in a repeated request."
REPORT_FIELDS = frozenset(("counts", "remarkCount", "remarks", "leftOutCount", "leftOut", "rejects"))
"""Fields of what the rows of a delivery were like, which a repeated request does not read."""
UNDO_DOC = "撤销导入：Undo the newest data version. Repeating the request for the same version has no further effect."


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The outcome of an import: its report, the data version that has it, its refused rows where they are requested."""

    report: ImportReport
    version: int | None
    rejects: RejectedRowCollector | None


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """The outcome of an undo: the version taken back, whether by this call, and the newest version now."""

    sequence: int
    changed: bool
    version: int | None


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    import_counts.add_types(types)
    rejected_types.add_types(types)
    input_fields = [
        CLIENT_KEY,
        BY,
        Field("files", list[Upload], "文件：Workbooks and CSV files.", default=REQUIRED),
        Field(
            "mapping",
            Upload | None,
            "映射文件：Mapping file with other names of sheets and headers, in the format of `graph-service mapping`.",
        ),
        Field(
            "day",
            Date | None,
            "采集日：Day of the collection. By default, 31 December of the latest year on cards and village books; if they state none, the day in a title, the day of the last collection, or 31 December of the latest year in other rows. If no day can be determined, the import is refused.",
        ),
        Field(
            "complete",
            list[str] | None,
            "完整报送的区划：Codes of the areas for which every sheet is complete. Records of these areas that a sheet does not contain are ended.",
        ),
        Field(
            "area",
            list[str] | None,
            "名称所在区划：Codes of the areas in which villages, cadres and departments are looked up by name.",
        ),
        Field("purpose", "ImportPurpose", "目的：Purpose of the import; COLLECTION by default."),
        Field(
            DRY_RUN_KEY,
            "Boolean!",
            "试导入：True to read, check and compare everything and change nothing. It needs no approval, and returns the remarks and refused rows.",
            default=False,
        ),
    ]
    payload_fields = [
        Field(
            "dataVersion",
            "Int",
            "数据版本：Data version that contains the import; null if nothing has been published, and in a dry run.",
        ),
        Field(
            "changed",
            "Boolean!",
            "是否变更：True if this request changed the data, or in a dry run would; false if they are already as delivered.",
        ),
        Field("day", Date, "采集日：Day of the collection."),
        Field(
            "repeated",
            "Boolean!",
            "是否重复请求：True if an earlier request with the same client key made the import. No row was read again, so that what only the request that makes the import returns is null.",
        ),
        Field("counts", "[SheetCounts!]", f"统计：Counts by sheet. {REPEATED_DOC}", size=20),
        Field("remarkCount", "Int", f"说明数：Number of refused rows and flagged cells. {REPEATED_DOC}"),
        Field(
            "remarks",
            "[ImportRemark!]",
            f"说明：The first {MAX_ISSUES} remarks. {REPEATED_DOC}",
            size=MAX_ISSUES,
        ),
        Field(
            "leftOutCount",
            "Int",
            f"未使用数：Number of sheets, columns and rows that were not used or need to be verified. {REPEATED_DOC}",
        ),
        Field(
            "leftOut",
            "[LeftOutPart!]",
            f"未使用：The first {MAX_ISSUES} of these parts, each with its reason. {REPEATED_DOC}",
            size=MAX_ISSUES,
        ),
        Field(
            "rejects",
            "RejectedRows",
            "拒收行：Refused rows, to be corrected and imported again; null if there are none, and in a repeated request.",
        ),
    ]
    add_mutation_types(types, "ImportRegister", IMPORT_DOC, input_fields, payload_fields)
    undo_fields = [
        Field("undone", "Int!", "已撤销：Data version that was undone."),
        Field(
            "changed",
            "Boolean!",
            "是否变更：True if this request undid the data version; false if it was undone before.",
        ),
        Field("dataVersion", "Int", "数据版本：Newest data version after the undo; null if there is none."),
    ]
    add_mutation_types(
        types,
        "UndoImport",
        UNDO_DOC,
        [Field("dataVersion", "Int!", "数据版本：Data version to undo; it must be the newest.", default=REQUIRED)],
        undo_fields,
    )


def _plan_import(context: RootFieldContext) -> Resolver:
    def on_field(selected: SelectedField) -> Encoder:
        encode = field_encoder(selected)
        if selected.name not in REPORT_FIELDS:
            return encode
        return lambda outcome: None if outcome.report.repeated else encode(outcome)

    def field_encoder(selected: SelectedField) -> Encoder:
        if selected.name == "counts":
            encode_counts = context.object_encoder(
                "SheetCounts", selected, lambda field: import_counts.counts_encoder(context, field)
            )
            return lambda outcome: [encode_counts(counts) for counts in import_counts.sheet_counts(outcome.report)]
        if selected.name == "leftOut":
            encode_part = context.object_encoder(
                "LeftOutPart", selected, lambda field: rejected_types.LEFT_OUT_ENCODERS[field.name]
            )
            return lambda outcome: [encode_part(part) for part in outcome.report.left_out[:MAX_ISSUES]]
        if selected.name == "remarks":
            encode_remark = context.object_encoder(
                "ImportRemark", selected, lambda field: rejected_types.ISSUE_ENCODERS[field.name]
            )
            return lambda outcome: [encode_remark(remark) for remark in outcome.report.remarks[:MAX_ISSUES]]
        if selected.name == "rejects":
            requested_fields.add(selected.name)
            encode_rows = context.object_encoder(
                "RejectedRows",
                selected,
                lambda field: rejected_types.rejected_rows_encoder(field, (context.selected, selected)),
            )
            return lambda outcome: encode_rows(
                rejected_types.rejected_rows_file(outcome.rejects, outcome.report.day, outcome.report.left_out)
            )
        return IMPORT_ENCODERS[selected.name]

    # Rows are kept only where the query selects them.
    requested_fields: set[str] = set()
    return mutation_resolver(
        context,
        "ImportRegister",
        on_field,
        lambda execution: _import_delivery(
            execution, RejectedRowCollector() if requested_fields else None, dry_run=is_dry_run(execution)
        ),
        lambda outcome: outcome.version if outcome.report.changed else None,
        lambda execution: _import_delivery(execution, None, dry_run=True),
        review=lambda outcome: ProposalReview(_remark_count(outcome), _left_out_count(outcome)),
    )


def _remark_count(outcome: ImportOutcome) -> int:
    return len(outcome.report.remarks) + outcome.report.remarks.omitted_counts.total()


def _left_out_count(outcome: ImportOutcome) -> int:
    return len(outcome.report.left_out) + outcome.report.left_out.omitted_counts.total()


IMPORT_ENCODERS: dict[str, Encoder] = {
    "dataVersion": lambda outcome: outcome.version,
    "changed": lambda outcome: outcome.report.changed > 0,
    "day": lambda outcome: format_day(outcome.report.day),
    "repeated": lambda outcome: outcome.report.repeated,
    "remarkCount": _remark_count,
    "leftOutCount": _left_out_count,
}
UNDO_ENCODERS: dict[str, Encoder] = {
    "undone": lambda outcome: outcome.sequence,
    "changed": lambda outcome: outcome.changed,
    "dataVersion": lambda outcome: outcome.version,
}


def _import_delivery(
    execution: Execution, rejects: RejectedRowCollector | None, *, dry_run: bool = False
) -> ImportOutcome:
    arguments = execution.argument("input")
    _require_everything(execution)
    require_client_key(arguments["clientKey"])
    if not IMPORT_SLOTS.acquire(blocking=False):
        raise ServiceBusy(seconds=RETRY_AFTER_SECONDS)
    try:
        with observe_import() as observed:
            outcome = _import_uploads(execution, arguments, rejects, dry_run=dry_run)
            observed.counts = outcome.report.counts
            return outcome
    finally:
        IMPORT_SLOTS.release()


def _import_uploads(
    execution: Execution, arguments: Mapping[str, Any], rejects: RejectedRowCollector | None, *, dry_run: bool
) -> ImportOutcome:
    if arguments.get("purpose") not in (None, "COLLECTION", "LOOK_BACK"):
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "purpose",
            "目的应为采集（COLLECTION）或回头看（LOOK_BACK）。请改用其一。",
            "The purpose of a delivery is COLLECTION or LOOK_BACK. Give one of these.",
        )
    with tempfile.TemporaryDirectory(prefix="graph-service-upload-") as folder:
        paths = [_save_upload(Path(folder), str(number), upload) for number, upload in enumerate(arguments["files"])]
        try:
            mapping = arguments.get("mapping")
            report = import_files(
                execution.store,
                paths,
                mapping=load_mapping(_save_upload(Path(folder), "mapping", mapping), MODEL) if mapping else None,
                purpose=arguments.get("purpose") or "COLLECTION",
                submitted_by=change_author(execution.permissions, arguments.get("by")),
                day=day_from_iso(arguments["day"]) if arguments.get("day") else None,
                client_key=arguments["clientKey"],
                rejected_rows=rejects,
                dry_run=dry_run,
                complete_areas=arguments.get("complete") or (),
                lookup_areas=arguments.get("area") or (),
            )
        except ArgumentInvalid as error:
            field, zh, en = (str(error.details[name]) for name in ("name", "reason_zh", "reason_en"))
            raise invalid_change(RefusalCode.OUT_OF_RANGE, field, zh, en) from error
        except AreaUnknown as error:
            lookup_areas = [excerpt(unpad_code(code)) for code in arguments.get("area") or ()]
            field = "area" if str(error.details["area"]) in lookup_areas else "complete"
            raise unknown_reference(field, str(error.details["area"])) from error
        except InputError as error:
            field = {MappingInvalid: "mapping", DayUnknown: "day"}.get(type(error), "files")
            code = RefusalCode.REQUIRED_VALUE_MISSING if field == "day" else RefusalCode.FILE_INVALID
            raise invalid_change(code, field, error.message_zh, error.message_en) from error
        except EngineBusy as error:
            raise import_running_error() from error
    version = None if report.dry else report.sequence or _newest_version(execution)
    return ImportOutcome(report, version, rejects)


def _save_upload(folder: Path, subfolder: str, upload: UploadedFile) -> Path:
    """Save an uploaded file to disk and return its path. Two files may have the same name, and one may be used in several places."""
    path = folder / subfolder / upload.name
    path.parent.mkdir()
    upload.file.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
    return path


def _plan_undo(context: RootFieldContext) -> Resolver:
    def undo(execution: Execution) -> UndoOutcome:
        _require_everything(execution)
        sequence = execution.argument("input")["dataVersion"]
        try:
            changed = undo_version(execution.store, sequence)
        except NothingToUndo as error:
            raise conflicting_change(RefusalCode.NOT_THE_NEWEST_VERSION, error.message_zh, error.message_en) from error
        except EngineBusy as error:
            raise import_running_error() from error
        return UndoOutcome(sequence, changed, _newest_version(execution))

    return mutation_resolver(
        context,
        "UndoImport",
        lambda field: UNDO_ENCODERS[field.name],
        undo,
        lambda outcome: outcome.sequence,
        _require_everything,
    )


def _newest_version(execution: Execution) -> int | None:
    version = newest_version(execution.store)
    return None if version is None else version.sequence


def _require_everything(execution: Execution) -> None:
    """Raise `ChangeForbidden` for a user who may not see all areas: a delivery concerns all of them."""
    if require_right(execution.permissions, Right.IMPORT) != EVERYWHERE:
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            "导入和撤销涉及全部区划，而您的授权区划有限。请由有全部区划权限的人员办理。",
            "Imports and undos concern all areas, and you are granted some of them. Ask somebody who is granted all.",
        )


ROOT_FIELDS = (
    mutation_root_field("ImportRegister", IMPORT_DOC, _plan_import),
    mutation_root_field("UndoImport", UNDO_DOC, _plan_undo),
)
