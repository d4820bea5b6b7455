// 领导小组空缺 — Areas of the stated levels whose leading group has no member in office on a day, with the reason.
// The group never existed, all terms have ended, or the members have left office.
// Only areas in which registered households live, or into which others were merged, are returned. levels: levels of
// areas that must have a group. after: [area].
// @params areas, low, high, asOf, seq, levels, after, limit
// @returns area, reason, held_until, cadre_no
MATCH (a:Area)
WHERE within(a) AND a.code > $after[0] AND a.recorded <= $seq
  AND a.level IN $levels AND NOT EXISTS { MATCH (a)-[x:PREDECESSOR_OF]->(:Area) WHERE known(x) AND x.since <= $asOf }
    AND (EXISTS { MATCH (v:Village)<-[l:LIVES_IN]-(:Household)
    WHERE v.code >= a.code AND v.code < a.code + ':' AND known(l) }
    OR EXISTS { MATCH (s:Area)<-[into:PREDECESSOR_OF]-(:Area)
      WHERE s.code >= a.code AND s.code < a.code + ':' AND known(into) AND into.since <= $asOf })
WITH a.code AS area, COLLECT { MATCH (a)<-[r:LEADS]-(c:Cadre) WHERE known(r) AND r.since <= $asOf
  WITH r, c, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }) AS left
  RETURN {until: r.until, cadre_no: c.cadre_no, lapsed_on: left} ORDER BY r.until DESC, c.cadre_no } AS terms
WHERE NOT part(duty_met)
WITH area, head(terms) AS term
WITH area, CASE WHEN term IS NULL THEN 'NEVER_ASSIGNED' WHEN term.until >= $asOf THEN 'HOLDER_LEFT' ELSE 'ENDED' END
  AS reason, CASE WHEN term.until >= $asOf THEN term.lapsed_on ELSE term.until END AS held_until,
  term.cadre_no AS cadre_no
ORDER BY area LIMIT $limit
RETURN area, reason, held_until, cadre_no
ORDER BY area
