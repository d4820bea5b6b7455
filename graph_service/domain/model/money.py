"""Funds, projects, assets, shares, dividends, and the operators between them and households."""

from __future__ import annotations

from graph_service.domain.metamodel import (
    AnchorStep,
    DataClassification,
    Label,
    Property,
    PropertyKind,
    Relationship,
)
from graph_service.domain.model import enumerations as enums

K, D = PropertyKind, DataClassification
OPERATORS = ("Enterprise", "Cooperative")
LOCATION_ANCHOR = (AnchorStep("LOCATED_IN"),)
AMOUNT = Property(
    "amount",
    K.YUAN,
    "金额",
    "Amount, in yuan. A negative amount is a correction.",
    ("金额（元）", "金额"),
    required=True,
)
VOUCHER = Property(
    "voucher", K.TEXT, "凭证号", "Number of the voucher.", ("凭证号", "凭证编号"), has_record_numbers=True
)
CORRECTS = Property(
    "corrects",
    K.TEXT,
    "更正凭证号",
    "Number of the voucher that this negative amount corrects.",
    ("更正凭证号", "冲销凭证号"),
    has_record_numbers=True,
)
DUE = Property("due", K.DATE, "到期日", "Due date of the repayment or return.", ("到期日期", "到期日"))
PAYMENT_DAY_HEADERS = ("日期", "支付日期", "拨付日期", "发放日期")


def _flow_relationship(
    type_: str,
    start: tuple[str, ...],
    end: tuple[str, ...],
    zh: str,
    doc: str,
    forward: str,
    backward: str,
    *extra_properties: Property,
) -> Relationship:
    return Relationship(
        type_, start, end, zh, doc, forward, backward, "end", (AMOUNT, VOUCHER, *extra_properties),
        key=("voucher",), identified_by="end", is_flow=True, since_headers=PAYMENT_DAY_HEADERS,
    )  # fmt: skip


