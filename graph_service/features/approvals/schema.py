"""Schema part of approvals."""

from __future__ import annotations

from graph_service.features.approvals import mutations, queries
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(queries.add_types, mutations.add_types), queries=queries.ROOT_FIELDS, mutations=mutations.ROOT_FIELDS
)
