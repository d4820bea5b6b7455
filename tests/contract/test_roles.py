"""Generated operations as each role: none fails inside, and none shows a whole number of an ID document or telephone unasked.

`OPERATIONS=10000` sets the number of operations of each role; the suite draws fewer by default.
"""

from __future__ import annotations

import os
import random
import re

import orjson
import pytest

from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.reference.boundaries import Draw

OPERATIONS = int(os.environ.get("OPERATIONS", "120"))
COUNTY = "513431"
PERSONAL_NUMBER = re.compile(rb"519900\d{11}[\dX]|(?<!\d)100\d{8}(?!\d)")
"""An ID document or telephone of the sample register."""
MAY_READ_IN_FULL = (Role.OFFICIAL, Role.REGISTRAR, Role.EMERGENCY)
pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("role", list(Role))
def test_no_operation_of_a_role_fails_inside_or_shows_what_is_masked(
    store: Store, imported: ImportReport, role: Role
) -> None:
    api, permissions = local_api(store), permissions_in((COUNTY,), (role,), role.value)
    for number in range(OPERATIONS):
        rng = random.Random(f"{role} {number}")
        operation = Draw(rng, "Query", wrong=rng.choice((0.0, 0.05)))
        body = api.execute(
            GraphQLRequest(operation.text, variables=operation.variables), permissions=permissions
        ).body()
        codes = {error["extensions"]["code"] for error in body.get("errors", ())}
        assert not codes & {"INTERNAL", "STATEMENT_REFUSED"}, operation.text
        if role not in MAY_READ_IN_FULL or "full(" not in operation.text:
            assert not PERSONAL_NUMBER.search(orjson.dumps(body)), operation.text
