// 缺帮扶责任人 — Whether the household h owes a helper (帮扶对象) and has none who is not gone, as coverageGaps tells. Needs h, $asOf, $seq, $year, $yearsAfterExit.
part(supported) AND none(rows IN [part(helper_terms)] WHERE part(duty_met))
