// 取得写入权 — Take the write lock if the current writer is still the one seen and has sent no heartbeat since.
// A retry after a lost answer finds the lock already taken. The node is written before it is read: if two writers try
// at once, the second one sees the first.
// seen, batch, beats: the writer that was seen, its last batch and its heartbeats. term: seconds without a heartbeat
// after which anyone can take over.
// @params seen, batch, beats, token, holder, term
// @returns token
MERGE (w:Writer {name: 'import'})
ON CREATE SET w.token = ''
SET w.taken = timestamp()
MERGE (l:Lease {name: 'import'})
SET l.taken = timestamp()
WITH w, l
WHERE w.token = $token OR (w.token = $seen AND coalesce(w.batch, 0) = $batch AND coalesce(l.beats, 0) = $beats)
SET w.token = $token, w.holder = $holder, w.batch = 0, w.sheet = '', w.rows = 0, l.token = $token, l.beats = 0,
  l.term = $term
RETURN w.token AS token
