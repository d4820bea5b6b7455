// 离任 — Terms of posts in the area a that ended, or whose holder left, before the area had exited.
// Rows: role, cadre_no, left_on (first day without the post), exit_year. The exit of a village is stated in its yearly
// records; a larger area has exited when all its poor villages have. An area that was merged into another, also through
// several mergers, exits with that one.
// Of several terms of a cadre in a post, the last one counts. A cadre with another post there on the next day, or in
// the area into which it was merged, has not left.
// Needs a, $asOf, $seq, $year.
CALL (a) {
  CALL (a) {
    MATCH (a)<-[r:SERVES|LEADS|POSTED_TO]-(c:Cadre)
    WHERE known(r) AND r.since <= $asOf
      AND NOT EXISTS { MATCH (a)<-[f:SERVES|LEADS|POSTED_TO]-(c)
        WHERE known(f) AND type(f) = type(r) AND coalesce(f.duty, '') = coalesce(r.duty, '') AND f.since > r.since }
    WITH a, c, coalesce(r.duty, type(r)) AS role, r.until AS ended,
      head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left
    WITH a, c, role, ended, left, CASE WHEN ended < $asOf THEN
      CASE WHEN ended % 100 < 28 OR ended % 100 < [31, CASE
        WHEN ended / 10000 % 4 = 0 AND (ended / 10000 % 100 <> 0 OR ended / 10000 % 400 = 0) THEN 29 ELSE 28 END, 31,
        30, 31, 30, 31, 31, 30, 31, 30, 31][ended / 100 % 100 - 1] THEN ended + 1
        WHEN ended / 100 % 100 < 12 THEN (ended / 100 + 1) * 100 + 1
        ELSE (ended / 10000 + 1) * 10000 + 101 END END AS next
    WHERE left <= ended OR left <= next OR NOT (EXISTS {
      MATCH (a)<-[f:SERVES|LEADS|POSTED_TO]-(c) WHERE known(f) AND f.since <= next AND f.until >= next }
      OR EXISTS { MATCH (a)-[xs:PREDECESSOR_OF*1..4]->(:Area)<-[f:SERVES|LEADS|POSTED_TO]-(c)
        WHERE all(x IN xs WHERE known(x) AND x.since <= next) AND known(f) AND f.since <= next AND f.until >= next })
    RETURN role, c.cadre_no AS cadre_no, ended AS until, left
  }
  WITH a, role, cadre_no, CASE WHEN left <= until THEN left WHEN until < $asOf THEN until END AS ended,
    left <= until AS has_left
  WHERE ended <= $asOf
  WITH a, role, cadre_no, ended, has_left,
    COLLECT { MATCH (v:Village) WHERE v.code >= a.code AND v.code < a.code + ':'
      RETURN head(COLLECT { MATCH (v)<-[:OF]-(b:VillageYear) WHERE known(b) AND b.year <= $year
        RETURN CASE WHEN b.poor THEN coalesce(b.exit_year,
          head(COLLECT { MATCH (v)-[xs:PREDECESSOR_OF*1..4]->(w:Area)<-[:OF]-(d:VillageYear)
            WHERE merged(xs) AND known(d) AND d.year <= $year AND d.exit_year IS NOT NULL RETURN d.exit_year
            ORDER BY size(xs) DESC, d.year DESC, d.exit_year LIMIT 1 }),
          9999) END ORDER BY b.year DESC LIMIT 1 }) } AS exits
  WITH a, role, cadre_no, ended AS left_on, coalesce(has_left, false) AS has_left,
    reduce(last = null, exit IN exits | CASE WHEN exit IS NOT NULL AND (last IS NULL OR exit > last) THEN exit
    ELSE last END) AS exit_year
  WHERE left_on < exit_year * 10000 + CASE WHEN has_left THEN 1231 ELSE 1230 END
  RETURN role, cadre_no, left_on, exit_year
}
