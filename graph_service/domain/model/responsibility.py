"""Problems, inspections, pledges, targets; and deliveries, recorded by the service itself."""

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
from graph_service.domain.model.quality import SUBJECT_ANCHORS

K, D = PropertyKind, DataClassification


def _text_property(name: str, zh: str, doc: str, *headers: str) -> Property:
    return Property(name, K.TEXT, zh, doc, headers, D.PUBLIC)


COVERED_AREA_ANCHORS = ((AnchorStep("COVERS"),),)
LABELS = (
    Label(
        "Problem", "问题", "An item of the problem list （问题清单）.",
        _text_property("problem_no", "问题编号", "Number of the problem.", "问题编号"),
        (
            _text_property("content", "问题描述", "What is wrong.", "问题描述"),
            Property("state", K.ENUM, "整改状态", "Where it stands.", ("整改状态",), D.PUBLIC, enums.PROBLEM_STATE),
            Property("closed_on", K.DATE, "销号日期", "Day on which it was closed.", ("销号日期",), D.PUBLIC),
            _text_property("evidence", "整改依据", "Evidence for closing it.", "整改依据"),
            _text_property("note", "重开原因", "Why it was opened again after it was closed."),
        ),
        anchors=SUBJECT_ANCHORS,
    ),
    Label(
        "Inspection", "督查", "One supervision round.",
        _text_property("inspection_no", "督查编号", "Number of the inspection.", "督查编号"),
        (_text_property("name", "督查名称", "Name of the round.", "督查名称"), Property("held_on", K.DATE, "督查日期", "First day.", ("督查日期",), D.PUBLIC)),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Pledge", "责任书", "A responsibility letter （脱贫责任状）.",
        _text_property("pledge_no", "责任书编号", "Number of the letter.", "责任书编号"),
        (Property("year", K.YEAR, "年度", "Year.", ("年度",), D.PUBLIC), _text_property("content", "责任内容", "What is pledged.", "责任内容")),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Target", "目标", "A target of an area for a year.",
        _text_property("target_no", "目标编号", "Number of the target.", "目标编号"),
        (
            Property("year", K.YEAR, "年度", "Year.", ("年度",), D.PUBLIC), _text_property("indicator", "指标", "What is counted.", "指标"),
            Property("number", K.INTEGER, "目标值", "The figure to reach.", ("目标值",), D.PUBLIC, minimum=0),
        ),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Import", "导入", "One delivery; its sequence orders what is known.",
        Property("sequence", K.INTEGER, "数据版本", "The data version that it makes.", (), D.PUBLIC),
        (
            _text_property("content", "内容摘要", "SHA-256 of the files and the mapping."),
            _text_property("files", "文件", "Names of the files."),
            _text_property("by", "导入人", "Who made it: the account, or the name that was given."),
            Property("state", K.ENUM, "状态", "Running, published, undone, or nothing changed.", (), D.PUBLIC, enums.IMPORT_STATE, indexed=True),
            Property("purpose", K.ENUM, "目的", "Collection or look-back.", (), D.PUBLIC, enums.PURPOSE),
            Property("day", K.DATE, "采集日", "Day of the collection: the day for which questions without one are asked.", (), D.PUBLIC),
            Property("latest", K.DATE, "最近采集日", "The latest day of collections until this one.", (), D.PUBLIC),
            Property("usual", K.DATE, "默认查询日", "The day for which questions without a day are asked: the later of the last collection and the last change.", (), D.PUBLIC),
            Property("key", K.TEXT, "请求键", "The client's key of a change; none of a delivery.", indexed=True),
            _text_property("began", "开始时刻", "When it began, UTC."),
            _text_property("published", "发布时刻", "When it was published, UTC."),
            Property("same", K.INTEGER, "相同版本", "Of what changed nothing: the data version that says so already.", (), D.PUBLIC),
            Property("swept", K.FLAG, "已清除", "Undone, and nothing of it is left.", (), D.PUBLIC),
            _text_property("counts", "统计", "Rows read, new, changed, unchanged, refused and flagged, by sheet, as JSON."),
        ),
        storage=LabelStorage.FIXED,
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship(
        "RESPONSIBLE_FOR", ("Cadre", "Department"), ("Problem",), "负责整改", "Who must put it right.", "problems", "responsible", "end",
        (Property("due", K.DATE, "整改期限", "Due day.", ("整改期限",), D.PUBLIC),), key=("since",),
    ),
    Relationship("FOUND", ("Inspection",), ("Problem",), "发现", "The inspection that found it.", "problems", "foundBy", "end", is_flow=True),
    Relationship("INSPECTED", ("Cadre",), ("Inspection",), "带队督查", "Who led an inspection.", "inspections", "inspectors", "end", is_flow=True),
    Relationship("SIGNED", ("Cadre",), ("Pledge",), "签订", "Who signed a letter.", "pledges", "signatories", "end", is_flow=True, since_headers=("签订日期",)),
    Relationship("COVERS", ("Pledge", "Target", "Inspection"), ("Area",), "覆盖", "The area that it is for.", "areas", "covered", "start"),
)  # fmt: skip
