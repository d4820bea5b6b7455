// 两不愁三保障缺口 — Guarantees that supported households lack on a day, and whether a measure addresses them.
// Supported households are poor households and those in the stated years after exit.
// The values are those of the valid card and member records: an unsafe house (grade C or D), unsafe water, no
// electricity, no radio or television, a member without either kind of medical insurance, a child of compulsory-school
// age (ages) who is not in school.
// guarantees: {guarantee, kinds}: kinds of measures that address it, in the order of the gaps. positions: requested
// guarantees.
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
  WITH h, measures, position, guarantee, head([f IN facts WHERE f.guarantee = guarantee.guarantee]) AS fact
  WHERE fact.lacking
  RETURN h.card_no AS household, position, guarantee, fact.persons AS persons,
    CASE WHEN any(m IN measures WHERE m.kind IN guarantee.kinds AND NOT m.hollow) THEN 'ANSWERED'
      WHEN any(m IN measures WHERE m.kind IN guarantee.kinds) THEN 'HOLLOW' ELSE 'MISSING' END AS answer
}
WITH v.code AS village, household, position, guarantee, answer, persons
WHERE ($answers IS NULL OR answer IN $answers)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND position > $after[2]))
WITH village, household, position, guarantee, answer, persons ORDER BY village, household, position LIMIT $limit
RETURN village, household, position, guarantee.guarantee AS guarantee, guarantee.kinds AS kinds, answer, persons
ORDER BY village, household, position
