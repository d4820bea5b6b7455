// 政策落实缺口 — Who qualifies for a policy and does not receive it on a day (MISSING), or receives less than its standard in the year (LESS), and who receives it and does not qualify (UNDUE).
// Members of poor households and of those in the years of support after exit, or these households, as the policy is for. What is not known
// is not judged. A policy that is taken up on demand (the free services, posts, loans) is for all who meet its facts: who has none of it lacks nothing
// (AVAILABLE). A measure whose words fit several policies (生活补助 of two stages of school) is under the one whose facts the person meets, of several
// those whose amount it is; words that only one policy has go before. What is in name only is under none. A measure of a member is its household's too.
// measures: those that are under the policy. given: their amounts in fen, null where one is not known. standard: of the policy, or of the register's
// own policy that they name. recorded: members whose records say that they have it: low income, an insurance, medical aid. Livestock that is borrowed or
// entrusted answers by the link with the operator. A household on low income by a member's record alone is undue where its kind is known to be another
// (the kind is out of date, or the aid is: civil affairs has to look); where the kind is blank it is not judged.
// Who is seriously ill is to have medical aid (MEDICAL_AID), and an insurance of either kind (INSURED_ILL).
// policies: those asked for, and those of which a measure of theirs may be: name, person (for one), needs (facts), illness, telling and common
// ([kind, word]: of this policy alone, of several), amount for one in fen, standard (the same where it is no ceiling), demand, recorded (what else of the register says it).
// names: of all policies in force. positions, answers: those asked for.
// stages: [what a register writes of school, stage]. notInSchool: what it writes of those who are not. hollow: contents in name only.
// lines: of poverty. Low income is due to a household of that kind, and to a general one below the line of which nobody can work (两线合一).
// after: [village, household, person, position].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, policies, names, positions, stages, notInSchool, hollow, lines, answers, after, limit
// @returns village, household, person, position, policy, amount, answer, measures, given, standard, recorded
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(policy_answers)
  WITH h, person, position, policy, measures, given, standard, recorded, answer
  WHERE answer IN $answers
  RETURN h.card_no AS household, person, position, policy['name'] AS policy, policy['amount'] AS amount, answer, measures, given, standard, recorded
}
WITH v.code AS village, household, person AS bearer, position, policy, amount, answer, measures, given, standard, recorded
WHERE village > $after[0] OR household > $after[1] OR (household = $after[1] AND (bearer > $after[2] OR (bearer = $after[2] AND position > $after[3])))
WITH village, household, bearer, position, policy, amount, answer, measures, given, standard, recorded ORDER BY village, household, bearer, position LIMIT $limit
WITH village, household, bearer AS person, position, policy, amount, answer, measures, given, standard, recorded
RETURN village, household, person, position, policy, amount, answer, measures, given, standard, recorded
ORDER BY village, household, person, position
