// 发布 — In one step everybody sees it; only the writer that holds the import may. `latest`: the latest day of collections before it;
// `changed`: the latest day on which a change until it takes effect; `usual`: the later of the two, for which questions without a day are asked.
// It is written to before it is read: nobody takes over meanwhile; so what is published already is so by a retry after a lost answer.
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
