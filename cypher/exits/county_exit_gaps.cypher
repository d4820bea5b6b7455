// 县摘帽标准对照 — Counties against their exit standard (一低三有) on a day, each indicator with what is so.
// Counties are those of which the register has a report or households.
// Three values: what is not known is never passed. predicates: [predicate, comparison, threshold]. judged: rows as the part `judged` has them.
// standings: POOR, EXITED, OTHER; results: MET, UNMET, UNKNOWN; unmet, unknown: predicates, one of which is so (null: any): those asked for. after: [county].
// @params areas, low, high, asOf, seq, year, predicates, standings, results, unmet, unknown, after, limit
// @returns county, standing, exit_year, result, not_met, not_known, judged
MATCH (c:Area)
WHERE within(c) AND c.code > $after[0] AND c.recorded <= $seq AND c.level = 'COUNTY'
  AND NOT EXISTS { MATCH (c)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
  AND (EXISTS { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year } OR EXISTS { MATCH (v:Village)<-[l:LIVES_IN]-(:Household) WHERE v.code >= c.code AND v.code < c.code + ':' AND holds(l) })
WITH c ORDER BY c.code
CALL (c) {
  part(county_facts)
  WITH part(judged) AS judged, r[5] AS registered, r[6] AS exit_year
  WITH judged, exit_year, part(area_standing) AS standing, part(result) AS result
  RETURN judged, exit_year, standing, result
}
WITH c.code AS county, standing, exit_year, result, judged
WHERE standing IN $standings AND part(exit_asked)
WITH county, standing, exit_year, result, [j IN judged WHERE j[1] = false | j[0]] AS not_met, [j IN judged WHERE j[1] IS NULL | j[0]] AS not_known, judged ORDER BY county LIMIT $limit
RETURN county, standing, exit_year, result, not_met, not_known, judged
ORDER BY county
