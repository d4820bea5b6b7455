// 发布 — In one step everybody sees it; only the writer that holds the import may.
// @params sequence, counts, published, token
// @returns sequence
MATCH (w:Writer {name: 'import', token: $token})
MATCH (i:Import {sequence: $sequence, state: 'RUNNING'})
SET i.state = 'PUBLISHED', i.counts = $counts, i.published = $published
RETURN i.sequence AS sequence
