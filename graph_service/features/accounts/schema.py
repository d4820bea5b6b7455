"""Schema part of accounts."""

from __future__ import annotations

from graph_service.features.accounts import emergencies, mutations, queries, types
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(types.add_types, mutations.add_types, emergencies.add_types),
    queries=(*queries.ROOT_FIELDS, *emergencies.QUERIES),
    mutations=(*mutations.ROOT_FIELDS, *emergencies.ROOT_FIELDS),
)
