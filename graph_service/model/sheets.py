"""The sheets of a register: what tells their rows apart, what a row writes. Default headers; a mapping file changes them."""

from __future__ import annotations

from graph_service.declare import Column, Kind, Property, Sheet, Write

OPERATOR_REF = Property(
    "uscc",
    Kind.TEXT,
    "经营主体",
    "Unified social credit code of the operator.",
    ("经营主体", "实施主体", "经营主体代码"),
)
AREA_HEADERS = ("区划代码", "所在区划代码", "覆盖区划代码", "村编码")
NAME = Property("name", Kind.TEXT, "姓名", "Name.", ("姓名",))
TO_KIND, ABOUT_KIND = "to_kind", "about_kind"
OPERATOR = "Enterprise|Cooperative"
LENDER = "Fund|Bank"
HOUSEHOLDS = ("户", "贫困户", "农户")
OPERATED = ("经营主体", "企业", "合作社")
HOLDER_KIND, BORROWER_KIND = "holder_kind", "borrower_kind"
PERSONS, COLLECTIVES = ("人", "人口", "个人"), ("村", "村集体", "行政村")
HOLDERS = (
    (("", *HOUSEHOLDS), "Household"),
    (("人", "人口"), "Person"),
    (("村", "村集体"), "Village"),
    (OPERATED, OPERATOR),
)
"""Kinds of those who hold shares, as registers call them (blank: a household), and the labels that they are of."""
BORROWERS = ((("", *HOUSEHOLDS), "Household"), (OPERATED, OPERATOR), (("银行",), "Bank"))
FIRMS = ("kind", ("企业", "公司", "龙头企业"))
SOCIETIES = ("kind", ("合作社", "专业合作社", "土地股份合作社"))


def _text(name: str, zh: str, *headers: str) -> Property:
    return Property(name, Kind.TEXT, zh, zh, headers)


def _operated(name: str, doc: str, type_: str, household: bool = True, aliases: tuple[str, ...] = ()) -> Sheet:
    """A sheet of ties between operators and households or, where they begin at the operator, persons."""
    since = f"{type_}.since"
    if household:
        key, write = "Household.card_no", Write(type_, end="operator", end_label=OPERATOR)
    else:
        key, write = "Person.person_no", Write(type_, start="operator", start_label=OPERATOR)
    column = Column("operator", ("经营主体", "统一社会信用代码", "经营主体代码"), OPERATOR_REF, True)
    return Sheet(name, doc, (key, "operator", since), (write,), (column,), aliases, (since,), ends=(type_,))


def _lending() -> tuple[Column, ...]:
    """What tells a loan, or its repayment, from another: voucher, lender, kind and number of who borrows."""
    return (
        Column("voucher", ("凭证号", "凭证编号"), _text("voucher", "凭证号"), True),
        Column("lender", ("出借方编号", "资金编号", "银行编号"), _text("lender", "出借方编号"), True),
        Column(BORROWER_KIND, ("借款方类型",), _text(BORROWER_KIND, "借款方类型")),
        Column("borrower", ("借款方编号", "户编号"), _text("borrower", "借款方编号"), True),
    )


