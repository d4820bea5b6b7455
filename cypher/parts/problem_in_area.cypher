// 查询区划内的问题 — Whether the problem p is about a requested area, or a household or person there.
// Needs p, $areas, $asOf, $seq.
any(code IN COLLECT { MATCH (p)-[b:ABOUT]->(thing) WHERE holds(b)
  RETURN coalesce(thing.code, head(COLLECT { MATCH (thing)-[l:LIVES_IN]->(w:Village) WHERE known(l) RETURN w.code
  ORDER BY l.since DESC LIMIT 1 }), head(COLLECT {
  MATCH (thing)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE known(m) AND known(l) RETURN w.code
  ORDER BY m.since DESC, l.since DESC LIMIT 1 })) }
  WHERE any(area IN $areas WHERE area[0] <= code AND area[1] > code))
