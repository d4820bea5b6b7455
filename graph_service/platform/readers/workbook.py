"""Structure of an Excel workbook (.xlsx, .xlsm): its sheets, number formats and strings, found by its relationships."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.date_serials import BUILTIN_FORMATS
from graph_service.platform.readers.xml_stream import Attributes, get_attribute, is_true, parse_part

VISIBLE, HIDDEN, VERY_HIDDEN, CHART = "visible", "hidden", "veryHidden", "chart"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as listed in the workbook. `state`: visible, hidden or veryHidden; `part` is "" for a sheet without cells (a chart)."""

    name: str
    state: str
    part: str


@dataclass(slots=True)
class Workbook:
    """Data that the cells of a workbook refer to. `formats`: the number format of each style; `struck`: the styles that cross out."""

    sheets: list[SheetPart] = field(default_factory=list)
    strings_part: str = ""
    formats: list[str] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    from_1904: bool = False
    recalculates_on_load: bool = False
    """True where Excel calculates the formulas on opening: their stored values may never have been calculated."""


@dataclass(frozen=True, slots=True)
class PartRelationship:
    """A reference of a part: the last word of its type, the target part, whether it lies outside of the file."""

    kind: str
    target: str
    external: bool


def part_relationships(archive: Archive, part: str) -> dict[str, PartRelationship]:
    """Return the relationships of a part by their id; those of the package for the part ""."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    relationships: dict[str, PartRelationship] = {}
    if not archive.has_part(path):
        return relationships

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            kind = get_attribute(attributes, "Type").rpartition("/")[2]
            target = get_attribute(attributes, "Target").replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            is_external = get_attribute(attributes, "TargetMode").lower() == "external"
            relationships[get_attribute(attributes, "Id")] = PartRelationship(kind, target, is_external)

    parse_part(archive, path, start)
    return relationships


def open_workbook(archive: Archive) -> Workbook:
    """Read the data that all sheets share, except for the strings. Raises `FileUnreadable`."""
    main_part = next(
        (
            relationship.target
            for relationship in part_relationships(archive, "").values()
            if relationship.kind == "officeDocument"
        ),
        "xl/workbook.xml",
    )
    if not archive.has_part(main_part):
        raise archive.unreadable_error(
            "压缩包里没有工作簿；请用 Excel 另存为 .xlsx",
            "the archive contains no workbook; save it as .xlsx in Excel",
        )
    if main_part.lower().endswith(".bin"):
        raise archive.unreadable_error(
            "这是二进制工作簿（.xlsb）；请另存为 .xlsx", "the file is a binary workbook (.xlsb); save it as .xlsx"
        )
    relationships = part_relationships(archive, main_part)
    book = Workbook()

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            book.sheets.append(_sheet_part(archive, attributes, relationships))
        elif tag == "workbookPr":
            book.from_1904 = is_true(get_attribute(attributes, "date1904"))
        elif tag == "calcPr":
            book.recalculates_on_load = is_true(get_attribute(attributes, "fullCalcOnLoad"))

    parse_part(archive, main_part, start)
    targets_by_kind = {relationship.kind: relationship.target for relationship in relationships.values()}
    book.strings_part = targets_by_kind.get("sharedStrings", "")
    if archive.has_part(targets_by_kind.get("styles", "")):
        book.formats, book.struck = _read_styles(archive, targets_by_kind["styles"])
    return book


def _sheet_part(archive: Archive, attributes: Attributes, related: dict[str, PartRelationship]) -> SheetPart:
    name = get_attribute(attributes, "name")
    relationship_id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
    relationship = related.get(relationship_id)
    if relationship is None or relationship.external:
        raise archive.damaged_error(f"找不到表“{name}”的内容", f"the content of the sheet {name} is missing")
    state = attributes.get("state", VISIBLE)
    return SheetPart(name, state, relationship.target if relationship.kind == "worksheet" else "")


def _read_styles(archive: Archive, part: str) -> tuple[list[str], set[int]]:
    """Return the number format of each cell style, and the styles whose font is struck through."""
    codes_by_id: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    font_count = 0
    struck_fonts: set[int] = set()
    path: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal font_count
        parent_tag = path[-1] if path else ""
        path.append(tag)
        if tag == "numFmt" and parent_tag == "numFmts":
            codes_by_id[int(get_attribute(attributes, "numFmtId"))] = get_attribute(attributes, "formatCode")
        elif tag == "font" and parent_tag == "fonts":
            font_count += 1
        elif tag == "strike" and path[-3:-1] == ["fonts", "font"] and is_struck(attributes):
            struck_fonts.add(font_count - 1)
        elif tag == "xf" and parent_tag == "cellXfs":
            styles.append(
                (int(get_attribute(attributes, "numFmtId") or 0), int(get_attribute(attributes, "fontId") or 0))
            )

    def end(_tag: str) -> None:
        path.pop()

    parse_part(archive, part, start, end)
    formats = [codes_by_id.get(number) or BUILTIN_FORMATS.get(number, "General") for number, _ in styles]
    return formats, {index for index, (_, font) in enumerate(styles) if font in struck_fonts}


def is_struck(attributes: Attributes) -> bool:
    """Tell whether an element `strike` crosses text out: it does where it has no value."""
    return "val" not in attributes or is_true(attributes["val"])
