"""Chinese for the library's messages about documents and their variables, which are English."""

from __future__ import annotations

import re

QUOTED = re.compile(r"'([^'\s]+)'")
"""Names between quotation marks in a message of the library."""
SUGGESTION = re.compile(r" Did you mean (?P<names>.*?)\?(?= Found: |$)", re.DOTALL)
_SUGGESTION_BEFORE_VALUE = re.compile(r"\. Did you mean .*?\? F(?=ound: )", re.DOTALL)
_SYNTAX_PREFIX = "Syntax Error: "
_VALUE_PREFIX = re.compile(r"(?:Variable '\$\w+'|Argument '\w+') has invalid value(?: at [\w.\[\]]+)?: ")
_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (r"Cannot query field '([^']+)' on type '([^']+)'\.", "类型 {1} 没有字段 {0}"),
        (r"Unknown argument '([^']+)' on field '([^']+)'\.", "字段 {1} 没有参数 {0}"),
        (r"Unknown argument '([^']+)' on directive '([^']+)'\.", "指令 {1} 没有参数 {0}"),
        (r"Unknown type '([^']+)'\.", "没有类型 {0}"),
        (r"Unknown fragment '([^']+)'\.", "没有片段 {0}"),
        (r"Unknown directive '([^']+)'\.", "没有指令 {0}"),
        (r"Unknown operation named '([^']+)'\.", "没有操作 {0}"),
        (r"Fragment '([^']+)' is never used\.", "片段 {0} 未使用"),
        (r"Field '([^']+)' must not have a selection since type '([^']+)' has no subfields\.", "字段 {0} 的类型 {1} 没有子字段，不能带花括号"),
        (r"Field '([^']+)' of type '([^']+)' must have (?:a selection of subfields|at least one field selected)\.", "字段 {0} 的类型 {1} 有子字段，须在花括号中选取"),
        (r"Argument '([^']+)' of type '([^']+)' is required, but it was not provided\.", "缺少必填参数 {0}，其类型为 {1}"),
        (r"Argument '([^']+)' of required type '([^']+)' was not provided\.", "缺少必填参数 {0}，其类型为 {1}"),
        (r"Variable '([^']+)' is not defined by operation '([^']+)'\.", "操作 {1} 未声明变量 {0}"),
        (r"Variable '([^']+)' is not defined\.", "变量 {0} 未声明"),
        (r"Variable '([^']+)' is never used in operation '([^']+)'\.", "操作 {1} 未使用所声明的变量 {0}"),
        (r"Variable '([^']+)' is never used\.", "变量 {0} 声明后未使用"),
        (r"Variable '([^']+)' of type '([^']+)' used in position expecting type '([^']+)'\.", "变量 {0} 声明为 {1}，而此处须为 {2}"),
        (r"There can be only one (?:argument|input field|variable|fragment|operation) named '([^']+)'\.", "{0} 重复"),
        (r"This anonymous operation must be the only defined operation\.", "有多个操作时，每个操作都须命名"),
        (r"Fields '([^']+)' conflict because .*", "多处结果键 {0} 的内容不同，请用不同的别名"),
    )
)  # fmt: skip
"""Patterns of whole messages without suggestions, and what they say."""
_VALUE_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (r"Expected value of type '([^']+)' not to include unknown field '([^']+)'.*", "输入类型 {0} 没有字段 {1}"),
        (r"Expected value of type '([^']+)' to include required field '([^']+)'.*", "输入类型 {0} 缺少必填字段 {1}"),
        (r"Expected value of type '([^']+)' to be an object, found: .*", "须为输入类型 {0} 的对象"),
        (r"Expected a value of non-null type '([^']+)' to be provided\.", "未提供，其类型 {0} 不能为空"),
        (r"Expected value of non-null type '([^']+)' not to be None\.", "不能为空，其类型为 {0}"),
        (r"Value '([^']+)' does not exist in '([^']+)' enum\.", "枚举 {1} 没有值 {0}"),
        (r"Enum '([^']+)' cannot represent non-enum value: .*", "须为枚举 {0} 的值，不加引号"),
        (r"Enum '([^']+)' cannot represent non-string value: .*", "须为枚举 {0} 的值"),
        (r"(?:Int|Float) cannot represent (?:non-integer|non-numeric|non numeric) value: .*", "须为数字，不加引号"),
        (r"Int cannot represent non 32-bit signed integer value: .*", "须为 32 位整数"),
        (r"(?:String|ID) cannot represent a non[ -]string.* value: .*", "须为文本，加引号"),
        (r"Boolean cannot represent a non boolean value: .*", "须为 true 或 false"),
        (r"Within OneOf Input Object type '([^']+)', exactly one field must be specified, .*", "输入类型 {0} 须且只能给出一个字段"),
    )
)  # fmt: skip
"""The same for messages about a value."""
_SYNTAX_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (r"Expected (.+), found (.+)\.", "此处应为{0}，而不是{1}"),
        (r"Unexpected single quote character .*", "文本须用双引号，不能用单引号"),
        (r"Unexpected character: (.+)\.", "此处不能有字符{0}"),
        (r"Unexpected (\S+|Name '.*'|\w+ '.*'|\w+ \".*\")\.", "此处不能有{0}"),
        (r"Unterminated string\.", "文本缺少右引号"),
        (r"Invalid number, .*", "数字有误"),
    )
)  # fmt: skip
"""The same for messages about the syntax."""
_TOKENS = {
    "<EOF>": "文档结尾",
    "Name": "名称",
    "Int": "整数",
    "Float": "小数",
    "String": "文本",
    "BlockString": "多行文本",
}
"""Kinds of tokens as the library names them."""
_TOKEN = re.compile(r"(<EOF>|Name|Int|Float|String|BlockString)(?: (.+))?", re.DOTALL)


