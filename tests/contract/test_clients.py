"""Real clients against the service over HTTP: graphql-http's audit, Apollo Client, urql, Relay, Python's gql; and the schema's history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

from graph_service.console.examples import load_examples
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from tests import ROOT
from tests.clients import node
from tests.serving import serving

SCHEMA = ROOT / "schema.graphql"
EXAMPLES = ROOT / "graph_service" / "console" / "examples"
SCREENS = ("4-area-tree", "5-household-card", "6-households")
COUNTY = "513431"


pytestmark = pytest.mark.one_engine
"""A client speaks HTTP: it does not see the engine."""


@pytest.fixture(scope="module")
def service(store: Store, imported: ImportReport) -> Iterator[str]:
    """Address of the service, serving on this machine while the tests run."""
    with serving(store) as url:
        yield url


@pytest.fixture(scope="module")
def card(store: Store, imported: ImportReport) -> str:
    found: str = next(one for one in load_examples(store) if one.name == "5-household-card").variables["card"]
    return found


def test_graphql_over_http_audit(packages: Path, service: str) -> None:
    assert node.told("audit.mjs", service) == {"audits": 61, "failed": []}


@pytest.fixture(scope="module")
def typed(packages: Path) -> None:
    """Typed documents of the screens, and a program that uses them, checked by TypeScript."""
    (packages / "made").mkdir(exist_ok=True)
    documents = [str(EXAMPLES / f"{name}.graphql") for name in SCREENS]
    node.run(str(node.BIN / "node"), "codegen.mjs", "made/documents.ts", *documents)
    node.package("tsc", "-p", ".")


def test_apollo_client_and_urql_with_typed_documents(typed: None, service: str, card: str) -> None:
    found = node.told("screens.ts", service, COUNTY, card)
    assert found["apollo"] == found["urql"]
    one = found["apollo"]
    assert (one["card"], one["cached"]) == (card, True)
    assert one["households"] > 600
    assert one["members"] > 0
    assert [len(page) for page in one["pages"]] == [3, 3]
    assert len({card for page in one["pages"] for card in page}) == 6


def test_relay_pages_and_refetches(packages: Path, service: str) -> None:
    (packages / "made" / "relay").mkdir(parents=True, exist_ok=True)
    node.package("relay-compiler", "relay.config.json")
    found = node.told("relay/households.js", service, COUNTY)
    first, both = found["pages"]
    assert len(first) == 3
    assert len(both) == len(set(both)) == 6, "the second page follows the first in Relay's store"
    assert both[:3] == first
    assert found["refetched"] == "available"
    assert found["members"] > 0
    assert found["total"] > 600


def test_python_gql_checks_against_the_schema_that_it_fetches(service: str, card: str) -> None:
    request = gql((EXAMPLES / "5-household-card.graphql").read_text(encoding="utf-8"))
    request.variable_values = {"card": card}
    with Client(transport=HTTPXTransport(url=service), fetch_schema_from_transport=True) as session:
        found = session.execute(request)
    assert found["household"]["cardNo"] == card


def test_the_first_click_in_the_console_answers(packages: Path, service: str, store: Store) -> None:
    """GraphiQL shows what it is given as query and variables; of its tabs it shows the query of the first only."""
    first = load_examples(store)[0]
    shown = node.told("console.mjs", service, "", "")
    assert (shown["query"], json.loads(shown["variables"])) == (first.query, first.variables)
    assert "errors" not in shown["answer"]
    assert shown["answer"]["data"]["coverageGaps"]["totalCount"] > 0
    assert [tab["query"] for tab in shown["tabs"]] == [one.query for one in load_examples(store)]


def test_the_console_goes_on_where_it_was_left(packages: Path, service: str) -> None:
    tab = {"query": "query($n: Int) { dataVersions(first: $n) { sequence } }", "variables": '{"n": 1}'}
    kept = json.dumps({"tabs": [{"query": "{ none }", "variables": None}, tab], "activeTabIndex": 1})
    shown = node.told("console.mjs", service, kept, "")
    assert {name: shown[name] for name in tab} == tab
    assert shown["answer"]["data"] == {"dataVersions": [{"sequence": 1}]}
    linked = node.told("console.mjs", service, kept, "?query=%7B%20__typename%20%7D")
    assert linked["answer"]["data"] == {"__typename": "Query"}
    # What cannot be read is as if there were nothing.
    assert "errors" not in node.told("console.mjs", service, "{", "")["answer"]


def _differences(old: str, new: str) -> Any:
    return node.told("diff.mjs", old, new)


def test_nothing_of_the_last_release_is_broken(packages: Path) -> None:
    assert _differences("released.graphql", str(SCHEMA))["breaking"] == []


def test_what_breaks_clients_is_seen(packages: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.graphql"
    broken.write_text(SCHEMA.read_text(encoding="utf-8").replace("  totalCount: Int!\n", "  totalCount: Int\n", 1))
    assert len(_differences(str(SCHEMA), str(broken))["breaking"]) == 1
