"""Recognition of numbers of people by the scans of the tests: none is overlooked, and digits that resemble one by chance are not taken for one."""

from __future__ import annotations

import pytest

from tests.leaks import numbers_in


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("电话13912345678。", "13912345678"),
        ('{"phone": "8613912345678"}', "13912345678"),
        ("id 51990019700101002x", "51990019700101002X"),
        ("key Area_13912345678", "13912345678"),
    ],
)
def test_a_number_of_a_person_is_recognised(content: str, number: str) -> None:
    assert numbers_in(content.encode()) == {number.encode()}
    assert numbers_in(content.encode("utf-16-le")) == {number.encode()}


@pytest.mark.parametrize(
    "content",
    [
        "Building index 'Area_0_8613912345678' on Area[code]...",
        "span e5cf13912345678a",
        "5134311002000000",
        "0.13912345678",
    ],
)
def test_what_resembles_a_number_by_chance_is_none(content: str) -> None:
    assert numbers_in(content.encode()) == set()
