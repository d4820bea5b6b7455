"""Fixtures of the tests of the directory."""

from __future__ import annotations

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLApi
from graph_service.platform.store.graph import Store
from tests.callers import local_api


@pytest.fixture(scope="module")
def api(store: Store, imported: ImportReport) -> GraphQLApi:
    """Return the API over the sample register."""
    return local_api(store)
