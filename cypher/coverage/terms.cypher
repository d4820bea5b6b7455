// 任职记录 — Terms of holders for villages and households, as known now. A change of a term reads them first.
// holdings: [position, type, post, holder, subject]. type: HELPS, VISITED (household), SERVES, ASSISTS (village).
// terms: [first day, last day, note of a visit]. place: code of the subject's village, if it is in the register.
// left_on: day on which the cadre left office, or the department was dissolved. merger: [day, area into which the
// village was merged], the first one.
// @params holdings, open
// @returns at, holder, left_on, place, merger, terms
UNWIND $holdings AS row
WITH row[0] AS at, row[1] AS type, row[2] AS post, row[3] AS who, row[4] AS whom
RETURN at,
  coalesce(
    head(COLLECT { MATCH (c:Cadre {cadre_no: who}) RETURN c.cadre_no }),
    head(COLLECT { MATCH (d:Department {department_no: who}) RETURN d.department_no })) AS holder,
  coalesce(
    head(COLLECT { MATCH (:Cadre {cadre_no: who})<-[:OF]-(s:CadreState {superseded: $open})
      WHERE type <> 'ASSISTS' RETURN s.left_on }),
    head(COLLECT { MATCH (:Department {department_no: who})<-[:OF]-(s:DepartmentState {superseded: $open})
      WHERE type = 'ASSISTS' RETURN s.dissolved_on })) AS left_on,
  coalesce(
    head(COLLECT { MATCH (v:Village {code: whom}) WHERE type IN ['SERVES', 'ASSISTS'] RETURN v.code }),
    head(COLLECT { MATCH (:Household {card_no: whom})-[l:LIVES_IN {superseded: $open}]->(v:Village)
      WHERE type IN ['HELPS', 'VISITED'] RETURN v.code ORDER BY l.since DESC LIMIT 1 })) AS place,
  head(COLLECT { MATCH (:Village {code: whom})-[m:PREDECESSOR_OF {superseded: $open}]->(n:Area)
    WHERE type IN ['SERVES', 'ASSISTS'] RETURN [m.since, n.code] ORDER BY m.since, n.code LIMIT 1 }) AS merger,
  COLLECT { MATCH (:Household {card_no: whom})<-[r:HELPS {superseded: $open}]-(:Cadre {cadre_no: who})
    WHERE type = 'HELPS' RETURN [r.since, r.until, null] ORDER BY r.since } +
  COLLECT { MATCH (:Household {card_no: whom})<-[r:VISITED {superseded: $open}]-(:Cadre {cadre_no: who})
    WHERE type = 'VISITED' RETURN [r.since, r.until, r.note] ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: whom})<-[r:SERVES {superseded: $open}]-(:Cadre {cadre_no: who})
    WHERE type = 'SERVES' AND r.duty = post RETURN [r.since, r.until, null] ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: whom})<-[r:ASSISTS {superseded: $open}]-(:Department {department_no: who})
    WHERE type = 'ASSISTS' RETURN [r.since, r.until, null] ORDER BY r.since } AS terms
ORDER BY at
