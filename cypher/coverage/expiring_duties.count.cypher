// 即将到期的责任数 — Number of duties that are met on a day, and of those whose only holder's term ends in the stated days.
// The rules and parameters are those of expiring_duties.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers, until, beyond
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  WITH v,
    part(village_owing)
  UNWIND $villageDuties AS duty
  WITH v, duty[1] AS posts, duty[4] AS most
  WHERE NOT merged AND ((duty[2] AND poor) OR poorHouseholds >= duty[3])
  WITH v, posts, most,
    part(village_terms) AS rows
  RETURN rows, part(village_followed) AS followed
UNION ALL
  WITH v
  UNWIND $helpers AS duty
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  RETURN
    part(helper_terms) AS rows,
    part(helper_followed) AS followed
}
WITH followed, [row IN rows WHERE row[0] >= $asOf
  AND (row[2] IS NULL OR row[2] > $asOf) | [CASE WHEN row[2] <= row[0] THEN row[2] ELSE row[0] END,
  coalesce(row[2] <= row[0], false)]] AS meeting
WHERE size(meeting) > 0
RETURN sum(CASE WHEN NOT followed AND all(one IN meeting
  WHERE one[0] < 99991231 AND one[0] <= CASE WHEN one[1] THEN $beyond ELSE $until END) THEN 1 ELSE 0 END) AS total,
  count(*) AS eligible
