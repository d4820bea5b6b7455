// 督查轮数 — Number of supervision rounds in an area until a day, and of those that are returned.
// The rules and parameters are those of inspection_rounds.
// @params areas, low, high, asOf, seq, openOnly
// @returns total, eligible
MATCH (a:Area)<-[x:COVERS]-(i:Inspection)<-[:OF]-(s:InspectionState)
WHERE within(a)
  AND known(x) AND known(s) AND coalesce(s.held_on, $asOf) <= $asOf
WITH DISTINCT i
WITH EXISTS { MATCH (i)-[f:FOUND]->(p:Problem)<-[:OF]-(q:ProblemState)
  WHERE known(f) AND f.since <= $asOf AND known(q) AND part(problem_in_area) AND unsettled(q) } AS open
RETURN coalesce(sum(CASE WHEN open OR NOT $openOnly THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
