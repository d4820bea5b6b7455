// 政策落实缺口数 — Of those who qualify for a policy or receive it without, those who are answered so.
// The rules and parameters are those of policy_gaps.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, policies, positions, stages, notInSchool, answers
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
