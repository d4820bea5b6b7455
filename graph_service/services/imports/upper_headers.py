"""What may stand above the header of a column without changing what it says: 收入情况 over 工资性收入, but not 人均收入 (docs/files.md).

An upper text is understood where nothing of it is left but words for things, for who or what the column is of, and for a table's parts.
Every other word may make the column something else (人均, 上半年, 未拨付, 代领人), so it is never read over.
"""

from __future__ import annotations

import re
from functools import cache

from graph_service.derive.units import bare, is_unit, plain_header
from graph_service.model import MODEL

_PARTS = (
    "情况|信息|基本|基础|明细|构成|组成|状况|内容|详情|资料|数据|登记|有关|相关|主要|具体|各项|其中|及其?|和|与|的|等|类|项|部分"
    r"|[、/·,，:：\-—()（）]|第?[一二三四五六七八九十][.．]?|\d[.．]?|当年|本年度?|全年|年度|年"
)
"""No word here or below is made of others: a text is read in one way alone, and what is none is given up at once."""
_THINGS = (
    "收入|来源|住房|房屋|饮水|用水|用电|教育|就学|医疗|健康|卫生|身份|证件|联系|方式|通[讯信]|土地|耕地|林地|生产|生活|条件|交通|区位|道路|政策|致贫|脱贫|退出|识别"
    "|原因|属性|帮扶|扶贫|结对|驻村|走访|贷款|借款|还款|股权|股份|量化|分红|收益|分配|流转|就业|务工|用工|参保|保险|保障|劳动力?|能力|技能|时间|日期|期限|起止|地点|位置"
    "|地址|区划|所在|实施|建设|责任|督查|问题|整改|目标|任务|拨付|拨款|划拨|支付|发放|补助|已|使用|去向|流向|资金|财政|专项|金额|凭证|文号|规模|面积|数量|名称|编号|编码|代码"
)
_OWNERS = {
    "Household": "家庭|贫困户|贫困家庭|农户|对象|建档立卡|户",
    "Person": "成员|贫困人口|人口|人员|个人|家庭|建档立卡|贫困户",
    "Village": "行政村|贫困村|社区|村级?",
    "Area": "行政区|县|乡|镇|地区",
    "Cadre": "责任人|干部|帮扶人|联系人|人员|领导|队员|工作队|第一书记|本人",
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
"""What the record of a label is called; a version of it (HouseholdYear, FundState) as well."""
_HEAD = "户主"
"""Whose a household's name and telephone are, and no figure of it."""
_TITLE = re.compile("(?:[表册]|名单|清单|台账|花名|统计|汇总)[)）]?$")
_OTHERWISE = re.compile(
    "(?:人均|月均|户均|平均|季度?|半年|[1-9一二三四五六七八九十]月份?|月度|预计|预测|计划|拟|目标|模拟|测算).{0,8}收入|增收|收入.{0,4}(?:预测|计划|目标|测算)"
)
"""What a title says where the incomes below it are not those of the record and the whole year."""
_NOTED = re.compile("(?:收入|数据|金额|本表|表中|下列|以下).{0,8}(?:人均|户均|月均|平均|预测|预计|计划|目标|测算|估算)")
"""The same in a note: 表中收入均为人均数."""
_NOTED_YEAR = re.compile(r"(?:收入|数据|金额|本表|表中).{0,8}?((?:19|20)\d\d)年")


def is_understood_above(column: str, upper: str, *, measured: bool) -> bool:
    """Return whether the text above a header leaves the column (`LABEL.property` or `TYPE.property`) what it says."""
    text = bare(_without_units(plain_header(upper)))
    if _TITLE.search(text):
        # A title that is merged over the columns beside the first one.
        return not is_of_other_incomes(text)
    owner = column.partition(".")[0]
    return _pattern(owner, head=not measured).fullmatch(text) is not None


def is_of_other_incomes(title: str) -> bool:
    """Return whether a title says that the incomes below it are not those of each record in a whole year: 1-6月, 人均, 计划."""
    plain = plain_header(title)
    return _OTHERWISE.search(plain) is not None or _NOTED.search(plain) is not None


def years_of_incomes(note: str) -> set[int]:
    """Return the years that a note says the incomes are of: 本表收入为2015年度数."""
    return {int(year) for year in _NOTED_YEAR.findall(plain_header(note))}


def _without_units(text: str) -> str:
    """A text without the units that it states: 收入(元), 金额单位:万元."""

    def without(part: re.Match[str]) -> str:
        return "" if is_unit(part[1]) else part[0]

    for pattern in (r"[(\[【{〔](?:单位[::]?)?([^()\[\]【】{}〔〕::]*)[)\]】}〕]", r"单位[::]([^()::]+)$"):
        text = re.sub(pattern, without, text)
    return text


@cache
def _pattern(owner: str, *, head: bool) -> re.Pattern[str]:
    labels = _labels(owner)
    words = [*(_OWNERS[label] for label in sorted(labels) if label in _OWNERS), _THINGS, _PARTS]
    if head and "Household" in labels:
        words.insert(0, _HEAD)
    return re.compile(f"(?:{'|'.join(dict.fromkeys('|'.join(words).split('|')))})*")


def _labels(owner: str) -> set[str]:
    """The labels that a column tells of: that of its record, or those of both ends of its relationship."""
    relationship = MODEL.relationships.get(owner)
    names = (*relationship.start, *relationship.end) if relationship is not None else (owner,)
    return {MODEL.labels[name].owner or name for name in names if name in MODEL.labels}
