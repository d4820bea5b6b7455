// 清除未发布的关系 — Take out relationships that only an import nobody is to see has made; how many.
// @params seq, limit, open
// @returns removed
MATCH ()-[r]->()
WHERE r.recorded = $seq AND $open > 0
WITH r LIMIT $limit
DELETE r
RETURN count(r) AS removed
