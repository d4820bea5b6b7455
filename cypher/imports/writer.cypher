// 当前写入者 — Holder of the write lock, its heartbeats, and the seconds without one after which anyone can take over.
// batch: last batch written. beats: number of renewals of the lease.
// @params
// @returns token, holder, batch, beats, term
MATCH (w:Writer {name: 'import'})
OPTIONAL MATCH (l:Lease {name: 'import'})
RETURN w.token AS token, coalesce(w.holder, '') AS holder, coalesce(w.batch, 0) AS batch,
  coalesce(l.beats, 0) AS beats, coalesce(l.term, 0.0) AS term
