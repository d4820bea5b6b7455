"""Plans of the statements that a GraphQL document sends, on Neo4j with a large register: rows touched, and every scan of a whole label.

The register is imported once and kept. Example: python -m bench.plans var/bench/register bench/documents/*.graphql
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import neo4j
import orjson

from bench.engines import persistent_engine
from bench.pages import ensure_imported
from graph_service.console.examples import load_examples
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.engine.client import Row
from graph_service.platform.store.graph import Store

SentStatement = tuple[str, str, Mapping[str, Any]]
NO_NOTIFICATIONS = neo4j.NotificationMinimumSeverity.OFF
SMALL_LABELS = ("Import", "Writer", "Seal")
"""Labels of the service's own few nodes, which cost nothing to scan."""


class RecordingStore(Store):
    """A store that records the statements it runs."""

    sent: list[SentStatement]

    def _query(self, text: str, parameters: Mapping[str, Any], name: str) -> list[Row]:
        self.sent.append((name, text, dict(parameters)))
        return super()._query(text, parameters, name)


def plan_operators(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from plan_operators(child)


def label_scans(plan: Mapping[str, Any]) -> list[str]:
    """Return the operators that read a whole label, relationship type or graph."""
    scans = []
    for operator in plan_operators(plan):
        kind, details = operator["operatorType"].partition("@")[0], str(operator["args"].get("Details", ""))
        if "Scan" in kind and not any(f":{label}" in details for label in SMALL_LABELS):
            scans.append(f"{kind}({details[:60]})")
    return scans


def profile_statement(session: neo4j.Session, text: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the plan of a statement run to its last row, from the second run."""
    for _ in range(2):
        result = session.run(f"PROFILE {text}", dict(parameters))
        # Rows of a CALL are computed only when they are read.
        for _ in result:
            pass
        profile = result.consume().profile
    return profile or {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("documents", nargs="*", type=Path)
    parser.add_argument("--variables", default="{}")
    arguments = parser.parse_args()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in arguments.documents}
    with persistent_engine("neo4j", arguments.folder.parent / "large-neo4j") as (store, environment):
        ensure_imported(store, environment, arguments.folder)
        recording_store = RecordingStore(store._engine)
        recording_store.sent = []
        graphql = GraphQLApi(recording_store)
        variables = orjson.loads(arguments.variables)
        requests = {name: GraphQLRequest(text, None, variables) for name, text in texts.items()}
        for name, request in (
            requests
            or {
                example.name: GraphQLRequest(example.query, None, example.variables) for example in load_examples(store)
            }
        ).items():
            recording_store.sent.clear()
            answer = graphql.execute(request)
            for error in answer.errors:
                print(f"{name}: {error['message']}")
            with (
                neo4j.GraphDatabase.driver(
                    environment["NEO4J_URI"], notifications_min_severity=NO_NOTIFICATIONS
                ) as driver,
                driver.session() as session,
            ):
                for statement_name, statement, parameters in list(recording_store.sent):
                    plan = profile_statement(session, statement, parameters)
                    hits = sum(operator.get("dbHits", 0) for operator in plan_operators(plan))
                    print(
                        f"{name}: {statement_name}: {hits:,} hits; scans: {', '.join(label_scans(plan)) or 'none'}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
