// 撤销 — In one step nobody sees it any more.
// @params sequence
MATCH (i:Import {sequence: $sequence})
SET i.state = 'UNDONE'
