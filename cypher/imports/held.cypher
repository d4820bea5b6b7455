// 是否仍持有写入权 — The import of this writer, if it still has the right to write.
// @params token
// @returns batch
MATCH (w:Writer {name: 'import', token: $token})
RETURN w.batch AS batch
