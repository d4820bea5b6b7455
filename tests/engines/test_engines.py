"""Both engines behind one interface: requirements on every engine, and guarantees of the interface."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from neo4j import exceptions as driver_errors

from graph_service.core.query_scope import QueryScope
from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, OPEN_SEQUENCE
from graph_service.domain.records import NodeRecord, RelationshipKey, RelationshipRecord, Target
from graph_service.errors import (
    EngineConflict,
    EngineError,
    EngineUnavailable,
    StatementRefused,
    StatementTimeout,
)
from graph_service.graphql.error_formatting import format_service_error
from graph_service.platform.engine import error_translation
from graph_service.platform.engine.client import Engine, Transaction, import_time_limit
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.error_translation import translate_error
from graph_service.platform.store.graph import Store
from tests.gaps import coverage_gaps

Steps = list[tuple[str, list[dict[str, Any]]]]
"""Statements with the rows they write."""
HUB = 50_000
HUB_VILLAGE = "519999999999"
BATCH = 5_000
WRITES = (
    "CREATE (:Scratch)",
    "MERGE (n:Scratch {k: 1}) RETURN n.k",
    "MATCH (n:Scratch) SET n.k = 2",
    "MATCH (n:Scratch) REMOVE n.k",
    "MATCH (n:Scratch) DETACH DELETE n",
    "UNWIND [1] AS x CALL (x) { CREATE (:Scratch) } IN TRANSACTIONS",
    "match (n:Scratch) foreach (x in [1] | create (:Scratch))",
    "DROP INDEX scratch IF EXISTS",
    "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "MATCH (n) /* a remark */ dElEtE n",
    "RETURN 'it''s' // a remark\nCREATE (:Scratch)",
)
LONG = "UNWIND range(1, $thousands) AS a UNWIND range(1, 1000) AS b WITH a, b WHERE a * b = -1 RETURN count(*)"
"""A read of `thousands` thousand rows."""
FOREVER = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b = -1 RETURN count(*)"
"""A read of ten thousand million rows: more than any engine processes within a second."""


@pytest.mark.parametrize("text", WRITES)
def test_a_read_cannot_write(store: Store, text: str) -> None:
    with pytest.raises(StatementRefused):
        store.query_text(text, {})
    assert store.query_text("MATCH (n:Scratch) RETURN count(n)", {}) == [[0]]


def test_words_that_write_may_stand_in_quotes(store: Store) -> None:
    assert store.query_text("RETURN 'CREATE', \"delete\" AS `set` // merge", {}) == [["CREATE", "delete"]]


@pytest.fixture
def brief(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """Open an engine of each kind with a time limit of one second for statements."""
    source = EmbeddedServer(tmp_path, 1.0, "512m") if engine.name == "embedded" else engine._server
    brief_engine = Engine(source, 1.0)
    yield brief_engine
    if brief_engine._driver is not None:
        brief_engine._driver.close()
    if engine.name == "embedded":
        source.close()


def test_a_statement_is_ended_at_its_time_limit(brief: Engine) -> None:
    with pytest.raises(StatementTimeout):
        brief.read(FOREVER, {})
    with pytest.raises(StatementTimeout):
        brief.write(lambda tx: tx.run(FOREVER, {}))
    assert brief.read("RETURN 1", {}) == [[1]]


@pytest.fixture
def two_limits(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """Open an engine of each kind with time limits of a fifth of a second for questions and ten minutes for imports."""
    source = EmbeddedServer(tmp_path, 0.2, "512m", 600.0) if engine.name == "embedded" else engine._server
    limited_engine = Engine(source, 0.2, 600.0)
    yield limited_engine
    if limited_engine._driver is not None:
        limited_engine._driver.close()
    if engine.name == "embedded":
        source.close()


def test_an_import_is_not_ended_by_the_limit_of_questions(two_limits: Engine) -> None:
    """Check the writes and the reads of an import. The number of rows that take longer than the limit depends on the machine."""
    rows = {"thousands": 1_000}
    with suppress(StatementTimeout):
        while two_limits.read(LONG, rows):
            rows["thousands"] *= 2
    rows["thousands"] *= 4
    with import_time_limit():
        assert two_limits.read(LONG, rows) == [[0]]
    assert two_limits.write(lambda tx: tx.run(LONG, rows)) == [[0]]
    with pytest.raises(StatementTimeout):
        two_limits.read(LONG, rows)


def test_what_fails_leaves_nothing(empty: Store) -> None:
    def work(tx):  # type: ignore[no-untyped-def]
        tx.run("CREATE (:Scratch {k: 1})", {})
        tx.run("RETURN 1 / 0 + nowhere", {})

    with pytest.raises(EngineError):
        empty.write(work)
    assert empty.query_text("MATCH (n:Scratch) RETURN count(n)", {}) == [[0]]


def test_a_key_is_one_node(empty: Store) -> None:
    make = "CREATE (:Bank {bank_no: 'B1'})"
    empty.prepare()
    empty.write(lambda tx: tx.run(make, {}))
    try:
        with pytest.raises(EngineError):
            empty.write(lambda tx: tx.run(make, {}))
        assert empty.query_text("MATCH (n:Bank) RETURN count(n)", {}) == [[1]]
    finally:
        empty.write(lambda tx: tx.run("MATCH (n:Bank) DELETE n", {}))


def test_constraints_are_ensured_once_for_a_connection(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, runs = empty._engine, list[Sequence[str]]()
    execute_schema = engine.execute_schema

    def record(statements: Sequence[str]) -> None:
        runs.append(statements)
        execute_schema(statements)

    monkeypatch.setattr(engine, "execute_schema", record)
    empty.prepare()
    assert runs == []
    monkeypatch.setattr(engine, "_prepared", None)
    empty.prepare()
    empty.prepare()
    assert len(runs) == 1


def test_a_hub_of_50_000(empty: Store) -> None:
    """Write one village of 50,000 poor households without helpers, connected as by an import, and page through its gaps.

    Connected from the side of the village, a batch takes longer than the time limit of a statement; finishing is the test.
    """
    empty.prepare()
    empty.write(lambda tx: tx.run("CREATE (:Area:Village {code: $hub, recorded: 1})", {"hub": HUB_VILLAGE}))
    household = upsert_statements(Target("Household"))
    relationship_statements = [
        upsert_statements(Target(type_, "Household", "Village")) for type_ in ("LIVES_IN", "POOR_IN")
    ]
    try:
        for start in range(0, HUB, BATCH):
            keys = [f"{n:06d}" for n in range(start, start + BATCH)]
            steps: Steps = [(household.create, [household.to_parameters(NodeRecord(key, {}), "hub!1") for key in keys])]
            records = [RelationshipRecord(key, HUB_VILLAGE, FIRST_DAY, LAST_DAY, {}) for key in keys]
            steps += [
                (text.create, [text.to_parameters(record, "hub!1") for record in records])
                for text in relationship_statements
            ]

            def work(tx: Transaction, steps: Steps = steps) -> None:
                for text, rows in steps:
                    tx.run(text, {"rows": rows, "seq": 1, "open": OPEN_SEQUENCE})

            empty.write(work)
            for text in relationship_statements:
                requests = [RelationshipKey(key, None, FIRST_DAY).to_parameters() for key in keys]
                [[existing]] = empty.query_text(text.lookup, {"keys": requests, "open": OPEN_SEQUENCE})
                assert len(existing) == BATCH
        viewing = QueryScope(((HUB_VILLAGE, HUB_VILLAGE + "!"),), 20161231, 1, (("0", ":"),), True)
        page = coverage_gaps(empty, viewing, duties=["HELPER"], first=50)
        assert [gap.household for gap in page.rows] == [f"{n:06d}" for n in range(50)]
        last_page = coverage_gaps(
            empty, viewing, duties=["HELPER"], first=50, after=(HUB_VILLAGE, f"{HUB - 2:06d}", 99)
        )
        assert [gap.household for gap in last_page.rows] == [f"{HUB - 1:06d}"]
    finally:
        for label in ("Household", "Village"):
            remove = f"MATCH (n:{label}) WHERE n.recorded = 1 WITH n LIMIT 5000 DETACH DELETE n RETURN count(n)"
            while empty.write(partial(Transaction.run, text=remove, parameters={}))[0][0]:
                pass


def leaves(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for child in kind.__subclasses__():
        yield from leaves(child)


DRIVER_ERRORS = sorted(
    {error_class for root in error_translation.DRIVER_ERRORS for error_class in leaves(root)},
    key=lambda kind: kind.__name__,
)
CODES: dict[str, type[EngineError]] = {
    "Neo.ClientError.Transaction.TransactionTimedOut": StatementTimeout,
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": StatementTimeout,
    "Neo.TransientError.Transaction.DeadlockDetected": EngineConflict,
    "Neo.TransientError.Transaction.LockAcquisitionTimeout": EngineConflict,
    "Neo.TransientError.Transaction.LockClientStopped": EngineConflict,
    "Neo.ClientError.Transaction.Terminated": StatementTimeout,
    "Neo.ClientError.Transaction.TransactionNotFound": EngineConflict,
    "Neo.TransientError.Transaction.Outdated": EngineConflict,
    "Neo.TransientError.Statement.ExecutionFailed": EngineConflict,
    "Neo.ClientError.Schema.ConstraintValidationFailed": EngineConflict,
    "Neo.TransientError.Database.DatabaseUnavailable": EngineUnavailable,
    "Neo.TransientError.General.DatabaseUnavailable": EngineUnavailable,
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": EngineUnavailable,
    "Neo.TransientError.Cluster.ReplicationFailure": EngineUnavailable,
    "Neo.ClientError.Cluster.NotALeader": EngineUnavailable,
    "Neo.ClientError.Database.DatabaseNotFound": EngineUnavailable,
    "Neo.ClientError.Security.Unauthorized": EngineUnavailable,
    "Neo.ClientError.Security.Forbidden": EngineUnavailable,
    "Neo.ClientError.Security.AuthorizationExpired": EngineUnavailable,
    "Neo.ClientError.Statement.SyntaxError": StatementRefused,
    "Neo.ClientError.Statement.TypeError": StatementRefused,
    "Neo.ClientError.Statement.ArithmeticError": StatementRefused,
    "Neo.DatabaseError.General.UnknownError": EngineError,
    "Neo.DatabaseError.Transaction.TransactionCommitFailed": EngineError,
    "Neo.TransientError.Nobody.KnowsThisOne": EngineConflict,
}
"""Error class of this project by the error code of an engine."""


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_an_engine_has_its_meaning(code: str) -> None:
    error = driver_errors.Neo4jError._hydrate_neo4j(code=code, message="what the engine says")
    ours = translate_error(error, "a/question", 1.0, "bolt://127.0.0.1:1")
    assert type(ours) is CODES[code]
    # Errors that may succeed later are marked as retryable, and no text of the engine reaches the client.
    assert ours.retryable == isinstance(ours, (EngineConflict, EngineUnavailable))
    if type(ours) not in (EngineError, StatementRefused):
        assert "what the engine says" not in json.dumps(format_service_error(ours))


@pytest.mark.parametrize("kind", DRIVER_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_driver_becomes_ours(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "made for the test")
    ours = translate_error(error, "a/question", 1.0, "bolt://127.0.0.1:1")
    assert isinstance(ours, EngineError)
    assert ours.message_zh
    assert ours.message_en
    if isinstance(error, driver_errors.ServiceUnavailable):
        assert isinstance(ours, EngineUnavailable)
