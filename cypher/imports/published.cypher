// 已发布的数据版本 — Published data versions below $before, the newest first.
// latest: latest collection day up to the version.
// @params before, limit
// @returns sequence, day, latest, purpose, by, published
MATCH (i:Import)
WHERE i.sequence < $before AND i.state = 'PUBLISHED'
RETURN i.sequence AS sequence, i.day AS day, i.latest AS latest, i.purpose AS purpose, i.by AS by, i.published AS published
ORDER BY i.sequence DESC LIMIT $limit
