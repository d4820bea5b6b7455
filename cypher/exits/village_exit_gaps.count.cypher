// 村退出标准对照数 — Number of villages with the requested statuses, by result, and of those that are returned.
// The rules and parameters are those of village_exit_gaps.
// @params areas, low, high, asOf, seq, year, predicates, statuses, results, unmet, unknown
// @returns total, eligible, met, unmet, unknown
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
  AND NOT part(merged_away)
  AND (EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year } OR EXISTS {
    MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) } OR part(merged_into))
CALL (v) {
  part(village_facts)
  WITH part(judged_predicates) AS judged, book.poor OR part(poor_before) AS registered, book.exit_year AS exit_year
  RETURN judged, part(area_status) AS status, part(overall_result) AS result
}
WITH judged, result, status
WHERE status IN $statuses
RETURN coalesce(sum(CASE WHEN part(exit_filter) THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible,
  part(exit_totals)
