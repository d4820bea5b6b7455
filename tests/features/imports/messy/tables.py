"""The tables of the messy deliveries: their columns, the kind of each, and the graph property that stores it (docs/reference/model.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tests import ROOT

MODEL_PAGE = ROOT / "docs" / "reference" / "model.md"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `kind`: key, need (a number that a row requires), voucher, ref, text, phone, document, word, words, flag, amount,
    area, distance, count, rate, year, day, birth, on, begins, ends, first, last. `at`: the properties that store it, as LABEL.property or TYPE.property;
    an end of a relationship is TYPE.start or TYPE.end. `code_list`: the enumeration of words. `unit`: the usual one."""

    header: str
    kind: str
    at: tuple[str, ...]
    code_list: str = ""
    unit: str = ""


def _column(header: str, kind: str, properties: str, code_list: str = "", unit: str = "") -> Column:
    return Column(header, kind, tuple(properties.split()), code_list, unit)


FLOWS = {"资金": "TRANSFERRED", "项目": "ALLOCATED", "户": "GRANTED", "企业": "INVESTED"}
"""Kinds of recipients of money, and the relationships made for them."""
NUMBERS = {
    "行政村": "村编码", "区划年报": "区划代码", "贫困户": "户编号", "家庭成员": "人口编号", "帮扶部门": "单位编号", "帮扶干部": "干部编号",
    "经营主体": "统一社会信用代码", "资金": "资金编号", "项目": "项目编号", "资产": "资产编号",
}  # fmt: skip
"""Tables of records that other tables refer to, and the column of their number."""
TABLES: dict[str, tuple[Column, ...]] = {
    "行政村": (
        _column("村编码", "key", "VillageYear.owner"), _column("年度", "year", "VillageYear.year"), _column("村名", "text", "VillageYear.name"),
        _column("是否贫困村", "flag", "VillageYear.poor"), _column("出列年度", "year", "VillageYear.exit_year"),
        _column("集体经济收入", "amount", "VillageYear.collective_income", unit="万元"), _column("总户数", "count", "VillageYear.households", unit="户"),
        _column("总人口数", "count", "VillageYear.population", unit="人"), _column("耕地面积", "area", "VillageYear.cultivated_land", unit="亩"),
    ),
    "区划年报": (
        _column("区划代码", "key", "AreaYear.owner"), _column("年度", "year", "AreaYear.year"), _column("农村人口", "count", "AreaYear.population", unit="人"),
        _column("错退率", "rate", "AreaYear.wrongly_exited"), _column("漏评率", "rate", "AreaYear.missed"),
        _column("群众认可度", "rate", "AreaYear.satisfaction"),
    ),
    "贫困户": (
        _column("户编号", "key", "HouseholdYear.owner LIVES_IN.start"), _column("村编码", "need", "LIVES_IN.end"),
        _column("年度", "year", "HouseholdYear.year"), _column("户主姓名", "name", "HouseholdYear.head_name"),
        _column("贫困户属性", "word", "HouseholdYear.kind", "HouseholdKind"), _column("脱贫属性", "word", "HouseholdYear.status", "PovertyStatus"),
        _column("脱贫年度", "year", "HouseholdYear.exit_year"), _column("主要致贫原因", "word", "HouseholdYear.main_cause", "PovertyCause"),
        _column("家庭人口数", "count", "HouseholdYear.size", unit="人"), _column("联系电话", "phone", "HouseholdYear.phone"),
        _column("耕地面积", "area", "HouseholdYear.cultivated_land", unit="亩"),
        _column("与村主干路距离", "distance", "HouseholdYear.road_distance", unit="公里"),
        _column("危房等级", "word", "HouseholdYear.housing", "HousingGrade"), _column("饮水是否安全", "flag", "HouseholdYear.safe_water"),
        _column("工资性收入", "amount", "HouseholdYear.wage_income", unit="元"), _column("转移性收入", "amount", "HouseholdYear.transfer_income", unit="元"),
        _column("低保金", "amount", "HouseholdYear.low_income_payment", unit="元"),
    ),
    "家庭成员": (
        _column("人口编号", "key", "PersonYear.owner MEMBER_OF.start"), _column("户编号", "need", "MEMBER_OF.end"),
        _column("年度", "year", "PersonYear.year"), _column("姓名", "name", "PersonYear.name"),
        _column("与户主关系", "word", "MEMBER_OF.relation", "RelationToHead"), _column("性别", "word", "PersonYear.sex", "Sex"),
        _column("证件号码", "document", "PersonYear.id_document"), _column("出生日期", "birth", "PersonYear.born_on"),
        _column("文化程度", "word", "PersonYear.education", "EducationLevel"), _column("健康状况", "words", "PersonYear.health", "HealthCondition"),
        _column("劳动技能", "word", "PersonYear.labour", "LabourCapacity"),
        _column("是否参加城乡居民基本医疗保险", "flag", "PersonYear.insured"), _column("务工月数", "count", "PersonYear.months_worked", unit="月"),
    ),
    "帮扶部门": (
        _column("单位编号", "key", "DepartmentState.owner"), _column("单位名称", "text", "DepartmentState.name"),
        _column("隶属关系", "word", "DepartmentState.level", "GovernmentLevel"), _column("撤销日期", "day", "DepartmentState.dissolved_on"),
    ),
    "帮扶干部": (
        _column("干部编号", "key", "CadreState.owner WORKS_FOR.start"), _column("姓名", "name", "CadreState.name"), _column("职务", "text", "CadreState.post"),
        _column("联系电话", "phone", "CadreState.phone"), _column("离岗日期", "day", "CadreState.left_on"), _column("单位编号", "ref", "WORKS_FOR.end"),
    ),
    "经营主体": (
        _column("统一社会信用代码", "key", "EnterpriseState.owner"), _column("类型", "kind", ""), _column("名称", "text", "EnterpriseState.name"),
        _column("是否龙头企业", "flag", "EnterpriseState.leading"),
    ),
    "资金": (
        _column("资金编号", "key", "FundState.owner"), _column("资金名称", "text", "FundState.name"), _column("资金类型", "word", "FundState.kind", "FundKind"),
        _column("级次", "word", "FundState.level", "GovernmentLevel"), _column("年度", "year", "FundState.year"),
        _column("金额", "amount", "FundState.amount", unit="元"),
    ),
    "结对帮扶": (
        _column("干部编号", "need", "HELPS.start"), _column("户编号", "need", "HELPS.end"), _column("开始时间", "first", "HELPS.since"),
        _column("结束时间", "last", "HELPS.until"),
    ),
    "驻村帮扶": (
        _column("干部编号", "need", "SERVES.start"), _column("村编码", "need", "SERVES.end"), _column("职责", "word", "SERVES.duty", "VillagePost"),
        _column("开始时间", "first", "SERVES.since"), _column("结束时间", "last", "SERVES.until"),
    ),
    "走访记录": (
        _column("干部编号", "need", "VISITED.start"), _column("户编号", "need", "VISITED.end"), _column("走访日期", "on", "VISITED.since"),
        _column("走访内容", "text", "VISITED.note"),
    ),
    "帮扶措施": (
        _column("户编号", "need", "RECEIVES.start"), _column("措施类别", "word", "MeasureState.kind", "MeasureKind"),
        _column("项目内容", "text", "MeasureState.content"), _column("金额", "amount", "MeasureState.amount", unit="元"),
        _column("开始时间", "begins", "MeasureState.starts_on"), _column("结束时间", "ends", "MeasureState.ends_on"),
    ),
    "土地流转": (
        _column("户编号", "need", "LEASES_TO.start"), _column("经营主体", "need", "LEASES_TO.end"), _column("开始时间", "first", "LEASES_TO.since"),
        _column("结束时间", "last", "LEASES_TO.until"), _column("流转面积", "area", "LEASES_TO.mu", unit="亩"),
        _column("租金", "amount", "LEASES_TO.rent", unit="元"),
    ),
    "项目": (
        _column("项目编号", "key", "ProjectState.owner LOCATED_IN.start"), _column("项目名称", "text", "ProjectState.name"),
        _column("项目类别", "word", "ProjectState.kind", "ProjectKind"), _column("村编码", "need", "LOCATED_IN.end"),
    ),
    "资金流向": (
        _column("凭证号", "voucher", "FLOW.voucher"), _column("来源资金编号", "need", "FLOW.start"), _column("去向类型", "kind", ""),
        _column("去向编号", "need", "FLOW.end"), _column("日期", "on", "FLOW.since"), _column("金额", "amount", "FLOW.amount", unit="元"),
    ),
    "资产": (
        _column("资产编号", "key", "AssetState.owner"), _column("资产名称", "text", "AssetState.name"), _column("资产类型", "word", "AssetState.kind", "AssetKind"),
        _column("量化金额", "amount", "AssetState.quantified", unit="元"), _column("保底收益率", "rate", "AssetState.floor_rate"),
    ),
}  # fmt: skip
REQUIRED = {
    "资金流向": {"金额"},
    "经营主体": {"类型"},
    "驻村帮扶": {"职责"},
    "走访记录": {"走访日期"},
    "帮扶措施": {"措施类别"},
}
"""Columns other than numbers that a row requires to be imported."""


@cache
def code_list(name: str) -> dict[str, str]:
    """Return the member for every spelling in a code list of docs/reference/model.md."""
    _, _, rest = MODEL_PAGE.read_text(encoding="utf-8").partition(f"\n### {name} ")
    body = rest.partition("\n### ")[0]
    members = re.findall(r"^\| `(\w+)` \| ([^|]+?) \| ([^|]*?) ?\|$", body, re.MULTILINE)
    return {text: member for member, label, variants in members for text in (label, *variants.split("、")) if text}
