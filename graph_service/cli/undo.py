"""The command `undo`."""

from __future__ import annotations

import click

from graph_service.cli.output import print_store
from graph_service.config import get_settings
from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo as undo_last
from graph_service.platform.store.factory import managed_store


@click.command()
def undo() -> None:
    """Undo the latest published import. Example: graph-service undo"""
    print_store(get_settings(), quiet=False)
    with managed_store(get_settings()) as store:
        sequence = undo_last(store)
        remaining_versions = versions(store)
    zh, en = (
        (f"数据版本 {remaining_versions[0].sequence}", f"data version {remaining_versions[0].sequence}")
        if remaining_versions
        else ("无数据", "no data")
    )
    click.echo(f"已撤销数据版本 {sequence}，当前为：{zh} / Data version {sequence} was undone; current: {en}")
