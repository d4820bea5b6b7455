"""Sheets of a register: the keys of their rows, and their writes. The headers are defaults; a mapping file changes them."""

from __future__ import annotations

from graph_service.domain.metamodel import (
    Property,
    PropertyKind,
    Sheet,
    SheetColumn,
    Write,
)

OPERATOR_REF = Property(
    "uscc",
    PropertyKind.TEXT,
    "经营主体",
    "Unified social credit code of the operator.",
    ("经营主体", "实施主体", "经营主体代码"),
)
AREA_HEADERS = ("区划代码", "所在区划代码", "覆盖区划代码", "村编码")
PERSON_NAME = Property("name", PropertyKind.TEXT, "姓名", "Name.", ("姓名",))
TO_KIND, ABOUT_KIND = "to_kind", "about_kind"
OPERATOR_LABELS = "Enterprise|Cooperative"
LENDER_LABELS = "Fund|Bank"
HOUSEHOLD_TEXTS = ("户", "贫困户", "农户")
ENTERPRISE_TEXTS = (
    "企业", "公司", "龙头企业", "农业企业", "农业产业化龙头企业", "有限公司", "有限责任公司", "股份有限公司", "个人独资企业", "合伙企业",
)  # fmt: skip
COOPERATIVE_TEXTS = (
    "合作社", "专业合作社", "农民合作社", "农民专业合作社", "农业合作社", "股份合作社", "土地股份合作社", "土地股份专业合作社", "经济合作社",
    "股份经济合作社", "合作联社", "农民专业合作社联合社",
)  # fmt: skip
OPERATOR_TEXTS = ("经营主体", *ENTERPRISE_TEXTS, *COOPERATIVE_TEXTS)
HOLDER_KIND, BORROWER_KIND = "holder_kind", "borrower_kind"
PERSON_TEXTS, COLLECTIVE_TEXTS = ("人", "人口", "个人"), ("村", "村集体", "行政村")
HOLDERS = (
    (("", *HOUSEHOLD_TEXTS), "Household"),
    (("人", "人口"), "Person"),
    (("村", "村集体"), "Village"),
    (OPERATOR_TEXTS, OPERATOR_LABELS),
)
"""Kinds of shareholders as registers write them (blank: a household), and their labels."""
BORROWERS = ((("", *HOUSEHOLD_TEXTS), "Household"), (OPERATOR_TEXTS, OPERATOR_LABELS), (("银行",), "Bank"))
ENTERPRISE_CONDITION = ("kind", ENTERPRISE_TEXTS)
COOPERATIVE_CONDITION = ("kind", COOPERATIVE_TEXTS)


def _text_property(name: str, zh: str, *headers: str) -> Property:
    return Property(name, PropertyKind.TEXT, zh, zh, headers)


def _operator_sheet(
    name: str, doc: str, type_: str, starts_at_household: bool = True, aliases: tuple[str, ...] = ()
) -> Sheet:
    """Return a sheet of ties between operators and households or, where they begin at the operator, persons."""
    since = f"{type_}.since"
    if starts_at_household:
        key, write = "Household.card_no", Write(type_, end_column="operator", end_label=OPERATOR_LABELS)
    else:
        key, write = "Person.person_no", Write(type_, start_column="operator", start_label=OPERATOR_LABELS)
    column = SheetColumn("operator", ("经营主体", "统一社会信用代码", "经营主体代码"), OPERATOR_REF, True)
    return Sheet(
        name, doc, (key, "operator", since), (write,), (column,), aliases, (since,), ended_when_missing=(type_,)
    )


def _loan_columns() -> tuple[SheetColumn, ...]:
    """Return the columns that identify a loan or its repayment: voucher, lender, kind and number of the borrower."""
    return (
        SheetColumn("voucher", ("凭证号", "凭证编号"), _text_property("voucher", "凭证号"), True),
        SheetColumn("lender", ("出借方编号", "资金编号", "银行编号"), _text_property("lender", "出借方编号"), True),
        SheetColumn(BORROWER_KIND, ("借款方类型",), _text_property(BORROWER_KIND, "借款方类型")),
        SheetColumn("borrower", ("借款方编号", "户编号"), _text_property("borrower", "借款方编号"), True),
    )


