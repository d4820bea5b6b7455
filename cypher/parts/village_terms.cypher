// 村级责任的任期 — Terms of a duty of the village that have begun, the last first: [last day, cadre, gone on, department,
// reason].
// gone on: first day on which a continuing term no longer counts. reason: the holder left; holds such a post in as many
// later places as allowed; the department was dissolved; or the post is in a village that was merged into this one,
// also through several mergers.
// Needs v (the village), posts (empty for a department), most (maximum number of places of a holder; null for no
// limit), $asOf, $seq.
COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre) WHERE r.duty IN posts AND known(r) AND r.since <= $asOf
  WITH v, posts, most, r, c, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left,
    CASE WHEN most IS NULL THEN null ELSE COLLECT {
      MATCH (c)-[q:SERVES]->(w:Village) WHERE q.duty IN posts AND holds(q) AND w.code <> v.code
      AND (q.since > r.since OR (q.since = r.since AND w.code > v.code)) RETURN q.since
        ORDER BY q.since }[most - 1] END AS moved
  RETURN [r.until, c.cadre_no, CASE WHEN left <= $asOf THEN left ELSE coalesce(moved, left) END, null, CASE
    WHEN left <= $asOf OR moved IS NULL THEN 'HOLDER_LEFT' ELSE 'IN_NAME_ONLY' END]
    ORDER BY r.until DESC, c.cadre_no } +
COLLECT { MATCH (v)<-[r:ASSISTS]-(d:Department) WHERE size(posts) = 0 AND known(r) AND r.since <= $asOf
  RETURN [r.until, null, head(COLLECT { MATCH (d)<-[:OF]-(s:DepartmentState) WHERE known(s) RETURN s.dissolved_on }),
    d.department_no, 'UNIT_DISSOLVED'] ORDER BY r.until DESC, d.department_no } +
COLLECT { MATCH (v)<-[ps:PREDECESSOR_OF*1..4]-(:Area)<-[r:SERVES]-(c:Cadre)
  WHERE all(p IN ps WHERE known(p) AND p.since <= $asOf) AND r.duty IN posts AND known(r) AND r.since <= $asOf
  RETURN [r.until, c.cadre_no, last(ps).since, null, 'VILLAGE_MERGED'] ORDER BY r.until DESC, c.cadre_no } +
COLLECT { MATCH (v)<-[ps:PREDECESSOR_OF*1..4]-(:Area)<-[r:ASSISTS]-(d:Department)
  WHERE size(posts) = 0 AND all(p IN ps WHERE known(p) AND p.since <= $asOf) AND known(r) AND r.since <= $asOf
  RETURN [r.until, null, last(ps).since, d.department_no, 'VILLAGE_MERGED'] ORDER BY r.until DESC, d.department_no }
