"""The library's messages about documents in Chinese: what is wrong, with the names of the English message and no others."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse, validate
from graphql.execution.values import VariableValues, get_variable_values

from graph_service.graphql.argument_paths import add_argument_paths
from graph_service.graphql.error_formatting import format_graphql_error
from graph_service.graphql.schema import schema
from tests.languages import assert_languages

VERSIONS = "{ dataVersions(%s) { sequence } }"
HOUSEHOLDS = "{ households(area: %s) { totalCount } }"
SCOPE = "query($area: AreaScope!) { households(area: $area) { totalCount } }"
CASES = {
    "field": ("{ nothing }", {}, "类型 Query 没有字段 nothing"),
    "similar field": ("{ dataVersions { sequense } }", {}, "类型 DataVersion 没有字段 sequense。相近的名称有：sequence"),
    "field of another type": ("{ node(id: 1) { name } }", {}, "类型 Node 没有字段 name。须写在以下类型的内联片段中：Area、Asset、Bank、Cadre、Cooperative"),
    "argument": (VERSIONS % "firts: 1", {}, "字段 Query.dataVersions 没有参数 firts。相近的名称有：first"),
    "type": ("query($a: Foo) { dataVersions(first: $a) { sequence } }", {}, "没有类型 Foo"),
    "no selection": ("{ dataVersions }", {}, "字段 dataVersions 的类型 [DataVersion!] 有子字段，须在花括号中选取"),
    "selection": ("{ dataVersions { sequence { a } } }", {}, "字段 sequence 的类型 Int! 没有子字段，不能带花括号"),
    "required argument": ("{ person { personNo } }", {}, "缺少必填参数 Query.person(personNo:)，其类型为 String!"),
    "undefined variable": (VERSIONS % "first: $b", {}, "变量 $b 未声明"),
    "undefined in operation": ("query Q " + VERSIONS % "first: $b", {}, "操作 Q 未声明变量 $b"),
    "unused variable": ("query($a: Int) " + VERSIONS % "first: 1", {}, "变量 $a 声明后未使用"),
    "type of a variable": ("query($a: String) " + VERSIONS % "first: $a", {}, "变量 $a 声明为 String，而此处须为 Int"),
    "unknown input field": (HOUSEHOLDS % '{code: "51", mod: SELF}', {}, "area.mod 的值有误（输入类型 AreaScope 没有字段 mod）。相近的名称有：mode、code"),
    "unknown field of a variable": (SCOPE, {"area": {"code": "51", "mod": "SELF"}}, "$area 的值有误（输入类型 AreaScope 没有字段 mod）。相近的名称有：mode、code"),
    "required input field": (HOUSEHOLDS % "{mode: SELF}", {}, "area 的值有误（输入类型 AreaScope 缺少必填字段 code）"),
    "value of an enumeration": (HOUSEHOLDS % '{code: "51", mode: SELV}', {}, "area.mode 的值有误（枚举 AreaMode 没有值 SELV）。相近的名称有：SELF"),
    "value in a variable": (SCOPE, {"area": {"code": "51", "mode": "SELV"}}, "$area.mode 的值有误（枚举 AreaMode 没有值 SELV）。相近的名称有：SELF"),
    "text": (HOUSEHOLDS % "{code: 51}", {}, "area.code 的值有误（须为文本，加引号）"),
    "missing variable": (SCOPE, {}, "$area 的值有误（未提供，其类型 AreaScope! 不能为空）"),
    "end of the document": ("{ dataVersions(", {}, "此处应为名称，而不是文档结尾"),
    "brace": ("{ me { user } } }", {}, "此处不能有 '}'"),
    "quotation mark": ("{ person(personNo: '1') { personNo } }", {}, "文本须用双引号，不能用单引号"),
    "open text": ('{ person(personNo: "1) { personNo } }', {}, "文本缺少右引号"),
}  # fmt: skip
WORD = re.compile(r"\w+", re.ASCII)


def error_of(query: str, variables: dict[str, Any]) -> GraphQLError:
    """Return the one error of a document or its variables."""
    try:
        document = parse(query)
    except GraphQLSyntaxError as syntax_error:
        return syntax_error
    errors = validate(schema(), document)
    add_argument_paths(errors, document)
    if not errors:
        [operation] = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        values = get_variable_values(schema(), operation.variable_definitions or (), variables)
        assert not isinstance(values, VariableValues)
        errors = list(values)
    [error] = errors
    return error


@pytest.mark.parametrize("case", CASES)
def test_the_chinese_says_what_is_wrong(case: str) -> None:
    query, variables, reason = CASES[case]
    extensions = format_graphql_error(error_of(query, variables))["extensions"]
    assert extensions["zh"].endswith(f"列）：{reason}。")
    assert_languages(extensions["zh"], extensions["en"])


@pytest.mark.parametrize("case", CASES)
def test_no_names_are_suggested_to_who_may_not_read_the_schema(case: str) -> None:
    query, variables, reason = CASES[case]
    extensions = format_graphql_error(error_of(query, variables), shows_names=False)["extensions"]
    assert extensions["zh"].endswith(f"列）：{reason.partition('。')[0]}。")
    assert "Did you mean" not in extensions["en"]
    english_words = {*WORD.findall(extensions["en"]), *WORD.findall(extensions.get("argument", ""))}
    assert set(WORD.findall(extensions["zh"].partition("列）")[2])) <= english_words


def test_an_unknown_input_field_reads_the_same_with_and_without_similar_names() -> None:
    similar, other = (
        format_graphql_error(error_of(HOUSEHOLDS % f'{{code: "51", {name}: 1}}', {}), shows_names=False)["message"]
        for name in ("mod", "xyz")
    )
    assert similar.replace("mod", "xyz") == other


def test_a_message_without_a_translation_quotes_its_names() -> None:
    extensions = format_graphql_error(GraphQLError("Cannot spread fragment 'A' within itself via 'B'."))["extensions"]
    assert extensions["zh"] == "查询文档或变量不符合接口定义：A、B。"
