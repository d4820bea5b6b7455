"""Recognition of rows below a header that are no records: totals, headers repeated on a further page, notes and
signatures (docs/reference/files.md)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from graph_service.core.cells.cell_texts import cell_text
from graph_service.platform.readers.cells import Cell

_BLANKS = re.compile(r"\s+")
_COUNTS = r"(?:共?[\d.,]+(?:户|人|笔|个|项|条|村|次|[百千万亿]*元)?[,、]?)*"
_TOTAL = re.compile(
    rf"(?:.{{0,12}}(?:合计|总计|小计|共计|累计|总和|汇总|总数|总额|总金额|合计数|总计数)(?:完成)?|计|其中:?.{{0,10}}|全[省市州县区乡镇村]|[∑Σ]"
    rf"|平均|均值|[户人]均|[过转接](?:次|下)页|结转下页|[承续接]上?前?页|上年结转|total|sub-?total|grandtotal|sum|总[共合]|一共|总户数|总人数|占比|最[大小]值)"
    rf"(?:数|户数|人数|金额)?(?:\(.*\)|\[.*\]|:?{_COUNTS}|共[\d.,]*[户人笔个项条]|(?:\(大写\)|人民币).*|/total)[:=]?",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"^[*\-—=_#]+|[*\-—=_#。.]+$")
_SPLIT_TOTAL = re.compile("(?<=[合总小共])[-—.·_]+(?=计)")
_ENCLOSED = re.compile(r"[(\[【〔](.+)[)\]】〕]")
_COUNT = re.compile(r"\d{1,4}[户人笔个项条村]?")
_TOTAL_ALONE = re.compile(r"(?:本[页表]|全[省市州县区乡镇村])?(?:合计|总计|小计|共计|累计)[::]?")
MAX_NOTE_TEXTS = 3
"""The most different texts in a row of notes."""
TOTAL_SEARCH_CELLS = 4
"""The number of filled cells in which the word of a total is searched."""
_COUNTED = re.compile(r"(?:总|合|本页|全部|一)?共[有计]?\s*[\d.,]+\s*(?:户|人|笔|个|项|条|村|行|万?元).*")
_NOTE = re.compile(
    r"(?:备?注\d*(?:[::]|$)|注意|说明\d*[::]|填[表报制](?:人|单位|日期|时间|说明)|制[表单](?:人|单位|日期|时间)?[::]|审[核批签]人?[::]|复核人?[::]|负责人[::]|经办人?[::]"
    r"|单位(?:负责人|领导|公章|盖章)|主管(?:领导|部门)?[::]|分管领导|联系(?:人|电话|方式)[::]|签[字名章]|盖章|\(?(?:公章|盖章)\)?$|报送(?:单位|日期|时间)|统计(?:人|时间|日期|截止)|数据(?:来源|截[止至])"
    r"|第\s*\d+\s*页|共\s*\d+\s*页|page\s*\d|-\s*\d+\s*-$|打印(?:人|时间|日期)|以下(?:空白|无正文)|(?:此|本)表(?:一式|由|须|应|自|中|数据|所)|续表|附[件注][::\d]|单位[::]|(?:\d{4}年)?\d{1,2}月\d{1,2}日$|\*+注)",
    re.IGNORECASE,
)


_STEMS = "甲乙丙丁戊己庚辛壬癸"
_EXAMPLE = re.compile(r"\(?(?:填[写报])?[示样]?例(?:行)?\d*[:)]*")
_LABEL = re.compile(
    r"[\u3400-\u9fff/、]{2,16}(?:\(.{1,8}\))?[::].{0,40}|.{0,12}(?:签[字名章]|盖章)\)?[::]?|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}[-/.]\d\d?[-/.]\d\d?"
)
"""A cell of a footer: 镇长:, 经办人(签字):, 监督电话:12317, 2017年12月."""
_SIGNED = re.compile(r"签[字名章]|盖章")
_LONE = re.compile(r"[\u3400-\u9fff]|\d{4}-\d\d-\d\d|\d+/\d+")
"""A text that, alone in a row, is no number of a record: Chinese, a day, a page."""
_FIGURE = re.compile(r"[¥-]?\d[\d,]*(?:\.\d+)?%?")
_BRACKETED = re.compile(r"(?<=.)[(\[【][^()\[\]【】]*[)\]】](?=[::]|$)")


def plain_text(cell: Cell) -> str:
    """Return a cell's text without any white space."""
    return _BLANKS.sub("", cell_text(cell) or "")


