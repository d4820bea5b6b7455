// 即将到期的责任 — Duties of help met on a day whose only holder's term ends within the stated days, without a successor.
// Only entitlements count: the duties of a village by its type, and a helper for an entitled household. A village that
// was merged into another is entitled to nothing.
// A duty is met by a valid term whose holder is still in office. Terms of holders who left, in name only, or in a
// village that was merged do not count. If several holders meet a duty, the last one to leave is returned: `ends` is
// the last day of the term, or `leaves` the first day on which the holder is gone.
// A term without an end date never ends. A duty for which another term begins within the stated days has a successor
// and is not returned.
// villageDuties: [rank, posts (empty for a department), whether poor villages are entitled, minimum number of poor
// households, maximum number of places, name]. helpers: [rank, name] of the requested duties of helpers.
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
    part(village_owing)
  UNWIND $villageDuties AS duty
  WITH v, duty[0] AS rank, duty[1] AS posts, duty[4] AS most, duty[5] AS name
  WHERE NOT merged AND ((duty[2] AND poor) OR poorHouseholds >= duty[3]) AND NOT (part(village_followed))
  WITH rank, name,
    part(village_terms) AS rows
  RETURN '' AS household, rank, name AS duty, rows
UNION ALL
  WITH v
  UNWIND $helpers AS duty
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1]
    ELSE '' END AND part(supported)
    AND NOT part(helper_followed)
  RETURN h.card_no AS household, duty[0] AS rank, duty[1] AS duty,
    part(helper_terms) AS rows
}
WITH v.code AS village, household, rank, duty,
  [row IN rows WHERE row[0] >= $asOf AND (row[2] IS NULL OR row[2] > $asOf) | [CASE WHEN row[2] <= row[0] THEN row[2]
  ELSE row[0] END, row[1], row[3], coalesce(row[2] <= row[0], false)]] AS meeting
WHERE size(meeting) > 0 AND all(one IN meeting
  WHERE one[0] < 99991231 AND one[0] <= CASE WHEN one[3] THEN $beyond ELSE $until END)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND rank > $after[2]))
WITH village, household, rank, duty, meeting,
  reduce(last = meeting[0], one IN meeting | CASE WHEN one[0] > last[0]
  OR (one[0] = last[0] AND one[1] < last[1]) THEN one ELSE last END) AS last
WITH village, household, rank, duty, meeting, last ORDER BY village, household, rank LIMIT $limit
WITH village, household, rank, duty, CASE WHEN NOT last[3] THEN last[0] END AS ends, CASE
  WHEN last[3] THEN last[0] END AS leaves, size(meeting) AS holders, last[1] AS cadre_no, last[2] AS department_no
RETURN village, household, rank, duty, ends, leaves, holders, cadre_no, department_no
ORDER BY village, household, rank
