// 县摘帽标准对照 — Result of the exit standard (一低三有) for the counties of an area on a day, with each indicator.
// Counties with a yearly report or with households in the register are included.
// The result has three values: an unknown condition never counts as met.
// predicates: {predicate, comparison, threshold}. judged: maps of the part judged_predicates.
// statuses: requested POOR, EXITED, OTHER. results: requested MET, UNMET, UNKNOWN. unmet, unknown: predicates, at
// least one of which is unmet or unknown; null for any. after: [county].
// @params areas, low, high, asOf, seq, year, predicates, statuses, results, unmet, unknown, after, limit
// @returns county, status, exit_year, result, not_met, not_known, judged
MATCH (c:Area)
WHERE within(c) AND c.code > $after[0] AND c.recorded <= $seq AND c.level = 'COUNTY'
  AND NOT EXISTS { MATCH (c)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
  AND (EXISTS { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year } OR EXISTS {
    MATCH (v:Village)<-[l:LIVES_IN]-(:Household) WHERE v.code >= c.code AND v.code < c.code + ':' AND holds(l) })
WITH c ORDER BY c.code
CALL (c) {
  part(county_facts)
  WITH part(judged_predicates) AS judged, report.poor AS registered, report.exit_year AS exit_year
  WITH judged, exit_year, part(area_status) AS status, part(overall_result) AS result
  RETURN judged, exit_year, status, result
}
WITH c.code AS county, status, exit_year, result, judged
WHERE status IN $statuses AND part(exit_filter)
WITH county, status, exit_year, result, [j IN judged WHERE j.met = false | j.predicate] AS not_met,
  [j IN judged WHERE j.met IS NULL | j.predicate] AS not_known, judged ORDER BY county LIMIT $limit
RETURN county, status, exit_year, result, not_met, not_known, judged
ORDER BY county
