"""Causes of a household's poverty, its missing guarantees, and measures that answer both by the rules in force."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from random import Random

from graph_service.core.rules import rules_in_force, split_values
from graph_service.domain.model import enumerations as enums
from graph_service.features.support.measures import cause_matrix
from graph_service.sample.households import Household, Measure
from graph_service.sample.people import HouseholdMember
from graph_service.sample.register_writer import RowCells, member_texts, yuan_text

MEASURE_KINDS = member_texts(enums.MEASURE_KIND)
TRAINING, LOW_INCOME, CREDIT = "劳务技能培训", "农村低保", "扶贫小额信贷"
MEASURE_CONTENTS = {
    "INDUSTRY": ("种植花椒", "种植核桃", "养羊", "养鸡", "种植马铃薯"), "EMPLOYMENT": ("转移就业", "就近务工"),
    "PUBLIC_POST": ("生态护林员", "乡村保洁员", "道路养护员"), "FINANCE": (CREDIT, "产业扶持周转金"),
    "HEALTH": ("家庭医生签约", "大病救治", "先诊疗后结算"), "EDUCATION": ("雨露计划", "助学补助"),
    "COMPULSORY_SCHOOLING": ("两免一补", "控辍保学"), "SAFE_HOUSING": ("危房改造", "农房加固"),
    "SAFE_WATER": ("安全饮水工程", "新建水窖"), "RELOCATION": ("易地扶贫搬迁",), "SAFETY_NET": ("临时救助", "残疾人补贴"),
    "SOCIAL": ("爱心捐助", "定点帮扶慰问"), "LIVING_CONDITIONS": ("改厨改厕", "安装户户通"), "INFRASTRUCTURE": ("入户路建设", "通电工程"),
}  # fmt: skip
"""Kind of measure → its contents. Low-income support and training are separate, as they depend on the members."""
MEASURE_PLANS = {
    "INDUSTRY": ("产业发展", "扶持生产和就业发展一批"), "EMPLOYMENT": ("教育与就业", "扶持生产和就业发展一批"),
    "PUBLIC_POST": ("生态建设", "扶持生产和就业发展一批"), "FINANCE": ("财政金融", "扶持生产和就业发展一批"),
    "HEALTH": ("医疗卫生", "医疗救助扶持一批"), "EDUCATION": ("教育与就业", "扶持生产和就业发展一批"),
    "COMPULSORY_SCHOOLING": ("教育与就业", "扶持生产和就业发展一批"), "SAFE_HOUSING": ("新村建设", "灾后重建帮扶一批"),
    "SAFE_WATER": ("基础设施建设", "移民搬迁安置一批"), "RELOCATION": ("新村建设", "移民搬迁安置一批"),
    "SAFETY_NET": ("社会保障", "低保政策兜底一批"), "SOCIAL": ("社会扶贫", "低保政策兜底一批"),
    "LIVING_CONDITIONS": ("新村建设", "移民搬迁安置一批"), "INFRASTRUCTURE": ("基础设施建设", "移民搬迁安置一批"),
}  # fmt: skip
"""Kind of measure → its special plan, and its batch of the five."""
CAUSE_WEIGHTS = {
    "DISASTER": 2, "LACK_OF_LAND": 3, "LACK_OF_WATER": 3, "LACK_OF_SKILL": 20, "LACK_OF_FUNDS": 20, "POOR_TRANSPORT": 8,
    "LACK_OF_DRIVE": 4, "MARRIAGE": 1, "BEREAVEMENT": 1, "OTHER": 1,
}  # fmt: skip
"""Causes that do not depend on the members → their frequency."""
LACK_RATES = {"HOUSING": 0.12, "WATER": 0.06, "ELECTRICITY": 0.02, "BROADCAST": 0.04}
MAX_AGE_IN_POST = 65
UNDOCUMENTED_RATE = 0.03
"""Share of the measures paid by a fund whose voucher is not in the register."""


@cache
def accepted_kinds(year: int) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return (cause → kinds of measure that answer it, guarantee → kinds), at the end of a year."""
    day, kinds = year * 10000 + 1231, enums.MEASURE_KIND.names_by_text()
    guarantees = {
        row["guarantee"]: [kinds[text] for text in split_values(row["answered_by"])]
        for row in rules_in_force("guarantees", day)
    }
    return {answer["cause"]: answer["kinds"] for answer in cause_matrix(day)}, guarantees


def random_causes(rng: Random, members: list[HouseholdMember], year: int) -> list[str]:
    """Return one main cause and at most two others, each of which fits the members."""
    weights = dict(CAUSE_WEIGHTS)
    if any(m.is_ill for m in members):
        weights["ILLNESS"] = 60
    if any(m.is_disabled for m in members):
        weights["DISABILITY"] = 40
    if any(m.is_student(year) and m.age(year) > 14 for m in members):
        weights["SCHOOLING"] = 40
    if not any(m.is_able(year) for m in members):
        weights["LACK_OF_LABOUR"] = 60
    causes = dict.fromkeys(rng.choices(list(weights), list(weights.values()), k=rng.choice((1, 1, 2, 3))))
    # 其他 beside other causes is rare, and needs a note only as the main cause.
    return [cause for cause in causes if cause != "OTHER" or len(causes) == 1]


