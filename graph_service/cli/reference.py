"""The generated pages of the reference: questions, rules, checks, settings, commands, error codes; and the role of auditors in Neo4j."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

import click
from graphql import GraphQLField, GraphQLObjectType

from graph_service import errors
from graph_service.config import describe_settings
from graph_service.core.recording.row_outcomes import OUTCOME_RANKS
from graph_service.core.refusals import RefusalCode
from graph_service.core.rules import rules
from graph_service.domain.auditor_role import auditor_role
from graph_service.domain.documentation import GENERATED_NOTE, markdown_table, render_documentation
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.row_issues import ISSUE_MESSAGES
from graph_service.graphql.schema import schema
from graph_service.graphql.types.derived import split_bilingual
from graph_service.platform.catalog import render_page
from graph_service.telemetry.metrics import describe_metrics

FOLDER = "docs/reference"
RULE_FILES: dict[str, tuple[str, str]] = {
    "duties": ("帮扶责任", "Duties of help: the villages and households that are entitled to them, and the limits for one holder."),
    "cause-measures": ("致贫原因与措施", "Kinds of measures that address each cause of poverty."),
    "hollow-measures": ("名义措施", "Contents of measures that count as help in name only."),
    "guarantees": ("保障", "Kinds of measures that address each missing guarantee of a household."),
    "policies": ("政策", "Policies: conditions of eligibility, how their measures are recognized, and amounts."),
    "plans": ("专项方案", "The ten special plans and their kinds of measures."),
    "batches": ("五个一批", "The five batches and their kinds of measures."),
    "exit-standards": ("退出标准", "Exit standards of households, villages and counties, as trees of conditions."),
    "poverty-lines": ("扶贫标准线", "Poverty line of each year, in yuan per person."),
    "medical-ceilings": ("医疗自付上限", "Maximum share of medical costs paid by the person, in percent, by year."),
    "compulsory-ages": ("义务教育年龄", "Ages of compulsory education."),
    "working-ages": ("劳动年龄", "Working age by sex."),
    "watch-days": ("监测期限", "Number of days within which a monitored case must be approved."),
    "progress-indicators": ("目标指标", "Figures with which the targets of a year are compared."),
    "leading-levels": ("领导小组级别", "Levels of areas that must have a leading group."),
    "pledge-levels": ("责任书级别", "Levels of areas that must sign a responsibility letter."),
    "village-posts": ("村干部职务", "Posts of village officials, used to find conflicts of interest."),
    "sole-winners": ("独家承担", "Minimum number of projects in a county from which a sole operator of all of them is reported."),
    "school-stages": ("在校状况", "School enrolment texts and the stages of education to which they belong."),
    "not-in-school": ("非在校", "School enrolment texts of people who do not attend school."),
    "out-of-school": ("失学辍学", "School enrolment texts of children who should attend school but do not."),
    "relations": ("与户主关系", "Relations to the head of the household, with the expected sex and age difference."),
}  # fmt: skip
"""Files of `graph_service/data` that hold rules: their Chinese name and what they say."""


def reference_pages() -> dict[str, str]:
    """Return the pages by their path in the checkout."""
    pages = {
        "graphql": _graphql_page(),
        "statements": render_page(),
        "model": render_documentation(MODEL),
        "rules": _rules_page(),
        "checks": _checks_page(),
        "settings": _settings_page(),
        "settings.zh": _chinese_settings_page(),
        "metrics": _metrics_page(),
        "commands": _commands_page(),
        "errors": _errors_page(),
    }
    return {f"{FOLDER}/{name}.md": text for name, text in pages.items()} | {
        "ops/neo4j-auditor.cypher": auditor_role(MODEL)
    }


def _page(title: str, intro: str, lines: Iterable[str]) -> str:
    return "\n".join([GENERATED_NOTE, f"# {title}\n", f"{intro}\n", *lines]).rstrip() + "\n"


def _graphql_page() -> str:
    lines: list[str] = []
    for heading, type_ in (
        ("查询 Queries", schema().query_type),
        ("变更 Mutations", schema().mutation_type),
        ("订阅 Subscriptions", schema().subscription_type),
    ):
        assert type_ is not None
        lines += [f"## {heading}\n", *_field_sections(type_)]
    return _page(
        "GraphQL 接口 / The GraphQL API",
        "All root fields with their arguments. Types are described in GraphiQL and in `schema.graphql`, which the service also provides.\n\n"
        "所有查询、变更和订阅及其参数；类型说明见 `schema.graphql` 和 GraphiQL。",
        lines,
    )


def _field_sections(type_: GraphQLObjectType) -> Iterator[str]:
    for name, field in type_.fields.items():
        zh, doc = split_bilingual(field.description)
        yield f"### `{name}` {zh}\n"
        yield f"{doc}\n" if doc else ""
        yield f"Returns `{field.type}`.\n"
        if field.args:
            yield from markdown_table(("argument", "type", "中文", "description"), _argument_rows(field))


def _argument_rows(field: GraphQLField) -> Iterator[Sequence[str]]:
    for name, argument in field.args.items():
        zh, doc = split_bilingual(argument.description)
        yield f"`{name}`", f"`{argument.type}`", zh, doc


def _rules_page() -> str:
    lines: list[str] = []
    for name, (zh, doc) in RULE_FILES.items():
        lines += [f"## {zh} `{name}.csv`\n", f"{doc}\n", *_rule_table(name)]
    return _page(
        "规则 / Rules as data",
        "Rules are files in `graph_service/data`. Each row is valid from `valid_from` to `valid_until`; a query for a date uses the rows "
        "that are valid on that date. To change a rule, set the end date of its row and add a row that starts on the next day.\n\n"
        "规则均为数据，带有效期；按某日查询即按当日有效的规则判断。修改规则时，给原行填上截止日，再增加一行。",
        lines,
    )


def _rule_table(name: str) -> Iterator[str]:
    table = rules(name)
    yield from markdown_table(list(table[0]), (list(rule.values()) for rule in table))


def _checks_page() -> str:
    return _page(
        "检查 / Checks",
        "Checks on the register and its money (`graph_service/data/checks.csv`), with the threshold for each period.\n\n"
        "对登记数据和资金的检查及各时期的标准。",
        _rule_table("checks"),
    )


def _settings_page() -> str:
    rows = ((f"`{setting.name}`", _code(setting.default), setting.en) for setting in describe_settings())
    return _page(
        "Settings",
        "[中文](settings.zh.md)\n\n"
        "Settings are read from environment variables. `serve --port`, `--host` and `--workers` take precedence.",
        markdown_table(("variable", "default", "description"), rows),
    )


def _chinese_settings_page() -> str:
    rows = ((f"`{setting.name}`", _code(setting.default), setting.zh) for setting in describe_settings())
    return _page(
        "设置",
        "[English](settings.md)\n\n"
        "设置通过环境变量给出；`serve` 的选项 `--port`、`--host`、`--workers` 优先于环境变量。",
        markdown_table(("变量", "默认值", "说明"), rows),
    )


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _metrics_page() -> str:
    rows = (
        (f"`{metric.name}`", metric.type, ", ".join(f"`{label}`" for label in metric.labels), metric.zh, metric.en)
        for metric in describe_metrics()
    )
    return _page(
        "运行指标 / Metrics",
        "Metrics of `/metrics`, in the text format of Prometheus. A histogram has the series `_bucket`, `_sum` and `_count`, a summary `_sum` and "
        "`_count`. How to collect them: [Monitor](../how-to/monitor.md).\n\n"
        "`/metrics` 提供的指标（Prometheus 文本格式）；采集方法见[监控](../how-to/monitor.zh.md)。",
        markdown_table(("metric", "type", "labels", "中文", "description"), rows),
    )


def _commands_page() -> str:
    main = import_module("graph_service.__main__").cli
    context = click.Context(main, info_name="graph-service", terminal_width=100, **main.context_settings)
    lines: list[str] = []
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        command_context = click.Context(command, info_name=name, parent=context, terminal_width=100)
        lines += [f"## `{name}`\n", f"```text\n{command.get_help(command_context)}\n```\n"]
        for inner_name, inner in command.commands.items() if isinstance(command, click.Group) else ():
            inner_context = click.Context(inner, info_name=inner_name, parent=command_context, terminal_width=100)
            lines += [f"### `{name} {inner_name}`\n", f"```text\n{inner.get_help(inner_context)}\n```\n"]
    return _page(
        "命令 / Commands",
        "Exit codes: 0 success, 1 findings, refused rows or a failed verification, 2 the command could not run, 130 interrupted.\n\n"
        "退出码：0 完成；1 有疑点、有行被拒收或核验不通过；2 无法运行；130 被中断。",
        lines,
    )


def _errors_page() -> str:
    # Errors with one code may have several messages.
    tree = sorted({(error.code, error.en): error for error in _all_errors()}.items())
    rows = ((f"`{code}`", "yes" if error.retryable else "", error.zh, error.en) for (code, _), error in tree)
    refusals = ((f"`{code.name}`", code.zh, code.doc) for code in RefusalCode)
    issues = ((f"`{code}`", zh, en) for code, (zh, en) in sorted(ISSUE_MESSAGES.items()))
    return _page(
        "错误代码 / Error codes",
        "Error codes do not change between releases. Words in braces are placeholders.\n\n错误代码不随版本变化；花括号内为占位符。",
        [
            "## 服务与命令 Service and commands\n",
            (
                "An error about a value of a GraphQL document has its path as `argument`, such as `input.since`; that of a variable begins with `$`.\n\n"
                "GraphQL 文档中的值有误时，`argument` 为该值的路径；变量以 `$` 开头。\n"
            ),
            *markdown_table(("code", "retryable", "中文", "English"), rows),
            "## 拒绝变更的原因 Reasons for which a change is refused\n",
            (
                "A mutation returns a refusal as its result: `Invalid`, `Forbidden` or `Conflict`, which share the interface `Refusal`. `code` is "
                "the reason; `field` of `Invalid` is the path of the input's field. An error of a command has the reason as `refusal`.\n\n"
                "变更被拒绝时，结果为 `Invalid`、`Forbidden` 或 `Conflict`：`code` 为原因，`Invalid` 的 `field` 为有误的字段。\n"
            ),
            *markdown_table(("code", "中文", "what it means"), refusals),
            "## 登记表的行与单元格 Rows and cells of a register\n",
            f"The outcome of a row is one of: {', '.join(OUTCOME_RANKS)}.\n",
            *markdown_table(("code", "中文", "English"), issues),
        ],
    )


def _all_errors() -> Iterator[type[errors.GraphServiceError]]:
    classes = [errors.GraphServiceError]
    while classes:
        error = classes.pop()
        classes += error.__subclasses__()
        if hasattr(error, "zh") and error is not errors.GraphServiceError:
            yield error
