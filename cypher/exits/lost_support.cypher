// 脱贫后失去帮扶 — Households in the years of support that had a helper or measures when they exited and have none on a day.
// The exit is on 31 December of its year; support that was in force on the day before counts. A helper who has left
// office and a measure in name only do not count.
// helper_until, measure_until: last days of the former support. kinds: requested HELPER, MEASURES. after: [village,
// household].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, hollow, kinds, after, limit
// @returns village, household, exited_in, lost, helper_until, measure_until, cadre_no
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(support)
  WITH h, exited_in, helpers, helped, given, having,
    reduce(best = null, x IN helpers | CASE WHEN best IS NULL OR x[0] > best[0] THEN x ELSE best END) AS last
  WITH h, exited_in, last, given, [kind IN [CASE WHEN size(helpers) > 0 AND NOT helped THEN 'HELPER' END, CASE
    WHEN size(given) > 0 AND NOT having THEN 'MEASURES' END] WHERE kind IN $kinds] AS lost
  WHERE size(lost) > 0
  RETURN h.card_no AS household, exited_in, lost, CASE WHEN 'HELPER' IN lost THEN last[0] END AS helper_until, CASE
    WHEN 'MEASURES' IN lost THEN reduce(last = given[0], day IN given | CASE WHEN day > last THEN day
    ELSE last END) END AS measure_until,
    CASE WHEN 'HELPER' IN lost THEN last[1] END AS cadre_no
  ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, exited_in, lost, helper_until, measure_until, cadre_no
  ORDER BY village, household LIMIT $limit
RETURN village, household, exited_in, lost, helper_until, measure_until, cadre_no
ORDER BY village, household
