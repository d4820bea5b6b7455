// 单点依赖 — Who alone meets duties of help that are owed on a day, the most first: where one goes, so many villages or households have nobody.
// What is owed, and who meets it, is as in expiring_duties; so are villageDuties and helper. A duty of a village or household counts as alone where
// nobody else meets it. after: [-alone, rank, holder].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helper, after, limit
// @returns load, rank, holder, duty, cadre_no, department_no, held, alone
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
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE $helper IS NOT NULL AND holds(l) AND part(supported)
  RETURN h.card_no AS household, $helper[0] AS rank, $helper[1] AS duty,
    part(helper_terms) AS rows
}
UNWIND [row IN rows WHERE row[0] >= $asOf AND (row[2] IS NULL OR row[2] > $asOf) | [row[1], row[3]]] AS holder
WITH DISTINCT v.code AS village, household, rank, duty, holder
WITH village, household, rank, duty, collect(holder) AS holders
UNWIND holders AS holder
WITH rank, duty, holder, count(*) AS held, sum(CASE WHEN size(holders) = 1 THEN 1 ELSE 0 END) AS alone
WITH -alone AS load, rank, coalesce(holder[0], holder[1]) AS number, duty, holder, held, alone
WHERE alone > 0 AND (load > $after[0] OR (load = $after[0] AND (rank > $after[1] OR (rank = $after[1] AND number > $after[2]))))
WITH load, rank, number, duty, holder, held, alone ORDER BY load, rank, number LIMIT $limit
WITH load, rank, number AS holder, duty, holder[0] AS cadre_no, holder[1] AS department_no, held, alone
RETURN load, rank, holder, duty, cadre_no, department_no, held, alone
ORDER BY load, rank, holder
