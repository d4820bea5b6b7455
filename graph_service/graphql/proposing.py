"""Proposals of changes that need approval: checked, stored with their files, and made when they are approved."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from graph_service.access.approvals import (
    MAX_WAITING,
    NO_REVIEW,
    STATE_DESCRIPTIONS,
    Approvals,
    ChangeProposal,
    ProposalReview,
)
from graph_service.access.permissions import AccessGrant
from graph_service.audit.entries import AuditSubject
from graph_service.core.recording.changes import validate_only
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change
from graph_service.errors import SettingInvalid
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.scalars import UploadedFile
from graph_service.platform.codec import KEY_FILE_SETTING, PLAIN, Codec
from graph_service.platform.sealed_files import seal_file, unseal_file

FOLDER_NAME = "proposals"
DRY_RUN_KEY = "dryRun"
"""Field of an input with which a change is only tried."""
SEALED_SUFFIX = ".sealed"
FILE_KEY, NAME_KEY = "file", "name"
"""Names under which the stored input has a file: its number among the stored files, and its name."""


def load_input(
    approvals: Approvals, proposal: ChangeProposal, codec: Codec
) -> tuple[dict[str, Any], list[UploadedFile]]:
    """Return the input of a proposal with its files opened, and these files, which the caller closes. Raises `SettingInvalid` for a file that
    no key opens."""
    files: list[UploadedFile] = []

    def restore(value: Any) -> Any:
        if isinstance(value, list):
            return [restore(element) for element in value]
        if isinstance(value, dict) and set(value) == {FILE_KEY, NAME_KEY}:
            path = approvals.files_folder(proposal.number) / str(value[FILE_KEY])
            files.append(UploadedFile(value[NAME_KEY], _open_file(path, codec)))
            return files[-1]
        return {name: restore(element) for name, element in value.items()} if isinstance(value, dict) else value

    return restore(orjson.loads(proposal.input)), files


def needs_approval(execution: Execution) -> bool:
    """Tell whether a change waits for approval instead of being made. What is only tried needs none."""
    approvals = execution.services.approvals
    return (
        approvals is not None
        and execution.selected.name in approvals.mutations
        and not execution.approver
        and not is_dry_run(execution)
    )


def is_dry_run(execution: Execution) -> bool:
    """Tell whether a request asks only what its change would do."""
    return bool(execution.argument("input").get(DRY_RUN_KEY))


def proposal_subject(proposal: ChangeProposal) -> AuditSubject:
    """Return what the audit log tells of a proposal."""
    return AuditSubject("ChangeProposal", str(proposal.number), proposal.areas)


def propose(
    execution: Execution, validate: Callable[[Execution], Any], review: Callable[[Any], ProposalReview]
) -> ChangeProposal:
    """Store a change as a proposal, after `validate` found nothing to refuse; `review` returns what an approver reads of what it returns. The
    same request sent again is the same proposal. Raises `ChangeError`, also where that was decided."""
    approvals = execution.services.approvals
    assert approvals is not None
    user, input_ = execution.permissions.user, execution.argument("input")
    files: list[UploadedFile] = []
    content = orjson.dumps(_without_files(input_, files), option=orjson.OPT_SORT_KEYS).decode()
    former_proposal = approvals.proposals.find_keyed(user, execution.selected.name, input_.get("clientKey", ""))
    if former_proposal is not None:
        return _same_proposal(former_proposal, content, input_["clientKey"])
    # A change that is only validated ends the block where it would write.
    reviewed = NO_REVIEW
    with validate_only():
        reviewed = review(validate(execution))
    if approvals.proposals.count_waiting(user) >= MAX_WAITING:
        raise invalid_change(
            RefusalCode.TOO_MANY_ITEMS,
            "",
            f"您已有 {MAX_WAITING} 项申请待审批。请等其中一些办结。",
            f"{MAX_WAITING} of your proposals are waiting. Wait until some are decided.",
        )
    proposal, is_new = approvals.proposals.add(
        execution.selected.name,
        content,
        input_.get("clientKey", ""),
        user,
        _provider_grants(execution),
        execution.permissions.write_areas,
        reviewed,
    )
    if not is_new:
        return _same_proposal(proposal, content, input_["clientKey"])
    if files:
        _save_files(approvals.files_folder(proposal.number), files, execution.store.codec)
    return proposal


def _same_proposal(proposal: ChangeProposal, content: str, client_key: str) -> ChangeProposal:
    """Return the proposal that has the client key. Raises `ChangeInvalid` where it is of another change, `ChangeConflict` where it was decided:
    it waits no longer."""
    if proposal.input != content:
        raise invalid_change(
            RefusalCode.CLIENT_KEY_REUSED,
            "clientKey",
            f"请求键 {client_key} 已用于另一项申请。请换一个请求键。",
            f"The client key {client_key} was used for another proposal. Use a new key.",
        )
    if proposal.is_decided:
        state_zh, state_en = STATE_DESCRIPTIONS[proposal.state].split("：", 1)
        raise conflicting_change(
            RefusalCode.ALREADY_DECIDED,
            f"此变更已作为第 {proposal.number} 号申请提交，{state_zh}。如须再次办理，请换一个请求键。",
            f"This change was proposed as proposal {proposal.number}. {state_en} To make it again, use a new client key.",
        )
    return proposal


def _provider_grants(execution: Execution) -> tuple[AccessGrant, ...]:
    """Return the roles that the identity provider stated: the service has no record of them."""
    return tuple(grant for grant in execution.permissions.grants if not grant.number)


def _without_files(value: Any, files: list[UploadedFile]) -> Any:
    """Return an input with its files replaced by their numbers and names; the files are added to a list."""
    if isinstance(value, UploadedFile):
        files.append(value)
        return {FILE_KEY: len(files) - 1, NAME_KEY: value.name}
    if isinstance(value, list):
        return [_without_files(element, files) for element in value]
    if isinstance(value, Mapping):
        return {name: _without_files(element, files) for name, element in value.items()}
    return value


def _save_files(folder: Path, files: list[UploadedFile], codec: Codec) -> None:
    """Write the files of a proposal, sealed where there is a key."""
    folder.mkdir(parents=True, mode=0o700)
    is_sealed = codec.current_fingerprint != PLAIN
    for number, upload in enumerate(files):
        upload.file.seek(0)
        path = (folder / str(number)).with_suffix(SEALED_SUFFIX if is_sealed else "")
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if is_sealed:
                seal_file(codec, _sealed_name(path), upload.file, file)
            else:
                shutil.copyfileobj(upload.file, file)


def _open_file(path: Path, codec: Codec) -> BinaryIO:
    """Return a stored file of a proposal, opened; as it is where it was stored without a key. Raises `SettingInvalid`."""
    sealed_path = path.with_suffix(SEALED_SUFFIX)
    if not sealed_path.exists():
        return path.open("rb")
    with sealed_path.open("rb") as sealed_file:
        try:
            return unseal_file(codec, _sealed_name(sealed_path), sealed_file)
        except ValueError as error:
            raise SettingInvalid(
                name=KEY_FILE_SETTING,
                reason_zh=f"其中没有密钥能打开第 {path.parent.name} 号申请的文件，或文件已被改动。请加入当时的密钥后重试，或驳回该申请",
                reason_en=f"it has no key that opens the file of proposal {path.parent.name}, or the file was changed; add the key of that time and try again, or reject the proposal",
            ) from error


def _sealed_name(path: Path) -> str:
    """Return the name under which a file is sealed: it opens in no other place."""
    return f"proposal!{path.parent.name}!{path.stem}"
