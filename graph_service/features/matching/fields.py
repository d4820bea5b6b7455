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
    Field("totalDistance", "Int!", "总距离：The sum of all distances, over all pages."),
    Field("squaredLoads", "Int!", "负担平方和：The squares of the loads after the proposal, summed over all cadres who could help."),
    Field("unserved", "Int!", "无人可帮的户数：For how many households nobody is left who has room."),
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