def random_lacks(rng: Random) -> frozenset[str]:
    return frozenset(name for name, share in LACK_RATES.items() if rng.random() < share)


def random_measure(rng: Random, household: Household, kind: str, last_year: int, content: str = "") -> Measure:
    """Return a measure that is in force at the end of the last year and began before the exit.

    A measure that depends on a member goes to one, else to the household.
    """
    history = household.history
    latest_year = last_year if history.exit_year is None or history.returned_year else min(last_year, history.exit_year)
    since = date(
        rng.randint(max(history.identified_year, latest_year - 2), latest_year), rng.randint(1, 11), rng.randint(1, 28)
    )
    return Measure(
        kind,
        content or rng.choice(MEASURE_CONTENTS[kind]),
        rng.randint(3, 120) * 10000,
        since,
        _recipient(household, kind, last_year),
    )


def _recipient(household: Household, kind: str, last_year: int) -> HouseholdMember | None:
    is_recipient = {
        "HEALTH": lambda m: m.is_ill, "EDUCATION": lambda m: m.is_student(last_year), "COMPULSORY_SCHOOLING": lambda m: m.is_student(last_year),
        "EMPLOYMENT": lambda m: m.is_able(last_year), "PUBLIC_POST": lambda m: 18 <= m.age(last_year) <= MAX_AGE_IN_POST,
    }.get(kind)  # fmt: skip
    return next((m for m in household.members if is_recipient(m)), None) if is_recipient else None


def measures_for_needs(rng: Random, household: Household, last_year: int, only_needed: bool) -> list[Measure]:
    """Return measures for each cause and each missing guarantee, at least one. `only_needed`: no other measures."""
    by_cause, by_guarantee = accepted_kinds(last_year)
    needed_measures: list[tuple[str, str]] = []
    for cause in household.causes:
        kinds = [
            k for k in by_cause.get(cause, ["SOCIAL"]) if k != "PUBLIC_POST" or _recipient(household, k, last_year)
        ]
        needed_measures.append((rng.choice(kinds), ""))
    missing_guarantees = [*household.lacks, *(["HOUSING"] if household.housing != "SAFE" else [])]
    if any(m.is_employee for m in household.members):
        # Employees are not insured as residents: the office signs them up for care all the same.
        missing_guarantees.append("INSURANCE")
    needed_measures += [(by_guarantee[guarantee][0], "") for guarantee in sorted(missing_guarantees)]
    if any(m.has_low_income_support for m in household.members):
        needed_measures.append(("SAFETY_NET", LOW_INCOME))
    if not only_needed and rng.random() < 0.15 and any(m.months_worked(last_year) for m in household.members):
        needed_measures.append(("EMPLOYMENT", TRAINING))
    measures_by_key = {
        kind + content: random_measure(rng, household, kind, last_year, content) for kind, content in needed_measures
    }
    return list(measures_by_key.values())


def payment_cells(rng: Random, household: Household, measure: Measure, index: int) -> RowCells:
    """Return the cells of a fund's payment for a measure: voucher, day, payee. A few have none, as in real registers. `index`: the
    measure's number in its household."""
    paid_on = measure.since + timedelta(days=rng.randint(0, 28))
    if rng.random() < UNDOCUMENTED_RATE:
        return {}
    payee = measure.member.name if measure.member else household.head.name
    return {"PAYS.voucher": f"{household.card}CS{index:02d}", "PAYS.paid_on": paid_on, "PAYS.payee": payee}


def policy_rows() -> list[RowCells]:
    """Return the catalogue: one policy for each kind of measure."""
    return [
        {
            "Policy.policy_no": policy_no(kind), "Policy.name": f"{MEASURE_KINDS[kind]}扶持政策", "Policy.plan": plan,
            "Policy.batch": batch, "Policy.unit_amount": yuan_text(200_000 + 50_000 * index),
        }
        for index, (kind, (plan, batch)) in enumerate(MEASURE_PLANS.items())
    ]  # fmt: skip


def policy_no(kind: str) -> str:
    return f"ZC{list(MEASURE_PLANS).index(kind) + 1:02d}"


def measure_row(measure: Measure, card: str, department: str, fund: str | None, payment: RowCells) -> RowCells:
    return {
        "Household.card_no": card, "Person.person_no": measure.member.number if measure.member else None,
        "Measure.kind": MEASURE_KINDS[measure.kind], "Measure.content": measure.content, "Measure.amount": yuan_text(measure.amount),
        "Measure.starts_on": measure.since, "Measure.ends_on": measure.until,
        "Department.department_no": department, "Policy.policy_no": policy_no(measure.kind),
        "Fund.fund_no": fund, **payment,
    }  # fmt: skip
