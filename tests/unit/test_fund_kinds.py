"""Kinds of funds, as public notices and registers spell them."""

from __future__ import annotations

from collections import Counter

import pytest

from graph_service.core.cells.cell_parsers import make_parser
from graph_service.core.cells.cell_texts import CellNotUnderstood
from graph_service.domain.model import MODEL

KIND = next(declared for declared in MODEL.labels["Fund"].properties if declared.name == "kind")


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("土地增减挂钩收益", "LAND_QUOTA"),
        ("城乡建设用地增减挂钩节余指标流转收益", "LAND_QUOTA"),
        ("财政扶贫专项资金", "POVERTY_SPECIAL"),
        ("省级财政专项扶贫资金", "POVERTY_SPECIAL"),
        ("中央财政衔接推进乡村振兴补助资金", "RURAL_REVITALIZATION"),
        ("统筹整合使用财政涉农资金", "AGRICULTURE_INTEGRATED"),
        ("扶贫小额信贷分险基金", "MICRO_CREDIT_RISK"),
        ("东西部协作资金", "COUNTERPART_AID"),
    ],
)
def test_a_common_spelling_is_a_kind_of_fund(text: str, member: str) -> None:
    assert make_parser(KIND)(text) == ((member, None), None)


def test_a_kind_that_is_not_in_the_list_keeps_its_text_and_is_flagged() -> None:
    with pytest.raises(CellNotUnderstood, match="VALUE_UNKNOWN") as raised:
        make_parser(KIND)("某某专款")
    assert raised.value.value == ("OTHER", "某某专款")


def test_no_spelling_stands_for_two_kinds() -> None:
    assert KIND.enum is not None
    spellings = Counter(text for member in KIND.enum.members for text in {member.zh, *member.aliases})
    assert [text for text, count in spellings.items() if count > 1] == []
