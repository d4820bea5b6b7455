// 未完成的导入 — Imports and changes that are not visible but may have left data, the newest first.
// @params
// @returns sequence, state, content, purpose
MATCH (i:Import)
WHERE i.state IN ['RUNNING', 'UNDONE'] AND i.swept IS NULL
RETURN i.sequence AS sequence, i.state AS state, i.content AS content, i.purpose AS purpose
ORDER BY i.sequence DESC
