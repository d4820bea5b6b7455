// 户的脱贫事实 — Facts for the exit standard of the household h: facts (see the part judged_predicates).
// evidence: maps {label, key, text}. Income is that of the latest card, in fen, with the number of people as
// denominator; it is unknown if any part of it is blank. Its poverty line is that of the card's own year.
// Needs h, judged_on (day of the judgement: of the card, the members, their records and ages), $seq, $ages (of
// compulsory school), $outOfSchool, $notInSchool, $lines (maps {since, until, amount}: first and last day, fen per
// person in the year).
CALL (h, judged_on) {
  WITH h, judged_on,
    head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= judged_on / 10000
      RETURN {year: c.year, size: c.size, income: part(net_income), housing: c.housing, water: c.safe_water,
        electricity: c.electricity, broadcast: c.broadcast}
      ORDER BY c.year DESC LIMIT 1 }) AS card,
    COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE known(b) AND b.since <= judged_on AND b.until >= judged_on
      RETURN head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= judged_on / 10000
        RETURN part(member_guarantees)
        ORDER BY y.year DESC LIMIT 1 }) ORDER BY p.person_no } AS members
  WITH h, card, members, coalesce(card.size, size(members)) AS size,
    coalesce(card.year, judged_on / 10000) * 10000 + 1231 AS line_day, h.card_no + ':' + toString(card.year) AS card_key
  WITH h, [
    {predicate: 'INCOME', value: CASE WHEN size > 0 THEN card.income END,
      evidence: [{label: 'HouseholdYear', key: card_key, text: null}],
      denominator: CASE WHEN size > 0 THEN size END,
      threshold: head([line IN $lines WHERE line.since <= line_day AND line.until >= line_day]).amount},
    {predicate: 'SCHOOLING', value: CASE WHEN any(m IN members WHERE m.schooled = false) THEN false
        WHEN size(members) = 0 OR any(m IN members WHERE m.schooled IS NULL) THEN null ELSE true END,
      evidence: [m IN members WHERE NOT coalesce(m.schooled, false) | {label: 'Person', key: m.person,
        text: CASE WHEN m.schooled IS NULL THEN null ELSE 'false' END}]},
    {predicate: 'INSURANCE', value: CASE WHEN any(m IN members WHERE m.insured = false) THEN false
        WHEN size(members) = 0 OR any(m IN members WHERE m.insured IS NULL) THEN null ELSE true END,
      evidence: [m IN members WHERE NOT coalesce(m.insured, false) | {label: 'Person', key: m.person,
        text: CASE WHEN m.insured IS NULL THEN null ELSE 'false' END}]},
    {predicate: 'HOUSING', value: CASE WHEN card.housing IN ['GRADE_C', 'GRADE_D'] THEN false
        WHEN card.housing = 'SAFE' THEN true END,
      evidence: [{label: 'HouseholdYear', key: card_key, text: card.housing}]},
    {predicate: 'WATER', value: card.water, evidence: [{label: 'HouseholdYear', key: card_key, text: null}]},
    {predicate: 'ELECTRICITY', value: card.electricity,
      evidence: [{label: 'HouseholdYear', key: card_key, text: null}]},
    {predicate: 'BROADCAST', value: card.broadcast, evidence: [{label: 'HouseholdYear', key: card_key, text: null}]}
  ] AS facts
  RETURN facts
}
