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
        "Finding", "疑点", "What a check found of a subject.",
        _text_property("finding_no", "疑点编号", "Check and subject."),
        (
            _text_property("column", "列", "The register's column that it is about."),
            _text_property("check", "检查代码", "Code of the check."),
            Property("severity", K.ENUM, "严重程度", "How grave it was, when it was found.", (), D.PUBLIC, enums.SEVERITY),
            Property("state", K.ENUM, "状态", "Where it stands.", (), D.PUBLIC, enums.FINDING_STATE),
            Property("value", K.TEXT, "所见值", "What was found, as the check tells it."),
            _text_property("note", "处理说明", "What an official says of it."),
            _text_property("by", "处理人", "Who said so."),
            _date_property("day", "检查日", "The day for which the check was made that found it, or found it gone."),
            _date_property("seen_on", "最后所见日", "The day for which it was found last, where it is gone."),
        ),
        anchors=SUBJECT_ANCHORS,
    ),
    Label(
        "Waiver", "豁免", "An exception with reason and expiry.",
        _text_property("waiver_no", "豁免编号", "Check or duty, and subject."),
        (
            _text_property("excepts", "豁免事项", "The check or the duty that it excepts."),
            _text_property("reason", "理由", "Why."),
            _text_property("by", "批准人", "Who granted it."),
            _date_property("begins_on", "开始日", "First day on which it counts."),
            _date_property("expires_on", "到期日", "Last day on which it counts."),
        ),
        anchors=SUBJECT_ANCHORS,
    ),
    Label(
        "Watch", "监测对象", "A household that is watched after 2020, with its steps: found, verified, discussed, published, approved.",
        _text_property("watch_no", "监测编号", "Number of the watch.", "监测编号"),
        (
            Property("kind", K.ENUM, "监测对象类别", "Why it is watched.", ("监测对象类别",), enum=enums.WATCH_KIND),
            Property("risk", K.ENUM, "风险类型", "What it may fall into poverty by.", ("风险类型",), enum=enums.CAUSE),
            _date_property("found_on", "发现日期", "Day on which it was found.", "发现日期"),
            _date_property("verified_on", "核查日期", "Day on which it was verified.", "核查日期"),
            _date_property("discussed_on", "评议日期", "Day on which the village discussed it.", "评议日期"),
            _date_property("published_on", "公示日期", "Day on which it was published.", "公示日期"),
            _date_property("approved_on", "审定日期", "Day on which the county approved it.", "审定日期"),
            _date_property("cleared_on", "风险消除日期", "Day on which its risk was found gone.", "风险消除日期"),
        ),
        anchors=((AnchorStep("WATCHES"), AnchorStep("LIVES_IN")),), plural="Watches",
    ),
    Label(
        "OutsideRecord", "外部名单记录", "An entry of another office's list: a car, a post on the payroll, a company, a second home, a death.",
        Property("record_no", K.TEXT, "记录编号", "Derived from list, number and content; of rows that agree in these from all that they say."),
        (
            Property("list", K.ENUM, "名单", "Which list.", ("名单", "名单类别"), enum=enums.OUTSIDE_LIST, indexed=True),
            Property("identity", K.TEXT, "证件主体号码", "The first 18 characters of the document.", ("证件号码", "身份证号", "身份证号码"), D.CONFIDENTIAL, check="identity", indexed=True, shared_seal_name=IDENTITY_SEAL_NAME),
            Property("content", K.TEXT, "内容", "What it is: the car, the employer, the company.", ("内容",), D.SENSITIVE),
            _date_property("began_on", "登记日期", "Since when.", "登记日期"),
        ),
        anchors=((AnchorStep("LISTED_IN"),),),
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship("ABOUT", ("Problem", "Finding", "Waiver"), SUBJECTS, "涉及", "What it is about.", "subjects", "notices", "start", single_from="start"),
    Relationship("WATCHES", ("Watch",), ("Household",), "监测", "The household that is watched.", "household", "watches", "start", identified_by="start", single_from="start", since_headers=(), until_headers=()),
    Relationship("LISTED_IN", ("OutsideRecord",), ("Area",), "名单所属区划", "The area whose list it is.", "area", "outsideRecords", "start", identified_by="start", single_from="start", since_headers=(), until_headers=()),
)  # fmt: skip
