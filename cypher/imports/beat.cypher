// 导入进度 — Record the progress of the writer. Returns no row if the writer has lost the write lock.
// @params token, sheet, rows
// @returns token
MATCH (w:Writer {name: 'import', token: $token})
SET w.sheet = $sheet, w.rows = $rows
RETURN w.token AS token
