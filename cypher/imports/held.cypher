// 是否仍持有导入权 — The import, if this writer still holds its lock.
// @params token
// @returns batch
MATCH (w:Writer {name: 'import', token: $token})
RETURN w.batch AS batch
