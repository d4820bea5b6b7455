"""Schema part of shares of assets and dividends."""

from __future__ import annotations

from graph_service.features.shares import dividend_mutations, share_mutations
from graph_service.features.shares.share_register import SHARE_REGISTER
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(SHARE_REGISTER,),
    types=(share_mutations.add_types, dividend_mutations.add_types),
    mutations=(*share_mutations.ROOT_FIELDS, *dividend_mutations.ROOT_FIELDS),
)
