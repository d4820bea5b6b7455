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
    RETURN [c.housing IN ['GRADE_C', 'GRADE_D'], NOT c.safe_water, NOT c.electricity, NOT c.broadcast]
    ORDER BY c.year DESC LIMIT 1 }) AS card,
  COLLECT { MATCH (h)<-[b:MEMBER_OF]-(m:Person) WHERE holds(b)
    RETURN [m.person_no, head(COLLECT { MATCH (m)<-[:OF]-(y:PersonYear) WHERE known(y) AND y.year <= $year
      RETURN part(member_guarantees) ORDER BY y.year DESC LIMIT 1 })] ORDER BY m.person_no } AS members,
  part(measures) AS measures
WITH h, measures, [
  ['HOUSING', coalesce(card[0], false), []], ['WATER', coalesce(card[1], false), []],
    ['ELECTRICITY', coalesce(card[2], false), []], ['BROADCAST', coalesce(card[3], false), []],
  ['INSURANCE', any(m IN members WHERE m[1][0] = false), [m IN members WHERE m[1][0] = false | [m[0]]]],
  ['SCHOOLING', any(m IN members WHERE m[1][1] = false), [m IN members WHERE m[1][1] = false | [m[0]]]]] AS facts
UNWIND $positions AS position
WITH h, measures, position, $guarantees[position] AS guarantee, facts
WITH measures, guarantee, head([f IN facts WHERE f[0] = guarantee[0]]) AS fact
WITH CASE WHEN NOT coalesce(fact[1], false) THEN null
  WHEN any(one IN measures WHERE one[1] IN guarantee[1] AND NOT one[3]) THEN 'ANSWERED'
  WHEN any(one IN measures WHERE one[1] IN guarantee[1]) THEN 'HOLLOW' ELSE 'MISSING' END AS answer
RETURN sum(CASE WHEN answer IS NULL OR NOT ($answers IS NULL OR answer IN $answers) THEN 0 ELSE 1 END) AS total,
  count(*) AS eligible
