"""publishedTotals: the coverage of duties by county for readers outside the administration, with small cells suppressed.

The figures are those of `coverageSummary` by county, protected in two ways. A number below 5 is suppressed, 0 included. Any other is
rounded down to a multiple of 5, so that no sum or difference of them (of days, of data versions, of duties, of owed and missing)
tells a small number either: it can be any of at least four. Rows are of whole counties only, and a row is the same whoever asks,
so that no two areas differ by a village. There are no sums of counties, which would bound what is suppressed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph_service.access.rights import Right
from graph_service.core.areas import CODE_DIGITS, CodeRange, code_range, codes_of_level, lies_in
from graph_service.core.duties import Duty, duties_in_force
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Question,
    QuestionArguments,
    QuestionResults,
    RecordList,
    ResultColumn,
    ResultTotals,
    StatementResults,
)
from graph_service.domain.metamodel import PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY, NO_LIMIT
from graph_service.platform.store.graph import Store

SMALLEST_PUBLISHED = 5
"""Smallest number that is published, and the step to which numbers are rounded down."""
COUNTY_DIGITS = CODE_DIGITS["COUNTY"]


@dataclass(frozen=True, slots=True)
class PublishedTotal:
    """Number of subjects in a county to which a duty is owed (`eligible`), and of those for which it is not fulfilled (`missing`), as
    published: None for fewer than 5."""

    area: str
    area_name: str
    rank: int
    duty: Duty
    eligible: int | None
    missing: int | None


def publish_count(number: int) -> int | None:
    """Return a number as it is published: rounded down to a multiple of 5, None below 5."""
    return number - number % SMALLEST_PUBLISHED or None


def whole_counties(ranges: tuple[CodeRange, ...]) -> tuple[CodeRange, ...]:
    """Return the parts of ranges that are made of whole counties."""
    parts = ((_first_county(low), beyond[:COUNTY_DIGITS]) for low, beyond in ranges)
    return tuple((low, beyond) for low, beyond in parts if low < beyond)


def _first_county(code: str) -> str:
    """Return the code from which a range that begins with a code has whole counties."""
    return code if len(code) <= COUNTY_DIGITS else code_range(code[:COUNTY_DIGITS])[1]


def _find_totals(store: Store, scope: QueryScope, _: QuestionArguments) -> QuestionResults:
    """Return the totals of whole counties, computed once for their areas, a day and a data version, whoever asks. Raises `ArgumentInvalid`."""
    county_scope = replace(scope, areas=whole_counties(scope.areas))
    if not county_scope.areas:
        raise ArgumentInvalid(
            name="area",
            reason_zh="对外汇总按整个县公布，请给出您有权查看的县级及以上区划，并包含其下级",
            reason_en="totals are published for whole counties; give a county or a larger area that you may read, with all areas below it",
        )
    key = (PUBLISHED_TOTALS.name, county_scope.areas, county_scope.as_of, county_scope.version)
    totals = store.get_or_compute(key, lambda: _compute_totals(store, county_scope))
    return RecordList(totals, PUBLISHED_TOTALS.row_key, ResultTotals(len(totals), len(totals)))


def _compute_totals(store: Store, scope: QueryScope) -> tuple[PublishedTotal, ...]:
    """Return the totals of the counties of a scope. They depend on its areas, day and data version alone: boundaries, which depend on what
    else the asker may see, are those of the codes under which households are registered."""
    shares = StatementResults(store, scope, COVERAGE_SUMMARY, {"by": "COUNTY"}).page(NO_LIMIT, None).rows
    counts = {(share.area, share.rank): (share.eligible, share.missing) for share in shares}
    counties = {code for code in codes_of_level("COUNTY") if lies_in(code, scope.areas)}
    names = dict(store.query("areas/known", codes=sorted(counties | {share.area for share in shares})))
    duties = sorted(duties_in_force(scope.as_of), key=lambda duty: duty.rank)
    # A county has a row for each duty, also where nothing is owed: that there is a row tells nothing.
    return tuple(
        PublishedTotal(area, names[area], duty.rank, duty, *map(publish_count, counts.get((area, duty.rank), (0, 0))))
        for area in sorted(names)
        for duty in duties
    )


PUBLISHED_TOTALS = Question(
    "publishedTotals",
    "PublishedTotal",
    "对外汇总",
    "Number of duties owed and of duties not fulfilled on the query date, for each county and each duty, for readers outside the "
    "administration: numbers below 5 are suppressed, others rounded down to a multiple of 5. Households count in the county under whose "
    "code they are registered. Sorted by county and duty.",
    "",
    (("area", str), ("rank", int)),
    (
        ResultColumn("countyCode", "县区划代码", "Area code of the county.", source="area", required=True),
        ResultColumn("countyName", "县名称", "Name of the county.", source="area_name", required=True),
        ResultColumn(
            "duty", "帮扶责任", "Duty of help.", PropertyKind.ENUM, enum="Duty", required=True, convert=lambda duty: duty.name,
        ),
        ResultColumn(
            "eligible", "应落实数", "Number of villages or households to which the duty is owed, rounded down to a multiple of 5; null for fewer than 5.", PropertyKind.INTEGER,
        ),
        ResultColumn(
            "missing", "未落实数", "Number of these for which it is not fulfilled, rounded down to a multiple of 5; null for fewer than 5.", PropertyKind.INTEGER,
        ),
    ),
    compute=_find_totals,
    eligible=None,
    right=Right.READ_TOTALS,
    row_doc="Number of villages or households of a county to which a duty is owed, and for which it is not fulfilled, as published.",
)  # fmt: skip
