"""Moments at which days of the local time begin and end, to the ends of the calendar."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from graph_service.access.database import end_of_day, start_of_day


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_zone")
def test_days_at_the_ends_of_the_calendar_have_moments() -> None:
    moments = [start_of_day(date.min), end_of_day(date.min), start_of_day(date.max), end_of_day(date.max)]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is UTC for moment in moments)
    assert end_of_day(date.max) == datetime.max.replace(tzinfo=UTC)


def test_a_day_ends_when_the_next_begins() -> None:
    assert end_of_day(date(2016, 12, 31)) == start_of_day(date(2017, 1, 1))
