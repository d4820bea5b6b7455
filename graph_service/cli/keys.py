"""The commands `keys …`: make keys of confidential values, seal the store with the current one, and count what is sealed with which."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
import orjson

from graph_service.cli.audit_entries import recorded_command
from graph_service.cli.output import account_name, print_store, progress
from graph_service.cli.output_files import atomic_write, path_text, require_file
from graph_service.config import get_settings
from graph_service.core.recording.key_rotation import (
    UNREADABLE,
    SealingState,
    count_sealings,
    rotate_keys,
    sealing_state,
)
from graph_service.platform.codec import PLAIN, generate_key, load_codec
from graph_service.platform.store.factory import managed_store

json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。 / Output JSON.")

RECORDS_READ, VALUES = "已读记录 records read", "号码 values"
"""Units of what is counted: records need not have a value, and equal values of a record are one."""
FORMER_KEYS = (
    "待审批的导入办结后，原密钥可从密钥文件中删除。",
    " Former keys can be removed from the key file when the imports that wait for approval are decided.",
)
ADVICE = {
    SealingState.EMPTY: "库中尚无须封存的号码，首次导入时启用当前密钥。 / The store holds no value to seal yet, and takes the current key at its first import.",
    SealingState.NO_KEY: "未设置密钥文件，号码均未封存。请用 graph-service keys generate --file 新建，将 GRAPH_SERVICE_KEY_FILE 设为该文件，再运行 graph-service keys rotate。 / No key file is set, so that no value is sealed. Make one with graph-service keys generate --file, set GRAPH_SERVICE_KEY_FILE to it, and run graph-service keys rotate.",
    SealingState.KEY_LACKING: "数据用密钥 {keys} 封存，而密钥文件未设置，或缺少其中的密钥。请将 GRAPH_SERVICE_KEY_FILE 设为含有该密钥的文件（与服务相同），再运行本命令。 / The data are sealed with the key {keys}, and no key file is set, or the file lacks a key of these. Set GRAPH_SERVICE_KEY_FILE to the file that has it, as for the service, and run this command again.",
    SealingState.UNREADABLE: "有号码用密钥文件中没有的密钥封存。请将该密钥加入密钥文件，再运行 graph-service keys rotate。 / Some values are sealed with a key that the key file lacks. Add that key to the file, and run graph-service keys rotate.",
    SealingState.ROTATION_NEEDED: "尚未全部用当前密钥封存。请运行 graph-service keys rotate。 / Not everything is sealed with the current key. Run graph-service keys rotate.",
}
"""What the operator does next, by the state of the store."""


@click.group(short_help="管理加密密钥 / Manage the keys of confidential values.")
def keys() -> None:
    """Manage the keys that seal ID documents and telephones: make one, seal everything with it, count what is sealed.

    管理封存证件号码和电话的密钥：生成密钥、轮换密钥、统计封存情况。

    Example: graph-service keys rotate
    """


@keys.command()
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="密钥文件：新密钥写在首行，原有密钥保留在后；文件仅所有者可读写。 / Key file: the new key becomes its first line, former keys stay below it; only its owner can read it.",
)
def generate(path: Path | None) -> None:
    """Make a key and print it as a line of a key file, or put it first into a file.

    生成密钥，打印一行，或写入密钥文件的首行。

    Example: graph-service keys generate --file /etc/graph_service/key
    """
    line = generate_key()
    if path is None:
        click.echo(line)
        return
    former_text = ""
    if path.exists() or path.is_symlink():
        load_codec(require_file(path))
        former_text = path.read_text(encoding="ascii")
    with atomic_write(path, force=True) as file:
        file.write(f"{line}\n{former_text}".encode("ascii"))
    file_text, count = path_text(path), len(load_codec(path).fingerprints)
    if former_text:
        message = f"已写入 {file_text}，共 {count} 个密钥。请重新启动服务，再运行 graph-service keys rotate。 / Written to {file_text}, which has {count} keys now. Restart the service, then run graph-service keys rotate."
    else:
        message = f"首个密钥已写入 {file_text}。请将 GRAPH_SERVICE_KEY_FILE 设为该文件；库中已有数据时，另须运行 graph-service keys rotate 封存。 / The first key is in {file_text}. Set GRAPH_SERVICE_KEY_FILE to this file; a store that already holds data needs graph-service keys rotate as well."
    click.echo(message, err=True)


@keys.command()
@json_option
def status(*, as_json: bool) -> None:
    """Count the values by the key that seals them. The exit code is 1 if some are not sealed with the current key, or no key file is set.

    按密钥统计封存的号码；有未用当前密钥封存的，或未设置密钥文件，退出码为 1。

    Example: graph-service keys status
    """
    print_store(get_settings(), quiet=as_json)
    with managed_store(get_settings()) as store:
        sealing, counts = store.sealing(), count_sealings(store)
        state, fingerprints = sealing_state(store, counts), store.codec.fingerprints
    if as_json:
        content = {
            "keys": fingerprints,
            "store": sealing.key,
            "rotating": sealing.next_key,
            "values": counts,
            "state": state.value,
            "complete": state.is_complete,
        }
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    else:
        for number, fingerprint in enumerate(fingerprints):
            role = "当前密钥 / current key" if number == 0 else "原密钥 / former key"
            click.echo(f"{role}: {fingerprint}")
        for title, counter in counts.items():
            click.echo(f"{title} {VALUES}: {_format_sealings(counter)}")
        if advice := ADVICE.get(state):
            click.echo(advice.format(keys=" ".join(filter(None, (sealing.key, sealing.next_key)))))
    sys.exit(0 if state.is_complete else 1)


@keys.command()
@json_option
def rotate(*, as_json: bool) -> None:
    """Seal all values with the first key of the key file. A run that was cut off is continued by running it again.

    用密钥文件的首个密钥重新封存全部号码；中断后再次运行即继续。

    The exit code is 1 if values are left that no key of the file opens. Meanwhile imports, changes and comparisons of ID numbers wait.

    有密钥文件打不开的号码时，退出码为 1。轮换期间不能导入、变更，也不能比对证件号码。

    Example: graph-service keys rotate
    """
    print_store(get_settings(), quiet=as_json)
    with (
        managed_store(get_settings()) as store,
        progress(quiet=as_json) as advance,
        recorded_command("keys rotate", account_name()),
    ):
        store.prepare()
        has_former_keys = len(store.codec.fingerprints) > 1
        result = rotate_keys(store, lambda title, count: advance(f"{title} {RECORDS_READ}", count))
    resealed, unreadable = result.resealed.total(), result.unreadable.total()
    if as_json:
        content = {"key": result.key, "resealed": result.resealed, "unreadable": result.unreadable}
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    elif unreadable:
        click.echo(
            f"已封存 {resealed} 个，另有 {unreadable} 个用密钥文件中没有的密钥封存。请将该密钥加入密钥文件后再次运行。 / {resealed} values were sealed; {unreadable} are sealed with a key that the file lacks. Add that key and run it again."
        )
    else:
        former_zh, former_en = FORMER_KEYS if has_former_keys else ("", "")
        click.echo(
            f"已用密钥 {result.key} 封存全部号码，本次 {resealed} 个。{former_zh} / All values are sealed with the key {result.key}, {resealed} of them by this run.{former_en}"
        )
    sys.exit(1 if unreadable else 0)


def _format_sealings(counter: Mapping[str, int]) -> str:
    names = {PLAIN: "未封存 not sealed", UNREADABLE: "无密钥可打开 opened by no key"}
    texts = [f"{names.get(key, key)} {number}" for key, number in sorted(Counter(counter).items())]
    return ", ".join(texts) or "0"
