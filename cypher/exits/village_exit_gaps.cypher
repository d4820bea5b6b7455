// 村退出标准对照 — Result of the exit standard (一低五有) for the villages of an area on a day, with each indicator.
// Villages with a yearly record or households in the register, or into which others were merged, are included, unless
// they were merged into another village themselves.
// The result has three values: an unknown condition never counts as met.
// predicates: {predicate, comparison, threshold}. judged: maps of the part judged_predicates.
// statuses: requested POOR, EXITED, OTHER. results: requested MET, UNMET, UNKNOWN. unmet, unknown: predicates, at
// least one of which is unmet or unknown; null for any. after: [village].
// @params areas, low, high, asOf, seq, year, predicates, statuses, results, unmet, unknown, after, limit
// @returns village, status, exit_year, result, not_met, not_known, judged
MATCH (v:Village)
WHERE part(in_area) AND v.code > $after[0] AND v.recorded <= $seq
  AND NOT part(merged_away)
  AND (EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year } OR EXISTS {
    MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) } OR part(merged_into))
WITH v ORDER BY v.code
CALL (v) {
  part(village_facts)
  WITH part(judged_predicates) AS judged, book.poor OR part(poor_before) AS registered, book.exit_year AS exit_year
  WITH judged, exit_year, part(area_status) AS status, part(overall_result) AS result
  RETURN judged, exit_year, status, result
}
WITH v.code AS village, status, exit_year, result, judged
WHERE status IN $statuses AND part(exit_filter)
WITH village, status, exit_year, result, [j IN judged WHERE j.met = false | j.predicate] AS not_met,
  [j IN judged WHERE j.met IS NULL | j.predicate] AS not_known, judged ORDER BY village LIMIT $limit
RETURN village, status, exit_year, result, not_met, not_known, judged
ORDER BY village
