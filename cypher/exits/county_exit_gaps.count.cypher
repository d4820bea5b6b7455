// 县摘帽标准对照数 — Number of counties with the requested statuses, by result, and of those that are returned.
// The rules and parameters are those of county_exit_gaps.
// @params areas, low, high, asOf, seq, year, predicates, statuses, results, unmet, unknown
// @returns total, eligible, met, unmet, unknown
MATCH (c:Area)
WHERE within(c) AND c.recorded <= $seq AND c.level = 'COUNTY'
  AND NOT EXISTS { MATCH (c)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
  AND (EXISTS { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year } OR EXISTS {
    MATCH (v:Village)<-[l:LIVES_IN]-(:Household) WHERE v.code >= c.code AND v.code < c.code + ':' AND holds(l) })
CALL (c) {
  part(county_facts)
  WITH part(judged_predicates) AS judged, report.poor AS registered, report.exit_year AS exit_year
  RETURN judged, part(area_status) AS status, part(overall_result) AS result
}
WITH judged, result, status
WHERE status IN $statuses
RETURN coalesce(sum(CASE WHEN part(exit_filter) THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible,
  part(exit_totals)
