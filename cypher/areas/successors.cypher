// 合并关系 — All mergers that are known now: the former area and the area into which it was merged.
// @params open
// @returns former, into
MATCH (a:Area)-[x:PREDECESSOR_OF]->(b:Area)
WHERE x.superseded = $open
RETURN a.code AS former, b.code AS into
ORDER BY former, into
