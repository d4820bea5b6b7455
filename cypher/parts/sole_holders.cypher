// 责任人及其独自承担数 — Holders who meet duties of help in the areas on the day, and where nobody else does.
// Rows: rank, duty, cadre_no, department_no, subjects (number of villages or households), sole_subjects (number of
// those for which nobody else meets the duty).
// Needs $areas, $low, $high, $asOf, $seq, $year, $yearsAfterExit, $villageDuties, $helpers.
CALL () {
  MATCH (v:Village)
  WHERE part(in_area) AND v.recorded <= $seq AND part(village_recorded)
  CALL (v) {
    WITH v,
      part(village_entitlement)
    UNWIND $villageDuties AS duty
    WITH v, duty.rank AS rank, duty.name AS name, duty.posts AS posts, duty.max_villages AS max_villages
    WHERE part(village_duty_owed)
    WITH rank, name,
      part(village_terms) AS terms
    RETURN '' AS household, rank, name AS duty, terms
  UNION ALL
    WITH v
    UNWIND $helpers AS duty
    MATCH (v)<-[l:LIVES_IN]-(h:Household)
    WHERE holds(l) AND part(supported)
    RETURN h.card_no AS household, duty.rank AS rank, duty.name AS duty,
      part(helper_terms) AS terms
  }
  UNWIND [term IN terms WHERE term.until >= $asOf AND (term.lapsed_on IS NULL OR term.lapsed_on > $asOf)] AS term
  WITH DISTINCT v.code AS village, household, rank, duty, term.cadre_no AS cadre_no, term.department_no AS department_no
  WITH village, household, rank, duty, collect({cadre_no: cadre_no, department_no: department_no}) AS holders
  UNWIND holders AS holder
  WITH rank, duty, holder.cadre_no AS cadre_no, holder.department_no AS department_no, count(*) AS subjects,
    sum(CASE WHEN size(holders) = 1 THEN 1 ELSE 0 END) AS sole_subjects
  RETURN rank, duty, cadre_no, department_no, subjects, sole_subjects
}
