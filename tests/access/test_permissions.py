"""What a caller may do: the decision table of roles and rights, and the areas in which they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.access.permissions import EVERYWHERE, UNRESTRICTED, AccessGrant, Permissions, outermost
from graph_service.access.rights import RIGHTS_BY_ROLE, WRITE_RIGHTS, Right, Role

# Written independently of the table of the package: x = the role has the right.
DECISIONS = """
                    FRONT_END OFFICIAL AUDITOR REGISTRAR ADMINISTRATOR APPROVER MONITORING EMERGENCY OUTSIDER
READ_RECORDS        x         x        x       x         -             x        -      x      -
READ_NAMES          x         x        -       x         -             x        -      x      -
READ_CONFIDENTIAL   -         x        -       x         -             -        -      x      -
READ_SENSITIVE      -         x        -       x         -             -        -      x      -
READ_AUDIT_LOG      -         -        x       -         -             -        -      -      -
INTROSPECT          -         -        x       x         x             -        -      -      -
CHANGE_DUTIES       -         x        -       x         -             -        -      -      -
CHANGE_SHARES       -         x        -       x         -             -        -      -      -
IMPORT              -         -        -       x         -             -        -      -      -
APPROVE             -         -        -       -         -             x        -      -      -
MANAGE_ACCESS       -         -        -       -         x             -        -      -      -
BREAK_GLASS         -         x        -       x         -             -        -          -      -
READ_METRICS        -         -        -       -         -             -        x      -      -
READ_TOTALS         x         x        x       x         -             x        -      -      x
"""
HEADER, *ROWS = [line.split() for line in DECISIONS.strip().splitlines()]
CELLS = [
    (Role(role), Right(right), cell == "x") for right, *cells in ROWS for role, cell in zip(HEADER, cells, strict=True)
]
AREAS = st.lists(st.sampled_from(["", "51", "5134", "513431", "513431100", "513431100200", "5133", "513432"]))


def test_the_table_is_complete() -> None:
    assert {(role, right) for role, right, _ in CELLS} == {(role, right) for role in Role for right in Right}


@pytest.mark.parametrize(("role", "right", "allowed"), CELLS)
def test_a_role_has_its_rights_in_its_areas(role: Role, right: Right, allowed: bool) -> None:
    permissions = Permissions("user", (AccessGrant("user", role, ("513431",), ("513431100",)),))
    area = "513431100" if right in WRITE_RIGHTS else "513431"
    assert permissions.areas_for(right) == ((area,) if allowed else ())
    assert permissions.allows(right, f"{area}200") is allowed
    assert not permissions.allows(right, "513432")


def test_an_area_to_read_is_none_to_change() -> None:
    permissions = Permissions("user", (AccessGrant("user", Role.OFFICIAL, ("513431",)),))
    assert permissions.areas_for(Right.READ_RECORDS) == ("513431",)
    assert permissions.areas_for(Right.CHANGE_DUTIES) == ()


def test_roles_add_up_each_in_its_own_areas() -> None:
    grants = (AccessGrant("u", Role.AUDITOR, ("5134",)), AccessGrant("u", Role.OFFICIAL, ("513431",), ("513431100",)))
    permissions = Permissions("u", grants)
    assert permissions.areas_for(Right.READ_RECORDS) == ("5134",)
    assert permissions.areas_for(Right.READ_SENSITIVE) == ("513431",)
    assert permissions.areas_for(Right.READ_AUDIT_LOG) == ("5134",)
    assert permissions.roles == (Role.OFFICIAL, Role.AUDITOR)


def test_without_a_grant_nothing_is_allowed() -> None:
    assert not any(Permissions("user", ()).areas_for(right) for right in Right)


def test_a_service_without_sign_in_allows_everything_everywhere() -> None:
    assert all(UNRESTRICTED.areas_for(right) == EVERYWHERE for right in Right)
    assert set().union(*RIGHTS_BY_ROLE.values()) == set(Right)


@given(AREAS, st.sampled_from(["513431100200", "513431", "51", "5133", "50"]))
def test_outermost_areas_hold_the_same_codes(areas: list[str], code: str) -> None:
    kept = outermost(areas)
    assert code.startswith(kept) == code.startswith(tuple(areas))
    assert not any(a != b and a.startswith(b) for a in kept for b in kept)
