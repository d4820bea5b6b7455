// 导入到哪一步 — The import that is running, and how far it has come; nothing where nobody holds the right to write.
// @params
// @returns sequence, sheet, rows
MATCH (w:Writer {name: 'import'})
WHERE w.token <> ''
MATCH (i:Import)
WHERE i.sequence >= 0
WITH w, i ORDER BY i.sequence DESC LIMIT 1
WHERE i.state = 'RUNNING'
RETURN i.sequence AS sequence, coalesce(w.sheet, '') AS sheet, coalesce(w.rows, 0) AS rows
