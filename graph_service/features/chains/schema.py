"""Schema part of benefit chains and of the report of a fund."""

from __future__ import annotations

from graph_service.features.chains import fields, fund_fields
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(fields.add_types, fund_fields.add_types),
    queries=(*fields.ROOT_FIELDS, *fund_fields.ROOT_FIELDS),
)
