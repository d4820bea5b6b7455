"""The driver's errors, and what they are to us: by class, else by the code of the engine."""

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
"""All that the driver raises for what is not a mistake of its caller."""
CONNECTION_ERRORS = (
    driver_errors.ServiceUnavailable,
    driver_errors.SessionExpired,
    driver_errors.AuthError,
    driver_errors.ConfigurationError,
    driver_errors.ConnectionPoolError,
    bolt_errors.BoltError,
    bolt_errors.SocketDeadlineExceededError,
)
"""The engine is not reached, or not let in to."""
TIMEOUT_CODES = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "ExecutionTimeout")
"""Ends of codes: a statement ran into its time limit."""
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
"""Ends of codes: others wrote the same at the same moment. Two that make one key at once break its constraint."""
UNAVAILABLE_CODES = ("Cluster.", "Database.", "General.", "Security.")
"""Groups of transient and client's errors that tell of the engine, not of the statement: it is starting, full, changing its leader."""


def translate_error(error: Exception, name: str, seconds: float, address: str) -> EngineError:
    """Return our error for one of the driver's, in a statement of this name."""
    code = getattr(error, "code", None) or ""
    _, _, kind = code.removeprefix("Neo.").partition(".")
    reason = f"{code} {error}".strip()
    # The embedded engine calls what was ended at its limit terminated.
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
