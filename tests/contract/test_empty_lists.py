"""Empty list arguments and null conditions."""

from __future__ import annotations

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api

COUNTY = '{code: "513431"}'
PURPOSE = 'purpose: "核对"'
SENSITIVE = ("idleLabour", "guaranteeGaps", "policyGaps", "exitGaps")
FILTERS = (
    ("reconciliation", "kinds"), ("conflictsOfInterest", "kinds"), ("unlinkedHouseholds", "links"), ("coverageGaps", "duties"), ("coverageGaps", "reasons"),
    ("idleLabour", "capacities"), ("measureGaps", "causes"), ("guaranteeGaps", "guarantees"), ("policyGaps", "policies"), ("checkFindings", "codes"), ("exitGaps", "results"),
)  # fmt: skip


@pytest.mark.parametrize(("field", "name"), FILTERS)
def test_an_empty_list_names_none_as_one_that_is_not_given(
    store: Store, imported: ImportReport, field: str, name: str
) -> None:
    area = f"area: {COUNTY}{', ' + PURPOSE if field in SENSITIVE else ''}"
    query = f"{{ all: {field}({area}) {{ totalCount }} none: {field}({area}, {name}: []) {{ totalCount }} }}"
    answer = local_api(store).execute(GraphQLRequest(query, None, {}))
    assert answer.data is not None, answer.errors
    assert (answer.errors, answer.data["none"]) == ([], answer.data["all"])


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "condition", ["cardNo: {eq: $n}", "cardNo: {in: $l}", "helpers: $h", "current: {size: {isNull: $b}}"]
)
def test_a_condition_that_is_null_does_not_find_everything(
    store: Store, imported: ImportReport, condition: str
) -> None:
    variable = condition.partition("$")[2].strip("}")
    kinds = {"n": "String", "l": "[String!]", "h": "HelpsWhere", "b": "Boolean"}
    query = f"query(${variable}: {kinds[variable]}) {{ households(area: {COUNTY}, where: {{{condition}}}) {{ totalCount }} }}"
    answer = local_api(store).execute(GraphQLRequest(query, None, {variable: None}))
    [error] = answer.errors
    assert (error["extensions"]["code"], "isNull" in error["message"]) == ("ARGUMENT_INVALID", True)
    # Without a value of the variable the condition is left out.
    if variable != "b":
        assert local_api(store).execute(GraphQLRequest(query, None, {})).errors == []
