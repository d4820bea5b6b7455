"""Help duties: pairings and visits of households, posts and departments of villages, and the gaps planted in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from graph_service.core.duties import VISIT, Duty, duties_in_force
from graph_service.domain.days import months_after
from graph_service.domain.model import enumerations as enums
from graph_service.sample.households import Household
from graph_service.sample.offices import Office, VillageCadres
from graph_service.sample.plan import DUTY_GAPS, PlannedVillage
from graph_service.sample.register_writer import RegisterWriter, RowCells, member_texts
from graph_service.sample.trap_ledger import TrapLedger

POSTS = member_texts(enums.DUTY_POST)
POST_RANKS = {"COUNTY_LEADER": "副县长", "TEAM_LEADER": "副科级", "AGRI_TECHNICIAN": "农艺师"}
MAX_HOUSEHOLDS_PER_HELPER = 8
"""Maximum number of households of one helper."""
VISIT_NOTES = ("入户走访", "宣讲政策", "核对收入", "商量来年产业", "送去慰问金")


def random_day(rng: Random, start: date, end: date) -> date:
    return start + timedelta(rng.randint(0, (end - start).days))


def _date(day: int) -> date:
    return date(day // 10000, day // 100 % 100, day % 100)


class HelpDuties:
    """Help duties of one village, from the first year to the last."""

    def __init__(
        self, register: RegisterWriter, cadres: VillageCadres, rng: Random, first_year: int, last_year: int
    ) -> None:
        self._register, self._cadres, self._rng = register, cadres, rng
        self._first_year, self._last_year, self._last_day = first_year, last_year, date(last_year, 12, 31)
        as_of = last_year * 10000 + 1231
        periods = [duty.months for duty in duties_in_force(as_of) if duty.kind == VISIT]
        # A visit within the shortest period meets the duty of each; one before the longest meets none.
        self._recent_since = _date(months_after(as_of, -min(periods)))
        self._lapsed_before = _date(months_after(as_of, -max(periods)))

    def write_helpers(self, households: Sequence[Household]) -> None:
        """Write pairings and visits of the households that are owed a helper."""
        helper, capacity = "", 0
        for household in households:
            if household.gap == "NEVER_ASSIGNED":
                continue
            since = date(
                max(household.history.identified_year, self._first_year - 1),
                self._rng.randint(1, 6),
                self._rng.randint(1, 28),
            )
            if household.gap == "HOLDER_LEFT":
                left_on = random_day(self._rng, self._recent_since, self._last_day - timedelta(20))
                self._write_pairing(self._cadres.add(left_on=left_on), household, since, None)
                continue
            if capacity == 0:
                helper, capacity = self._cadres.add(), self._rng.randint(4, MAX_HOUSEHOLDS_PER_HELPER)
            capacity -= 1
            if household.gap == "ENDED":
                self._write_pairing(
                    helper, household, since, random_day(self._rng, self._recent_since, self._last_day - timedelta(20))
                )
                continue
            previous_helper = self._cadres.numbers[0]
            if previous_helper != helper and since + timedelta(90) < self._recent_since and self._rng.random() < 0.08:
                # The previous helper, and the successor from the next day on.
                changed_on = random_day(self._rng, since + timedelta(90), self._recent_since)
                self._write_pairing(previous_helper, household, since, changed_on)
                since = changed_on + timedelta(1)
            self._write_pairing(helper, household, since, None)
            self._write_visits(helper, household, since)

    def _write_pairing(self, cadre: str, household: Household, since: date, until: date | None) -> None:
        end_cells: RowCells = {"Cadre.cadre_no": cadre, "Household.card_no": household.card}
        self._register.add("结对帮扶", {**end_cells, "HELPS.since": since, "HELPS.until": until})

    def _write_visits(self, cadre: str, household: Household, since: date) -> None:
        rng, days = self._rng, set()
        if household.gap != "NO_RECENT_VISIT":
            days |= {random_day(rng, self._recent_since, self._last_day) for _ in range(rng.randint(1, 2))}
        last_earlier_day = self._lapsed_before - timedelta(5)
        if since < last_earlier_day:
            days |= {random_day(rng, since, last_earlier_day) for _ in range(rng.randint(1, 2))}
        for day in sorted(days):
            values: RowCells = {"VISITED.since": day, "VISITED.note": rng.choice(VISIT_NOTES)}
            self._register.add("走访记录", {"Cadre.cadre_no": cadre, "Household.card_no": household.card, **values})

    def write_village_duties(
        self, village: PlannedVillage, office: Office, is_poor: bool, poor_households: int, ledger: TrapLedger
    ) -> None:
        """Write the posts and the department that the village is owed, and the planted gap."""
        for duty in duties_in_force(self._last_year * 10000 + 1231):
            is_owed = (duty.poor_village and is_poor) or (
                duty.from_poor_households is not None and poor_households >= duty.from_poor_households
            )
            if duty.subject != "VILLAGE" or not is_owed:
                continue
            gap = DUTY_GAPS[duty.name] if duty.name in village.traps else ""
            if gap:
                ledger.coverage[duty.name][gap].add(village.code)
            if gap != "NEVER_ASSIGNED":
                self._write_duty(village, office, duty, gap)
        if village.partner:
            self._write_posting(
                self._cadres.add_shared(), village.code, "TEAM_MEMBER", date(self._first_year, 3, 1), None
            )

    def _write_duty(self, village: PlannedVillage, office: Office, duty: Duty, gap: str) -> None:
        rng = self._rng
        since = date(self._first_year - 1, rng.randint(1, 12), rng.randint(1, 28))
        until = random_day(rng, self._recent_since, self._last_day - timedelta(20)) if gap == "ENDED" else None
        left_on = random_day(rng, self._recent_since, self._last_day - timedelta(20)) if gap == "HOLDER_LEFT" else None
        if not duty.posts:
            values: RowCells = {"ASSISTS.since": since, "ASSISTS.until": until}
            department = rng.choice(office.departments)
            self._register.add(
                "部门帮村", {"Department.department_no": department, "Village.code": village.code, **values}
            )
        for post in duty.posts:
            is_county_leader = post == "COUNTY_LEADER"
            cadre = (
                rng.choice(office.leaders)
                if is_county_leader
                else self._cadres.add(POST_RANKS.get(post, "科员"), left_on)
            )
            if rng.random() < 0.15 and not gap and not is_county_leader:
                changed_on = random_day(rng, since + timedelta(30), self._recent_since)
                self._write_posting(
                    self._cadres.add(POST_RANKS.get(post, "科员")), village.code, post, since, changed_on
                )
                self._write_posting(cadre, village.code, post, changed_on + timedelta(1), None)
            else:
                self._write_posting(cadre, village.code, post, since, until)

    def _write_posting(self, cadre: str, village_code: str, post: str, since: date, until: date | None) -> None:
        values: RowCells = {"SERVES.duty": POSTS[post], "SERVES.since": since, "SERVES.until": until}
        self._register.add("驻村帮扶", {"Cadre.cadre_no": cadre, "Village.code": village_code, **values})
