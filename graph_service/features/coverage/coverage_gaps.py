"""coverageGaps: duties of help that are not fulfilled for villages and households on a day, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.duties import (
    Duty,
    duty_of_rank,
    duty_parameters,
    first_day_without_visit,
)
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    ResultTotals,
    fetch_page,
)
from graph_service.domain.days import day_after
from graph_service.domain.metamodel import PropertyKind
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY, NO_LIMIT
from graph_service.platform.store.graph import Store

OFFICES = {
    "COUNTY_LEADER": "县级联系领导：The county leader responsible for the village.",
    "TOWNSHIP": "乡镇：The township.",
    "COUNTY_OFFICE": "县扶贫办：The poverty alleviation office of the county.",
}
REASONS = {
    "NEVER_ASSIGNED": "从未安排：Nobody has ever been assigned.",
    "ENDED": "已到期无人接替：The term ended without a successor.",
    "HOLDER_LEFT": "责任人已离岗：Assigned to a cadre who left office before the term ended.",
    "IN_NAME_ONLY": "挂名：Assigned to a cadre who has since taken such posts in more villages than the rules allow.",
    "UNIT_DISSOLVED": "帮扶部门已撤销：Assigned to a department that was dissolved.",
    "VILLAGE_MERGED": "村已撤并：Assigned in a village that was merged into this one.",
    "NO_RECENT_VISIT": "未按期走访：No visit within the required number of months.",
}


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A duty that is not fulfilled, as the statement's columns give it; days as YYYYMMDD. `household` is empty where the duty is owed to the
    village itself.

    `held_until`: last day of the returned holder; `holder_left`: first day on which that holder had left the post, held it in name only, or
    was dissolved or merged. `last_held`, `last_left`: the same of all terms, the last day of each. `leader`: the county's leader of the
    village, in post. `mend_area`: area of the office that has to mend the gap. `waiver`: the waiver of the gap.
    """

    duty: Duty
    village: str
    household: str
    rank: int
    reason: str
    held_until: int | None
    holder_left: int | None
    last_held: int | None
    last_left: int | None
    cadre_no: str | None
    department_no: str | None
    leader: str | None
    mend_area: str
    poor_since: int | None
    visited: int | None
    waiver: str | None

    @classmethod
    def from_statement(cls, scope: QueryScope, values: Sequence[Any]) -> CoverageGap:
        """Return the gap of a row of the statement."""
        return cls(duty_of_rank(values[2], scope.as_of), *values)

    @property
    def since(self) -> int | None:
        """Return the first day on which the duty was not fulfilled; None where the register does not tell."""
        days = (
            self.last_left,
            self.last_held and day_after(self.last_held),
            self.visited and first_day_without_visit(self.visited, self.duty.months),
            self.poor_since,
        )
        return max(filter(None, days), default=None)

    @property
    def office(self) -> str:
        """Return the office that has to mend the gap (DOMAIN §4): the village's county leader where one is in post, else the township or
        the county's office, for `mend_area`."""
        return "COUNTY_LEADER" if self.leader else {9: "TOWNSHIP", 6: "COUNTY_OFFICE"}[len(self.mend_area)]


def _gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    return {
        **duty_parameters(arguments.get("duties"), scope.as_of),
        "reasons": arguments.get("reasons") or None,
        "waived": arguments.get("waived"),
    }


def _count_gaps(store: Store, scope: QueryScope, arguments: QuestionArguments) -> ResultTotals:
    """Return the sums of the summary over all areas."""
    shares = fetch_page(store, scope, COVERAGE_SUMMARY, {**arguments, "by": None}, first=NO_LIMIT).rows
    return ResultTotals(sum(share.missing for share in shares), sum(share.eligible for share in shares))


MEND_COLUMNS = (
    ResultColumn("office", "责任方", "Kind of office.", PropertyKind.ENUM, enum="MendingOffice", required=True),
    ResultColumn("cadre", "责任领导", "The county leader, if responsible; null otherwise.", node="Cadre", source="leader"),
    ResultColumn("area", "责任区划", "Area of the office; for a county leader, the village.", node="Area", source="mend_area"),
)  # fmt: skip
COVERAGE_GAPS = Question(
    "coverageGaps",
    "CoverageGap",
    "未落实的帮扶责任",
    "Villages and households for which a duty of help is not fulfilled on the query date, with the reason. Sorted by village, household and "
    "duty.",
    "coverage/coverage_gaps",
    (("village", str), ("household", str), ("rank", int)),
    (
        ResultColumn(
            "duty", "帮扶责任", "Duty of help.", PropertyKind.ENUM, enum="Duty", required=True, convert=lambda duty: duty.name,
        ),
        ResultColumn(
            "subject", "帮扶对象", "Village or household to which the duty is owed.",
            node="DutySubject", node_columns=(("Household", "household"), ("Village", "village")),
        ),
        ResultColumn("village", "所在村", "The village, or the village of the household.", node="Village"),
        ResultColumn("reason", "原因", "Reason why the duty is not fulfilled.", PropertyKind.ENUM, enum="GapReason", required=True),
        ResultColumn("since", "起始日", "First day on which the duty was not fulfilled; null if unknown.", PropertyKind.DATE),
        ResultColumn(
            "heldUntil", "任期截止日", "Last day of the last holder's term; null if it has not ended or there was no holder.",
            PropertyKind.DATE, source="held_until",
        ),
        ResultColumn(
            "lastHolder", "上一责任人", "Last holder of the duty; null if there was none.",
            node="DutyHolder", node_columns=(("Cadre", "cadre_no"), ("Department", "department_no")),
        ),
        ResultColumn(
            "goneOn", "离岗（撤销）日",
            "First day on which the last holder no longer fulfilled the duty although the term continued; null otherwise.",
            PropertyKind.DATE, source="holder_left",
        ),
        ResultColumn("waiver", "豁免", "Waiver in force on the query date; null if there is none.", node="Waiver"),
        ResultColumn(
            "mustMend", "整改责任单位", "Office that has to remedy it.", fields=MEND_COLUMNS, type_name="GapMender",
            type_doc=("整改责任单位", "Office that has to remedy an unfulfilled duty, with its area."), required=True,
        ),
    ),
    _gap_parameters,
    (
        Filter("duties", "帮扶责任", "Only these duties; all if omitted.", enum="Duty"),
        Filter("reasons", "原因", "Only gaps with these reasons; all if omitted.", enum="GapReason"),
        Filter(
            "waived", "是否豁免",
            "True for gaps with a waiver on the query date, false for those without one; both if omitted.",
            PropertyKind.FLAG,
        ),
    ),
    within_current_boundaries=True,
    record=CoverageGap.from_statement,
    count=_count_gaps,
    eligible=("应落实数", "Number of duties owed, fulfilled or not. Computed only if selected."),
    row_doc="A duty of help that is not fulfilled.",
)  # fmt: skip
