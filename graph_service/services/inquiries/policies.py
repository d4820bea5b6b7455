"""Policies: who qualifies and does not receive, and the reverse; medical costs against the ceiling; what plans reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.declare import Enumeration, Kind, Member
from graph_service.model.enumerations import MEASURE_KIND
from graph_service.services.areas import DIGITS, digits_of
from graph_service.services.duties import years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.inquiries.measures import hollow
from graph_service.services.rules import Rule, exact, in_force, poverty_lines, rules, several
from graph_service.services.viewing import Viewing

FEN = 100
PERCENT = 10_000
"""Millionths."""
POLICY = Enumeration(
    "PolicyCode",
    "政策代码",
    "Policies that help is given by (十免四补助, education, security, housing, work, industry).",
    tuple(Member(rule["policy"], rule["zh"]) for rule in rules("policies")),
)
ANSWER = Enumeration(
    "PolicyAnswer",
    "政策落实情况",
    "Who qualifies for a policy, and who has it: less than its standard in the year (LESS), none of what is taken up on demand (AVAILABLE).",
    (
        Member("MISSING", "应享未享"),
        Member("UNDUE", "不应享而享"),
        Member("ANSWERED", "应享已享"),
        Member("LESS", "享受不足"),
        Member("AVAILABLE", "可享未享"),
    ),
)
GAPS = ("MISSING", "UNDUE", "LESS")
"""What is amiss; `AVAILABLE` is not: who needs none of what is given on demand lacks nothing."""
PLAN = Enumeration(
    "SpecialPlan",
    "专项方案",
    "The ten special plans of the “3+10” package.",
    tuple(Member(rule["plan"], rule["zh"]) for rule in rules("plans")),
)


BATCH = Enumeration(
    "SupportBatch",
    "五个一批",
    "The five batches by which people are lifted out of poverty.",
    tuple(Member(rule["batch"], rule["zh"]) for rule in rules("batches")),
)


def _kinds(text: str) -> list[str]:
    known = MEASURE_KIND.member_by_text()
    return [known[kind] for kind in several(text)]


def _pairs(rule: Rule) -> list[list[str]]:
    """[kind, word] by which a measure is under a policy; the word is blank where the kind is enough."""
    return [[kind, word] for kind in _kinds(rule["kinds"]) for word in several(rule["words"]) or ("",)]


def policies(as_of: int) -> list[dict[str, Any]]:
    """The policies of a day, as the statement `policies/policy_gaps` takes them."""
    held = [(rule, _pairs(rule)) for rule in in_force("policies", as_of)]
    found = []
    for rule, pairs in held:
        others = [
            pair for other, its in held if other is not rule and other["subject"] == rule["subject"] for pair in its
        ]
        # A word that is a part of another policy's word does not tell which of the two it is.
        common = [any(kind == k and (word in w or w in word) for k, w in others) for kind, word in pairs]
        fen = exact("policies", rule, "yuan", FEN) if rule["yuan"] else None
        found.append(
            {
                "name": rule["policy"],
                "person": rule["subject"] == "PERSON",
                "needs": list(several(rule["needs"])),
                "illness": list(several(rule["illness"])),
                "telling": [pair for pair, shared in zip(pairs, common, strict=True) if not shared],
                "common": [pair for pair, shared in zip(pairs, common, strict=True) if shared],
                "amount": fen,
                "standard": None if rule["ceiling"] else fen,
                "demand": rule["demand"] == "yes",
                "recorded": rule["recorded"] or None,
            }
        )
    return found


def _needed(listed: Sequence[Mapping[str, Any]], asked: Sequence[str]) -> list[Mapping[str, Any]]:
    """Those asked for, and those of which a measure of theirs may be as well."""
    doubtful = {kind for policy in listed if policy["name"] in asked for kind, _ in policy["common"]}
    return [
        policy
        for policy in listed
        if policy["name"] in asked or any(kind in doubtful for kind, _ in (*policy["telling"], *policy["common"]))
    ]


def _policies(viewing: Viewing, given: Given) -> Given:
    as_of = viewing.as_of
    listed = policies(as_of)
    asked: Sequence[str] | None = given.get("policies")
    held = listed if asked is None else _needed(listed, asked)
    answers: Sequence[str] | None = given.get("answers")
    return {
        "policies": held,
        "names": [policy["name"] for policy in listed],
        "positions": [at for at, policy in enumerate(held) if asked is None or policy["name"] in asked],
        "answers": list(GAPS if answers is None else answers),
        "stages": [[rule["state"], rule["stage"]] for rule in in_force("school-stages", as_of)],
        "notInSchool": [rule["state"] for rule in in_force("not-in-school", as_of)],
        "hollow": hollow(as_of),
        "lines": poverty_lines(),
        "yearsAfterExit": years_after_exit(as_of),
    }


POLICY_GAPS = Inquiry(
    "policyGaps",
    "PolicyGap",
    "政策落实缺口",
    "Who qualifies for a policy and does not receive it on a day, or less than its standard, and who receives it and does not qualify; by village, household, person, policy.",
    "policies/policy_gaps",
    (("village", str), ("household", str), ("person", str), ("position", int)),
    (
        Column("policy", "政策", "Which policy.", Kind.ENUM, enum="PolicyCode", always=True),
        Column("answer", "落实情况", "Qualifies and has none or less, or has it and does not qualify.", Kind.ENUM, enum="PolicyAnswer", always=True),
        Column("village", "所在村", "Where the household lives.", node="Village"),
        Column("household", "户", "The household.", node="Household"),
        Column("person", "人口", "The member, where the policy is for one.", node="Person"),
        Column("amount", "补助标准", "What the policy gives for one, where it says; for loans the most.", Kind.YUAN),
        Column("given", "已享金额", "What is given under it in the year, all measures together; null where it is not known.", Kind.YUAN),
        Column("standard", "应享标准", "What is to be given: by the policy, else by the register's own policy that the measures name; null where neither says.", Kind.YUAN),
        Column("measures", "已享措施", "What is given under it.", parts=(Column("measureNo", "措施编号", "Its number.", always=True),), always=True),
        Column("recorded", "成员记录已享", "Members whose records say that they have it: low income, an insurance, medical aid.", parts=(Column("personNo", "人口编号", "Number of the person.", always=True),), always=True),
    ),
    _policies,
    (
        Filter("policies", "政策", "Only these.", enum="PolicyCode"),
        Filter("answers", "落实情况", "Only what is answered so; MISSING, UNDUE and LESS where nothing is said.", enum="PolicyAnswer"),
    ),
    (POLICY, ANSWER),
)  # fmt: skip


def ceiling(as_of: int) -> int:
    """The ceiling of a person's own part of medical costs, in millionths."""
    found = in_force("medical-ceilings", as_of)
    return exact("medical-ceilings", found[0], "percent", PERCENT) if found else 100 * PERCENT


