"""Defects of a household in a made-up register: each alters one household, and nothing else of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from graph_service.core.rules import rules
from graph_service.sample import causes_and_measures
from graph_service.sample.household_factory import HouseholdFactory
from graph_service.sample.households import Household, Job, PovertyHistory
from graph_service.sample.numbers import with_wrong_check_digit

Defect = Callable[[Household, HouseholdFactory], None]
HOLLOW_CONTENTS = tuple(row["content"] for row in rules("hollow-measures"))


def threshold(check: str, index: int = 0) -> int:
    """Return a threshold of a check from the rules."""
    return int(next(row["threshold"] for row in rules("checks") if row["check"] == check).split("|")[index])


def set_person_cell(column: str, value: str | int, member: int = 0) -> Defect:
    def alter(household: Household, _factory: HouseholdFactory) -> None:
        household.members[member].overrides[f"PersonYear.{column}"] = value

    return alter


def add_measure(kind: str, content: str, member: int | None = None) -> Defect:
    def alter(household: Household, factory: HouseholdFactory) -> None:
        measure = causes_and_measures.random_measure(factory.rng, household, kind, factory.last_year, content)
        measure.member = None if member is None else household.members[member]
        household.measures.append(measure)

    return alter


def set_fields(**values: object) -> Defect:
    def alter(household: Household, _factory: HouseholdFactory) -> None:
        for name, value in values.items():
            setattr(household, name, value)

    return alter


def combine(*defects: Defect) -> Defect:
    def alter(household: Household, factory: HouseholdFactory) -> None:
        for defect in defects:
            defect(household, factory)

    return alter


def set_status_text(text: str) -> Defect:
    """Set the status of the last card to a text that is in no code list."""

    def alter(household: Household, _factory: HouseholdFactory) -> None:
        household.overrides["HouseholdYear.status"] = text

    return alter


def set_household_cell(column: str, *values: float) -> Defect:
    def alter(household: Household, factory: HouseholdFactory) -> None:
        household.overrides[f"HouseholdYear.{column}"] = factory.rng.choice(values)

    return alter


def add_to_outside_list(list_: str) -> Defect:
    return lambda household, _maker: setattr(household, "listed", ((list_, household.head),))


def change_document(change: Callable[[str], str | None]) -> Defect:
    def alter(household: Household, _factory: HouseholdFactory) -> None:
        household.head.document = change(household.head.document or "")

    return alter


def set_relation(member: int, relation: str) -> Defect:
    return lambda household, _maker: setattr(household.members[member], "relation", relation)


def invalidate_document(household: Household, factory: HouseholdFactory) -> None:
    document = household.head.document or ""
    # A day beyond the 31st keeps numbers distinct, as a wrong check character does.
    household.head.document = factory.rng.choice(
        (with_wrong_check_digit(document), f"{document[:12]}{int(document[12:14]) + 40}{document[14:]}")
    )


def issue_document_of_other_sex(household: Household, factory: HouseholdFactory) -> None:
    head = household.head
    head.document, head.born_on = factory.documents.issue(head.born_on, not head.is_male)


def give_spouse_same_sex(household: Household, factory: HouseholdFactory) -> None:
    spouse = household.members[1]
    spouse.is_male = household.head.is_male
    spouse.document, spouse.born_on = factory.documents.issue(spouse.born_on, spouse.is_male)


def clear_work_months(household: Household, _factory: HouseholdFactory) -> None:
    for member in household.members:
        member.months_away = 0


def mark_disabled(household: Household, _factory: HouseholdFactory) -> None:
    household.head.health, household.head.labour = ("DISABLED",), "WEAK"


def set_wage_out_of_range(household: Household, factory: HouseholdFactory) -> None:
    lowest, highest = threshold("WAGE_RANGE"), threshold("WAGE_RANGE", 1)
    wage = factory.rng.choice((lowest - 20, highest + 5000)) * 100
    household.head.months_away = 8
    household.jobs = [Job(household.head, wage, date(factory.last_year, 2, 1))]


def make_measures_hollow(household: Household, factory: HouseholdFactory) -> None:
    for measure in household.measures:
        measure.content = factory.rng.choice(HOLLOW_CONTENTS)


def leave_causes_unanswered(household: Household, factory: HouseholdFactory) -> None:
    household.measures = [
        causes_and_measures.random_measure(factory.rng, household, "LIVING_CONDITIONS", factory.last_year)
    ]


def remove_or_delay_measures(household: Household, factory: HouseholdFactory) -> None:
    """Remove all measures, or let them begin only after the exit."""
    if factory.rng.random() < 0.5:
        household.measures.clear()
    for measure in household.measures:
        measure.since = measure.since.replace(year=factory.last_year)


def exited_before_last_year(first_year: int, last_year: int) -> PovertyHistory:
    return PovertyHistory(min(first_year, last_year - 1) - 1, last_year - 1)


def exited_in_last_year(first_year: int, last_year: int) -> PovertyHistory:
    return PovertyHistory(first_year - 1, last_year)


def leave_unchanged(_household: Household, _factory: HouseholdFactory) -> None:
    """Change nothing: the household that the trap requires is wrong by itself."""
