// 全部关系 — All relationships written by imports, with their ends, for a hash of the graph.
// @params
// @returns start, end, type, properties
MATCH (a)-[r]->(b)
WHERE r.recorded > 0 OR r.recorded IS NULL
RETURN properties(a) AS start, properties(b) AS end, type(r) AS type, properties(r) AS properties
