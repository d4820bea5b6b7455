"""Responsibility: letters, targets, leading groups, postings, supervision rounds, problems, reports of areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from graph_service.core.areas import CODE_DIGITS
from graph_service.domain.model import enumerations as enums
from graph_service.sample.households import Household
from graph_service.sample.numbers import phone
from graph_service.sample.offices import Office, write_cadre
from graph_service.sample.plan import PLEDGE_TRAPS, PlannedVillage, PublishedArea
from graph_service.sample.register_writer import (
    CellValue,
    RegisterWriter,
    RowCells,
    member_texts,
    yes_no,
)
from graph_service.sample.trap_ledger import TrapLedger

PROBLEM_STATES = member_texts(enums.PROBLEM_STATE)
PROBLEM_CONTENTS = {
    "户": ("档案资料不全", "政策宣讲不到位", "收入核算有误"),
    "村": ("产业项目进度滞后", "公示不规范"),
    "人": ("就医报销未及时办理",),
}
FIRST_HIGHER_CADRE_PHONE = 90_000_000
"""First telephone index of the cadres of prefectures and provinces."""
INSPECTED_TOWNSHIPS, INSPECTION_DAY = 2, (9, 10)
"""Number of townships in a county's yearly round; its month and day."""


def write_pledge(register: RegisterWriter, area: str, cadre: str, year: int, lack: str = "") -> None:
    """Write the signed responsibility letter of an area. `lack`: what is missing, the letter (NO_PLEDGE) or the signature."""
    if lack == "NO_PLEDGE":
        return
    signature_cells: RowCells = {} if lack else {"Cadre.cadre_no": cadre, "SIGNED.since": date(year, 2, 15)}
    register.add(
        "责任书",
        {
            "Pledge.pledge_no": f"{area}ZR{year}", "Pledge.year": year, "Pledge.content": "脱贫攻坚责任", "Village.code": area,
            "COVERS.since": date(year, 1, 1), **signature_cells,
        },
    )  # fmt: skip


def write_higher_pledge(register: RegisterWriter, code: str, index: int, rng: Random, year: int) -> None:
    """Write the letter of a prefecture or a province, and the cadre who signs it. `index`: its index among these areas."""
    cadre = higher_cadre_no(code)
    write_cadre(
        register,
        rng,
        cadre,
        "省长" if len(code) == CODE_DIGITS["PROVINCE"] else "市长（州长）",
        phone(FIRST_HIGHER_CADRE_PHONE + index),
        None,
    )
    write_pledge(register, code, cadre, year)


def higher_cadre_no(code: str) -> str:
    """Return the number of the cadre of a prefecture or a province."""
    return f"{code}GB01"


def write_village_pledge(
    register: RegisterWriter, village: PlannedVillage, head: str, year: int, ledger: TrapLedger
) -> None:
    lack = next((trap for trap in PLEDGE_TRAPS if trap in village.traps), "")
    if lack:
        ledger.pledges[lack].add(village.code)
    write_pledge(register, village.code, head, year, lack)


def write_county(
    register: RegisterWriter,
    office: Office,
    townships: Sequence[PublishedArea],
    rng: Random,
    first_year: int,
    last_year: int,
) -> None:
    """Write the county's and its townships' leading groups, postings, letters, reports, targets and supervision rounds."""
    for index, leader in enumerate(office.leaders[:3]):
        since = date(first_year, 1, 10)
        group_cells: RowCells = {"LEADS.since": since, "LEADS.post": "组长" if index == 0 else "副组长"}
        register.add("领导小组", {"Cadre.cadre_no": leader, "Village.code": office.code, **group_cells})
    posting_cells: RowCells = {"POSTED_TO.since": date(first_year, 4, 1), "POSTED_TO.post": "县委常委、副县长（挂职）"}
    register.add("挂职干部", {"Cadre.cadre_no": office.leaders[-1], "Village.code": office.code, **posting_cells})
    write_pledge(register, office.code, office.leaders[0], last_year)
    for year in range(first_year, last_year + 1):
        _write_report(register, office.code, year, {
            "AreaYear.wrongly_exited": rng.randint(0, 15) / 10, "AreaYear.missed": rng.randint(0, 15) / 10,
            "AreaYear.satisfaction": rng.randint(910, 995) / 10, "AreaYear.population": rng.randint(60, 600) * 1000,
        })  # fmt: skip
        _write_target(register, office.code, year, "脱贫户数", rng.randint(10, 3000))
        if townships:
            for township in rng.sample(townships, min(INSPECTED_TOWNSHIPS, len(townships))):
                _write_inspection(
                    register, inspection_no(office.code, year), township.code, rng.choice(office.leaders), year
                )
    for township in townships:
        head = office.township_heads[township.code]
        group_cells = {"LEADS.since": date(first_year, 1, 20), "LEADS.post": "组长"}
        register.add("领导小组", {"Cadre.cadre_no": head, "Village.code": township.code, **group_cells})
        write_pledge(register, township.code, head, last_year)
        _write_target(register, township.code, last_year, "贫困村出列数", rng.randint(0, 6))
        for year in range(first_year, last_year + 1):
            report_cells: dict[str, CellValue] = {"AreaYear.population": rng.randint(3, 60) * 1000}
            for name in ("central_school", "clinic", "service_centre"):
                report_cells[f"AreaYear.{name}"] = yes_no(year == last_year or rng.random() < 0.8)
            _write_report(register, township.code, year, report_cells)


