// 户的脱贫事实 — Facts for the exit standard of the household h: [predicate, value, evidence, denominator, threshold] (part
// judged).
// evidence: rows [label, key, text]. Income is that of the latest card, in fen, with the number of people as
// denominator; it is unknown if any part of it is blank. Its poverty line is that of the card's own year.
// Needs h, judged_on (day of the judgement: of the card, the members, their records and ages), $seq, $ages (of
// compulsory school), $outOfSchool, $notInSchool, $lines ([first day, last day, fen per person in the year]).
WITH h, judged_on,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= judged_on / 10000
    RETURN [c.housing, c.safe_water, c.electricity, c.broadcast, c.size, c.year,
      part(net_income)]
    ORDER BY c.year DESC LIMIT 1 }) AS c,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE known(b) AND b.since <= judged_on AND b.until >= judged_on
    RETURN [p.person_no] + head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= judged_on / 10000
      RETURN part(member_guarantees)
      ORDER BY y.year DESC LIMIT 1 }) ORDER BY p.person_no } AS members
WITH h, judged_on, c, members, coalesce(c[4], size(members)) AS size
WITH h, [
  ['INCOME', CASE WHEN size > 0 THEN c[6] END, [['HouseholdYear', h.card_no + ':' + toString(c[5]), null]], CASE
    WHEN size > 0 THEN size END,
    head([x IN $lines WHERE x[0] <= coalesce(c[5], judged_on / 10000) * 10000 + 1231
      AND x[1] >= coalesce(c[5], judged_on / 10000) * 10000 + 1231])[2]],
  ['SCHOOLING', CASE WHEN any(m IN members WHERE m[2] = false) THEN false WHEN size(members) = 0
    OR any(m IN members WHERE m[2] IS NULL) THEN null ELSE true END,
    [m IN members WHERE NOT coalesce(m[2], false) | ['Person', m[0], CASE WHEN m[2] IS NULL THEN null
      ELSE 'false' END]]],
  ['INSURANCE', CASE WHEN any(m IN members WHERE m[1] = false) THEN false WHEN size(members) = 0
    OR any(m IN members WHERE m[1] IS NULL) THEN null ELSE true END,
    [m IN members WHERE NOT coalesce(m[1], false) | ['Person', m[0], CASE WHEN m[1] IS NULL THEN null
      ELSE 'false' END]]],
  ['HOUSING', CASE WHEN c[0] IN ['GRADE_C', 'GRADE_D'] THEN false WHEN c[0] = 'SAFE' THEN true END,
    [['HouseholdYear', h.card_no + ':' + toString(c[5]), c[0]]]],
  ['WATER', c[1], [['HouseholdYear', h.card_no + ':' + toString(c[5]), null]]],
  ['ELECTRICITY', c[2], [['HouseholdYear', h.card_no + ':' + toString(c[5]), null]]],
  ['BROADCAST', c[3], [['HouseholdYear', h.card_no + ':' + toString(c[5]), null]]]] AS facts
