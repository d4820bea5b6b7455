"""Links between operators and households, with kind and day; employment, relatives of cadres, and costs of illness."""

from __future__ import annotations

from datetime import date
from random import Random

from graph_service.domain.model import enumerations as enums
from graph_service.sample import names
from graph_service.sample.households import Household, Job
from graph_service.sample.numbers import DocumentNumbers
from graph_service.sample.people import SEXES, HouseholdMember, random_birthday
from graph_service.sample.register_writer import RegisterWriter, RowCells, member_texts, yuan_text

KINSHIP = member_texts(enums.KINSHIP)
SPECIES = ("牛", "羊", "猪")
MAX_OWN_SHARE = 10
"""Maximum percentage of a medical cost that a person pays."""


def write_links(
    register: RegisterWriter, rng: Random, household: Household, operators: list[str], last_year: int
) -> None:
    """Write at least one link of a household to an operator; jobs are written besides."""
    enterprise, *cooperatives = operators
    since = date(max(household.history.identified_year, last_year - 2), rng.randint(1, 11), rng.randint(1, 28))
    card = {"Household.card_no": household.card}
    link_cells: RowCells
    draw = rng.random()
    if draw < 0.7:
        register.add("加入经营主体", {**card, "operator": rng.choice(cooperatives), "JOINED.since": since})
    if 0.65 < draw < 0.85 and household.land > 1:
        mu = rng.randint(5, int(household.land * 10)) / 10
        link_cells = {"LEASES_TO.since": since, "LEASES_TO.mu": mu, "LEASES_TO.rent": yuan_text(int(mu * 30_000))}
        register.add("土地流转", {**card, "operator": rng.choice(operators), **link_cells})
    elif 0.7 <= draw < 0.93:
        link_cells = {
            "BORROWED_FROM.since": since, "BORROWED_FROM.species": rng.choice(SPECIES),
            "BORROWED_FROM.head": rng.randint(1, 4), "BORROWED_FROM.due": since.replace(year=last_year + 2),
        }  # fmt: skip
        register.add("借牛还牛", {**card, "operator": enterprise, **link_cells})
    elif draw >= 0.93:
        link_cells = {
            "ENTRUSTS_TO.since": since, "ENTRUSTS_TO.species": rng.choice(SPECIES),
            "ENTRUSTS_TO.head": rng.randint(1, 6),
        }  # fmt: skip
        register.add("托养寄养", {**card, "operator": enterprise, **link_cells})


def random_jobs(rng: Random, household: Household, last_year: int) -> list[Job]:
    """Return jobs with an operator of the township for some of the members who work."""
    return [
        Job(member, rng.randint(15, 45) * 10_000, date(last_year, 12 - months, rng.randint(1, 28)))
        for member in household.members
        if (months := member.months_worked(last_year)) and (member.is_employee or rng.random() < 0.15)
    ]


def write_jobs(register: RegisterWriter, household: Household, operators: list[str]) -> None:
    for job in household.jobs:
        values: RowCells = {"EMPLOYS.since": job.since, "EMPLOYS.wage": yuan_text(job.wage)}
        register.add("用工", {"operator": operators[0], "Person.person_no": job.member.number, **values})


def write_medical_cost(register: RegisterWriter, rng: Random, member: HouseholdMember, last_year: int) -> None:
    cost = rng.randint(500, 30_000) * 100
    own_part = cost * rng.randint(2, MAX_OWN_SHARE) // 100
    register.add(
        "医疗费用",
        {
            "Person.person_no": member.number, "MedicalCost.paid_on": date(last_year, rng.randint(1, 12), rng.randint(1, 28)),
            "MedicalCost.cost": yuan_text(cost), "MedicalCost.insured": yuan_text(cost - own_part), "MedicalCost.own": yuan_text(own_part),
        },
    )  # fmt: skip


def write_relative(
    register: RegisterWriter, rng: Random, documents: DocumentNumbers, cadre: str, last_year: int
) -> None:
    """Write a relative of a cadre, who is behind no operator."""
    is_male = rng.random() < 0.5
    document, born_on = documents.issue(random_birthday(rng, last_year - rng.randint(30, 60)), is_male)
    kinship = rng.choice(("SPOUSE", "CHILD", "SIBLING", "IN_LAW"))
    register.add(
        "关系人",
        {
            "name": names.full_name(rng, is_male), "relation": KINSHIP[kinship], "Cadre.cadre_no": cadre,
            "PersonYear.year": last_year, "PersonYear.sex": SEXES["MALE" if is_male else "FEMALE"],
            "PersonYear.id_document": document, "PersonYear.born_on": born_on,
        },
    )  # fmt: skip
