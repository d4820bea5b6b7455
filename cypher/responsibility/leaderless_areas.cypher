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
  RETURN [r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on })]
    ORDER BY r.until DESC, c.cadre_no } AS rows
WHERE NOT part(duty_met)
WITH area, CASE WHEN size(rows) = 0 THEN 'NEVER_ASSIGNED' WHEN rows[0][0] >= $asOf THEN 'HOLDER_LEFT'
  ELSE 'ENDED' END AS reason,
  CASE WHEN rows[0][0] >= $asOf THEN rows[0][2] ELSE rows[0][0] END AS held_until, rows[0][1] AS cadre_no
    ORDER BY area LIMIT $limit
RETURN area, reason, held_until, cadre_no
ORDER BY area