LABELS = (
    Label(
        "Enterprise", "企业", "An enterprise, as an operator of assets.",
        Property("uscc", K.TEXT, "统一社会信用代码", "Unified social credit code.", ("统一社会信用代码", "经营主体", "经营主体代码", "实施主体"), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name.", ("名称", "主体名称", "企业名称"), D.PUBLIC, search_kind="name"),
            Property("leading", K.FLAG, "是否龙头企业", "Whether it is a leading enterprise (龙头企业).", ("是否龙头企业",), D.PUBLIC),
        ),
    ),
    Label(
        "Cooperative", "合作社", "A cooperative, as an operator of assets.",
        Property("uscc", K.TEXT, "统一社会信用代码", "Unified social credit code.", ("统一社会信用代码", "经营主体", "经营主体代码", "实施主体"), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name.", ("名称", "主体名称", "合作社名称"), D.PUBLIC, search_kind="name"),
            Property("land_share", K.FLAG, "是否土地股份合作社", "Whether it is a land-share cooperative (土地股份合作社).", ("是否土地股份合作社",), D.PUBLIC),
        ),
    ),
    Label(
        "Bank", "银行", "A bank that grants micro-loans or receives relending.",
        Property("bank_no", K.TEXT, "银行编号", "Number of the bank.", ("银行编号",), D.PUBLIC),
        (Property("name", K.TEXT, "银行名称", "Name.", ("银行名称",), D.PUBLIC),),
    ),
    Label(
        "Fund", "资金", "A fund for poverty alleviation, with its year and amount.",
        Property("fund_no", K.TEXT, "资金编号", "Number of the fund.", ("资金编号", "来源资金编号"), D.PUBLIC),
        (
            Property("name", K.TEXT, "资金名称", "Name.", ("资金名称",), D.PUBLIC, search_kind="name"),
            Property("kind", K.ENUM, "资金类型", "Kind of fund.", ("资金类型",), D.PUBLIC, enums.FUND_KIND),
            Property("level", K.ENUM, "级次", "Level of government to which the fund belongs.", ("级次",), D.PUBLIC, enums.LEVEL),
            Property("year", K.YEAR, "年度", "Budget year.", ("年度", "年份"), D.PUBLIC),
            Property("amount", K.YUAN, "金额", "Amount of the fund, in yuan.", ("金额（元）", "金额"), D.PUBLIC, minimum=0),
        ),
    ),
    Label(
        "Project", "项目", "A project paid for by funds.",
        Property("project_no", K.TEXT, "项目编号", "Number of the project.", ("项目编号",), D.PUBLIC),
        (
            Property("name", K.TEXT, "项目名称", "Name.", ("项目名称",), D.PUBLIC, search_kind="name"),
            Property("kind", K.ENUM, "项目类别", "Kind of project.", ("项目类别",), D.PUBLIC, enums.PROJECT_KIND),
        ),
        anchors=(LOCATION_ANCHOR,),
    ),
    Label(
        "Asset", "资产", "An asset formed by a project.",
        Property("asset_no", K.TEXT, "资产编号", "Number of the asset.", ("资产编号",), D.PUBLIC),
        (
            Property("name", K.TEXT, "资产名称", "Name.", ("资产名称",), D.PUBLIC, search_kind="name"),
            Property("kind", K.ENUM, "资产类型", "Kind of asset: operating, public or to-household.", ("资产类型",), D.PUBLIC, enums.ASSET_KIND),
            Property("quantified", K.YUAN, "量化金额", "Value quantified as shares, in yuan.", ("量化金额（元）",), D.PUBLIC, minimum=0),
            Property("floor_rate", K.RATE, "保底收益率", "Guaranteed minimum rate of yearly return; null if there is none.", ("保底收益率（%）", "保底收益率"), D.PUBLIC, unit="%", minimum=0),
            Property("total_shares", K.SHARES, "总股数", "Total number of shares in the asset sheet; null if not stated there.", ("资产总股数",), D.PUBLIC, minimum=0, unit="股"),
        ),
        anchors=(LOCATION_ANCHOR,),
    ),
    Label(
        "Distribution", "收益分配", "A dividend of an asset for a year.",
        Property("distribution_no", K.TEXT, "分配编号", "Number of the distribution.", ("分配编号",), D.PUBLIC),
        (
            Property("year", K.YEAR, "年度", "Year for which the dividend is paid.", ("年度", "年份"), D.PUBLIC),
            Property("amount", K.YUAN, "应分金额", "Total amount to be paid, in yuan.", ("应分金额（元）", "应分金额"), D.PUBLIC, minimum=0),
            Property("record_date", K.DATE, "分配日期", "Record date. The holders on this day are entitled to the dividend.", ("分配日期",), D.PUBLIC),
        ),
        anchors=((AnchorStep("YIELDED", False), *LOCATION_ANCHOR),),
    ),
    Label(
        "ShareDecision", "股权决定", "A decision that issues, ends, transfers or redistributes shares.",
        Property("decision_no", K.TEXT, "决定编号", "Number of the decision.", ("决定编号",), D.PUBLIC),
        (
            Property("act", K.ENUM, "决定类型", "Kind of decision.", ("决定类型",), D.PUBLIC, enums.SHARE_ACT),
            Property("decided_on", K.DATE, "决定日期", "Day of the decision.", ("决定日期",), D.PUBLIC),
            Property("reason", K.TEXT, "决定事由", "Reason for the decision.", ("决定事由",), D.PUBLIC),
        ),
        anchors=((AnchorStep("DECIDED_ON"), *LOCATION_ANCHOR),),
    ),
)  # fmt: skip

