"""coverageGaps and coverageSummary: whom a duty of help does not reach, why, and how many of how many."""

from __future__ import annotations

from typing import Any

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, AREA, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.statements.compiler import Compiler
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import declare_connection, told
from graph_service.api.types.scalars import Date
from graph_service.derive.days import show_day
from graph_service.derive.fields import spoken
from graph_service.services import coverage
from graph_service.services.duties import Duty, named

REASONS = {
    "NEVER_ASSIGNED": "从未落实:Nobody was ever assigned.",
    "ENDED": "已到期无人接替:It ended and nobody followed.",
    "HOLDER_LEFT": "责任人已离岗:Assigned to one who has left the post.",
    "IN_NAME_ONLY": "只有名义:Assigned to one who holds such a post in other places since, more than one may.",
    "UNIT_DISSOLVED": "帮扶单位已撤销:Assigned to a department that is no more.",
    "VILLAGE_MERGED": "村已撤并:Assigned in a village that was merged into this one.",
    "NO_RECENT_VISIT": "未按期走访:No visit within the stated months.",
}
OFFICES = {
    "COUNTY_LEADER": "县级联系领导:The village's county leader.",
    "TOWNSHIP": "乡镇:The township.",
    "COUNTY_OFFICE": "县扶贫办:The county's office.",
}
DUTIES = Argument("duties", "[Duty!]", "帮扶责任:Which duties; all where none is named.")


def declare(types: Types) -> None:
    """Types of both questions."""
    known = named().values()
    types.add_enum("Duty", "帮扶责任:A duty of help.", [(d.name, _told(d)) for d in known])
    owed = [(d.name, _told(d)) for d in known if d.subject == "HOUSEHOLD"]
    types.add_enum("HouseholdDuty", "对户的帮扶责任:A duty of help that is owed to a household.", owed)
    types.add_enum(
        "GapReason",
        "未落实原因:Why a duty is not met; of several, the one nearest to being met.",
        list(REASONS.items()),
    )
    types.add_enum("MendingOffice", "整改责任方:Who has to mend a gap.", list(OFFICES.items()))
    types.add_object(
        "GapMender",
        "整改责任方:Who has to mend a gap, and where.",
        [
            Field("office", "MendingOffice!", "责任方:Who."),
            Field("cadre", "Cadre", "责任领导:The county leader, where it is one."),
            Field("area", "Area", "所在区划:The area that the gap is theirs for."),
        ],
    )
    types.add_object(
        "CoverageGap",
        "帮扶责任缺口:A duty of help that is not met.",
        [
            Field("duty", "Duty!", "帮扶责任:Which duty."),
            Field("subject", "DutySubject", "帮扶对象:To whom it is owed."),
            Field("village", "Village", "所在村:The village, or that of the household."),
            Field("reason", "GapReason!", "原因:Why it is not met."),
            Field("since", Date | None, "起始日:First day unmet; null where the register does not tell."),
            Field("heldUntil", Date | None, "任期截止日:Last day of the last holder's term, where it ended."),
            Field("lastHolder", "DutyHolder", "上一责任人:Who held it last; null where nobody did."),
            Field(
                "goneOn",
                Date | None,
                "失效日:First day on which the last holder no longer counts though the term goes on.",
            ),
            Field("waiver", "Waiver", "豁免:What excepts it on the day."),
            Field("mustMend", "GapMender!", "整改责任方:Who has to mend it."),
        ],
    )
    gaps = (
        Field("eligibleCount", "Int!", "应落实数:How many owe the duties asked for; counted only when asked for."),
        *ANSWERED,
    )
    doc = "帮扶责任缺口:Duties of help that are not met."
    declare_connection(types, "CoverageGapConnection", "CoverageGapEdge", "CoverageGap!", doc, more=gaps)
    types.add_object(
        "CoverageShare",
        "落实情况:Of those who owe a duty in an area, those that lack it.",
        [
            Field("area", "Area", "区划:The area."),
            Field("duty", "Duty!", "帮扶责任:The duty."),
            Field("eligible", "Int!", "应落实数:How many owe it."),
            Field("missing", "Int!", "未落实数:How many lack it."),
        ],
    )
    doc = "帮扶责任覆盖汇总:Missing of eligible, by area and duty."
    declare_connection(
        types, "CoverageShareConnection", "CoverageShareEdge", "CoverageShare!", doc, more=ANSWERED, counted=False
    )


def _told(duty: Duty) -> str:
    return f"{duty.zh}:{spoken(duty.name)}, owed to {duty.subject.lower()}s."


