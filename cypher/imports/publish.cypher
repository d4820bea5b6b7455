// 发布 — Publish an import, which makes it visible in one step. Only the writer that holds the import can publish it.
// latest: latest collection day before this import. changed: latest day on which a change up to it takes effect.
// The later of these and the day of the import is the default day of questions.
// The node is written before it is read, so that nobody can take over in the meantime.
// A retry after a lost answer finds the import already published.
// @params sequence, counts, published, latest, changed, token
// @returns sequence
MATCH (w:Writer {name: 'import'})
SET w.taken = timestamp()
WITH w WHERE w.token = $token
MATCH (i:Import {sequence: $sequence})
WHERE i.state IN ['RUNNING', 'PUBLISHED']
SET i.state = 'PUBLISHED', i.counts = $counts, i.published = $published,
  i.latest = CASE WHEN $latest > i.day THEN $latest ELSE i.day END
SET i.usual = CASE WHEN $changed > i.latest THEN $changed ELSE i.latest END
RETURN i.sequence AS sequence
