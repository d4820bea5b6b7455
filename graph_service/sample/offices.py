"""Offices of a county: departments and cadres, the operators of its townships, and the cadres of its villages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from random import Random

from graph_service.core.areas import CODE_DIGITS
from graph_service.domain.model import enumerations as enums
from graph_service.sample import names
from graph_service.sample.numbers import FIRST_CADRE_PHONE, credit_code, phone
from graph_service.sample.plan import PlannedVillage, PublishedArea
from graph_service.sample.register_writer import RegisterWriter, RowCells, member_texts, yes_no
from graph_service.sample.trap_ledger import TrapLedger

AREA_LEVELS = member_texts(enums.LEVEL)
BUREAUS = (
    "扶贫移民局", "农牧局", "林业局", "教育局", "卫生局", "民政局", "人社局", "财政局", "住建局", "交通局", "水务局", "国土局",
    "文广局", "环保局", "发改局", "经信局", "商务局", "残联", "妇联", "团委", "人民医院", "中学", "供电公司", "农村信用社",
)  # fmt: skip
LEADER_COUNT = 6
"""Number of county leaders, each of whom has several villages."""
OPERATOR_KINDS = (("企业", "农业开发有限公司"), ("合作社", "种养殖专业合作社"), ("合作社", "土地股份合作社"))
"""Operators of each township: kind, ending of the name."""
INVESTED_YEAR = 2010
"""Year since which operators hold stakes in others."""
FIRST_COUNTY_CADRE_PHONE = 80_000_000
"""First telephone index of the cadres of counties and townships."""


@dataclass(slots=True)
class Office:
    """Office of a county, as used by its villages: keys of departments, leaders, and of its townships' operators and heads."""

    code: str
    name: str
    departments: list[str] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    township_heads: dict[str, str] = field(default_factory=dict)
    township_operators: dict[str, list[str]] = field(default_factory=dict)

    @property
    def approvers(self) -> list[str]:
        """Return the deputies, who approve funds (the first) and projects. Only cadres of villages have kin in the register."""
        return self.leaders[1:]


class VillageCadres:
    """Cadres of a village, numbered and written in turn."""

    def __init__(self, register: RegisterWriter, office: Office, village: PlannedVillage, rng: Random) -> None:
        self._register, self._office, self._village, self._rng = register, office, village, rng
        self._next_index = 1
        self.numbers: list[str] = []

    def add(self, post: str = "科员", left_on: date | None = None) -> str:
        number = f"{self._village.code}GB{self._next_index:02d}"
        self._write(number, self._next_index, post, left_on)
        self._next_index += 1
        self.numbers.append(number)
        return number

    def add_shared(self) -> str:
        """Return the cadre who has a post in the partner village as well, written by the village with the smaller code."""
        number = f"{min(self._village.code, self._village.partner)}GB00"
        if number.startswith(self._village.code):
            self._write(number, 0, "科员", None)
        return number

    def _write(self, number: str, index: int, post: str, left_on: date | None) -> None:
        village, rng = self._village, self._rng
        phone_number = phone(FIRST_CADRE_PHONE + village.first_household + 20 * village.index + index)
        write_cadre(self._register, rng, number, post, phone_number, rng.choice(self._office.departments), left_on)


def write_cadre(
    register: RegisterWriter,
    rng: Random,
    number: str,
    post: str,
    phone_number: str,
    department: str | None,
    left_on: date | None = None,
) -> None:
    register.add(
        "帮扶干部",
        {
            "Cadre.cadre_no": number, "Cadre.name": names.full_name(rng, rng.random() < 0.7), "Cadre.post": post,
            "Cadre.phone": phone_number, "Cadre.left_on": left_on, "Department.department_no": department,
        },
    )  # fmt: skip


def open_office(
    register: RegisterWriter,
    county: PublishedArea,
    townships: list[PublishedArea],
    first_index: int,
    rng: Random,
    ledger: TrapLedger,
    *,
    with_traps: bool,
) -> Office:
    """Write the county's departments and cadres, its townships' heads and operators, and return the office.

    `first_index`: index of its first township among all. Where traps are planted, the operators of its first township hold stakes in each other
    in a circle.
    """
    office = Office(county.code, county.name)
    for number, bureau in enumerate(BUREAUS, 1):
        level = "COUNTY" if number < 20 else rng.choice(("COUNTY", "PREFECTURE", "PROVINCE"))
        department = f"{county.code}DW{number:02d}"
        values = {"Department.name": county.name + bureau, "Department.level": AREA_LEVELS[level]}
        # Departments of higher levels are in higher areas.
        area = county.code[: CODE_DIGITS[level]]
        register.add("帮扶部门", {"Department.department_no": department, "Village.code": area, **values})
        office.departments.append(department)
    first_phone = FIRST_COUNTY_CADRE_PHONE + 50 * first_index
    for number in range(1, LEADER_COUNT + 1):
        cadre = f"{county.code}GB{number:02d}"
        write_cadre(
            register, rng, cadre, "副县长" if number > 1 else "县长", phone(first_phone + number), office.departments[0]
        )
        office.leaders.append(cadre)
    for township_index, township in enumerate(townships):
        head = f"{township.code}GB01"
        write_cadre(register, rng, head, "乡镇长", phone(first_phone + 10 + township_index), office.departments[0])
        office.township_heads[township.code] = head
        operators = office.township_operators[township.code] = _write_operators(
            register, township, (first_index + township_index) * 10
        )
        _write_stakes(register, operators, rng, ledger if with_traps and not township_index else None)
    return office


def _write_stakes(register: RegisterWriter, operators: list[str], rng: Random, ledger: TrapLedger | None) -> None:
    """Write the enterprise's stake in a cooperative and that one's in the next; with a ledger, also the last one's in the enterprise."""
    pairs = list(pairwise(operators))
    if ledger is not None:
        pairs.append((operators[-1], operators[0]))
        ledger.money["CIRCLE_OF_INVESTMENTS"].add(tuple(sorted(operators)))
    for investor, operator in pairs:
        values: RowCells = {
            "INVESTS_IN.share": rng.randint(10, 40),
            "INVESTS_IN.since": date(INVESTED_YEAR, 1, rng.randint(1, 28)),
        }
        register.add("参股", {"investor": investor, "operator": operator, **values})


def _write_operators(register: RegisterWriter, township: PublishedArea, index: int) -> list[str]:
    codes = []
    for number, (kind, ending) in enumerate(OPERATOR_KINDS):
        is_cooperative = kind == "合作社"
        code = credit_code(is_cooperative, index + number)
        kind_cells = (
            {"Cooperative.land_share": yes_no("土地" in ending)}
            if is_cooperative
            else {"Enterprise.leading": yes_no(index % 70 == 0)}
        )
        register.add(
            "经营主体",
            {
                "operator": code,
                "kind": kind,
                "Enterprise.name": township.name + ending,
                "Village.code": township.code,
                **kind_cells,
            },
        )
        codes.append(code)
    return codes
