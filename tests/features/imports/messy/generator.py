"""Messy deliveries made from a seed: a clean register with every kind of mess of docs/reference/files.md added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.features.imports.messy.kinds import (
    CELLS,
    FACTORS,
    FILLERS_OF_WORDS,
    HEADER_UNITS,
    OTHER_UNITS,
    ROWS,
    TITLE_UNITS,
    UNKNOWN_UNITS,
    Kind,
)
from tests.features.imports.messy.register import register
from tests.features.imports.messy.tables import TABLES, Column, code_list
from tests.features.imports.messy.writing import Plants, Row, Table, note, write_text, write_workbook

ALL_UNITS = tuple(FACTORS)
MESSY_PART = 0.3
"""Share of the rows of a table that are made messy."""


class Form(NamedTuple):
    """A form of text files, and the table written in it."""

    sheet: str
    encoding: str
    mark: str
    ends: tuple[str, ...]


TEXTS = (
    Form("走访记录", "utf-8-sig", ",", ("\r\n",)),
    Form("走访记录", "gb18030", ",", ("\n",)),
    Form("走访记录", "utf-8", "，", ("\r\n", "\n", "\r")),
    Form("结对帮扶", "gb18030", "\t", ("\r\n",)),
    Form("帮扶措施", "utf-16", ",", ("\n", "\r\n")),
    Form("资金流向", "utf-8", ";", ("\n",)),
    Form("贫困户", "utf-8-sig", "|", ("\r",)),
)


def clean_workbook(seed: int, rows: int, folder: Path) -> Path:
    """Write the clean register from which `messy_workbook` makes a messy delivery."""
    tables = [
        Table(sheet, sheet, [Row(list(cells)) for cells in records], shown=dict(USUAL_HEADERS.get(sheet, {})))
        for sheet, records in register(Random(seed), rows).items()
    ]
    for table in tables:
        convert(table)
    path = folder / "采集表.xlsx"
    write_workbook(path, tables)
    return path


def messy_workbook(seed: int, rows: int, folder: Path) -> tuple[list[Path], Plants]:
    """Write a messy delivery of about `rows` rows. Return its files, and the cells in which each kind of mess was planted."""
    rng = Random(seed)
    clean = {sheet: [Row(list(cells)) for cells in records] for sheet, records in register(rng, rows).items()}
    is_large = rows >= 1_000
    plants: Plants = {}
    suffixes = {sheet: iter(range(2, 1_000)) for sheet in clean}
    tables = []

    def split_off(sheet: str, name: str = "") -> Table:
        """Move a thirtieth of the rows, from the end of a table, to a separate table."""
        size = max(2, len(clean[sheet]) // 30)
        records = [clean[sheet].pop() for _ in range(min(size, len(clean[sheet]) - 1))]
        return Table(sheet, name or f"{sheet} ({next(suffixes[sheet])})", records)

    layouts = list(LAYOUTS)
    if not is_large:
        layouts = rng.sample(layouts, 4)
    for sheet, kind, arrange in layouts:
        table = split_off(sheet)
        arrange(rng, table)
        table.plants.append((kind, ""))
        tables.append(table)
    forms = TEXTS if is_large else rng.sample(TEXTS, 2)
    texts = [(split_off(form.sheet, f"{form.sheet}({next(suffixes[form.sheet])})"), form) for form in forms]
    since_1904 = [split_off(sheet) for sheet in ("走访记录", "结对帮扶") if is_large]
    tables = [*(Table(sheet, sheet, records) for sheet, records in clean.items()), *tables]
    for sheet, headers in USUAL_HEADERS.items():
        table = next(table for table in tables if table.name == sheet)
        table.shown |= headers
        table.above.append([f"2016年{sheet}登记表"])
    for table in (*tables, *since_1904, *(table for table, _ in texts)):
        convert(table)
    planted_kinds: set[str] = set()
    for table in tables:
        if table.state == "visible":
            mess(rng, table, "workbook", planted_kinds)
    for table in since_1904:
        table.plants.append(("days since 1904", ""))
        mess(rng, table, "workbook", planted_kinds)
    for table, _ in texts:
        mess(rng, table, "text", planted_kinds)
    for table, form in texts:
        quotes(rng, table, form.mark)
    for table in (*tables, *since_1904, *(table for table, _ in texts)):
        if table.state == "visible" and not table.groups and (is_large or rng.random() < 0.3):
            further_header(rng, table)
    paths = [folder / "登记表.xlsx"]
    write_workbook(paths[0], tables)
    for table in tables:
        note(plants, table, paths[0].name)
    if since_1904:
        paths.append(folder / "1904.xlsx")
        write_workbook(paths[-1], since_1904, since_1904=True)
        for table in since_1904:
            note(plants, table, paths[-1].name)
    for table, form in texts:
        paths.append(folder / f"{table.name}.csv")
        write_text(paths[-1], table, rng, encoding=form.encoding, mark=form.mark, ends=form.ends)
        table.plants.append((f"text: {form.encoding} {form.mark!r} {form.ends!r}", ""))
        note(plants, table, paths[-1].name)
    return paths, plants


USUAL_HEADERS = {
    "行政村": {"集体经济收入": "集体经济收入(万元)", "耕地面积": "耕地面积(亩)"}, "资金": {"金额": "金额(元)"}, "帮扶措施": {"金额": "金额(元)"},
    "区划年报": {header: f"{header}(%)" for header in ("错退率", "漏评率", "群众认可度")}, "贫困户": {"耕地面积": "耕地面积(亩)"},
}  # fmt: skip
"""Headers of the large tables as docs/reference/model.md gives them."""


def convert(table: Table) -> None:
    """Convert amounts, which the register has in yuan, to the unit of their column."""
    for index, column in enumerate(TABLES[table.sheet]):
        if column.kind == "amount":
            factor = FACTORS[table.units.setdefault(column.header, column.unit)]
            for row in table.rows:
                row.cells[index] = round(row.cells[index] / factor, 12)


def headed(form: str, unit: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.shown["金额"], table.units["金额"] = form.format(unit), unit

    return arrange


def titled(form: str, unit: str) -> Callable[[Random, Table], None]:
    def arrange(rng: Random, table: Table) -> None:
        table.above += [["2016年登记表"], [*[None] * rng.randrange(4), form.format(unit)]]
        table.units["金额"] = unit

    return arrange


def units_below(amounts: dict[str, str], other_units: dict[str, str]) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.below = amounts | other_units
        table.units |= amounts

    return arrange


def unused(header: str, written_header: str, title: str = "") -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.shown[header] = written_header
        table.unused.add(header)
        if title:
            table.above.append([title])

    return arrange


def state(text: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.state = text

    return arrange


def twice(header: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        index = [column.header for column in TABLES[table.sheet]].index(header)
        table.more.append(header)
        table.unused.add(header)
        for row in table.rows:
            row.cells.append(row.cells[index])

    return arrange


def with_unknown_columns(*headers: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.more += headers
        for row in table.rows:
            row.cells += ["无人知晓"] * len(headers)

    return arrange


def hidden_column(header: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.hidden_columns.add(header)

    return arrange


def grouped(groups: dict[str, str], headers: dict[str, str]) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.groups, table.shown = groups, headers

    return arrange


INCOMES = dict.fromkeys(("工资性收入", "转移性收入", "低保金"), "收入情况")
SPELLS = dict.fromkeys(("开始时间", "结束时间"), "帮扶时间")
LAYOUTS: tuple[tuple[str, str, Callable[[Random, Table], None]], ...] = (
    *(
        ("帮扶措施", f"unit in the header: {form!r}", headed(form, ALL_UNITS[index % len(ALL_UNITS)]))
        for index, form in enumerate(HEADER_UNITS)
    ),
    *(("帮扶措施", f"unit in the header: {unit}", headed("金额({})", unit)) for unit in ALL_UNITS),
    *(
        ("资金流向", f"unit in the title: {form!r}", titled(form, ALL_UNITS[(index + 3) % len(ALL_UNITS)]))
        for index, form in enumerate(TITLE_UNITS)
    ),
    *(("帮扶措施", f"unit in a row below the header: {unit}", units_below({"金额": unit}, {})) for unit in ("元", "千元", "万元")),
    ("贫困户", "units in a row below the header", units_below({"工资性收入": "元", "转移性收入": "万元"}, {"耕地面积": "亩", "家庭人口数": "人"})),
    *(("帮扶措施", f"unit not known: {unit}", unused("金额", f"金额({unit})")) for unit in UNKNOWN_UNITS),
    *(("帮扶措施", f"unit of another kind: {unit}", unused("金额", f"金额（{unit}）")) for unit in OTHER_UNITS),
    ("帮扶措施", "unit in the title not known", unused("金额", "金额", "单位：美元")),
    ("帮扶措施", "word for an office in the title", titled("填报单位：第一局{}", "元")),
    ("帮扶措施", "header twice: 金额", twice("金额")),
    ("贫困户", "header twice: 联系电话", twice("联系电话")),
    ("贫困户", "columns not known", with_unknown_columns("特色产业", "")),
    ("结对帮扶", "column hidden", hidden_column("开始时间")),
    ("贫困户", "headers over two rows: 收入情况", grouped(INCOMES, {})),
    ("贫困户", "headers over two rows, joined", grouped({"工资性收入": "工资性", "转移性收入": "转移性"}, {"工资性收入": "收入", "转移性收入": "收入"})),
    ("结对帮扶", "headers over two rows: 帮扶时间", grouped(SPELLS, {})),
    ("贫困户", "area not known", unused("耕地面积", "耕地面积(平方米)")),
    ("走访记录", "sheet hidden", state("hidden")),
    ("结对帮扶", "sheet very hidden", state("veryHidden")),
)  # fmt: skip


def tags(table: Table, column: Column) -> set[str]:
    """Return the kinds of a column, by which a kind of mess selects its columns."""
    kinds = {column.kind, column.unit}
    if column.header in ("户编号", "人口编号"):
        kinds.add("long")
    if column.header in ("村编码", "区划代码"):
        kinds.add("code")
    if column.kind == "key" and column.header not in ("村编码", "区划代码", "统一社会信用代码"):
        kinds.add("shaped")
    if column.kind == "word" and not FILLERS_OF_WORDS & set(code_list(column.code_list)):
        kinds.add("word-without-none")
    if column.header == "脱贫属性":
        kinds.add("status")
    if column.kind == "rate" and column.header not in table.shown:
        kinds.add("bare-rate")
    return kinds


def mess(rng: Random, table: Table, file: str, planted_kinds: set[str]) -> None:
    """Plant every kind of mess that fits a table in some of its rows, those not yet planted elsewhere first."""
    columns = TABLES[table.sheet]
    candidates = [
        (kind, index)
        for kind in CELLS
        if kind.files in ("", file)
        for index, column in enumerate(columns)
        if tags(table, column) & set(kind.columns.split()) and column.header not in table.unused
    ]
    rng.shuffle(candidates)
    # Kinds that fit few columns come before kinds that fit many.
    candidates.sort(key=lambda candidate: (candidate[0].name in planted_kinds, len(candidate[0].columns.split())))
    clean_rows = list(table.rows)
    rng.shuffle(clean_rows)
    min_clean_rows = int(len(clean_rows) * (1 - MESSY_PART))
    has_odd_number = False
    while len(clean_rows) > min_clean_rows and candidates:
        kind, index = candidates.pop(0)
        row = next((row for row in clean_rows if row.cells[index] is not None), None)
        if row is None or (has_odd_number and kind.name == "number of an odd shape"):
            continue
        has_odd_number |= kind.name == "number of an odd shape"
        clean_rows.remove(row)
        plant(rng, table, row, kind, index)
        planted_kinds.add(kind.name)
    if file == "workbook" and table.sheet not in ("行政村", "区划年报", "经营主体"):
        hide(rng, table, clean_rows)
        merge(rng, table)
    add_rows(rng, table)


def plant(rng: Random, table: Table, row: Row, kind: Kind, index: int) -> None:
    column = TABLES[table.sheet][index]
    row.cells[index] = kind.make(rng, row.cells[index], table.units.get(column.header, ""))
    row.plants.append((kind.name, column.header))


def hide(rng: Random, table: Table, clean_rows: list[Row]) -> None:
    for row in clean_rows[: len(table.rows) // 100 + (rng.random() < 0.3)]:
        row.hidden = True
        row.plants.append(("hidden row", ""))


def merge(rng: Random, table: Table) -> None:
    """Merge cells of two or three consecutive clean rows."""
    mergeable = [index for index, c in enumerate(TABLES[table.sheet]) if c.kind not in ("key", "kind", "document", "birth") and c.header not in ("凭证号", "干部编号", "去向编号", *table.unused)]  # fmt: skip
    for first in range(0, len(table.rows) - 3, 40):
        rows = table.rows[first : first + rng.choice((2, 3))]
        index = rng.choice(mergeable)
        if rows[0].cells[index] is not None and not any(row.plants for row in rows):
            for row in rows:
                row.plants.append(("merged cells", TABLES[table.sheet][index].header))
            for row in rows[1:]:
                row.cells[index] = None
            table.merged.append((rows, index + 1))


def add_rows(rng: Random, table: Table) -> None:
    """Add rows that are no records: totals, notes, repeated headers, blank rows, but none inside merged cells."""
    covered_ids = {id(row) for rows, _ in table.merged for row in rows[1:]}
    for index, row in reversed(list(enumerate(table.rows))):
        if id(row) in covered_ids or rng.random() > 0.06:
            continue
        table.rows[index:index] = list(extra(rng, table))
    table.rows += extra(rng, table)


def extra(rng: Random, table: Table) -> Iterator[Row]:
    columns = TABLES[table.sheet]
    choice = rng.randrange(6 if table.above else 5)
    if choice < 2:
        word = rng.choice(ROWS[0][1])
        cells: list[Any] = [1234.5 if column.kind == "amount" else None for column in columns]
        cells[rng.choice((0, 0, 1))] = word
        yield Row(cells, [(ROWS[0][0], word)])
    elif choice == 2:
        word = rng.choice(ROWS[1][1])
        yield Row([word], [(ROWS[1][0], word)])
    elif choice == 5:
        yield Row(list(table.above[0]), [("title repeated", "")])
    elif choice == 3 and not table.groups:
        yield Row(list(table.header()), [("header repeated", "")])
    else:
        yield Row([], [("blank row", "")])


def quotes(rng: Random, table: Table, mark: str) -> None:
    """Plant mistakes with quotation marks and separators in the lines of a text file of visits."""
    if table.sheet != "走访记录":
        return
    clean = [row for row in table.rows if not row.plants and len(row.cells) == 4]
    other_mark = "," if mark == "，" else rng.choice(";，")
    mistakes: tuple[tuple[str, Callable[[list[str]], str]], ...] = (
        ("quotation mark never closed", lambda c: mark.join([*c[:3], '"看望'])),
        ("quotation mark closed late", lambda c: mark.join([*c[:3], f'"看望{mark}'])),
        ("quotation mark that closes late", lambda c: mark.join([*c[:3], '慰问"'])),
        ("note over several lines", lambda c: mark.join([*c[:3], '"看望老人\n送米\n送油"'])),
        ("quotation marks doubled", lambda c: mark.join([*c[:3], '"他说""好"""'])),
        ("quotation mark within a cell", lambda c: mark.join([*c[:3], '看望"老人"一次'])),
        ("separator in a cell that is not quoted", lambda c: mark.join([*c, "送米"])),
        ("another separator", lambda c: other_mark.join(c)),
        ("row cut short", lambda c: mark.join(c[:3])),
    )
    for row, (kind, make_line) in zip(clean, mistakes, strict=False):
        row.line = make_line([f"{cell}" for cell in row.cells])
        row.plants.append((kind, "走访内容"))


def further_header(rng: Random, table: Table) -> None:
    """Move two clean rows to the end of a table, below a header of another order or unit, and one below the first header repeated."""
    clean = [row for row in table.rows if not row.plants and len(row.cells) == len(table.header())]
    if len(clean) < 20:
        return
    moved_rows, header = clean[-3:], table.header()
    table.rows = [row for row in table.rows if row not in moved_rows]
    amounts = [index for index, column in enumerate(TABLES[table.sheet]) if column.kind == "amount"]
    order = list(range(len(header)))
    if amounts and rng.random() < 0.5:
        column = TABLES[table.sheet][amounts[0]]
        other_unit = rng.choice([unit for unit in ALL_UNITS if unit != table.units[column.header]])
        changed_header = [
            f"{column.header}({other_unit})" if index == amounts[0] else text for index, text in enumerate(header)
        ]
    else:
        order.reverse()
        changed_header = [header[index] for index in order]
    table.rows.append(Row(changed_header, [("further header", "")]))
    for row in moved_rows[:2]:
        table.rows.append(Row([row.cells[index] for index in order], [("row below a further header", "")]))
    table.rows += [Row(header, [("header again", "")]), moved_rows[2]]
    moved_rows[2].plants.append(("row below the header again", ""))
