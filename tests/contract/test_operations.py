"""Operations drawn from the schema over random graphs: an engine answers as graphql-core's executor does over the same graph in memory.

`OPERATIONS=2000` draws so many; the suite draws fewer.
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

from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.reference.executor import Reference
from tests.reference.graphs import KEYS, TEXTS, Graph
from tests.reference.operations import DAYS, Draw

GRAPHS = 2
OPERATIONS = int(os.environ.get("OPERATIONS", "100"))
SAID = tuple(text for text in (*KEYS, *TEXTS, *DAYS) if not text.isalnum())
GRANTS = [("",), ("",), ("513431",), ("513431100", "513432"), ()]
Both = Callable[[str, dict[str, Any], tuple[str, ...]], tuple[bytes, bytes, dict[str, Any]]]


@pytest.fixture(params=range(GRAPHS))
def answers(request: pytest.FixtureRequest, empty: Store, monkeypatch: pytest.MonkeyPatch) -> Both:
    """What engine and executor answer, as bytes, and the engine's answer."""
    graph = Graph(request.param)
    graph.write(empty)
    api, reference = GraphQLApi(empty), Reference(graph)
    read = empty._engine.read

    def plain(text: str, parameters: Any, *, name: str = "") -> Any:
        # All that an operation says goes in parameters; its names (aliases, fragments) go nowhere.
        assert text.isascii(), text
        assert not any(said in text for said in SAID), text
        return read(text, parameters, name=name)

    monkeypatch.setattr(empty._engine, "read", plain)

    def ask(query: str, variables: dict[str, Any], granted: tuple[str, ...]) -> tuple[bytes, bytes, dict[str, Any]]:
        body = api.execute(GraphQLRequest(query, variables=variables), granted_areas=granted).body()
        # Fields of several types that are called alike and are not alike: no operation.
        assume("data" in body or "conflict" not in body["errors"][0]["message"])
        assert "data" in body, (body, query, variables)
        mine = {"data": body["data"], "errors": [[e["path"], e["extensions"]["code"]] for e in body.get("errors", ())]}
        return orjson.dumps(mine), orjson.dumps(reference.execute(query, variables, granted)), body["data"]

    return ask


def test_engine_and_executor_answer_alike(answers: Both) -> None:
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
        # Its own choices lean towards what is small: of an operation we want the whole spread.
        rnd = random.Random(seed)
        drawn, granted = Draw(rnd), rnd.choice(GRANTS)
        mine, theirs, data = answers(drawn.text, drawn.variables, granted)
        assert mine == theirs, (drawn.text, drawn.variables, granted)
        for key in drawn.roots:
            _further(answers, drawn, key, data, granted)

    check()


def _further(answers: Both, drawn: Draw, key: str, data: dict[str, Any], granted: tuple[str, ...]) -> None:
    """The next page, and the one before it."""
    info = (data[key] or {}).get("pageInfo")
    if not info or not info["endCursor"]:
        return
    for bound, cursor in (("after", info["endCursor"]), ("before", info["startCursor"])):
        # `first` and `last` stay as they are drawn.
        head, _, rest = drawn.text.partition(f"{key}: ")
        name, bracket, others = rest.partition("(") if "(" in rest.split("{", 1)[0] else (rest.split("{", 1)[0], "", "")
        body = f"{bound}: {orjson.dumps(cursor).decode()}"
        text = (
            f"{head}{key}: {name}({body}, {others}"
            if bracket
            else f"{head}{key}: {name}({body}) {{{rest.split('{', 1)[1]}"
        )
        mine, theirs, _ = answers(text, drawn.variables, granted)
        assert mine == theirs, (text, drawn.variables, granted)
