// 全部节点 — All nodes written by imports, for a hash of the graph.
// @params
// @returns labels, properties
MATCH (n)
WHERE NOT n:Writer AND NOT n:Lease AND NOT n:Import AND (n.recorded > 0 OR n.recorded IS NULL)
RETURN labels(n) AS labels, properties(n) AS properties
