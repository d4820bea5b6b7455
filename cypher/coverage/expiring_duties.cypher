// 即将到期的责任 — Duties of help that are met on a day, and whose only holder's term ends within the stated days: nobody follows yet.
// Only what is owed is told: a village's duties by its tier, a helper of who is owed one; a village that was merged into another owes nothing.
// A duty is met by one that holds and whose holder is not gone: who has left, holds it in name only, or held it in a village that was merged,
// does not count. Of several who meet it the last to go is told: `ends`, the last day of the term, or `leaves`, the first day on which
// the holder is gone.
// A term without an end never ends, also at the end of time.
// A duty for which somebody's term begins by the end of these days is followed, and not told.
// villageDuties: [rank, posts (none = a department's), owed by poor villages, owed from so many poor households, most places, name];
// helper: [rank, name] of a household's helper, null where not asked.
// areas: ranges of codes; low, high: what they span, for the index. until: the last day that counts; beyond: the day after. after: [village, household or '', rank].
// holders: how many meet it on the day. cadre_no, department_no: who the last of them is.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helper, until, beyond, after, limit
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
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE $helper IS NOT NULL AND holds(l) AND h.card_no >= CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END AND part(supported)
    AND NOT part(helper_followed)
  RETURN h.card_no AS household, $helper[0] AS rank, $helper[1] AS duty,
    part(helper_terms) AS rows
}
WITH v.code AS village, household, rank, duty, [row IN rows WHERE row[0] >= $asOf AND (row[2] IS NULL OR row[2] > $asOf) | [CASE WHEN row[2] <= row[0] THEN row[2] ELSE row[0] END, row[1], row[3], coalesce(row[2] <= row[0], false)]] AS meeting
WHERE size(meeting) > 0 AND all(one IN meeting WHERE one[0] < 99991231 AND one[0] <= CASE WHEN one[3] THEN $beyond ELSE $until END)
  AND (village > $after[0] OR household > $after[1] OR (household = $after[1] AND rank > $after[2]))
WITH village, household, rank, duty, meeting, reduce(last = meeting[0], one IN meeting | CASE WHEN one[0] > last[0] OR (one[0] = last[0] AND one[1] < last[1]) THEN one ELSE last END) AS last
WITH village, household, rank, duty, meeting, last ORDER BY village, household, rank LIMIT $limit
WITH village, household, rank, duty, CASE WHEN NOT last[3] THEN last[0] END AS ends, CASE WHEN last[3] THEN last[0] END AS leaves, size(meeting) AS holders, last[1] AS cadre_no, last[2] AS department_no
RETURN village, household, rank, duty, ends, leaves, holders, cadre_no, department_no
ORDER BY village, household, rank
