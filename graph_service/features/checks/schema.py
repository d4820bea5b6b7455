"""Schema part of the checks on the register."""

from __future__ import annotations

from graph_service.features.checks import fields, mutations
from graph_service.features.checks.quality import FINDING_COUNTS, FINDINGS
from graph_service.features.checks.reconciliation import RECONCILIATION
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(FINDINGS, FINDING_COUNTS, RECONCILIATION),
    types=(fields.add_types, mutations.add_types),
    queries=fields.ROOT_FIELDS,
    mutations=mutations.ROOT_FIELDS,
)
