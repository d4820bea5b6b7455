"""Schema part of leading posts, pledges and problems."""

from __future__ import annotations

from graph_service.features.responsibility import mutations
from graph_service.features.responsibility.progress import (
    AREA_HISTORY,
    EARLY_DEPARTURES,
    INSPECTION_ROUNDS,
    LEADERLESS_AREAS,
    OPEN_PROBLEMS,
    UNSIGNED_PLEDGES,
)
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(OPEN_PROBLEMS, UNSIGNED_PLEDGES, LEADERLESS_AREAS, EARLY_DEPARTURES, INSPECTION_ROUNDS, AREA_HISTORY),
    types=(mutations.add_types,),
    mutations=mutations.ROOT_FIELDS,
)
