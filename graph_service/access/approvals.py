"""Approvals: which changes wait, as proposals, until a second person approves them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from graph_service.access.database import AccessDatabase, iterate_rows
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.config import Settings, list_items
from graph_service.errors import SettingInvalid
from graph_service.platform.local_database import format_moment, parse_moment, utc_now

SETTING = "GRAPH_SERVICE_APPROVAL"
APPROVAL_KINDS: dict[str, tuple[str, ...]] = {
    "imports": ("importRegister", "undoImport"),
    "dividends": ("announceDividend", "recordPayments"),
    "redistributions": ("redistributeShares",),
    "waivers": ("waiveFinding", "waiveDuty"),
    "grants": ("grantAccess",),
}
"""Mutations by the word with which the setting names them."""
APPROVABLE = frozenset(name for names in APPROVAL_KINDS.values() for name in names)
MAX_WAITING = 100
"""Largest number of proposals of one user that wait at a time."""
KEYED = "SELECT number FROM proposal WHERE user = ? AND mutation = ? AND client_key = ?"
COLUMNS = "number, mutation, input, user, user_grants, areas, proposed_at, state, decided_by, decided_at, note, version, remark_count, left_out_count"


class ProposalState(StrEnum):
    """State of a proposal."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


STATE_DESCRIPTIONS = {
    ProposalState.WAITING: "待审批：It waits for a decision; nothing is changed yet.",
    ProposalState.RUNNING: "办理中：It was approved and is being made. If that was cut off, the same approver can approve it again.",
    ProposalState.APPROVED: "已批准：It was approved and made.",
    ProposalState.REJECTED: "已驳回：It was rejected; nothing was changed.",
    ProposalState.WITHDRAWN: "已撤回：Its author withdrew it; nothing was changed.",
}


class ProposalReview(NamedTuple):
    """Findings of an import in its files before it waits: numbers of refused rows and flagged cells, and of parts that are not used or need
    to be verified; None for another change."""

    remark_count: int | None = None
    left_out_count: int | None = None


NO_REVIEW = ProposalReview()


@dataclass(frozen=True, slots=True)
class ChangeProposal:
    """A change that waits for approval. `mutation`: its name; `input`: its input as JSON, files by their names; `user_grants`: roles that the
    identity provider stated of its author; `areas`: areas in which an approver must have the right; `version`: the data version that it
    made, None where it changed nothing."""

    number: int
    mutation: str
    input: str
    user: str
    user_grants: tuple[AccessGrant, ...]
    areas: tuple[str, ...]
    proposed_at: datetime
    state: ProposalState
    decided_by: str
    decided_at: datetime | None
    note: str
    version: int | None
    review: ProposalReview = NO_REVIEW

    @property
    def is_decided(self) -> bool:
        return self.state not in (ProposalState.WAITING, ProposalState.RUNNING)


