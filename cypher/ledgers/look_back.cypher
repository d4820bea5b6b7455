// 回头看 — What differs between two collections: households that came in, went out, returned to poverty, exited, were split off or merged, and changed values.
// The former: the card of one year as it was known when that year was collected, or at a data version; the latter: that of another year as it
// is known now. fromVersion: the data version of the former; null: the last whose collection is of its year or before, else the present one.
// changes: those asked for. names: properties of a card that are compared; facts: those of a person's record. after: [village, household].
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, facts, changes, after, limit
// @returns village, household, change, former, other, changed, joined, left, altered, from_year, to_year
part(former_version)
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v, before ORDER BY v.code
CALL (v, before) {
  MATCH (v)<-[:LIVES_IN]-(h:Household)
  WITH DISTINCT v, before, h
  WHERE h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
  part(look_back)
  WITH h, change, former, other, changed, joined, left, altered
  WHERE change IN $changes
  RETURN h.card_no AS household, change, former, other, changed, joined, left, altered ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, change, former, other, changed, joined, left, altered ORDER BY village, household LIMIT $limit
RETURN village, household, change, former, other, changed, joined, left, altered, $fromYear AS from_year, $toYear AS to_year
ORDER BY village, household
