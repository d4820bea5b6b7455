// 导入到哪一步 — The import that is running: how far it has come, and for how long (ms) nothing has been heard of it.
// @params
// @returns sequence, sheet, rows, age
MATCH (w:Writer {name: 'import'})
WHERE w.token <> ''
MATCH (i:Import)
WHERE i.sequence >= 0
WITH w, i ORDER BY i.sequence DESC LIMIT 1
WHERE i.state = 'RUNNING'
RETURN i.sequence AS sequence, coalesce(w.sheet, '') AS sheet, coalesce(w.rows, 0) AS rows, timestamp() - w.beat AS age