SHEETS = (
    Sheet(
        "行政村", "Villages and their yearly records.", ("Village.code", "VillageYear.year"),
        (Write("Village"), Write("VillageYear"), Write("PART_OF", start_label="Village", end_column="parent", optional=True)),
        (SheetColumn("parent", ("上级区划代码", "所属乡镇代码"), _text_property("parent", "上级区划代码")),), aliases=("村", "贫困村"), ended_when_missing=("VillageYear",),
    ),
    Sheet("区划年报", "Yearly reports of counties and townships.", ("Area.code", "AreaYear.year"), (Write("AreaYear"),), aliases=("乡镇年报", "县年报"), ended_when_missing=("AreaYear",)),
    Sheet(
        "贫困户", "Households and their yearly cards.", ("Household.card_no", "HouseholdYear.year"),
        (Write("Household"), Write("HouseholdYear"), Write("LIVES_IN")), aliases=("户",), ended_when_missing=("LIVES_IN", "HouseholdYear"),
    ),
    Sheet(
        "家庭成员", "Members of households and their yearly records.", ("Person.person_no", "PersonYear.year"),
        (Write("Person"), Write("PersonYear"), Write("MEMBER_OF")), aliases=("人口", "贫困人口"), ended_when_missing=("MEMBER_OF", "PersonYear"),
    ),
    Sheet(
        "帮扶部门", "Departments and their locations.", ("Department.department_no",),
        (Write("Department"), Write("LOCATED_IN", start_label="Department", end_label="Area", end_column="Village.code", optional=True)),
        header_overrides={"Village.code": AREA_HEADERS}, aliases=("帮扶单位",),
    ),
    Sheet("帮扶干部", "Cadres.", ("Cadre.cadre_no",), (Write("Cadre"), Write("WORKS_FOR", optional=True)), aliases=("帮扶责任人",)),
    Sheet("银行", "Banks.", ("Bank.bank_no",), (Write("Bank"),), aliases=("金融机构",)),
    Sheet(
        "资金", "Funds, their managers and approvers.", ("Fund.fund_no",),
        (
            Write("Fund"), Write("MANAGED_BY", start_label="Fund", end_column="keeper", end_label="Area|Department", optional=True),
            Write("APPROVED", end_label="Fund", optional=True),
        ),
        (SheetColumn("keeper", ("管理单位", "管理单位编号", "管理区划代码"), _text_property("keeper", "管理单位")),),
        header_overrides={"Cadre.cadre_no": ("审批人", "审批干部编号")},
    ),
    Sheet("结对帮扶", "Helpers of households.", ("Cadre.cadre_no", "Household.card_no", "HELPS.since"), (Write("HELPS"),), optional_key=("HELPS.since",), ended_when_missing=("HELPS",)),
    Sheet("驻村帮扶", "Posts of cadres in villages.", ("Cadre.cadre_no", "Village.code", "SERVES.duty", "SERVES.since"), (Write("SERVES"),), optional_key=("SERVES.since",), ended_when_missing=("SERVES",)),
    Sheet("部门帮村", "Helping departments of villages.", ("Department.department_no", "Village.code", "ASSISTS.since"), (Write("ASSISTS"),), optional_key=("ASSISTS.since",), ended_when_missing=("ASSISTS",)),
    Sheet("走访记录", "Visits to households.", ("Cadre.cadre_no", "Household.card_no", "VISITED.since"), (Write("VISITED"),), aliases=("走访",)),
    Sheet("政策", "Policies under which measures are granted.", ("Policy.policy_no",), (Write("Policy"),), aliases=("政策目录",)),
    Sheet(
        "帮扶措施", "Measures of help.", ("Household.card_no", "Person.person_no", "Measure.kind", "Measure.content", "Measure.starts_on"),
        (
            Write("Measure"), Write("RECEIVES", start_label="Household", end_label="Measure"),
            Write("RECEIVES", start_label="Person", end_label="Measure", optional=True),
            Write("IMPLEMENTS", start_label="Department", end_label="Measure", optional=True),
            Write("UNDER", optional=True), Write("PAYS", optional=True),
        ), optional_key=("Person.person_no", "Measure.content", "Measure.starts_on"),
    ),
    Sheet(
        "经营主体", "Enterprises and cooperatives, and their locations.", ("operator",),
        (
            Write("Enterprise", when=ENTERPRISE_CONDITION, key_column="operator"), Write("Cooperative", when=COOPERATIVE_CONDITION, key_column="operator"),
            Write("LOCATED_IN", when=ENTERPRISE_CONDITION, start_column="operator", start_label="Enterprise", end_label="Area", end_column="Village.code", optional=True),
            Write("LOCATED_IN", when=COOPERATIVE_CONDITION, start_column="operator", start_label="Cooperative", end_label="Area", end_column="Village.code", optional=True),
        ),
        (SheetColumn("operator", ("统一社会信用代码",), OPERATOR_REF, True), SheetColumn("kind", ("类型", "主体类型"), _text_property("kind", "类型"), True)),
        header_overrides={"Village.code": AREA_HEADERS},
    ),
    Sheet(
        "医疗费用", "Medical bills of persons.", ("Person.person_no", "MedicalCost.paid_on", "MedicalCost.cost"),
        (Write("MedicalCost"), Write("INCURRED")), optional_key=("MedicalCost.paid_on",), aliases=("医疗支出",),
    ),
    _operator_sheet("用工", "Jobs with operators.", "EMPLOYS", starts_at_household=False, aliases=("务工就业",)),
    _operator_sheet("加入经营主体", "Households that are members of an operator.", "JOINED", aliases=("入社",)),
    _operator_sheet("土地流转", "Land leased to operators.", "LEASES_TO"),
    _operator_sheet("借牛还牛", "Livestock borrowed from operators.", "BORROWED_FROM", aliases=("牲畜借还",)),
    _operator_sheet("托养寄养", "Livestock entrusted to operators.", "ENTRUSTS_TO"),
    Sheet(
        "参股", "Stakes of operators in other operators.", ("investor", "operator", "INVESTS_IN.since"),
        (Write("INVESTS_IN", start_column="investor", start_label=OPERATOR_LABELS, end_column="operator", end_label=OPERATOR_LABELS),),
        (SheetColumn("investor", ("出资主体", "股东"), OPERATOR_REF, True), SheetColumn("operator", ("被投资主体", "经营主体"), OPERATOR_REF, True)),
        optional_key=("INVESTS_IN.since",),
    ),
    Sheet("项目", "Projects.", ("Project.project_no",), (
        Write("Project"), Write("LOCATED_IN", start_label="Project", end_label="Area", end_column="Village.code"),
        Write("IMPLEMENTS", start_column="operator", start_label=OPERATOR_LABELS, end_label="Project", optional=True),
        Write("APPROVED", end_label="Project", optional=True),
    ), (SheetColumn("operator", ("实施主体", "经营主体"), OPERATOR_REF),), header_overrides={"Cadre.cadre_no": ("审批人", "审批干部编号")}),
    Sheet("资金流向", "Payments from funds.", ("voucher", "to"), (
        Write("TRANSFERRED", when=(TO_KIND, ("资金",)), start_column="Fund.fund_no", end_column="to"),
        Write("ALLOCATED", when=(TO_KIND, ("项目",)), start_column="Fund.fund_no", end_column="to"),
        Write("GRANTED", when=(TO_KIND, HOUSEHOLD_TEXTS), start_column="Fund.fund_no", end_column="to"),
        Write("INVESTED", when=(TO_KIND, OPERATOR_TEXTS), start_column="Fund.fund_no", start_label="Fund", end_column="to"),
        Write("DISBURSED", when=(TO_KIND, PERSON_TEXTS), start_column="Fund.fund_no", end_column="to", end_label="Person"),
        Write("DISBURSED", when=(TO_KIND, COLLECTIVE_TEXTS), start_column="Fund.fund_no", end_column="to", end_label="Village"),
    ), (
        SheetColumn("voucher", ("凭证号", "凭证编号"), _text_property("voucher", "凭证号"), True), SheetColumn("Fund.fund_no", ("来源资金编号", "资金编号"), _text_property("fund_no", "来源资金编号"), True),
        SheetColumn(TO_KIND, ("去向类型",), _text_property(TO_KIND, "去向类型"), True), SheetColumn("to", ("去向编号",), _text_property("to", "去向编号"), True),
    )),
    Sheet("资产", "Assets.", ("Asset.asset_no",), (
        Write("Asset"), Write("FORMED", optional=True), Write("LOCATED_IN", start_label="Asset", end_label="Area", end_column="Village.code", optional=True),
        Write("OPERATES", start_column="operator", start_label=OPERATOR_LABELS, optional=True), Write("OWNS", start_column="owner", optional=True),
    ), (SheetColumn("operator", ("经营主体", "实施主体"), OPERATOR_REF), SheetColumn("owner", ("所有者", "产权单位", "产权单位代码"), _text_property("owner", "所有者")))),
    Sheet("资产形成", "Further projects, each of which formed a portion of an asset.", ("Asset.asset_no", "FORMED.portion"), (Write("FORMED"),)),
    Sheet("贷款", "Loans.", ("voucher", "borrower"), tuple(
        Write("LENT", when=(BORROWER_KIND, kinds), start_column="lender", start_label=LENDER_LABELS, end_column="borrower", end_label=label)
        for kinds, label in BORROWERS
    ), _loan_columns()),
    Sheet("还款", "Repayments of loans.", ("voucher", "borrower"), tuple(
        Write("REPAID", when=(BORROWER_KIND, kinds), start_column="borrower", start_label=label, end_column="lender", end_label=LENDER_LABELS)
        for kinds, label in BORROWERS
    ), _loan_columns(), aliases=("贷款归还",)),
    Sheet("股权", "Share certificates. The holder is a household if no other kind of holder is given.", ("HOLDS.certificate",), tuple(
        Write("HOLDS", when=(HOLDER_KIND, kinds), start_column="holder", start_label=label) for kinds, label in HOLDERS
    ), (
        SheetColumn(HOLDER_KIND, ("持有人类型", "持股人类型"), _text_property(HOLDER_KIND, "持有人类型")),
        SheetColumn("holder", ("户编号", "贫困户编号", "持有人编号", "持股人编号"), _text_property("holder", "户编号")),
    ), ended_when_missing=("HOLDS",)),
    Sheet(
        "股权决定", "Decisions that issue, end, transfer or redistribute shares.", ("ShareDecision.decision_no",),
        (Write("ShareDecision"), Write("DECIDED_ON", start_label="ShareDecision")),
    ),
    Sheet("收益分配", "Dividends announced.", ("Distribution.distribution_no",), (Write("Distribution"), Write("YIELDED"))),
    Sheet("分红发放", "Dividend payments. The recipient is a household if no other kind of recipient is given.", ("PAID.voucher", "payee"), tuple(
        Write("PAID", when=(HOLDER_KIND, kinds), end_column="payee", end_label=label) for kinds, label in HOLDERS
    ), (
        SheetColumn(HOLDER_KIND, ("领取人类型", "持有人类型"), _text_property(HOLDER_KIND, "领取人类型")),
        SheetColumn("payee", ("户编号", "贫困户编号", "领取人编号"), _text_property("payee", "户编号")),
    )),
    Sheet(
        "督查", "Supervision rounds, their leaders and areas.", ("Inspection.inspection_no", "Village.code", "Cadre.cadre_no"),
        (Write("Inspection"), Write("COVERS", start_label="Inspection", end_column="Village.code"), Write("INSPECTED", optional=True)),
        optional_key=("Cadre.cadre_no",), header_overrides={"Village.code": AREA_HEADERS}, aliases=("督查巡查",),
    ),
    Sheet(
        "问题清单", "Problems, with their subject, the responsible cadre or department, the due date and the closing.", ("Problem.problem_no",), (
            Write("Problem"),
            Write("ABOUT", when=(ABOUT_KIND, ("区划", "村", "乡镇", "县")), start_label="Problem", end_column="about", end_label="Area"),
            Write("ABOUT", when=(ABOUT_KIND, ("户", "贫困户")), start_label="Problem", end_column="about", end_label="Household"),
            Write("ABOUT", when=(ABOUT_KIND, ("人", "人口")), start_label="Problem", end_column="about", end_label="Person"),
            Write("RESPONSIBLE_FOR", start_label="Cadre", optional=True), Write("RESPONSIBLE_FOR", start_label="Department", optional=True),
            Write("FOUND", optional=True),
        ), (SheetColumn(ABOUT_KIND, ("对象类型",), _text_property(ABOUT_KIND, "对象类型"), True), SheetColumn("about", ("对象编号",), _text_property("about", "对象编号"), True)),
    ),
    Sheet(
        "责任书", "Responsibility letters, their areas, signatories and dates.", ("Pledge.pledge_no", "Cadre.cadre_no"),
        (Write("Pledge"), Write("COVERS", start_label="Pledge", end_column="Village.code"), Write("SIGNED", optional=True)),
        optional_key=("Cadre.cadre_no",), header_overrides={"Village.code": AREA_HEADERS}, aliases=("脱贫责任书",),
    ),
    Sheet(
        "目标任务", "Targets of areas.", ("Target.target_no",), (Write("Target"), Write("COVERS", start_label="Target", end_column="Village.code")),
        header_overrides={"Village.code": AREA_HEADERS},
    ),
    Sheet("领导小组", "Posts in leading groups.", ("Cadre.cadre_no", "Village.code", "LEADS.since"), (Write("LEADS", end_column="Village.code"),), optional_key=("LEADS.since",), header_overrides={"Village.code": AREA_HEADERS}, ended_when_missing=("LEADS",)),
    Sheet("挂职干部", "Cadres on secondment to areas.", ("Cadre.cadre_no", "Village.code", "POSTED_TO.since"), (Write("POSTED_TO", end_column="Village.code"),), optional_key=("POSTED_TO.since",), header_overrides={"Village.code": AREA_HEADERS}, ended_when_missing=("POSTED_TO",)),
    Sheet(
        "区划调整", "Areas that were merged into others.", ("former", "into"), (Write("PREDECESSOR_OF", start_column="former", end_column="into"),),
        (SheetColumn("former", ("原区划代码", "原村编码"), _text_property("code", "原区划代码"), True), SheetColumn("into", ("现区划代码", "现村编码"), _text_property("code", "现区划代码"), True)),
        aliases=("撤并",),
    ),
    Sheet(
        "监测对象", "Households monitored after 2020, with the dates of the steps.", ("Watch.watch_no",),
        (Write("Watch"), Write("WATCHES")), aliases=("防返贫监测",),
    ),
    Sheet(
        "外部名单", "Entries in lists of other offices, with which the register is compared.", ("OutsideRecord.list", "OutsideRecord.identity", "OutsideRecord.content"),
        (Write("OutsideRecord"), Write("LISTED_IN", end_column="Village.code")), optional_key=("OutsideRecord.content",), header_overrides={"Village.code": AREA_HEADERS},
    ),
    Sheet("关系人", "Representatives of operators and relatives of cadres.", ("name", "Cadre.cadre_no", "relation", "operator"), optional_key=("operator",), writes=(
        Write("Person"), Write("PersonYear"),
        Write("SAME_AS", when=("relation", ("本人",))), Write("KIN_OF", when=("relation", ("!本人",))),
        Write("REPRESENTS", end_column="operator", end_label=OPERATOR_LABELS, optional=True),
    ), columns=(
        SheetColumn("name", ("姓名",), PERSON_NAME, True), SheetColumn("relation", ("关系",), _text_property("relation", "关系"), True),
        SheetColumn("operator", ("经营主体", "统一社会信用代码"), OPERATOR_REF),
    )),
)  # fmt: skip
