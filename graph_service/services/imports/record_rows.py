"""Which rows below a header are no records: totals, headers repeated on a further page, notes and signatures (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from graph_service.derive.cell_texts import text_of
from graph_service.readers.cells import Cell

_BLANKS = re.compile(r"\s+")
_TOTAL = re.compile(
    r"(?:.{0,12}(?:合计|总计|小计|共计|累计|总和|汇总|合计数|总计数)|计|其中[::]?.{0,10}|全[省市州县区乡镇村]|total|subtotal|grandtotal|sum)"
    r"(?:数|户数|人数|金额)?(?:\(.*\)|\[.*\]|[::]?\d[\d.,]*[户人笔个项元万亿]*)?[::]?",
    re.IGNORECASE,
)
_TOTAL_ALONE = re.compile(r"(?:本[页表]|全[省市州县区乡镇村])?(?:合计|总计|小计|共计|累计)[::]?")
FIRST_CELLS = 4
"""How many cells with something in them are looked at for the word of a total."""
_COUNTED = re.compile(r"(?:总|合|本页|全部)?共\s*[\d.,]+\s*(?:户|人|笔|个|项|条|村|行|万?元).*")
_NOTE = re.compile(
    r"(?:备?注\d*[::]|注意|说明\d*[::]|填[表报制](?:人|单位|日期|时间|说明)|制[表单](?:人|单位|日期|时间)?[::]|审[核批签]人?[::]|复核人?[::]|负责人[::]|经办人?[::]"
    r"|单位(?:负责人|领导|公章|盖章)|主管(?:领导|部门)?[::]|分管领导|联系(?:人|电话|方式)[::]|签[字名章]|盖章|\(?(?:公章|盖章)\)?$|报送(?:单位|日期|时间)|统计(?:人|时间|日期|截止)|数据(?:来源|截[止至])"
    r"|第\s*\d+\s*页|共\s*\d+\s*页|page\s*\d|-\s*\d+\s*-$|打印(?:人|时间|日期)|以下(?:空白|无正文)|(?:此|本)表(?:一式|由|须|应|自|中|数据|所)|续表|附[件注][::\d]|单位[::]|(?:\d{4}年)?\d{1,2}月\d{1,2}日$|\*+注)",
    re.IGNORECASE,
)


_BRACKETED = re.compile(r"(?<=.)[(\[【][^)\]】]*[)\]】](?=[::]|$)")


def plain_text(cell: Cell) -> str:
    """Return a cell's text without any white space."""
    return _BLANKS.sub("", text_of(cell) or "")


def is_total(text: str) -> bool:
    """Whether a text without white space is what stands in the first cell of a row that sums others."""
    return _TOTAL.fullmatch(text) is not None or _COUNTED.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether a text without white space is a note, a footer or a signature."""
    return _NOTE.match(_BRACKETED.sub("", text)) is not None


def reason_to_leave_out(
    cells: Sequence[Cell], key: int | None, headers: Sequence[Sequence[str]], titles: Collection[str] = ()
) -> tuple[str, str]:
    """Return (code why a row is no record, the text that shows it); empty where it is one.

    `key`: position of the column that names the record, None where no cell does; `headers`: the texts of the header rows; `titles`: what stands above
    them, without white space.
    """
    texts = [plain_text(cell) for cell in cells]
    filled = [text for text in texts if text]
    if not filled:
        return "", ""
    if all(text in titles for text in filled):
        return "HEADER_REPEATED", filled[0]
    named, leading = texts[key] if key is not None and key < len(texts) else "", filled[0]
    for header in headers:
        plain = [_BLANKS.sub("", text) for text in header]
        if len(filled) >= min(2, len(plain)) and all(
            not text or (at < len(plain) and text == plain[at]) for at, text in enumerate(texts)
        ):
            return "HEADER_REPEATED", leading
    # No name of anything is 合计 alone, wherever it stands; with a word before it, it stands first, or where the number should.
    total = next((text for text in filled[:FIRST_CELLS] if _TOTAL_ALONE.fullmatch(text)), "")
    total = total or next((text for text in (leading, named) if text and is_total(text)), "")
    if total:
        return "TOTAL_ROW", total
    if is_note(leading) and (not named or is_note(named)):
        return "NOTE_ROW", leading
    return "", ""
