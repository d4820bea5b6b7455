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
"""What names a subject: its standard, its label, the field that shows it."""
PREDICATE_TYPE, EVIDENCE_TYPE, PARTS_SIZE = "ExitJudgement", "ExitEvidence", 8


def add_types(types: TypeRegistry) -> None:
    """Types of the question."""
    types.add_input(
        "ExitSubject",
        "退出对象:Whose exit is looked at: one of these.",
        [
            Field("cardNo", "String", "户编号:A household, by its card."),
            Field("villageCode", "String", "村编码:A village."),
            Field("countyCode", "String", "县代码:A county."),
        ],
    )
    types.add_object(
        EVIDENCE_TYPE,
        "依据:A record that a predicate rests on.",
        [
            Field("kind", "String!", "类型:Label of the record."),
            Field("key", "String!", "编号:Its key; of a yearly record owner:year."),
            Field(
                "says", "String", "内容:What it says, where that is not the value itself; null where it says nothing."
            ),
        ],
    )
    types.add_object(
        PREDICATE_TYPE,
        "指标对照:A predicate of an exit standard, or several that must all be met.",
        [
            Field("predicate", "ExitPredicate!", "指标:Which."),
            Field("title", "String!", "名称:In Chinese."),
            Field("result", "ExitResult!", "对照结果:MET, UNMET, or UNKNOWN: what is not known is never passed."),
            Field("value", "String", "实际值:What is so: yuan, a share, true or false; null where it is not known."),
            Field("comparison", "String!", "比较方式:ALL, TRUE, ABOVE, AT_LEAST, AT_MOST, BELOW."),
            Field("threshold", "String", "标准值:What it is compared with."),
            Field("source", "String!", "来源:Where the rule comes from."),
            Field("evidence", f"[{EVIDENCE_TYPE}!]!", "依据:The records that it rests on.", size=PARTS_SIZE),
            Field("parts", f"[{PREDICATE_TYPE}!]!", "分项:Of which it is made.", size=PARTS_SIZE),
        ],
    )
    types.add_object(
        "ExitReadiness",
        "退出标准对照:A subject under its exit standard.",
        [
            Field("household", "Household", "户:The household, where it is one."),
            Field("village", "Village", "村:The village, where it is one."),
            Field("county", "Area", "县:The county, where it is one."),
            Field("standard", f"{PREDICATE_TYPE}!", "标准:The whole of it, a tree."),
            *ANSWER_FIELDS,
        ],
    )


def _plan_readiness(context: RootFieldContext) -> Resolver:
    compiler = context.compiler()

    def on_field(selected: SelectedField) -> Encoder:
        if selected.name == "standard":
            encode = _predicate_encoder(context, selected)
            return lambda found: encode(found[0].tree)
        named = next((label for _, label, field in SUBJECTS.values() if field == selected.name), None)
        if named is None:
            return lambda found: found[1][selected.name]
        node = compiler.add_column(named, "subject", selected)
        return lambda found: node(found[0].extra_values) if found[0].label == named else None

    encode = context.object_encoder("ExitReadiness", context.selected, on_field)

    def answer(execution: Execution) -> Any:
        given = {name: value for name, value in execution.argument("subject").items() if value is not None}
        if len(given) != 1:
            names = ", ".join(SUBJECTS)
            raise ArgumentInvalid(name="subject", reason_zh=f"请只给出 {names} 之一", reason_en=f"give one of {names}")
        [(name, key)] = given.items()
        viewing = execution.query_scope()
        extra = compiler.extra_columns(execution, viewing)
        return encode((assess(execution.store, viewing, SUBJECTS[name][0], key, extra), answer_values(viewing)))

    return answer


def _predicate_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    return context.object_encoder(PREDICATE_TYPE, selected, partial(_predicate_field_encoder, context))


def _predicate_field_encoder(context: RootFieldContext, selected: SelectedField) -> Encoder:
    if selected.name == "parts":
        part = _predicate_encoder(context, selected)
        return lambda judged: [part(inner) for inner in judged.parts]
    if selected.name == "evidence":
        record = context.object_encoder(EVIDENCE_TYPE, selected, lambda field: EVIDENCE_ENCODERS[field.name])
        return lambda judged: [record(inner) for inner in judged.evidence]
    return PREDICATE_ENCODERS[selected.name]


EVIDENCE_ENCODERS: dict[str, Encoder] = {
    "kind": lambda evidence: evidence.label,
    "key": lambda evidence: evidence.key,
    "says": lambda evidence: evidence.says,
}
PREDICATE_ENCODERS: dict[str, Encoder] = {
    "predicate": lambda judged: judged.code,
    "title": lambda judged: judged.title,
    "result": lambda judged: judged.result,
    "value": lambda judged: format_value(judged.value, judged.unit),
    "comparison": lambda judged: judged.comparison,
    "threshold": lambda judged: format_value(judged.threshold, judged.unit),
    "source": lambda judged: judged.source,
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
            (Argument("subject", "ExitSubject!", "对象:Whose."), *TIME_ARGUMENTS),
        ),
        _plan_readiness,
    ),
)
