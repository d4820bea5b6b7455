"""Schema part of the coverage of duties."""

from __future__ import annotations

from graph_service.features.coverage import mutations, types
from graph_service.features.coverage.coverage_gaps import COVERAGE_GAPS
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY
from graph_service.features.coverage.duty_questions import EXPIRING_DUTIES, HELPER_LOAD, SOLE_HOLDERS
from graph_service.features.coverage.published_totals import PUBLISHED_TOTALS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(COVERAGE_GAPS, COVERAGE_SUMMARY, EXPIRING_DUTIES, HELPER_LOAD, SOLE_HOLDERS, PUBLISHED_TOTALS),
    types=(types.add_types, mutations.add_types),
    mutations=mutations.ROOT_FIELDS,
)
