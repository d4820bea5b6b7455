"""Unions: names for ends that may have several labels."""

from __future__ import annotations

from graph_service.domain.metamodel import Union
from graph_service.domain.model.money import OPERATORS
from graph_service.domain.model.quality import SUBJECTS

UNIONS = (
    Union("Operator", "经营主体", "An enterprise or a cooperative.", OPERATORS),
    Union("Recipient", "享受对象", "A household or person who receives a measure.", ("Household", "Person")),
    Union("Implementer", "实施单位", "A department or operator that carries out a measure or project.", ("Department", *OPERATORS)),
    Union("Undertaking", "实施事项", "A measure or project that is carried out.", ("Measure", "Project")),
    Union("Financier", "资金方", "A fund or bank that invests or lends money.", ("Fund", "Bank")),
    Union("Borrower", "借款方", "An operator, bank or household that borrows money.", (*OPERATORS, "Bank", "Household")),
    Union("Approved", "审批事项", "A fund or project approved by a cadre.", ("Fund", "Project")),
    Union("FundKeeper", "资金管理方", "An area or department that manages a fund.", ("Area", "Department")),
    Union("Located", "区划内对象", "A project, asset, operator or department located in an area.", ("Project", "Asset", *OPERATORS, "Department")),
    Union("AssetOwner", "资产所有者", "An area or operator that owns an asset.", ("Area", *OPERATORS)),
    Union("Holder", "持股者", "A household, person, village or operator that holds shares and receives dividends.", ("Household", "Person", "Village", *OPERATORS)),
    Union("Payee", "收款对象", "A person or village collective that receives money from a fund.", ("Person", "Village")),
    Union("Notice", "问题、疑点或豁免", "A problem, finding or waiver.", ("Problem", "Finding", "Waiver")),
    Union("NoticeSubject", "涉及对象", "Subject of a problem, finding or waiver.", SUBJECTS),
    Union("DutyHolder", "责任人", "A cadre or department that is responsible for a duty of help.", ("Cadre", "Department")),
    Union("Undertaken", "工作事项", "A responsibility letter, target or supervision round of an area.", ("Pledge", "Target", "Inspection")),
    Union("DutySubject", "帮扶对象", "A village or household that is entitled to a duty of help.", ("Village", "Household")),
    Union("ChainNode", "链条节点", "A node of a benefit chain.", ("Fund", "Bank", "Project", "Measure", "Asset", "Household", "Person", "Village", *OPERATORS)),
    Union("ConflictNode", "利益冲突节点", "A node on the path of a conflict of interest.", ("Cadre", "Person", *OPERATORS, "Asset", "Project", "Fund", "Household", "Village", "Area", "Distribution", "OutsideRecord")),
)  # fmt: skip
