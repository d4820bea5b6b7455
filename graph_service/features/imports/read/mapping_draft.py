"""Drafts of mappings for files: the sheets that each table most likely feeds, the headers that are recognised and
those that are not.

Only certain rules are written as such; likely ones are written as comments, for the reader to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from graph_service.domain.model import MODEL
from graph_service.domain.personal_numbers import mask_numbers
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
from graph_service.platform.readers.sheet_writer import column_letters

MIN_NEW_HEADERS = 2
"""The least number of headers, besides its keys, that a sheet must find in a table to be proposed."""
DRAFT_HEADER = (
    "# 映射草稿：请逐条核对。以 # 开头的行不起作用；确认无误的建议，删去行首的 # 即可。",
    "# Draft of a mapping file: check every line. Lines that begin with # have no effect; to accept a suggestion, remove the # at the beginning of the line.",
    "# 说明 / documentation: docs/how-to/roster.md",
)


def draft_mapping(tables: Sequence[SourceTable]) -> str:
    """Return the text of a mapping file for tables."""
    parts = ["\n".join(DRAFT_HEADER)]
    names = Counter(normalize_header(table.name) for table in tables)
    parts.extend(
        "\n".join(_draft_table(table, letter, is_name_shared=names[normalize_header(table.name)] > 1))
        for table, letter in zip(tables, map(column_letters, count()), strict=False)
    )
    return "\n\n".join(parts) + "\n"


def _draft_table(table: SourceTable, letter: str, *, is_name_shared: bool) -> Iterator[str]:
    """Yield the lines of the draft for a table; numbers composed for its rows begin with `letter` (A, B, …, Z, AA, …). `is_name_shared`:
    True where another table has the same name."""
    head = first_rows(table.rows())
    header = find_likely_header(table, set())
    texts_above = [
        text for number, texts in head if number <= header.last_row - len(header.rows) for text in texts if text
    ]
    titles = [*texts_above, table.name, table.path.stem]
    guesses = _guess_sheets(header, [table.name, *texts_above])
    yield f"# ---- {table.file}{'!' + table.name if table.sheet else ''}: 表头在第 {header.last_row} 行 / header in row {header.last_row}"
    if not guesses:
        # What stands for headers may be the first row of a list without any.
        texts_shown = mask_numbers("、".join(_header_texts(header)))
        yield f"# 没有像登记表的表头 / the headers match no sheet of a register: {texts_shown}"
        return
    yield "[[tables]]"
    yield f"name = {toml_text(f'{table.file}!{table.name}' if is_name_shared else table.name)}"
    areas = areas_in_titles(titles)
    area_line = f'area = "{areas[0]}"  # {upper_area_names()[areas[0]]}：' if areas else '# area = "513431"  # '
    yield f"{area_line}村名、姓名在此区划内查找 / names are looked up in this area"
    year, _ = year_of_table(texts_above, table.name, table.path.stem) or (0, 0)
    texts = tuple(map(header.text, range(len(header.texts))))
    used_positions = {position for guess in guesses for position in guess.placement.positions.values()}
    used_positions |= {
        position
        for guess in guesses
        for position in locate_name_columns(guess.sheet, texts, guess.placement.positions).used_positions
    }
    proposed_headers = {normalize_header(text) for guess in guesses for text in guess.similar_headers.values()}
    upper_area_headers = {normalize_header(text) for texts in UPPER_AREA_HEADERS.values() for text in texts}
    unused_headers = [text for position, text in enumerate(texts) if text and position not in used_positions]
    unused_headers = [
        text for text in unused_headers if normalize_header(text) not in proposed_headers | upper_area_headers
    ]
    shared_name_header = shared_phone_header(table, header)
    for guess in guesses:
        yield ""
        lines = _draft_sheet(
            guess,
            header,
            year,
            letter,
            is_repeated=may_repeat_records(guess, guesses),
            shared_name_header=shared_name_header,
        )
        if comment := guess_comment(guess, guesses, sum(map(bool, texts))):
            yield comment
            lines = (line if line.startswith("#") else f"# {line}" for line in lines)
        yield from lines
        if len(guesses) > 1:
            yield from suggest_row_condition(guess, header)
        yield from suggest_period_columns(guess, unused_headers)
    unused_headers = [text for text in unused_headers if not any(is_period(guess, text) for guess in guesses)]
    if unused_headers:
        yield ""
        yield f"# 未使用的表头 / unused headers: {mask_numbers('、'.join(unused_headers))}"


def _draft_sheet(
    guess: SheetGuess, header: HeaderRows, year: int, letter: str, *, is_repeated: bool, shared_name_header: str
) -> Iterator[str]:
    columns, positions = sheet_columns(guess.sheet), guess.placement.positions
    yield "[[tables.sheets]]"
    yield f"sheet = {toml_text(guess.sheet)}"
    if is_repeated:
        yield "once = true  # 几行为同一条记录 / several rows describe the same record"
    recognised = "、".join(f"{header.text(position)} = {name}" for name, position in positions.items())
    yield f"# 已识别 / recognised: {recognised}"
    for name, text in guess.similar_headers.items():
        yield f"# columns.{toml_text(name)} = {toml_text(text)}  # 可能是 {columns[name].headers[0]} / may be {columns[name].property.doc}"
    paths = {
        name: _lookup_path(header, position)
        for name, position in positions.items()
        if name in _area_columns(guess.sheet)
    }
    for name, path in paths.items():
        if len(path) > 1:
            yield f"columns.{toml_text(name)} = {{lookup = [{', '.join(map(toml_text, path))}]}}"
    for name in columns:
        if name.endswith(".year") and name not in positions and name not in guess.similar_headers:
            rule = f"columns.{toml_text(name)} = {{constant = {year or 2020}}}"
            yield (
                f"{rule}  # 年度取自标题 / year taken from the title"
                if year
                else f"# {rule}  # 表中没有年度，请填写 / the table has no year; enter it"
            )
    composed_key = _compose_key(guess.sheet, header, year, letter, shared_name_header)
    for name in guess.missing_columns:
        if is_assignable_key(guess.sheet, name) and composed_key:
            pattern, zh, en = composed_key
            yield f'# columns.{toml_text(name)} = {{format = "{pattern}"}}  # 没有 {columns[name].headers[0]}，{zh} / {en}'
            continue
        yield f'# columns.{toml_text(name)} = ""  # 缺少必需的 {columns[name].headers[0]}，请填写表头 / required; enter its header'


def _compose_key(
    sheet: str, header: HeaderRows, year: int, letter: str, shared_name_header: str
) -> tuple[str, str, str] | None:
    """Return the pattern of a number that the table lacks, with its comment in Chinese and English; None where
    nothing can be composed. `shared_name_header`: the header of the names of which several share one telephone."""
    texts = {normalize_header(text): text for text in _header_texts(header)}
    telephone = next(
        (texts[text] for text in texts for phone_header in PHONE_HEADERS if text.endswith(phone_header)), ""
    )
    if sheet == CADRE_SHEET and telephone and shared_name_header:
        return (
            f"{letter}-{{{telephone}}}-{{{shared_name_header}}}",
            "有人共用电话，由电话和姓名组成",
            "some cadres share a telephone; composed of the telephone and the name",
        )
    if sheet == CADRE_SHEET and telephone:
        return f"{letter}-{{{telephone}}}", "可由电话组成", "can be composed of the telephone"
    number_header = next((texts[text] for text in ("序号", "编号") if text in texts), "")
    if not number_header:
        return None
    prefix = f"{letter}{year}" if year else letter
    return (
        f"{prefix}-{{{number_header}}}",
        "可由序号组成，但同一序号在以后的表中不得另有所指",
        "can be composed of the row number, if the same number never refers to another record in later tables",
    )


def _guess_sheets(header: HeaderRows, notes: Sequence[str]) -> list[SheetGuess]:
    """Return the sheets that a table may feed: those that match most headers first, then those that match further ones."""
    texts, recognised_headers = _header_texts(header), set[str]()
    guesses: list[SheetGuess] = []
    for sheet in MODEL.sheets:
        columns = sheet_columns(sheet)
        placement = place_columns(header, columns, {}, notes)
        taken_positions = set(placement.positions.values()) | {
            position
            for unusable_positions, code in placement.unusable.values()
            for position in unusable_positions
            if code != COLUMN_UNCLEAR
        }
        free_headers = [
            text
            for position, text in enumerate(map(header.text, range(len(header.texts))))
            if text and position not in taken_positions
        ]
        guesses.append(SheetGuess(sheet, placement, match_similar_headers(columns, placement, free_headers)))
    sheet_order, all_guesses = list(MODEL.sheets), list(guesses)
    guesses = sorted(
        filter(_has_enough_columns, guesses),
        key=lambda guess: -len(set(guess.placement.positions.values())) - len(guess.similar_headers) / 2,
    )
    best_guesses = sorted(guesses, key=lambda guess: -len(set(guess.placement.positions.values())))[:1]
    complete_guesses = [
        guess
        for guess in guesses
        if not guess.missing_columns or guess in best_guesses or is_titled(guess.sheet, notes)
    ]
    # A sheet that is merely incidental to another one's records comes last, so that it takes no header from that one; a sheet named
    # in the title comes first.
    complete_guesses = sorted(
        complete_guesses,
        key=lambda guess: (is_incidental(guess, complete_guesses, len(texts)), not is_titled(guess.sheet, notes)),
    )
    chosen: list[SheetGuess] = []
    for guess in complete_guesses:
        found_headers = {header.text(position) for position in guess.placement.positions.values()}
        new_headers = found_headers - recognised_headers
        # A header recognised by one sheet is not proposed for a column of another sheet.
        similar_headers = {name: text for name, text in guess.similar_headers.items() if text not in recognised_headers}
        reduced_guess = SheetGuess(guess.sheet, guess.placement, similar_headers)
        has_all_required = not required_columns(guess.sheet) - guess.placement.positions.keys()
        if not chosen or (
            _has_enough_columns(reduced_guess)
            and new_headers
            and (has_all_required or len(new_headers | set(similar_headers.values())) >= MIN_NEW_HEADERS)
        ):
            chosen.append(reduced_guess)
            recognised_headers |= found_headers
    cleaned_guesses = (
        SheetGuess(
            selected_guess.sheet,
            selected_guess.placement,
            {name: text for name, text in selected_guess.similar_headers.items() if text not in recognised_headers},
        )
        for selected_guess in chosen
    )
    proposed = [
        *filter(_has_enough_columns, cleaned_guesses),
        *unregistered_cadres(chosen, all_guesses, texts, recognised_headers),
    ]
    return sorted(proposed, key=lambda guess: sheet_order.index(guess.sheet)) if texts else []


def _has_enough_columns(guess: SheetGuess) -> bool:
    """Return True where a table has enough columns of a sheet: two of its key columns, or one, or two other columns,
    and others. A table with neither number nor name has none of its records."""
    key_columns, placed_columns = set(MODEL.sheets[guess.sheet].key), guess.placement.positions.keys()
    name_columns = {
        f"{name.partition('.')[0]}.name" for name in key_columns if name in guess.missing_columns
    } & sheet_columns(guess.sheet).keys()
    if name_columns - placed_columns - guess.similar_headers.keys():
        return False
    other_columns, likely_columns = placed_columns - key_columns, placed_columns | guess.similar_headers.keys()
    return len(other_columns) >= MIN_NEW_HEADERS or bool(
        (other_columns and likely_columns & key_columns)
        or (placed_columns & key_columns and len(likely_columns & key_columns) >= MIN_NEW_HEADERS)
    )


def _area_columns(sheet: str) -> set[str]:
    return {name for name, labels in labels_by_name_column(sheet).items() if {"Village", "Area"} & set(labels)}


def _lookup_path(header: HeaderRows, position: int) -> list[str]:
    """Return the headers of a village's name and of the areas above it, the widest first."""
    text_by_header = {normalize_header(text): text for text in _header_texts(header)}
    upper_texts = [
        next(
            (
                text_by_header[normalize_header(header_text)]
                for header_text in headers
                if normalize_header(header_text) in text_by_header
            ),
            "",
        )
        for headers in UPPER_AREA_HEADERS.values()
    ]
    return [*(text for text in upper_texts if text and text != header.text(position)), header.text(position)]


def _header_texts(header: HeaderRows) -> list[str]:
    return [text for text in map(header.text, range(len(header.texts))) if text]
