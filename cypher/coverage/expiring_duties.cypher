// 即将到期的责任 — Duties met on a day whose only holder's term ends within the stated days, without a successor.
// Only entitlements count: the duties of a village by its type, and a helper for an entitled household. A village that
// was merged into another is entitled to nothing.
// A duty is met by a valid term whose holder is still in office. Terms of holders who left, in name only, or in a
// village that was merged do not count. If several holders meet a duty, the last one to leave is returned: `ends` is
// the last day of the term, or `leaves` the first day on which the holder is gone.
// A term without an end date never ends. A duty for which another term begins within the stated days has a successor
// and is not returned.
// villageDuties: see the part village_duty_owed. helpers: {rank, name} of the requested duties of helpers.
// areas: ranges of codes; low, high: range that they span, for the index. until: last day of the period; beyond: the
// day after. after: [village, household or '', rank].
// holders: number of holders who meet the duty on the day. cadre_no, department_no: the last holder.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers, until, beyond, after, limit
// @returns village, household, rank, duty, ends, leaves, holders, cadre_no, department_no
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v ORDER BY v.code
CALL (v) {
  WITH v,
    part(village_entitlement)
  UNWIND $villageDuties AS duty
  WITH v, duty.rank AS rank, duty.name AS name, duty.posts AS posts, duty.max_villages AS max_villages
  WHERE part(village_duty_owed)
    AND NOT (part(village_successor))
  WITH rank, name,
    part(village_terms) AS terms
  RETURN '' AS household, rank, name AS duty, terms
UNION ALL
  WITH v
  UNWIND $helpers AS duty
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1]
    ELSE '' END AND part(supported)
    AND NOT part(helper_successor)
  RETURN h.card_no AS household, duty.rank AS rank, duty.name AS duty,
    part(helper_terms) AS terms
}
WITH v.code AS village, household, rank, duty, part(holders_in_office) AS meeting
WHERE size(meeting) > 0 AND all(holder IN meeting
  WHERE holder.ends < 99991231 AND holder.ends <= CASE WHEN holder.leaves THEN $beyond ELSE $until END)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND rank > $after[2]))
WITH village, household, rank, duty, meeting,
  reduce(last = meeting[0], holder IN meeting | CASE WHEN holder.ends > last.ends
  OR (holder.ends = last.ends AND holder.cadre_no < last.cadre_no) THEN holder ELSE last END) AS last
WITH village, household, rank, duty, meeting, last ORDER BY village, household, rank LIMIT $limit
WITH village, household, rank, duty, CASE WHEN NOT last.leaves THEN last.ends END AS ends,
  CASE WHEN last.leaves THEN last.ends END AS leaves, size(meeting) AS holders, last.cadre_no AS cadre_no,
  last.department_no AS department_no
RETURN village, household, rank, duty, ends, leaves, holders, cadre_no, department_no
ORDER BY village, household, rank
