// 脱贫后失去帮扶 — Households with a helper or measures at their exit and none on a day in the years of support.
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
  part(support_at_exit)
  WITH h, exited_in, helpers, helped, measure_ends, has_measure,
    reduce(best = null, x IN helpers | CASE WHEN best IS NULL OR x.until > best.until THEN x ELSE best END) AS last
  WITH h, exited_in, last, measure_ends, [kind IN [CASE WHEN size(helpers) > 0 AND NOT helped THEN 'HELPER' END, CASE
    WHEN size(measure_ends) > 0 AND NOT has_measure THEN 'MEASURES' END] WHERE kind IN $kinds] AS lost
  WHERE size(lost) > 0
  RETURN h.card_no AS household, exited_in, lost, CASE WHEN 'HELPER' IN lost THEN last.until END AS helper_until, CASE
    WHEN 'MEASURES' IN lost THEN reduce(last = measure_ends[0], day IN measure_ends | CASE WHEN day > last THEN day
    ELSE last END) END AS measure_until,
    CASE WHEN 'HELPER' IN lost THEN last.cadre_no END AS cadre_no
  ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, exited_in, lost, helper_until, measure_until, cadre_no
  ORDER BY village, household LIMIT $limit
RETURN village, household, exited_in, lost, helper_until, measure_until, cadre_no
ORDER BY village, household
