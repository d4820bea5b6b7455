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
        "Area", "区划", "Province, prefecture, county, township or village of the statistical division codes.",
        Property("code", K.TEXT, "区划代码", "2, 4, 6, 9 or 12 digits: GB/T 2260 and the statistics bureau's codes.", ("区划代码",), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name, as in the published tree.", (), D.PUBLIC, search_kind="name"),
            Property("level", K.ENUM, "级别", "Level of the area.", (), D.PUBLIC, enums.AREA_LEVEL),
        ),
        storage=LabelStorage.FIXED,
    ),
    Label(
        "Village", "行政村", "A village or community; it is also an Area.",
        Property("code", K.TEXT, "村编码", "12 digits.", ("村编码", "行政村编码", "村代码", "所在村编码"), D.PUBLIC),
        (
            Property("name", K.TEXT, "名称", "Name, as in the published tree; else as the register wrote it.", (), D.PUBLIC, search_kind="name"),
            Property("level", K.ENUM, "级别", "Level of the area.", (), D.PUBLIC, enums.AREA_LEVEL),
        ),
        storage=LabelStorage.FIXED, base_label="Area",
    ),
    Label(
        "VillageYear", "村册", "One year's book of a village.",
        Property("year", K.YEAR, "年度", "Year of the book.", YEAR_HEADERS, D.PUBLIC),
        (
            Property("name", K.TEXT, "村名", "Name as the register has it.", ("村名", "行政村名称"), D.PUBLIC),
            Property("poor", K.FLAG, "是否贫困村", "Whether it is a poor village, registered as such.", ("是否贫困村", "贫困村"), D.PUBLIC),
            Property("planned_exit_year", K.YEAR, "计划出列年度", "Year in which it is planned to exit.", ("计划出列年度",), D.PUBLIC),
            Property("exit_year", K.YEAR, "出列年度", "Year in which it exited.", ("出列年度",), D.PUBLIC),
            Property("collective_income", K.YUAN, "集体经济收入", "Income of the collective in the year.", ("集体经济收入（万元）", "集体经济收入"), D.PUBLIC, unit="万元"),
            Property("hard_road", K.FLAG, "通硬化路", "Hard road to the village.", ("通硬化路",), D.PUBLIC),
            Property("clinic", K.FLAG, "卫生室", "Village clinic.", ("卫生室",), D.PUBLIC),
            Property("culture_room", K.FLAG, "文化室", "Culture room.", ("文化室",), D.PUBLIC),
            Property("network", K.FLAG, "通信网络", "Communication network.", ("通信网络",), D.PUBLIC),
            Property("households", K.INTEGER, "总户数", "All households of the village, poor or not.", ("总户数",), D.PUBLIC, minimum=0, unit="户"),
            Property("population", K.INTEGER, "总人口", "All people of the village, poor or not.", ("总人口数", "总人口"), D.PUBLIC, minimum=0, unit="人"),
            Property("cultivated_land", K.NUMBER, "耕地面积", "Cultivated land, in mu.", ("耕地面积（亩）", "耕地面积"), D.PUBLIC, unit="亩"),
        ),
        anchors=((OWNER_STEP,),), storage=LabelStorage.ITSELF, owner="Village",
    ),
    Label(
        "AreaYear", "区划年报", "One year's report of a county or township: what its exit standard asks for.",
        Property("year", K.YEAR, "年度", "Year of the report.", YEAR_HEADERS, D.PUBLIC),
        (
            Property("population", K.INTEGER, "农村人口", "Rural people of the area, poor or not.", ("农村人口", "总人口数"), D.PUBLIC, minimum=0, unit="人"),
            Property("central_school", K.FLAG, "标准中心校", "A standard central school, of a township.", ("标准中心校",), D.PUBLIC),
            Property("clinic", K.FLAG, "达标卫生院", "A standard clinic, of a township.", ("达标卫生院",), D.PUBLIC),
            Property("service_centre", K.FLAG, "便民服务中心", "A service centre, of a township.", ("便民服务中心",), D.PUBLIC),
            Property("wrongly_exited", K.RATE, "错退率", "Share of exits that were wrong, as assessed.", ("错退率（%）", "错退率"), D.PUBLIC, unit="%", minimum=0),
            Property("missed", K.RATE, "漏评率", "Share of the poor that were missed, as assessed.", ("漏评率（%）", "漏评率"), D.PUBLIC, unit="%", minimum=0),
            Property("satisfaction", K.RATE, "群众认可度", "Share of people who are satisfied, as assessed.", ("群众认可度（%）", "群众认可度"), D.PUBLIC, unit="%", minimum=0),
            Property("poor", K.FLAG, "是否贫困县", "Whether it is a poor county, registered as such.", ("是否贫困县", "贫困县"), D.PUBLIC),
            Property("exit_year", K.YEAR, "摘帽年度", "Year in which the county exited: it takes effect on 31 December.", ("摘帽年度", "脱贫摘帽年度"), D.PUBLIC),
        ),
        anchors=((OWNER_STEP,),), storage=LabelStorage.ITSELF, owner="Area",
    ),
    Label(
        "Household", "户", "A registered household: identity only.",
        Property("card_no", K.TEXT, "户编号", "Number of the household's card.", ("户编号", "贫困户编号")),
        anchors=(HOUSEHOLD_ANCHOR,),
    ),
    Label(
        "HouseholdYear", "户卡", "One year's card of a household.",
        Property("year", K.YEAR, "年度", "Year of the card.", YEAR_HEADERS),
        (
            Property("head_name", K.TEXT, "户主姓名", "Name of the head.", ("户主姓名", "户主"), search_kind="person"),
            Property("village_code", K.TEXT, "所在村编码", "Code of the village in which it lives, by the card: what its homes are derived from."),
            Property("identified_by", K.ENUM, "识别标准", "Standard of identification.", ("识别标准",), enum=enums.IDENTIFIED_BY),
            Property("kind", K.ENUM, "贫困户属性", "Kind of household.", ("贫困户属性", "户属性"), enum=enums.HOUSEHOLD_KIND),
            Property("status", K.ENUM, "脱贫属性", "Poor, about to exit, exited, returned.", ("脱贫属性",), enum=enums.POVERTY_STATUS),
            Property("exit_year", K.YEAR, "脱贫年度", "Year of exit: it takes effect on 31 December.", ("脱贫年度", "脱贫年份")),
            Property("main_cause", K.ENUM, "主要致贫原因", "Main cause of poverty.", ("主要致贫原因", "致贫原因"), D.INTERNAL, enums.CAUSE),
            Property("other_causes", K.ENUMS, "其他致贫原因", "Other causes, at most two.", ("其他致贫原因", "次要致贫原因"), D.INTERNAL, enums.CAUSE),
            Property("cause_note", K.TEXT, "致贫原因说明", "What is meant where the cause is 其他.", ("致贫原因说明",)),
            Property("identified_year", K.YEAR, "识别年度", "Year in which it was identified.", ("识别年度", "建档年度")),
            Property("size", K.INTEGER, "家庭人口数", "How many members it has by its card.", ("家庭人口数", "家庭人口"), minimum=0, unit="人"),
            Property("phone", K.TEXT, "联系电话", "Telephone.", ("联系电话", "电话", "户主联系电话", "户主电话"), D.CONFIDENTIAL, check="phone", indexed=True),
            Property("phone_shaped", K.FLAG, "电话号码合规", "Whether the telephone has the shape of one."),
            Property("cultivated_land", K.NUMBER, "耕地面积", "Cultivated land, in mu.", ("耕地面积（亩）", "耕地面积"), unit="亩"),
            Property("forest_land", K.NUMBER, "林地面积", "Woodland, in mu.", ("林地面积（亩）", "林地面积"), unit="亩"),
            Property("road_distance", K.NUMBER, "与村主干路距离", "To the village's road, in km.", ("与村主干路距离（公里）", "与村主干路距离"), unit="公里"),
            Property("housing", K.ENUM, "危房等级", "Grade of an unsafe house.", ("危房等级", "危房"), enum=enums.HOUSING_GRADE),
            Property("safe_water", K.FLAG, "饮水是否安全", "Safe drinking water.", ("饮水是否安全", "饮水安全")),
            Property("electricity", K.FLAG, "是否通生活用电", "Electricity in the house.", ("是否通生活用电", "生活用电")),
            Property("broadcast", K.FLAG, "是否通广播电视", "Radio or television.", ("是否通广播电视", "通广播电视")),
            Property("wage_income", K.YUAN, "工资性收入", "Income from wages in the year.", ("工资性收入",)),
            Property("business_income", K.YUAN, "生产经营性收入", "Income from production and business.", ("生产经营性收入",)),
            Property("property_income", K.YUAN, "财产性收入", "Income from property.", ("财产性收入",)),
            Property("dividend_income", K.YUAN, "资产收益扶贫分红收入", "Dividends from asset income, a part of property income.", ("资产收益扶贫分红收入", "资产收益扶贫分红")),
            Property("transfer_income", K.YUAN, "转移性收入", "Income from transfers.", ("转移性收入",)),
            Property("low_income_payment", K.YUAN, "低保金", "Low-income payments, a part of transfers.", ("低保金",)),
            Property("five_guarantees_payment", K.YUAN, "特困供养金", "Payments to those without kin or means, a part of transfers.", ("特困供养金", "五保金")),
            Property("pension_payment", K.YUAN, "养老保险金", "Pensions, a part of transfers.", ("养老保险金", "养老金")),
            Property("ecology_payment", K.YUAN, "生态补偿金", "Payments for ecology, a part of transfers.", ("生态补偿金",)),
            Property("family_planning_payment", K.YUAN, "计划生育金", "Family-planning payments, a part of transfers.", ("计划生育金",)),
            Property("business_expense", K.YUAN, "生产经营性支出", "Expense on production and business.", ("生产经营性支出",)),
        ),
        anchors=((OWNER_STEP, *HOUSEHOLD_ANCHOR),), storage=LabelStorage.ITSELF, owner="Household",
    ),
    Label(
        "Person", "人口", "A person: identity only. People known only by name have a derived number.",
        Property("person_no", K.TEXT, "人口编号", "Number of the person.", ("人口编号", "人员编号")),
        anchors=PERSON_ANCHORS,
    ),
    Label(
        "PersonYear", "人口年度信息", "What the register says of a person in one year.",
        Property("year", K.YEAR, "年度", "Year of the record.", YEAR_HEADERS),
        (
            Property("name", K.TEXT, "姓名", "Name.", ("姓名",), search_kind="person"),
            Property("card_no", K.TEXT, "所在户编号", "Number of the household that the person is a member of, by the record: what memberships are derived from."),
            Property("relation", K.ENUM, "与户主关系", "Relation to the head of the household, by the record.", (), enum=enums.RELATION),
            Property("registered", K.FLAG, "是否在册", "False for people known only by name.", ()),
            Property("sex", K.ENUM, "性别", "Sex.", ("性别",), enum=enums.SEX),
            Property("id_document", K.TEXT, "证件号码", "18 characters = resident ID card, 20 = disability certificate, 22 = re-issued certificate.", ("证件号码", "身份证号", "身份证号码"), D.CONFIDENTIAL, check="id_document"),
            Property("identity", K.TEXT, "证件主体号码", "The first 18 characters of the document: what all documents of one person share.", (), D.CONFIDENTIAL, indexed=True, shared_seal_name=IDENTITY_SEAL_NAME),
            Property("document_kind", K.ENUM, "证件类型", "Kind of the document, by its length.", (), enum=enums.DOCUMENT_KIND),
            Property("document_fault", K.ENUM, "证件号码问题", "What is wrong with its number.", (), enum=enums.DOCUMENT_FAULT),
            Property("document_sex", K.ENUM, "证件性别", "Sex by the document.", (), enum=enums.SEX),
            Property("born_on", K.DATE, "出生日期", "Day of birth: that of the document, else the register's.", ("出生日期",), D.SENSITIVE),
            Property("ethnic_group", K.TEXT, "民族", "Ethnic group.", ("民族",)),
            Property("education", K.ENUM, "文化程度", "Education completed.", ("文化程度",), enum=enums.SCHOOLING),
            Property("in_school", K.TEXT, "在校生状况", "Stage of school that the person is in.", ("在校生状况", "在校情况"), D.SENSITIVE),
            Property("health", K.ENUMS, "健康状况", "State of health, several.", ("健康状况",), D.SENSITIVE, enums.HEALTH),
            Property("illness", K.TEXT, "患病名称", "What the person suffers of.", ("患病名称", "疾病名称", "病种"), D.SENSITIVE),
            Property("labour", K.ENUM, "劳动技能", "Capacity for work.", ("劳动技能", "劳动能力"), D.SENSITIVE, enums.LABOUR),
            Property("insured", K.FLAG, "是否参加城乡居民基本医疗保险", "Basic medical insurance.", ("是否参加城乡居民基本医疗保险", "医保")),
            Property("employee_insured", K.FLAG, "是否参加城镇职工基本医疗保险", "Medical insurance of employees.", ("是否参加城镇职工基本医疗保险",)),
            Property("pension_insured", K.FLAG, "是否参加养老保险", "Basic pension insurance.", ("是否参加城乡居民基本养老保险", "是否参加养老保险", "养老保险")),
            Property("low_income", K.FLAG, "是否享受低保", "On low-income support.", ("是否享受低保", "是否享受农村低保"), D.SENSITIVE),
            Property("medical_aid", K.FLAG, "是否享受医疗救助", "Medical aid in the year.", ("是否享受医疗救助",), D.SENSITIVE),
            Property("months_worked", K.INTEGER, "务工月数", "Months of migrant work in the year.", ("务工月数", "务工时间"), minimum=0, maximum=12, unit="月"),
        ),
        anchors=tuple((OWNER_STEP, *path) for path in PERSON_ANCHORS), storage=LabelStorage.ITSELF, owner="Person",
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship(
        "PART_OF", ("Area",), ("Area",), "隶属于", "An area is part of the one above.", "parent", "children", "start",
        identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "PREDECESSOR_OF", ("Area",), ("Area",), "前身", "An area that was merged into another.", "successors", "predecessors",
        "start", is_flow=True, since_headers=("合并日期",),
    ),
    Relationship(
        "LIVES_IN", ("Household",), ("Village",), "居住于", "The village in which a household lives; derived from its cards: from the year of the first one (or of its identification or exit, if earlier) until that of one which says otherwise.", "village", "households",
        "start", key=("since",), identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "POOR_IN", ("Household",), ("Village",), "贫困期间", "A stretch of time in which a household is poor; derived from its cards: an exit takes effect on 31 December of its year.",
        "poverty", "poorHouseholds", "start", key=("since",), identified_by="start", since_headers=(), until_headers=(),
        properties=(Property("exited_in", K.YEAR, "脱贫年度", "The year whose 31 December ends it; none while it lasts."),),
    ),
    Relationship(
        "UNCLEAR_IN", ("Household",), ("Village",), "贫困状态不明期间", "A stretch of time in which nobody can tell whether a household is poor or has exited, as the status on its card is none that is understood; derived from its cards.",
        "unclearStandings", "unclearHouseholds", "start", key=("since",), identified_by="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "MEMBER_OF", ("Person",), ("Household",), "家庭成员", "A person is a member of a household; derived from the records of the years: from birth or the year of the first one until that of records which say otherwise.", "household", "members", "start",
        (Property("relation", K.ENUM, "与户主关系", "Relation to the head.", ("与户主关系",), enum=enums.RELATION),),
        key=("since",), identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
    Relationship(
        "OF", ("VillageYear", "AreaYear", "HouseholdYear", "PersonYear"), ("Village", "Area", "Household", "Person"), "所属", "A year's record is of its owner.",
        "owner", "years", "start", identified_by="start", single_from="start", since_headers=(), until_headers=(),
    ),
)  # fmt: skip
