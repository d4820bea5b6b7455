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
NAME = Property("name", Kind.TEXT, "姓名", "Name.", ("姓名",))


def _text(name: str, zh: str, *headers: str) -> Property:
    return Property(name, Kind.TEXT, zh, zh, headers)


TO_KIND = "to_kind"
SHEETS = (
    Sheet(
        "行政村", "Villages and their books.", ("Village.code",),
        (Write("Village"), Write("VillageYear"), Write("PART_OF", start_label="Village", end="parent", optional=True)),
        (Column("parent", ("上级区划代码", "所属乡镇代码"), _text("parent", "上级区划代码")),), aliases=("村", "贫困村"),
    ),
    Sheet(
        "贫困户", "Households and their cards.", ("Household.card_no", "HouseholdYear.year"),
        (Write("Household"), Write("HouseholdYear"), Write("LIVES_IN")), aliases=("户",),
    ),
    Sheet(
        "家庭成员", "Persons.", ("Person.person_no", "PersonYear.year"),
        (Write("Person"), Write("PersonYear"), Write("MEMBER_OF")), aliases=("人口", "贫困人口"),
    ),
    Sheet("帮扶部门", "Departments.", ("Department.department_no",), (Write("Department"),), aliases=("帮扶单位",)),
    Sheet("帮扶干部", "Cadres.", ("Cadre.cadre_no",), (Write("Cadre"), Write("WORKS_FOR", optional=True)), aliases=("帮扶责任人",)),
    Sheet("结对帮扶", "Who helps which household.", ("Cadre.cadre_no", "Household.card_no", "HELPS.since"), (Write("HELPS"),), blank=("HELPS.since",)),
    Sheet("驻村帮扶", "Who serves which village.", ("Cadre.cadre_no", "Village.code", "SERVES.duty", "SERVES.since"), (Write("SERVES"),), blank=("SERVES.since",)),
    Sheet("部门帮村", "Which department helps which village.", ("Department.department_no", "Village.code", "ASSISTS.since"), (Write("ASSISTS"),), blank=("ASSISTS.since",)),
    Sheet("走访记录", "Visits.", ("Cadre.cadre_no", "Household.card_no", "VISITED.since"), (Write("VISITED"),), aliases=("走访",)),
    Sheet(
        "帮扶措施", "Measures.", ("Household.card_no", "Person.person_no", "Measure.kind", "Measure.content", "Measure.starts_on"),
        (
            Write("Measure"), Write("RECEIVES", start_label="Household", end_label="Measure"),
            Write("RECEIVES", start_label="Person", end_label="Measure", optional=True),
            Write("IMPLEMENTS", start_label="Department", end_label="Measure", optional=True),
        ), blank=("Person.person_no", "Measure.content", "Measure.starts_on"),
    ),
    Sheet(
        "经营主体", "Enterprises and cooperatives.", ("operator",),
        (Write("Enterprise", when=("kind", ("企业", "公司", "龙头企业")), key="operator"), Write("Cooperative", when=("kind", ("合作社", "专业合作社", "土地股份合作社")), key="operator")),
        (Column("operator", ("统一社会信用代码",), OPERATOR_REF, True), Column("kind", ("类型", "主体类型"), _text("kind", "类型"), True)),
    ),
    Sheet("资金", "Funds.", ("Fund.fund_no",), (Write("Fund"),)),
    Sheet("项目", "Projects.", ("Project.project_no",), (
        Write("Project"), Write("LOCATED_IN", start_label="Project", end_label="Area", end="Village.code"),
        Write("IMPLEMENTS", start="operator", start_label="Enterprise|Cooperative", end_label="Project", optional=True),
    ), (Column("operator", ("实施主体", "经营主体"), OPERATOR_REF),)),
    Sheet("资金流向", "Where money went.", ("voucher", "to"), (
        Write("TRANSFERRED", when=(TO_KIND, ("资金",)), start="Fund.fund_no", end="to"),
        Write("ALLOCATED", when=(TO_KIND, ("项目",)), start="Fund.fund_no", end="to"),
        Write("GRANTED", when=(TO_KIND, ("户", "贫困户", "农户")), start="Fund.fund_no", end="to"),
    ), (
        Column("voucher", ("凭证号", "凭证编号"), _text("voucher", "凭证号"), True), Column("Fund.fund_no", ("来源资金编号", "资金编号"), _text("fund_no", "来源资金编号"), True),
        Column(TO_KIND, ("去向类型",), _text(TO_KIND, "去向类型"), True), Column("to", ("去向编号",), _text("to", "去向编号"), True),
    )),
    Sheet("资产", "Assets.", ("Asset.asset_no",), (
        Write("Asset"), Write("FORMED", optional=True), Write("LOCATED_IN", start_label="Asset", end_label="Area", end="Village.code", optional=True),
        Write("OPERATES", start="operator", start_label="Enterprise|Cooperative", optional=True),
    ), (Column("operator", ("经营主体", "实施主体"), OPERATOR_REF),)),
    Sheet("股权", "Certificates of shares.", ("HOLDS.certificate",), (Write("HOLDS", start_label="Household"),)),
    Sheet("收益分配", "Dividends declared.", ("Distribution.distribution_no",), (Write("Distribution"), Write("YIELDED"))),
    Sheet("分红发放", "Dividends paid.", ("PAID.voucher", "Household.card_no"), (Write("PAID", end_label="Household"),)),
    Sheet("关系人", "People behind operators, and whose kin they are.", ("name", "Cadre.cadre_no", "relation", "operator"), blank=("operator",), writes=(
        Write("Person"), Write("PersonYear"),
        Write("SAME_AS", when=("relation", ("本人",))), Write("KIN_OF", when=("relation", ("!本人",))),
        Write("REPRESENTS", end="operator", end_label="Enterprise|Cooperative", optional=True),
    ), columns=(
        Column("name", ("姓名",), NAME, True), Column("relation", ("关系",), _text("relation", "关系"), True),
        Column("operator", ("经营主体", "统一社会信用代码"), OPERATOR_REF),
    )),
)  # fmt: skip
