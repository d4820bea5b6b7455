// 区划沿革数 — Number of areas merged into others until a day. total and eligible are the same, as all are returned.
// The rules and parameters are those of area_history.
// @params areas, asOf, seq
// @returns total, eligible
MATCH (f:Area)-[x:PREDECESSOR_OF]->(t:Area)
WHERE known(x) AND x.since <= $asOf AND any(area IN $areas
  WHERE (f.code >= area[0] AND f.code < area[1]) OR (t.code >= area[0] AND t.code < area[1]))
RETURN count(*) AS total, count(*) AS eligible
