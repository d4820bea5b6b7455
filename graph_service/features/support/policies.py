"""Policies: members and households that qualify and do not receive, and the reverse; medical costs against the ceiling; coverage of plans
and batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.core.areas import CODE_DIGITS, code_digits
from graph_service.core.duties import years_after_exit
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.core.rules import (
    Rule,
    parse_exact,
    poverty_lines,
    rules,
    rules_in_force,
    split_values,
)
from graph_service.domain.metamodel import DataClassification, Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import MEASURE_KIND
from graph_service.features.support.measures import hollow_contents

FEN_PER_YUAN = 100
MILLIONTHS_PER_PERCENT = 10_000
"""Millionths in one percent."""
POLICY_CODE = Enumeration(
    "PolicyCode",
    "政策代码",
    "Policies under which support is given: the ten exemptions and four subsidies in health, and policies on "
    "education, social security, housing, employment and industry.",
    tuple(EnumMember(rule["policy"], rule["zh"]) for rule in rules("policies")),
)
POLICY_ANSWER = Enumeration(
    "PolicyAnswer",
    "政策落实情况",
    "State of a policy for a household or person. MISSING: qualifies and does not receive it. UNDUE: receives it "
    "without qualifying. ANSWERED: qualifies and receives it. LESS: receives less than the standard in the year. "
    "AVAILABLE: qualifies and has not used a benefit that is given on request.",
    (
        EnumMember("MISSING", "应享未享"),
        EnumMember("UNDUE", "不应享而享"),
        EnumMember("ANSWERED", "应享已享"),
        EnumMember("LESS", "享受不足"),
        EnumMember("AVAILABLE", "可享未享"),
    ),
)
DEFAULT_ANSWERS = ("MISSING", "UNDUE", "LESS")
"""Answers that are shortcomings. `AVAILABLE` is not: a household that needs none of what is given on demand lacks nothing."""
SPECIAL_PLAN = Enumeration(
    "SpecialPlan",
    "专项方案",
    'The ten special plans of the "3+10" policy package.',
    tuple(EnumMember(rule["plan"], rule["zh"]) for rule in rules("plans")),
)


SUPPORT_BATCH = Enumeration(
    "SupportBatch",
    "五个一批",
    "The five batches of poverty alleviation: production and employment, relocation, minimum living allowance, "
    "medical aid and post-disaster reconstruction.",
    tuple(EnumMember(rule["batch"], rule["zh"]) for rule in rules("batches")),
)


def _measure_kinds(text: str) -> list[str]:
    kind_names = MEASURE_KIND.names_by_text()
    return [kind_names[kind] for kind in split_values(text)]


def _kind_words(rule: Rule) -> list[dict[str, str]]:
    """Return the kinds with their words by which a measure belongs to a policy; the word is blank where the kind is enough."""
    return [
        {"kind": kind, "word": word}
        for kind in _measure_kinds(rule["kinds"])
        for word in split_values(rule["words"]) or ("",)
    ]


def _overlap(pair: Mapping[str, str], competing_pair: Mapping[str, str]) -> bool:
    """Tell whether two words of one kind cannot be told apart."""
    words = pair["word"], competing_pair["word"]
    return pair["kind"] == competing_pair["kind"] and (words[0] in words[1] or words[1] in words[0])


def policy_rows(as_of: int) -> list[dict[str, Any]]:
    """Return the policies in force on a day, as the statement `support/policy_gaps` takes them."""
    policies = [(rule, _kind_words(rule)) for rule in rules_in_force("policies", as_of)]
    rows = []
    for rule, pairs in policies:
        competing_pairs = [
            pair
            for competing_rule, rule_pairs in policies
            if competing_rule is not rule and competing_rule["subject"] == rule["subject"]
            for pair in rule_pairs
        ]
        # A word that is a part of another policy's word does not tell the two policies apart.
        shared_flags = [any(_overlap(pair, competing_pair) for competing_pair in competing_pairs) for pair in pairs]
        fen = parse_exact("policies", rule, "yuan", FEN_PER_YUAN) if rule["yuan"] else None
        rows.append(
            {
                "name": rule["policy"],
                "person": rule["subject"] == "PERSON",
                "needs": list(split_values(rule["needs"])),
                "illness": list(split_values(rule["illness"])),
                "telling": [pair for pair, is_shared in zip(pairs, shared_flags, strict=True) if not is_shared],
                "common": [pair for pair, is_shared in zip(pairs, shared_flags, strict=True) if is_shared],
                "amount": fen,
                "standard": None if rule["ceiling"] else fen,
                "demand": rule["demand"] == "yes",
                "recorded": rule["recorded"] or None,
            }
        )
    return rows


def _needed_policies(policies: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the requested policies, and the policies that a measure of a requested one may also belong to."""
    ambiguous_kinds = {pair["kind"] for policy in policies if policy["name"] in names for pair in policy["common"]}
    return [
        policy
        for policy in policies
        if policy["name"] in names
        or any(pair["kind"] in ambiguous_kinds for pair in (*policy["telling"], *policy["common"]))
    ]


