"""Terms of duties of help: holder, subject, first and last day. Impossible terms are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import invalid_change
from graph_service.core.duties import Duty, duties_by_name
from graph_service.core.recording.changes import ChangeRow
from graph_service.domain.days import format_day, iso_day
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.errors import ChangeConflict
from graph_service.platform.store.graph import Store, in_batches

VISIT = "VISIT"
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
    if assignment.duty == VISIT:
        raise invalid_change("duty", "走访请用 recordVisit 记录", "record visits with recordVisit")
    if (assignment.village is not None) == (assignment.card_no is not None):
        raise invalid_change(
            assignment.subject_field,
            "请只给出村编码或户编号之一",
            "give a village's code or a household's card number, one of them",
        )
    if (duty.subject == "VILLAGE") != (assignment.village is not None):
        zh, en = ("村", "a village") if duty.subject == "VILLAGE" else ("户", "a household")
        raise invalid_change(assignment.subject_field, f"{duty.zh}的对象是{zh}", f"{duty.name} is owed to {en}")
    named_holders = (assignment.cadre_no is not None, assignment.department_no is not None)
    if named_holders != (not assignment.is_held_by_department, assignment.is_held_by_department):
        zh, en = (
            ("部门编号", "a department's number")
            if assignment.is_held_by_department
            else ("干部编号", "a cadre's number")
        )
        raise invalid_change(assignment.holder_field, f"{duty.zh}请给出{zh}", f"for {duty.name} give {en}")
    if assignment.post is None and len(duty.posts) > 1:
        raise invalid_change("post", f"请指明职责：{'、'.join(duty.posts)}", f"say which post: {', '.join(duty.posts)}")
    if assignment.post is not None and assignment.post not in duty.posts:
        raise invalid_change("post", f"不属于{duty.zh}", f"it is not one of {duty.name}")
    return assignment.post or next(iter(duty.posts), None)


def relationship_target(assignment: DutyAssignment) -> tuple[str, str, str]:
    """Return the relationship of an assignment: its type, and the labels of its ends."""
    if assignment.department_no is not None:
        return "ASSISTS", "Department", "Village"
    return ("SERVES", "Cadre", "Village") if assignment.village is not None else ("HELPS", "Cadre", "Household")


def term_row(assignment: DutyAssignment, post: str | None, since: int, until: int) -> ChangeRow:
    """Return the row of a term."""
    relationship = relationship_target(assignment)
    stored_values = [post, None] if relationship[0] == "SERVES" else []
    return relationship, [assignment.holder, assignment.subject, since, until, *stored_values]


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
            raise ChangeConflict(
                reason_zh=f"{assignment.holder} 自 {zh[0]} 至 {zh[1]} 已对 {assignment.subject} 承担此责任，请先结束",
                reason_en=f"{assignment.holder} has this duty for {assignment.subject} from {en[0] or 'ever'} to {en[1] or 'now'} already; end that first",
            )


def load_terms(
    store: Store,
    granted_areas: tuple[str, ...],
    assignments: Sequence[DutyAssignment],
    *,
    post: str | None = None,
    relationship: str = "",
    since: int | None = None,
    list_field: str = "",
) -> Iterator[Terms]:
    """Yield the terms of each assignment as known now, all of one `relationship` (default: that of the first assignment's duty) and `post`.

    A holder or subject that is missing, has left by `since` or is not granted to the caller is refused; `list_field`: the field of the
    request with the list of assignments. Raises `ChangeInvalid`.
    """
    type_ = relationship or relationship_target(assignments[0])[0]
    lookup_rows = [
        [index, type_, post, assignment.holder, assignment.subject] for index, assignment in enumerate(assignments)
    ]
    for batch in in_batches(lookup_rows, BATCH_SIZE):
        for index, *ends, terms in store.query("coverage/terms", holdings=batch, open=OPEN_SEQUENCE):
            _require_granted(
                assignments[index], ends, granted_areas, since, f"{list_field}[{index}]." if list_field else ""
            )
            yield [(first_day, last_day, note) for first_day, last_day, note in terms]


def _require_granted(
    assignment: DutyAssignment,
    ends: Sequence[Any],
    granted_areas: tuple[str, ...],
    since: int | None,
    field_prefix: str,
) -> None:
    holder, left_on, area_code = ends
    subject_field, holder_field = (
        f"{field_prefix}{assignment.subject_field}",
        f"{field_prefix}{assignment.holder_field}",
    )
    # A subject outside of the granted areas is reported as missing.
    if area_code is None or not area_code.startswith(granted_areas):
        raise invalid_change(
            subject_field, f"登记表中没有 {assignment.subject}", f"there is no {assignment.subject} in the register"
        )
    if holder is None:
        raise invalid_change(
            holder_field, f"登记表中没有 {assignment.holder}", f"there is no {assignment.holder} in the register"
        )
    if since is not None and left_on is not None and left_on <= since:
        left_date = iso_day(left_on)
        raise invalid_change(
            holder_field, f"该干部已于 {left_date} 离岗", f"the cadre has left the post, on {left_date}"
        )
