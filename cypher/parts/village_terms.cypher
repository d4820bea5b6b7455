// 村级责任的任期 — Terms of a duty of the village that have begun, the last first.
// {until, cadre_no, department_no, lapsed_on, reason}: last day; holder; first day on which a continuing term no longer
// counts (null if it still does), and the reason it has or would have: the holder left; holds such a post in as many
// later villages as allowed; the department was dissolved; or the post is in a village that was merged into this one,
// also through several mergers.
// Needs v (the village), posts (empty for a department), max_villages (of a holder at once; null for no limit), $asOf,
// $seq.
COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre) WHERE r.duty IN posts AND known(r) AND r.since <= $asOf
  WITH v, posts, max_villages, r, c,
    head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left,
    CASE WHEN max_villages IS NULL THEN null ELSE COLLECT {
      MATCH (c)-[q:SERVES]->(w:Village) WHERE q.duty IN posts AND holds(q) AND w.code <> v.code
      AND (q.since > r.since OR (q.since = r.since AND w.code > v.code)) RETURN q.since
        ORDER BY q.since }[max_villages - 1] END AS moved
  RETURN {until: r.until, cadre_no: c.cadre_no, department_no: null,
    lapsed_on: CASE WHEN left <= $asOf THEN left ELSE coalesce(moved, left) END,
    reason: CASE WHEN left <= $asOf OR moved IS NULL THEN 'HOLDER_LEFT' ELSE 'IN_NAME_ONLY' END}
  ORDER BY r.until DESC, c.cadre_no } +
COLLECT { MATCH (v)<-[r:ASSISTS]-(d:Department) WHERE size(posts) = 0 AND known(r) AND r.since <= $asOf
  WITH r, d, head(COLLECT { MATCH (d)<-[:OF]-(s:DepartmentState) WHERE known(s) RETURN s.dissolved_on }) AS dissolved
  RETURN {until: r.until, cadre_no: null, department_no: d.department_no, lapsed_on: dissolved,
    reason: 'UNIT_DISSOLVED'}
  ORDER BY r.until DESC, d.department_no } +
COLLECT { MATCH (v)<-[ps:PREDECESSOR_OF*1..4]-(:Area)<-[r:SERVES]-(c:Cadre)
  WHERE all(p IN ps WHERE known(p) AND p.since <= $asOf) AND r.duty IN posts AND known(r) AND r.since <= $asOf
  RETURN {until: r.until, cadre_no: c.cadre_no, department_no: null, lapsed_on: last(ps).since,
    reason: 'VILLAGE_MERGED'}
  ORDER BY r.until DESC, c.cadre_no } +
COLLECT { MATCH (v)<-[ps:PREDECESSOR_OF*1..4]-(:Area)<-[r:ASSISTS]-(d:Department)
  WHERE size(posts) = 0 AND all(p IN ps WHERE known(p) AND p.since <= $asOf) AND known(r) AND r.since <= $asOf
  RETURN {until: r.until, cadre_no: null, department_no: d.department_no, lapsed_on: last(ps).since,
    reason: 'VILLAGE_MERGED'}
  ORDER BY r.until DESC, d.department_no }
