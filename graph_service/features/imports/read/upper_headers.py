"""Texts above the header of a column that do not change its meaning: 收入情况 over 工资性收入, but not 人均收入 (docs/reference/files.md).

An upper text is understood where it consists only of words for topics, for the owner of the column, and for parts of
a table. Every other word may change the meaning of the column (人均, 上半年, 未拨付, 代领人), so it is never ignored.
"""

from __future__ import annotations

import re
from functools import cache

from graph_service.core.cells.units import is_unit, plain_header, strip_marks
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import columns_by_name

_PARTS = (
    "情况|信息|基本|基础|明细|构成|组成|状况|内容|详情|资料|数据|登记|有关|相关|主要|具体|各项|其中|及其?|和|与|的|等|类|项|部分"
    r"|[、/·,，:：\-—()（）“”]|第[一二三四五六七八九十](?:部分|项)|[一二三四五六七八九十][.．]?(?!年)|\d[.．]?|当年|本年度?|全年|年度|年"
)
"""Words for parts of a table. No word here or below is composed of others: a text is read in one way only, and a
text that does not match is given up at once."""
_NEUTRAL = (
    "方式|生产|生活|条件|区位|原因|属性|时间|日期|期限|起止|地点|位置|地址|区划|所在|金额|凭证|文号|规模|面积|数量|名称|编号|编码|代码"
    "|安全|设施|资源|农业|精准|类型|状况|经济|总|纯|收支|惠农|贫困"
)
"""Words that do not change the meaning of any column."""
_TOPICS = {
    topic: tuple(words.split())
    for topics, words in {
        "收入": "收入 低保金 供养金 养老金 补偿金 生育金 支出",
        "来源": "收入 低保金 供养金 养老金 补偿金 生育金 支出 来源 资金",
        "补助 补贴 政策性 转移性": "资金流向 发放日期 转移 低保金 供养金 养老金 补偿金 生育金",
        "退出": "退出 脱贫 出列",
        "财产性": "财产 分红",
        "经营性": "经营",
        "工资性": "工资",
        "支出": "支出",
        "三保障 两不愁": "房 水 病 学 医",
        "拨付 拨款 划拨 支付 已 使用 去向 流向": "资金流向 发放日期",
        "发放": "发放 资金流向",
        "资金 财政 专项": "资金 支付日期",
        "住房 房屋": "房",
        "饮水 用水": "水",
        "用电 通电": "电",
        "教育 就学": "学 文化",
        "医疗 健康 卫生": "医 病 健康 卫生",
        "身份 证件": "证 户编号",
        "联系 通讯 通信": "联系 电话 通信",
        "土地": "地",
        "交通 道路": "路",
        "帮扶 扶贫 结对": "帮扶 措施",
        "股权 股份 量化": "股 量化",
        "收益 分配 分红": "收益 分配 分红",
        "贷款 借款": "贷 借",
        "务工 用工 就业": "务工 用工",
        "参保 保险 保障": "保险 医保 低保",
        "劳动 能力 技能": "劳动 务工",
        **{word: word for word in ["耕地", "林地", "政策", "致贫", "脱贫", "识别", "驻村", "走访", "还款", "流转"]},
        **{word: word for word in ["实施", "建设", "责任", "督查", "问题", "整改", "目标", "任务"]},
    }.items()
    for topic in topics.split()
}
"""Words for the topic of a column: they are ignored only where the column itself has one of these words, in its
usual headers or in the names of its sheets and label. 脱贫情况 over 年度 makes it another year than the card's, 帮扶情况
over 联系电话 somebody else's telephone."""
_TOPIC = re.compile("|".join(sorted(_TOPICS, key=len, reverse=True)))
_OWNER_WORDS = {
    "Household": "家庭|贫困户|贫困家庭|农户|对象|建档立卡|户",
    "Person": "成员|贫困人口|人口|人员|个人|家庭|建档立卡|贫困户",
    "Village": "行政村|贫困村|社区|村级?",
    "Area": "行政区|县|乡|镇|地区",
    "Cadre": "责任人|干部|帮扶人|人员|本人",
    "Department": "单位|部门",
    "Enterprise": "企业|公司|经营主体|主体|业主|龙头",
    "Cooperative": "合作社|经营主体|主体|业主",
    "Bank": "银行|金融机构|机构",
    "Project": "项目",
    "Asset": "资产",
    "Measure": "措施|项目",
    "Policy": "政策|项目",
    "Watch": "监测|风险|对象",
}
"""Words for the record of a label; a version of it (HouseholdYear, FundState) uses the same."""
_REGISTERED = re.compile("建档立卡(?!户|贫困|对象|家庭)")
"""Above a year this states which one it is: the year of registration, not that of the card."""
_POSTS = "联系人|领导|队员|工作队|第一书记"
"""Posts of a cadre towards somebody: the telephone below need not be that of the cadre of the row."""
_HEAD_WORD = "户主"
"""The head of a household owns its name and telephone, but none of its figures."""
_TITLE = re.compile("(?:[表册]|名单|清单|台账|花名|统计|汇总)[)）]?$")
_NUMBERED = re.compile(r"^[一二三四五六七八九十\d]{1,2}[、.．]")
_JOINED = re.compile("[及和与、]|(?<=收入)(?=支出)")
LONGEST_GROUP = 8
"""The most characters of a text that names a group of columns, though it ends like a title: 贷款统计, 脱贫花名册."""
_OTHER_INCOMES = re.compile(
    r"(?:(?<![及和与、])人均|月均|户均|平均|季度?|半年|(?<!\d)(?:[1-9一二三四五六七八九十]|1[01])月份?|月度|(?:预计|预测|计划|拟|目标|模拟|测算)(?!脱贫|退出|出列|摘帽|户)).{0,8}收入"
    r"|增收|收入.{0,4}(?:预测|计划(?!户)|目标|测算)|月收入|收入月报|收入.{0,6}(?:\d{1,2}-\d{1,2}月|截[止至]\d{1,2}月|季报|半年|每人|上年)"
)
"""Words of a title below which the incomes are not those of the record and the whole year."""
_NOTED_OTHER_INCOMES = re.compile(
    r"(?:收入|数据|金额|本表|表中|下列|以下)[^及和与、]{0,8}(?:(?:人均|户均|月均|平均|预测|预计|计划|目标|测算|估算)数?|上年|季度|半年|\d月(?:数|收入)|月收入|每人)"
)
"""The same words in a note: 表中收入均为人均数."""
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_ARITHMETIC = re.compile("=|标准|计算|由系统")
_NOTED_INCOME_YEAR = re.compile(
    r"(?:收入|数据|金额|本表|表中).{0,8}?(?=(?:19|20)\d\d年)(.{4,24})|((?:19|20)\d\d)年度?.{0,4}收入"
)


