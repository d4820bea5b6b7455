// 两不愁三保障缺口数 — Number of guarantees of supported households, and of those that are not met.
// The rules and parameters are those of guarantee_gaps.
// @params areas, low, high, asOf, seq, year, guarantees, positions, ages, outOfSchool, notInSchool, hollow,
//   yearsAfterExit, answers
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
  AND part(supported)
WITH h, $asOf AS judged_on
WITH h,
  head(COLLECT { MATCH (h)<-[:OF]-(c:HouseholdYear) WHERE known(c) AND c.year <= $year
    RETURN {housing: c.housing IN ['GRADE_C', 'GRADE_D'], water: NOT c.safe_water, electricity: NOT c.electricity,
        broadcast: NOT c.broadcast}
    ORDER BY c.year DESC LIMIT 1 }) AS card,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(p:Person) WHERE holds(b)
    RETURN head(COLLECT { MATCH (p)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
      RETURN part(member_guarantees) ORDER BY y.year DESC LIMIT 1 }) ORDER BY p.person_no } AS members,
  part(measures) AS measures
WITH h, measures, [
  {guarantee: 'HOUSING', lacking: coalesce(card.housing, false), persons: []},
  {guarantee: 'WATER', lacking: coalesce(card.water, false), persons: []},
  {guarantee: 'ELECTRICITY', lacking: coalesce(card.electricity, false), persons: []},
  {guarantee: 'BROADCAST', lacking: coalesce(card.broadcast, false), persons: []},
  {guarantee: 'INSURANCE', lacking: any(m IN members WHERE m.insured = false),
    persons: [m IN members WHERE m.insured = false | [m.person]]},
  {guarantee: 'SCHOOLING', lacking: any(m IN members WHERE m.schooled = false),
    persons: [m IN members WHERE m.schooled = false | [m.person]]}] AS facts
UNWIND $positions AS position
WITH h, measures, position, $guarantees[position] AS guarantee, facts
WITH measures, guarantee, head([f IN facts WHERE f.guarantee = guarantee.guarantee]) AS fact
WITH CASE WHEN NOT coalesce(fact.lacking, false) THEN null
  WHEN any(m IN measures WHERE m.kind IN guarantee.kinds AND NOT m.hollow) THEN 'ANSWERED'
  WHEN any(m IN measures WHERE m.kind IN guarantee.kinds) THEN 'HOLLOW' ELSE 'MISSING' END AS answer
RETURN sum(CASE WHEN answer IS NULL OR NOT ($answers IS NULL OR answer IN $answers) THEN 0 ELSE 1 END) AS total,
  count(*) AS eligible
