"""A draft of a mapping for files: which sheets each table most likely feeds, which headers are recognised, which are not.

Only what is certain is written as a rule; what is likely stands there as a comment, for the reader to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from string import ascii_uppercase

from graph_service.domain.model import MODEL
from graph_service.features.imports.read.area_names import areas_in_titles, upper_area_names
from graph_service.features.imports.read.column_owners import COLUMN_UNCLEAR
from graph_service.features.imports.read.column_placement import place_columns
from graph_service.features.imports.read.header_rows import HeaderRows, first_rows
from graph_service.features.imports.read.mapped_tables import find_likely_header
from graph_service.features.imports.read.mapping_guesses import (  # fmt: skip
    CADRE_SHEET,
    PHONE_HEADERS,
    SheetGuess,
    guess_comment,
    is_assignable_key,
    is_incidental,
    is_period,
    is_titled,
    match_similar_headers,
    may_repeat_records,
    required_columns,
    shared_phone_header,
    suggest_period_columns,
    suggest_row_condition,
    toml_text,
    unregistered_cadres,
)
from graph_service.features.imports.read.name_columns import (
    UPPER_AREA_HEADERS,
    labels_by_name_column,
    locate_name_columns,
    normalize_header,
    sheet_columns,
)
from graph_service.features.imports.read.titles import year_of_table
from graph_service.platform.readers.delivery import SourceTable

MIN_NEW_HEADERS = 2
"""Headers that a sheet must find in a table beside its keys, to be proposed."""
DRAFT_HEADER = (
    "# 映射草稿:请逐条核对。以 # 开头的行不起作用;确认无误的建议,删去行首的 # 即可。",
    "# A draft of a mapping: check each line. Lines that begin with # do nothing; delete the # of a proposal that is right.",
    "# 说明 / how it is written: docs/mapping.md",
)


def draft_mapping(tables: Sequence[SourceTable]) -> str:
    """Return the text of a mapping file for tables."""
    parts = ["\n".join(DRAFT_HEADER)]
    names = Counter(normalize_header(table.name) for table in tables)
    parts.extend(
        "\n".join(_draft_table(table, letter, is_name_shared=names[normalize_header(table.name)] > 1))
        for table, letter in zip(tables, cycle(ascii_uppercase), strict=False)
    )
    return "\n\n".join(parts) + "\n"


def _draft_table(table: SourceTable, letter: str, *, is_name_shared: bool) -> Iterator[str]:
    """What is proposed for a table; numbers that are made for its rows begin with a letter of their own. `is_name_shared`: whether another one has
    its name."""
    head = first_rows(table.rows())
    header = find_likely_header(table, set())
    above = [text for number, texts in head if number <= header.last_row - len(header.rows) for text in texts if text]
    titles = [*above, table.name, table.path.stem]
    guesses = _guess_sheets(header, [table.name, *above])
    yield f"# ---- {table.file}{'!' + table.name if table.sheet else ''}: 表头在第 {header.last_row} 行 / header in row {header.last_row}"
    if not guesses:
        yield "# 没有像登记表的表头 / no sheet has headers like these: " + "、".join(_header_texts(header))
        return
    yield "[[tables]]"
    yield f"name = {toml_text(f'{table.file}!{table.name}' if is_name_shared else table.name)}"
    areas = areas_in_titles(titles)
    found = f'area = "{areas[0]}"  # {upper_area_names()[areas[0]]}:' if areas else '# area = "513431"  # '
    yield f"{found}村名、姓名在此区划内查找 / names are looked up in this area"
    year, _ = year_of_table(above, table.name, table.path.stem) or (0, 0)
    texts = tuple(map(header.text, range(len(header.texts))))
    used = {at for guess in guesses for at in guess.placement.positions.values()}
    used |= {
        at
        for guess in guesses
        for at in locate_name_columns(guess.sheet, texts, guess.placement.positions).used_positions
    }
    proposed = {normalize_header(text) for guess in guesses for text in guess.similar_headers.values()}
    beside = {normalize_header(text) for texts in UPPER_AREA_HEADERS.values() for text in texts}
    rest = [text for at, text in enumerate(texts) if text and at not in used]
    rest = [text for text in rest if normalize_header(text) not in proposed | beside]
    shared_by = shared_phone_header(table, header)
    for guess in guesses:
        yield ""
        lines = _draft_sheet(
            guess, header, year, letter, is_repeated=may_repeat_records(guess, guesses), shared_name_header=shared_by
        )
        if question := guess_comment(guess, guesses, sum(map(bool, texts))):
            yield question
            lines = (line if line.startswith("#") else f"# {line}" for line in lines)
        yield from lines
        if len(guesses) > 1:
            yield from suggest_row_condition(guess, header)
        yield from suggest_period_columns(guess, rest)
    rest = [text for text in rest if not any(is_period(guess, text) for guess in guesses)]
    if rest:
        yield ""
        yield "# 没有用到的表头 / headers that are not used: " + "、".join(rest)


def _draft_sheet(
    guess: SheetGuess, header: HeaderRows, year: int, letter: str, *, is_repeated: bool, shared_name_header: str
) -> Iterator[str]:
    columns, places = sheet_columns(guess.sheet), guess.placement.positions
    yield "[[tables.sheets]]"
    yield f"sheet = {toml_text(guess.sheet)}"
    if is_repeated:
        yield "once = true  # 几行说的是同一条记录 / several rows tell of one record"
    recognised = "、".join(f"{header.text(at)} = {name}" for name, at in places.items())
    yield f"# 已识别 / recognised: {recognised}"
    for name, text in guess.similar_headers.items():
        yield f"# columns.{toml_text(name)} = {toml_text(text)}  # 可能是 {columns[name].headers[0]} / may be {columns[name].property.doc}"
    paths = {name: _lookup_path(header, at) for name, at in places.items() if name in _area_columns(guess.sheet)}
    for name, path in paths.items():
        if len(path) > 1:
            yield f"columns.{toml_text(name)} = {{lookup = [{', '.join(map(toml_text, path))}]}}"
    for name in columns:
        if name.endswith(".year") and name not in places and name not in guess.similar_headers:
            rule = f"columns.{toml_text(name)} = {{constant = {year or 2020}}}"
            yield (
                f"{rule}  # 年度取自标题 / the year of the title"
                if year
                else f"# {rule}  # 表中没有年度,请填写 / no row has a year: give it"
            )
    composed = _compose_key(guess.sheet, header, year, letter, shared_name_header)
    for name in guess.missing_columns:
        if is_assignable_key(guess.sheet, name) and composed:
            pattern, zh, en = composed
            yield f'# columns.{toml_text(name)} = {{format = "{pattern}"}}  # 没有 {columns[name].headers[0]},{zh} / {en}'
            continue
        yield f'# columns.{toml_text(name)} = ""  # 缺少必需的 {columns[name].headers[0]},请填写表头 / needed: name the header that has it'


def _compose_key(
    sheet: str, header: HeaderRows, year: int, letter: str, shared_name_header: str
) -> tuple[str, str, str] | None:
    """What a number may be made of that the table lacks, with what is to be said of that; None where there is nothing. `shared_name_header`: the
    header of the names of which several have one telephone."""
    texts = {normalize_header(text): text for text in _header_texts(header)}
    telephone = next((texts[text] for text in texts for ending in PHONE_HEADERS if text.endswith(ending)), "")
    if sheet == CADRE_SHEET and telephone and shared_name_header:
        return (
            f"{letter}-{{{telephone}}}-{{{shared_name_header}}}",
            "有人共用电话,由电话和姓名组成",
            "some share a telephone: made of it and the name",
        )
    if sheet == CADRE_SHEET and telephone:
        return f"{letter}-{{{telephone}}}", "可由电话组成", "may be made of the telephone"
    numbered = next((texts[text] for text in ("序号", "编号") if text in texts), "")
    if not numbered:
        return None
    begun = f"{letter}{year}" if year else letter
    return (
        f"{begun}-{{{numbered}}}",
        "可由序号组成,但同一序号在以后的表中不得指别人",
        "may be made of the row's number, if it never means another one in later tables",
    )


def _guess_sheets(header: HeaderRows, notes: Sequence[str]) -> list[SheetGuess]:
    """The sheets that a table may feed: those that find most headers first, then those that find some which these did not."""
    texts, usual = _header_texts(header), set[str]()
    guesses: list[SheetGuess] = []
    for sheet in MODEL.sheets:
        wanted = sheet_columns(sheet)
        placement = place_columns(header, wanted, {}, notes)
        taken = set(placement.positions.values()) | {
            at for spots, code in placement.unusable.values() for at in spots if code != COLUMN_UNCLEAR
        }
        free = [text for at, text in enumerate(map(header.text, range(len(header.texts)))) if text and at not in taken]
        guesses.append(SheetGuess(sheet, placement, match_similar_headers(wanted, placement, free)))
    order, untold = list(MODEL.sheets), list(guesses)
    guesses = sorted(
        filter(_has_enough_columns, guesses),
        key=lambda guess: -len(set(guess.placement.positions.values())) - len(guess.similar_headers) / 2,
    )
    first = sorted(guesses, key=lambda guess: -len(set(guess.placement.positions.values())))[:1]
    whole = [guess for guess in guesses if not guess.missing_columns or guess in first or is_titled(guess.sheet, notes)]
    # What merely stands beside another sheet's records comes last, so that it takes no header from a sheet that tells of them; what the
    # title names comes first.
    whole = sorted(
        whole, key=lambda guess: (is_incidental(guess, whole, len(texts)), not is_titled(guess.sheet, notes))
    )
    chosen: list[SheetGuess] = []
    for guess in whole:
        found = {header.text(at) for at in guess.placement.positions.values()}
        fresh = found - usual
        # A header that one sheet recognises is not proposed for another column of another one.
        alike = {name: text for name, text in guess.similar_headers.items() if text not in usual}
        rest = SheetGuess(guess.sheet, guess.placement, alike)
        exact = not required_columns(guess.sheet) - guess.placement.positions.keys()
        if not chosen or (
            _has_enough_columns(rest) and fresh and (exact or len(fresh | set(alike.values())) >= MIN_NEW_HEADERS)
        ):
            chosen.append(rest)
            usual |= found
    cleaned = (
        SheetGuess(
            one.sheet, one.placement, {name: text for name, text in one.similar_headers.items() if text not in usual}
        )
        for one in chosen
    )
    told = [*filter(_has_enough_columns, cleaned), *unregistered_cadres(chosen, untold, texts, usual)]
    return sorted(told, key=lambda guess: order.index(guess.sheet)) if texts else []


def _has_enough_columns(guess: SheetGuess) -> bool:
    """Whether a table has enough of a sheet: two of the columns that its rows are told apart by, or one, or two others, and others. What
    has neither number nor name is none of its records."""
    key, there = set(MODEL.sheets[guess.sheet].key), guess.placement.positions.keys()
    names = {f"{name.partition('.')[0]}.name" for name in key if name in guess.missing_columns} & sheet_columns(
        guess.sheet
    ).keys()
    if names - there - guess.similar_headers.keys():
        return False
    others, likely = there - key, there | guess.similar_headers.keys()
    return len(others) >= MIN_NEW_HEADERS or bool(
        (others and likely & key) or (there & key and len(likely & key) >= MIN_NEW_HEADERS)
    )


def _area_columns(sheet: str) -> set[str]:
    return {name for name, labels in labels_by_name_column(sheet).items() if {"Village", "Area"} & set(labels)}


def _lookup_path(header: HeaderRows, position: int) -> list[str]:
    """The headers of a village's name and of the areas above it, the widest first."""
    there = {normalize_header(text): text for text in _header_texts(header)}
    above = [
        next((there[normalize_header(h)] for h in headers if normalize_header(h) in there), "")
        for headers in UPPER_AREA_HEADERS.values()
    ]
    return [*(text for text in above if text and text != header.text(position)), header.text(position)]


def _header_texts(header: HeaderRows) -> list[str]:
    return [text for text in map(header.text, range(len(header.texts))) if text]
