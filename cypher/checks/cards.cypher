// 户卡检查 — Households with an inconsistent card: head, telephone, causes, measures, ranges, income, exit (DOMAIN §5).
// The latest card up to the year of the day is checked. A blank value is unknown and causes no finding unless the check
// says so. A value that is not recognized (OTHER) causes no finding either.
// Measures of the household or its members count while they are in force; for an exit, any measure counts that began
// before the exit took effect on 31 December of its year.
// A member with a job on the day counts as working, whatever the number of months.
// INCOME_IMPLAUSIBLE compares the largest kind of income on the card, before expenses, by the number of persons; its
// value is in whole yuan. If that number is unknown, the amount is taken as that of one person.
// limits: thresholds by check, [minimum, maximum]. lines: {since, until, amount}: first and last day, fen per person in
// the year. hollow: contents of measures in name only.
// @params low, high, asOf, seq, year, codes, limits, lines, hollow
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
    RETURN {year: c.year, status: c.status, exit_year: c.exit_year, identified_year: c.identified_year, size: c.size,
      main_cause: c.main_cause, main_cause_text: c.main_cause_text, cause_note: c.cause_note,
      causes: [c.main_cause] + coalesce(c.other_causes, []), phone_shaped: c.phone_shaped, land: c.cultivated_land,
      road_distance: c.road_distance, business_income: c.business_income, net_income: part(net_income),
      largest_income: reduce(largest = 0, x IN [c.wage_income, c.business_income, c.property_income, c.transfer_income]
        | CASE WHEN x > largest THEN x ELSE largest END)}
    ORDER BY c.year DESC LIMIT 1 }) AS card,
  COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person) WHERE holds(m)
    RETURN head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
      RETURN {relation: m.relation, health: y.health, labour: y.labour, low_income: y.low_income,
        months_worked: y.months_worked} ORDER BY y.year DESC LIMIT 1 }) } AS members,
  COLLECT { MATCH (h)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState) WHERE known(r) AND known(s)
    RETURN {kind: s.kind, content: coalesce(s.content, ''), hollow: s.content IN $hollow,
      in_force: r.since <= $asOf AND r.until >= $asOf AND coalesce(s.starts_on, $asOf) <= $asOf
        AND coalesce(s.ends_on, $asOf) >= $asOf, starts_on: coalesce(s.starts_on, r.since)} } +
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(q:Person) WHERE known(b) WITH DISTINCT h, q
    MATCH (q)-[r:RECEIVES]->(m:Measure)<-[:OF]-(s:MeasureState)
    WHERE known(r) AND known(s) AND NOT EXISTS { MATCH (h)-[own:RECEIVES]->(m) WHERE known(own) }
    RETURN {kind: s.kind, content: coalesce(s.content, ''), hollow: s.content IN $hollow,
      in_force: r.since <= $asOf AND r.until >= $asOf AND coalesce(s.starts_on, $asOf) <= $asOf
        AND coalesce(s.ends_on, $asOf) >= $asOf, starts_on: coalesce(s.starts_on, r.since)} } AS all_measures
WHERE card IS NOT NULL
WITH h, card, members, all_measures, [m IN all_measures WHERE m.in_force] AS measures,
  size([m IN members WHERE m.relation = 'HEAD']) AS heads,
  CASE WHEN card.net_income IS NULL OR coalesce(card.size, size(members)) = 0 THEN null
    ELSE card.net_income / coalesce(card.size, size(members)) END AS income,
  CASE WHEN coalesce(card.size, size(members)) > 0 THEN coalesce(card.size, size(members)) ELSE 1 END AS persons,
  EXISTS { MATCH (h)<-[b:MEMBER_OF]-(:Person)<-[j:EMPLOYS]-() WHERE holds(b) AND holds(j) } AS employed,
  EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) } AS registered,
  part(status_unclear) AS unclear,
  head(COLLECT { MATCH (h)<-[:OF]-(y:HouseholdYear) WHERE known(y) AND y.year <= $year AND y.status IS NOT NULL
    RETURN y.status_text ORDER BY y.year DESC LIMIT 1 }) AS status_text,
  head([line IN $lines WHERE line.since <= card.year * 10000 + 1231 AND line.until >= card.year * 10000 + 1231]).amount
    AS line_amount
