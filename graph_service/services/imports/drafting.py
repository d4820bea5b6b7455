"""A draft of a mapping for files: which sheets each table most likely feeds, which headers are recognised, which are not.

Only what is certain is written as a rule; what is likely stands there as a comment, for the reader to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from string import ascii_uppercase

from graph_service.model import MODEL
from graph_service.readers.delivery import Table
from graph_service.services.imports.area_names import titled_areas, widest_areas
from graph_service.services.imports.column_owners import COLUMN_UNCLEAR
from graph_service.services.imports.column_places import place_columns
from graph_service.services.imports.draft_guesses import (
    CADRES,
    TELEPHONES,
    Guess,
    alike_headers,
    is_beside,
    is_period,
    is_titled,
    is_told_again,
    named_only,
    own_key,
    periods,
    question_of,
    quoted,
    required_columns,
    shares_telephones,
    unregistered,
)  # fmt: skip
from graph_service.services.imports.header_rows import HeaderRows, first_rows
from graph_service.services.imports.mapped_tables import likely_header
from graph_service.services.imports.name_columns import ABOVE_HEADERS, name_columns, named_labels, plain, sheet_columns
from graph_service.services.imports.titles import year_of_table

LEAST = 2
"""Headers that a sheet must find in a table beside its keys, to be proposed."""
HEAD = (
    "# 映射草稿:请逐条核对。以 # 开头的行不起作用;确认无误的建议,删去行首的 # 即可。",
    "# A draft of a mapping: check each line. Lines that begin with # do nothing; delete the # of a proposal that is right.",
    "# 说明 / how it is written: docs/mapping.md",
)


def draft(tables: Sequence[Table]) -> str:
    """Return the text of a mapping file for tables."""
    parts = ["\n".join(HEAD)]
    names = Counter(plain(table.name) for table in tables)
    parts.extend(
        "\n".join(_table(table, letter, shared=names[plain(table.name)] > 1))
        for table, letter in zip(tables, cycle(ascii_uppercase), strict=False)
    )
    return "\n\n".join(parts) + "\n"


def _table(table: Table, letter: str, *, shared: bool) -> Iterator[str]:
    """What is proposed for a table; numbers that are made for its rows begin with a letter of their own. `shared`: whether another one has
    its name."""
    head = first_rows(table.rows())
    header = likely_header(table, set())
    above = [text for number, texts in head if number <= header.last - len(header.rows) for text in texts if text]
    titles = [*above, table.name, table.path.stem]
    guesses = _guesses(header, [table.name, *above])
    yield f"# ---- {table.file}{'!' + table.name if table.sheet else ''}: 表头在第 {header.last} 行 / header in row {header.last}"
    if not guesses:
        yield "# 没有像登记表的表头 / no sheet has headers like these: " + "、".join(_texts(header))
        return
    yield "[[tables]]"
    yield f"name = {quoted(f'{table.file}!{table.name}' if shared else table.name)}"
    areas = titled_areas(titles)
    found = f'area = "{areas[0]}"  # {widest_areas()[areas[0]]}:' if areas else '# area = "513431"  # '
    yield f"{found}村名、姓名在此区划内查找 / names are looked up in this area"
    year, _ = year_of_table(above, table.name, table.path.stem) or (0, 0)
    texts = tuple(map(header.text, range(len(header.texts))))
    used = {at for guess in guesses for at in guess.placement.places.values()}
    used |= {at for guess in guesses for at in name_columns(guess.sheet, texts, guess.placement.places).used}
    proposed = {plain(text) for guess in guesses for text in guess.alike.values()}
    beside = {plain(text) for texts in ABOVE_HEADERS.values() for text in texts}
    rest = [text for at, text in enumerate(texts) if text and at not in used]
    rest = [text for text in rest if plain(text) not in proposed | beside]
    shared_by = shares_telephones(table, header)
    for guess in guesses:
        yield ""
        lines = _sheet(guess, header, year, letter, once=is_told_again(guess, guesses), shared_by=shared_by)
        if question := question_of(guess, guesses, sum(map(bool, texts))):
            yield question
            lines = (line if line.startswith("#") else f"# {line}" for line in lines)
        yield from lines
        if len(guesses) > 1:
            yield from named_only(guess, header)
        yield from periods(guess, rest)
    rest = [text for text in rest if not any(is_period(guess, text) for guess in guesses)]
    if rest:
        yield ""
        yield "# 没有用到的表头 / headers that are not used: " + "、".join(rest)


def _sheet(guess: Guess, header: HeaderRows, year: int, letter: str, *, once: bool, shared_by: str) -> Iterator[str]:
    columns, places = sheet_columns(guess.sheet), guess.placement.places
    yield "[[tables.sheets]]"
    yield f"sheet = {quoted(guess.sheet)}"
    if once:
        yield "once = true  # 几行说的是同一条记录 / several rows tell of one record"
    recognised = "、".join(f"{header.text(at)} = {name}" for name, at in places.items())
    yield f"# 已识别 / recognised: {recognised}"
    for name, text in guess.alike.items():
        yield f"# columns.{quoted(name)} = {quoted(text)}  # 可能是 {columns[name].headers[0]} / may be {columns[name].property.doc}"
    paths = {name: _path(header, at) for name, at in places.items() if name in _places(guess.sheet)}
    for name, path in paths.items():
        if len(path) > 1:
            yield f"columns.{quoted(name)} = {{lookup = [{', '.join(map(quoted, path))}]}}"
    for name in columns:
        if name.endswith(".year") and name not in places and name not in guess.alike:
            rule = f"columns.{quoted(name)} = {{constant = {year or 2020}}}"
            yield (
                f"{rule}  # 年度取自标题 / the year of the title"
                if year
                else f"# {rule}  # 表中没有年度,请填写 / no row has a year: give it"
            )
    composed = _composed_key(guess.sheet, header, year, letter, shared_by)
    for name in guess.lacking:
        if own_key(guess.sheet, name) and composed:
            pattern, zh, en = composed
            yield f'# columns.{quoted(name)} = {{format = "{pattern}"}}  # 没有 {columns[name].headers[0]},{zh} / {en}'
            continue
        yield f'# columns.{quoted(name)} = ""  # 缺少必需的 {columns[name].headers[0]},请填写表头 / needed: name the header that has it'


def _composed_key(
    sheet: str, header: HeaderRows, year: int, letter: str, shared_by: str
) -> tuple[str, str, str] | None:
    """What a number may be made of that the table lacks, with what is to be said of that; None where there is nothing. `shared_by`: the
    header of the names of which several have one telephone."""
    texts = {plain(text): text for text in _texts(header)}
    telephone = next((texts[text] for text in texts for ending in TELEPHONES if text.endswith(ending)), "")
    if sheet == CADRES and telephone and shared_by:
        return (
            f"{letter}-{{{telephone}}}-{{{shared_by}}}",
            "有人共用电话,由电话和姓名组成",
            "some share a telephone: made of it and the name",
        )
    if sheet == CADRES and telephone:
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


def _guesses(header: HeaderRows, notes: Sequence[str]) -> list[Guess]:
    """The sheets that a table may feed: those that find most headers first, then those that find some which these did not."""
    texts, usual = _texts(header), set[str]()
    guesses: list[Guess] = []
    for sheet in MODEL.sheets:
        wanted = sheet_columns(sheet)
        placement = place_columns(header, wanted, {}, notes)
        taken = set(placement.places.values()) | {
            at for spots, code in placement.refused.values() for at in spots if code != COLUMN_UNCLEAR
        }
        free = [text for at, text in enumerate(map(header.text, range(len(header.texts)))) if text and at not in taken]
        guesses.append(Guess(sheet, placement, alike_headers(wanted, placement, free)))
    order, untold = list(MODEL.sheets), list(guesses)
    guesses = sorted(
        filter(_tells, guesses), key=lambda guess: -len(set(guess.placement.places.values())) - len(guess.alike) / 2
    )
    first = sorted(guesses, key=lambda guess: -len(set(guess.placement.places.values())))[:1]
    whole = [guess for guess in guesses if not guess.lacking or guess in first or is_titled(guess.sheet, notes)]
    # What merely stands beside another sheet's records comes last, so that it takes no header from a sheet that tells of them; what the
    # title names comes first.
    whole = sorted(whole, key=lambda guess: (is_beside(guess, whole, len(texts)), not is_titled(guess.sheet, notes)))
    chosen: list[Guess] = []
    for guess in whole:
        found = {header.text(at) for at in guess.placement.places.values()}
        fresh = found - usual
        # A header that one sheet recognises is not proposed for another column of another one.
        alike = {name: text for name, text in guess.alike.items() if text not in usual}
        rest = Guess(guess.sheet, guess.placement, alike)
        exact = not required_columns(guess.sheet) - guess.placement.places.keys()
        if not chosen or (_tells(rest) and fresh and (exact or len(fresh | set(alike.values())) >= LEAST)):
            chosen.append(rest)
            usual |= found
    cleaned = (
        Guess(one.sheet, one.placement, {name: text for name, text in one.alike.items() if text not in usual})
        for one in chosen
    )
    told = [*filter(_tells, cleaned), *unregistered(chosen, untold, texts, usual)]
    return sorted(told, key=lambda guess: order.index(guess.sheet)) if texts else []


def _tells(guess: Guess) -> bool:
    """Whether a table has enough of a sheet: two of the columns that its rows are told apart by, or one, or two others, and others. What
    has neither number nor name is none of its records."""
    key, there = set(MODEL.sheets[guess.sheet].key), guess.placement.places.keys()
    names = {f"{name.partition('.')[0]}.name" for name in key if name in guess.lacking} & sheet_columns(
        guess.sheet
    ).keys()
    if names - there - guess.alike.keys():
        return False
    others, likely = there - key, there | guess.alike.keys()
    return len(others) >= LEAST or bool((others and likely & key) or (there & key and len(likely & key) >= LEAST))


def _places(sheet: str) -> set[str]:
    return {name for name, labels in named_labels(sheet).items() if {"Village", "Area"} & set(labels)}


def _path(header: HeaderRows, at: int) -> list[str]:
    """The headers of a village's name and of the areas above it, the widest first."""
    there = {plain(text): text for text in _texts(header)}
    above = [next((there[plain(h)] for h in headers if plain(h) in there), "") for headers in ABOVE_HEADERS.values()]
    return [*(text for text in above if text and text != header.text(at)), header.text(at)]


def _texts(header: HeaderRows) -> list[str]:
    return [text for text in map(header.text, range(len(header.texts))) if text]
