// 开始轮换密钥 — Record that confidential values are being sealed with the key $mark.
// A rotation to the same key goes on where it was; one to another key begins anew.
// Returns no row if another writer has the write lock.
// @params token, mark
// @returns reached
MATCH (w:Writer {name: 'import', token: $token})
SET w.seal_reached = CASE WHEN w.seal_next = $mark THEN w.seal_reached END, w.seal_next = $mark
RETURN coalesce(w.seal_reached, ['', '']) AS reached
