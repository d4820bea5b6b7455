// 政策落实缺口 — People and households that do not receive a policy, receive less, or receive it wrongly, on a day.
// MISSING: qualifies and does not receive it. LESS: receives less than the standard in the year. UNDUE: receives it and
// does not qualify. AVAILABLE: does not use a policy that is granted on request. Depending on the policy, the subject
// is a supported household or one of its members. Unknown facts are not judged.
// A policy granted on request (free services, posts, loans) is open to all who meet its conditions.
// If the text of a measure fits several policies (生活补助 of two stages of education), it belongs to the one whose
// conditions the person meets; if there are several, to those with its amount. Words of a single policy take
// precedence. A measure in name only belongs to no policy. A measure of a member also counts for its household.
// measures: the measures under the policy. received: sum of their amounts in fen; null if one is unknown. standard: of
// the policy, or of the register's policy that they name. recorded: members whose record says that they receive it:
// subsistence allowance, insurance, medical aid. Borrowed or entrusted livestock is recognized by the link with the
// operator.
// If a household receives the subsistence allowance only by a member's record, the answer is UNDUE if the household is
// known to be of another kind, because one of the two values is wrong and civil affairs must check it. If the kind is
// blank, it is not judged.
// A seriously ill person must have medical aid (MEDICAL_AID) and one of the insurances (INSURED_ILL).
// policies: the requested policies and those to which their measures may belong: {name, person, needs, illness,
// telling, common, amount, standard, demand, recorded}: whether it is for a person; conditions; illnesses; {kind, word}
// of this policy alone, and of several; amount for one in fen; the amount, unless it is a ceiling; granted on request;
// other values of the register that show it.
// names: names of all policies in force. positions, answers: the requested ones.
// stages: {state, stage}: school enrolment text. notInSchool: enrolment texts of people not in school. hollow: contents
// of measures in name only.
// lines: poverty lines. The subsistence allowance is due to households of that kind, and to general households below
// the line without a member who can work (两线合一).
// after: [village, household, person, position].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, policies, names, positions, stages, notInSchool, hollow,
//   lines, answers, after, limit
// @returns village, household, person, position, policy, amount, answer, measures, received, standard, recorded
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
  part(policy_answers)
  WITH h, person, position, policy, measures, received, standard, recorded, answer
  WHERE answer IN $answers
  RETURN h.card_no AS household, person, position, policy.name AS policy, policy.amount AS amount, answer,
    measures, received, standard, recorded
}
WITH v.code AS village, household, person AS bearer, position, policy, amount, answer, measures, received, standard,
  recorded
WHERE village > $after[0] OR household > $after[1]
  OR (household = $after[1] AND (bearer > $after[2] OR (bearer = $after[2] AND position > $after[3])))
WITH village, household, bearer, position, policy, amount, answer, measures, received, standard, recorded
  ORDER BY village, household, bearer, position LIMIT $limit
WITH village, household, bearer AS person, position, policy, amount, answer, measures, received, standard, recorded
RETURN village, household, person, position, policy, amount, answer, measures, received, standard, recorded
ORDER BY village, household, person, position
