// 脱贫标准对照 — Result of the exit standard on a day for poor households and those in the years of support after exit.
// The standard is met if all conditions are met. It is unknown if none is unmet but some are unknown: an unknown
// condition never counts as met.
// predicates: {predicate, comparison, threshold}. lines: {since, until, amount}: first and last day, fen per person;
// the line of the card's year applies. statuses: requested POOR, EXITED. results: requested MET, UNMET, UNKNOWN.
// after: [village, household].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, predicates, lines, ages, outOfSchool, notInSchool,
//   statuses, results, after, limit
// @returns village, household, status, result, unmet, unknown, income
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  WITH h, $asOf AS judged_on
  part(exit_facts)
  WITH h, head([fact IN facts WHERE fact.predicate = 'INCOME' |
    head([fraction IN [[fact.value, fact.denominator]] | part(rounded)])]) AS income, part(judged_predicates) AS judged
  WITH h, income, [j IN judged WHERE j.met = false | j.predicate] AS unmet,
    [j IN judged WHERE j.met IS NULL | j.predicate] AS unknown, part(support_status) AS status
  WITH h, income, unmet, unknown, status, CASE WHEN size(unmet) > 0 THEN 'UNMET'
    WHEN size(unknown) > 0 THEN 'UNKNOWN' ELSE 'MET' END AS result
  WHERE status IN $statuses AND result IN $results
  RETURN h.card_no AS household, status, result, unmet, unknown, income ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, status, result, unmet, unknown, income ORDER BY village, household LIMIT $limit
RETURN village, household, status, result, unmet, unknown, income
ORDER BY village, household
