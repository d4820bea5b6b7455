// 清除未发布的节点 — Take out nodes that only that import has made; how many.
// @params seq, limit, open
// @returns removed
MATCH (n)
WHERE n.recorded = $seq AND $open > 0
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(n) AS removed
