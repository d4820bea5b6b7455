"""suggestHelpers: possible helpers for the households of an area that have no present helper on a day."""

from __future__ import annotations

from graph_service.core.duties import HELPER, duties_in_force, max_households, years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    QuestionResults,
    RecordList,
    ResultColumn,
    ResultTotals,
    statement_parameters,
)
from graph_service.domain.metamodel import PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.features.matching.network import Helper
from graph_service.features.matching.proposal import Proposal, propose_matching
from graph_service.platform.store.graph import Store

NEEDS_STATEMENT, HELPERS_STATEMENT = "matching/needs", "matching/helpers"
MAX_LOAD = 500


def _requested_max_load(scope: QueryScope, arguments: QuestionArguments) -> int:
    """Return the number of households that a cadre may help at most. Raises `ArgumentInvalid`."""
    max_load: int | None = arguments.get("maxLoad")
    max_load = max_households(scope.as_of) or MAX_LOAD if max_load is None else max_load
    if not 1 <= max_load <= MAX_LOAD:
        raise ArgumentInvalid(
            name="maxLoad",
            reason_zh=f"应在 1 至 {MAX_LOAD} 之间",
            reason_en=f"it must be between 1 and {MAX_LOAD}",
        )
    return max_load


def suggest_helpers(store: Store, scope: QueryScope, arguments: QuestionArguments) -> QuestionResults:
    """Return the proposed matches, computed once for a data version. At most two statements. Raises `ArgumentInvalid`."""
    max_load = _requested_max_load(scope, arguments)
    proposal = store.get_or_compute(
        (SUGGEST_HELPERS.name, scope, max_load), lambda: _compute_proposal(store, scope, arguments, max_load)
    )
    totals = ResultTotals(len(proposal.matches), proposal.eligible_count, proposal)
    return RecordList(proposal.matches, SUGGEST_HELPERS.row_key, totals)


def _compute_proposal(store: Store, scope: QueryScope, arguments: QuestionArguments, max_load: int) -> Proposal:
    is_owed = any(duty.kind == HELPER for duty in duties_in_force(scope.as_of))
    household_rows = (
        store.query(NEEDS_STATEMENT, **statement_parameters(scope, SUGGEST_HELPERS, arguments, NEEDS_STATEMENT))
        if is_owed
        else []
    )
    helper_rows = store.query(
        HELPERS_STATEMENT, **statement_parameters(scope, SUGGEST_HELPERS, arguments, HELPERS_STATEMENT)
    )
    helpers = [Helper(number, load, tuple(area_codes)) for number, load, area_codes in helper_rows]
    return propose_matching([(village, household) for village, household in household_rows], helpers, max_load)


SUGGEST_HELPERS = Question(
    "suggestHelpers",
    "HelperSuggestion",
    "帮扶结对建议",
    "Proposed helpers for households that have no helper in post on the query date. The proposal serves as many "
    "households as possible, then minimizes the distance, then spreads the households evenly. Sorted by village "
    "and household.",
    "",
    (("village", str), ("household", str)),
    (
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village"),
        ResultColumn(
            "cadre", "建议帮扶责任人",
            "Proposed helper: a cadre in post on the query date, with a place of work in the area.",
            node="Cadre", source="cadre_no",
        ),
        ResultColumn(
            "distance", "距离",
            "Distance from the village to the cadre's nearest place of work in the area: 0 in the village, 1 in "
            "its township, 2 in its county, 3 in its prefecture, 4 in its province. Places of work are the "
            "villages in which the cadre helps or holds a post and the areas of posting; for a cadre without any, "
            "the location of the department and the villages that it helps.",
            PropertyKind.INTEGER, required=True,
        ),
        ResultColumn(
            "load", "帮扶户数", "Number of households that the cadre helps anywhere, after the whole proposal.", PropertyKind.INTEGER, required=True,
        ),
    ),
    lambda scope, _: {"yearsAfterExit": years_after_exit(scope.as_of)},
    (
        Filter(
            "maxLoad", "每人最多户数",
            f"Maximum number of households of a cadre, including present ones (1 to {MAX_LOAD}). "
            f"By default the limit of the rules in force (duties.csv), or {MAX_LOAD} if they set none.",
            PropertyKind.INTEGER,
        ),
    ),
    figures=(
        ResultColumn(
            "totalDistance", "总距离", "Sum of all distances, over all pages.", PropertyKind.INTEGER, source="total_distance", required=True,
        ),
        ResultColumn(
            "squaredLoads", "帮扶户数平方和",
            "Sum of the squared number of households of each available cadre, after the proposal; smaller means more "
            "evenly spread.",
            PropertyKind.INTEGER, source="squared_loads", required=True,
        ),
        ResultColumn(
            "unserved", "未能结对户数", "Number of households for which no cadre with free capacity is left.", PropertyKind.INTEGER, required=True,
        ),
    ),
    compute=suggest_helpers,
)  # fmt: skip
