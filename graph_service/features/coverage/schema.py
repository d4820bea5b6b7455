"""Schema part of the coverage of duties."""

from __future__ import annotations

from graph_service.features.coverage import fields, mutations
from graph_service.features.coverage.duty_questions import EXPIRING_DUTIES, HELPER_LOAD, SOLE_HOLDERS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(EXPIRING_DUTIES, HELPER_LOAD, SOLE_HOLDERS),
    types=(fields.add_types, mutations.add_types),
    queries=fields.ROOT_FIELDS,
    mutations=mutations.ROOT_FIELDS,
)
