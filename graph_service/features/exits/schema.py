"""Schema part of exits from poverty."""

from __future__ import annotations

from graph_service.features.exits import fields
from graph_service.features.exits.areas import COUNTY_EXIT_GAPS, VILLAGE_EXIT_GAPS
from graph_service.features.exits.households import EXIT_GAPS, LOST_SUPPORT, WATCH_DELAYS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(EXIT_GAPS, VILLAGE_EXIT_GAPS, COUNTY_EXIT_GAPS, LOST_SUPPORT, WATCH_DELAYS),
    types=(fields.add_types,),
    queries=fields.ROOT_FIELDS,
)
