"""Schema part of the audit log."""

from __future__ import annotations

from graph_service.features.audit import queries
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(types=(queries.add_types,), queries=queries.ROOT_FIELDS)
