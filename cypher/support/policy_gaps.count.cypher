// 政策落实缺口数 — Number of answers of policy_gaps (eligible), and of the requested ones (total).
// The rules and parameters are those of policy_gaps.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, policies, names, positions, stages, notInSchool, hollow,
//   lines, answers
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  part(policy_answers)
  RETURN answer
}
WITH answer
WHERE answer IS NOT NULL
RETURN sum(CASE WHEN answer IN $answers THEN 1 ELSE 0 END) AS total, count(*) AS eligible