SHEETS = (
    Sheet(
        "行政村", "Villages and their books.", ("Village.code", "VillageYear.year"),
        (Write("Village"), Write("VillageYear"), Write("PART_OF", start_label="Village", end="parent", optional=True)),
        (Column("parent", ("上级区划代码", "所属乡镇代码"), _text("parent", "上级区划代码")),), aliases=("村", "贫困村"), ends=("VillageYear",),
    ),
    Sheet("区划年报", "Yearly reports of counties and townships.", ("Area.code", "AreaYear.year"), (Write("AreaYear"),), aliases=("乡镇年报", "县年报"), ends=("AreaYear",)),
    Sheet(
        "贫困户", "Households and their cards.", ("Household.card_no", "HouseholdYear.year"),
        (Write("Household"), Write("HouseholdYear"), Write("LIVES_IN")), aliases=("户",), ends=("LIVES_IN", "HouseholdYear"),
    ),
    Sheet(
        "家庭成员", "Persons.", ("Person.person_no", "PersonYear.year"),
        (Write("Person"), Write("PersonYear"), Write("MEMBER_OF")), aliases=("人口", "贫困人口"), ends=("MEMBER_OF", "PersonYear"),
    ),
    Sheet(
        "帮扶部门", "Departments, and where they are.", ("Department.department_no",),
        (Write("Department"), Write("LOCATED_IN", start_label="Department", end_label="Area", end="Village.code", optional=True)),
        headers={"Village.code": AREA_HEADERS}, aliases=("帮扶单位",),
    ),
    Sheet("帮扶干部", "Cadres.", ("Cadre.cadre_no",), (Write("Cadre"), Write("WORKS_FOR", optional=True)), aliases=("帮扶责任人",)),
    Sheet("银行", "Banks.", ("Bank.bank_no",), (Write("Bank"),), aliases=("金融机构",)),
    Sheet(
        "资金", "Funds, who manages and who approved them.", ("Fund.fund_no",),
        (
            Write("Fund"), Write("MANAGED_BY", start_label="Fund", end="keeper", end_label="Area|Department", optional=True),
            Write("APPROVED", end_label="Fund", optional=True),
        ),
        (Column("keeper", ("管理单位", "管理单位编号", "管理区划代码"), _text("keeper", "管理单位")),),
        headers={"Cadre.cadre_no": ("审批人", "审批干部编号")},
    ),
    Sheet("结对帮扶", "Who helps which household.", ("Cadre.cadre_no", "Household.card_no", "HELPS.since"), (Write("HELPS"),), blank=("HELPS.since",), ends=("HELPS",)),
    Sheet("驻村帮扶", "Who serves which village.", ("Cadre.cadre_no", "Village.code", "SERVES.duty", "SERVES.since"), (Write("SERVES"),), blank=("SERVES.since",), ends=("SERVES",)),
    Sheet("部门帮村", "Which department helps which village.", ("Department.department_no", "Village.code", "ASSISTS.since"), (Write("ASSISTS"),), blank=("ASSISTS.since",), ends=("ASSISTS",)),
    Sheet("走访记录", "Visits.", ("Cadre.cadre_no", "Household.card_no", "VISITED.since"), (Write("VISITED"),), aliases=("走访",)),
    Sheet("政策", "Policies that measures are under.", ("Policy.policy_no",), (Write("Policy"),), aliases=("政策目录",)),
    Sheet(
        "帮扶措施", "Measures.", ("Household.card_no", "Person.person_no", "Measure.kind", "Measure.content", "Measure.starts_on"),
        (
            Write("Measure"), Write("RECEIVES", start_label="Household", end_label="Measure"),
            Write("RECEIVES", start_label="Person", end_label="Measure", optional=True),
            Write("IMPLEMENTS", start_label="Department", end_label="Measure", optional=True),
            Write("UNDER", optional=True), Write("PAYS", optional=True),
        ), blank=("Person.person_no", "Measure.content", "Measure.starts_on"),
    ),
    Sheet(
        "经营主体", "Enterprises and cooperatives, and where they are.", ("operator",),
        (
            Write("Enterprise", when=FIRMS, key="operator"), Write("Cooperative", when=SOCIETIES, key="operator"),
            Write("LOCATED_IN", when=FIRMS, start="operator", start_label="Enterprise", end_label="Area", end="Village.code", optional=True),
            Write("LOCATED_IN", when=SOCIETIES, start="operator", start_label="Cooperative", end_label="Area", end="Village.code", optional=True),
        ),
        (Column("operator", ("统一社会信用代码",), OPERATOR_REF, True), Column("kind", ("类型", "主体类型"), _text("kind", "类型"), True)),
        headers={"Village.code": AREA_HEADERS},
    ),
    Sheet(
        "医疗费用", "What illnesses cost.", ("Person.person_no", "MedicalCost.paid_on", "MedicalCost.cost"),
        (Write("MedicalCost"), Write("INCURRED")), blank=("MedicalCost.paid_on",), aliases=("医疗支出",),
    ),
    _operated("用工", "Jobs at operators.", "EMPLOYS", household=False, aliases=("务工就业",)),
    _operated("加入经营主体", "Households that joined an operator.", "JOINED", aliases=("入社",)),
    _operated("土地流转", "Land leased to operators.", "LEASES_TO"),
    _operated("借牛还牛", "Livestock borrowed from operators.", "BORROWED_FROM", aliases=("牲畜借还",)),
    _operated("托养寄养", "Livestock entrusted to operators.", "ENTRUSTS_TO"),
    Sheet(
        "参股", "Operators that hold a part of others.", ("investor", "operator", "INVESTS_IN.since"),
        (Write("INVESTS_IN", start="investor", start_label=OPERATOR, end="operator", end_label=OPERATOR),),
        (Column("investor", ("出资主体", "股东"), OPERATOR_REF, True), Column("operator", ("被投资主体", "经营主体"), OPERATOR_REF, True)),
        blank=("INVESTS_IN.since",),
    ),
    Sheet("项目", "Projects.", ("Project.project_no",), (
        Write("Project"), Write("LOCATED_IN", start_label="Project", end_label="Area", end="Village.code"),
        Write("IMPLEMENTS", start="operator", start_label=OPERATOR, end_label="Project", optional=True),
        Write("APPROVED", end_label="Project", optional=True),
    ), (Column("operator", ("实施主体", "经营主体"), OPERATOR_REF),), headers={"Cadre.cadre_no": ("审批人", "审批干部编号")}),
    Sheet("资金流向", "Where money went.", ("voucher", "to"), (
        Write("TRANSFERRED", when=(TO_KIND, ("资金",)), start="Fund.fund_no", end="to"),
        Write("ALLOCATED", when=(TO_KIND, ("项目",)), start="Fund.fund_no", end="to"),
        Write("GRANTED", when=(TO_KIND, HOUSEHOLDS), start="Fund.fund_no", end="to"),
        Write("INVESTED", when=(TO_KIND, OPERATED), start="Fund.fund_no", start_label="Fund", end="to"),
        Write("DISBURSED", when=(TO_KIND, PERSONS), start="Fund.fund_no", end="to", end_label="Person"),
        Write("DISBURSED", when=(TO_KIND, COLLECTIVES), start="Fund.fund_no", end="to", end_label="Village"),
    ), (
        Column("voucher", ("凭证号", "凭证编号"), _text("voucher", "凭证号"), True), Column("Fund.fund_no", ("来源资金编号", "资金编号"), _text("fund_no", "来源资金编号"), True),
        Column(TO_KIND, ("去向类型",), _text(TO_KIND, "去向类型"), True), Column("to", ("去向编号",), _text("to", "去向编号"), True),
    )),
    Sheet("资产", "Assets.", ("Asset.asset_no",), (
        Write("Asset"), Write("FORMED", optional=True), Write("LOCATED_IN", start_label="Asset", end_label="Area", end="Village.code", optional=True),
        Write("OPERATES", start="operator", start_label=OPERATOR, optional=True), Write("OWNS", start="owner", optional=True),
    ), (Column("operator", ("经营主体", "实施主体"), OPERATOR_REF), Column("owner", ("所有者", "产权单位", "产权单位代码"), _text("owner", "所有者")))),
    Sheet("资产形成", "Further projects that formed a portion of an asset.", ("Asset.asset_no", "FORMED.portion"), (Write("FORMED"),)),
    Sheet("贷款", "Loans.", ("voucher", "borrower"), tuple(
        Write("LENT", when=(BORROWER_KIND, kinds), start="lender", start_label=LENDER, end="borrower", end_label=label)
        for kinds, label in BORROWERS
    ), _lending()),
    Sheet("还款", "Loans paid back.", ("voucher", "borrower"), tuple(
        Write("REPAID", when=(BORROWER_KIND, kinds), start="borrower", start_label=label, end="lender", end_label=LENDER)
        for kinds, label in BORROWERS
    ), _lending(), aliases=("贷款归还",)),
    Sheet("股权", "Certificates of shares, of households where no other kind of holder is named.", ("HOLDS.certificate",), tuple(
        Write("HOLDS", when=(HOLDER_KIND, kinds), start="holder", start_label=label) for kinds, label in HOLDERS
    ), (
        Column(HOLDER_KIND, ("持有人类型", "持股人类型"), _text(HOLDER_KIND, "持有人类型")),
        Column("holder", ("户编号", "贫困户编号", "持有人编号", "持股人编号"), _text("holder", "户编号")),
    ), ends=("HOLDS",)),
    Sheet(
        "股权决定", "Decisions that issue, end, transfer or redistribute shares.", ("ShareDecision.decision_no",),
        (Write("ShareDecision"), Write("DECIDED_ON", start_label="ShareDecision")),
    ),
    Sheet("收益分配", "Dividends declared.", ("Distribution.distribution_no",), (Write("Distribution"), Write("YIELDED"))),
    Sheet("分红发放", "Dividends paid, to households where no other kind of holder is named.", ("PAID.voucher", "payee"), tuple(
        Write("PAID", when=(HOLDER_KIND, kinds), end="payee", end_label=label) for kinds, label in HOLDERS
    ), (
        Column(HOLDER_KIND, ("领取人类型", "持有人类型"), _text(HOLDER_KIND, "领取人类型")),
        Column("payee", ("户编号", "贫困户编号", "领取人编号"), _text("payee", "户编号")),
    )),
    Sheet(
        "督查", "Supervision rounds, who led them, where.", ("Inspection.inspection_no", "Village.code", "Cadre.cadre_no"),
        (Write("Inspection"), Write("COVERS", start_label="Inspection", end="Village.code"), Write("INSPECTED", optional=True)),
        blank=("Cadre.cadre_no",), headers={"Village.code": AREA_HEADERS}, aliases=("督查巡查",),
    ),
    Sheet(
        "问题清单", "Problems: what about, who must put them right until when, how they were closed.", ("Problem.problem_no",), (
            Write("Problem"),
            Write("ABOUT", when=(ABOUT_KIND, ("区划", "村", "乡镇", "县")), start_label="Problem", end="about", end_label="Area"),
            Write("ABOUT", when=(ABOUT_KIND, ("户", "贫困户")), start_label="Problem", end="about", end_label="Household"),
            Write("ABOUT", when=(ABOUT_KIND, ("人", "人口")), start_label="Problem", end="about", end_label="Person"),
            Write("RESPONSIBLE_FOR", start_label="Cadre", optional=True), Write("RESPONSIBLE_FOR", start_label="Department", optional=True),
            Write("FOUND", optional=True),
        ), (Column(ABOUT_KIND, ("对象类型",), _text(ABOUT_KIND, "对象类型"), True), Column("about", ("对象编号",), _text("about", "对象编号"), True)),
    ),
    Sheet(
        "责任书", "Responsibility letters: of which area, signed by whom and when.", ("Pledge.pledge_no", "Cadre.cadre_no"),
        (Write("Pledge"), Write("COVERS", start_label="Pledge", end="Village.code"), Write("SIGNED", optional=True)),
        blank=("Cadre.cadre_no",), headers={"Village.code": AREA_HEADERS}, aliases=("脱贫责任书",),
    ),
    Sheet(
        "目标任务", "Targets of areas.", ("Target.target_no",), (Write("Target"), Write("COVERS", start_label="Target", end="Village.code")),
        headers={"Village.code": AREA_HEADERS},
    ),
    Sheet("领导小组", "Posts in leading groups.", ("Cadre.cadre_no", "Village.code", "LEADS.since"), (Write("LEADS", end="Village.code"),), blank=("LEADS.since",), headers={"Village.code": AREA_HEADERS}, ends=("LEADS",)),
    Sheet("挂职干部", "Cadres posted to areas.", ("Cadre.cadre_no", "Village.code", "POSTED_TO.since"), (Write("POSTED_TO", end="Village.code"),), blank=("POSTED_TO.since",), headers={"Village.code": AREA_HEADERS}, ends=("POSTED_TO",)),
    Sheet(
        "区划调整", "Areas that were merged into others.", ("former", "into"), (Write("PREDECESSOR_OF", start="former", end="into"),),
        (Column("former", ("原区划代码", "原村编码"), _text("code", "原区划代码"), True), Column("into", ("现区划代码", "现村编码"), _text("code", "现区划代码"), True)),
        aliases=("撤并",),
    ),
    Sheet(
        "监测对象", "Households that are watched after 2020, with their steps.", ("Watch.watch_no",),
        (Write("Watch"), Write("WATCHES")), aliases=("防返贫监测",),
    ),
    Sheet(
        "外部名单", "Entries of other offices' lists, to be compared with.", ("OutsideRecord.list", "OutsideRecord.identity", "OutsideRecord.content"),
        (Write("OutsideRecord"), Write("LISTED_IN", end="Village.code")), blank=("OutsideRecord.content",), headers={"Village.code": AREA_HEADERS},
    ),
    Sheet("关系人", "People behind operators, and whose kin they are.", ("name", "Cadre.cadre_no", "relation", "operator"), blank=("operator",), writes=(
        Write("Person"), Write("PersonYear"),
        Write("SAME_AS", when=("relation", ("本人",))), Write("KIN_OF", when=("relation", ("!本人",))),
        Write("REPRESENTS", end="operator", end_label=OPERATOR, optional=True),
    ), columns=(
        Column("name", ("姓名",), NAME, True), Column("relation", ("关系",), _text("relation", "关系"), True),
        Column("operator", ("经营主体", "统一社会信用代码"), OPERATOR_REF),
    )),
)  # fmt: skip
