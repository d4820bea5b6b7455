"""Headers under which registers write names in place of numbers: of villages, areas, cadres and departments."""

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
"""The labels that a row may refer to by name. A household or a person is never looked up by name."""
VILLAGE_HEADERS = (
    "行政村", "行政村名称", "村名", "村名称", "所在村", "所在行政村", "所属行政村", "村（社区）", "村（居）", "村（居）名称", "村（社区）名称", "村社区", "村",
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
"""Additional headers of columns in a single sheet."""
UPPER_AREA_HEADERS: dict[str, tuple[str, ...]] = {
    "PREFECTURE": ("市（州）", "市州", "州（市）", "地市", "市", "州"),
    "COUNTY": (
        "县（市、区、旗）", "县（市、区）", "县（市区）", "县（区）", "县市区", "区县", "县区", "县", "所在县", "县名", "县名称",
    ),
    "TOWNSHIP": ("乡（镇）", "乡镇", "乡镇名称", "所在乡镇", "所属乡镇", "乡（镇、街道）", "乡镇（街道）", "镇（乡）", "乡", "镇"),
}  # fmt: skip
"""Headers of the areas that a village lies in, where they stand beside it, the widest first."""


def normalize_header(text: str) -> str:
    """Return a header in the form in which headers are compared."""
    return strip_marks(plain_header(text))


@cache
def labels_by_name_column(sheet: str) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of a sheet in which a name may replace a number, with the labels that the name may belong to."""
    labels_by_column: dict[str, tuple[str, ...]] = {}
    declared_sheet = MODEL.sheets[sheet]
    written_targets = {write.target for write in declared_sheet.writes}
    for write in declared_sheet.writes:
        relationship = MODEL.relationships.get(write.target)
        if relationship is None:
            continue
        for column, labels in zip(end_columns(MODEL, write), end_labels(relationship, write), strict=True):
            nameable = tuple(label for label in labels if label in NAMEABLE_LABELS and label not in written_targets)
            if nameable:
                labels_by_column[column] = tuple(dict.fromkeys((*labels_by_column.get(column, ()), *nameable)))
    if "Village" in written_targets:
        labels_by_column["Village.code"] = ("Village",)
    if "AreaYear" in written_targets:
        labels_by_column["Area.code"] = ("Area",)
    return labels_by_column


@cache
def sheet_columns(sheet: str) -> Mapping[str, SheetColumn]:
    """Return the columns of a sheet; those that refer to named records have the headers of the name after their own."""
    declared_sheet = MODEL.sheets[sheet]
    columns = columns_by_name(MODEL, declared_sheet)
    for name, labels in labels_by_name_column(sheet).items():
        name_headers = (*_name_headers(declared_sheet, name, labels), *SHEET_HEADERS.get((sheet, name), ()))
        existing_headers = {normalize_header(header) for header in columns[name].headers}
        new_headers = tuple(
            header for header in dict.fromkeys(name_headers) if normalize_header(header) not in existing_headers
        )
        columns[name] = replace(columns[name], headers=(*columns[name].headers, *new_headers))
    return columns


def usual_context_header(text: str) -> str:
    """Return the usual header of a column that stands beside names: 乡镇 for 所在地乡镇, 工作单位 for 帮扶责任人工作单位; the text
    itself where it is none."""
    usual_headers = (
        header for headers in (*UPPER_AREA_HEADERS.values(), NAME_HEADERS["Department"]) for header in headers
    )
    return max(
        (header for header in usual_headers if normalize_header(text).endswith(normalize_header(header))),
        key=len,
        default=text,
    )


@cache
def identifying_columns(sheet: str) -> frozenset[str]:
    """Return the columns of a sheet that only identify its records and their place: numbers, villages, and on the
    cards of a year, whose owner has a number, also name and telephone."""
    columns = sheet_columns(sheet)
    area_columns = {name for name, labels in labels_by_name_column(sheet).items() if {"Village", "Area"} & set(labels)}
    card_properties = {
        name: column.property for name, column in columns.items() if name.partition(".")[0].endswith("Year")
    }
    owner_columns = {
        name for name, prop in card_properties.items() if prop.search_kind == "person" or prop.check == "phone"
    }
    return frozenset({*MODEL.sheets[sheet].key, *area_columns, *owner_columns})


def _name_headers(sheet: Sheet, column: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of names of a label; empty where the column has a special role, such as the approver."""
    is_own_column = any(own_column.name == column for own_column in sheet.columns)
    if is_own_column or (column in sheet.header_overrides and labels[0] not in ("Village", "Area")):
        return ()
    # A village beside a department is one that it helps, not its location; 单位 beside a measure is the unit of its goods.
    if sheet.name == "帮扶部门":
        return AREA_NAME_HEADERS
    headers = NAME_HEADERS[labels[0]]
    return tuple(header for header in headers if header != "单位") if sheet.name == "帮扶措施" else headers


@dataclass(frozen=True, slots=True)
class NameColumns:
    """Rules for the lookup of names in a table: the columns in which they may stand and for which labels, the
    positions of the names of the upper areas (the widest first; `default_area_positions`: for names of others
    than areas) and of the department that a cadre works for, the numbers that a mapping gives to names, by label,
    and its fallback where a name is not found."""

    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    area_positions: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    default_area_positions: tuple[int, ...] = ()
    department_position: int | None = None
    numbers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)

    @property
    def used_positions(self) -> set[int]:
        """The positions of columns that are read besides those of the sheet."""
        positions = {
            position
            for area_positions in (self.default_area_positions, *self.area_positions.values())
            for position in area_positions
        }
        return positions | ({self.department_position} if self.department_position is not None else set())


