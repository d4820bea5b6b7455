"""Schema part of proposed helpers."""

from __future__ import annotations

from graph_service.features.matching.suggestions import SUGGEST_HELPERS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(questions=(SUGGEST_HELPERS,))
