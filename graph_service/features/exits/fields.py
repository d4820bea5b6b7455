"""exitReadiness: a household, village or county under its exit standard, predicate by predicate, with evidence."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from graph_service.audit.entries import AuditSubject
from graph_service.core.areas import require_granted_area
from graph_service.domain.area_paths import is_area, unpad_code
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid
from graph_service.features.exits.exit_questions import assess, format_value, mask_sensitive
from graph_service.graphql.audit_trail import PURPOSE, current_trail
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
from graph_service.graphql.types.scalars import Purpose
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

SUBJECTS = {
    "cardNo": ("HOUSEHOLD", "Household", "household"),
    "villageCode": ("VILLAGE", "Village", "village"),
    "countyCode": ("COUNTY", "Area", "county"),
}
"""Standard, label and result field of a subject, by the argument that names it."""
AREA_SUBJECTS = frozenset(name for name, (_, label, _) in SUBJECTS.items() if is_area(MODEL.labels[label]))
"""Arguments that name a subject by the code of an area."""
PREDICATE_TYPE, EVIDENCE_TYPE, PARTS_SIZE = "ExitJudgement", "ExitEvidence", 8


def add_types(types: TypeRegistry) -> None:
    """Add the types of the question."""
    types.add_input(
        "ExitSubject",
        "退出对象：Household, village or county to assess. Exactly one field must be given.",
        [
            Field("cardNo", "String", "户编号：Card number of a household."),
            Field("villageCode", "String", "村编码：Code of a village."),
            Field("countyCode", "String", "县代码：Code of a county."),
        ],
    )
    types.add_object(
        EVIDENCE_TYPE,
        "依据：A record that serves as evidence for an indicator.",
        [
            Field("kind", "String!", "类型：Label (node type) of the record."),
            Field("key", "String!", "编号：Key of the record; for a yearly record in the form owner:year."),
            Field(
                "says",
                "String",
                "内容：Content of the record, if it differs from the indicator's value; null if the record has none.",
            ),
        ],
    )
    types.add_object(
        PREDICATE_TYPE,
        "指标对照：An indicator of an exit standard, or a group of indicators that must all be met, with its result.",
        [
            Field("predicate", "ExitPredicate!", "指标：Indicator of the standard."),
            Field("title", "String!", "名称：Name of the indicator in Chinese."),
            Field(
                "result",
                "ExitResult!",
                "对照结果：Result: MET, UNMET, UNKNOWN or MASKED. An unknown value never counts as met.",
            ),
            Field(
                "value",
                "String",
                "实际值：Actual value: an amount in yuan, a share, or true or false; null if unknown.",
            ),
            Field(
                "comparison",
                "String!",
                "比较方式：Comparison of the actual value with the required one: TRUE, ABOVE, AT_LEAST, AT_MOST or BELOW; ALL for a group of indicators.",
            ),
            Field("threshold", "String", "标准值：Value required by the standard; null if there is none."),
            Field("source", "String!", "来源：Source of the rule."),
            Field("evidence", f"[{EVIDENCE_TYPE}!]!", "依据：Records that serve as evidence.", size=PARTS_SIZE),
            Field(
                "parts",
                f"[{PREDICATE_TYPE}!]!",
                "分项：Indicators of the group; empty for a single indicator.",
                size=PARTS_SIZE,
            ),
        ],
    )
    types.add_object(
        "ExitReadiness",
        "退出标准对照：A household, village or county compared with its exit standard.",
        [
            Field("household", "Household", "户：The household; null for a village or county."),
            Field("village", "Village", "村：The village; null for a household or county."),
            Field("county", "Area", "县：The county; null for a household or village."),
            Field(
                "standard", f"{PREDICATE_TYPE}!", "标准：Result for the whole standard, with its indicators as a tree."
            ),
            *ANSWER_FIELDS,
        ],
    )


def _plan_readiness(context: RootFieldContext) -> Resolver:
    tells_all = context.has_purpose
    compiler = context.compiler()
    if tells_all:
        compiler.require_class(context.selected.name, DataClassification.SENSITIVE)

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
            raise ArgumentInvalid(
                name="subject", reason_zh=f"{names} 须且只须给出一个", reason_en=f"give exactly one of {names}"
            )
        [(name, key)] = subjects.items()
        scope = execution.query_scope()
        if name in AREA_SUBJECTS:
            key = unpad_code(key)
            require_granted_area(execution.store, key, execution.granted_areas)
        extra = compiler.extra_columns(execution, scope)
        readiness = assess(execution.store, scope, SUBJECTS[name][0], key, extra)
        if tells_all:
            current_trail().row_count += 1
            current_trail().add_row(AuditSubject(readiness.label, readiness.key, (readiness.area,)))
        else:
            readiness = replace(readiness, tree=mask_sensitive(readiness.tree))
        return encode((readiness, answer_values(scope)))

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
                "A household, village or county compared with its exit standard on the query date: a tree of "
                "indicators, each with its result and evidence.",
            ),
            (
                Argument("subject", "ExitSubject!", "对象：Household, village or county to assess."),
                *TIME_ARGUMENTS,
                Argument(
                    PURPOSE,
                    Purpose | None,
                    "用途：Purpose of the query, for the audit log. Without it, whether the children of a household are at school is "
                    "masked, and so is each result that depends on it.",
                ),
            ),
        ),
        _plan_readiness,
    ),
)
