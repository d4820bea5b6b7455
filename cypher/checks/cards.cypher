// 户卡检查 — Households whose card is inconsistent: heads, telephone, causes, measures, ranges, income, exit (DOMAIN §5).
// The latest card up to the year of the day is checked. A blank value is unknown and causes no finding unless the check
// says so. A value that is not recognized (OTHER) causes no finding either.
// Measures of the household or its members count while they are in force; for an exit, any measure counts that began
// before the exit took effect on 31 December of its year.
// A member with a job on the day counts as working, whatever the number of months.
// INCOME_IMPLAUSIBLE compares the largest kind of income on the card, before expenses, by the number of persons; its
// value is in whole yuan. If that number is unknown, the amount is taken as that of one person.
// limits: thresholds by check, [minimum, maximum]. lines: [first day, last day, fen per person in the year]. hollow:
// contents of measures in name only.
// @params low, high, asOf, seq, year, codes, limits, lines, hollow
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
    RETURN [c.status, c.main_cause, [c.main_cause] + coalesce(c.other_causes, []), c.cause_note, c.phone_shaped,
      c.cultivated_land, c.road_distance,
      c.exit_year, c.identified_year, c.business_income, c.year, c.size,
      part(net_income), c.main_cause_text,
      reduce(most = 0, x IN [c.wage_income, c.business_income, c.property_income, c.transfer_income]
        | CASE WHEN x > most THEN x ELSE most END)]
    ORDER BY c.year DESC LIMIT 1 }) AS c,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person) WHERE holds(m)
    RETURN [m.relation] + head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
      RETURN [y.health, y.labour, y.low_income, y.months_worked] ORDER BY y.year DESC LIMIT 1 }) } AS members,
  COLLECT { MATCH (h)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState) WHERE known(r) AND known(s)
    RETURN [s.kind, coalesce(s.content, ''), s.content IN $hollow,
      r.since <= $asOf AND r.until >= $asOf AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $asOf, coalesce(s.starts_on, r.since)] } +
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(q:Person) WHERE known(b) WITH DISTINCT h, q
    MATCH (q)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE known(r) AND known(s) AND NOT EXISTS { MATCH (h)-[own:RECEIVES]->(m) WHERE known(own) }
    RETURN [s.kind, coalesce(s.content, ''), s.content IN $hollow,
      r.since <= $asOf AND r.until >= $asOf AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $asOf, coalesce(s.starts_on, r.since)] } AS ever
WHERE c IS NOT NULL
WITH h, c, members, ever, [m IN ever WHERE m[3]] AS measures, size([m IN members WHERE m[0] = 'HEAD']) AS heads,
  CASE WHEN c[12] IS NULL OR coalesce(c[11], size(members)) = 0 THEN null
    ELSE c[12] / coalesce(c[11], size(members)) END AS income,
  CASE WHEN coalesce(c[11], size(members)) > 0 THEN coalesce(c[11], size(members)) ELSE 1 END AS persons,
  EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)<-[j:EMPLOYS]-() WHERE holds(b) AND holds(j) } AS employed,
  EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) } AS registered,
  part(unclear) AS unclear,
  head(COLLECT { MATCH (h)<-[:OF]-(y:HouseholdYear) WHERE known(y) AND y.year <= $year AND y.status IS NOT NULL
    RETURN y.status_text ORDER BY y.year DESC LIMIT 1 }) AS status_text,
  head([l IN $lines WHERE l[0] <= c[10] * 10000 + 1231 AND l[1] >= c[10] * 10000 + 1231])[2] AS line
UNWIND [
  ['NO_HEAD', size(members) > 0 AND all(m IN members WHERE m[0] <> 'HEAD' AND m[0] <> 'OTHER'), null],
  ['TWO_HEADS', heads > 1, toString(heads)],
  ['PHONE_SHAPE', c[4] = false, null],
  ['CAUSE_DISABILITY', 'DISABILITY' IN c[2] AND size(members) > 0
    AND all(m IN members WHERE none(state IN m[1] WHERE state IN ['DISABLED', 'OTHER'])), null],
  ['CAUSE_ILLNESS', 'ILLNESS' IN c[2] AND size(members) > 0
    AND all(m IN members
      WHERE none(state IN m[1] WHERE state IN ['CHRONIC_ILLNESS', 'SERIOUS_ILLNESS', 'OTHER'])), null],
  ['CAUSE_LABOUR', 'LACK_OF_LABOUR' IN c[2] AND size(members) > 0 AND all(m IN members
    WHERE coalesce(m[2], '') IN ['ORDINARY', 'SKILLED']), null],
  ['CAUSE_UNEXPLAINED', c[1] = 'OTHER' AND c[3] IS NULL AND c[13] IS NULL, null],
  ['MEASURE_LOW_INCOME', any(m IN measures WHERE m[0] = 'SAFETY_NET' AND m[1] CONTAINS '低保') AND size(members) > 0
    AND all(m IN members WHERE m[3] = false), null],
  ['MEASURE_TRAINING', any(m IN measures WHERE m[1] CONTAINS '培训') AND size(members) > 0 AND none(m IN members
    WHERE coalesce(m[4], 0) > 0) AND NOT employed, null],
  ['MEASURE_INDUSTRY', any(m IN measures WHERE m[0] = 'INDUSTRY' AND NOT coalesce(m[2], false))
    AND coalesce(c[9], 0) = 0, null],
  ['MEASURE_HOLLOW', size(measures) > 0 AND all(m IN measures WHERE coalesce(m[2], false)), toString(size(measures))],
  ['LAND_RANGE', c[5] < $limits.LAND_RANGE[0] OR c[5] > $limits.LAND_RANGE[1], toString(c[5])],
  ['ROAD_DISTANCE', c[6] > $limits.ROAD_DISTANCE[1], toString(c[6])],
  ['INCOME_IMPLAUSIBLE', c[14] > $limits.INCOME_IMPLAUSIBLE[1] * persons, toString(c[14] / persons / 100)],
  ['EXITED_BELOW_LINE', c[0] = 'EXITED' AND c[7] = c[10] AND income < line, toString(income / 100.0)],
  ['STATUS_UNCLEAR', unclear, status_text],
  ['POOR_UNREGISTERED', NOT registered AND NOT unclear AND income < line, toString(income / 100.0)],
  ['EXIT_TOO_SOON', c[0] = 'EXITED' AND c[7] - c[8] < $limits.EXIT_TOO_SOON[0], toString(c[7] - c[8])],
  ['EXIT_WITHOUT_MEASURE', c[0] = 'EXITED' AND none(m IN ever
    WHERE NOT coalesce(m[2], false) AND m[4] < coalesce(c[7], 9999) * 10000 + 1231), null]
] AS one
WITH h, one
WHERE one[1] AND one[0] IN $codes
RETURN one[0] AS check, 'Household' AS label, h.card_no AS subject, one[2] AS value
ORDER BY check, subject
