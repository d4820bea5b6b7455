"""Entries of a change: one before it is made, without which it is not made, and one with its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from graph_service.audit.entries import AuditEvent, AuditRecord, AuditSubject
from graph_service.errors import GraphServiceError, ServiceFailed

MADE = "MADE"
"""Outcome of a change that is made, or was made by an earlier request with the same key."""
TRIED = "TRIED"
"""Outcome of a change that was only tried, at its author's request."""
AppendRecord = Callable[[AuditRecord], object]


@dataclass(slots=True)
class ChangeOutcome:
    """Outcome of a change. `code`: MADE or the reason of a refusal that is no error; `version`: the data version that it made; `subjects`: the
    records that it concerns; `purpose`: the reason that its author has stated."""

    code: str = ""
    version: int | None = None
    subjects: tuple[AuditSubject, ...] = ()
    purpose: str = ""


@contextmanager
def recorded_change(
    request: AuditRecord, outcome: ChangeOutcome, append: AppendRecord, append_outcome: AppendRecord
) -> Iterator[None]:
    """Record a change before it is made, and its outcome afterwards: that of `outcome`, or the code of the error. Raises what `append` does;
    then nothing was changed."""
    append(request)
    code = MADE
    try:
        yield
    except GraphServiceError as error:
        code = error.code
        raise
    except BaseException:
        code = ServiceFailed.code
        raise
    finally:
        # Whoever audits the areas of a record sees who changed it, also where its author may change more.
        areas = dict.fromkeys((*request.areas, *(area for subject in outcome.subjects for area in subject.areas)))
        append_outcome(
            replace(
                request,
                event=AuditEvent.OUTCOME,
                purpose=outcome.purpose or request.purpose,
                areas=tuple(areas),
                subjects=outcome.subjects,
                outcome=outcome.code or code,
                version=outcome.version,
            )
        )
