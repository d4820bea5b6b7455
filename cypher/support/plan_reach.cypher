// 专项方案与五个一批落实 — Measures of each special plan or batch in each lower area, including zeros.
// The columns are the numbers of measures in force, households and people, and the amount.
// plans: {code, kinds, title}: kinds of measures, and title in policies, of plans, or of the five batches if `batched`.
// A measure belongs to the plan or batch that its policy names, or otherwise to that of its kind. A measure of several
// members counts once, with its amount.
// digits: length of the area codes by which to sum. blank: only plans that reach nobody in the area (true), or only
// others (false); null for all. after: [area, position].
// @params areas, low, high, asOf, seq, plans, positions, digits, batched, blank, hollow, after, limit
// @returns area, position, plan, measures, households, persons, amount
MATCH (v:Village)
WHERE part(in_area) AND v.code >= substring($after[0], 0, $digits) AND v.recorded <= $seq
  AND EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) }
CALL (v) {
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
  CALL (h) {
    MATCH (h)-[r:RECEIVES]->(m:Measure)
    WHERE holds(r) AND NOT EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[q:RECEIVES]->(m) WHERE holds(b) AND holds(q) }
    RETURN m, null AS p
  UNION ALL
    WITH h
    MATCH (h)<-[b:MEMBER_OF]-(p:Person)-[r:RECEIVES]->(m:Measure)
    WHERE holds(b) AND holds(r)
    RETURN m, p
  }
  MATCH (m)<-[:OF]-(s:MeasureState)
  WHERE known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf
    AND NOT coalesce(s.content IN $hollow, false)
  WITH h, p, m, s, head(COLLECT { MATCH (m)-[u:UNDER]->(:Policy)<-[:OF]-(o:PolicyState) WHERE holds(u) AND known(o)
    RETURN CASE WHEN $batched THEN o.batch ELSE o.plan END }) AS policy_plan
  WITH h, p, m, s, policy_plan, part(plans_near) AS near
  RETURN h, p, m, coalesce(s.amount, 0) AS amount, part(plan_of_measure) AS name
UNION ALL
  RETURN null AS h, null AS p, null AS m, 0 AS amount, null AS name
}
WITH substring(v.code, 0, $digits) AS code, name, count(DISTINCT h) AS households, count(DISTINCT p) AS persons,
  collect(DISTINCT [m.measure_no, amount]) AS amounts
WITH code, name, size(amounts) AS measures, households, persons, reduce(sum = 0, x IN amounts | sum + x[1]) AS amount
WITH code,
  collect({plan: name, measures: measures, households: households, persons: persons, amount: amount}) AS totals
UNWIND $positions AS position
WITH code, position, $plans[position].code AS plan,
  coalesce(head([t IN totals WHERE t.plan = $plans[position].code]),
    {measures: 0, households: 0, persons: 0, amount: 0}) AS total
WHERE ($blank IS NULL OR $blank = (total.measures = 0))
  AND (code > $after[0] OR (code = $after[0] AND position > $after[1]))
WITH code AS area, position, plan, total.measures AS measures, total.households AS households,
  total.persons AS persons, total.amount AS amount
  ORDER BY area, position LIMIT $limit
RETURN area, position, plan, measures, households, persons, amount
ORDER BY area, position
