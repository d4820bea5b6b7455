"""Translation of the driver's errors into ours: by class, else by the code of the engine."""

from __future__ import annotations

from neo4j import _exceptions as bolt_errors
from neo4j import exceptions as driver_errors

from graph_service.errors import (
    EngineConflict,
    EngineError,
    EngineUnavailable,
    StatementRefused,
    StatementTimeout,
)

DRIVER_ERRORS = (
    driver_errors.DriverError,
    driver_errors.Neo4jError,
    bolt_errors.BoltError,
    bolt_errors.SocketDeadlineExceededError,
)
"""Errors of the driver that are not mistakes of its caller."""
CONNECTION_ERRORS = (
    driver_errors.ServiceUnavailable,
    driver_errors.SessionExpired,
    driver_errors.AuthError,
    driver_errors.ConfigurationError,
    driver_errors.ConnectionPoolError,
    bolt_errors.BoltError,
    bolt_errors.SocketDeadlineExceededError,
)
"""Errors of an engine that cannot be reached or refuses the login."""
TIMEOUT_CODES = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "ExecutionTimeout")
"""Suffixes of the codes of a statement that reached its time limit."""
CONFLICT_CODES = (
    "Transaction.DeadlockDetected",
    "Transaction.LockAcquisitionTimeout",
    "Transaction.LockClientStopped",
    "Transaction.LeaseExpired",
    "Transaction.Outdated",
    "Transaction.ConstraintsChanged",
    "Transaction.TransactionNotFound",
    "Transaction.TransactionStartFailed",
    "Schema.ConstraintValidationFailed",
)
"""Suffixes of the codes of concurrent writes to the same nodes. Two writers that create one key at once break its constraint."""
UNAVAILABLE_CODES = ("Cluster.", "Database.", "General.", "Security.")
"""Groups of transient and client errors about the engine, not the statement: it is starting, full, changing its leader."""


def translate_error(error: Exception, name: str, seconds: float, address: str) -> EngineError:
    """Return our error for an error of the driver in a statement of this name."""
    code = getattr(error, "code", None) or ""
    _, _, kind = code.removeprefix("Neo.").partition(".")
    reason = f"{code} {error}".strip()
    # The embedded engine reports a statement ended at its time limit as terminated.
    if kind.endswith(TIMEOUT_CODES) or code.endswith("ClientError.Transaction.Terminated"):
        return StatementTimeout(seconds=seconds)
    if isinstance(error, CONNECTION_ERRORS):
        return EngineUnavailable(where=address, reason=reason)
    if kind.endswith(CONFLICT_CODES) or isinstance(error, driver_errors.ConstraintError):
        return EngineConflict()
    if isinstance(error, (driver_errors.TransientError, driver_errors.ClientError)) and kind.startswith(
        UNAVAILABLE_CODES
    ):
        return EngineUnavailable(where=address, reason=reason)
    if isinstance(error, driver_errors.TransientError):
        return EngineConflict()
    if isinstance(error, driver_errors.ClientError):
        return StatementRefused(name=name or "-", reason=reason)
    return EngineError(reason=reason)