RELATIONSHIPS = (
    _flow_relationship("TRANSFERRED", ("Fund",), ("Fund",), "划转", "Money transferred from one fund to another.", "transfersOut", "transfersIn", CORRECTS),
    _flow_relationship("ALLOCATED", ("Fund",), ("Project",), "拨付", "Money allocated from a fund to a project.", "allocations", "allocations", CORRECTS),
    _flow_relationship("GRANTED", ("Fund",), ("Household",), "发放", "Money paid directly from a fund to a household.", "grants", "grants", CORRECTS),
    _flow_relationship("DISBURSED", ("Fund",), ("Person", "Village"), "发放到人到村", "Money paid directly from a fund to a person or a village collective.", "disbursements", "disbursements", CORRECTS),
    _flow_relationship("INVESTED", ("Fund", "Bank"), OPERATORS, "投入", "Money invested in an operator by a fund or bank.", "investments", "investments", CORRECTS),
    _flow_relationship("LENT", ("Fund", "Bank"), (*OPERATORS, "Bank", "Household"), "贷给", "A loan from a fund or bank. A loan from a fund to a bank is relending (再贷款).", "loansMade", "loans", DUE, CORRECTS),
    Relationship(
        "REPAID", (*OPERATORS, "Bank", "Household"), ("Fund", "Bank"), "归还", "Repayment of a loan.", "repayments", "repaymentsIn", "start",
        (AMOUNT, VOUCHER, CORRECTS), key=("voucher",), identified_by="start", is_flow=True, since_headers=PAYMENT_DAY_HEADERS,
    ),
    Relationship(
        "PAYS", ("Fund",), ("Measure",), "列支", "A fund pays for a measure.", "paysMeasures", "paidBy", "end",
        (
            Property("voucher", K.TEXT, "支付凭证号", "Number of the voucher.", ("支付凭证号", "凭证号", "凭证编号"), check="voucher", has_record_numbers=True),
            Property("paid_on", K.DATE, "支付日期", "Date of the payment.", ("支付日期", "拨付日期", "发放日期")),
            Property("payee", K.TEXT, "收款人", "Recipient of the payment: the household or the implementer of the measure.", ("收款人", "收款方", "收款单位")),
        ), since_headers=(), until_headers=(),
    ),
    Relationship("MANAGED_BY", ("Fund",), ("Area", "Department"), "管理", "Area or department that manages a fund.", "managedBy", "managedFunds", "start", identified_by="start", single_from="start"),
    Relationship(
        "APPROVED", ("Cadre",), ("Fund", "Project"), "审批", "A cadre approved a fund or project.", "approved", "approvedBy", "end",
        since_headers=("审批日期",), until_headers=(),
    ),
    Relationship(
        "LOCATED_IN", ("Project", "Asset", *OPERATORS, "Department"), ("Area",), "位于", "Area in which it is located.", "area", "located", "start",
        identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "FORMED", ("Project",), ("Asset",), "形成", "A project formed an asset. Several projects can each form a portion of one asset.", "assets", "project", "end",
        (
            Property("amount", K.YUAN, "形成金额", "Value formed by the project, in yuan.", ("形成金额（元）", "形成金额"), minimum=0),
            Property("portion", K.TEXT, "形成批次", "Portion of the asset; null for the portion in the asset sheet.", ("形成批次",), has_record_numbers=True),
        ), key=("portion",), identified_by="end", since_headers=("形成日期",), until_headers=(),
    ),
    Relationship("OPERATES", OPERATORS, ("Asset",), "经营", "An operator operates an asset.", "operatesAssets", "operators", "end", identified_by="end", since_headers=(), until_headers=()),
    Relationship("OWNS", ("Area", *OPERATORS), ("Asset",), "拥有", "An area or operator owns an asset.", "ownsAssets", "owners", "end"),
    Relationship(
        "HOLDS", ("Household", "Person", "Village", *OPERATORS), ("Asset",), "持股", "Shares held in an asset.", "holdings", "holders", "start",
        (
            Property("certificate", K.TEXT, "股权证号", "Number of the certificate.", ("股权证号",), has_record_numbers=True),
            Property("kind", K.ENUM, "股份类型", "Kind of shares: preferred or ordinary.", ("股份类型",), enum=enums.SHARE_KIND),
            Property("shares", K.SHARES, "股数", "Number of shares held.", ("股数",), minimum=0, unit="股"),
            Property("total_shares", K.SHARES, "总股数", "Total number of shares of the asset, as stated on the certificate.", ("总股数",), minimum=0, unit="股"),
            Property("decision", K.TEXT, "股权决定编号", "Number of the decision that issued the shares.", ("股权决定编号", "决定编号"), has_record_numbers=True),
            Property("ended_by", K.TEXT, "退出决定编号", "Number of the decision that ended the holding; null if it has not ended.", ("退出决定编号",), has_record_numbers=True),
        ),
        key=("certificate",), identified_by="end",
    ),
    Relationship("YIELDED", ("Asset",), ("Distribution",), "产生", "An asset yields a dividend.", "distributions", "asset", "end", identified_by="end", single_from="end", since_headers=(), until_headers=()),
    Relationship(
        "PAID", ("Distribution",), ("Household", "Person", "Village", *OPERATORS), "支付", "A dividend paid to a holder.", "payments", "dividends", "end",
        (AMOUNT, VOUCHER, CORRECTS), key=("voucher",), identified_by="end", is_flow=True, since_headers=PAYMENT_DAY_HEADERS,
    ),
    Relationship("DECIDED_ON", ("ShareDecision",), ("Asset",), "涉及资产", "Asset whose shares a decision changes.", "asset", "decisions", "start", single_from="start"),
    Relationship("JOINED", ("Household",), OPERATORS, "加入", "A household is a member of an operator.", "joinedOperators", "memberHouseholds", "start", key=("since",)),
    Relationship(
        "LEASES_TO", ("Household",), OPERATORS, "流转土地", "A household leases land to an operator.", "leases", "leasedLand", "start",
        (Property("mu", K.NUMBER, "面积", "Leased area, in mu.", ("流转面积（亩）",), unit="亩"), Property("rent", K.YUAN, "租金", "Yearly rent, in yuan.", ("租金（元）",), minimum=0)), key=("since",),
    ),
    Relationship(
        "BORROWED_FROM", ("Household",), OPERATORS, "借牛还牛", "A household borrows livestock from an operator (借牛还牛).", "borrowedLivestock", "lentLivestock", "start",
        (Property("species", K.TEXT, "畜种", "Species of livestock.", ("畜种",)), Property("head", K.INTEGER, "头数", "Number of animals.", ("头数",), minimum=0, unit="头"), DUE, Property("returned", K.DATE, "归还日期", "Date on which the livestock was returned; null if not returned.", ("归还日期",))),
        key=("since",),
    ),
    Relationship(
        "ENTRUSTS_TO", ("Household",), OPERATORS, "托养寄养", "A household entrusts livestock to an operator (托养寄养).", "entrusted", "entrustedBy", "start",
        (Property("species", K.TEXT, "畜种", "Species of livestock.", ("畜种",)), Property("head", K.INTEGER, "头数", "Number of animals.", ("头数",), minimum=0, unit="头")), key=("since",),
    ),
    Relationship(
        "EMPLOYS", OPERATORS, ("Person",), "雇用", "An operator employs a person.", "jobs", "employers", "end", (Property("wage", K.YUAN, "月工资", "Monthly wage, in yuan.", ("月工资（元）",), minimum=0),), key=("since",),
    ),
    Relationship("PARTNERS_WITH", OPERATORS, OPERATORS, "合作", "Two operators cooperate.", "partners", "partnerOf", "start", key=("since",)),
    Relationship(
        "INVESTS_IN", OPERATORS, OPERATORS, "参股", "An operator holds a stake in another operator.", "holdsStakes", "stakeholders", "start",
        (
            Property("share", K.RATE, "持股比例", "Share held; null if not stated or stated only as a range.", ("持股比例（%）", "持股比例"), unit="%", minimum=0, accepts_range=True),
            Property("share_text", K.TEXT, "持股比例原文", "Original text of the register if it is not a single number, such as 25-50 or >25; otherwise null.", ()),
        ), key=("since",),
    ),
    Relationship("REPRESENTS", ("Person",), OPERATORS, "代表", "A person represents an operator.", "represents", "representatives", "start", since_headers=(), until_headers=()),
    Relationship(
        "KIN_OF", ("Person",), ("Cadre",), "亲属", "A person is a relative of a cadre.", "kinOf", "kin", "start",
        (Property("relation", K.ENUM, "关系", "Relation to the cadre.", ("关系",), enum=enums.KINSHIP),), since_headers=(), until_headers=(),
    ),
    Relationship("SAME_AS", ("Person",), ("Cadre",), "本人", "A person and a cadre are the same person.", "cadre", "persons", "start", single_from="start", since_headers=(), until_headers=()),
)  # fmt: skip
