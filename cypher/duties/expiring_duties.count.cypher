// 即将到期的责任数 — Of the duties of help that are met on a day, those whose only holder's term ends within the stated days.
// The rules and parameters are those of expiring_duties.
// @params areas, low, high, asOf, seq, year, yearsAfterExit, posts, helper, until, beyond
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
CALL (v) {
  WITH v
  UNWIND $posts AS duty
  WITH v, duty[1] AS some
  WITH
    COLLECT { MATCH (v)<-[r:SERVES]-(c:Cadre) WHERE r.duty IN some AND holds(r)
      RETURN [r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }), null] ORDER BY c.cadre_no } +
    COLLECT { MATCH (v)<-[r:ASSISTS]-(d:Department) WHERE size(some) = 0 AND holds(r)
      RETURN [r.until, null, head(COLLECT { MATCH (d)<-[:OF]-(s:DepartmentState) WHERE known(s) RETURN s.dissolved_on }), d.department_no] ORDER BY d.department_no } AS rows,
    EXISTS { MATCH (v)<-[f:SERVES]-(:Cadre) WHERE f.duty IN some AND known(f) AND f.since > $asOf AND f.since <= $beyond }
      OR EXISTS { MATCH (v)<-[f:ASSISTS]-(:Department) WHERE size(some) = 0 AND known(f) AND f.since > $asOf AND f.since <= $beyond } AS followed
  RETURN rows, followed
UNION ALL
  WITH v
  MATCH (v)<-[l:LIVES_IN]-(h:Household)
  WHERE $helper IS NOT NULL AND holds(l) AND part(supported)
  RETURN
    COLLECT { MATCH (h)<-[r:HELPS]-(c:Cadre) WHERE holds(r)
      RETURN [r.until, c.cadre_no, head(COLLECT { MATCH (c)<-[:OF]-(s:CadreState) WHERE known(s) RETURN s.left_on }), null] ORDER BY c.cadre_no } AS rows,
    EXISTS { MATCH (h)<-[f:HELPS]-(:Cadre) WHERE known(f) AND f.since > $asOf AND f.since <= $beyond } AS followed
}
WITH followed, [row IN rows WHERE row[2] IS NULL OR row[2] > $asOf | [CASE WHEN row[2] <= row[0] THEN row[2] ELSE row[0] END, coalesce(row[2] <= row[0], false)]] AS meeting
WHERE size(meeting) > 0
RETURN sum(CASE WHEN NOT followed AND all(one IN meeting WHERE one[0] <= CASE WHEN one[1] THEN $beyond ELSE $until END) THEN 1 ELSE 0 END) AS total, count(*) AS eligible
