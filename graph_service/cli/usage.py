"""Usage errors of commands in both languages: click reports them in English only."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO

import click

from graph_service.access.masking import mask_message

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class DayParamType(click.ParamType):  # type: ignore[type-arg]
    """A day as 2016-12-31; its value is YYYYMMDD."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            day = date.fromisoformat(str(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else None
        except ValueError:
            day = None
        if day is None:
            self.fail(
                f"“{value}”不是日期，应写成 2016-12-31 / {value!r} is not a date; write it as 2016-12-31", param, ctx
            )
        return int(f"{day:%Y%m%d}")


def show_usage_error(error: click.ClickException) -> None:
    """Print a usage error of a command, with the numbers of people in what was typed masked."""
    if not _CHINESE.search(error.format_message()):
        click.echo(mask_message(f"命令用法有误：{_chinese_message(error)}"), err=True)
    usage = StringIO()
    error.show(usage)
    click.echo(mask_message(usage.getvalue()), nl=False, err=True)


def _chinese_message(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"无此选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else error.param_hint or ""
        return f"缺少参数 {name}"
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else error.param_hint or ""
        return f"{name} 的值无效"
    if isinstance(error, click.FileError):
        return f"无法打开文件 {error.ui_filename}"
    return "无此命令或参数；请用 --help 查看用法"
