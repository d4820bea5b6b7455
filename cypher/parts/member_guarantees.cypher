// 成员保障 — {person, insured, schooled}: guarantees of the member p by the record y, true, false or null (unknown).
// insured: either kind of medical insurance. schooled: in school at the age of compulsory school. At the first and last
// year of that age, school may not have begun or may have ended. Outside that age the guarantee is met.
// Needs p, y, judged_on (the day, YYYYMMDD), $ages (of compulsory school), $outOfSchool, $notInSchool.
{person: p.person_no,
 insured: CASE WHEN y.insured OR y.employee_insured THEN true WHEN y.insured = false THEN false END,
 schooled: CASE WHEN y.born_on IS NULL THEN CASE WHEN y.in_school IN $outOfSchool THEN false
   WHEN y.in_school IS NOT NULL AND NOT y.in_school IN $notInSchool THEN true END
   WHEN (judged_on - y.born_on) / 10000 < $ages[0] OR (judged_on - y.born_on) / 10000 > $ages[1] THEN true
   WHEN y.in_school IN $outOfSchool THEN false
   WHEN y.in_school IN $notInSchool THEN CASE WHEN (judged_on - y.born_on) / 10000 = $ages[0]
     OR (judged_on - y.born_on) / 10000 = $ages[1] THEN null ELSE false END
   WHEN y.in_school IS NOT NULL THEN true END}