MEDICAL_BURDENS = Inquiry(
    "medicalBurdens",
    "MedicalBurden",
    "医疗费用负担",
    "Members of poor households, and of those in the years of support, whose own part of the year's medical costs is above the year's ceiling; by village, household, person.",
    "policies/medical_burdens",
    (("village", str), ("household", str), ("person", str)),
    (
        Column("village", "所在村", "Where the household lives.", node="Village"),
        Column("household", "户", "The household.", node="Household"),
        Column("person", "人口", "Who was ill.", node="Person"),
        Column("bills", "笔数", "How many bills of the year until the day.", Kind.INTEGER, always=True),
        Column("cost", "总费用", "All of them.", Kind.YUAN, always=True),
        Column("insured", "报销金额", "What insurance and aid paid.", Kind.YUAN, always=True),
        Column("own", "自付金额", "What the person paid.", Kind.YUAN, always=True),
        Column("share", "自付占比", "Own of all.", Kind.RATE, always=True),
    ),
    lambda viewing, given: {
        "ceiling": ceiling(viewing.as_of), "all": bool(given.get("all")), "yearsAfterExit": years_after_exit(viewing.as_of),
    },
    (Filter("all", "全部", "Also those whose part is not above the ceiling.", Kind.FLAG),),
)  # fmt: skip


def by_level(viewing: Viewing, given: Given) -> int:
    """Length of the codes of the level asked for; where none is, townships, or villages in a township. Raises `ArgumentInvalid` where
    an area has no areas of a level: its figures would stand under a larger one's name."""
    deepest = max((len(low) for low, _ in viewing.areas), default=0)
    asked = given.get("by")
    return max(DIGITS["TOWNSHIP"], deepest) if asked is None else digits_of(asked, deepest)


def _reach(viewing: Viewing, given: Given, rules_: str, name: str) -> Given:
    """Of plans or of batches: `name` is the column of their rules."""
    held: list[list[Any]] = [
        [rule[name], _kinds(rule["kinds"]), rule["zh"].removesuffix("扶贫").removesuffix("一批")]
        for rule in in_force(rules_, viewing.as_of)
    ]
    asked: Sequence[str] | None = given.get(rules_)
    return {
        "plans": held,
        "positions": [at for at, row in enumerate(held) if asked is None or row[0] in asked],
        "digits": by_level(viewing, given),
        "batched": name == "batch",
        "blank": given.get("blank"),
        "hollow": hollow(viewing.as_of),
    }


REACHED = (
    Column("measures", "措施数", "Measures in force that are more than a name.", Kind.INTEGER, always=True),
    Column("households", "户数", "Households that have them.", Kind.INTEGER, always=True),
    Column("persons", "人数", "People who have some of their own.", Kind.INTEGER, always=True),
    Column("amount", "金额", "Their amounts together.", Kind.YUAN, always=True),
)
BY = Filter(
    "by", "汇总级别", "Level of the areas to sum by; townships where none is named.", Kind.ENUM, enum="AreaLevel"
)
BLANK = Filter("blank", "空白", "Only where nobody is reached, or only where somebody is.", Kind.FLAG)
PLAN_REACH = Inquiry(
    "planReach",
    "PlanReach",
    "专项方案落实",
    "Whom each of the ten special plans reaches in each area below on a day, and where it reaches nobody; by area and plan.",
    "policies/plan_reach",
    (("area", str), ("position", int)),
    (
        Column("area", "区划", "The area.", node="Area"),
        Column("plan", "专项方案", "Which plan.", Kind.ENUM, enum="SpecialPlan", always=True),
        *REACHED,
    ),
    lambda viewing, given: _reach(viewing, given, "plans", "plan"),
    (Filter("plans", "专项方案", "Only these.", enum="SpecialPlan"), BY, BLANK),
    (PLAN,),
)  # fmt: skip
BATCH_REACH = Inquiry(
    "batchReach",
    "BatchReach",
    "五个一批落实",
    "Whom each of the five batches reaches in each area below on a day, and where it reaches nobody; somebody may be in several; by area and batch.",
    "policies/plan_reach",
    (("area", str), ("position", int)),
    (
        Column("area", "区划", "The area.", node="Area"),
        Column("batch", "批次", "Which batch.", Kind.ENUM, enum="SupportBatch", source="plan", always=True),
        *REACHED,
    ),
    lambda viewing, given: _reach(viewing, given, "batches", "batch"),
    (Filter("batches", "批次", "Only these.", enum="SupportBatch"), BY, BLANK),
    (BATCH,),
)  # fmt: skip
