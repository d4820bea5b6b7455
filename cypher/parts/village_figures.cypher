// 村级指标 — Figures of the village v on the day and in its year. Amounts are in fen.
// figures: {villages, poor_villages, households, persons, poor_households, poor_persons, exited_households,
// exited_persons, returned_households, helped_households, measured_households, amount, dividends, exited_villages,
// unclear_households}. measured_households have measures; amount is that of the measures.
// A village that was merged into another by the day counts neither as a village nor as a poor village; the other is
// poor if either of them is poor and its own exit has not taken effect. Households count where they are registered,
// under the old code until they are registered again.
// Exited: the exit took effect in the year, up to the day.
// Needs v, $asOf, $seq, $year, $hollow.
CALL (v) {
  WITH v, head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN {poor: b.poor AND coalesce(b.exit_year, 99999) * 10000 + 1231 > $asOf,
      exited_in_year: b.exit_year = $year AND $year * 10000 + 1231 <= $asOf,
      exited: b.exit_year * 10000 + 1231 <= $asOf}
    ORDER BY b.year DESC LIMIT 1 }) AS book, part(merged_away) AS merged, part(poor_before) AS before
  WITH v, {
    merged: merged,
    poor: NOT merged AND (coalesce(book.poor, false) OR (before AND NOT coalesce(book.exited, false))),
    exited: NOT merged AND coalesce(book.exited_in_year, false)} AS status
  OPTIONAL MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
  WITH status AS group, h
  part(household_figures)
  WITH group, count(h) AS households, sum(CASE WHEN h IS NULL THEN 0 ELSE persons END) AS all_persons,
    sum(CASE WHEN poor THEN 1 ELSE 0 END) AS poor_households,
    sum(CASE WHEN poor THEN persons ELSE 0 END) AS poor_persons,
    sum(CASE WHEN exited THEN 1 ELSE 0 END) AS exited_households,
    sum(CASE WHEN exited THEN persons ELSE 0 END) AS exited_persons,
    sum(CASE WHEN returned THEN 1 ELSE 0 END) AS returned_households,
    sum(CASE WHEN helped THEN 1 ELSE 0 END) AS helped_households,
    sum(CASE WHEN size(measures) > 0 THEN 1 ELSE 0 END) AS measured_households,
    sum(reduce(n = 0, x IN measures | n + x)) AS amount, sum(reduce(n = 0, x IN paid | n + x)) AS dividends,
    sum(CASE WHEN unclear THEN 1 ELSE 0 END) AS unclear_households
  RETURN {villages: CASE WHEN group.merged THEN 0 ELSE 1 END, poor_villages: CASE WHEN group.poor THEN 1 ELSE 0 END,
    households: households, persons: all_persons, poor_households: poor_households, poor_persons: poor_persons,
    exited_households: exited_households, exited_persons: exited_persons, returned_households: returned_households,
    helped_households: helped_households, measured_households: measured_households, amount: amount,
    dividends: dividends, exited_villages: CASE WHEN group.exited THEN 1 ELSE 0 END,
    unclear_households: unclear_households} AS figures
}
