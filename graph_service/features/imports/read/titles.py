"""The year and the day of a table according to titles, notes and names of sheets and files (docs/reference/files.md)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

_DOCUMENT = re.compile(
    r"[〔\[(【]?[12]\d{3}\s*[〕\])】年]?\s*(?:第\s*)?\d+\s*号|(?<=发)[〔\[(【][12]\d{3}[〕\])】]\s*\d+"
)
"""The number of an official document: 川扶发〔2014〕12号, 川扶发2014年12号."""
_WRITTEN = re.compile(
    r"(?:制表|填表|填报|打印|报送|编制|上报|印发|发布|公示|导出|下载|更新|审核|核实|有效|保存|修订|审定)(?:时间|日期|期|于)?(?:至|到|为)?\s*[:]?\s*[12]\d{3}\s*[年.\-/][\d年月日.\-/\s]*"
)
"""The time at which a table was written, which is not the time that it describes."""
_OTHER_YEAR = re.compile(
    r"(?:拟|计划|预计|预期|目标|力争|确保|自|从|根据|依据|按照?|参照|对照|迎接|迎|较|比|沿用|引用)[于在到至]?(?:19|20)\d\d年"
    r"|(?:19|20)\d\d年(?:\d{1,2}月)?[底末初]?(?:(?:以|之)?[前后]|(?:以|及其?以)?来|起|开始|至今|(?:全面)?(?:建成)?小康|不变价|修订|版|制(?!定)|下发|印发|导出|更新|审定|县委|州委|省委|目标|预脱贫|脱贫规划)"
    r"|(?<=[((])(?:19|20)\d\d版|普查(?:19|20)\d\d年?"
)
"""A year that a title mentions without being that of the table: 拟于2018年脱贫户, 2016年前脱贫户, 2014年以来."""
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)年?\s*[-—–~至到]{1,2}\s*(\d\d)(?=年)")
"""Several years, the last one abbreviated: 2016—17年."""
_FIGURE = re.compile(
    r"(?:[共计约第]|投资|资金|金额)\s*[12]\d{3}(?!\s*[年.\-/])|(?<!\d)[12]\d{3}\s*(?=[户人元万亿千亩个名条项号次笔家所口头只公%])"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NUMERALS = re.compile("[一二][〇零○Oo0一二三四五六七八九]{3}(?=年)")
_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})(?!\d)|([.\-/])(\d{1,2})\4(\d{1,2})(?!\d))"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_MONTH = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[年.\-/]\s*(?:\d{1,2}\s*月?\s*[-—~至]\s*)?(\d{1,2})(?!\d)\s*月?(?!\s*[.\-/—~至]?\s*\d)"
)
"""A month, or the last one of several."""
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?度?\s*(上半年|下半年|第?[一二三四1-4]季度?)")
_LAST_MONTHS = {"上": 6, "下": 12, "一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


_TITLE = re.compile("[表册]|名单|台账|清单|情况")
"""Words of a title, which the line with the day below it does not have."""


def year_of_title(texts: Sequence[str]) -> tuple[int, int] | None:
    """Return (year, day as YYYYMMDD) that titles name; None where they name none, several years, or a day that does
    not exist.

    A month counts as its last day, so does half a year or a quarter; a year alone counts as its 31 December. Where a
    title names one year and the lines beside it another, the title's counts: 2016年花名册 above 日期:2017年1月5日.
    """
    year_and_day = _year_of(texts)
    titles = [text for text in texts if _TITLE.search(text)]
    return year_and_day or (_year_of(titles) if len(titles) < len(texts) else None)


def _year_of(texts: Sequence[str]) -> tuple[int, int] | None:
    plain_texts = [_without_unrelated_numbers(text) for text in texts]
    days = {(int(y), int(m or n), int(d or e)) for text in plain_texts for y, m, d, _, n, e in _DAY.findall(text)}
    days |= {(int(y), int(m), int(d)) for text in plain_texts for y, m, d in _COMPACT.findall(text)}
    months = {(int(y), int(m)) for text in plain_texts for y, m in _MONTH.findall(text) if 1 <= int(m) <= 12}
    months |= {
        (int(y), _LAST_MONTHS[part.lstrip("第")[0]]) for text in plain_texts for y, part in _PERIOD.findall(text)
    }
    years = {int(year) for text in plain_texts for year in _YEAR.findall(text)} | {year for year, _, _ in days}
    if len(years) != 1 or not all(_is_valid_date(*day) for day in days):
        return None
    [year] = years
    if len(days) == 1:
        [(_, month, day)] = days
        return year, year * 10000 + month * 100 + day
    if len(months) == 1 and not days:
        [(_, month)] = months
        return year, year * 10000 + month * 100 + monthrange(year, month)[1]
    return year, year * 10000 + 1231


def year_of_table(titles: Sequence[str], *names: str) -> tuple[int, int] | None:
    """Return (year, day) named by the titles above a table, else by the first of its names that states one."""
    return next(
        (year_and_day for texts in (titles, *([name] for name in names)) if (year_and_day := year_of_title(texts))),
        None,
    )


def years_in(text: str) -> set[int]:
    """Return all years in a text, whatever their meaning."""
    return {int(year) for year in _YEAR.findall(text)}


def _without_unrelated_numbers(text: str) -> str:
    """Return a text without numbers that are no year of the table: numbers of documents, dates of writing, counts."""
    plain = _NUMERALS.sub(lambda year: year[0].translate(_DIGITS), unicodedata.normalize("NFKC", text))
    plain = _YEARS.sub(r"\1年至20\2", plain)
    for pattern in (_DOCUMENT, _WRITTEN, _FIGURE, _OTHER_YEAR):
        plain = pattern.sub(" ", plain)
    return plain


def _is_valid_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
