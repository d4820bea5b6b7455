"""Unions: names for ends that may have several labels."""

from __future__ import annotations

from graph_service.domain.metamodel import Union
from graph_service.domain.model.money import OPERATORS
from graph_service.domain.model.quality import SUBJECTS

UNIONS = (
    Union("Operator", "经营主体", "An enterprise or a cooperative.", OPERATORS),
    Union("Recipient", "享受对象", "Who receives a measure.", ("Household", "Person")),
    Union("Implementer", "实施单位", "Who carries a measure or a project out.", ("Department", *OPERATORS)),
    Union("Undertaking", "实施事项", "What is carried out: a measure or a project.", ("Measure", "Project")),
    Union("Financier", "资金方", "A fund or a bank.", ("Fund", "Bank")),
    Union("Borrower", "借款方", "Who borrows and pays back.", (*OPERATORS, "Bank", "Household")),
    Union("Approved", "审批事项", "What a cadre approved: a fund or a project.", ("Fund", "Project")),
    Union("FundKeeper", "资金管理方", "Who manages a fund.", ("Area", "Department")),
    Union("Located", "所在对象", "What lies in an area.", ("Project", "Asset", *OPERATORS, "Department")),
    Union("AssetOwner", "资产所有者", "Who owns an asset.", ("Area", *OPERATORS)),
    Union("Holder", "持股者", "Who holds shares and is paid dividends.", ("Household", "Person", "Village", *OPERATORS)),
    Union("Payee", "受款对象", "Who is given money of a fund that is no household: a person, a village's collective.", ("Person", "Village")),
    Union("Notice", "通知事项", "A problem, a finding or a waiver.", ("Problem", "Finding", "Waiver")),
    Union("NoticeSubject", "涉及对象", "What a problem, a finding or a waiver is about.", SUBJECTS),
    Union("DutyHolder", "责任人", "Who holds a duty of help: a cadre or a department.", ("Cadre", "Department")),
    Union("Undertaken", "工作事项", "What covers an area: a letter, a target, an inspection.", ("Pledge", "Target", "Inspection")),
    Union("DutySubject", "帮扶对象", "Whom a duty of help is owed to.", ("Village", "Household")),
    Union("ChainNode", "链条节点", "A node of a benefit chain.", ("Fund", "Bank", "Project", "Measure", "Asset", "Household", "Person", "Village", *OPERATORS)),
    Union("ConflictNode", "利益冲突节点", "A node of a conflict of interest.", ("Cadre", "Person", *OPERATORS, "Asset", "Project", "Fund", "Household", "Village", "Area", "Distribution", "OutsideRecord")),
)  # fmt: skip
