// 恢复被取代的关系 — Open again what only that import had superseded; how many.
// @params seq, limit, open
// @returns reopened
MATCH ()-[r]->()
WHERE r.superseded = $seq
WITH r LIMIT $limit
SET r.superseded = $open
RETURN count(r) AS reopened
