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
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.domain.model.enumerations import MEASURE_KIND
from graph_service.features.support.measures import hollow_contents

FEN_PER_YUAN = 100
MILLIONTHS_PER_PERCENT = 10_000
"""Millionths in one percent."""
POLICY_CODE = Enumeration(
    "PolicyCode",
    "政策代码",
    "Policies that help is given by （十免四补助， education, security, housing, work, industry）.",
    tuple(EnumMember(rule["policy"], rule["zh"]) for rule in rules("policies")),
)
POLICY_ANSWER = Enumeration(
    "PolicyAnswer",
    "政策落实情况",
    "Who qualifies for a policy, and who has it: less than its standard in the year (LESS), none of what is taken up on demand (AVAILABLE).",
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
    "The ten special plans of the “3+10” package.",
    tuple(EnumMember(rule["plan"], rule["zh"]) for rule in rules("plans")),
)


SUPPORT_BATCH = Enumeration(
    "SupportBatch",
    "五个一批",
    "The five batches by which people are lifted out of poverty.",
    tuple(EnumMember(rule["batch"], rule["zh"]) for rule in rules("batches")),
)


def _measure_kinds(text: str) -> list[str]:
    kind_names = MEASURE_KIND.names_by_text()
    return [kind_names[kind] for kind in split_values(text)]


def _kind_word_pairs(rule: Rule) -> list[list[str]]:
    """Return the [kind, word] pairs by which a measure belongs to a policy; the word is blank where the kind is enough."""
    return [[kind, word] for kind in _measure_kinds(rule["kinds"]) for word in split_values(rule["words"]) or ("",)]


def policy_rows(as_of: int) -> list[dict[str, Any]]:
    """Return the policies in force on a day, as the statement `support/policy_gaps` takes them."""
    policies = [(rule, _kind_word_pairs(rule)) for rule in rules_in_force("policies", as_of)]
    rows = []
    for rule, pairs in policies:
        competing_pairs = [
            pair
            for competing_rule, rule_pairs in policies
            if competing_rule is not rule and competing_rule["subject"] == rule["subject"]
            for pair in rule_pairs
        ]
        # A word that is a part of another policy's word does not tell the two policies apart.
        shared_flags = [any(kind == k and (word in w or w in word) for k, w in competing_pairs) for kind, word in pairs]
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
    ambiguous_kinds = {kind for policy in policies if policy["name"] in names for kind, _ in policy["common"]}
    return [
        policy
        for policy in policies
        if policy["name"] in names
        or any(kind in ambiguous_kinds for kind, _ in (*policy["telling"], *policy["common"]))
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
        "stages": [[rule["state"], rule["stage"]] for rule in rules_in_force("school-stages", as_of)],
        "notInSchool": [rule["state"] for rule in rules_in_force("not-in-school", as_of)],
        "hollow": hollow_contents(as_of),
        "lines": poverty_lines(),
        "yearsAfterExit": years_after_exit(as_of),
    }


