"""Lists beside the register: watched households, and entries of other offices."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph_service.domain.model import enumerations as enums
from graph_service.sample.households import POVERTY_CAUSES, Household
from graph_service.sample.numbers import DocumentNumbers
from graph_service.sample.people import random_birthday
from graph_service.sample.register_writer import RegisterWriter, member_texts

WATCH_KINDS, OUTSIDE_LISTS = member_texts(enums.WATCH_KIND), member_texts(enums.OUTSIDE_LIST)
LIST_CONTENTS = {
    "VEHICLE": ("小型轿车", "小型越野客车"), "PAYROLL": ("事业单位在编", "机关在编"), "COMPANY": ("商贸有限公司法定代表人", "建材经营部股东"),
    "SECOND_HOME": ("县城商品房一套", "州府商品房一套"), "DECEASED": ("死亡登记", "户口注销"),
}  # fmt: skip
WATCH_STEPS = ("found", "verified", "discussed", "published", "approved")
MAX_WATCH_DAYS = 15
"""Maximum number of days from the first step to the last."""


def write_watch(register: RegisterWriter, rng: Random, household: Household, last_year: int) -> None:
    """Write a watched household with every step in time; for some the risk is cleared."""
    day, step_cells = date(last_year, rng.randint(2, 8), rng.randint(1, 28)), {}
    for step in WATCH_STEPS:
        step_cells[f"Watch.{step}_on"] = day
        day += timedelta(rng.randint(1, MAX_WATCH_DAYS // len(WATCH_STEPS)))
    if rng.random() < 0.4:
        step_cells["Watch.cleared_on"] = day + timedelta(rng.randint(40, 80))
    kind = "UNSTABLE" if household.history.is_registered else rng.choice(("AT_THE_EDGE", "SUDDEN_HARDSHIP"))
    register.add(
        "监测对象",
        {
            "Watch.watch_no": f"{household.card}JC", "Watch.kind": WATCH_KINDS[kind], "Household.card_no": household.card,
            "Watch.risk": POVERTY_CAUSES[rng.choice(("ILLNESS", "DISASTER", "SCHOOLING"))], **step_cells,
        },
    )  # fmt: skip


def write_listed_members(register: RegisterWriter, rng: Random, household: Household, county: str) -> None:
    for list_, member in household.listed:
        _write_entry(register, rng, list_, member.document or "", county, household.history.identified_year or 2013)


def write_outsiders(
    register: RegisterWriter, rng: Random, documents: DocumentNumbers, count: int, county: str, last_year: int
) -> None:
    """Write entries for people who are not in the register."""
    for _ in range(count):
        is_male = rng.random() < 0.6
        document, _born_on = documents.issue(random_birthday(rng, last_year - rng.randint(20, 75)), is_male)
        _write_entry(register, rng, rng.choice(tuple(LIST_CONTENTS)), document, county, last_year)


def _write_entry(register: RegisterWriter, rng: Random, list_: str, document: str, county: str, last_year: int) -> None:
    register.add(
        "外部名单",
        {
            "OutsideRecord.list": OUTSIDE_LISTS[list_], "OutsideRecord.identity": document,
            "OutsideRecord.content": rng.choice(LIST_CONTENTS[list_]), "Village.code": county,
            "OutsideRecord.began_on": date(last_year - rng.randint(0, 3), rng.randint(1, 12), rng.randint(1, 28)),
        },
    )  # fmt: skip
