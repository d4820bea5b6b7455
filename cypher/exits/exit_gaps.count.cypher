// 脱贫标准对照数 — Number of supported households with the requested statuses, by result.
// The rules and parameters are those of exit_gaps.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, predicates, lines, ages, outOfSchool, notInSchool,
//   statuses, results
// @returns total, eligible, met, unmet, unknown
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  WITH h, $asOf AS judged_on
  part(exit_facts)
  WITH h, part(judged_predicates) AS judged
  RETURN part(overall_result) AS result,
    part(support_status) AS status
}
WITH result, status
WHERE status IN $statuses
RETURN coalesce(sum(CASE WHEN result IN $results THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible,
  part(exit_totals)
