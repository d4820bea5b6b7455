"""Who answers for what: letters, targets, leading groups, postings, supervision rounds, problems, reports of areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample.households import Household
from graph_service.sample.ledger import Ledger
from graph_service.sample.numbers import phone
from graph_service.sample.offices import Office, write_cadre
from graph_service.sample.plan import PLEDGES, Area, Place
from graph_service.sample.writing import Cell, Register, Values, texts, yes
from graph_service.services.areas import DIGITS

STATES = texts(enums.PROBLEM_STATE)
WRONGS = {
    "户": ("档案资料不全", "政策宣讲不到位", "收入核算有误"),
    "村": ("产业项目进度滞后", "公示不规范"),
    "人": ("就医报销未及时办理",),
}
ABOVE = 90_000_000
"""The first of the telephones of cadres of prefectures and provinces."""
TOWNS_INSPECTED, INSPECTED = 2, (9, 10)
"""In how many townships a county's yearly round is; its month and day."""


def pledge(register: Register, area: str, cadre: str, year: int, lack: str = "") -> None:
    """A responsibility letter of an area, signed; or what of it is lacking."""
    if lack == "NO_PLEDGE":
        return
    signed: Values = {} if lack else {"Cadre.cadre_no": cadre, "SIGNED.since": date(year, 2, 15)}
    register.add(
        "责任书",
        {
            "Pledge.pledge_no": f"{area}ZR{year}", "Pledge.year": year, "Pledge.content": "脱贫攻坚责任", "Village.code": area,
            "COVERS.since": date(year, 1, 1), **signed,
        },
    )  # fmt: skip


def above(register: Register, code: str, at: int, rng: Random, year: int) -> None:
    """What a prefecture or a province signs: its letter, by a cadre of its own. `at`: its place among them."""
    cadre = above_no(code)
    write_cadre(
        register, rng, cadre, "省长" if len(code) == DIGITS["PROVINCE"] else "市长(州长)", phone(ABOVE + at), None
    )
    pledge(register, code, cadre, year)


def above_no(code: str) -> str:
    """The cadre of a prefecture or a province."""
    return f"{code}GB01"


def village_pledge(register: Register, place: Place, head: str, year: int, ledger: Ledger) -> None:
    lack = next((one for one in PLEDGES if one in place.traps), "")
    if lack:
        ledger.pledges[lack].add(place.code)
    pledge(register, place.code, head, year, lack)


def county(register: Register, office: Office, townships: Sequence[Area], rng: Random, first: int, last: int) -> None:
    """What the county and its townships write of themselves."""
    for at, leader in enumerate(office.leaders[:3]):
        since = date(first, 1, 10)
        group: Values = {"LEADS.since": since, "LEADS.post": "组长" if at == 0 else "副组长"}
        register.add("领导小组", {"Cadre.cadre_no": leader, "Village.code": office.code, **group})
    posted: Values = {"POSTED_TO.since": date(first, 4, 1), "POSTED_TO.post": "县委常委、副县长(挂职)"}
    register.add("挂职干部", {"Cadre.cadre_no": office.leaders[-1], "Village.code": office.code, **posted})
    pledge(register, office.code, office.leaders[0], last)
    for year in range(first, last + 1):
        _report(register, office.code, year, {
            "AreaYear.wrongly_exited": rng.randint(0, 15) / 10, "AreaYear.missed": rng.randint(0, 15) / 10,
            "AreaYear.satisfaction": rng.randint(910, 995) / 10, "AreaYear.population": rng.randint(60, 600) * 1000,
        })  # fmt: skip
        _target(register, office.code, year, "脱贫户数", rng.randint(10, 3000))
        if townships:
            for town in rng.sample(townships, min(TOWNS_INSPECTED, len(townships))):
                _inspect(register, inspection_no(office.code, year), town.code, rng.choice(office.leaders), year)
    for town in townships:
        head = office.heads[town.code]
        group = {"LEADS.since": date(first, 1, 20), "LEADS.post": "组长"}
        register.add("领导小组", {"Cadre.cadre_no": head, "Village.code": town.code, **group})
        pledge(register, town.code, head, last)
        _target(register, town.code, last, "贫困村出列数", rng.randint(0, 6))
        for year in range(first, last + 1):
            there: dict[str, Cell] = {"AreaYear.population": rng.randint(3, 60) * 1000}
            for name in ("central_school", "clinic", "service_centre"):
                there[f"AreaYear.{name}"] = yes(year == last or rng.random() < 0.8)
            _report(register, town.code, year, there)


def inspection_no(county: str, year: int) -> str:
    return f"{county}DC{year}"


def _report(register: Register, area: str, year: int, more: Values) -> None:
    register.add("区划年报", {"Area.code": area, "AreaYear.year": year, **more})


def _target(register: Register, area: str, year: int, indicator: str, number: int) -> None:
    register.add(
        "目标任务",
        {
            "Target.target_no": f"{area}MB{year}", "Target.year": year, "Target.indicator": indicator,
            "Target.number": number, "Village.code": area, "COVERS.since": date(year, 1, 1),
        },
    )  # fmt: skip


def _inspect(register: Register, number: str, area: str, cadre: str, year: int) -> None:
    on = date(year, *INSPECTED)
    register.add(
        "督查",
        {
            "Inspection.inspection_no": number, "Inspection.name": f"{year}年督查巡查", "Inspection.held_on": on,
            "Village.code": area, "Cadre.cadre_no": cadre, "COVERS.since": on,
        },
    )  # fmt: skip


def problems(
    register: Register, place: Place, households: Sequence[Household], office: Office, rng: Random, last: int
) -> None:
    """A few, in every state: closed, under way, overdue; a cadre's or a department's to put right."""
    for number in range(1, 1 + rng.choice((0, 0, 1, 2))):
        household = rng.choice(households)
        about = {"户": household.card, "村": place.code, "人": household.head.number}
        kind = rng.choice(tuple(about))
        # Some are found by the county's supervision round.
        inspected = rng.random() < 0.4
        found = date(last, *INSPECTED) if inspected else date(last, rng.randint(2, 10), 12)
        due = found + timedelta(rng.randint(20, 150))
        state = rng.choice(("CLOSED", "CLOSED", "OPEN", "UNDER_WAY"))
        closed = found + timedelta(rng.randint(10, 60)) if state == "CLOSED" else None
        responsible = (
            {"Cadre.cadre_no": office.heads[office_town(place)]}
            if rng.random() < 0.7
            else {"Department.department_no": rng.choice(office.departments)}
        )
        register.add(
            "问题清单",
            {
                "about_kind": kind, "about": about[kind], "Problem.problem_no": f"{place.code}WT{number:02d}",
                "Problem.content": rng.choice(WRONGS[kind]), "Problem.state": STATES[state], "Problem.closed_on": closed,
                "Problem.evidence": "整改报告" if closed else None, "ABOUT.since": found, "RESPONSIBLE_FOR.due": due,
                "Inspection.inspection_no": inspection_no(office.code, last) if inspected else None,
                **responsible,
            },
        )  # fmt: skip


def office_town(place: Place) -> str:
    """The township in which a village lies."""
    return place.code[:9]
