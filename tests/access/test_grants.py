"""Grants, API keys and sessions in the database of access: what is in force, what has ended, and who made it."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from graph_service.access.api_keys import ApiKeys
from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.access.grants import Grants
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Right, Role
from graph_service.access.sessions import Session, Sessions
from graph_service.errors import AccessDatabaseFailed
from graph_service.platform.local_database import utc_now

OFFICIAL = AccessGrant("wang", Role.OFFICIAL, ("513431",), ("513431100",), granted_by="admin", reason="驻县")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[AccessDatabase]:
    database = AccessDatabase(tmp_path / "data" / FILE_NAME)
    yield database
    database.close()


def test_only_the_owner_reads_the_files(database: AccessDatabase) -> None:
    Grants(database).add(OFFICIAL)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in database.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_a_grant_is_in_force_until_it_is_revoked(database: AccessDatabase) -> None:
    grants = Grants(database)
    stored = grants.add(OFFICIAL)
    assert grants.permissions_of("wang").areas_for(Right.CHANGE_DUTIES) == ("513431100",)
    assert grants.permissions_of("li").grants == ()
    revoked = grants.revoke(stored.number, "admin2")
    assert revoked is not None
    assert (revoked.granted_by, revoked.revoked_by, revoked.reason) == ("admin", "admin2", "驻县")
    assert grants.permissions_of("wang").grants == ()
    assert grants.list_grants() == []
    assert grants.list_grants(ended=True) == [revoked]


def test_a_grant_revoked_twice_keeps_its_first_end(database: AccessDatabase) -> None:
    grants = Grants(database)
    number = grants.add(OFFICIAL).number
    first = grants.revoke(number, "admin2")
    assert grants.revoke(number, "admin3") == first
    assert grants.revoke(number + 1, "admin3") is None


def test_a_grant_ends_at_its_moment(database: AccessDatabase) -> None:
    grants, moment = Grants(database), utc_now() + timedelta(hours=1)
    grants.add(AccessGrant("li", Role.AUDITOR, ("",), expires_at=moment))
    assert grants.permissions_of("li").areas_for(Right.READ_RECORDS) == ("",)
    assert grants.permissions_of("li", moment).grants == ()


def test_another_process_sees_a_change_with_its_next_read(database: AccessDatabase) -> None:
    other = AccessDatabase(database.path)
    number = Grants(database).add(OFFICIAL).number
    assert Grants(other).permissions_of("wang").grants
    Grants(database).revoke(number, "admin")
    assert not Grants(other).permissions_of("wang").grants
    other.close()


def test_a_key_identifies_its_user_and_is_not_stored(database: AccessDatabase) -> None:
    keys = ApiKeys(database)
    text, key = keys.create("portal", "admin")
    assert keys.user_of(text) == "portal"
    assert keys.user_of(text[:-1]) is None
    [stored] = keys.list_keys()
    assert (stored.number, stored.created_by) == (key.number, "admin")
    assert stored.last_used_at is not None
    content = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
    assert text.encode() not in content


def test_a_key_ends_when_it_is_revoked_or_expires(database: AccessDatabase) -> None:
    keys = ApiKeys(database)
    text, key = keys.create("portal", "admin")
    keys.revoke(key.number, "admin")
    assert keys.user_of(text) is None
    expired, _ = keys.create("portal", "admin", utc_now() - timedelta(seconds=1))
    assert keys.user_of(expired) is None


def test_a_session_is_found_by_its_id_until_it_ends(database: AccessDatabase) -> None:
    sessions, moment = Sessions(database), utc_now() + timedelta(hours=1)
    id_ = sessions.begin(Session("wang", "王", {"grants": []}, moment))
    assert sessions.get(id_) == Session("wang", "王", {"grants": []}, moment)
    assert sessions.get(f"{id_}x") is None
    assert sessions.end(id_) is not None
    assert (sessions.get(id_), sessions.end(id_)) == (None, None)


def test_an_expired_session_is_none(database: AccessDatabase) -> None:
    sessions = Sessions(database)
    id_ = sessions.begin(Session("wang", "王", {}, utc_now() - timedelta(seconds=1)))
    assert sessions.get(id_) is None
    sessions.begin(Session("li", "李", {}, utc_now() + timedelta(hours=1)))
    assert database.query("SELECT count(*) FROM session") == [(1,)]


def test_a_file_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(AccessDatabaseFailed, match="version 99"):
        AccessDatabase(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database" * 100)
    with pytest.raises(AccessDatabaseFailed):
        AccessDatabase(tmp_path / FILE_NAME)