POLICY_GAPS = Question(
    "policyGaps",
    "PolicyGap",
    "政策落实缺口",
    "Who qualifies for a policy and does not receive it on a day, or less than its standard, and who receives it and does not qualify; by village, household, person, policy.",
    "support/policy_gaps",
    (("village", str), ("household", str), ("person", str), ("position", int)),
    (
        ResultColumn("policy", "政策", "Which policy.", PropertyKind.ENUM, enum="PolicyCode", required=True),
        ResultColumn("answer", "落实情况", "Qualifies and has none or less, or has it and does not qualify.", PropertyKind.ENUM, enum="PolicyAnswer", required=True),
        ResultColumn("village", "所在村", "Where the household lives.", node="Village"),
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("person", "人口", "The member, where the policy is for one.", node="Person"),
        ResultColumn("amount", "补助标准", "What the policy gives for one, where it says; for loans the most.", PropertyKind.YUAN),
        ResultColumn("given", "已享金额", "What is given under it in the year, all measures together; null where it is not known.", PropertyKind.YUAN),
        ResultColumn("standard", "应享标准", "What is to be given: by the policy, else by the register's own policy that the measures name; null where neither says.", PropertyKind.YUAN),
        ResultColumn("measures", "已享措施", "What is given under it.", parts=(ResultColumn("measureNo", "措施编号", "Its number.", required=True),), required=True),
        ResultColumn("recorded", "成员记录已享", "Members whose records say that they have it: low income, an insurance, medical aid.", parts=(ResultColumn("personNo", "人口编号", "Number of the person.", required=True),), required=True),
    ),
    _policy_gap_parameters,
    (
        Filter("policies", "政策", "Only these.", enum="PolicyCode"),
        Filter("answers", "落实情况", "Only what is answered so; MISSING, UNDUE and LESS where nothing is said.", enum="PolicyAnswer"),
    ),
    (POLICY_CODE, POLICY_ANSWER),
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
    "Members of poor households, and of those in the years of support, whose own part of the year's medical costs is above the year's ceiling; by village, household, person.",
    "support/medical_burdens",
    (("village", str), ("household", str), ("person", str)),
    (
        ResultColumn("village", "所在村", "Where the household lives.", node="Village"),
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("person", "人口", "Who was ill.", node="Person"),
        ResultColumn("bills", "笔数", "How many bills of the year until the day.", PropertyKind.INTEGER, required=True),
        ResultColumn("cost", "总费用", "All of them.", PropertyKind.YUAN, required=True),
        ResultColumn("insured", "报销金额", "What insurance and aid paid.", PropertyKind.YUAN, required=True),
        ResultColumn("own", "自付金额", "What the person paid.", PropertyKind.YUAN, required=True),
        ResultColumn("share", "自付占比", "Own of all.", PropertyKind.RATE, required=True),
    ),
    lambda scope, arguments: {
        "ceiling": medical_ceiling(scope.as_of), "all": bool(arguments.get("all")), "yearsAfterExit": years_after_exit(scope.as_of),
    },
    (Filter("all", "全部", "Also those whose part is not above the ceiling.", PropertyKind.FLAG),),
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
    plans: list[list[Any]] = [
        [rule[code_column], _measure_kinds(rule["kinds"]), rule["zh"].removesuffix("扶贫").removesuffix("一批")]
        for rule in rules_in_force(rules_file, scope.as_of)
    ]
    requested_codes: Sequence[str] | None = arguments.get(rules_file)
    return {
        "plans": plans,
        "positions": [
            position for position, row in enumerate(plans) if requested_codes is None or row[0] in requested_codes
        ],
        "digits": level_digits(scope, arguments),
        "batched": code_column == "batch",
        "blank": arguments.get("blank"),
        "hollow": hollow_contents(scope.as_of),
    }


REACH_COLUMNS = (
    ResultColumn(
        "measures", "措施数", "Measures in force that are more than a name.", PropertyKind.INTEGER, required=True
    ),
    ResultColumn("households", "户数", "Households that have them.", PropertyKind.INTEGER, required=True),
    ResultColumn("persons", "人数", "People who have some of their own.", PropertyKind.INTEGER, required=True),
    ResultColumn("amount", "金额", "Their amounts together.", PropertyKind.YUAN, required=True),
)
LEVEL_FILTER = Filter(
    "by",
    "汇总级别",
    "Level of the areas to sum by; townships where none is named.",
    PropertyKind.ENUM,
    enum="AreaLevel",
)
BLANK_FILTER = Filter("blank", "空白", "Only where nobody is reached, or only where somebody is.", PropertyKind.FLAG)
PLAN_REACH = Question(
    "planReach",
    "PlanReach",
    "专项方案落实",
    "Whom each of the ten special plans reaches in each area below on a day, and where it reaches nobody; by area and plan.",
    "support/plan_reach",
    (("area", str), ("position", int)),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        ResultColumn("plan", "专项方案", "Which plan.", PropertyKind.ENUM, enum="SpecialPlan", required=True),
        *REACH_COLUMNS,
    ),
    lambda scope, arguments: _reach_parameters(scope, arguments, "plans", "plan"),
    (Filter("plans", "专项方案", "Only these.", enum="SpecialPlan"), LEVEL_FILTER, BLANK_FILTER),
    (SPECIAL_PLAN,),
)  # fmt: skip
BATCH_REACH = Question(
    "batchReach",
    "BatchReach",
    "五个一批落实",
    "Whom each of the five batches reaches in each area below on a day, and where it reaches nobody; somebody may be in several; by area and batch.",
    "support/plan_reach",
    (("area", str), ("position", int)),
    (
        ResultColumn("area", "区划", "The area.", node="Area"),
        ResultColumn("batch", "批次", "Which batch.", PropertyKind.ENUM, enum="SupportBatch", source="plan", required=True),
        *REACH_COLUMNS,
    ),
    lambda scope, arguments: _reach_parameters(scope, arguments, "batches", "batch"),
    (Filter("batches", "批次", "Only these.", enum="SupportBatch"), LEVEL_FILTER, BLANK_FILTER),
    (SUPPORT_BATCH,),
)  # fmt: skip
