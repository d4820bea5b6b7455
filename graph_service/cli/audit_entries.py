"""Entries of the audit log that commands leave: who ran them on the machine itself, and with what outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from graph_service.access.permissions import EVERYWHERE
from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.audit.log import open_audit_log
from graph_service.config import get_settings
from graph_service.errors import GraphServiceError, ServiceFailed

MADE = "MADE"


@dataclass(slots=True)
class CommandOutcome:
    """Outcome of a command's change; `version`: the data version that it made."""

    version: int | None = None


@contextmanager
def recorded_change(command: str, by: str, areas: tuple[str, ...] = EVERYWHERE) -> Iterator[CommandOutcome]:
    """Record a change of a command before it is made, and its outcome after. Raises `AuditLogFailed`: then nothing was changed."""
    request, outcome, code = AuditRecord(by, AuditEvent.REQUEST, command, areas=areas), CommandOutcome(), MADE
    with closing(open_audit_log(get_settings())) as audit_log:
        audit_log.append(request)
        try:
            yield outcome
        except GraphServiceError as error:
            code = error.code
            raise
        except BaseException:
            code = ServiceFailed.code
            raise
        finally:
            audit_log.append(replace(request, event=AuditEvent.OUTCOME, outcome=code, version=outcome.version))
