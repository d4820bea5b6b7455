// 确认写入权 — Keep the write lock until the end of the transaction. Returns no row if another writer has it.
// The node is written before it is read, so that nobody can take over in the meantime.
// @params token
// @returns token
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
RETURN w.token AS token
