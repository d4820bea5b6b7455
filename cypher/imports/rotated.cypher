// 完成轮换密钥 — Record that all confidential values are sealed with the key $mark.
// Returns no row if another writer has the write lock.
// @params token, mark
// @returns mark
MATCH (w:Writer {name: 'import', token: $token})
SET w.seal = $mark, w.seal_next = null, w.seal_reached = null, w.rotations = coalesce(w.rotations, 0) + 1
RETURN w.seal AS mark
