"""The audit trail of a root field's run: what was read in full and by what records were selected, written before the answer leaves.

Values are encoded far from where the caller is known; so the trail of the present run is kept in the context of its thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type

from graph_service.access.masking import RIGHT_BY_CLASS
from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.changes import ChangeOutcome
from graph_service.audit.entries import AuditEvent, AuditRecord, AuditSubject
from graph_service.domain.metamodel import DataClassification
from graph_service.errors import AuditLogMissing
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.requested_records import requested_records
from graph_service.graphql.selection import SelectedField

PURPOSE = "purpose"
"""Name of the argument that states the purpose of a read."""
PURPOSE_TYPE = "Purpose"
_TRAIL: ContextVar[AuditTrail] = ContextVar("trail")


@dataclass(slots=True)
class AuditTrail:
    """Notes of what a run has read so far. `subjects` are by label and key."""

    execution: Execution
    subjects: dict[tuple[str, str], AuditSubject] = field(default_factory=dict)
    values: dict[str, None] = field(default_factory=dict)
    purposes: dict[str, None] = field(default_factory=dict)
    selected_by: tuple[str, ...] = ()
    """Names of the confidential or sensitive values by which the run selects records."""
    row_count: int = 0
    change: ChangeOutcome = field(default_factory=ChangeOutcome)
    _shown_classes: dict[tuple[str, ...], frozenset[DataClassification]] = field(default_factory=dict)

    def shown_classes(self, areas: tuple[str, ...]) -> frozenset[DataClassification]:
        """Return the classes of values that the caller may read in full of a record that lies in some areas."""
        classes = self._shown_classes.get(areas)
        if classes is None:
            permissions = self.execution.permissions
            classes = self._shown_classes[areas] = frozenset(
                class_
                for class_, right in RIGHT_BY_CLASS.items()
                if any(permissions.allows(right, area) for area in areas) or permissions.areas_for(right) == EVERYWHERE
            )
        return classes

    def add_read(self, subject: AuditSubject, values: Iterable[str], selected: SelectedField) -> None:
        """Note that values of a record were read in full, for the purpose in the field's arguments."""
        self.subjects[subject.label, subject.key] = subject
        self.values |= dict.fromkeys(values)
        self.purposes[self.execution.values.for_field(selected)[PURPOSE]] = None

    def add_row(self, subject: AuditSubject) -> None:
        """Note that a record was selected by confidential or sensitive values."""
        self.subjects.setdefault((subject.label, subject.key), subject)

    def records(self) -> Iterator[AuditRecord]:
        """Yield what the log must tell of the run; nothing where it has read nothing that it must tell."""
        subjects = tuple(self.subjects.values())
        purpose = stated_purpose(self.execution.selected, self.execution.root_arguments)
        purpose = purpose or "; ".join(self.purposes)
        if self.selected_by:
            areas = dict.fromkeys((*self._requested_areas(), *_areas_of(subjects)))
            yield self._record(AuditEvent.QUERY, purpose, tuple(areas), subjects, self.selected_by, self.row_count)
        if self.values:
            yield self._record(
                AuditEvent.READ,
                "; ".join(self.purposes),
                tuple(dict.fromkeys(_areas_of(subjects))),
                subjects,
                tuple(self.values),
                len(subjects),
            )

    def _requested_areas(self) -> tuple[str, ...]:
        """Return the areas in which records were selected."""
        area = self.execution.argument("area")
        return (area["code"],) if area else self.execution.granted_areas

    def _record(
        self,
        event: AuditEvent,
        purpose: str,
        areas: tuple[str, ...],
        subjects: tuple[AuditSubject, ...],
        values: tuple[str, ...],
        count: int,
    ) -> AuditRecord:
        return AuditRecord(
            self.execution.permissions.user,
            event,
            self.execution.selected.name,
            purpose,
            areas,
            subjects,
            values,
            count,
            request=self.execution.request_id,
            requested=requested_records(self.execution.root_arguments),
        )


def stated_purpose(selected: SelectedField, arguments: Mapping[str, Any]) -> str | None:
    """Return the purpose that a caller states in a root field: its argument, or in a change a field of its input; None where there is none."""
    input_argument = selected.definition.args.get("input") if selected.definition else None
    if input_argument is None:
        return arguments.get(PURPOSE)
    input_type = get_named_type(input_argument.type)
    input_fields = input_type.fields if isinstance(input_type, GraphQLInputObjectType) else {}
    # The purpose of a delivery (`importRegister`) is another one.
    is_purpose = PURPOSE in input_fields and get_named_type(input_fields[PURPOSE].type).name == PURPOSE_TYPE
    return arguments["input"].get(PURPOSE) if is_purpose else None


@contextmanager
def audit_trail(trail: AuditTrail) -> Iterator[None]:
    """Hold the trail of a run, and write it to the audit log at the end. Raises `AuditLogFailed`, `AuditLogMissing`: then the answer must
    not leave."""
    token = _TRAIL.set(trail)
    try:
        yield
    finally:
        _TRAIL.reset(token)
    for record in trail.records():
        append_record(trail.execution, record)


def append_record(execution: Execution, record: AuditRecord) -> None:
    """Add an entry to the audit log. Raises `AuditLogFailed`; `AuditLogMissing` where the API has none."""
    if execution.services.audit_log is None:
        raise AuditLogMissing
    execution.services.audit_log.append(record)


def current_trail() -> AuditTrail:
    """Return the trail of the present run."""
    return _TRAIL.get()


def _areas_of(subjects: Iterable[AuditSubject]) -> Iterator[str]:
    return (area for subject in subjects for area in subject.areas)
