// 发布 — In one step everybody sees it.
// @params sequence, counts, published
MATCH (i:Import {sequence: $sequence})
SET i.state = 'PUBLISHED', i.counts = $counts, i.published = $published
