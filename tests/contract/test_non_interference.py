"""Non-interference: what a caller of some areas gets is the same to the byte, whatever lies in the others.

`OPERATIONS=1000` sets the number of pairs for each engine; the suite draws fewer by default.
"""

from __future__ import annotations

import os
import random

import orjson
import pytest

from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.reference.graphs import Graph
from tests.reference.hidden_changes import ChangedGraph
from tests.reference.operations import Draw

OPERATIONS = int(os.environ.get("OPERATIONS", "100"))
GRANTS = (("513431100",), ("513432",), ("513431100001", "513431101"), ("513431",))


def answers(store: Store, granted: tuple[str, ...], operations: list[Draw]) -> list[bytes]:
    """Return the whole responses, errors included."""
    api, permissions = local_api(store), permissions_in(granted)
    return [
        orjson.dumps(api.execute(GraphQLRequest(draw.text, variables=draw.variables), permissions=permissions).body())
        for draw in operations
    ]


@pytest.mark.parametrize("seed", range(len(GRANTS)))
def test_an_answer_does_not_depend_on_what_its_caller_may_not_see(empty: Store, seed: int) -> None:
    granted = GRANTS[seed]
    changed = ChangedGraph(seed, granted)
    assert (changed.changed_count > 20, changed.removed_count > 5) == (True, True)
    operations = [Draw(random.Random(f"{seed} {number}")) for number in range(OPERATIONS // len(GRANTS))]
    Graph(seed).write(empty)
    before = answers(empty, granted, operations)
    everything = answers(empty, ("",), operations)
    emptied(empty)
    changed.write(empty)
    for operation, answer, other_answer in zip(operations, before, answers(empty, granted, operations), strict=True):
        assert answer == other_answer, (operation.text, operation.variables)
    # The change is one that callers who see everything notice.
    assert answers(empty, ("",), operations) != everything
