"""The command `undo`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import orjson

from graph_service.cli.audit_entries import recorded_command
from graph_service.cli.output import account_name, print_store
from graph_service.config import get_settings
from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import (
    CHANGE_PURPOSE,
    RecordedDelivery,
    delivery_to_undo,
    undo_version,
)
from graph_service.core.recording.import_lifecycle import undo as undo_last
from graph_service.domain.days import iso_day
from graph_service.platform.store.factory import managed_store


@click.command(short_help="撤销最新数据版本 / Undo the latest data version.")
@click.option(
    "--yes",
    is_flag=True,
    help="不请求确认；不在终端上运行时从不请求。 / Do not ask for confirmation (never asked without a terminal).",
)
def undo(*, yes: bool) -> None:
    """Undo the latest data version, an import or a change, after showing it.

    列出最新数据版本（导入或变更）的内容后将其撤销。

    Example: graph-service undo
    """
    print_store(get_settings(), quiet=False)
    with managed_store(get_settings()) as store:
        delivery = delivery_to_undo(store)
        if delivery is not None:
            click.echo("\n".join(_describe(delivery)), err=True)
            if sys.stdin.isatty() and not yes and not click.confirm("确认撤销？ / Undo it?", err=True):
                click.echo("未撤销任何内容 / Nothing was undone", err=True)
                sys.exit(1)
            # A version that was published meanwhile is not the one that was shown.
            with recorded_command("undo", account_name()) as outcome:
                undo_version(store, delivery.sequence)
                outcome.version = delivery.sequence
        sequence = delivery.sequence if delivery is not None else undo_last(store)
        remaining_versions = versions(store)
    zh, en = (
        (f"数据版本 {remaining_versions[0].sequence}", f"data version {remaining_versions[0].sequence}")
        if remaining_versions
        else ("无数据", "no data")
    )
    click.echo(f"已撤销数据版本 {sequence}，当前为：{zh} / Data version {sequence} was undone; current: {en}")


def _describe(delivery: RecordedDelivery) -> Iterator[str]:
    """Yield the lines that say what will be undone: what it is, its files, its rows by sheet."""
    kind_zh, kind_en = ("变更", "change") if delivery.purpose == CHANGE_PURPOSE else ("导入", "import")
    by_zh, by_en = (f"，{delivery.by} 提交", f", submitted by {delivery.by}") if delivery.by else ("", "")
    yield (
        f"将撤销数据版本 {delivery.sequence}：{kind_zh}，采集日 {iso_day(delivery.day)}，{delivery.time}{by_zh}"
        f" / Undoing data version {delivery.sequence}: {kind_en} of {iso_day(delivery.day)}, {delivery.time}{by_en}"
    )
    if delivery.files:
        yield f"文件 / Files: {delivery.files}"
    counts = orjson.loads(delivery.counts)
    row_texts = [f"{name} {rows.get('rows', sum(rows.values()))}" for name, rows in counts.items()]
    if row_texts:
        yield f"行数 / Rows: {', '.join(row_texts)}"
