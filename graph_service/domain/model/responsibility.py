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
        "Problem", "问题", "An item on the problem list (问题清单).",
        _text_property("problem_no", "问题编号", "Number of the problem.", "问题编号"),
        (
            _text_property("content", "问题描述", "Description of the problem.", "问题描述"),
            Property("state", K.ENUM, "整改状态", "State of the problem.", ("整改状态",), D.PUBLIC, enums.PROBLEM_STATE),
            Property("closed_on", K.DATE, "销号日期", "Day on which the problem was closed; null if it is open.", ("销号日期",), D.PUBLIC),
            _text_property("evidence", "整改依据", "Evidence on which the problem was closed.", "整改依据"),
            _text_property("note", "重开原因", "Reason for which the problem was reopened; null if it was not."),
        ),
        anchors=SUBJECT_ANCHORS,
    ),
    Label(
        "Inspection", "督查", "A supervision round.",
        _text_property("inspection_no", "督查编号", "Number of the inspection.", "督查编号"),
        (_text_property("name", "督查名称", "Name of the supervision round.", "督查名称"), Property("held_on", K.DATE, "督查日期", "First day of the supervision round.", ("督查日期",), D.PUBLIC)),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Pledge", "责任书", "A responsibility letter for poverty alleviation (脱贫责任书).",
        _text_property("pledge_no", "责任书编号", "Number of the responsibility letter.", "责任书编号"),
        (Property("year", K.YEAR, "年度", "Year to which it applies.", ("年度",), D.PUBLIC), _text_property("content", "责任内容", "Content of the pledge.", "责任内容")),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Target", "目标", "A target of an area for a year.",
        _text_property("target_no", "目标编号", "Number of the target.", "目标编号"),
        (
            Property("year", K.YEAR, "年度", "Year to which it applies.", ("年度",), D.PUBLIC), _text_property("indicator", "指标", "Indicator that is measured.", "指标"),
            Property("number", K.INTEGER, "目标值", "Value to be reached.", ("目标值",), D.PUBLIC, minimum=0),
        ),
        anchors=COVERED_AREA_ANCHORS,
    ),
    Label(
        "Import", "导入", "An import of files, or a change through the API. It makes a new data version.",
        Property("sequence", K.INTEGER, "数据版本", "Number of the data version made by the import.", (), D.PUBLIC),
        (
            _text_property("content", "内容摘要", "SHA-256 hash of the files and the mapping."),
            _text_property("files", "文件", "Names of the imported files."),
            _text_property("by", "导入人", "Account that made the import, or the name given for it."),
            Property("state", K.ENUM, "状态", "State of the import.", (), D.PUBLIC, enums.IMPORT_STATE, indexed=True),
            Property("purpose", K.ENUM, "目的", "Purpose of the import.", (), D.PUBLIC, enums.PURPOSE),
            Property("day", K.DATE, "采集日", "Day of the collection.", (), D.PUBLIC),
            Property("latest", K.DATE, "最近采集日", "Latest collection day up to this import.", (), D.PUBLIC),
            Property("usual", K.DATE, "默认查询日", "Default day of questions on this version: the later of the last collection and the last change.", (), D.PUBLIC),
            Property("key", K.TEXT, "请求键", "Key given by the client for a change; null for an import of files.", indexed=True),
            _text_property("began", "开始时刻", "Time at which the import began, in UTC."),
            _text_property("published", "发布时刻", "Time at which the import was published, in UTC; null if it was not."),
            Property("same", K.INTEGER, "内容相同的数据版本", "Data version with the same content, if the import changed nothing; otherwise null.", (), D.PUBLIC),
            Property("swept", K.FLAG, "已清除", "Whether all data of an undone import have been removed.", (), D.PUBLIC),
            _text_property("counts", "统计", "Numbers of rows read, new, changed, unchanged, refused and flagged, by sheet, as JSON."),
        ),
        storage=LabelStorage.FIXED,
        in_directory=False,
    ),
)  # fmt: skip

RELATIONSHIPS = (
    Relationship(
        "RESPONSIBLE_FOR", ("Cadre", "Department"), ("Problem",), "负责整改", "Cadre or department responsible for solving a problem.", "problems", "responsible", "end",
        (Property("due", K.DATE, "整改期限", "Date by which the problem must be solved.", ("整改期限",), D.PUBLIC),), key=("since",),
    ),
    Relationship("FOUND", ("Inspection",), ("Problem",), "发现", "A supervision round found a problem.", "problems", "foundBy", "end", is_flow=True),
    Relationship("INSPECTED", ("Cadre",), ("Inspection",), "带队督查", "A cadre led a supervision round.", "inspections", "inspectors", "end", is_flow=True),
    Relationship("SIGNED", ("Cadre",), ("Pledge",), "签订", "A cadre signed a responsibility letter.", "pledges", "signatories", "end", is_flow=True, since_headers=("签订日期",)),
    Relationship("COVERS", ("Pledge", "Target", "Inspection"), ("Area",), "覆盖", "Area to which a responsibility letter, target or supervision round applies.", "areas", "covered", "start"),
)  # fmt: skip
