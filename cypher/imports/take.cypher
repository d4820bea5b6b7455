// 取得导入权 — Become the one writer, if the writer is still the one that was seen.
// It is written to before it is read: so of two who come at once the second sees the first.
// @params seen, token, holder
// @returns token
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.taken = timestamp()
WITH w WHERE w.token = $seen
SET w.token = $token, w.holder = $holder, w.batch = 0, w.beat = timestamp(), w.sheet = '', w.rows = 0
RETURN w.token AS token
