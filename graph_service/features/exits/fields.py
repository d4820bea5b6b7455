"""exitReadiness: a household, village or county under its exit standard, predicate by predicate, with evidence."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.errors import ArgumentInvalid
from graph_service.features.exits.exit_questions import assess, format_value
from graph_service.graphql.pages import Encoder
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

SUBJECTS = {
    "cardNo": ("HOUSEHOLD", "Household", "household"),
    "villageCode": ("VILLAGE", "Village", "village"),
    "countyCode": ("COUNTY", "Area", "county"),
}
"""Standard, label and result field of a subject, by the argument that names it."""
PREDICATE_TYPE, EVIDENCE_TYPE, PARTS_SIZE = "ExitJudgement", "ExitEvidence", 8


def add_types(types: TypeRegistry) -> None:
    """Add the types of the question."""
    types.add_input(
        "ExitSubject",
        "退出对象：Whose exit is looked at: one of these.",
        [
            Field("cardNo", "String", "户编号：A household, by its card."),
            Field("villageCode", "String", "村编码：A village."),
            Field("countyCode", "String", "县代码：A county."),
        ],
    )
    types.add_object(
        EVIDENCE_TYPE,
        "依据：A record that a predicate rests on.",
        [
            Field("kind", "String!", "类型：Label of the record."),
            Field("key", "String!", "编号：Its key; of a yearly record owner:year."),
            Field(
                "says", "String", "内容：What it says, where that is not the value itself; null where it says nothing."
            ),
        ],
    )
    types.add_object(
        PREDICATE_TYPE,
        "指标对照：A predicate of an exit standard, or several that must all be met.",
        [
            Field("predicate", "ExitPredicate!", "指标：Which."),
            Field("title", "String!", "名称：In Chinese."),
            Field("result", "ExitResult!", "对照结果：MET, UNMET, or UNKNOWN: what is not known is never passed."),
            Field("value", "String", "实际值：What is so: yuan, a share, true or false; null where it is not known."),
            Field("comparison", "String!", "比较方式：ALL, TRUE, ABOVE, AT_LEAST, AT_MOST, BELOW."),
            Field("threshold", "String", "标准值：What it is compared with."),
            Field("source", "String!", "来源：Where the rule comes from."),
            Field("evidence", f"[{EVIDENCE_TYPE}!]!", "依据：The records that it rests on.", size=PARTS_SIZE),
            Field("parts", f"[{PREDICATE_TYPE}!]!", "分项：Of which it is made.", size=PARTS_SIZE),
        ],
    )
    types.add_object(
        "ExitReadiness",
        "退出标准对照：A subject under its exit standard.",
        [
            Field("household", "Household", "户：The household, where it is one."),
            Field("village", "Village", "村：The village, where it is one."),
            Field("county", "Area", "县：The county, where it is one."),
            Field("standard", f"{PREDICATE_TYPE}!", "标准：The whole of it, a tree."),
            *ANSWER_FIELDS,
        ],
    )


def _plan_readiness(context: RootFieldContext) -> Resolver:
    compiler = context.compiler()

    def on_field(selected: SelectedField) -> Encoder:
        if selected.name == "standard":
            encode = _predicate_encoder(context, selected)
            return lambda row: encode(row[0].tree)
        subject_label = next((label for _, label, field in SUBJECTS.values() if field == selected.name), None)
        if subject_label is None:
            return lambda row: row[1][selected.name]
        encode_node = compiler.add_column(subject_label, "subject", selected)
        return lambda row: encode_node(row[0].extra_values) if row[0].label == subject_label else None

    encode = context.object_encoder("ExitReadiness", context.selected, on_field)

    def answer(execution: Execution) -> Any:
        subjects = {name: value for name, value in execution.argument("subject").items() if value is not None}
        if len(subjects) != 1:
            names = ", ".join(SUBJECTS)
            raise ArgumentInvalid(name="subject", reason_zh=f"请只给出 {names} 之一", reason_en=f"give one of {names}")
        [(name, key)] = subjects.items()
        scope = execution.query_scope()
        extra = compiler.extra_columns(execution, scope)
        return encode((assess(execution.store, scope, SUBJECTS[name][0], key, extra), answer_values(scope)))

    return answer


def _predicate_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    return context.object_encoder(PREDICATE_TYPE, selected, partial(_predicate_field_encoder, context))


def _predicate_field_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    if selected.name == "parts":
        encode_part = _predicate_encoder(context, selected)
        return lambda judgement: [encode_part(part) for part in judgement.parts]
    if selected.name == "evidence":
        encode_record = context.object_encoder(EVIDENCE_TYPE, selected, lambda field: EVIDENCE_ENCODERS[field.name])
        return lambda judgement: [encode_record(record) for record in judgement.evidence]
    return PREDICATE_ENCODERS[selected.name]


EVIDENCE_ENCODERS: dict[str, Encoder] = {
    "kind": lambda evidence: evidence.label,
    "key": lambda evidence: evidence.key,
    "says": lambda evidence: evidence.says,
}
PREDICATE_ENCODERS: dict[str, Encoder] = {
    "predicate": lambda judgement: judgement.code,
    "title": lambda judgement: judgement.title,
    "result": lambda judgement: judgement.result,
    "value": lambda judgement: format_value(judgement.value, judgement.unit),
    "comparison": lambda judgement: judgement.comparison,
    "threshold": lambda judgement: format_value(judgement.threshold, judgement.unit),
    "source": lambda judgement: judgement.source,
}
ROOT_FIELDS = (
    RootField(
        Field(
            "exitReadiness",
            "ExitReadiness",
            bilingual(
                "退出标准对照",
                "A household, village or county under its exit standard on a day: a tree of predicates, each with its evidence.",
            ),
            (Argument("subject", "ExitSubject!", "对象：Whose."), *TIME_ARGUMENTS),
        ),
        _plan_readiness,
    ),
)
