// 帮扶责任缺口 — Duties of help that are not met for villages and households on a day, with the reason.
// A village is entitled to the duties of its type: 五个一 for a poor village, 三个一 for one with many poor households.
// A household is entitled to a helper while it is poor and for the stated years after its exit, and to visits if it has
// a helper.
// All terms that have begun are considered together. One valid term whose holder is still in office meets the duty.
// Otherwise the reason nearest to being met is given (part gap_reason).
// Order: village, duties of the village first, household, duty.
// areas: ranges of codes; low, high: range that they span, for the index.
// villageDuties, householdDuties: see the parts village_duty_owed and household_duty_owed. names: names of the duties
// by rank.
// waived: only gaps that are waived (true) or not waived (false) on the day; null for all. after: [village, household
// or '', rank].
// Further columns are looked up only for the rows of the page: the county leader of the village, the start of poverty
// and the last visit. A village is poor since the year after the last record that says otherwise; if no record does,
// the start is unknown.
// mend_area: area that has to act: the village if it has a county leader; otherwise the township for a household and
// the county for a village. For a village that was merged into another, leader, township and county are those of the
// other; a merged township or county is replaced by its present one.
// last_held: last day of any term whose holder stayed. last_left: last day on which a holder left before the end of the
// term. holder_left: day on which the returned holder left.
// @params areas, low, high, asOf, seq, year, villageDuties, householdDuties, yearsAfterExit,
//   reasons, waived, names, after, limit
// @returns village, household, rank, reason, held_until, holder_left, last_held, last_left, cadre_no, department_no,
//   leader, mend_area, poor_since, visited, waiver
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq AND part(village_recorded)
WITH v ORDER BY v.code
CALL (v) {
  WITH v,
    part(village_entitlement)
  UNWIND $villageDuties AS duty
  WITH v, duty.rank AS rank, duty.posts AS posts, duty.max_villages AS max_villages
  WHERE part(village_duty_owed)
  WITH rank,
    part(village_terms) AS terms
  RETURN '' AS household, rank, terms
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
    AND part(supported)
  WITH h, part(has_helper) AS helped,
    part(last_visit) AS last_visit
  WITH h, helped, last_visit, CASE WHEN helped THEN [] ELSE
    part(helper_terms) END AS terms
  UNWIND $householdDuties AS duty
  WITH h, terms, last_visit, helped, duty
  WHERE part(household_duty_owed) AND NOT part(household_duty_met)
  RETURN h.card_no AS household, duty.rank AS rank, CASE duty.kind WHEN 'HELPER' THEN terms END AS terms
}
WITH v, household, rank, terms
WHERE terms IS NULL OR NOT part(duty_met)
WITH v, household, rank, terms, part(gap_reason) AS reason,
  reduce(last = null, term IN terms |
    CASE WHEN term.lapsed_on IS NOT NULL AND term.lapsed_on <= term.until THEN last
      WHEN last IS NULL OR term.until > last THEN term.until ELSE last END) AS last_held,
  reduce(last = null, term IN terms |
    CASE WHEN term.lapsed_on IS NULL OR term.lapsed_on > term.until THEN last
      WHEN last IS NULL OR term.lapsed_on > last THEN term.lapsed_on ELSE last END) AS last_left
WITH v, household, rank, reason, last_held, last_left, terms,
  reduce(best = null, term IN [t IN terms WHERE t.until >= $asOf AND t.reason = reason] |
    CASE WHEN best IS NULL OR term.lapsed_on > best.lapsed_on THEN term ELSE best END) AS nearest
WITH v, household, rank, reason, last_held, last_left,
  coalesce(nearest, reduce(best = null, term IN terms |
    CASE WHEN best IS NULL OR term.until > best.until THEN term ELSE best END)) AS term,
  CASE WHEN household = '' THEN v.code ELSE household END AS subject
WHERE ($reasons IS NULL OR reason IN $reasons)
  AND ($waived IS NULL OR $waived = EXISTS { MATCH (w:Waiver {waiver_no: $names[rank] + '!'
    + subject})<-[:OF]-(e:WaiverState) WHERE excepts(e) })
  AND (v.code > $after[0] OR household > $after[1] OR (household = $after[1] AND rank > $after[2]))
WITH v, household, rank, subject, last_held, last_left, reason, term ORDER BY v.code, household, rank LIMIT $limit
WITH v, household, rank, subject, last_held, last_left, reason, term,
  COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
    RETURN [b.year, coalesce(b.poor, false)] ORDER BY b.year DESC } AS books,
  part(present_village) AS seat
WITH seat, v.code AS village, household, rank, reason, last_held, last_left,
  CASE WHEN reason = 'ENDED' THEN term.until END AS held_until, CASE
    WHEN NOT reason IN ['ENDED', 'NEVER_ASSIGNED', 'NO_RECENT_VISIT'] THEN term.lapsed_on END AS holder_left,
  term.cadre_no AS cadre_no, term.department_no AS department_no,
  head(COLLECT { MATCH (w:Waiver {waiver_no: $names[rank] + '!' + subject})<-[:OF]-(e:WaiverState) WHERE excepts(e)
    RETURN w.waiver_no }) AS waiver,
  head(COLLECT { MATCH (:Village {code: seat})<-[r:SERVES]-(c:Cadre) WHERE r.duty = 'COUNTY_LEADER' AND holds(r)
    AND part(cadre_in_office)
    RETURN c.cadre_no ORDER BY r.since, c.cadre_no LIMIT 1 }) AS leader,
  CASE WHEN household = '' THEN CASE WHEN books[0][1]
    THEN head([b IN books WHERE NOT b[1] | (b[0] + 1) * 10000 + 101]) END
    ELSE reduce(begun = null, p IN COLLECT { MATCH (h:Household {card_no: household})-[p:POOR_IN]->(:Village)
      WHERE known(p) AND p.since <= $asOf
      AND NOT EXISTS { MATCH (h)-[q:POOR_IN]->(:Village)
        WHERE known(q) AND q.exited_in IS NOT NULL AND q.since >= p.since AND EXISTS {
        MATCH (h)-[n:POOR_IN]->(:Village) WHERE known(n) AND n.since > q.since AND n.since <= $asOf } }
      RETURN p.since } | CASE WHEN begun IS NULL OR p < begun THEN p ELSE begun END) END AS poor_since,
  CASE WHEN reason = 'NO_RECENT_VISIT' THEN head(COLLECT {
    MATCH (h:Household {card_no: household})<-[t:VISITED]-(:Cadre) WHERE known(t) AND t.since <= $asOf
    RETURN t.since ORDER BY t.since DESC LIMIT 1 }) END AS visited
WITH seat, village, household, rank, reason, last_held, last_left, held_until, holder_left, cadre_no, department_no,
  waiver, leader, poor_since, visited,
  CASE WHEN household = '' THEN substring(seat, 0, 6) ELSE substring(seat, 0, 9) END AS office
WITH village, household, rank, reason, last_held, last_left, held_until, holder_left, cadre_no, department_no, waiver,
  leader, poor_since, visited,
  CASE WHEN leader IS NOT NULL THEN seat ELSE coalesce(head([o IN COLLECT { MATCH (v:Area {code: office})
    RETURN part(present_village) } WHERE size(o) = size(office)]), office) END AS mend_area
RETURN village, household, rank, reason, held_until, holder_left, last_held, last_left, cadre_no, department_no,
  leader, mend_area, poor_since, visited, waiver
ORDER BY village, household, rank
