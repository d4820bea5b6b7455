"""Code lists of the national register (建档立卡) and of this domain. Source: DOMAIN §3 and the article's mechanisms.

The code numbers differ from system to system, so texts are the keys: a member is found by its spelling in a register.
"""

from __future__ import annotations

from graph_service.domain.metamodel import Enumeration, EnumMember

AREA_LEVEL = Enumeration(
    "AreaLevel",
    "区划级别",
    "Level of an area in the national division codes (GB/T 2260 and the National Bureau of Statistics).",
    (
        EnumMember("PROVINCE", "省级", ("省",)),
        EnumMember("PREFECTURE", "地级", ("市", "州", "市州")),
        EnumMember("COUNTY", "县级", ("县", "区", "区县")),
        EnumMember("TOWNSHIP", "乡级", ("乡", "镇", "乡镇", "街道")),
        EnumMember("VILLAGE", "村级", ("村", "社区")),
    ),
)
IDENTIFIED_BY = Enumeration(
    "IdentificationStandard",
    "识别标准",
    "Standard by which a household was identified as poor.",
    (
        EnumMember("NATIONAL", "国家标准", ("国定标准", "国标", "国家识别标准", "国家级标准")),
        EnumMember("PROVINCIAL", "省定标准", ("省级标准", "省标", "省定", "省级识别标准")),
        EnumMember("CITY", "市定标准", ("市级标准", "市标", "市定", "市级识别标准")),
    ),
)
HOUSEHOLD_KIND = Enumeration(
    "HouseholdKind",
    "户属性",
    "Kind of poor household.",
    (
        EnumMember("GENERAL", "一般贫困户", ("一般户", "一般农户")),
        EnumMember("LOW_INCOME", "低保贫困户", ("低保户", "农村低保户", "低保对象", "低保家庭")),
        EnumMember(
            "FIVE_GUARANTEES",
            "五保贫困户",
            (
                *("五保户", "特困贫困户", "特困供养贫困户", "特困户", "特困供养户", "特困供养人员", "五保供养户"),
                *("五保（特困）贫困户", "特困（五保）贫困户", "农村特困供养户"),
            ),
        ),
    ),
)
EXITED_WORDS = (
    *("脱贫", "脱贫户", "已脱贫户", "稳定脱贫", "稳定脱贫户", "已稳定脱贫", "已稳定脱贫户", "正常脱贫", "正常脱贫户"),
    *(
        f"{exited}{link[0]}{policies}{link[1]}"
        for exited in ("已脱贫", "脱贫", "已脱贫户", "脱贫户")
        for policies in ("享受政策", "继续享受政策", "不享受政策", "不再享受政策", "未享受政策")
        for link in (("(", ")"), ("", ""), ("-", ""))
    ),
    *(
        "正常脱贫（享受政策）",
        "正常脱贫（不享受政策）",
        "稳定脱贫（享受政策）",
        "稳定脱贫（不享受政策）",
        "稳定脱贫（不再享受政策）",
    ),
)
"""Spellings of the national register and of counties for an exited household, with and without continuing policies."""
POVERTY_STATUS = Enumeration(
    "PovertyStatus",
    "脱贫属性",
    "Poverty status of a household: poor, about to exit, exited or returned to poverty.",
    (
        EnumMember("POOR", "未脱贫", ("未脱贫户", "未脱贫贫困户", "贫困户", "在册贫困户")),
        EnumMember("EXIT_EXPECTED", "预脱贫", ("预脱贫户", "拟脱贫", "拟脱贫户")),
        EnumMember("EXITED", "已脱贫", EXITED_WORDS),
        EnumMember("RETURNED", "返贫", ("返贫户", "已返贫", "脱贫返贫", "脱贫后返贫", "返贫贫困户")),
    ),
)
CAUSE = Enumeration(
    "PovertyCause",
    "致贫原因",
    "Cause of poverty. A household has one main cause and at most two others.",
    (
        EnumMember("ILLNESS", "因病", ("因病致贫",)),
        EnumMember("DISABILITY", "因残", ("因残致贫",)),
        EnumMember("SCHOOLING", "因学", ("因学致贫",)),
        EnumMember("DISASTER", "因灾", ("因灾致贫",)),
        EnumMember("LACK_OF_LAND", "缺土地", ("缺少土地", "缺乏土地")),
        EnumMember("LACK_OF_WATER", "缺水", ("缺少水", "缺水源", "缺少水源")),
        EnumMember("LACK_OF_SKILL", "缺技术", ("缺少技术", "缺乏技术")),
        EnumMember("LACK_OF_LABOUR", "缺劳动力", ("缺劳力", "缺少劳动力", "缺乏劳动力", "缺少劳力")),
        EnumMember("LACK_OF_FUNDS", "缺资金", ("缺少资金", "缺乏资金")),
        EnumMember("POOR_TRANSPORT", "交通条件落后", ("交通落后", "交通条件差", "交通不便")),
        EnumMember(
            "LACK_OF_DRIVE", "自身发展动力不足", ("自身发展力不足", "发展动力不足", "内生动力不足", "缺乏自身发展动力")
        ),
        EnumMember("MARRIAGE", "因婚", ("因婚致贫",)),
        EnumMember("BEREAVEMENT", "因丧", ("因丧致贫",)),
        EnumMember("OTHER", "其他", ("其它",)),
    ),
)
MEASURE_KIND = Enumeration(
    "MeasureKind",
    "措施类别",
    "Kind of help given by a measure.",
    (
        EnumMember("INDUSTRY", "产业", ("产业扶贫", "产业帮扶")),
        EnumMember("EMPLOYMENT", "就业", ("就业扶贫", "就业帮扶")),
        EnumMember("PUBLIC_POST", "公益性岗位", ("公益岗位",)),
        EnumMember("FINANCE", "金融", ("金融扶贫", "金融帮扶")),
        EnumMember("HEALTH", "健康", ("健康扶贫", "健康帮扶")),
        EnumMember("EDUCATION", "教育", ("教育扶贫", "教育帮扶")),
        EnumMember("COMPULSORY_SCHOOLING", "义务教育保障", ("义务教育",)),
        EnumMember("SAFE_HOUSING", "住房安全", ("住房", "住房安全保障", "危房改造")),
        EnumMember("SAFE_WATER", "饮水安全", ("饮水", "饮水安全保障")),
        EnumMember("RELOCATION", "搬迁", ("易地扶贫搬迁", "易地搬迁")),
        EnumMember("SAFETY_NET", "综合保障", ("综合保障性扶贫", "兜底保障")),
        EnumMember("SOCIAL", "社会帮扶", ("社会扶贫",)),
        EnumMember("LIVING_CONDITIONS", "生产生活条件", ("生产生活条件改善",)),
        EnumMember("INFRASTRUCTURE", "基础设施", ("基础设施建设",)),
    ),
)
HOUSING_GRADE = Enumeration(
    "HousingGrade",
    "危房等级",
    "Grade of an unsafe house.",
    (
        EnumMember("SAFE", "否", ("无", "非危房", "A级", "B级", "A", "B", "不是危房")),
        EnumMember("GRADE_C", "C级", ("C", "C级危房")),
        EnumMember("GRADE_D", "D级", ("D", "D级危房")),
    ),
)
SEX = Enumeration(
    "Sex", "性别", "Sex of a person.", (EnumMember("MALE", "男", ("男性",)), EnumMember("FEMALE", "女", ("女性",)))
)
RELATION = Enumeration(
    "RelationToHead",
    "与户主关系",
    "Relation of a member to the head of the household.",
    (
        EnumMember("HEAD", "户主", ("本人或户主", "本人")),
        EnumMember("SPOUSE", "配偶", ("妻", "夫", "妻子", "丈夫", "之妻", "之夫", "配偶（妻）", "配偶（夫）")),
        EnumMember("SON", "之子", ("子", "儿子", "长子", "次子", "三子", "独生子")),
        EnumMember("DAUGHTER", "之女", ("女", "女儿", "长女", "次女", "三女", "独生女")),
        EnumMember("DAUGHTER_IN_LAW", "之儿媳", ("儿媳", "儿媳妇")),
        EnumMember("SON_IN_LAW", "之女婿", ("女婿", "上门女婿")),
        EnumMember("GRANDSON", "之孙子", ("孙子",)),
        EnumMember("GRANDDAUGHTER", "之孙女", ("孙女",)),
        EnumMember("MATERNAL_GRANDSON", "之外孙子", ("外孙子",)),
        EnumMember("MATERNAL_GRANDDAUGHTER", "之外孙女", ("外孙女",)),
        EnumMember("FATHER", "之父", ("父", "父亲")),
        EnumMember("MOTHER", "之母", ("母", "母亲")),
        EnumMember("FATHER_IN_LAW", "之岳父", ("之公公", "岳父", "公公")),
        EnumMember("MOTHER_IN_LAW", "之岳母", ("之婆婆", "岳母", "婆婆")),
        EnumMember("GRANDFATHER", "之祖父", ("之爷爷", "祖父")),
        EnumMember("GRANDMOTHER", "之祖母", ("之奶奶", "祖母")),
        EnumMember(
            "SIBLING",
            "之兄弟姐妹",
            ("兄弟姐妹", "兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹", "之兄", "之弟", "之姐", "之妹"),
        ),
    ),
)
SCHOOLING = Enumeration(
    "EducationLevel",
    "文化程度",
    "Level of education completed.",
    (
        EnumMember("PRESCHOOL", "学龄前儿童", ("学龄前", "学前儿童")),
        EnumMember("NONE", "文盲或半文盲", ("文盲", "半文盲", "文盲半文盲", "文盲/半文盲", "文盲及半文盲")),
        EnumMember("PRIMARY", "小学", ("小学毕业", "小学文化")),
        EnumMember("JUNIOR_SECONDARY", "初中", ("初中毕业", "初级中学")),
        EnumMember(
            "SENIOR_SECONDARY",
            "高中",
            ("中专", "高中或中专", "高中/中专", "普通高中", "职高", "职业高中", "中职", "技校", "高级中学"),
        ),
        EnumMember("COLLEGE", "大专", ("专科", "高职", "大学专科", "大专（高职）")),
        EnumMember(
            "UNIVERSITY",
            "本科及以上",
            ("本科", "大学本科", "本科以上", "大学本科及以上", "研究生", "硕士研究生", "博士研究生", "硕士", "博士"),
        ),
    ),
)
HEALTH = Enumeration(
    "HealthCondition",
    "健康状况",
    "Health condition. A person can have several.",
    (
        EnumMember("HEALTHY", "健康", ("身体健康", "健康或良好")),
        EnumMember("CHRONIC_ILLNESS", "长期慢性病", ("慢性病", "患有慢性病", "患有长期慢性病", "患长期慢性病")),
        EnumMember("SERIOUS_ILLNESS", "患有大病", ("大病", "患大病", "重大疾病", "患有重大疾病", "重病")),
        EnumMember(
            "DISABLED",
            "残疾",
            (
                "残疾人",
                "身体残疾",
                "肢体残疾",
                "精神残疾",
                "智力残疾",
                "视力残疾",
                "听力残疾",
                "言语残疾",
                "多重残疾",
            ),
        ),
    ),
)
DOCUMENT_KIND = Enumeration(
    "DocumentKind",
    "证件类型",
    "Kind of ID document, derived from the length of its number.",
    (
        EnumMember("RESIDENT", "居民身份证"),
        EnumMember("DISABILITY", "残疾人证"),
        EnumMember("REISSUED", "补发残疾人证"),
    ),
)
DOCUMENT_FAULT = Enumeration(
    "DocumentFault",
    "证件号码问题",
    "Fault in the number of an ID document.",
    (
        EnumMember("LENGTH", "位数不对"),
        EnumMember("SHAPE", "含非法字符"),
        EnumMember("DAY_OF_BIRTH", "出生日期不存在"),
        EnumMember("CHECK_CHARACTER", "校验码不对"),
    ),
)
LABOUR = Enumeration(
    "LabourCapacity",
    "劳动技能",
    "Capacity for work.",
    (
        EnumMember("ORDINARY", "普通劳动力", ("普通劳力", "普通劳动能力")),
        EnumMember("SKILLED", "技能劳动力", ("技能型劳动力", "技术劳动力")),
        EnumMember(
            "WEAK",
            "弱劳动力或半劳动力",
            ("弱劳动力", "半劳动力", "弱/半劳动力", "弱或半劳动力", "半/弱劳动力", "弱半劳动力", "弱（半）劳动力"),
        ),
        EnumMember("LOST", "丧失劳动力", ("丧失劳动能力",)),
        EnumMember("NONE", "无劳动力", ("无", "无劳动能力")),
    ),
)
DUTY_POST = Enumeration(
    "VillagePost",
    "驻村职责",
    "Post of a cadre in a village (五个一).",
    (
        EnumMember("COUNTY_LEADER", "县级联系领导", ("县级以上领导", "联系领导", "县级领导")),
        EnumMember(
            "TEAM_LEADER", "驻村工作队队长", ("工作队队长", "工作队长", "驻村工作队长", "驻村工作组组长", "队长")
        ),
        EnumMember(
            "TEAM_MEMBER", "驻村工作队队员", ("工作队队员", "驻村工作队员", "驻村工作组成员", "驻村队员", "队员")
        ),
        EnumMember("FIRST_SECRETARY", "第一书记", ("村党组织第一书记", "驻村第一书记")),
        EnumMember("AGRI_TECHNICIAN", "驻村农技员", ("农技员", "驻村农业科技人员", "农业技术员")),
    ),
)
LEVEL = Enumeration(
    "GovernmentLevel",
    "级次",
    "Level of government to which a department or fund belongs.",
    (
        EnumMember("CENTRAL", "中央", ("国家",)),
        EnumMember("PROVINCE", "省", ("省级", "省属")),
        EnumMember("PREFECTURE", "市", ("市级", "州", "市州", "市属")),
        EnumMember("COUNTY", "县", ("县级", "区", "县属")),
        EnumMember("TOWNSHIP", "乡", ("乡镇", "乡级", "镇", "乡属")),
        EnumMember("VILLAGE", "村", ("村级",)),
    ),
)
FUND_KIND = Enumeration(
    "FundKind",
    "资金类型",
    "Kind of fund.",
    (
        EnumMember(
            "POVERTY_SPECIAL", "财政专项扶贫资金",
            (
                "专项扶贫资金", "扶贫专项资金", "财政扶贫专项资金", "财政扶贫资金", "财政扶贫发展资金", "扶贫发展资金",
                "中央财政专项扶贫资金", "中央专项扶贫资金", "中央扶贫资金", "中央财政扶贫资金", "省级财政专项扶贫资金", "省级专项扶贫资金",
                "省财政专项扶贫资金", "市级财政专项扶贫资金", "市级专项扶贫资金", "州级财政专项扶贫资金", "州级专项扶贫资金",
                "县级财政专项扶贫资金", "县级专项扶贫资金", "以工代赈资金", "以工代赈", "少数民族发展资金",
            ),
        ),
        EnumMember(
            "RURAL_REVITALIZATION", "财政衔接推进乡村振兴补助资金",
            (
                "中央财政衔接推进乡村振兴补助资金", "省级财政衔接推进乡村振兴补助资金", "市级财政衔接推进乡村振兴补助资金",
                "州级财政衔接推进乡村振兴补助资金", "县级财政衔接推进乡村振兴补助资金", "衔接推进乡村振兴补助资金",
                "巩固拓展脱贫攻坚成果同乡村振兴有效衔接资金", "乡村振兴衔接资金", "财政衔接资金", "财政衔接补助资金",
                "中央财政衔接资金", "省级财政衔接资金", "中央衔接资金", "省级衔接资金", "市级衔接资金", "县级衔接资金", "衔接资金", "衔接补助资金",
            ),
        ),
        EnumMember(
            "AGRICULTURE_INTEGRATED", "涉农整合资金",
            (
                "统筹整合财政涉农资金", "统筹整合使用财政涉农资金", "整合涉农资金", "财政涉农整合资金", "统筹整合涉农资金", "统筹整合资金",
                "涉农统筹整合资金",
            ),
        ),
        EnumMember(
            "VILLAGE_INDUSTRY", "村产业扶持基金",
            ("贫困村产业扶持基金", "产业扶持基金", "贫困村产业发展基金", "村产业发展基金", "产业扶贫基金"),
        ),
        EnumMember(
            "EDUCATION_AID", "教育扶贫救助基金",
            ("教育扶贫基金", "教育救助基金", "教育扶贫救助资金", "县教育扶贫救助基金"),
        ),
        EnumMember(
            "MEDICAL_AID", "卫生扶贫救助基金",
            ("医疗扶贫救助基金", "卫生扶贫基金", "健康扶贫救助基金", "卫生扶贫救助资金", "县卫生扶贫救助基金"),
        ),
        EnumMember("VEHICLE_AUCTION", "车辆拍卖收入", ("公车拍卖收入", "公务用车拍卖收入", "公车拍卖款", "车辆拍卖款")),
        EnumMember(
            "LAND_QUOTA", "土地指标收益",
            (
                "增减挂钩收益", "土地增减挂钩收益", "土地增减挂钩指标收益", "增减挂钩指标收益", "城乡建设用地增减挂钩收益",
                "城乡建设用地增减挂钩指标收益", "城乡建设用地增减挂钩节余指标流转收益", "城乡建设用地增减挂钩指标流转收益",
                "增减挂钩节余指标流转收益", "增减挂钩节余指标收益", "增减挂钩指标流转收益", "增减挂钩指标交易收益", "增减挂钩资金",
                "土地增减挂钩资金", "土地指标流转收益", "土地指标交易收益",
            ),
        ),
        EnumMember("REVOLVING", "产业扶持周转金", ("周转金", "产业周转金", "扶贫周转金", "产业发展周转金", "贫困村产业扶持周转金")),
        EnumMember("RELENDING", "扶贫再贷款", ("再贷款",)),
        EnumMember("FINANCING_PLATFORM", "融资平台资金", ("项目资本金", "平台融资资金")),
        EnumMember(
            "MICRO_CREDIT_RISK", "扶贫小额信贷分险基金",
            (
                "小额信贷分险基金", "扶贫小额信贷风险补偿金", "扶贫小额信贷风险补偿基金", "小额信贷风险补偿金", "小额信贷风险补偿基金",
                "风险补偿金", "风险补偿基金", "分险基金",
            ),
        ),
        EnumMember("RELOCATION", "易地扶贫搬迁资金", ("易地搬迁资金", "易地扶贫搬迁专项资金", "易地扶贫搬迁补助资金")),
        EnumMember(
            "COUNTERPART_AID", "东西部扶贫协作资金",
            (
                "东西部协作资金", "东西扶贫协作资金", "扶贫协作资金", "对口支援资金", "对口帮扶资金", "省内对口帮扶资金", "定点帮扶资金",
                "定点扶贫资金",
            ),
        ),
        EnumMember("GOVERNMENT_BONDS", "地方政府债券资金", ("政府债券资金", "地方政府债券", "地方债券资金", "债券资金", "一般债券资金", "专项债券资金")),
        EnumMember("LOTTERY", "彩票公益金", ("中央专项彩票公益金", "专项彩票公益金", "福利彩票公益金", "体育彩票公益金")),
        EnumMember("COLLECTIVE_ECONOMY", "村级集体经济发展资金", ("扶持村级集体经济发展资金", "扶持壮大村级集体经济资金", "壮大村集体经济资金", "集体经济发展资金")),
        EnumMember("SELF_RAISED", "自筹资金", ("群众自筹", "自筹", "群众自筹资金")),
        EnumMember("DONATION", "社会捐赠", ("捐赠", "社会捐赠资金", "捐赠资金", "捐款")),
    ),
)  # fmt: skip
PROJECT_KIND = Enumeration(
    "ProjectKind",
    "项目类别",
    "Field of a project.",
    (
        EnumMember("INFRASTRUCTURE", "基础设施"),
        EnumMember("WATER", "水利"),
        EnumMember("INDUSTRY", "产业"),
        EnumMember("HOUSING", "住房", ("安居",)),
        EnumMember("EDUCATION", "教育"),
        EnumMember("HEALTH", "卫生", ("健康",)),
        EnumMember("CULTURE", "文化"),
        EnumMember("ECOLOGY", "生态"),
    ),
)
ASSET_KIND = Enumeration(
    "AssetKind",
    "资产类型",
    "Kind of asset formed by poverty-alleviation projects.",
    (
        EnumMember("OPERATING", "经营性", ("经营性资产",)),
        EnumMember("PUBLIC", "公益性", ("公益性资产",)),
        EnumMember("TO_HOUSEHOLD", "到户类", ("到户类资产",)),
    ),
)
SHARE_KIND = Enumeration(
    "ShareKind",
    "股份类型",
    "Kind of shares: preferred shares are for poor households only, ordinary shares for all members.",
    (EnumMember("PREFERRED", "优先股"), EnumMember("ORDINARY", "普通股")),
)
KINSHIP = Enumeration(
    "Kinship",
    "亲属关系",
    "Relation of a person to a cadre.",
    (
        EnumMember("SELF", "本人"),
        EnumMember("SPOUSE", "配偶"),
        EnumMember("CHILD", "子女"),
        EnumMember("PARENT", "父母"),
        EnumMember("SIBLING", "兄弟姐妹"),
        EnumMember("IN_LAW", "姻亲"),
    ),
)
IMPORT_STATE = Enumeration(
    "ImportState",
    "导入状态",
    "State of an import.",
    (
        EnumMember("RUNNING", "进行中"),
        EnumMember("PUBLISHED", "已发布"),
        EnumMember("UNDONE", "已撤销"),
        EnumMember("UNCHANGED", "无变化"),
    ),
)
PURPOSE = Enumeration(
    "ImportPurpose",
    "导入目的",
    "Purpose of an import.",
    (
        EnumMember("COLLECTION", "定期采集", ("collection",)),
        EnumMember("LOOK_BACK", "回头看", ("look-back",)),
        EnumMember("CHANGE", "单项变更"),
    ),
)
SEVERITY = Enumeration(
    "Severity",
    "严重程度",
    "Severity of a finding.",
    (EnumMember("ERROR", "错误"), EnumMember("WARNING", "警告"), EnumMember("NOTE", "提示")),
)
FINDING_STATE = Enumeration(
    "FindingState",
    "疑点状态",
    "State of a finding: open, no longer found, or marked as resolved by an official.",
    (EnumMember("OPEN", "未处理"), EnumMember("GONE", "已消失"), EnumMember("RESOLVED", "已核实处理")),
)
WATCH_KIND = Enumeration(
    "WatchKind",
    "监测对象类别",
    "Kind of household monitored against a return to poverty after 2020.",
    (
        EnumMember("UNSTABLE", "脱贫不稳定户"),
        EnumMember("AT_THE_EDGE", "边缘易致贫户"),
        EnumMember("SUDDEN_HARDSHIP", "突发严重困难户"),
    ),
)
OUTSIDE_LIST = Enumeration(
    "OutsideList",
    "外部名单",
    "List of another office with which the register is compared.",
    (
        EnumMember("VEHICLE", "车辆登记", ("车辆", "购车", "小轿车")),
        EnumMember("PAYROLL", "财政供养人员", ("财政供养", "公职人员")),
        EnumMember("COMPANY", "工商登记", ("工商", "市场主体", "经商办企业")),
        EnumMember("SECOND_HOME", "商品房", ("房产", "购房", "不动产")),
        EnumMember("DECEASED", "死亡人员", ("死亡", "死亡登记")),
    ),
)
PROBLEM_STATE = Enumeration(
    "ProblemState",
    "问题状态",
    "State of a problem on the rectification list (整改清单).",
    (EnumMember("OPEN", "未整改"), EnumMember("UNDER_WAY", "整改中"), EnumMember("CLOSED", "已整改", ("已销号",))),
)
SHARE_ACT = Enumeration(
    "ShareAct",
    "股权决定类型",
    "Kind of decision on shares.",
    (
        EnumMember("ISSUE", "配股"),
        EnumMember("END", "退出"),
        EnumMember("REDISTRIBUTE", "再分配"),
        EnumMember("TRANSFER", "转让"),
    ),
)

ENUMERATIONS = (
    AREA_LEVEL, IDENTIFIED_BY, HOUSEHOLD_KIND, POVERTY_STATUS, CAUSE, MEASURE_KIND, HOUSING_GRADE, SEX, RELATION,
    SCHOOLING, HEALTH, LABOUR, DUTY_POST, LEVEL, FUND_KIND, PROJECT_KIND, ASSET_KIND, SHARE_KIND, KINSHIP,
    IMPORT_STATE, PURPOSE, SEVERITY, PROBLEM_STATE, SHARE_ACT, DOCUMENT_KIND, DOCUMENT_FAULT, FINDING_STATE, WATCH_KIND,
    OUTSIDE_LIST,
)  # fmt: skip
