// 回头看户数 — Of the households that either collection has, those that differ so.
// The rules and parameters are those of look_back.
// @params areas, low, high, seq, fromYear, toYear, fromVersion, names, changes
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
WITH v, coalesce($fromVersion, head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }), $seq) AS before
CALL (v, before) {
  MATCH (v)<-[:LIVES_IN]-(h:Household)
  WITH DISTINCT v, before, h
  part(look_back)
  RETURN change
}
RETURN coalesce(sum(CASE WHEN change IN $changes THEN 1 ELSE 0 END), 0) AS total, count(*) AS eligible
