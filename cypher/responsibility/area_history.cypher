// 区划沿革 — Areas merged into others until a day, with the number of households still registered under the old code.
// Either the former or the present area is in the requested areas. after: [former, into].
// @params areas, asOf, seq, after, limit
// @returns former, into, on, households
MATCH (f:Area)-[x:PREDECESSOR_OF]->(t:Area)
WHERE known(x) AND x.since <= $asOf
  AND any(area IN $areas WHERE (f.code >= area[0] AND f.code < area[1]) OR (t.code >= area[0] AND t.code < area[1]))
  AND (f.code > $after[0] OR (f.code = $after[0] AND t.code > $after[1]))
WITH f.code AS former, t.code AS into, CASE WHEN x.since > 10101 THEN x.since END AS on, COUNT {
  MATCH (f)<-[l:LIVES_IN]-(:Household) WHERE holds(l) } AS households ORDER BY former, into LIMIT $limit
RETURN former, into, on, households
ORDER BY former, into
