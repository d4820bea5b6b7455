// 回头看 — Differences between two collections: households added, removed, returned, exited, split, merged or changed.
// The earlier side is the card of one year, as known when that year was collected or at a data version. The later side
// is the card of another year, as known now.
// fromVersion: data version of the earlier side; null for the last version whose collection is of that year or before,
// or the current version if there is none.
// changes: requested changes. names: properties of cards to compare; facts: properties of the records of persons.
// after: [village, household].
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, facts, changes, after, limit
// @returns village, household, change, former_village, related_household, changed, joined, left, altered,
//   from_year, to_year
part(version_before)
MATCH (v:Village)
WHERE part(in_area) AND v.code >= $after[0] AND v.recorded <= $seq
WITH v, before ORDER BY v.code
CALL (v, before) {
  MATCH (v)<-[:LIVES_IN]-(h:Household)
  WITH DISTINCT v, before, h
  WHERE h.card_no > CASE WHEN v.code = $after[0] THEN $after[1] ELSE '' END
  part(look_back)
  WITH h, change, former_village, related_household, changed, joined, left, altered
  WHERE change IN $changes
  RETURN h.card_no AS household, change, former_village, related_household, changed, joined, left, altered
  ORDER BY household LIMIT $limit
}
WITH v.code AS village, household, change, former_village, related_household, changed, joined, left, altered
  ORDER BY village, household LIMIT $limit
RETURN village, household, change, former_village, related_household, changed, joined, left, altered,
  $fromYear AS from_year, $toYear AS to_year
ORDER BY village, household
