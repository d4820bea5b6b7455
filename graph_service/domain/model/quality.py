"""Quality of the register: findings of checks, waivers, lists of other offices; and watched households."""

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
from graph_service.domain.model.population import IDENTITY_SEAL_NAME

K, D = PropertyKind, DataClassification


def _text_property(name: str, zh: str, doc: str, *headers: str) -> Property:
    return Property(name, K.TEXT, zh, doc, headers, D.PUBLIC)


def _date_property(name: str, zh: str, doc: str, *headers: str) -> Property:
    return Property(name, K.DATE, zh, doc, headers)


SUBJECT_ANCHORS = (
    (AnchorStep("ABOUT"), AnchorStep("MEMBER_OF"), AnchorStep("LIVES_IN")),
    (AnchorStep("ABOUT"), AnchorStep("LIVES_IN")),
    (AnchorStep("ABOUT"),),
    (AnchorStep("ABOUT"), AnchorStep("LOCATED_IN")),
    (AnchorStep("ABOUT"), AnchorStep("YIELDED", False), AnchorStep("LOCATED_IN")),
    (AnchorStep("ABOUT"), AnchorStep("MANAGED_BY")),
    (AnchorStep("ABOUT"), AnchorStep("MANAGED_BY"), AnchorStep("LOCATED_IN")),
)
"""Anchors of a subject: the area itself, or where a household or person lives, a project or asset lies, or a fund's manager is."""
SUBJECTS = ("Area", "Household", "Person", "Fund", "Project", "Asset", "Distribution")

LABELS = (
    Label(
        "Finding", "疑点", "A problem that a check found with a subject.",
        _text_property("finding_no", "疑点编号", "Number of the finding, made of the check and the subject."),
        (
            _text_property("column", "列", "Column of the register to which the finding refers."),
            _text_property("check", "检查代码", "Code of the check."),
            Property("severity", K.ENUM, "严重程度", "Severity of the finding when it was found.", (), D.PUBLIC, enums.SEVERITY),
            Property("state", K.ENUM, "状态", "State of the finding.", (), D.PUBLIC, enums.FINDING_STATE),
            Property("value", K.TEXT, "疑点内容", "Value that the check found."),
            _text_property("note", "处理说明", "Note of the official who handled the finding."),
            _text_property("by", "处理人", "Official who handled the finding."),
            _date_property("day", "检查日", "Day for which the check was run that found it, or no longer found it."),
            _date_property("seen_on", "最后发现日", "Last day for which it was found; null if it is still found."),
        ),
        anchors=SUBJECT_ANCHORS,
        classed_by_check=True,
    ),
    Label(
        "Waiver", "豁免", "An exception from a check or duty, with its reason and expiry date.",
        _text_property("waiver_no", "豁免编号", "Number of the waiver, made of the check or duty and the subject."),
        (
            _text_property("excepts", "豁免事项", "Check or duty to which the waiver applies."),
            _text_property("reason", "理由", "Reason for the waiver."),
            _text_property("by", "批准人", "Official who granted the waiver."),
            _date_property("begins_on", "开始日", "First day of validity."),
            _date_property("expires_on", "到期日", "Last day of validity."),
        ),
        anchors=SUBJECT_ANCHORS,
        classed_by_check=True,
    ),
    Label(
        "Watch", "监测对象", "Monitoring of a household after 2020, with the dates of its steps: found, verified, discussed, published, approved.",
        _text_property("watch_no", "监测编号", "Number of the monitored case.", "监测编号"),
        (
            Property("kind", K.ENUM, "监测对象类别", "Kind of monitored household.", ("监测对象类别",), enum=enums.WATCH_KIND),
            Property("risk", K.ENUM, "风险类型", "Cause of the risk of poverty.", ("风险类型",), enum=enums.CAUSE),
            _date_property("found_on", "发现日期", "Day on which the risk was found.", "发现日期"),
            _date_property("verified_on", "核查日期", "Day on which the risk was verified.", "核查日期"),
            _date_property("discussed_on", "评议日期", "Day on which the village discussed the case.", "评议日期"),
            _date_property("published_on", "公示日期", "Day on which the case was published.", "公示日期"),
            _date_property("approved_on", "审定日期", "Day on which the county approved the case.", "审定日期"),
            _date_property("cleared_on", "风险消除日期", "Day on which the risk was declared eliminated; null if it still exists.", "风险消除日期"),
        ),
        anchors=((AnchorStep("WATCHES"), AnchorStep("LIVES_IN")),), plural="Watches",
    ),
    Label(
        "OutsideRecord", "外部名单记录", "An entry in the list of another office: a vehicle, a public payroll post, a company, a second home or a death.",
        Property("record_no", K.TEXT, "记录编号", "Number of the entry, derived with the key of the store from list, ID number and content. If several rows agree in all of these, it is derived from all their values."),
        (
            Property("list", K.ENUM, "名单", "List to which the entry belongs.", ("名单", "名单类别"), enum=enums.OUTSIDE_LIST, indexed=True),
            Property("identity", K.TEXT, "公民身份号码", "Citizen ID number: the first 18 characters of the document number.", ("证件号码", "身份证号", "身份证号码"), D.CONFIDENTIAL, check="identity", indexed=True, shared_seal_name=IDENTITY_SEAL_NAME),
            Property("content", K.TEXT, "内容", "Content of the entry, such as the vehicle, employer or company.", ("内容",), D.SENSITIVE, has_record_numbers=True),
            _date_property("began_on", "登记日期", "Date of registration; null if not recorded.", "登记日期"),
        ),
        anchors=((AnchorStep("LISTED_IN"),),),
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship("ABOUT", ("Problem", "Finding", "Waiver"), SUBJECTS, "涉及", "Subject of the problem, finding or waiver.", "subjects", "notices", "start", single_from="start"),
    Relationship("WATCHES", ("Watch",), ("Household",), "监测", "Household that is monitored.", "household", "watches", "start", identified_by="start", single_from="start", since_headers=(), until_headers=()),
    Relationship("LISTED_IN", ("OutsideRecord",), ("Area",), "名单所属区划", "Area whose list contains the entry.", "area", "outsideRecords", "start", identified_by="start", single_from="start", since_headers=(), until_headers=()),
)  # fmt: skip
