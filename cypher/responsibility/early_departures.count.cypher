// 未脱贫先离任人次 — Number of all terms of posts, and of those that ended before the exit.
// The rules and parameters are those of early_departures.
// @params areas, low, high, asOf, seq, year
// @returns total, eligible
MATCH (a:Area)
WHERE within(a) AND a.recorded <= $seq
  AND EXISTS { MATCH (a)<-[r:SERVES|LEADS|POSTED_TO]-(:Cadre) WHERE known(r) }
CALL (a) {
  part(departures)
  WITH DISTINCT cadre_no, role
  RETURN count(*) AS early
}
WITH early, COLLECT { MATCH (a)<-[r:SERVES|LEADS|POSTED_TO]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
  RETURN DISTINCT c.cadre_no + ' ' + coalesce(r.duty, type(r)) } AS posts
RETURN coalesce(sum(early), 0) AS total, coalesce(sum(size(posts)), 0) AS eligible
