"""Output of the commands: progress on a terminal, plain lines in a pipe, reports in both languages."""

from __future__ import annotations

import getpass
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_service.access.masking import mask_message
from graph_service.cli.output_files import path_text
from graph_service.cli.usage import DayParamType
from graph_service.config import Settings
from graph_service.core.refusals import refusal_code
from graph_service.domain.days import iso_day
from graph_service.domain.personal_numbers import is_named_by_number
from graph_service.errors import ChangeError, DayUnknown, GraphServiceError
from graph_service.features.imports.read.row_issues import CODES_TO_VERIFY, ISSUE_MESSAGES

if TYPE_CHECKING:
    from graph_service.cli.server import ExampleAnswer
    from graph_service.features.imports.publish import import_run as imports
    from graph_service.features.imports.publish.import_report import ImportReport
    from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector

COUNT_NAMES = {
    "rows": "行数",
    "new": "新增",
    "changed": "更改",
    "same": "未变",
    "ended": "终止",
    "withdrawn": "撤回",
    "resumed": "续传",
    "older": "较旧",
    "refused": "拒收",
    "left_out": "不计",
    "flagged": "标记",
}
LINE_ROWS = 2_000
"""Rows after which a line in a pipe says how far a sheet is."""
MAX_ANSWER_LINES = 24
"""Maximum number of lines of an answer that the demo prints."""


def account_name() -> str:
    """Return the account's name, or its number where it has none, as in a container."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())


def author_option(zh: str, en: str) -> Callable[[Any], Any]:
    """Return the option `--by`: the name of the person who runs a command."""
    return click.option(
        "--by", default=account_name, show_default="your account", help=f"{zh} / {en}", callback=_parse_author
    )


def _parse_author(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Return the name. Raise `click.BadParameter` for one that is a number of a person."""
    if is_named_by_number(name):
        raise click.BadParameter("不能是证件号码或电话号码 / It must not be a number of an ID document or telephone")
    return name


@contextmanager
def progress(*, quiet: bool) -> Iterator[imports.ProgressCallback]:
    """Yield a callback that shows a bar for each sheet on a terminal, nothing when quiet; in a pipe, a line for each sheet when the next begins,
    and after every `LINE_ROWS` rows of a long one."""
    if quiet:
        yield lambda _sheet, _rows: None
        return
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            tasks: dict[str, object] = {}

            def advance(sheet: str, rows: int) -> None:
                if sheet not in tasks:
                    tasks[sheet] = bar.add_task(sheet, total=None)
                bar.update(tasks[sheet], advance=rows)  # type: ignore[arg-type]

            yield advance
        return
    lines = ProgressLines()
    try:
        yield lines.advance
    finally:
        lines.end()


