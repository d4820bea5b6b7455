"""Who helps: pairings and visits of households, posts and departments of villages, and the gaps that are planted in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from graph_service.derive.days import months_after
from graph_service.model import enumerations as enums
from graph_service.sample.households import Household
from graph_service.sample.ledger import Ledger
from graph_service.sample.offices import Cadres, Office
from graph_service.sample.plan import DUTY_GAPS, Place
from graph_service.sample.writing import Register, Values, texts
from graph_service.services.duties import Duty, in_force

POSTS = texts(enums.DUTY_POST)
RANKS = {"COUNTY_LEADER": "副县长", "TEAM_LEADER": "副科级", "AGRI_TECHNICIAN": "农艺师"}
MOST = 8
"""Households of one helper, at most."""
NOTES = ("入户走访", "宣讲政策", "核对收入", "商量来年产业", "送去慰问金")


def some_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(rng.randint(0, (last - first).days))


class Help:
    """Of one village in the years from the first to the last."""

    def __init__(self, register: Register, cadres: Cadres, rng: Random, first: int, last: int) -> None:
        self._register, self._cadres, self._rng = register, cadres, rng
        self._first, self._last, self._end = first, last, date(last, 12, 31)
        visit = next(duty for duty in in_force(last * 10000 + 1231) if duty.name == "VISIT")
        recent = months_after(last * 10000 + 1231, -visit.months)
        self._recent = date(recent // 10000, recent // 100 % 100, recent % 100)

    def households(self, helped: Sequence[Household]) -> None:
        """Pairings and visits of the households that are owed a helper."""
        helper, room = "", 0
        for household in helped:
            if household.gap == "NEVER_ASSIGNED":
                continue
            begun = date(
                max(household.life.identified, self._first - 1), self._rng.randint(1, 6), self._rng.randint(1, 28)
            )
            if household.gap == "HOLDER_LEFT":
                left = some_day(self._rng, self._recent, self._end - timedelta(20))
                self._pair(self._cadres.new(left_on=left), household, begun, None)
                continue
            if room == 0:
                helper, room = self._cadres.new(), self._rng.randint(4, MOST)
            room -= 1
            if household.gap == "ENDED":
                self._pair(helper, household, begun, some_day(self._rng, self._recent, self._end - timedelta(20)))
                continue
            before = self._cadres.numbers[0]
            if before != helper and begun + timedelta(90) < self._recent and self._rng.random() < 0.08:
                # The one before, and a successor from the next day on.
                changed = some_day(self._rng, begun + timedelta(90), self._recent)
                self._pair(before, household, begun, changed)
                begun = changed + timedelta(1)
            self._pair(helper, household, begun, None)
            self._visits(helper, household, begun)

    def _pair(self, cadre: str, household: Household, since: date, until: date | None) -> None:
        ends: Values = {"Cadre.cadre_no": cadre, "Household.card_no": household.card}
        self._register.add("结对帮扶", {**ends, "HELPS.since": since, "HELPS.until": until})

    def _visits(self, cadre: str, household: Household, since: date) -> None:
        rng, days = self._rng, set()
        if household.gap != "NO_RECENT_VISIT":
            days |= {some_day(rng, self._recent, self._end) for _ in range(rng.randint(1, 2))}
        before = self._recent - timedelta(5)
        if since < before:
            days |= {some_day(rng, since, before) for _ in range(rng.randint(1, 2))}
        for day in sorted(days):
            values: Values = {"VISITED.since": day, "VISITED.note": rng.choice(NOTES)}
            self._register.add("走访记录", {"Cadre.cadre_no": cadre, "Household.card_no": household.card, **values})

    def village(self, place: Place, office: Office, poor: bool, poor_households: int, ledger: Ledger) -> None:
        """The posts and the department that the village is owed, and the gap that is planted."""
        for duty in in_force(self._last * 10000 + 1231):
            owed = (duty.poor_village and poor) or (
                duty.from_poor_households is not None and poor_households >= duty.from_poor_households
            )
            if duty.subject != "VILLAGE" or not owed:
                continue
            gap = DUTY_GAPS[duty.name] if duty.name in place.traps else ""
            if gap:
                ledger.coverage[duty.name][gap].add(place.code)
            if gap != "NEVER_ASSIGNED":
                self._owed(place, office, duty, gap)
        if place.partner:
            self._serve(self._cadres.shared(), place.code, "TEAM_MEMBER", date(self._first, 3, 1), None)

    def _owed(self, place: Place, office: Office, duty: Duty, gap: str) -> None:
        rng = self._rng
        since = date(self._first - 1, rng.randint(1, 12), rng.randint(1, 28))
        until = some_day(rng, self._recent, self._end - timedelta(20)) if gap == "ENDED" else None
        left = some_day(rng, self._recent, self._end - timedelta(20)) if gap == "HOLDER_LEFT" else None
        if not duty.posts:
            values: Values = {"ASSISTS.since": since, "ASSISTS.until": until}
            department = rng.choice(office.departments)
            self._register.add(
                "部门帮村", {"Department.department_no": department, "Village.code": place.code, **values}
            )
        for post in duty.posts:
            leads = post == "COUNTY_LEADER"
            cadre = rng.choice(office.leaders) if leads else self._cadres.new(RANKS.get(post, "科员"), left)
            if rng.random() < 0.15 and not gap and not leads:
                changed = some_day(rng, since + timedelta(30), self._recent)
                self._serve(self._cadres.new(RANKS.get(post, "科员")), place.code, post, since, changed)
                self._serve(cadre, place.code, post, changed + timedelta(1), None)
            else:
                self._serve(cadre, place.code, post, since, until)

    def _serve(self, cadre: str, village: str, post: str, since: date, until: date | None) -> None:
        values: Values = {"SERVES.duty": POSTS[post], "SERVES.since": since, "SERVES.until": until}
        self._register.add("驻村帮扶", {"Cadre.cadre_no": cadre, "Village.code": village, **values})
