"""Under which headers registers have names in place of numbers: of villages, areas, cadres and departments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from graph_service.core.cells.units import plain_header, strip_marks
from graph_service.domain.metamodel import Sheet, SheetColumn
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import columns_by_name, end_columns, end_labels

EMPTY_MAPPING: Mapping[str, Any] = {}
NAMEABLE_LABELS = ("Village", "Area", "Cadre", "Department")
"""The labels that a row may refer to by a name. A household or a person is never looked up by one."""
VILLAGE_HEADERS = (
    "行政村", "行政村名称", "村名", "村名称", "所在村", "所在行政村", "所属行政村", "村(社区)", "村(居)", "村(居)名称", "村(社区)名称", "村社区", "村",
)  # fmt: skip
AREA_NAME_HEADERS = ("所在区划", "区划名称", "覆盖区划", "建设地点", "实施地点", "项目地点", "项目实施地点")
NAME_HEADERS: dict[str, tuple[str, ...]] = {
    "Village": VILLAGE_HEADERS,
    "Area": (*AREA_NAME_HEADERS, *VILLAGE_HEADERS),
    "Cadre": (
        "帮扶干部姓名", "帮扶责任人姓名", "帮扶人姓名", "责任人姓名", "干部姓名", "结对帮扶干部", "结对帮扶责任人", "结对干部", "帮扶干部", "帮扶责任人", "帮扶人", "责任人",
    ),
    "Department": (
        "帮扶单位名称", "帮扶单位", "帮扶部门名称", "帮扶部门", "责任单位", "单位名称", "部门名称", "工作单位", "所在单位", "派出单位", "单位",
    ),
}  # fmt: skip
SHEET_HEADERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("行政村", "Village.code"): VILLAGE_HEADERS,
    ("驻村帮扶", "Cadre.cadre_no"): ("姓名", "队员姓名"),
    ("驻村帮扶", "Village.code"): ("驻村", "驻点村", "派驻村", "帮扶村"),
    ("部门帮村", "Village.code"): ("帮扶村", "联系村"),
    ("领导小组", "Cadre.cadre_no"): ("姓名",),
    ("挂职干部", "Cadre.cadre_no"): ("姓名",),
}
"""Further headers of columns of one sheet."""
UPPER_AREA_HEADERS: dict[str, tuple[str, ...]] = {
    "PREFECTURE": ("市(州)", "市州", "州(市)", "地市", "市", "州"),
    "COUNTY": (
        "县(市、区、旗)", "县(市、区)", "县(市区)", "县(区)", "县市区", "区县", "县区", "县", "所在县", "县名", "县名称",
    ),
    "TOWNSHIP": ("乡(镇)", "乡镇", "乡镇名称", "所在乡镇", "所属乡镇", "乡(镇、街道)", "乡镇(街道)", "镇(乡)", "乡", "镇"),
}  # fmt: skip
"""Where names of the areas that a village lies in stand beside it, the widest first."""


def normalize_header(text: str) -> str:
    """Return a header as headers are compared."""
    return strip_marks(plain_header(text))


@cache
def labels_by_name_column(sheet: str) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of a sheet in which a name may stand for a number, with the labels that it may be the name of."""
    found: dict[str, tuple[str, ...]] = {}
    declared = MODEL.sheets[sheet]
    brought = {write.target for write in declared.writes}
    for write in declared.writes:
        relationship = MODEL.relationships.get(write.target)
        if relationship is None:
            continue
        for column, labels in zip(end_columns(MODEL, write), end_labels(relationship, write), strict=True):
            nameable = tuple(label for label in labels if label in NAMEABLE_LABELS and label not in brought)
            if nameable:
                found[column] = tuple(dict.fromkeys((*found.get(column, ()), *nameable)))
    if "Village" in brought:
        found["Village.code"] = ("Village",)
    if "AreaYear" in brought:
        found["Area.code"] = ("Area",)
    return found


@cache
def sheet_columns(sheet: str) -> Mapping[str, SheetColumn]:
    """Return the columns of a sheet, those that refer to what has a name with the headers of the name after their own."""
    declared = MODEL.sheets[sheet]
    found = columns_by_name(MODEL, declared)
    for name, labels in labels_by_name_column(sheet).items():
        further = (*_name_headers(declared, name, labels), *SHEET_HEADERS.get((sheet, name), ()))
        taken = {normalize_header(header) for header in found[name].headers}
        headers = tuple(header for header in dict.fromkeys(further) if normalize_header(header) not in taken)
        found[name] = replace(found[name], headers=(*found[name].headers, *headers))
    return found


