"""Schema part of measures, guarantees and policies."""

from __future__ import annotations

from graph_service.features.support.housing import HOUSING_STATES
from graph_service.features.support.measures import GUARANTEE_GAPS, MEASURE_GAPS
from graph_service.features.support.operators import IDLE_LABOUR, OPERATOR_LINKS, UNLINKED_HOUSEHOLDS
from graph_service.features.support.policies import BATCH_REACH, MEDICAL_BURDENS, PLAN_REACH, POLICY_GAPS
from graph_service.graphql.schema_part import SchemaPart

SCHEMA = SchemaPart(
    questions=(
        MEASURE_GAPS,
        GUARANTEE_GAPS,
        HOUSING_STATES,
        UNLINKED_HOUSEHOLDS,
        IDLE_LABOUR,
        OPERATOR_LINKS,
        POLICY_GAPS,
        MEDICAL_BURDENS,
        PLAN_REACH,
        BATCH_REACH,
    ),
)
