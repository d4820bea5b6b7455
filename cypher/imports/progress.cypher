// 当前导入进度 — The running import and its progress. Returns no row if nobody holds the write lock.
// @params
// @returns sequence, sheet, rows
MATCH (w:Writer {name: 'import'})
WHERE w.token <> ''
MATCH (i:Import)
WHERE i.sequence >= 0
WITH w, i ORDER BY i.sequence DESC LIMIT 1
WHERE i.state = 'RUNNING'
RETURN i.sequence AS sequence, coalesce(w.sheet, '') AS sheet, coalesce(w.rows, 0) AS rows
