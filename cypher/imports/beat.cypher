// 仍在导入 — The writer lives; nothing where it does not hold the import any more.
// @params token
// @returns token
MATCH (w:Writer {name: 'import', token: $token})
SET w.beat = timestamp()
RETURN w.token AS token