def inspection_no(county: str, year: int) -> str:
    return f"{county}DC{year}"


def _write_report(register: RegisterWriter, area: str, year: int, cells: RowCells) -> None:
    register.add("区划年报", {"Area.code": area, "AreaYear.year": year, **cells})


def _write_target(register: RegisterWriter, area: str, year: int, indicator: str, number: int) -> None:
    register.add(
        "目标任务",
        {
            "Target.target_no": f"{area}MB{year}", "Target.year": year, "Target.indicator": indicator,
            "Target.number": number, "Village.code": area, "COVERS.since": date(year, 1, 1),
        },
    )  # fmt: skip


def _write_inspection(register: RegisterWriter, number: str, area: str, cadre: str, year: int) -> None:
    held_on = date(year, *INSPECTION_DAY)
    register.add(
        "督查",
        {
            "Inspection.inspection_no": number, "Inspection.name": f"{year}年督查巡查", "Inspection.held_on": held_on,
            "Village.code": area, "Cadre.cadre_no": cadre, "COVERS.since": held_on,
        },
    )  # fmt: skip


def write_problems(
    register: RegisterWriter,
    village: PlannedVillage,
    households: Sequence[Household],
    office: Office,
    rng: Random,
    last_year: int,
) -> None:
    """Write a few problems in every state (closed, under way, overdue), for a cadre or a department to put right."""
    for number in range(1, 1 + rng.choice((0, 0, 1, 2))):
        household = rng.choice(households)
        subject_by_kind = {"户": household.card, "村": village.code, "人": household.head.number}
        kind = rng.choice(tuple(subject_by_kind))
        # Some are found by the county's supervision round.
        is_inspected = rng.random() < 0.4
        found_on = date(last_year, *INSPECTION_DAY) if is_inspected else date(last_year, rng.randint(2, 10), 12)
        due_on = found_on + timedelta(rng.randint(20, 150))
        state = rng.choice(("CLOSED", "CLOSED", "OPEN", "UNDER_WAY"))
        closed_on = found_on + timedelta(rng.randint(10, 60)) if state == "CLOSED" else None
        responsible = (
            {"Cadre.cadre_no": office.township_heads[township_code(village)]}
            if rng.random() < 0.7
            else {"Department.department_no": rng.choice(office.departments)}
        )
        register.add(
            "问题清单",
            {
                "about_kind": kind, "about": subject_by_kind[kind], "Problem.problem_no": f"{village.code}WT{number:02d}",
                "Problem.content": rng.choice(PROBLEM_CONTENTS[kind]), "Problem.state": PROBLEM_STATES[state], "Problem.closed_on": closed_on,
                "Problem.evidence": "整改报告" if closed_on else None, "ABOUT.since": found_on, "RESPONSIBLE_FOR.due": due_on,
                "Inspection.inspection_no": inspection_no(office.code, last_year) if is_inspected else None,
                **responsible,
            },
        )  # fmt: skip


def township_code(village: PlannedVillage) -> str:
    """Return the code of the township in which a village lies."""
    return village.code[:9]
