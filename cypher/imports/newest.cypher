// 最近一次导入 — The latest import or change, whatever its state.
// @params
// @returns sequence, state, purpose
MATCH (i:Import)
WHERE i.sequence >= 0
RETURN i.sequence AS sequence, i.state AS state, i.purpose AS purpose
ORDER BY i.sequence DESC LIMIT 1
