"""What the cells of a row do not say but follows from them, and what in them cannot be together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from graph_service.declare import Model, Sheet
from graph_service.derive.cell_texts import is_filler, is_name
from graph_service.derive.following import follows
from graph_service.derive.rows import Parsed, Trouble, derived_key
from graph_service.derive.sheets import end_columns
from graph_service.derive.vague import NUMBER_NOT_STATED
from graph_service.model import MODEL
from graph_service.model.sheets import BORROWER_KIND, TO_KIND
from graph_service.services.areas import DIGITS, above, tree
from graph_service.services.imports.name_columns import sheet_columns

KEYED = {"帮扶措施": "Measure.measure_no", "医疗费用": "MedicalCost.cost_no", "外部名单": "OutsideRecord.record_no"}
"""Sheets whose rows have no number of their own, and the column of what is derived for one."""
DERIVED = {
    *KEYED.values(),
    *(
        "Person.person_no",
        "PersonYear.registered",
        "PersonYear.card_no",
        "HouseholdYear.village_code",
        "FORMED.portion",
    ),
}
"""Columns that no file has: what follows for them is always said."""
VAGUE = ("INVESTS_IN.share",)
"""Columns whose raw text is kept where it states no single number."""
WHOLE = "-"
"""The portion of an asset that its own sheet tells."""
WHOLE_PART = 1_000_000
"""All of an operator, as parts of it are stored."""
NO_KIN = {"非亲属", "非亲", "无关系", "没有关系", "否", "不是", "非", "无亲属关系"}
ONESELF = {"系本人", "是本人", "干部本人", "本人(干部)", "自己", "本人自己"}
PERCENT = 10_000
"""A hundredth of it."""


def said(model: Model, there: Iterable[str]) -> set[str]:
    """The columns of which a file with these says something: these, what follows from them, what is derived for each row."""
    found = {*there, *DERIVED, *(f"{name}_text" for name in VAGUE if name in there)}
    if "MEMBER_OF.relation" in found:
        found.add("PersonYear.relation")
    for label in model.labels.values():
        for one in label.properties:
            if f"{label.name}.{one.name}" in there:
                found.update(f"{label.name}.{other.name}" for other in follows(label, one))
    return found


def completed(sheet: Sheet, parsed: Parsed, told: Mapping[str, str]) -> Parsed:
    """The row with its derived values; refused where an amount is negative without need, or ends or a part cannot be. `told`:
    headers by column."""
    for issue in (_unfounded(parsed, told), _circular(parsed, told), _over_whole(parsed, told)):
        if issue is not None:
            parsed.refuse(issue.code, issue.column, issue.value)
    _exited_when(parsed, told)
    _whose_kin(sheet, parsed, told)
    parsed.flagged.extend(_unattached(sheet, parsed, told))
    return derived(sheet, parsed, told)


def _exited_when(parsed: Parsed, told: Mapping[str, str]) -> None:
    """A household that has exited in a year that is not understood is not taken to have exited in that of its card."""
    column = "HouseholdYear.exit_year"
    exited = parsed.values.get("HouseholdYear.status") == ("EXITED", None)
    if exited and column in parsed.unread:
        value = next((issue.value for issue in parsed.flagged if issue.column == told[column]), "")
        parsed.refuse("DATE_INVALID", told[column], value)


def _whose_kin(sheet: Sheet, parsed: Parsed, told: Mapping[str, str]) -> None:
    """A relation that is not stated, or that there is none, makes nobody kin of a cadre."""
    relation = parsed.values.get("relation")
    if sheet.name != "关系人" or relation is None:
        return
    if relation in ONESELF:
        parsed.values["relation"] = "本人"
    elif is_filler(relation) or relation in NO_KIN:
        parsed.refuse("RELATION_NONE", told["relation"], relation)


def _unattached(sheet: Sheet, parsed: Parsed, told: Mapping[str, str]) -> Iterator[Trouble]:
    """What a row says of a relationship that it does not make, because it does not say with whom or what: a voucher without a fund."""
    for name, alternatives in _optional_columns(sheet.name).items():
        value = parsed.values.get(name)
        if value is not None and not any(
            all(parsed.values.get(end) is not None or end in parsed.unread for end in ends) for ends in alternatives
        ):
            yield Trouble("VALUE_UNATTACHED", told[name], str(value))


@cache
def _optional_columns(sheet: str) -> Mapping[str, list[tuple[str, ...]]]:
    """The columns that tell of relationships that a row of a sheet need not make, with the columns that say with whom or what; one of
    several alternatives will do."""
    declared = MODEL.sheets[sheet]
    brought = {write.target for write in declared.writes}
    found: dict[str, list[tuple[str, ...]]] = {}
    for write in declared.writes:
        relationship = MODEL.relationships.get(write.target)
        if relationship is None or not write.optional:
            continue
        ends = tuple(name for name in end_columns(MODEL, write) if name.partition(".")[0] not in brought)
        for one in relationship.properties:
            if f"{write.target}.{one.name}" in sheet_columns(sheet):
                found.setdefault(f"{write.target}.{one.name}", []).append(ends)
    return found


def derived(sheet: Sheet, parsed: Parsed, told: Mapping[str, str]) -> Parsed:
    """The row with its derived values, once more where numbers have come in place of names."""
    values = parsed.values
    if sheet.name == "行政村":
        _place(parsed, told["Village.code"])
    elif sheet.name in KEYED:
        values[KEYED[sheet.name]] = derived_key(*(values.get(key) for key in sheet.key))
    elif sheet.name == "参股":
        _vague_part(parsed, told["INVESTS_IN.share"])
    elif sheet.name == "资产":
        values["FORMED.portion"] = WHOLE
    elif sheet.name == "贫困户":
        values["HouseholdYear.village_code"] = values.get("Village.code")
    elif sheet.name == "家庭成员":
        values["PersonYear.registered"] = True
        values["PersonYear.card_no"] = values.get("Household.card_no")
        values["PersonYear.relation"] = values.get("MEMBER_OF.relation")
        if "MEMBER_OF.relation" in parsed.unread:
            parsed.unread.add("PersonYear.relation")
    elif sheet.name == "关系人":
        known_by = (values.get("Cadre.cadre_no"), values.get("relation"), values.get("name"))
        values["Person.person_no"] = "K" + derived_key(*known_by)
        values["PersonYear.registered"] = False
    return parsed


def _unfounded(parsed: Parsed, told: Mapping[str, str]) -> Trouble | None:
    """A negative amount is a correction, which names the voucher that it corrects (DOMAIN §2)."""
    for column, value in parsed.values.items():
        negative = column.endswith(".amount") and value is not None and value < 0
        if negative and not parsed.values.get(column.removesuffix("amount") + "corrects"):
            return Trouble("AMOUNT_NEGATIVE", told[column], f"{value / 100:.2f}")
    return None


ENDS = (
    ("investor", "operator", "", "", "STAKE_IN_ITSELF"),
    ("Fund.fund_no", "to", TO_KIND, "资金", "FLOW_TO_ITSELF"),
    ("lender", "borrower", BORROWER_KIND, "银行", "FLOW_TO_ITSELF"),
)
"""Columns of the two ends of a row, which cannot be the same where the end is of this kind: a project may have the number of its fund."""


def _circular(parsed: Parsed, told: Mapping[str, str]) -> Trouble | None:
    """Of an operator that holds a part of itself, money that goes to where it comes from."""
    values = parsed.values
    for start, end, kind, text, code in ENDS:
        if values.get(end) and values.get(start) == values[end] and values.get(kind, "") == text:
            return Trouble(code, told[end], str(values[end]))
    return None


def _over_whole(parsed: Parsed, told: Mapping[str, str]) -> Trouble | None:
    """Of an operator that holds more than the whole of another."""
    share = parsed.values.get("INVESTS_IN.share")
    if share is not None and share > WHOLE_PART:
        return Trouble("STAKE_OVER_WHOLE", told["INVESTS_IN.share"], f"{share / PERCENT:g}")
    return None


def _vague_part(parsed: Parsed, header: str) -> None:
    """A tie between operators of which the part is not stated is kept; what is written in its place beside it."""
    if parsed.values.get("INVESTS_IN.share") is None and "INVESTS_IN.share" not in parsed.unread:
        vague = next((one for one in parsed.flagged if one.code == NUMBER_NOT_STATED), None)
        parsed.values["INVESTS_IN.share_text"] = vague.value if vague else None
        if vague is None:
            parsed.flagged.append(Trouble(NUMBER_NOT_STATED, header))


def _place(parsed: Parsed, header: str) -> None:
    """A village that the published tree lacks (merged since) is made, below what the register or its code names."""
    values = parsed.values
    code = values.get("Village.code") or ""
    if is_name(code):
        return
    named = values.pop("parent", None)
    if parsed.refused is not None or (code in tree() and len(code) == DIGITS["VILLAGE"]):
        return
    if not (len(code) == DIGITS["VILLAGE"] and code.isascii() and code.isdigit()):
        parsed.refuse("AREA_CODE_INVALID", header, code)
        return
    values["Village.name"], values["Village.level"] = values.get("VillageYear.name"), ("VILLAGE", None)
    values["parent"] = named or above(code)
    parsed.flagged.append(Trouble("VILLAGE_NOT_IN_TREE", header, code))
