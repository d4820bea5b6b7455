// 两不愁三保障缺口 — Guarantees that supported households lack on a day, and whether a measure addresses them.
// Supported households are poor households and those in the stated years after exit.
// The values are those of the valid card and member records: an unsafe house (grade C or D), unsafe water, no
// electricity, no radio or television, a member without either kind of medical insurance, a child of compulsory-school
// age (ages) who is not in school.
// guarantees: [name, kinds of measures that address it], in the order of the gaps. positions: requested guarantees.
// Measures of the household or its members count while they are in force. A measure whose content is in $hollow is in
// name only.
// answers: requested MISSING, HOLLOW, ANSWERED; null for all. after: [village, household, position]. persons: the
// members concerned, if the guarantee is that of a member.
// areas: ranges of codes; low, high: range that they span, for the index. yearsAfterExit: number of years of support
// after exit.
// @params areas, low, high, asOf, seq, year, guarantees, positions, ages, outOfSchool, notInSchool, hollow,
//   yearsAfterExit, answers, after, limit
// @returns village, household, position, guarantee, kinds, answer, persons
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
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
  WITH h, measures, position, guarantee, head([f IN facts WHERE f[0] = guarantee[0]]) AS fact
  WHERE fact[1]
  RETURN h.card_no AS household, position, guarantee, fact[2] AS persons,
    CASE WHEN any(one IN measures WHERE one[1] IN guarantee[1] AND NOT one[3]) THEN 'ANSWERED'
      WHEN any(one IN measures WHERE one[1] IN guarantee[1]) THEN 'HOLLOW' ELSE 'MISSING' END AS answer
}
WITH v.code AS village, household, position, guarantee, answer, persons
WHERE ($answers IS NULL OR answer IN $answers)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND position > $after[2]))
WITH village, household, position, guarantee, answer, persons ORDER BY village, household, position LIMIT $limit
RETURN village, household, position, guarantee[0] AS guarantee, guarantee[1] AS kinds, answer, persons
ORDER BY village, household, position
