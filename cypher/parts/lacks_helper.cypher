// 缺帮扶责任人 — Whether the household h is entitled to a helper (帮扶对象) but has none in office, as in coverageGaps.
// Needs h, $asOf, $seq, $year, $yearsAfterExit.
part(supported) AND NOT part(has_helper)