def remove_suggestions(message: str) -> str:
    """Return a message without names that are like the unknown one, and without a trace of whether there were any."""
    return SUGGESTION.sub("", _SUGGESTION_BEFORE_VALUE.sub(", f", message))


def translate_document_message(message: str, path: str = "") -> str:
    """Return in Chinese what a message about a document or its variables says, without the final punctuation mark; of one without a
    translation, the names that it quotes. `path`: that of the value that it is about."""
    plain_message = remove_suggestions(message)
    if plain_message.startswith(_SYNTAX_PREFIX):
        return _translate(plain_message.removeprefix(_SYNTAX_PREFIX), _SYNTAX_MESSAGES) or ""
    value_prefix = _VALUE_PREFIX.match(plain_message)
    zh = _translate(plain_message[value_prefix.end() :] if value_prefix else plain_message, _VALUE_MESSAGES)
    if zh and path:
        zh = f"{path} 的值有误（{zh}）"
    zh = zh or _translate(plain_message, _MESSAGES)
    if not zh:
        return "、".join(dict.fromkeys([*([path] if path else []), *QUOTED.findall(plain_message)]))
    suggestion = SUGGESTION.search(message)
    names = QUOTED.findall(suggestion["names"]) if suggestion else []
    if not names:
        return zh
    is_fragment = "inline fragment" in message
    return f"{zh}{'。须写在以下类型的内联片段中' if is_fragment else '。相近的名称有'}：{'、'.join(names)}"


def _translate(message: str, messages: tuple[tuple[re.Pattern[str], str], ...]) -> str | None:
    for pattern, zh in messages:
        match = pattern.fullmatch(message)
        if match:
            return zh.format(*map(_token_text, match.groups()) if messages is _SYNTAX_MESSAGES else match.groups())
    return None


def _token_text(token: str) -> str:
    """Return a token of the syntax in Chinese, with a blank before what is not."""
    match = _TOKEN.fullmatch(token)
    return f"{_TOKENS[match[1]]}{f' {match[2]}' if match[2] else ''}" if match else f" {token}"
