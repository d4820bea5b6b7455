// 导入状态 — Where an import or change stands.
// @params sequence
// @returns state
MATCH (i:Import {sequence: $sequence})
RETURN i.state AS state
