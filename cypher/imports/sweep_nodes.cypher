// 清除未发布的节点 — Delete nodes that only this import has written, and return their number.
// @params seq, limit, open
// @returns removed
MATCH (n)
WHERE n.recorded = $seq AND $open > 0
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(n) AS removed
