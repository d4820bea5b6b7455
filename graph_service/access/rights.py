"""Roles and their rights: the decision table. One function decides, `Permissions.areas_for` (see `permissions`)."""

from __future__ import annotations

from enum import StrEnum

from graph_service.errors import AccessDenied


class Role(StrEnum):
    """Role of a user. A user may have several, each for areas of its own."""

    FRONT_END = "FRONT_END"
    OFFICIAL = "OFFICIAL"
    AUDITOR = "AUDITOR"
    REGISTRAR = "REGISTRAR"
    ADMINISTRATOR = "ADMINISTRATOR"
    APPROVER = "APPROVER"
    MONITORING = "MONITORING"
    OUTSIDER = "OUTSIDER"
    EMERGENCY = "EMERGENCY"


GRANTABLE_ROLES = tuple(role for role in Role if role is not Role.EMERGENCY)
"""Roles that can be granted: emergency access is begun by its user (access/emergencies.py)."""


SERVICE_ROLES = (Role.FRONT_END, Role.MONITORING, Role.OUTSIDER)
"""Roles of services and of people outside the administration, which change nothing and read no person in full."""
ROLE_DESCRIPTIONS = {
    Role.FRONT_END: "前端应用：Service account of a front-end app. It reads; personal values are masked.",
    Role.OFFICIAL: "帮扶干部：Official of an area, who reads its people and records duties, visits and shares.",
    Role.AUDITOR: "审计人员：Auditor, who reads money and the audit log; people are masked.",
    Role.REGISTRAR: "登记人员：Registrar, who imports registers.",
    Role.ADMINISTRATOR: "系统管理员：Administrator, who grants access and sees no people.",
    Role.APPROVER: "审批人员：Approver, who approves what others have requested.",
    Role.MONITORING: "监控系统：Monitoring system, which reads the metrics of the service and nothing else.",
    Role.OUTSIDER: "外部用户：User outside the administration, who reads published totals, in which small numbers are suppressed.",
    Role.EMERGENCY: "紧急查看：User who reads an area in full for a short time, in an emergency that is reviewed afterwards.",
}


class Right(StrEnum):
    """Right to do something in an area. Those in `WRITE_RIGHTS` hold in areas to write, the others in areas to read."""

    READ_RECORDS = "READ_RECORDS"
    READ_NAMES = "READ_NAMES"
    READ_CONFIDENTIAL = "READ_CONFIDENTIAL"
    READ_SENSITIVE = "READ_SENSITIVE"
    READ_AUDIT_LOG = "READ_AUDIT_LOG"
    INTROSPECT = "INTROSPECT"
    CHANGE_DUTIES = "CHANGE_DUTIES"
    CHANGE_SHARES = "CHANGE_SHARES"
    IMPORT = "IMPORT"
    APPROVE = "APPROVE"
    MANAGE_ACCESS = "MANAGE_ACCESS"
    BREAK_GLASS = "BREAK_GLASS"
    READ_METRICS = "READ_METRICS"
    READ_TOTALS = "READ_TOTALS"


RIGHT_DESCRIPTIONS = {
    Right.READ_RECORDS: "查看登记信息：To read records, with the names of places, offices, operators and money.",
    Right.READ_NAMES: "查看姓名：To read the names of persons.",
    Right.READ_CONFIDENTIAL: "查看保密信息：To read ID documents, telephones and bank accounts in full, for a stated purpose.",
    Right.READ_SENSITIVE: "查看敏感信息：To read health, disability, birth dates and schooling, for a stated purpose.",
    Right.READ_AUDIT_LOG: "查看审计日志：To read who viewed and changed what.",
    Right.INTROSPECT: "查看接口定义：To read the schema through the API.",
    Right.CHANGE_DUTIES: "变更帮扶责任：To record duties, visits, watches and waivers.",
    Right.CHANGE_SHARES: "变更股权：To record shares, dividends and payments.",
    Right.IMPORT: "导入：To import registers, and to undo an import.",
    Right.APPROVE: "审批：To approve what another user has requested.",
    Right.MANAGE_ACCESS: "管理授权：To grant and revoke roles and API keys.",
    Right.BREAK_GLASS: "紧急查看：To read any county or less in full for a short time, in an emergency.",
    Right.READ_METRICS: "查看运行指标：To read the metrics of the service, which concern all areas.",
    Right.READ_TOTALS: "查看对外汇总：To read published totals of whole counties.",
}
WRITE_RIGHTS = frozenset((Right.CHANGE_DUTIES, Right.CHANGE_SHARES, Right.IMPORT, Right.APPROVE, Right.MANAGE_ACCESS))
RIGHTS_BY_ROLE: dict[Role, frozenset[Right]] = {
    Role.FRONT_END: frozenset((Right.READ_RECORDS, Right.READ_NAMES, Right.READ_TOTALS)),
    Role.OFFICIAL: frozenset(
        (
            Right.READ_RECORDS,
            Right.READ_NAMES,
            Right.READ_CONFIDENTIAL,
            Right.READ_SENSITIVE,
            Right.READ_TOTALS,
            Right.CHANGE_DUTIES,
            Right.CHANGE_SHARES,
            Right.BREAK_GLASS,
        )
    ),
    Role.AUDITOR: frozenset((Right.READ_RECORDS, Right.READ_AUDIT_LOG, Right.READ_TOTALS, Right.INTROSPECT)),
    Role.REGISTRAR: frozenset(
        (
            Right.READ_RECORDS,
            Right.READ_NAMES,
            Right.READ_CONFIDENTIAL,
            Right.READ_SENSITIVE,
            Right.READ_TOTALS,
            Right.INTROSPECT,
            Right.CHANGE_DUTIES,
            Right.CHANGE_SHARES,
            Right.BREAK_GLASS,
            Right.IMPORT,
        )
    ),
    Role.ADMINISTRATOR: frozenset((Right.INTROSPECT, Right.MANAGE_ACCESS)),
    Role.APPROVER: frozenset((Right.READ_RECORDS, Right.READ_NAMES, Right.READ_TOTALS, Right.APPROVE)),
    Role.MONITORING: frozenset((Right.READ_METRICS,)),
    Role.OUTSIDER: frozenset((Right.READ_TOTALS,)),
    Role.EMERGENCY: frozenset((Right.READ_RECORDS, Right.READ_NAMES, Right.READ_CONFIDENTIAL, Right.READ_SENSITIVE)),
}
ESSENTIAL_RIGHTS = {
    Role.AUDITOR: Right.READ_AUDIT_LOG,
    Role.REGISTRAR: Right.IMPORT,
    Role.ADMINISTRATOR: Right.MANAGE_ACCESS,
    Role.APPROVER: Right.APPROVE,
    Role.MONITORING: Right.READ_METRICS,
    Role.OUTSIDER: Right.READ_TOTALS,
}
"""The right for which a role is granted, where there is one: a grant with which it could not be used is a mistake."""
RIGHTS_OF_ALL_AREAS = frozenset((Right.IMPORT, Right.READ_METRICS))
"""Rights to do what concerns all areas: they are of use only where they hold everywhere."""
RIGHTS_OF_WHOLE_COUNTIES = frozenset((Right.READ_TOTALS,))
"""Rights that are of no use in a part of a county."""


def access_denied(right: Right) -> AccessDenied:
    """Return the error for a caller who lacks a right."""
    zh, _, en = RIGHT_DESCRIPTIONS[right].partition("：")
    return AccessDenied(right_zh=zh, right_en=f"{right} ({en.rstrip('.')})")
