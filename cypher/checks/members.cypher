// 成员检查 — Members whose record is inconsistent: relation, sex, age, work, insurance, disability (DOMAIN §5).
// The latest record up to the year of the day is checked. A blank value is unknown and causes no finding.
// If a household has several heads, the check of the spouse's sex is skipped.
// A member works if there are months of migrant work or a job with an operator on the day, whatever the number of
// months.
// limits: thresholds by check, [minimum, maximum]; wages in fen. relations: [relation, sex, minimum number of years
// after the head, negative if before]. notInSchool: texts of the register for people who are not in school.
// @params low, high, asOf, seq, year, codes, limits, relations, notInSchool
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH h, COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)<-[:OF]-(c:PersonYear)
  WHERE holds(m) AND m.relation = 'HEAD' AND known(c) AND c.year <= $year
  RETURN [c.born_on, c.sex, p.person_no] ORDER BY c.year DESC, p.person_no } AS heads
WITH h, heads[0][0] AS head_born, CASE WHEN all(one IN heads
  WHERE one[2] = heads[0][2]) THEN heads[0][1] END AS head_sex
MATCH (h)<-[m:MEMBER_OF]-(p:Person)
WHERE holds(m)
WITH p, m.relation AS relation, head_born, head_sex, head([r IN $relations WHERE r[0] = m.relation]) AS usual,
  head(COLLECT { MATCH (p)<-[:OF]-(c:PersonYear) WHERE known(c) AND c.year <= $year
    RETURN [c.sex, c.born_on, c.document_sex, c.document_kind, c.in_school, c.health, c.labour, c.months_worked,
      c.insured, c.employee_insured, c.medical_aid]
    ORDER BY c.year DESC LIMIT 1 }) AS c
WHERE c IS NOT NULL
WITH p, relation, usual, head_sex, c, ($asOf - c[1]) / 10000 AS age,
  CASE WHEN head_born <= c[1] THEN (c[1] - head_born) / 10000 ELSE -((head_born - c[1]) / 10000) END AS after_head,
  c[4] IS NOT NULL AND NOT c[4] IN $notInSchool AS schooled,
  COLLECT { MATCH (p)<-[e:EMPLOYS]-(o) WHERE holds(e) RETURN [e.wage, o.uscc] ORDER BY e.wage, o.uscc } AS jobs
WITH p, relation, usual, head_sex, c, age, after_head, schooled, jobs,
  head([j IN jobs WHERE j[0] < $limits.WAGE_RANGE[0] OR j[0] > $limits.WAGE_RANGE[1]])[0] AS wage,
  CASE WHEN age > $limits.ELDER_IN_POST[1] THEN EXISTS { MATCH (p)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND s.kind = 'PUBLIC_POST' AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $asOf } ELSE false END AS posted
UNWIND [
  ['RELATION_SEX', usual[1] <> c[0], relation + ' ' + c[0]],
  ['SPOUSE_SEX', relation = 'SPOUSE' AND head_sex = c[0], c[0]],
  ['RELATION_AGE', CASE WHEN usual[2] >= 0 THEN after_head < usual[2] ELSE after_head > usual[2] END,
    relation + ' ' + toString(after_head)],
  ['DOCUMENT_SEX', c[2] <> c[0], c[0]],
  ['CHILD_WORKING', age < $limits.CHILD_WORKING[0] AND (c[7] > 0 OR size(jobs) > 0), toString(age)],
  ['CHILD_LABOUR', age < $limits.CHILD_LABOUR[0] AND c[6] IN ['ORDINARY', 'SKILLED'], toString(age)],
  ['ELDER_IN_POST', posted, toString(age)],
  ['IN_SCHOOL_AND_WORKING', schooled AND (c[7] >= $limits.IN_SCHOOL_AND_WORKING[1] OR size(jobs) > 0),
    CASE WHEN c[7] >= $limits.IN_SCHOOL_AND_WORKING[1] THEN toString(c[7]) ELSE jobs[0][1] END],
  ['INSURANCE_NONE', c[8] = false AND NOT coalesce(c[9], false), null],
  ['INSURANCE_TWO', c[8] AND c[9], null],
  ['AIDED_UNINSURED', c[10] AND c[8] = false AND NOT coalesce(c[9], false), null],
  ['DISABLED_NO_CERTIFICATE', 'DISABLED' IN c[5] AND NOT coalesce(c[3] IN ['DISABILITY', 'REISSUED'], false), c[3]],
  ['WAGE_RANGE', wage IS NOT NULL, toString(wage / 100.0)]
] AS one
WITH p, one
WHERE one[1] AND one[0] IN $codes
RETURN one[0] AS check, 'Person' AS label, p.person_no AS subject, one[2] AS value
ORDER BY check, subject