def _merged_prefixes(sheet: str, names: Iterable[str], headers_by_column: Mapping[str, str]) -> set[str]:
    """Return the texts that may stand above the columns of names, where their headers are merged ones: 帮扶责任人 of
    帮扶责任人姓名. `headers_by_column`: normalized headers by column."""
    headers = (
        (headers_by_column.get(name, ""), (*sheet_columns(sheet)[name].headers, "姓名", "名称")) for name in names
    )
    prefixes = {
        text.removesuffix(normalize_header(header))
        for text, usual_headers in headers
        for header in usual_headers
        if text.endswith(normalize_header(header))
    }
    return prefixes - {""}


def locate_name_columns(
    sheet: str,
    header: Sequence[str],
    positions: Mapping[str, int],
    *,
    lookup_paths: Mapping[str, Sequence[str]] = EMPTY_MAPPING,
    numbers: Mapping[str, Mapping[str, str]] = EMPTY_MAPPING,
    otherwise: Mapping[str, str] = EMPTY_MAPPING,
) -> NameColumns:
    """Return the rules for the lookup of names in a table. `lookup_paths`: the headers that a mapping names for a
    column, the widest area first, the name itself last."""
    labels = {name: column_labels for name, column_labels in labels_by_name_column(sheet).items() if name in positions}
    header_texts, used_positions = [normalize_header(text) for text in header], set(positions.values())

    # Under a merged header 帮扶信息 the department stands as 帮扶信息帮扶单位 beside 帮扶信息帮扶责任人.
    upper_texts = [
        "",
        *sorted(
            _merged_prefixes(
                sheet,
                labels,
                {name: header_texts[index] for name, index in positions.items() if index < len(header_texts)},
            )
        ),
    ]

    def find_positions(headers: Sequence[str]) -> list[int]:
        texts = [upper_text + normalize_header(text) for text in headers for upper_text in upper_texts]
        column_labels = (header_texts.index(text) for text in texts if text in header_texts)
        return [index for index in column_labels if index not in used_positions][:1]

    default_area_positions = (
        tuple(index for headers in UPPER_AREA_HEADERS.values() for index in find_positions(headers))
        if labels.keys() - lookup_paths.keys()
        else ()
    )
    area_positions = {
        name: tuple(index for text in path[:-1] for index in find_positions((text,)))
        for name, path in lookup_paths.items()
    }
    has_cadre_names = (
        any("Cadre" in column_labels for column_labels in labels.values())
        and "Department.department_no" not in positions
    )
    department_position = next(iter(find_positions(NAME_HEADERS["Department"])), None) if has_cadre_names else None
    return NameColumns(labels, area_positions, default_area_positions, department_position, numbers, otherwise)
