// 有劳动力无就业 — Members of supported households who can work but have neither work nor an employment measure.
// They are of working age and not in school.
// Work is a job on the day, or months of migrant work in the year of the record. A measure is one of employment or a
// public-welfare post that is in force and not in name only. A post of the household without a named member counts for
// every member.
// labour: capacities for work that count. ages: {sex, from_age, until_age}; a member without a date of birth is not
// returned.
// after: [village, household, person].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, labour, ages, notInSchool, hollow, after, limit
// @returns village, household, person, age, capacity
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  MATCH (h)<-[b:MEMBER_OF]-(p:Person)
  WHERE holds(b)
  part(labour)
  WITH h, p, age, capacity, idle
  WHERE idle
  RETURN h.card_no AS household, p.person_no AS person, age, capacity
}
WITH v.code AS village, household, person, age, capacity
WHERE village > $after[0] OR household > $after[1] OR (household = $after[1] AND person > $after[2])
WITH village, household, person, age, capacity ORDER BY village, household, person LIMIT $limit
RETURN village, household, person, age, capacity
ORDER BY village, household, person
