"""What can be put wrong with a household of a made-up register: each alters one, and nothing else of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from graph_service.sample import needs
from graph_service.sample.households import Household, Job, Life
from graph_service.sample.making import Maker
from graph_service.sample.numbers import other_check
from graph_service.services.rules import rules

Alter = Callable[[Household, Maker], None]
HOLLOW = tuple(row["content"] for row in rules("hollow-measures"))


def threshold(check: str, at: int = 0) -> int:
    """A figure of a check, as the rules have it."""
    return int(next(row["threshold"] for row in rules("checks") if row["check"] == check).split("|")[at])


def say(column: str, value: str | int, member: int = 0) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        household.members[member].said[f"PersonYear.{column}"] = value

    return alter


def aid(kind: str, content: str, member: int | None = None) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        measure = needs.measure(maker.rng, household, kind, maker.last, content)
        measure.member = None if member is None else household.members[member]
        household.measures.append(measure)

    return alter


def put(**values: object) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        for name, value in values.items():
            setattr(household, name, value)

    return alter


def together(*alters: Alter) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        for one in alters:
            one(household, maker)

    return alter


def status(word: str) -> Alter:
    """The last card says how the household stands in a word that no list has."""

    def alter(household: Household, _maker: Maker) -> None:
        household.said["HouseholdYear.status"] = word

    return alter


def figure(column: str, *values: float) -> Alter:
    def alter(household: Household, maker: Maker) -> None:
        household.said[f"HouseholdYear.{column}"] = maker.rng.choice(values)

    return alter


def listed(list_: str) -> Alter:
    return lambda household, _maker: setattr(household, "listed", ((list_, household.head),))


def document(change: Callable[[str], str | None]) -> Alter:
    def alter(household: Household, _maker: Maker) -> None:
        household.head.document = change(household.head.document or "")

    return alter


def relation(member: int, relation: str) -> Alter:
    return lambda household, _maker: setattr(household.members[member], "relation", relation)


def wrong_document(household: Household, maker: Maker) -> None:
    right = household.head.document or ""
    # A day beyond the 31st keeps numbers apart as well as another check character does.
    household.head.document = maker.rng.choice(
        (other_check(right), f"{right[:12]}{int(right[12:14]) + 40}{right[14:]}")
    )


def other_sex(household: Household, maker: Maker) -> None:
    head = household.head
    head.document, head.born = maker.documents.issue(head.born, not head.male)


def same_sex(household: Household, maker: Maker) -> None:
    spouse = household.members[1]
    spouse.male = household.head.male
    spouse.document, spouse.born = maker.documents.issue(spouse.born, spouse.male)


def idle(household: Household, _maker: Maker) -> None:
    for member in household.members:
        member.months = 0


def disabled(household: Household, _maker: Maker) -> None:
    household.head.health, household.head.labour = ("DISABLED",), "WEAK"


def wage(household: Household, maker: Maker) -> None:
    lowest, highest = threshold("WAGE_RANGE"), threshold("WAGE_RANGE", 1)
    wage = maker.rng.choice((lowest - 20, highest + 5000)) * 100
    household.head.months = 8
    household.jobs = [Job(household.head, wage, date(maker.last, 2, 1))]


def hollow(household: Household, maker: Maker) -> None:
    for measure in household.measures:
        measure.content = maker.rng.choice(HOLLOW)


def unanswered(household: Household, maker: Maker) -> None:
    household.measures = [needs.measure(maker.rng, household, "LIVING_CONDITIONS", maker.last)]


def helped_too_late(household: Household, maker: Maker) -> None:
    """No measure, or only such as began after the exit."""
    if maker.rng.random() < 0.5:
        household.measures.clear()
    for measure in household.measures:
        measure.since = measure.since.replace(year=maker.last)


def exited_before(first: int, last: int) -> Life:
    return Life(min(first, last - 1) - 1, last - 1)


def exited_now(first: int, last: int) -> Life:
    return Life(first - 1, last)


def nothing(_household: Household, _maker: Maker) -> None:
    """What the trap asks of its household is wrong by itself."""
