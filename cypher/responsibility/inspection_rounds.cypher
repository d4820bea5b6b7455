// 督查 — Supervision rounds in an area until a day: leaders, areas covered, and problems found, open and overdue.
// areas_covered: number of covered areas among the requested ones. openOnly: only rounds with open problems. after:
// [inspection].
// @params areas, low, high, asOf, seq, openOnly, after, limit
// @returns inspection_no, held_on, leaders, areas_covered, problems, open, overdue
MATCH (a:Area)<-[x:COVERS]-(i:Inspection)<-[:OF]-(s:InspectionState)
WHERE within(a)
  AND known(x) AND known(s) AND coalesce(s.held_on, $asOf) <= $asOf AND i.inspection_no > $after[0]
WITH i, s.held_on AS held_on, count(DISTINCT a) AS areas_covered,
  COLLECT { MATCH (i)<-[r:INSPECTED]-(c:Cadre) WHERE known(r) RETURN DISTINCT [c.cadre_no] AS leader
    ORDER BY leader } AS leaders,
  COLLECT { MATCH (i)-[f:FOUND]->(p:Problem)<-[:OF]-(q:ProblemState)
    WHERE known(f) AND f.since <= $asOf AND known(q) AND part(problem_in_area)
    RETURN [unsettled(q), coalesce(head(COLLECT { MATCH (p)<-[r:RESPONSIBLE_FOR]-() WHERE holds(r) RETURN r.due
      ORDER BY coalesce(r.due, 99991231) LIMIT 1 }) < $asOf, false)] } AS problem_states
WITH i.inspection_no AS inspection_no, held_on, leaders, areas_covered, size(problem_states) AS problems,
  size([f IN problem_states WHERE f[0]]) AS open, size([f IN problem_states WHERE f[0] AND f[1]]) AS overdue
WHERE NOT $openOnly OR open > 0
WITH inspection_no, held_on, leaders, areas_covered, problems, open, overdue ORDER BY inspection_no LIMIT $limit
RETURN inspection_no, held_on, leaders, areas_covered, problems, open, overdue
ORDER BY inspection_no
