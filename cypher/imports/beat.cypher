// 仍在导入 — The writer lives, and how far it has come; nothing where it does not hold the import any more.
// @params token, sheet, rows
// @returns token
MATCH (w:Writer {name: 'import', token: $token})
SET w.beat = timestamp(), w.sheet = coalesce($sheet, w.sheet), w.rows = coalesce($rows, w.rows)
RETURN w.token AS token
