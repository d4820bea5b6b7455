// 已发布的数据版本 — Published data versions below $before, the newest first; `latest`: the latest day of collections until it; `usual`: the later of that
// and of the last change, for which questions without a day are asked.
// @params before, limit
// @returns sequence, day, latest, usual, purpose, by, published
MATCH (i:Import)
WHERE i.sequence < $before AND i.state = 'PUBLISHED'
RETURN i.sequence AS sequence, i.day AS day, i.latest AS latest, coalesce(i.usual, i.latest) AS usual, i.purpose AS purpose, i.by AS by, i.published AS published
ORDER BY i.sequence DESC LIMIT $limit
