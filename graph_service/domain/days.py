"""Stored days (YYYYMMDD): conversion from and to ISO dates, and arithmetic."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY


def format_day(stored: int | None) -> str | None:
    """Return the ISO date of YYYYMMDD; None for the first and the last day of time."""
    return None if stored is None or stored in (FIRST_DAY, LAST_DAY) else iso_day(stored)


def iso_day(stored: int) -> str:
    """Return the ISO date of YYYYMMDD."""
    return f"{stored // 10000:04d}-{stored // 100 % 100:02d}-{stored % 100:02d}"


def day_from_iso(text: str) -> int:
    """Return the YYYYMMDD of an ISO date. Raises `ValueError` for a text that is not YYYY-MM-DD."""
    day = day_from_date(date.fromisoformat(text))
    if iso_day(day) != text:
        raise ValueError(text)
    return day


def day_from_date(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def months_after(day: int, months: int) -> int:
    """Return the same day `months` later (negative: earlier), or the last day of that month where it has no such day."""
    month = day // 10000 * 12 + day // 100 % 100 - 1 + months
    year, month = month // 12, month % 12 + 1
    return year * 10000 + month * 100 + min(day % 100, calendar.monthrange(year, month)[1])


def day_after(day: int) -> int:
    """Return the next day."""
    return days_after(day, 1)


def days_after(day: int, days: int) -> int:
    """Return the day `days` later, limited to the first and the last day of time."""
    try:
        return day_from_date(date(day // 10000, day // 100 % 100, day % 100) + timedelta(days=days))
    except OverflowError:
        return LAST_DAY if days > 0 else FIRST_DAY


def today() -> int:
    """Return today as YYYYMMDD."""
    return day_from_date(date.today())
