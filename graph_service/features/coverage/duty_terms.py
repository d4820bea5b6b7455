"""Terms of duties of help: holder, subject, first and last day. Impossible terms are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.cadre_places import unreadable_cadres
from graph_service.core.change_request import ChangeRequest, require_changeable
from graph_service.core.duties import VISIT, Duty, duties_by_name, wrong_subject_error
from graph_service.core.recording.changes import ChangeRow, relationship_row
from graph_service.core.refusals import RefusalCode, choice_code, conflicting_change, invalid_change, unknown_reference
from graph_service.domain.days import format_day, iso_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.records import Target
from graph_service.platform.store.graph import Store, in_batches

Terms = list[tuple[int, int, str | None]]
"""(first day, last day, note of a visit) of each term."""
BATCH_SIZE = 1_000
"""Number of assignments looked up in one statement."""


@dataclass(frozen=True, slots=True)
class DutyAssignment:
    """A duty of help with its holder and its subject: `post` where the duty has several; one of the holders, one of the subjects."""

    duty: str
    post: str | None = None
    cadre_no: str | None = None
    department_no: str | None = None
    village: str | None = None
    card_no: str | None = None

    @property
    def definition(self) -> Duty:
        return duties_by_name()[self.duty]

    @property
    def is_held_by_department(self) -> bool:
        """Return True where departments hold the duty, not cadres."""
        return self.definition.subject == "VILLAGE" and not self.definition.posts

    @property
    def holder(self) -> str:
        return self.cadre_no or self.department_no or ""

    @property
    def subject(self) -> str:
        return self.village or self.card_no or ""

    @property
    def holder_field(self) -> str:
        """Return the field of a request that names the holder."""
        return "departmentNo" if self.is_held_by_department else "cadreNo"

    @property
    def subject_field(self) -> str:
        """Return the field of a request that names the subject."""
        return "villageCode" if self.definition.subject == "VILLAGE" else "cardNo"


def resolve_post(assignment: DutyAssignment) -> str | None:
    """Return the post of an assignment. Raises `ChangeInvalid` for values that do not go together, before any lookup."""
    duty = assignment.definition
    if duty.kind == VISIT:
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "duty",
            "走访不能在此登记。请用 recordVisit 登记。",
            "Visits are not assigned or ended. Record them with recordVisit.",
        )
    if (assignment.village is not None) == (assignment.card_no is not None):
        raise invalid_change(
            choice_code(assignment.village is not None),
            assignment.subject_field,
            "请给出村编码或户编号，且只给一个。",
            "Give either villageCode or cardNo, and not both.",
        )
    if (duty.subject == "VILLAGE") != (assignment.village is not None):
        raise wrong_subject_error(duty)
    named_holders = (assignment.cadre_no is not None, assignment.department_no is not None)
    if named_holders != (not assignment.is_held_by_department, assignment.is_held_by_department):
        zh, en = ("部门", "a department") if assignment.is_held_by_department else ("干部", "a cadre")
        raise invalid_change(
            RefusalCode.HOLDER_KIND_WRONG if any(named_holders) else RefusalCode.REQUIRED_VALUE_MISSING,
            assignment.holder_field,
            f"{duty.zh}由{zh}承担。请只给出{zh}编号。",
            f"{duty.name} is held by {en}. Give only {assignment.holder_field}.",
        )
    if assignment.post is None and len(duty.posts) > 1:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            "post",
            f"{duty.zh}分几种职责。请指明一种：{'、'.join(duty.posts)}。",
            f"{duty.name} has several posts. Give one of {', '.join(duty.posts)}.",
        )
    if assignment.post is not None and assignment.post not in duty.posts:
        zh, en = (
            (f"请改用：{'、'.join(duty.posts)}", f"Give one of {', '.join(duty.posts)}")
            if duty.posts
            else ("请不要填写职责", "Leave the post out")
        )
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "post",
            f"{assignment.post} 不属于{duty.zh}。{zh}。",
            f"{assignment.post} is not a post of {duty.name}. {en}.",
        )
    return assignment.post or next(iter(duty.posts), None)


def relationship_target(assignment: DutyAssignment) -> Target:
    """Return the relationship of an assignment."""
    if assignment.department_no is not None:
        return Target("ASSISTS", "Department", "Village")
    if assignment.village is not None:
        return Target("SERVES", "Cadre", "Village")
    return Target("HELPS", "Cadre", "Household")


def term_row(assignment: DutyAssignment, post: str | None, since: int, until: int) -> ChangeRow:
    """Return the row of a term."""
    target = relationship_target(assignment)
    values = {"duty": post} if target.name == "SERVES" else {}
    return relationship_row(target, assignment.holder, assignment.subject, since=since, until=until, **values)


def require_no_overlap(assignment: DutyAssignment, terms: Terms, since: int, last: int) -> None:
    """Raise `ChangeConflict` where a term overlaps with another of the same holder for the same subject; an identical term is allowed."""
    if any((first_day, last_day) == (since, last) for first_day, last_day, _ in terms):
        return
    for first_day, last_day, _ in terms:
        if first_day <= last and last_day >= since:
            zh, en = (
                (format_day(first_day) or "起初", format_day(last_day) or "今"),
                (format_day(first_day), format_day(last_day)),
            )
            raise conflicting_change(
                RefusalCode.ALREADY_ASSIGNED,
                f"{assignment.holder} 自 {zh[0]} 至 {zh[1]} 已对 {assignment.subject} 承担此责任。请先结束该责任。",
                f"{assignment.holder} already has this duty for {assignment.subject} from {en[0] or 'an unknown day'} to {en[1] or 'now'}. End it first.",
            )


def load_terms(
    store: Store,
    request: ChangeRequest,
    assignments: Sequence[DutyAssignment],
    *,
    post: str | None = None,
    relationship: str = "",
    since: int | None = None,
    list_field: str = "",
) -> Iterator[Terms]:
    """Yield the terms of each assignment as known now, all of one `relationship` (default: that of the first assignment's duty) and `post`.

    A holder or subject that is missing, has left or was merged away by `since`, or is not granted to the caller is refused, a cadre whom the
    caller may not read as a missing one; `list_field`: the field of the request with the list of assignments. Raises `ChangeInvalid`, `ChangeForbidden`.
    """
    type_ = relationship or relationship_target(assignments[0]).name
    holdings = [
        {"position": index, "type": type_, "post": post, "holder": assignment.holder, "subject": assignment.subject}
        for index, assignment in enumerate(assignments)
    ]
    cadre_nos = [assignment.cadre_no for assignment in assignments if assignment.cadre_no]
    unreadable = unreadable_cadres(store, request, cadre_nos)
    for batch in in_batches(holdings, BATCH_SIZE):
        for index, *ends, terms in store.query("coverage/terms", holdings=batch, open=OPEN_SEQUENCE):
            assignment = assignments[index]
            if assignment.cadre_no in unreadable:
                ends[0] = None
            _require_granted(request, assignment, ends, since, f"{list_field}[{index}]." if list_field else "")
            yield [(term["since"], term["until"], term["note"]) for term in terms]


def _require_granted(
    request: ChangeRequest,
    assignment: DutyAssignment,
    ends: Sequence[Any],
    since: int | None,
    field_prefix: str,
) -> None:
    holder, left_on, area_code, merger = ends
    subject_field, holder_field = (
        f"{field_prefix}{assignment.subject_field}",
        f"{field_prefix}{assignment.holder_field}",
    )
    require_changeable(request, area_code, subject_field, assignment.subject)
    if holder is None:
        raise unknown_reference(holder_field, assignment.holder)
    if since is not None and left_on is not None and left_on <= since:
        left_date = iso_day(left_on)
        raise invalid_change(
            RefusalCode.HOLDER_HAS_LEFT,
            holder_field,
            f"{assignment.holder} 已于 {left_date} 离岗或撤销。请另选责任人。",
            f"{assignment.holder} left the post or was dissolved on {left_date}. Choose another holder.",
        )
    if since is not None and merger is not None and merger["since"] <= since:
        merger_day, successor = merger["since"], merger["area"]
        merger_date = format_day(merger_day)
        raise invalid_change(
            RefusalCode.VILLAGE_MERGED,
            subject_field,
            f"{assignment.subject} 已{f'于 {merger_date} ' if merger_date else ''}并入 {successor}。请改为 {successor} 落实此责任。",
            f"{assignment.subject} was merged into {successor}{f' on {merger_date}' if merger_date else ''}. Assign the duty for {successor}.",
        )