def _gaps(asked: Asked) -> Answer:
    window, compiler = asked.window(), asked.compiler()
    shape = ConnectionShape.of(asked.document, "CoverageGapConnection", asked.selected)
    encode = shape.encoder(lambda one: asked.object("CoverageGap", one, lambda field: _of_gap(asked, compiler, field)))

    def answer(run: Run) -> dict[str, Any]:
        viewing, after = run.viewing().as_merged(run.store), run.given("after")
        filters = {name: run.given(name) for name in ("duties", "reasons", "waived")}
        found = coverage.GapPage((), has_next=False)
        if shape.paged:
            start = parts_of(after, (str, str, int)) if after is not None else coverage.START
            extra = compiler.further(run, viewing)
            found = coverage.gaps(run.store, viewing, **filters, first=window.size, after=start, extra=extra)
        told = answered(viewing)
        if shape.wants("totalCount", "eligibleCount"):
            shares = coverage.summary(run.store, viewing, by="", **filters).shares
            told |= {"totalCount": sum(s.missing for s in shares), "eligibleCount": sum(s.eligible for s in shares)}
        return encode(Page(found.gaps, [gap.cursor for gap in found.gaps], found.has_next, window, told))

    return answer


def _of_gap(asked: Asked, compiler: Compiler, one: Selected) -> Encode:
    if one.name == "subject":
        village = compiler.column("Village", "village", one)
        household = compiler.column("Household", "household", one)
        return lambda gap: (household if gap.household else village)(gap.more)
    if one.name == "village":
        encode = compiler.column("Village", "village", one)
        return lambda gap: encode(gap.more)
    if one.name == "lastHolder":
        cadre = compiler.column("Cadre", "cadre_no", one)
        department = compiler.column("Department", "department_no", one)
        return lambda gap: (cadre if gap.cadre else department)(gap.more)
    if one.name == "waiver":
        encode = compiler.column("Waiver", "waiver", one)
        return lambda gap: encode(gap.more)
    if one.name == "mustMend":
        return asked.object("GapMender", one, lambda field: _of_mender(compiler, field))
    return PLAIN[one.name]


def _of_mender(compiler: Compiler, one: Selected) -> Encode:
    if one.name == "office":
        return lambda gap: gap.office
    label, key = ("Cadre", "leader") if one.name == "cadre" else ("Area", "mend_area")
    encode = compiler.column(label, key, one)
    return lambda gap: encode(gap.more)


PLAIN: dict[str, Encode] = {
    "duty": lambda gap: gap.duty.name,
    "reason": lambda gap: gap.reason,
    "since": lambda gap: show_day(gap.since),
    "goneOn": lambda gap: show_day(gap.holder_left),
    "heldUntil": lambda gap: show_day(gap.held_until),
    "eligible": lambda share: share.eligible,
    "missing": lambda share: share.missing,
}


def _summary(asked: Asked) -> Answer:
    window, compiler = asked.window(), asked.compiler()

    def on_field(one: Selected) -> Encode:
        if one.name != "area":
            return PLAIN[one.name]
        encode = compiler.column("Area", "area", one)
        return lambda share: encode(share.more)

    shape = ConnectionShape.of(asked.document, "CoverageShareConnection", asked.selected)
    encode = shape.encoder(lambda one: asked.object("CoverageShare", one, on_field))

    def answer(run: Run) -> dict[str, Any]:
        viewing, after = run.viewing().as_merged(run.store), run.given("after")
        coverage.require_below(run.given("area")["code"], run.given("by"))
        found = coverage.SharePage((), has_next=False)
        if shape.paged:
            found = coverage.summary(
                run.store,
                viewing,
                by=run.given("by"),
                duties=run.given("duties"),
                first=window.size,
                after=parts_of(after, (str, int)) if after is not None else ("", 0),
                extra=compiler.further(run, viewing),
            )
        cursors = [(share.area, share.duty.rank) for share in found.shares]
        return encode(Page(found.shares, cursors, found.has_next, window, answered(viewing)))

    return answer


ROOTS = (
    Root(
        Field(
            "coverageGaps",
            "CoverageGapConnection",
            told(
                "帮扶责任缺口",
                "Villages and households that a duty of help does not reach on a day, and why; by village, household, duty.",
            ),
            (
                AREA,
                DUTIES,
                Argument("reasons", "[GapReason!]", "原因:Only for these reasons."),
                Argument(
                    "waived",
                    "Boolean",
                    "是否豁免:Only those that are, or are not, excepted on the day.",
                ),
                *TIMES,
                *PAGED,
            ),
        ),
        _gaps,
    ),
    Root(
        Field(
            "coverageSummary",
            "CoverageShareConnection",
            told(
                "帮扶责任覆盖汇总", "Missing of eligible for each area below and each duty, on a day; by area and duty."
            ),
            (AREA, Argument("by", "AreaLevel!", "汇总级别:Level of the areas to sum by."), DUTIES, *TIMES, *PAGED),
        ),
        _summary,
    ),
)
