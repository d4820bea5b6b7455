// 村的账目 — Figures of the village v on the day and in its year: [villages, poor villages, households, persons, poor households, poor persons, exited households,
// exited persons, returned households, helped, with measures, amount of measures, dividends paid, villages exited]. Needs v, $asOf, $seq, $year, $hollow. Amounts in fen.
// A village that was merged into another by the day is none, nor a poor one: that one is poor where either is and its own exit has not taken effect. Households stay where they
// are registered, under the old code until they are registered anew.
// Exited: whose exit took effect in the year, until the day. Persons: members; of a household of which none is on the register, as many as its card says.
CALL (v) {
  WITH v, head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year RETURN [b.poor AND coalesce(b.exit_year, 9999) * 10000 + 1231 > $asOf, b.exit_year = $year AND $year * 10000 + 1231 <= $asOf, b.exit_year * 10000 + 1231 <= $asOf] ORDER BY b.year DESC LIMIT 1 }) AS told, part(merged_away) AS merged, part(poor_before) AS before
  WITH v, merged, NOT merged AND (coalesce(told[0], false) OR (before AND NOT coalesce(told[2], false))) AS poor, NOT merged AND coalesce(told[1], false) AS gone
  OPTIONAL MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l)
  WITH merged, poor, gone, h,
    COUNT { MATCH (h)<-[m:MEMBER_OF]-(:Person) WHERE holds(m) } AS members,
    coalesce(head(COLLECT { MATCH (h)<-[:OF]-(b:HouseholdYear) WHERE known(b) AND b.year <= $year RETURN b.size ORDER BY b.year DESC LIMIT 1 }), 0) AS carded,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AS needy,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.exited_in = $year AND p.until < $asOf } AS out,
    EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since = $year * 10000 + 101 AND p.since <= $asOf AND EXISTS { MATCH (h)-[q:POOR_IN]->(:Village) WHERE known(q) AND q.until < p.since } } AS again,
    EXISTS { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE holds(r) AND NOT EXISTS { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) AND s.left_on <= $asOf } } AS helped,
    COLLECT { MATCH (h)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT coalesce(s.content IN $hollow, false) RETURN coalesce(s.amount, 0) } +
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(:Person)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState) WHERE holds(b) AND holds(r) AND known(s) AND coalesce(s.starts_on, $asOf) <= $asOf AND coalesce(s.ends_on, $asOf) >= $asOf AND NOT coalesce(s.content IN $hollow, false)
      AND NOT EXISTS { MATCH (h)-[q:RECEIVES]->(m) WHERE holds(q) } RETURN coalesce(s.amount, 0) } AS measures,
    COLLECT { MATCH (h)<-[d:PAID]-(:Distribution) WHERE known(d) AND d.since <= $asOf AND d.since >= $year * 10000 RETURN d.amount } AS paid
  WITH merged, poor, gone, h, CASE WHEN members > 0 THEN members ELSE carded END AS size, needy, out, again, helped, measures, paid
  WITH merged, poor, gone, [count(h), sum(CASE WHEN h IS NULL THEN 0 ELSE size END), sum(CASE WHEN needy THEN 1 ELSE 0 END), sum(CASE WHEN needy THEN size ELSE 0 END),
    sum(CASE WHEN out THEN 1 ELSE 0 END), sum(CASE WHEN out THEN size ELSE 0 END), sum(CASE WHEN again THEN 1 ELSE 0 END), sum(CASE WHEN helped THEN 1 ELSE 0 END),
    sum(CASE WHEN size(measures) > 0 THEN 1 ELSE 0 END), sum(reduce(n = 0, x IN measures | n + x)), sum(reduce(n = 0, x IN paid | n + x))] AS sums
  RETURN [CASE WHEN merged THEN 0 ELSE 1 END, CASE WHEN poor THEN 1 ELSE 0 END] + sums + [CASE WHEN gone THEN 1 ELSE 0 END] AS figures
}
