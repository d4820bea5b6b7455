"""Values derived from the cells of a row, and checks for cells that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from graph_service.core.areas import CODE_DIGITS, nearest_ancestor, published_codes
from graph_service.core.cells.cell_parsers import NUMBER_MASKED
from graph_service.core.cells.cell_texts import is_filler, is_name
from graph_service.core.cells.derived_facts import derived_properties
from graph_service.core.cells.row_parsing import ParsedRow, RowIssue
from graph_service.domain.inexact_numbers import NUMBER_NOT_STATED
from graph_service.domain.metamodel import Model, Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.model.sheets import BORROWER_KIND, TO_KIND
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.domain.sheet_columns import end_columns
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.platform.codec import Codec

NUMBER_COLUMN_BY_SHEET = {
    "帮扶措施": "Measure.measure_no",
    "医疗费用": "MedicalCost.cost_no",
    "外部名单": "OutsideRecord.record_no",
}
"""Sheets whose rows have no number in the file, and the column of the number derived for them."""
DERIVED_COLUMNS = {
    *NUMBER_COLUMN_BY_SHEET.values(),
    *(
        "Person.person_no",
        "PersonYear.registered",
        "PersonYear.card_no",
        "HouseholdYear.village_code",
        "FORMED.portion",
    ),
}
"""Columns that no file has: their values are always derived."""
RAW_TEXT_COLUMNS = ("INVESTS_IN.share",)
"""Columns whose raw text is kept where it states no single number."""
WHOLE_PORTION = "-"
"""The portion of an asset that is recorded in the sheet of assets itself."""
WHOLE_SHARE = 1_000_000
"""The whole of an operator, in the unit in which shares of it are stored."""
NO_RELATION_WORDS = {"非亲属", "非亲", "无关系", "没有关系", "否", "不是", "非", "无亲属关系"}
SELF_RELATION_WORDS = {"系本人", "是本人", "干部本人", "本人(干部)", "自己", "本人自己"}
ONE_PERCENT = 10_000
"""One percent of the whole."""


def available_columns(model: Model, columns: Iterable[str]) -> set[str]:
    """Return the columns for which a file with these columns has values: these, those derived from them, and those
    derived for each row."""
    available = {*columns, *DERIVED_COLUMNS, *(f"{name}_text" for name in RAW_TEXT_COLUMNS if name in columns)}
    if "MEMBER_OF.relation" in available:
        available.add("PersonYear.relation")
    for label in model.labels.values():
        for source in label.properties:
            if f"{label.name}.{source.name}" in columns:
                available.update(f"{label.name}.{derived.name}" for derived in derived_properties(label, source))
    return available


def complete_row(sheet: Sheet, parsed: ParsedRow, header_texts: Mapping[str, str], codec: Codec) -> ParsedRow:
    """Return the row with its derived values; refuse it where an amount is negative but corrects no voucher, both
    ends are the same, or a share is above the whole. `header_texts`: headers by column."""
    for issue in (
        _negative_amount_issue(parsed, header_texts),
        _same_ends_issue(parsed, header_texts),
        _share_over_whole_issue(parsed, header_texts),
    ):
        if issue is not None:
            parsed.refuse(issue.code, issue.column, issue.value)
    _check_exit_year(parsed, header_texts)
    _check_relation(sheet, parsed, header_texts)
    parsed.flags.extend(_unattached_values(sheet, parsed, header_texts))
    return derive_values(sheet, parsed, header_texts, codec)


def _check_exit_year(parsed: ParsedRow, header_texts: Mapping[str, str]) -> None:
    """Refuse a household that has exited in a year that is not understood: the year of its card is not assumed instead."""
    column = "HouseholdYear.exit_year"
    has_exited = parsed.values.get("HouseholdYear.status") == ("EXITED", None)
    if has_exited and column in parsed.unread_columns:
        value = next((issue.value for issue in parsed.flags if issue.column == header_texts[column]), "")
        parsed.refuse("DATE_INVALID", header_texts[column], value)


def _check_relation(sheet: Sheet, parsed: ParsedRow, header_texts: Mapping[str, str]) -> None:
    """Refuse a relation that is not stated, or stated to be none: it makes nobody kin of a cadre."""
    relation = parsed.values.get("relation")
    if sheet.name != "关系人" or relation is None:
        return
    if relation in SELF_RELATION_WORDS:
        parsed.values["relation"] = "本人"
    elif is_filler(relation) or relation in NO_RELATION_WORDS:
        parsed.refuse("RELATION_NONE", header_texts["relation"], relation)


def _unattached_values(sheet: Sheet, parsed: ParsedRow, header_texts: Mapping[str, str]) -> Iterator[RowIssue]:
    """Yield an issue for each value of a relationship that the row does not create because its other end is missing:
    a voucher without a fund."""
    for name, alternatives in _optional_columns(sheet.name).items():
        value = parsed.values.get(name)
        if value is not None and not any(
            all(parsed.values.get(end) is not None or end in parsed.unread_columns for end in ends)
            for ends in alternatives
        ):
            yield RowIssue("VALUE_UNATTACHED", header_texts[name], str(value))


@cache
def _optional_columns(sheet: str) -> Mapping[str, list[tuple[str, ...]]]:
    """Return the property columns of the relationships that a row of a sheet need not create, each with the
    alternative sets of columns for their ends; one set is enough."""
    declared_sheet = MODEL.sheets[sheet]
    written_targets = {write.target for write in declared_sheet.writes}
    ends_by_column: dict[str, list[tuple[str, ...]]] = {}
    for write in declared_sheet.writes:
        relationship = MODEL.relationships.get(write.target)
        if relationship is None or not write.optional:
            continue
        ends = tuple(name for name in end_columns(MODEL, write) if name.partition(".")[0] not in written_targets)
        for prop in relationship.properties:
            if f"{write.target}.{prop.name}" in sheet_columns(sheet):
                ends_by_column.setdefault(f"{write.target}.{prop.name}", []).append(ends)
    return ends_by_column


def derive_values(sheet: Sheet, parsed: ParsedRow, header_texts: Mapping[str, str], codec: Codec) -> ParsedRow:
    """Return the row with its derived values; called again after names have been replaced by numbers."""
    values = parsed.values
    if sheet.name == "行政村":
        _complete_village(parsed, header_texts["Village.code"])
    elif sheet.name in NUMBER_COLUMN_BY_SHEET:
        values[NUMBER_COLUMN_BY_SHEET[sheet.name]] = codec.derive_number(*(values.get(key) for key in sheet.key))
    elif sheet.name == "参股":
        _keep_share_text(parsed, header_texts["INVESTS_IN.share"])
    elif sheet.name == "资产":
        values["FORMED.portion"] = WHOLE_PORTION
    elif sheet.name == "贫困户":
        values["HouseholdYear.village_code"] = values.get("Village.code")
    elif sheet.name == "家庭成员":
        values["PersonYear.registered"] = True
        values["PersonYear.card_no"] = values.get("Household.card_no")
        values["PersonYear.relation"] = values.get("MEMBER_OF.relation")
        if "MEMBER_OF.relation" in parsed.unread_columns:
            parsed.unread_columns.add("PersonYear.relation")
    elif sheet.name == "关系人":
        key_parts = (values.get("Cadre.cadre_no"), values.get("relation"), values.get("name"))
        values["Person.person_no"] = "K" + codec.derive_number(*key_parts)
        values["PersonYear.registered"] = False
    return parsed


def _negative_amount_issue(parsed: ParsedRow, header_texts: Mapping[str, str]) -> RowIssue | None:
    """Return an issue for a negative amount without a voucher that it corrects (DOMAIN §2)."""
    for column, value in parsed.values.items():
        is_negative = column.endswith(".amount") and value is not None and value < 0
        if is_negative and not parsed.values.get(column.removesuffix("amount") + "corrects"):
            return RowIssue("AMOUNT_NEGATIVE", header_texts[column], f"{value / 100:.2f}")
    return None


DISTINCT_ENDS = (
    ("investor", "operator", "", "", "STAKE_IN_ITSELF"),
    ("Fund.fund_no", "to", TO_KIND, "资金", "FLOW_TO_ITSELF"),
    ("lender", "borrower", BORROWER_KIND, "银行", "FLOW_TO_ITSELF"),
)
"""Columns of the two ends of a row, which must differ where the end is of this kind: a project may have the same number as its fund."""


def _same_ends_issue(parsed: ParsedRow, header_texts: Mapping[str, str]) -> RowIssue | None:
    """Return an issue for an operator that holds a part of itself, or money that flows back to its origin."""
    values = parsed.values
    for start, end, kind, text, code in DISTINCT_ENDS:
        if values.get(end) and values.get(start) == values[end] and values.get(kind, "") == text:
            return RowIssue(code, header_texts[end], str(values[end]))
    return None


def _share_over_whole_issue(parsed: ParsedRow, header_texts: Mapping[str, str]) -> RowIssue | None:
    """Return an issue for an operator that holds more than the whole of another."""
    share = parsed.values.get("INVESTS_IN.share")
    if share is not None and share > WHOLE_SHARE:
        return RowIssue("STAKE_OVER_WHOLE", header_texts["INVESTS_IN.share"], f"{share / ONE_PERCENT:g}")
    return None


def _keep_share_text(parsed: ParsedRow, header: str) -> None:
    """Keep a stake whose share is not stated, with the text written in place of the share."""
    if parsed.values.get("INVESTS_IN.share") is None and "INVESTS_IN.share" not in parsed.unread_columns:
        vague_flag = next((flag for flag in parsed.flags if flag.code == NUMBER_NOT_STATED), None)
        parsed.values["INVESTS_IN.share_text"] = text = mask_numbers(vague_flag.value) if vague_flag else None
        if vague_flag and text != vague_flag.value:
            parsed.flag(RowIssue(NUMBER_MASKED, header, vague_flag.value))
        if vague_flag is None:
            parsed.flags.append(RowIssue(NUMBER_NOT_STATED, header))


def _complete_village(parsed: ParsedRow, header: str) -> None:
    """Create a village that the published tree lacks (merged since), below the parent that the register or its code names."""
    values = parsed.values
    code = values.get("Village.code") or ""
    if is_name(code):
        return
    parent = values.pop("parent", None)
    if parsed.main_refusal is not None or (code in published_codes() and len(code) == CODE_DIGITS["VILLAGE"]):
        return
    if not (len(code) == CODE_DIGITS["VILLAGE"] and code.isascii() and code.isdigit()):
        parsed.refuse("AREA_CODE_INVALID", header, code)
        return
    values["Village.name"], values["Village.level"] = values.get("VillageYear.name"), ("VILLAGE", None)
    values["parent"] = parent or nearest_ancestor(code)
    parsed.flags.append(RowIssue("VILLAGE_NOT_IN_TREE", header, code))
