"""Days and times as spreadsheets store them: a count of days, and a format that selects the displayed part."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from graph_service.platform.readers.cells import Cell, UnreadableCell

MAX_SERIALS = {False: 2958465, True: 2957003}
"""Serial of 9999-12-31, by whether days are counted from 1904 (else from 1900)."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
BUILTIN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;[Red]¥-#,##0",
    7: "¥#,##0.00;¥-#,##0.00", 8: "¥#,##0.00;[Red]¥-#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that files name by number only, as a Chinese Excel shows them."""


def decimal_text(value: float, shift: int = 0) -> str:
    """Return a number times 10 to the power `shift` in decimal notation, exact to the fifteen digits that a spreadsheet keeps."""
    number = Decimal(format(value, ".15g")).scaleb(shift)
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_date_token(kind: str) -> bool:
    """Tell whether a token of this kind makes a format a date or time format."""
    return kind in ("date", "noon", "elapsed")


def _date_letters(tokens: list[tuple[str, str]]) -> list[str]:
    """Return the part that each token shows: y, m (month), n (minute), d, h, s, w (weekday); "" for text in between."""
    letters = [text[0] if kind == "date" else "h" if kind == "elapsed" else "" for kind, text in tokens]
    date_positions = [position for position, letter in enumerate(letters) if letter]
    for order, position in enumerate(date_positions):
        letter = letters[position]
        if letter == "m":
            # An m next to hours or seconds means minutes.
            previous_letter = letters[date_positions[order - 1]] if order else ""
            next_letter = letters[date_positions[order + 1]] if order + 1 < len(date_positions) else ""
            if previous_letter == "h" or next_letter == "s":
                letters[position] = "n"
        elif letter in "eb":
            letters[position] = "y"
        elif letter == "a" or (letter == "d" and len(tokens[position][1]) > 2):
            letters[position] = "w"
    return letters


def day_from_serial(value: float, *, from_1904: bool) -> date | None:
    """Return the day of a serial; None where there is none, such as 1900-02-29, which exists only in Excel."""
    serial = int(value)
    if value < 0 or serial > MAX_SERIALS[from_1904]:
        return None
    if from_1904:
        return date(1904, 1, 1) + timedelta(days=serial)
    if serial in (0, 60):
        return None
    return date(1899, 12, 31 if serial < 60 else 30) + timedelta(days=serial)


def _clock_text(value: float) -> str:
    """Return the time of day of a serial, to the second."""
    seconds = round(value % 1 * 86_400) % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def day_cell(value: float, tokens: list[tuple[str, str]], *, from_1904: bool) -> Cell:
    """Return a day, or the part that the format shows: 2016-03, 2016, 3月5日, 14:30:00."""
    letters = _date_letters(tokens)
    parts = set(letters) - {"", "w", "g"}
    if not parts & {"y", "m", "d"}:
        if not parts or value < 0:
            return UnreadableCell("CELL_SHOWN_OTHERWISE", decimal_text(value))
        if any(kind == "elapsed" for kind, _ in tokens):
            seconds = round(value * 86_400)
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return _clock_text(value)
    day = day_from_serial(value, from_1904=from_1904)
    if day is None:
        return UnreadableCell("CELL_ERROR", "#####" if value < 0 else decimal_text(value))
    return format_day_part(day, tokens, letters)


def format_day_part(day: date, tokens: list[tuple[str, str]], letters: list[str]) -> Cell:
    """Return the part of a day that a format shows."""
    parts = set(letters)
    if "y" in parts:
        if "m" in parts:
            return day if "d" in parts else f"{day.year:04}-{day.month:02}"
        return day if "d" in parts else f"{day.year:04}"
    text = ""
    for letter, (kind, token_text) in zip(letters, tokens, strict=True):
        if letter == "m":
            text += _MONTHS[day.month - 1] if len(token_text) > 2 else str(day.month).zfill(len(token_text))
        elif letter == "d":
            text += str(day.day).zfill(len(token_text))
        elif not letter and kind in ("literal", "rest"):
            text += token_text
    return text.strip()


def format_stored_day(day: date, tokens: list[tuple[str, str]]) -> Cell:
    """Return the part of a stored day that a date format shows."""
    letters = _date_letters(tokens)
    return format_day_part(day, tokens, letters) if set(letters) & {"y", "m", "d"} else day
