"""The offices of a county: departments and cadres, the operators of its townships; and what its villages take of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample import names
from graph_service.sample.ledger import Ledger
from graph_service.sample.numbers import CADRES, credit_code, phone
from graph_service.sample.plan import Area, Place
from graph_service.sample.writing import Register, Values, texts, yes
from graph_service.services.areas import DIGITS

LEVELS = texts(enums.LEVEL)
BUREAUS = (
    "扶贫移民局", "农牧局", "林业局", "教育局", "卫生局", "民政局", "人社局", "财政局", "住建局", "交通局", "水务局", "国土局",
    "文广局", "环保局", "发改局", "经信局", "商务局", "残联", "妇联", "团委", "人民医院", "中学", "供电公司", "农村信用社",
)  # fmt: skip
LEADERS = 6
"""County leaders, each of whom has several villages."""
OPERATORS = (("企业", "农业开发有限公司"), ("合作社", "种养殖专业合作社"), ("合作社", "土地股份合作社"))
"""Of each township: kind, end of the name."""
FOUNDED = 2010
"""Year since which operators hold parts of others."""
COUNTY_CADRES = 80_000_000
"""The first of the telephones of cadres of counties and townships."""


@dataclass(slots=True)
class Office:
    """A county as its villages know it: keys of departments, leaders, and of its townships' operators and heads."""

    code: str
    name: str
    departments: list[str] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    operators: dict[str, list[str]] = field(default_factory=dict)

    @property
    def approvers(self) -> list[str]:
        """Who approves funds (the first) and projects: the deputies. Kin in the register is of cadres of villages only."""
        return self.leaders[1:]


class Cadres:
    """Numbers the cadres of a village, and writes them."""

    def __init__(self, register: Register, office: Office, place: Place, rng: Random) -> None:
        self._register, self._office, self._place, self._rng = register, office, place, rng
        self._next = 1
        self.numbers: list[str] = []

    def new(self, post: str = "科员", left_on: date | None = None) -> str:
        number = f"{self._place.code}GB{self._next:02d}"
        self._write(number, self._next, post, left_on)
        self._next += 1
        self.numbers.append(number)
        return number

    def shared(self) -> str:
        """The one who has a post in the partner village as well: a cadre of the one with the smaller code."""
        number = f"{min(self._place.code, self._place.partner)}GB00"
        if number.startswith(self._place.code):
            self._write(number, 0, "科员", None)
        return number

    def _write(self, number: str, at: int, post: str, left_on: date | None) -> None:
        place, rng = self._place, self._rng
        told = phone(CADRES + place.first + 20 * place.at + at)
        write_cadre(self._register, rng, number, post, told, rng.choice(self._office.departments), left_on)


def write_cadre(
    register: Register,
    rng: Random,
    number: str,
    post: str,
    told: str,
    department: str | None,
    left_on: date | None = None,
) -> None:
    register.add(
        "帮扶干部",
        {
            "Cadre.cadre_no": number, "Cadre.name": names.name(rng, rng.random() < 0.7), "Cadre.post": post,
            "Cadre.phone": told, "Cadre.left_on": left_on, "Department.department_no": department,
        },
    )  # fmt: skip


def open_office(
    register: Register, county: Area, townships: list[Area], at: int, rng: Random, ledger: Ledger, *, planted: bool
) -> Office:
    """The county's departments and cadres, its townships' heads and operators. `at`: place of its first township among all. Where
    traps are planted, the operators of its first township hold parts of each other in a circle."""
    office = Office(county.code, county.name)
    for number, bureau in enumerate(BUREAUS, 1):
        level = "COUNTY" if number < 20 else rng.choice(("COUNTY", "PREFECTURE", "PROVINCE"))
        department = f"{county.code}DW{number:02d}"
        values = {"Department.name": county.name + bureau, "Department.level": LEVELS[level]}
        # Those of higher levels are elsewhere.
        where = county.code[: DIGITS[level]]
        register.add("帮扶部门", {"Department.department_no": department, "Village.code": where, **values})
        office.departments.append(department)
    told = COUNTY_CADRES + 50 * at
    for number in range(1, LEADERS + 1):
        cadre = f"{county.code}GB{number:02d}"
        write_cadre(
            register, rng, cadre, "副县长" if number > 1 else "县长", phone(told + number), office.departments[0]
        )
        office.leaders.append(cadre)
    for place, township in enumerate(townships):
        head = f"{township.code}GB01"
        write_cadre(register, rng, head, "乡镇长", phone(told + 10 + place), office.departments[0])
        office.heads[township.code] = head
        operators = office.operators[township.code] = _operators(register, township, (at + place) * 10)
        _stakes(register, operators, rng, ledger if planted and not place else None)
    return office


def _stakes(register: Register, operators: list[str], rng: Random, ledger: Ledger | None) -> None:
    """The enterprise has a part of a cooperative, that one a part of the next; into a ledger, the last a part of the enterprise."""
    pairs = list(pairwise(operators))
    if ledger is not None:
        pairs.append((operators[-1], operators[0]))
        ledger.money["CIRCLE_OF_INVESTMENTS"].add(tuple(sorted(operators)))
    for investor, operator in pairs:
        values: Values = {
            "INVESTS_IN.share": rng.randint(10, 40),
            "INVESTS_IN.since": date(FOUNDED, 1, rng.randint(1, 28)),
        }
        register.add("参股", {"investor": investor, "operator": operator, **values})


def _operators(register: Register, township: Area, at: int) -> list[str]:
    found = []
    for number, (kind, ending) in enumerate(OPERATORS):
        cooperative = kind == "合作社"
        code = credit_code(cooperative, at + number)
        own = (
            {"Cooperative.land_share": yes("土地" in ending)}
            if cooperative
            else {"Enterprise.leading": yes(at % 70 == 0)}
        )
        register.add(
            "经营主体",
            {
                "operator": code,
                "kind": kind,
                "Enterprise.name": township.name + ending,
                "Village.code": township.code,
                **own,
            },
        )
        found.append(code)
    return found
