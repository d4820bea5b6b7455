// 恢复被取代的节点 — Restore the states that only this import had superseded, and return their number.
// @params seq, limit, open
// @returns reopened
MATCH (n)
WHERE n.superseded = $seq
WITH n LIMIT $limit
SET n.superseded = $open
RETURN count(n) AS reopened
