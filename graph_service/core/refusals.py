"""Reasons for which a change is refused: declared once, shown by the API as `RefusalCode`, and carried by each `ChangeError`."""

from __future__ import annotations

from enum import Enum, unique

from graph_service.errors import ChangeConflict, ChangeError, ChangeForbidden, ChangeInvalid


@unique
class RefusalCode(Enum):
    """A reason with its Chinese term and a sentence. A client may act on it; codes are stable."""

    REQUIRED_VALUE_MISSING = ("缺少必填内容", "A value that the change needs is missing or blank.")
    VALUE_NOT_ALLOWED = ("取值不适用", "The value is not one of those that this field takes.")
    VALUES_DO_NOT_COMBINE = (
        "内容不能并用",
        "Values of the input exclude each other, or one is given without its counterpart.",
    )
    OUT_OF_RANGE = ("超出范围", "A number, an amount, a year or a day is outside of the range allowed.")
    TOO_MANY_ITEMS = ("条数过多", "A list has more entries than one change takes.")
    LISTED_TWICE = ("重复列出", "The input lists the same holder, pair or number twice.")
    DAY_IN_FUTURE = ("日期在今天之后", "The day is after today.")
    DAY_TOO_EARLY = ("日期过早", "The day is before the first day that is possible.")
    RECORD_UNKNOWN = ("未找到", "A record that the input names does not exist, or lies outside of the granted areas.")
    RECORD_NEEDS_CORRECTION = (
        "登记有误待更正",
        "Recorded data lacks a value or contradicts itself, and has to be corrected first.",
    )
    TOTAL_UNKNOWN = ("总股数不详", "No total of shares is recorded for the asset.")
    HOLDER_HAS_LEFT = ("责任人已离岗", "The cadre has left the post, or the department was dissolved.")
    HOLDER_KIND_WRONG = (
        "责任人或持有人类型不符",
        "A holder of another kind is needed, for example a department instead of a cadre.",
    )
    SUBJECT_KIND_WRONG = (
        "对象类型不符",
        "The duty has a subject of another kind, for example a village instead of a household.",
    )
    VILLAGE_MERGED = ("村已撤并", "The village was merged into another one, which has its duties from that day on.")
    NOT_A_HOLDER = ("不是责任人或持有人", "The holder does not have the duty or the shares that the change is about.")
    NOT_ENTITLED = ("不符合持股条件", "The holder is not poor on the day, so it cannot hold preferred shares.")
    SHARES_INSUFFICIENT = ("股数不足", "There are fewer shares than the change needs.")
    SHARES_EXCEED_TOTAL = ("超过总股数", "More shares would be held than the total of the asset.")
    AMOUNT_BELOW_FLOOR = ("低于保底收益", "The dividend is less than the floor of the asset.")
    AMOUNT_EXCEEDS_DIVIDEND = ("超过应分金额", "More would be paid than the dividend, or nothing of it is left to pay.")
    DIVIDEND_ALREADY_PAID = ("分红已发放", "A dividend was already paid by the shares that the change would alter.")
    NUMBER_IN_USE = ("编号已使用", "The number belongs to another record.")
    RECORDED_OTHERWISE = ("已登记且内容不同", "The same event is already recorded with other values.")
    ALREADY_ASSIGNED = ("已承担此责任", "The holder already has the duty in a part of the period.")
    ALREADY_ENDED = ("已结束", "What the change is about has ended, or its end is already recorded.")
    ALREADY_ANNOUNCED = ("该年度已公告分红", "A dividend of the asset is already announced for the year.")
    ALREADY_CLOSED = ("问题已销号", "The problem is closed.")
    NOT_CLOSED = ("问题未销号", "The problem is not closed.")
    CLIENT_KEY_REUSED = ("请求键已使用", "The client key was used for another change.")
    CHANGE_UNDONE = ("变更已撤销", "The change of this client key was undone.")
    NOT_THE_NEWEST_VERSION = ("不是最新版本", "Only the newest data version can be undone, and this is not it.")
    IMPORT_UNFINISHED = ("导入未完成", "An import was interrupted and has to be resumed or undone first.")
    WRITER_BUSY = (
        "正在写入",
        "Another import, change or undo is running; the same request may succeed a little later.",
    )
    OWN_ACCOUNT = ("本人账号", "The change concerns the account of its author, which another user has to do.")
    OWN_PROPOSAL = ("本人申请", "The author of a proposal wants to decide on it, which another user has to do.")
    APPROVAL_NEEDED = (
        "须经审批",
        "The change would give without approval what a second person has to approve in this service.",
    )
    ALREADY_DECIDED = ("已有决定", "The proposal was decided before, or is being made for another approver.")
    RIGHT_MISSING = ("无此权限", "The caller does not have the right that the change needs, in any area.")
    AUTHOR_DIFFERS = ("操作人与登录用户不符", "The change names another author than the user who has signed in.")
    OUTSIDE_GRANTED_AREAS = ("超出授权区划", "The change concerns areas in which the caller may not make it.")
    FILE_INVALID = ("文件无法使用", "A file of the delivery, or its mapping, cannot be used.")

    @property
    def zh(self) -> str:
        return self.value[0]

    @property
    def doc(self) -> str:
        return self.value[1]


def invalid_change(code: RefusalCode, field: str, zh: str, en: str) -> ChangeInvalid:
    """Return the error for invalid input. `field`: path of the input's field, such as `byShares.amount`; `zh`, `en`: sentences."""
    return ChangeInvalid(refusal=code, field=field, reason_zh=zh, reason_en=en)


def conflicting_change(code: RefusalCode, zh: str, en: str) -> ChangeConflict:
    """Return the error for a change that contradicts recorded data, or that another writer prevents."""
    return ChangeConflict(refusal=code, reason_zh=zh, reason_en=en)


def forbidden_change(code: RefusalCode, zh: str, en: str) -> ChangeForbidden:
    """Return the error for a change that the caller may not make."""
    return ChangeForbidden(refusal=code, reason_zh=zh, reason_en=en)


def personal_number_refused(field: str) -> ChangeInvalid:
    """Return the refusal of a text with a number of a person: whoever reads records reads it, and no key seals it."""
    return invalid_change(
        RefusalCode.VALUE_NOT_ALLOWED,
        field,
        "其中不得有证件号码、银行卡号或电话号码。请删去后重试。",
        "The text must not have numbers of ID documents, bank cards or telephones. Remove them and try again.",
    )


def unknown_reference(field: str, key: str) -> ChangeInvalid:
    """Return the error for a reference that does not exist, or that the caller may not see."""
    return invalid_change(
        RefusalCode.RECORD_UNKNOWN,
        field,
        f"未找到 {key}，或其不在授权区划内。请核对后重试。",
        f"{key} does not exist, or lies outside of the areas granted to you. Check it and try again.",
    )


def choice_code(count: int) -> RefusalCode:
    """Return the code for a choice of exactly one of several values, of which `count` are given."""
    return RefusalCode.VALUES_DO_NOT_COMBINE if count else RefusalCode.REQUIRED_VALUE_MISSING


def refusal_code(error: ChangeError) -> RefusalCode:
    """Return the reason of a refusal."""
    code = error.details["refusal"]
    assert isinstance(code, RefusalCode)
    return code
