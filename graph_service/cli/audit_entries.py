"""Entries of the audit log that commands leave: who ran them on the machine itself, and with what outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.changes import ChangeOutcome, recorded_change
from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.audit.log import open_audit_log
from graph_service.config import get_settings
from graph_service.core.refusals import refusal_code
from graph_service.errors import ChangeError


def append_command_entry(record: AuditRecord) -> None:
    """Add an entry of what a command reads in full, before it is shown or written. Raises `AuditLogFailed`."""
    with closing(open_audit_log(get_settings())) as audit_log:
        audit_log.append(record)


@contextmanager
def recorded_command(command: str, by: str, areas: tuple[str, ...] = EVERYWHERE) -> Iterator[ChangeOutcome]:
    """Record a change of a command before it is made, and its outcome after. Raises `AuditLogFailed`."""
    request, outcome = AuditRecord(by, AuditEvent.REQUEST, command, areas=areas), ChangeOutcome()
    with (
        closing(open_audit_log(get_settings())) as audit_log,
        recorded_change(request, outcome, audit_log.append, audit_log.append),
    ):
        try:
            yield outcome
        except ChangeError as error:
            outcome.code = refusal_code(error).name
            raise
