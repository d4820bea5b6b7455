// 专项方案落实数 — Number of special plans or batches in the areas below, and of those that are returned.
// The rules and parameters are those of plan_reach.
// @params areas, low, high, asOf, seq, plans, positions, digits, batched, blank, hollow
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
  AND EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) }
CALL (v) {
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
  CALL (h) {
    MATCH (h)-[r:RECEIVES]->(m:Measure)
    WHERE holds(r)
    RETURN m
  UNION
    WITH h
    MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)
    WHERE holds(b) AND holds(r)
    RETURN m
  }
  MATCH (m)<-[:OF]-(s:MeasureState)
  WHERE known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
    AND NOT coalesce(s.content IN $hollow, false)
  WITH s, head(COLLECT { MATCH (m)-[u:UNDER]->(:Policy)<-[:OF]-(o:PolicyState) WHERE holds(u) AND known(o)
    RETURN CASE WHEN $batched THEN o.batch ELSE o.plan END }) AS policy_plan
  WITH s, policy_plan, part(plans_near) AS near
  RETURN part(plan_of_measure) AS name
UNION ALL
  RETURN null AS name
}
WITH substring(v.code, 0, $digits) AS code, collect(DISTINCT name) AS reached
UNWIND $positions AS position
WITH $plans[position].code IN reached AS is_reached
RETURN sum(CASE WHEN $blank IS NULL OR $blank <> is_reached THEN 1 ELSE 0 END) AS total, count(*) AS eligible
