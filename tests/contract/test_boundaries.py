"""Values at and beyond the limits of each scalar: every operation is answered or refused with a code, none fails inside.

`OPERATIONS=10000` sets the number of operations; the suite draws fewer by default.
"""

from __future__ import annotations

import os
import random

import orjson
import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import REGISTER
from tests.reference.boundaries import Draw

OPERATIONS = int(os.environ.get("OPERATIONS", "300"))
CHANGES = OPERATIONS // 5
WRONG = (0.0, 0.0, 0.05, 0.2)
GRANTS = (("",), ("",), ("513431100",), ())
MOST_BYTES = 3_000
"""The largest size of an error, for any request."""

pytestmark = pytest.mark.one_engine


def draw_and_ask(api: GraphQLApi, kind: str, count: int) -> None:
    for seed in range(count):
        rng = random.Random(f"{kind} {seed}")
        operation, granted = Draw(rng, kind, wrong=rng.choice(WRONG)), rng.choice(GRANTS)
        body = api.execute(
            GraphQLRequest(operation.text, variables=operation.variables), permissions=permissions_in(granted)
        ).body()
        for error in body.get("errors", ()):
            assert error["extensions"]["code"] != "INTERNAL", (seed, operation.text, operation.variables)
            assert len(orjson.dumps(error)) < MOST_BYTES, (seed, operation.text)
        assert orjson.dumps(body)


def test_no_question_fails_inside(store: Store, imported: ImportReport) -> None:
    draw_and_ask(local_api(store), "Query", OPERATIONS - CHANGES)


def test_no_change_fails_inside(empty: Store) -> None:
    import_files(empty, [REGISTER])
    draw_and_ask(local_api(empty), "Mutation", CHANGES)


@pytest.mark.parametrize(
    "condition",
    ["gt: 0.005", "gt: [1]", "eq: []", "eq: {}", 'eq: ""', 'lt: "1e3"', 'in: ["x"]', "gte: true", f"gt: {'9' * 30}"],
)
def test_what_is_no_amount_is_refused_with_the_reason(store: Store, imported: ImportReport, condition: str) -> None:
    query = f'{{ households(area: {{code: "513431"}}, where: {{current: {{wageIncome: {{{condition}}}}}}}) {{ totalCount }} }}'
    [error] = local_api(store).execute(GraphQLRequest(query)).body()["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_INVALID"
    assert error["extensions"]["argument"].startswith("where.current.wageIncome.")
    assert "小数" in error["extensions"]["zh"]
    assert "decimal" in error["extensions"]["en"]


@pytest.mark.parametrize(
    "condition", ['eq: "120.50"', "eq: 120.5", "gt: 0.01", "lt: 99999999999999.99", "in: [1, 2.50]"]
)
def test_what_is_an_amount_is_taken(store: Store, imported: ImportReport, condition: str) -> None:
    query = f'{{ households(area: {{code: "513431"}}, where: {{current: {{wageIncome: {{{condition}}}}}}}) {{ totalCount }} }}'
    assert "errors" not in local_api(store).execute(GraphQLRequest(query)).body()


def test_a_number_of_100_000_digits_is_not_repeated(store: Store, imported: ImportReport) -> None:
    digits = "9" * 100_000
    for query in (
        f"{{ dataVersions(first: {digits}) {{ sequence }} }}",
        f'{{ fund(fundNo: "{digits}") {{ name }} }}',
        f"{{ {digits} }}",
    ):
        body = local_api(store).execute(GraphQLRequest(query)).body()
        assert len(orjson.dumps(body)) < MOST_BYTES
