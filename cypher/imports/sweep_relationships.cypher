// 清除未发布的关系 — Delete relationships that only this hidden import has written, and return their number.
// @params seq, limit, open
// @returns removed
MATCH ()-[r]->()
WHERE r.recorded = $seq AND $open > 0
WITH r LIMIT $limit
DELETE r
RETURN count(r) AS removed
