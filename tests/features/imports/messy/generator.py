"""Messy deliveries from a seed: a clean register, to which every kind of mess of docs/files.md is done."""

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
"""What part of a table's rows is messy."""


class Form(NamedTuple):
    """A form of text files, and the table that comes in it."""

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
    """Write the register of which `messy_workbook` makes a messy delivery, as it is before anything is done to it."""
    tables = [
        Table(sheet, sheet, [Row(list(cells)) for cells in some], shown=dict(USUAL.get(sheet, {})))
        for sheet, some in register(Random(seed), rows).items()
    ]
    for table in tables:
        convert(table)
    path = folder / "采集表.xlsx"
    write_workbook(path, tables)
    return path


def messy_workbook(seed: int, rows: int, folder: Path) -> tuple[list[Path], Plants]:
    """Write a messy delivery of some `rows` rows; return its files, and what was planted where."""
    rng = Random(seed)
    clean = {sheet: [Row(list(cells)) for cells in some] for sheet, some in register(rng, rows).items()}
    large = rows >= 1_000
    plants: Plants = {}
    names = {sheet: iter(range(2, 1_000)) for sheet in clean}
    tables = []

    def part(sheet: str, name: str = "") -> Table:
        """Take rows from the end of a table: a thirtieth, which becomes a table of its own."""
        size = max(2, len(clean[sheet]) // 30)
        some = [clean[sheet].pop() for _ in range(min(size, len(clean[sheet]) - 1))]
        return Table(sheet, name or f"{sheet} ({next(names[sheet])})", some)

    layouts = list(LAYOUTS)
    if not large:
        layouts = rng.sample(layouts, 4)
    for sheet, kind, arrange in layouts:
        table = part(sheet)
        arrange(rng, table)
        table.plants.append((kind, ""))
        tables.append(table)
    forms = TEXTS if large else rng.sample(TEXTS, 2)
    texts = [(part(form.sheet, f"{form.sheet}({next(names[form.sheet])})"), form) for form in forms]
    since_1904 = [part(sheet) for sheet in ("走访记录", "结对帮扶") if large]
    tables = [*(Table(sheet, sheet, some) for sheet, some in clean.items()), *tables]
    for sheet, shown in USUAL.items():
        table = next(table for table in tables if table.name == sheet)
        table.shown |= shown
        table.above.append([f"2016年{sheet}登记表"])
    for table in (*tables, *since_1904, *(table for table, _ in texts)):
        convert(table)
    done: set[str] = set()
    for table in tables:
        if table.state == "visible":
            mess(rng, table, "workbook", done)
    for table in since_1904:
        table.plants.append(("days since 1904", ""))
        mess(rng, table, "workbook", done)
    for table, _ in texts:
        mess(rng, table, "text", done)
    for table, form in texts:
        quotes(rng, table, form.mark)
    for table in (*tables, *since_1904, *(table for table, _ in texts)):
        if table.state == "visible" and not table.groups and (large or rng.random() < 0.3):
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


USUAL = {
    "行政村": {"集体经济收入": "集体经济收入(万元)", "耕地面积": "耕地面积(亩)"}, "资金": {"金额": "金额(元)"}, "帮扶措施": {"金额": "金额(元)"},
    "区划年报": {header: f"{header}(%)" for header in ("错退率", "漏评率", "群众认可度")}, "贫困户": {"耕地面积": "耕地面积(亩)"},
}  # fmt: skip
"""Headers of the large tables, as docs/model.md has them."""


def convert(table: Table) -> None:
    """Bring amounts, which the register has in yuan, into the unit of their column."""
    for at, column in enumerate(TABLES[table.sheet]):
        if column.kind == "amount":
            factor = FACTORS[table.units.setdefault(column.header, column.unit)]
            for row in table.rows:
                row.cells[at] = round(row.cells[at] / factor, 12)


def headed(form: str, unit: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.shown["金额"], table.units["金额"] = form.format(unit), unit

    return arrange


def titled(form: str, unit: str) -> Callable[[Random, Table], None]:
    def arrange(rng: Random, table: Table) -> None:
        table.above += [["2016年登记表"], [*[None] * rng.randrange(4), form.format(unit)]]
        table.units["金额"] = unit

    return arrange


def units_below(amounts: dict[str, str], others: dict[str, str]) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.below = amounts | others
        table.units |= amounts

    return arrange


def unused(header: str, shown: str, title: str = "") -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.shown[header] = shown
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
        at = [column.header for column in TABLES[table.sheet]].index(header)
        table.more.append(header)
        table.unused.add(header)
        for row in table.rows:
            row.cells.append(row.cells[at])

    return arrange


def with_more(*headers: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.more += headers
        for row in table.rows:
            row.cells += ["无人知晓"] * len(headers)

    return arrange


def hidden_column(header: str) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.hidden_columns.add(header)

    return arrange


def grouped(groups: dict[str, str], shown: dict[str, str]) -> Callable[[Random, Table], None]:
    def arrange(_rng: Random, table: Table) -> None:
        table.groups, table.shown = groups, shown

    return arrange


INCOMES = dict.fromkeys(("工资性收入", "转移性收入", "低保金"), "收入情况")
SPELLS = dict.fromkeys(("开始时间", "结束时间"), "帮扶时间")
LAYOUTS: tuple[tuple[str, str, Callable[[Random, Table], None]], ...] = (
    *(
        ("帮扶措施", f"unit in the header: {form!r}", headed(form, ALL_UNITS[at % len(ALL_UNITS)]))
        for at, form in enumerate(HEADER_UNITS)
    ),
    *(("帮扶措施", f"unit in the header: {unit}", headed("金额({})", unit)) for unit in ALL_UNITS),
    *(
        ("资金流向", f"unit in the title: {form!r}", titled(form, ALL_UNITS[(at + 3) % len(ALL_UNITS)]))
        for at, form in enumerate(TITLE_UNITS)
    ),
    *(("帮扶措施", f"unit in a row below the header: {unit}", units_below({"金额": unit}, {})) for unit in ("元", "千元", "万元")),
    ("贫困户", "units in a row below the header", units_below({"工资性收入": "元", "转移性收入": "万元"}, {"耕地面积": "亩", "家庭人口数": "人"})),
    *(("帮扶措施", f"unit not known: {unit}", unused("金额", f"金额({unit})")) for unit in UNKNOWN_UNITS),
    *(("帮扶措施", f"unit of another kind: {unit}", unused("金额", f"金额（{unit}）")) for unit in OTHER_UNITS),
    ("帮扶措施", "unit in the title not known", unused("金额", "金额", "单位：美元")),
    ("帮扶措施", "word for an office in the title", titled("填报单位：第一局{}", "元")),
    ("帮扶措施", "header twice: 金额", twice("金额")),
    ("贫困户", "header twice: 联系电话", twice("联系电话")),
    ("贫困户", "columns not known", with_more("特色产业", "")),
    ("结对帮扶", "column hidden", hidden_column("开始时间")),
    ("贫困户", "headers over two rows: 收入情况", grouped(INCOMES, {})),
    ("贫困户", "headers over two rows, joined", grouped({"工资性收入": "工资性", "转移性收入": "转移性"}, {"工资性收入": "收入", "转移性收入": "收入"})),
    ("结对帮扶", "headers over two rows: 帮扶时间", grouped(SPELLS, {})),
    ("贫困户", "area not known", unused("耕地面积", "耕地面积(平方米)")),
    ("走访记录", "sheet hidden", state("hidden")),
    ("结对帮扶", "sheet very hidden", state("veryHidden")),
)  # fmt: skip


def tags(table: Table, column: Column) -> set[str]:
    """Return the kinds of columns that a column is of."""
    found = {column.kind, column.unit}
    if column.header in ("户编号", "人口编号"):
        found.add("long")
    if column.header in ("村编码", "区划代码"):
        found.add("code")
    if column.kind == "key" and column.header not in ("村编码", "区划代码", "统一社会信用代码"):
        found.add("shaped")
    if column.kind == "word" and not FILLERS_OF_WORDS & set(code_list(column.code_list)):
        found.add("word-without-none")
    if column.header == "脱贫属性":
        found.add("status")
    if column.kind == "rate" and column.header not in table.shown:
        found.add("bare-rate")
    return found


def mess(rng: Random, table: Table, file: str, done: set[str]) -> None:
    """Do every kind of mess that befits a table to some of its rows; what was not done elsewhere comes first."""
    columns = TABLES[table.sheet]
    fitting = [
        (kind, at)
        for kind in CELLS
        if kind.files in ("", file)
        for at, column in enumerate(columns)
        if tags(table, column) & set(kind.columns.split()) and column.header not in table.unused
    ]
    rng.shuffle(fitting)
    # What fits few columns comes before what fits many.
    fitting.sort(key=lambda one: (one[0].name in done, len(one[0].columns.split())))
    fresh = list(table.rows)
    rng.shuffle(fresh)
    keep = int(len(fresh) * (1 - MESSY_PART))
    odd = False
    while len(fresh) > keep and fitting:
        kind, at = fitting.pop(0)
        row = next((row for row in fresh if row.cells[at] is not None), None)
        if row is None or (odd and kind.name == "number of an odd shape"):
            continue
        odd |= kind.name == "number of an odd shape"
        fresh.remove(row)
        plant(rng, table, row, kind, at)
        done.add(kind.name)
    if file == "workbook" and table.sheet not in ("行政村", "区划年报", "经营主体"):
        hide(rng, table, fresh)
        merge(rng, table)
    add_rows(rng, table)


def plant(rng: Random, table: Table, row: Row, kind: Kind, at: int) -> None:
    column = TABLES[table.sheet][at]
    row.cells[at] = kind.make(rng, row.cells[at], table.units.get(column.header, ""))
    row.plants.append((kind.name, column.header))


def hide(rng: Random, table: Table, fresh: list[Row]) -> None:
    for row in fresh[: len(table.rows) // 100 + (rng.random() < 0.3)]:
        row.hidden = True
        row.plants.append(("hidden row", ""))


def merge(rng: Random, table: Table) -> None:
    """Merge cells of two or three rows that follow each other and are clean."""
    mergeable = [at for at, c in enumerate(TABLES[table.sheet]) if c.kind not in ("key", "kind", "document", "birth") and c.header not in ("凭证号", "干部编号", "去向编号", *table.unused)]  # fmt: skip
    for first in range(0, len(table.rows) - 3, 40):
        rows = table.rows[first : first + rng.choice((2, 3))]
        at = rng.choice(mergeable)
        if rows[0].cells[at] is not None and not any(row.plants for row in rows):
            for row in rows:
                row.plants.append(("merged cells", TABLES[table.sheet][at].header))
            for row in rows[1:]:
                row.cells[at] = None
            table.merged.append((rows, at + 1))


def add_rows(rng: Random, table: Table) -> None:
    """Add what is no record: totals, notes, repeated headers, blank rows, but none into merged cells."""
    inside = {id(row) for rows, _ in table.merged for row in rows[1:]}
    for at, row in reversed(list(enumerate(table.rows))):
        if id(row) in inside or rng.random() > 0.06:
            continue
        table.rows[at:at] = list(extra(rng, table))
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
    """Do to lines of a text file of visits what goes wrong with quotation marks and separators."""
    if table.sheet != "走访记录":
        return
    clean = [row for row in table.rows if not row.plants and len(row.cells) == 4]
    other = "," if mark == "，" else rng.choice(";，")
    makes: tuple[tuple[str, Callable[[list[str]], str]], ...] = (
        ("quotation mark never closed", lambda c: mark.join([*c[:3], '"看望'])),
        ("quotation mark closed late", lambda c: mark.join([*c[:3], f'"看望{mark}'])),
        ("quotation mark that closes late", lambda c: mark.join([*c[:3], '慰问"'])),
        ("note over several lines", lambda c: mark.join([*c[:3], '"看望老人\n送米\n送油"'])),
        ("quotation marks doubled", lambda c: mark.join([*c[:3], '"他说""好"""'])),
        ("quotation mark within a cell", lambda c: mark.join([*c[:3], '看望"老人"一次'])),
        ("separator in a cell that is not quoted", lambda c: mark.join([*c, "送米"])),
        ("another separator", lambda c: other.join(c)),
        ("row cut short", lambda c: mark.join(c[:3])),
    )
    for row, (kind, line) in zip(clean, makes, strict=False):
        row.line = line([f"{cell}" for cell in row.cells])
        row.plants.append((kind, "走访内容"))


def further_header(rng: Random, table: Table) -> None:
    """Move two clean rows to the end of a table, below a header of another order or another unit, and one below the first header again."""
    clean = [row for row in table.rows if not row.plants and len(row.cells) == len(table.header())]
    if len(clean) < 20:
        return
    moved, header = clean[-3:], table.header()
    table.rows = [row for row in table.rows if row not in moved]
    amounts = [at for at, column in enumerate(TABLES[table.sheet]) if column.kind == "amount"]
    order = list(range(len(header)))
    if amounts and rng.random() < 0.5:
        column = TABLES[table.sheet][amounts[0]]
        other = rng.choice([unit for unit in ALL_UNITS if unit != table.units[column.header]])
        changed = [f"{column.header}({other})" if at == amounts[0] else text for at, text in enumerate(header)]
    else:
        order.reverse()
        changed = [header[at] for at in order]
    table.rows.append(Row(changed, [("further header", "")]))
    for row in moved[:2]:
        table.rows.append(Row([row.cells[at] for at in order], [("row below a further header", "")]))
    table.rows += [Row(header, [("header again", "")]), moved[2]]
    moved[2].plants.append(("row below the header again", ""))
