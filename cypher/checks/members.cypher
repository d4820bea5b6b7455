// 成员检查 — Members whose record is inconsistent: relation, sex, age, work, insurance, disability (DOMAIN §5).
// The latest record up to the year of the day is checked. A blank value is unknown and causes no finding.
// If a household has several heads, the check of the spouse's sex is skipped.
// A member works if there are months of migrant work or a job with an operator on the day, whatever the number of
// months.
// limits: thresholds by check, [minimum, maximum]; wages in fen. relations: {relation, sex, years_after_head}:
// minimum number of years after the head, negative if before. notInSchool: texts of the register for people who are not
// in school.
// @params low, high, asOf, seq, year, codes, limits, relations, notInSchool
// @returns check, label, subject, value
MATCH (v:Village)
WHERE v.code >= $low AND v.code < $high AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)
WHERE holds(l)
WITH h, COLLECT { MATCH (h)<-[m:MEMBER_OF]-(p:Person)<-[:OF]-(c:PersonYear)
  WHERE holds(m) AND m.relation = 'HEAD' AND known(c) AND c.year <= $year
  RETURN {person: p.person_no, born_on: c.born_on, sex: c.sex} ORDER BY c.year DESC, p.person_no } AS heads
WITH h, heads, head(heads) AS first_head
WITH h, first_head.born_on AS head_born, CASE WHEN all(x IN heads WHERE x.person = first_head.person)
  THEN first_head.sex END AS head_sex
MATCH (h)<-[m:MEMBER_OF]-(p:Person)
WHERE holds(m)
WITH p, m.relation AS relation, head_born, head_sex, head([r IN $relations WHERE r.relation = m.relation]) AS usual,
  head(COLLECT { MATCH (p)<-[:OF]-(c:PersonYear) WHERE known(c) AND c.year <= $year
    RETURN {sex: c.sex, born_on: c.born_on, document_sex: c.document_sex, document_kind: c.document_kind,
      in_school: c.in_school, health: c.health, labour: c.labour, months_worked: c.months_worked, insured: c.insured,
      employee_insured: c.employee_insured, medical_aid: c.medical_aid}
    ORDER BY c.year DESC LIMIT 1 }) AS record
WHERE record IS NOT NULL
WITH p, relation, usual, head_sex, record, ($asOf - record.born_on) / 10000 AS age,
  CASE WHEN head_born <= record.born_on THEN (record.born_on - head_born) / 10000
    ELSE -((head_born - record.born_on) / 10000) END AS after_head,
  record.in_school IS NOT NULL AND NOT record.in_school IN $notInSchool AS schooled,
  COLLECT { MATCH (p)<-[e:EMPLOYS]-(o) WHERE holds(e) RETURN {wage: e.wage, operator: o.uscc}
    ORDER BY e.wage, o.uscc } AS jobs
WITH p, relation, usual, head_sex, record, age, after_head, schooled, jobs,
  head([job IN jobs WHERE job.wage < $limits.WAGE_RANGE[0] OR job.wage > $limits.WAGE_RANGE[1]]).wage AS wage,
  CASE WHEN age > $limits.ELDER_IN_POST[1] THEN EXISTS { MATCH (p)-[r:RECEIVES]->(:Measure)<-[:OF]-(s:MeasureState)
    WHERE holds(r) AND known(s) AND s.kind = 'PUBLIC_POST' AND coalesce(s.starts_on, $asOf) <= $asOf
      AND coalesce(s.ends_on, $asOf) >= $asOf } ELSE false END AS posted
UNWIND [
  {check: 'RELATION_SEX', broken: usual.sex <> record.sex, value: relation + ' ' + record.sex},
  {check: 'SPOUSE_SEX', broken: relation = 'SPOUSE' AND head_sex = record.sex, value: record.sex},
  {check: 'RELATION_AGE', value: relation + ' ' + toString(after_head),
    broken: CASE WHEN usual.years_after_head >= 0 THEN after_head < usual.years_after_head
      ELSE after_head > usual.years_after_head END},
  {check: 'DOCUMENT_SEX', broken: record.document_sex <> record.sex, value: record.sex},
  {check: 'CHILD_WORKING', value: toString(age),
    broken: age < $limits.CHILD_WORKING[0] AND (record.months_worked > 0 OR size(jobs) > 0)},
  {check: 'CHILD_LABOUR', value: toString(age),
    broken: age < $limits.CHILD_LABOUR[0] AND record.labour IN ['ORDINARY', 'SKILLED']},
  {check: 'ELDER_IN_POST', broken: posted, value: toString(age)},
  {check: 'IN_SCHOOL_AND_WORKING',
    value: CASE WHEN record.months_worked >= $limits.IN_SCHOOL_AND_WORKING[1] THEN toString(record.months_worked)
      ELSE head(jobs).operator END,
    broken: schooled AND (record.months_worked >= $limits.IN_SCHOOL_AND_WORKING[1] OR size(jobs) > 0)},
  {check: 'INSURANCE_NONE', value: null,
    broken: record.insured = false AND NOT coalesce(record.employee_insured, false)},
  {check: 'INSURANCE_TWO', broken: record.insured AND record.employee_insured, value: null},
  {check: 'AIDED_UNINSURED', value: null,
    broken: record.medical_aid AND record.insured = false AND NOT coalesce(record.employee_insured, false)},
  {check: 'DISABLED_NO_CERTIFICATE', value: record.document_kind,
    broken: 'DISABLED' IN record.health AND NOT coalesce(record.document_kind IN ['DISABILITY', 'REISSUED'], false)},
  {check: 'WAGE_RANGE', broken: wage IS NOT NULL, value: toString(wage / 100.0)}
] AS finding
WITH p, finding
WHERE finding.broken AND finding.check IN $codes
RETURN finding.check AS check, 'Person' AS label, p.person_no AS subject, finding.value AS value
ORDER BY check, subject
