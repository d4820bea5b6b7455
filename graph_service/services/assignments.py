"""Changes that officials make to who helps whom: duties assigned and ended, visits recorded. Each keeps what was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph_service.declare import LAST_DAY, OPEN
from graph_service.derive.days import iso_day, show_day
from graph_service.errors import ChangeConflict
from graph_service.services.duties import Duty, named
from graph_service.services.imports.changes import Change, Recorded, Row, changed
from graph_service.services.requests import Request, change, invalid, require_dated, require_past
from graph_service.store.graph import Store

VISIT = "VISIT"


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


def assign(store: Store, request: Request, holding: Holding, since: int, until: int | None) -> Recorded:
    """Give a duty to a holder from a day on (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    post = _checked(holding)
    require_dated(since=since, until=until)
    if until is not None and until < since:
        raise invalid("until", "早于开始日期", "it is before the first day")

    def rows() -> list[Row]:
        terms = _terms(store, request, holding, post, since)
        last = LAST_DAY if until is None else until
        for begun, ended in terms:
            if (begun, ended) == (since, last):
                break
            if begun <= last and ended >= since:
                zh, en = (show_day(begun) or "起初", show_day(ended) or "今"), (show_day(begun), show_day(ended))
                raise ChangeConflict(
                    reason_zh=f"同一责任人自 {zh[0]} 至 {zh[1]} 已承担此责任,请先结束",
                    reason_en=f"the same holder has this duty from {en[0] or 'ever'} to {en[1] or 'now'} already; end that first",
                )
        return [_row(holding, post, since, last)]

    return changed(store, _change("assignDuty", request, holding, since, until), rows)


def end(store: Store, request: Request, holding: Holding, until: int) -> Recorded:
    """End a duty that a holder has: `until` is its last day. Raises `ChangeInvalid`, `ChangeConflict`."""
    post = _checked(holding)
    require_dated(until=until)

    def rows() -> list[Row]:
        terms = _terms(store, request, holding, post, None)
        if not terms:
            raise invalid(holding.holder_field, "该责任人没有承担过此责任", "the holder never had this duty")
        begun, ended = max((term for term in terms if term[0] <= until), default=min(terms))
        if begun > until:
            first = iso_day(begun)
            raise invalid("until", f"该责任 {first} 才开始", f"the duty begins on {first} only")
        if ended < until:
            over = iso_day(ended)
            raise ChangeConflict(reason_zh=f"该责任已于 {over} 结束", reason_en=f"it has ended already, on {over}")
        return [_row(holding, post, begun, until)]

    return changed(store, _change("endDuty", request, holding, until), rows)


def visit(store: Store, request: Request, cadre_no: str, card_no: str, on: int, note: str | None) -> Recorded:
    """Record a visit to a household. Raises `ChangeInvalid`, `ChangeConflict`."""
    require_past(on=on)
    holding = Holding(VISIT, cadre_no=cadre_no, card_no=card_no)

    def rows() -> list[Row]:
        for begun, _, said in _looked(store, request, holding, "VISITED", None, on):
            if begun == on and said != note:
                raise ChangeConflict(
                    reason_zh="当天已有该干部的走访记录,内容不同",
                    reason_en="a visit of that cadre on that day is recorded, with another note",
                )
        return [(("VISITED", "Cadre", "Household"), [cadre_no, card_no, on, LAST_DAY, note])]

    return changed(store, _change("recordVisit", request, holding, on, note), rows)


def _change(kind: str, request: Request, *content: Any) -> Change:
    said = [[getattr(one, name) for name in Holding.__slots__] if isinstance(one, Holding) else one for one in content]
    return change(kind, request, *said)


def _checked(holding: Holding) -> str | None:
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


def _target(holding: Holding) -> tuple[str, str, str]:
    if holding.department_no is not None:
        return "ASSISTS", "Department", "Village"
    return ("SERVES", "Cadre", "Village") if holding.village is not None else ("HELPS", "Cadre", "Household")


def _row(holding: Holding, post: str | None, since: int, until: int) -> Row:
    target = _target(holding)
    stored = [post, None] if target[0] == "SERVES" else []
    return target, [holding.holder, holding.subject, since, until, *stored]


def _terms(
    store: Store, request: Request, holding: Holding, post: str | None, since: int | None
) -> list[tuple[int, int]]:
    """(first, last day) of every term in which the holder has had the duty, as known now."""
    return [(row[0], row[1]) for row in _looked(store, request, holding, _target(holding)[0], post, since)]


def _looked(
    store: Store, request: Request, holding: Holding, type_: str, post: str | None, since: int | None
) -> list[list[Any]]:
    """Terms of a holder with a subject: [first, last day, note]. What is not there, gone or not the asker's is refused."""
    given = {"type": type_, "post": post, "holder": holding.holder, "subject": holding.subject}
    [[holder, left, place, terms]] = store.ask("coverage/terms", **given, open=OPEN)
    # What lies outside of what was granted is, to the asker, not there.
    if place is None or not place.startswith(request.granted):
        raise invalid(
            holding.subject_field, f"登记表中没有 {holding.subject}", f"there is no {holding.subject} in the register"
        )
    if holder is None:
        raise invalid(
            holding.holder_field, f"登记表中没有 {holding.holder}", f"there is no {holding.holder} in the register"
        )
    if since is not None and left is not None and left <= since:
        gone = iso_day(left)
        raise invalid(holding.holder_field, f"该干部已于 {gone} 离岗", f"the cadre has left the post, on {gone}")
    found: list[list[Any]] = terms
    return found
