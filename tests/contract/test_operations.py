"""Random operations over random graphs: an engine answers as graphql-core's executor does over the same graph in memory.

`OPERATIONS=2000` sets the number of operations; the suite draws fewer by default.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.reference.executor import Reference
from tests.reference.graphs import KEYS, TEXTS, Graph
from tests.reference.operations import DAYS, Draw

GRAPHS = 2
OPERATIONS = int(os.environ.get("OPERATIONS", "100"))
VALUE_TEXTS = tuple(text for text in (*KEYS, *TEXTS, *DAYS) if not text.isalnum())
GRANTS = [("",), ("",), ("513431",), ("513431100", "513432"), ()]
Ask = Callable[[str, dict[str, Any], tuple[str, ...]], tuple[bytes, bytes, dict[str, Any]]]


@pytest.fixture(params=range(GRAPHS))
def answers(request: pytest.FixtureRequest, empty: Store, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that gives the answers of engine and executor, as bytes, and the data of the engine's answer."""
    graph = Graph(request.param)
    graph.write(empty)
    api, reference = local_api(empty), Reference(graph)
    read = empty._engine.read

    def checked_read(text: str, parameters: Any, *, name: str = "") -> Any:
        # The values of an operation go into parameters; its names (aliases, fragments) go nowhere.
        assert text.isascii(), text
        assert not any(value in text for value in VALUE_TEXTS), text
        return read(text, parameters, name=name)

    monkeypatch.setattr(empty._engine, "read", checked_read)

    def ask(query: str, variables: dict[str, Any], granted: tuple[str, ...]) -> tuple[bytes, bytes, dict[str, Any]]:
        body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
        # Fields of different types under the same name: not a valid operation.
        assume("data" in body or "conflict" not in body["errors"][0]["message"])
        assert "data" in body, (body, query, variables)
        answer = {
            "data": body["data"],
            "errors": [[error["path"], error["extensions"]["code"]] for error in body.get("errors", ())],
        }
        return orjson.dumps(answer), orjson.dumps(reference.execute(query, variables, granted)), body["data"]

    return ask


def test_engine_and_executor_answer_alike(answers: Ask) -> None:
    @settings(
        max_examples=OPERATIONS // GRAPHS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64))
    def check(seed: int) -> None:
        # Hypothesis prefers small values; an operation needs the whole range.
        rng = random.Random(seed)
        operation, granted = Draw(rng), rng.choice(GRANTS)
        answer, expected, fields = answers(operation.text, operation.variables, granted)
        assert answer == expected, (operation.text, operation.variables, granted)
        for key in operation.roots:
            _check_next_pages(answers, operation, key, fields, granted)

    check()


def _check_next_pages(
    answers: Ask, operation: Draw, key: str, fields: dict[str, Any], granted: tuple[str, ...]
) -> None:
    """Compare the next page and the previous page."""
    info = (fields[key] or {}).get("pageInfo")
    if not info or not info["endCursor"]:
        return
    for bound, cursor in (("after", info["endCursor"]), ("before", info["startCursor"])):
        # `first` and `last` stay as drawn.
        head, _, rest = operation.text.partition(f"{key}: ")
        name, bracket, arguments = (
            rest.partition("(") if "(" in rest.split("{", 1)[0] else (rest.split("{", 1)[0], "", "")
        )
        argument = f"{bound}: {orjson.dumps(cursor).decode()}"
        text = (
            f"{head}{key}: {name}({argument}, {arguments}"
            if bracket
            else f"{head}{key}: {name}({argument}) {{{rest.split('{', 1)[1]}"
        )
        answer, expected, _ = answers(text, operation.variables, granted)
        assert answer == expected, (text, operation.variables, granted)
