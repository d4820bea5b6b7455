// 取得写入权 — Become the one writer, if the writer is still the one that was seen and has given no sign of life since; a retry after a lost answer has it already.
// It is written to before it is read: so of two who come at once the second sees the first.
// seen, batch, beats: the writer that was seen, and the signs of life that it had given. term: seconds without a sign of life after which anyone may take over.
// @params seen, batch, beats, token, holder, term
// @returns token
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.taken = timestamp()
MERGE (l:Lease {name: 'import'})
SET l.taken = timestamp()
WITH w, l
WHERE w.token = $token OR (w.token = $seen AND coalesce(w.batch, 0) = $batch AND coalesce(l.beats, 0) = $beats)
SET w.token = $token, w.holder = $holder, w.batch = 0, w.sheet = '', w.rows = 0, l.token = $token, l.beats = 0, l.term = $term
RETURN w.token AS token
