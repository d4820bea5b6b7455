"""The kinds of mess: changes to a cell, a row or a header, and the result that docs/reference/files.md prescribes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

UNDERSTOOD = ""
"""Code of the kinds that are read without a remark."""
NOT_READ = "*"
"""Code of the kinds that are not read, and reported with any code."""
FACTORS = {
    "元": 1,
    "百元": 100,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "亿元": 100_000_000,
}


@dataclass(slots=True)
class Cell:
    """A cell of a workbook: its value, number format and formula (the value is its result; nothing is stored where the value is null)."""

    value: Any
    style: str = "General"
    formula: str = ""
    spoken: bool = False
    rich: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mess in a cell. `columns`: kinds of columns it applies to. `make` returns the cell from (random numbers, clean value, unit).
    `code`: the code reported for it. `files`: workbook, text, or both where empty."""

    name: str
    columns: str
    make: Callable[[Random, Any, str], Any]
    code: str = UNDERSTOOD
    files: str = ""


def yuan_of(value: Any, unit: str) -> float:
    return round(float(value) * FACTORS[unit], 2)


def short(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")


def literal(text: str) -> Callable[[Random, Any, str], Any]:
    return lambda _rng, _value, _unit: text


def pick(*texts: Any) -> Callable[[Random, Any, str], Any]:
    return lambda rng, _value, _unit: rng.choice(texts)


def styled(style: str, factor: float = 1) -> Callable[[Random, Any, str], Any]:
    return lambda _rng, value, _unit: Cell(round(value * factor, 10), style)


def day_as(style: str) -> Callable[[Random, Any, str], Any]:
    return lambda _rng, value, _unit: style.format(d=value, y=value.year, m=value.month, t=value.day)


def han(value: date) -> str:
    digits = "〇一二三四五六七八九"

    def number(n: int) -> str:
        tens = {0: "", 1: "十"}.get(n // 10, digits[n // 10] + "十")
        return tens + (digits[n % 10] if n % 10 else "")

    return f"{''.join(digits[int(c)] for c in str(value.year))}年{number(value.month)}月{number(value.day)}日"


def invisible(rng: Random, value: str, _unit: str) -> str:
    position = rng.randrange(len(value) + 1)
    return value[:position] + rng.choice("\u200b\u200e\u202c\u00ad\ufeff\u2060") + value[position:]


def inside(mark: str) -> Callable[[Random, Any, str], Any]:
    return lambda _rng, value, _unit: value[:2] + mark + value[2:]


def wide(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in value)


def formula(result: Callable[[Any], Any], text: str = "A1") -> Callable[[Random, Any, str], Any]:
    return lambda _rng, value, _unit: Cell(result(value), formula=text)


STATUSES = {
    "已脱贫": ("已脱贫（享受政策）", "已脱贫(不再享受政策)", "脱贫户", "稳定脱贫户", "已脱贫户"),
    "未脱贫": ("未脱贫户", "未脱贫贫困户", "贫困户", "在册贫困户"),
}
KEYS, ALL_KEYS = "key need ref", "key need voucher ref"
NUMBERS, OPTIONAL = "amount area distance count rate", "amount area distance count rate word ref day"
CELLS = (
    Kind("unit in the cell: 元", "amount", lambda _, v, u: f"{short(yuan_of(v, u))}元"),
    Kind("unit in the cell: 万元", "amount", lambda _, v, u: f"{short(yuan_of(v, u) / 10_000)}万元"),
    Kind("unit in the cell: 千元", "amount", lambda _, v, u: f"{short(yuan_of(v, u) / 1_000)}千元"),
    Kind("unit in the cell: 亿元", "amount", lambda _, v, u: f"{short(yuan_of(v, u) / 100_000_000)}亿元"),
    Kind("sign of yuan", "amount", lambda r, v, u: f"{r.choice('￥¥')}{yuan_of(v, u):,.2f}"),
    Kind("groups of three", "amount", lambda _, v, u: f"{v:,.7f}".rstrip("0").rstrip(".")),
    Kind("unit in the cell of another kind", "amount", pick("5亩", "3人", "12公里", "7头"), NOT_READ),
    Kind("unit in the cell not known", "amount area distance", pick("5美元", "12箱", "3吨", "800卢布"), NOT_READ),
    Kind("groups of digits not of three", NUMBERS, pick("12,3456", "1,5", "1,23,456", "1234,567"), NOT_READ),
    Kind("underscore in digits", NUMBERS, literal("1_000"), NOT_READ),
    Kind("space in digits", NUMBERS, literal("1 200"), NOT_READ),
    Kind("decimal comma", NUMBERS, pick("1.200,50", "35,5"), NOT_READ),
    Kind("scientific notation typed", NUMBERS, literal("1.2E+05"), NOT_READ),
    Kind("about so much", NUMBERS, pick("约500", "500余", "500左右", "三", "五百", "100-200", "≥5", "500(含配套)"), NOT_READ),
    Kind("figure in brackets", NUMBERS, pick("(500)", "（500）"), NOT_READ),
    Kind("percent where no part is meant", "area distance count", literal("12%"), NOT_READ),
    Kind("percent in an amount", "amount", literal("12%"), NOT_READ),
    Kind("percent format in an amount", "amount", lambda *_: Cell(0.12, "0%"), NOT_READ, "workbook"),
    Kind("too many decimals typed", "amount", lambda _, v, u: short((yuan_of(v, u) + 0.005) / FACTORS[u]), "AMOUNT_TOO_FINE"),
    Kind("too many decimals stored", "amount", lambda _, v, u: (yuan_of(v, u) + 0.125) / FACTORS[u], "AMOUNT_TOO_FINE", "workbook"),
    Kind("too many decimals by formula", "amount", lambda _, v, u: Cell((yuan_of(v, u) + 0.125) / FACTORS[u], formula="A1"), "AMOUNT_ROUNDED", "workbook"),
    Kind("formula with a value", NUMBERS, formula(lambda v: v), UNDERSTOOD, "workbook"),
    Kind("formula without a value", OPTIONAL + " first on last need", formula(lambda _: None), "FORMULA_WITHOUT_VALUE", "workbook"),
    Kind("formula whose result is empty", "amount area distance count word", formula(lambda _: ""), UNDERSTOOD, "workbook"),
    Kind("error cell", OPTIONAL + " last need", pick("#N/A", "#REF!", "#DIV/0!"), "CELL_ERROR", "workbook"),
    Kind("error of a formula", OPTIONAL, formula(lambda _: "#VALUE!"), "CELL_ERROR", "workbook"),
    Kind("unit in the format: 元", "amount", lambda _, v, u: Cell(yuan_of(v, u), '#,##0.00"元"'), UNDERSTOOD, "workbook"),
    Kind("unit in the format: 万元", "amount", lambda _, v, u: Cell(yuan_of(v, u) / 10_000, '0.000000"万元"'), UNDERSTOOD, "workbook"),
    Kind("sign of yuan in the format", "amount", lambda r, v, u: Cell(yuan_of(v, u), r.choice(("¥#,##0.00", '"¥"#,##0.00', "[$¥-804]#,##0.00"))), UNDERSTOOD, "workbook"),
    Kind("accounting format", "amount", styled("_ * #,##0.0000000_ ;_ * -#,##0.00_ "), UNDERSTOOD, "workbook"),
    Kind("unit in the format not known", "amount", styled('0.00"美元"'), NOT_READ, "workbook"),
    Kind("format that scales", "amount", lambda r, v, _: Cell(v, r.choice(("0,", "0!.0,", '#,##0.00,"千"', '0!.0000"万"'))), "CELL_SHOWN_OTHERWISE", "workbook"),
    Kind("percent format", "rate", styled("0.00%", 0.01), UNDERSTOOD, "workbook"),
    Kind("percent in the cell", "rate", lambda _, v, u: f"{v}%"),
    Kind("per mille in the cell", "rate", lambda _, v, u: f"{short(v * 10)}‰"),
    Kind("rate of one and below", "bare-rate", lambda r, *_: r.choice((0.06, 0.5, 1)), "RATE_AMBIGUOUS"),
    Kind("unit in the cell: 亩", "area", lambda _, v, u: f"{v}亩"),
    Kind("unit in the cell: 公顷", "area", lambda r, *_: f"{r.randrange(1, 9)}公顷"),
    Kind("unit in the cell: 米", "distance", lambda _, v, u: f"{round(v * 1000)}米"),
    Kind("unit in the cell: 里", "distance", lambda r, *_: f"{r.randrange(1, 9)}里"),
    Kind("unit in the cell: 人", "人", lambda _, v, u: f"{v}人"),
    Kind("unit in the cell: 户", "户", lambda _, v, u: f"{v}户"),
    Kind("unit of another count in the cell", "人 月", lambda _, v, u: f"{v}户", NOT_READ),
    Kind("half a person", "count", pick("3.5", 3.5), NOT_READ),
    Kind("money where a count is meant", "count", pick("3万元", "5元"), NOT_READ),
    Kind("truth value in a figure", NUMBERS, literal(True), NOT_READ, "workbook"),  # type: ignore[arg-type]
    Kind("day in a figure", "amount count", lambda *_: date(2016, 3, 5), NOT_READ, "workbook"),
    Kind("filler in a figure", NUMBERS, pick("无", "-", "—", "/", "待定", "N/A", "同上"), "CELL_FILLER"),
    Kind("filler in a word", "word-without-none", pick("-", "—", "/", "待定", "null"), "CELL_FILLER"),
    Kind("filler in place of a name", "name", pick("无", "-", "待定", "同上"), "CELL_FILLER"),
    Kind("several names in place of one", "name", lambda r, v, _: f"{v}{r.choice('、，/；')}{v}二", "NAMES_LISTED"),
    Kind("filler in free text", "text", pick("无", "-", "/")),
    Kind("white space alone", "amount area count word text name", literal("  ")),
    Kind("format character in a number", ALL_KEYS, invisible),
    Kind("white space around a number", ALL_KEYS, lambda r, v, _: r.choice((f" {v}", f"{v} ", f"\u3000{v}", f"{v}\u00a0"))),
    Kind("number in full width", ALL_KEYS, lambda _, v, u: wide(v)),
    Kind('="…" typed', ALL_KEYS, lambda _, v, u: f'="{v}"', UNDERSTOOD, "text"),
    Kind('="…" as a formula', ALL_KEYS, lambda _, v, u: Cell(v, formula=f'"{v}"'), UNDERSTOOD, "workbook"),
    Kind("filler in place of a number", "key need voucher", pick("无", "-", "—", "0", "/", "null", "N/A", "待定", "同上", "空"), "KEY_MISSING"),
    Kind("filler in an optional reference", "ref", pick("无", "-", "/", "待定"), NOT_READ),
    Kind("white space in a number", KEYS, lambda r, v, _: inside(r.choice((" ", "\t", "\u3000")))(r, v, ""), "KEY_SHAPE"),
    Kind("line break in a number", ALL_KEYS, inside("\n"), "KEY_SHAPE", "workbook"),
    Kind("punctuation mark in a number", KEYS, lambda r, v, _: inside(r.choice("，。；："))(r, v, ""), "KEY_SHAPE"),
    Kind("control character in a number", ALL_KEYS, lambda r, v, _: inside(r.choice("\x01\x07\x1b"))(r, v, ""), "KEY_SHAPE", "text"),
    Kind("day in place of a number", ALL_KEYS, lambda *_: date(2016, 3, 5), "KEY_STORED_AS_DATE", "workbook"),
    Kind("number of an odd shape", "shaped", lambda r, *_: str(r.randrange(1, 100_000)), "KEY_UNLIKE_OTHERS"),
    Kind("long number stored as a figure", "long", lambda _, v, u: int(v), NOT_READ, "workbook"),
    Kind("area code stored as a figure", "code", lambda _, v, u: int(v)),
    Kind("document stored as a figure", "document", lambda *_: 519900197001010016, "ID_STORED_AS_NUMBER", "workbook"),
    Kind("word with white space", "word", lambda _, v, u: f" {v}\u3000"),
    Kind("word that is not known", "word words", pick("其他情况待核", "不详待查", "见附件"), "VALUE_UNKNOWN"),
    Kind("status as the national register says it", "status", lambda r, v, _: r.choice(STATUSES[v])),
    Kind("status that nobody understands", "status", pick("一般农户", "边缘易致贫户", "脱贫不稳定户", "不脱贫"), "VALUE_UNKNOWN"),
    Kind("flag that is no flag", "flag", pick("待核实", "不详"), NOT_READ),
    Kind("day with slashes", "first last on day begins ends birth", day_as("{d:%Y/%m/%d}")),
    Kind("day with points", "first last on day begins ends birth", day_as("{d:%Y.%m.%d}")),
    Kind("day in eight digits", "first last on day begins ends", day_as("{d:%Y%m%d}")),
    Kind("day in eight digits as a figure", "first last on day begins ends", lambda _, v, u: int(f"{v:%Y%m%d}")),
    Kind("day with midnight", "first last on day begins ends birth", day_as("{d:%Y-%m-%d} 00:00:00")),
    Kind("truth value in a column of days", "first last on day begins ends", literal(True), NOT_READ, "workbook"),  # type: ignore[arg-type]
    Kind("day in Chinese", "first last on day begins ends birth", day_as("{y}年{m}月{t}日")),
    Kind("day in Chinese figures", "first last on day begins ends birth", lambda _, v, u: han(v)),
    Kind("day of another format", "first last on day begins ends birth", lambda r, v, _: Cell(v, r.choice(('yyyy"年"m"月"d"日"', "mm-dd-yy", "[$-804]yyyy/m/d;@"))), UNDERSTOOD, "workbook"),
    Kind("day as a serial number", "first last on day begins ends", lambda _, v, u: v.toordinal() - date(1899, 12, 30).toordinal(), "DATE_INVALID", "workbook"),
    Kind("serial number in a text", "first last on day begins ends", lambda _, v, u: v.toordinal() - date(1899, 12, 30).toordinal(), "DATE_INVALID", "text"),
    Kind("month", "first last on begins ends", lambda r, v, _: r.choice((f"{v:%Y-%m}", f"{v.year}.{v.month}", f"{v.year}年{v.month}月", f"{v:%Y%m}")), "DAY_FROM_MONTH"),
    Kind("day shown as a month", "first last on begins ends", lambda r, v, _: Cell(v, r.choice(('yyyy"年"m"月"', "yyyy-mm", "yyyy/m"))), "DAY_FROM_MONTH", "workbook"),
    Kind("month where a day is meant", "day birth", lambda r, v, _: r.choice((f"{v:%Y-%m}", f"{v.year}年{v.month}月")), "MONTH_ONLY"),
    Kind("open end", "last ends", pick("至今", "长期", "无", "-", "—", "/", "目前", "现在", "在任")),
    Kind("impossible day", "first last on day begins ends", pick("2016-02-30", "2016年13月1日", "0000-00-00", "20160231", "16.3.5", "三月五日"), "DATE_INVALID"),
    Kind("year with its sign", "year", lambda _, v, u: f"{v}年"),
    Kind("month in a column of years", "year", lambda r, v, _: r.choice((f"{v}-03", f"{v}年5月"))),
    Kind("day shown as a year", "year", lambda r, v, _: Cell(date(v, 5, 6), "yyyy"), UNDERSTOOD, "workbook"),
    Kind("name set apart by blanks", "name", lambda r, v, _: r.choice((" ", "\u3000", "  ")).join(v)),
    Kind("phonetic guide", "text name", lambda _, v, u: Cell(v, spoken=True), UNDERSTOOD, "workbook"),
    Kind("rich text", "text name", lambda _, v, u: Cell(v, rich=True), UNDERSTOOD, "workbook"),
)  # fmt: skip
ROWS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("total", ("合计", "合 计", "合计:", "合计：", "总计", "小 计", "共计", "本页合计", "本页小计", "资金合计", "总计(2笔)", "共3户", "共12人", "甲村小计", "合计（元）"), "TOTAL_ROW"),
    ("note", ("注：本表一式三份。", "注:数据截至年底", "备注：以上数据已公示", "填表人：张某      审核人：李某", "审核人:王某", "第1页 共3页", "第 2 页 共 3 页", "制表人：赵某", "负责人（签字）："), "NOTE_ROW"),
)  # fmt: skip
HEADER_UNITS = (
    "金额({})", "金额（{}）", "金额（单位：{}）", "金额(单位:{})", "金额【{}】", "金额[{}]", "金额〔{}〕", "金额/{}", "金额{}", "金额 ( {} )", "金额\n（{}）",
)  # fmt: skip
TITLE_UNITS = ("单位：{}", "(单位:{})", "（单位：{}）", "金额单位：{}", "2016年登记表（单位：{}）", "单位：{}、人")
FILLERS_OF_WORDS = {"无", "-", "—", "/", "待定", "null"}
UNKNOWN_UNITS = ("美元", "担", "吨", "积分")
OTHER_UNITS = ("亩", "%", "人", "公里")
