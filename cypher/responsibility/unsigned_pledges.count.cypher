// 未签订的责任书数 — Number of areas that must sign a responsibility letter, and of those without a signed one.
// The rules and parameters are those of unsigned_pledges.
// @params areas, low, high, asOf, seq, year, levels
// @returns total, eligible
MATCH (a:Area)
WHERE within(a) AND a.recorded <= $seq
  AND a.level IN $levels AND NOT EXISTS { MATCH (a)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
    AND (part(has_records))
WITH EXISTS { MATCH (a)<-[c:COVERS]-(p:Pledge)<-[:OF]-(s:PledgeState) WHERE holds(c) AND known(s) AND s.year = $year
  AND EXISTS { MATCH (p)<-[g:SIGNED]-(:Cadre) WHERE known(g) AND g.since <= $asOf } } AS signed
RETURN sum(CASE WHEN signed THEN 0 ELSE 1 END) AS total, count(*) AS eligible
