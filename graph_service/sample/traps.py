"""Traps of households: what each asks of the household that bears it, and what then is put wrong. One a household, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from graph_service.sample import needs
from graph_service.sample.households import Household, Job, Life
from graph_service.sample.ledger import Ledger
from graph_service.sample.making import Maker, Wish
from graph_service.sample.numbers import other_check
from graph_service.sample.people import LABOUR
from graph_service.sample.plan import Slot
from graph_service.services.rules import rules

Alter = Callable[[Household, Maker], None]
HOLLOW = tuple(row["content"] for row in rules("hollow-measures"))


def threshold(check: str, at: int = 0) -> int:
    """A figure of a check, as the rules have it."""
    return int(next(row["threshold"] for row in rules("checks") if row["check"] == check).split("|")[at])


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


def _say(column: str, value: str | int, member: int = 0) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        household.members[member].said[f"PersonYear.{column}"] = value

    return alter


def _help(kind: str, content: str, member: int | None = None) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        measure = needs.measure(maker.rng, household, kind, maker.last, content)
        measure.member = None if member is None else household.members[member]
        household.measures.append(measure)

    return alter


def _set(**values: object) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        for name, value in values.items():
            setattr(household, name, value)

    return alter


def _all(*alters: Alter) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        for one in alters:
            one(household, maker)

    return alter


def _card(column: str, *values: float) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        household.said[f"HouseholdYear.{column}"] = maker.rng.choice(values)

    return alter


def _listed(list_: str) -> Alter:
    return lambda household, _maker: setattr(household, "listed", ((list_, household.head),))


def _document(change: Callable[[str], str | None]) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        household.head.document = change(household.head.document or "")

    return alter


def _relation(member: int, relation: str) -> Alter:
    return lambda household, _maker: setattr(household.members[member], "relation", relation)


def _wrong(household: Household, maker: Maker) -> None:
    right = household.head.document or ""
    # A day beyond the 31st keeps numbers apart as well as another check character does.
    household.head.document = maker.rng.choice(
        (other_check(right), f"{right[:12]}{int(right[12:14]) + 40}{right[14:]}")
    )


def _other_sex(household: Household, maker: Maker) -> None:
    head = household.head
    head.document, head.born = maker.documents.issue(head.born, not head.male)


def _same_sex(household: Household, maker: Maker) -> None:
    spouse = household.members[1]
    spouse.male = household.head.male
    spouse.document, spouse.born = maker.documents.issue(spouse.born, spouse.male)


def _idle(household: Household, _maker: Maker) -> None:
    for member in household.members:
        member.months = 0


def _disabled(household: Household, _maker: Maker) -> None:
    household.head.health, household.head.labour = ("DISABLED",), "WEAK"


def _wage(household: Household, maker: Maker) -> None:
    lowest, highest = threshold("WAGE_RANGE"), threshold("WAGE_RANGE", 1)
    wage = maker.rng.choice((lowest - 20, highest + 5000)) * 100
    household.head.months = 8
    household.jobs = [Job(household.head, wage, date(maker.last, 2, 1))]


def _hollow(household: Household, maker: Maker) -> None:
    for measure in household.measures:
        measure.content = maker.rng.choice(HOLLOW)


def _unanswered(household: Household, maker: Maker) -> None:
    household.measures = [needs.measure(maker.rng, household, "LIVING_CONDITIONS", maker.last)]


def _helped_too_late(household: Household, maker: Maker) -> None:
    """No measure, or only such as began after the exit."""
    if maker.rng.random() < 0.5:
        household.measures.clear()
    for measure in household.measures:
        measure.since = measure.since.replace(year=maker.last)


def _exited_before(first: int, last: int) -> Life:
    return Life(min(first, last - 1) - 1, last - 1)


def _exited_now(first: int, last: int) -> Life:
    return Life(first - 1, last)


def _nothing(_household: Household, _maker: Maker) -> None:
    """What the trap asks of its household is wrong by itself."""


INSURE = _help("HEALTH", "代缴医保")
"""So that what a member lacks of the guarantees is answered."""
UNINSURED = (_say("insured", "否"), _say("employee_insured", "否"))
DOCUMENT = ("家庭成员", "ID_INVALID")
TRAPS: dict[str, Trap] = {
    "DOCUMENT_DUPLICATE": Trap(_nothing, 0, pair=True),
    "DOCUMENT_LENGTH": Trap(_document(lambda right: right[:17]), 0, flag=DOCUMENT),
    "DOCUMENT_CHECK": Trap(_wrong, 0, flag=DOCUMENT),
    "DOCUMENT_MISSING": Trap(_document(lambda _right: None), 0),
    "NO_HEAD": Trap(_relation(0, "SIBLING")),
    "TWO_HEADS": Trap(_relation(1, "HEAD")),
    "PHONE_SHAPE": Trap(lambda h, _maker: setattr(h, "phone", h.phone + "0"), flag=("贫困户", "PHONE_INVALID")),
    "PHONE_SHARED": Trap(_nothing, pair=True),
    "RELATION_SEX": Trap(_relation(2, "SON"), 2),
    "SPOUSE_SEX": Trap(_same_sex, 1),
    "RELATION_AGE": Trap(_nothing, 1, "GROWN_SON"),
    "DOCUMENT_SEX": Trap(_other_sex, 0),
    "CHILD_WORKING": Trap(_say("months_worked", 2, 2), 2, "TEENAGER"),
    "CHILD_LABOUR": Trap(_say("labour", LABOUR["ORDINARY"], 2), 2, "TEENAGER"),
    "ELDER_IN_POST": Trap(_help("PUBLIC_POST", "乡村保洁员", 2), 2, "ELDER"),
    "IN_SCHOOL_AND_WORKING": Trap(_say("months_worked", threshold("IN_SCHOOL_AND_WORKING") + 2, 2), 2, "STUDENT"),
    "INSURANCE_NONE": Trap(_all(*UNINSURED, _say("medical_aid", "否"), INSURE), 0),
    "INSURANCE_TWO": Trap(_all(_say("insured", "是"), _say("employee_insured", "是")), 0),
    # Who is aided and not insured at all is not insured: both checks find it.
    "AIDED_UNINSURED": Trap(_all(*UNINSURED, _say("medical_aid", "是"), INSURE), 0, also=("INSURANCE_NONE",)),
    "DISABLED_NO_CERTIFICATE": Trap(_disabled, 0),
    "WAGE_RANGE": Trap(_wage, 0),
    "CAUSE_DISABILITY": Trap(_nothing, causes=("DISABILITY",)),
    "CAUSE_ILLNESS": Trap(_nothing, causes=("LACK_OF_SKILL", "ILLNESS")),
    "CAUSE_LABOUR": Trap(_nothing, family="ADULTS", causes=("LACK_OF_LABOUR",)),
    "CAUSE_UNEXPLAINED": Trap(_set(note=None), causes=("OTHER",)),
    "MEASURE_LOW_INCOME": Trap(_help("SAFETY_NET", needs.LOW_INCOME)),
    "MEASURE_TRAINING": Trap(_all(_idle, _help("EMPLOYMENT", needs.TRAINING, 0))),
    "MEASURE_INDUSTRY": Trap(_all(_help("INDUSTRY", "养羊"), _set(business=False))),
    # Its cause then has an answer in name only.
    "MEASURE_HOLLOW": Trap(_hollow),
    "LAND_RANGE": Trap(_card("cultivated_land", threshold("LAND_RANGE") - 2, threshold("LAND_RANGE", 1) + 60)),
    "ROAD_DISTANCE": Trap(_card("road_distance", threshold("ROAD_DISTANCE") + 3.5)),
    "EXITED_BELOW_LINE": Trap(_set(factor=0.8), life=_exited_now),
    "POOR_UNREGISTERED": Trap(_set(factor=0.7), life=lambda _first, _last: Life(0)),
    "EXIT_TOO_SOON": Trap(_nothing, life=lambda _first, last: Life(last, last)),
    "EXIT_WITHOUT_MEASURE": Trap(_helped_too_late, life=_exited_before),
    "OUTSIDE_VEHICLE": Trap(_listed("VEHICLE"), 0),
    "OUTSIDE_PAYROLL": Trap(_listed("PAYROLL"), 0),
    "OUTSIDE_COMPANY": Trap(_listed("COMPANY"), 0),
    "OUTSIDE_SECOND_HOME": Trap(_listed("SECOND_HOME"), 0),
    "OUTSIDE_DECEASED": Trap(_listed("DECEASED"), 0),
    "HELPER:ENDED": Trap(_set(gap="ENDED")),
    "HELPER:HOLDER_LEFT": Trap(_set(gap="HOLDER_LEFT")),
    "HELPER:NEVER_ASSIGNED": Trap(_set(gap="NEVER_ASSIGNED")),
    "VISIT:NO_RECENT_VISIT": Trap(_set(gap="NO_RECENT_VISIT")),
    "MEASURE_MISSING": Trap(_unanswered, causes=("LACK_OF_WATER",)),
    "HOUSING_MISSING": Trap(_set(housing="GRADE_D")),
    "WATER_HOLLOW": Trap(_all(_set(lacks=frozenset({"WATER"})), _help("SAFE_WATER", HOLLOW[0]))),
    "UNLINKED": Trap(_all(_set(linked=False, sharing=False), lambda h, _maker: h.jobs.clear())),
    "VALUE_UNKNOWN": Trap(_say("education", "私塾"), 0, flag=("家庭成员", "VALUE_UNKNOWN")),
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
