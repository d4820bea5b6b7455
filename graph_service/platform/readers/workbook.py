"""An Excel workbook (.xlsx, .xlsm): its sheets, number formats and strings, found by its relationships."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.date_serials import BUILTIN_FORMATS
from graph_service.platform.readers.xml_stream import Attributes, get_attribute, is_true, parse_part

VISIBLE, HIDDEN, VERY_HIDDEN, CHART = "visible", "hidden", "veryHidden", "chart"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it. `state`: visible, hidden or veryHidden; `part` is "" for what has no cells (a chart)."""

    name: str
    state: str
    part: str


@dataclass(slots=True)
class Workbook:
    """What the cells of a workbook's sheets refer to. `formats`: the number format of each style; `struck`: the styles that cross out."""

    sheets: list[SheetPart] = field(default_factory=list)
    strings_part: str = ""
    formats: list[str] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    from_1904: bool = False
    recalculates_on_load: bool = False
    """Whether Excel calculates its formulas again when it opens it: what is stored for them was not."""


@dataclass(frozen=True, slots=True)
class PartRelationship:
    """What a part refers to: the last word of its type, the part, whether it lies outside of the file."""

    kind: str
    target: str
    external: bool


def part_relationships(archive: Archive, part: str) -> dict[str, PartRelationship]:
    """Return what a part refers to, by the id of the relationship; a package's own for the part ""."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, PartRelationship] = {}
    if not archive.has_part(path):
        return found

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            kind = get_attribute(attributes, "Type").rpartition("/")[2]
            target = get_attribute(attributes, "Target").replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            external = get_attribute(attributes, "TargetMode").lower() == "external"
            found[get_attribute(attributes, "Id")] = PartRelationship(kind, target, external)

    parse_part(archive, path, start)
    return found


def open_workbook(archive: Archive) -> Workbook:
    """Read what all sheets share, but for the strings."""
    main = next(
        (r.target for r in part_relationships(archive, "").values() if r.kind == "officeDocument"), "xl/workbook.xml"
    )
    if not archive.has_part(main):
        raise archive.unreadable_error(
            "压缩包里没有工作簿;请用 Excel 另存为 .xlsx",
            "there is no workbook in the archive: save it as .xlsx in Excel",
        )
    if main.lower().endswith(".bin"):
        raise archive.unreadable_error(
            "这是二进制工作簿(.xlsb);请另存为 .xlsx", "this is a binary workbook (.xlsb): save it as .xlsx"
        )
    related = part_relationships(archive, main)
    book = Workbook()

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            book.sheets.append(_sheet_part(archive, attributes, related))
        elif tag == "workbookPr":
            book.from_1904 = is_true(get_attribute(attributes, "date1904"))
        elif tag == "calcPr":
            book.recalculates_on_load = is_true(get_attribute(attributes, "fullCalcOnLoad"))

    parse_part(archive, main, start)
    by_kind = {relationship.kind: relationship.target for relationship in related.values()}
    book.strings_part = by_kind.get("sharedStrings", "")
    if archive.has_part(by_kind.get("styles", "")):
        book.formats, book.struck = _read_styles(archive, by_kind["styles"])
    return book


def _sheet_part(archive: Archive, attributes: Attributes, related: dict[str, PartRelationship]) -> SheetPart:
    name = get_attribute(attributes, "name")
    identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
    relationship = related.get(identity)
    if relationship is None or relationship.external:
        raise archive.damaged_error(f"找不到表“{name}”的内容", f"the content of the sheet {name} is not in it")
    state = attributes.get("state", VISIBLE)
    return SheetPart(name, state, relationship.target if relationship.kind == "worksheet" else "")


def _read_styles(archive: Archive, part: str) -> tuple[list[str], set[int]]:
    """Return (the number format of each cell style, the styles whose font is struck through)."""
    codes: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    fonts = 0
    struck: set[int] = set()
    path: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal fonts
        within = path[-1] if path else ""
        path.append(tag)
        if tag == "numFmt" and within == "numFmts":
            codes[int(get_attribute(attributes, "numFmtId"))] = get_attribute(attributes, "formatCode")
        elif tag == "font" and within == "fonts":
            fonts += 1
        elif tag == "strike" and path[-3:-1] == ["fonts", "font"] and is_struck(attributes):
            struck.add(fonts - 1)
        elif tag == "xf" and within == "cellXfs":
            styles.append(
                (int(get_attribute(attributes, "numFmtId") or 0), int(get_attribute(attributes, "fontId") or 0))
            )

    def end(_tag: str) -> None:
        path.pop()

    parse_part(archive, part, start, end)
    formats = [codes.get(number) or BUILTIN_FORMATS.get(number, "General") for number, _ in styles]
    return formats, {at for at, (_, font) in enumerate(styles) if font in struck}


def is_struck(attributes: Attributes) -> bool:
    """Return whether an element `strike` crosses out: it does where it says nothing else."""
    return "val" not in attributes or is_true(attributes["val"])
