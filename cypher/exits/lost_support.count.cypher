// 脱贫后失去帮扶户数 — Number of households in the years of support, and of those that lost their helper or measures.
// The rules and parameters are those of lost_support.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, hollow, kinds
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  part(support_at_exit)
  RETURN ('HELPER' IN $kinds AND size(helpers) > 0 AND NOT helped)
    OR ('MEASURES' IN $kinds AND size(measure_ends) > 0 AND NOT has_measure) AS lost
}
RETURN sum(CASE WHEN lost THEN 1 ELSE 0 END) AS total, count(*) AS eligible
