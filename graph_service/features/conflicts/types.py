"""GraphQL types of conflictsOfInterest: kinds, steps with their evidence, ultimate ownership of operators."""

from __future__ import annotations

from graph_service.features.conflicts.models import CONFLICT_KIND, CONFLICT_TIE, OWNERSHIP_FAULT
from graph_service.graphql.root_fields import ANSWER_FIELDS
from graph_service.graphql.types.derived import add_code_list, add_connection, bilingual
from graph_service.graphql.types.scalars import Date, Rate, Shares, Yuan
from graph_service.graphql.types.type_registry import Field, TypeRegistry

ROW_TYPE, CONNECTION = "ConflictOfInterest", "ConflictOfInterestConnection"
DOC = "Conflicts of interest in an area on the query date, each with all of its steps. Sorted by kind, area and subject. Uses at most three statements per page."
ELIGIBLE_COUNT = Field(
    "eligibleCount",
    "Int!",
    "核查数：Number of candidates checked for the requested kinds: assets and projects that operators of cadres and their kin operate, own or carry out, and money that these operators receive from funds; shares and grants of the households of cadres and their kin; village heads and payroll staff who are members of households; counties with enough projects to be checked; groups of operators connected by stakes; and operators in which others hold stakes.",
)


def add_types(types: TypeRegistry) -> None:
    """Add the types of the query."""
    add_code_list(types, CONFLICT_KIND)
    add_code_list(types, OWNERSHIP_FAULT)
    add_code_list(types, CONFLICT_TIE)
    types.add_object(
        "ConflictEvidence",
        "凭据：Evidence of a step of a conflict.",
        [
            Field("number", "String", "凭证号或股权证号：Number of the voucher or certificate."),
            Field("amount", Yuan | None, "金额：Amount paid, or value formed."),
            Field("shares", Shares | None, "股数：Number of shares certified."),
            Field(
                "totalShares",
                Shares | None,
                "总股数：Total number of shares of the asset, as stated in the certificate.",
            ),
            Field("shareKind", "ShareKind", "股份类型：Kind of the shares: preferred or ordinary."),
            Field("part", Rate | None, "参股比例：Stake of one operator in another."),
            Field("kinship", "Kinship", "亲属关系：Family relation to the cadre."),
            Field("duty", "VillagePost", "驻村职责：Duty of the cadre in the village."),
            Field("post", "String", "职务：Post in the leading group, or at the place where the cadre is posted."),
            Field(
                "on",
                Date | None,
                "日期：Date of the payment, or first day on which the relationship holds; null if not recorded.",
            ),
        ],
    )
    types.add_object(
        "ConflictStep",
        "冲突环节：A node of a conflict and how it is reached.",
        [
            Field("place", "Int!", "序号：Position among the steps, starting at 1."),
            Field("from", "Int", "上一环节序号：Position of the step from which this step is reached; null for the first. If several steps follow from one step, the conflict has several paths."),
            Field("kind", "String!", "类型：Type of the node, given even if the node is hidden."),
            Field("node", "ConflictNode", "节点：The node; null if hidden."),
            Field("hidden", "Boolean!", "是否隐藏：True if the node lies outside the granted areas."),
            Field("relationship", "ConflictTie", "关系：Relationship by which the step is reached; null for the first."),
            Field("forward", "Boolean!", "是否正向：True if the relationship points from the previous step to this step; false if it points the other way."),
            Field("evidence", "[ConflictEvidence!]!", "凭据：All vouchers, certificates and other evidence of the step; empty if one of its nodes is hidden.", size=3),
        ],
    )  # fmt: skip
    types.add_object(
        "EffectiveShare",
        "最终持股：Share of an operator that ultimately belongs to the owners of another operator, through all stakes in a cycle.",
        [
            Field("holder", "Operator", "最终持有方：Operator whose owners, other than operators, ultimately hold the share; if `outside` is true, the operator itself, whoever owns it."),
            Field("operator", "Operator", "被持有方：Operator in which the share is held."),
            Field("outside", "Boolean!", "是否环外：True if the holder is not in the cycle."),
            Field("share", Rate, "比例：The share, rounded half to even to six places."),
            Field("exact", "String!", "精确比例：The share as an exact fraction. The shares of each operator add up to 1."),
        ],
    )  # fmt: skip
    types.add_object(
        ROW_TYPE,
        bilingual("利益冲突", "A conflict of interest: steps that lead from a cadre back to the same cadre or from an operator back to itself, or relationships that are not permitted."),
        [
            Field("kind", "ConflictKind!", "冲突类型：Kind of the conflict."),
            Field("area", "Area", "所在区划：Area of the conflict within the requested area; null if not recorded."),
            Field("cadre", "Cadre", "涉及干部：Cadre concerned; null if there is none or the cadre is outside the granted areas."),
            Field("operator", "Operator", "涉及经营主体：Operator concerned; for a cycle, the first operator by code."),
            Field("household", "Household", "涉及户：Household concerned; null if there is none or the household is outside the granted areas."),
            Field("amount", Yuan | None, "涉及金额：Amount involved: allocated to projects, formed as assets, invested in operators, granted, or paid as dividends. Null if there is none or part of it is hidden."),
            Field("steps", "[ConflictStep!]!", "环节：All steps, in order.", size=10),
            Field("effective", "[EffectiveShare!]!", "最终持股：For a cycle, the ultimate owners of its operators.", size=5),
            Field("undetermined", "OwnershipFault", "无法确定最终持股的原因：Reason why the ultimate owners of a cycle cannot be determined; null otherwise."),
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
