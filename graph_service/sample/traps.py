"""Traps of households: what each asks of the household that bears it, and what then is put wrong. One a household, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph_service.sample import amiss, needs
from graph_service.sample.amiss import Alter, threshold
from graph_service.sample.households import Household, Life
from graph_service.sample.ledger import Ledger
from graph_service.sample.making import Maker, Wish
from graph_service.sample.people import LABOUR
from graph_service.sample.plan import Slot


@dataclass(frozen=True, slots=True)
class Trap:
    """`life`: of the household, for the first and the last year. `member`: whose key is the subject's; none = the household's.

    `also`: checks that find it besides, of necessity. `pair`: it needs two households, and both are subjects.
    """

    alter: Alter
    member: int | None = None
    family: str = "FAMILY"
    life: Callable[[int, int], Life] = lambda first, _last: Life(first - 1)
    causes: tuple[str, ...] = ("LACK_OF_FUNDS",)
    also: tuple[str, ...] = ()
    pair: bool = False
    flag: tuple[str, str] = ("", "")


INSURE = amiss.aid("HEALTH", "代缴医保")
"""So that what a member lacks of the guarantees is answered."""
UNINSURED = (amiss.say("insured", "否"), amiss.say("employee_insured", "否"))
DOCUMENT = ("家庭成员", "ID_INVALID")
TRAPS: dict[str, Trap] = {
    "DOCUMENT_DUPLICATE": Trap(amiss.nothing, 0, pair=True),
    "DOCUMENT_LENGTH": Trap(amiss.document(lambda right: right[:17]), 0, flag=DOCUMENT),
    "DOCUMENT_CHECK": Trap(amiss.wrong_document, 0, flag=DOCUMENT),
    "DOCUMENT_MISSING": Trap(amiss.document(lambda _right: None), 0),
    "NO_HEAD": Trap(amiss.relation(0, "SIBLING")),
    "TWO_HEADS": Trap(amiss.relation(1, "HEAD")),
    "PHONE_SHAPE": Trap(lambda h, _maker: setattr(h, "phone", h.phone + "0"), flag=("贫困户", "PHONE_INVALID")),
    "PHONE_SHARED": Trap(amiss.nothing, pair=True),
    "RELATION_SEX": Trap(amiss.relation(2, "SON"), 2),
    "SPOUSE_SEX": Trap(amiss.same_sex, 1),
    "RELATION_AGE": Trap(amiss.nothing, 1, "GROWN_SON"),
    "DOCUMENT_SEX": Trap(amiss.other_sex, 0),
    "CHILD_WORKING": Trap(amiss.say("months_worked", 2, 2), 2, "TEENAGER"),
    "CHILD_LABOUR": Trap(amiss.say("labour", LABOUR["ORDINARY"], 2), 2, "TEENAGER"),
    "ELDER_IN_POST": Trap(amiss.aid("PUBLIC_POST", "乡村保洁员", 2), 2, "ELDER"),
    "IN_SCHOOL_AND_WORKING": Trap(amiss.say("months_worked", threshold("IN_SCHOOL_AND_WORKING") + 2, 2), 2, "STUDENT"),
    "INSURANCE_NONE": Trap(amiss.together(*UNINSURED, amiss.say("medical_aid", "否"), INSURE), 0),
    "INSURANCE_TWO": Trap(amiss.together(amiss.say("insured", "是"), amiss.say("employee_insured", "是")), 0),
    # Who is aided and not insured at all is not insured: both checks find it.
    "AIDED_UNINSURED": Trap(amiss.together(*UNINSURED, amiss.say("medical_aid", "是"), INSURE), 0, also=("INSURANCE_NONE",)),
    "DISABLED_NO_CERTIFICATE": Trap(amiss.disabled, 0),
    "WAGE_RANGE": Trap(amiss.wage, 0),
    "CAUSE_DISABILITY": Trap(amiss.nothing, causes=("DISABILITY",)),
    "CAUSE_ILLNESS": Trap(amiss.nothing, causes=("LACK_OF_SKILL", "ILLNESS")),
    "CAUSE_LABOUR": Trap(amiss.nothing, family="ADULTS", causes=("LACK_OF_LABOUR",)),
    "CAUSE_UNEXPLAINED": Trap(amiss.put(note=None), causes=("OTHER",)),
    "MEASURE_LOW_INCOME": Trap(amiss.aid("SAFETY_NET", needs.LOW_INCOME)),
    "MEASURE_TRAINING": Trap(amiss.together(amiss.idle, amiss.aid("EMPLOYMENT", needs.TRAINING, 0))),
    "MEASURE_INDUSTRY": Trap(amiss.together(amiss.aid("INDUSTRY", "养羊"), amiss.put(business=False))),
    # Its cause then has an answer in name only.
    "MEASURE_HOLLOW": Trap(amiss.hollow),
    "LAND_RANGE": Trap(amiss.figure("cultivated_land", threshold("LAND_RANGE") - 2, threshold("LAND_RANGE", 1) + 60)),
    "ROAD_DISTANCE": Trap(amiss.figure("road_distance", threshold("ROAD_DISTANCE") + 3.5)),
    "EXITED_BELOW_LINE": Trap(amiss.put(factor=0.8), life=amiss.exited_now),
    "POOR_UNREGISTERED": Trap(amiss.put(factor=0.7), life=lambda _first, _last: Life(0)),
    "EXIT_TOO_SOON": Trap(amiss.nothing, life=lambda _first, last: Life(last, last)),
    "EXIT_WITHOUT_MEASURE": Trap(amiss.helped_too_late, life=amiss.exited_before),
    "OUTSIDE_VEHICLE": Trap(amiss.listed("VEHICLE"), 0),
    "OUTSIDE_PAYROLL": Trap(amiss.listed("PAYROLL"), 0),
    "OUTSIDE_COMPANY": Trap(amiss.listed("COMPANY"), 0),
    "OUTSIDE_SECOND_HOME": Trap(amiss.listed("SECOND_HOME"), 0),
    "OUTSIDE_DECEASED": Trap(amiss.listed("DECEASED"), 0),
    "HELPER:ENDED": Trap(amiss.put(gap="ENDED")),
    "HELPER:HOLDER_LEFT": Trap(amiss.put(gap="HOLDER_LEFT")),
    "HELPER:NEVER_ASSIGNED": Trap(amiss.put(gap="NEVER_ASSIGNED")),
    "VISIT:NO_RECENT_VISIT": Trap(amiss.put(gap="NO_RECENT_VISIT")),
    "MEASURE_MISSING": Trap(amiss.unanswered, causes=("LACK_OF_WATER",)),
    "HOUSING_MISSING": Trap(amiss.put(housing="GRADE_D")),
    "WATER_HOLLOW": Trap(amiss.together(amiss.put(lacks=frozenset({"WATER"})), amiss.aid("SAFE_WATER", amiss.HOLLOW[0]))),
    "STATUS_UNCLEAR": Trap(amiss.status("边缘易致贫户"), flag=("贫困户", "VALUE_UNKNOWN")),
    "UNLINKED": Trap(amiss.together(amiss.put(linked=False, sharing=False), lambda h, _maker: h.jobs.clear())),
    "VALUE_UNKNOWN": Trap(amiss.say("education", "私塾"), 0, flag=("家庭成员", "VALUE_UNKNOWN")),
}  # fmt: skip
ROLES = tuple((code, 2 if trap.pair else 1) for code, trap in TRAPS.items())


class Planter:
    """Plants the traps of households, and tells the ledger. Keeps of pairs what the second one takes from the first."""

    def __init__(self, ledger: Ledger, first: int, last: int) -> None:
        self._ledger, self._first, self._last = ledger, first, last
        self._pairs: dict[Slot, Household] = {}

    def wish(self, slot: Slot) -> Wish:
        trap = TRAPS[slot.code]
        return Wish(trap.life(self._first, self._last), trap.family, trap.causes)

    def plant(self, slot: Slot, household: Household, maker: Maker) -> None:
        trap = TRAPS[slot.code]
        household.trapped = True
        if trap.pair:
            self._paired(slot, household)
        trap.alter(household, maker)
        subject = household.card if trap.member is None else household.members[trap.member].number
        for code in (slot.code, *trap.also):
            if code in self._ledger.checks:
                self._ledger.checks[code].add(subject)
        if trap.flag[0]:
            self._ledger.flagged.add((trap.flag[0], subject, trap.flag[1]))
        self._tell(slot.code, household)

    def _tell(self, code: str, household: Household) -> None:
        """What other questions than checks find of it."""
        ledger, card, cause = self._ledger, household.card, household.causes[0] if household.causes else ""
        duty, _, reason = code.partition(":")
        if reason:
            ledger.coverage[duty][reason].add(card)
        elif code in ("MEASURE_HOLLOW", "MEASURE_MISSING"):
            ledger.measure_gaps[code.removeprefix("MEASURE_")].add((card, cause))
        elif code in ("HOUSING_MISSING", "WATER_HOLLOW"):
            guarantee, _, answer = code.partition("_")
            ledger.guarantee_gaps[answer].add((card, guarantee))
        elif code == "UNLINKED":
            ledger.unlinked.add(card)

    def _paired(self, slot: Slot, household: Household) -> None:
        first = self._pairs.pop(Slot(slot.code, 0, slot.block), None)
        if first is None:
            self._pairs[slot] = household
        elif slot.code == "PHONE_SHARED":
            household.phone = first.phone
        else:
            household.head.document, household.head.born = first.head.document, first.head.born
