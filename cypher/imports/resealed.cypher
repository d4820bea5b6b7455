// 记录轮换进度 — Record the last step of a rotation, [property, key of a node].
// Returns no row if another writer has the write lock.
// @params token, reached
// @returns reached
MATCH (w:Writer {name: 'import', token: $token})
SET w.seal_reached = $reached
RETURN w.seal_reached AS reached