def usual_context_header(text: str) -> str:
    """Return the usual header of a column that stands beside names: 乡镇 for 所在地乡镇, 工作单位 for 帮扶责任人工作单位; the text itself where
    it is none."""
    usual = (header for headers in (*UPPER_AREA_HEADERS.values(), NAME_HEADERS["Department"]) for header in headers)
    return max(
        (header for header in usual if normalize_header(text).endswith(normalize_header(header))), key=len, default=text
    )


@cache
def identifying_columns(sheet: str) -> frozenset[str]:
    """Return the columns of a sheet that tell which records are meant and where they are, and nothing of them: numbers, villages, and on the
    cards of a year, whose owner has a number, name and telephone, too."""
    columns_ = sheet_columns(sheet)
    places = {name for name, labels in labels_by_name_column(sheet).items() if {"Village", "Area"} & set(labels)}
    cards = {name: column.property for name, column in columns_.items() if name.partition(".")[0].endswith("Year")}
    owners = {name for name, own in cards.items() if own.search_kind == "person" or own.check == "phone"}
    return frozenset({*MODEL.sheets[sheet].key, *places, *owners})


def _name_headers(sheet: Sheet, column: str, labels: Sequence[str]) -> tuple[str, ...]:
    """The headers of names of a label, where the column is not that of a role of its own, as who approved."""
    own = any(own.name == column for own in sheet.columns)
    if own or (column in sheet.header_overrides and labels[0] not in ("Village", "Area")):
        return ()
    # A village beside a department is one that it helps, not where it is; 单位 beside a measure is what its goods are counted in.
    if sheet.name == "帮扶部门":
        return AREA_NAME_HEADERS
    headers = NAME_HEADERS[labels[0]]
    return tuple(header for header in headers if header != "单位") if sheet.name == "帮扶措施" else headers


@dataclass(frozen=True, slots=True)
class NameColumns:
    """How the names of a table are looked up: in which columns they may stand for which labels, where the names of the areas above
    stand (positions, the widest first; `default_area_positions`: for names of others than areas) and that of the department that a cadre works for,
    which numbers a mapping gives to names, by label, and what it takes where there is no such name."""

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    area_positions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    default_area_positions: tuple[int, ...] = ()
    department_position: int | None = None
    numbers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)

    @property
    def used_positions(self) -> set[int]:
        """The positions of columns that are read beside those of the sheet."""
        positions = {at for some in (self.default_area_positions, *self.area_positions.values()) for at in some}
        return positions | ({self.department_position} if self.department_position is not None else set())


def _merged_prefixes(sheet: str, names: Iterable[str], headers_by_column: Mapping[str, str]) -> set[str]:
    """What may stand above the columns of names, where their headers are merged ones: 帮扶责任人 of 帮扶责任人姓名. `headers_by_column`: headers by
    column, as they are compared."""
    headers = (
        (headers_by_column.get(name, ""), (*sheet_columns(sheet)[name].headers, "姓名", "名称")) for name in names
    )
    found = {
        text.removesuffix(normalize_header(header))
        for text, some in headers
        for header in some
        if text.endswith(normalize_header(header))
    }
    return found - {""}


def locate_name_columns(
    sheet: str,
    header: Sequence[str],
    positions: Mapping[str, int],
    *,
    lookup_paths: Mapping[str, Sequence[str]] = EMPTY_MAPPING,
    numbers: Mapping[str, Mapping[str, str]] = EMPTY_MAPPING,
    otherwise: Mapping[str, str] = EMPTY_MAPPING,
) -> NameColumns:
    """Return how the names of a table are looked up. `lookup_paths`: the headers that a mapping names for a column, the widest area first, the
    name itself last."""
    labels = {name: found for name, found in labels_by_name_column(sheet).items() if name in positions}
    plains, taken = [normalize_header(text) for text in header], set(positions.values())

    # Under a merged header 帮扶信息 the department stands as 帮扶信息帮扶单位 beside 帮扶信息帮扶责任人.
    uppers = [
        "",
        *sorted(
            _merged_prefixes(sheet, labels, {name: plains[at] for name, at in positions.items() if at < len(plains)})
        ),
    ]

    def position(headers: Sequence[str]) -> list[int]:
        texts = [upper + normalize_header(text) for text in headers for upper in uppers]
        found = (plains.index(text) for text in texts if text in plains)
        return [at for at in found if at not in taken][:1]

    around = (
        tuple(at for headers in UPPER_AREA_HEADERS.values() for at in position(headers))
        if labels.keys() - lookup_paths.keys()
        else ()
    )
    above = {name: tuple(at for text in path[:-1] for at in position((text,))) for name, path in lookup_paths.items()}
    cadres = any("Cadre" in found for found in labels.values()) and "Department.department_no" not in positions
    department = next(iter(position(NAME_HEADERS["Department"])), None) if cadres else None
    return NameColumns(labels, above, around, department, numbers, otherwise)