def is_neutral_upper_text(column: str, upper_text: str, *, measured: bool) -> bool:
    """Return True where the text above a header does not change the meaning of the column (`LABEL.property` or `TYPE.property`)."""
    text = strip_marks(_without_units(plain_header(upper_text)))
    if (title_match := _TITLE.search(text)) is not None:
        if len(text) > LONGEST_GROUP:
            # A title that is merged over further columns.
            return not is_about_other_incomes(text)
        text = text[: title_match.start()]
    owner = column.partition(".")[0]
    if _neutral_pattern(owner, include_head=not measured).fullmatch(text) is None:
        return False
    if column.endswith(".year") and _REGISTERED.search(text):
        return False
    column_words = _column_words(column)
    # 住房及生活条件 names two topics.
    parts = _JOINED.split(_NUMBERED.sub("", text))
    return any(
        all(any(word in column_words for word in _TOPICS[topic]) for topic in _TOPIC.findall(part)) for part in parts
    )


def is_about_other_incomes(title: str) -> bool:
    """Return True where a title states that the incomes below it are not those of each record in a whole year: 1-6月, 人均, 计划."""
    plain = plain_header(title)
    if _ARITHMETIC.search(plain):
        # A note on the calculation of an income per head does not define the other incomes.
        return False
    return _OTHER_INCOMES.search(plain) is not None or _NOTED_OTHER_INCOMES.search(plain) is not None


def income_years(note: str) -> set[int]:
    """Return the years that a note states for the incomes: 本表收入为2015年度数."""
    matches = _NOTED_INCOME_YEAR.findall(plain_header(note))
    return {int(year) for texts in matches for text in texts for year in _YEAR.findall(text)}


def _without_units(text: str) -> str:
    """Return a text without the units that it states: 收入(元), 金额单位:万元."""

    def remove_unit(unit_match: re.Match[str]) -> str:
        return "" if is_unit(unit_match[1]) else unit_match[0]

    for pattern in (r"[(\[【{〔](?:单位[::]?)?([^()\[\]【】{}〔〕::]*)[)\]】}〕]", r"单位[::]([^()::]+)$"):
        text = re.sub(pattern, remove_unit, text)
    return text


@cache
def _neutral_pattern(owner: str, *, include_head: bool) -> re.Pattern[str]:
    labels = _owner_labels(owner)
    words = [
        *(_OWNER_WORDS[label] for label in sorted(labels) if label in _OWNER_WORDS),
        _NEUTRAL,
        "|".join(_TOPICS),
        _PARTS,
    ]
    if owner in MODEL.relationships and "Cadre" in labels:
        words.insert(0, _POSTS)
    if include_head and "Household" in labels:
        words.insert(0, _HEAD_WORD)
    return re.compile(f"(?:{'|'.join(dict.fromkeys('|'.join(words).split('|')))})*")


@cache
def _column_words(column: str) -> str:
    """Return the words that describe a column: its usual headers, and the names of its sheets and of its label or relationship."""
    owner = column.partition(".")[0]
    sheets = [sheet for sheet in MODEL.sheets.values() if any(write.target == owner for write in sheet.writes)]
    sheet_columns = (columns_by_name(MODEL, sheet) for sheet in sheets)
    headers = [text for columns in sheet_columns if column in columns for text in columns[column].headers]
    element = MODEL.labels.get(owner) or MODEL.relationships.get(owner)
    return " ".join((*headers, *(sheet.name for sheet in sheets), *([element.zh] if element else ())))


def _owner_labels(owner: str) -> set[str]:
    """Return the labels that a column describes: that of its record, or those of both ends of its relationship."""
    relationship = MODEL.relationships.get(owner)
    names = (*relationship.start, *relationship.end) if relationship is not None else (owner,)
    return {MODEL.labels[name].owner or name for name in names if name in MODEL.labels}
