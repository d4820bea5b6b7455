// 政策落实缺口 — Who qualifies for a policy and does not receive it on a day (MISSING), and who receives it and does not qualify (UNDUE).
// Members of poor households and of those in the years of support after exit, or these households, as the policy is for. What is not known
// is not judged. given: numbers of the measures that are under the policy.
// policies: [name, for a person, facts needed, illnesses, kinds, words, amount for one in fen]; positions: those asked for; answers: those asked for.
// stages: [what a register writes of school, stage]. notInSchool: what it writes of those who are not. after: [village, household, person, position].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, policies, positions, stages, notInSchool, answers, after, limit
// @returns village, household, person, position, policy, amount, answer, given
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(policy_answers)
  WITH h, person, position, policy, given, answer
  WHERE answer IN $answers
  RETURN h.card_no AS household, person, position, policy[0] AS policy, policy[6] AS amount, answer, given
}
WITH v.code AS village, household, person AS bearer, position, policy, amount, answer, given
WHERE village > $after[0] OR household > $after[1] OR (household = $after[1] AND (bearer > $after[2] OR (bearer = $after[2] AND position > $after[3])))
WITH village, household, bearer, position, policy, amount, answer, given ORDER BY village, household, bearer, position LIMIT $limit
WITH village, household, bearer AS person, position, policy, amount, answer, given
RETURN village, household, person, position, policy, amount, answer, given
ORDER BY village, household, person, position