def _policy_gap_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    as_of = scope.as_of
    all_policies = policy_rows(as_of)
    requested_names: Sequence[str] | None = arguments.get("policies")
    policies = all_policies if requested_names is None else _needed_policies(all_policies, requested_names)
    answers: Sequence[str] | None = arguments.get("answers")
    return {
        "policies": policies,
        "names": [policy["name"] for policy in all_policies],
        "positions": [
            position
            for position, policy in enumerate(policies)
            if requested_names is None or policy["name"] in requested_names
        ],
        "answers": list(DEFAULT_ANSWERS if answers is None else answers),
        "stages": [{"state": rule["state"], "stage": rule["stage"]} for rule in rules_in_force("school-stages", as_of)],
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "hollow": hollow_contents(as_of),
        "lines": poverty_lines(),
        "yearsAfterExit": years_after_exit(as_of),
    }


POLICY_GAPS = Question(
    "policyGaps",
    "PolicyGap",
    "政策落实缺口",
    "Households and persons that qualify for a policy but receive nothing or less than the standard on the query "
    "date, or that receive it without qualifying. Sorted by village, household, person and policy.",
    "support/policy_gaps",
    (("village", str), ("household", str), ("person", str), ("position", int)),
    (
        ResultColumn("policy", "政策", "The policy.", PropertyKind.ENUM, enum="PolicyCode", required=True),
        ResultColumn("answer", "落实情况", "State of the policy for the household or person.", PropertyKind.ENUM, enum="PolicyAnswer", required=True),
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("person", "人口", "The household member; null if the policy is for the household.", node="Person"),
        ResultColumn(
            "amount", "补助标准",
            "Amount that the policy grants per person or household; for loans the maximum. Null if the policy sets "
            "none.",
            PropertyKind.YUAN,
        ),
        ResultColumn("given", "已享金额", "Total amount received under the policy in the year; null if unknown.", PropertyKind.YUAN, source="received"),
        ResultColumn(
            "standard", "应享标准",
            "Amount due, set by the policy or otherwise by the register's own policy that the measures refer to; "
            "null if neither sets one.",
            PropertyKind.YUAN,
        ),
        ResultColumn(
            "measures", "已享措施", "Measures under the policy.",
            parts=(ResultColumn("measureNo", "措施编号", "Number of the measure.", required=True),), required=True,
        ),
        ResultColumn(
            "recorded", "成员记录已享",
            "Members whose own records show that they receive it: minimum living allowance, insurance or medical "
            "aid.",
            parts=(ResultColumn("personNo", "人口编号", "Number of the person.", required=True, subject_label="Person"),), required=True,
        ),
    ),
    _policy_gap_parameters,
    (
        Filter("policies", "政策", "Only these policies; all if omitted.", enum="PolicyCode"),
        Filter("answers", "落实情况", "Only policies in these states; by default MISSING, UNDUE and LESS.", enum="PolicyAnswer"),
    ),
    (POLICY_CODE, POLICY_ANSWER),
    classification=DataClassification.SENSITIVE,
)  # fmt: skip


def medical_ceiling(as_of: int) -> int:
    """Return the ceiling of a person's own part of medical costs, in millionths."""
    ceilings = rules_in_force("medical-ceilings", as_of)
    return (
        parse_exact("medical-ceilings", ceilings[0], "percent", MILLIONTHS_PER_PERCENT)
        if ceilings
        else 100 * MILLIONTHS_PER_PERCENT
    )


MEDICAL_BURDENS = Question(
    "medicalBurdens",
    "MedicalBurden",
    "医疗费用负担",
    "Members of poor households and of households in the support period after exit whose own share of the year's "
    "medical costs is above the year's ceiling. Sorted by village, household and person.",
    "support/medical_burdens",
    (("village", str), ("household", str), ("person", str)),
    (
        ResultColumn("village", "所在村", "Village in which the household lives.", node="Village", required=True),
        ResultColumn("household", "户", "The household.", node="Household", required=True),
        ResultColumn("person", "人口", "The patient.", node="Person", required=True),
        ResultColumn("bills", "笔数", "Number of bills in the year, up to the query date.", PropertyKind.INTEGER, required=True),
        ResultColumn("cost", "总费用", "Total cost of these bills.", PropertyKind.YUAN, required=True),
        ResultColumn("insured", "报销金额", "Part paid by insurance and medical aid.", PropertyKind.YUAN, required=True),
        ResultColumn("own", "自付金额", "Part paid by the person.", PropertyKind.YUAN, required=True),
        ResultColumn("share", "自付占比", "Part paid by the person as a share of the total cost.", PropertyKind.RATE, required=True),
    ),
    lambda scope, arguments: {
        "ceiling": medical_ceiling(scope.as_of), "all": bool(arguments.get("all")), "yearsAfterExit": years_after_exit(scope.as_of),
    },
    (Filter("all", "含未超上限", "True to include persons whose share is not above the ceiling.", PropertyKind.FLAG),),
    classification=DataClassification.SENSITIVE,
)  # fmt: skip


