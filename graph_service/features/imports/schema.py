"""Additions of imports to the schema."""

from __future__ import annotations

from graph_service.features.imports import events, mutations
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(mutations.add_types, events.add_types),
    mutations=mutations.ROOT_FIELDS,
    subscriptions=events.ROOT_FIELDS,
)
