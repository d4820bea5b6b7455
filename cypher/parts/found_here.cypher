// 在所问区划内发现 — Whether the problem p lies in the areas asked for: it is about such an area, or a household or person there. Needs p, $areas, $asOf, $seq.
any(code IN COLLECT { MATCH (p)-[b:ABOUT]->(thing) WHERE holds(b) RETURN coalesce(thing.code, head(COLLECT { MATCH (thing)-[l:LIVES_IN]->(w:Village) WHERE known(l) RETURN w.code }), head(COLLECT { MATCH (thing)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE known(m) AND known(l) RETURN w.code })) }
  WHERE any(area IN $areas WHERE area[0] <= code AND area[1] > code))