def level_digits(scope: QueryScope, arguments: QuestionArguments) -> int:
    """Return the length of the codes of the requested level; where none is requested, that of townships, or of villages within a township.

    Raises `ArgumentInvalid` where an area has no areas of the level: its figures would appear under the name of a larger area.
    """
    deepest = max((len(low) for low, _ in scope.areas), default=0)
    level = arguments.get("by")
    return max(CODE_DIGITS["TOWNSHIP"], deepest) if level is None else code_digits(level, deepest)


def _reach_parameters(
    scope: QueryScope, arguments: QuestionArguments, rules_file: str, code_column: str
) -> QuestionArguments:
    """Return the parameters for plans or for batches; `code_column` is the column of their rules."""
    plans: list[dict[str, Any]] = [
        {
            "code": rule[code_column],
            "kinds": _measure_kinds(rule["kinds"]),
            "title": rule["zh"].removesuffix("扶贫").removesuffix("一批"),
        }
        for rule in rules_in_force(rules_file, scope.as_of)
    ]
    requested_codes: Sequence[str] | None = arguments.get(rules_file)
    return {
        "plans": plans,
        "positions": [
            position
            for position, plan in enumerate(plans)
            if requested_codes is None or plan["code"] in requested_codes
        ],
        "digits": level_digits(scope, arguments),
        "batched": code_column == "batch",
        "blank": arguments.get("blank"),
        "hollow": hollow_contents(scope.as_of),
    }


REACH_COLUMNS = (
    ResultColumn(
        "measures",
        "措施数",
        "Number of measures in force, without measures in name only.",
        PropertyKind.INTEGER,
        required=True,
    ),
    ResultColumn("households", "户数", "Number of households with such measures.", PropertyKind.INTEGER, required=True),
    ResultColumn(
        "persons", "人数", "Number of persons with such measures of their own.", PropertyKind.INTEGER, required=True
    ),
    ResultColumn("amount", "金额", "Total amount of these measures.", PropertyKind.YUAN, required=True),
)
LEVEL_FILTER = Filter(
    "by",
    "汇总级别",
    "Level of the areas by which to sum; townships by default, villages if `area` is a village.",
    PropertyKind.ENUM,
    enum="AreaLevel",
)
BLANK_FILTER = Filter(
    "blank",
    "是否空白",
    "True for areas where nobody is reached, false for areas where somebody is; both if omitted.",
    PropertyKind.FLAG,
)
PLAN_REACH = Question(
    "planReach",
    "PlanReach",
    "专项方案落实",
    "Households and persons reached by each of the ten special plans on the query date, in each area of a level, "
    "including areas where nobody is reached. Sorted by area and plan.",
    "support/plan_reach",
    (("area", str), ("position", int)),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        ResultColumn("plan", "专项方案", "The special plan.", PropertyKind.ENUM, enum="SpecialPlan", required=True),
        *REACH_COLUMNS,
    ),
    lambda scope, arguments: _reach_parameters(scope, arguments, "plans", "plan"),
    (Filter("plans", "专项方案", "Only these plans; all if omitted.", enum="SpecialPlan"), LEVEL_FILTER, BLANK_FILTER),
    (SPECIAL_PLAN,),
)  # fmt: skip
BATCH_REACH = Question(
    "batchReach",
    "BatchReach",
    "五个一批落实",
    "Households and persons reached by each of the five batches on the query date, in each area of a level, "
    "including areas where nobody is reached. A household or person may be in several batches. Sorted by area and "
    "batch.",
    "support/plan_reach",
    (("area", str), ("position", int)),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        ResultColumn("batch", "批次", "The batch.", PropertyKind.ENUM, enum="SupportBatch", source="plan", required=True),
        *REACH_COLUMNS,
    ),
    lambda scope, arguments: _reach_parameters(scope, arguments, "batches", "batch"),
    (Filter("batches", "批次", "Only these batches; all if omitted.", enum="SupportBatch"), LEVEL_FILTER, BLANK_FILTER),
    (SUPPORT_BATCH,),
)  # fmt: skip
