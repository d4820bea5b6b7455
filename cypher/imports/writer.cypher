// 谁在写入 — Who holds the right to write, the signs of life given so far, and the seconds without one after which anyone may take over.
// batch: the last batch written; beats: how often the lease was renewed.
// @params
// @returns token, holder, batch, beats, term
MATCH (w:Writer {name: 'import'})
OPTIONAL MATCH (l:Lease {name: 'import'})
RETURN w.token AS token, coalesce(w.holder, '') AS holder, coalesce(w.batch, 0) AS batch, coalesce(l.beats, 0) AS beats, coalesce(l.term, 0.0) AS term
