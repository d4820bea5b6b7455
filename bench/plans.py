"""Plans of what a GraphQL document sends, on Neo4j with a large register: rows touched, and every scan of a whole label.

The register is imported once and kept. Example: python -m bench.plans var/bench/register bench/documents/*.graphql
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import neo4j
import orjson

from bench.engines import kept
from bench.pages import filled
from graph_service.api.execution import Graphql, Request
from graph_service.console.examples import examples
from graph_service.engine.port import Row
from graph_service.store.graph import Store

Sent = tuple[str, str, Mapping[str, Any]]
SILENT = neo4j.NotificationMinimumSeverity.OFF
SMALL = ("Import", "Writer", "Seal")
"""Labels of the service's own few nodes: to scan them costs nothing."""


class Recorded(Store):
    """A store that remembers what it has read."""

    sent: list[Sent]

    def _read(self, text: str, parameters: Mapping[str, Any], name: str) -> list[Row]:
        self.sent.append((name, text, dict(parameters)))
        return super()._read(text, parameters, name)


def operators(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from operators(child)


def scans(plan: Mapping[str, Any]) -> list[str]:
    """Operators that read a whole label, relationship type or graph."""
    found = []
    for one in operators(plan):
        kind, details = one["operatorType"].partition("@")[0], str(one["args"].get("Details", ""))
        if "Scan" in kind and not any(f":{label}" in details for label in SMALL):
            found.append(f"{kind}({details[:60]})")
    return found


def profiled(session: neo4j.Session, text: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The plan of a statement as it was run to its last row, the second time."""
    for _ in range(2):
        result = session.run(f"PROFILE {text}", dict(parameters))
        # What a CALL gives is made only as it is read.
        for _ in result:
            pass
        profile = result.consume().profile
    return profile or {}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("documents", nargs="*", type=Path)
    asked.add_argument("--variables", default="{}")
    given = asked.parse_args()
    texts = {path.stem: path.read_text(encoding="utf-8") for path in given.documents}
    with kept("neo4j", given.folder.parent / "large-neo4j") as (store, environment):
        filled(store, environment, given.folder)
        recorded = Recorded(store._engine)
        recorded.sent = []
        graphql = Graphql(recorded)
        variables = orjson.loads(given.variables)
        requests = {name: Request(text, None, variables) for name, text in texts.items()}
        for name, request in (
            requests or {one.name: Request(one.query, None, one.variables) for one in examples(store)}
        ).items():
            recorded.sent.clear()
            answer = graphql.execute(request)
            for error in answer.errors:
                print(f"{name}: {error['message']}")
            with (
                neo4j.GraphDatabase.driver(environment["NEO4J_URI"], notifications_min_severity=SILENT) as driver,
                driver.session() as session,
            ):
                for sent, statement, parameters in list(recorded.sent):
                    plan = profiled(session, statement, parameters)
                    hits = sum(one.get("dbHits", 0) for one in operators(plan))
                    print(f"{name}: {sent}: {hits:,} hits; scans: {', '.join(scans(plan)) or 'none'}", flush=True)


if __name__ == "__main__":
    main()
