// 已发布的数据版本 — Published data versions below $before, the newest first.
// latest: latest collection day up to the version. usual: default day of questions, the later of that and of the day on
// which the last change takes effect.
// @params before, limit
// @returns sequence, day, latest, usual, purpose, by, published
MATCH (i:Import)
WHERE i.sequence < $before AND i.state = 'PUBLISHED'
RETURN i.sequence AS sequence, i.day AS day, i.latest AS latest, coalesce(i.usual, i.latest) AS usual,
  i.purpose AS purpose, i.by AS by, i.published AS published
ORDER BY i.sequence DESC LIMIT $limit
