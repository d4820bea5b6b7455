// 撤销完成 — Nothing of an undone import is left.
// @params sequence
MATCH (i:Import {sequence: $sequence, state: 'UNDONE'})
SET i.swept = true
