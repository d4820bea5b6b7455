// 导入状态 — State of an import or change.
// @params sequence
// @returns state
MATCH (i:Import {sequence: $sequence})
RETURN i.state AS state
