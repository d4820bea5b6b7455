"""coverageGaps and coverageSummary: duties of help that are not met, with the reason, and missing of eligible by area."""

from __future__ import annotations

from typing import Any

from graph_service.core.duties import Duty, duties_by_name
from graph_service.domain.days import format_day
from graph_service.domain.fields import sentence_case
from graph_service.features.coverage import coverage_gaps
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    AREA,
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.types.derived import add_connection, bilingual
from graph_service.graphql.types.scalars import Date
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

REASONS = {
    "NEVER_ASSIGNED": "从未落实：Nobody has ever been assigned.",
    "ENDED": "已到期无人接替：The term ended without a successor.",
    "HOLDER_LEFT": "责任人已离岗：Assigned to a cadre who has left the post.",
    "IN_NAME_ONLY": "挂名：Assigned to a cadre who has since taken such posts in more villages than the rules allow.",
    "UNIT_DISSOLVED": "帮扶单位已撤销：Assigned to a department that was dissolved.",
    "VILLAGE_MERGED": "村已撤并：Assigned in a village that was merged into this one.",
    "NO_RECENT_VISIT": "未按期走访：No visit within the required number of months.",
}
OFFICES = {
    "COUNTY_LEADER": "县级联系领导：The county leader responsible for the village.",
    "TOWNSHIP": "乡镇：The township.",
    "COUNTY_OFFICE": "县扶贫办：The poverty alleviation office of the county.",
}
DUTIES = Argument("duties", "[Duty!]", "帮扶责任：Only these duties; all if omitted.")


def add_types(types: TypeRegistry) -> None:
    """Add the types of both questions."""
    duties = duties_by_name().values()
    types.add_enum("Duty", "帮扶责任：A duty of help.", [(duty.name, _duty_description(duty)) for duty in duties])
    household_duties = [(duty.name, _duty_description(duty)) for duty in duties if duty.subject == "HOUSEHOLD"]
    types.add_enum("HouseholdDuty", "对户的帮扶责任：A duty of help that is owed to a household.", household_duties)
    types.add_enum(
        "GapReason",
        "未落实原因：Reason why a duty is not fulfilled. If several apply, the one closest to fulfillment is given.",
        list(REASONS.items()),
    )
    types.add_enum("MendingOffice", "整改责任方：Office that has to remedy an unfulfilled duty.", list(OFFICES.items()))
    types.add_object(
        "GapMender",
        "整改责任方：Office that has to remedy an unfulfilled duty, with its area.",
        [
            Field("office", "MendingOffice!", "责任方：Kind of office."),
            Field("cadre", "Cadre", "责任领导：The county leader, if responsible; null otherwise."),
            Field("area", "Area", "所在区划：Area of the office; for a county leader, the village."),
        ],
    )
    types.add_object(
        "CoverageGap",
        "未落实的帮扶责任：A duty of help that is not fulfilled.",
        [
            Field("duty", "Duty!", "帮扶责任：Duty of help."),
            Field("subject", "DutySubject", "帮扶对象：Village or household to which the duty is owed."),
            Field("village", "Village", "所在村：The village, or the village of the household."),
            Field("reason", "GapReason!", "原因：Reason why the duty is not fulfilled."),
            Field("since", Date | None, "起始日：First day on which the duty was not fulfilled; null if unknown."),
            Field(
                "heldUntil",
                Date | None,
                "任期截止日：Last day of the last holder's term; null if it has not ended or there was no holder.",
            ),
            Field("lastHolder", "DutyHolder", "上一责任人：Last holder of the duty; null if there was none."),
            Field(
                "goneOn",
                Date | None,
                "失效日：First day on which the last holder no longer fulfilled the duty although the term continued; null otherwise.",
            ),
            Field("waiver", "Waiver", "豁免：Waiver in force on the query date; null if there is none."),
            Field("mustMend", "GapMender!", "整改责任方：Office that has to remedy it."),
        ],
    )
    gaps = (
        Field("eligibleCount", "Int!", "应落实数：Number of duties owed, fulfilled or not. Computed only if selected."),
        *ANSWER_FIELDS,
    )
    doc = "未落实的帮扶责任：Duties of help that are not fulfilled."
    add_connection(types, "CoverageGapConnection", "CoverageGapEdge", "CoverageGap!", doc, extra_fields=gaps)
    types.add_object(
        "CoverageShare",
        "落实情况：Number of villages or households of an area to which a duty is owed, and for which it is not fulfilled.",
        [
            Field("area", "Area", "区划：The area."),
            Field("duty", "Duty!", "帮扶责任：Duty of help."),
            Field("eligible", "Int!", "应落实数：Number of villages or households to which the duty is owed."),
            Field("missing", "Int!", "未落实数：Number of these for which it is not fulfilled."),
        ],
    )
    doc = "帮扶责任落实汇总：Duties of help owed and not fulfilled, by area and duty."
    add_connection(
        types,
        "CoverageShareConnection",
        "CoverageShareEdge",
        "CoverageShare!",
        doc,
        extra_fields=ANSWER_FIELDS,
        has_total_count=False,
    )


def _duty_description(duty: Duty) -> str:
    return f"{duty.zh}：{sentence_case(duty.name)}, owed to {duty.subject.lower()}s."


