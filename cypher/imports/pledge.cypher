// 责任书现状 — What is known of a responsibility letter: year, content, the areas that it is for, and who signed it when.
// signed: [cadre, day] of each who has.
// @params pledge, seq
// @returns year, content, areas, signed
MATCH (p:Pledge {pledge_no: $pledge})<-[:OF]-(s:PledgeState)
WHERE known(s)
RETURN s.year AS year, s.content AS content,
  COLLECT { MATCH (p)-[v:COVERS]->(a:Area) WHERE known(v) RETURN a.code ORDER BY a.code } AS areas,
  COLLECT { MATCH (p)<-[g:SIGNED]-(c:Cadre) WHERE known(g) RETURN [c.cadre_no, g.since] ORDER BY c.cadre_no } AS signed
