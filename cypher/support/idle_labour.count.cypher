// 有劳动力无就业人数 — Number of members of supported households who can work, and of those without work.
// The rules and parameters are those of idle_labour.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, labour, ages, notInSchool, hollow
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  MATCH (h)<-[b:MEMBER_OF]-(p:Person)
  WHERE holds(b)
  part(labour)
  RETURN idle
}
RETURN sum(CASE WHEN idle THEN 1 ELSE 0 END) AS total, count(*) AS eligible
