"""Fixtures of the tests that change a register: a module says which one by its fixture `registered`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.graphql.execution import GraphQLApi
from graph_service.platform.store.graph import Store
from tests.callers import local_api


@pytest.fixture
def api(registered: Store) -> Iterator[GraphQLApi]:
    """Yield the API of the register, and undo the changes of the test."""
    yield local_api(registered)
    while len(versions(registered)) > 1:
        undo(registered)
