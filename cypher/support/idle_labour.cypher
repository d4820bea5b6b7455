// 有劳动力无就业 — Members of supported households who can work, are of working age, in no school, and have neither work nor a measure for it.
// Work: a job on the day, or months away for work in the year of the record. A measure for it: employment or a public-welfare post, in force
// and not in name only; a post that the household has, and no member by name, is work of the household, so of each.
// labour: capacities that count. ages: [sex, from, until]; of those whose day of birth is not known nothing is told.
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
