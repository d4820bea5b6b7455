// 任职记录 — Terms of holders for villages and households, as known now. A change of a term reads them first.
// holdings: {position, type, post, holder, subject}. type: HELPS, VISITED (household), SERVES, ASSISTS (village).
// terms: {since, until, note}: note of a visit. village: code of the subject's village, if it is in the register.
// left_on: day on which the cadre left office, or the department was dissolved. merger: {since, area}: first day of the
// first merger of the village, and the area into which it was merged.
// @params holdings, open
// @returns position, holder, left_on, village, merger, terms
UNWIND $holdings AS holding
WITH holding.position AS position, holding.type AS type, holding.post AS post, holding.holder AS number,
  holding.subject AS subject
RETURN position,
  coalesce(
    head(COLLECT { MATCH (c:Cadre {cadre_no: number}) RETURN c.cadre_no }),
    head(COLLECT { MATCH (d:Department {department_no: number}) RETURN d.department_no })) AS holder,
  coalesce(
    head(COLLECT { MATCH (:Cadre {cadre_no: number})<-[:OF]-(s:CadreState {superseded: $open})
      WHERE type <> 'ASSISTS' RETURN s.left_on }),
    head(COLLECT { MATCH (:Department {department_no: number})<-[:OF]-(s:DepartmentState {superseded: $open})
      WHERE type = 'ASSISTS' RETURN s.dissolved_on })) AS left_on,
  coalesce(
    head(COLLECT { MATCH (v:Village {code: subject}) WHERE type IN ['SERVES', 'ASSISTS'] RETURN v.code }),
    head(COLLECT { MATCH (:Household {card_no: subject})-[l:LIVES_IN {superseded: $open}]->(v:Village)
      WHERE type IN ['HELPS', 'VISITED'] RETURN v.code ORDER BY l.since DESC LIMIT 1 })) AS village,
  head(COLLECT { MATCH (:Village {code: subject})-[m:PREDECESSOR_OF {superseded: $open}]->(n:Area)
    WHERE type IN ['SERVES', 'ASSISTS'] RETURN {since: m.since, area: n.code} ORDER BY m.since, n.code LIMIT 1 })
    AS merger,
  COLLECT { MATCH (:Household {card_no: subject})<-[r:HELPS {superseded: $open}]-(:Cadre {cadre_no: number})
    WHERE type = 'HELPS' RETURN {since: r.since, until: r.until, note: null} ORDER BY r.since } +
  COLLECT { MATCH (:Household {card_no: subject})<-[r:VISITED {superseded: $open}]-(:Cadre {cadre_no: number})
    WHERE type = 'VISITED' RETURN {since: r.since, until: r.until, note: r.note} ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: subject})<-[r:SERVES {superseded: $open}]-(:Cadre {cadre_no: number})
    WHERE type = 'SERVES' AND r.duty = post RETURN {since: r.since, until: r.until, note: null} ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: subject})<-[r:ASSISTS {superseded: $open}]-(:Department {department_no: number})
    WHERE type = 'ASSISTS' RETURN {since: r.since, until: r.until, note: null} ORDER BY r.since } AS terms
ORDER BY position
