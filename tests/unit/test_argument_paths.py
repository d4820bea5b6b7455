"""Errors of documents and values: in both languages; those of values name their argument or input field, in literals and in variables."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse, validate
from graphql.execution.values import VariableValues, get_variable_values

from graph_service.graphql.argument_paths import add_argument_paths
from graph_service.graphql.error_formatting import format_graphql_error
from graph_service.graphql.schema import schema
from tests.languages import assert_languages

PAY = "mutation($input: RecordPaymentsInput!) { recordPayments(input: $input) { __typename } }"
PAYMENT: dict[str, Any] = {"payee": {"cardNo": "1"}, "amount": "1.00"}
ORDER: dict[str, Any] = {"clientKey": "k", "distributionNo": "F", "voucher": "V", "on": "2016-12-20"}


def extensions_of(query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Return the extensions of the one error of a document or its variables."""
    document = parse(query)
    errors = validate(schema(), document)
    add_argument_paths(errors, document)
    if not errors:
        [operation] = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        values = get_variable_values(schema(), operation.variable_definitions or (), variables)
        assert not isinstance(values, VariableValues)
        errors = list(values)
    [error] = errors
    extensions: dict[str, Any] = format_graphql_error(error)["extensions"]
    return extensions


@pytest.mark.parametrize(
    ("query", "variables", "path"),
    [
        pytest.param('{ households(area: {code: "51"}, asOf: "x") { totalCount } }', {}, "asOf", id="argument"),
        pytest.param(
            'mutation { closeProblem(input: {clientKey: "k", problemNo: "1", closedOn: "x", evidence: "e"}) { __typename } }',
            {}, "input.closedOn", id="input field",
        ),
        pytest.param(
            '{ households(area: {code: "51"}, where: {current: {wageIncome: {in: ["1", "x"]}}}) { totalCount } }',
            {}, "where.current.wageIncome.in[1]", id="element of a list",
        ),
        pytest.param(
            'query($day: Date = "x") { households(area: {code: "51"}, asOf: $day) { totalCount } }',
            {}, "$day", id="default of a variable",
        ),
        pytest.param(
            'query($day: Date) { households(area: {code: "51"}, asOf: $day) { totalCount } }',
            {"day": "x"}, "$day", id="variable",
        ),
        pytest.param(
            PAY, {"input": {**ORDER, "payments": [PAYMENT, {**PAYMENT, "amount": "x"}]}},
            "$input.payments[1].amount", id="field of a list in a variable",
        ),
    ],
)  # fmt: skip
def test_a_refused_value_is_named(query: str, variables: dict[str, Any], path: str) -> None:
    extensions = extensions_of(query, variables)
    assert (extensions["code"], extensions["argument"]) == ("DOCUMENT_INVALID", path)
    assert path in extensions["zh"]
    assert path in extensions["en"]


def test_a_value_of_another_type_is_named_too() -> None:
    assert extensions_of('{ dataVersions(first: "x") { sequence } }', {})["argument"] == "first"


def test_an_error_about_no_value_names_none() -> None:
    assert "argument" not in extensions_of("{ nothing }", {})


@pytest.mark.parametrize(
    ("query", "variables", "zh"),
    [
        ("{ nothing { totalCount } }", {}, "（第 1 行第 3 列）：类型 Query 没有字段 nothing。"),
        (
            '{ dataVersions(first: "x") { sequence } }',
            {},
            "（第 1 行第 23 列）：first 的值有误（须为数字，不加引号）。",
        ),
        (PAY, {"input": None}, "：$input 的值有误（不能为空，其类型为 RecordPaymentsInput!）。"),
    ],
    ids=["field", "argument", "variable"],
)
def test_each_language_says_where_a_document_is_wrong(query: str, variables: dict[str, Any], zh: str) -> None:
    extensions = extensions_of(query, variables)
    assert zh in extensions["zh"]
    assert_languages(extensions["zh"], extensions["en"])


def test_each_language_says_where_the_syntax_is_wrong() -> None:
    with pytest.raises(GraphQLSyntaxError) as error:
        parse("{\n  households(")
    extensions = format_graphql_error(error.value)["extensions"]
    assert extensions["zh"] == "查询文档有语法错误（第 2 行第 14 列）：此处应为名称，而不是文档结尾。"
    assert extensions["en"] == "Syntax Error: Expected Name, found <EOF>."
