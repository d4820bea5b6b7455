"""suggestHelpers: a proposed matching of helpers to the households that have none."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import QuestionArguments
from graph_service.features.matching.suggestions import SUGGEST_HELPERS, load_page, suggest_helpers
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.question_fields import ResultSource, add_question_types, plan_question, root_field
from graph_service.graphql.root_fields import RootField
from graph_service.graphql.types.type_registry import Field, TypeRegistry

FIGURES = (
    Field("totalDistance", "Int!", "总距离：Sum of all distances, over all pages."),
    Field(
        "squaredLoads", "Int!",
        "帮扶户数平方和：Sum of the squared number of households of each available cadre, after the proposal; smaller "
        "means more evenly spread.",
    ),
    Field("unserved", "Int!", "未能结对户数：Number of households for which no cadre with free capacity is left."),
)  # fmt: skip


def add_types(types: TypeRegistry) -> None:
    """Add the types of the rows and the connection."""
    add_question_types(types, SUGGEST_HELPERS, *FIGURES)


def _result_source(execution: Execution, scope: QueryScope, arguments: QuestionArguments) -> ResultSource:
    scope = scope.with_merged_areas(execution.store)

    def load_totals() -> dict[str, Any]:
        proposal = suggest_helpers(execution.store, scope, arguments)
        return {
            "totalCount": len(proposal.matches),
            "eligibleCount": proposal.eligible_count,
            "totalDistance": proposal.total_distance,
            "squaredLoads": proposal.squared_loads,
            "unserved": proposal.unserved,
        }

    return ResultSource(
        lambda first, after, extra: load_page(
            execution.store,
            scope,
            suggest_helpers(execution.store, scope, arguments),
            first=first,
            after=after,
            extra=extra,
        ),
        load_totals,
    )


ROOT_FIELDS = (
    RootField(
        root_field(SUGGEST_HELPERS),
        partial(
            plan_question,
            SUGGEST_HELPERS,
            _result_source,
            ("totalCount", "eligibleCount", *(figure.name for figure in FIGURES)),
        ),
    ),
)
