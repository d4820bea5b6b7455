// 撤销 — Mark an import as undone, which hides it in one step.
// @params sequence
MATCH (i:Import {sequence: $sequence})
SET i.state = 'UNDONE'
