"""`graph-service verify`: the verification of a sealed case, and of the audit log."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
import orjson

from graph_service.access.masking import mask_message
from graph_service.audit.log import AnchoredHead, AuditLog, open_audit_log
from graph_service.audit.verification import (
    NOTED_HEAD_DESCRIPTIONS,
    AuditFault,
    AuditFaultKind,
    AuditVerification,
    verify_log,
)
from graph_service.cli.output import print_store
from graph_service.cli.output_files import path_text, require_file
from graph_service.config import get_settings
from graph_service.errors import CaseInvalid
from graph_service.features.chains import evidence_case
from graph_service.platform.store.factory import managed_store

AUDIT_WORD = "audit"
MAX_FAULTS_SHOWN = 20
HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class HeadParamType(click.ParamType[AnchoredHead]):
    """A head of the audit log: NUMBER:DIGEST."""

    name = "head"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> AnchoredHead:
        match = HEAD.fullmatch(str(value))
        if match is None:
            self.fail(
                "格式应为 NUMBER:DIGEST（序号，64 位十六进制校验值） / It must be NUMBER:DIGEST, the digest in 64 hexadecimal digits",
                param,
                ctx,
            )
        return AnchoredHead(int(match[1]), bytes.fromhex(match[2]))


@click.command(short_help="核验案卷或审计日志 / Verify a sealed case or the audit log.")
@click.argument("target", metavar="FILE|audit", type=click.Path(path_type=Path))
@click.option(
    "--head",
    type=HeadParamType(),
    metavar="NUMBER:DIGEST",
    help="另行保存的审计日志末条序号和校验值。 / Head of the audit log that was noted elsewhere.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 / Output JSON.")
def verify(target: Path, head: AnchoredHead | None, as_json: bool) -> None:
    """Verify a sealed case: that its content is unchanged, and that the query still gives the same answer on the same data version. With
    the word audit, verify the audit log: that no entry was altered, removed, moved or cut off.

    核验案卷：内容未被改动，且在同一数据版本上重新查询的结果一致；写 audit 则核验审计日志：没有记录被改动、删除、移动或截断。

    The seal does not prove who made the case or when, so keep the file where nobody can replace it. The exit code is 1 if the case was
    changed, the answer differs, or the log has a fault.

    Example: graph-service verify ZJ000.case
    """
    if str(target) == AUDIT_WORD and not target.exists():
        _verify_audit(head, as_json=as_json)
    elif head is not None:
        raise click.UsageError("--head 只用于 verify audit / --head is for verify audit only")
    else:
        _verify_case(target, as_json=as_json)


def _verify_audit(head: AnchoredHead | None, *, as_json: bool) -> None:
    with closing(open_audit_log(get_settings())) as audit_log:
        result = verify_log(audit_log, head)
    if as_json:
        faults = [_fault_content(fault) for fault in result.faults]
        body = {
            "confirmed": not faults,
            "entries": result.count,
            "head": f"{result.count}:{result.digest.hex()}",
            "anchored": result.anchored_count,
            "faults": faults,
        }
        click.echo(orjson.dumps(body).decode())
    elif result.faults:
        _print_faults(result.faults, audit_log.anchor.path)
    else:
        _print_confirmed(result, audit_log, is_noted=head is not None)
    sys.exit(1 if result.faults else 0)


def _fault_content(fault: AuditFault) -> dict[str, object]:
    last = {} if fault.last is None else {"last": fault.last}
    against = {"against": "head" if fault.is_noted else "anchor"} if fault.kind in NOTED_HEAD_DESCRIPTIONS else {}
    return {"number": fault.number, **last, "fault": fault.kind.value, **against}


def _print_faults(faults: Sequence[AuditFault], anchor: Path) -> None:
    click.echo(
        f"审计日志有 {len(faults)} 处问题 / The audit log has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
    )
    for fault in faults[:MAX_FAULTS_SHOWN]:
        numbers = str(fault.number) if fault.last in (None, fault.number) else f"{fault.number}-{fault.last}"
        zh, _, en = fault.description.partition("：")
        click.echo(f"  {numbers}  {fault.kind}  {zh} / {en}")
    hidden_count = len(faults) - MAX_FAULTS_SHOWN
    if hidden_count > 0:
        click.echo(f"  … 另有 {hidden_count} 处 / {hidden_count} more")
    if any(fault.kind is AuditFaultKind.UNANCHORED for fault in faults):
        is_missing = not anchor.exists()
        click.echo(
            f"锚点文件 {path_text(anchor)} {'不存在' if is_missing else '不完整'}：可能被删改，或更换位置时未复制原文件。如系更换位置，请将原文件的内容并入该文件后重新核验。 / "
            f"The anchor {path_text(anchor)} {'does not exist' if is_missing else 'is not complete'}: it was altered or deleted, or was moved without a copy of the former file. If it was moved, add the content of the former file to it, and verify again.",
            err=True,
        )


def _print_confirmed(result: AuditVerification, audit_log: AuditLog, *, is_noted: bool) -> None:
    anchor = path_text(audit_log.anchor.path)
    if not result.count:
        log_file = path_text(audit_log.path)
        click.echo(
            f"审计日志 {log_file} 尚无记录，没有可核验的内容。如服务已经使用过，则是设置了另一数据文件夹，或日志已被删除。 / "
            f"The audit log {log_file} has no entries, so there is nothing to verify. If the service has been in use, another data folder is set, or the log was deleted."
        )
        return
    heads = f"{result.anchored_count} {'head' if result.anchored_count == 1 else 'heads'}"
    entries = f"{result.count} {'entry, which agrees' if result.count == 1 else 'entries, which agree'}"
    click.echo(
        f"已核验：{result.count} 条，与锚点文件 {anchor} 中的 {result.anchored_count} 个校验值{'及 --head 给出的校验值' * is_noted}一致；末条 / "
        f"Verified: {entries} with {heads} in the anchor {anchor}{' and with that of --head' * is_noted}; head {result.count}:{result.digest.hex()}"
    )
    is_beside = audit_log.anchor.path.resolve().parent == get_settings().data_folder.resolve()
    if is_beside and not is_noted:
        click.echo(
            "锚点文件与日志在同一文件夹，只能发现差错，不能发现两者一同被改写。请设置 GRAPH_SERVICE_AUDIT_ANCHOR，或用 --head 给出另行保存的末条。 / The anchor lies beside the log, so mistakes are found, but not that both were rewritten together. Set GRAPH_SERVICE_AUDIT_ANCHOR, or give a head that was noted elsewhere with --head.",
            err=True,
        )


def _verify_case(file: Path, *, as_json: bool) -> None:
    print_store(get_settings(), quiet=as_json)
    try:
        content = evidence_case.load_case(require_file(file).read_bytes())
    except CaseInvalid as error:
        reason = mask_message(str(error))
        click.echo(orjson.dumps({"confirmed": False, "reason": reason}).decode() if as_json else reason)
        sys.exit(1)
    with managed_store(get_settings()) as store:
        differences = evidence_case.differences(store, content)
    question = content["question"]
    if as_json:
        click.echo(
            orjson.dumps({"confirmed": not differences, "differing": differences, "question": question}).decode()
        )
    elif differences:
        click.echo(f"结果与当时不符，共 {len(differences)} 处 / The answer differs in {len(differences)} places")
        for location in differences[:20]:
            click.echo(f"  {location}")
    else:
        click.echo(
            f"已核验：{len(content['answer'])} 条链，截至 {question['asOf']}，数据版本 {question['dataVersion']}；"
            f"据文件所载，由 {content['by']} 于 {content['asked']} 提取 / "
            f"Verified: {len(content['answer'])} chains as of {question['asOf']}, data version {question['dataVersion']}; "
            f"according to the file, extracted by {content['by']} at {content['asked']}"
        )
    sys.exit(1 if differences else 0)
