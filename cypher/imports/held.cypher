// 是否仍持有导入权 — Whether this writer still holds the import.
// @params token
// @returns batch
MATCH (w:Writer {name: 'import', token: $token})
RETURN w.batch AS batch
