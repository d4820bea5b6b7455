"""What can be wrong with a row or a cell: code → (Chinese, English), each with how to mend it."""

from __future__ import annotations

TROUBLES: dict[str, tuple[str, str]] = {
    "TOTAL_ROW": ("合计行不是记录,未录入;无需处理", "a row of totals is no record and was left out; nothing is to be done"),
    "KEY_MISSING": ("缺少编号,请补填后重新导入", "the number that names the row is missing; fill it in"),
    "KEY_DUPLICATE": ("编号重复,保留第一行;请核对后删除或改正", "the number is there twice, the first row stays; correct or remove this one"),
    "KEY_STORED_AS_NUMBER": ("编号存成了数字,末几位已丢失;请把该列设为文本后重填", "the number was stored as a figure and lost digits; make the column text and enter it again"),
    "REFERENCE_UNKNOWN": ("所指的对象不存在;请先登记它,或改正编号", "what it refers to is not known; register that first, or correct the number"),
    "AREA_CODE_INVALID": ("行政村编码应为 12 位数字;请改正", "a village's code has 12 digits; correct it"),
    "VILLAGE_NOT_IN_TREE": ("现行区划中没有该村(可能已撤并);已按登记建立,请核对编码", "today's area tree lacks this village (merged since?); it was made as registered, verify the code"),
    "KIND_UNKNOWN": ("类型不在可用范围内;请改为该表规定的类型(见 docs/model.md)", "the kind is not one of those known; use one of those that docs/model.md lists for the sheet"),
    "INTERVAL_REVERSED": ("结束早于开始;请改正日期", "it ends before it begins; correct the dates"),
    "NUMBER_INVALID": ("不是数字或不在范围内;请改正", "it is not a number, or out of range; correct it"),
    "AMOUNT_NEGATIVE": ("金额为负且未注明更正的凭证;请改正或填写更正凭证号", "the amount is negative and names no voucher that it corrects; correct it or name the voucher"),
    "FIGURE_MISSING": ("缺少金额或比例,无法对账;请补填后重新导入", "the amount or the part is missing: nothing can be held against it; fill it in"),
    "FLOW_TO_ITSELF": ("款项的来源与去向相同;请改正其一", "the money is said to go to where it comes from; correct one of the two"),
    "STAKE_IN_ITSELF": ("出资主体与被投资主体相同;请改正其一", "the operator is said to hold a part of itself; correct one of the two"),
    "STAKE_OVER_WHOLE": ("持股比例超过 100%;请改正", "the part held is above 100 %; correct it"),
    "DATE_INVALID": ("不是有效日期;请用 2016-12-31 的形式", "it is not a date; write it as 2016-12-31"),
    "ID_INVALID": ("证件号码的长度、日期或校验位不对;按原样保留,请核对", "length, date or check character of the document is wrong; kept as written, verify it"),
    "ID_STORED_AS_NUMBER": ("证件号码存成了数字,末几位已丢失;未录入,请设为文本后重填", "the document was stored as a figure and lost digits; left out, make the column text and enter it again"),
    "PHONE_INVALID": ("电话号码形式不对;按原样保留,请核对", "this is not the form of a telephone number; kept as written, verify it"),
    "VALUE_UNKNOWN": ("不在代码表中,按原文保留;代码表见 docs/model.md", "not in the code list, kept as written; the lists are in docs/model.md"),
    "ROWS_DISAGREE": ("与本次数据中同一对象的另一行不一致,保留先出现的;请核对", "another row of this delivery says otherwise of the same; the first stays, verify both"),
    "CHANGED_BY_OLDER": ("采集日早于最新一次采集,但改动了其未涉及的内容;请核对", "this collection is older than the last one, and changed what that one did not; verify it"),
    "CHANGE_KEPT": ("此后已有干部变更,予以保留;如应以登记表为准,请以相应的变更(如 endDuty、updateProblem)改正", "an official's change has come since and was kept; where the register is right, correct it with a change (endDuty, updateProblem)"),
    "LACKING": ("完整报送中没有,已自采集日前一日起终止(当年的户卡、人口、年报则撤回);如系漏报,请补报", "the complete delivery lacks it: it ended on the day before the collection (a card or record of the year is withdrawn); if it was left out by mistake, deliver it"),
    "NOT_COMPLETE": ("报送称为完整,但有拒收的行,未终止任何内容;请改正后重新完整报送", "the delivery is said to be complete but has refused rows, so nothing was ended; correct them and deliver it whole again"),
    "ENDS_NOTHING": ("此表只作增补,完整报送不终止任何内容", "this sheet only adds: a complete delivery of it ends nothing"),
    "OLDER_DELIVERY": ("已有更新的采集结果;未回退", "a later collection knows better; it was not rolled back"),
}  # fmt: skip
