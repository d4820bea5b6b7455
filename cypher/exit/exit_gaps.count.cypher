// 脱贫标准对照数 — Of poor households and those in the years of support, of the standings asked for, those with these results.
// The rules and parameters are those of exit_gaps.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, predicates, ages, outOfSchool, notInSchool, standings, results
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  part(exit_facts)
  WITH h, part(judged) AS judged
  RETURN CASE WHEN any(j IN judged WHERE j[1] = false) THEN 'UNMET' WHEN any(j IN judged WHERE j[1] IS NULL) THEN 'UNKNOWN' ELSE 'MET' END AS result,
    part(standing) AS standing
}
WITH result, standing
WHERE standing IN $standings
RETURN sum(CASE WHEN result IN $results THEN 1 ELSE 0 END) AS total, count(*) AS eligible
