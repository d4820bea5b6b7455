"""Help: cadres, departments, and the measures that households and persons receive."""

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
NAME = Property("name", K.TEXT, "名称", "Name.", ("名称",), D.PUBLIC, search_kind="name")
HOUSEHOLD_ANCHOR = (AnchorStep("LIVES_IN"),)
RECIPIENT_ANCHOR = (AnchorStep("RECEIVES", False), *HOUSEHOLD_ANCHOR)

LABELS = (
    Label(
        "Cadre", "帮扶干部", "A cadre responsible for helping households or villages (帮扶责任人).",
        Property("cadre_no", K.TEXT, "干部编号", "Number of the cadre.", ("干部编号", "帮扶干部编号", "责任人编号")),
        (
            Property("name", K.TEXT, "姓名", "Name.", ("姓名", "干部姓名"), search_kind="person"),
            Property("post", K.TEXT, "职务", "Position or rank.", ("职务", "职级")),
            Property("phone", K.TEXT, "联系电话", "Telephone number.", ("联系电话", "电话", "帮扶人联系电话", "帮扶人电话", "帮扶责任人联系电话", "帮扶责任人电话", "帮扶干部联系电话", "帮扶干部电话"), D.CONFIDENTIAL, check="phone"),
            Property("left_on", K.DATE, "离岗日期", "First day on which the cadre is no longer in the position; null if still in it.", ("离岗日期", "离岗时间")),
        ),
        anchors=((AnchorStep("HELPS"), *HOUSEHOLD_ANCHOR), (AnchorStep("SERVES"),)),
    ),
    Label(
        "Department", "帮扶部门", "A department or unit that helps villages.",
        Property("department_no", K.TEXT, "单位编号", "Number of the department.", ("单位编号", "部门编号", "实施单位"), D.PUBLIC),
        (
            Property("name", K.TEXT, "单位名称", "Name.", ("单位名称", "部门名称"), D.PUBLIC, search_kind="name"),
            Property("level", K.ENUM, "隶属关系", "Level of government to which the department belongs.", ("隶属关系", "单位级别"), D.PUBLIC, enums.LEVEL),
            Property("dissolved_on", K.DATE, "撤销日期", "First day on which the department no longer exists because it was dissolved or merged; null if it still exists.", ("撤销日期", "撤并日期"), D.PUBLIC),
        ),
    ),
    Label(
        "Measure", "帮扶措施", "A measure of help for a household or one of its members.",
        Property("measure_no", K.TEXT, "措施编号", "Number of the measure, derived with the key of the store from household, person, kind, content, start date, unit, policy and fund. If several rows agree in all of these, it is derived from all their values.", ()),
        (
            Property("kind", K.ENUM, "措施类别", "Kind of help.", ("措施类别", "帮扶类别"), enum=enums.MEASURE_KIND),
            Property("content", K.TEXT, "项目内容", "Content of the measure. If it is only 其他 (other), the measure counts as help in name only.", ("项目内容", "帮扶内容")),
            Property("amount", K.YUAN, "金额", "Amount of the measure, in yuan.", ("金额（元）", "金额"), minimum=0),
            Property("starts_on", K.DATE, "开始时间", "First day of the measure.", ("开始时间", "开始日期")),
            Property("ends_on", K.DATE, "结束时间", "Last day of the measure.", ("结束时间", "结束日期")),
            Property("moved_in_on", K.DATE, "搬迁入住日期", "Day of moving into the new or repaired house, for relocation and safe-housing measures.", ("搬迁入住日期", "入住日期", "竣工入住日期")),
        ),
        anchors=(RECIPIENT_ANCHOR,),
    ),
    Label(
        "Policy", "政策", "A policy in the catalogue under which measures are granted.",
        Property("policy_no", K.TEXT, "政策编号", "Number of the policy.", ("政策编号",), D.PUBLIC),
        (
            NAME,
            Property("plan", K.TEXT, "专项方案", "Special plan to which the policy belongs, one of ten.", ("专项方案",), D.PUBLIC),
            Property("batch", K.TEXT, "批次", "Batch to which the policy belongs (五个一批).", ("五个一批",), D.PUBLIC),
            Property("unit_amount", K.YUAN, "补助标准", "Amount per recipient, in yuan.", ("补助标准（元）",), D.PUBLIC, minimum=0),
        ),
        plural="Policies",
    ),
    Label(
        "MedicalCost", "医疗费用", "A medical bill of a person and the amounts paid by insurance and by the person.",
        Property("cost_no", K.TEXT, "费用编号", "Number of the bill, derived with the key of the store from person, date and cost. If several rows agree in all of these, it is derived from all their values.", ()),
        (
            Property("paid_on", K.DATE, "就诊日期", "Date of treatment or settlement.", ("就诊日期", "结算日期"), D.SENSITIVE),
            Property("cost", K.YUAN, "总费用", "Total cost, in yuan.", ("总费用（元）",), D.SENSITIVE, minimum=0),
            Property("insured", K.YUAN, "报销金额", "Amount paid by insurance and medical aid, in yuan.", ("报销金额（元）",), D.SENSITIVE, minimum=0),
            Property("own", K.YUAN, "自付金额", "Amount paid by the person, in yuan.", ("自付金额（元）",), D.SENSITIVE, minimum=0),
        ),
        anchors=((AnchorStep("INCURRED", False), AnchorStep("MEMBER_OF"), *HOUSEHOLD_ANCHOR),),
        # Who has bills is ill.
        classification=D.SENSITIVE,
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship("HELPS", ("Cadre",), ("Household",), "结对帮扶", "A cadre is the helper of a household.", "helpsHouseholds", "helpers", "end", key=("since",)),
    Relationship(
        "VISITED", ("Cadre",), ("Household",), "走访", "A cadre visited a household.", "visits", "visits", "end",
        (Property("note", K.TEXT, "内容", "Notes on the visit.", ("内容", "走访内容")),),
        key=("since",), is_flow=True, since_headers=("走访日期", "走访时间"),
    ),
    Relationship(
        "SERVES", ("Cadre",), ("Village",), "驻村帮扶", "A cadre holds a post in a village.", "servesVillages", "posts", "start",
        (Property("duty", K.ENUM, "职责", "Post in the village.", ("职责", "驻村职责", "驻村职务"), enum=enums.DUTY_POST),), key=("duty", "since"),
        since_headers=("开始时间", "开始日期", "起始日期", "起始时间", "到村时间", "驻村时间", "派驻时间"),
    ),
    Relationship(
        "LEADS", ("Cadre",), ("Area",), "领导小组任职", "A cadre holds a post in the leading group of an area.", "leads", "leaders", "start",
        (Property("post", K.TEXT, "职务", "Post in the leading group.", ("领导小组职务",)),), key=("since",),
    ),
    Relationship(
        "POSTED_TO", ("Cadre",), ("Area",), "挂职", "A cadre is on secondment to an area.", "postedTo", "postedCadres", "start",
        (Property("post", K.TEXT, "职务", "Post held during the secondment.", ("挂职职务",)),), key=("since",),
    ),
    Relationship("ASSISTS", ("Department",), ("Village",), "部门帮村", "A department helps a village.", "assistsVillages", "assistingDepartments", "end", key=("since",)),
    Relationship("WORKS_FOR", ("Cadre",), ("Department",), "所在单位", "Department for which a cadre works.", "department", "cadres", "start", identified_by="start", single_from="start", since_headers=(), until_headers=()),
    Relationship("RECEIVES", ("Household", "Person"), ("Measure",), "享受", "A household or a person receives a measure.", "measures", "recipients", "end", since_headers=(), until_headers=()),
    Relationship("UNDER", ("Measure",), ("Policy",), "所属政策", "Policy under which a measure is granted.", "policy", "measures", "start", single_from="start", since_headers=(), until_headers=()),
    Relationship(
        "IMPLEMENTS", ("Department", "Enterprise", "Cooperative"), ("Measure", "Project"), "实施", "A department or operator carries out a measure or project.",
        "implements", "implementers", "end", identified_by="end", since_headers=(), until_headers=(),
    ),
    Relationship("INCURRED", ("Person",), ("MedicalCost",), "发生费用", "A person has a medical bill.", "medicalCosts", "person", "end", single_from="end", since_headers=(), until_headers=()),
)  # fmt: skip
