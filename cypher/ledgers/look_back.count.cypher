// 回头看户数 — Number of households in either of two collections, and of those with the requested changes.
// The rules and parameters are those of look_back.
// withheld: values that are not compared, by their names in the register.
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, facts, changes, withheld
// @returns total, eligible, withheld_properties
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
WITH coalesce(sum(CASE WHEN change IN $changes THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
RETURN total, eligible, $withheld AS withheld_properties
