// 回头看户数 — Number of households in either of two collections, and of those with the requested changes.
// The rules and parameters are those of look_back.
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, facts, changes
// @returns total, eligible
part(version_before)
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
WITH v, before
CALL (v, before) {
  MATCH (v)<-[:LIVES_IN]-(h:Household)
  WITH DISTINCT v, before, h
  part(look_back)
  RETURN change
}
RETURN coalesce(sum(CASE WHEN change IN $changes THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