def _undecorated(text: str) -> str:
    """Return a text without its decoration: ---合计---, 【合计】."""
    plain_form = _SPLIT_TOTAL.sub("", _DECORATION.sub("", text)).replace("計", "计").replace("總", "总")
    match = _ENCLOSED.fullmatch(plain_form)
    return match[1] if match else plain_form


def is_total(text: str) -> bool:
    """Return True where a text without white space marks a row that sums others."""
    undecorated = _undecorated(text)
    return any(pattern.fullmatch(form) for pattern in (_TOTAL, _COUNTED) for form in (text, undecorated))


def is_example(text: str) -> bool:
    """Return True where a text without white space marks the cells beside it, or the rows below it, as an example."""
    return _EXAMPLE.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Return True where a text without white space is a note, a footer or a signature."""
    return _NOTE.match(_BRACKETED.sub("", text)) is not None or is_example(text)


class NonRecord(NamedTuple):
    """The reason why a row is no record: its code, and the text that shows it; empty where the row is a record."""

    code: str = ""
    text: str = ""


def non_record_reason(
    cells: Sequence[Cell], key_position: int | None, header_rows: Sequence[Sequence[str]], titles: Collection[str] = ()
) -> NonRecord:
    """Return why a row is no record.

    `key_position`: position of the column that names the record, None where no cell does; `header_rows`: the texts
    of the header rows; `titles`: the texts above them, without white space.
    """
    texts = [plain_text(cell) for cell in cells]
    filled_texts = [text for text in texts if text]
    if not filled_texts:
        return NonRecord()
    if all(text in titles for text in filled_texts):
        return NonRecord("HEADER_REPEATED", filled_texts[0])
    key_text, leading_text = (
        texts[key_position] if key_position is not None and key_position < len(texts) else "",
        filled_texts[0],
    )
    for header_row in header_rows:
        header_texts = [_BLANKS.sub("", text) for text in header_row]
        if len(filled_texts) >= min(2, len(header_texts)) and all(
            not text or (index < len(header_texts) and text == header_texts[index]) for index, text in enumerate(texts)
        ):
            return NonRecord("HEADER_REPEATED", leading_text)
    if _is_numbering(filled_texts):
        return NonRecord("HEADER_REPEATED", leading_text)
    # 合计 alone is never a name, in whichever cell; with a word before it, it counts only in the first cell or in that of the number.
    total_text = next(
        (text for text in filled_texts[:TOTAL_SEARCH_CELLS] if _TOTAL_ALONE.fullmatch(_undecorated(text))), ""
    )
    may_be_total = not key_text or key_text == leading_text or _COUNT.fullmatch(key_text) or is_total(key_text)
    total_text = total_text or next(
        (text for text in (leading_text, key_text) if text and may_be_total and is_total(text)), ""
    )
    if total_text:
        return NonRecord("TOTAL_ROW", total_text)
    distinct_texts = set(filled_texts)
    if is_example(leading_text) or (key_text and is_example(key_text)):
        return NonRecord("NOTE_ROW", leading_text)
    has_note = is_note(leading_text) and (not key_text or is_note(key_text))
    if has_note and (
        len(distinct_texts) <= MAX_NOTE_TEXTS or not any(_FIGURE.fullmatch(text) for text in filled_texts[1:])
    ):
        return NonRecord("NOTE_ROW", leading_text)
    if (":" in leading_text or _SIGNED.search(leading_text)) and all(map(_LABEL.fullmatch, filled_texts)):
        return NonRecord("NOTE_ROW", leading_text)
    # The width of the header is counted only for the few rows with a single text, not for every record.
    if (
        len(distinct_texts) == 1
        and _LONE.search(leading_text)
        and any(sum(map(bool, row_texts)) >= MAX_NOTE_TEXTS for row_texts in header_rows)
    ):
        return NonRecord("NOTE_ROW", leading_text)
    return NonRecord()


def _is_numbering(filled: Sequence[str]) -> bool:
    """Return True where a row numbers the columns: 1 2 3, 甲 乙 1 2 丙, 栏次 1 2."""
    stems = [text for text in filled if text in _STEMS]
    start = not stems and filled[0] in ("栏次", "列次", "栏", "序列")
    numbers = [text for text in filled[start:] if text not in _STEMS]
    return (
        len(filled) >= MAX_NOTE_TEXTS
        and stems == list(_STEMS[: len(stems)])
        and bool(numbers)
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    )
