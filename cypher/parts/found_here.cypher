// 在所问区划内发现 — Whether the problem p lies in the areas asked for: it is about such an area, or a household or person there. Needs p, $areas, $asOf, $seq.
EXISTS { MATCH (p)-[b:ABOUT]->(x) WHERE holds(b)
  AND any(area IN $areas WHERE area[0] <= coalesce(x.code, head(COLLECT { MATCH (x)-[l:LIVES_IN]->(w:Village) WHERE known(l) RETURN w.code }), head(COLLECT { MATCH (x)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE known(m) AND known(l) RETURN w.code }))
    AND area[1] > coalesce(x.code, head(COLLECT { MATCH (x)-[l:LIVES_IN]->(w:Village) WHERE known(l) RETURN w.code }), head(COLLECT { MATCH (x)-[m:MEMBER_OF]->(:Household)-[l:LIVES_IN]->(w:Village) WHERE known(m) AND known(l) RETURN w.code }))) }
