// 单点承担 — Holders who meet duties of help in the areas on the day, with the number of subjects for which nobody else
// does.
// Rows: rank, duty, holder [cadre, department], held (number of villages or households), alone (number of those for
// which nobody else meets the duty).
// Needs $areas, $low, $high, $asOf, $seq, $year, $yearsAfterExit, $villageDuties, $helpers.
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  WITH v,
    part(village_owing)
  UNWIND $villageDuties AS duty
  WITH v, duty[0] AS rank, duty[1] AS posts, duty[4] AS most, duty[5] AS name
  WHERE NOT merged AND ((duty[2] AND poor) OR poorHouseholds >= duty[3])
  WITH rank, name,
    part(village_terms) AS rows
  RETURN '' AS household, rank, name AS duty, rows
UNION ALL
  WITH v
  UNWIND $helpers AS duty
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE holds(l) AND part(supported)
  RETURN h.card_no AS household, duty[0] AS rank, duty[1] AS duty,
    part(helper_terms) AS rows
}
UNWIND [row IN rows WHERE row[0] >= $asOf AND (row[2] IS NULL OR row[2] > $asOf) | [row[1], row[3]]] AS holder
WITH DISTINCT v.code AS village, household, rank, duty, holder
WITH village, household, rank, duty, collect(holder) AS holders
UNWIND holders AS holder
WITH rank, duty, holder, count(*) AS held, sum(CASE WHEN size(holders) = 1 THEN 1 ELSE 0 END) AS alone
