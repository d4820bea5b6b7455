// 户台账 — Figures of each household in the register, the lowest of the six ledgers.
// Their sums are the figures of the village.
// after: [village, household].
// @params areas, low, high, asOf, seq, year, hollow, after, limit
// @returns village, household, persons, poor, unclear, exited, returned, helped, measured, amount, dividends
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
  WITH h ORDER BY h.card_no LIMIT $limit
  part(household_figures)
  RETURN h.card_no AS household, persons, poor, unclear, exited, returned, helped,
    size(measures) > 0 AS measured,
    reduce(n = 0, x IN measures | n + x) AS amount, reduce(n = 0, x IN paid | n + x) AS dividends
}
WITH v.code AS village, household, persons, poor, unclear, exited, returned, helped, measured, amount, dividends
  ORDER BY village, household LIMIT $limit
RETURN village, household, persons, poor, unclear, exited, returned, helped, measured, amount, dividends
ORDER BY village, household
