"""GraphQL types of conflictsOfInterest: kinds, steps with their evidence, ultimate ownership of operators."""

from __future__ import annotations

from graph_service.features.conflicts.models import CONFLICT_KIND, CONFLICT_TIE, OWNERSHIP_FAULT
from graph_service.graphql.root_fields import ANSWER_FIELDS
from graph_service.graphql.types.derived import add_code_list, add_connection, bilingual
from graph_service.graphql.types.scalars import Date, Rate, Shares, Yuan
from graph_service.graphql.types.type_registry import Field, TypeRegistry

ROW_TYPE, CONNECTION = "ConflictOfInterest", "ConflictOfInterestConnection"
DOC = "Conflicts of interest in an area on a day, each with every step: by kind, area and what they are about; at most three statements a page."
ELIGIBLE_COUNT = Field(
    "eligibleCount",
    "Int!",
    "核查数：How many could have been one, of the kinds asked for: what operators of cadres and their kin operate, own or carry out, or get from funds; shares and grants of these people's households; village heads and people on the payroll who are members of households; counties with so many projects; groups of operators that are tied by parts, and operators in which others hold some.",
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of the query."""
    add_code_list(types, CONFLICT_KIND)
    add_code_list(types, OWNERSHIP_FAULT)
    add_code_list(types, CONFLICT_TIE)
    types.add_object(
        "ConflictEvidence",
        "凭据：What shows a step of a conflict.",
        [
            Field("number", "String", "凭证号或股权证号：Number of the voucher or certificate."),
            Field("amount", Yuan | None, "金额：Money that it moved, or value that was formed."),
            Field("shares", Shares | None, "股数：Shares that it certifies."),
            Field("totalShares", Shares | None, "总股数：Of how many, as it states."),
            Field("shareKind", "ShareKind", "股份类型：Kind of the shares."),
            Field("part", Rate | None, "参股比例：Part of an operator that another one holds."),
            Field("kinship", "Kinship", "亲属关系：Relation to the cadre."),
            Field("duty", "VillagePost", "驻村职责：What the cadre does for the village."),
            Field("post", "String", "职务：Post in the leading group, or held where the cadre is posted to."),
            Field("on", Date | None, "日期：Its day, or the first day on which it holds; null where that is not told."),
        ],
    )
    types.add_object(
        "ConflictStep",
        "冲突环节：A node of a conflict and how it is reached.",
        [
            Field("place", "Int!", "序号：Its number among the steps, from 1 on."),
            Field("from", "Int", "上一环节序号：The step from which it is reached; null at the first. Where several lead on from one step, the conflict has several ways."),
            Field("kind", "String!", "类型：Kind of the node, also where it is hidden."),
            Field("node", "ConflictNode", "节点：The node; null where it is hidden."),
            Field("hidden", "Boolean!", "是否隐藏：Whether it lies outside of what the asker may see."),
            Field("relationship", "ConflictTie", "关系：By which it is reached; null at the first."),
            Field("forward", "Boolean!", "是否正向：Whether the relationship leads to it from the step before; else it comes from it."),
            Field("evidence", "[ConflictEvidence!]!", "凭据：Every voucher, certificate or tie of the step; none beside a hidden node.", size=3),
        ],
    )  # fmt: skip
    types.add_object(
        "EffectiveShare",
        "最终持股：What part of an operator belongs in the end to those who own another, through all parts of a circle.",
        [
            Field("holder", "Operator", "最终持有方：Those who hold this operator and are no operators; where `outside`, this operator, whoever owns it."),
            Field("operator", "Operator", "被持有方：The operator that belongs to them."),
            Field("outside", "Boolean!", "是否环外：Whether the holder is no member of the circle."),
            Field("share", Rate, "比例：The part, rounded to six places, half to even."),
            Field("exact", "String!", "精确比例：The part as a fraction. Of each operator they sum to 1."),
        ],
    )  # fmt: skip
    types.add_object(
        ROW_TYPE,
        bilingual("利益冲突", "Steps that lead from a cadre back to this cadre, or from an operator back to it; or that must not be."),
        [
            Field("kind", "ConflictKind!", "冲突类型：What it is made of."),
            Field("area", "Area", "所在区划：Where it lies, in the area asked for; null where the register does not tell it."),
            Field("cadre", "Cadre", "涉及干部：The cadre whom it is about; null where there is none, or none that the asker may see."),
            Field("operator", "Operator", "涉及经营主体：The operator that it is about; of a circle the first by its code."),
            Field("household", "Household", "涉及户：The household that it is about; null where there is none, or none that the asker may see."),
            Field("amount", Yuan | None, "涉及金额：Money that came to what it is about: allocated to projects, formed as assets, put into operators, granted, paid as dividends. Null where there is none, or some is hidden."),
            Field("steps", "[ConflictStep!]!", "环节：All of them, from the first on.", size=10),
            Field("effective", "[EffectiveShare!]!", "最终持股：Of a circle, to whom its operators belong in the end.", size=5),
            Field("undetermined", "OwnershipFault", "无法确定最终持股的原因：Why that cannot be said."),
        ],
    )  # fmt: skip
    add_connection(
        types,
        CONNECTION,
        f"{ROW_TYPE}Edge",
        f"{ROW_TYPE}!",
        bilingual("利益冲突", DOC),
        extra_fields=(ELIGIBLE_COUNT, *ANSWER_FIELDS),
    )
