"""Units that titles and notes state, and units that they only mention: 单位:万元 above a table, (万元) at the end of its title.

A unit holds for a table where the note states it for the whole table. A unit in a sentence about one amount (注:县级配套资金单位为万元), in the
name of another table (《绩效表(万元)》) or in the heading of a part may or may not apply to an amount; it is unclear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from graph_service.core.cells.units import (
    AREA,
    LENGTH,
    MONEY,
    MONTHS,
    UNITS,
    is_unit,
    plain_header,
    strip_marks,
)

UNCLEAR_MARK = "?"
"""Mark before a unit that is only mentioned."""
_STATED = re.compile(
    r"(?:单位(?:\(unit\))?|unit)(?:统一|一律|均|都)?(?:为|是|[:=\s]|\.{2})[:\s]*(?:人民币[\s:]*)?(?P<unit>(?!单位)[^\s()\[\]【】;。][^()\[\]【】;。]*?)(?=单位|[()\[\]【】;。]|$)",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"单位[,.、;∶—-]?\s*(?:人民币[\s:]*)?([^\s()\[\]【】;。,、]+)")
"""With other punctuation than a colon, or none, the following text is a unit only where it is a known one."""
_BRACKET = re.compile(r"[(\[【〔]\s*([^()\[\]【】〔〕:]{1,8}?)\s*[)\]】〕]")
_COUNTED = re.compile(r"[以按]([^\s以按]{1,4}?)(?:为单位|计(?!划|生|算)|填[写报列]|统计|反映|表示)")
_SAID = re.compile(
    r"(?:金额|数字|数据|资金|收入|面积|距离|里程|时间|月数)(?:均|都|统一|一律)?(?:为|是|填)[写报]?([^\s,;。()为是填]{1,6}?)数?(?=填[写报]|为单位|[\s,;。)]|$)"
)
"""金额均为万元, 务工时间为天数."""
_BRACKETED = re.compile(
    r"(?:[十百千万亿]{0,2}(?:元|圆|亩|米)|平方[公千]?[米里]|㎡|m2|市?顷|公顷|天|日|周|小时)(?:[/·每].{1,6})?"
)
"""A unit in brackets that is not understood: 元/人, 平方米, 天."""
_LABELLED = re.compile(r"(?:金额|人民币|币种|货币|收入|面积|距离|里程|长度)[:=]\s*([^\s,;。()]+)")
_CURRENCY = re.compile(r"(?:币种|货币)[:=]\s*([^\s,;。()]+)")
_CURRENCIES = ("人民币", "RMB", "rmb", "CNY", "cny")
_MULTIPLE = re.compile("[十百千万亿]+")
_TRADITIONAL = str.maketrans("單萬億圓幣", "单万亿圆币")
_QUOTED = re.compile(r"[“”‘’\"「」]")
_SPACED = re.compile(r"单\s+位")
_MENTIONED = re.compile(
    r"(?<![\d.,一二三四五六七八九十百千万亿几数两])[十百千万亿w]{1,12}元|[¥$]\s*[十百千万亿]+|[以按][\"'“”‘’]?[十百千万亿]+[\"'“”‘’]?计|[:=][十百千万亿]+$|(?:(?<!\d)\d{1,3}(?:,\d{3})+|thousand|million|'0{3,4})\s*(?:yuan|rmb|cny)|(?:yuan|rmb|cny)\s*'0{3,4}",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"(局|办|委|会|县|区|州|市|乡|镇|村|厅|部|中心|公司|政府|处|科|站|院|校|银行|组|所|队|社|室|小学|中学)$"
)
_REPORTS = re.compile("(?:填报|报送|编制|制表|主管|责任|帮扶|填表|上报|实施|建设|所属|工作|报表)$")
_MONEY_WORDS = ("金额", "货币", "资金", "计量")

_CLAUSE_LENGTH = 24
"""Characters before a unit in which its subject is looked for."""
_CLAUSE_BREAK = re.compile(r"[\s,;:。!?()\[\]【】〔〕《》]")
_CLAUSE_END = re.compile(r"(?:填[写报列])?(?:$|[\s,;:。、!?()\[\]【】〔〕《》])")
_OF_ALL = re.compile(
    "(?:注|备注|说明|本|此|该|全|上|以上|以下|下列|表|内|中|各项|各|所有|全部|的|均|都|统一|一律|投资|数|金额|货币|资金|计量|计价|人民币|数据|统计|收入|面积|距离|里程|长度|和|及|与|[、.\\d])*"
)
"""Subject of a unit that is stated for all amounts of a table."""
_TITLED = re.compile("^.*[表册单账](?:金额|资金|计量|货币)?$")
_NOTE = re.compile(r"\s*[(\[【]?(?:备?注|说明|其中)")
_PART_HEADING = re.compile(r"\s*[(]?[一二三四五六七八九十]{1,3}[)、.]")
"""Beginning of the heading of a part: 二、省级资金."""
_AFTER_BRACKET = re.compile(r"$|[\s,;。(\[【〔]|[^\s,:;()、及和与见]{0,8}(?:[表册单账]|统计|汇总|明细)$")
"""Text after a unit in brackets that is stated for the whole: 资金（万元）分配表."""
_DIMENSION_PATTERNS = {
    MONEY: re.compile("[元圆币钱$¥€]|yuan|rmb|cny|usd", re.IGNORECASE),
    AREA: re.compile("平方|㎡|m2|亩|顷|分地"),
    LENGTH: re.compile("[里米]$"),
    MONTHS: re.compile("[天日周年季]$|小时"),
}


def units_in_note(text: str) -> list[str]:
    """Return the units that a title or note above or below a table states: 单位:万元, (万元), 以万元计, 金额单位:万元 人; empty where it states
    none. A unit that is only mentioned, or stated for one amount, has a question mark before it.

    The 单位 that fills in a form (填报单位:某局) is an organisation, not a unit.
    """
    if text.startswith(UNCLEAR_MARK):
        return [text]
    plain = _SPACED.sub("单位", unicodedata.normalize("NFKC", text).strip().translate(_TRADITIONAL))
    plain = _QUOTED.sub("", plain)
    if strip_marks(plain_header(plain)) in UNITS[MONEY]:
        return [strip_marks(plain_header(plain))]
    stated_units = list(_find_units(plain))
    # 币种:人民币 states the currency, not the unit.
    stated_units = [(unit, is_clear) for unit, is_clear in stated_units if unit not in _CURRENCIES] or stated_units
    # 万 alone may be of yuan, of persons or of mu.
    has_money = any(unit in UNITS[MONEY] and not _MULTIPLE.fullmatch(unit) for unit, _ in stated_units)
    # 分 may be the points of a table of scores, not fen.
    units = [
        f"{'' if is_clear and unit != '分' and (has_money or not is_multiple) else UNCLEAR_MARK}{unit}{'元' if is_multiple else ''}"
        for unit, is_clear in stated_units
        for is_multiple in (_MULTIPLE.fullmatch(unit) is not None,)
    ]
    mentioned_units = (match[0] for match in _MENTIONED.finditer(plain))
    return [*units, *(UNCLEAR_MARK + unit for unit in mentioned_units if not any(unit in text for text in units))]


def may_be_of_dimension(unit: str, dimension: str) -> bool:
    """Return True where a text that is not an understood unit may be one of a dimension: 平方米 of areas; an unknown text, unless it
    is only mentioned, of money."""
    is_only_mentioned, unit = unit.startswith(UNCLEAR_MARK), unit.lstrip(UNCLEAR_MARK)
    dimensions = {
        pattern_dimension for pattern_dimension, pattern in _DIMENSION_PATTERNS.items() if pattern.search(unit)
    }
    if AREA in dimensions:
        dimensions -= {LENGTH}
    return dimension in (dimensions or (set() if is_only_mentioned else {MONEY}))


def _find_units(plain: str) -> Iterator[tuple[str, bool]]:
    """Yield (unit, whether it is stated for the whole table)."""
    for match in _STATED.finditer(plain):
        clause = _clause(plain, match.start())
        unit, *further_words = _words(match["unit"])
        if _REPORTS.search(clause):
            continue
        parts = _unit_parts(unit)
        # 面积 in 元,面积单位:亩 belongs to the next statement.
        if plain.startswith("单位", match.end("unit")) and len(parts) > 1:
            parts.pop()
        if any(map(is_unit, parts)):
            # 公斤 and 下同 beside a unit are no units of money.
            parts = list(filter(_resembles_unit, parts))
        if not clause.endswith(_MONEY_WORDS) and not any(map(is_unit, parts)) and _ORGANISATION.search(unit):
            continue
        is_clear = _is_of_all(plain, clause) and _is_whole(plain, match.start(), match.end())
        yield from ((part, is_clear) for part in parts)
        # A unit that is understood may be followed by others: 元 万元.
        for further_parts in map(_unit_parts, further_words if all(map(is_unit, parts)) else ()):
            if not all(map(is_unit, further_parts)):
                break
            yield from ((part, is_clear) for part in further_parts)
    for match in _BRACKET.finditer(plain):
        is_of_all = not _NOTE.match(plain) or _OF_ALL.fullmatch(_clause(plain, match.start()))
        is_clear = bool(is_of_all) and _is_whole(plain, match.start() + 1, match.end() - 1)
        yield from ((part, is_clear) for part in _unit_parts(match[1]) if is_unit(part) or _BRACKETED.fullmatch(part))
    for match in _COUNTED.finditer(plain):
        is_clear = _CLAUSE_END.match(plain, match.end()) is not None and _is_said_of_all(plain, match)
        yield from ((part, is_clear) for part in _unit_parts(match[1]) if _resembles_unit(part))
    for match in (*_LABELLED.finditer(plain), *_SAID.finditer(plain)):
        is_clear = _is_said_of_all(plain, match)
        yield from ((part, is_clear) for part in _unit_parts(match[1]) if _resembles_unit(part))
    for match in _LOOSE.finditer(plain):
        if is_unit(match[1]):
            yield match[1], _is_said_of_all(plain, match)
    # Amounts in another currency are not in yuan.
    yield from ((match[1], True) for match in _CURRENCY.finditer(plain) if not is_unit(match[1]))


def _clause(plain: str, end: int) -> str:
    """Return the text before a position, back to the nearest punctuation mark."""
    return _CLAUSE_BREAK.split(plain[max(0, end - _CLAUSE_LENGTH) : end])[-1]


def _resembles_unit(text: str) -> bool:
    """Return True where a text is a unit, or may be one that is not understood; a figure is none."""
    return is_unit(text) or (
        not text[0].isdigit() and any(pattern.search(text) for pattern in _DIMENSION_PATTERNS.values())
    )


def _is_said_of_all(plain: str, match: re.Match[str]) -> bool:
    return _is_of_all(plain, _clause(plain, match.start())) and _is_whole(plain, match.start(), match.end())


def _is_of_all(plain: str, clause: str) -> bool:
    if _OF_ALL.fullmatch(clause):
        return True
    return _NOTE.match(plain) is None and _TITLED.fullmatch(clause) is not None


def _is_whole(plain: str, start: int, end: int) -> bool:
    """Return True where the text from start to end is stated for the whole table: not within the name of another table, nor within
    nested brackets or brackets followed by words, nor in the heading of a part."""
    text_before = plain[:start]
    depth = sum(map(text_before.count, "([【〔")) - sum(map(text_before.count, ")]】〕"))
    if text_before.count("《") > text_before.count("》") or depth > 1 or _PART_HEADING.match(plain):
        return False
    text_after = plain[end:].lstrip() if depth == 1 else ""
    return not text_after or text_after[0] not in ")]】〕" or _AFTER_BRACKET.match(text_after, 1) is not None


def _words(text: str) -> list[str]:
    """Return the words of a note; a multiple and its unit are joined: 万 元."""
    words: list[str] = []
    for word in text.split():
        if words and _MULTIPLE.fullmatch(words[-1]):
            words[-1] += word
        else:
            words.append(word)
    return words


def _unit_parts(text: str) -> list[str]:
    # 万元/人 is a separate unit: an amount for each person.
    parts = re.split(r"[、,;和及]+", text.removeprefix("以").removesuffix("计"))
    # 万元人民币; 人民币 alone is the currency.
    return [part.removesuffix("人民币") or part for part in parts if part]
