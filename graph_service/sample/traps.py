"""Traps of households: what each requires of its household, and what it then makes wrong. A household has at most one, and no other
defect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph_service.sample import causes_and_measures, defects
from graph_service.sample.defects import Defect, threshold
from graph_service.sample.household_factory import HouseholdFactory, HouseholdSpec
from graph_service.sample.households import Household, PovertyHistory
from graph_service.sample.people import LABOUR_CAPACITIES
from graph_service.sample.plan import PlannedTrap
from graph_service.sample.trap_ledger import TrapLedger


@dataclass(frozen=True, slots=True)
class Trap:
    """A trap. `history`: history of the household, by the first and the last year. `subject_member`: index of the member that is the
    subject; none = the household.

    `also_found_by`: checks that necessarily find it too. `is_pair`: it needs two households, and both are subjects.
    """

    defect: Defect
    subject_member: int | None = None
    family: str = "FAMILY"
    history: Callable[[int, int], PovertyHistory] = lambda first, _last: PovertyHistory(first - 1)
    causes: tuple[str, ...] = ("LACK_OF_FUNDS",)
    also_found_by: tuple[str, ...] = ()
    is_pair: bool = False
    flag: tuple[str, str] = ("", "")


INSURANCE_MEASURE = defects.add_measure("HEALTH", "代缴医保")
"""Measure that answers the missing guarantee of a member."""
UNINSURED = (defects.set_person_cell("insured", "否"), defects.set_person_cell("employee_insured", "否"))
DOCUMENT_FLAG = ("家庭成员", "ID_INVALID")
TRAPS: dict[str, Trap] = {
    "DOCUMENT_DUPLICATE": Trap(defects.leave_unchanged, 0, is_pair=True),
    "DOCUMENT_LENGTH": Trap(defects.change_document(lambda document: document[:17]), 0, flag=DOCUMENT_FLAG),
    "DOCUMENT_CHECK": Trap(defects.invalidate_document, 0, flag=DOCUMENT_FLAG),
    "DOCUMENT_MISSING": Trap(defects.change_document(lambda _document: None), 0),
    "NO_HEAD": Trap(defects.set_relation(0, "SIBLING")),
    "TWO_HEADS": Trap(defects.set_relation(1, "HEAD")),
    "PHONE_SHAPE": Trap(lambda h, _maker: setattr(h, "phone", h.phone + "0"), flag=("贫困户", "PHONE_INVALID")),
    "PHONE_SHARED": Trap(defects.leave_unchanged, is_pair=True),
    "RELATION_SEX": Trap(defects.set_relation(2, "SON"), 2),
    "SPOUSE_SEX": Trap(defects.give_spouse_same_sex, 1),
    "RELATION_AGE": Trap(defects.leave_unchanged, 1, "GROWN_SON"),
    "DOCUMENT_SEX": Trap(defects.issue_document_of_other_sex, 0),
    "CHILD_WORKING": Trap(defects.set_person_cell("months_worked", 2, 2), 2, "TEENAGER"),
    "CHILD_LABOUR": Trap(defects.set_person_cell("labour", LABOUR_CAPACITIES["ORDINARY"], 2), 2, "TEENAGER"),
    "ELDER_IN_POST": Trap(defects.add_measure("PUBLIC_POST", "乡村保洁员", 2), 2, "ELDER"),
    "IN_SCHOOL_AND_WORKING": Trap(defects.set_person_cell("months_worked", threshold("IN_SCHOOL_AND_WORKING") + 2, 2), 2, "STUDENT"),
    "INSURANCE_NONE": Trap(defects.combine(*UNINSURED, defects.set_person_cell("medical_aid", "否"), INSURANCE_MEASURE), 0),
    "INSURANCE_TWO": Trap(defects.combine(defects.set_person_cell("insured", "是"), defects.set_person_cell("employee_insured", "是")), 0),
    # An aided person without any insurance is also uninsured: both checks find it.
    "AIDED_UNINSURED": Trap(defects.combine(*UNINSURED, defects.set_person_cell("medical_aid", "是"), INSURANCE_MEASURE), 0, also_found_by=("INSURANCE_NONE",)),
    "DISABLED_NO_CERTIFICATE": Trap(defects.mark_disabled, 0),
    "WAGE_RANGE": Trap(defects.set_wage_out_of_range, 0),
    "CAUSE_DISABILITY": Trap(defects.leave_unchanged, causes=("DISABILITY",)),
    "CAUSE_ILLNESS": Trap(defects.leave_unchanged, causes=("LACK_OF_SKILL", "ILLNESS")),
    "CAUSE_LABOUR": Trap(defects.leave_unchanged, family="ADULTS", causes=("LACK_OF_LABOUR",)),
    "CAUSE_UNEXPLAINED": Trap(defects.set_fields(note=None), causes=("OTHER",)),
    "MEASURE_LOW_INCOME": Trap(defects.add_measure("SAFETY_NET", causes_and_measures.LOW_INCOME)),
    "MEASURE_TRAINING": Trap(defects.combine(defects.clear_work_months, defects.add_measure("EMPLOYMENT", causes_and_measures.TRAINING, 0))),
    "MEASURE_INDUSTRY": Trap(defects.combine(defects.add_measure("INDUSTRY", "养羊"), defects.set_fields(business=False))),
    # Its cause is then answered in name only.
    "MEASURE_HOLLOW": Trap(defects.make_measures_hollow),
    "LAND_RANGE": Trap(defects.set_household_cell("cultivated_land", threshold("LAND_RANGE") - 2, threshold("LAND_RANGE", 1) + 60)),
    "ROAD_DISTANCE": Trap(defects.set_household_cell("road_distance", threshold("ROAD_DISTANCE") + 3.5)),
    "EXITED_BELOW_LINE": Trap(defects.set_fields(factor=0.8), history=defects.exited_in_last_year),
    "POOR_UNREGISTERED": Trap(defects.set_fields(factor=0.7), history=lambda _first, _last: PovertyHistory(0)),
    "EXIT_TOO_SOON": Trap(defects.leave_unchanged, history=lambda _first, last: PovertyHistory(last, last)),
    "EXIT_WITHOUT_MEASURE": Trap(defects.remove_or_delay_measures, history=defects.exited_before_last_year),
    "OUTSIDE_VEHICLE": Trap(defects.add_to_outside_list("VEHICLE"), 0),
    "OUTSIDE_PAYROLL": Trap(defects.add_to_outside_list("PAYROLL"), 0),
    "OUTSIDE_COMPANY": Trap(defects.add_to_outside_list("COMPANY"), 0),
    "OUTSIDE_SECOND_HOME": Trap(defects.add_to_outside_list("SECOND_HOME"), 0),
    "OUTSIDE_DECEASED": Trap(defects.add_to_outside_list("DECEASED"), 0),
    "HELPER:ENDED": Trap(defects.set_fields(gap="ENDED")),
    "HELPER:HOLDER_LEFT": Trap(defects.set_fields(gap="HOLDER_LEFT")),
    "HELPER:NEVER_ASSIGNED": Trap(defects.set_fields(gap="NEVER_ASSIGNED")),
    "VISIT:NO_RECENT_VISIT": Trap(defects.set_fields(gap="NO_RECENT_VISIT")),
    "MEASURE_MISSING": Trap(defects.leave_causes_unanswered, causes=("LACK_OF_WATER",)),
    "HOUSING_MISSING": Trap(defects.set_fields(housing="GRADE_D")),
    "WATER_HOLLOW": Trap(defects.combine(defects.set_fields(lacks=frozenset({"WATER"})), defects.add_measure("SAFE_WATER", defects.HOLLOW_CONTENTS[0]))),
    "STATUS_UNCLEAR": Trap(defects.set_status_text("边缘易致贫户"), flag=("贫困户", "VALUE_UNKNOWN")),
    "UNLINKED": Trap(defects.combine(defects.set_fields(linked=False, sharing=False), lambda h, _maker: h.jobs.clear())),
    "VALUE_UNKNOWN": Trap(defects.set_person_cell("education", "私塾"), 0, flag=("家庭成员", "VALUE_UNKNOWN")),
    # Wages of 3,000 yuan under a note that the unit is 万元. The last kind: earlier ones stay where they were.
    "INCOME_IMPLAUSIBLE": Trap(defects.set_household_cell("wage_income", 60 * threshold("INCOME_IMPLAUSIBLE"))),
}  # fmt: skip
TRAP_ROLES = tuple((code, 2 if trap.is_pair else 1) for code, trap in TRAPS.items())


class TrapPlanter:
    """Planter of the traps of households, which records them in the ledger. It keeps the first household of a pair for the second."""

    def __init__(self, ledger: TrapLedger, first_year: int, last_year: int) -> None:
        self._ledger, self._first_year, self._last_year = ledger, first_year, last_year
        self._pairs: dict[PlannedTrap, Household] = {}

    def spec(self, planned_trap: PlannedTrap) -> HouseholdSpec:
        trap = TRAPS[planned_trap.code]
        return HouseholdSpec(trap.history(self._first_year, self._last_year), trap.family, trap.causes)

    def plant(self, planned_trap: PlannedTrap, household: Household, factory: HouseholdFactory) -> None:
        trap = TRAPS[planned_trap.code]
        household.is_trapped = True
        if trap.is_pair:
            self._plant_pair(planned_trap, household)
        trap.defect(household, factory)
        subject = household.card if trap.subject_member is None else household.members[trap.subject_member].number
        for code in (planned_trap.code, *trap.also_found_by):
            if code in self._ledger.checks:
                self._ledger.checks[code].add(subject)
        if trap.flag[0]:
            self._ledger.flagged.add((trap.flag[0], subject, trap.flag[1]))
        self._record(planned_trap.code, household)

    def _record(self, code: str, household: Household) -> None:
        """Record the trap for questions other than checks."""
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
            ledger.unlinked_households.add(card)

    def _plant_pair(self, planned_trap: PlannedTrap, household: Household) -> None:
        first_household = self._pairs.pop(PlannedTrap(planned_trap.code, 0, planned_trap.block), None)
        if first_household is None:
            self._pairs[planned_trap] = household
        elif planned_trap.code == "PHONE_SHARED":
            household.phone = first_household.phone
        else:
            household.head.document, household.head.born_on = (
                first_household.head.document,
                first_household.head.born_on,
            )