def _plan_gaps(context: RootFieldContext) -> Resolver:
    window, compiler = context.window(), context.compiler()
    shape = ConnectionSelection.from_field(context.operation, "CoverageGapConnection", context.selected)
    encode = shape.encoder(
        lambda selection: context.object_encoder(
            "CoverageGap", selection, lambda field: _gap_encoder(context, compiler, field)
        )
    )

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after = execution.query_scope().with_current_boundaries(execution.store), execution.argument("after")
        filters = {name: execution.argument(name) for name in ("duties", "reasons", "waived")}
        page = coverage_gaps.CoverageGapPage((), has_next=False)
        if shape.needs_rows:
            start = decode_cursor(after, (str, str, int)) if after is not None else coverage_gaps.START_CURSOR
            extra = compiler.extra_columns(execution, scope)
            page = coverage_gaps.gaps(execution.store, scope, **filters, first=window.size, after=start, extra=extra)
        values = answer_values(scope)
        if shape.selects("totalCount", "eligibleCount"):
            shares = coverage_gaps.summary(execution.store, scope, by="", **filters).shares
            values |= {
                "totalCount": sum(share.missing for share in shares),
                "eligibleCount": sum(share.eligible for share in shares),
            }
        return encode(Page(page.gaps, [gap.cursor for gap in page.gaps], page.has_next, window, values))

    return answer


def _gap_encoder(context: RootFieldContext, compiler: Compiler, selected: SelectedField) -> Encoder:
    if selected.name == "subject":
        village = compiler.add_column("Village", "village", selected)
        household = compiler.add_column("Household", "household", selected)
        return lambda gap: (household if gap.household else village)(gap.extra_values)
    if selected.name == "village":
        encode = compiler.add_column("Village", "village", selected)
        return lambda gap: encode(gap.extra_values)
    if selected.name == "lastHolder":
        cadre = compiler.add_column("Cadre", "cadre_no", selected)
        department = compiler.add_column("Department", "department_no", selected)
        return lambda gap: (cadre if gap.cadre else department)(gap.extra_values)
    if selected.name == "waiver":
        encode = compiler.add_column("Waiver", "waiver", selected)
        return lambda gap: encode(gap.extra_values)
    if selected.name == "mustMend":
        return context.object_encoder("GapMender", selected, lambda field: _mender_encoder(compiler, field))
    return PLAIN_ENCODERS[selected.name]


def _mender_encoder(compiler: Compiler, selected: SelectedField) -> Encoder:
    if selected.name == "office":
        return lambda gap: gap.office
    label, key = ("Cadre", "leader") if selected.name == "cadre" else ("Area", "mend_area")
    encode = compiler.add_column(label, key, selected)
    return lambda gap: encode(gap.extra_values)


PLAIN_ENCODERS: dict[str, Encoder] = {
    "duty": lambda gap: gap.duty.name,
    "reason": lambda gap: gap.reason,
    "since": lambda gap: format_day(gap.since),
    "goneOn": lambda gap: format_day(gap.holder_left),
    "heldUntil": lambda gap: format_day(gap.held_until),
    "eligible": lambda share: share.eligible,
    "missing": lambda share: share.missing,
}


def _plan_summary(context: RootFieldContext) -> Resolver:
    window, compiler = context.window(), context.compiler()

    def on_field(selected: SelectedField) -> Encoder:
        if selected.name != "area":
            return PLAIN_ENCODERS[selected.name]
        encode = compiler.add_column("Area", "area", selected)
        return lambda share: encode(share.extra_values)

    shape = ConnectionSelection.from_field(context.operation, "CoverageShareConnection", context.selected)
    encode = shape.encoder(lambda selection: context.object_encoder("CoverageShare", selection, on_field))

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after = execution.query_scope().with_current_boundaries(execution.store), execution.argument("after")
        coverage_gaps.require_level_below(execution.argument("area")["code"], execution.argument("by"))
        page = coverage_gaps.CoverageSharePage((), has_next=False)
        if shape.needs_rows:
            page = coverage_gaps.summary(
                execution.store,
                scope,
                by=execution.argument("by"),
                duties=execution.argument("duties"),
                first=window.size,
                after=decode_cursor(after, (str, int)) if after is not None else ("", 0),
                extra=compiler.extra_columns(execution, scope),
            )
        cursors = [(share.area, share.duty.rank) for share in page.shares]
        return encode(Page(page.shares, cursors, page.has_next, window, answer_values(scope)))

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "coverageGaps",
            "CoverageGapConnection",
            bilingual(
                "未落实的帮扶责任",
                "Villages and households for which a duty of help is not fulfilled on the query date, with the "
                "reason. Sorted by village, household and duty.",
            ),
            (
                AREA,
                DUTIES,
                Argument("reasons", "[GapReason!]", "原因：Only gaps with these reasons; all if omitted."),
                Argument(
                    "waived",
                    "Boolean",
                    "是否豁免：True for gaps with a waiver on the query date, false for those without one; both if omitted.",
                ),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_gaps,
    ),
    RootField(
        Field(
            "coverageSummary",
            "CoverageShareConnection",
            bilingual(
                "帮扶责任落实汇总",
                "Number of duties owed and of duties not fulfilled on the query date, for each area of a level and "
                "each duty. Sorted by area and duty.",
            ),
            (
                AREA,
                Argument("by", "AreaLevel!", "汇总级别：Level of the areas by which to sum."),
                DUTIES,
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_summary,
    ),
)
