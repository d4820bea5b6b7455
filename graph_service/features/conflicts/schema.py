"""Schema part of conflicts of interest."""

from __future__ import annotations

from graph_service.features.conflicts.conflicts_of_interest import CONFLICTS_OF_INTEREST
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(questions=(CONFLICTS_OF_INTEREST,))
