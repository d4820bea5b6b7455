// 村退出标准对照 — Villages against their exit standard (一低五有) on a day, each indicator with what is so.
// Villages are those of which the register has a book or households, or into which others were merged, and that were not merged into another by then.
// Three values: what is not known is never passed. predicates: [predicate, comparison, threshold]. judged: rows as the part `judged` has them.
// standings: POOR, EXITED, OTHER; results: MET, UNMET, UNKNOWN; unmet, unknown: predicates, one of which is so (null: any): those asked for. after: [village].
// @params areas, low, high, asOf, seq, year, predicates, standings, results, unmet, unknown, after, limit
// @returns village, standing, exit_year, result, not_met, not_known, judged
MATCH (v:Village)
WHERE part(in_area) AND v.code > $after[0] AND v.recorded <= $seq
  AND NOT part(merged_away)
  AND (EXISTS { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year } OR EXISTS { MATCH (v)<-[l:LIVES_IN]-(:Household) WHERE holds(l) } OR part(merged_into))
WITH v ORDER BY v.code
CALL (v) {
  part(village_facts)
  WITH part(judged) AS judged, b[8] OR part(poor_before) AS registered, b[9] AS exit_year
  WITH judged, exit_year, part(area_standing) AS standing, part(result) AS result
  RETURN judged, exit_year, standing, result
}
WITH v.code AS village, standing, exit_year, result, judged
WHERE standing IN $standings AND part(exit_asked)
WITH village, standing, exit_year, result, [j IN judged WHERE j[1] = false | j[0]] AS not_met, [j IN judged WHERE j[1] IS NULL | j[0]] AS not_known, judged ORDER BY village LIMIT $limit
RETURN village, standing, exit_year, result, not_met, not_known, judged
ORDER BY village
