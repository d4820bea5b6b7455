"""The role of auditors in Neo4j: it is denied every classified value, and Neo4j understands its statements."""

from __future__ import annotations

import re

import neo4j
import pytest

from graph_service.access.masking import RIGHT_BY_CLASS
from graph_service.domain.auditor_role import auditor_role
from graph_service.domain.model import MODEL
from graph_service.platform.store.graph import Store
from tests.conftest import neo4j_uri

UNSUPPORTED = "Neo.ClientError.Statement.UnsupportedAdministrationCommand"
SYNTAX_ERROR = "Neo.ClientError.Statement.SyntaxError"
STATEMENTS = [line.removesuffix(";") for line in auditor_role(MODEL).splitlines() if not line.startswith("//")]


def privileges(verb: str) -> set[tuple[str, str]]:
    """Return (label or type, property) of each value that statements grant or deny."""
    pattern = re.compile(rf"{verb} READ \{{(.*)\}} ON GRAPH \w+ (?:NODES|RELATIONSHIPS) (\w+) TO")
    matches = filter(None, map(pattern.match, STATEMENTS))
    return {(match[2], name) for match in matches for name in match[1].split(", ")}


@pytest.mark.one_engine
def test_every_classified_value_is_denied_and_none_is_granted() -> None:
    classified = {
        (label.state_label or label.name, name)
        for label in MODEL.labels.values()
        for property_ in (label.key, *label.properties)
        if property_.classification in RIGHT_BY_CLASS
        for name in (*property_.stored_names, *(property_.pinyin_names if property_.search_kind else ()))
    }
    assert {("PersonYear", "name_initials"), ("PersonYear", "identity"), ("HouseholdYear", "phone")} <= classified
    assert classified == privileges("DENY")
    assert not privileges("GRANT") & privileges("DENY")


@pytest.mark.parametrize("engine", ["neo4j"], indirect=True)
def test_neo4j_parses_every_statement_and_the_community_edition_does_not_support_it(store: Store) -> None:
    codes = set()
    with neo4j.GraphDatabase.driver(neo4j_uri(store)) as driver:
        for text in (*STATEMENTS, STATEMENTS[-1].replace("READ", "REED")):
            with driver.session(database="system") as session, pytest.raises(neo4j.exceptions.ClientError) as refusal:
                session.run(text).consume()
            codes.add((text in STATEMENTS, refusal.value.code))
    assert codes == {(True, UNSUPPORTED), (False, SYNTAX_ERROR)}
