"""auditLog: the entries of the audit log that concern the areas which an auditor may see, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from graph_service.access.database import end_of_day, start_of_day
from graph_service.access.rights import Right
from graph_service.audit.entries import EVENT_DESCRIPTIONS, AuditEntry, AuditEvent, AuditSubject
from graph_service.audit.log import AuditFilter, AuditLog
from graph_service.core.areas import intersect_granted, require_granted_area
from graph_service.core.rules import mask_check
from graph_service.domain.area_paths import unpad_code
from graph_service.errors import AuditLogMissing
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import FORWARD_PAGING, Resolver, RootField, RootFieldContext
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import add_connection
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

CURSOR_NAME = "auditLog"
ENTRY_DOC = "审计记录：An entry of the audit log, as far as it concerns areas that the caller audits."
SUBJECT_SIZE = 50


@dataclass(frozen=True, slots=True)
class AuditedEntry:
    """An entry as an auditor sees it: those of its areas that lie in the audited ones or contain them, its subjects in the audited areas, and
    the number of its other subjects. `is_whole`: all its areas are audited."""

    entry: AuditEntry
    areas: tuple[str, ...]
    subjects: tuple[AuditSubject, ...]
    is_whole: bool

    @property
    def hidden_count(self) -> int:
        return len(self.entry.record.subjects) - len(self.subjects)

    @property
    def purpose(self) -> str:
        """Return the stated purpose; not the reason of a change that is about others alone."""
        is_elsewhere = self.entry.record.event is AuditEvent.OUTCOME and self.hidden_count and not self.subjects
        return "" if is_elsewhere else self.entry.record.purpose


def add_types(types: TypeRegistry) -> None:
    """Add the types of the root field `auditLog`."""
    members = [(event.value, doc) for event, doc in EVENT_DESCRIPTIONS.items()]
    types.add_enum("AuditEvent", "审计事件：Kind of an entry.", members)
    types.add_object(
        "AuditSubject",
        "审计对象：A record whose values were read, or that was selected.",
        [
            Field("label", "String!", "类别：Type of the record, such as Person."),
            Field("key", "String!", "编号：Number of the record, such as the number of a person."),
            Field("areas", "[String!]!", "区划：Codes of the audited areas in which it lies."),
        ],
    )
    types.add_object(
        "AuditRequestedRecord",
        "请求所列编号：A record or area that a request names.",
        [
            Field("argument", "String!", "参数：Name of the argument or input field, such as personNo."),
            Field(
                "value",
                "String!",
                "值：Its value, with numbers of ID documents, bank cards and telephones masked, and of a finding the check.",
            ),
        ],
    )
    types.add_object(
        "AuditEntry",
        ENTRY_DOC,
        [
            Field("number", "Int!", "序号：Number of the entry."),
            Field("moment", "String!", "时刻：Moment of the entry in UTC, in ISO 8601 format."),
            Field("user", "String", "用户：User; null for a request without sign-in."),
            Field("event", "AuditEvent!", "事件：Kind of the entry."),
            Field("operation", "String!", "操作：Name of the query, mutation or command."),
            Field("purpose", "String", "用途：Purpose that the user stated, or the reason of a grant or emergency access that was made; null for any other change."),
            Field("areas", "[String!]!", "区划：Codes of the areas that the entry concerns, within the audited ones or containing them; an empty code means everywhere."),
            Field("subjects", "[AuditSubject!]!", "对象：Records in the audited areas; of a total, the first of those that it counts.", size=SUBJECT_SIZE),
            Field("hiddenSubjects", "Int!", "不可见对象数：Number of further records, outside of the audited areas."),
            Field("values", "[String!]!", "字段：Names of the values that were read, or by which records were selected."),
            Field("count", "Int", "条数：Number of rows in the answer, in all areas, or the total where only that was asked for; null for a change."),
            Field("outcome", "String", "结果：MADE, AWAITING for a change that waits for approval, or the code of the refusal or error; null for a read or request."),
            Field("dataVersion", "Int", "数据版本：Data version that the change made; null if none."),
            Field("requested", "[AuditRequestedRecord!]", "请求所列编号：Records and areas that the request names, whether they exist or not; null where the entry concerns areas that the caller does not audit.", size=SUBJECT_SIZE),
            Field("request", "String!", "请求号：Number of the request, the same in all of its entries; empty for a change by command."),
            Field("digest", "String!", "校验值：Digest that chains the entry to all entries before it, in hexadecimal."),
        ],
    )  # fmt: skip
    doc = "审计日志：Entries of the audit log, newest first."
    add_connection(types, "AuditLogConnection", "AuditLogEdge", "AuditEntry!", doc)


ENTRY_ENCODERS: dict[str, Encoder] = {
    "number": lambda audited: audited.entry.number,
    "moment": lambda audited: audited.entry.moment.isoformat(timespec="milliseconds"),
    "user": lambda audited: audited.entry.record.user or None,
    "event": lambda audited: audited.entry.record.event.value,
    "operation": lambda audited: audited.entry.record.operation,
    "purpose": lambda audited: audited.purpose or None,
    "areas": lambda audited: list(audited.areas),
    "hiddenSubjects": lambda audited: audited.hidden_count,
    "values": lambda audited: list(audited.entry.record.values),
    "count": lambda audited: audited.entry.record.count,
    "outcome": lambda audited: audited.entry.record.outcome or None,
    "dataVersion": lambda audited: audited.entry.record.version,
    "request": lambda audited: audited.entry.record.request,
    "digest": lambda audited: audited.entry.digest.hex(),
}
SUBJECT_ENCODERS: dict[str, Encoder] = {
    "label": lambda subject: subject.label,
    "key": lambda subject: subject.key,
    "areas": lambda subject: list(subject.areas),
}


def _plan_log(context: RootFieldContext) -> Resolver:
    window = context.window()
    shape = ConnectionSelection.from_field(context.operation, "AuditLogConnection", context.selected)

    def on_field(selected: SelectedField) -> Encoder:
        if selected.name == "requested":
            encode_requested = context.object_encoder(
                "AuditRequestedRecord", selected, lambda field: attrgetter(field.name)
            )
            return lambda audited: (
                list(map(encode_requested, audited.entry.record.requested)) if audited.is_whole else None
            )
        if selected.name != "subjects":
            return ENTRY_ENCODERS[selected.name]
        encode = context.object_encoder("AuditSubject", selected, lambda field: SUBJECT_ENCODERS[field.name])
        return lambda audited: [encode(subject) for subject in audited.subjects]

    encode_page = shape.encoder(lambda selected: context.object_encoder("AuditEntry", selected, on_field))

    def answer(execution: Execution) -> Any:
        audit_log, areas, filter_ = _audit_log(execution), _audited_areas(execution), _filter(execution)
        after = execution.argument("after")
        before = decode_cursor(after, (int,), CURSOR_NAME)[0] if after is not None else None
        entries: list[AuditEntry] = []
        if shape.needs_rows:
            entries = audit_log.list_entries(areas, filter_, before=before, limit=window.size + 1)
        page = [_audited(entry, areas) for entry in entries[: window.size]]
        extra = {"totalCount": audit_log.count_entries(areas, filter_)} if shape.selects("totalCount") else {}
        cursors = [(CURSOR_NAME, audited.entry.number) for audited in page]
        return encode_page(Page(page, cursors, len(entries) > window.size, window, extra))

    return answer


def _audit_log(execution: Execution) -> AuditLog:
    if execution.services.audit_log is None:
        raise AuditLogMissing
    return execution.services.audit_log


def _audited_areas(execution: Execution) -> tuple[str, ...]:
    """Return the requested areas that the caller audits. Raises `AreaUnknown`, `AreaNotGranted`."""
    granted = execution.permissions.areas_for(Right.READ_AUDIT_LOG)
    code = execution.argument("areaCode")
    if code is None:
        return granted
    area = unpad_code(code)
    require_granted_area(execution.store, area, granted, in_part=True)
    areas = tuple(low for low, _ in intersect_granted(area, granted))
    execution.note_granted_parts(area, granted, areas)
    return areas


def _filter(execution: Execution) -> AuditFilter:
    since, until, record = (execution.argument(name) for name in ("since", "until", "record"))
    return AuditFilter(
        execution.argument("user"),
        # Findings and waivers of a record have its number behind that of the check, which is masked.
        () if record is None else (record, mask_check(f"?!{record}")),
        tuple(AuditEvent(name) for name in execution.argument("events") or ()),
        start_of_day(date.fromisoformat(since)) if since else None,
        end_of_day(date.fromisoformat(until)) if until else None,
    )


def _audited(entry: AuditEntry, areas: tuple[str, ...]) -> AuditedEntry:
    """Return an entry without what lies outside of the audited areas."""
    subjects = []
    for subject in entry.record.subjects:
        audited_areas = tuple(area for area in subject.areas if area.startswith(areas))
        if audited_areas or "" in areas:
            subjects.append(AuditSubject(subject.label, subject.key, audited_areas))
    record_areas = entry.record.areas
    return AuditedEntry(
        entry,
        tuple(area for area in record_areas if area.startswith(areas) or any(own.startswith(area) for own in areas)),
        tuple(subjects),
        all(area.startswith(areas) for area in record_areas),
    )


ROOT_FIELDS = (
    RootField(
        Field(
            "auditLog",
            "AuditLogConnection",
            "审计日志：Entries of the audit log that concern the areas which the caller audits, newest first.",
            (
                Argument("areaCode", "String", "区划代码：Only entries about this area and all below; all audited areas if omitted."),
                Argument("user", "String", "用户：Only entries of this user."),
                Argument("record", "String", "对象编号：Only entries about this record, or about findings and waivers of it: its number is in one of the `subjects` or `requested` records."),
                Argument("events", "[AuditEvent!]", "事件：Only these kinds of entries."),
                Argument("since", Date | None, "起始日期：Only entries of this day and later, in the local time of the service; `moment` is in UTC."),
                Argument("until", Date | None, "截止日期：Only entries of this day and before, in the local time of the service."),
                *FORWARD_PAGING,
            ),
        ),
        _plan_log,
        Right.READ_AUDIT_LOG,
    ),
)  # fmt: skip
