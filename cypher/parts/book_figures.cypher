// 村级指标 — Figures of the village v on the day and in its year. Amounts are in fen.
// [villages, poor villages, households, persons, poor households, poor persons, exited households, exited persons,
// returned households, helped, with measures, amount of measures, dividends paid, villages exited, households of
// unclear status].
// A village that was merged into another by the day counts neither as a village nor as a poor village; the other is
// poor if either of them is poor and its own exit has not taken effect. Households count where they are registered,
// under the old code until they are registered again.
// Exited: the exit took effect in the year, up to the day.
// Needs v, $asOf, $seq, $year, $hollow.
CALL (v) {
  WITH v, head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN [b.poor AND coalesce(b.exit_year, 99999) * 10000 + 1231 > $asOf,
    b.exit_year = $year AND $year * 10000 + 1231 <= $asOf, b.exit_year * 10000 + 1231 <= $asOf]
    ORDER BY b.year DESC LIMIT 1 }) AS told, part(merged_away) AS merged, part(poor_before) AS before
  WITH v, merged, NOT merged AND (coalesce(told[0], false) OR (before AND NOT coalesce(told[2], false))) AS poor,
    NOT merged AND coalesce(told[1], false) AS gone
  OPTIONAL MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
  WITH [poor, gone, merged] AS keep, h
  part(card_figures)
  WITH keep, [count(h), sum(CASE WHEN h IS NULL THEN 0 ELSE persons END), sum(CASE WHEN needy THEN 1 ELSE 0 END),
    sum(CASE WHEN needy THEN persons ELSE 0 END),
    sum(CASE WHEN out THEN 1 ELSE 0 END), sum(CASE WHEN out THEN persons ELSE 0 END),
      sum(CASE WHEN again THEN 1 ELSE 0 END), sum(CASE WHEN helped THEN 1 ELSE 0 END),
    sum(CASE WHEN size(measures) > 0 THEN 1 ELSE 0 END), sum(reduce(n = 0, x IN measures | n + x)),
      sum(reduce(n = 0, x IN paid | n + x))] AS sums,
    sum(CASE WHEN unclear THEN 1 ELSE 0 END) AS unclear
  RETURN [CASE WHEN keep[2] THEN 0 ELSE 1 END, CASE WHEN keep[0] THEN 1 ELSE 0 END] + sums + [CASE WHEN keep[1] THEN 1
    ELSE 0 END, unclear] AS figures
}
