// 恢复被取代的节点 — Open again the states that only that import had superseded; how many.
// @params seq, limit, open
// @returns reopened
MATCH (n)
WHERE n.superseded = $seq
WITH n LIMIT $limit
SET n.superseded = $open
RETURN count(n) AS reopened
