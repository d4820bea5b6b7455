// 督查轮数 — Of the supervision rounds in an area until a day, those that are told.
// The rules and parameters are those of inspection_rounds.
// @params areas, low, high, asOf, seq, open_only
// @returns total, eligible
MATCH (a:Area)<-[x:COVERS]-(i:Inspection)<-[:OF]-(s:InspectionState)
WHERE a.code >= $low AND a.code < $high AND size([area IN $areas WHERE a.code >= area[0] AND a.code < area[1]]) > 0
  AND known(x) AND known(s) AND coalesce(s.held_on, $asOf) <= $asOf
WITH DISTINCT i
WITH EXISTS { MATCH (i)-[f:FOUND]->(p:Problem)<-[:OF]-(q:ProblemState) WHERE known(f) AND f.since <= $asOf AND known(q) AND part(found_here) AND coalesce(q.closed_on, CASE WHEN q.state = 'CLOSED' THEN 10101 ELSE 99991231 END) > $asOf } AS open
RETURN coalesce(sum(CASE WHEN open OR NOT $open_only THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