UNWIND [
  {check: 'NO_HEAD', value: null,
    broken: size(members) > 0 AND all(member IN members WHERE member.relation <> 'HEAD'
      AND member.relation <> 'OTHER')},
  {check: 'TWO_HEADS', broken: heads > 1, value: toString(heads)},
  {check: 'PHONE_SHAPE', broken: card.phone_shaped = false, value: null},
  {check: 'CAUSE_DISABILITY', value: null,
    broken: 'DISABILITY' IN card.causes AND size(members) > 0
      AND all(member IN members WHERE none(state IN member.health WHERE state IN ['DISABLED', 'OTHER']))},
  {check: 'CAUSE_ILLNESS', value: null,
    broken: 'ILLNESS' IN card.causes AND size(members) > 0
      AND all(member IN members
        WHERE none(state IN member.health WHERE state IN ['CHRONIC_ILLNESS', 'SERIOUS_ILLNESS', 'OTHER']))},
  {check: 'CAUSE_LABOUR', value: null,
    broken: 'LACK_OF_LABOUR' IN card.causes AND size(members) > 0
      AND all(member IN members WHERE coalesce(member.labour, '') IN ['ORDINARY', 'SKILLED'])},
  {check: 'CAUSE_UNEXPLAINED', value: null,
    broken: card.main_cause = 'OTHER' AND card.cause_note IS NULL AND card.main_cause_text IS NULL},
  {check: 'MEASURE_LOW_INCOME', value: null,
    broken: any(measure IN measures WHERE measure.kind = 'SAFETY_NET' AND measure.content CONTAINS '低保')
      AND size(members) > 0 AND all(member IN members WHERE member.low_income = false)},
  {check: 'MEASURE_TRAINING', value: null,
    broken: any(measure IN measures WHERE measure.content CONTAINS '培训') AND size(members) > 0
      AND none(member IN members WHERE coalesce(member.months_worked, 0) > 0) AND NOT employed},
  {check: 'MEASURE_INDUSTRY', value: null,
    broken: any(measure IN measures WHERE measure.kind = 'INDUSTRY' AND NOT coalesce(measure.hollow, false))
      AND coalesce(card.business_income, 0) = 0},
  {check: 'MEASURE_HOLLOW', value: toString(size(measures)),
    broken: size(measures) > 0 AND all(measure IN measures WHERE coalesce(measure.hollow, false))},
  {check: 'LAND_RANGE', value: toString(card.land),
    broken: card.land < $limits.LAND_RANGE[0] OR card.land > $limits.LAND_RANGE[1]},
  {check: 'ROAD_DISTANCE', broken: card.road_distance > $limits.ROAD_DISTANCE[1], value: toString(card.road_distance)},
  {check: 'INCOME_IMPLAUSIBLE', value: toString(card.largest_income / persons / 100),
    broken: card.largest_income > $limits.INCOME_IMPLAUSIBLE[1] * persons},
  {check: 'EXITED_BELOW_LINE', value: toString(income / 100.0),
    broken: card.status = 'EXITED' AND card.exit_year = card.year AND income < line_amount},
  {check: 'STATUS_UNCLEAR', broken: unclear, value: status_text},
  {check: 'POOR_UNREGISTERED', value: toString(income / 100.0),
    broken: NOT registered AND NOT unclear AND income < line_amount},
  {check: 'EXIT_TOO_SOON', value: toString(card.exit_year - card.identified_year),
    broken: card.status = 'EXITED' AND card.exit_year - card.identified_year < $limits.EXIT_TOO_SOON[0]},
  {check: 'EXIT_WITHOUT_MEASURE', value: null,
    broken: card.status = 'EXITED' AND none(measure IN all_measures WHERE NOT coalesce(measure.hollow, false)
      AND measure.starts_on < coalesce(card.exit_year, 9999) * 10000 + 1231)}
] AS finding
WITH h, finding
WHERE finding.broken AND finding.check IN $codes
RETURN finding.check AS check, 'Household' AS label, h.card_no AS subject, finding.value AS value
ORDER BY check, subject
