"""`graph-service ask`: what is wrong with an argument is said with the option by which the command takes it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from graph_service.cli.ask import ask
from graph_service.errors import ArgumentInvalid

COUNTY_OPTION = ("--area", "513431")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("guaranteeGaps", *COUNTY_OPTION), "--purpose"),
        (("guaranteeGaps", "--purpose", "核对"), "--area"),
        (("coverageSummary", *COUNTY_OPTION), "--filter by"),
        (("helperLoad", *COUNTY_OPTION, "--filter", "over=x"), "--filter over"),
        (("helperLoad", "--filter", "asOf=2016-01-01", "--as-of", "2016-01-01"), "--as-of"),
        (("households", *COUNTY_OPTION, "--scope", "x"), "--scope"),
    ],
)
def test_an_argument_has_the_name_of_its_option(words: tuple[str, ...], option: str) -> None:
    with pytest.raises(ArgumentInvalid) as error:
        CliRunner().invoke(ask, words, catch_exceptions=False)
    assert error.value.message_zh.startswith(f"参数 {option} 有误：")
    assert error.value.message_en.startswith(f"The argument {option} is invalid: ")


def test_the_list_of_queries_names_the_options() -> None:
    assert "--area, --scope, --as-of, --as-known-at, --purpose" in CliRunner().invoke(ask, []).stderr
