// 撤销完成 — Record that all data of an undone import have been removed.
// @params sequence
MATCH (i:Import {sequence: $sequence, state: 'UNDONE'})
SET i.swept = true
