"""Duties of help as they are held: by whom, for whom, in which terms. What cannot be held is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.declare import OPEN
from graph_service.derive.days import iso_day, show_day
from graph_service.errors import ChangeConflict
from graph_service.services.duties import Duty, named
from graph_service.services.imports.changes import Row
from graph_service.services.requests import invalid
from graph_service.store.graph import Store, in_batches

VISIT = "VISIT"
Terms = list[tuple[int, int, str | None]]
"""(first day, last day, note of a visit) of each."""
AT_ONCE = 1_000
"""How many are looked up in one statement."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A duty of help held by somebody for somebody: `post` where the duty has several; one of the holders, one of the subjects."""

    duty: str
    post: str | None = None
    cadre_no: str | None = None
    department_no: str | None = None
    village: str | None = None
    card_no: str | None = None

    @property
    def declared(self) -> Duty:
        return named()[self.duty]

    @property
    def by_department(self) -> bool:
        """Whether departments hold the duty, not cadres."""
        return self.declared.subject == "VILLAGE" and not self.declared.posts

    @property
    def holder(self) -> str:
        return self.cadre_no or self.department_no or ""

    @property
    def subject(self) -> str:
        return self.village or self.card_no or ""

    @property
    def holder_field(self) -> str:
        """The field of a request that names who holds it."""
        return "departmentNo" if self.by_department else "cadreNo"

    @property
    def subject_field(self) -> str:
        """The field of a request that names to whom it is owed."""
        return "villageCode" if self.declared.subject == "VILLAGE" else "cardNo"


def checked(holding: Holding) -> str | None:
    """The post that a duty means. What does not go together is refused before anything is looked at."""
    duty = holding.declared
    if holding.duty == VISIT:
        raise invalid("duty", "走访请用 recordVisit 记录", "record visits with recordVisit")
    if (holding.village is not None) == (holding.card_no is not None):
        raise invalid(
            holding.subject_field,
            "请只给出村编码或户编号之一",
            "give a village's code or a household's card number, one of them",
        )
    if (duty.subject == "VILLAGE") != (holding.village is not None):
        zh, en = ("村", "a village") if duty.subject == "VILLAGE" else ("户", "a household")
        raise invalid(holding.subject_field, f"{duty.zh}的对象是{zh}", f"{duty.name} is owed to {en}")
    given = (holding.cadre_no is not None, holding.department_no is not None)
    if given != (not holding.by_department, holding.by_department):
        zh, en = ("部门编号", "a department's number") if holding.by_department else ("干部编号", "a cadre's number")
        raise invalid(holding.holder_field, f"{duty.zh}请给出{zh}", f"for {duty.name} give {en}")
    if holding.post is None and len(duty.posts) > 1:
        raise invalid("post", f"请指明职责:{'、'.join(duty.posts)}", f"say which post: {', '.join(duty.posts)}")
    if holding.post is not None and holding.post not in duty.posts:
        raise invalid("post", f"不属于{duty.zh}", f"it is not one of {duty.name}")
    return holding.post or next(iter(duty.posts), None)


def target(holding: Holding) -> tuple[str, str, str]:
    """The relationship that it is: its type, the labels of its ends."""
    if holding.department_no is not None:
        return "ASSISTS", "Department", "Village"
    return ("SERVES", "Cadre", "Village") if holding.village is not None else ("HELPS", "Cadre", "Household")


def row(holding: Holding, post: str | None, since: int, until: int) -> Row:
    """What is written of a term."""
    held = target(holding)
    stored = [post, None] if held[0] == "SERVES" else []
    return held, [holding.holder, holding.subject, since, until, *stored]


def require_free(holding: Holding, terms: Terms, since: int, last: int) -> None:
    """Raises `ChangeConflict` where a term overlaps with one of the same holder for the same subject, but for the very same."""
    if any((begun, ended) == (since, last) for begun, ended, _ in terms):
        return
    for begun, ended, _ in terms:
        if begun <= last and ended >= since:
            zh, en = (show_day(begun) or "起初", show_day(ended) or "今"), (show_day(begun), show_day(ended))
            raise ChangeConflict(
                reason_zh=f"{holding.holder} 自 {zh[0]} 至 {zh[1]} 已对 {holding.subject} 承担此责任,请先结束",
                reason_en=f"{holding.holder} has this duty for {holding.subject} from {en[0] or 'ever'} to {en[1] or 'now'} already; end that first",
            )


def terms_of(
    store: Store,
    granted: tuple[str, ...],
    holdings: Sequence[Holding],
    *,
    post: str | None = None,
    kind: str = "",
    since: int | None = None,
    within: str = "",
) -> Iterator[Terms]:
    """For each its terms as known now, all of one `kind` (that of the first one's duty where nothing is said) and `post`.

    A holder or subject that is not there, that has left by `since` or is not the asker's is refused; `within`: the field that has the
    list of them. Raises `ChangeInvalid`.
    """
    type_ = kind or target(holdings[0])[0]
    asked = [[at, type_, post, one.holder, one.subject] for at, one in enumerate(holdings)]
    for batch in in_batches(asked, AT_ONCE):
        for at, *found, terms in store.ask("coverage/terms", holdings=batch, open=OPEN):
            _require_there(holdings[at], found, granted, since, f"{within}[{at}]." if within else "")
            yield [(begun, ended, note) for begun, ended, note in terms]


def _require_there(
    holding: Holding, found: Sequence[Any], granted: tuple[str, ...], since: int | None, within: str
) -> None:
    holder, left, place = found
    subject_field, holder_field = f"{within}{holding.subject_field}", f"{within}{holding.holder_field}"
    # What lies outside of what was granted is, to the asker, not there.
    if place is None or not place.startswith(granted):
        raise invalid(
            subject_field, f"登记表中没有 {holding.subject}", f"there is no {holding.subject} in the register"
        )
    if holder is None:
        raise invalid(holder_field, f"登记表中没有 {holding.holder}", f"there is no {holding.holder} in the register")
    if since is not None and left is not None and left <= since:
        gone = iso_day(left)
        raise invalid(holder_field, f"该干部已于 {gone} 离岗", f"the cadre has left the post, on {gone}")
