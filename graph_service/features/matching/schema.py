"""Schema part of proposed helpers."""

from __future__ import annotations

from graph_service.features.matching import fields
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(fields.add_types,),
    queries=fields.ROOT_FIELDS,
)
