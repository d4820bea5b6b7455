// 领导小组空缺数 — Number of areas that must have a leading group, and of those whose group has no members.
// The rules and parameters are those of leaderless_areas.
// @params areas, low, high, asOf, seq, levels
// @returns total, eligible
MATCH (a:Area)
WHERE within(a) AND a.recorded <= $seq
  AND a.level IN $levels AND NOT EXISTS { MATCH (a)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
    AND (EXISTS { MATCH (v:Village)<-[l:LIVES_IN]-(:Household)
    WHERE v.code >= a.code AND v.code < a.code + ':' AND known(l) }
    OR EXISTS { MATCH (s:Area)<-[into:PREDECESSOR_OF]-(:Area)
      WHERE s.code >= a.code AND s.code < a.code + ':' AND known(into) AND into.since <= $asOf })
WITH EXISTS { MATCH (a)<-[r:LEADS]-(c:Cadre) WHERE holds(r) AND NOT EXISTS {
  MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf } } AS led
RETURN coalesce(sum(CASE WHEN led THEN 0 ELSE 1 END), 0) AS total, count(*) AS eligible
