"""Areas, households, persons, and where they live."""

from __future__ import annotations

from graph_service.domain.metamodel import (
    AnchorStep,
    DataClassification,
    Label,
    LabelStorage,
    Property,
    PropertyKind,
    Relationship,
)
from graph_service.domain.model import enumerations as enums

K, D = PropertyKind, DataClassification

HOUSEHOLD_ANCHOR = (AnchorStep("LIVES_IN"),)
OWNER_STEP = AnchorStep("OF")
IDENTITY_SEAL_NAME = "identity"
"""Name under which identity numbers are sealed in all labels, so that people can be compared with other lists."""
YEAR_HEADERS = ("年度", "年份", "统计年度", "采集年度", "数据年度", "年度（年）")
PERSON_ANCHORS = (
    (AnchorStep("MEMBER_OF"), *HOUSEHOLD_ANCHOR),
    (AnchorStep("KIN_OF"), AnchorStep("HELPS"), *HOUSEHOLD_ANCHOR),
    (AnchorStep("SAME_AS"), AnchorStep("HELPS"), *HOUSEHOLD_ANCHOR),
)
"""Anchors of a person: where the household lives; for a cadre's kin, and a cadre recorded as a person, also where the cadre helps."""

LABELS = (
    Label(
        "Area", "区划", "Province, prefecture, county, township or village in the national division codes.",
        Property("code", K.TEXT, "区划代码", "Division code of 2, 4, 6, 9 or 12 digits, from GB/T 2260 and the National Bureau of Statistics.", ("区划代码",), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name in the published division codes.", (), D.PUBLIC, search_kind="name"),
            Property("level", K.ENUM, "级别", "Level of the area.", (), D.PUBLIC, enums.AREA_LEVEL),
        ),
        storage=LabelStorage.FIXED,
    ),
    Label(
        "Village", "行政村", "A village or community. Every village is also an Area.",
        Property("code", K.TEXT, "村编码", "Division code of the village, 12 digits.", ("村编码", "行政村编码", "村代码", "所在村编码"), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name in the published division codes, or the name in the register if the code is not published.", (), D.PUBLIC, search_kind="name"),
            Property("level", K.ENUM, "级别", "Level of the area.", (), D.PUBLIC, enums.AREA_LEVEL),
        ),
        storage=LabelStorage.FIXED, base_label="Area",
    ),
    Label(
        "VillageYear", "村册", "Yearly record of a village (村册).",
        Property("year", K.YEAR, "年度", "Year of the record.", YEAR_HEADERS, D.PUBLIC),
        (
            Property("name", K.TEXT, "村名", "Name of the village in the register.", ("村名", "行政村名称"), D.PUBLIC),
            Property("poor", K.FLAG, "是否贫困村", "Whether the village is registered as a poor village.", ("是否贫困村", "贫困村"), D.PUBLIC),
            Property("planned_exit_year", K.YEAR, "计划出列年度", "Year in which the village is planned to exit poverty.", ("计划出列年度",), D.PUBLIC),
            Property("exit_year", K.YEAR, "出列年度", "Year in which the village exited poverty.", ("出列年度",), D.PUBLIC),
            Property("collective_income", K.YUAN, "集体经济收入", "Income of the village collective in the year, in yuan.", ("集体经济收入（万元）", "集体经济收入"), D.PUBLIC, unit="万元"),
            Property("hard_road", K.FLAG, "通硬化路", "Whether a hard-surfaced road leads to the village.", ("通硬化路",), D.PUBLIC),
            Property("clinic", K.FLAG, "卫生室", "Whether the village has a clinic.", ("卫生室",), D.PUBLIC),
            Property("culture_room", K.FLAG, "文化室", "Whether the village has a culture room.", ("文化室",), D.PUBLIC),
            Property("network", K.FLAG, "通信网络", "Whether the village has a communication network.", ("通信网络",), D.PUBLIC),
            Property("households", K.INTEGER, "总户数", "Number of all households in the village, poor or not.", ("总户数",), D.PUBLIC, minimum=0, unit="户"),
            Property("population", K.INTEGER, "总人口", "Number of all people in the village, poor or not.", ("总人口数", "总人口"), D.PUBLIC, minimum=0, unit="人"),
            Property("cultivated_land", K.NUMBER, "耕地面积", "Area of cultivated land, in mu.", ("耕地面积（亩）", "耕地面积"), D.PUBLIC, unit="亩"),
        ),
        anchors=((OWNER_STEP,),), storage=LabelStorage.ITSELF, owner="Village",
    ),
    Label(
        "AreaYear", "区划年报", "Yearly report of a county or township, with the indicators of its exit standard.",
        Property("year", K.YEAR, "年度", "Year of the report.", YEAR_HEADERS, D.PUBLIC),
        (
            Property("population", K.INTEGER, "农村人口", "Number of rural people in the area, poor or not.", ("农村人口", "总人口数"), D.PUBLIC, minimum=0, unit="人"),
            Property("central_school", K.FLAG, "标准中心校", "Whether the township has a central school that meets the standard.", ("标准中心校",), D.PUBLIC),
            Property("clinic", K.FLAG, "达标卫生院", "Whether the township has a clinic that meets the standard.", ("达标卫生院",), D.PUBLIC),
            Property("service_centre", K.FLAG, "便民服务中心", "Whether the township has a service centre.", ("便民服务中心",), D.PUBLIC),
            Property("wrongly_exited", K.RATE, "错退率", "Assessed share of exited households that did not meet the standard (wrong-exit rate).", ("错退率（%）", "错退率"), D.PUBLIC, unit="%", minimum=0),
            Property("missed", K.RATE, "漏评率", "Assessed share of poor households that were not identified (omission rate).", ("漏评率（%）", "漏评率"), D.PUBLIC, unit="%", minimum=0),
            Property("satisfaction", K.RATE, "群众认可度", "Assessed share of people who are satisfied.", ("群众认可度（%）", "群众认可度"), D.PUBLIC, unit="%", minimum=0),
            Property("poor", K.FLAG, "是否贫困县", "Whether the county is registered as a poor county.", ("是否贫困县", "贫困县"), D.PUBLIC),
            Property("exit_year", K.YEAR, "摘帽年度", "Year in which the county exited poverty. The exit takes effect on 31 December.", ("摘帽年度", "脱贫摘帽年度"), D.PUBLIC),
        ),
        anchors=((OWNER_STEP,),), storage=LabelStorage.ITSELF, owner="Area",
    ),
    Label(
        "Household", "户", "A registered household. Values that change are on its yearly cards.",
        Property("card_no", K.TEXT, "户编号", "Number of the household.", ("户编号", "贫困户编号")),
        anchors=(HOUSEHOLD_ANCHOR,),
    ),
    Label(
        "HouseholdYear", "户卡", "Yearly card of a household (户卡).",
        Property("year", K.YEAR, "年度", "Year of the card.", YEAR_HEADERS),
        (
            Property("head_name", K.TEXT, "户主姓名", "Name of the head of the household.", ("户主姓名", "户主"), D.PERSONAL, search_kind="person"),
            Property("village_code", K.TEXT, "所在村编码", "Code of the village of residence on the card. `LIVES_IN` is derived from it."),
            Property("identified_by", K.ENUM, "识别标准", "Standard by which the household was identified as poor.", ("识别标准",), enum=enums.IDENTIFIED_BY),
            Property("kind", K.ENUM, "贫困户属性", "Kind of poor household.", ("贫困户属性", "户属性"), enum=enums.HOUSEHOLD_KIND),
            Property("status", K.ENUM, "脱贫属性", "Poverty status: poor, about to exit, exited or returned to poverty.", ("脱贫属性",), enum=enums.POVERTY_STATUS),
            Property("exit_year", K.YEAR, "脱贫年度", "Year of exit from poverty. The exit takes effect on 31 December.", ("脱贫年度", "脱贫年份")),
            Property("main_cause", K.ENUM, "主要致贫原因", "Main cause of poverty.", ("主要致贫原因", "致贫原因"), D.INTERNAL, enums.CAUSE),
            Property("other_causes", K.ENUMS, "其他致贫原因", "Other causes of poverty, at most two.", ("其他致贫原因", "次要致贫原因"), D.INTERNAL, enums.CAUSE),
            Property("cause_note", K.TEXT, "致贫原因说明", "Explanation of the cause if it is Other (其他).", ("致贫原因说明",)),
            Property("identified_year", K.YEAR, "识别年度", "Year in which the household was identified as poor.", ("识别年度", "建档年度")),
            Property("size", K.INTEGER, "家庭人口数", "Number of household members on the card.", ("家庭人口数", "家庭人口"), minimum=0, unit="人"),
            Property("phone", K.TEXT, "联系电话", "Telephone number.", ("联系电话", "电话", "户主联系电话", "户主电话"), D.CONFIDENTIAL, check="phone", indexed=True),
            Property("phone_shaped", K.FLAG, "电话号码合规", "Whether the telephone number is well-formed."),
            Property("cultivated_land", K.NUMBER, "耕地面积", "Area of cultivated land, in mu.", ("耕地面积（亩）", "耕地面积"), unit="亩"),
            Property("forest_land", K.NUMBER, "林地面积", "Area of woodland, in mu.", ("林地面积（亩）", "林地面积"), unit="亩"),
            Property("road_distance", K.NUMBER, "与村主干路距离", "Distance to the main village road, in km.", ("与村主干路距离（公里）", "与村主干路距离"), unit="公里"),
            Property("housing", K.ENUM, "危房等级", "Grade of the house if it is unsafe.", ("危房等级", "危房"), enum=enums.HOUSING_GRADE),
            Property("safe_water", K.FLAG, "饮水是否安全", "Whether the household has safe drinking water.", ("饮水是否安全", "饮水安全")),
            Property("electricity", K.FLAG, "是否通生活用电", "Whether the house has electricity.", ("是否通生活用电", "生活用电")),
            Property("broadcast", K.FLAG, "是否通广播电视", "Whether the house has radio or television.", ("是否通广播电视", "通广播电视")),
            Property("wage_income", K.YUAN, "工资性收入", "Wage income in the year, in yuan.", ("工资性收入",)),
            Property("business_income", K.YUAN, "生产经营性收入", "Income from production and business in the year, in yuan.", ("生产经营性收入",)),
            Property("property_income", K.YUAN, "财产性收入", "Property income in the year, in yuan.", ("财产性收入",)),
            Property("dividend_income", K.YUAN, "资产收益扶贫分红收入", "Dividends from poverty-alleviation assets, in yuan; part of property income.", ("资产收益扶贫分红收入", "资产收益扶贫分红")),
            Property("transfer_income", K.YUAN, "转移性收入", "Transfer income in the year, in yuan.", ("转移性收入",)),
            Property("low_income_payment", K.YUAN, "低保金", "Subsistence allowance (低保金), in yuan; part of transfer income.", ("低保金",)),
            Property("five_guarantees_payment", K.YUAN, "特困供养金", "Support for people in extreme hardship (特困供养金), in yuan; part of transfer income.", ("特困供养金", "五保金")),
            Property("pension_payment", K.YUAN, "养老保险金", "Pension payments, in yuan; part of transfer income.", ("养老保险金", "养老金")),
            Property("ecology_payment", K.YUAN, "生态补偿金", "Ecological compensation, in yuan; part of transfer income.", ("生态补偿金",)),
            Property("family_planning_payment", K.YUAN, "计划生育金", "Family-planning subsidies, in yuan; part of transfer income.", ("计划生育金",)),
            Property("business_expense", K.YUAN, "生产经营性支出", "Expenses for production and business in the year, in yuan.", ("生产经营性支出",)),
        ),
        anchors=((OWNER_STEP, *HOUSEHOLD_ANCHOR),), storage=LabelStorage.ITSELF, owner="Household",
    ),
    Label(
        "Person", "人口", "A person. Values that change are on the yearly records. A person known only by name has a derived number.",
        Property("person_no", K.TEXT, "人口编号", "Number of the person.", ("人口编号", "人员编号")),
        anchors=PERSON_ANCHORS,
    ),
    Label(
        "PersonYear", "人口年度信息", "Yearly record of a person in the register.",
        Property("year", K.YEAR, "年度", "Year of the record.", YEAR_HEADERS),
        (
            Property("name", K.TEXT, "姓名", "Name.", ("姓名",), D.PERSONAL, search_kind="person"),
            Property("card_no", K.TEXT, "所在户编号", "Number of the person's household on the record. `MEMBER_OF` is derived from it."),
            Property("relation", K.ENUM, "与户主关系", "Relation to the head of the household on the record.", (), enum=enums.RELATION),
            Property("registered", K.FLAG, "是否在册", "Whether the person is in the register; false for a person known only by name.", ()),
            Property("sex", K.ENUM, "性别", "Sex.", ("性别",), enum=enums.SEX),
            Property("id_document", K.TEXT, "证件号码", "Number of the ID document: 18 characters for a resident ID card, 20 for a disability certificate, 22 for a re-issued disability certificate.", ("证件号码", "身份证号", "身份证号码"), D.CONFIDENTIAL, check="id_document"),
            Property("identity", K.TEXT, "公民身份号码", "Citizen ID number: the first 18 characters of the document number, the same on all documents of one person.", (), D.CONFIDENTIAL, indexed=True, shared_seal_name=IDENTITY_SEAL_NAME),
            Property("document_kind", K.ENUM, "证件类型", "Kind of ID document, derived from the length of its number: a disability certificate tells a disability.", (), D.SENSITIVE, enums.DOCUMENT_KIND),
            Property("document_fault", K.ENUM, "证件号码问题", "Fault of the document number; null if it has none.", (), enum=enums.DOCUMENT_FAULT),
            Property("document_sex", K.ENUM, "证件性别", "Sex according to the document number.", (), enum=enums.SEX),
            Property("born_on", K.DATE, "出生日期", "Date of birth, from the document number if possible, otherwise from the register.", ("出生日期",), D.SENSITIVE),
            Property("ethnic_group", K.TEXT, "民族", "Ethnic group.", ("民族",)),
            Property("education", K.ENUM, "文化程度", "Level of education completed.", ("文化程度",), enum=enums.SCHOOLING),
            Property("in_school", K.TEXT, "在校生状况", "School enrolment, as written in the register.", ("在校生状况", "在校情况"), D.SENSITIVE),
            Property("health", K.ENUMS, "健康状况", "Health conditions.", ("健康状况",), D.SENSITIVE, enums.HEALTH),
            Property("illness", K.TEXT, "患病名称", "Name of the illness.", ("患病名称", "疾病名称", "病种"), D.SENSITIVE),
            Property("labour", K.ENUM, "劳动技能", "Capacity for work.", ("劳动技能", "劳动能力"), D.SENSITIVE, enums.LABOUR),
            Property("insured", K.FLAG, "是否参加城乡居民基本医疗保险", "Whether the person has basic medical insurance for residents.", ("是否参加城乡居民基本医疗保险", "医保")),
            Property("employee_insured", K.FLAG, "是否参加城镇职工基本医疗保险", "Whether the person has basic medical insurance for employees.", ("是否参加城镇职工基本医疗保险",)),
            Property("pension_insured", K.FLAG, "是否参加养老保险", "Whether the person has basic pension insurance.", ("是否参加城乡居民基本养老保险", "是否参加养老保险", "养老保险")),
            Property("low_income", K.FLAG, "是否享受低保", "Whether the person receives the subsistence allowance (低保).", ("是否享受低保", "是否享受农村低保"), D.SENSITIVE),
            Property("medical_aid", K.FLAG, "是否享受医疗救助", "Whether the person received medical aid in the year.", ("是否享受医疗救助",), D.SENSITIVE),
            Property("months_worked", K.INTEGER, "务工月数", "Number of months of migrant work in the year.", ("务工月数", "务工时间"), minimum=0, maximum=12, unit="月"),
        ),
        anchors=tuple((OWNER_STEP, *path) for path in PERSON_ANCHORS), storage=LabelStorage.ITSELF, owner="Person",
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship(
        "PART_OF", ("Area",), ("Area",), "隶属于", "The area directly above this area.", "parent", "children", "start",
        identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "PREDECESSOR_OF", ("Area",), ("Area",), "前身", "An area was merged into another area.", "successors", "predecessors",
        "start", is_flow=True, since_headers=("合并日期",),
    ),
    Relationship(
        "LIVES_IN", ("Household",), ("Village",), "居住于", "Village in which a household lives. Derived from its cards: from the year of the first card, or the year of identification or exit if earlier, until a card names another village.", "village", "households",
        "start", key=("since",), identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "POOR_IN", ("Household",), ("Village",), "贫困期间", "Period in which a household is poor. Derived from its cards; an exit takes effect on 31 December of its year.",
        "poverty", "poorHouseholds", "start", key=("since",), identified_by="start", since_headers=(), until_headers=(),
        properties=(Property("exited_in", K.YEAR, "脱贫年度", "Year of exit, whose 31 December ends the period; null while the household is poor."),),
    ),
    Relationship(
        "UNCLEAR_IN", ("Household",), ("Village",), "贫困状态不明期间", "Period in which the poverty status of a household is unclear, because the status on its card is not recognized. Derived from its cards.",
        "unclearStandings", "unclearHouseholds", "start", key=("since",), identified_by="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "MEMBER_OF", ("Person",), ("Household",), "家庭成员", "Household of which a person is a member. Derived from the yearly records: from 1 January of the year of the first record, also for who is born in it, until a record says otherwise.", "household", "members", "start",
        (Property("relation", K.ENUM, "与户主关系", "Relation to the head of the household.", ("与户主关系",), enum=enums.RELATION),),
        key=("since",), identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "OF", ("VillageYear", "AreaYear", "HouseholdYear", "PersonYear"), ("Village", "Area", "Household", "Person"), "所属", "Village, area, household or person to which a yearly record belongs.",
        "owner", "years", "start", identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
)  # fmt: skip
