"""Entries of a change: one before it is made, without which it is not made, and one with its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from graph_service.audit.entries import AuditEvent, AuditRecord
from graph_service.errors import GraphServiceError, ServiceFailed

MADE = "MADE"
"""Outcome of a change that is made, or was made by an earlier request with the same key."""
AppendRecord = Callable[[AuditRecord], object]


@dataclass(slots=True)
class ChangeOutcome:
    """Outcome of a change. `code`: MADE or the reason of a refusal that is no error; `version`: the data version that it made."""

    code: str = ""
    version: int | None = None


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
        append_outcome(
            replace(request, event=AuditEvent.OUTCOME, outcome=outcome.code or code, version=outcome.version)
        )
