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
"""Clients speak HTTP and do not depend on the engine."""


@pytest.fixture(scope="module")
def service(store: Store, imported: ImportReport) -> Iterator[str]:
    """Serve on this machine while the tests run and yield the address."""
    with serving(store) as url:
        yield url


@pytest.fixture(scope="module")
def card(store: Store, imported: ImportReport) -> str:
    card_no: str = next(example for example in load_examples(store) if example.name == "5-household-card").variables[
        "card"
    ]
    return card_no


def test_graphql_over_http_audit(packages: Path, service: str) -> None:
    assert node.told("audit.mjs", service) == {"audits": 61, "failed": []}


@pytest.fixture(scope="module")
def typed(packages: Path) -> None:
    """Generate typed documents of the screens and check a program that uses them with TypeScript."""
    (packages / "made").mkdir(exist_ok=True)
    documents = [str(EXAMPLES / f"{name}.graphql") for name in SCREENS]
    node.run(str(node.BIN / "node"), "codegen.mjs", "made/documents.ts", *documents)
    node.package("tsc", "-p", ".")


def test_apollo_client_and_urql_with_typed_documents(typed: None, service: str, card: str) -> None:
    answers = node.told("screens.ts", service, COUNTY, card)
    assert answers["apollo"] == answers["urql"]
    answer = answers["apollo"]
    assert (answer["card"], answer["cached"]) == (card, True)
    assert answer["households"] > 600
    assert answer["members"] > 0
    assert [len(page) for page in answer["pages"]] == [3, 3]
    assert len({card for page in answer["pages"] for card in page}) == 6


def test_relay_pages_and_refetches(packages: Path, service: str) -> None:
    (packages / "made" / "relay").mkdir(parents=True, exist_ok=True)
    node.package("relay-compiler", "relay.config.json")
    answers = node.told("relay/households.js", service, COUNTY)
    first_page, both_pages = answers["pages"]
    assert len(first_page) == 3
    assert len(both_pages) == len(set(both_pages)) == 6, "the second page follows the first in Relay's store"
    assert both_pages[:3] == first_page
    assert answers["refetched"] == "available"
    assert answers["members"] > 0
    assert answers["total"] > 600


def test_python_gql_checks_against_the_schema_that_it_fetches(service: str, card: str) -> None:
    request = gql((EXAMPLES / "5-household-card.graphql").read_text(encoding="utf-8"))
    request.variable_values = {"card": card}
    with Client(transport=HTTPXTransport(url=service), fetch_schema_from_transport=True) as session:
        answer = session.execute(request)
    assert answer["household"]["cardNo"] == card


def test_the_first_click_in_the_console_answers(packages: Path, service: str, store: Store) -> None:
    """Open the console: GraphiQL shows the given query and variables, and only the query of the first of its tabs."""
    example = load_examples(store)[0]
    console = node.told("console.mjs", service, "", "")
    assert (console["query"], json.loads(console["variables"])) == (example.query, example.variables)
    assert "errors" not in console["answer"]
    assert console["answer"]["data"]["coverageGaps"]["totalCount"] > 0
    assert [tab["query"] for tab in console["tabs"]] == [tab_example.query for tab_example in load_examples(store)]


def test_the_console_goes_on_where_it_was_left(packages: Path, service: str) -> None:
    tab = {"query": "query($n: Int) { dataVersions(first: $n) { sequence } }", "variables": '{"n": 1}'}
    stored_state = json.dumps({"tabs": [{"query": "{ none }", "variables": None}, tab], "activeTabIndex": 1})
    console = node.told("console.mjs", service, stored_state, "")
    assert {name: console[name] for name in tab} == tab
    assert console["answer"]["data"] == {"dataVersions": [{"sequence": 1}]}
    linked_console = node.told("console.mjs", service, stored_state, "?query=%7B%20__typename%20%7D")
    assert linked_console["answer"]["data"] == {"__typename": "Query"}
    # A stored state that cannot be read is ignored.
    assert "errors" not in node.told("console.mjs", service, "{", "")["answer"]


def _differences(old: str, new: str) -> Any:
    return node.told("diff.mjs", old, new)


def test_nothing_of_the_last_release_is_broken(packages: Path) -> None:
    assert _differences("released.graphql", str(SCHEMA))["breaking"] == []


def test_what_breaks_clients_is_seen(packages: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.graphql"
    broken.write_text(SCHEMA.read_text(encoding="utf-8").replace("  totalCount: Int!\n", "  totalCount: Int\n", 1))
    assert len(_differences(str(SCHEMA), str(broken))["breaking"]) == 1
