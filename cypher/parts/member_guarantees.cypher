// 成员保障 — Of a member's record y: [insured, schooled], each true, false or null (not known).
// Needs y, judged_on (the day, YYYYMMDD), $ages (of compulsory school), $outOfSchool, $notInSchool. Insured by either insurance. Schooled: of the age of compulsory school and in it;
// at its first and last year one may not have begun, or have done. Who is out of that age needs none.
[CASE WHEN y.insured OR y.employee_insured THEN true WHEN y.insured = false THEN false END,
 CASE WHEN y.born_on IS NULL THEN CASE WHEN y.in_school IN $outOfSchool THEN false WHEN y.in_school IS NOT NULL AND NOT y.in_school IN $notInSchool THEN true END
   WHEN (judged_on - y.born_on) / 10000 < $ages[0] OR (judged_on - y.born_on) / 10000 > $ages[1] THEN true
   WHEN y.in_school IN $outOfSchool THEN false
   WHEN y.in_school IN $notInSchool THEN CASE WHEN (judged_on - y.born_on) / 10000 = $ages[0] OR (judged_on - y.born_on) / 10000 = $ages[1] THEN null ELSE false END
   WHEN y.in_school IS NOT NULL THEN true END]
