// 责任书现状 — Current values of a responsibility letter: year, content, areas and signatures.
// signed: [cadre, day] of each signature.
// @params pledge, seq
// @returns year, content, areas, signed
MATCH (p:Pledge {pledge_no: $pledge})<-[:OF]-(s:PledgeState)
WHERE known(s)
RETURN s.year AS year, s.content AS content,
  COLLECT { MATCH (p)-[v:COVERS]->(a:Area) WHERE known(v) RETURN a.code ORDER BY a.code } AS areas,
  COLLECT { MATCH (p)<-[g:SIGNED]-(c:Cadre) WHERE known(g) RETURN [c.cadre_no, g.since] ORDER BY c.cadre_no } AS signed
