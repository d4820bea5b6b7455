// 任职记录 — A holder's terms of a duty for a subject, as known now: what a change of them looks at first.
// type: HELPS, VISITED (a household's), SERVES, ASSISTS (a village's). terms: [first day, last day, note of a visit].
// place: the code of the subject's village, where it is in the register; left_on: when the holder left the post.
// @params type, post, holder, subject, open
// @returns holder, left_on, place, terms
RETURN
  coalesce(
    head(COLLECT { MATCH (c:Cadre {cadre_no: $holder}) RETURN c.cadre_no }),
    head(COLLECT { MATCH (d:Department {department_no: $holder}) RETURN d.department_no })) AS holder,
  head(COLLECT { MATCH (:Cadre {cadre_no: $holder})<-[:OF]-(s:CadreState {superseded: $open}) RETURN s.left_on }) AS left_on,
  coalesce(
    head(COLLECT { MATCH (v:Village {code: $subject}) WHERE $type IN ['SERVES', 'ASSISTS'] RETURN v.code }),
    head(COLLECT { MATCH (:Household {card_no: $subject})-[l:LIVES_IN {superseded: $open}]->(v:Village) WHERE $type IN ['HELPS', 'VISITED'] RETURN v.code })) AS place,
  COLLECT { MATCH (:Household {card_no: $subject})<-[r:HELPS {superseded: $open}]-(:Cadre {cadre_no: $holder}) WHERE $type = 'HELPS' RETURN [r.since, r.until, null] ORDER BY r.since } +
  COLLECT { MATCH (:Household {card_no: $subject})<-[r:VISITED {superseded: $open}]-(:Cadre {cadre_no: $holder}) WHERE $type = 'VISITED' RETURN [r.since, r.until, r.note] ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: $subject})<-[r:SERVES {superseded: $open}]-(:Cadre {cadre_no: $holder}) WHERE $type = 'SERVES' AND r.duty = $post RETURN [r.since, r.until, null] ORDER BY r.since } +
  COLLECT { MATCH (:Village {code: $subject})<-[r:ASSISTS {superseded: $open}]-(:Department {department_no: $holder}) WHERE $type = 'ASSISTS' RETURN [r.since, r.until, null] ORDER BY r.since } AS terms
