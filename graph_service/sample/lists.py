"""Lists beside the register: households that are watched, and entries of other offices."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample.households import CAUSES, Household
from graph_service.sample.numbers import Documents
from graph_service.sample.people import birthday
from graph_service.sample.writing import Register, texts

WATCHES, LISTS = texts(enums.WATCH_KIND), texts(enums.OUTSIDE_LIST)
CONTENTS = {
    "VEHICLE": ("小型轿车", "小型越野客车"), "PAYROLL": ("事业单位在编", "机关在编"), "COMPANY": ("商贸有限公司法定代表人", "建材经营部股东"),
    "SECOND_HOME": ("县城商品房一套", "州府商品房一套"), "DECEASED": ("死亡登记", "户口注销"),
}  # fmt: skip
STEPS = ("found", "verified", "discussed", "published", "approved")
LONGEST = 15
"""Days from the first step to the last, at most."""


def watch(register: Register, rng: Random, household: Household, last: int) -> None:
    """Every step in time; the risk of some is gone."""
    day, told = date(last, rng.randint(2, 8), rng.randint(1, 28)), {}
    for step in STEPS:
        told[f"Watch.{step}_on"] = day
        day += timedelta(rng.randint(1, LONGEST // len(STEPS)))
    if rng.random() < 0.4:
        told["Watch.cleared_on"] = day + timedelta(rng.randint(40, 80))
    kind = "UNSTABLE" if household.life.registered else rng.choice(("AT_THE_EDGE", "SUDDEN_HARDSHIP"))
    register.add(
        "监测对象",
        {
            "Watch.watch_no": f"{household.card}JC", "Watch.kind": WATCHES[kind], "Household.card_no": household.card,
            "Watch.risk": CAUSES[rng.choice(("ILLNESS", "DISASTER", "SCHOOLING"))], **told,
        },
    )  # fmt: skip


def listed(register: Register, rng: Random, household: Household, county: str) -> None:
    for list_, member in household.listed:
        _entry(register, rng, list_, member.document or "", county, household.life.identified or 2013)


def strangers(register: Register, rng: Random, documents: Documents, number: int, county: str, last: int) -> None:
    """Entries of people who are not in the register."""
    for _ in range(number):
        male = rng.random() < 0.6
        document, _born = documents.issue(birthday(rng, last - rng.randint(20, 75)), male)
        _entry(register, rng, rng.choice(tuple(CONTENTS)), document, county, last)


def _entry(register: Register, rng: Random, list_: str, document: str, county: str, latest: int) -> None:
    register.add(
        "外部名单",
        {
            "OutsideRecord.list": LISTS[list_], "OutsideRecord.identity": document,
            "OutsideRecord.content": rng.choice(CONTENTS[list_]), "Village.code": county,
            "OutsideRecord.began_on": date(latest - rng.randint(0, 3), rng.randint(1, 12), rng.randint(1, 28)),
        },
    )  # fmt: skip
