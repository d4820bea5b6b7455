// 回头看 — What differs between two collections: households that came in, went out, returned to poverty, exited, were split off or merged, and changed values.
// The former: the card of one year as it was known when that year was collected, or at a data version; the latter: that of another year as it
// is known now. fromVersion: the data version of the former; null: the last whose collection is of its year or before, else the present one.
// changes: those asked for. names: properties of a card that are compared. after: [village, household].
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, changes, after, limit
// @returns village, household, change, former, other, changed, joined, left
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v, coalesce($fromVersion, head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }), $seq) AS before ORDER BY v.code
CALL (v, before) {
  MATCH (v)<-[:LIVES_IN]-(h:Household)
  WITH DISTINCT v, before, h
  WHERE h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
  part(look_back)
  WITH h, change, former, other, changed, joined, left
  WHERE change IN $changes
  RETURN h.card_no AS household, change, former, other, changed, joined, left ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, change, former, other, changed, joined, left ORDER BY village, household LIMIT $limit
RETURN village, household, change, former, other, changed, joined, left
ORDER BY village, household
