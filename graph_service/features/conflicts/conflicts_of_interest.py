"""conflictsOfInterest: conflicts of an area with every step; a node hidden from the caller keeps its step."""

from __future__ import annotations

from fractions import Fraction

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    QuestionResults,
    RecordList,
    ResultColumn,
    ResultTotals,
)
from graph_service.domain.amounts import MILLION
from graph_service.domain.metamodel import PropertyKind
from graph_service.features.conflicts.detection import find_conflicts
from graph_service.features.conflicts.models import CONFLICT_KIND, CONFLICT_TIE, OWNERSHIP_FAULT, ConflictCandidate
from graph_service.platform.store.graph import Store


def _find_results(store: Store, scope: QueryScope, arguments: QuestionArguments) -> QuestionResults:
    detected = find_conflicts(store, scope, arguments.get("kinds"))
    totals = ResultTotals(len(detected.conflicts), detected.eligible_count)
    return RecordList(detected.conflicts, CONFLICTS_OF_INTEREST.row_key, totals)


def _to_millionths(part: Fraction) -> int:
    return round(part * MILLION)


EVIDENCE_COLUMNS = (
    ResultColumn("number", "凭证号或股权证号", "Number of the voucher or certificate."),
    ResultColumn("amount", "金额", "Amount paid, or value formed.", PropertyKind.YUAN),
    ResultColumn("shares", "股数", "Number of shares certified.", PropertyKind.SHARES),
    ResultColumn(
        "totalShares", "总股数", "Total number of shares of the asset, as stated in the certificate.", PropertyKind.SHARES, source="total_shares",
    ),
    ResultColumn("shareKind", "股份类型", "Kind of the shares: preferred or ordinary.", PropertyKind.ENUM, enum="ShareKind", source="share_kind"),
    ResultColumn("part", "参股比例", "Stake of one operator in another.", PropertyKind.RATE, source="stake_millionths"),
    ResultColumn("kinship", "亲属关系", "Family relation to the cadre.", PropertyKind.ENUM, enum="Kinship"),
    ResultColumn("duty", "驻村职责", "Duty of the cadre in the village.", PropertyKind.ENUM, enum="VillagePost"),
    ResultColumn("post", "职务", "Post in the leading group, or at the place where the cadre is posted."),
    ResultColumn(
        "on", "日期", "Date of the payment, or first day on which the relationship holds; null if not recorded.", PropertyKind.DATE, source="day",
    ),
)  # fmt: skip
STEP_COLUMNS = (
    ResultColumn("place", "序号", "Position among the steps, starting at 1.", PropertyKind.INTEGER, source="position", required=True),
    ResultColumn(
        "from", "上一环节序号",
        "Position of the step from which this step is reached; null for the first. If several steps follow from one "
        "step, the conflict has several paths.",
        PropertyKind.INTEGER, source="origin_position",
    ),
    ResultColumn("kind", "类型", "Type of the node, given even if the node is hidden.", source="label", required=True),
    ResultColumn("node", "节点", "The node; null if hidden.", node="ConflictNode"),
    ResultColumn("hidden", "是否隐藏", "True if the node lies outside the granted areas.", PropertyKind.FLAG, source="is_hidden", required=True),
    ResultColumn(
        "relationship", "关系", "Relationship by which the step is reached; null for the first.",
        PropertyKind.ENUM, enum="ConflictTie", convert=lambda name: name or None,
    ),
    ResultColumn(
        "forward", "是否正向",
        "True if the relationship points from the previous step to this step; false if it points the other way.",
        PropertyKind.FLAG, source="is_forward", required=True,
    ),
    ResultColumn(
        "evidence", "凭据",
        "All vouchers, certificates and other evidence of the step; empty if one of its nodes is hidden.",
        parts=EVIDENCE_COLUMNS, type_name="ConflictEvidence", type_doc=("凭据", "Evidence of a step of a conflict."), required=True, size=3,
    ),
)  # fmt: skip
SHARE_COLUMNS = (
    ResultColumn(
        "holder", "最终持有方",
        "Operator whose owners, other than operators, ultimately hold the share; if `outside` is true, the operator "
        "itself, whoever owns it.",
        node="Operator",
    ),
    ResultColumn("operator", "被持有方", "Operator in which the share is held.", node="Operator"),
    ResultColumn("outside", "是否环外", "True if the holder is not in the cycle.", PropertyKind.FLAG, source="is_outside", required=True),
    ResultColumn(
        "share", "比例", "The share, rounded half to even to six places.", PropertyKind.RATE, required=True, convert=_to_millionths,
    ),
    ResultColumn(
        "exact", "精确比例", "The share as an exact fraction. The shares of each operator add up to 1.", source="share", required=True, convert=str,
    ),
)  # fmt: skip
CONFLICTS_OF_INTEREST = Question(
    "conflictsOfInterest",
    "ConflictOfInterest",
    "利益冲突",
    "Conflicts of interest in an area on the query date, each with all of its steps. Sorted by kind, area and subject. Uses at most "
    "three statements per page.",
    "",
    (("kind_order", int), ("area_code", str), ("name", str)),
    (
        ResultColumn("kind", "冲突类型", "Kind of the conflict.", PropertyKind.ENUM, enum="ConflictKind", required=True),
        ResultColumn("area", "所在区划", "Area of the conflict within the requested area; null if not recorded.", node="Area", source="area_code"),
        ResultColumn(
            "cadre", "涉及干部", "Cadre concerned; null if there is none or the cadre is outside the granted areas.",
            node="Cadre", source="conflict.cadre",
        ),
        ResultColumn(
            "operator", "涉及经营主体", "Operator concerned; for a cycle, the first operator by code.", node="Operator", source="conflict.operator",
        ),
        ResultColumn(
            "household", "涉及户", "Household concerned; null if there is none or the household is outside the granted areas.",
            node="Household", source="conflict.household",
        ),
        ResultColumn(
            "amount", "涉及金额",
            "Amount involved: allocated to projects, formed as assets, invested in operators, granted, or paid as "
            "dividends. Null if there is none or part of it is hidden.",
            PropertyKind.YUAN, source="conflict.amount",
        ),
        ResultColumn(
            "steps", "环节", "All steps, in order.", parts=STEP_COLUMNS, source="conflict.steps", type_name="ConflictStep",
            type_doc=("冲突环节", "A node of a conflict and how it is reached."), required=True,
        ),
        ResultColumn(
            "effective", "最终持股", "For a cycle, the ultimate owners of its operators.", parts=SHARE_COLUMNS,
            source="conflict.effective_shares", type_name="EffectiveShare",
            type_doc=("最终持股", "Share of an operator that ultimately belongs to the owners of another operator, through all stakes in a cycle."),
            required=True, size=5,
        ),
        ResultColumn(
            "undetermined", "无法确定最终持股的原因",
            "Reason why the ultimate owners of a cycle cannot be determined; null otherwise.",
            PropertyKind.ENUM, enum="OwnershipFault", source="conflict.fault",
        ),
    ),
    filters=(Filter("kinds", "冲突类型", "Only conflicts of these kinds; all if omitted.", enum="ConflictKind"),),
    codes=(CONFLICT_KIND, OWNERSHIP_FAULT, CONFLICT_TIE),
    compute=_find_results,
    mask=ConflictCandidate.mask_hidden,
    eligible=(
        "核查数",
        ("Number of candidates checked for the requested kinds: assets and projects that operators of cadres and their "
        "kin operate, own or carry out, and money that these operators receive from funds; shares and grants of the "
        "households of cadres and their kin; village heads and payroll staff who are members of households; counties "
        "with enough projects to be checked; groups of operators connected by stakes; and operators in which others "
        "hold stakes."),
    ),
    row_doc="A conflict of interest: steps that lead from a cadre back to the same cadre or from an operator back to itself, or "
    "relationships that are not permitted.",
)  # fmt: skip
