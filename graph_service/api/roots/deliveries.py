"""importRegister and undoImport: a delivery of files, and taking the newest version back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import Answer, Asked
from graph_service.api.roots import delivery_counts, refused
from graph_service.api.roots.results import BY, KEY, declare_result, resulting, root
from graph_service.api.selection import Selected
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.scalars import Date, Upload, Uploaded
from graph_service.derive.days import show_day, stored_day
from graph_service.errors import (
    AreaUnknown,
    ArgumentInvalid,
    ChangeConflict,
    ChangeForbidden,
    ChangeInvalid,
    DayUnknown,
    EngineBusy,
    InputError,
    MappingInvalid,
    NothingToUndo,
    ServiceBusy,
)
from graph_service.model import MODEL
from graph_service.services.areas import EVERYWHERE, unpadded
from graph_service.services.imports.mapping import load_mapping
from graph_service.services.imports.rejects import Rejects
from graph_service.services.imports.report import Report
from graph_service.services.imports.run import run as import_files
from graph_service.services.imports.sequences import require_key, undone
from graph_service.services.imports.turns import importing
from graph_service.services.viewing import newest

MOST_REMARKS = 500
READING = BoundedSemaphore(2)
"""Deliveries that a process reads at once: one can be written at a time, and questions must have their turns."""
RETRY_SECONDS = 30
IMPORT = "导入登记表:Import a register's files. It answers when they are in; `importProgress` tells how far it is."
UNDO = "撤销导入:Take back the newest data version. Sent again for the same one, nothing more is taken back."


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an import came to: its report, the data version that has it, its refused rows where they are asked for."""

    report: Report
    version: int | None
    rejects: Rejects | None


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, whether by this call, and what is the newest now."""

    sequence: int
    changed: bool
    version: int | None


def declare(types: Types) -> None:
    """Types of inputs and results."""
    delivery_counts.declare(types)
    refused.declare(types)
    given = [
        KEY,
        BY,
        Field("files", list[Upload], "文件:Workbooks and CSV files.", default=MUST),
        Field(
            "mapping", Upload | None, "表头映射:Other names of sheets and headers, as `graph-service mapping` has them."
        ),
        Field(
            "day",
            Date | None,
            "采集日:Day of the collection; else what the files say: 31 December of the latest year on their cards, or the day in a title. Refused where they say none.",
        ),
        Field(
            "complete",
            list[str] | None,
            "完整报送的区划:Codes of areas of which each sheet has everything: what it lacks, ends there.",
        ),
        Field(
            "area",
            list[str] | None,
            "名称所在区划:Codes of the areas in which villages, cadres and departments are looked up by name.",
        ),
        Field("purpose", "ImportPurpose", "目的:Why it is made; a collection where nothing is said."),
    ]
    success = [
        Field("dataVersion", "Int", "数据版本:The one that has it; null while nothing is published."),
        Field("changed", "Boolean!", "是否变更:Whether this call changed anything; not, where all of it was known."),
        Field("day", Date, "采集日:Day of the collection."),
        Field("counts", "[SheetCounts!]!", "统计:Sheet by sheet.", size=20),
        Field("remarkCount", "Int!", "说明数:How many rows were refused and cells flagged."),
        Field(
            "remarks",
            "[ImportRemark!]!",
            f"说明:The first {MOST_REMARKS} of them; told once, to the call that made the import.",
            size=MOST_REMARKS,
        ),
        Field("leftOutCount", "Int!", "未使用数:How many sheets, columns and rows were not used."),
        Field(
            "leftOut",
            "[LeftOutPart!]!",
            f"未使用:The first {MOST_REMARKS} of them, each with its reason; told once, to the call that made the import.",
            size=MOST_REMARKS,
        ),
        Field(
            "rejects",
            "RejectedRows",
            "拒收行:The refused rows, to be corrected and imported again; null where there are none. Told once, to the call that made the import.",
        ),
    ]
    declare_result(types, "ImportRegister", IMPORT, given, success)
    undo = [
        Field("undone", "Int!", "已撤销:The data version that was taken back."),
        Field("changed", "Boolean!", "是否变更:Whether this call did it."),
        Field("dataVersion", "Int", "数据版本:The newest now; null where there is none."),
    ]
    declare_result(
        types,
        "UndoImport",
        UNDO,
        [Field("dataVersion", "Int!", "数据版本:Which; it must be the newest.", default=MUST)],
        undo,
    )


def _import(asked: Asked) -> Answer:
    def on_field(one: Selected) -> Encode:
        if one.name == "counts":
            counts = asked.object("SheetCounts", one, lambda field: delivery_counts.encoder(asked, field))
            return lambda done: [counts(counted) for counted in delivery_counts.counted(done.report)]
        if one.name == "leftOut":
            part = asked.object("LeftOutPart", one, lambda field: refused.LEFT_OUT[field.name])
            return lambda done: [part(left) for left in done.report.left_out[:MOST_REMARKS]]
        if one.name == "remarks":
            remark = asked.object("ImportRemark", one, lambda field: refused.REMARK[field.name])
            return lambda done: [remark(found) for found in done.report.remarks[:MOST_REMARKS]]
        if one.name == "rejects":
            wanted.add(one.name)
            rows = asked.object("RejectedRows", one, lambda field: refused.REJECTED[field.name])
            return lambda done: rows(refused.found(done.rejects, done.report.day, done.report.left_out))
        return DELIVERED[one.name]

    # Rows are held only where they are asked for.
    wanted: set[str] = set()
    return resulting(asked, "ImportRegister", on_field, lambda run: _delivered(run, Rejects() if wanted else None))


DELIVERED: dict[str, Encode] = {
    "dataVersion": lambda done: done.version,
    "changed": lambda done: done.report.changed > 0,
    "day": lambda done: show_day(done.report.day),
    "remarkCount": lambda done: len(done.report.remarks) + done.report.remarks.beyond.total(),
    "leftOutCount": lambda done: len(done.report.left_out) + done.report.left_out.beyond.total(),
}
UNDONE: dict[str, Encode] = {
    "undone": lambda done: done.sequence,
    "changed": lambda done: done.changed,
    "dataVersion": lambda done: done.version,
}


def _delivered(run: Run, rejects: Rejects | None) -> Delivered:
    given = run.given("input")
    _allowed(run)
    require_key(given["clientKey"])
    if not READING.acquire(blocking=False):
        raise ServiceBusy(seconds=RETRY_SECONDS)
    try:
        return _read(run, given, rejects)
    finally:
        READING.release()


def _read(run: Run, given: Mapping[str, Any], rejects: Rejects | None) -> Delivered:
    if given.get("purpose") not in (None, "COLLECTION", "LOOK_BACK"):
        raise ChangeInvalid(
            field="purpose", reason_zh="应为采集或回头看", reason_en="a delivery is a collection or a look-back"
        )
    with tempfile.TemporaryDirectory(prefix="graph-service-upload-") as folder:
        paths = [_saved(Path(folder), str(number), upload) for number, upload in enumerate(given["files"])]
        try:
            mapping = given.get("mapping")
            report = import_files(
                run.store,
                paths,
                mapping=load_mapping(_saved(Path(folder), "mapping", mapping), MODEL) if mapping else None,
                purpose=given.get("purpose") or "COLLECTION",
                by=given.get("by") or "",
                day=stored_day(given["day"]) if given.get("day") else None,
                key=given["clientKey"],
                rejects=rejects,
                complete=given.get("complete") or (),
                area=given.get("area") or (),
            )
        except ArgumentInvalid as error:
            given_ = {name: str(error.details[name]) for name in ("reason_zh", "reason_en")}
            raise ChangeInvalid(field=error.details["name"], **given_) from error
        except AreaUnknown as error:
            field = "area" if str(error.details["area"]) in map(unpadded, given.get("area") or ()) else "complete"
            raise ChangeInvalid(field=field, reason_zh=error.message_zh, reason_en=error.message_en) from error
        except InputError as error:
            field = {MappingInvalid: "mapping", DayUnknown: "day"}.get(type(error), "files")
            raise ChangeInvalid(field=field, reason_zh=error.message_zh, reason_en=error.message_en) from error
        except EngineBusy as error:
            raise importing() from error
    return Delivered(report, report.sequence or _newest(run), rejects)


def _saved(folder: Path, place: str, upload: Uploaded) -> Path:
    """A file that was sent, on disk. Two may be called alike, and one may stand in several places."""
    path = folder / place / upload.name
    path.parent.mkdir()
    upload.file.seek(0)
    with path.open("wb") as file:
        shutil.copyfileobj(upload.file, file)
    return path


def _undo(asked: Asked) -> Answer:
    def act(run: Run) -> Undone:
        _allowed(run)
        sequence = run.given("input")["dataVersion"]
        try:
            changed = undone(run.store, sequence)
        except NothingToUndo as error:
            raise ChangeConflict(reason_zh=error.message_zh, reason_en=error.message_en) from error
        except EngineBusy as error:
            raise importing() from error
        return Undone(sequence, changed, _newest(run))

    return resulting(asked, "UndoImport", lambda one: UNDONE[one.name], act)


def _newest(run: Run) -> int | None:
    found = newest(run.store)
    return None if found is None else found.sequence


def _allowed(run: Run) -> None:
    """A delivery is of everything: who may not see everything may not make or undo one."""
    if run.granted != EVERYWHERE:
        raise ChangeForbidden(reason_zh="授权区划有限", reason_en="what was granted to you is not everything")


ROOTS = (root("ImportRegister", IMPORT, _import), root("UndoImport", UNDO, _undo))
