// 导入进度 — How far the writer has come; nothing where it does not hold the right to write any more.
// @params token, sheet, rows
// @returns token
MATCH (w:Writer {name: 'import', token: $token})
SET w.sheet = $sheet, w.rows = $rows
RETURN w.token AS token