class Proposals:
    """Proposals in the database of access."""

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def add(
        self,
        mutation: str,
        input_: str,
        client_key: str,
        user: str,
        user_grants: Sequence[AccessGrant],
        areas: Sequence[str],
        review: ProposalReview = NO_REVIEW,
    ) -> tuple[ChangeProposal, bool]:
        """Store a proposal; return it, and whether it is new: the same key of a user is one proposal, however often it is sent."""
        with self._database.transaction() as connection:
            existing = connection.execute(KEYED, (user, mutation, client_key)).fetchone()
            if existing is None or not client_key:
                cursor = connection.execute(
                    "INSERT INTO proposal (mutation, input, client_key, user, user_grants, areas, proposed_at, state, remark_count, left_out_count)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        mutation,
                        input_,
                        client_key,
                        user,
                        _encode_grants(user_grants),
                        orjson.dumps(list(areas)).decode(),
                        format_moment(utc_now()),
                        ProposalState.WAITING.value,
                        *review,
                    ),
                )
                number, is_new = cursor.lastrowid or 0, True
            else:
                number, is_new = existing[0], False
        proposal = self.get(number)
        assert proposal is not None
        return proposal, is_new

    def find_keyed(self, user: str, mutation: str, client_key: str) -> ChangeProposal | None:
        """Return the proposal of a user with a client key; None where there is none."""
        rows = self._database.query(KEYED, (user, mutation, client_key)) if client_key else []
        return self.get(rows[0][0]) if rows else None

    def get(self, number: int) -> ChangeProposal | None:
        """Return a proposal by its number; None where there is none."""
        rows = self._database.query(f"SELECT {COLUMNS} FROM proposal WHERE number = ?", (number,))  # noqa: S608
        return _proposal_from_row(rows[0]) if rows else None

    def list_proposals(
        self, states: Sequence[ProposalState], *, before: int | None = None, limit: int = 100
    ) -> list[ChangeProposal]:
        """Return the newest proposals in some states, with a lower number than `before`."""
        marks = ", ".join("?" * len(states))
        rows = self._database.query(
            f"SELECT {COLUMNS} FROM proposal WHERE state IN ({marks}) AND number < ? ORDER BY number DESC LIMIT ?",  # noqa: S608
            (*(state.value for state in states), 2**62 if before is None else before, limit),
        )
        return list(map(_proposal_from_row, rows))

    def iterate(self, states: Sequence[ProposalState], before: int | None = None) -> Iterator[ChangeProposal]:
        """Yield all proposals in some states with a lower number, as `list_proposals` returns them."""

        def load(number: int | None) -> list[ChangeProposal]:
            return self.list_proposals(states, before=number)

        return iterate_rows(load, lambda proposal: proposal.number, before)

    def count_waiting(self, user: str) -> int:
        """Return the number of proposals of a user that wait."""
        [(count,)] = self._database.query(
            "SELECT count(*) FROM proposal WHERE user = ? AND state = ?", (user, ProposalState.WAITING.value)
        )
        return int(count)

    def begin(self, number: int, by: str) -> bool:
        """Mark a proposal as being made; return whether it waited, or was cut off for the same approver. Of two approvers, one gets it."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE proposal SET state = 'RUNNING', decided_by = ? WHERE number = ?"
                " AND (state = 'WAITING' OR (state = 'RUNNING' AND decided_by = ?))",
                (by, number, by),
            )
            return cursor.rowcount == 1

    def finish(
        self, number: int, state: ProposalState, by: str, note: str = "", version: int | None = None
    ) -> ChangeProposal | None:
        """Set the decision on a proposal that waits or is being made; return it, or None where it was decided before. `WAITING` puts back one
        that could not be made."""
        is_decided = state is not ProposalState.WAITING
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "UPDATE proposal SET state = ?, decided_by = ?, decided_at = ?, note = ?, version = ? WHERE number = ?"
                " AND (state = 'WAITING' OR (state = 'RUNNING' AND decided_by = ?))",
                (
                    state.value,
                    by if is_decided else "",
                    format_moment(utc_now()) if is_decided else None,
                    note,
                    version,
                    number,
                    by,
                ),
            )
            was_open = cursor.rowcount == 1
        return self.get(number) if was_open else None


@dataclass(frozen=True, slots=True)
class Approvals:
    """Changes that need approval in a service. `mutations`: names of the mutations; `folder`: folder of the files of proposals."""

    mutations: frozenset[str]
    proposals: Proposals
    folder: Path

    def files_folder(self, number: int) -> Path:
        """Return the folder of a proposal's files."""
        return self.folder / str(number)

    def remove_files(self, number: int) -> None:
        """Remove the files of a proposal that was decided."""
        shutil.rmtree(self.files_folder(number), ignore_errors=True)


def mutations_to_approve(settings: Settings) -> frozenset[str]:
    """Return the names of the mutations that need approval. Raises `SettingInvalid` for an unknown word, and without sign-in."""
    words = [word.lower() for word in list_items(settings.approval)]
    unknown = [word for word in words if word not in APPROVAL_KINDS]
    if unknown:
        raise SettingInvalid(
            name=SETTING,
            reason_zh=f"{unknown[0]} 不在 {'、'.join(APPROVAL_KINDS)} 之中",
            reason_en=f"{unknown[0]} is none of {', '.join(APPROVAL_KINDS)}",
        )
    if words and not settings.requires_sign_in:
        raise SettingInvalid(
            name=SETTING,
            reason_zh="审批须先启用登录（GRAPH_SERVICE_SIGN_IN）",
            reason_en="approval requires sign-in (GRAPH_SERVICE_SIGN_IN)",
        )
    return frozenset(name for word in words for name in APPROVAL_KINDS[word])


def _encode_grants(grants: Sequence[AccessGrant]) -> str:
    return orjson.dumps(
        [[grant.role.value, grant.read_areas, grant.write_areas, format_moment(grant.expires_at)] for grant in grants]
    ).decode()


def _decode_grants(user: str, text: str) -> tuple[AccessGrant, ...]:
    return tuple(
        AccessGrant(user, Role(role), tuple(read_areas), tuple(write_areas), parse_moment(expires_at), "oidc")
        for role, read_areas, write_areas, expires_at in orjson.loads(text)
    )


def _proposal_from_row(row: Sequence[Any]) -> ChangeProposal:
    (
        number,
        mutation,
        input_,
        user,
        grants,
        areas,
        proposed_at,
        state,
        decided_by,
        decided_at,
        note,
        version,
        *review,
    ) = row
    return ChangeProposal(
        number,
        mutation,
        input_,
        user,
        _decode_grants(user, grants),
        tuple(orjson.loads(areas)),
        parse_moment(proposed_at) or utc_now(),
        ProposalState(state),
        decided_by,
        parse_moment(decided_at),
        note,
        version,
        ProposalReview(*review),
    )
