// 离任 — Of the area a: terms of posts there that had ended by the day, or whose holder had left, while it had not exited: role, cadre_no, left_on (the first day
// without), exit_year. Needs a, $asOf, $seq, $year. A village's exit is told by its books; a larger area has exited when all its poor villages have.
// Of several terms of one in one post the last counts.
CALL (a) {
  MATCH (a)<-[r:SERVES|LEADS|POSTED_TO]-(c:Cadre)
  WHERE known(r) AND r.since <= $asOf
    AND NOT EXISTS { MATCH (a)<-[f:SERVES|LEADS|POSTED_TO]-(c) WHERE known(f) AND type(f) = type(r) AND coalesce(f.duty, '') = coalesce(r.duty, '') AND f.since > r.since }
  RETURN coalesce(r.duty, type(r)) AS role, c.cadre_no AS cadre_no, r.until AS until, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS gone
}
WITH a, role, cadre_no, CASE WHEN gone <= until THEN gone WHEN until < $asOf THEN until END AS ended, gone <= until AS went
WHERE ended <= $asOf
WITH a, role, cadre_no, ended, went,
  COLLECT { MATCH (v:Village) WHERE v.code >= a.code AND v.code < a.code + ':'
    RETURN head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year RETURN CASE WHEN b.poor THEN coalesce(b.exit_year, 9999) END ORDER BY b.year DESC LIMIT 1 }) } AS exits
WITH a, role, cadre_no, ended AS left_on, coalesce(went, false) AS went, reduce(last = null, one IN exits | CASE WHEN one IS NOT NULL AND (last IS NULL OR one > last) THEN one ELSE last END) AS exit_year
WHERE left_on < exit_year * 10000 + CASE WHEN went THEN 1231 ELSE 1230 END
