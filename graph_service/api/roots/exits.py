"""exitReadiness: a household, village or county under its exit standard, predicate by predicate, with evidence."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.api.pages import Encode
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import told
from graph_service.errors import ArgumentInvalid
from graph_service.services.exits import assess, shown

SUBJECTS = {
    "cardNo": ("HOUSEHOLD", "Household", "household"),
    "villageCode": ("VILLAGE", "Village", "village"),
    "countyCode": ("COUNTY", "Area", "county"),
}
"""What names a subject: its standard, its label, the field that shows it."""
PREDICATE, EVIDENCE, PARTS = "ExitJudgement", "ExitEvidence", 8


def declare(types: Types) -> None:
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
        EVIDENCE,
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
        PREDICATE,
        "指标对照:A predicate of an exit standard, or several that must all be met.",
        [
            Field("predicate", "ExitPredicate!", "指标:Which."),
            Field("title", "String!", "名称:In Chinese."),
            Field("result", "ExitResult!", "对照结果:MET, UNMET, or UNKNOWN: what is not known is never passed."),
            Field("value", "String", "实际值:What is so: yuan, a share, true or false; null where it is not known."),
            Field("comparison", "String!", "比较方式:ALL, TRUE, ABOVE, AT_LEAST, AT_MOST, BELOW."),
            Field("threshold", "String", "标准值:What it is compared with."),
            Field("source", "String!", "来源:Where the rule comes from."),
            Field("evidence", f"[{EVIDENCE}!]!", "依据:The records that it rests on.", size=PARTS),
            Field("parts", f"[{PREDICATE}!]!", "分项:Of which it is made.", size=PARTS),
        ],
    )
    types.add_object(
        "ExitReadiness",
        "退出标准对照:A subject under its exit standard.",
        [
            Field("household", "Household", "户:The household, where it is one."),
            Field("village", "Village", "村:The village, where it is one."),
            Field("county", "Area", "县:The county, where it is one."),
            Field("standard", f"{PREDICATE}!", "标准:The whole of it, a tree."),
            *ANSWERED,
        ],
    )


def _plan(asked: Asked) -> Answer:
    compiler = asked.compiler()

    def on_field(one: Selected) -> Encode:
        if one.name == "standard":
            encode = _judged(asked, one)
            return lambda found: encode(found[0].tree)
        named = next((label for _, label, field in SUBJECTS.values() if field == one.name), None)
        if named is None:
            return lambda found: found[1][one.name]
        node = compiler.column(named, "subject", one)
        return lambda found: node(found[0].more) if found[0].label == named else None

    encode = asked.object("ExitReadiness", asked.selected, on_field)

    def answer(run: Run) -> Any:
        given = {name: value for name, value in run.given("subject").items() if value is not None}
        if len(given) != 1:
            names = ", ".join(SUBJECTS)
            raise ArgumentInvalid(name="subject", reason_zh=f"请只给出 {names} 之一", reason_en=f"give one of {names}")
        [(name, key)] = given.items()
        viewing = run.viewing()
        extra = compiler.further(run, viewing)
        return encode((assess(run.store, viewing, SUBJECTS[name][0], key, extra), answered(viewing)))

    return answer


def _judged(asked: Asked, one: Selected) -> Encode:
    return asked.object(PREDICATE, one, partial(_of_judged, asked))


def _of_judged(asked: Asked, one: Selected) -> Encode:
    if one.name == "parts":
        part = _judged(asked, one)
        return lambda judged: [part(inner) for inner in judged.parts]
    if one.name == "evidence":
        record = asked.object(EVIDENCE, one, lambda field: RECORD[field.name])
        return lambda judged: [record(inner) for inner in judged.evidence]
    return PLAIN[one.name]


RECORD: dict[str, Encode] = {
    "kind": lambda evidence: evidence.label,
    "key": lambda evidence: evidence.key,
    "says": lambda evidence: evidence.says,
}
PLAIN: dict[str, Encode] = {
    "predicate": lambda judged: judged.code,
    "title": lambda judged: judged.title,
    "result": lambda judged: judged.result,
    "value": lambda judged: shown(judged.value, judged.unit),
    "comparison": lambda judged: judged.comparison,
    "threshold": lambda judged: shown(judged.threshold, judged.unit),
    "source": lambda judged: judged.source,
}
ROOTS = (
    Root(
        Field(
            "exitReadiness",
            "ExitReadiness",
            told(
                "退出标准对照",
                "A household, village or county under its exit standard on a day: a tree of predicates, each with its evidence.",
            ),
            (Argument("subject", "ExitSubject!", "对象:Whose."), *TIMES),
        ),
        _plan,
    ),
)
