"""Schema part of shares of assets and dividends."""

from __future__ import annotations

from graph_service.features.shares import dividend_mutations, fields, share_mutations
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    types=(fields.add_types, share_mutations.add_types, dividend_mutations.add_types),
    queries=fields.ROOT_FIELDS,
    mutations=(*share_mutations.ROOT_FIELDS, *dividend_mutations.ROOT_FIELDS),
)
