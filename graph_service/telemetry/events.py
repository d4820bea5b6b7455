"""Events that are measured, for the modules in which they happen. Commands measure nothing: a listener is registered by the application,
so that a command loads no library of metrics."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

SUCCESS = "OK"
"""Outcome of what ended without an error; every other outcome is the code of an error."""
UNNAMED = "unnamed"


@dataclass(slots=True)
class StatementRun:
    """A run of a statement, or of a transaction that writes. `rows`: number of rows that the engine returned."""

    name: str
    rows: int = 0


@dataclass(slots=True)
class OperationRun:
    """A run of a GraphQL operation. `outcome`: `OK`, or the code of the first error; `cost`: its estimated cost."""

    kind: str
    outcome: str = SUCCESS
    cost: int | None = None

    def finish(self, errors: Iterable[Mapping[str, Any]], cost: int | None) -> None:
        """Set the outcome from the errors of the response, and the cost."""
        self.outcome, self.cost = outcome_of(errors), cost


@dataclass(slots=True)
class ImportObservation:
    """An import through the API. `outcome`: `OK`, or the code of the error; `counts`: rows by sheet and by what became of them."""

    outcome: str = SUCCESS
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Listener(Protocol):
    """Listener to the events of a process that serves."""

    def statement(self, run: StatementRun) -> AbstractContextManager[object]: ...

    def operation(self, run: OperationRun) -> AbstractContextManager[object]: ...

    def operation_refused(self, outcome: str) -> None: ...

    def import_(self, run: ImportObservation) -> AbstractContextManager[object]: ...

    def slots_changed(self, *, used: int = 0, waiting: int = 0, refused: int = 0) -> None: ...

    def audit_written(self) -> None: ...

    def audit_failed(self) -> None: ...

    def trace_id(self) -> str: ...


_listener: Listener | None = None


def set_listener(listener: Listener | None) -> None:
    """Register the listener of this process."""
    global _listener
    _listener = listener


def outcome_of(errors: Iterable[Mapping[str, Any]]) -> str:
    """Return the outcome of a response with these errors."""
    for error in errors:
        return str(error.get("extensions", {}).get("code", "INTERNAL"))
    return SUCCESS


@contextmanager
def observe_statement(name: str) -> Iterator[StatementRun]:
    """Observe a statement or a transaction, by its name in the catalogue; whoever runs it sets the number of rows."""
    run = StatementRun(name or UNNAMED)
    if _listener is None:
        yield run
        return
    with _listener.statement(run):
        yield run


@contextmanager
def observe_operation(kind: str) -> Iterator[OperationRun]:
    """Observe a GraphQL operation of a kind: query, mutation or subscription."""
    run = OperationRun(kind)
    if _listener is None:
        yield run
        return
    with _listener.operation(run):
        yield run


def operation_refused(errors: Iterable[Mapping[str, Any]]) -> None:
    """Count an operation that was refused before it ran."""
    if _listener is not None:
        _listener.operation_refused(outcome_of(errors))


@contextmanager
def observe_import() -> Iterator[ImportObservation]:
    """Observe an import through the API; whoever runs it sets the counts of its report."""
    run = ImportObservation()
    if _listener is None:
        yield run
        return
    with _listener.import_(run):
        yield run


def slots_changed(*, used: int = 0, waiting: int = 0, refused: int = 0) -> None:
    """Add to the numbers of slots in use, of requests that wait for one, and of those refused."""
    if _listener is not None:
        _listener.slots_changed(used=used, waiting=waiting, refused=refused)


def audit_written() -> None:
    """Count an entry of the audit log."""
    if _listener is not None:
        _listener.audit_written()


def audit_failed() -> None:
    """Count an entry that the audit log could not take."""
    if _listener is not None:
        _listener.audit_failed()


def current_trace_id() -> str:
    """Return the trace id of the request that is being answered, or a new one where there is none: 32 hexadecimal digits."""
    return (_listener.trace_id() if _listener is not None else "") or secrets.token_hex(16)