class ProgressLines:
    """Progress in a pipe: how far each sheet is, without a line that repeats one before."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._printed_counts: dict[str, int] = {}
        self._sheet = ""

    def advance(self, sheet: str, rows: int) -> None:
        """Count rows of a sheet."""
        if sheet != self._sheet:
            self.end()
            self._sheet = sheet
        self._counts[sheet] += rows
        if self._counts[sheet] - self._printed_counts.get(sheet, 0) >= LINE_ROWS:
            self.end()

    def end(self) -> None:
        """Print the count of the present sheet, unless it is printed already."""
        count = self._counts[self._sheet]
        if self._sheet and self._printed_counts.get(self._sheet) != count:
            click.echo(f"{self._sheet}: {count}", err=True)
            self._printed_counts[self._sheet] = count


def print_rejects(rejects: RejectedRowCollector, out: Path) -> None:
    """Print where the refused rows are, and how many were written or left out."""
    name = path_text(out)
    if not rejects.kept_count:
        click.echo(f"没有被拒收的行，未生成 {name} / No rows were refused; {name} was not written")
    else:
        click.echo(
            f"{rejects.kept_count} 行被拒收，已写入 {name}，改正后可重新导入 / {rejects.kept_count} refused rows are in {name}: correct them and import the file again"
        )
    if rejects.kept_count and rejects.areas:
        areas = " ".join(rejects.area_options)
        click.echo(
            f"重新导入时请加 {areas}，以便按名称查找 / Import the file with {areas}, so that names can be looked up"
        )
    if rejects.omitted_count:
        click.echo(
            f"另有 {rejects.omitted_count} 行因过多或过大未写入 / {rejects.omitted_count} more rows were not written because they are too many or too large"
        )


def print_report(
    report: ImportReport, *, as_json: bool, rejects: RejectedRowCollector | None = None, out: Path | None = None
) -> None:
    """Print the result of an import: counts by sheet, every remark with its reason in both languages, unused parts, refused rows."""
    if as_json:
        content = asdict(report) | {"day": iso_day(report.day), "beyond": report.omitted_counts}
        if rejects is not None:
            reject_file = path_text(out) if out is not None and rejects.kept_count else None
            content["rejects"] = {"file": reject_file, "rows": rejects.kept_count, "left_out": rejects.omitted_count}
        for remark in [*content["remarks"], *content["left_out"]]:
            remark["zh"], remark["en"] = ISSUE_MESSAGES[remark["code"]]
        for part in content["left_out"]:
            part["used"] = part["code"] in CODES_TO_VERIFY
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
        return
    for sheet, counts in report.counts.items():
        reasons = ", ".join(f"{code} {number}" for code, number in report.left_out_rows.get(sheet, {}).items())
        click.echo(f"{sheet}: {_format_counts(counts)}{f' ({reasons})' if reasons else ''}")
        if records := report.records.get(sheet):
            click.echo(f"  节点与关系 nodes and relationships: {_format_counts(records)}")
    if report.findings:
        new_count, gone_count = (report.findings.get(name, 0) for name in ("found", "gone"))
        click.echo(
            f"检查：新发现疑点 {new_count} 条，已消失 {gone_count} 条 / Checks: {new_count} new findings, {gone_count} gone (graph-service check)"
        )
    for remark in report.remarks:
        zh, en = ISSUE_MESSAGES[remark.code]
        label = "拒收 refused" if remark.refused else "标记 flagged"
        location = f"{remark.file} {remark.sheet}!{remark.row or remark.key}"
        click.echo(f"{label} {location} [{remark.column}] {remark.value!r} {remark.code}: {zh} / {en}")
    for part in report.left_out:
        zh, en = ISSUE_MESSAGES[part.code]
        location = "!".join(str(name) for name in (part.sheet, part.row) if name)
        label = "".join((f" [{part.column}]" if part.column else "", f" {part.value!r}" if part.value else ""))
        rows_text = f" ({part.count} 行 rows)" if part.count else ""
        verdict = "请核对 please verify" if part.code in CODES_TO_VERIFY else "未导入 not imported"
        click.echo(f"{verdict} {part.file} {location}{label}{rows_text} {part.code}: {zh} / {en}")
    for code, number in report.omitted_counts.items():
        click.echo(f"另有 {number} 处 {code} 未列出 / {number} more of {code} are not listed")
    if report.dry:
        click.echo(
            f"试运行：将新增或更改 {report.changed} 条记录，未写入 / Dry run: {report.changed} records would be added or changed; nothing was written"
        )
    elif report.sequence is None:
        click.echo("无变化：数据与现有数据一致 / No changes: all data are already in the graph")
    else:
        day = iso_day(report.day)
        click.echo(
            f"已发布数据版本 {report.sequence}，采集日 {day} / Published as data version {report.sequence}, collected on {day}"
        )


def _format_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{COUNT_NAMES[name]} {name} {number}" for name, number in counts.items())


def print_store(settings: Settings, *, quiet: bool) -> None:
    """Print the graph that a command works on: it follows from settings and, for the embedded engine, from the working directory."""
    if not quiet:
        click.echo(f"数据 / Data: {settings.neo4j_uri or settings.data_folder.absolute()}", err=True)


def print_address(address: str) -> None:
    """Print the address that is served."""
    click.echo(f"服务地址 / Serving at {address}（按 Ctrl-C 停止 / press Ctrl-C to stop）", err=True)


def print_demo_address(address: str) -> None:
    """Print the address of the demo, and that of the choice of a user."""
    print_address(address)
    click.echo(f"以各角色用户身份查询 / Ask as a user of each role: {address}/demo-users", err=True)


def print_sample_rejections(report: ImportReport) -> None:
    """Print how many rows and cells of the sample were refused and flagged: its mistakes are there on purpose."""
    refused = report.refused
    flagged = sum(not remark.refused for remark in report.remarks)
    click.echo(
        f"示例数据中特意设置的错误：拒收 {refused} 行，标记 {flagged} 处 / Deliberate errors in the sample: {refused} rows refused, {flagged} cells flagged",
        err=True,
    )


def prompt_day(error: DayUnknown) -> int:
    """Ask on the terminal for the day of a collection whose files do not state it, and return it as YYYYMMDD."""
    click.echo(mask_message(f"{error.message_zh}\n{error.message_en}"), err=True)
    day: int = click.prompt("采集日 / Day of the collection", type=DayParamType(), err=True)
    return day


def print_error(error: GraphServiceError, *, as_json: bool, log: Path | None = None) -> None:
    """Print why a command could not run. `log`: file with the reason, named in place of it."""
    zh, en = error.message_zh, error.message_en
    if log is not None:
        zh = error.zh.format(**error.details | {"reason": f"详见 {log}"})
        en = error.en.format(**error.details | {"reason": f"see {log}"})
    zh, en = mask_message(zh), mask_message(en)
    if as_json:
        error_content = {"code": error.code, "zh": zh, "en": en}
        if isinstance(error, ChangeError):
            error_content["refusal"] = refusal_code(error).name
        click.echo(orjson.dumps({"error": error_content}, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(f"{error.code}: {zh}\n{error.code}: {en}", err=True)


def print_answer(answer: ExampleAnswer) -> None:
    """Print a question of the demo, its answer in a line, the first lines of its answer, how long it took, and its link."""
    all_lines = orjson.dumps(answer.body, option=orjson.OPT_INDENT_2).decode().splitlines()
    lines = (
        all_lines
        if len(all_lines) <= MAX_ANSWER_LINES
        else [
            *all_lines[:MAX_ANSWER_LINES],
            f"  … 另有 {len(all_lines) - MAX_ANSWER_LINES} 行 / {len(all_lines) - MAX_ANSWER_LINES} more lines",
        ]
    )
    click.secho(f"\n{answer.example.title}", bold=True)
    if "errors" not in answer.body:
        with suppress(IndexError):  # an empty answer has no headline
            click.echo(answer.example.headline.format(answer.body["data"]))
    click.echo("\n".join(lines))
    click.echo(f"{answer.seconds * 1000:.0f} ms · 链接 / Link: {answer.link}")
